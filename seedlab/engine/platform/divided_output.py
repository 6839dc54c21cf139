"""The output of a process that is divided by a mark: what came before it, and what comes after."""

from collections.abc import Callable


class DividedOutput:
    """Passes the output of a prepared process on, from the mark of its run on to the sink of that run."""

    def __init__(self, sink: Callable[[bytes], None]) -> None:
        self._sink = sink
        """Takes what comes before the mark."""
        self._mark = b""
        self._after: Callable[[bytes], None] | None = None
        self._rest = b""
        """The end of what has come, which may be the beginning of the mark."""
        self.is_marked = False
        """True once the mark has come."""

    def expect(self, mark: bytes, after: Callable[[bytes], None]) -> None:
        """Pass what comes after ``mark``, which nobody has written yet, on to ``after``."""
        self._mark, self._after = mark, after

    def add(self, data: bytes) -> None:
        """Take the next bytes."""
        if self._after is None:
            self._sink(data)
        elif self.is_marked:
            self._after(data)
        else:
            before, mark, after = (self._rest + data).partition(self._mark)
            self.is_marked = bool(mark)
            kept = 0 if mark else min(len(before), len(self._mark) - 1)
            self._rest = before[len(before) - kept :]
            self._pass_on(self._sink, before[: len(before) - kept])
            self._pass_on(self._after, after)

    @staticmethod
    def _pass_on(sink: Callable[[bytes], None], data: bytes) -> None:
        if data:
            sink(data)
