"""How long it takes to find by experiment what moves what, against cold runs around it in the same minute."""

import asyncio
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from seedlab.engine.engine import Engine
from seedlab.engine.executors.executor import Start
from seedlab.engine.pythons import ask_versions
from seedlab.libraries.presets import PRESETS
from seedlab.session.arrangement import Arrangement
from seedlab.session.change import Change
from seedlab.session.session import Session
from seedlab.session.settings import Settings
from tests.benchmarks.measure import Figure, median, seconds_of

ROUNDS = 3
COLD_RUNS = 6
_SCRIPTS = Path(__file__).parent / "scripts"


def of_a_preset() -> list[Figure]:
    """From the end of an experiment's runs until it is known what moves its draws."""

    async def measure() -> list[float]:
        engine = Engine(Start.AUTO)
        experiment = PRESETS["after-graph"].experiment
        session = Session(Settings(), engine, arrangement=Arrangement.of([experiment]), tries_causes=True)
        engine.listener = session
        ended: list[float] = []
        found = []

        def on_change(change: Change) -> None:
            if Change.BUSY in change and not session.is_busy:
                ended.append(time.perf_counter())

        session.listeners.append(on_change)
        try:
            session.on_interpreter_found(await ask_versions(sys.executable))
            # The first starts the processes that the others find ready; each has a seed of its own to be tried.
            for seed in range(ROUNDS + 1):
                session.editing.choose_experiment(experiment.choose(graph_seed=seed))
                session.runs.run()
                await engine.until_idle()
                found.append(time.perf_counter() - ended[-1])
                assert session.arrangement.lane.column.influence is not None, session.message
        finally:
            await engine.close()
        return found[1:]

    seconds = asyncio.run(measure())
    return [
        Figure(
            "what moves the draws of `after-graph`, once its runs have ended, ready",
            f"{median(seconds) * 1000:.0f} ms",
            "",
            "",
            "500 ms",
        )
    ]


def of_a_fit() -> list[Figure]:
    """``seedlab why`` of a small Keras fit, from nothing, with two jobs."""
    ratios, ours, plain = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        path = shutil.copy(_SCRIPTS / "small_fit.py", folder)
        why = [sys.executable, "-m", "seedlab", "why", path, "--jobs", "2", "--proof", "0"]

        def cold(runs: int) -> float:
            return seconds_of(
                lambda: [
                    subprocess.run([sys.executable, path], cwd=folder, check=True, capture_output=True)
                    for _ in range(runs)
                ]
            )

        cold(1)
        for _ in range(ROUNDS):
            # Half before and half after: a machine that grows slower or faster favours neither.
            before = cold(COLD_RUNS // 2)
            # It says by its status that a draw differs.
            ours.append(seconds_of(lambda: subprocess.run(why, cwd=folder, check=False, capture_output=True)))
            plain.append(before + cold(COLD_RUNS - COLD_RUNS // 2))
            ratios.append(ours[-1] / plain[-1])
    return [
        Figure(
            "`seedlab why --proof 0` of a small Keras fit, two jobs",
            f"{median(ours):.1f} s",
            f"{COLD_RUNS} cold runs of it, one after another: {median(plain):.1f} s",
            f"{median(ratios):.2f} times as long ({min(ratios):.2f} to {max(ratios):.2f})",
            "at most 1",
        )
    ]


BENCHMARKS = (of_a_preset, of_a_fit)
