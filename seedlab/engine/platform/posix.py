"""POSIX: pipes, process groups, signals, and sockets that pass descriptors."""

import asyncio
import contextlib
import fcntl
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractContextManager, asynccontextmanager
from functools import partial
from io import FileIO
from pathlib import Path
from typing import BinaryIO

import psutil

from seedlab.engine.child_environment import child_environment
from seedlab.engine.platform.end_requests import end_requests, interruptions
from seedlab.engine.platform.interface import (
    Command,
    Environment,
    Exit,
    NotListeningError,
    RunLostError,
    Sink,
    Sinks,
    View,
    ViewedFolder,
)
from seedlab.engine.platform.keeper import (
    KILL_GRACE_S,
    TERMINATE_GRACE_S,
    Keeper,
    KeeperLostError,
    Worker,
    exit_of,
    signal_process,
)
from seedlab.phrases import recorded

WATCH_INTERVAL_S = 0.1
"""The time between two counts of the processes in a group, in seconds."""
DRAIN_GRACE_S = 0.5
"""How long the last output of a process may take to arrive after the process has ended, in seconds."""
REPORT_BYTES = 2**20
"""The size of the pipe for reports, in bytes: a draw of many megabytes then goes through in few pieces."""
_PASSED = "fd:3"
"""The address of the one descriptor that a process gets beside its standard output and error."""
_F_SETPIPE_SZ = getattr(fcntl, "F_SETPIPE_SZ", None)  # Linux only.


class _LockFile(FileIO):
    """A file that is locked for as long as this process has it open.

    A process that is being started has all that is open here until it executes its program, and with an open file it
    has its lock: so the lock is let go in so many words.
    """

    def __init__(self, path: str) -> None:
        super().__init__(path, "ab", opener=_open_private)
        self._process = os.getpid()

    def close(self) -> None:
        # One that was forked would let go what is not its own.
        if not self.closed and os.getpid() == self._process:
            with contextlib.suppress(OSError):
                fcntl.flock(self, fcntl.LOCK_UN)
        super().close()


class PosixPlatform:
    """The platform for POSIX, where each run is a process group that writes to pipes that it inherits."""

    # On macOS, system libraries that TensorFlow loads do not survive a fork.
    can_fork = sys.platform.startswith("linux")

    def __init__(self) -> None:
        self._keeper = Keeper(_keeper_command)

    def cores(self) -> int:
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

    def available_bytes(self) -> int:
        return int(psutil.virtual_memory().available)

    def try_lock(self, path: str) -> BinaryIO | None:
        file = _LockFile(path)
        try:
            # Of the open file, not of the process as a lock by lockf: no other opening of it here lets it go.
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return None
        except BaseException:
            file.close()
            raise
        return file

    async def execute(
        self,
        command: Command,
        sinks: Sinks,
        *,
        environment: Environment,
        folder: str | None,
        max_processes: int,
        views: Sequence[View] = (),
        on_viewed: Callable[[ViewedFolder], None] = lambda viewed: viewed.close(),
    ) -> Exit:
        async with _pipes(sinks) as pipes:
            reports = pipes[2:]
            parts = command(_PASSED if reports else "")
            descriptors = [pipe.descriptor for pipe in pipes]
            async with self._spawn(parts, descriptors, environment, folder, views=views) as worker:
                for pipe in pipes:
                    pipe.close_writing_end()
                for view, descriptor in zip(views, worker.taken_folders(), strict=True):
                    on_viewed(ViewedFolder(view.folder, f"/proc/self/fd/{descriptor}", partial(os.close, descriptor)))
                return await self.watched(worker.process, asyncio.shield(worker.exited), max_processes=max_processes)

    @asynccontextmanager
    async def prepared(
        self, command: Command, stderr: Sink, *, environment: Environment, folder: str | None, has_runs: bool
    ) -> AsyncIterator["PosixChannel"]:
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        with ours, theirs:
            async with _pipes(Sinks(lambda _: None, stderr)) as outputs:
                descriptors = [*(output.descriptor for output in outputs), theirs.fileno()]
                async with self._spawn(command(_PASSED), descriptors, environment, folder, adopts=has_runs) as worker:
                    theirs.close()
                    for output in outputs:
                        output.close_writing_end()
                    yield PosixChannel(worker, ours)

    @asynccontextmanager
    async def conversing(self, command: Sequence[str], stderr: Sink) -> AsyncIterator["PosixConversation"]:
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        with ours, theirs:
            async with _pipes(Sinks(lambda _: None, stderr)) as outputs:
                errors = outputs[1]
                descriptors = [theirs.fileno(), theirs.fileno(), errors.descriptor]
                async with self._spawn(command, descriptors, (), None, first=0) as worker:
                    theirs.close()
                    for output in outputs:
                        output.close_writing_end()
                    reader, writer = await asyncio.open_connection(sock=ours)
                    try:
                        yield PosixConversation(worker, reader, writer)
                    finally:
                        writer.close()

    @asynccontextmanager
    async def _spawn(
        self,
        command: Sequence[str],
        descriptors: Sequence[int],
        environment: Environment,
        folder: str | None,
        *,
        adopts: bool = False,
        first: int = 1,
        views: Sequence[View] = (),
    ) -> AsyncIterator[Worker]:
        """Start a child that has ``descriptors`` from ``first`` on; end all that it started when the block is left."""
        start = partial(
            self._keeper.start,
            command,
            descriptors,
            environment=child_environment(environment),
            folder=folder,
            adopts=adopts,
            first=first,
            views=views,
        )
        worker = start()
        try:
            try:
                await worker.wait_started()
            except KeeperLostError:
                # Somebody else has killed the keeper, and now it is replaced.
                await asyncio.shield(worker.close())
                worker = start()
                await worker.wait_started()
            yield worker
        finally:
            # Shielded, because a second cancellation must not leave the group alive.
            await asyncio.shield(worker.close())

    async def watched(self, process: int, exited: asyncio.Future[Exit], *, max_processes: int) -> Exit:
        try:
            while not exited.done():
                await asyncio.wait([exited], timeout=WATCH_INTERVAL_S)
                if not exited.done() and _process_count(process) > max_processes:
                    raise RunLostError(recorded("started more than {most} processes and was ended", most=max_processes))
            return exited.result()
        finally:
            exited.cancel()

    async def end(self, process: int, exited: asyncio.Future[Exit]) -> None:
        for number, grace_s in ((signal.SIGTERM, TERMINATE_GRACE_S), (signal.SIGKILL, KILL_GRACE_S)):
            if not exited.done():
                signal_process(process, number)
                await asyncio.wait([exited], timeout=grace_s)

    def exit_of(self, status: int, killed: int) -> Exit:
        return exit_of(status, killed)

    def close(self) -> None:
        self._keeper.close()

    def make_private(self, folder: Path) -> None:
        status = folder.stat()
        if status.st_uid != os.getuid():
            raise PermissionError(f"{folder} belongs to somebody else")
        if status.st_mode & 0o077:
            folder.chmod(0o700)

    def interruptions(self, callback: Callable[[int], None]) -> AbstractContextManager[None]:
        return interruptions(callback)

    def end_requests(self) -> AbstractContextManager[int]:
        return end_requests()


class PosixConversation:
    """A program that is spoken to by a socket, which is its standard input and output."""

    def __init__(self, worker: Worker, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._worker = worker
        self.reader, self.writer = reader, writer

    async def exited(self) -> Exit:
        return await asyncio.shield(self._worker.exited)


class PosixChannel:
    """A prepared process and the control socket on which requests are sent to it."""

    def __init__(self, worker: Worker, control: socket.socket) -> None:
        self._worker = worker
        self._control = control
        self._sending = asyncio.Lock()

    @property
    def process(self) -> int:
        return self._worker.process

    async def exited(self) -> Exit:
        return await asyncio.shield(self._worker.exited)

    async def receive(self) -> bytes:
        return await asyncio.get_running_loop().sock_recv(self._control, 65536)

    @asynccontextmanager
    async def hand_over(self, sinks: Sinks, message: bytes) -> AsyncIterator[None]:
        async with _pipes(sinks) as pipes:
            try:
                await self._send(message + b"\n", [pipe.descriptor for pipe in pipes])
            except OSError as error:
                raise NotListeningError(recorded("the prepared interpreter does not answer")) from error
            for pipe in pipes:
                pipe.close_writing_end()
            yield

    async def _send(self, data: bytes, descriptors: list[int]) -> None:
        """Send ``data`` with ``descriptors``; wait where the process has not read so much yet."""
        loop = asyncio.get_running_loop()
        # One message after the other, because the socket may take only part of one.
        async with self._sending:
            while True:
                try:
                    sent = socket.send_fds(self._control, [data], descriptors)
                    break
                except BlockingIOError:
                    writable = loop.create_future()
                    loop.add_writer(self._control, _set_once, writable)
                    try:
                        await writable
                    finally:
                        loop.remove_writer(self._control)
            # A process that waited for one request may have closed its end by now.
            if sent < len(data):
                await loop.sock_sendall(self._control, data[sent:])


def _set_once(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


class _Pipe:
    """A pipe that a child writes to, and whose bytes are passed to ``sink`` as they arrive.

    asyncio's own pipes are not used: asyncio does not report the end of a child until all of its pipes are
    closed, and a grandchild may keep one open for ever.
    """

    def __init__(self, sink: Sink, size: int | None = None) -> None:
        self._sink = sink
        self._piece = size or 64 * 1024
        self._ended = asyncio.Event()
        self._reading, self.descriptor = os.pipe()
        """``descriptor`` is the writing end; `close_writing_end` closes it."""
        self._is_writing_end_closed = False
        self._is_closed = False
        os.set_blocking(self._reading, False)
        if size is not None and _F_SETPIPE_SZ is not None:
            # The system limits the total pipe memory of one user (pipe(7), pipe-user-pages-soft).
            with contextlib.suppress(OSError):
                fcntl.fcntl(self._reading, _F_SETPIPE_SZ, size)
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._reading, self._read)

    def close_writing_end(self) -> None:
        """Close our copy of the writing end, so that the pipe ends when the child closes its copy."""
        if not self._is_writing_end_closed:
            self._is_writing_end_closed = True
            os.close(self.descriptor)

    async def drain(self) -> None:
        """Read to the end of the pipe, for at most `DRAIN_GRACE_S`, and close it."""
        self.close_writing_end()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_GRACE_S):
                await self._ended.wait()
        self.close()

    def close(self) -> None:
        self.close_writing_end()
        if not self._is_closed:
            self._is_closed = True
            self._loop.remove_reader(self._reading)
            os.close(self._reading)

    def _read(self) -> None:
        try:
            data = os.read(self._reading, self._piece)
        except BlockingIOError:
            return
        if data:
            self._sink(data)
        else:
            self._loop.remove_reader(self._reading)
            self._ended.set()


@asynccontextmanager
async def _pipes(sinks: Sinks) -> AsyncIterator[list[_Pipe]]:
    """Open a pipe for each of ``sinks``; drain them when the block ends normally, and close them when it raises."""
    pipes: list[_Pipe] = []
    try:
        pipes += [_Pipe(sinks.stdout), _Pipe(sinks.stderr)]
        if sinks.report is not None:
            pipes.append(_Pipe(sinks.report, REPORT_BYTES))
        yield pipes
        await asyncio.gather(*(pipe.drain() for pipe in pipes))
    finally:
        for pipe in pipes:
            pipe.close()


def _keeper_command(address: str) -> list[str]:
    # Imported late, because what it imports needs the platform.
    from seedlab.engine.observer_commands import keeper_command

    return keeper_command(address)


def _process_count(group: int) -> int:
    count = 0
    for pid in psutil.pids():
        with contextlib.suppress(OSError):
            count += os.getpgid(pid) == group
    return count


def _open_private(path: str, flags: int) -> int:
    descriptor = os.open(path, flags, 0o600)
    # A umask may have taken the owner's rights too.
    with contextlib.suppress(OSError):
        os.fchmod(descriptor, 0o600)
    return descriptor
