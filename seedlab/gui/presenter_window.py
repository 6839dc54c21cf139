"""The presenter's window: notes, the next scene, the time, and what is prepared; the room does not see it."""

from PySide6.QtCore import QElapsedTimer, QSize, Qt, QTime, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from seedlab import APPLICATION_TITLE
from seedlab.figure import theme as themes
from seedlab.figure.theme import Theme
from seedlab.gui.commands import Commands, native_key
from seedlab.gui.scene_pictures import ScenePictures
from seedlab.gui.stage import magnification_of
from seedlab.messages.talks import (
    blank_text,
    next_press_text,
    no_next_text,
    no_notes_text,
    place_text,
    prepared_text,
    scene_way_text,
)
from seedlab.phrases import sentence
from seedlab.plain_text import window_line, window_lines
from seedlab.session.session import Session
from seedlab.study.lab import Scene

_COMMANDS = ("previous_scene", "next_scene", "blank", "swap_screens", "present")


class PresenterWindow(QWidget):
    """Shows the talk of ``session`` as its presenter needs it; all that it shows follows from `show_talk`."""

    closed = Signal()
    """Emitted when a person has closed it."""

    def __init__(self, session: Session, pictures: ScenePictures, commands: Commands) -> None:
        super().__init__(None, Qt.WindowType.Window, objectName="presenter")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(sentence("{seedlab}: notes", seedlab=APPLICATION_TITLE))
        self._session = session
        self._pictures = pictures
        self._theme: Theme | None = None
        self._is_leaving = False
        pictures.drawn.connect(self._on_drawn)
        # A remote's keys arrive in the window that has the focus, whichever that is.
        self.addActions(commands.all)
        self._since = QElapsedTimer()
        self.place, self.elapsed, self.time = (_label(role) for role in ("place", "elapsed", "time"))
        self.title, self.notes, self.press = (_label(role) for role in ("title", "notes", "press"))
        self.next_title, self.next_way, self.prepared = (_label(role) for role in ("next_title", "way", "prepared"))
        for label in (self.elapsed, self.time):
            label.setWordWrap(False)
        self.next_picture = _Picture()
        self.restart_button: QPushButton = QPushButton(sentence("Start the time again"), objectName="restart")
        self.restart_button.setProperty("role", "link")
        self.restart_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.restart_button.clicked.connect(self.restart)
        self._scroll = QScrollArea(widgetResizable=True)
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self.notes)
        self._buttons = [_command_button(commands, name) for name in _COMMANDS]
        self._tick = QTimer(self, interval=1000)
        self._tick.timeout.connect(self._show_time)
        self._lay_out()

    def _lay_out(self) -> None:
        self._top = QHBoxLayout()
        self._top.addWidget(self.place, 1)
        for widget in (self.restart_button, self.elapsed, self.time):
            self._top.addWidget(widget)
        self._left, self._right = QVBoxLayout(), QVBoxLayout()
        self._left.addWidget(self.title)
        self._left.addWidget(self._scroll, 1)
        self._left.addWidget(self.press)
        self._right.addWidget(_heading(sentence("Next")))
        self._right.addWidget(self.next_title)
        self._right.addWidget(self.next_picture)
        self._right.addWidget(self.next_way)
        self._right.addWidget(self.prepared)
        self._right.addStretch()
        self._middle = QHBoxLayout()
        self._middle.addLayout(self._left, 3)
        self._middle.addLayout(self._right, 2)
        self._bottom = QHBoxLayout()
        for button in self._buttons:
            self._bottom.addWidget(button)
        self._bottom.addStretch()
        self._whole = QVBoxLayout(self)
        for row, stretch in ((self._top, 0), (self._middle, 1), (self._bottom, 0)):
            self._whole.addLayout(row, stretch)

    def set_theme(self, theme: Theme) -> None:
        """Have the colours of ``theme``, as large as this screen allows."""
        theme = themes.chosen(theme.name, magnification_of(self.size()))
        if theme == self._theme:
            return
        self._theme = theme
        unit = theme.unit
        self._whole.setContentsMargins(3 * unit, 2 * unit, 3 * unit, unit)
        for layout, spacing in (
            (self._whole, 2 * unit),
            (self._top, 3 * unit),
            (self._middle, 4 * unit),
            (self._left, unit),
            (self._right, unit),
            (self._bottom, unit),
        ):
            layout.setSpacing(spacing)
        large, medium, small = theme.large, theme.px(20), theme.small
        self.setStyleSheet(
            f"QWidget#presenter, QScrollArea, QScrollArea > QWidget > QWidget {{ background: {theme.window}; }}"
            f"QLabel {{ color: {theme.text}; font-size: {medium}px; }}"
            f"QLabel#title, QLabel#elapsed, QLabel#time {{ font-size: {large}px; font-weight: bold; }}"
            f"QLabel#time, QLabel#place, QLabel#way {{ color: {theme.muted}; font-weight: normal; }}"
            f"QLabel#notes {{ font-size: {theme.px(24)}px; }}"
            f"QLabel#heading {{ color: {theme.muted}; }}"
            f"QLabel#press, QLabel#prepared {{ font-size: {theme.medium}px; color: {theme.accent}; }}"
            f"QLabel#way, QLabel#place {{ font-size: {theme.medium}px; }}"
            f"QPushButton {{ font-size: {small}px; padding: {theme.px(3)}px {theme.px(6)}px; }}"
        )

    @property
    def is_running(self) -> bool:
        """True once the time has been started."""
        return self._since.isValid()

    def restart(self) -> None:
        """Count the time from now on."""
        self._since.start()
        self._show_time()

    def _on_drawn(self, scene: Scene, picture: QImage) -> None:
        if self._session.talk.next_scene is scene:
            self.next_picture.show_picture(picture)

    def show_talk(self, *, is_blank: bool = False) -> None:
        """Show the scene that is shown now, and the one that follows; ``is_blank`` while the room sees black."""
        if not self.isVisible():
            return
        session, talk = self._session, self._session.talk
        scene, following = talk.scene, talk.next_scene
        place = place_text(talk.at, len(talk.scenes))
        self.place.setText(place)
        self.setWindowTitle(sentence("{seedlab}: {place}", seedlab=APPLICATION_TITLE, place=place))
        self.title.setText(window_line("" if scene is None else scene.title))
        notes = "" if scene is None else scene.notes
        self.notes.setText(window_lines(notes or no_notes_text()))
        self.notes.setEnabled(bool(notes))
        runs = max(len(lane.column.runs) for lane in session.arrangement.lanes)
        if session.is_busy:
            runs = max(runs, session.settings.runs)
        press = next_press_text(session.uncovered, runs, is_last=following is None)
        self.press.setText(blank_text() if is_blank else press)
        if following is None:
            self.next_title.setText(no_next_text())
            self.next_way.clear()
            self.prepared.clear()
            self.next_picture.show_picture(None)
            return
        self.next_title.setText(window_line(following.title))
        self.next_way.setText(scene_way_text(is_covered=following.is_covered, is_fresh=False))
        self.next_way.setVisible(bool(self.next_way.text()))
        ahead = session.preparing.ahead.value if following.is_fresh and session.preparing.ahead is not None else None
        if following.is_fresh and ahead is None:
            ahead = "cold" if session.interpreter is None else "preparing"
        has_runs = any(column.runs for column in following.columns)
        self.prepared.setText(prepared_text(ahead, has_runs=has_runs))
        self.next_picture.show_picture(self._pictures.picture(following))

    def appear(self, theme: Theme) -> None:
        """Fill the screen that the window is on."""
        if not self.is_running or not self._session.talk.at:
            # A talk begins with its first scene.
            self.restart()
        self.set_theme(theme)
        self._tick.start()
        self._show_time()
        self.show_talk()

    def leave(self) -> None:
        """Hide the window; the time goes on."""
        self._tick.stop()
        self.hide()

    def end(self) -> None:
        """Close the window for good."""
        self._is_leaving = True
        self._tick.stop()
        self.close()
        self.deleteLater()

    def _show_time(self) -> None:
        self.elapsed.setText(elapsed_text(self._since.elapsed() // 1000 if self.is_running else 0))
        self.time.setText(QTime.currentTime().toString("HH:mm"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._theme is not None:
            self.set_theme(self._theme)

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._is_leaving:
            # Whoever closes the notes ends the talk's two screens, not the program.
            event.ignore()
            self.closed.emit()
            return
        super().closeEvent(event)


def elapsed_text(seconds: int) -> str:
    """Return ``seconds`` as minutes and seconds, with the hours in front from the first one on."""
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


class _Picture(QWidget):
    """Shows a picture as large as there is room."""

    def __init__(self) -> None:
        super().__init__(objectName="next_picture")
        self._picture: QImage | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_picture(self, picture: QImage | None) -> None:
        self._picture = picture
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return width * 9 // 16

    def sizeHint(self) -> QSize:
        return QSize(320, 180)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._picture is None or self._picture.isNull():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        size = self._picture.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        area = self.rect().adjusted(0, 0, size.width() - self.width(), size.height() - self.height())
        painter.drawImage(area, self._picture)
        painter.setPen(self.palette().mid().color())
        painter.drawRect(area.adjusted(0, 0, -1, -1))


def _label(name: str) -> QLabel:
    label: QLabel = QLabel(wordWrap=True, objectName=name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    is_in_line = name in ("place", "elapsed", "time")
    vertical = Qt.AlignmentFlag.AlignVCenter if is_in_line else Qt.AlignmentFlag.AlignTop
    label.setAlignment(Qt.AlignmentFlag.AlignLeft | vertical)
    return label


def _heading(text: str) -> QLabel:
    label: QLabel = QLabel(text, objectName="heading")
    return label


def _command_button(commands: Commands, name: str) -> QPushButton:
    action = commands[name]
    key = "Esc" if name == "present" else native_key(action.shortcut().toString())
    text = sentence("End") if name == "present" else action.text()
    button: QPushButton = QPushButton(f"{text}  {key}", toolTip=action.toolTip())
    button.setProperty("role", "link")
    # Each has a key, and Space is one of a talk's own.
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    button.setEnabled(action.isEnabled())
    action.enabledChanged.connect(button.setEnabled)
    button.clicked.connect(action.trigger)
    return button
