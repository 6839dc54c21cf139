"""A batch: many runs of one script, several at a time, delivered in the order of their indices."""

import asyncio
import enum
import os
from collections.abc import Callable

import msgspec
import psutil

from seedlab.engine.executors.cold import DEFAULT_TIMEOUT_S, Launcher, RunRequest
from seedlab.results.run import Outcome, Run, unfinished


class BatchEnd(enum.Enum):
    """Why a batch is over."""

    COMPLETED = "completed"
    CANCELLED = "cancelled"


def default_jobs() -> int:
    """Runs at once: the cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


MEMORY_RESERVE_BYTES = 256 * 2**20
"""Left to the rest of the machine: a run that would take of it is not started."""


def available_bytes() -> int:
    """Memory that can be had without swapping."""
    return int(psutil.virtual_memory().available)


class BatchRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What a batch is to execute, and how."""

    script: str
    executable: str
    runs: int
    first_index: int = 1
    """Index of the first run: above 1 when runs are added to earlier ones."""
    timeout_s: float = DEFAULT_TIMEOUT_S
    jobs: int = msgspec.field(default_factory=default_jobs)


class Batch:
    """One batch, from its start to exactly one end.

        waiting ──run()──▶ running ──all delivered──▶ over (COMPLETED)
                              └────cancel()────▶ ending runs ──▶ over (CANCELLED)

    ``cancel`` may come at any time, also before ``run``, and counts once. Each run is delivered exactly
    once: those that had ended as they ended, the rest as cancelled.
    """

    def __init__(
        self,
        request: BatchRequest,
        launcher: Launcher,
        on_run: Callable[[Run], None],
        *,
        available_bytes: Callable[[], int] = available_bytes,
    ) -> None:
        self._request = request
        self._launcher = launcher
        self._on_run = on_run
        self._available_bytes = available_bytes
        self._need_bytes = 0
        self._going_on = 0
        self._one_ended = asyncio.Event()
        self._cancelled = asyncio.Event()
        self._waiting: dict[int, Run] = {}
        self._next_index = request.first_index

    def cancel(self) -> None:
        """End the runs that go on and start no more. To be called in the event loop's thread."""
        self._cancelled.set()

    async def run(self) -> BatchEnd:
        first, count = self._request.first_index, self._request.runs
        indices = iter(range(first, first + count))
        self._need_bytes = self._launcher.memory_bytes(self._request.script)

        async def work() -> None:
            for index in indices:
                self._deliver(await self._one(index))

        async with asyncio.TaskGroup() as group:
            for _ in range(min(self._request.jobs, count)):
                group.create_task(work())
        return BatchEnd.CANCELLED if self._cancelled.is_set() else BatchEnd.COMPLETED

    async def _one(self, index: int) -> Run:
        if self._cancelled.is_set():
            return unfinished(index, Outcome.CANCELLED, "was not started")
        if not await self._memory_suffices():
            need = f"{(self._need_bytes + MEMORY_RESERVE_BYTES) / 2**20:,.0f} MB"
            return unfinished(index, Outcome.FAILED, f"was not started: less than {need} of memory are free")
        if self._cancelled.is_set():
            return unfinished(index, Outcome.CANCELLED, "was not started")
        request = RunRequest(index, self._request.script, self._request.executable, self._request.timeout_s)
        launched = asyncio.ensure_future(self._launcher.launch(request))
        cancelled = asyncio.ensure_future(self._cancelled.wait())
        self._going_on += 1
        try:
            await asyncio.wait((launched, cancelled), return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._going_on -= 1
            self._one_ended.set()
            # Also when this task itself is cancelled: no run outlives its batch.
            ended_first = launched.done()
            launched.cancel()
            cancelled.cancel()
            await asyncio.wait((launched, cancelled))
        if launched.cancelled() and not ended_first:
            return unfinished(index, Outcome.CANCELLED, "was stopped")
        error = launched.exception()
        if error is not None:
            return unfinished(index, Outcome.FAILED, f"seedlab could not execute it: {error!r}")
        return launched.result()

    async def _memory_suffices(self) -> bool:
        """Wait until another run fits; False when it would not even fit alone."""
        # What the runs that go on will still take is not known: each is counted whole.
        while self._available_bytes() < self._need_bytes * (1 + self._going_on) + MEMORY_RESERVE_BYTES:
            if not self._going_on or self._cancelled.is_set():
                return self._cancelled.is_set()
            self._one_ended.clear()
            await self._one_ended.wait()
        return True

    def _deliver(self, run: Run) -> None:
        self._waiting[run.index] = run
        while self._next_index in self._waiting:
            self._on_run(self._waiting.pop(self._next_index))
            self._next_index += 1
