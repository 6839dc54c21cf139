"""The stage for talks: the window fills the screen, everything is larger, and an unmoved pointer is hidden."""

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QMainWindow

from seedlab.gui.still_pointer import StillPointer

WIDTH, HEIGHT = 1024, 576
"""The size that the stage shows at zoom 1, in pixels; a larger screen shows the same content enlarged."""


class Stage(QObject):
    """Puts a window on stage, and takes it back."""

    changed = Signal()
    """Emitted when the window went on stage, left it, or changed its size there, so that it has to be built anew."""

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.pointer = StillPointer(self)
        # Qt's isFullScreen follows the desktop, which may be late or refuse.
        self.is_on = False
        self._was_maximised = False

    @property
    def magnification(self) -> float:
        """The factor by which everything is larger than usual."""
        if not self.is_on:
            return 1.0
        return max(min(self._window.width() / WIDTH, self._window.height() / HEIGHT), 1.0)

    def set_on(self, *, is_on: bool) -> None:
        """Fill the screen, or return to the window."""
        self.is_on = is_on
        if is_on:
            self._was_maximised = self._window.isMaximized()
            self._window.showFullScreen()
        else:
            self.pointer.stop()
            if self._was_maximised:
                self._window.showMaximized()
            else:
                self._window.showNormal()
        self.changed.emit()
        if is_on:
            self.pointer.start()

    def on_resized(self) -> None:
        """Have everything built anew: a full screen gets its size only when the desktop grants it."""
        if self.is_on:
            QTimer.singleShot(0, self, self._report_if_on)

    def _report_if_on(self) -> None:
        if self.is_on:
            self.changed.emit()
