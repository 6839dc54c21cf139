"""Forking: a parent imports modules and executes no ops, and each run is a child of it."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Any

from msgspec.structs import replace

from seedlab.engine.executors.executor import Capacity, Readiness, Start
from seedlab.engine.executors.machine import LOCAL, Machine
from seedlab.engine.executors.outcome import ScriptFiles, observed
from seedlab.engine.executors.prepared import (
    NeverReadyError,
    Preparation,
    PreparedProcess,
    PreparedState,
    begun,
    or_failed,
)
from seedlab.engine.platform.interface import Exit, Sinks
from seedlab.engine.request import RunRequest
from seedlab.libraries.all_capabilities import fork_bytes
from seedlab.results.run import Run

MAX_PARENTS = 4
"""The number of parents kept at once: three that an inquiry uses, and one of what comes next.

A TensorFlow takes half a gigabyte, which its children share.
"""


class ForkExecutor:
    """Keeps the `MAX_PARENTS` parents that were used last, and every parent whose children run."""

    def __init__(self, on_readiness: Callable[[], None] = lambda: None, machine: Machine = LOCAL) -> None:
        self._machine = machine
        self._on_readiness = on_readiness
        self._parents: dict[Preparation, PreparedProcess] = {}
        self._prepared_last: PreparedProcess | None = None
        self._users: Counter[PreparedProcess] = Counter()
        """How many runs each parent has, those that wait for it included."""
        self._tasks: set[asyncio.Task[None]] = set()

    def prepare(self, request: RunRequest) -> None:
        parent, next_one = self.parent(request), replace(request, index=request.index + 1)
        self._prepared_last = parent
        twin = self._parents.get(Preparation.of(next_one))
        if twin is None or twin.state is PreparedState.ENDED:
            # Not beside the first one, for whose sake somebody may be waiting.
            self._keep(self._prepare_after(parent, next_one))

    async def _prepare_after(self, parent: PreparedProcess, request: RunRequest) -> None:
        """Once ``parent`` is ready, and if it is still wanted, begin its twin, which the run ``request`` needs."""
        with contextlib.suppress(NeverReadyError):
            await parent.wait_ready()
            if parent is self._prepared_last and parent in self._parents.values():
                self.parent(request)

    async def run(self, request: RunRequest) -> Run:
        return await or_failed(self.attempt(request), request, Start.FORK)

    async def attempt(self, request: RunRequest) -> Run:
        """Execute one run, after waiting until its parent is ready.

        Raise `NeverReadyError` when the parent ends instead.
        """
        return await begun(lambda: self._attempt(request))

    async def _attempt(self, request: RunRequest) -> Run:
        parent = self.parent(request)

        async def until_ready() -> None:
            await parent.wait_ready()
            parent.check_beside(request)

        async def execute(files: ScriptFiles, sinks: Sinks) -> Exit:
            return await parent.execute(request, files, sinks)

        self._users[parent] += 1
        try:
            return await observed(request, Start.FORK, execute, until_ready, self._machine.watch)
        finally:
            self._users[parent] -= 1
            if not self._users[parent]:
                del self._users[parent]
                self._close_surplus()

    def capacity(self, request: RunRequest) -> Capacity:
        return self._machine.capacity(fork_bytes(request.script))

    def readiness(self, request: RunRequest) -> tuple[Readiness, str]:
        parent = self._parents.get(Preparation.of(request))
        if parent is not None and parent.state is PreparedState.READY:
            return Readiness.READY, Start.FORK.value
        if parent is not None and parent.cannot_prepare:
            return Readiness.COLD, parent.problem
        return Readiness.PREPARING, Start.FORK.value

    def hindrance(self, request: RunRequest) -> str:
        """Return why nothing could be prepared for ``request``, as a clause; empty when no attempt has failed."""
        parent = self._parents.get(Preparation.of(request))
        return parent.problem if parent is not None and parent.cannot_prepare else ""

    @property
    def parents(self) -> tuple[PreparedProcess, ...]:
        """The parents that are kept, from the least to the most recently used."""
        return tuple(self._parents.values())

    async def close(self) -> None:
        parents, self._parents = self._parents, {}
        await asyncio.gather(*(parent.close() for parent in parents.values()), *self._tasks)

    def parent(self, request: RunRequest) -> PreparedProcess:
        """Return the parent for ``request``: the existing one, or a new one if there is none or it has ended."""
        preparation = Preparation.of(request)
        parent = self._parents.pop(preparation, None)
        if parent is None or parent.state is PreparedState.ENDED:
            parent = PreparedProcess(preparation, "fork", self._on_readiness, self._machine)
        # Reinserted at the end, because the first in the dict is closed first.
        self._parents[preparation] = parent
        self._close_surplus(keep=parent)
        return parent

    def _close_surplus(self, keep: PreparedProcess | None = None) -> None:
        """Close the parents that are too many, the least recently used first, but none that has runs, nor ``keep``."""
        unused = [key for key, parent in self._parents.items() if parent is not keep and not self._users[parent]]
        for key in unused[: max(len(self._parents) - MAX_PARENTS, 0)]:
            self._keep(self._parents.pop(key).close())

    def _keep(self, work: Coroutine[Any, Any, None]) -> None:
        # The event loop keeps only weak references to its tasks.
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
