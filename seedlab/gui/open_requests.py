"""Documents that the desktop asks the application to open, as macOS does at a double click or a drop on its icon."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication


class OpenRequests(QObject):
    """Calls ``on_open`` with each file that is asked for; made for the application, which owns it."""

    def __init__(self, application: QApplication, on_open: Callable[[Path], None]) -> None:
        super().__init__(application)
        self._on_open = on_open
        application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is not QEvent.Type.FileOpen:
            return super().eventFilter(watched, event)
        assert isinstance(event, QFileOpenEvent)
        # Empty for an address that names no file here.
        if event.file():
            self._on_open(Path(event.file()))
        return True
