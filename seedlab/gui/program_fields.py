"""The fields for what a person's own program is given: paths that are chosen, and texts that are typed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from seedlab.errors import ChoiceError
from seedlab.figure.theme import Theme
from seedlab.gui.labels import muted_label, plain_tool_tip
from seedlab.messages.programs import unreadable_field_text
from seedlab.plain_text import window_line, window_lines

_VARIABLE_LINES = 3


class PathButton(QPushButton):
    """A path in the look of a field; pressed, it lets a person choose another one."""

    def __init__(self, title: str, elide: Qt.TextElideMode) -> None:
        super().__init__(accessibleName=title)
        self.setProperty("role", "path")
        # A long path must not make the panel wider.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._elide = elide
        self._shown = ""

    def show_path(self, text: str, about: str) -> None:
        """Show ``text``, shortened to the width there is, with the tool tip ``about``."""
        self._shown = window_line(text)
        self.setToolTip(plain_tool_tip(window_line(about)))
        self._fit()

    def _fit(self) -> None:
        self.ensurePolished()
        room = self.width() - 6 * self.fontMetrics().averageCharWidth()
        # An ampersand would become a mnemonic.
        self.setText(self.fontMetrics().elidedText(self._shown, self._elide, room).replace("&", "&&"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setPen(self.palette().placeholderText().color())
        place = self.rect().adjusted(0, 0, -self.fontMetrics().averageCharWidth(), 0)
        painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, "…")


class _Lines(QPlainTextEdit):
    """A few lines of text, which Tab leaves."""

    left = Signal()

    def __init__(self, theme: Theme, **properties: Any) -> None:
        super().__init__(tabChangesFocus=True, lineWrapMode=QPlainTextEdit.LineWrapMode.NoWrap, **properties)
        self.ensurePolished()
        # As far from the edge as the text of a field of one line.
        self.document().setDocumentMargin(2)
        frame = 2 * (theme.px(3) + 1) + round(2 * self.document().documentMargin())
        self.setFixedHeight(_VARIABLE_LINES * self.fontMetrics().lineSpacing() + frame)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()


class TextField(QWidget):
    """A labelled text that stands for a value; what is wrong with it is said below it.

    It reports each readable value as it is typed. ``read`` raises `ChoiceError` for a text that it cannot read.
    """

    edited = Signal(object)
    """The value that the text stands for now."""
    left = Signal()
    """A person has finished with the field for now."""

    def __init__(
        self,
        title: str,
        theme: Theme,
        *,
        about: str,
        example: str,
        read: Callable[[str], Any],
        write: Callable[[Any], str],
        has_lines: bool = False,
    ) -> None:
        super().__init__()
        self.title = title
        self._about, self._read, self._write = about, read, write
        self._has_lines = has_lines
        self._value: Any = None
        self._is_filling = False
        properties = {"accessibleName": title, "toolTip": about, "placeholderText": example}
        self.box: QLineEdit | QPlainTextEdit
        if has_lines:
            lines = self.box = _Lines(theme, **properties)
            lines.left.connect(self.left)
        else:
            line = self.box = QLineEdit(**properties)
            line.editingFinished.connect(self.left)
        self.box.textChanged.connect(self._on_text_changed)
        self.problem_label = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.problem_label.setProperty("role", "problem")
        self.problem_label.hide()
        self.setFocusProxy(self.box)
        layout = QVBoxLayout(self, spacing=theme.unit // 4)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(muted_label(title, self.box))
        layout.addWidget(self.box)
        layout.addWidget(self.problem_label)

    @property
    def text(self) -> str:
        """The text as it is typed."""
        return self.box.toPlainText() if isinstance(self.box, QPlainTextEdit) else self.box.text()

    @property
    def problem(self) -> str:
        """What is wrong with the text; empty where nothing is."""
        return self.problem_label.text()

    def forget(self) -> None:
        """Let go of the text, readable or not, because another program is shown next."""
        self._value = None

    def show_value(self, value: Any) -> None:
        """Show ``value``; a text that stands for it already stays as it was typed."""
        if value == self._value:
            return
        self._value = value
        text = self._write(value)
        shown = window_lines(text) if self._has_lines else window_line(text)
        is_editable = shown == text and self._read(text) == value
        self.box.setReadOnly(not is_editable)
        self.box.setToolTip(self._about if is_editable else unreadable_field_text())
        self._is_filling = True
        if isinstance(self.box, QPlainTextEdit):
            self.box.setPlainText(shown)
        else:
            self.box.setText(shown)
            self.box.setCursorPosition(0)
        self._is_filling = False
        self._show_problem("")

    def _on_text_changed(self) -> None:
        if self._is_filling:
            return
        try:
            self._value = self._read(self.text)
        except ChoiceError as error:
            self._show_problem(str(error))
            return
        self._show_problem("")
        self.edited.emit(self._value)

    def _show_problem(self, text: str) -> None:
        self.problem_label.setText(text)
        self.problem_label.setVisible(bool(text))


def shown_path(path: str) -> str:
    """Return ``path`` with a tilde for the home folder."""
    home = str(Path.home())
    return f"~{path[len(home) :]}" if path == home or path.startswith(f"{home}/") else path
