"""The talks that come with the program, in the menu."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QMenu

from seedlab.documents.talks import TALKS
from seedlab.phrases import sentence


class TalkMenu(QMenu):
    """Lists the talks; ``open_path`` is called with the document of the one that was chosen."""

    def __init__(self, menu: QMenu, open_path: Callable[[Path], object]) -> None:
        super().__init__(sentence("Open a talk"), menu)
        first = menu.actions()[0]
        menu.insertMenu(first, self)
        menu.insertSeparator(first)
        for talk in TALKS.values():
            action = self.addAction(talk.title, lambda path=Path(str(talk.file)): open_path(path))
            action.setToolTip(talk.about)
