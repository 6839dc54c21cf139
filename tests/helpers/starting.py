"""Running scripts in each way to start, with prepared processes that live as long as the fixture."""

import asyncio
import sys
import textwrap
from collections.abc import Coroutine
from typing import Any, TypeVar

from seedlab.engine.batch import Batch, BatchRequest
from seedlab.engine.executors.auto import Start, Starter
from seedlab.results.run import Run

T = TypeVar("T")
WAYS = (Start.COLD, Start.SPARE, Start.FORK)


class Workbench:
    """One event loop and one starter for each way."""

    def __init__(self, executable: str = sys.executable) -> None:
        self.executable = executable
        self.loop = asyncio.new_event_loop()
        self.starters = {start: Starter(start) for start in Start}

    def run(self, script: str, start: Start, runs: int = 1, **options: Any) -> list[Run]:
        """``runs`` runs of ``script``, dedented, started in one way."""
        ended: list[Run] = []
        request = BatchRequest(script=textwrap.dedent(script), executable=self.executable, runs=runs, **options)
        self.wait(Batch(request, self.starters[start], ended.append).run())
        return ended

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    def close(self) -> None:
        for starter in self.starters.values():
            self.wait(starter.close())
        self.loop.close()
