"""A batch executes a plan, several runs at a time, and delivers the runs in the plan's order."""

import asyncio
import enum
from collections.abc import Callable
from concurrent.futures import Future

from seedlab.engine.executors.executor import Executor
from seedlab.engine.request import Plan, RunRequest
from seedlab.phrases import recorded
from seedlab.results.run import NOT_STARTED, Outcome, Run, unfinished


class BatchEnd(enum.Enum):
    """The reason why a batch is over."""

    COMPLETED = "completed"
    CANCELLED = "cancelled"


MEMORY_RESERVE_BYTES = 256 * 2**20
"""The memory left to the rest of the machine, in bytes: a run that would need part of it is not started."""


KEPT_WITHIN_S = 1.0
"""How long a run that has ended may hold its place until it is kept, in seconds: a disk may hang."""


class _RunningRequest:
    """A request whose run has started and not ended."""

    def __init__(self, request: RunRequest, run_bytes: int) -> None:
        self.request = request
        self.run_bytes = run_bytes
        self.stop = asyncio.Event()


class Batch:
    """One plan, from its start to exactly one end.

        waiting ──run()──▶ running ──all delivered──▶ over (COMPLETED)
                              └────cancel()────▶ ending runs ──▶ over (CANCELLED)

    ``cancel`` and ``skip`` may be called at any time, even before ``run``, and any number of times. Each request is
    delivered exactly once, in the plan's order: with its own outcome if its run had ended, else as cancelled.
    """

    def __init__(
        self,
        plan: Plan,
        executor: Executor,
        on_run: Callable[[RunRequest, Run], None],
        on_early: Callable[[RunRequest, Run], None] = lambda _request, _run: None,
        keep: Callable[[RunRequest, Run], Future[None] | None] = lambda _request, _run: None,
    ) -> None:
        """``on_run`` is called in the event loop's thread for each request of ``plan``.

        ``on_early`` is called there for a run that ends before one that precedes it, at once: it may have to wait long
        until it is delivered. ``keep`` is called there first for each run that was started; no other run takes its
        place before what it returns is done.
        """
        self._plan = plan
        self._executor = executor
        self._on_run = on_run
        self._on_early = on_early
        self._keep = keep
        self._is_cancelled = False
        self._skipped: set[int] = set()
        self._running: dict[int, _RunningRequest] = {}
        self._changed = asyncio.Event()
        """Set when a run has ended or is no longer wanted, which lets a request that waits for room check again."""
        self._undelivered: dict[int, Run] = {}
        self._delivered = 0

    def cancel(self) -> None:
        """End the current runs and start no more. Call this in the event loop's thread."""
        self._is_cancelled = True
        self._end_unwanted()

    def skip(self, key: int) -> None:
        """End the current runs of ``key`` and start no more of them; they are delivered as cancelled."""
        self._skipped.add(key)
        self._end_unwanted()

    def look_again(self) -> None:
        """Take note that the executor may have other room than before. Call this in the event loop's thread."""
        self._changed.set()

    async def run(self) -> BatchEnd:
        """Execute the plan and return how it ended. No run outlives the call, even when it raises."""
        async with asyncio.TaskGroup() as group:
            for position, request in enumerate(self._plan.requests):
                run_bytes, refused = await self._admit(request)
                if refused is not None:
                    self._deliver(position, refused)
                    continue
                running = self._running[position] = _RunningRequest(request, run_bytes)
                group.create_task(self._execute(position, running))
        return BatchEnd.CANCELLED if self._is_cancelled else BatchEnd.COMPLETED

    def _is_wanted(self, request: RunRequest) -> bool:
        return not self._is_cancelled and request.key not in self._skipped

    def _end_unwanted(self) -> None:
        for running in self._running.values():
            if not self._is_wanted(running.request):
                running.stop.set()
        self._changed.set()

    async def _admit(self, request: RunRequest) -> tuple[int, Run | None]:
        """Wait until the executor has room for ``request``.

        Return the memory it takes in bytes, and None or, when it is not to be started, the run to deliver for it.
        """
        while self._is_wanted(request):
            self._changed.clear()
            capacity = self._executor.capacity(request)
            # How much of its memory a current run has yet to allocate is unknown, so each is counted in full.
            taken_bytes = sum(running.run_bytes for running in self._running.values())
            fits = capacity.available_bytes >= taken_bytes + capacity.run_bytes + MEMORY_RESERVE_BYTES
            if fits and len(self._running) < (self._plan.jobs or capacity.runs):
                return capacity.run_bytes, None
            if not self._running:
                need = f"{(capacity.run_bytes + MEMORY_RESERVE_BYTES) / 2**20:,.0f} MB"
                problem = recorded("was not started: less than {need} of memory are free", need=need)
                return 0, unfinished(request.index, Outcome.FAILED, problem)
            await self._changed.wait()
        return 0, unfinished(request.index, Outcome.CANCELLED, NOT_STARTED)

    async def _execute(self, position: int, running: _RunningRequest) -> None:
        try:
            run = await self._run_until_stopped(running)
            kept = self._keep(running.request, run)
            self._deliver(position, run)
            if kept is not None:
                await asyncio.wait([asyncio.wrap_future(kept)], timeout=KEPT_WITHIN_S)
        finally:
            del self._running[position]
            self._changed.set()

    async def _run_until_stopped(self, running: _RunningRequest) -> Run:
        index = running.request.index
        if not self._is_wanted(running.request):
            return unfinished(index, Outcome.CANCELLED, NOT_STARTED)
        executed = asyncio.ensure_future(self._executor.run(running.request))
        stopped = asyncio.ensure_future(running.stop.wait())
        try:
            await asyncio.wait((executed, stopped), return_when=asyncio.FIRST_COMPLETED)
        finally:
            # Done even when this task is cancelled, because no run may outlive its batch.
            ended_first = executed.done()
            executed.cancel()
            stopped.cancel()
            await asyncio.wait((executed, stopped))
        if executed.cancelled() and not ended_first:
            return unfinished(index, Outcome.CANCELLED, recorded("was stopped"))
        error = executed.exception()
        if error is not None:
            return unfinished(
                index, Outcome.FAILED, recorded("seedlab could not execute it: {error}", error=repr(error))
            )
        return executed.result()

    def _deliver(self, position: int, run: Run) -> None:
        self._undelivered[position] = run
        if position != self._delivered:
            self._on_early(self._plan.requests[position], run)
        while self._delivered in self._undelivered:
            run = self._undelivered.pop(self._delivered)
            self._on_run(self._plan.requests[self._delivered], run)
            self._delivered += 1
