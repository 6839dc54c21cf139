"""The layout of the drawing: where columns, heads, rows and cells stand, and what stands around the rows."""

import heapq
import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import msgspec
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QFontMetricsF
from PySide6.QtWidgets import QGraphicsItem

from seedlab.analysis.labels import label_parts
from seedlab.figure import theme as themes
from seedlab.figure.cell_places import HEAD, INSET, LETTERS, LINE
from seedlab.figure.notes import Note
from seedlab.figure.row_places import RowPlaces
from seedlab.figure.script_block import ScriptBlock
from seedlab.figure.state import FigureState
from seedlab.figure.text_items import Hairline, Paragraph, RunNames, elided, wrapped_height
from seedlab.figure.theme import Theme
from seedlab.messages.headlines import HeadlineText
from seedlab.messages.notes import LineNote
from seedlab.plain_text import window_line
from seedlab.study.script import Script

MIN_COLUMN_WIDTH = 208
"""The least width of a column, in pixels at zoom 1: a narrower one would cut its verdicts."""
BESIDE_FROM_WIDTH = 760
"""The width, in pixels at zoom 1, from which a single column has its script beside its draws instead of above."""
MOST_MEASURED_ROWS = 300
"""With more rows than this, all are equally high: measuring the reason beside each verdict would take seconds."""
_ROW_MOST = 190
"""The greatest height of a row."""
_PLOT, _LOW_PLOT = 46, 38
"""The least height of a plot, and that of one where all rows fit only so."""
_STAGE_PLOT, _LOW_STAGE_PLOT = 56, 44
"""The same on stage."""
_WIDEST_SCALE = 46
"""The width that the numbers beside a plot need."""
_FOLDED = 3
"""The lines of each script where the height belongs to the plots."""
_ROOMY = 96
"""The height of a row, in pixels at zoom 1, up to which scripts are folded to have as much of it for the plots."""
_SCRIPT_SHARE = 0.4
"""The share of the height that scripts may have while rows are out of sight."""
_NAMES_OF_RUNS = 20
"""The height of the line that names the runs, in pixels at zoom 1."""
_MEASURED_NAMES = 50
"""This many of the longest labels show how much room all need, where there are more than can be measured."""


class ColumnHead(msgspec.Struct, frozen=True, kw_only=True):
    """What is to stand above or beside one column's draws."""

    name: str
    script: Script
    line_notes: tuple[LineNote, ...]
    notes: tuple[Note, ...]


class Contents(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that decides what stands where; equal contents have the same layout."""

    width: float = 900.0
    """The width that is available, in pixels, like all lengths here."""
    height: float = 0.0
    """The height that rows grow to fill where they can; 0 to keep them as low as possible."""
    columns: tuple[ColumnHead, ...] = ()
    has_names: bool = False
    """True where the columns' names belong to the drawing."""
    has_scripts: bool = True
    script_room: float = 0.0
    """The least height of the scripts, for what stands in the place of one."""
    is_beside: bool = False
    """True where the script stands beside the draws; see `is_script_beside`."""
    labels: tuple[str, ...] = ()
    """The label of each row."""
    widest_label: float = 0.0
    """The width of the widest label; see `widest_label`."""
    look: str = "auto"
    is_on_stage: bool = False
    has_heads: bool = True
    """False where each verdict stands in line with the letters, and as much height as can be belongs to the plots."""
    is_scrolled: bool = False
    """True where rows may be out of sight."""
    listed: tuple[int, ...] = ()
    """The number of lines in each row's listing; a single number where all rows are equally high."""
    text_lines: tuple[int, ...] = ()
    """The number of lines that each row shows of texts, 0 for other rows; empty where all rows are equally high."""
    headline: HeadlineText = HeadlineText("")
    """The sentence on top, where it belongs to the drawing."""
    hint: str = ""
    """The text in the place of draws."""
    footer: str = ""


class Placed(NamedTuple):
    """An item and where it stands in the scene."""

    item: QGraphicsItem
    x: float
    y: float
    is_cached: bool = True
    """False where an image of the item would take too much memory."""
    is_fixed: bool = False
    """True where it stays at the left edge of what is in sight."""


class Head:
    """The items above or beside one column's draws."""

    def __init__(self) -> None:
        self.script: ScriptBlock | None = None
        self.paragraphs: list[Paragraph] = []


HeadHeights = Callable[[float], Sequence[float]]


class Layout:
    """Places everything for one `Contents`, and makes the items around the rows.

    ``head_heights`` is called with the width of a column, and returns how high verdict and reason are in each
    row, or nothing where all take one line. Items in ``above`` belong into the scene before those of the rows,
    items in ``below`` after them.
    """

    def __init__(self, contents: Contents, theme: Theme, head_heights: HeadHeights) -> None:
        self._contents = contents
        self._theme = theme
        self.above: list[Placed] = []
        self.below: list[Placed] = []
        self.heads = [Head() for _ in contents.columns]
        """The head of each column."""
        self.run_names: list[RunNames] = []
        """The names of the runs below each column."""
        self.columns_at: tuple[tuple[float, float], ...] = ()
        """The left edge and the width of each column's cells."""
        self.rows = RowPlaces(0.0, (), ())
        self._label_width = self._room_for_labels()
        self._labels_left = 0.0
        # Passed on and not kept: a method of the figure would keep the figure alive.
        self.area = self._arrange(head_heights)
        """What the drawing covers."""

    # Rows.

    def cell_areas(self, position: int) -> list[QRectF]:
        """Return where the cells of a row stand, from left to right."""
        half = self._theme.unit / 2
        top, height = self.rows.top(position) + half, self.rows.heights[position] - half
        return [QRectF(left, top, width, height) for left, width in self.columns_at]

    def scale_area(self, position: int) -> QRectF:
        """Return where the scale of a row stands."""
        half = self._theme.unit / 2
        top, height = self.rows.top(position) + half, self.rows.heights[position] - half
        return QRectF(self._labels_left, top, self._label_width - self._theme.unit, height)

    @property
    def names_room(self) -> float:
        """The width of what names the rows at the left of several columns; 0 where a script stands there."""
        return 0.0 if self._contents.is_beside else self._label_width

    def row_items(self, position: int) -> list[Placed]:
        """Make the label of a row, and the line above it for every row but the first."""
        items: list[Placed] = []
        if position:
            left, width = self.columns_at[-1]
            line = Hairline(
                self._theme.hairline, QPointF(self._labels_left, 0), QPointF(left + width + self._theme.unit, 0)
            )
            items.append(Placed(line, 0, self.rows.top(position)))
        return items + self._label_items(position)

    def label_height(self, position: int) -> float:
        """Return where the label of a row ends, from the top of its scale; 0 where a line of its own holds it."""
        if self._contents.has_heads:
            return 0.0
        return max(
            (item.y + item.item.boundingRect().height() for item in self._label_items(position)), default=0.0
        ) - (self.rows.top(position) + self._theme.unit / 2)

    def _label_items(self, position: int) -> list[Placed]:
        """Make the label in line with the verdicts, and its section, if it has one, above it."""
        theme, left, label = self._theme, self._labels_left, self._contents.labels[position]
        font = themes.font(theme.small, mono=True, bold=True)
        section, name = label_parts(label).section, label.rpartition("/")[2]
        room = self._label_width - theme.unit
        y = self.rows.top(position) + theme.unit / 2 + 0.1 * theme.px(HEAD)
        items: list[Placed] = []
        if section:
            plain = themes.font(theme.px(12), mono=True)
            above = Paragraph(elided(section, plain, room), plain, theme.muted, room)
            items.append(Placed(above, left, y, is_fixed=True))
            y += above.height
        items.append(Placed(Paragraph(elided(name, font, room), font, theme.text, room), left, y, is_fixed=True))
        return items

    # The whole.

    def _arrange(self, head_heights: HeadHeights) -> QRectF:
        """Place everything and return the area that it covers."""
        contents, theme, unit = self._contents, self._theme, self._theme.unit
        top = self._arrange_title()
        label_width = self._label_width
        if contents.is_beside:
            script_width = self._script_width()
            left = script_width + 3 * unit + label_width
            self.columns_at = ((left, max(contents.width - left - unit, theme.px(MIN_COLUMN_WIDTH))),)
            bottom_of_script = self._arrange_heads(top, [(0.0, script_width)])
            bottom = self._arrange_rows(top, left - label_width, head_heights)
            bottom = max(bottom, bottom_of_script)
        else:
            count, step = len(contents.columns), self._step
            self.columns_at = tuple((label_width + n * step, step - 2 * unit) for n in range(count))
            below = self._arrange_heads(top, self.columns_at)
            bottom = self._arrange_rows(below, 0.0, head_heights)
            for left, _ in self.columns_at[1:]:
                line = Hairline(theme.hairline, QPointF(left - unit, top), QPointF(left - unit, bottom))
                # The line is as high as all rows: an image of it would take too much memory.
                self.below.append(Placed(line, 0, 0, is_cached=False))
        if contents.hint:
            bottom = self._arrange_hint(top, bottom)
        width = max(contents.width, max((left + width for left, width in self.columns_at), default=0.0))
        if contents.footer:
            footer = Paragraph(contents.footer, self._footer_font(), theme.muted, width)
            self.below.append(Placed(footer, 0, bottom + unit))
            bottom += unit + footer.height
        return QRectF(0, 0, width, bottom)

    @property
    def _step(self) -> float:
        """The width from one of several columns to the next."""
        room = self._contents.width - self._label_width
        return max(room / max(len(self._contents.columns), 1), self._theme.px(MIN_COLUMN_WIDTH))

    def _footer_font(self) -> QFont:
        return themes.font(self._theme.px(11))

    def _footer_height(self) -> float:
        footer = self._contents.footer
        height = wrapped_height(footer, self._footer_font(), self._contents.width)
        return height + self._theme.unit if footer else 0.0

    def _arrange_hint(self, top: float, bottom: float) -> float:
        """Place the hint in the middle of where the draws will be, and return where everything ends then."""
        contents, theme = self._contents, self._theme
        left, width = self.columns_at[0] if contents.is_beside else (0.0, contents.width)
        paragraph = Paragraph(contents.hint, themes.font(theme.medium), theme.muted, width)
        y = max(top + (contents.height - top) / 3, top) if contents.is_beside else bottom + 4 * theme.unit
        self.below.append(Placed(paragraph, left, y))
        return max(bottom, y + paragraph.height)

    def _arrange_title(self) -> float:
        """Place the headline, and return where what follows begins."""
        headline = self._contents.headline
        if not headline.title:
            return 0.0
        theme, count = self._theme, 0 if self._contents.is_beside else len(self._contents.columns)
        top = 0.0
        for text, font, colour in (
            (headline.title, themes.font(theme.large, bold=True), theme.text),
            (headline.subtitle, themes.font(theme.medium), theme.muted),
        ):
            if text:
                # As wide as all columns are, if these have no room.
                paragraph = Paragraph(
                    text, font, colour, max(self._contents.width, self._label_width + self._step * count)
                )
                self.above.append(Placed(paragraph, 0, top))
                top += paragraph.height + theme.unit / 2
        return top + 1.5 * theme.unit

    def _room_for_labels(self) -> float:
        if not self._contents.labels:
            return 0.0
        # The scales stand there too, however short the labels are.
        widest = max(self._contents.widest_label, self._theme.px(_WIDEST_SCALE))
        return min(widest, self._theme.px(150)) + 2 * self._theme.unit

    def _script_width(self) -> float:
        head, width = self._contents.columns[0], self._contents.width
        block = ScriptBlock(head.script, head.line_notes, self._theme, width, excerpt=False)
        return min(block.ideal_width(), 0.46 * width)

    def _arrange_heads(self, top: float, places: Sequence[tuple[float, float]]) -> float:
        """Place names, scripts and notes, each level aligned across columns; return where they end."""
        contents, theme, unit = self._contents, self._theme, self._theme.unit
        if contents.has_names:
            font = themes.font(theme.medium, bold=True)
            for column, (left, width) in zip(contents.columns, places, strict=True):
                name = Paragraph(elided(column.name, font, width), font, theme.text, width)
                self.above.append(Placed(name, left, top))
            top += QFontMetricsF(font).height() + unit
        if contents.has_scripts:
            blocks = self._script_blocks(top, [width for _, width in places])
            for block, head, (left, _) in zip(blocks, self.heads, places, strict=True):
                head.script = block
                self.above.append(Placed(block, left, top))
            top += max([contents.script_room, *(block.height for block in blocks)]) + unit
        lowest = top
        for column, head, (left, width) in zip(contents.columns, self.heads, places, strict=True):
            y = top
            for note in column.notes:
                font = themes.font(theme.px(note.size), mono=note.is_mono)
                padding = unit if note.band else 0.0
                paragraph = Paragraph(note.text, font, note.colour, width, band=note.band, padding=padding)
                head.paragraphs.append(paragraph)
                self.above.append(Placed(paragraph, left, y))
                y += paragraph.height + unit
            lowest = max(lowest, y)
        return lowest

    def _script_blocks(self, top: float, widths: Sequence[float]) -> list[ScriptBlock]:
        """Return a block for each script, below ``top``: folded where rows would have too little height otherwise."""
        contents, theme = self._contents, self._theme
        is_excerpt = len(contents.columns) > 1

        def blocks(most: int | None) -> list[ScriptBlock]:
            def made(size: int | None) -> list[ScriptBlock]:
                return [
                    ScriptBlock(
                        column.script,
                        column.line_notes,
                        theme,
                        width,
                        excerpt=is_excerpt,
                        most=most,
                        is_brief=most is not None and not contents.has_heads,
                        size=size,
                    )
                    for column, width in zip(contents.columns, widths, strict=True)
                ]

            fitting = made(None)
            sizes = {block.size for block in fitting}
            # Type of one size: columns are compared line by line.
            return fitting if len(sizes) < 2 else made(min(sizes))

        whole = blocks(None)
        if not is_excerpt or not contents.is_scrolled:
            return whole
        tallest = max(block.height for block in whole)
        room = contents.height - top - tallest - theme.px(_NAMES_OF_RUNS)
        row = theme.px(HEAD + LETTERS + _LOW_PLOT) + theme.unit if contents.has_heads else theme.px(_ROOMY)
        is_modest = contents.has_heads and tallest <= _SCRIPT_SHARE * contents.height
        return whole if is_modest or room >= len(contents.labels) * row else blocks(_FOLDED)

    def _arrange_rows(self, top: float, labels_left: float, head_heights: HeadHeights) -> float:
        """Place the rows and the names of the runs, and return where they end."""
        contents, theme = self._contents, self._theme
        self._labels_left = labels_left
        count = len(contents.labels)
        if not count:
            self.rows = RowPlaces(top, (), ())
            return top
        heads: Sequence[float] = [float(theme.px(HEAD) if contents.has_heads else 0)] * count
        if contents.has_heads:
            heads = head_heights(self.columns_at[0][1]) or heads
        bottom_room = theme.px(_NAMES_OF_RUNS)
        heights = self._least_heights(heads)
        spare = contents.height - top - bottom_room - self._footer_height() - sum(heights) if contents.height else 0.0
        plots = [not lines for lines in contents.text_lines] or [True] * count
        if spare > 0 and contents.look != "values" and any(plots):
            most, more = theme.px(_ROW_MOST), spare / sum(plots)
            heights = [
                max(height, min(height + more, most)) if is_plot else height
                for height, is_plot in zip(heights, plots, strict=True)
            ]
        elif spare < 0 and all(plots) and contents.look != "values":
            # A little less for each plot is better than a row that is cut off.
            less = math.ceil(-spare / count)
            least, lowest = (_STAGE_PLOT, _LOW_STAGE_PLOT) if contents.is_on_stage else (_PLOT, _LOW_PLOT)
            if less <= theme.px(least) - theme.px(lowest):
                heights = [height - less for height in heights]
        self.rows = RowPlaces(top, heights, heads)
        for left, width in self.columns_at:
            inset = 0 if contents.has_heads else theme.px(INSET)
            names = RunNames(theme, width - inset, bottom_room)
            self.below.append(Placed(names, left + inset, self.rows.bottom))
            self.run_names.append(names)
        return self.rows.bottom + bottom_room

    def _least_heights(self, heads: Sequence[float]) -> list[float]:
        """Return the height of each row that has nothing to spare."""
        contents, theme = self._contents, self._theme
        least = _STAGE_PLOT if contents.is_on_stage else _PLOT
        plot = float(theme.px(LETTERS) + theme.px(least) + theme.unit)
        if contents.look == "values" or contents.text_lines:
            is_listing = contents.look == "values"
            listed = contents.listed if is_listing else contents.text_lines
            rest = [
                theme.px(LETTERS) + lines * theme.px(LINE) + 2 * theme.unit if lines or is_listing else plot
                for lines in listed
            ]
        else:
            rest = [plot]
        if is_uniform(contents.labels):
            return [heads[0] + rest[0]] * len(heads)
        return [head + each for head, each in zip(heads, rest * len(heads), strict=False)]


def is_script_beside(state: FigureState, theme: Theme, width: float) -> bool:
    """Return True where a single column has its script beside its draws instead of above."""
    return len(state.columns) == 1 and width >= theme.px(BESIDE_FROM_WIDTH) and state.script


def is_uniform(labels: Sequence[str]) -> bool:
    """Return True where there are so many rows that all are equally high."""
    return len(labels) > MOST_MEASURED_ROWS


def widest_label(labels: Sequence[str], theme: Theme) -> float:
    """Return the width of the widest label, in pixels; of many, the longest ones stand for all."""
    metrics = QFontMetricsF(themes.font(theme.small, mono=True, bold=True))
    names = [name for label in labels for name in label.rsplit("/", 1)]
    measured = heapq.nlargest(_MEASURED_NAMES, names, key=len) if is_uniform(labels) else names
    return max(map(metrics.horizontalAdvance, map(window_line, measured)), default=0.0)
