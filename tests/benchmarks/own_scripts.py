"""Ten runs of a person's own script, against a shell loop of ``python script.py`` around them in the same minute.

Each ratio is made within one round. The table has the median of the rounds' ratios, and the lowest and the highest: a
single round on a machine that others use can be wrong by a factor of two.

uv run python -m tests.benchmarks.own_scripts              all three scripts
uv run python -m tests.benchmarks.own_scripts no_slow      those whose name has the word
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"

import seedlab
from tests.benchmarks.measure import Figure, median, print_table, seconds_of

RUNS = 10
ROUNDS = 3
_SCRIPTS = Path(__file__).parent / "scripts"


class OwnScript(NamedTuple):
    """A script, and how many times as fast as the loop its runs are to be."""

    name: str
    what: str
    times: int


SMALL_FIT = OwnScript("small_fit", "a small Keras fit", 4)
LIGHT_FUNCTION = OwnScript("light_function", "a light `tf.function`", 15)
NO_SLOW_IMPORT = OwnScript("no_slow_import", "a script without a slow import", 1)


class Measured(NamedTuple):
    """Seconds of all runs, each way."""

    ours_s: float
    plain_s: float

    @property
    def ratio(self) -> float:
        return self.plain_s / self.ours_s


def measure(script: OwnScript) -> Measured:
    """Half of the loop, seedlab's runs, and the other half: a machine that grows slower or faster favours neither."""
    with tempfile.TemporaryDirectory() as folder:
        path = shutil.copy(_SCRIPTS / f"{script.name}.py", folder)
        # What is measured is this seedlab, although it starts elsewhere.
        started = _run([sys.executable, "-c", "import seedlab; print(seedlab.__file__)"], folder).decode().strip()
        assert Path(started).samefile(seedlab.__file__), f"{started} would be measured: put this checkout on PYTHONPATH"
        # A script's first start fills caches, and is not counted.
        _run([sys.executable, path], folder)
        before_s = _loop_seconds(path, folder, RUNS // 2)
        ours = [sys.executable, "-m", "seedlab", "run", path, "--runs", str(RUNS)]
        ours_s = seconds_of(lambda: _run(ours, folder))
        return Measured(ours_s, before_s + _loop_seconds(path, folder, RUNS - RUNS // 2))


def _loop_seconds(path: str, folder: str, runs: int) -> float:
    loop = f'for run in $(seq {runs}); do "$0" "$1" || exit; done'
    return seconds_of(lambda: _run(["sh", "-c", loop, sys.executable, path], folder))


def _run(command: list[str], folder: str) -> bytes:
    return subprocess.run(command, cwd=folder, check=True, capture_output=True).stdout


def _figures(script: OwnScript) -> list[Figure]:
    rounds = [measure(script) for _ in range(ROUNDS)]
    ratios = [measured.ratio for measured in rounds]
    return [
        Figure(
            f"`seedlab run SCRIPT --runs {RUNS}`, {script.what}",
            f"{median([measured.ours_s for measured in rounds]):.1f} s",
            f"a shell loop of {RUNS} `python SCRIPT`: {median([measured.plain_s for measured in rounds]):.1f} s",
            f"{median(ratios):.2f} times as fast ({min(ratios):.2f} to {max(ratios):.2f})",
            f"{script.times} time{'s' if script.times > 1 else ''}",
        )
    ]


def small_fit() -> list[Figure]:
    return _figures(SMALL_FIT)


def light_function() -> list[Figure]:
    return _figures(LIGHT_FUNCTION)


def no_slow_import() -> list[Figure]:
    return _figures(NO_SLOW_IMPORT)


BENCHMARKS = (small_fit, light_function, no_slow_import)


def main() -> None:
    word = sys.argv[1] if len(sys.argv) > 1 else ""
    print_table([figure for benchmark in BENCHMARKS if word in benchmark.__name__ for figure in benchmark()])


if __name__ == "__main__":
    main()
