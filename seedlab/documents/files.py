"""Reading a lab from a file: a document, a picture that has one inside, or a script."""

import importlib.util
import os
import stat
from pathlib import Path

from seedlab.documents import limits
from seedlab.documents.embedding import extract
from seedlab.documents.reading import from_json
from seedlab.errors import DocumentError
from seedlab.phrases import sentence
from seedlab.study.lab import Column, Lab

READABLE_TEXT = sentence("a lab, a picture with a lab inside, or a script")
"""What `read_lab` reads, in words for people."""


def read_lab(path: Path) -> Lab:
    """Return the lab in the file ``path``. Raises `DocumentError`; executes nothing.

    A ``.py`` file is a column that was not run; all others are known by what is in them, whatever their ending.
    """
    name, data = str(path), _bytes_of(path)
    if not data:
        raise DocumentError(
            sentence("{path} cannot be read: it is empty.", path=path),
            sentence("Choose a .seedlab file, or a picture with data inside."),
        )
    if path.suffix.lower() == ".py":
        return Lab.of([Column(name=text_of_name(path), experiment=None, script=_script_in(data, path), trusted=False)])
    return from_json(extract(data, name), name)


def text_of_name(path: Path) -> str:
    """Return the name of ``path``, without its folders, as text that can be written anywhere.

    Bytes that are no UTF-8 are escaped.
    """
    return path.name.encode("utf-8", "backslashreplace").decode("utf-8")


def read_script(path: Path) -> str:
    """Return the script in the file ``path``. Raises `DocumentError`."""
    return _script_in(_bytes_of(path), path)


def _script_in(data: bytes, path: Path) -> str:
    try:
        # As Python reads it: with a coding line in any encoding, with any ends of lines (PEP 263).
        text = importlib.util.decode_source(data)
    except SyntaxError as error:
        raise DocumentError(
            sentence("{path} cannot be read: {why_no}.", path=path, why_no=_why_no_text(data, error)),
            sentence("Name a Python script."),
        ) from error
    except UnicodeDecodeError as error:
        raise DocumentError(
            sentence("{path} cannot be read: {no}.", path=path, no=_no_text(error)), sentence("Name a Python script.")
        ) from error
    if len(text) > limits.MAX_SCRIPT:
        what = sentence(
            "a script has at most {most:,} characters, and it has {count:,}.", most=limits.MAX_SCRIPT, count=len(text)
        )
        raise DocumentError(
            sentence("{path} cannot be read: {what}", path=path, what=what), sentence("Name a shorter one.")
        )
    return text


def _why_no_text(data: bytes, error: SyntaxError) -> str:
    try:
        data.decode()
    except UnicodeDecodeError as wrong:
        # Without a coding line it had to be UTF-8, and where it stops being that helps more.
        return _no_text(wrong)
    return error.msg


def _no_text(error: UnicodeDecodeError) -> str:
    encoding = {"utf-8": "UTF-8"}.get(error.encoding, error.encoding.upper())
    return sentence("it is not {encoding} text, at byte {start:,}", encoding=encoding, start=error.start)


def _bytes_of(path: Path) -> bytes:
    try:
        with open(path, "rb", opener=_open_at_once) as file:
            about = os.fstat(file.fileno())
            if not stat.S_ISREG(about.st_mode):
                raise DocumentError(
                    sentence("{path} cannot be read: it is not a file.", path=path),
                    sentence("Choose a .seedlab file or a picture."),
                )
            if about.st_size > limits.MAX_BYTES:
                what = sentence(
                    "{path} cannot be read: it has more than {most} MB.", path=path, most=limits.MAX_BYTES // 2**20
                )
                raise DocumentError(what, sentence("Choose a .seedlab file, or a picture that seedlab exported."))
            return file.read(about.st_size)
    except OSError as error:
        raise DocumentError(
            sentence("{path} cannot be read: {reason}.", path=path, reason=error.strerror),
            sentence("Choose another file."),
        ) from error


def _open_at_once(path: str, flags: int) -> int:
    # Opening a pipe would wait until somebody writes to it. Windows has no such flag, and no such pipes.
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
