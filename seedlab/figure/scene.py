"""The drawing as a whole: heads, scripts and rows of cells, aligned across columns."""

from collections.abc import Iterator, Sequence

import msgspec
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene, QGraphicsSceneHelpEvent, QStyleOptionGraphicsItem

from seedlab.analysis.comparison import RunningComparison, label_parts, labels_of
from seedlab.analysis.fingerprints import DOT, Fingerprints
from seedlab.analysis.summary import Summary, headline_across, summarise
from seedlab.figure import theme as themes
from seedlab.figure.cell import HEAD, LETTERS, LINE, Cell, CellState, auto_look, listed_lines
from seedlab.figure.script_block import ScriptBlock
from seedlab.figure.text_items import Hairline, RunNames, Scale, Words, elided, wrapped_height
from seedlab.figure.theme import Theme
from seedlab.messages.findings import findings_text
from seedlab.messages.headlines import HeadlineText, headline_text
from seedlab.messages.notes import LineNote, line_notes
from seedlab.messages.rows import relation_text
from seedlab.messages.runs import problem_text
from seedlab.results.run import Outcome
from seedlab.study.lab import Column
from seedlab.study.script import Script

MIN_COLUMN_WIDTH = 208
"""Pixels at zoom 1: a narrower column would cut its verdicts."""
BESIDE_FROM_WIDTH = 760
"""From here on, one column has its script beside its draws, not above."""
_ROW_MOST, _PLOT = 190, 46
_NAMES_OF_RUNS = 20
_MOST_TEXT = 600
"""Characters of what a run said: a line of megabytes would be measured letter by letter."""


class ColumnState(msgspec.Struct, frozen=True, kw_only=True):
    """One column as it is to be shown."""

    name: str
    column: Column
    """The experiment that was run, and its runs."""
    script: Script
    """The script of the experiment that is chosen now."""
    is_stale: bool = False
    """The runs belong to an earlier choice than ``script``."""
    origin: str = ""
    """What drew the runs, where that is not what a person would take it for."""


class FigureState(msgspec.Struct, frozen=True, kw_only=True):
    """All that the drawing shows."""

    columns: tuple[ColumnState, ...]
    look: str = "auto"
    """``lines``, ``values``, ``map``, or ``auto``: lines where they can be told apart, else a map."""
    uncovered: int | None = None
    """How many runs of each column may be seen; None for all."""
    script: bool = True


class Hit(msgspec.Struct, frozen=True):
    """What is at one place of the drawing, and what belongs to it."""

    text: str
    """For a person; may be empty."""
    column: int
    label: str = ""
    lines: tuple[int, ...] = ()
    """Lines of the column's script that explain the draw, or the line that was hit."""
    labels: tuple[str, ...] = ()
    """Draws that the line explains, or the draw that was hit."""


class _Head:
    """What stands above one column's draws."""

    def __init__(self) -> None:
        self.script: ScriptBlock | None = None
        self.items: list[QGraphicsItem] = []


class Figure(QGraphicsScene):
    """Draws a `FigureState` at a width and, where it may, height; `fill_next` brings the cells up to date.

    In pictures ``names`` gives each column its name and ``title`` the sentence on top; in the window both
    stand outside, where they stay in sight.
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
        self._scales: dict[str, Scale] = {}
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self._state = FigureState(columns=())
        self._running = RunningComparison()
        self._summaries: list[Summary] = []
        self._notes: list[tuple[LineNote, ...]] = []
        self._labels: list[str] = []
        self._cells: dict[tuple[str, int], Cell] = {}
        self._heads: list[_Head] = []
        self._decoration: list[QGraphicsItem] = []
        self._waiting: list[str] = []
        self._structure: object = None
        self._frame: object = None
        self._head_heights: tuple[float, ...] = ()
        self._width, self._height = 900.0, 600.0
        self._columns_at: list[tuple[float, float]] = []
        self.headline = HeadlineText("")

    # What it is told.

    def show_state(self, state: FigureState) -> None:
        """Take ``state``; the cells follow by `fill_next`."""
        self._state = state
        columns = [column.column.runs for column in state.columns]
        comparisons = self._running.update(columns)
        pairs = zip(state.columns, comparisons, strict=True)
        self._summaries = [summarise(column.column, comparison) for column, comparison in pairs]
        self._notes = [line_notes(summary.annotations) for summary in self._summaries]
        self.headline = self._say_headline()
        self._labels = list(dict.fromkeys(label for runs in columns for label in labels_of(runs)))
        structure = (self._labels, len(columns))
        if structure != self._structure:
            self._structure = structure
            self._make_cells()
        self._waiting = list(self._labels)
        self._arrange_if_needed()
        self._show_run_names()

    def set_size(self, width: float, height: float = 0.0) -> None:
        """Lay it out ``width`` wide, and as high as it must be or, where it can, ``height``."""
        if (width, height) != (self._width, self._height):
            self._width, self._height = width, height
            self._arrange_if_needed()

    def fill_next(self) -> bool:
        """Bring the next row up to date; whether more rows wait."""
        if self._waiting:
            self._fill(self._waiting.pop(0))
            if not self._waiting:
                # The reasons are known only now, and with them the heights.
                self._head_heights = self._heights_of_heads()
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
        """The verdicts may not be seen yet: runs are covered, or more are to come."""
        return self._state.uncovered is not None

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
        return tuple(self._labels)

    @property
    def summaries(self) -> tuple[Summary, ...]:
        return tuple(self._summaries)

    @property
    def columns_at(self) -> tuple[tuple[float, float], ...]:
        """Left edge and width of each column."""
        return tuple(self._columns_at)

    @property
    def fingerprints(self) -> Fingerprints:
        return self._running.fingerprints

    def cell(self, label: str, column: int = 0) -> Cell:
        """Raises KeyError when that column has no such draw."""
        return self._cells[label, column]

    def script_block(self, column: int = 0) -> ScriptBlock:
        block = self._heads[column].script
        assert block is not None, "scripts are switched off"
        return block

    def words(self, column: int = 0) -> str:
        """What is said of a column beside its script and cells."""
        return "\n".join(item.text for item in self._heads[column].items if isinstance(item, Words))

    def hit(self, place: QPointF) -> Hit | None:
        """What is at ``place`` of the scene."""
        for (label, column), cell in self._cells.items():
            if cell.isVisible() and cell.sceneBoundingRect().contains(place):
                return self._hit_cell(label, column, cell, place)
        for column, head in enumerate(self._heads):
            if head.script is not None:
                number = head.script.line_at(head.script.mapFromScene(place))
                if number is not None:
                    return self._hit_line(column, number)
        return None

    def light(self, hit: Hit | None) -> None:
        """Let stand out what belongs to ``hit``, and nothing else."""
        for number, head in enumerate(self._heads):
            lit = frozenset(hit.lines) if hit is not None and hit.column == number else frozenset[int]()
            if head.script is not None and head.script.lit != lit:
                head.script.lit = lit
                head.script.update()
        for (label, column), cell in self._cells.items():
            is_lit = hit is not None and hit.column == column and label in hit.labels
            if cell.is_lit != is_lit:
                cell.is_lit = is_lit
                cell.update()

    def select(self, label: str, column: int, *, add: bool = False) -> None:
        """Select one cell, or one more; selecting it again takes it back."""
        chosen = self._cells.get((label, column))
        for cell in self._cells.values():
            is_selected = (cell is chosen and not cell.is_selected) or (add and cell is not chosen and cell.is_selected)
            if cell.is_selected != is_selected:
                cell.is_selected = is_selected
                cell.update()

    def selected(self) -> list[tuple[str, int]]:
        """Label and column of the selected cells; of all cells where none is selected."""
        keys = [(label, column) for column in range(len(self._state.columns)) for label in self._labels]
        drawn = [key for key in keys if self._cells[key].state is not None]
        return [key for key in drawn if self._cells[key].is_selected] or drawn

    def _hit_cell(self, label: str, column: int, cell: Cell, place: QPointF) -> Hit:
        state, summary = self._state.columns[column], self._summaries[column]
        explanation = summary.explanation(label)
        lines = explanation.lines if explanation is not None and not state.is_stale and not self.is_covered else ()
        found = cell.hit(cell.mapFromScene(place))
        if found is not None:
            letter = f"\nfingerprint {found.fingerprint}" if found.fingerprint != DOT.letter else ""
            # As Python counts elements, and writes that it does.
            text = f"{label}[{found.element}], run {found.run}\n{found.value}\nbits {found.bits}{letter}"
        else:
            match = summary.match(label)
            sentences = [findings_text(explanation.all_findings)] if explanation else []
            sentences += [findings_text([match.finding])] if match else []
            text = "" if self.is_covered else "\n".join(sentences)
        return Hit(text, column, label, lines, (label,))

    def _hit_line(self, column: int, number: int) -> Hit:
        state, summary = self._state.columns[column], self._summaries[column]
        if state.is_stale or self.is_covered:
            return Hit("", column, lines=(number,))
        labels = tuple(e.label for e in summary.explanations if number in e.lines)
        note = next((note for note in self._notes[column] if note.line == number), None)
        return Hit(f"line {number}: {note.text}" if note else "", column, lines=(number,), labels=labels)

    # Cells.

    def _make_cells(self) -> None:
        # In order, not as sets: a drawing is written in the order in which its items came.
        wanted = [(label, column) for label in self._labels for column in range(len(self._state.columns))]
        kept = set(wanted)
        for gone in [key for key in self._cells if key not in kept]:
            self.removeItem(self._cells.pop(gone))
        for key in [key for key in wanted if key not in self._cells]:
            cell = self._cells[key] = Cell(key[0], self._theme)
            if self._cached:
                cell.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
            self.addItem(cell)

    def _fill(self, label: str) -> None:
        cells = [self._cells[label, column] for column in range(len(self._state.columns))]
        for cell, column in zip(cells, self._state.columns, strict=True):
            cell.values.update(column.column.runs)
        low, high, has_range = self._range(cells)
        look = self._look(cells)
        beside = self._is_beside
        fingerprints = self._seen_fingerprints()
        for cell, column, summary in zip(cells, self._state.columns, self._summaries, strict=True):
            row = summary.comparison.row(label)
            if row is None:
                # A run that failed before the draw does not tell whether there is one.
                is_known = any(run.outcome is Outcome.FINISHED for run in column.column.runs)
                cell.show_absence("no such draw" if is_known and not self.is_covered else "")
                continue
            explanation = summary.explanation(label)
            cell.show_state(
                CellState(
                    row=row,
                    runs=column.column.runs,
                    marks=tuple(None if draw is None else fingerprints.of(draw) for draw in cell.values.draws),
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
        """Of what may be seen, and whether there is any: a scale that knew the rest would tell how far it lies."""
        seen = [cell.values.seen(self._state.uncovered) if self.is_covered else cell.values for cell in cells]
        ranged = [values for values in seen if values.has_range]
        low, high = (min(v.low for v in ranged), max(v.high for v in ranged)) if ranged else (0.0, 0.0)
        return low, high, bool(ranged)

    def _seen_fingerprints(self) -> Fingerprints:
        """Likewise: letters that counted what is covered would tell how many values there are."""
        if not self.is_covered:
            return self._running.fingerprints
        return Fingerprints([column.column.runs[: self._state.uncovered] for column in self._state.columns])

    def _look(self, cells: Sequence[Cell]) -> str:
        return auto_look([cell.values for cell in cells]) if self._state.look == "auto" else self._state.look

    def _say_headline(self) -> HeadlineText:
        if not any(column.column.runs for column in self._state.columns):
            return HeadlineText("")
        if self.is_covered:
            return HeadlineText("Which draws repeat?", "Guess, then uncover run after run with Space.")
        return headline_text(headline_across([column.column for column in self._state.columns], self._summaries))

    # Layout.

    @property
    def _is_beside(self) -> bool:
        wide = self._width >= self._theme.px(BESIDE_FROM_WIDTH)
        return len(self._state.columns) == 1 and wide and self._state.script

    def _shown_notes(self, column: int) -> tuple[LineNote, ...]:
        is_shown = not self._state.columns[column].is_stale and not self.is_covered
        return self._notes[column] if is_shown else ()

    def _arrange_if_needed(self) -> None:
        """Lay out anew only when something has another place or size than before."""
        frame = (
            self._structure,
            self._width,
            self._height,
            self._state.look,
            self._state.script,
            self.footer,
            self.headline if self._title else None,
            [
                (column.name if self._names else "", column.script, self._shown_notes(number), self._said(number))
                for number, column in enumerate(self._state.columns)
            ],
            self._head_heights,
            [self._look([self._cells[label, n] for n in range(len(self._state.columns))]) for label in self._labels],
            self.hint if not self._labels else "",
            [listed_lines([cell.values for (name, _), cell in self._cells.items() if name == label])
             for label in self._labels] if self._state.look == "values" else (),
        )  # fmt: skip
        if frame != self._frame:
            self._frame = frame
            self._arrange()

    def _heights_of_heads(self) -> tuple[float, ...]:
        width = self._columns_at[0][1] if self._columns_at else self._width
        return tuple(
            max(
                (self._cells[label, n].head_height(width) for n in range(len(self._state.columns))),
                default=0.0,
            )
            if self._is_beside
            else float(self._theme.px(HEAD))
            for label in self._labels
        )

    def _arrange(self) -> None:
        for item in self._decoration:
            self.removeItem(item)
        self._decoration = []
        theme, unit = self._theme, self._theme.unit
        top = self._arrange_title()
        label_width = self._label_width()
        count = len(self._state.columns)
        if self._is_beside:
            script_width = self._script_width()
            left = script_width + 3 * unit + label_width
            self._columns_at = [(left, max(self._width - left - unit, theme.px(MIN_COLUMN_WIDTH)))]
            bottom_of_script = self._arrange_heads(top, [(0.0, script_width)])
            bottom = self._arrange_rows(top, left - label_width, label_width)
            bottom = max(bottom, bottom_of_script)
        else:
            step = max((self._width - label_width) / max(count, 1), theme.px(MIN_COLUMN_WIDTH))
            # A single column shares nothing: it need not be wider than it is good to look at.
            self._columns_at = [(label_width + n * step, step - 2 * unit) for n in range(count)]
            below = self._arrange_heads(top, self._columns_at)
            bottom = self._arrange_rows(below, 0.0, label_width)
            for left, _ in self._columns_at[1:]:
                self._add(Hairline(theme.hairline, QPointF(left - unit, top), QPointF(left - unit, bottom)), 0, 0)
        if self.hint and not self._labels:
            bottom = self._arrange_hint(top, bottom)
        right = max((left + width for left, width in self._columns_at), default=self._width)
        if self.footer:
            footer = Words(self.footer, self._footer_font(), theme.muted, max(self._width, right))
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
        words = Words(self.hint, themes.font(theme.medium), theme.muted, width)
        y = max(top + (self._height - top) / 3, top) if self._is_beside else bottom + 4 * theme.unit
        self._add(words, left, y)
        return max(bottom, y + words.height)

    def _add(self, item: QGraphicsItem, x: float, y: float) -> QGraphicsItem:
        item.setPos(x, y)
        if self._cached:
            item.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self.addItem(item)
        self._decoration.append(item)
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
                words = Words(text, font, colour, self._width)
                self._add(words, 0, top)
                top += words.height + theme.unit / 2
        return top + 1.5 * theme.unit

    def _label_width(self) -> float:
        metrics = QFontMetricsF(themes.font(self._theme.small, mono=True, bold=True))
        names = [name for label in self._labels for name in label.rsplit("/", 1)]
        widest = max((metrics.horizontalAdvance(name) for name in names), default=0.0)
        return min(widest, self._theme.px(150)) + 2 * self._theme.unit if self._labels else 0.0

    def _script_width(self) -> float:
        column = self._state.columns[0]
        block = ScriptBlock(column.script, self._shown_notes(0), self._theme, self._width, excerpt=False)
        return min(block.ideal_width(), 0.46 * self._width)

    def _arrange_heads(self, top: float, places: Sequence[tuple[float, float]]) -> float:
        """Names, scripts and what is said of the runs as a whole; each level aligned across columns."""
        theme, unit = self._theme, self._theme.unit
        self._heads = [_Head() for _ in self._state.columns]
        if self._names:
            font = themes.font(theme.medium, bold=True)
            for column, (left, width) in zip(self._state.columns, places, strict=True):
                self._add(Words(elided(column.name, font, width), font, theme.text, width), left, top)
            top += QFontMetricsF(font).height() + unit
        if self._state.script:
            tallest = 0.0
            for number, (left, width) in enumerate(places):
                column = self._state.columns[number]
                block = ScriptBlock(
                    column.script, self._shown_notes(number), theme, width, excerpt=len(self._state.columns) > 1
                )
                self._heads[number].script = block
                self._add(block, left, top)
                tallest = max(tallest, block.height)
            top += tallest + unit
        lowest = top
        for number, (left, width) in enumerate(places):
            y = top
            for text, size, mono, colour, band in self._said(number):
                font = themes.font(theme.px(size), mono=mono)
                words = Words(text, font, colour, width, band=band, padding=unit if band else 0.0)
                self._heads[number].items.append(self._add(words, left, y))
                y += words.height + unit
            lowest = max(lowest, y)
        return lowest

    def _said(self, number: int) -> list[tuple[str, int, bool, str, str]]:
        """Text, size, whether of one width, colour and band of what is said of a column as a whole."""
        theme, column, summary = self._theme, self._state.columns[number], self._summaries[number]
        said = [(column.origin, 11, False, theme.muted, "")] if column.origin else []
        problems = [problem_text(problem, _MOST_TEXT) for problem in summary.problems]
        if problems:
            said.append(("\n".join(problems), 13, False, theme.differs, theme.seed_line))
        if summary.details:
            lines = summary.details.splitlines()
            said.append(("\n".join(line[:_MOST_TEXT] for line in lines[-12:]), 11, True, theme.muted, ""))
        if column.is_stale or self.is_covered:
            return said
        # Where there is little room: what a person would not expect of random numbers.
        relations = [r for r in summary.comparison.relations if self._is_beside or r.repeats or r.equal]
        notes = [relation_text(relation) for relation in relations]
        if self._is_beside:
            notes += [
                f"{', '.join(group.labels)}: {findings_text(group.findings)}" for group in summary.grouped_matches
            ]
        if notes:
            said.append(("\n".join(notes), 12, False, theme.muted, ""))
        return said

    def _show_run_names(self) -> None:
        for names, column in zip(self._run_names, self._state.columns, strict=False):
            names.show_runs(column.column.runs)

    def _show_scale(self, label: str) -> None:
        cells = (self._cells[label, column] for column in range(len(self._state.columns)))
        ticks = next((ticks for cell in cells if (ticks := cell.ticks())), ())
        self._scales[label].show_ticks(ticks)

    def _arrange_rows(self, top: float, labels_left: float, label_width: float) -> float:
        theme, unit = self._theme, self._theme.unit
        if not self._labels:
            return top
        heads = self._heights_of_heads()
        bottom_room = theme.px(_NAMES_OF_RUNS)
        heights = [self._least_height(label, head) for label, head in zip(self._labels, heads, strict=True)]
        spare = self._height - top - bottom_room - self._footer_height() - sum(heights) if self._height else 0.0
        if spare > 0 and self._state.look != "values":
            most = theme.px(_ROW_MOST)
            heights = [max(height, min(height + spare / len(heights), most)) for height in heights]
        right = self._columns_at[-1][0] + self._columns_at[-1][1] + unit
        for position, (label, height, head) in enumerate(zip(self._labels, heights, heads, strict=True)):
            if position:
                self._add(Hairline(theme.hairline, QPointF(labels_left, 0), QPointF(right, 0)), 0, top)
            self._arrange_label(label, labels_left, top, label_width)
            for number, (left, width) in enumerate(self._columns_at):
                place = QPointF(left, top + unit / 2)
                self._cells[label, number].set_geometry(place, width, height - unit / 2, head)
            scale = self._scales[label] = Scale(theme, label_width - unit, height - unit / 2)
            self._add(scale, labels_left, top + unit / 2)
            self._show_scale(label)
            top += height
        self._run_names = []
        for left, width in self._columns_at if self._state.look != "values" else ():
            names = RunNames(theme, width, bottom_room)
            self._add(names, left, top)
            self._run_names.append(names)
        self._show_run_names()
        return top + bottom_room

    def _least_height(self, label: str, head: float) -> float:
        theme = self._theme
        rest = theme.px(LETTERS) + theme.px(_PLOT)
        if self._state.look == "values":
            values = [cell.values for (name, _), cell in self._cells.items() if name == label]
            rest = theme.px(LETTERS) + listed_lines(values) * theme.px(LINE) + theme.unit
        return head + rest + theme.unit

    def _arrange_label(self, label: str, left: float, top: float, width: float) -> None:
        """On the line of the verdicts; below its section, where it has one."""
        theme = self._theme
        font = themes.font(theme.small, mono=True, bold=True)
        section, name = label_parts(label).section, label.rpartition("/")[2]
        room = width - theme.unit
        y = top + theme.unit / 2 + 0.1 * theme.px(HEAD)
        if section:
            plain = themes.font(theme.px(12), mono=True)
            above = Words(elided(section, plain, room), plain, theme.muted, room)
            self._add(above, left, y)
            y += above.height
        self._add(Words(elided(name, font, room), font, theme.text, room), left, y)
