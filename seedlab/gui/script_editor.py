"""The editor of one column's script: the text, what is wrong with it, and a bar to find and replace."""

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence, QTextDocument
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout

from seedlab.figure.theme import Theme
from seedlab.gui.code_edit import CodeEdit
from seedlab.gui.find_bar import FindBar
from seedlab.messages.window import editing_text, syntax_problem_text
from seedlab.plain_text import window_line
from seedlab.study.syntax import problem_in

_CHECKED_AFTER_MS = 250
"""The time after the last key after which the text is checked: half a line is seldom right."""


class ScriptEditor(QFrame):
    """Edits ``document``. Whoever shows it listens to the document, and leaves it with `leave_part`."""

    def __init__(self, document: QTextDocument, theme: Theme) -> None:
        super().__init__(objectName="script_editor")
        self.code = CodeEdit(document, theme)
        self.find_bar = FindBar(self.code, theme)
        self.find_bar.hide()
        self.note_label = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        layout = QVBoxLayout(self, spacing=theme.unit // 2)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.code, 1)
        layout.addWidget(self.note_label)
        layout.addWidget(self.find_bar)
        self.setFocusProxy(self.code)
        self._check = QTimer(self, singleShot=True, interval=_CHECKED_AFTER_MS)
        self._check.timeout.connect(self.check)
        document.contentsChanged.connect(self._check.start)
        self.check()

    def check(self) -> None:
        """Say where the text is no Python, if it is none."""
        self._check.stop()
        problem = problem_in(self.code.text)
        self.code.show_problem(problem)
        said = editing_text() if problem is None else syntax_problem_text(problem.line, problem.text)
        self.note_label.setText(window_line(said))
        role = "muted" if problem is None else "problem"
        if self.note_label.property("role") != role:
            self.note_label.setProperty("role", role)
            self.note_label.style().unpolish(self.note_label)
            self.note_label.style().polish(self.note_label)

    def leave_part(self) -> bool:
        """Close the bar that finds, and return True; return False where it is not open."""
        if self.find_bar.isHidden():
            return False
        self.find_bar.hide()
        self.code.setFocus()
        return True

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _finds(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not _finds(event):
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_F3:
            is_back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            if not self.find_bar.go_on(is_back=is_back):
                self.find_bar.begin()
        else:
            self.find_bar.begin()


def _finds(event: QKeyEvent) -> bool:
    return QKeySequence(event.keyCombination()).toString() in {"Ctrl+F", "Ctrl+H", "F3", "Shift+F3"}
