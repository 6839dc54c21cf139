"""The engine as a whole, with real processes."""

import asyncio
from typing import Any

import pytest

from seedlab.engine.engine import Engine
from seedlab.engine.executors.executor import Start
from seedlab.engine.request import Plan
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
