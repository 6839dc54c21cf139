"""A file that another process appends to, read while it grows."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

PIECE_BYTES = 2**20
"""The most that is read at once: what is larger is read in pieces, between which others have their turn."""
_COMPARED_BYTES = 64
POLL_S = 0.02
"""The time between two looks at whether the file has grown, in seconds."""


class FollowedFile:
    """An empty file, made for another process to append to, and read from its beginning on."""

    def __init__(self, path: Path) -> None:
        self.address = f"file:{path}"
        """The address under which the observer knows it."""
        # Windows lets nobody replace or remove it while it is open.
        self._file = open(path, "x+b", buffering=0)  # noqa: SIM115  # It is open until `close`.
        self._position = 0
        self._last = b""
        """The end of what was read."""
        self._is_cut = False

    def read(self) -> bytes:
        """Return the next piece, empty where there is none yet. Raise `CutError` once what was read is not there."""
        last = len(self._last)
        self._file.seek(self._position - last)
        data = self._file.read(last + PIECE_BYTES) or b""
        if self._is_cut or data[:last] != self._last:
            # What comes next is no continuation of what was read.
            self._is_cut = True
            raise CutError
        self._position += len(data) - last
        self._last = data[-_COMPARED_BYTES:]
        return data[last:]

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class CutError(Exception):
    """Somebody has changed the file otherwise than by appending to it."""


class Following:
    """Passes all that is appended to ``file`` on to ``sink``; ``on_cut`` is called when somebody has cut it."""

    def __init__(self, file: FollowedFile, sink: Callable[[bytes], None], on_cut: Callable[[], None]) -> None:
        self._file = file
        self._sink = sink
        self._on_cut = on_cut
        self._task = asyncio.create_task(self._follow())

    async def finish(self, within_s: float | None = None) -> None:
        """Pass the rest on, as far as that is done within ``within_s`` seconds, and end."""
        await self.stop()
        until = None if within_s is None else time.monotonic() + within_s
        while (until is None or time.monotonic() < until) and self._pass_on():
            # Others have their turn.
            await _turn()

    async def stop(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _follow(self) -> None:
        while True:
            await (_turn() if self._pass_on() else asyncio.sleep(POLL_S))

    def _pass_on(self) -> bool:
        """Pass the next piece on. Return False where there is none."""
        try:
            data = self._file.read()
        except CutError:
            self._on_cut()
            return False
        if data:
            self._sink(data)
        return bool(data)


async def _turn() -> None:
    await asyncio.sleep(0)
