"""Reading a lab from a file: a document, or a picture that has one inside."""

import os
import stat
from pathlib import Path

from seedlab.errors import DocumentError
from seedlab.model.document import MAX_BYTES, from_json
from seedlab.model.embedding import extract
from seedlab.model.lab import Lab


def read_lab(path: Path) -> Lab:
    """The lab in the file ``path``, whatever its ending. Raises `DocumentError`; executes nothing."""
    name = str(path)
    return from_json(extract(_bytes_of(path), name), name)


def _bytes_of(path: Path) -> bytes:
    try:
        with open(path, "rb", opener=_open_at_once) as file:
            about = os.fstat(file.fileno())
            if not stat.S_ISREG(about.st_mode):
                raise DocumentError(f"{path} cannot be read: it is not a file.", "Choose a .seedlab file or a picture.")
            if about.st_size > MAX_BYTES:
                what = f"{path} cannot be read: it has more than {MAX_BYTES // 2**20} MB."
                raise DocumentError(what, "Choose a .seedlab file, or a picture that seedlab exported.")
            return file.read(about.st_size)
    except OSError as error:
        raise DocumentError(f"{path} cannot be read: {error.strerror}.", "Choose another file.") from error


def _open_at_once(path: str, flags: int) -> int:
    # Opening a pipe would wait until somebody writes to it. Windows has no such flag, and no such pipes.
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
