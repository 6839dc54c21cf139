"""One measurement by name, for `tests.benchmarks.pairs`: prints name and number of each figure.

python -m tests.benchmarks.once window|ready|batch
"""

import asyncio
import os
import resource
import subprocess
import sys
from collections.abc import Callable

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"

from seedlab.engine.executors.auto import AutoExecutor
from seedlab.engine.executors.executor import Start
from tests.benchmarks import starting, window
from tests.benchmarks.measure import median, preset_script, seconds_of

READY_RUNS = 60


def start_of_the_window() -> dict[str, float]:
    """Seconds from the command to the first paint, and those of the processor: what others do counts less there."""
    command = [sys.executable, "-c", window.OURS]
    seconds = seconds_of(lambda: subprocess.run(command, check=True, capture_output=True))
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {"start of the window, s": seconds, "start of the window, processor s": used.ru_utime + used.ru_stime}


def ready_runs() -> dict[str, float]:
    """Seconds from a request to the end of its run, and runs a second, where all is prepared."""
    script = preset_script("after-graph")
    found: dict[str, float] = {}

    async def measure() -> None:
        executor = AutoExecutor(Start.FORK)
        await starting.batch_seconds(executor, script, 2)
        found["request to first draw, s"] = median(
            [await starting.batch_seconds(executor, script, 1) for _ in range(9)]
        )
        found["seconds a run, all cores"] = await starting.batch_seconds(executor, script, READY_RUNS) / READY_RUNS
        await executor.close()

    asyncio.run(measure())
    return found


def long_batch() -> dict[str, float]:
    """Seconds for 1,000 runs of 1,000 values in the window, and the longest gap of its event loop."""
    measured = window.measure_long_batch()
    return {"1,000 runs of 1,000 values, s": measured.seconds, "their longest gap, s": max(measured.gaps)}


MEASUREMENTS: dict[str, Callable[[], dict[str, float]]] = {
    "window": start_of_the_window,
    "ready": ready_runs,
    "batch": long_batch,
}

if __name__ == "__main__":
    for name, number in MEASUREMENTS[sys.argv[1]]().items():
        print(f"{name}\t{number}")
    sys.stdout.flush()
    # Whatever Qt would still do at the end is not measured.
    os._exit(0)
