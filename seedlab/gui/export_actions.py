"""Exporting files, and copying to the clipboard."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QWidget

from seedlab.analysis.analyst import Analysis, analysing
from seedlab.errors import SeedlabError
from seedlab.export.command import repeat_command
from seedlab.export.picture import Picture
from seedlab.export.tables import to_tsv
from seedlab.figure.theme import Theme
from seedlab.gui.analysis_thread import AnalysisThread, Request
from seedlab.gui.background import Background
from seedlab.gui.export_dialog import ExportDialog
from seedlab.messages.window import exported_text
from seedlab.session.picture_options import PictureOptions
from seedlab.session.session import Session
from seedlab.session.settings import ExportChoices
from seedlab.study.lab import Column, Lab
from seedlab.work import Work, one_step


class ExportActions(QObject):
    """Exports and copies what the session shows, with what ``analysis`` holds of it.

    ``note`` is called with a text about what was done.
    """

    def __init__(
        self,
        window: QWidget,
        background: Background,
        session: Session,
        analysis: AnalysisThread,
        note: Callable[[str], object],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._background = background
        self._session = session
        self._analysis = analysis
        self._note = note

    def export(self, theme: Theme, folder: Path | None) -> None:
        """Open the export dialog; ``folder`` is where files go until one has been exported."""
        lab, choices = self._session.lab(), self._session.settings.export
        dialog = ExportDialog(lab, choices, theme, self._window, folder, analysis=self._known(lab))
        dialog.choices_changed.connect(self._on_choices_changed)
        dialog.exported.connect(lambda name: self._note(exported_text(name)))
        dialog.open()

    def _known(self, lab: Lab) -> Analysis | None:
        """Return the analysis that the window shows; None where it is not that of all runs of ``lab``."""
        return self._analysis.known(Request(lab.columns))

    def _on_choices_changed(self, choices: ExportChoices) -> None:
        self._session.change_settings(export=choices)

    def copy_picture(self, paper: str) -> None:
        """Copy the picture that the export would draw, on ``paper``."""
        lab = self._session.lab()
        known = self._known(lab)

        def drawn() -> Work[QImage]:
            analysis = yield from analysing(lab.columns, known)
            return (yield from Picture(lab, analysis, PictureOptions(paper=paper)).image())

        self._copy("copied the picture", drawn(), QGuiApplication.clipboard().setImage)

    def copy_table(self, columns: tuple[Column, ...], chosen: Sequence[tuple[str, int]]) -> None:
        """Copy the ``chosen`` draws, by label and position in ``columns``, as a table with tabs for a spreadsheet."""
        lab = replace(self._session.lab(), columns=columns)
        self._copy("copied the values", one_step(lambda: to_tsv(lab, chosen)), QGuiApplication.clipboard().setText)

    def copy_command(self) -> None:
        """Copy the command line that repeats the current column, or runs it if it has no runs."""
        arrangement = self._session.arrangement
        column = arrangement.columns[arrangement.current]
        runs = len(column.runs) or self._session.settings.runs
        QGuiApplication.clipboard().setText(repeat_command(column, runs))
        self._note("copied the command")

    def _copy(self, done: str, work: Work[Any], put: Callable[[Any], object]) -> None:
        def on_made(made: object) -> None:
            put(made)
            self._session.say("")
            self._note(done)

        def on_failed(error: SeedlabError) -> None:
            self._session.say(str(error))

        self._background.start("Copying…", work, on_made, on_failed)
