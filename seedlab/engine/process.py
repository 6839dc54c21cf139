"""Child processes: no stdin, a group of their own, output in bounded memory, and an end that leaves nothing."""

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator, Sequence

TERMINATE_GRACE_S = 0.1
"""Between asking a group to end and killing it: Stop has to answer within 0.2 s."""
DRAIN_GRACE_S = 0.5
"""After a process has ended: how long whatever it wrote last may take to arrive."""


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


async def read_into(stream: asyncio.StreamReader, text: BoundedText) -> None:
    while data := await stream.read(64 * 1024):
        text.add(data)


@contextlib.asynccontextmanager
async def child(command: Sequence[str], pass_fds: Sequence[int] = ()) -> AsyncIterator[asyncio.subprocess.Process]:
    """A started child; however the block is left, its whole process group has ended afterwards.

    Raises OSError when the command cannot be started.
    """
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        pass_fds=tuple(pass_fds),
        start_new_session=True,
    )
    try:
        yield process
    finally:
        # Shielded: a second cancel must not leave the group alive.
        await asyncio.shield(_end(process))


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        _signal_group(process.pid, signal.SIGTERM)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(TERMINATE_GRACE_S):
                await process.wait()
    # Also when the leader is gone: what it started may still run and hold its pipes.
    _signal_group(process.pid, signal.SIGKILL)
    await process.wait()
    # asyncio offers no other way to let go of pipes that somebody outside the group keeps open.
    process._transport.close()  # type: ignore[attr-defined]


def _signal_group(group: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


async def drain(readers: Sequence[asyncio.Task[None]]) -> None:
    """Let ``readers`` reach the end of their streams, but not for ever: a grandchild may hold them open."""
    _, unfinished = await asyncio.wait(readers, timeout=DRAIN_GRACE_S)
    for reader in unfinished:
        reader.cancel()
    await asyncio.gather(*readers, return_exceptions=True)
