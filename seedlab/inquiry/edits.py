"""Texts in lines, and edits of them."""

import io
from collections.abc import Iterable
from pathlib import Path

from seedlab.results.influence import Edit


def lines_of(text: str) -> list[str]:
    """Return the lines of ``text`` with their ends, as Python counts them: ``str.splitlines`` knows more ends."""
    return list(io.StringIO(text, newline=""))


def newline_of(path: str) -> str:
    """Return what ends the lines of the file at ``path``; ``\\n`` where they end differently, or it cannot be read."""
    try:
        content = Path(path).read_bytes()
    except OSError:
        return "\n"
    return "\r\n" if b"\r\n" in content and content.count(b"\r\n") == content.count(b"\n") else "\n"


def applied(text: str, edits: Iterable[Edit]) -> str:
    """Return ``text`` with ``edits``, which are in each other's way nowhere."""
    lines = lines_of(text)
    for edit in sorted(edits, key=lambda edit: edit.line, reverse=True):
        lines[edit.line - 1 : edit.line - 1 + edit.replaces] = [edit.text]
    return "".join(lines)
