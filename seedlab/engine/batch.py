"""A batch: a plan as it is executed, several runs at a time, delivered in the plan's order."""

import asyncio
import enum
from collections.abc import Callable

from seedlab.engine.executors.executor import Executor
from seedlab.engine.request import Plan, RunRequest
from seedlab.results.run import Outcome, Run, unfinished


class BatchEnd(enum.Enum):
    """Why a batch is over."""

    COMPLETED = "completed"
    CANCELLED = "cancelled"


MEMORY_RESERVE_BYTES = 256 * 2**20
"""Left to the rest of the machine: a run that would take of it is not started."""


class _GoingOn:
    """A run that was started and has not ended."""

    def __init__(self, request: RunRequest, run_bytes: int) -> None:
        self.request = request
        self.run_bytes = run_bytes
        self.stop = asyncio.Event()


class Batch:
    """One plan, from its start to exactly one end.

        waiting ──run()──▶ running ──all delivered──▶ over (COMPLETED)
                              └────cancel()────▶ ending runs ──▶ over (CANCELLED)

    ``cancel`` and ``skip`` may come at any time, also before ``run``, and count once. Each request is delivered
    exactly once, in the plan's order: those that had ended as they ended, the rest as cancelled.
    """

    def __init__(self, plan: Plan, executor: Executor, on_run: Callable[[RunRequest, Run], None]) -> None:
        """``on_run`` is called in the event loop's thread for each request of ``plan``."""
        self._plan = plan
        self._executor = executor
        self._on_run = on_run
        self._is_cancelled = False
        self._skipped: set[int] = set()
        self._going_on: dict[int, _GoingOn] = {}
        self._changed = asyncio.Event()
        """Set when a run has ended or is no longer wanted: a request that waits for room looks again."""
        self._undelivered: dict[int, Run] = {}
        self._delivered = 0

    def cancel(self) -> None:
        """End the runs that go on and start no more. To be called in the event loop's thread."""
        self._is_cancelled = True
        self._end_unwanted()

    def skip(self, key: int) -> None:
        """End the runs of ``key`` that go on and start no more of them; they are delivered as cancelled."""
        self._skipped.add(key)
        self._end_unwanted()

    async def run(self) -> BatchEnd:
        """Execute the plan. No run outlives the call, however it ends."""
        async with asyncio.TaskGroup() as group:
            for position, request in enumerate(self._plan.requests):
                run_bytes, refused = await self._admit(request)
                if refused is not None:
                    self._deliver(position, refused)
                    continue
                going_on = self._going_on[position] = _GoingOn(request, run_bytes)
                group.create_task(self._execute(position, going_on))
        return BatchEnd.CANCELLED if self._is_cancelled else BatchEnd.COMPLETED

    def _is_wanted(self, request: RunRequest) -> bool:
        return not self._is_cancelled and request.key not in self._skipped

    def _end_unwanted(self) -> None:
        for going_on in self._going_on.values():
            if not self._is_wanted(going_on.request):
                going_on.stop.set()
        self._changed.set()

    async def _admit(self, request: RunRequest) -> tuple[int, Run | None]:
        """Wait until the executor has room for ``request``; gives the bytes it takes, and why it is not started."""
        while self._is_wanted(request):
            self._changed.clear()
            capacity = self._executor.capacity(request)
            # What the runs that go on will still take is not known: each is counted whole.
            taken_bytes = sum(going_on.run_bytes for going_on in self._going_on.values())
            fits = capacity.available_bytes >= taken_bytes + capacity.run_bytes + MEMORY_RESERVE_BYTES
            if fits and len(self._going_on) < (self._plan.jobs or capacity.runs):
                return capacity.run_bytes, None
            if not self._going_on:
                need = f"{(capacity.run_bytes + MEMORY_RESERVE_BYTES) / 2**20:,.0f} MB"
                problem = f"was not started: less than {need} of memory are free"
                return 0, unfinished(request.index, Outcome.FAILED, problem)
            await self._changed.wait()
        return 0, unfinished(request.index, Outcome.CANCELLED, "was not started")

    async def _execute(self, position: int, going_on: _GoingOn) -> None:
        try:
            run = await self._run_until_stopped(going_on)
        finally:
            del self._going_on[position]
            self._changed.set()
        self._deliver(position, run)

    async def _run_until_stopped(self, going_on: _GoingOn) -> Run:
        index = going_on.request.index
        if not self._is_wanted(going_on.request):
            return unfinished(index, Outcome.CANCELLED, "was not started")
        executed = asyncio.ensure_future(self._executor.run(going_on.request))
        stopped = asyncio.ensure_future(going_on.stop.wait())
        try:
            await asyncio.wait((executed, stopped), return_when=asyncio.FIRST_COMPLETED)
        finally:
            # Also when this task itself is cancelled: no run outlives its batch.
            ended_first = executed.done()
            executed.cancel()
            stopped.cancel()
            await asyncio.wait((executed, stopped))
        if executed.cancelled() and not ended_first:
            return unfinished(index, Outcome.CANCELLED, "was stopped")
        error = executed.exception()
        if error is not None:
            return unfinished(index, Outcome.FAILED, f"seedlab could not execute it: {error!r}")
        return executed.result()

    def _deliver(self, position: int, run: Run) -> None:
        self._undelivered[position] = run
        while self._delivered in self._undelivered:
            run = self._undelivered.pop(self._delivered)
            self._on_run(self._plan.requests[self._delivered], run)
            self._delivered += 1
