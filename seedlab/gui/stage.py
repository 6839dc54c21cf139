"""The stage for talks: the window fills the screen, everything is larger, and an unmoved pointer is hidden."""

from PySide6.QtCore import QObject, QRect, QSize, QTimer, Signal
from PySide6.QtGui import QScreen
from PySide6.QtWidgets import QMainWindow, QWidget

from seedlab.gui.still_pointer import StillPointer

WIDTH, HEIGHT = 1024, 576
"""The size that the stage shows at zoom 1, in pixels; a larger screen shows the same content enlarged."""


def magnification_of(size: QSize) -> float:
    """Return the factor by which everything is larger than usual on a screen of ``size``, in pixels."""
    return max(min(size.width() / WIDTH, size.height() / HEIGHT), 1.0)


def fill(window: QWidget, screen: QScreen) -> None:
    """Have ``window`` fill ``screen``, wherever it was."""
    if window.isVisible() and window.isFullScreen() and window.screen() is screen:
        return
    if window.screen() is not screen:
        # A window manager leaves a window where it is once it fills a screen.
        if window.isFullScreen():
            window.showNormal()
        window.setScreen(screen)
        window.setGeometry(screen.geometry())
    window.showFullScreen()


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
        self._normal = QRect()
        """Where the window was before it went on stage."""
        self._home: QRect | None = None
        """The same once it was brought to another screen, from where it does not return by itself."""

    @property
    def magnification(self) -> float:
        """The factor by which everything is larger than usual."""
        if not self.is_on:
            return 1.0
        return magnification_of(self._window.size())

    def set_on(self, *, is_on: bool, screen: QScreen | None = None) -> None:
        """Fill ``screen``, None for the one that the window is on, or return to the window."""
        self.is_on = is_on
        if is_on:
            self._was_maximised = self._window.isMaximized()
            self._normal = self._window.normalGeometry() if self._was_maximised else self._window.geometry()
            self.move_to(screen or self._window.screen())
        else:
            self.pointer.stop()
            if self._home is not None:
                # A window manager puts a window back where it was normal last.
                self._window.showNormal()
                self._window.setGeometry(self._home)
                self._home = None
            if self._was_maximised:
                self._window.showMaximized()
            else:
                self._window.showNormal()
        self.changed.emit()
        if is_on:
            self.pointer.start()

    def move_to(self, screen: QScreen) -> None:
        """Fill ``screen``, and remember the place to return to where that is another one."""
        if self._window.screen() is not screen:
            self._home = self._normal
        fill(self._window, screen)

    def on_resized(self) -> None:
        """Have everything built anew: a full screen gets its size only when the desktop grants it."""
        if self.is_on:
            QTimer.singleShot(0, self, self._report_if_on)

    def _report_if_on(self) -> None:
        if self.is_on:
            self.changed.emit()
