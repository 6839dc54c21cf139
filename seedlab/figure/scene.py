"""The drawing as a whole: heads, scripts and rows of cells, aligned across columns."""

import heapq
from collections import deque
from collections.abc import Iterator, Sequence

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene, QGraphicsSceneHelpEvent, QStyleOptionGraphicsItem

from seedlab.analysis.analyst import Analysis
from seedlab.analysis.fingerprints import DOT
from seedlab.analysis.labels import label_parts
from seedlab.analysis.summary import Summary
from seedlab.figure import theme as themes
from seedlab.figure.cell import HEAD, LETTERS, LINE, MAX_LISTED, Cell, CellState, auto_look, listed_lines
from seedlab.figure.notes import Note, notes_on
from seedlab.figure.row_places import RowPlaces
from seedlab.figure.script_block import ScriptBlock
from seedlab.figure.state import FigureState, Hit
from seedlab.figure.text_items import Hairline, Paragraph, RunNames, Scale, elided, wrapped_height
from seedlab.figure.theme import Theme
from seedlab.messages.findings import findings_text
from seedlab.messages.headlines import HeadlineText, headline_text
from seedlab.messages.notes import LineNote, line_notes

MIN_COLUMN_WIDTH = 208
"""Pixels at zoom 1: a narrower column would cut its verdicts."""
BESIDE_FROM_WIDTH = 760
"""From here on, one column has its script beside its draws, not above."""
MOST_MEASURED_ROWS = 300
"""With more rows all are of one height: to measure the reason beside each verdict would take seconds."""
_ROW_MOST, _PLOT = 190, 46
_NAMES_OF_RUNS = 20
_MEASURED_NAMES = 50
"""Where there are too many labels to measure, so many of the longest show how much room all need."""


class _Head:
    """What stands above one column's draws."""

    def __init__(self) -> None:
        self.script: ScriptBlock | None = None
        self.paragraphs: list[Paragraph] = []


class Figure(QGraphicsScene):
    """Draws a `FigureState` at a width and, where it may, height; `fill_next` brings the cells up to date.

    In pictures ``names`` gives each column its name and ``title`` the sentence on top; in the window both
    stand outside, where they stay in sight. Once it was told what can be seen, `set_visible`, it has items
    only for the rows there, unless what is in all rows decides where they stand.
    """

    def __init__(self, theme: Theme, *, names: bool = False, title: bool = False, cached: bool = False) -> None:
        super().__init__()
        self._theme = theme
        self._names = names
        self._title = title
        self._cached = cached
        self.footer = ""
        """Below everything: where a picture comes from."""
        self.hint = ""
        """In the place of draws, while there are none."""
        self._run_names: list[RunNames] = []
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self._state = FigureState(columns=())
        self._line_notes: list[tuple[LineNote, ...]] = []
        self._cells: dict[tuple[str, int], Cell] = {}
        self._row_items: dict[int, list[QGraphicsItem]] = {}
        """What else stands in a row, by its position."""
        self._scales: dict[str, Scale] = {}
        self._places = RowPlaces(0.0, (), ())
        self._labels_left = self._label_width = 0.0
        self._widest_labels: tuple[tuple[str, ...], float] = ((), 0.0)
        self._selected: set[tuple[str, int]] = set()
        self._lit: Hit | None = None
        self._heads: list[_Head] = []
        self._decoration: list[QGraphicsItem] = []
        self._waiting: deque[str] = deque()
        self._frame: object = None
        self._head_heights: tuple[float, ...] = ()
        self._width, self._height = 900.0, 600.0
        self._visible: tuple[float, float] | None = None
        self._columns_at: list[tuple[float, float]] = []
        self.headline = HeadlineText("")

    # What it is told.

    def show_state(self, state: FigureState) -> None:
        """Take ``state``, analysis and all; the cells follow by `fill_next`."""
        assert len(state.columns) == len(state.analysis.columns), "each column is analysed"
        self._state = state
        self._line_notes = [line_notes(column.summary.annotations) for column in state.analysis.columns]
        self.headline = self._say_headline()
        self._drop_cells_that_are_gone()
        # In order, not as sets: a drawing is written in the order in which its items came.
        if not self._is_partial:
            for label in self.labels:
                self._make_cells(label)
        positions = self._analysis.positions
        self._waiting = deque(sorted({label for label, _ in self._cells}, key=positions.__getitem__))
        self._arrange_if_needed()
        self._show_run_names()

    def set_size(self, width: float, height: float = 0.0) -> None:
        """Lay it out ``width`` wide, and as high as it must be or, where it can, ``height``."""
        if (width, height) != (self._width, self._height):
            self._width, self._height = width, height
            self._arrange_if_needed()

    def set_visible(self, top: float, bottom: float) -> None:
        """From here on, have items only for the rows that can be seen: between ``top`` and ``bottom``, and around."""
        if (top, bottom) != self._visible:
            self._visible = (top, bottom)
            self._realise()

    def fill_next(self) -> bool:
        """Bring the next row up to date; return True while more rows wait."""
        if self._waiting:
            label = self._waiting.popleft()
            # It may have been scrolled away.
            if (label, 0) in self._cells:
                self._fill(label)
            if not self._waiting:
                # The reasons are known only now, and with them the heights.
                self._head_heights = self._measured_heads()
                self._arrange_if_needed()
        return bool(self._waiting)

    def fill(self) -> None:
        """Bring all rows up to date."""
        while self.fill_next():
            pass

    @property
    def is_complete(self) -> bool:
        return not self._waiting

    @property
    def is_covered(self) -> bool:
        """Return True while the verdicts may not be seen."""
        return self._state.is_covered

    def painted(self, painter: QPainter) -> Iterator[float]:
        """Paint all of it with ``painter``, bit by bit; gives the share done after each."""
        # Asked for all, a scene without an index gives its items in no order; asked for a place, from the lowest up.
        all_ = self.items(
            self.itemsBoundingRect(), Qt.ItemSelectionMode.IntersectsItemBoundingRect, Qt.SortOrder.AscendingOrder
        )
        items = [item for item in all_ if item.isVisible()]
        option = QStyleOptionGraphicsItem()
        for done, item in enumerate(items, 1):
            painter.save()
            try:
                painter.setTransform(item.sceneTransform(), combine=True)
                item.paint(painter, option, None)
            finally:
                painter.restore()
            yield done / len(items)

    def helpEvent(self, event: QGraphicsSceneHelpEvent) -> None:
        # The window tells at once what is pointed at; Qt would find no tip of its own a moment later, and hide it.
        event.accept()

    # What it can be asked.

    @property
    def labels(self) -> tuple[str, ...]:
        return self._analysis.labels

    @property
    def columns_at(self) -> tuple[tuple[float, float], ...]:
        """Left edge and width of each column."""
        return tuple(self._columns_at)

    def cell(self, label: str, column: int = 0) -> Cell:
        """Return a cell, also of a row that is out of sight. Raises KeyError when there is no such row or column."""
        if (label, column) not in self._cells:
            self._place_row(self._analysis.positions[label])
            self._fill(label)
        return self._cells[label, column]

    def script_block(self, column: int = 0) -> ScriptBlock:
        block = self._heads[column].script
        assert block is not None, "scripts are switched off"
        return block

    def words(self, column: int = 0) -> str:
        """Return what is said of a column beside its script and cells."""
        return "\n".join(paragraph.text for paragraph in self._heads[column].paragraphs)

    def hit(self, place: QPointF) -> Hit | None:
        """Return what is at ``place`` of the scene."""
        position = self._places.at(place.y())
        for column in range(len(self._state.columns)) if position is not None else ():
            label = self.labels[position or 0]
            cell = self._cells.get((label, column))
            if cell is not None and cell.isVisible() and cell.sceneBoundingRect().contains(place):
                return self._hit_cell(label, column, cell, place)
        for column, head in enumerate(self._heads):
            if head.script is not None:
                number = head.script.line_at(head.script.mapFromScene(place))
                if number is not None:
                    return self._hit_line(column, number)
        return None

    def light(self, hit: Hit | None) -> None:
        """Let stand out what belongs to ``hit``, and nothing else."""
        self._lit = hit
        for number, head in enumerate(self._heads):
            lit = frozenset(hit.lines) if hit is not None and hit.column == number else frozenset[int]()
            if head.script is not None and head.script.lit != lit:
                head.script.lit = lit
                head.script.update()
        labels = frozenset(hit.labels) if hit is not None else frozenset[str]()
        for (label, column), cell in self._cells.items():
            is_lit = hit is not None and hit.column == column and label in labels
            if cell.is_lit != is_lit:
                cell.is_lit = is_lit
                cell.update()

    def select(self, label: str, column: int, *, add: bool = False) -> None:
        """Select one cell, or one more; selecting it again takes it back."""
        chosen = (label, column)
        is_new = self._has_place(chosen) and chosen not in self._selected
        kept = self._selected - {chosen} if add else set[tuple[str, int]]()
        self._selected = kept | {chosen} if is_new else kept
        for key, cell in self._cells.items():
            is_selected = key in self._selected
            if cell.is_selected != is_selected:
                cell.is_selected = is_selected
                cell.update()

    def selected(self) -> list[tuple[str, int]]:
        """Return label and column of the selected draws; of all draws where none is selected."""
        drawn = [
            (label, number)
            for number, column in enumerate(self._analysis.columns)
            for label in self.labels
            if column.summary.comparison.row(label) is not None
        ]
        return [key for key in drawn if key in self._selected] or drawn

    @property
    def _analysis(self) -> Analysis:
        return self._state.analysis

    def _summary(self, column: int) -> Summary:
        return self._analysis.columns[column].summary

    def _has_place(self, key: tuple[str, int]) -> bool:
        return key[0] in self._analysis.positions and 0 <= key[1] < len(self._state.columns)

    def _hit_cell(self, label: str, column: int, cell: Cell, place: QPointF) -> Hit:
        state, summary = self._state.columns[column], self._summary(column)
        is_covered = self._state.is_covered
        explanation = summary.explanation(label)
        lines = explanation.lines if explanation is not None and not state.is_stale and not is_covered else ()
        found = cell.hit(cell.mapFromScene(place))
        if found is not None:
            letter = f"\nfingerprint {found.fingerprint}" if found.fingerprint != DOT.letter else ""
            # As Python counts elements, and writes that it does.
            text = f"{label}[{found.element}], run {found.run}\n{found.value}\nbits {found.bits}{letter}"
        else:
            match = summary.match(label)
            sentences = [findings_text(explanation.all_findings)] if explanation else []
            sentences += [findings_text([match.finding])] if match else []
            text = "" if is_covered else "\n".join(sentences)
        return Hit(text, column, label, lines, (label,))

    def _hit_line(self, column: int, number: int) -> Hit:
        if self._state.columns[column].is_stale or self._state.is_covered:
            return Hit("", column, lines=(number,))
        labels = self._analysis.columns[column].labels_at.get(number, ())
        note = next((note for note in self._line_notes[column] if note.line == number), None)
        return Hit(f"line {number}: {note.text}" if note else "", column, lines=(number,), labels=labels)

    # Cells.

    @property
    def _is_uniform(self) -> bool:
        """Return True where all rows are of one height, and none has to be filled to know it."""
        return len(self.labels) > MOST_MEASURED_ROWS

    @property
    def _is_partial(self) -> bool:
        """Return True where only the rows that can be seen have items."""
        is_measured = self._is_beside or self._state.look == "values"
        return self._visible is not None and (self._is_uniform or not is_measured)

    def _wanted_rows(self) -> range:
        """Return the positions of the rows that are to have items."""
        if self._visible is None or not self._is_partial:
            return range(len(self.labels))
        top, bottom = self._visible
        around = (bottom - top) / 2
        return self._places.between(top - around, bottom + around)

    def _realise(self) -> None:
        """Make items for the rows that can be seen now, and drop those that cannot."""
        wanted = self._wanted_rows()
        for position in [position for position in self._row_items if position not in wanted]:
            self._drop_row(position)
        for position in wanted:
            if position not in self._row_items:
                self._place_row(position)

    def _drop_row(self, position: int) -> None:
        for item in self._row_items.pop(position):
            self.removeItem(item)
        label = self.labels[position]
        self._scales.pop(label, None)
        for column in range(len(self._state.columns)):
            cell = self._cells.pop((label, column), None)
            if cell is not None:
                self.removeItem(cell)

    def _drop_cells_that_are_gone(self) -> None:
        self._selected = set(filter(self._has_place, self._selected))
        for key in [key for key in self._cells if not self._has_place(key)]:
            self.removeItem(self._cells.pop(key))

    def _make_cells(self, label: str) -> bool:
        """Make the cells of a row; return True where some were missing."""
        missing = [key for n in range(len(self._state.columns)) if (key := (label, n)) not in self._cells]
        for key in missing:
            cell = self._cells[key] = Cell(self._theme)
            cell.is_selected = key in self._selected
            cell.is_lit = self._lit is not None and self._lit.column == key[1] and label in self._lit.labels
            if self._cached:
                cell.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
            self.addItem(cell)
        return bool(missing)

    def _row_of_cells(self, label: str) -> list[Cell]:
        return [self._cells[label, column] for column in range(len(self._state.columns))]

    def _fill(self, label: str) -> None:
        cells, analysis = self._row_of_cells(label), self._analysis
        for cell, analysed in zip(cells, analysis.columns, strict=True):
            cell.values.update(analysed.draws(label))
        low, high, has_range = self._range(cells)
        look = self._look(cells)
        beside, is_covered = self._is_beside, self._state.is_covered
        for cell, column, analysed in zip(cells, self._state.columns, analysis.columns, strict=True):
            row = analysed.summary.comparison.row(label)
            if row is None:
                # A run that failed before the draw does not tell whether there is one.
                is_told = analysed.has_finished and not is_covered
                cell.show_absence("no such draw" if is_told else "")
                continue
            explanation = analysed.summary.explanation(label)
            draws, fingerprints = cell.values.draws, analysis.fingerprints
            cell.show_state(
                CellState(
                    row=row,
                    runs=column.column.runs,
                    marks=tuple(None if draw is None else fingerprints.of(draw) for draw in draws),
                    low=low,
                    high=high,
                    has_range=has_range,
                    look=look,
                    # In a narrow column the notes at the script's lines say it.
                    why=findings_text(explanation.all_findings) if explanation is not None and beside else "",
                    is_stale=column.is_stale,
                    uncovered=self._state.uncovered,
                )
            )
        self._show_scale(label)

    def _range(self, cells: Sequence[Cell]) -> tuple[float, float, bool]:
        """Return the ends of what may be seen, and whether there is any.

        A scale that knew the rest would tell how far it lies.
        """
        state = self._state
        seen = [cell.values.seen(state.uncovered) if state.is_covered else cell.values for cell in cells]
        ranged = [values for values in seen if values.has_range]
        low, high = (min(v.low for v in ranged), max(v.high for v in ranged)) if ranged else (0.0, 0.0)
        return low, high, bool(ranged)

    def _look(self, cells: Sequence[Cell]) -> str:
        return auto_look([cell.values for cell in cells]) if self._state.look == "auto" else self._state.look

    def _say_headline(self) -> HeadlineText:
        if not any(column.column.runs for column in self._state.columns):
            return HeadlineText("")
        if self._state.is_covered:
            return HeadlineText("Which draws repeat?", "Guess, then uncover run after run with Space.")
        return headline_text(self._analysis.headline)

    # Layout.

    @property
    def _is_beside(self) -> bool:
        wide = self._width >= self._theme.px(BESIDE_FROM_WIDTH)
        return len(self._state.columns) == 1 and wide and self._state.script

    def _shown_line_notes(self, column: int) -> tuple[LineNote, ...]:
        is_shown = not self._state.columns[column].is_stale and not self._state.is_covered
        return self._line_notes[column] if is_shown else ()

    def _notes(self, column: int) -> tuple[Note, ...]:
        return notes_on(
            self._state.columns[column],
            self._summary(column),
            self._theme,
            is_covered=self._state.is_covered,
            has_room=self._is_beside,
        )

    def _arrange_if_needed(self) -> None:
        """Lay out anew only when something has another place or size than before."""
        frame = (
            self.labels,
            self._width,
            self._height,
            self._state.look,
            self._state.script,
            self.footer,
            self.headline if self._title else None,
            [
                (
                    column.name if self._names else "",
                    column.script,
                    self._shown_line_notes(number),
                    self._notes(number),
                )
                for number, column in enumerate(self._state.columns)
            ],
            self._head_heights,
            self._listed() if self._state.look == "values" else (),
            self.hint if not self.labels else "",
        )
        if frame != self._frame:
            self._frame = frame
            self._arrange()

    def _listed(self) -> list[int]:
        """Return how many lines the listing of each row takes; of one for all where all are of one height."""
        if self._is_uniform:
            most = max((column.most_elements for column in self._analysis.columns), default=0)
            return [min(most, MAX_LISTED) + (most > MAX_LISTED)]
        cells = [
            [c for n in range(len(self._state.columns)) if (c := self._cells.get((label, n)))] for label in self.labels
        ]
        return [listed_lines([cell.values for cell in row]) for row in cells]

    def _measured_heads(self) -> tuple[float, ...]:
        """Return what verdict and reason take in each row; nothing where they take one line."""
        if not self._is_beside or self._is_uniform:
            return ()
        width = self._columns_at[0][1] if self._columns_at else self._width
        return tuple(
            max((cell.head_height(width) for cell in self._row_of_cells(label)), default=0.0) for label in self.labels
        )

    def _arrange(self) -> None:
        for item in self._decoration:
            self.removeItem(item)
        self._decoration = []
        for items in self._row_items.values():
            for item in items:
                self.removeItem(item)
        self._row_items, self._scales = {}, {}
        theme, unit = self._theme, self._theme.unit
        top = self._arrange_title()
        self._label_width = label_width = self._room_for_labels()
        count = len(self._state.columns)
        if self._is_beside:
            script_width = self._script_width()
            left = script_width + 3 * unit + label_width
            self._columns_at = [(left, max(self._width - left - unit, theme.px(MIN_COLUMN_WIDTH)))]
            bottom_of_script = self._arrange_heads(top, [(0.0, script_width)])
            bottom = self._arrange_rows(top, left - label_width)
            bottom = max(bottom, bottom_of_script)
        else:
            step = max((self._width - label_width) / max(count, 1), theme.px(MIN_COLUMN_WIDTH))
            # A single column shares nothing: it need not be wider than it is good to look at.
            self._columns_at = [(label_width + n * step, step - 2 * unit) for n in range(count)]
            below = self._arrange_heads(top, self._columns_at)
            bottom = self._arrange_rows(below, 0.0)
            for left, _ in self._columns_at[1:]:
                line = Hairline(theme.hairline, QPointF(left - unit, top), QPointF(left - unit, bottom))
                # As high as all rows: there is no memory to keep it as an image.
                self._add(line, 0, 0, is_cached=False)
        if self.hint and not self.labels:
            bottom = self._arrange_hint(top, bottom)
        right = max((left + width for left, width in self._columns_at), default=self._width)
        if self.footer:
            footer = Paragraph(self.footer, self._footer_font(), theme.muted, max(self._width, right))
            self._add(footer, 0, bottom + unit)
            bottom += unit + footer.height
        self.setSceneRect(0, 0, max(self._width, right), bottom)

    def _footer_font(self) -> QFont:
        return themes.font(self._theme.px(11))

    def _footer_height(self) -> float:
        height = wrapped_height(self.footer, self._footer_font(), self._width)
        return height + self._theme.unit if self.footer else 0.0

    def _arrange_hint(self, top: float, bottom: float) -> float:
        """In the middle of where the draws will be."""
        theme = self._theme
        left, width = self._columns_at[0] if self._is_beside else (0.0, self._width)
        paragraph = Paragraph(self.hint, themes.font(theme.medium), theme.muted, width)
        y = max(top + (self._height - top) / 3, top) if self._is_beside else bottom + 4 * theme.unit
        self._add(paragraph, left, y)
        return max(bottom, y + paragraph.height)

    def _add(self, item: QGraphicsItem, x: float, y: float, *, is_cached: bool = True) -> None:
        self._put(item, x, y, is_cached=is_cached)
        self._decoration.append(item)

    def _put(self, item: QGraphicsItem, x: float, y: float, *, is_cached: bool = True) -> QGraphicsItem:
        item.setPos(x, y)
        if self._cached and is_cached:
            item.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self.addItem(item)
        return item

    def _arrange_title(self) -> float:
        if not self._title or not self.headline.title:
            return 0.0
        theme = self._theme
        top = 0.0
        for text, font, colour in (
            (self.headline.title, themes.font(theme.large, bold=True), theme.text),
            (self.headline.subtitle, themes.font(theme.medium), theme.muted),
        ):
            if text:
                paragraph = Paragraph(text, font, colour, self._width)
                self._add(paragraph, 0, top)
                top += paragraph.height + theme.unit / 2
        return top + 1.5 * theme.unit

    def _room_for_labels(self) -> float:
        if not self.labels:
            return 0.0
        if self._widest_labels[0] is not self.labels:
            metrics = QFontMetricsF(themes.font(self._theme.small, mono=True, bold=True))
            names = [name for label in self.labels for name in label.rsplit("/", 1)]
            measured = heapq.nlargest(_MEASURED_NAMES, names, key=len) if self._is_uniform else names
            self._widest_labels = (self.labels, max(map(metrics.horizontalAdvance, measured)))
        return min(self._widest_labels[1], self._theme.px(150)) + 2 * self._theme.unit

    def _script_width(self) -> float:
        column = self._state.columns[0]
        block = ScriptBlock(column.script, self._shown_line_notes(0), self._theme, self._width, excerpt=False)
        return min(block.ideal_width(), 0.46 * self._width)

    def _arrange_heads(self, top: float, places: Sequence[tuple[float, float]]) -> float:
        """Names, scripts and what is said of the runs as a whole; each level aligned across columns."""
        theme, unit = self._theme, self._theme.unit
        self._heads = [_Head() for _ in self._state.columns]
        if self._names:
            font = themes.font(theme.medium, bold=True)
            for column, (left, width) in zip(self._state.columns, places, strict=True):
                self._add(Paragraph(elided(column.name, font, width), font, theme.text, width), left, top)
            top += QFontMetricsF(font).height() + unit
        if self._state.script:
            tallest = 0.0
            for number, (left, width) in enumerate(places):
                column = self._state.columns[number]
                block = ScriptBlock(
                    column.script, self._shown_line_notes(number), theme, width, excerpt=len(self._state.columns) > 1
                )
                self._heads[number].script = block
                self._add(block, left, top)
                tallest = max(tallest, block.height)
            top += tallest + unit
        lowest = top
        for number, (left, width) in enumerate(places):
            y = top
            for note in self._notes(number):
                font = themes.font(theme.px(note.size), mono=note.is_mono)
                padding = unit if note.band else 0.0
                paragraph = Paragraph(note.text, font, note.colour, width, band=note.band, padding=padding)
                self._heads[number].paragraphs.append(paragraph)
                self._add(paragraph, left, y)
                y += paragraph.height + unit
            lowest = max(lowest, y)
        return lowest

    def _show_run_names(self) -> None:
        for names, column in zip(self._run_names, self._state.columns, strict=False):
            names.show_runs(column.column.runs)

    def _show_scale(self, label: str) -> None:
        scale = self._scales.get(label)
        if scale is not None:
            scale.show_ticks(next((ticks for cell in self._row_of_cells(label) if (ticks := cell.ticks())), ()))

    def _arrange_rows(self, top: float, labels_left: float) -> float:
        theme, count = self._theme, len(self.labels)
        self._labels_left = labels_left
        if not count:
            self._places = RowPlaces(top, (), ())
            self._run_names = []
            return top
        heads = self._measured_heads() or [float(theme.px(HEAD))] * count
        bottom_room = theme.px(_NAMES_OF_RUNS)
        heights = self._least_heights(heads)
        spare = self._height - top - bottom_room - self._footer_height() - sum(heights) if self._height else 0.0
        if spare > 0 and self._state.look != "values":
            most = theme.px(_ROW_MOST)
            heights = [max(height, min(height + spare / count, most)) for height in heights]
        self._places = RowPlaces(top, heights, heads)
        if self._is_partial:
            # What was there may be out of sight by now.
            wanted = {self.labels[position] for position in self._wanted_rows()}
            for key in [key for key in self._cells if key[0] not in wanted]:
                self.removeItem(self._cells.pop(key))
        for position in self._wanted_rows():
            self._place_row(position)
        self._run_names = []
        for left, width in self._columns_at if self._state.look != "values" else ():
            names = RunNames(theme, width, bottom_room)
            self._add(names, left, self._places.bottom)
            self._run_names.append(names)
        self._show_run_names()
        return self._places.bottom + bottom_room

    def _least_heights(self, heads: Sequence[float]) -> list[float]:
        """Return the height of each row that has nothing to spare."""
        theme = self._theme
        if self._state.look != "values":
            rest = [float(theme.px(LETTERS) + theme.px(_PLOT) + theme.unit)]
        else:
            rest = [theme.px(LETTERS) + lines * theme.px(LINE) + 2 * theme.unit for lines in self._listed()]
        if self._is_uniform:
            return [heads[0] + rest[0]] * len(heads)
        return [head + each for head, each in zip(heads, rest * len(heads), strict=False)]

    def _place_row(self, position: int) -> None:
        """Make the items of a row, where it is to stand; its cells wait to be filled where they are new."""
        theme, unit, label = self._theme, self._theme.unit, self.labels[position]
        top, height = self._places.top(position), self._places.heights[position]
        items: list[QGraphicsItem] = []
        if position:
            right = self._columns_at[-1][0] + self._columns_at[-1][1] + unit
            line = Hairline(theme.hairline, QPointF(self._labels_left, 0), QPointF(right, 0))
            items.append(self._put(line, 0, top))
        items += self._put_label(label, top)
        if self._make_cells(label):
            self._waiting.append(label)
        for cell, (left, width) in zip(self._row_of_cells(label), self._columns_at, strict=True):
            cell.set_geometry(QPointF(left, top + unit / 2), width, height - unit / 2, self._places.heads[position])
        scale = self._scales[label] = Scale(theme, self._label_width - unit, height - unit / 2)
        items.append(self._put(scale, self._labels_left, top + unit / 2))
        self._show_scale(label)
        self._row_items[position] = items

    def _put_label(self, label: str, top: float) -> list[QGraphicsItem]:
        """Write a label on the line of the verdicts; below its section, where it has one."""
        theme, left = self._theme, self._labels_left
        font = themes.font(theme.small, mono=True, bold=True)
        section, name = label_parts(label).section, label.rpartition("/")[2]
        room = self._label_width - theme.unit
        y = top + theme.unit / 2 + 0.1 * theme.px(HEAD)
        items: list[QGraphicsItem] = []
        if section:
            plain = themes.font(theme.px(12), mono=True)
            above = Paragraph(elided(section, plain, room), plain, theme.muted, room)
            items.append(self._put(above, left, y))
            y += above.height
        items.append(self._put(Paragraph(elided(name, font, room), font, theme.text, room), left, y))
        return items
