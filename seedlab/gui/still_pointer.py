"""Hiding the mouse pointer while nobody moves it, because on stage it is in the way."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

STILL_MS = 2_000
"""A pointer that has not moved for this long is hidden."""


class StillPointer(QObject):
    """Hides the pointer while it is still, between `start` and `stop`."""

    moved = Signal()
    """The pointer is seen again, or Tab looks for what can be pressed."""
    stilled = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.timer = QTimer(self, singleShot=True, interval=STILL_MS)
        self.timer.timeout.connect(self._hide)

    def start(self) -> None:
        application = QApplication.instance()
        assert application is not None
        application.installEventFilter(self)
        self._note()

    @property
    def is_noticed(self) -> bool:
        """True while the pointer was moved not long ago."""
        return self.timer.isActive()

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
            self._note()
        elif isinstance(event, QKeyEvent) and event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self._note()
        return super().eventFilter(watched, event)

    def _note(self) -> None:
        self.timer.start()
        self.moved.emit()

    def _hide(self) -> None:
        self.stilled.emit()
        if QApplication.overrideCursor() is None:
            QApplication.setOverrideCursor(Qt.CursorShape.BlankCursor)

    def _show(self) -> None:
        if QApplication.overrideCursor() is not None:
            QApplication.restoreOverrideCursor()
