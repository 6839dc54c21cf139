"""Opening and saving documents in the window, and the questions that this raises."""

import enum
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from seedlab.documents.files import read_lab
from seedlab.documents.programs import column_of_script, column_of_text, is_script
from seedlab.errors import SeedlabError
from seedlab.export.exporting import exporting
from seedlab.figure.theme import Theme
from seedlab.gui import file_dialogs
from seedlab.gui.background import Background
from seedlab.gui.commands import command_of
from seedlab.gui.recovery_dialog import RecoveryDialog
from seedlab.messages.window import (
    no_columns_text,
    opening_text,
    saving_text,
    set_aside_text,
    will_be_lost_text,
    wrong_ending_text,
)
from seedlab.phrases import following, sentence
from seedlab.plain_text import window_line
from seedlab.session.open_document import OWN_ENDING, OpenDocument
from seedlab.session.recovery import Found, LeftBehind, as_trusted_on_disk
from seedlab.session.session import Session
from seedlab.study.lab import Column, Lab
from seedlab.work import one_step

_FILTER = sentence("Labs, pictures, scripts (*.seedlab *.json *.png *.apng *.svg *.py *.pyw);;All files (*)")


class DocumentUse(enum.Enum):
    """What was done with a document."""

    OPENED = enum.auto()
    SAVED = enum.auto()


class DocumentFiles(QObject):
    """Opens and saves the session's document; asks before anything unsaved would be lost."""

    changed = Signal()
    """Emitted when another file is open, or when it may have become saved or unsaved."""
    used = Signal(str, DocumentUse)
    """The path of a document, and what was done with it."""

    def __init__(self, window: QWidget, session: Session, recovery_folder: Path | None) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self.document = OpenDocument(
            session.showing.lab_with_early, recovery_folder, lambda: session.showing.keys_to_save
        )
        self.background = Background(window)
        self.background.finished.connect(self._on_finished)
        self._is_saving = False
        self._after_saving: Callable[[], object] | None = None
        """What the person asked for last while a file was being written."""

    @property
    def is_unsettled(self) -> bool:
        """True when a file is being written or anything is unsaved, so that replacing the lab has to wait."""
        return self._is_saving or self.document.is_dirty

    def note_results(self) -> None:
        """Keep what is unsaved for recovery at the next start, after runs have ended or columns were changed."""
        self.document.keep_for_recovery()
        self.changed.emit()

    # Opening.

    def choose_and_open(self) -> None:
        """Ask for a file and open it."""
        folder = str(self.document.folder or "")
        name = file_dialogs.file_to_open(self._window, command_of("open").about, folder, _FILTER)
        if name:
            self.open(Path(name))

    def open(self, path: Path, *more: Path, then: Callable[[], object] = lambda: None) -> None:
        """Read ``path``, ask about anything unsaved, and show what was read; scripts in ``more`` may stand beside it.

        ``then`` is called once it is shown. A script is executed where it lies, and trusted, because it is the person
        who chose it.
        """
        reading = one_step(lambda: _lab_of(path, *more))
        self.background.start(
            opening_text(path.name), reading, lambda lab: self._on_read(path, lab, then), self._on_failed
        )

    def add_scripts(self, paths: Sequence[Path]) -> None:
        """Read the scripts in ``paths``, and put each into a new column beside those that there are."""
        reading = one_step(lambda: [_column_of(path) for path in paths])
        title = opening_text(", ".join(path.name for path in paths[:3]))
        self.background.start(title, reading, self._session.editing.add_scripts, self._on_failed)

    def paste(self, data: QMimeData) -> None:
        """Put what was copied, scripts or the text of one, into new columns."""
        paths = local_paths(data)
        scripts = [path for path in paths if is_script(path.name)]
        if scripts:
            self.add_scripts(scripts)
        elif paths:
            self.open(paths[0])
        else:
            try:
                self._session.editing.add_scripts([column_of_text(data.text(), "pasted")])
            except SeedlabError as error:
                self._on_failed(error)

    def drop(self, paths: Sequence[Path]) -> None:
        """Open the first of ``paths``; several scripts open side by side."""
        scripts = [path for path in paths if is_script(path.name)]
        self.open(*(scripts if len(scripts) > 1 else paths[:1]))

    def _on_read(self, path: Path, lab: Lab, then: Callable[[], object]) -> None:
        if not lab.columns:
            self._session.say(no_columns_text(str(path)))
            return
        self.ask_to_save(lambda: self._on_opened(path, lab, then))

    def _on_opened(self, path: Path, lab: Lab, then: Callable[[], object]) -> None:
        with self.document.opening(path):
            self._session.show_lab(lab)
        # A script that is reached by a link would have another folder elsewhere.
        self.used.emit(str(path.absolute() if is_script(path.name) else path.resolve()), DocumentUse.OPENED)
        self.changed.emit()
        then()

    # Saving.

    def save(self) -> None:
        """Write to the file that is open, or ask for a name."""
        self._save_and(_nothing)

    def save_as(self) -> None:
        """Ask for a name and write to that file."""
        self._save_as_and(_nothing)

    def save_script(self) -> None:
        """Ask for a name, and make the current column's own script a file of that name."""
        lane = self._session.arrangement.lane
        if lane.chosen is not None:
            return
        start = str(Path(self.document.folder or "", "script.py")) if lane.program is None else lane.program.path
        scripts = sentence("Scripts (*.py)")
        name = file_dialogs.file_to_save(self._window, sentence("Save the script"), start, scripts, ".py")
        if name:
            self._session.editing.save_script(Path(name).absolute())

    def _save_and(self, then: Callable[[], object]) -> None:
        if self.document.path is None:
            self._save_as_and(then)
        else:
            self._write_document(self.document.path, then)

    def _save_as_and(self, then: Callable[[], object]) -> None:
        document = self.document
        start = str(document.path or Path(document.folder or "", f"comparison{OWN_ENDING}"))
        name = file_dialogs.file_to_save(
            self._window, sentence("Save the lab"), start, sentence("Labs (*{ending})", ending=OWN_ENDING), OWN_ENDING
        )
        if name:
            self._write_document(Path(name), then)

    def _on_finished(self) -> None:
        self._is_saving = False
        go_on, self._after_saving = self._after_saving, None
        if go_on is not None:
            # Only in the next turn, when the document is known to be saved.
            QTimer.singleShot(0, self, go_on)

    def _write_document(self, path: Path, then: Callable[[], object]) -> None:
        if path.suffix.lower() != OWN_ENDING:
            self._session.say(wrong_ending_text(OWN_ENDING))
            return
        lab = self._session.showing.lab_to_save()

        def on_written(_: object) -> None:
            self.document.note_saved(path, lab)
            self._session.say("")
            self.used.emit(str(path.resolve()), DocumentUse.SAVED)
            self.changed.emit()
            then()

        self._is_saving = self._is_saving or not self.background.is_busy
        self.background.start(saving_text(path.name), exporting(lab, path), on_written, self._on_failed)

    def _on_failed(self, error: SeedlabError) -> None:
        self._session.say(str(error))

    # Asking.

    def ask_to_save(self, then: Callable[[], object]) -> None:
        """Call ``then`` at once when nothing is unsaved, else once the person has saved or discarded it."""
        if self._is_saving:
            # Ask again once the file is written, as writing it may fail.
            self._after_saving = lambda: self.ask_to_save(then)
            return
        if not self.document.is_dirty:
            then()
            return
        box = QMessageBox(self._window)
        box.setObjectName("ask_to_save")
        box.setWindowTitle(sentence("Unsaved results"))
        path = self.document.path
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(window_line(will_be_lost_text(None if path is None else path.name)))
        box.setInformativeText(sentence("Save them first?"))
        buttons = QMessageBox.StandardButton
        box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
        box.setDefaultButton(buttons.Save)

        def on_answer(answer: int) -> None:
            box.deleteLater()
            if answer == buttons.Save:
                self._save_and(then)
            elif answer == buttons.Discard:
                self.document.let_go()
                then()

        box.finished.connect(on_answer)
        box.open()

    def offer_recovery(self, theme: Theme) -> None:
        """Look for what earlier windows left unsaved, and offer to restore it."""
        looking = one_step(self.document.left_behind)
        title = sentence("Looking for unsaved results…")
        self.background.start(title, looking, lambda found: self._on_found(found, theme), self._on_failed)

    def _on_found(self, found: Found, theme: Theme) -> None:
        if found.broken:
            self._say_broken(found.broken)
        if not found.results:
            return
        dialog = RecoveryDialog(found.results, theme, self._window)
        dialog.restored.connect(self._on_restored)
        dialog.discarded.connect(self.document.discard)
        dialog.finished.connect(lambda _: self.document.release_offered())
        dialog.open()

    def _on_restored(self, left: LeftBehind) -> None:
        self._session.show_lab(as_trusted_on_disk(left.lab))
        self.document.take_over(left)
        self.changed.emit()

    def _say_broken(self, broken: Sequence[Path]) -> None:
        said = set_aside_text([str(path) for path in broken])
        # What was said before at this start is worth reading, too.
        self._session.say(following(self._session.message, said))

    def close(self) -> None:
        """Abandon work in progress, and finish what is being written for recovery."""
        self.background.close()
        self.document.close()


def _lab_of(path: Path, *more: Path) -> Lab:
    """Return the lab in ``path``; of scripts, a column for each that executes it where it lies.

    It works in its own folder; one that was named in a terminal, seen from there, works there, as for ``python``.
    """
    if not is_script(path.name):
        return read_lab(path)
    return Lab.of([_column_of(each) for each in (path, *more)])


def _column_of(script: Path) -> Column:
    return column_of_script(str(script), folder=str(script.parent) if script.is_absolute() else None)


def local_paths(data: QMimeData) -> list[Path]:
    """Return the files of this machine in ``data``, which was dropped or copied."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


def _nothing() -> None:
    """Do nothing once a file is saved."""
