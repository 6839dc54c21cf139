"""The menu of the documents that were used last."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from seedlab.gui.labels import plain_tool_tip
from seedlab.phrases import sentence
from seedlab.plain_text import window_line
from seedlab.session.session import Session


class RecentMenu(QMenu):
    """Lists the session's recent documents; ``open_path`` is called with the one that was chosen."""

    def __init__(self, menu: QMenu, before: QAction, session: Session, open_path: Callable[[Path], object]) -> None:
        super().__init__(sentence("Open recent"), menu)
        self._session = session
        self._open_path = open_path
        menu.insertMenu(before, self)
        self.aboutToShow.connect(self.fill)
        self.fill()

    def fill(self) -> None:
        """List the session's recent documents as they are now."""
        self.clear()
        for name in self._session.settings.recent:
            path = Path(name)
            action = self.addAction(window_line(path.name), lambda path=path: self._open_path(path))
            action.setToolTip(plain_tool_tip(window_line(name)))
        self.setEnabled(bool(self._session.settings.recent))
