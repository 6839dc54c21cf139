"""What leaves the window: exports, and what is put on the clipboard."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from seedlab.errors import SeedlabError
from seedlab.export.command import repeat_command
from seedlab.export.picture import Picture
from seedlab.export.tables import to_tsv
from seedlab.figure.theme import Theme
from seedlab.gui.background import Background
from seedlab.gui.export_dialog import ExportDialog
from seedlab.session.picture_options import PictureOptions
from seedlab.session.settings import ExportChoices
from seedlab.study.lab import Column, Lab
from seedlab.work import Steps, beside


class TakeAway(QObject):
    """``say`` tells a person what went wrong, ``tell`` what was done."""

    def __init__(
        self,
        window: QWidget,
        background: Background,
        choices: ExportChoices,
        say: Callable[[str], None],
        tell: Callable[[str], None],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._background = background
        self._say, self._tell = say, tell
        self.choices = choices
        """What was chosen last in the export dialog."""

    def export(self, lab: Lab, theme: Theme, folder: Path | None) -> None:
        """Open the dialog; ``folder`` is where files go as long as none was exported."""
        dialog = ExportDialog(lab, self.choices, theme, self._window, folder)
        dialog.choices_changed.connect(self._on_choices_changed)
        dialog.exported.connect(lambda name: self._tell(f"exported {name}"))
        dialog.open()

    def _on_choices_changed(self, choices: ExportChoices) -> None:
        self.choices = choices

    def copy_picture(self, lab: Lab, paper: str) -> None:
        """As the export draws it."""
        picture = Picture(lab, PictureOptions(paper=paper))
        self._copy("picture", picture.image(), QGuiApplication.clipboard().setImage)

    def copy_table(self, lab: Lab, chosen: Sequence[tuple[str, int]]) -> None:
        """Draws by label and column: tabs between cells, as a spreadsheet takes it."""
        self._copy("values", beside(lambda: to_tsv(lab, chosen)), QGuiApplication.clipboard().setText)

    def copy_command(self, column: Column, runs: int) -> None:
        """The line that repeats ``column``, or, where it was not run, runs it ``runs`` times."""
        QGuiApplication.clipboard().setText(repeat_command(column, len(column.runs) or runs))
        self._tell("copied the command")

    def _copy(self, what: str, steps: Steps[Any], put: Callable[[Any], object]) -> None:
        def on_made(made: object) -> None:
            put(made)
            self._say("")
            self._tell(f"copied the {what}")

        def on_failed(error: SeedlabError) -> None:
            self._say(str(error))

        self._background.start("Copying…", steps, on_made, on_failed)
