"""The benchmarks, each side by side with what it is measured against. Prints the README's table.

uv run python -m tests.benchmarks            all of them, some twelve minutes
uv run python -m tests.benchmarks window     those whose name has the word
"""

import os
import sys

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"

from tests.benchmarks import draws, forks, inquiries, own_scripts, pictures, starting, sweeps, window
from tests.benchmarks.measure import Figure, print_table


def main() -> None:
    word = sys.argv[1] if len(sys.argv) > 1 else ""
    found: list[Figure] = []
    for benchmark in (
        *starting.BENCHMARKS,
        *own_scripts.BENCHMARKS,
        *forks.BENCHMARKS,
        *inquiries.BENCHMARKS,
        *sweeps.BENCHMARKS,
        *draws.BENCHMARKS,
        *window.BENCHMARKS,
        *pictures.BENCHMARKS,
    ):
        if word in f"{benchmark.__module__}.{benchmark.__name__}":
            print(f"… {benchmark.__name__}", file=sys.stderr, flush=True)
            found += benchmark()
    print_table(found)


if __name__ == "__main__":
    main()
