"""Writing a file whole or not at all."""

import contextlib
import os
import secrets
import threading
from collections.abc import Iterator
from pathlib import Path

from seedlab.errors import DocumentError


def write_whole(path: Path, data: bytes) -> None:
    """Replace ``path`` by ``data`` in one step, so that a failure leaves the old file. Raises `DocumentError`."""
    file = NewFile(path)
    try:
        file.write(data)
        file.keep()
    finally:
        file.drop()


class NewFile:
    """A file that will take the place of ``path``: it is written, then kept in one step or dropped without a trace.

    It may be written in one thread while another one drops it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        # A link stays a link: what it points to is replaced.
        self._target = Path(os.path.realpath(path))
        self._temporary = self._target.with_name(f".seedlab-{secrets.token_hex(8)}")
        self._dropped = threading.Event()

    def write(self, data: bytes) -> None:
        """Write ``data`` to the disk, beside the old file. Raises `DocumentError`."""
        if self._dropped.is_set():
            return
        with self._explained():
            if os.path.lexists(self._target) and not self._target.is_file():
                raise DocumentError(f"{self._path} cannot be written: it is not a file.", "Choose another name.")
            with open(self._temporary, "xb") as file:
                if self._target.exists():
                    # Before there is anything to read, so that a private file is not public even for a moment.
                    os.chmod(self._temporary, self._target.stat().st_mode & 0o777)
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        # A thread that dropped it meanwhile may have looked for it before it was there.
        if self._dropped.is_set():
            self.drop()

    def keep(self) -> None:
        """Put it in the place of the old file. Raises `DocumentError`."""
        with self._explained():
            os.replace(self._temporary, self._target)

    def drop(self) -> None:
        """Remove it, unless it was kept."""
        self._dropped.set()
        with contextlib.suppress(OSError):
            os.unlink(self._temporary)

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            text = f"{self._path} cannot be written: {error.strerror}."
            raise DocumentError(text, "Choose another place.") from error
