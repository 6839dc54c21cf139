"""Running scripts in each way to start, with prepared processes that live as long as the fixture."""

import asyncio
import sys
import textwrap
from collections.abc import Coroutine
from typing import Any, TypeVar

from seedlab.engine.batch import Batch
from seedlab.engine.executors.auto import AutoExecutor
from seedlab.engine.executors.executor import Start
from seedlab.engine.request import Limits, Plan, RunRequest
from seedlab.results.run import Run

T = TypeVar("T")
WAYS = (Start.COLD, Start.SPARE, Start.FORK)


def request_of(script: str, executable: str = sys.executable, *, timeout_s: float = 60.0, **options: Any) -> RunRequest:
    """A request for ``script``, dedented."""
    limits = Limits(timeout_s=timeout_s)
    return RunRequest(script=textwrap.dedent(script), executable=executable, limits=limits, **options)


class Workbench:
    """One event loop and one executor for each way."""

    def __init__(self, executable: str = sys.executable) -> None:
        self.executable = executable
        self.loop = asyncio.new_event_loop()
        self.executors = {start: AutoExecutor(start) for start in Start}

    def run(self, script: str, start: Start, runs: int = 1, *, jobs: int | None = None, **options: Any) -> list[Run]:
        """``runs`` runs of ``script``, dedented, started in one way."""
        ended: list[Run] = []
        plan = Plan.repeat(request_of(script, self.executable, **options), runs, jobs=jobs)
        self.wait(Batch(plan, self.executors[start], lambda _request, run: ended.append(run)).run())
        return ended

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    def close(self) -> None:
        for executor in self.executors.values():
            self.wait(executor.close())
        self.loop.close()
