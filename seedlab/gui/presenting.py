"""A talk on two screens: the room sees the stage on one, and the presenter the notes on the other."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QWidget

from seedlab.gui.presenter_window import PresenterWindow
from seedlab.gui.stage import Stage, fill


def distinct_screens() -> list[QScreen]:
    """Return the screens, the primary one first, without those that show what another one shows."""
    primary = QGuiApplication.primaryScreen()
    found: list[QScreen] = []
    for screen in sorted(QGuiApplication.screens(), key=lambda each: each is not primary):
        if not any(screen.geometry().intersects(other.geometry()) for other in found):
            found.append(screen)
    return found


class Presenting(QObject):
    """Puts ``window`` on ``stage``; during a talk, where there are two screens, notes are shown on the primary one."""

    changed = Signal()
    """Emitted when the notes have appeared or gone."""

    def __init__(
        self, window: QWidget, stage: Stage, make_notes: Callable[[], PresenterWindow], has_talk: Callable[[], bool]
    ) -> None:
        super().__init__(window)
        self._window = window
        self._stage = stage
        self._make_notes = make_notes
        self._has_talk = has_talk
        self._is_swapped = self._is_closed = False
        self.notes: PresenterWindow | None = None
        """The presenter's window; None until it is needed."""
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self.arrange)
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        application.screenAdded.connect(self._on_screen_added)
        application.screenRemoved.connect(self._later.start)
        application.primaryScreenChanged.connect(self._later.start)
        for screen in QGuiApplication.screens():
            self._on_screen_added(screen)

    @property
    def has_notes(self) -> bool:
        """True while the notes are shown."""
        return self.notes is not None and self.notes.isVisible()

    def set_on(self, *, is_on: bool) -> None:
        """Fill the screen, that of the room where there are two, or return to the window."""
        screens = self._screens()
        self._stage.set_on(is_on=is_on, screen=screens[1] if screens is not None and is_on else None)
        self.arrange()

    def swap(self) -> None:
        """Show on each screen what the other one shows."""
        if self.has_notes:
            self._is_swapped = not self._is_swapped
            self.arrange()

    def arrange(self) -> None:
        """Show the stage and the notes where they belong, after screens or the talk have changed."""
        if self._is_closed:
            return
        screens, had_notes = self._screens() if self._stage.is_on else None, self.has_notes
        if screens is not None:
            if self.notes is None:
                self.notes = self._make_notes()
            if had_notes and self.notes.screen() is not screens[0]:
                # Two windows that fill one screen would hide each other for a moment.
                self.notes.hide()
            self._stage.move_to(screens[1])
            fill(self.notes, screens[0])
            # What is typed, and every dialog, belongs to the stage.
            self._window.activateWindow()
        elif self.notes is not None:
            self.notes.leave()
        if had_notes and screens is None and self._stage.is_on:
            self._stage.move_to(self._window.screen())
        if had_notes != self.has_notes:
            self.changed.emit()

    def close(self) -> None:
        """Close the notes for good."""
        self._is_closed = True
        self._later.stop()
        notes, self.notes = self.notes, None
        if notes is not None:
            notes.end()

    def _screens(self) -> tuple[QScreen, QScreen] | None:
        """Return the screens of the notes and of the stage; None where there are not two, or no talk."""
        screens = distinct_screens()
        if len(screens) < 2 or not self._has_talk():
            return None
        own, room = screens[:2]
        return (room, own) if self._is_swapped else (own, room)

    def _on_screen_added(self, screen: QScreen) -> None:
        screen.geometryChanged.connect(self._later.start)
        self._later.start()
