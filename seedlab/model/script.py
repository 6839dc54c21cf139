"""A script: the Python source that a run executes, written line by line."""

from collections.abc import Iterator
from contextlib import contextmanager

import msgspec


class Script(msgspec.Struct, frozen=True):
    """Source text, and the 1-based numbers of the lines that set the seed under study."""

    text: str
    seed_lines: tuple[int, ...] = ()

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()


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
