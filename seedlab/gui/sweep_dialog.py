"""The question what a sweep is to turn, and to which values."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QLineEdit, QWidget

from seedlab.errors import ChoiceError
from seedlab.figure.theme import Theme
from seedlab.gui.boxes import ChoiceBox, let_shrink
from seedlab.messages.sweeps import as_it_is_text
from seedlab.phrases import following, meaning, sentence
from seedlab.plain_text import window_line
from seedlab.session.sweep_choices import Turnable
from seedlab.study.sweep import Axis, Seeds, Sweep

_SEEDS = "0..299"
_RUNS = "300"
_ABOUT = sentence("A range such as 0..999, a list such as 1,2,42, or random:500, which are always the same.")
_ABOUT_RUNS = sentence("How many runs there are to be.")


class SweepDialog(QDialog):
    """Asks for a sweep of one column; `sweep` is what was chosen once it is accepted."""

    def __init__(self, name: str, offered: Sequence[Turnable], theme: Theme, parent: QWidget, turn: str = "") -> None:
        """``turn`` is what is chosen at first, if it is among ``offered``."""
        super().__init__(parent)
        self.setObjectName("ask_for_sweep")
        self.setWindowTitle(sentence("Sweep {name}", name=window_line(name)))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.sweep: Sweep | None = None
        """The sweep that the fields describe; None where they describe none."""
        self._offered = tuple(offered)
        self.what_box = ChoiceBox(accessibleName=sentence("What is turned"))
        let_shrink(self.what_box)
        self.what_box.addItems([*(window_line(each.title) for each in self._offered), as_it_is_text()])
        self.values_edit = QLineEdit(_SEEDS, accessibleName=sentence("Values"))
        self.values_label = QLabel(sentence("&Values"))
        self.values_label.setBuddy(self.values_edit)
        self.note_label = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        first = next((at for at, each in enumerate(self._offered) if each.turn == turn), 0)
        self.what_box.setCurrentIndex(first)
        buttons = QDialogButtonBox()
        self.start_button = buttons.addButton(
            meaning("begin the sweep", "Start"), QDialogButtonBox.ButtonRole.AcceptRole
        )
        buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QFormLayout(self, spacing=2 * theme.unit)
        layout.setContentsMargins(3 * theme.unit, 3 * theme.unit, 3 * theme.unit, 3 * theme.unit)
        layout.addRow(sentence("&Turn"), self.what_box)
        layout.addRow(self.values_label, self.values_edit)
        layout.addRow(self.note_label)
        layout.addRow(buttons)
        self.setMinimumWidth(theme.px(480))
        # Two lines, so that nothing moves as it changes.
        self.note_label.setMinimumHeight(2 * self.note_label.fontMetrics().lineSpacing())
        self.what_box.currentIndexChanged.connect(self._on_what_chosen)
        self.values_edit.textChanged.connect(self._read)
        self._read()
        self.values_edit.selectAll()
        self.values_edit.setFocus()

    @property
    def _is_as_it_is(self) -> bool:
        return self.what_box.currentIndex() == len(self._offered)

    def _on_what_chosen(self) -> None:
        self.values_label.setText(sentence("&Runs") if self._is_as_it_is else sentence("&Values"))
        known = {_SEEDS, _RUNS}
        if self.values_edit.text() in known:
            self.values_edit.setText(_RUNS if self._is_as_it_is else _SEEDS)
        self._read()

    def _read(self) -> None:
        """Read the fields, and say what is wrong with them, if anything is."""
        text = self.values_edit.text().strip()
        problem = ""
        self.sweep = None
        try:
            if self._is_as_it_is:
                sweep = Sweep(runs=int(text) if text.isdecimal() else 0)
            else:
                sweep = Sweep((Axis(self._offered[self.what_box.currentIndex()].turn, Seeds.of(text)),))
            sweep.check()
            self.sweep = sweep
        except ChoiceError as error:
            values = meaning("in the place of --seeds at the beginning of a sentence", "The values")
            problem = following(error.what.replace("--seeds", values), error.advice)
        about = _ABOUT_RUNS if self._is_as_it_is else _ABOUT
        self.note_label.setText(window_line(problem or about))
        role = "problem" if problem else "muted"
        self.note_label.setProperty("role", role)
        self.note_label.style().unpolish(self.note_label)
        self.note_label.style().polish(self.note_label)
        self.start_button.setEnabled(self.sweep is not None)
