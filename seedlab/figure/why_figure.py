"""The drawing that answers why: each source at its line, and on the same line a dot below each draw that it moves."""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from seedlab.evidence.finding import AnnotationKind
from seedlab.figure import theme as themes
from seedlab.figure.diff import Diff
from seedlab.figure.dots import DOT, SIGN_HEIGHT, Dots, DrawHead, reach_of
from seedlab.figure.drawing import Drawing
from seedlab.figure.script_block import ScriptBlock
from seedlab.figure.state import FigureState, Hit
from seedlab.figure.text_items import Hairline, Paragraph, elided
from seedlab.figure.theme import Theme
from seedlab.inquiry.reading import DrawGroup, Mark, grouped_draws, is_leak, mark_of
from seedlab.messages.drawing import covered_headline
from seedlab.messages.fixes import (
    fix_title,
    folder_text,
    inquiry_text,
    no_fix_text,
    proof_text,
    settings_text,
    trial_text,
    why_headline,
)
from seedlab.messages.headlines import HeadlineText, below_heading
from seedlab.messages.influence import cause_texts, place_text, repeats_while_text, shapes_text, source_note
from seedlab.messages.notes import LineNote
from seedlab.phrases import sentence
from seedlab.plain_text import window_line, window_lines
from seedlab.results.influence import Influence, InfluenceSource
from seedlab.results.run import Outcome
from seedlab.session.shown import ShownColumn
from seedlab.study.script import Script

_LEAST_STEP, _MOST_STEP = 40, 88
"""The least and the greatest distance of two draws, in pixels at zoom 1."""
_SCRIPT_SHARE = 0.56
"""The share of the width that the script may take."""
_NAME_LETTERS = 14
_ROW = 34
"""The height of a row of its own, in pixels at zoom 1."""
_MOST_PRINTS = 8
"""The most lines that print draws."""


class _Row(NamedTuple):
    """One row of dots: where it stands, and what it is about."""

    y: float
    source: InfluenceSource | None
    marks: tuple[Mark, ...]
    lines: tuple[int, ...]
    is_leak: bool


class Band(QGraphicsItem):
    """The colour behind a line of the script that is a source."""

    def __init__(self, area: QRectF, colour: str, edge: str) -> None:
        super().__init__()
        self._area = area
        self._colour, self._edge = QColor(colour), QColor(edge)

    def boundingRect(self) -> QRectF:
        return self._area

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        painter.fillRect(self._area, self._colour)
        painter.fillRect(QRectF(self._area.topLeft(), self._area.bottomLeft()).adjusted(0, 0, 3, 0), self._edge)


class WhyFigure(Drawing):
    """Draws what was found of one column."""

    def __init__(self, theme: Theme, *, names: bool = False, title: bool = False, cached: bool = False) -> None:
        super().__init__(theme, names=names, title=title, cached=cached)
        self.groups: Sequence[DrawGroup] = ()
        """The draws that are shown, in the order of their places."""
        self.rows: list[_Row] = []
        self._dots: list[Dots] = []
        self._heads: list[DrawHead] = []
        self._script: ScriptBlock | None = None
        self._script_at = QPointF()
        self._places: list[float] = []

    def show_state(self, state: FigureState) -> None:
        self._state = state
        influence = self._influence
        self.headline = HeadlineText("")
        if influence is not None:
            words = covered_headline(is_picture=self._title) if self.is_covered else why_headline(influence)
            shown = HeadlineText(window_line(words.title), window_line(words.subtitle))
            self.headline = below_heading(state.heading, shown)
        self._arrange()

    def set_size(self, width: float, height: float = 0.0) -> None:
        if (width, height) != (self._width, self._height):
            self._width, self._height = width, height
            self._arrange()

    @property
    def script_text(self) -> str:
        """The text that was examined: of the one that the file has by now, nothing is known."""
        return "" if self._column is None else self._column.column.script

    @property
    def _column(self) -> ShownColumn | None:
        return self._state.columns[self._state.current] if self._state.columns else None

    @property
    def _influence(self) -> Influence | None:
        return None if self._column is None else self._column.column.influence

    @property
    def has_fix(self) -> bool:
        """True where a fix is shown."""
        return self._influence is not None and self._influence.fix is not None and not self.is_covered

    @property
    def has_change(self) -> bool:
        """True where a fix is shown that can be tried and taken away."""
        influence = self._influence
        return self.has_fix and influence is not None and influence.fix is not None and influence.fix.is_change

    @property
    def shown_script(self) -> str:
        """The lines of the script that are shown, with their notes."""
        return "" if self._script is None else self._script.text

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(label for group in self.groups for label in group.labels)

    # Layout.

    def _arrange(self) -> None:
        """Show where draws are printed, too, unless source and fix come into sight together by leaving that out."""
        self._arrange_with(_MOST_PRINTS)
        if 0 < self._height < self.sceneRect().height() and self.has_fix:
            self._arrange_with(0)
            if self.sceneRect().height() > self._height:
                self._arrange_with(_MOST_PRINTS)

    def _arrange_with(self, prints: int) -> None:
        for item in self.items():
            self.removeItem(item)
        self.rows, self._dots, self._heads, self._script, self.groups = [], [], [], None, ()
        column, influence = self._column, self._influence
        if column is None or influence is None:
            self.setSceneRect(QRectF(0, 0, self._width, 1))
            return
        y = self._arrange_title()
        y = self._arrange_heads(column, influence, y)
        y = self._arrange_script(column, influence, y, prints)
        y = self._arrange_elsewhere(influence, y)
        if not self.is_covered:
            y = self._arrange_legend(y)
            y = self._arrange_fix(column, influence, y)
        if self.footer:
            y = self._put_text(self.footer, y + self._theme.unit, self._theme.px(11), self._theme.muted)
        self.setSceneRect(QRectF(0, 0, self._width, y + self._theme.unit))

    def _put(self, item: QGraphicsItem, x: float, y: float) -> None:
        item.setPos(x, y)
        if self._cached:
            item.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self.addItem(item)

    def _put_text(
        self, text: str, y: float, size: float, colour: str, *, x: float = 0.0, width: float = 0.0, bold: bool = False
    ) -> float:
        """Put ``text`` and return where it ends."""
        item = Paragraph(text, themes.font(size, bold=bold), colour, (width or self._width) - x)
        self._put(item, x, y)
        return y + item.height

    def _arrange_title(self) -> float:
        y, theme = 0.0, self._theme
        if self._title and self.headline.title:
            y = self._put_text(self.headline.title, y, theme.large, theme.text, bold=True) + theme.unit / 2
            y = self._put_text(self.headline.subtitle, y, theme.small, theme.muted) + theme.unit
        return y

    def _arrange_heads(self, column: ShownColumn, influence: Influence, y: float) -> float:
        """Put the names of the draws, and what was run; return where they end."""
        theme = self._theme
        groups = grouped_draws(influence)
        script_width = self._script_width()
        left = script_width + 3 * theme.unit
        room = self._width - left - max((reach_of(theme, _name_of(group)).width() for group in groups), default=0.0)
        most = max(int(room // theme.px(_LEAST_STEP)) + 1, 1)
        self.groups = groups[:most]
        step = min(room / max(len(self.groups) - 1, 1), theme.px(_MOST_STEP))
        self._places = [left + position * step for position in range(len(self.groups))]
        highest = max((reach_of(theme, _name_of(group)).height() for group in self.groups), default=0.0)
        bottom = y + highest + theme.px(SIGN_HEIGHT)
        for group, x in zip(self.groups, self._places, strict=True):
            head = DrawHead(theme, _name_of(group), repeats=group.draw.repeats, is_covered=self.is_covered)
            self._heads.append(head)
            self._put(head, x, bottom)
        name = window_line(column.name) if self._names else ""
        finished = sum(run.outcome is Outcome.FINISHED for run in column.column.runs)
        told = inquiry_text(finished, max(influence.runs - finished, 0))
        if len(groups) > most:
            told += sentence(" · {count} more", count=len(groups) - most)
        font = themes.font(theme.medium, bold=True)
        shown = elided(name, font, script_width)
        end = 0.0
        if shown:
            title = Paragraph(shown, font, theme.text, script_width)
            self._put(title, 0, bottom - title.height - theme.unit / 2)
            end = QFontMetricsF(font).horizontalAdvance(shown) + 1.5 * theme.unit
        if end < script_width - theme.px(120):
            words = Paragraph(told, themes.font(theme.px(12)), theme.muted, script_width - end)
            self._put(words, end, bottom - words.height - 0.7 * theme.unit)
        self._put(Hairline(theme.accent, QPointF(0, 0), QPointF(self._width, 1)), 0, bottom)
        return bottom + theme.unit

    def _script_width(self) -> float:
        return self._width * _SCRIPT_SHARE

    def _arrange_script(self, column: ShownColumn, influence: Influence, y: float, prints: int) -> float:
        """Put the script with its sources, their dots, and so many lines that print; return where it ends."""
        theme = self._theme
        here: dict[int, list[InfluenceSource]] = {}
        script = Script(self.script_text)
        lines = len(script.lines)
        for source in influence.sources:
            if source.file is None and source.line is not None and source.line <= lines:
                here.setdefault(source.line, []).append(source)
        notes = [
            LineNote(
                line,
                AnnotationKind.SYSTEM if any(map(is_leak, sources)) else AnnotationKind.SET,
                "; ".join(source_note(source, influence) for source in sources),
            )
            for line, sources in sorted(here.items())
        ]
        shown = () if self.is_covered else notes
        printed = {draw.line for run in column.column.runs[:1] for draw in run.draws if draw.label in self.labels}
        keeps = {*here, *sorted(filter(None, printed))[:prints]}
        block = ScriptBlock(script, shown, theme, self._script_width(), excerpt=True, keeps=keeps)
        self._script, self._script_at = block, QPointF(0, y)
        for line, sources in here.items():
            area = block.place_of(line).translated(0, y)
            leaks = any(map(is_leak, sources)) and not self.is_covered
            colour, edge = (theme.leak_line, theme.differs) if leaks else (theme.seed_line, theme.accent)
            self._put(Band(QRectF(-4, area.top(), area.width() + 4, area.height() - 2), colour, edge), 0, 0)
        self._put(block, 0, y)
        if not self.is_covered:
            for line, sources in sorted(here.items()):
                area = block.place_of(line).translated(0, y)
                step = min(area.height() / (len(sources) + 1), theme.px(16))
                for number, source in enumerate(sources, 1):
                    offset = (number - (len(sources) + 1) / 2) * step
                    self._put_dots(influence, source, area.center().y() + offset, (line,))
        return y + block.height + theme.unit

    def _arrange_elsewhere(self, influence: Influence, y: float) -> float:
        """Put the sources that stand at no line of the script, and what else has to be held; return where they end."""
        theme = self._theme
        if self.is_covered:
            return y
        lines = len(Script(self.script_text).lines)
        for source in influence.sources:
            if source.file is None and source.line is not None and source.line <= lines:
                continue
            title = sentence("{place}: {door}", place=place_text(source.file, source.line), door=source.door)
            row = self._put_row(window_line(title), source_note(source, influence), y, is_leak=is_leak(source))
            self._put_dots(influence, source, row.center().y(), ())
            y = row.bottom() + theme.unit
        held: dict[tuple[str, ...], set[str]] = {}
        for item in influence.residual:
            held.setdefault(item.helped_by, set()).add(item.label)
        for holds, labels in held.items():
            if not holds:
                continue
            marks = [Mark.MOVES if group.draw.label in labels else Mark.STAYS for group in self.groups]
            row = self._put_row(window_line(repeats_while_text(holds)), "", y, is_leak=True)
            self._put_marks(marks, row.center().y(), None, (), is_leak=True)
            y = row.bottom() + theme.unit
        return y

    def _put_row(self, title: str, note: str, y: float, *, is_leak: bool) -> QRectF:
        """Put a row of its own for what stands at no line of the script; return where it stands."""
        theme, width = self._theme, self._script_width()
        colour, edge = (theme.leak_line, theme.differs) if is_leak else (theme.seed_line, theme.accent)
        x = theme.px(22) if self._script is None else self._script.gutter
        texts = [Paragraph(title, themes.font(theme.small), theme.text, width - x)]
        if note:
            texts.append(Paragraph(f"↳ {note}", themes.font(theme.px(12)), theme.seed_note, width - x))
        needed = sum(text.height for text in texts)
        place = QRectF(-4, y, width + 4, max(needed + 4, theme.px(_ROW)))
        self._put(Band(QRectF(-4, 0, width + 4, place.height()), colour, edge), 0, y)
        top = y + (place.height() - needed) / 2
        for text in texts:
            self._put(text, x, top)
            top += text.height
        return place

    def _put_dots(self, influence: Influence, source: InfluenceSource, y: float, lines: tuple[int, ...]) -> None:
        marks = [mark_of(source, group, influence) for group in self.groups]
        self._put_marks(marks, y, source, lines, is_leak=is_leak(source))

    def _put_marks(
        self,
        marks: Sequence[Mark],
        y: float,
        source: InfluenceSource | None,
        lines: tuple[int, ...],
        *,
        is_leak: bool,
    ) -> None:
        dots = Dots(self._theme, self._places, marks, is_leak=is_leak)
        self._put(dots, 0, y)
        self._dots.append(dots)
        self.rows.append(_Row(y, source, tuple(marks), lines, is_leak))

    def _arrange_legend(self, y: float) -> float:
        """Put what the dots mean below them, beside what reaches down to ``y``; return where both end."""
        theme = self._theme
        moving = {row.is_leak for row in self.rows if Mark.MOVES in row.marks}
        legend = shapes_text({mark for row in self.rows for mark in row.marks}, moving)
        if legend:
            x, font = self._places[0] - theme.unit, themes.font(theme.px(11))
            item = Paragraph(legend, font, theme.muted, self._width - x)
            lowest = max((row.y for row in self.rows), default=0.0) + 2 * theme.px(DOT)
            top = max(lowest, y - theme.unit - item.height)
            self._put(item, x, top)
            return max(y, top + item.height + theme.unit)
        return y

    def _arrange_fix(self, column: ShownColumn, influence: Influence, y: float) -> float:
        """Put the fix with what was seen of it, or why there is none; return where it ends."""
        theme, fix = self._theme, influence.fix
        if fix is None and not influence.no_fix and not influence.trials:
            return y
        self._put(Hairline(theme.hairline, QPointF(0, 0), QPointF(self._width, 0)), 0, y)
        y += theme.unit
        if fix is not None:
            title = themes.font(theme.medium, bold=True)
            words = fix_title(fix)
            self._put(Paragraph(words, title, theme.text, self._width), 0, y)
            x = QFontMetricsF(title).horizontalAdvance(words) + 2 * theme.unit
            colour = theme.repeats if fix.proved else theme.differs
            y = self._put_text(proof_text(fix), y + theme.px(2), theme.small, colour, x=x) + theme.unit
            if fix.settings:
                line = settings_text(fix, column.column.command)
                y = self._put_text(line, y, theme.small, theme.text) + theme.unit
            if fix.same_folder:
                y = self._put_text(window_lines(folder_text(influence)), y, theme.small, theme.text) + theme.unit
            if fix.diff:
                diff = Diff(theme, fix.diff, self._width)
                self._put(diff, 0, y)
                y += diff.boundingRect().height() + theme.unit
        for trial in influence.trials:
            y = self._put_text(window_lines(trial_text(trial)), y, theme.small, theme.muted) + theme.unit / 2
        for reason in influence.no_fix:
            text = window_lines(no_fix_text(reason, influence.sources))
            y = self._put_text(text, y, theme.small, theme.text) + theme.unit / 2
        return y

    # What the pointer finds.

    def hit(self, place: QPointF) -> Hit | None:
        influence = self._influence
        if influence is None or self.is_covered:
            return None
        near = self._theme.px(_LEAST_STEP) / 2
        position = next((n for n, x in enumerate(self._places) if abs(x - place.x()) <= near), None)
        row = next((row for row in self.rows if abs(row.y - place.y()) <= self._theme.px(10)), None)
        if row is not None and position is not None:
            return self._hit_row(influence, row, position)
        if position is not None and place.y() < (self.rows[0].y if self.rows else self._script_at.y()):
            return self._hit_group(influence, position)
        if self._script is not None and place.x() <= self._script_width():
            number = self._script.line_at(place - self._script_at)
            row = next((row for row in self.rows if number is not None and number in row.lines), None)
        if row is not None:
            return self._hit_row(influence, row, None)
        return None

    def _hit_row(self, influence: Influence, row: _Row, position: int | None) -> Hit:
        labels = tuple(
            label
            for number, (group, mark) in enumerate(zip(self.groups, row.marks, strict=True))
            if (mark is Mark.MOVES if position is None else number == position)
            for label in group.labels
        )
        text = "" if row.source is None else window_lines(source_note(row.source, influence))
        if position is not None:
            text = window_lines(" ".join(self._texts_of(influence, position)))
        return Hit(text, self._state.current, labels[0] if labels else "", row.lines, labels)

    def _hit_group(self, influence: Influence, position: int) -> Hit:
        lines = tuple(line for row in self.rows if row.marks[position] is Mark.MOVES for line in row.lines)
        labels = self.groups[position].labels
        text = window_lines(" ".join(self._texts_of(influence, position)))
        return Hit(text, self._state.current, labels[0], lines, labels)

    def _texts_of(self, influence: Influence, position: int) -> list[str]:
        group = self.groups[position]
        return cause_texts(group.labels, group.draw, influence.sources, group.helped, influence.shared)

    def light(self, hit: Hit | None) -> None:
        labels = frozenset(hit.labels) if hit is not None else frozenset[str]()
        lines = frozenset(hit.lines) if hit is not None else frozenset[int]()
        lit = frozenset(n for n, group in enumerate(self.groups) if labels.intersection(group.labels))
        for dots, row in zip(self._dots, self.rows, strict=True):
            wanted = frozenset(n for n in lit if row.marks[n] is Mark.MOVES)
            if dots.lit != wanted:
                dots.lit = wanted
                dots.update()
        for number, head in enumerate(self._heads):
            if head.is_lit != (number in lit):
                head.is_lit = number in lit
                head.update()
        if self._script is not None and self._script.lit != lines:
            self._script.lit = lines
            self._script.update()


def _name_of(group: DrawGroup) -> str:
    name = window_line(group.labels[0])
    shown = name if len(name) <= _NAME_LETTERS else f"{name[: _NAME_LETTERS - 1]}…"
    return shown if len(group.labels) == 1 else f"{shown} +{len(group.labels) - 1}"
