"""The thread that analyses what the window shows: the newest request wins, the answer is a frozen value."""

import threading

import msgspec
from PySide6.QtCore import QCoreApplication, QThread, Signal, Slot

from seedlab.analysis.analyst import Analysis, Analyst
from seedlab.study.lab import Column


class Request(msgspec.Struct, frozen=True):
    """What is to be analysed."""

    columns: tuple[Column, ...]
    uncovered: int | None = None
    """How many runs of each column the fingerprints may know; None for all."""

    def is_answered_like(self, other: "Request") -> bool:
        """Return True where both have the same analysis."""
        return self.uncovered == other.uncovered and self._basis() == other._basis()

    def _basis(self) -> list[tuple[object, ...]]:
        # Before the first run there is nothing to analyse: another choice is shown at once.
        return [
            (column.name, column.script, column.experiment, column.interpreter, column.runs) if column.runs else ()
            for column in self.columns
        ]


class Answer(msgspec.Struct, frozen=True):
    """What came of one request."""

    request: Request
    result: Analysis | Exception
    """The exception where the analysis failed, which is to be raised where somebody hears of it."""


class AnalysisThread(QThread):
    """Runs one `Analyst`. Its methods are to be called from the window's thread."""

    answered = Signal(Answer)
    """An answer; requests that a newer one overtook have none."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("analysis")
        self._changed = threading.Condition()
        self._request: Request | None = None
        self._closed = False
        self._latest = Answer(Request(()), Analysis())
        # Before anyone else can hear of an answer: who then asks for the same has it at once.
        self.answered.connect(self._keep)
        application = QCoreApplication.instance()
        if application is not None:
            # Also where no window was closed before.
            application.aboutToQuit.connect(self.close)

    def known(self, request: Request) -> Analysis | None:
        """Return the analysis of ``request`` where it is the last one that was made, else None."""
        result = self._latest.result
        if isinstance(result, Exception) or not request.is_answered_like(self._latest.request):
            return None
        return result

    def ask(self, request: Request) -> None:
        """Have ``request`` answered, and no longer the one before where it is not begun yet."""
        with self._changed:
            self._request = request
            self._changed.notify()
        # Only now: a window that never shows anything has no thread to end.
        if not self._closed and not self.isRunning():
            self.start()

    @Slot()
    def close(self) -> None:
        """End the thread, after what it is at. Safe to call twice, and before anything was asked."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self.wait()

    @Slot(Answer)
    def _keep(self, answer: Answer) -> None:
        self._latest = answer

    def run(self) -> None:
        """Answer requests until `close`: the thread's body."""
        analyst = Analyst()
        while (request := self._next_request()) is not None:
            try:
                answer = Answer(request, analyst.update(request.columns, request.uncovered))
            except Exception as error:  # noqa: BLE001  # Whoever asked is told.
                answer = Answer(request, error)
                analyst = Analyst()
            self.answered.emit(answer)

    def _next_request(self) -> Request | None:
        """Wait for a request; return None once the thread is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._request is not None)
            request, self._request = self._request, None
            return None if self._closed else request
