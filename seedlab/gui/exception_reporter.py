"""What becomes of an exception that nobody expected: it is shown and written down, and the window goes on."""

import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QApplication, QWidget

from seedlab.gui.exception_dialog import ExceptionDialog
from seedlab.session.log import Log, default_folder, without_home

_SAME_S = 2.0
"""An exception that comes again sooner than this is going on, as one in a timer: it is counted, not shown anew."""


@contextmanager
def reporting(parent: QObject) -> Iterator[None]:
    """Show and write down what nobody expected while the block lasts, in the log of this person's machine."""
    with Log(default_folder()) as log, ExceptionReporter(log, parent).installed():
        yield


class ExceptionReporter(QObject):
    """Takes exceptions from all threads, and shows one dialog at a time in the window's thread."""

    noted = Signal()
    """Emitted after an exception was written down and shown, or counted."""
    _caught = Signal(object)

    def __init__(self, log: Log, parent: QObject) -> None:
        super().__init__(parent)
        self._log = log
        self._dialog: ExceptionDialog | None = None
        self._last_seen: dict[str, float] = {}
        # Queued, as the exception may have come from the middle of painting.
        self._caught.connect(self._on_caught, Qt.ConnectionType.QueuedConnection)

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Take all exceptions that nobody catches while the block lasts; what ends the block is only written down."""
        before = sys.excepthook, threading.excepthook, sys.unraisablehook
        sys.excepthook, threading.excepthook, sys.unraisablehook = self._on_exception, self._on_thread, self._on_ignored
        try:
            yield
        except Exception as error:
            self._log.note(error)
            raise
        finally:
            sys.excepthook, threading.excepthook, sys.unraisablehook = before

    def _on_exception(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if not isinstance(error, Exception):
            # Ctrl+C, and what ends the program on purpose.
            sys.__excepthook__(kind, error, trace)
            return
        self._caught.emit(error.with_traceback(trace))

    def _on_thread(self, about: threading.ExceptHookArgs) -> None:
        if isinstance(about.exc_value, Exception):
            self._caught.emit(about.exc_value)

    def _on_ignored(self, about: "sys.UnraisableHookArgs") -> None:
        # Python goes on as if nothing had been, so that nobody needs to be disturbed.
        if isinstance(about.exc_value, Exception):
            self._log.note(about.exc_value)

    @Slot(object)
    def _on_caught(self, error: Exception) -> None:
        try:
            self._report(error)
        except Exception:  # noqa: BLE001  # Reporting it would fail again and again.
            sys.__excepthook__(*sys.exc_info())
        self.noted.emit()

    def _report(self, error: Exception) -> None:
        self._log.note(error)
        text = without_home("".join(traceback.format_exception(error)))
        now = monotonic()
        is_going_on = now - self._last_seen.get(text, -_SAME_S) < _SAME_S
        self._last_seen[text] = now
        if self._dialog is not None:
            self._dialog.add(text)
        elif not is_going_on:
            self._show(text)

    def _show(self, text: str) -> None:
        dialog = self._dialog = ExceptionDialog(str(self._log.path), _above())
        dialog.add(text)
        dialog.finished.connect(lambda _: self._on_gone(dialog))
        # Without having been closed, where what it is above is deleted.
        dialog.destroyed.connect(lambda _: self._on_gone(dialog))
        # Not modal: whatever is wrong, the results can be saved.
        dialog.show()

    def _on_gone(self, dialog: ExceptionDialog) -> None:
        if self._dialog is dialog:
            self._dialog = None


def _above() -> QWidget | None:
    """Return the widget that the dialog has to be above: one that is modal would keep others from being used."""
    return (
        QApplication.activeModalWidget()
        or QApplication.activeWindow()
        or next((widget for widget in QApplication.topLevelWidgets() if widget.isVisible() and widget.isWindow()), None)
    )
