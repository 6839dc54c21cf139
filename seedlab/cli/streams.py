"""Standard output and standard error, where whatever cannot be encoded or written ends in no traceback.

A character that a stream cannot encode is replaced: a sign of seedlab's own by what looks like it, any other one by its
escape, such as ``\\xfc``.
"""

import codecs
import contextlib
import io
import os
import sys
from collections.abc import Iterator
from typing import IO, TextIO, cast

from seedlab import APPLICATION_NAME
from seedlab.errors import SeedlabError
from seedlab.phrases import sentence
from seedlab.plain_text import terminal_lines

_ERRORS = "seedlab.replace"
_LOOKALIKES = {"≠": "!=", "×": "x", "·": "-", "…": "...", "“": '"', "”": '"'}


class OutputError(SeedlabError):
    """Standard output takes no more, so something that was printed is lost."""


def _replace(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    unknown = error.object[error.start : error.end]
    escaped = (_LOOKALIKES.get(character) or ascii(character)[1:-1] for character in unknown)
    return "".join(escaped), error.end


codecs.register_error(_ERRORS, _replace)


def prepare_streams() -> None:
    """Let standard output and standard error take any text. Call this before anything is printed."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            # It was closed before Python started, so nobody wants to read it; print would choose the other one.
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_ERRORS)


def printable(text: str) -> str:
    """Return ``text`` as it will stand on standard output, so that a table can be as wide as it will look."""
    encoding = sys.stdout.encoding or "utf-8"
    return text.encode(encoding, _ERRORS).decode(encoding)


@contextlib.contextmanager
def printing() -> Iterator[None]:
    """Print to standard output within the block. Raise `OutputError` when not all of it could be written."""
    try:
        yield
        sys.stdout.flush()
    except OSError as error:
        _give_up(sys.stdout)
        reason = error.strerror or str(error)
        raise OutputError(
            sentence("Standard output cannot be written: {reason}.", reason=reason),
            sentence("Let it go to a place that takes all of it."),
        ) from error


def complain(text: str) -> None:
    """Print ``text`` as a line of seedlab on standard error, if that can be written."""
    try:
        print(f"{APPLICATION_NAME}: {terminal_lines(text)}", file=sys.stderr, flush=True)
    except OSError:
        _give_up(sys.stderr)


def forgiving_stderr() -> IO[str]:
    """Return standard error as a file that drops what cannot be written: nothing is lost with it but progress."""
    # What rich asks of a file is less than the type has.
    return cast("IO[str]", _Forgiving(sys.stderr))


class _Forgiving:
    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.encoding = stream.encoding

    def write(self, text: str) -> int:
        try:
            self._stream.write(text)
        except OSError:
            _give_up(self._stream)
        return len(text)

    def flush(self) -> None:
        try:
            self._stream.flush()
        except OSError:
            _give_up(self._stream)

    def isatty(self) -> bool:
        return self._stream.isatty()

    def fileno(self) -> int:
        return self._stream.fileno()


def _give_up(stream: TextIO) -> None:
    """Let ``stream`` lead nowhere: Python would fail to write the rest as it ends, and say so with another status."""
    # A stream in a test has no descriptor.
    with contextlib.suppress(io.UnsupportedOperation):
        descriptor = stream.fileno()
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, descriptor)
        os.close(nowhere)
