"""The document on the desk: opened, saved, asked about, and recovered."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QThreadPool, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from seedlab.documents.files import read_lab
from seedlab.errors import SeedlabError
from seedlab.export.files import exporting
from seedlab.gui.background import Background
from seedlab.results.run import Run
from seedlab.session import recovery
from seedlab.study.lab import Lab
from seedlab.work import beside

OWN_ENDING = ".seedlab"
_FILTER = "Labs, pictures, scripts (*.seedlab *.json *.png *.svg *.py);;All files (*)"
_Content = list[tuple[str, tuple[Run, ...]]]


class Desk(QObject):
    """Knows which file is open and whether the results in the window are in it.

    ``lab`` gives what the window shows, ``show`` has it show another, ``say`` tells a person what went wrong.
    """

    changed = Signal()
    """The file, or whether everything is saved."""
    used = Signal(str, str)
    """Path of a document, and what was done with it: ``opened`` or ``saved``."""

    def __init__(
        self,
        window: QWidget,
        lab: Callable[[], Lab],
        show: Callable[[Lab], None],
        say: Callable[[str], None],
        recovery_folder: Path | None,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._lab, self._show, self._say = lab, show, say
        self._recovery_folder = recovery_folder
        self._keeping = QThreadPool(self, maxThreadCount=1)
        self._saved: _Content = []
        self.path: Path | None = None
        """The document that is saved to; None where there is none yet."""
        self._name = ""
        """Of what was opened or saved last."""
        self._folder: Path | None = None
        self.background = Background(window)
        self.background.finished.connect(self._on_finished)
        self._is_saving = False
        self._after_saving: Callable[[], object] | None = None
        """What the person asked for meanwhile; the last wish counts."""

    # What is saved.

    @property
    def is_dirty(self) -> bool:
        """There are results that are in no document."""
        content = _content(self._lab())
        return any(runs for _, runs in content) and not _same(content, self._saved)

    def results_changed(self) -> None:
        """A batch has ended, or columns were changed: keep what is unsaved for the next start."""
        if self._recovery_folder is not None and self.is_dirty:
            path, lab = recovery.own_path(self._recovery_folder), self._lab()
            # A disk may take its time.
            self._keeping.start(lambda: recovery.write(path, lab))
        self.changed.emit()

    @property
    def title(self) -> str:
        """The file's name, with a star where it is behind."""
        return f"{self._name or 'not saved'}*" if self.is_dirty else self._name

    @property
    def folder(self) -> Path | None:
        """Of what was opened or saved last."""
        return self._folder

    # Opening.

    def choose_and_open(self) -> None:
        folder = str(self._folder) if self._folder is not None else ""
        name, _ = QFileDialog.getOpenFileName(
            self._window, "Open a lab, a picture that has one inside, or a script", folder, _FILTER
        )
        if name:
            self.open(Path(name))

    def open(self, path: Path) -> None:
        """Show what is in ``path``, once it was read and what is unsaved was asked about."""
        reading = beside(lambda: read_lab(path))
        self.background.start(f"Opening {path.name}…", reading, lambda lab: self._on_read(path, lab), self._on_failed)

    def _on_read(self, path: Path, lab: Lab) -> None:
        if not lab.columns:
            self._say(f"{path} holds no columns: there is nothing to show. Choose another file.")
            return
        self.ask_to_save(lambda: self._on_opened(path, lab))

    def _on_opened(self, path: Path, lab: Lab) -> None:
        # A picture is not overwritten by saving: it is another thing.
        self.path = path.resolve() if path.suffix.lower() == OWN_ENDING else None
        self._name, self._folder = path.name, path.resolve().parent
        self._show(lab)
        self._saved = _content(self._lab())
        self._forget_recovery()
        self.used.emit(str(path.resolve()), "opened")
        self.changed.emit()

    # Saving.

    def save(self, then: Callable[[], object] = lambda: None) -> None:
        """Write to the file that is open, or ask for one."""
        if self.path is None:
            self.save_as(then)
        else:
            self._write_document(self.path, then)

    def save_as(self, then: Callable[[], object] = lambda: None) -> None:
        start = str(self.path or Path(self._folder or "", f"comparison{OWN_ENDING}"))
        name, _ = QFileDialog.getSaveFileName(self._window, "Save the lab", start, f"Labs (*{OWN_ENDING})")
        if name:
            path = Path(name)
            self._write_document(path if path.suffix else path.with_suffix(OWN_ENDING), then)

    @property
    def is_unsettled(self) -> bool:
        """There is something to wait for, or to ask about, before what is shown may go."""
        return self._is_saving or self.is_dirty

    def _on_finished(self) -> None:
        self._is_saving = False
        go_on, self._after_saving = self._after_saving, None
        if go_on is not None:
            # Not before what was saved is known to be.
            QTimer.singleShot(0, self, go_on)

    def _write_document(self, path: Path, then: Callable[[], object]) -> None:
        if path.suffix.lower() != OWN_ENDING:
            self._say(f"A lab is saved as {OWN_ENDING}: export it for other forms, or end the name in {OWN_ENDING}.")
            return
        lab = self._lab()
        content = _content(lab)

        def on_written(_: object) -> None:
            self.path, self._name, self._saved = path.resolve(), path.name, content
            self._folder = self.path.parent
            self._forget_recovery()
            self._say("")
            self.used.emit(str(self.path), "saved")
            self.changed.emit()
            then()

        self._is_saving = self._is_saving or not self.background.is_busy
        self.background.start(f"Saving {path.name}…", exporting(lab, path), on_written, self._on_failed)

    def _on_failed(self, error: SeedlabError) -> None:
        self._say(str(error))

    # Asking.

    def ask_to_save(self, then: Callable[[], object]) -> None:
        """Call ``then`` at once where nothing is unsaved; else when the person has saved it, or lets it go."""
        if self._is_saving:
            # Asked again then: it may have failed.
            self._after_saving = lambda: self.ask_to_save(then)
            return
        if not self.is_dirty:
            then()
            return
        box = QMessageBox(self._window)
        box.setObjectName("ask_to_save")
        box.setWindowTitle("Unsaved results")
        since = f"What is new since {self.path.name} was saved" if self.path is not None else "These results"
        box.setText(f"{since} will be gone.")
        box.setInformativeText("Save before that?")
        buttons = QMessageBox.StandardButton
        box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
        box.setDefaultButton(buttons.Save)

        def on_answer(answer: int) -> None:
            box.deleteLater()
            if answer == buttons.Save:
                self.save(then)
            elif answer == buttons.Discard:
                self.let_go()
                then()

        box.finished.connect(on_answer)
        box.open()

    def let_go(self) -> None:
        """The person does not want the unsaved results."""
        self._saved = _content(self._lab())
        self._forget_recovery()

    # Recovery.

    def offer_recovery(self) -> None:
        """Offer what an earlier start could not save."""
        if self._recovery_folder is None:
            return
        paths = recovery.left_behind(self._recovery_folder)
        lab = recovery.read(paths)
        if lab is None:
            recovery.discard(paths)
            return
        box = QMessageBox(self._window)
        box.setObjectName("offer_recovery")
        box.setWindowTitle("Unsaved results")
        box.setText("seedlab ended before these results were saved.")
        when = lab.created.astimezone().strftime("%Y-%m-%d %H:%M")
        box.setInformativeText(f"{_counted(lab)}, the last of {when}. Restore them?")
        restore = box.addButton("Restore", QMessageBox.ButtonRole.AcceptRole)
        box.addButton("Discard", QMessageBox.ButtonRole.DestructiveRole)
        later = box.addButton("Later", QMessageBox.ButtonRole.RejectRole)

        def on_answer() -> None:
            clicked = box.clickedButton()
            box.deleteLater()
            if clicked is later or clicked is None:
                return
            if clicked is restore:
                self._show(lab)
                self.results_changed()
            recovery.discard(paths)

        box.finished.connect(on_answer)
        box.open()

    def _forget_recovery(self) -> None:
        if self._recovery_folder is not None:
            self._keeping.waitForDone()
            recovery.discard([recovery.own_path(self._recovery_folder)])

    def close(self) -> None:
        self.background.close()
        self._keeping.waitForDone()
        if not self.is_dirty:
            self._forget_recovery()


def _content(lab: Lab) -> _Content:
    return [(column.name, column.runs) for column in lab.columns]


def _same(one: _Content, other: _Content) -> bool:
    """Runs are compared by identity: they are frozen, and there may be thousands."""
    return len(one) == len(other) and all(
        name == other_name and runs is other_runs
        for (name, runs), (other_name, other_runs) in zip(one, other, strict=True)
    )


def _counted(lab: Lab) -> str:
    runs = sum(len(column.runs) for column in lab.columns)
    return f"{len(lab.columns)} column{'' if len(lab.columns) == 1 else 's'}, {runs} run{'' if runs == 1 else 's'}"
