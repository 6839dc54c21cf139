"""The scene: the items of the drawing, what they show, and what the pointer finds among them."""

from collections import deque
from collections.abc import Mapping

import msgspec
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QGraphicsItem

from seedlab.analysis.analyst import Analysis
from seedlab.analysis.explanation import Annotation
from seedlab.figure.cell import Cell
from seedlab.figure.cell_places import HEAD
from seedlab.figure.drawing import Drawing
from seedlab.figure.headline import headline_of
from seedlab.figure.layout import ColumnHead, Contents, Layout, Placed, is_script_beside, is_uniform
from seedlab.figure.listing import listed_runs
from seedlab.figure.notes import Note, notes_on
from seedlab.figure.plotted_values import Values
from seedlab.figure.pointed import draw_pointed_at, line_pointed_at
from seedlab.figure.row_contents import cell_states
from seedlab.figure.row_measures import RowMeasures, lines_of_listings, text_lines
from seedlab.figure.script_block import ScriptBlock
from seedlab.figure.selection import Selection, has_place
from seedlab.figure.state import FigureState, Hit
from seedlab.figure.text_items import Scale, Strip
from seedlab.figure.theme import Theme
from seedlab.messages.drawing import no_such_draw_text
from seedlab.messages.headlines import HeadlineText
from seedlab.messages.notes import LineNote, line_notes


class _Noted(msgspec.Struct, frozen=True):
    """The annotations of a column, and the words for them by line."""

    annotations: tuple[Annotation, ...]
    notes: Mapping[int, LineNote]


def _noted(annotations: tuple[Annotation, ...]) -> _Noted:
    return _Noted(annotations, {note.line: note for note in line_notes(annotations)})


class Figure(Drawing):
    """Draws the values of a `FigureState`; `fill_next` brings the cells up to date, row by row.

    After the first call of `set_visible` only the rows in sight have items, unless the contents of all rows
    decide where they stand.
    """

    def __init__(self, theme: Theme, *, names: bool = False, title: bool = False, cached: bool = False) -> None:
        super().__init__(theme, names=names, title=title, cached=cached)
        self._noted: list[_Noted] = []
        """The words for what the lines of each column did."""
        self._cells: dict[tuple[str, int], Cell] = {}
        self._row_items: dict[int, list[QGraphicsItem]] = {}
        """Everything in a row but its cells, by the position of the row."""
        self._scales: dict[str, Scale] = {}
        self._measures = RowMeasures(theme)
        self._selection = Selection()
        self._lit: Hit | None = None
        self._decoration: list[QGraphicsItem] = []
        """The items around the rows."""
        self._waiting: deque[str] = deque()
        """The labels of the rows that are not up to date."""
        self._head_heights: tuple[float, ...] = ()
        """How high verdict and reason were when all rows were up to date."""
        self._visible: tuple[float, float] | None = None
        self._script_room = 0.0
        self._left = 0.0
        self._fixed: dict[QGraphicsItem, float] = {}
        """What stays at the left edge of what is in sight, and where it stands when nothing is scrolled away."""
        self._strip: Strip | None = None
        """What hides the columns below the names of the rows; None in pictures."""
        self._layout = Layout(Contents(), theme, self._measured_heads)
        self._arranged: tuple[Contents, tuple[float, ...]] | None = None
        """What the layout was made for; None before the first one that is shown."""

    # What it shows.

    def show_state(self, state: FigureState) -> None:
        """Show ``state``; its cells are brought up to date by `fill_next`."""
        assert len(state.columns) == len(state.analysis.columns), "each column is analysed"
        self._state = state
        # Words are made once for each object: most states differ from the last in something else.
        known = {id(noted.annotations): noted for noted in self._noted}
        annotations = [column.summary.annotations for column in state.analysis.columns]
        self._noted = [known.get(id(each)) or _noted(each) for each in annotations]
        self.headline = headline_of(state, is_picture=self._title)
        self._drop_cells_that_are_gone()
        # In the order of the rows: an exported file lists the items in the order in which they were made.
        if not self._is_partial:
            for label in self.labels:
                self._make_cells(label)
        self._fill_all_again()
        self._arrange_if_needed()
        self._show_run_names()

    def set_size(self, width: float, height: float = 0.0) -> None:
        """Lay it out ``width`` pixels wide, and at least ``height`` pixels high where the rows can grow so far."""
        if (width, height) != (self._width, self._height):
            was_beside = self._is_beside
            self._width, self._height = width, height
            if self._is_beside != was_beside:
                # Reasons stand in other places then.
                self._fill_all_again()
            self._arrange_if_needed()

    def _fill_all_again(self) -> None:
        positions = self._analysis.positions
        self._waiting = deque(sorted({label for label, _ in self._cells}, key=positions.__getitem__))

    def set_visible(self, top: float, bottom: float) -> None:
        """From now on, keep items only for the rows between ``top`` and ``bottom`` and somewhat beyond."""
        if (top, bottom) != self._visible:
            self._visible = (top, bottom)
            self._realise()

    def set_left(self, left: float) -> None:
        if left == self._left:
            return
        self._left = left
        for item, x in self._fixed.items():
            item.setX(x + left)
        self._show_strip()

    @property
    def names_room(self) -> float:
        return self._layout.names_room

    def _show_strip(self) -> None:
        if self._strip is not None:
            self._strip.setX(self._left)
            self._strip.setVisible(self._left > 0)

    def fill_next(self) -> bool:
        """Bring the next row up to date; return True while more rows wait."""
        if self._waiting:
            label = self._waiting.popleft()
            # The row may have been scrolled out of sight since.
            if (label, 0) in self._cells:
                self._fill(label)
            if not self._waiting:
                # The reasons, and with them the heights of the rows, are known only now.
                width = self._layout.columns_at[0][1] if self._layout.columns_at else self._width
                self._head_heights = self._measured_heads(width)
                self._arrange_if_needed()
        return bool(self._waiting)

    @property
    def is_complete(self) -> bool:
        return not self._waiting

    # What is in it.

    @property
    def labels(self) -> tuple[str, ...]:
        return self._analysis.labels

    @property
    def columns_at(self) -> tuple[tuple[float, float], ...]:
        """The left edge and the width of each column's cells."""
        return self._layout.columns_at

    def cell(self, label: str, column: int = 0) -> Cell:
        """Return a cell, even of a row that is out of sight. Raise KeyError when there is no such row or column."""
        if (label, column) not in self._cells:
            self._place_row(self._analysis.positions[label])
            self._fill(label)
        return self._cells[label, column]

    def script_block(self, column: int = 0) -> ScriptBlock:
        block = self._layout.heads[column].script
        assert block is not None, "scripts are switched off"
        return block

    def script_area(self, column: int) -> QRectF | None:
        """Return where the script of a column stands, in coordinates of the scene; None where there is none."""
        head = self._layout.heads[column] if column < len(self._layout.heads) else None
        return None if head is None or head.script is None else head.script.sceneBoundingRect()

    @property
    def script_height(self) -> float:
        """The height of the highest script, 0 without scripts."""
        return max((head.script.height for head in self._layout.heads if head.script is not None), default=0.0)

    def set_script_room(self, height: float) -> None:
        """Leave at least ``height`` pixels for the scripts, 0 for what they need."""
        if height != self._script_room:
            self._script_room = height
            self._arrange_if_needed()

    def notes_text(self, column: int = 0) -> str:
        """Return the text of the notes on a column."""
        return "\n".join(paragraph.text for paragraph in self._layout.heads[column].paragraphs)

    def hit(self, place: QPointF) -> Hit | None:
        """Return what is at ``place``, in coordinates of the scene; None where nothing is."""
        if self._left and place.x() < self._left + self.names_room:
            return None
        position = self._layout.rows.at(place.y())
        for column in range(len(self._state.columns)) if position is not None else ():
            label = self.labels[position or 0]
            cell = self._cells.get((label, column))
            if cell is not None and cell.isVisible() and cell.sceneBoundingRect().contains(place):
                return draw_pointed_at(self._state, label, column, cell.hit(cell.mapFromScene(place)))
        for column, head in enumerate(self._layout.heads):
            if head.script is not None:
                number = head.script.line_at(head.script.mapFromScene(place))
                if number is not None:
                    return line_pointed_at(self._state, column, number, self._noted[column].notes.get(number))
        return None

    def light(self, hit: Hit | None) -> None:
        """Highlight what belongs to ``hit``, and nothing else."""
        self._lit = hit
        for number, head in enumerate(self._layout.heads):
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
        """Select one cell alone or, with ``add``, one more; selecting a selected cell deselects it."""
        self._selection = self._selection.with_selected((label, column), add=add).without_gone(self._analysis)
        for key, cell in self._cells.items():
            is_selected = key in self._selection
            if cell.is_selected != is_selected:
                cell.is_selected = is_selected
                cell.update()

    def selected(self) -> list[tuple[str, int]]:
        """Return label and column of the selected draws, or of all draws where none is selected."""
        return self._selection.draws(self._analysis)

    def selected_part(self) -> tuple[tuple[str, ...], tuple[int, ...]] | None:
        return self._selection.part(self.labels)

    def chosen(self, _column: int) -> tuple[str, ...]:
        return tuple(self._own(_column, label) for label in self.labels if (label, _column) in self._selection)

    @property
    def _analysis(self) -> Analysis:
        return self._state.analysis

    def _own(self, column: int, label: str) -> str:
        """Return what ``column`` calls the row ``label``."""
        return self._analysis.alignment.own(column, label)

    # Cells.

    @property
    def _is_partial(self) -> bool:
        """True where only the rows in sight have items."""
        is_measured = self._is_beside or self._state.values_look == "values"
        return self._visible is not None and (is_uniform(self.labels) or not is_measured)

    def _wanted_rows(self) -> range:
        """Return the positions of the rows that should have items."""
        if self._visible is None or not self._is_partial:
            return range(len(self.labels))
        top, bottom = self._visible
        around = (bottom - top) / 2
        return self._layout.rows.between(top - around, bottom + around)

    def _realise(self) -> None:
        """Make items for the rows in sight, and remove those of other rows."""
        wanted = self._wanted_rows()
        for position in [position for position in self._row_items if position not in wanted]:
            self._drop_row(position)
        for position in wanted:
            if position not in self._row_items:
                self._place_row(position)

    def _drop_row(self, position: int) -> None:
        for item in self._row_items.pop(position):
            self._fixed.pop(item, None)
            self.removeItem(item)
        label = self.labels[position]
        self._scales.pop(label, None)
        for column in range(len(self._state.columns)):
            cell = self._cells.pop((label, column), None)
            if cell is not None:
                self.removeItem(cell)

    def _drop_cells_that_are_gone(self) -> None:
        self._selection = self._selection.without_gone(self._analysis)
        for key in [key for key in self._cells if not has_place(key, self._analysis)]:
            self.removeItem(self._cells.pop(key))

    def _make_cells(self, label: str) -> bool:
        """Make the missing cells of a row; return True where there were any."""
        missing = [key for n in range(len(self._state.columns)) if (key := (label, n)) not in self._cells]
        for key in missing:
            cell = self._cells[key] = Cell(self._theme)
            cell.is_selected = key in self._selection
            cell.is_lit = self._lit is not None and self._lit.column == key[1] and label in self._lit.labels
            if self._cached:
                cell.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
            self.addItem(cell)
        return bool(missing)

    def _row_of_cells(self, label: str) -> list[Cell]:
        return [self._cells[label, column] for column in range(len(self._state.columns))]

    def _fill(self, label: str) -> None:
        state, cells = self._state, self._row_of_cells(label)
        for number, (cell, analysed) in enumerate(zip(cells, self._analysis.columns, strict=True)):
            cell.values.update(analysed.draws(self._own(number, label)))
        shown = cell_states(
            state,
            label,
            [cell.values for cell in cells],
            # In a narrow column the notes below the script's lines give the reasons.
            has_reasons=self._is_beside and self._has_heads,
            is_in_line=not self._has_heads,
            listed_letters=self._measures.listed_letters(state) if state.values_look == "values" else 0,
        )
        for cell, analysed, cell_state in zip(cells, self._analysis.columns, shown, strict=True):
            if cell_state is None:
                # A run that failed before the draw leaves open whether there is one.
                is_certain = analysed.has_finished and not state.is_covered
                cell.show_absence(no_such_draw_text() if is_certain else "")
            else:
                cell.show_state(cell_state)
        self._show_scale(label)

    # Layout.

    @property
    def _is_beside(self) -> bool:
        return is_script_beside(self._state, self._theme, self._width)

    @property
    def _has_heads(self) -> bool:
        """True where verdict and reason have a line of their own above the letters."""
        return not self._state.is_on_stage

    def _shown_line_notes(self, column: int) -> tuple[LineNote, ...]:
        is_shown = not self._state.columns[column].is_stale and not self._state.is_covered
        return tuple(self._noted[column].notes.values()) if is_shown else ()

    def _notes(self, column: int) -> tuple[Note, ...]:
        return notes_on(
            self._state.columns[column],
            self._analysis.columns[column].summary,
            self._theme,
            is_covered=self._state.is_covered,
            has_room=self._is_beside,
        )

    def _contents(self) -> Contents:
        """Return what the layout has to place."""
        state, measures = self._state, self._measures
        texts = text_lines(state)
        heads = tuple(
            ColumnHead(
                name=column.name if self._names else "",
                script=column.script,
                line_notes=self._shown_line_notes(number),
                notes=self._notes(number),
            )
            for number, column in enumerate(state.columns)
        )
        return Contents(
            width=self._width,
            height=self._height,
            columns=heads,
            has_names=self._names,
            has_scripts=state.script,
            script_room=self._script_room,
            is_beside=self._is_beside,
            labels=measures.titles(state.analysis),
            widest_label=measures.widest_title(state.analysis),
            look=state.values_look,
            is_on_stage=state.is_on_stage,
            has_heads=self._has_heads,
            is_scrolled=self._visible is not None,
            listed=lines_of_listings(state.analysis, texts, self._made_values) if state.values_look == "values" else (),
            text_lines=texts,
            headline=self.headline if self._title else HeadlineText(""),
            hint=self.hint if not self.labels else "",
            footer=self.footer,
        )

    def _made_cells(self, label: str) -> list[Cell]:
        """Return the cells of a row that have been made so far."""
        keys = [(label, column) for column in range(len(self._state.columns))]
        return [self._cells[key] for key in keys if key in self._cells]

    def _made_values(self, label: str) -> list[Values]:
        return [cell.values for cell in self._made_cells(label)]

    def _measured_heads(self, width: float) -> tuple[float, ...]:
        """Return how high verdict and reason are in each row of a column; nothing where all take one line."""
        if not (self._is_beside and self._has_heads) or is_uniform(self.labels):
            return ()
        # Rows that were out of sight in a narrower drawing have no cells yet, and are measured once they are filled.
        least = float(self._theme.px(HEAD))
        return tuple(
            max((cell.head_height(width) for cell in self._made_cells(label)), default=least) for label in self.labels
        )

    def _arrange_if_needed(self) -> None:
        """Lay out anew, but only when something has another place or size than before."""
        wanted = (self._contents(), self._head_heights)
        if wanted != self._arranged:
            self._arranged = wanted
            self._arrange(wanted[0])

    def _arrange(self, contents: Contents) -> None:
        for item in self._decoration:
            self.removeItem(item)
        for items in self._row_items.values():
            for item in items:
                self.removeItem(item)
        self._row_items, self._scales, self._fixed = {}, {}, {}
        self._layout = Layout(contents, self._theme, self._measured_heads)
        self._decoration = [self._put(placed) for placed in self._layout.above]
        self._strip = None
        if self._visible is not None and self.names_room:
            self._strip = Strip(self._theme.window, self.names_room - self._theme.unit, self._layout.area.height())
            self._decoration.append(self._put(Placed(self._strip, 0, 0, is_cached=False)))
            self._strip.setZValue(1)
            self._show_strip()
        self._arrange_rows()
        self._decoration += [self._put(placed) for placed in self._layout.below]
        self._show_run_names()
        self.setSceneRect(self._layout.area)

    def _put(self, placed: Placed) -> QGraphicsItem:
        item = placed.item
        item.setPos(placed.x + (self._left if placed.is_fixed else 0.0), placed.y)
        if placed.is_fixed:
            # On the strip, which hides what is scrolled below it.
            item.setZValue(2)
            self._fixed[item] = placed.x
        if self._cached and placed.is_cached:
            item.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self.addItem(item)
        return item

    def _arrange_rows(self) -> None:
        if self._is_partial:
            # Rows that were in sight before may be out of sight now.
            wanted = {self.labels[position] for position in self._wanted_rows()}
            for key in [key for key in self._cells if key[0] not in wanted]:
                self.removeItem(self._cells.pop(key))
        for position in self._wanted_rows():
            self._place_row(position)

    def _place_row(self, position: int) -> None:
        """Make the items of a row where it stands; cells that are new wait to be filled."""
        label, layout = self.labels[position], self._layout
        items = [self._put(placed) for placed in layout.row_items(position)]
        if self._make_cells(label):
            self._waiting.append(label)
        head = layout.rows.heads[position]
        for cell, area in zip(self._row_of_cells(label), layout.cell_areas(position), strict=True):
            cell.set_geometry(area.topLeft(), area.width(), area.height(), head)
        area = layout.scale_area(position)
        scale = self._scales[label] = Scale(self._theme, area.width(), area.height(), layout.label_height(position))
        items.append(self._put(Placed(scale, area.left(), area.top(), is_fixed=True)))
        self._show_scale(label)
        self._row_items[position] = items

    def _show_run_names(self) -> None:
        for names, column in zip(self._layout.run_names, self._state.columns, strict=False):
            runs, slots = column.column.runs, 3
            if self._state.values_look == "values" and text_lines(self._state):
                # Texts stand otherwise below their letters than listed values do.
                runs = ()
            elif self._state.values_look == "values":
                room = listed_runs(
                    names.boundingRect().width(), self._theme, self._measures.listed_letters(self._state)
                )
                runs, slots = runs[:room], min(room, slots)
            names.show_runs(runs, slots)

    def _show_scale(self, label: str) -> None:
        scale = self._scales.get(label)
        if scale is not None:
            named = ((cell.ticks(), cell.map_colours()) for cell in self._row_of_cells(label))
            scale.show_ticks(*next((each for each in named if each[0]), ((), ())))
