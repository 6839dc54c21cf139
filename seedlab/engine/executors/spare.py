"""Spares: interpreters that have imported modules and wait; each is used for one run and then replaced."""

import asyncio
from collections.abc import Callable

from seedlab.engine.executors.executor import Capacity, Readiness, Start
from seedlab.engine.executors.machine import LOCAL, Machine
from seedlab.engine.executors.outcome import ScriptFiles, observed
from seedlab.engine.executors.prepared import Preparation, PreparedProcess, PreparedState, begun, or_failed
from seedlab.engine.platform.interface import Exit, Sinks
from seedlab.engine.request import RunRequest
from seedlab.libraries.all_capabilities import cold_bytes
from seedlab.results.run import Run


class SpareExecutor:
    """Keeps ``count`` spares with the preparation that was requested last."""

    def __init__(
        self, count: int = 1, on_readiness: Callable[[], None] = lambda: None, machine: Machine = LOCAL
    ) -> None:
        self._machine = machine
        self._count = count
        self._on_readiness = on_readiness
        self._preparation: Preparation | None = None
        self._spares: list[PreparedProcess] = []
        self._closing: set[asyncio.Task[None]] = set()

    def prepare(self, request: RunRequest) -> None:
        self._fill(Preparation.of(request))

    async def run(self, request: RunRequest) -> Run:
        return await or_failed(self.attempt(request), request, Start.SPARE)

    async def attempt(self, request: RunRequest) -> Run:
        """Execute one run, after waiting until a spare is ready.

        Raise `NeverReadyError` when the spare ends instead.
        """
        return await begun(lambda: self._attempt(request))

    async def _attempt(self, request: RunRequest) -> Run:
        preparation = Preparation.of(request)
        self._fill(preparation)
        spare = self._spares.pop(0)
        self._fill(preparation)

        async def until_ready() -> None:
            await spare.wait_ready()
            spare.check_beside(request)

        async def execute(files: ScriptFiles, sinks: Sinks) -> Exit:
            return await spare.execute(request, files, sinks)

        try:
            return await observed(request, Start.SPARE, execute, until_ready, self._machine.watch)
        finally:
            # The spare is no longer in the list of those that `close` ends.
            await asyncio.shield(spare.close())

    def capacity(self, request: RunRequest) -> Capacity:
        return self._machine.capacity(cold_bytes(request.script))

    def readiness(self, request: RunRequest) -> tuple[Readiness, str]:
        hindrance = self.hindrance(request)
        if hindrance:
            return Readiness.COLD, hindrance
        waiting = self._spares if self._preparation == Preparation.of(request) else []
        is_ready = any(spare.state is PreparedState.READY for spare in waiting)
        return Readiness.READY if is_ready else Readiness.PREPARING, Start.SPARE.value

    def hindrance(self, request: RunRequest) -> str:
        """Return why nothing could be prepared for ``request``, as a clause; empty when no attempt has failed."""
        if self._preparation != Preparation.of(request):
            return ""
        return next((spare.problem for spare in self._spares if spare.cannot_prepare), "")

    async def close(self) -> None:
        spares, self._spares = self._spares, []
        await asyncio.gather(*(spare.close() for spare in spares), *self._closing)

    def _fill(self, preparation: Preparation) -> None:
        """Replace spares that have ended or have another preparation, so that there are ``count`` with this one."""
        if preparation != self._preparation:
            for spare in self._spares:
                task = asyncio.create_task(spare.close())
                self._closing.add(task)
                task.add_done_callback(self._closing.discard)
            self._preparation, self._spares = preparation, []
        self._spares = [spare for spare in self._spares if spare.state is not PreparedState.ENDED]
        while len(self._spares) < self._count:
            self._spares.append(PreparedProcess(preparation, "spare", self._on_readiness, self._machine))
