"""The engine's side of a process that has imported what scripts will import and waits for requests.

Its states:

    PREPARING ──ready──▶ READY ──closed, killed or died──▶ ENDED
        └───────────died at import, or closed──────────────▲
"""

import asyncio
import contextlib
import enum
import itertools
from collections.abc import Awaitable, Callable
from typing import Literal

import msgspec

from seedlab.engine.bounded_text import BoundedText
from seedlab.engine.executors.choice import prepared_imports, prepared_variables
from seedlab.engine.executors.executor import Start
from seedlab.engine.executors.machine import LOCAL, Machine
from seedlab.engine.executors.outcome import ScriptFiles
from seedlab.engine.executors.own_scripts import names_beside
from seedlab.engine.platform import PLATFORM
from seedlab.engine.platform.interface import Exit, NotListeningError, PreparedChannel, RunLostError, Sinks
from seedlab.engine.request import RunRequest
from seedlab.errors import SeedlabError
from seedlab.phrases import recorded
from seedlab.results.run import Outcome, Run, unfinished

ANSWER_GRACE_S = 1
"""How long a parent may take to report the process of a child that is to be ended, in seconds."""
PREPARE_LIMIT_S = 120
"""How long the imports may take, in seconds, before they are taken for endless."""
MAX_ANSWER_BYTES = 64 * 1024
UNREADABLE = recorded("the prepared interpreter gave an answer that cannot be read")


class PreparedState(enum.Enum):
    """The states of a prepared process."""

    PREPARING = "preparing"
    READY = "ready"
    ENDED = "ended"


class PreparedError(RunLostError):
    """The prepared process has ended, and the run in it."""


class NotBegunError(Exception):
    """The prepared process has ended before the run had begun in it, so that another one can take it."""


class NeverReadyError(Exception):
    """The prepared process has ended before it was ready."""


class Preparation(msgspec.Struct, frozen=True):
    """The interpreter, modules and environment of a prepared process; runs with equal ones may use it."""

    executable: str
    modules: tuple[str, ...]
    environment: tuple[tuple[str, str | None], ...]
    folder: str | None = None
    """The working directory, on which relative places on the path depend."""
    twin: int = 0
    """0 or 1: runs of a person's own script are shared out among two processes with different hash secrets."""

    @classmethod
    def of(cls, request: RunRequest) -> "Preparation":
        """Return the preparation that a run of ``request`` needs."""
        # Whatever a hash or an address decides differs between the two.
        twin = request.index % 2 if request.path is not None or request.holds else 0
        environment = (*request.environment, *prepared_variables(request))
        return cls(request.executable, prepared_imports(request), environment, request.folder, twin)


class _Answer(msgspec.Struct):
    ready: bool = False
    names: frozenset[str] = frozenset()
    threads: int = 1
    started: int = 0
    pid: int = 0
    ended: int = 0
    status: int = 0
    killed: int = 0


_ANSWER = msgspec.json.Decoder(_Answer)


class _Child:
    """One run of a fork parent: its process ID and its exit, each once the parent has reported it."""

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        self.process: asyncio.Future[int] = loop.create_future()
        self.exited: asyncio.Future[Exit] = loop.create_future()

    def fail(self, problem: str) -> None:
        for future, error in ((self.process, NotBegunError(problem)), (self.exited, PreparedError(problem))):
            if not future.done():
                future.set_exception(error)
                # Retrieved, so that asyncio does not log an exception that nobody waits for any more.
                future.exception()


async def begun(attempt: Callable[[], Awaitable[Run]]) -> Run:
    """Return the run of ``attempt``, which is made a second time when its prepared process was gone before it began.

    Raise `NeverReadyError` when that one was gone too.
    """
    try:
        return await attempt()
    except NotBegunError:
        # Somebody has killed a process that waited, and the news has come only now: the next one is a new one.
        try:
            return await attempt()
        except NotBegunError as error:
            raise NeverReadyError(str(error)) from error


async def or_failed(attempt: Awaitable[Run], request: RunRequest, start: Start) -> Run:
    """Return the run of ``attempt``, or a failed run when its process never became ready."""
    try:
        return await attempt
    except NeverReadyError as error:
        return unfinished(request.index, Outcome.FAILED, str(error), start.value)


class PreparedProcess:
    """A prepared process: with the mode ``"fork"`` the parent of many runs, with ``"spare"`` a single run.

    ``on_state`` is called when `state` has changed.
    """

    def __init__(
        self,
        preparation: Preparation,
        mode: Literal["fork", "spare"],
        on_state: Callable[[], None] = lambda: None,
        machine: Machine = LOCAL,
    ) -> None:
        self._machine = machine
        self._preparation = preparation
        self._mode: Literal["fork", "spare"] = mode
        self._on_state = on_state
        self._children: dict[int, _Child] = {}
        self._numbers = itertools.count(1)
        self._errors = BoundedText()
        self.spawned = asyncio.Event()
        """Set when the process has been started, long before it is ready."""
        self._ready = asyncio.Event()
        self._close = asyncio.Event()
        self.channel: PreparedChannel | None = None
        """The conversation with the process; None until it has been started."""
        self.state = PreparedState.PREPARING
        self.names: frozenset[str] = frozenset()
        """The top-level modules that it has imported, once it is ready."""
        self.problem = ""
        """The reason why the process has ended, as a clause; empty until then."""
        self._is_unreadable = False
        self.cannot_prepare = False
        """True when the process ended by itself before it was ready, as another one would too."""
        self._life = asyncio.create_task(self._live())

    async def wait_ready(self) -> None:
        """Wait until the process is ready. Raise `NeverReadyError` when it ended instead."""
        await self._ready.wait()
        if self.state is PreparedState.ENDED:
            raise NeverReadyError(self.problem)

    def check_beside(self, request: RunRequest) -> None:
        """Raise `NeverReadyError` when a module beside the script has the name of one that was imported already."""
        if request.path is not None:
            both = sorted((names_beside(request.root) - {"__pycache__"}) & self.names)
            if both:
                raise NeverReadyError(
                    recorded("its folder has a module {both}, and another one was imported beforehand", both=both[0])
                )

    async def execute(self, request: RunRequest, files: ScriptFiles, sinks: Sinks) -> Exit:
        """Execute the script in ``files`` in the process, which is ready, and return how that ended.

        When this returns or raises, all that the run started has ended. Raise `PreparedError` when the prepared process
        ends first, and `NotBegunError` when it does so before the run has begun.
        """
        number = next(self._numbers)
        child = self._children[number] = _Child()
        limit = request.limits.max_processes
        try:
            channel = self._listening()
            async with self._machine.handing_over(channel, request, files, sinks, number):
                try:
                    if self._mode == "spare":
                        exited = asyncio.ensure_future(channel.exited())
                        return await self._machine.watched(channel.process, exited, max_processes=limit)
                    process = await asyncio.shield(child.process)
                    return await self._machine.watched(process, asyncio.shield(child.exited), max_processes=limit)
                finally:
                    await asyncio.shield(self.close() if self._mode == "spare" else self._end_child(child))
        except NotListeningError as error:
            # The process is about to end, and must get no further requests.
            await asyncio.shield(self.close())
            raise NotBegunError(str(error)) from error
        finally:
            self._children.pop(number, None)

    async def close(self) -> None:
        """End the process and all its runs; calling this again does nothing."""
        self._close.set()
        await asyncio.shield(self._life)

    def _listening(self) -> PreparedChannel:
        if self.state is not PreparedState.READY or self.channel is None:
            raise NotBegunError(self.problem)
        return self.channel

    async def _end_child(self, child: _Child) -> None:
        if not child.process.done():
            # The child was requested: until the parent reports its process, there is nothing to end.
            with contextlib.suppress(NotBegunError):
                try:
                    async with asyncio.timeout(ANSWER_GRACE_S):
                        await asyncio.shield(child.process)
                except TimeoutError:
                    # Somebody has stopped it: it would answer nobody, so the next run gets another one.
                    await self.close()
        if child.process.done() and child.process.exception() is None:
            await self._machine.end(child.process.result(), child.exited)

    # The life of the process, which one task follows from its start to its end.

    async def _live(self) -> None:
        preparation = self._preparation
        try:
            async with self._machine.prepared(
                preparation.executable,
                self._mode,
                preparation.modules,
                self._errors.add,
                environment=preparation.environment,
                folder=preparation.folder,
            ) as self.channel:
                self.spawned.set()
                await self._listen_until_over(self.channel)
        except OSError as error:
            self.problem = recorded("the interpreter cannot be started: {reason}", reason=error.strerror)
            self.cannot_prepare = True
        except SeedlabError as error:
            self.problem = error.what
            self.cannot_prepare = True
        except RunLostError as error:
            self.problem = recorded("the prepared interpreter {error}", error=error)
        finally:
            self._end()

    async def _listen_until_over(self, channel: PreparedChannel) -> None:
        listening = asyncio.create_task(self._listen(channel))
        exiting = asyncio.create_task(channel.exited())
        closing = asyncio.create_task(self._close.wait())
        over = (listening, exiting, closing)
        try:
            # A spare closes its socket when it becomes a run; then only its exit counts.
            waiting: set[asyncio.Task[object]] = {*over}
            limit = asyncio.get_running_loop().time() + PREPARE_LIMIT_S
            while not (exiting.done() or self._close.is_set() or self._is_unreadable):
                left_s = limit - asyncio.get_running_loop().time() if self.state is PreparedState.PREPARING else None
                if left_s is not None and left_s <= 0:
                    break
                await asyncio.wait(waiting, timeout=left_s, return_when=asyncio.FIRST_COMPLETED)
                if listening.done():
                    waiting.discard(listening)
        finally:
            is_exited = exiting.done()
            for task in over:
                task.cancel()
            await asyncio.gather(*over, return_exceptions=True)
        exited = exiting.result() if is_exited else None
        if self._is_unreadable:
            self.problem, self.cannot_prepare = UNREADABLE, True
        elif exited is None and not self._close.is_set():
            self.problem = recorded("its imports did not end within {limit} seconds", limit=PREPARE_LIMIT_S)
            self.cannot_prepare = True
        elif exited is None:
            self.problem = recorded("the prepared interpreter was closed")
        elif exited.ended_by:
            self.problem = recorded("the prepared interpreter was ended by {what}", what=exited.ended_by)
            self.cannot_prepare = exited.is_fault and self.state is PreparedState.PREPARING
        else:
            last = self._errors.text().strip().splitlines()[-1:]
            self.problem = (
                recorded("the prepared interpreter ended: {last}", last=last[0])
                if last
                else recorded("the prepared interpreter ended")
            )
            self.cannot_prepare = self.state is PreparedState.PREPARING

    async def _listen(self, channel: PreparedChannel) -> None:
        rest = b""
        while data := await channel.receive():
            *lines, rest = (rest + data).split(b"\n")
            try:
                for line in lines:
                    self._take(_ANSWER.decode(line))
            except (msgspec.DecodeError, RecursionError):
                rest = bytes(MAX_ANSWER_BYTES)
            if len(rest) >= MAX_ANSWER_BYTES:
                # A module that was imported has written to a descriptor that it did not open.
                self._is_unreadable = True
                return

    def _take(self, answer: _Answer) -> None:
        if answer.ready:
            self.names = answer.names
            self.state = PreparedState.READY
            self._ready.set()
            self._on_state()
        child = self._children.get(answer.started or answer.ended)
        if child is None:
            return
        if answer.started and not child.process.done():
            child.process.set_result(answer.pid)
        if answer.ended and not child.exited.done():
            child.exited.set_result(PLATFORM.exit_of(answer.status, answer.killed))

    def _end(self) -> None:
        self.state = PreparedState.ENDED
        self._ready.set()
        for child in self._children.values():
            child.fail(self.problem)
        self._on_state()
