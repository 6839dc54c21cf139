"""The engine as a whole, with real processes."""

import asyncio
import threading
from typing import Any

import pytest

from seedlab.engine.batch import BatchEnd
from seedlab.engine.engine import Engine
from seedlab.engine.executors.executor import Readiness, Start
from seedlab.engine.request import Plan
from seedlab.results.run import Outcome, Run
from tests.helpers.starting import request_of


class BreakingListener:
    """Breaks at the first run, as a fault in the program would."""

    def __getattr__(self, name: str) -> Any:
        return lambda *_: None

    def on_run_ended(self, *_: object) -> None:
        raise ZeroDivisionError


def test_waiting_for_a_plan_raises_what_has_ended_it() -> None:
    async def run_and_wait() -> None:
        engine = Engine(Start.COLD)
        engine.listener = BreakingListener()
        assert engine.start_plan(Plan.repeat(request_of("print('x:', 1)"), 1))
        try:
            with pytest.raises(ExceptionGroup, match="TaskGroup") as raised:
                await engine.until_idle()
            assert raised.group_contains(ZeroDivisionError)
            await engine.until_idle()
        finally:
            await engine.close()

    asyncio.run(run_and_wait())


class NotingListener:
    """Takes notes of what is reported, and of the thread in which that is."""

    def __init__(self) -> None:
        self.told: list[object] = []

    def __getattr__(self, name: str) -> Any:
        return lambda *_: None

    def on_plan_made(self) -> None:
        self.told.append("made")

    def on_run_ended(self, _request: object, run: Run) -> None:
        self.told.append(run.outcome)

    def on_plan_ended(self, end: BatchEnd) -> None:
        self.told.append(end)


@pytest.mark.parametrize("stops", [False, True])
def test_a_plan_is_made_in_another_thread_and_the_loop_goes_on_meanwhile(stops: bool) -> None:
    listener = NotingListener()
    plan = Plan.repeat(request_of("print('x:', 1)"), 2)
    lets_go = threading.Event()

    def make() -> Plan:
        assert lets_go.wait(60)
        return plan

    async def run_and_wait() -> None:
        engine = Engine(Start.COLD)
        engine.listener = listener
        assert engine.start_plan(make)
        # This would never be reached if the plan were made in this thread.
        assert not engine.start_plan(plan)
        if stops:
            engine.stop_plan()
        lets_go.set()
        await engine.until_idle()
        assert engine.start_plan(lambda: None)
        await engine.until_idle()
        await engine.close()

    asyncio.run(run_and_wait())
    outcome, end = (Outcome.CANCELLED, BatchEnd.CANCELLED) if stops else (Outcome.FINISHED, BatchEnd.COMPLETED)
    assert listener.told == ["made", outcome, outcome, end, BatchEnd.COMPLETED]


PRINTS = "print('x:', 1)"


class AheadListener:
    """Knows how far what was prepared ahead is."""

    def __init__(self) -> None:
        self.ahead: list[Readiness | None] = []
        self.now: list[Readiness] = []
        self.changed = asyncio.Event()

    def __getattr__(self, name: str) -> Any:
        return lambda *_: None

    def on_readiness_changed(self, readiness: Readiness, _detail: str) -> None:
        self.now.append(readiness)

    def on_ahead_changed(self, readiness: Readiness | None) -> None:
        self.ahead.append(readiness)
        self.changed.set()


def test_what_is_prepared_ahead_is_reported_and_takes_nothing_from_what_is_next() -> None:
    async def prepare() -> None:
        engine = Engine()
        listener = engine.listener = AheadListener()
        engine.prepare(request_of(f"import numpy as np\n{PRINTS}"))
        engine.prepare_ahead([request_of(f"import tensorflow as tf\n{PRINTS}"), request_of("import numpy as np\n")])
        assert listener.ahead[-1:] == [Readiness.PREPARING]
        try:
            async with asyncio.timeout(60):
                while (listener.ahead[-1], listener.now[-1]) != (Readiness.READY, Readiness.READY):
                    listener.changed.clear()
                    await listener.changed.wait()
            engine.prepare_ahead([])
            assert listener.ahead[-1:] == [None]
        finally:
            await engine.close()

    asyncio.run(prepare())
