"""The controls that start and stop runs, and the number of runs."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from seedlab.figure.theme import Theme
from seedlab.gui.boxes import spin_box
from seedlab.gui.commands import command_of
from seedlab.gui.labels import command_link, muted_label
from seedlab.messages.window import run_times_text
from seedlab.phrases import sentence
from seedlab.study.experiment import MAX_RUNS


class RunControls(QWidget):
    """The buttons at the top of the panel."""

    run_requested = Signal()
    once_more_requested = Signal()
    stop_requested = Signal()
    runs_chosen = Signal(int)
    """The number of fresh processes that execute the script."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.run_button = QPushButton(objectName="run", toolTip=command_of("run").tool_tip)
        self.run_button.clicked.connect(self.run_requested)
        self.once_more_button = command_link("once_more")
        self.once_more_button.clicked.connect(self.once_more_requested)
        self.stop_button = command_link("stop")
        self.stop_button.clicked.connect(self.stop_requested)
        self.stop_button.setEnabled(False)
        self._pressed = self.run_button
        self.runs_box = spin_box(
            sentence("Number of runs"), 1, MAX_RUNS, sentence("How many fresh processes execute the script.")
        )
        self.runs_box.valueChanged.connect(self._on_runs_changed)
        layout = QVBoxLayout(self, spacing=theme.unit - 2)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.run_button)
        row = QHBoxLayout(spacing=theme.px(4))
        row.addWidget(muted_label(sentence("Runs"), self.runs_box))
        row.addWidget(self.runs_box)
        row.addStretch()
        row.addWidget(self.once_more_button)
        row.addWidget(self.stop_button)
        layout.addLayout(row)

    def show_runs(self, runs: int) -> None:
        """Show the number of runs."""
        if self.runs_box.value() != runs:
            self.runs_box.setValue(runs)
        self.run_button.setText(run_times_text(runs))

    def set_busy(self, *, is_busy: bool) -> None:
        """Enable Stop while runs go on, else the buttons that run."""
        # A disabled button passes the focus on to the next widget, a box that would take the next keys.
        for button in (self.run_button, self.once_more_button):
            if is_busy and button.hasFocus():
                self._pressed = button
                self.stop_button.setEnabled(True)
                self.stop_button.setFocus()
            button.setEnabled(not is_busy)
        if not is_busy and self.stop_button.hasFocus():
            self._pressed.setFocus()
        self.stop_button.setEnabled(is_busy)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not event.spontaneous():
            self.run_button.setFocus()

    def _on_runs_changed(self) -> None:
        runs = int(self.runs_box.value())
        self.show_runs(runs)
        self.runs_chosen.emit(runs)
