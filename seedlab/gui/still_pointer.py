"""Hiding the mouse pointer while nobody moves it, because on stage it is in the way."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

STILL_MS = 2_000
"""A pointer that has not moved for this long is hidden."""


class StillPointer(QObject):
    """Hides the pointer while it is still, between `start` and `stop`."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.timer = QTimer(self, singleShot=True, interval=STILL_MS)
        self.timer.timeout.connect(self._hide)

    def start(self) -> None:
        application = QApplication.instance()
        assert application is not None
        application.installEventFilter(self)
        self.timer.start()

    def stop(self) -> None:
        """Show the pointer again, and hide it no more."""
        application = QApplication.instance()
        assert application is not None
        application.removeEventFilter(self)
        self.timer.stop()
        self._show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseMove:
            self._show()
            self.timer.start()
        return super().eventFilter(watched, event)

    def _hide(self) -> None:
        if QApplication.overrideCursor() is None:
            QApplication.setOverrideCursor(Qt.CursorShape.BlankCursor)

    def _show(self) -> None:
        if QApplication.overrideCursor() is not None:
            QApplication.restoreOverrideCursor()
