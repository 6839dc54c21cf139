"""Connections to Pythons on other hosts, each by one ``ssh`` of the system with the person's own configuration.

The observer goes there over standard input and nothing is installed; `seedlab.observer.serving` is the other end, and
says what is sent. One connection carries any number of runs, prepared processes and questions at once.
"""

import asyncio
import contextlib
import itertools
import json
import shlex
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from weakref import WeakKeyDictionary

import msgspec

from seedlab.engine.bounded_text import BoundedText
from seedlab.engine.child_environment import child_environment
from seedlab.engine.hosts import HostAddress, address_of
from seedlab.engine.packing import pack
from seedlab.engine.platform import PLATFORM
from seedlab.engine.platform.interface import Conversation, Exit, NotListeningError, NoViewError, RunLostError, Sinks
from seedlab.errors import InterpreterError, RunRefusedError
from seedlab.observer.serving import GREETING, HEADER, MAX_FRAME

CONNECT_LIMIT_S = 60.0
"""How long ssh and the Python there may take, together, until the Python answers, in seconds."""
PULSE_S = 5.0
"""The time between two questions how much room the host has, in seconds."""
QUIET_S = 60.0
"""After how long without an answer to these the connection is taken for lost, in seconds."""
HOST_QUIET_S = 120
"""After how long without a question the host takes it for lost and ends all runs, in seconds."""
END_LIMIT_S = 5.0
"""How long the host may take to end what it is asked to end, in seconds."""
LIMIT_GRACE_S = 5.0
"""How much later than this machine the host ends a run that takes too long, in seconds."""
MAX_NOISE = 64 * 1024
"""The most bytes that a shell there may write before the Python answers."""
LINE = "import sys;f=sys.stdin.buffer;packed=f.read(int(f.readline()));exec(packed)"
"""What the Python there executes. Every usual shell takes it in quotation marks as it stands."""
_DENIED, _UNKNOWN_KEY = "Permission denied", "Host key verification failed"
_CHANGED_KEY = "HOST IDENTIFICATION HAS CHANGED"
_SSH_FAILED, _NOT_FOUND, _NOT_EXECUTABLE = 255, 127, 126


class ConnectionLostError(RunLostError):
    """The connection to the host was lost, and all that went on there."""


class Facts(msgspec.Struct, frozen=True):
    """What a host says of itself."""

    python: str
    can_fork: bool
    cores: int
    available: int | None
    """The memory that is available without swapping, in bytes; None where it cannot tell."""
    folder: str
    """The folder in which a run is executed that names none."""
    home: str


class Started(msgspec.Struct, frozen=True):
    """A process that runs on the host."""

    pid: int
    place: str
    """Its temporary folder there; empty where it has none."""


class Ended(msgspec.Struct, frozen=True):
    """How a run or a process on the host ended, as in `seedlab.observer.hosting.execute_here`."""

    status: int | None
    killed: int
    is_lost: bool
    why: str
    what: str
    place: str


class FarProcess:
    """A process on the host, or a run in one that was prepared."""

    def __init__(self, number: int, sinks: Sinks) -> None:
        loop = asyncio.get_running_loop()
        self.number = number
        self.sinks = sinks
        self.started: asyncio.Future[Started] = loop.create_future()
        self.ended: asyncio.Future[Ended] = loop.create_future()
        self.answers: asyncio.Queue[bytes] = asyncio.Queue()
        """What a prepared process answers; empty bytes at its end."""

    def lose(self, error: Exception) -> None:
        for future in (self.started, self.ended):
            if not future.done():
                future.set_exception(error)
                # Retrieved, so that asyncio does not log an exception that nobody waits for any more.
                future.exception()
        self.answers.put_nowait(b"")

    async def begun(self) -> None:
        """Wait until it has started, or has ended without having started. Raise `ConnectionLostError`."""
        await asyncio.wait((self.started, self.ended), return_when=asyncio.FIRST_COMPLETED)
        if not self.started.done():
            self.ended.result()
        elif self.started.exception() is not None:
            self.started.result()


class Connection:
    """One ssh to one Python on a host. It is opened at once; `ready` waits until the Python there has answered."""

    def __init__(self, executable: str, address: HostAddress) -> None:
        self._executable = executable
        self.address = address
        self.users = 0
        """How many hold it; `Connections` closes it when nobody does."""
        self._errors = BoundedText(4096, 16 * 1024)
        self._facts: Facts | None = None
        self._processes: dict[int, FarProcess] = {}
        self._replies: dict[int, asyncio.Future[bytes]] = {}
        self._numbers = itertools.count(1)
        self._writer: asyncio.StreamWriter | None = None
        self._answered = asyncio.Event()
        self._close = asyncio.Event()
        self._heard = 0.0
        self._is_noise = self._is_quiet = False
        self._problem: InterpreterError | None = None
        self.is_over = False
        self.over_at = 0.0
        """When it was over, in the time of the event loop."""
        self._life = asyncio.create_task(self._live())

    @property
    def place(self) -> str:
        return self.address.place

    @property
    def facts(self) -> Facts | None:
        """What the host has said of itself last; None until it has answered."""
        return self._facts

    async def ready(self) -> Facts:
        """Wait until the Python there has answered. Raise `InterpreterError` when it cannot be reached."""
        await self._answered.wait()
        if self._problem is not None:
            # A copy, so that no traceback grows with each who waits.
            raise InterpreterError(self._problem.what, self._problem.advice)
        assert self._facts is not None
        return self._facts

    async def close(self) -> None:
        """End the connection, and with it all that goes on there."""
        self._close.set()
        await asyncio.shield(self._life)

    # --- what is asked of the host ------------------------------------------------------------------

    @asynccontextmanager
    async def process(
        self, job: Mapping[str, Any], sinks: Sinks, *, prepared: FarProcess | None = None
    ) -> AsyncIterator[FarProcess]:
        """Begin to execute ``job`` on the host, and end it when the block is left; by then it has ended.

        With ``prepared``, that process executes it.
        """
        if self.is_over:
            raise self._lost_error()
        far = FarProcess(next(self._numbers), sinks)
        self._processes[far.number] = far
        try:
            if prepared is None:
                await self._send(b"j", far.number, _json(job))
            else:
                await self._send(b"h", far.number, _json({"prepared": prepared.number, "job": job}))
            yield far
        finally:
            await asyncio.shield(self._end(far))

    async def end(self, far: FarProcess) -> None:
        """Have the host end ``far``, and all that it started."""
        if not far.ended.done():
            await self._send(b"x", far.number, b"stopped")

    async def look(self, states: list[str], exists: list[str]) -> tuple[list[str | None], list[bool]]:
        """Return a digest of each of the folders ``states`` there, and whether each of the paths ``exists``."""
        reply = await self._ask(b"l", _json({"states": states, "exists": exists}))
        return reply["states"], reply["exists"]

    async def send_folder(self, tar: bytes) -> str:
        """Unpack ``tar`` in a new temporary folder there, and return its path."""
        reply = await self._ask(b"t", tar)
        if "error" in reply:
            what = f"The folder of the script could not be written on {self.place}: {reply['error']}."
            raise RunRefusedError(what, "See whether there is room in its temporary folder.")
        return str(reply["folder"])

    async def exit_of(self, far: FarProcess, *, max_processes: int) -> Exit:
        """Wait for the end of ``far`` and return how it ended. Raise what has kept it from ending by itself."""
        ended = await asyncio.shield(far.ended)
        self.check(ended, max_processes=max_processes)
        return PLATFORM.exit_of(ended.status or 0, ended.killed)

    def check(self, ended: Ended, *, max_processes: int) -> None:
        """Raise what has kept a process from starting, or from ending by itself."""
        check_ended(ended, self.place, max_processes=max_processes)

    async def _end(self, far: FarProcess) -> None:
        try:
            if not far.ended.done() and not self.is_over:
                with contextlib.suppress(ConnectionLostError):
                    await self.end(far)
                    await asyncio.wait([far.ended], timeout=END_LIMIT_S)
        finally:
            del self._processes[far.number]

    async def _ask(self, kind: bytes, payload: bytes) -> dict[str, Any]:
        number = next(self._numbers)
        reply = self._replies[number] = asyncio.get_running_loop().create_future()
        try:
            await self._send(kind, number, payload)
            found: dict[str, Any] = msgspec.json.decode(await reply)
            return found
        finally:
            del self._replies[number]

    async def _send(self, kind: bytes, number: int, payload: bytes) -> None:
        if self._writer is None or self.is_over:
            raise self._lost_error()
        try:
            self._writer.write(HEADER.pack(kind, number, len(payload)) + payload)
            await self._writer.drain()
        except OSError as error:
            raise self._lost_error() from error

    def _lost_error(self) -> ConnectionLostError:
        problem = self._problem
        if problem is None:
            return ConnectionLostError(f"lost its connection to {self.place}, which was closed")
        if self._facts is None:
            return ConnectionLostError(f"cannot be started: {problem.clause}")
        return ConnectionLostError(f"lost its connection: {problem.clause}")

    # --- the life of the connection, which one task follows from its start to its end ---------------

    def _command(self) -> list[str]:
        ssh = shutil.which("ssh", path=child_environment().get("PATH"))
        if ssh is None:
            raise InterpreterError(
                f"There is no program “ssh” here, by which seedlab gets to {self.place}.",
                "Install OpenSSH’s client, in Debian and Ubuntu by “apt-get install openssh-client”.",
            )
        words = [self.address.python, "-I", "-S", "-c", LINE, "serve", str(HOST_QUIET_S), "null"]
        remote = "exec " + " ".join(shlex.quote(word) for word in words)
        # What the person's configuration forwards is for a terminal, and may be taken by one already.
        options = ["-T", "-o", "BatchMode=yes", "-o", "ClearAllForwardings=yes"]
        return [ssh, *options, *self.address.options, remote]

    async def _live(self) -> None:
        try:
            async with PLATFORM.conversing(self._command(), self._errors.add) as talk:
                exited = await self._talk(talk)
            # By now, all that ssh has said has come.
            self._problem = self._reason(exited)
        except InterpreterError as error:
            self._problem = error
        except (OSError, RunLostError) as error:
            self._problem = InterpreterError(f"ssh cannot be started: {error}.", "See whether “ssh” works here.")
        finally:
            self.is_over, self.over_at = True, asyncio.get_running_loop().time()
            self._writer = None
            self._answered.set()
            lost = self._lost_error()
            for far in self._processes.values():
                far.lose(lost)
            for reply in self._replies.values():
                if not reply.done():
                    reply.set_exception(lost)
                    reply.exception()

    async def _talk(self, talk: Conversation) -> Exit | None:
        """Talk until one of both sides ends it; return how ssh ended, None where it was ended from here."""
        self._writer = talk.writer
        listening = asyncio.create_task(self._listen(talk.reader))
        closing = asyncio.create_task(self._close.wait())
        pulse = asyncio.create_task(self._keep_asking())
        try:
            packed = pack()
            talk.writer.write(b"%d\n" % len(packed) + packed)
            await asyncio.wait((listening, closing, pulse), return_when=asyncio.FIRST_COMPLETED)
            if not listening.done() and not self._is_quiet:
                with contextlib.suppress(OSError):
                    talk.writer.write_eof()
            with contextlib.suppress(TimeoutError):
                # Who has not answered yet has nothing to end.
                is_there = self._facts is not None and not self._is_quiet
                async with asyncio.timeout(END_LIMIT_S if is_there or listening.done() else 0):
                    return await talk.exited()
            return None
        finally:
            for task in (listening, closing, pulse):
                task.cancel()
            await asyncio.gather(listening, closing, pulse, return_exceptions=True)

    async def _keep_asking(self) -> None:
        """Ask the host for its room, as a sign of life in both directions; return when it says nothing any more."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(CONNECT_LIMIT_S):
                await self._answered.wait()
        except TimeoutError:
            self._is_quiet = True
            return
        waiting = 0
        while loop.time() - self._heard < QUIET_S and self._writer is not None:
            # Not waited for: whether it leaves is what is asked.
            self._writer.write(HEADER.pack(b"p", 0, 0))
            await asyncio.sleep(PULSE_S)
            # A slow line that takes a folder shows life, too.
            before, waiting = waiting, self._writer.transport.get_write_buffer_size()
            if waiting < before:
                self._heard = loop.time()
        self._is_quiet = True

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        data = bytearray()
        while GREETING not in data:
            # A shell there may write what it greets people with.
            if len(data) > MAX_NOISE:
                self._is_noise = True
                return
            piece = await _read(reader)
            if not piece:
                return
            data += piece
        del data[: data.index(GREETING) + len(GREETING)]
        loop = asyncio.get_running_loop()
        while True:
            while len(data) >= HEADER.size:
                kind, number, size = HEADER.unpack_from(data)
                if size > MAX_FRAME:
                    self._is_noise = True
                    return
                if len(data) < HEADER.size + size:
                    break
                payload = bytes(data[HEADER.size : HEADER.size + size])
                del data[: HEADER.size + size]
                try:
                    self._take(kind, number, payload)
                except msgspec.DecodeError:
                    self._is_noise = True
                    return
            piece = await _read(reader)
            if not piece:
                return
            self._heard = loop.time()
            data += piece

    def _take(self, kind: bytes, number: int, payload: bytes) -> None:
        if kind == b"f":
            self._facts = msgspec.json.decode(payload, type=Facts)
            self._heard = asyncio.get_running_loop().time()
            self._answered.set()
        elif kind == b"y":
            reply = self._replies.get(number)
            if reply is not None and not reply.done():
                reply.set_result(payload)
        elif (far := self._processes.get(number)) is not None:
            _tell(far, kind, payload)

    def _reason(self, exited: Exit | None) -> InterpreterError | None:
        """Return why the connection is over; None where it was closed from here."""
        lines = [line.strip() for line in self._errors.text().splitlines() if line.strip()]
        said = f": {lines[-1].rstrip('.')}" if lines else ""
        place, python = self.place, self.address.python
        see = f"See whether “ssh {place}” gets there in a terminal."
        if self._close.is_set():
            return None
        if self._is_quiet and self._facts is None:
            return InterpreterError(f"{place} did not answer within {CONNECT_LIMIT_S:.0f} seconds{said}.", see)
        if self._is_quiet:
            return InterpreterError(f"{place} has not answered for {QUIET_S:.0f} seconds.", f"{see} Then run it again.")
        if self._facts is not None:
            what = f"{place} does not answer any more{said}."
            return InterpreterError(what, f"What went on there has been ended. {see} Then run it again.")
        status = 0 if exited is None else exited.status
        if status == _SSH_FAILED and any(_CHANGED_KEY in line for line in lines):
            return InterpreterError(
                f"The key of {place} is not the one that ssh knows{said}.",
                "Somebody else may have taken its place: ask who keeps the host, and take the old key out of the known "
                f"ones (“ssh-keygen -R {place}”) only where it has a new one.",
            )
        if status == _SSH_FAILED and _UNKNOWN_KEY in said:
            return InterpreterError(
                f"ssh does not know the key of {place}{said}.",
                f"Connect once by “ssh {place}” in a terminal, and compare the key with the one that it should have.",
            )
        if status == _SSH_FAILED and _DENIED in said:
            return InterpreterError(
                f"{place} lets nobody in{said}.",
                f"seedlab asks for no password: give the host a key of yours (“ssh-copy-id {place}”), "
                "or load the key into the agent (“ssh-add”).",
            )
        if status == _SSH_FAILED:
            return InterpreterError(f"{place} cannot be reached{said}.", see)
        choose = f"Name one with --python ssh://{place}/path/to/python."
        if status in (_NOT_FOUND, _NOT_EXECUTABLE):
            return InterpreterError(f"There is no Python {python} on {place}{said}.", choose)
        return InterpreterError(f"{python} on {place} is not a Python that can be used (3.6 or newer){said}.", choose)


class Connections:
    """The connections of one event loop, one for each Python on a host, kept for as long as somebody holds them."""

    def __init__(self) -> None:
        self._open: dict[str, Connection] = {}

    def hold(self, executable: str) -> Connection:
        """Return the connection to ``executable``, which is opened if there is none; `release` gives it back.

        Raise `InterpreterError` where it names no Python on a host.
        """
        connection = self._open.get(executable)
        if connection is None or connection.is_over:
            connection = self._open[executable] = Connection(executable, address_of(executable))
        connection.users += 1
        return connection

    async def release(self, connection: Connection) -> None:
        """Close ``connection`` unless somebody else holds it."""
        connection.users -= 1
        if not connection.users:
            for executable, each in [*self._open.items()]:
                if each is connection:
                    del self._open[executable]
            await connection.close()

    @asynccontextmanager
    async def connected(self, executable: str) -> AsyncIterator[Connection]:
        """Yield the connection to ``executable``, which has answered. Raise `InterpreterError` where it does not."""
        connection = self.hold(executable)
        try:
            await connection.ready()
            yield connection
        finally:
            await asyncio.shield(self.release(connection))


_CONNECTIONS: WeakKeyDictionary[asyncio.AbstractEventLoop, Connections] = WeakKeyDictionary()


def connections() -> Connections:
    """Return the connections of the event loop that runs."""
    return _CONNECTIONS.setdefault(asyncio.get_running_loop(), Connections())


def check_ended(ended: Ended, place: str, *, max_processes: int) -> None:
    """Raise what has kept a process on the host ``place`` from starting, or from ending by itself."""
    there, advice = f"{ended.what} on {place}", "Name the folder there that holds the script, with --folder."
    match ended.why:
        case "" | "stopped":
            return
        case "seconds":
            raise TimeoutError
        case "processes":
            raise RunLostError(f"started more than {max_processes} processes and was ended")
        case "unviewed":
            raise NoViewError(ended.what)
        case "gone":
            raise NotListeningError("the prepared interpreter does not answer")
        case "no folder":
            raise RunRefusedError(f"There is no folder {there}.", advice)
        case "no script":
            raise RunRefusedError(f"There is no script {there}, or it cannot be read.", advice)
        case "other script":
            what = f"{there} has another text than the script here."
            raise RunRefusedError(what, "Copy the one to the place of the other, and run it again.")
        case "too large":
            what = f"{there} is too large to be copied for each run, and has no private views of folders."
            raise RunRefusedError(what, "Move the script and what it needs to a folder of its own.")
        case "failed":
            # What strerror of an OSError says.
            raise OSError(0, ended.what)
    raise RunLostError("could not be started: the process that starts runs on the host was ended")


async def _read(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.read(256 * 1024)
    except OSError:
        return b""


def _tell(far: FarProcess, kind: bytes, payload: bytes) -> None:
    if kind == b"o":
        far.sinks.stdout(payload)
    elif kind == b"e":
        far.sinks.stderr(payload)
    elif kind == b"r" and far.sinks.report is not None:
        far.sinks.report(payload)
    elif kind == b"a":
        far.answers.put_nowait(payload)
    elif kind == b"s" and not far.started.done():
        far.started.set_result(msgspec.json.decode(payload, type=Started))
    elif kind == b"z" and not far.ended.done():
        far.ended.set_result(msgspec.json.decode(payload, type=Ended))
        far.answers.put_nowait(b"")


def _json(value: object) -> bytes:
    # Not by msgspec, which refuses the names of files that are no UTF-8.
    return json.dumps(value).encode("ascii")
