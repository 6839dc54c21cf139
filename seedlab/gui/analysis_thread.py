"""The thread that analyses what the window shows; a newer request replaces one that has not begun."""

import threading

import msgspec
from PySide6.QtCore import QCoreApplication, QThread, Signal, Slot

from seedlab.analysis.analyst import Analysis, Analyst, basis_of
from seedlab.gui.short_turns import short_turns
from seedlab.study.lab import Column


class Request(msgspec.Struct, frozen=True):
    """The columns to analyse."""

    columns: tuple[Column, ...]
    uncovered: int | None = None
    """How many runs of each column the fingerprints take into account; None for all."""
    to_come: int = 0
    """How many runs are to come in all columns together."""
    series: int = 0
    """What is looked at, as `Session.series`: letters of one series are not those of another."""

    def is_answered_like(self, other: "Request") -> bool:
        """Return True when both requests have the same analysis."""
        return self._basis() == other._basis()

    def _basis(self) -> list[object]:
        return [self.uncovered, self.to_come, *map(basis_of, self.columns)]


class Answer(msgspec.Struct, frozen=True):
    """The answer to one request."""

    request: Request
    result: Analysis | Exception
    """The analysis, or the exception that ended it: the window raises it, where it is reported."""


class AnalysisThread(QThread):
    """Runs one `Analyst`. Call its methods from the window's thread only."""

    answered = Signal(Answer)
    """The answer to a request; a request that a newer one replaced has none."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("analysis")
        self._changed = threading.Condition()
        self._request: Request | None = None
        self._closed = False
        self._latest = Answer(Request(()), Analysis())
        # Connected before anyone else, so that whoever asks for the same again on an answer finds it known.
        self.answered.connect(self._keep)
        application = QCoreApplication.instance()
        if application is not None:
            # The thread has to end even when no window is closed before.
            application.aboutToQuit.connect(self.close)

    def known(self, request: Request) -> Analysis | None:
        """Return the analysis of ``request`` if it is the last one that was made, else None."""
        result = self._latest.result
        if isinstance(result, Exception) or not request.is_answered_like(self._latest.request):
            return None
        return result

    def ask(self, request: Request) -> None:
        """Ask for the analysis of ``request``; an earlier request that has not begun yet is dropped."""
        with self._changed:
            self._request = request
            self._changed.notify()
        # Started only now: a window that never shows anything has no thread to end.
        if not self._closed and not self.isRunning():
            self.start()

    @Slot()
    def close(self) -> None:
        """End the thread after the analysis in progress. It is safe to call this twice, or before any request."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self.wait()

    @Slot(Answer)
    def _keep(self, answer: Answer) -> None:
        self._latest = answer

    def run(self) -> None:
        """Answer requests until `close`: the thread's body."""
        analyst, series = Analyst(), 0
        while (request := self._next_request()) is not None:
            if request.series != series:
                analyst, series = Analyst(), request.series
            try:
                with short_turns():
                    answer = Answer(
                        request, analyst.update(request.columns, request.uncovered, to_come=request.to_come)
                    )
            except Exception as error:  # noqa: BLE001  # The window raises it.
                answer = Answer(request, error)
                analyst = Analyst()
            self.answered.emit(answer)

    def _next_request(self) -> Request | None:
        """Wait for a request; return None once the thread is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._request is not None)
            request, self._request = self._request, None
            return None if self._closed else request
