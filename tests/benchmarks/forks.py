"""Many forks of parents that have imported keras: whether any of them hangs.

uv run python -m tests.benchmarks forks
"""

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from seedlab.engine.batch import Batch
from seedlab.engine.executors.auto import AutoExecutor
from seedlab.engine.executors.executor import Start
from seedlab.engine.request import Limits, Plan, RunRequest
from seedlab.results.run import Outcome, Run
from tests.benchmarks.measure import Figure

FORKS = 300
TIMEOUT_S = 30.0
"""How long a run may take, which takes a tenth of a second, until it is taken for one that hangs."""
SCRIPT = "import keras\nprint('x:', float(keras.random.uniform((1,))[0]))\n"


def forked(runs: int) -> list[Run]:
    """Return ``runs`` runs of an own script, as many at once as there are cores, by two parents that import keras."""
    made: list[Run] = []

    async def run(request: RunRequest) -> None:
        executor = AutoExecutor(Start.FORK)
        try:
            await Batch(Plan.repeat(request, runs), executor, lambda _request, run: made.append(run)).run()
        finally:
            await executor.close()

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "train.py")
        path.write_text(SCRIPT, encoding="utf-8")
        request = RunRequest(
            script=SCRIPT, executable=sys.executable, path=str(path), folder=folder, limits=Limits(timeout_s=TIMEOUT_S)
        )
        asyncio.run(run(request))
    return made


def many_forks() -> list[Figure]:
    started = time.perf_counter()
    made = forked(FORKS)
    took_s = time.perf_counter() - started
    ended = sum(run.outcome is Outcome.FINISHED for run in made)
    values = len({draw.data for run in made for draw in run.draws})
    what = f"{FORKS} forks of parents that have imported keras, each of which executes an op"
    return [Figure(what, f"{ended} ended, in {took_s:.0f} s", f"{values} different unseeded values", "", f"{FORKS}")]


BENCHMARKS = (many_forks,)
