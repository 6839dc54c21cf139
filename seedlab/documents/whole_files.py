"""Writing a file whole or not at all."""

import contextlib
import os
import secrets
import stat
import tempfile
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from seedlab.errors import DocumentError
from seedlab.phrases import sentence

_O_TMPFILE = getattr(os, "O_TMPFILE", None)
"""Linux only."""

_IN_USE = {5, 32}
"""ERROR_ACCESS_DENIED and ERROR_SHARING_VIOLATION of Windows (System Error Codes)."""


def check_writable(path: Path) -> None:
    """Raise `DocumentError` when ``path`` cannot be written now. Nothing is changed, and nothing is left behind."""
    folder = path.absolute().parent
    with _explained(path):
        if not os.path.isdir(folder):
            # Told apart from a folder that may not be looked into, which raises.
            with contextlib.suppress(FileNotFoundError, NotADirectoryError):
                os.stat(folder)
            raise DocumentError(
                sentence("{path} cannot be written: there is no folder {parent}.", path=path, parent=path.parent),
                sentence("Make the folder first."),
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
        raise DocumentError(
            sentence("{path} cannot be written: it is not a file.", path=path), sentence("Choose another name.")
        )


@contextlib.contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        text = sentence("{path} cannot be written: {reason}.", path=path, reason=error.strerror)
        # Windows replaces no file that a program has open.
        is_open = getattr(error, "winerror", None) in _IN_USE
        close = sentence("Close it where it is open, or choose another place.")
        raise DocumentError(text, close if is_open else sentence("Choose another place.")) from error


def write_whole(path: Path, data: bytes | Iterable[bytes]) -> None:
    """Replace ``path`` by ``data``, or its pieces, in one step, so that a failure leaves the old file.

    Raises `DocumentError`.
    """
    file = NewFile(path)
    try:
        file.write(data)
        file.keep()
    finally:
        file.drop()


class NewFile:
    """A file that will take the place of ``path``: it is written, then kept in one step or dropped without a trace.

    It may be written in one thread while another one drops it. Where the system can, it has no name until it is kept,
    so that no end of this process leaves half of it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        # A link stays a link: what it points to is replaced.
        self._target = Path(os.path.realpath(path))
        self._temporary = self._target.with_name(f".seedlab-{secrets.token_hex(8)}")
        self._nameless: BinaryIO | None = None
        """What was written, where it has no name: it is there for as long as it is open."""
        self._dropped = threading.Event()

    def write(self, data: bytes | Iterable[bytes]) -> None:
        """Write ``data``, or its pieces, to the disk, beside the old file. Raises `DocumentError`."""
        if self._dropped.is_set():
            return
        with _explained(self._path):
            if os.path.lexists(self._target):
                _check_mode(self._path, os.stat(self._target).st_mode)
            nameless = _open_nameless(self._target.parent)
            file = nameless or open(self._temporary, "xb")  # noqa: SIM115  # What has no name stays open.
            try:
                if self._target.exists():
                    # Before there is anything to read, so that a private file is not public even for a moment.
                    os.chmod(file.fileno() if nameless else self._temporary, self._target.stat().st_mode & 0o777)
                for piece in [data] if isinstance(data, bytes) else data:
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
                # Only now, so that no other thread closes it while it is written.
                self._nameless = nameless
            finally:
                if self._nameless is None:
                    file.close()
        # A thread that dropped it meanwhile may have looked for it before it was there.
        if self._dropped.is_set():
            self.drop()

    def keep(self) -> None:
        """Put it in the place of the old file. Raises `DocumentError`."""
        with _explained(self._path):
            if self._nameless is not None:
                # A name that exists is not given to it in one step, so that it takes another one first.
                _give_name(self._nameless, self._temporary)
            os.replace(self._temporary, self._target)

    def drop(self) -> None:
        """Remove it, unless it was kept."""
        self._dropped.set()
        if self._nameless is not None:
            self._nameless.close()
        with contextlib.suppress(OSError):
            os.unlink(self._temporary)


def _open_nameless(folder: Path) -> BinaryIO | None:
    """Open a new file in ``folder`` that has no name yet; return None where that is impossible."""
    if _O_TMPFILE is None:
        return None
    # Whatever hinders it: the file with a name goes well, or fails for a reason that can be told.
    with contextlib.suppress(OSError):
        file = open(os.open(folder, os.O_WRONLY | _O_TMPFILE, 0o666), "wb")  # noqa: SIM115  # It is returned.
        if os.path.exists(_address(file)):
            return file
        file.close()
    return None


def _give_name(file: BinaryIO, path: Path) -> None:
    # The descriptor of a folder means nothing to an absolute name, but with one Python has the system follow the link.
    os.link(_address(file), path, src_dir_fd=file.fileno(), follow_symlinks=True)


def _address(file: BinaryIO) -> str:
    return f"/proc/self/fd/{file.fileno()}"
