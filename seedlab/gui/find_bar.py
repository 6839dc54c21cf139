"""Finds and replaces text in an editor."""

import re

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QPushButton, QWidget

from seedlab.figure.theme import Theme
from seedlab.gui.code_edit import CodeEdit, units_of
from seedlab.messages.window import found_text
from seedlab.phrases import sentence


class FindBar(QWidget):
    """A field for what is looked for, one for what takes its place, and what was found."""

    left = Signal()

    def __init__(self, editor: CodeEdit, theme: Theme) -> None:
        super().__init__(objectName="find_bar")
        self._editor = editor
        self.find_field = QLineEdit(placeholderText=sentence("Find"), accessibleName=sentence("Find"))
        self.replace_field = QLineEdit(
            placeholderText=sentence("Replace with"), accessibleName=sentence("Replace with")
        )
        self.count_label = QLabel()
        self.count_label.setProperty("role", "muted")
        self.next_button = self._link(sentence("Next"), sentence("Go to the next one (Enter)"))
        self.next_button.clicked.connect(self._on_next)
        self.replace_button = self._link(
            sentence("Replace"), sentence("Replace this one and go to the next (Enter in the second field)")
        )
        self.replace_button.clicked.connect(self.replace)
        self.all_button = self._link(sentence("All"), sentence("Replace all"))
        self.all_button.clicked.connect(self.replace_all)
        layout = QGridLayout(self, horizontalSpacing=theme.unit // 2, verticalSpacing=theme.unit // 2)
        layout.setContentsMargins(0, theme.unit // 2, 0, 0)
        layout.addWidget(self.find_field, 0, 0)
        layout.addWidget(self.count_label, 0, 1)
        layout.addWidget(self.next_button, 0, 2, 1, 2)
        layout.addWidget(self.replace_field, 1, 0)
        layout.addWidget(self.replace_button, 1, 2)
        layout.addWidget(self.all_button, 1, 3)
        layout.setColumnStretch(0, 1)
        self.find_field.textChanged.connect(self._on_text_changed)
        self.find_field.returnPressed.connect(self._on_next)
        self.replace_field.returnPressed.connect(self.replace)

    def _link(self, text: str, about: str) -> QPushButton:
        button: QPushButton = QPushButton(text, toolTip=about)
        button.setProperty("role", "link")
        return button

    def begin(self) -> None:
        """Show the bar, and look for what is selected."""
        selected = self._editor.textCursor().selectedText()
        self.show()
        if selected and "\u2029" not in selected:
            self.find_field.setText(selected)
        self.find_field.selectAll()
        self.find_field.setFocus()
        self._show_count()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_F3, Qt.Key.Key_Down, Qt.Key.Key_Up}:
            is_back = event.key() == Qt.Key.Key_Up or bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.go_on(is_back=is_back)
        else:
            super().keyPressEvent(event)

    @property
    def _places(self) -> list[int]:
        """Where the text is found, in any case, from the first to the last, as Qt counts: in units of UTF-16."""
        wanted, text = self.find_field.text(), self._editor.text
        found = re.finditer(re.escape(wanted), text, re.IGNORECASE) if wanted else ()
        return [units_of(text[: each.start()]) for each in found]

    def go_on(self, *, is_back: bool = False, stays: bool = False) -> bool:
        """Select the next place, or the one before; after the last comes the first. Return False where there is none.

        With ``stays``, a place that begins where the selection does is taken.
        """
        places = self._places
        if places:
            cursor = self._editor.textCursor()
            at = cursor.selectionStart()
            if is_back:
                chosen = next((place for place in reversed(places) if place < at), places[-1])
            else:
                is_on_one = cursor.hasSelection() and not stays
                chosen = next((place for place in places if place > at or (place == at and not is_on_one)), places[0])
            cursor.setPosition(chosen)
            cursor.setPosition(chosen + units_of(self.find_field.text()), QTextCursor.MoveMode.KeepAnchor)
            self._editor.setTextCursor(cursor)
            self._editor.centerCursor()
        self._show_count()
        return bool(places)

    def _on_next(self) -> None:
        self.go_on()

    def _on_text_changed(self) -> None:
        self.go_on(stays=True)

    def replace(self) -> None:
        """Replace what is selected, where that is what is looked for, and go to the next place."""
        cursor = self._editor.textCursor()
        if cursor.selectedText().lower() == self.find_field.text().lower() and cursor.hasSelection():
            cursor.insertText(self.replace_field.text())
            self._editor.setTextCursor(cursor)
        self.go_on()

    def replace_all(self) -> None:
        """Replace every place, in one step of the editor's undo."""
        cursor, length = QTextCursor(self._editor.document()), units_of(self.find_field.text())
        cursor.beginEditBlock()
        for place in reversed(self._places):
            cursor.setPosition(place)
            cursor.setPosition(place + length, QTextCursor.MoveMode.KeepAnchor)
            cursor.insertText(self.replace_field.text())
        cursor.endEditBlock()
        self._show_count()

    def _show_count(self) -> None:
        places = self._places
        at = self._editor.textCursor().selectionStart()
        number = places.index(at) + 1 if at in places else 0
        self.count_label.setText(found_text(number, len(places)) if self.find_field.text() else "")
