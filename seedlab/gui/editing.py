"""Editing the current column's script in the window: what is typed goes to the session as it is typed."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QTextCursor, QTextDocument
from PySide6.QtWidgets import QWidget

from seedlab.figure.theme import Theme
from seedlab.gui.code_edit import document_of, text_in
from seedlab.gui.comparison_view import ComparisonView
from seedlab.gui.script_editor import ScriptEditor
from seedlab.session.session import Session


class Editing(QObject):
    """Has one editor at most, in the place of the script that it edits."""

    def __init__(self, parent: QWidget, session: Session) -> None:
        super().__init__(parent)
        self._session = session
        self._key: int | None = None
        """The key of the column that is edited; None while none is."""
        self._document: QTextDocument | None = None
        self._known = self._shown = ""
        """The session's text, and what Qt makes of it: until somebody types something, the one stands for both."""
        self._is_filling = False
        self._view: ComparisonView | None = None
        self._theme: Theme | None = None
        self.editor: ScriptEditor | None = None
        """The editor that is open; None without."""

    @property
    def is_open(self) -> bool:
        return self._key is not None

    def show_in(self, view: ComparisonView, theme: Theme) -> None:
        """From now on, edit in ``view``; what is being edited goes on there."""
        place = None
        if self.editor is not None:
            place = self.editor.code.textCursor().position()
            self.editor.code.let_go()
        self._view, self._theme, self.editor = view, theme, None
        if self.is_open:
            self._show(place)

    def open(self, line: int | None = None) -> None:
        """Open the current column's script, with the cursor at ``line``; None for the first line."""
        lane = self._session.arrangement.lane
        if self._key == lane.key:
            if self.editor is not None:
                self.editor.setFocus()
            return
        self.close()
        if self._session.settings.look == "why":
            self._session.set_look("auto")
        self._key = lane.key
        self._known = self._session.next_text
        self._document = document_of(self._known)
        self._document.setParent(self)
        self._shown = text_in(self._document)
        self._document.contentsChanged.connect(self._on_text_changed)
        at = self._document.findBlockByNumber((line or 1) - 1)
        self._show(at.position() if at.isValid() else 0)

    def leave(self) -> bool:
        """Close what is open of the editor, the innermost part first; return False where nothing is."""
        if self.editor is not None and self.editor.leave_part():
            return True
        was_open = self.is_open
        self.close()
        return was_open

    def close(self) -> None:
        """Close the editor; what was typed stays."""
        if not self.is_open:
            return
        document, self._document, self._key = self._document, None, None
        if self._view is not None:
            self._view.show_editor(None)
            self._view.canvas.setFocus()
        if self.editor is not None:
            self.editor.hide()
            self.editor.deleteLater()
            self.editor = None
        if document is not None:
            document.contentsChanged.disconnect(self._on_text_changed)
            document.deleteLater()
        self._session.end_step()

    def follow(self) -> None:
        """Show what has become of the column that is edited: gone, no more the current one, or with another text."""
        if not self.is_open or self._document is None:
            return
        if self._session.arrangement.lane.key != self._key or self._session.settings.look == "why":
            self.close()
            return
        text = self._session.next_text
        if text not in {self._known, self._shown}:
            cursor = QTextCursor(self._document)
            cursor.select(QTextCursor.SelectionType.Document)
            self._is_filling = True
            cursor.insertText(text)
            self._is_filling = False
            self._known, self._shown = text, text_in(self._document)

    def _show(self, position: int | None) -> None:
        assert self._document is not None
        assert self._view is not None
        assert self._theme is not None
        self.editor = ScriptEditor(self._document, self._theme)
        cursor = QTextCursor(self._document)
        cursor.setPosition(min(position or 0, max(self._document.characterCount() - 1, 0)))
        self.editor.code.setTextCursor(cursor)
        self._view.show_editor(self.editor)
        self.editor.setFocus()

    def _on_text_changed(self) -> None:
        if self._document is None or self._is_filling:
            return
        text = text_in(self._document)
        if text != self._shown:
            self._shown = text
            self._session.editing.edit_script(text)
            self._known = self._session.next_text
