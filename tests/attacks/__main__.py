"""All attacks, with a table of what came of them.

uv run python -m tests.attacks            10,000 mutants of each kind
uv run python -m tests.attacks 500 png    as many of those whose name has the word
"""

import os
import sys
from tempfile import TemporaryDirectory

from tests.attacks import opening, reporting
from tests.attacks.attack import Counts

_HEADS = ("mutants of", "made", "read", "refused", "foreign exceptions", "files half-written", "executions on opening",
          "peak memory")  # fmt: skip


def _row(name: str, counts: Counts) -> list[str]:
    peak = f"{counts.peak_bytes / 1e6:.1f} MB, of at most {counts.largest / 1e6:.2f} MB"
    numbers = (counts.mutants, counts.read, counts.refused, len(counts.foreign), len(counts.half_written),
               len(counts.executions))  # fmt: skip
    return [name, *(f"{number:,}" for number in numbers), peak]


def main() -> int:
    """Carry out the attacks, and return 1 where one of them did harm."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    word = sys.argv[2].lower() if len(sys.argv) > 2 else ""
    rows, faults = [list(_HEADS), ["---"] * len(_HEADS)], []
    # A script that were executed would leave its file here.
    with TemporaryDirectory(prefix="seedlab-attacks-") as folder:
        os.chdir(folder)
        for attack in (*opening.ATTACKS, *reporting.ATTACKS):
            if word in attack.name.lower():
                print(f"… {attack.name}", file=sys.stderr, flush=True)
                counts = attack.carried_out(count)
                rows.append(_row(attack.name, counts))
                faults += counts.faults
        os.chdir("/")
    for row in rows:
        print(f"| {' | '.join(row)} |")
    for fault in dict.fromkeys(faults):
        print(f"\n{fault}", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
