"""How soon, and how often, a run can be had."""

import asyncio
import subprocess
import sys
import time

from seedlab.engine.batch import Batch, BatchRequest
from seedlab.engine.executors.auto import Start, Starter
from seedlab.results.run import Outcome, Run
from tests.benchmarks.measure import Figure, median, preset_script, seconds_of, seconds_of_python

ROUNDS = 3


async def _batch(starter: Starter, script: str, runs: int) -> float:
    """Seconds for a batch of ``runs``, all cores."""
    ended: list[Run] = []
    request = BatchRequest(script=script, executable=sys.executable, runs=runs)
    started = time.perf_counter()
    await Batch(request, starter, ended.append).run()
    assert all(run.outcome is Outcome.FINISHED for run in ended), ended[0].problem
    return time.perf_counter() - started


def runs_per_second() -> list[Figure]:
    script, runs = preset_script("after-graph"), 100
    cold_s: list[float] = []
    fork_s: list[float] = []

    async def measure() -> None:
        starter = Starter(Start.FORK)
        await _batch(starter, script, 2)
        for _ in range(ROUNDS):
            fork_s.append(await _batch(starter, script, runs) / runs)
            cold_s.append(seconds_of_python(script))
        await starter.close()

    asyncio.run(measure())
    cold, fork = median(cold_s), median(fork_s)
    return [
        Figure(
            "runs per second, ready, all cores, `after-graph`",
            f"{1 / fork:.1f} a second",
            f"a shell loop of `python script.py`: {1 / cold:.2f} a second",
            f"{cold / fork:.0f} times",
            "100 times",
        )
    ]


def request_to_first_draw() -> list[Figure]:
    script = preset_script("after-graph")
    cold_s: list[float] = []
    fork_s: list[float] = []

    async def measure() -> None:
        fork, cold = Starter(Start.FORK), Starter(Start.COLD)
        await _batch(fork, script, 2)
        for _ in range(ROUNDS):
            fork_s.extend([await _batch(fork, script, 1) for _ in range(5)])
            cold_s.append(await _batch(cold, script, 1))
        await fork.close()

    asyncio.run(measure())
    cold, fork = median(cold_s), median(fork_s)
    return [
        Figure(
            "request to first draw, ready",
            f"{fork * 1000:.0f} ms",
            f"one cold run: {cold * 1000:,.0f} ms",
            f"{cold / fork:.0f} times sooner",
            "40 times sooner",
        )
    ]


def command_line_from_nothing() -> list[Figure]:
    command = [sys.executable, "-m", "seedlab", "run", "after-graph", "--runs", "20"]
    script = preset_script("after-graph")
    ours_s, plain_s = [], []
    for _ in range(ROUNDS):
        ours_s.append(seconds_of(lambda: subprocess.run(command, check=True, capture_output=True)))
        plain_s.append(seconds_of_python(script))
    ours, plain = median(ours_s), median(plain_s)
    return [
        Figure(
            "`seedlab run after-graph --runs 20` from nothing",
            f"{ours:.1f} s",
            f"one `python script.py`: {plain:.1f} s",
            f"{ours / plain:.2f} times as long",
            "at most 1.5",
        )
    ]


def stop() -> list[Figure]:
    """From asking to the end of the batch, while runs go on."""
    script = "import random, signal\nprint('x:', 1, flush=True)\nsignal.pause()\n"

    async def measure(start: Start) -> float:
        starter, ended = Starter(start), list[Run]()
        request = BatchRequest(script=script, executable=sys.executable, runs=10)
        batch = Batch(request, starter, ended.append)
        task = asyncio.create_task(batch.run())
        await asyncio.sleep(1.0)
        started = time.perf_counter()
        batch.cancel()
        await task
        took = time.perf_counter() - started
        await starter.close()
        return took

    slowest = max(asyncio.run(measure(start)) for start in (Start.COLD, Start.SPARE, Start.FORK) for _ in range(ROUNDS))
    return [Figure("Stop, until all runs have ended, slowest way", f"{slowest * 1000:.0f} ms", "", "", "200 ms")]


BENCHMARKS = (runs_per_second, request_to_first_draw, command_line_from_nothing, stop)
