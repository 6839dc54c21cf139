"""A text field for Python: highlighted, with line numbers and the keys that people expect of an editor."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QPlainTextDocumentLayout, QPlainTextEdit, QTextEdit, QWidget

from seedlab.figure import theme as themes
from seedlab.figure.theme import Theme
from seedlab.phrases import sentence
from seedlab.study.syntax import SyntaxProblem

_STEP = 4
"""The number of blanks of one step of indentation (PEP 8)."""
_KEYS = ("Ctrl+/", "Ctrl+Backspace", "Ctrl+Delete", "Ctrl+Y", "Ctrl+Shift+Z")
"""What the editor does itself, though the window has commands for some of it."""


def document_of(text: str) -> QTextDocument:
    """Return a document with ``text``, which keeps what was undone wherever it is shown."""
    document = QTextDocument()
    document.setDocumentLayout(QPlainTextDocumentLayout(document))
    document.setPlainText(text)
    document.clearUndoRedoStacks()
    return document


def text_in(document: QTextDocument) -> str:
    """Return the text of ``document``; Qt's own ``toPlainText`` makes plain blanks of those that do not break."""
    return document.toRawText().replace("\u2029", "\n").replace("\u2028", "\n")


def units_of(text: str) -> int:
    """Return how long ``text`` is as Qt counts: in units of UTF-16, of which some letters have two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


class CodeEdit(QPlainTextEdit):
    """Edits a document of Python source."""

    def __init__(self, document: QTextDocument, theme: Theme) -> None:
        super().__init__(lineWrapMode=QPlainTextEdit.LineWrapMode.NoWrap, accessibleName=sentence("Script"))
        self._theme = theme
        font = themes.font(theme.small, mono=True)
        document.setDefaultFont(font)
        self.setDocument(document)
        self.setFont(font)
        self.setTabStopDistance(_STEP * self.fontMetrics().horizontalAdvance(" "))
        self._highlighter = _Highlighter(document, theme)
        self._numbers = _Numbers(self)
        self.blockCountChanged.connect(self._make_room)
        self.updateRequest.connect(self._on_update)
        self._make_room()

    @property
    def text(self) -> str:
        return text_in(self.document())

    def let_go(self) -> None:
        """Take the colours off the document, which another field is to show."""
        self._highlighter.end()

    def show_problem(self, problem: SyntaxProblem | None) -> None:
        """Underline where the source is no Python; None for nowhere."""
        selections = []
        if problem is not None:
            block = self.document().findBlockByNumber(min(problem.line, self.blockCount()) - 1)
            text = block.text()
            first = min(problem.start, len(text.rstrip()))
            if first >= max(problem.end, first + 1) or not text[first:].strip():
                first = len(text) - len(text.lstrip())
            selection = QTextEdit.ExtraSelection()
            cursor = QTextCursor(block)
            cursor.setPosition(block.position() + first)
            last = max(min(problem.end, len(text)), first + 1) if problem.end > first else len(text)
            cursor.setPosition(block.position() + min(last, len(text)), QTextCursor.MoveMode.KeepAnchor)
            selection.cursor = cursor
            style = QTextCharFormat()
            style.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            style.setUnderlineColor(QColor(self._theme.differs))
            selection.format = style
            selections.append(selection)
        self.setExtraSelections(selections)

    # Keys.

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            keys = QKeySequence(event.keyCombination()).toString()
            if keys in _KEYS:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = QKeySequence(event.keyCombination()).toString()
        cursor = self.textCursor()
        if keys == "Ctrl+/":
            self._change_lines(_uncommented if self._is_commented() else _commented)
        elif event.key() == Qt.Key.Key_Backtab:
            self._change_lines(_dedented)
        elif event.key() == Qt.Key.Key_Tab and not event.modifiers():
            if cursor.hasSelection():
                self._change_lines(_indented)
            else:
                cursor.insertText(" " * (_STEP - cursor.positionInBlock() % _STEP))
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            before = cursor.block().text()[: cursor.positionInBlock()]
            cursor.insertText("\n" + _indentation_after(before))
            self.ensureCursorVisible()
        elif event.key() == Qt.Key.Key_Backspace and not event.modifiers() and self._is_in_indentation():
            for _ in range((cursor.positionInBlock() - 1) % _STEP + 1):
                cursor.deletePreviousChar()
        else:
            super().keyPressEvent(event)

    def _is_in_indentation(self) -> bool:
        cursor = self.textCursor()
        before = cursor.block().text()[: cursor.positionInBlock()]
        return bool(before) and not before.strip(" ") and not cursor.hasSelection()

    def _lines(self) -> tuple[QTextCursor, list[str]]:
        """Return a cursor that has selected the lines of the selection as wholes, and these lines."""
        cursor = self.textCursor()
        start, end = cursor.selectionStart(), cursor.selectionEnd()
        first, last = self.document().findBlock(start), self.document().findBlock(end)
        if end > start and end == last.position():
            # A selection of whole lines ends where the next one begins.
            last = last.previous()
        cursor.setPosition(first.position())
        cursor.setPosition(last.position() + last.length() - 1, QTextCursor.MoveMode.KeepAnchor)
        return cursor, cursor.selectedText().split("\u2029")

    def _is_commented(self) -> bool:
        _, lines = self._lines()
        return all(line.lstrip().startswith("#") for line in lines if line.strip())

    def _change_lines(self, change: Callable[[Sequence[str]], list[str]]) -> None:
        """Replace the lines of the selection, in one step, and keep them selected where more than one is."""
        cursor, lines = self._lines()
        changed = change(lines)
        if changed == lines:
            return
        start, column = cursor.selectionStart(), self.textCursor().positionInBlock()
        cursor.insertText("\n".join(changed))
        end = cursor.position()
        if len(lines) > 1:
            cursor.setPosition(start)
            cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        else:
            cursor.setPosition(start + min(max(column + len(changed[0]) - len(lines[0]), 0), len(changed[0])))
        self.setTextCursor(cursor)

    # Line numbers.

    @property
    def numbers_width(self) -> int:
        """The width of the line numbers, in pixels."""
        return self.fontMetrics().horizontalAdvance("0" * max(len(str(self.blockCount())), 2)) + 2 * self._theme.unit

    def _make_room(self) -> None:
        self.setViewportMargins(self.numbers_width, 0, 0, 0)

    def _on_update(self, area: QRect, scrolled: int) -> None:
        if scrolled:
            self._numbers.scroll(0, scrolled)
        else:
            self._numbers.update(0, area.y(), self._numbers.width(), area.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        inside = self.contentsRect()
        self._numbers.setGeometry(inside.left(), inside.top(), self.numbers_width, inside.height())

    def paint_numbers(self, event: QPaintEvent) -> None:
        """Paint the line numbers, that of the current line in the colour of the text."""
        painter = QPainter(self._numbers)
        painter.fillRect(event.rect(), QColor(self._theme.panel))
        painter.setFont(self.font())
        block = self.firstVisibleBlock()
        current = self.textCursor().blockNumber()
        offset = self.contentOffset()
        while block.isValid():
            area = self.blockBoundingGeometry(block).translated(offset)
            if area.top() > event.rect().bottom():
                break
            is_current = block.blockNumber() == current
            painter.setPen(QColor(self._theme.text if is_current else self._theme.muted))
            place = QRect(0, round(area.top()), self._numbers.width() - self._theme.unit, round(area.height()))
            painter.drawText(
                place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, str(block.blockNumber() + 1)
            )
            block = block.next()
        painter.end()


class _Numbers(QWidget):
    """The strip of line numbers at the left of an editor."""

    def __init__(self, editor: CodeEdit) -> None:
        super().__init__(editor)
        self._editor = editor
        editor.cursorPositionChanged.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(self._editor.numbers_width, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._editor.paint_numbers(event)


class _Highlighter(QSyntaxHighlighter):
    """Colours a document as the drawing colours scripts. What a line is depends on those before it: all are read."""

    def __init__(self, document: QTextDocument, theme: Theme) -> None:
        # Imported when the first editor opens: the window is to be there sooner.
        from pygments.lexers.python import PythonLexer
        from pygments.token import Token

        super().__init__(document)
        self._colours: list[tuple[Any, str]] = [
            (Token.Keyword, theme.keyword),
            (Token.Operator.Word, theme.keyword),
            (Token.Literal.String, theme.string),
            (Token.Literal.Number, theme.number),
            (Token.Comment, theme.muted),
        ]
        self._lexer = PythonLexer(stripnl=False, ensurenl=False)
        self._text: str | None = None
        self._spans: list[list[tuple[int, int, str]]] = []
        document.contentsChange.connect(self._on_changed)
        self._read()

    def end(self) -> None:
        """Colour the document no more."""
        self.document().contentsChange.disconnect(self._on_changed)
        self.setDocument(None)

    def highlightBlock(self, _text: str) -> None:
        number = self.currentBlock().blockNumber()
        for start, length, colour in self._spans[number] if number < len(self._spans) else ():
            self.setFormat(start, length, QColor(colour))

    def _on_changed(self, _position: int, _removed: int, _added: int) -> None:
        before = self._spans
        if not self._read():
            return
        block = self.document().firstBlock()
        for number, spans in enumerate(self._spans):
            if number >= len(before) or before[number] != spans:
                self.rehighlightBlock(block)
            block = block.next()

    def _read(self) -> bool:
        """Find the colours of all lines; return False where the text is the same as before."""
        text = text_in(self.document())
        if text == self._text:
            return False
        self._text = text
        self._spans = [[] for _ in range(text.count("\n") + 1)]
        row = column = 0
        for kind, value in self._lexer.get_tokens(text):
            colour = next((colour for of, colour in self._colours if kind in of), None)
            for number, part in enumerate(value.split("\n")):
                if number:
                    row, column = row + 1, 0
                length = units_of(part)
                if colour is not None and length and row < len(self._spans):
                    self._spans[row].append((column, length, colour))
                column += length
        return True


def _indentation_after(before: str) -> str:
    """Return the indentation of the line after ``before``: one step more where that begins a block."""
    indent = before[: len(before) - len(before.lstrip())]
    return indent + " " * _STEP if re.sub(r"#.*", "", before).rstrip().endswith(":") else indent


def _indented(lines: Sequence[str]) -> list[str]:
    return [" " * _STEP + line if line.strip() else line for line in lines]


def _dedented(lines: Sequence[str]) -> list[str]:
    return [re.sub(rf"^(\t| {{1,{_STEP}}})", "", line) for line in lines]


def _commented(lines: Sequence[str]) -> list[str]:
    least = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return [f"{line[:least]}# {line[least:]}" if line.strip() else line for line in lines]


def _uncommented(lines: Sequence[str]) -> list[str]:
    return [re.sub(r"^(\s*)# ?", r"\1", line) for line in lines]
