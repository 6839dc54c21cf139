"""One draw of one column: its verdict, its letters, and its values run by run."""

import msgspec
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from seedlab.analysis.fingerprints import DOT, Fingerprint
from seedlab.analysis.rows import Row, Verdict
from seedlab.figure.cell_head import CellHead, paint_absence, paint_sign
from seedlab.figure.cell_places import HEAD, INSET, CellPlaces
from seedlab.figure.cover import paint_cover
from seedlab.figure.legend import legend_of, no_legend
from seedlab.figure.letters import Letters, letters_of
from seedlab.figure.line_plot import LinePlot
from seedlab.figure.listing import listed_runs, paint_listing
from seedlab.figure.map_image import map_colours, map_image, map_ticks, mapped_element, paint_map
from seedlab.figure.plotted_values import Values
from seedlab.figure.text_listing import distinct_texts, paint_texts
from seedlab.figure.theme import Theme
from seedlab.messages.drawing import more_runs_text, not_finite_text, remarks_text
from seedlab.messages.rows import remark_text, verdict_text
from seedlab.plain_text import window_line
from seedlab.results.draw_text import brief_text, excerpt, value_bits, value_text
from seedlab.results.run import Draw, Run

_MOST_POINTED = 12
"""The most lines of a text that are told of the one that is pointed at."""


class CellState(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a cell shows."""

    row: Row
    runs: tuple[Run, ...]
    marks: tuple[Fingerprint | None, ...]
    """The fingerprint of each run; None where the run has no such draw."""
    low: float
    high: float
    """The ends of the scale that the row has in common; both 0 where no visible value is finite."""
    has_range: bool
    """True where a visible value is finite."""
    look: str
    """``lines``, ``values``, ``map`` or ``text``."""
    why: str = ""
    is_stale: bool = False
    """True where the runs belong to an earlier choice and are shown faded."""
    uncovered: int | None = None
    """The number of visible runs; None for all."""
    is_in_line: bool = False
    """True where the verdict is its sign alone, in line with the letters."""
    listed_letters: int = 0
    """How many letters wide the entries of all listings are."""

    @property
    def is_covered(self) -> bool:
        """True while the verdict is hidden, because runs are covered or more are to come."""
        return self.uncovered is not None


class CellHit(msgspec.Struct, frozen=True):
    """The value, or the text, at one place of a cell."""

    run: int
    """The index of the run."""
    element: int | None
    """None of a text."""
    value: str
    bits: str
    """The bits of that element in hex, most significant first; empty of a text."""
    fingerprint: str


class Cell(QGraphicsItem):
    """One draw of one column; x is the run, y is the value in lines, and the element in maps and listings."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._width = self._height = 0.0
        self._head = float(theme.px(HEAD))
        self.values = Values()
        self.state: CellState | None = None
        """None where the column has no such draw."""
        self.absence = ""
        """The text shown in that case; may be empty."""
        self._image: QImage | None = None
        self._texts: list[int] = []
        """Where texts are shown, the position of the first run with each distinct draw among those that are seen."""
        self.is_lit = False
        self.is_selected = False

    def set_geometry(self, place: QPointF, width: float, height: float, head: float) -> None:
        """Place the cell; ``head`` is the height of the verdict and the reason, in pixels."""
        self.setPos(place)
        if (width, height, head) != (self._width, self._height, self._head):
            self.prepareGeometryChange()
            self._width, self._height, self._head = width, height, head
            self.update()

    def show_absence(self, text: str) -> None:
        """Show ``text`` instead of a draw, which the column does not have."""
        self.state, self.absence, self._image = None, text, None
        self.setVisible(bool(text))
        self.update()

    def show_state(self, state: CellState) -> None:
        self.state, self.absence = state, ""
        self.setVisible(True)
        self._image = map_image(self.values.image(), state.low, state.high) if state.look == "map" else None
        self._texts = distinct_texts(self.values.draws[: state.uncovered]) if state.look == "text" else []
        self.update()

    # What stands in it, and where.

    @property
    def verdict_text(self) -> str:
        if self.state is None:
            return ""
        if self.state.is_covered:
            return "?"
        sign = self.state.row.verdict.sign
        return sign if self.state.is_in_line else f"{sign}  {verdict_text(self.state.row)}"

    @property
    def reason_text(self) -> str:
        """The text beside the verdict: the reason, and other remarks."""
        state = self.state
        if state is None or state.is_covered:
            return ""
        remarks = [remark_text(state.row)]
        if state.look not in {"values", "text"} and self.values.not_finite:
            remarks.append(not_finite_text(self.values.not_finite))
        hidden = len(state.runs) - self.places.runs
        if hidden:
            remarks.append(more_runs_text(hidden))
        return window_line(" ".join(filter(None, (state.why, remarks_text(list(filter(None, remarks)))))))

    def boundingRect(self) -> QRectF:
        return QRectF(0, 0, self._width, self._height)

    @property
    def places(self) -> CellPlaces:
        """Where its parts stand."""
        state, theme = self.state, self._theme
        inset = theme.px(INSET) if state is not None and state.is_in_line else 0.0
        runs = len(state.runs) if state is not None else 0
        slots = max(runs, 3)
        if state is not None and state.look == "values":
            most = listed_runs(self._width - inset, theme, state.listed_letters)
            runs, slots = min(runs, most), min(slots, most)
        return CellPlaces(
            theme=theme, width=self._width, height=self._height, head=self._head, inset=inset, runs=runs, slots=slots
        )

    @property
    def plot_height(self) -> float:
        return self.places.plot.height()

    @property
    def line_plot(self) -> LinePlot:
        """Where its values stand as points."""
        assert self.state is not None, "the column has such a draw"
        state, places = self.state, self.places
        return LinePlot(theme=self._theme, area=places.plot, step=places.step, low=state.low, high=state.high)

    def head_height(self, width: float) -> float:
        """Return the height of the verdict and the whole reason in a cell that is ``width`` pixels wide."""
        if self.state is None:
            return self._theme.px(HEAD)
        places = self.places
        letters = letters_of(self.state.marks[: places.runs], (width - places.inset) / places.slots, self._theme)
        return self._head_of(self.state, width, letters).height

    def _head_of(self, state: CellState, width: float, letters: Letters) -> CellHead:
        return CellHead(
            theme=self._theme,
            width=width,
            verdict=self.verdict_text,
            reason=self.reason_text,
            is_why=bool(state.why),
            runs=len(state.runs),
            legend=no_legend(self._theme) if state.is_covered else legend_of(letters),
        )

    # What the pointer finds, and what stands beside it.

    def hit(self, place: QPointF) -> CellHit | None:
        """Return the value at ``place`` of the item; None where there is none, or where it is covered."""
        state, places = self.state, self.places
        x, y = place.x() - places.inset, place.y()
        if state is None or x < 0 or y < places.head or not state.runs:
            return None
        position = int(x // places.step)
        if not 0 <= position < len(state.runs) or (state.uncovered is not None and position >= state.uncovered):
            return None
        if state.look == "text":
            return self._text_hit(places.line_at(y), position, state)
        draw, mark = self.values.draws[position], state.marks[position]
        if draw is None or mark is None or not draw.array.size:
            return None
        element = self._element_at(y, position, draw)
        return CellHit(
            state.runs[position].index, element, value_text(draw, element), value_bits(draw, element), mark.letter
        )

    def _text_hit(self, line: int, position: int, state: CellState) -> CellHit | None:
        """Return the text of the run at ``position``, or, below the letters, the one at ``line``."""
        if line >= 0 and len(self._texts) > 1:
            position = self._texts[min(line, len(self._texts) - 1)]
        draw, mark = self.values.draws[position], state.marks[position]
        if draw is None or mark is None:
            return None
        text = excerpt(draw, state.row.first_difference[0], _MOST_POINTED) if draw.is_text else brief_text(draw)
        return CellHit(state.runs[position].index, None, text, "", mark.letter)

    def _element_at(self, y: float, position: int, draw: Draw) -> int:
        assert self.state is not None
        places, last = self.places, draw.array.size - 1
        if self.state.look == "values":
            return min(max(places.line_at(y), 0), last)
        if self.state.look == "map":
            return min(mapped_element(y, places.plot, self.values.most_elements), last)
        array = self.values.arrays[position]
        assert array is not None
        return self.line_plot.element_at(y, array)

    def ticks(self) -> tuple[tuple[float, float], ...]:
        """Return the values to name beside the plot, each with its y in the cell."""
        state = self.state
        if state is None or not state.has_range or not self.values.has_range:
            return ()
        if self._image is not None:
            return map_ticks(self.places.plot, state.low, state.high, self._theme)
        return self.line_plot.ticks() if state.look == "lines" else ()

    def map_colours(self) -> tuple[str, ...]:
        """Return the colours of the map from the least value to the greatest; none where there is no map."""
        return () if self._image is None else map_colours()

    # Painting.

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        state, theme = self.state, self._theme
        if self.is_lit:
            painter.fillRect(self.boundingRect(), QColor(theme.light))
        if self.is_selected:
            painter.setPen(QPen(QColor(theme.accent), theme.px(3) / 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.boundingRect().adjusted(1, 1, -1, -1))
        if state is None:
            paint_absence(painter, self.absence, self._width, theme)
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        places = self.places
        letters = letters_of(state.marks[: places.runs], places.step, theme)
        self._paint_head(painter, state, places, letters)
        painter.translate(places.inset, 0)
        painter.save()
        if state.uncovered is not None:
            # What is covered is not even painted: what lies over it may let the ground through.
            seen = QRectF(0, 0, places.step * state.uncovered, self._height)
            painter.setClipRect(seen, Qt.ClipOperation.IntersectClip)
        if state.is_stale:
            painter.setOpacity(0.35)
        letters.paint(painter, places.band)
        self._paint_values(painter, state, places)
        painter.restore()
        if state.uncovered is not None:
            paint_cover(painter, places.below_head, places.step, theme, seen=state.uncovered, runs=len(state.runs))

    def _paint_head(self, painter: QPainter, state: CellState, places: CellPlaces, letters: Letters) -> None:
        theme = self._theme
        colours = {Verdict.REPEATS: theme.repeats, Verdict.DIFFERS: theme.differs}
        known = {} if state.is_stale or state.is_covered else colours
        colour = known.get(state.row.verdict, theme.muted)
        if state.is_in_line:
            band = places.band
            paint_sign(painter, self.verdict_text, colour, QRectF(0, band.top(), places.inset, band.height()), theme)
        else:
            self._head_of(state, self._width, letters).paint(painter, places.head, colour)

    def _paint_values(self, painter: QPainter, state: CellState, places: CellPlaces) -> None:
        plot, step, theme, values = places.plot, places.step, self._theme, self.values
        if state.look == "values":
            # An entry that reached below the cover, or was smaller for what is covered, would give it away.
            seen = places.runs if state.uncovered is None else min(places.runs, state.uncovered)
            paint_listing(painter, values.draws[:seen], plot, step, theme)
        elif state.look == "text":
            if state.uncovered is not None:
                plot.setWidth(step * state.uncovered)
            found = [(values.draws[position], state.marks[position] or DOT) for position in self._texts]
            texts = [(draw, mark) for draw, mark in found if draw is not None]
            paint_texts(painter, texts, state.row, plot, theme)
        elif self._image is not None:
            plot.setWidth(step * len(state.runs))
            paint_map(painter, self._image, plot)
        else:
            # Also where a map has no elements.
            self.line_plot.paint(painter, values.arrays[: state.uncovered], state.marks)
