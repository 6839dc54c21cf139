"""The menu of languages, each named in itself."""

from collections.abc import Callable

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from seedlab.languages import available
from seedlab.phrases import sentence
from seedlab.session.session import Session

LANGUAGE = "language"
"""The name of the property of an action that holds its language."""


class LanguageMenu(QMenu):
    """Lists the languages that seedlab speaks, and that of the system; ``choose`` is called with the one wanted.

    It is spoken from the next start on: texts are made in one language for as long as a window is open.
    """

    def __init__(self, menu: QMenu, before: QAction, session: Session, choose: Callable[[str], object]) -> None:
        super().__init__(sentence("Language (from the next start on)"), menu)
        self._session = session
        self._choices = QActionGroup(self)
        for code, name in {"": sentence("that of the system"), **available()}.items():
            action = QAction(name, self._choices, checkable=True)
            action.setProperty(LANGUAGE, code)
            action.triggered.connect(lambda _, code=code: choose(code))
            self.addAction(action)
        menu.insertMenu(before, self)
        self.aboutToShow.connect(self.show_chosen)
        self.show_chosen()

    def show_chosen(self) -> None:
        """Mark the language that was chosen."""
        for action in self.actions():
            action.setChecked(action.property(LANGUAGE) == self._session.settings.language)
