"""Command lines as a person types them: quoted for a shell on POSIX, and for the programs themselves on Windows."""

import shlex
import subprocess
import sys
from collections.abc import Iterable

_ON_WINDOWS = sys.platform == "win32"


class OpenQuoteError(ValueError):
    """A quotation is not closed."""


class OpenEscapeError(ValueError):
    """Nothing comes after an escape."""


def joined(words: Iterable[str], *, on_windows: bool = _ON_WINDOWS) -> str:
    """Return ``words`` as one command line."""
    # On Windows each program divides its command line itself, nearly always as Microsoft's C library does.
    return subprocess.list2cmdline(list(words)) if on_windows else shlex.join(words)


def divided(text: str, *, on_windows: bool = _ON_WINDOWS) -> list[str]:
    """Return the words of ``text``, as `joined` writes them. Raise `OpenQuoteError` or `OpenEscapeError`."""
    if on_windows:
        return list(_divided_on_windows(text))
    try:
        return shlex.split(text)
    except ValueError as error:
        raise (OpenEscapeError if "escape" in str(error) else OpenQuoteError)(str(error)) from error


def _divided_on_windows(text: str) -> Iterable[str]:
    r"""Yield the words of ``text`` by the rules of Microsoft's C library ("Parsing C command-line arguments").

    Backslashes are themselves but before a quotation mark, where two stand for one, and one more for the mark itself.
    Within quotation marks, two marks stand for one.
    """
    word, is_word, is_quoted, at = "", False, False, 0
    while at < len(text):
        slashes = len(text) - at - len(text[at:].lstrip("\\"))
        at += slashes
        mark = text[at : at + 1]
        if mark == '"':
            word += "\\" * (slashes // 2)
            is_word = True
            if slashes % 2:
                word += mark
            elif is_quoted and text[at + 1 : at + 2] == '"':
                word += mark
                at += 1
            else:
                is_quoted = not is_quoted
        else:
            word += "\\" * slashes
            is_word = is_word or bool(slashes)
            if mark.isspace() and not is_quoted:
                if is_word:
                    yield word
                word, is_word = "", False
            elif mark:
                word, is_word = word + mark, True
        at += 1
    if is_quoted:
        raise OpenQuoteError("No closing quotation")
    if is_word:
        yield word
