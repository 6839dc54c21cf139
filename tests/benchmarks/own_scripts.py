"""Ten runs of a person's own script, against a shell loop of ``python script.py`` around them in the same minute.

Each ratio is made within one round. The table has the median of the rounds' ratios, and the lowest and the highest: a
single round on a machine that others use can be wrong by a factor of two.

uv run python -m tests.benchmarks.own_scripts              all three scripts
uv run python -m tests.benchmarks.own_scripts no_slow      those whose name has the word
"""

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"

import seedlab
from seedlab.documents.programs import column_of_script
from seedlab.engine.engine import Engine
from seedlab.engine.executors.executor import Start
from seedlab.engine.pythons import ask_versions
from seedlab.session.arrangement import Arrangement
from seedlab.session.session import Session
from seedlab.session.settings import Settings
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

    first_s: float
    """From nothing: the command line, with its witnesses."""
    again_s: float
    """Run pressed again, where the witnesses are there and all is prepared."""
    plain_s: float


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
        first_s = seconds_of(lambda: _run(ours, folder))
        again_s = asyncio.run(_seconds_again(path, folder))
        return Measured(first_s, again_s, before_s + _loop_seconds(path, folder, RUNS - RUNS // 2))


async def _seconds_again(path: str, folder: str) -> float:
    """Seconds of the second press of Run."""
    engine = Engine(Start.AUTO)
    arrangement = Arrangement.of_columns([column_of_script(path, folder=folder)])
    session = Session(Settings(runs=RUNS), engine, arrangement=arrangement)
    engine.listener = session
    try:
        session.on_interpreter_found(await ask_versions(sys.executable))
        for _ in range(2):
            started = time.perf_counter()
            session.runs.run()
            await engine.until_idle()
            assert len(session.arrangement.lane.column.runs) == RUNS, session.message
            took_s = time.perf_counter() - started
    finally:
        await engine.close()
    return took_s


def _loop_seconds(path: str, folder: str, runs: int) -> float:
    loop = f'for run in $(seq {runs}); do "$0" "$1" || exit; done'
    return seconds_of(lambda: _run(["sh", "-c", loop, sys.executable, path], folder))


def _run(command: list[str], folder: str) -> bytes:
    return subprocess.run(command, cwd=folder, check=True, capture_output=True).stdout


def _figures(script: OwnScript) -> list[Figure]:
    rounds = [measure(script) for _ in range(ROUNDS)]
    plain = f"a shell loop of {RUNS} `python SCRIPT`: {median([measured.plain_s for measured in rounds]):.1f} s"
    times = f"{script.times} time{'s' if script.times > 1 else ''}"

    def figure(what: str, seconds: list[float], to_reach: str) -> Figure:
        ratios = [measured.plain_s / ours for measured, ours in zip(rounds, seconds, strict=True)]
        ratio = f"{median(ratios):.2f} times as fast ({min(ratios):.2f} to {max(ratios):.2f})"
        return Figure(f"{what}, {script.what}", f"{median(seconds):.1f} s", plain, ratio, to_reach)

    return [
        figure(f"`seedlab run SCRIPT --runs {RUNS}`", [measured.first_s for measured in rounds], ""),
        figure(f"{RUNS} runs, pressed again", [measured.again_s for measured in rounds], times),
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
