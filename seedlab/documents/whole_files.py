"""Writing a file whole or not at all."""

import contextlib
import os
import secrets
import stat
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from seedlab.errors import DocumentError


def check_writable(path: Path) -> None:
    """Raise `DocumentError` when ``path`` cannot be written now. Nothing is changed, and nothing is left behind."""
    folder = path.absolute().parent
    with _explained(path):
        if not os.path.isdir(folder):
            # Told apart from a folder that may not be looked into, which raises.
            with contextlib.suppress(FileNotFoundError, NotADirectoryError):
                os.stat(folder)
            raise DocumentError(
                f"{path} cannot be written: there is no folder {path.parent}.", "Make the folder first."
            )
        try:
            mode = os.stat(path).st_mode
        except FileNotFoundError:
            pass
        else:
            _check_mode(path, mode)
            # Tried, because neither permission bits nor the user alone decide. Nothing is written.
            with open(path, "r+b"):
                pass
        # Where the system can, the file never has a name, so that no end of this process leaves it.
        with tempfile.TemporaryFile(dir=os.path.dirname(os.path.realpath(path))):
            pass


def _check_mode(path: Path, mode: int) -> None:
    if not stat.S_ISREG(mode):
        raise DocumentError(f"{path} cannot be written: it is not a file.", "Choose another name.")


@contextlib.contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        text = f"{path} cannot be written: {error.strerror}."
        raise DocumentError(text, "Choose another place.") from error


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
        with _explained(self._path):
            if os.path.lexists(self._target):
                _check_mode(self._path, os.stat(self._target).st_mode)
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
        with _explained(self._path):
            os.replace(self._temporary, self._target)

    def drop(self) -> None:
        """Remove it, unless it was kept."""
        self._dropped.set()
        with contextlib.suppress(OSError):
            os.unlink(self._temporary)
