"""A script: the Python source that a run executes, written line by line."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

MAX_SCRIPT = 1_000_000
"""The most characters of a script. Parsing, colouring and laying out a longer one would take minutes."""
_END_OF_LINE = re.compile("\r\n|\r|\n")


class Script(msgspec.Struct, frozen=True):
    """Source text, and the 1-based numbers of the lines that set the seed under study."""

    text: str
    seed_lines: tuple[int, ...] = ()

    @property
    def lines(self) -> list[str]:
        """The lines as Python counts them: a form feed, like all else that ends a line for Unicode alone, ends none."""
        lines = _END_OF_LINE.split(self.text)
        return lines if lines[-1] else lines[:-1]


class ScriptWriter:
    """Collects the lines of a script with their indentation, and which of them set the seed."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._seed_lines: list[int] = []
        self._depth = 0

    def line(self, text: str = "") -> None:
        """Write ``text`` as one line at the current indentation."""
        self._lines.append("    " * self._depth + text if text else "")

    def seed_line(self, text: str) -> None:
        """Write ``text`` as one line that sets the seed under study."""
        self.line(text)
        self._seed_lines.append(len(self._lines))

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """Write ``head``, such as ``with tf.Session() as sess:``, and indent what is written inside the block."""
        self.line(head)
        self._depth += 1
        yield
        self._depth -= 1

    def script(self) -> Script:
        return Script("\n".join(self._lines) + "\n", tuple(self._seed_lines))
