"""Exporting files, and copying to the clipboard."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from seedlab.analysis.analyst import Analysis, analysing
from seedlab.documents.whole_files import write_whole
from seedlab.errors import SeedlabError
from seedlab.export.command import repeat_command
from seedlab.export.exporting import SCENES_FORMS
from seedlab.export.part import analysing_columns, rows_of_part, with_columns
from seedlab.export.picture import COLUMN_WIDTH, LABELS_WIDTH, MARGIN, Picture
from seedlab.export.scenes import exporting_scenes
from seedlab.export.tables import to_tsv
from seedlab.figure.theme import Theme
from seedlab.gui import file_dialogs
from seedlab.gui.analysis_thread import AnalysisThread, Request
from seedlab.gui.background import Background
from seedlab.gui.export_dialog import ExportDialog
from seedlab.messages.fixes import no_diff_text
from seedlab.messages.talks import wrong_scenes_ending_text
from seedlab.messages.window import copied_picture_text, exported_text, exporting_text
from seedlab.phrases import sentence
from seedlab.results.influence import Fix
from seedlab.session.fixed_copy import fix_bytes
from seedlab.session.picture_options import PictureOptions, Size
from seedlab.session.session import Session
from seedlab.session.settings import ExportChoices
from seedlab.study.lab import Column, Lab
from seedlab.work import Work, one_step

_TALK_FORMS = dict(
    zip(
        SCENES_FORMS,
        (
            sentence("A page for each"),
            sentence("Numbered pictures"),
            sentence("Numbered drawings"),
            sentence("Handout"),
        ),
        strict=True,
    )
)
"""What is made of all scenes, by its ending, in words."""


def _part_size(columns: int) -> Size:
    """Return the size of a picture of draws of so many columns: each as wide as in one of several columns."""
    return Size("part", LABELS_WIDTH + COLUMN_WIDTH * columns + 2 * MARGIN, None)


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

    def export_talk(self, document: Path | None, folder: Path | None) -> None:
        """Ask for a file, and write all scenes of the talk; ``document`` is its own, ``folder`` where files go."""
        stem = "talk" if document is None else document.stem
        place = str((folder or Path.home()) / f"{stem}.pdf")
        filters = ";;".join(
            sentence("{about} (*{ending})", about=about, ending=ending) for ending, about in _TALK_FORMS.items()
        )
        name = file_dialogs.file_to_save(self._window, sentence("Export all scenes"), place, filters, ".pdf")
        if not name:
            return
        path = Path(name)
        if path.suffix.lower() not in _TALK_FORMS:
            self._session.say(wrong_scenes_ending_text(path.name, list(_TALK_FORMS)))
            return
        work = exporting_scenes(self._session.lab(), path, PictureOptions(paper=self._session.settings.export.paper))
        title = exporting_text(path.name)
        self._background.start(title, work, lambda _: self._note(exported_text(path.name)), self._on_failed)

    def _on_failed(self, error: SeedlabError) -> None:
        self._session.say(str(error))

    def _known(self, lab: Lab) -> Analysis | None:
        """Return the analysis that the window shows; None where it is not that of all runs of ``lab``."""
        return self._analysis.known(Request(lab.columns))

    def _on_choices_changed(self, choices: ExportChoices) -> None:
        self._session.change_settings(export=choices)

    def copy_picture(
        self,
        paper: str,
        shown: tuple[Column, ...],
        columns: Sequence[int] | None = None,
        rows: Sequence[str] | None = None,
    ) -> None:
        """Copy the picture of the columns ``shown`` that the export would draw, on ``paper``, or a part of it.

        ``columns`` are the 0-based positions of those in it, and ``rows`` the labels; None for all. Where rows are
        chosen, it has no scripts.
        """
        lab = replace(self._session.lab(), columns=shown)
        known = self._known(lab)

        def drawn() -> Work[QImage]:
            whole = yield from analysing(lab.columns, known)
            part, analysis, options = lab, whole, PictureOptions(paper=paper)
            chosen = range(len(lab.columns)) if columns is None else columns
            if columns is not None:
                part = with_columns(lab, columns)
                analysis = yield from analysing_columns(part, whole)
            if rows is not None:
                shown = rows_of_part(analysis.alignment, whole.alignment, chosen, rows)
                options = replace(options, script=False, size=_part_size(len(part.columns)), rows=shown)
            return (yield from Picture(part, analysis, options).image())

        self._copy(
            copied_picture_text(is_part=columns is not None or rows is not None),
            drawn(),
            QGuiApplication.clipboard().setImage,
        )

    def copy_table(self, columns: tuple[Column, ...], chosen: Sequence[tuple[str, int]]) -> None:
        """Copy the ``chosen`` draws, by label and position in ``columns``, as a table with tabs for a spreadsheet."""
        lab = replace(self._session.lab(), columns=columns)
        self._copy(
            sentence("copied the values"), one_step(lambda: to_tsv(lab, chosen)), QGuiApplication.clipboard().setText
        )

    def copy_command(self) -> None:
        """Copy the command line that repeats the current column, or runs it if it has no runs."""
        arrangement = self._session.arrangement
        column = arrangement.columns[arrangement.current]
        runs = len(column.runs) or self._session.settings.runs
        QGuiApplication.clipboard().setText(repeat_command(column, runs))
        self._note(sentence("copied the command"))

    def copy_fix(self) -> None:
        """Copy the fix of the current column as a diff."""
        fix = self._fix()
        if fix is not None and fix.diff:
            QGuiApplication.clipboard().setText(fix.diff)
            self._note(sentence("copied the diff"))
        else:
            self._note(no_diff_text(is_setting=fix is not None))

    def save_fix(self, folder: Path | None) -> None:
        """Ask for a file, and write the fix of the current column to it: the changed script, or a diff."""
        fix, column = self._fix(), self._session.arrangement.lane.column
        if fix is None or not fix.diff:
            self._note(no_diff_text(is_setting=fix is not None))
            return
        stem = Path(column.program.path).stem if column.program is not None else "script"
        place = str((folder or Path.home()) / f"{stem}.diff")
        dialog = QFileDialog(
            self._window, sentence("Save the fix"), place, sentence("Diffs (*.diff *.patch);;Changed script (*.py)")
        )
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        file_dialogs.make_roomy(dialog)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self.write_fix(column, fix, Path(name)))
        dialog.open()

    def write_fix(self, column: Column, fix: Fix, path: Path) -> None:
        """Write ``fix`` of ``column`` to ``path``; what prevents that is shown."""
        try:
            write_whole(path, fix_bytes(column, fix, path))
        except SeedlabError as error:
            self._session.refuse(error)
            return
        self._note(exported_text(path.name))

    def _fix(self) -> Fix | None:
        influence = self._session.arrangement.lane.column.influence
        return None if influence is None else influence.fix

    def _copy(self, done: str, work: Work[Any], put: Callable[[Any], object]) -> None:
        def on_made(made: object) -> None:
            put(made)
            self._session.say("")
            self._note(done)

        def on_failed(error: SeedlabError) -> None:
            self._session.say(str(error))

        self._background.start(sentence("Copying…"), work, on_made, on_failed)
