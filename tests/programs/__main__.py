"""Every program three times in fresh folders and once more in the last one. Says what is not as the data file has it.

uv run python -m tests.programs          all of them, some five minutes
uv run python -m tests.programs dice     those whose name has the word
"""

import sys
import tempfile
from pathlib import Path

from tests.programs.plain_runs import Workplace, disagreements, known_programs

FRESH_RUNS = 3


def main() -> int:
    """Return 1 where anything disagrees."""
    word = sys.argv[1] if len(sys.argv) > 1 else ""
    found: list[str] = []
    for program in known_programs():
        if word not in program.name:
            continue
        with tempfile.TemporaryDirectory() as folder:
            workplace = Workplace(program, Path(folder))
            fresh = []
            for _ in range(FRESH_RUNS):
                workplace.renew()
                fresh.append(workplace.run())
            sentences = disagreements(program, fresh, workplace.run())
        print(f"{program.name}: {'; '.join(sentences) or 'as known'}", flush=True)
        found += sentences
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
