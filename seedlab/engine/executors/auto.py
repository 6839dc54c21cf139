"""The executor that chooses between all ways to start a run, for each request.

- *cold*: a new interpreter for each run; the reference.
- *spare*: interpreters that have imported modules and wait; each is used for one run and then replaced.
- *fork*: a parent that has imported modules and executed no ops; each run is a child of it.
- *auto*: fork where the platform and the script allow it, else a spare where the script allows it, else cold.
"""

import asyncio
from collections.abc import Callable

from seedlab.engine.executors.choice import StartChoice, choose
from seedlab.engine.executors.cold import ColdExecutor
from seedlab.engine.executors.executor import Capacity, Executor, Readiness, Start
from seedlab.engine.executors.fork import ForkExecutor
from seedlab.engine.executors.machine import LOCAL, Machine
from seedlab.engine.executors.outcome import UNVIEWED
from seedlab.engine.executors.prepared import NeverReadyError
from seedlab.engine.executors.spare import SpareExecutor
from seedlab.engine.platform import PLATFORM
from seedlab.engine.platform.interface import NoViewError
from seedlab.engine.request import RunRequest
from seedlab.results.run import Run

STARTS = tuple(start for start in Start if start is not Start.AUTO and (PLATFORM.can_fork or start is not Start.FORK))
"""The ways in which a run can be started here."""


class AutoExecutor:
    """Executes runs in the way that ``start`` names, which may be changed at any time.

    ``on_readiness`` is called, in the event loop's thread, whenever the result of `readiness` may have changed.
    """

    def __init__(
        self,
        start: Start = Start.AUTO,
        *,
        spares: int = 1,
        on_readiness: Callable[[], None] = lambda: None,
        machine: Machine = LOCAL,
        cold: ColdExecutor | None = None,
    ) -> None:
        """``cold`` starts runs cold on ``machine``; None where that is this one."""
        self.start = start
        self._machine = machine
        self._has_views = True
        """False once a prepared process could not get a private view."""
        self._on_readiness = on_readiness
        self.cold = ColdExecutor() if cold is None else cold
        self.spare = SpareExecutor(spares, on_readiness, machine)
        self.fork = ForkExecutor(on_readiness, machine)
        self._executors: dict[Start, Executor] = {
            Start.COLD: self.cold,
            Start.SPARE: self.spare,
            Start.FORK: self.fork,
        }

    def choose(self, request: RunRequest) -> StartChoice:
        """Return how a run of ``request`` is started, with the reason if it is cold under auto."""
        if request.is_private and not self._has_views:
            return StartChoice(Start.COLD, UNVIEWED)
        can_fork = self._machine.can_fork
        prepared = self.fork if can_fork else self.spare
        return choose(self._wanted(request), request, can_fork=can_fork, hindrance=prepared.hindrance(request))

    def _wanted(self, request: RunRequest) -> Start:
        return Start(request.start) if request.start else self.start

    def prepare(self, request: RunRequest) -> None:
        self._executors[self.choose(request).way].prepare(request)
        self._on_readiness()

    async def run(self, request: RunRequest) -> Run:
        """Execute one run; under auto, start it cold when its prepared process ends before it is ready."""
        choice = self.choose(request)
        reason = choice.reason
        if choice.way is not Start.COLD and self._wanted(request) is Start.AUTO:
            prepared = self.fork if choice.way is Start.FORK else self.spare
            try:
                return await prepared.attempt(request)
            except NoViewError as error:
                self._has_views = False
                reason = str(error)
            except NeverReadyError as error:
                # The import failed, and a cold run shows how, in the script's own traceback.
                reason = str(error)
        elif choice.way is not Start.COLD:
            return await self._executors[choice.way].run(request)
        run = await self.cold.run(request)
        return run.with_start_reason(reason)

    def capacity(self, request: RunRequest) -> Capacity:
        return self._executors[self.choose(request).way].capacity(request)

    def readiness(self, request: RunRequest) -> tuple[Readiness, str]:
        choice = self.choose(request)
        readiness, detail = self._executors[choice.way].readiness(request)
        return readiness, choice.reason or detail

    async def close(self) -> None:
        await asyncio.gather(*(executor.close() for executor in self._executors.values()))
        PLATFORM.close()
