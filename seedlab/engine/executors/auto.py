"""The three ways to start a run, behind the launcher's one interface, and the choice between them.

- *cold*: a new interpreter for each run. The reference.
- *spare*: interpreters that have imported and wait, each used for one run and then replaced.
- *fork*: one parent that has imported and executed nothing; each run is its child.
- *auto*: fork where the platform and the script allow it, else spare, else cold.
"""

import asyncio
import enum
import sys
from collections.abc import Callable

from seedlab.engine.executors.choice import prepared_imports, why_cold
from seedlab.engine.executors.cold import ColdLauncher, RunRequest, launch
from seedlab.engine.executors.prepared import PreparedError, PreparedProcess, PreparedState
from seedlab.results.run import Outcome, Run, unfinished

FORK_BYTES = 128 * 2**20
"""What a child has for itself, beside what it shares with its parent: some 70 MB, measured as above."""
MAX_PARENTS = 3
"""Prepared parents kept at once: each TensorFlow holds half a gigabyte, shared with its children."""


class Start(enum.Enum):
    """How runs are started."""

    AUTO = "auto"
    COLD = "cold"
    SPARE = "spare"
    FORK = "fork"


class Readiness(enum.Enum):
    """What a person who is about to press Run should know."""

    COLD = "cold"
    PREPARING = "preparing"
    READY = "ready"


# On macOS, system libraries that TensorFlow loads do not survive a fork.
PLATFORM_FORKS = sys.platform.startswith("linux")

_Key = tuple[str, tuple[str, ...]]


class Starter:
    """Launches runs in the way of ``start``; keeps what is prepared between batches.

    ``on_readiness`` is called, in the event loop's thread, whenever the answer of `readiness` may have changed.
    """

    def __init__(
        self, start: Start = Start.AUTO, *, spares: int = 1, on_readiness: Callable[[], None] = lambda: None
    ) -> None:
        self.start = start
        self._spare_count = spares
        self._on_readiness = on_readiness
        self._cold = ColdLauncher()
        self._parents: dict[_Key, PreparedProcess] = {}
        self._spares: dict[_Key, list[PreparedProcess]] = {}
        self._cannot_prepare: dict[_Key, str] = {}
        self._closing: set[asyncio.Task[None]] = set()

    def choose(self, script: str) -> tuple[Start, str]:
        """How a run of ``script`` is started, and under auto, if cold, why."""
        if self.start is not Start.AUTO:
            return self.start, ""
        reason = why_cold(script)
        if reason:
            return Start.COLD, reason
        if not prepared_imports(script):
            return Start.COLD, "it imports nothing that takes time"
        return (Start.FORK if PLATFORM_FORKS else Start.SPARE), ""

    def prepare(self, executable: str, script: str) -> None:
        """Begin to import for ``script``; returns at once."""
        start, _ = self.choose(script)
        key = (executable, prepared_imports(script))
        if start is Start.FORK:
            self._parent(key)
        elif start is Start.SPARE:
            self._fill_spares(key)
        self._on_readiness()

    def readiness(self, executable: str, script: str) -> tuple[Readiness, str]:
        """Whether a run of ``script`` could start at once; for cold, why it starts cold."""
        start, reason = self.choose(script)
        key = (executable, prepared_imports(script))
        if start is Start.COLD or key in self._cannot_prepare:
            return Readiness.COLD, reason or self._cannot_prepare.get(key, "")
        waiting = [self._parents[key]] if key in self._parents else self._spares.get(key, [])
        if any(process.state is PreparedState.READY for process in waiting):
            return Readiness.READY, start.value
        return Readiness.PREPARING, start.value

    async def launch(self, request: RunRequest) -> Run:
        """Execute one run; one that is asked for before its process is ready waits for it."""
        start, reason = self.choose(request.script)
        key = (request.executable, prepared_imports(request.script))
        if start is Start.COLD:
            return await self._launch_cold(request, reason)
        if self.start is Start.AUTO and key in self._cannot_prepare:
            return await self._launch_cold(request, self._cannot_prepare[key])
        process = self._parent(key) if start is Start.FORK else self._take_spare(key)
        try:
            await process.wait_ready()
        except PreparedError as error:
            # Its import failed: a cold run shows how, in the script's own traceback.
            self._cannot_prepare[key] = str(error)
            self._on_readiness()
            if self.start is Start.AUTO:
                return await self._launch_cold(request, str(error))
            return unfinished(request.index, Outcome.FAILED, str(error), start.value)

        return await launch(request, start.value, process.execute)

    def memory_bytes(self, script: str) -> int:
        start, _ = self.choose(script)
        return FORK_BYTES if start is Start.FORK else self._cold.memory_bytes(script)

    async def close(self) -> None:
        """End everything that waits, and whatever runs in it."""
        spares = [spare for spares in self._spares.values() for spare in spares]
        processes = [*self._parents.values(), *spares]
        self._parents, self._spares = {}, {}
        await asyncio.gather(*(process.close() for process in processes), *self._closing)

    async def _launch_cold(self, request: RunRequest, reason: str) -> Run:
        run = await self._cold.launch(request)
        return run.with_start_reason(reason)

    def _parent(self, key: _Key) -> PreparedProcess:
        """The parent for ``key``: the one there is, or a new one where there is none or it has died."""
        parent = self._parents.pop(key, None)
        if parent is None or parent.state is PreparedState.ENDED:
            parent = PreparedProcess(*key, forks=True, on_state=self._on_readiness)
        # The one used last stays longest.
        self._parents[key] = parent
        while len(self._parents) > MAX_PARENTS:
            oldest = next(iter(self._parents))
            self._close_later(self._parents.pop(oldest))
        return parent

    def _take_spare(self, key: _Key) -> PreparedProcess:
        self._fill_spares(key)
        spare = self._spares[key].pop(0)
        self._fill_spares(key)
        return spare

    def _fill_spares(self, key: _Key) -> None:
        waiting = [s for s in self._spares.pop(key, []) if s.state is not PreparedState.ENDED]
        while len(waiting) < self._spare_count:
            waiting.append(PreparedProcess(*key, forks=False, on_state=self._on_readiness))
        for other in self._spares.values():
            for spare in other:
                self._close_later(spare)
        self._spares = {key: waiting}

    def _close_later(self, process: PreparedProcess) -> None:
        task = asyncio.create_task(process.close())
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)
