"""The commands of a talk: scenes are taken, changed and shown one after the other, and the screen is blanked."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QDialogButtonBox, QFormLayout, QLineEdit, QPlainTextEdit, QWidget

from seedlab.gui.commands import Commands
from seedlab.gui.scene_strip import SceneStrip
from seedlab.phrases import sentence
from seedlab.session.running import TrustNeeded
from seedlab.session.session import Session

_OF_TALKS = ("next_scene", "previous_scene", "first_scene", "last_scene")
"""The commands that there are only where there are scenes: their keys scroll otherwise."""


class TalkControls(QObject):
    """Acts on the talk of ``session``; ``after`` is called with what has to be agreed to before a scene runs."""

    blanked = Signal()
    """The screen has become black, or is no more."""

    def __init__(
        self,
        window: QWidget,
        session: Session,
        headline: Callable[[], str],
        after: Callable[[TrustNeeded | None], object],
    ) -> None:
        """``headline`` returns what stands above what is shown: the title that a new scene is offered."""
        super().__init__(window)
        self._window = window
        self._session = session
        self._headline = headline
        self._after = after
        self._cover: QWidget | None = None

    @property
    def handlers(self) -> dict[str, Callable[[], object]]:
        """What each command does, by its name."""
        talk = self._session.talk
        return {
            "take_scene": self.take,
            "take_again": talk.take_again,
            "change_scene": self.change,
            "remove_scene": self.remove,
            "next_scene": lambda: self._go(talk.go_on),
            "previous_scene": lambda: self._go(talk.go_back),
            "first_scene": lambda: self._go(lambda: talk.show(0)),
            "last_scene": lambda: self._go(lambda: talk.show(len(talk.scenes) - 1)),
            "blank": self.blank,
        }

    def show_talk(self, commands: Commands) -> None:
        """Offer the commands that there is something for."""
        talk = self._session.talk
        for name in (*_OF_TALKS, "export_talk"):
            commands[name].setEnabled(bool(talk.scenes))
        for name in ("take_again", "change_scene", "remove_scene"):
            commands[name].setEnabled(talk.scene is not None)

    def connect_strip(self, strip: SceneStrip) -> None:
        """Do what is asked for in ``strip``."""
        talk = self._session.talk
        strip.take_again_asked.connect(talk.take_again)
        strip.show_asked.connect(lambda at: self._go(lambda: talk.show(at)))
        strip.moved.connect(talk.move)
        strip.rename_asked.connect(lambda at, title: talk.change(at, title=title))
        strip.change_asked.connect(self._change_at)
        strip.remove_asked.connect(talk.remove)
        strip.covered_asked.connect(lambda at, is_on: talk.change(at, is_covered=is_on))
        strip.fresh_asked.connect(lambda at, is_on: talk.change(at, is_fresh=is_on))

    def take(self) -> None:
        """Ask for a title and so on, and take what is shown as a scene."""
        settings = self._session.settings
        dialog = SceneDialog(sentence("Take a scene"), self._headline(), is_covered=settings.guess, parent=self._window)
        dialog.accepted.connect(lambda: self._session.talk.take(**dialog.answers))
        dialog.open()

    def change(self) -> None:
        """Ask for another title and so on of the scene that is shown."""
        if self._session.talk.at is not None:
            self._change_at(self._session.talk.at)

    def _change_at(self, position: int) -> None:
        talk = self._session.talk
        scene = talk.scenes[position]
        dialog = SceneDialog(
            sentence("The scene"),
            scene.title,
            scene.notes,
            is_covered=scene.is_covered,
            is_fresh=scene.is_fresh,
            parent=self._window,
        )

        def change() -> None:
            # By now it may stand elsewhere, or be gone.
            at = next((at for at, each in enumerate(talk.scenes) if each is scene), None)
            if at is not None:
                talk.change(at, **dialog.answers)

        dialog.accepted.connect(change)
        dialog.open()

    def remove(self) -> None:
        """Take the scene that is shown out of the talk."""
        if self._session.talk.at is not None:
            self._session.talk.remove(self._session.talk.at)

    def _go(self, show: Callable[[], TrustNeeded | None]) -> None:
        if self._cover is not None:
            # The first press only brings the picture back.
            self.blank()
            return
        self._after(show())

    def blank(self) -> None:
        """Cover the window with black, or uncover it."""
        if self._cover is not None:
            self._cover.hide()
            self._cover.deleteLater()
            self._cover = None
            self.blanked.emit()
            return
        cover = self._cover = QWidget(self._window, objectName="blank")
        cover.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        cover.setStyleSheet("background: black;")
        cover.setGeometry(self._window.rect())
        cover.show()
        cover.raise_()
        self.blanked.emit()

    def on_resized(self) -> None:
        """Go on covering all of the window."""
        if self._cover is not None:
            self._cover.setGeometry(self._window.rect())

    @property
    def is_blank(self) -> bool:
        """True while the window is covered with black."""
        return self._cover is not None


class SceneDialog(QDialog):
    """Asks for the title of a scene, for the notes that its presenter sees, and how it is shown."""

    def __init__(
        self,
        window_title: str,
        title: str,
        notes: str = "",
        *,
        is_covered: bool = False,
        is_fresh: bool = False,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(window_title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._title = QLineEdit(title)
        self._notes = QPlainTextEdit(notes, tabChangesFocus=True)
        self._covered = QCheckBox(sentence("Cover its values first, and uncover them run by run"), checked=is_covered)
        self._fresh = QCheckBox(sentence("Run it anew when it is shown"), checked=is_fresh)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QFormLayout(self)
        layout.addRow(sentence("Title"), self._title)
        layout.addRow(sentence("Notes"), self._notes)
        layout.addRow(self._covered)
        layout.addRow(self._fresh)
        layout.addRow(buttons)
        self.setMinimumWidth(480)
        self._title.selectAll()

    @property
    def answers(self) -> dict[str, Any]:
        """What was answered, by the names of the fields of a `Scene`; the title is one line."""
        return {
            "title": " ".join(self._title.text().split()),
            "notes": self._notes.toPlainText().strip(),
            "is_covered": self._covered.isChecked(),
            "is_fresh": self._fresh.isChecked(),
        }
