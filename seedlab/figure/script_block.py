"""A script with what each of its lines did to the seed."""

import math
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from seedlab.evidence.finding import AnnotationKind
from seedlab.figure import theme as themes
from seedlab.figure.highlight import Span, highlighted
from seedlab.figure.text_items import elided, wrapped_height
from seedlab.figure.theme import Theme
from seedlab.libraries.all_capabilities import drawing_names
from seedlab.messages.notes import LineNote
from seedlab.phrases import plural
from seedlab.plain_text import window_line, window_lines
from seedlab.study.script import Script

_CODE_HEIGHT, _NOTE_HEIGHT, _GUTTER = 18, 16, 20
"""The heights of a row and of a note, and the least width of the line numbers, in pixels at zoom 1."""
_IMPORTS = re.compile(r"\s*(import|from)\s")
_SMALLEST = 11
"""The smallest type, in pixels at zoom 1: a line that is still too long goes on in the next row."""
_MOST_ROWS = 6
"""The most rows of one line; a longer line is cut."""


class _Line(msgspec.Struct, frozen=True):
    number: int
    spans: tuple[Span, ...]
    text: str
    is_seed_line: bool
    note: LineNote | None

    @property
    def is_struck(self) -> bool:
        return self.note is not None and self.note.kind is AnnotationKind.UNUSED


class _Row(NamedTuple):
    """The part of a line that stands in one row: its first letter, the one after its last, and its indentation."""

    start: int
    end: int
    indent: int


class ScriptBlock(QGraphicsItem):
    """Shows line numbers, highlighted source, and notes below the lines that they explain.

    With ``excerpt`` it shows only the lines that have to do with the seed, and the heads of their blocks.
    """

    def __init__(
        self,
        script: Script,
        line_notes: Sequence[LineNote],
        theme: Theme,
        width: float,
        *,
        excerpt: bool,
        keeps: Iterable[int] | None = None,
        most: int | None = None,
        is_brief: bool = False,
        size: int | None = None,
    ) -> None:
        """With ``keeps``, an excerpt has these lines and the heads of their blocks, and no others.

        With ``most``, it has no more lines than that. Where it ``is_brief``, notes stand only at lines that set a seed,
        if any does. ``size`` is that of the type, in pixels; None for the largest in which each line fits, if it is
        not too small.
        """
        super().__init__()
        self._theme = theme
        self._width = width
        # A byte order mark is neither shown nor highlighted.
        script = Script(window_lines(script.text.removeprefix("\ufeff")), script.seed_lines)
        notes = {note.line: msgspec.structs.replace(note, text=window_line(note.text)) for note in line_notes}
        wanted = set(range(1, len(script.lines) + 1))
        if excerpt:
            wanted = excerpt_of(script, notes) if keeps is None else excerpt_of(script, keeps, has_hints=False)
        if most is not None:
            wanted = fold_of(script, notes, most)
        if is_brief:
            notes = {line: note for line, note in notes.items() if line in script.seed_lines} or notes
        spans = highlighted(script.text, theme)
        self._lines = [
            _Line(number, tuple(spans[number - 1]), text, number in script.seed_lines, notes.get(number))
            for number, text in enumerate(script.lines, 1)
            if number in wanted
        ]
        numbers = QFontMetricsF(themes.font(theme.px(10), mono=True))
        widest = max((numbers.horizontalAdvance(str(line.number)) for line in self._lines[-1:]), default=0.0)
        self.gutter: int = max(theme.px(_GUTTER), math.ceil(widest) + theme.unit)
        self.size = size or self._fitting_size()
        """The size of the type, in pixels."""
        self.lit: frozenset[int] = frozenset()
        """The numbers of the lines that stand out."""
        left_out = len(script.lines) - len(self._lines)
        self.remark = plural("{count} more line", "{count} more lines", left_out) if left_out else ""
        """The count of the lines left out, so that nobody takes an excerpt for the whole script."""
        self._tops: list[float] = []
        height = 0.0
        for line in self._lines:
            self._tops.append(height)
            height += theme.px(_CODE_HEIGHT) * len(self.rows_of(line.text))
            height += 0.0 if line.note is None else self._note_place(line, line.note).height()
        self._end_of_lines = height
        self.height = height + (theme.px(_NOTE_HEIGHT) if self.remark else 0)

    @property
    def text(self) -> str:
        """Everything that is shown, as text."""
        shown = []
        for line in self._lines:
            shown.append(line.text)
            if line.note is not None:
                shown.append(f"{_indent(line.text)}  ↳ {line.note.text}")
        return "\n".join(shown)

    @property
    def struck_lines(self) -> tuple[int, ...]:
        return tuple(line.number for line in self._lines if line.is_struck)

    def ideal_width(self) -> float:
        """Return the width at which no line is cut or made smaller."""
        metrics = QFontMetricsF(themes.font(self._theme.small, mono=True))
        notes = QFontMetricsF(themes.font(self._theme.px(12)))
        widths = [metrics.horizontalAdvance(line.text) for line in self._lines]
        widths += [
            metrics.horizontalAdvance(_indent(line.text)) + notes.horizontalAdvance(f"  ↳ {line.note.text}")
            for line in self._lines
            if line.note is not None
        ]
        return max(widths, default=0.0) + self.gutter + 2 * self._theme.unit

    def _fitting_size(self) -> int:
        room = self._width - self.gutter
        for size in range(self._theme.small, self._theme.px(_SMALLEST), -1):
            metrics = QFontMetricsF(themes.font(size, mono=True))
            if all(metrics.horizontalAdvance(line.text) <= room for line in self._lines):
                return size
        return self._theme.px(_SMALLEST)

    def rows_of(self, text: str) -> list[_Row]:
        """Return the rows of a line; one that is too long is broken after a blank or a comma, else after a bracket."""
        advance = QFontMetricsF(themes.font(self.size, mono=True)).horizontalAdvance("0")
        room = max(int((self._width - self.gutter) / advance), 8)
        rows: list[_Row] = []
        start = indent = 0
        while len(text) - start > room - indent and len(rows) < _MOST_ROWS - 1:
            end = start + room - indent
            # A break too early would leave most of the row empty.
            places = range(end, start + (room - indent) // 3, -1)
            good = [at for letters in (" ,", "([{=.") for at in places if text[at - 1] in letters]
            end = good[0] if good else end
            rows.append(_Row(start, end, indent))
            start, indent = end, min(len(_indent(text)) + 4, room // 3)
        return [*rows, _Row(start, len(text), indent)]

    def line_at(self, position: QPointF) -> int | None:
        """Return the number of the line that is, or whose note is, at ``position`` of the item; None for no line."""
        for line, area in zip(self._lines, self._areas(), strict=True):
            if area.contains(position):
                return line.number
        return None

    def place_of(self, number: int) -> QRectF:
        """Return where a line and its note stand. Raise KeyError when the line is not shown."""
        return {line.number: area for line, area in zip(self._lines, self._areas(), strict=True)}[number]

    def _areas(self) -> list[QRectF]:
        # Each line ends where the next one begins; without lines there are no areas.
        ends = [*self._tops, self._end_of_lines][1:]
        return [QRectF(0, top, self._width, end - top) for top, end in zip(self._tops, ends, strict=True)]

    def boundingRect(self) -> QRectF:
        return QRectF(-2, 0, self._width + 4, self.height)

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        for line, area in zip(self._lines, self._areas(), strict=True):
            if line.is_seed_line:
                painter.fillRect(area, QColor(self._theme.seed_line))
            if line.number in self.lit:
                painter.fillRect(area, QColor(self._theme.light))
            self._paint_line(painter, line, area.top())
        if self.remark:
            font = themes.font(self._theme.px(10))
            painter.setFont(font)
            painter.setPen(QColor(self._theme.muted))
            gutter = self.gutter
            base = self._end_of_lines + 0.8 * self._theme.px(_NOTE_HEIGHT)
            painter.drawText(QPointF(gutter, base), elided(self.remark, font, self._width - gutter))

    def _paint_line(self, painter: QPainter, line: _Line, top: float) -> None:
        theme = self._theme
        height, gutter = theme.px(_CODE_HEIGHT), self.gutter
        painter.setFont(themes.font(theme.px(10), mono=True))
        painter.setPen(QColor(theme.muted))
        number = str(line.number)
        numbers = QFontMetricsF(painter.font())
        base = top + 0.72 * height
        painter.drawText(QPointF(gutter - theme.unit - numbers.horizontalAdvance(number), base), number)
        rows = self.rows_of(line.text)
        for position, row in enumerate(rows):
            self._paint_row(painter, line, row, base + position * height)
        if line.note is not None:
            self._paint_note(painter, line, line.note, top + len(rows) * height)

    def _paint_row(self, painter: QPainter, line: _Line, row: _Row, base: float) -> None:
        theme, font = self._theme, themes.font(self.size, mono=True)
        metrics = QFontMetricsF(font)
        x = self.gutter + row.indent * metrics.horizontalAdvance("0")
        # The row is cut as a whole: a word that ends just at the edge would hide that more follows.
        room = elided(line.text[row.start : row.end], font, self._width - x)
        at = 0
        for text, colour in line.spans:
            first, at = at, at + len(text)
            shown = room[max(first - row.start, 0) : max(at - row.start, 0)]
            if not shown:
                continue
            # Blanks are not struck out, so the indentation stays clear.
            struck = line.is_struck and bool(shown.strip())
            painter.setFont(themes.font(self.size, mono=True, struck=struck))
            painter.setPen(QColor(theme.muted if line.is_struck else colour))
            painter.drawText(QPointF(x, base), shown)
            x += metrics.horizontalAdvance(shown)

    def _note_font(self) -> QFont:
        return themes.font(min(self._theme.px(12), self.size))

    def _note_place(self, line: _Line, note: LineNote) -> QRectF:
        """Return where a note stands below its line: indented like it, unless the note needs the whole width."""
        theme, text = self._theme, f"↳ {note.text}"
        least, width = float(self.gutter), QFontMetricsF(self._note_font()).horizontalAdvance(text) + 1
        code = QFontMetricsF(themes.font(self.size, mono=True))
        x = max(min(least + code.horizontalAdvance(_indent(line.text) + "  "), self._width - width), least)
        needed = wrapped_height(text, self._note_font(), self._width - x)
        return QRectF(x, 0, self._width - x, max(needed + 2, theme.px(_NOTE_HEIGHT)))

    def _paint_note(self, painter: QPainter, line: _Line, note: LineNote, top: float) -> None:
        is_problem = note.kind in {AnnotationKind.UNUSED, AnnotationKind.SYSTEM}
        painter.setFont(self._note_font())
        painter.setPen(QColor(self._theme.seed_note if is_problem else self._theme.trace))
        painter.drawText(
            self._note_place(line, note).translated(0, top), int(Qt.TextFlag.TextWordWrap), f"↳ {note.text}"
        )


def fold_of(script: Script, noted: Iterable[int], most: int) -> set[int]:
    """Return the lines of the excerpt, and of a longer one the ``most`` that are nearest to where the seed is set."""
    found = sorted(excerpt_of(script, noted))
    seeds = [at for at, number in enumerate(found) if number in script.seed_lines]
    middle = seeds[0] if seeds else 0
    start = max(min(middle - most // 2, len(found) - most), 0)
    return set(found[start : start + most])


def excerpt_of(script: Script, noted: Iterable[int], *, has_hints: bool = True) -> set[int]:
    """Return the lines that set or use a seed or are ``noted``, and the heads of their blocks; all where none are.

    With ``has_hints``, so are those whose words say that they seed or draw.
    """
    lines = script.lines
    wanted = {number for number in {*script.seed_lines, *noted} if 1 <= number <= len(lines)}
    # Before the first run only the words of the lines hint at what they do.
    hints = drawing_names() if has_hints else ()
    wanted |= {
        number
        for number, text in enumerate(lines, 1)
        if any(hint in text.lower() for hint in hints) and not _IMPORTS.match(text)
    }
    heads: list[tuple[int, int]] = []
    """The number and the indentation of each line whose block goes on, from the outside in."""
    found = set(wanted)
    for number, text in enumerate(lines, 1):
        if not text.strip():
            continue
        indent = len(_indent(text))
        while heads and heads[-1][1] >= indent:
            heads.pop()
        if number in wanted:
            for head, _ in reversed(heads):
                if head in found:
                    # So are those around it.
                    break
                found.add(head)
        heads.append((number, indent))
    return found or set(range(1, len(lines) + 1))


def _indent(text: str) -> str:
    return text[: len(text) - len(text.lstrip())]
