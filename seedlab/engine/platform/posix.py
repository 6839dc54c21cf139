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
from pathlib import Path
from typing import BinaryIO

import psutil

from seedlab.engine.platform.ctrl_c import interruptions
from seedlab.engine.platform.interface import Command, Environment, Exit, NotListeningError, RunLostError, Sink, Sinks

TERMINATE_GRACE_S = 0.1
"""The time between asking a process group to end and killing it, in seconds: Stop has to answer within 0.2 s."""
WATCH_INTERVAL_S = 0.1
"""The time between two counts of the processes in a group, in seconds."""
DRAIN_GRACE_S = 0.5
"""How long the last output of a process may take to arrive after the process has ended, in seconds."""
REPORT_BYTES = 2**20
"""The size of the pipe for reports, in bytes: a draw of many megabytes then goes through in few pieces."""
_F_SETPIPE_SZ = getattr(fcntl, "F_SETPIPE_SZ", None)  # Linux only.


class PosixPlatform:
    """The platform for POSIX, where each run is a process group that writes to pipes that it inherits."""

    # On macOS, system libraries that TensorFlow loads do not survive a fork.
    can_fork = sys.platform.startswith("linux")

    def cores(self) -> int:
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

    def available_bytes(self) -> int:
        return int(psutil.virtual_memory().available)

    def try_lock(self, path: str) -> BinaryIO | None:
        file = open(path, "ab", opener=_open_private)  # noqa: SIM115  # It is locked for as long as it is open.
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
        self, command: Command, sinks: Sinks, *, environment: Environment, folder: str | None, max_processes: int
    ) -> Exit:
        async with _pipes(sinks) as pipes:
            reports = pipes[2:]
            address = "".join(_address(report.descriptor) for report in reports)
            passed = [report.descriptor for report in reports]
            async with _spawn(command(address), pipes[:2], passed, environment, folder) as process:
                for report in reports:
                    report.close_writing_end()
                exited = asyncio.ensure_future(_exit_of_process(process))
                return await self.watched(process.pid, exited, max_processes=max_processes)

    @asynccontextmanager
    async def prepared(
        self, command: Command, stderr: Sink, *, environment: Environment
    ) -> AsyncIterator["PosixChannel"]:
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        with ours, theirs:
            async with _pipes(Sinks(lambda _: None, stderr)) as outputs:
                passed = [theirs.fileno()]
                async with _spawn(command(_address(passed[0])), outputs, passed, environment, None) as process:
                    theirs.close()
                    yield PosixChannel(process, ours)

    async def watched(self, process: int, exited: asyncio.Future[Exit], *, max_processes: int) -> Exit:
        try:
            while not exited.done():
                await asyncio.wait([exited], timeout=WATCH_INTERVAL_S)
                if not exited.done() and _process_count(process) > max_processes:
                    raise RunLostError(f"started more than {max_processes} processes and was ended")
            return exited.result()
        finally:
            exited.cancel()

    async def end(self, process: int, exited: asyncio.Future[Exit]) -> None:
        if not exited.done():
            _signal_group(process, signal.SIGTERM)
            await asyncio.wait([exited], timeout=TERMINATE_GRACE_S)
        # Needed even when the leader is gone: its children may still run and hold its pipes.
        _signal_group(process, signal.SIGKILL)

    def exit_of(self, status: int) -> Exit:
        return _exit_of(status)

    def make_private(self, folder: Path) -> None:
        status = folder.stat()
        if status.st_uid != os.getuid():
            raise PermissionError(f"{folder} belongs to somebody else")
        if status.st_mode & 0o077:
            folder.chmod(0o700)

    def interruptions(self, callback: Callable[[], None]) -> AbstractContextManager[None]:
        return interruptions(callback)


class PosixChannel:
    """A prepared process and the control socket on which requests are sent to it."""

    def __init__(self, process: asyncio.subprocess.Process, control: socket.socket) -> None:
        self._process = process
        self._control = control
        self._sending = asyncio.Lock()

    @property
    def process(self) -> int:
        return self._process.pid

    async def exited(self) -> Exit:
        return await _exit_of_process(self._process)

    async def receive(self) -> bytes:
        return await asyncio.get_running_loop().sock_recv(self._control, 65536)

    @asynccontextmanager
    async def hand_over(self, sinks: Sinks, message: bytes) -> AsyncIterator[None]:
        async with _pipes(sinks) as pipes:
            try:
                await self._send(message + b"\n", [pipe.descriptor for pipe in pipes])
            except OSError as error:
                raise NotListeningError("the prepared interpreter does not answer") from error
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


@asynccontextmanager
async def _spawn(
    command: Sequence[str],
    outputs: list[_Pipe],
    passed: list[int],
    environment: Environment,
    folder: str | None,
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Start a child that writes to ``outputs``, its standard output and error; end its group when the block is left."""
    stdout, stderr = outputs
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=stdout.descriptor,
        stderr=stderr.descriptor,
        pass_fds=passed,
        env=_merged_environment(environment),
        cwd=folder,
        process_group=0,
    )
    try:
        stdout.close_writing_end()
        stderr.close_writing_end()
        yield process
    finally:
        # Shielded, because a second cancellation must not leave the group alive.
        await asyncio.shield(_end(process))


async def _end(process: asyncio.subprocess.Process) -> None:
    exited = asyncio.ensure_future(_exit_of_process(process))
    await PosixPlatform().end(process.pid, exited)
    await exited


def _merged_environment(environment: Environment) -> dict[str, str] | None:
    if not environment:
        return None
    merged = dict(os.environ)
    for name, value in environment:
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = value
    return merged


def _address(descriptor: int) -> str:
    return f"fd:{descriptor}"


async def _exit_of_process(process: asyncio.subprocess.Process) -> Exit:
    return _exit_of(await process.wait())


_FAULTS = {"SIGABRT", "SIGBUS", "SIGFPE", "SIGILL", "SIGSEGV", "SIGSYS", "SIGTRAP"}
"""Signals that a program brings upon itself."""


def _exit_of(status: int) -> Exit:
    if status >= 0:
        return Exit(status)
    try:
        name = signal.Signals(-status).name
    except ValueError:
        # Real-time signals have no names.
        name = f"number {-status}"
    hint = "perhaps memory ran out" if name == "SIGKILL" else ""
    return Exit(status, name, is_fault=name in _FAULTS, hint=hint)


def _process_count(group: int) -> int:
    count = 0
    for pid in psutil.pids():
        with contextlib.suppress(OSError):
            count += os.getpgid(pid) == group
    return count


def _signal_group(group: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def _open_private(path: str, flags: int) -> int:
    descriptor = os.open(path, flags, 0o600)
    # A umask may have taken the owner's rights too.
    with contextlib.suppress(OSError):
        os.fchmod(descriptor, 0o600)
    return descriptor
