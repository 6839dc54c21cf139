"""The menu of all that can be laid out in columns: each choice of the library, and the ways to make runs."""

from collections.abc import Callable

from PySide6.QtWidgets import QMenu

from seedlab.gui.commands import Commands
from seedlab.gui.labels import plain_tool_tip
from seedlab.libraries.registry import FAMILIES
from seedlab.phrases import sentence, within
from seedlab.session.laying_out import INTERPRETER, START
from seedlab.session.session import Session

_WAYS = (
    (INTERPRETER, sentence("Interpreters"), sentence("Run a column in each Python that was chosen so far")),
    (START, sentence("Ways to start"), sentence("Run a column cold, one from spares, one forked")),
)


class CompareMenu(QMenu):
    """Lists the choices of the library that the panel shows; ``compare`` is called with the name of the one picked."""

    def __init__(self, menu: QMenu, commands: Commands, session: Session, compare: Callable[[str], object]) -> None:
        super().__init__(sentence("Compare"), menu)
        self._session = session
        self._compare = compare
        self._second = commands["compare_second"]
        self.setToolTipsVisible(True)
        menu.insertMenu(commands["compare_placements"], self)
        menu.aboutToShow.connect(self.fill)
        self.fill()

    def fill(self) -> None:
        """List what can be compared of the library that is shown now, and call its second choice by its name."""
        self.clear()
        family = FAMILIES[self._session.experiment.library]
        self._second.setText(sentence("Compare the second choice"))
        for control in family.controls:
            self._add(control.name, control.title, control.about)
            if control.name == family.second:
                self._second.setText(sentence("Compare: {title}", title=within(control.title)))
        self.addSeparator()
        for name, title, about in _WAYS:
            self._add(name, title, about)

    def _add(self, name: str, title: str, about: str) -> None:
        action = self.addAction(title, lambda: self._compare(name))
        action.setToolTip(plain_tool_tip(about))
