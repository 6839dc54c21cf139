"""Running scripts in tests: real ones cold, and a fake executor for scheduling."""

import asyncio
import sys
import textwrap
from collections.abc import Callable

from seedlab.engine.batch import Batch
from seedlab.engine.executors.cold import ColdExecutor
from seedlab.engine.executors.executor import Capacity, Readiness
from seedlab.engine.request import Limits, Plan, RunRequest
from seedlab.results.run import Outcome, Run


def run_script(script: str, *, executable: str = sys.executable, timeout_s: float = 60.0) -> Run:
    """One cold run of ``script``, dedented."""
    limits = Limits(timeout_s=timeout_s)
    request = RunRequest(script=textwrap.dedent(script), executable=executable, limits=limits)
    return asyncio.run(ColdExecutor().run(request))


def run_batch(script: str, runs: int, *, executable: str = sys.executable) -> tuple[Run, ...]:
    """``runs`` cold runs of ``script``, as many at once as there are cores."""
    ended: list[Run] = []
    plan = Plan.repeat(RunRequest(script=script, executable=executable), runs)

    async def run() -> None:
        await Batch(plan, ColdExecutor(), lambda _request, run: ended.append(run)).run()

    asyncio.run(run())
    return tuple(ended)


def fake_plan(runs: int, *, jobs: int | None = None, key: int = 0, first_index: int = 1) -> Plan:
    """Runs of no script, for an executor that executes nothing."""
    return Plan.repeat(RunRequest(script="", executable="", key=key), runs, first_index, jobs=jobs)


class FakeExecutor:
    """Ends runs when told to, in whatever order; knows which were started and which were cancelled.

    Runs are known by their index, which must be the only one of its kind.
    """

    def __init__(self, *, available_bytes: int = 2**40) -> None:
        self.available_bytes = available_bytes
        self.run_bytes = 1000
        self.cores = 2
        self.started: list[int] = []
        self.cancelled: list[int] = []
        self.at_once = 0
        self.most_at_once = 0
        self.on_start: Callable[[int], None] = lambda _index: None
        self._endings: dict[int, asyncio.Future[Outcome]] = {}

    def end(self, index: int, outcome: Outcome = Outcome.FINISHED) -> None:
        self._endings[index].set_result(outcome)

    def end_soon(self, index: int) -> None:
        """End the run that starts, once it has."""
        asyncio.get_running_loop().call_soon(self.end, index)

    def break_down(self, index: int, error: Exception) -> None:
        self._endings[index].set_exception(error)

    def prepare(self, request: RunRequest) -> None:
        """Nothing is prepared."""

    def capacity(self, request: RunRequest) -> Capacity:  # noqa: ARG002
        return Capacity(self.cores, self.run_bytes, self.available_bytes)

    def readiness(self, request: RunRequest) -> tuple[Readiness, str]:  # noqa: ARG002
        return Readiness.COLD, ""

    async def close(self) -> None:
        assert self.at_once == 0

    async def run(self, request: RunRequest) -> Run:
        self.started.append(request.index)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self._endings[request.index] = asyncio.get_running_loop().create_future()
        self.on_start(request.index)
        try:
            outcome = await self._endings[request.index]
        except asyncio.CancelledError:
            self.cancelled.append(request.index)
            raise
        finally:
            self.at_once -= 1
        return Run(index=request.index, outcome=outcome, seconds=0.0, text="", draws=(), trace=())
