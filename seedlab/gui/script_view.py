"""The script with its seed line marked and, once it ran, what each line did to a seed."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QTextCharFormat, QTextCursor, QTextOption
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextEdit, QWidget

from seedlab.gui import theme as themes
from seedlab.gui.theme import Theme
from seedlab.model.explanation import Annotation, AnnotationKind
from seedlab.model.script import Script

_GUTTER = 3 * themes.UNIT
"""Room for the numbers of the lines, in pixels."""


class ScriptView(QTextEdit):
    """Read-only, as large as its text; annotations stand as lines of their own below what they explain."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(readOnly=True, accessibleName="Script")
        self._theme = theme
        self._marked_blocks: list[int] = []
        self._numbered_blocks: dict[int, int] = {}
        self.setViewportMargins(_GUTTER, 0, 0, 0)
        self._gutter = _Gutter(self)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setWordWrapMode(QTextOption.WrapMode.NoWrap)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(themes.UNIT / 2)
        # The text is laid out only once the widget has its style: its size comes then, by signal.
        self.document().documentLayout().documentSizeChanged.connect(self._fit)

    def show_script(self, script: Script, annotations: Sequence[Annotation] = ()) -> None:
        notes = {annotation.line: annotation for annotation in annotations}
        self.clear()
        self._marked_blocks = []
        self._numbered_blocks = {}
        cursor = self.textCursor()
        for number, line in enumerate(script.lines, 1):
            note = notes.get(number)
            is_seed_line = number in script.seed_lines
            unused = note is not None and note.kind is AnnotationKind.UNUSED
            colour = self._theme.muted if unused else self._theme.text
            self._add_line(cursor, line, colour, is_seed_line, struck=unused, first=number == 1)
            self._numbered_blocks[cursor.blockNumber()] = number
            if note is not None:
                self._add_note(cursor, note, line, is_seed_line)
        self.setTextCursor(QTextCursor(self.document()))
        self.setExtraSelections([self._band(number) for number in self._marked_blocks])
        self._fit()

    def _band(self, block: int) -> QTextEdit.ExtraSelection:
        """A band across the whole width behind one line."""
        band = QTextEdit.ExtraSelection()
        band.cursor = QTextCursor(self.document().findBlockByNumber(block))
        band.format.setBackground(QColor(self._theme.seed_line))
        band.format.setProperty(QTextCharFormat.Property.FullWidthSelection.value, True)
        return band

    def sizeHint(self) -> QSize:
        return QSize(round(self.document().idealWidth()) + _GUTTER + 4, round(self.document().size().height()) + 2)

    def _fit(self) -> None:
        self.setFixedHeight(self.sizeHint().height())
        self.setMinimumWidth(self.sizeHint().width())
        self._gutter.setGeometry(0, 0, _GUTTER, self.height())
        self._gutter.update()

    def numbered_lines(self) -> Iterator[tuple[int, QRectF]]:
        """Each line's number and where it stands, in the coordinates of the widget."""
        layout = self.document().documentLayout()
        for block, number in self._numbered_blocks.items():
            yield number, layout.blockBoundingRect(self.document().findBlockByNumber(block))

    def _add_note(self, cursor: QTextCursor, note: Annotation, line: str, is_seed_line: bool) -> None:
        indent = len(line) - len(line.lstrip())
        problem = note.kind in {AnnotationKind.UNUSED, AnnotationKind.SYSTEM}
        colour = self._theme.seed_note if problem else self._theme.trace
        self._add_line(cursor, " " * (indent + 2) + "↳ " + note.text, colour, is_seed_line, note=True)

    def _add_line(
        self, cursor: QTextCursor, text: str, colour: str, marked: bool,
        *, struck: bool = False, note: bool = False, first: bool = False,
    ) -> None:  # fmt: skip
        characters = QTextCharFormat()
        characters.setFont(themes.font(themes.SMALL - note, mono=True, struck=struck))
        characters.setForeground(QColor(colour))
        if not first:
            cursor.insertBlock()
        if marked:
            self._marked_blocks.append(cursor.blockNumber())
        # Striking out begins at the first letter, not at the margin.
        plain = QTextCharFormat(characters)
        plain.setFont(themes.font(themes.SMALL, mono=True))
        indent = text[: len(text) - len(text.lstrip())]
        cursor.insertText(indent, plain)
        cursor.insertText(text.lstrip() or " ", characters)


class _Gutter(QWidget):
    """The numbers of the script's lines; beside the text, so that copying takes the script alone."""

    def __init__(self, view: ScriptView) -> None:
        super().__init__(view)
        self._view = view

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(themes.font(themes.SMALL - 2, mono=True))
        painter.setPen(self._view.palette().placeholderText().color())
        for number, place in self._view.numbered_lines():
            area = QRectF(0, place.top(), self.width() - themes.UNIT / 2, place.height())
            painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(number))
