"""Child processes: no stdin, a group of their own, output in bounded memory, and an end that leaves nothing."""

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator, Callable, Sequence

import psutil

TERMINATE_GRACE_S = 0.1
"""Between asking a group to end and killing it: Stop has to answer within 0.2 s."""
MAX_PROCESSES = 256
"""In one run's process group: a script that starts more is taken for a fork bomb."""
WATCH_INTERVAL_S = 0.1
DRAIN_GRACE_S = 0.5
"""After a process has ended: how long whatever it wrote last may take to arrive."""


class RunLostError(Exception):
    """A run has no exit status to tell of it; the text says why, for a person."""


class BoundedText:
    """The first and the last bytes of a stream; what lies between is counted and dropped."""

    def __init__(self, head: int = 64 * 1024, tail: int = 64 * 1024) -> None:
        self._head_size, self._tail_size = head, tail
        self._head = bytearray()
        self._tail = bytearray()
        self._dropped = 0

    def add(self, data: bytes) -> None:
        room = self._head_size - len(self._head)
        self._head += data[:room]
        self._tail += data[room:]
        excess = len(self._tail) - self._tail_size
        if excess > 0:
            del self._tail[:excess]
            self._dropped += excess

    def text(self) -> str:
        """Decoded as UTF-8, what is not UTF-8 escaped."""
        gap = f"\n… {self._dropped:,} bytes left out …\n".encode() if self._dropped else b""
        return bytes(self._head + gap + self._tail).decode("utf-8", "backslashreplace")


class OutputPipe(asyncio.Protocol):
    """A pipe that a child writes to; what arrives goes to ``sink`` as it comes.

    Pipes of our own, not asyncio's: those hold back the news of a child's end until every pipe is
    closed, and a grandchild may keep one open for ever.
    """

    def __init__(self, sink: Callable[[bytes], None]) -> None:
        self._sink = sink
        self._ended = asyncio.Event()
        self._transport: asyncio.ReadTransport | None = None
        self._reading, self.descriptor = os.pipe()
        """``descriptor`` is the end to write to; `handed_over` closes it."""
        self._is_handed_over = False

    async def open(self) -> None:
        """Begin to read."""
        file = os.fdopen(self._reading, "rb", buffering=0)
        self._transport, _ = await asyncio.get_running_loop().connect_read_pipe(lambda: self, file)

    def handed_over(self) -> None:
        """Close our copy of the writing end: from now on the child's end is the end of the pipe."""
        if not self._is_handed_over:
            self._is_handed_over = True
            os.close(self.descriptor)

    async def drain(self) -> None:
        """Read to the end, but no longer than `DRAIN_GRACE_S`, then close."""
        self.handed_over()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_GRACE_S):
                await self._ended.wait()
        self.close()

    def close(self) -> None:
        self.handed_over()
        if self._transport is not None:
            self._transport.close()

    # What the event loop calls.

    def data_received(self, data: bytes) -> None:
        self._sink(data)

    def connection_lost(self, _error: Exception | None) -> None:
        self._ended.set()


@contextlib.asynccontextmanager
async def output_pipes(*sinks: Callable[[bytes], None]) -> AsyncIterator[list[OutputPipe]]:
    """A pipe for each of ``sinks``. When the block ends in peace they are drained, else closed."""
    pipes = [OutputPipe(sink) for sink in sinks]
    try:
        for pipe in pipes:
            await pipe.open()
        yield pipes
        await asyncio.gather(*(pipe.drain() for pipe in pipes))
    finally:
        for pipe in pipes:
            pipe.close()


@contextlib.asynccontextmanager
async def spawn(
    command: Sequence[str], stdout: OutputPipe, stderr: OutputPipe, *, pass_fds: Sequence[int] = ()
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A started child that writes to the pipes given.

    However the block is left, the child's whole process group has ended afterwards. Raises OSError when the
    command cannot be started.
    """
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=stdout.descriptor,
        stderr=stderr.descriptor,
        pass_fds=tuple(pass_fds),
        process_group=0,
    )
    try:
        stdout.handed_over()
        stderr.handed_over()
        yield process
    finally:
        # Shielded: a second cancel must not leave the group alive.
        await asyncio.shield(_end(process))


async def execute(
    command: Sequence[str], stdout: OutputPipe, stderr: OutputPipe, *, report: OutputPipe | None = None
) -> int:
    """Execute ``command`` to its end and return its exit status, negative for a signal. Ends as `spawn` does."""
    async with spawn(command, stdout, stderr, pass_fds=[report.descriptor] if report else []) as process:
        if report is not None:
            report.handed_over()
        return await watched(process.pid, asyncio.ensure_future(process.wait()))


async def _end(process: asyncio.subprocess.Process) -> None:
    exited = asyncio.ensure_future(process.wait())
    await end_group(process.pid, exited)
    await exited


async def watched(group: int, status: asyncio.Future[int]) -> int:
    """The exit status of the leader of ``group``. Raises `RunLostError` when the group grows beyond `MAX_PROCESSES`."""
    try:
        while not status.done():
            await asyncio.wait([status], timeout=WATCH_INTERVAL_S)
            if not status.done() and _size_of(group) > MAX_PROCESSES:
                raise RunLostError(f"started more than {MAX_PROCESSES} processes and was ended")
        return status.result()
    finally:
        status.cancel()


def _size_of(group: int) -> int:
    size = 0
    for pid in psutil.pids():
        with contextlib.suppress(OSError):
            size += os.getpgid(pid) == group
    return size


async def end_group(group: int, leader: asyncio.Future[int]) -> None:
    """End the process group ``group``: ask it, wait `TERMINATE_GRACE_S` for its ``leader``, then kill what is left."""
    if not leader.done():
        signal_group(group, signal.SIGTERM)
        await asyncio.wait([leader], timeout=TERMINATE_GRACE_S)
    # Also when the leader is gone: what it started may still run and hold its pipes.
    signal_group(group, signal.SIGKILL)


def signal_group(group: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)
