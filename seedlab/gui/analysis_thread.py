"""The thread that analyses what the window shows: the newest request wins, the answer is a frozen value."""

import threading
from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QThread, Signal

from seedlab.analysis.analyst import Analysis, Analyst
from seedlab.study.lab import Column


class Answer(msgspec.Struct, frozen=True):
    """What came of one request."""

    number: int
    """The number that `AnalysisThread.ask` gave the request."""
    result: Analysis | Exception
    """The exception where the analysis failed, which is to be raised where somebody hears of it."""


class _Request(msgspec.Struct, frozen=True):
    number: int
    columns: tuple[Column, ...]
    uncovered: int | None


class AnalysisThread(QThread):
    """Runs one `Analyst`. Its methods are to be called from the window's thread."""

    answered = Signal(Answer)
    """An answer; requests that a newer one overtook have none."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("analysis")
        self._changed = threading.Condition()
        self._request: _Request | None = None
        self._asked = 0
        self._closed = False

    def ask(self, columns: Sequence[Column], uncovered: int | None) -> int:
        """Have ``columns`` analysed; return the number that the answer will have."""
        with self._changed:
            self._asked += 1
            self._request = _Request(self._asked, tuple(columns), uncovered)
            self._changed.notify()
        # Only now: a window that never shows anything has no thread to end.
        if not self._closed and not self.isRunning():
            self.start()
        return self._asked

    def close(self) -> None:
        """End the thread, after what it is at. Safe to call twice, and before anything was asked."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self.wait()

    def run(self) -> None:
        """Answer requests until `close`: the thread's body."""
        analyst = Analyst()
        while (request := self._next_request()) is not None:
            try:
                answer = Answer(request.number, analyst.update(request.columns, request.uncovered))
            except Exception as error:  # noqa: BLE001  # Whoever asked is told.
                answer = Answer(request.number, error)
                analyst = Analyst()
            self.answered.emit(answer)

    def _next_request(self) -> _Request | None:
        """Wait for a request; return None once the thread is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._request is not None)
            request, self._request = self._request, None
            return None if self._closed else request
