"""This checkout against an earlier one, in turns: medians of interleaved pairs, and the earlier one against itself.

python -m tests.benchmarks.pairs FOLDER [PAIRS [MEASUREMENT...]]

FOLDER is a checkout that has tests/benchmarks/once.py.
"""

import os
import statistics
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

MEASUREMENTS = ("window", "ready", "batch")
HERE = Path(__file__).parents[2]


def measure(checkout: Path, name: str) -> dict[str, float]:
    """Measure once, in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.once", name]
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    done = subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, check=True)
    return {line.split("\t")[0]: float(line.split("\t")[1]) for line in done.stdout.splitlines() if "\t" in line}


def main() -> None:
    earlier, pairs = Path(sys.argv[1]).resolve(), int(sys.argv[2]) if len(sys.argv) > 2 else 20
    measurements = sys.argv[3:] or MEASUREMENTS
    found: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for number in range(pairs):
        for name in measurements:
            turns = [("before", earlier), ("now", HERE), ("before again", earlier)]
            # Each stands first, second and third equally often.
            for turn in (*turns[number % 3 :], *turns[: number % 3]):
                for figure, value in measure(turn[1], name).items():
                    found[figure][turn[0]].append(value)
        print(f"… {number + 1} of {pairs}", file=sys.stderr, flush=True)
    print("| what | before | now | now / before | before again / before |")
    print("| --- | --- | --- | --- | --- |")
    for figure, values in found.items():
        before, now, again = (statistics.median(values[name]) for name in ("before", "now", "before again"))
        print(f"| {figure} | {before:.4g} | {now:.4g} | {now / before:.3f} | {again / before:.3f} |")


if __name__ == "__main__":
    main()
