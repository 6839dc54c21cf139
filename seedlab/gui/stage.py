"""On stage: the window fills the screen, everything is larger, and a pointer that nobody moves is hidden."""

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QMainWindow

from seedlab.gui.still_pointer import StillPointer

WIDTH, HEIGHT = 1180, 740
"""What the stage shows at zoom 1: a larger screen shows the same, larger."""


class Stage(QObject):
    """Takes a window on stage, and back."""

    changed = Signal()
    """The window went on stage, left it, or was given another size there: everything has to be laid out anew."""

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.pointer = StillPointer(self)
        # Not Qt's isFullScreen: that follows the desktop, which may take its time or have its own mind.
        self.is_on = False

    @property
    def magnification(self) -> float:
        """How much larger everything is than usual."""
        if not self.is_on:
            return 1.0
        return max(min(self._window.width() / WIDTH, self._window.height() / HEIGHT), 1.0)

    def set_on(self, *, is_on: bool) -> None:
        """Fill the screen, or come back."""
        self.is_on = is_on
        if is_on:
            self._window.showFullScreen()
        else:
            self.pointer.stop()
            self._window.showNormal()
        self.changed.emit()
        if is_on:
            self.pointer.start()

    def on_resized(self) -> None:
        """Lay everything out anew: a full screen has its size only when the desktop says so."""
        if self.is_on:
            QTimer.singleShot(0, self, self._tell_if_on)

    def _tell_if_on(self) -> None:
        if self.is_on:
            self.changed.emit()
