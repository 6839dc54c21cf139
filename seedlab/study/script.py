"""A script: the Python source that a run executes, written line by line."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

MAX_SCRIPT = 1_000_000
"""Characters: a longer script is no experiment, and parsing, colouring and laying it out would take minutes."""
_END_OF_LINE = re.compile("\r\n|\r|\n")


class Script(msgspec.Struct, frozen=True):
    """Source text, and the 1-based numbers of the lines that set the seed under study."""

    text: str
    seed_lines: tuple[int, ...] = ()

    @property
    def lines(self) -> list[str]:
        """As Python counts them: a form feed, or whatever else Unicode takes for the end of a line, ends none."""
        lines = _END_OF_LINE.split(self.text)
        return lines if lines[-1] else lines[:-1]


class ScriptWriter:
    """Collects lines, their indentation and which of them set the seed."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._seed_lines: list[int] = []
        self._depth = 0

    def line(self, text: str = "") -> None:
        self._lines.append("    " * self._depth + text if text else "")

    def seed_line(self, text: str) -> None:
        self.line(text)
        self._seed_lines.append(len(self._lines))

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """Indent under ``head`` (such as ``with tf.Session() as sess:``) what is written inside."""
        self.line(head)
        self._depth += 1
        yield
        self._depth -= 1

    def script(self) -> Script:
        return Script("\n".join(self._lines) + "\n", tuple(self._seed_lines))
