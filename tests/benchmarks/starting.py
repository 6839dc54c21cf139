"""How soon, and how often, a run can be had."""

import asyncio
import subprocess
import sys
import time

from seedlab.engine.batch import Batch
from seedlab.engine.executors.auto import AutoExecutor
from seedlab.engine.executors.executor import Start
from seedlab.engine.request import Plan, RunRequest
from seedlab.results.run import Outcome, Run
from tests.benchmarks.measure import Figure, median, preset_script, seconds_of, seconds_of_python

ROUNDS = 3


async def batch_seconds(executor: AutoExecutor, script: str, runs: int) -> float:
    """Seconds for a batch of ``runs``, all cores."""
    ended: list[Run] = []
    plan = Plan.repeat(RunRequest(script=script, executable=sys.executable), runs)
    started = time.perf_counter()
    await Batch(plan, executor, lambda _request, run: ended.append(run)).run()
    assert all(run.outcome is Outcome.FINISHED for run in ended), ended[0].problem
    return time.perf_counter() - started


def runs_per_second() -> list[Figure]:
    script, runs = preset_script("after-graph"), 100
    cold_s: list[float] = []
    fork_s: list[float] = []

    async def measure() -> None:
        executor = AutoExecutor(Start.FORK)
        await batch_seconds(executor, script, 2)
        for _ in range(ROUNDS):
            fork_s.append(await batch_seconds(executor, script, runs) / runs)
            cold_s.append(seconds_of_python(script))
        await executor.close()

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
        fork, cold = AutoExecutor(Start.FORK), AutoExecutor(Start.COLD)
        await batch_seconds(fork, script, 2)
        for _ in range(ROUNDS):
            fork_s.extend([await batch_seconds(fork, script, 1) for _ in range(5)])
            cold_s.append(await batch_seconds(cold, script, 1))
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
        executor, ended = AutoExecutor(start), list[Run]()
        plan = Plan.repeat(RunRequest(script=script, executable=sys.executable), 10)
        batch = Batch(plan, executor, lambda _request, run: ended.append(run))
        task = asyncio.create_task(batch.run())
        await asyncio.sleep(1.0)
        started = time.perf_counter()
        batch.cancel()
        await task
        took = time.perf_counter() - started
        await executor.close()
        return took

    slowest = max(asyncio.run(measure(start)) for start in (Start.COLD, Start.SPARE, Start.FORK) for _ in range(ROUNDS))
    return [Figure("Stop, until all runs have ended, slowest way", f"{slowest * 1000:.0f} ms", "", "", "200 ms")]


BENCHMARKS = (runs_per_second, request_to_first_draw, command_line_from_nothing, stop)
