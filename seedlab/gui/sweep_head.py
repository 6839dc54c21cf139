"""What stands above the distribution of a sweep: how far it is, Stop, and which draw is looked at."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from seedlab.figure.theme import Theme
from seedlab.gui.boxes import ChoiceBox
from seedlab.phrases import sentence
from seedlab.plain_text import window_line, window_lines


class SweepHead(QWidget):
    """Shows a sweep that goes on; it emits what a person chooses."""

    stop_asked = Signal()
    go_on_asked = Signal()
    label_chosen = Signal(str)
    """The draw that is looked at from now on."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.text_label = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.text_label.setProperty("role", "muted")
        self.bar: QProgressBar = QProgressBar(textVisible=False, accessibleName=sentence("Runs that were made"))
        self.bar.setFixedHeight(theme.px(4))
        self.bar.setStyleSheet(
            f"QProgressBar {{ border: none; background: {theme.hairline}; }}"
            f"QProgressBar::chunk {{ background: {theme.accent}; }}"
        )
        self.button: QPushButton = QPushButton()
        self.button.setProperty("role", "link")
        self.button.clicked.connect(self._on_pressed)
        self.label_box = ChoiceBox(accessibleName=sentence("The draw that is looked at"))
        self.label_box.setFixedWidth(theme.px(240))
        self.label_box.activated.connect(lambda _: self.label_chosen.emit(self.label_box.currentData()))
        draw_label = QLabel(sentence("&Draw"))
        draw_label.setProperty("role", "muted")
        draw_label.setBuddy(self.label_box)
        self._is_going = True
        row = QHBoxLayout(spacing=theme.unit)
        row.addWidget(draw_label)
        row.addWidget(self.label_box)
        row.addSpacing(theme.unit)
        row.addWidget(self.text_label, 1)
        row.addWidget(self.button)
        self.note_label = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.note_label.setProperty("role", "problem")
        self.note_label.hide()
        layout = QVBoxLayout(self, spacing=theme.unit // 2)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(row)
        layout.addWidget(self.bar)
        layout.addWidget(self.note_label)
        self.show_labels((), "")

    def show_progress(self, text: str, done: int, total: int, *, is_going: bool, can_go_on: bool) -> None:
        """Show that ``done`` of ``total`` runs are made; ``is_going`` while more are being made."""
        self.text_label.setText(window_line(text))
        # Without an end that is known, it moves to and fro.
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self._is_going = is_going
        self.button.setText(sentence("Stop") if is_going else sentence("Go on"))
        self.button.setVisible(is_going or can_go_on)

    def show_note(self, text: str) -> None:
        """Show what a person has to know; an empty text hides it."""
        self.note_label.setText(window_lines(text))
        self.note_label.setVisible(bool(text))

    def show_labels(self, labels: Sequence[str], current: str) -> None:
        """Offer ``labels``, of which ``current`` is looked at."""
        box = self.label_box
        if [box.itemData(row) for row in range(box.count())] != list(labels):
            box.clear()
            for label in labels:
                box.addItem(window_line(label), label)
        box.setCurrentIndex(labels.index(current) if current in labels else -1)
        box.setEnabled(len(labels) > 1)

    def _on_pressed(self) -> None:
        (self.stop_asked if self._is_going else self.go_on_asked).emit()
