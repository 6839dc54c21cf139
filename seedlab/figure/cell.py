"""One draw of one column: its verdict, its letters, and its values run by run."""

import itertools
import math
from collections import Counter
from collections.abc import Iterable, Iterator

import msgspec
import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from seedlab.analysis.fingerprints import DOT, Fingerprint
from seedlab.analysis.rows import Row, Verdict
from seedlab.figure import theme as themes
from seedlab.figure.plotted_values import LARGEST, Values
from seedlab.figure.text_items import elided, wrapped_height
from seedlab.figure.text_look import line_of
from seedlab.figure.theme import Theme
from seedlab.messages.drawing import (
    each_once_text,
    more_lines_text,
    more_runs_text,
    more_texts_text,
    more_values_text,
    not_finite_text,
    remarks_text,
)
from seedlab.messages.rows import differs_text, remark_text, verdict_text
from seedlab.plain_text import window_line
from seedlab.results.draw_text import brief_text, excerpt
from seedlab.results.run import Draw, Run

MAX_POINTS_AS_LINES = 300
"""With more values than this, `Look` auto shows a map: so many lines say less, and take long to draw."""
MAX_LINES = 60
"""A draw with more elements than this is a map too: so many lines cannot be told apart."""
MAX_LISTED = 6
"""The most elements that a listing shows; of more it shows the first ones and says how many follow."""
HEAD, LETTERS, LINE = 20, 22, 17
"""The heights of the verdict, of the letters and of a listed value, in pixels at zoom 1."""
_MOST_POINTED = 12
"""The most lines of a text that are told of the one that is pointed at."""
COLOUR_MAP = "viridis"
INSET = 20
"""The room at the left of the letters for the sign of the verdict, where it stands in line with them."""
_LISTED_WIDTH, _SMALLEST_LISTED, _BESIDE_LISTED = 88, 9, 8
"""The least width of an entry in a listing, its smallest type, and the room beside it, in pixels (the first two at
zoom 1).
"""
_LEGEND_TYPE, _LEGEND_CHIP = 11, 10
"""The sizes of the legend's type and of its squares, in pixels at zoom 1."""
_MOST_IN_LEGEND = 4
"""The most letters that the legend of a strip names."""
_ADVANCE = 0.61
"""The width of a letter of the monospaced font for each pixel of its size."""


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


def auto_look(values: list[Values], planned: int = 0) -> str:
    """Return ``lines`` while they can be told apart in every cell of the row, else ``map``.

    Where so many runs are ``planned``, it is the look that they will have together.
    """
    is_much = any(
        max(v.count, v.most_elements * planned) > MAX_POINTS_AS_LINES or v.most_elements > MAX_LINES for v in values
    )
    return "map" if is_much else "lines"


def value_text(draw: Draw, element: int) -> str:
    """Return one element as NumPy prints it: the shortest text that gives the same bits back."""
    return str(draw.array.ravel()[element])


def value_bits(draw: Draw, element: int) -> str:
    """Return the bits of one element in hex, most significant first."""
    size = len(draw.data) // max(draw.array.size, 1)
    return draw.data[element * size : (element + 1) * size][::-1].hex()


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
        self._image = self._map_image(state) if state.look == "map" else None
        self._texts = self._distinct(state) if state.look == "text" else []
        self.update()

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
        if state.look == "values" and len(state.runs) > self._listed_runs():
            remarks.append(more_runs_text(len(state.runs) - self._listed_runs()))
        return window_line(" ".join(filter(None, (state.why, remarks_text(list(filter(None, remarks)))))))

    def boundingRect(self) -> QRectF:
        return QRectF(0, 0, self._width, self._height)

    # Where things stand: the whole in the coordinates of the item, all below in those of the runs, right of the inset.

    @property
    def _inset(self) -> float:
        return self._theme.px(INSET) if self.state is not None and self.state.is_in_line else 0.0

    @property
    def _room(self) -> float:
        """The width of all runs."""
        return self._width - self._inset

    @property
    def _plot(self) -> QRectF:
        top = self._head + self._theme.px(LETTERS)
        return QRectF(0, top, self._room, max(self._height - top - self._theme.unit, 1))

    @property
    def plot_height(self) -> float:
        return self._plot.height()

    def _step(self, room: float | None = None) -> float:
        """Return the width of one run, where all have ``room``; their own where it is None."""
        room = self._room if room is None else room
        shown = len(self.state.runs) if self.state else 0
        if self.state and self.state.look == "values":
            return room / min(max(shown, 3), self._listed_runs())
        return room / max(shown, 3)

    def _listed_runs(self) -> int:
        """Return how many runs a listing has room for."""
        return listed_runs(self._room, self._theme, self.state.listed_letters if self.state else 0)

    def hit(self, place: QPointF) -> CellHit | None:
        """Return the value at ``place`` of the item; None where there is none, or where it is covered."""
        state = self.state
        place = place - QPointF(self._inset, 0)
        if state is None or place.x() < 0 or place.y() < self._head or not state.runs:
            return None
        position = int(place.x() // self._step())
        if not 0 <= position < len(state.runs) or (state.uncovered is not None and position >= state.uncovered):
            return None
        if state.look == "text":
            return self._text_hit(place, position, state)
        draw, mark = self.values.draws[position], state.marks[position]
        if draw is None or mark is None or not draw.array.size:
            return None
        element = self._element_at(place, position, draw)
        return CellHit(
            state.runs[position].index, element, value_text(draw, element), value_bits(draw, element), mark.letter
        )

    def _text_hit(self, place: QPointF, position: int, state: CellState) -> CellHit | None:
        """Return the text of the run at ``position``, or, below the letters, the one at ``place``."""
        line = int((place.y() - self._plot.top()) // self._theme.px(LINE))
        if line >= 0 and len(self._texts) > 1:
            position = self._texts[min(line, len(self._texts) - 1)]
        draw, mark = self.values.draws[position], state.marks[position]
        if draw is None or mark is None:
            return None
        text = excerpt(draw, state.row.first_difference[0], _MOST_POINTED) if draw.is_text else brief_text(draw)
        return CellHit(state.runs[position].index, None, text, "", mark.letter)

    def _element_at(self, place: QPointF, position: int, draw: Draw) -> int:
        assert self.state is not None
        size, plot = draw.array.size, self._plot
        if self.state.look == "values":
            return min(max(int((place.y() - plot.top()) // self._theme.px(LINE)), 0), size - 1)
        if self.state.look == "map":
            share = (place.y() - plot.top()) / plot.height()
            return min(max(int(share * self.values.most_elements), 0), size - 1)
        array = self.values.arrays[position]
        assert array is not None
        distances = np.abs(self._ys(array) - place.y())
        return int(np.nanargmin(distances)) if np.isfinite(distances).any() else 0

    def ticks(self) -> tuple[tuple[float, float], ...]:
        """Return the values to name beside the plot, each with its y in the cell."""
        state = self.state
        is_map = state is not None and state.look == "map" and self._image is not None
        if state is None or not (is_map or state.look == "lines") or not state.has_range or not self.values.has_range:
            return ()
        if is_map:
            # Half a line of text away from the ends, so that the numbers stand beside the colours.
            half, plot = self._theme.px(5), self._plot
            ends = ((state.high, plot.top() + half), (state.low, plot.bottom() - half))
            return ends if state.high > state.low else ends[:1]
        named = [state.high] if state.low == state.high else [state.high, state.low]
        named += [0.0] if state.low < 0 < state.high else []
        # A larger value is drawn at the edge, where its name would be wrong.
        named = [value for value in named if abs(value) < LARGEST]
        return tuple(zip(named, map(float, self._ys(np.array(named))), strict=True))

    def map_colours(self) -> tuple[str, ...]:
        """Return the colours of the map from the least value to the greatest; none where there is no map."""
        if self._image is None:
            return ()
        return tuple(pg.colormap.get(COLOUR_MAP).map(share, mode="qcolor").name() for share in np.linspace(0, 1, 9))

    def _ys(self, array: np.ndarray) -> np.ndarray:
        """Return the y of each value in the cell; NaN for values that are not finite."""
        assert self.state is not None
        low, high, plot = self.state.low, self.state.high, self._plot
        margin = self._theme.px(5)
        room = plot.height() - 2 * margin
        with np.errstate(invalid="ignore", over="ignore"):
            share = (
                (np.where(np.isfinite(array), array, np.nan) - low) / (high - low) if high > low else array * 0 + 0.5
            )
        return np.asarray(plot.bottom() - margin - share * room)

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
            self._paint_absence(painter)
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_head(painter, state)
        painter.translate(self._inset, 0)
        painter.save()
        if state.is_covered:
            # What is covered is not even painted: what lies over it may let the ground through.
            seen = self._step() * (state.uncovered or 0)
            painter.setClipRect(QRectF(0, 0, seen, self._height), Qt.ClipOperation.IntersectClip)
        if state.is_stale:
            painter.setOpacity(0.35)
        self._paint_letters(painter, state)
        if state.look == "values":
            self._paint_listing(painter, state)
        elif state.look == "text":
            self._paint_texts(painter, state)
        elif self._image is not None:
            # A draw without elements has no image.
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
            width = self._step() * len(state.runs)
            painter.drawImage(QRectF(0, self._plot.top(), width, self._plot.height()), self._image)
        else:
            self._paint_lines(painter, state)
        painter.restore()
        if state.is_covered:
            self._paint_cover(painter, state)

    def _paint_absence(self, painter: QPainter) -> None:
        font = themes.font(self._theme.px(12))
        painter.setFont(font)
        painter.setPen(QColor(self._theme.muted))
        painter.drawText(QPointF(0, 0.75 * self._theme.px(HEAD)), elided(self.absence, font, self._width))

    def _paint_head(self, painter: QPainter, state: CellState) -> None:
        theme = self._theme
        colours = {Verdict.REPEATS: theme.repeats, Verdict.DIFFERS: theme.differs}
        known = {} if state.is_stale or state.is_covered else colours
        font = themes.font(theme.medium if state.is_in_line else theme.small, bold=True)
        painter.setFont(font)
        painter.setPen(QColor(known.get(state.row.verdict, theme.muted)))
        if state.is_in_line:
            band = QRectF(0, self._head + 2, self._inset, theme.px(18))
            painter.drawText(band, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self.verdict_text)
            return
        base = 0.75 * theme.px(HEAD)
        painter.drawText(QPointF(0, base), elided(self.verdict_text, font, self._width))
        self._paint_legend(painter, state)
        x = self._reason_left(self._width)
        room = self._width - x - self._legend_width(state, self._width)
        if self.reason_text and room > 6 * theme.unit:
            painter.setFont(themes.font(theme.px(12)))
            painter.setPen(QColor(theme.muted))
            area = QRectF(x, 0.16 * theme.px(HEAD), room, self._head)
            if wrapped_height(self.reason_text, painter.font(), room) > self._head:
                painter.drawText(area, elided(self.reason_text, painter.font(), room))
            else:
                painter.drawText(area, int(Qt.TextFlag.TextWordWrap), self.reason_text)

    def _reason_left(self, width: float) -> float:
        """Return where the reason begins in a cell that is ``width`` pixels wide: as far right in each row."""
        metrics = QFontMetricsF(themes.font(self._theme.small, bold=True))
        longest = differs_text(len(self.state.runs)) if self.state is not None else ""
        own, other = map(metrics.horizontalAdvance, (self.verdict_text, f"{Verdict.DIFFERS.sign}  {longest}"))
        gap = 1.5 * self._theme.unit
        text = QFontMetricsF(themes.font(self._theme.px(12))).horizontalAdvance(self.reason_text)
        # Remarks in a narrow column have one line, and begin earlier rather than be cut.
        is_narrow = self.state is None or (not self.state.why and other + gap + text > width)
        return (own if is_narrow else max(own, other)) + gap

    def head_height(self, width: float) -> float:
        """Return the height of the verdict and the whole reason in a cell that is ``width`` pixels wide."""
        theme = self._theme
        legend = 0.0 if self.state is None else self._legend_width(self.state, width)
        room = width - self._reason_left(width) - legend
        return max(wrapped_height(self.reason_text, themes.font(theme.px(12)), room) + 3, theme.px(HEAD))

    def _paint_letters(self, painter: QPainter, state: CellState) -> None:
        theme, step = self._theme, self._step()
        signs = self._signs(state)
        size, width = theme.px(18), self._chip_width(signs)
        if step < width + 2:
            self._paint_strip(painter, signs, step)
            return
        painter.setFont(themes.font(theme.px(12), bold=True))
        for position, (sign, colour) in enumerate(signs):
            chip = QRectF((position + 0.5) * step - width / 2, self._head + 2, width, size)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colour))
            if sign == DOT.letter:
                painter.drawEllipse(chip.center(), theme.px(3), theme.px(3))
                continue
            painter.drawRoundedRect(chip, theme.px(3), theme.px(3))
            painter.setPen(QColor(theme.fingerprint_text))
            painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, sign)

    def _paint_strip(self, painter: QPainter, signs: list[tuple[str, str]], step: float) -> None:
        """Paint the colours alone where letters have no room: as one image with a column for each run."""
        strip = QImage(len(signs), 1, QImage.Format.Format_ARGB32)
        pixels = {colour: QColor(colour).rgba() for colour in {colour for _, colour in signs}}
        # A band of the neutral colour would look like one fingerprint, so unique values stay pale.
        pale = QColor(self._theme.hairline).rgba()
        for position, (sign, colour) in enumerate(signs):
            strip.setPixel(position, 0, pale if sign == DOT.letter else pixels[colour])
        band = QRectF(0, self._head + 2, step * len(signs), self._theme.px(18))
        painter.drawImage(band, strip)
        painter.setFont(themes.font(self._theme.px(12), bold=True))
        painter.setPen(QColor(self._theme.fingerprint_text))
        for sign, start, end in self._named_parts(signs, step):
            part = QRectF(start * step, band.top(), (end - start) * step, band.height())
            painter.drawText(part, Qt.AlignmentFlag.AlignCenter, sign)

    def _signs(self, state: CellState) -> list[tuple[str, str]]:
        """Return letter and colour of each run that is shown."""
        count = len(state.runs)
        if state.look == "values":
            count = min(count, self._listed_runs())
        theme = self._theme
        return [
            ("×", theme.differs) if mark is None else (mark.letter, theme.fingerprint_colour(mark))
            for mark in state.marks[:count]
        ]

    def _chip_width(self, signs: list[tuple[str, str]]) -> float:
        """Return the width of a letter on its ground, the same for all ``signs``."""
        metrics = QFontMetricsF(themes.font(self._theme.px(12), bold=True))
        widest = max((metrics.horizontalAdvance(sign) for sign in {sign for sign, _ in signs}), default=0.0)
        return max(self._theme.px(18), widest + 6)

    def _named_parts(self, signs: list[tuple[str, str]], step: float) -> Iterator[tuple[str, int, int]]:
        """Yield the letter, begin and end of each part of a strip that has room for the letter."""
        width, start = self._chip_width(signs), 0
        for sign, group in itertools.groupby(sign for sign, _ in signs):
            end = start + sum(1 for _ in group)
            if sign != DOT.letter and (end - start) * step >= width:
                yield sign, start, end
            start = end

    def _legend(self, state: CellState, width: float) -> list[tuple[str, str]]:
        """Return text and colour of what a strip shows without its letter; “…” without a colour where more follow."""
        signs, step = self._signs(state), self._step(width - self._inset)
        if state.is_covered or step >= self._chip_width(signs) + 2:
            return []
        named = {sign for sign, _, _ in self._named_parts(signs, step)}
        counts = Counter(sign for sign, _ in signs)
        # A value that stands alone here is one of those that are there once, whether it has a letter or not.
        left = {
            sign: colour for sign, colour in signs if sign not in named and (counts[sign] > 1 or sign == DOT.letter)
        }
        alone = left.pop(DOT.letter, None)
        entries = [*left.items()][:_MOST_IN_LEGEND]
        if len(left) > _MOST_IN_LEGEND:
            entries.append(("…", ""))
        return entries if alone is None else [*entries, (each_once_text(), self._theme.hairline)]

    def _legend_width(self, state: CellState, width: float) -> float:
        """Return the width of the legend in a cell that is ``width`` pixels wide; 0 where it has none."""
        theme, metrics = self._theme, QFontMetricsF(themes.font(self._theme.px(_LEGEND_TYPE)))
        entries = self._legend(state, width)
        chips = sum(theme.px(_LEGEND_CHIP) + 4 for _, colour in entries if colour)
        return sum(metrics.horizontalAdvance(text) + theme.unit for text, _ in entries) + chips

    def _paint_legend(self, painter: QPainter, state: CellState) -> None:
        """Paint the legend at the right end of the head."""
        theme, side, base = self._theme, self._theme.px(_LEGEND_CHIP), 0.75 * self._theme.px(HEAD)
        font = themes.font(theme.px(_LEGEND_TYPE))
        painter.setFont(font)
        painter.setPen(QColor(theme.muted))
        x = self._width - self._legend_width(state, self._width)
        for text, colour in self._legend(state, self._width):
            x += theme.unit
            if colour:
                painter.fillRect(QRectF(x, base - side + 1, side, side), QColor(colour))
                x += side + 4
            painter.drawText(QPointF(x, base), text)
            x += QFontMetricsF(font).horizontalAdvance(text)

    def _paint_lines(self, painter: QPainter, state: CellState) -> None:
        theme, plot, step = self._theme, self._plot, self._step()
        if state.low < 0 < state.high:
            zero = float(self._ys(np.zeros(1))[0])
            painter.fillRect(QRectF(0, round(zero), self._room, theme.px(1)), QColor(theme.hairline))
        painter.fillRect(QRectF(0, plot.bottom(), self._room, theme.px(1)), QColor(theme.hairline))
        shown = [
            (position, self._ys(array))
            for position, array in enumerate(self.values.arrays[: state.uncovered])
            if array is not None and array.size
        ]
        if len({ys.size for _, ys in shown}) == 1 and len(shown) > 1:
            xs = np.array([(position + 0.5) * step for position, _ in shown])
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.element_line), theme.px(3) / 2))
            for line in np.array([ys for _, ys in shown]).T:
                painter.drawPath(pg.arrayToQPath(xs, np.ascontiguousarray(line), connect="finite"))
        radius = theme.px(9) / 2
        painter.setPen(QPen(QColor(theme.window), theme.px(1.2)))
        for position, ys in shown:
            mark = state.marks[position]
            painter.setBrush(QColor(theme.muted if mark is None else theme.fingerprint_colour(mark)))
            for y in ys[np.isfinite(ys)]:
                painter.drawEllipse(QPointF((position + 0.5) * step, float(y)), radius, radius)

    def _map_image(self, state: CellState) -> QImage | None:
        """Return an image with a column for each run and a row for each element, the first one on top.

        Values that are not finite are transparent. None for a draw without elements.
        """
        values = self.values.image()
        if not values.size:
            return None
        span = state.high - state.low
        with np.errstate(invalid="ignore", over="ignore"):
            share = (values - state.low) / span if span > 0 else np.where(np.isfinite(values), 0.5, np.nan)
        finite = np.isfinite(share)
        colours = pg.colormap.get(COLOUR_MAP).getLookupTable(nPts=256, alpha=True)
        index = np.clip(np.where(finite, share, 0.0) * 255, 0, 255).astype(np.uint8)
        pixels = colours[index]
        pixels[~finite, 3] = 0
        pixels = np.ascontiguousarray(pixels)
        height, width = pixels.shape[:2]
        return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()

    def _paint_listing(self, painter: QPainter, state: CellState) -> None:
        """Paint values as the article lists them: neighbours with equal bits share an entry, other digits stand out."""
        theme, step, top = self._theme, self._step(), self._plot.top()
        first = next((draw for draw in self.values.draws if draw is not None), None)
        room = min(len(state.runs), self._listed_runs())
        # An entry that reached below the cover, or was smaller for what is covered, would give it away.
        seen = room if state.uncovered is None else min(room, state.uncovered)
        longest = max((_letters_across(_listed(draw)) for draw in self.values.draws[:seen] if draw), default=0)
        size = theme.px(12)
        while size > theme.px(_SMALLEST_LISTED) and longest * _ADVANCE * size > step - _BESIDE_LISTED:
            size -= 1
        position = 0
        while position < seen:
            draw, end = self.values.draws[position], position + 1
            while draw is not None and end < seen and _equal(draw, self.values.draws[end]):
                end += 1
            area = QRectF(position * step + 2, top, (end - position) * step - 4, self._plot.height())
            if draw is not None:
                if end - position > 1:
                    painter.fillRect(area, QColor(theme.panel))
                self._paint_entry(painter, draw, first or draw, area, size)
            position = end

    def _paint_entry(self, painter: QPainter, draw: Draw, first: Draw, area: QRectF, size: int) -> None:
        theme, line = self._theme, self._theme.px(LINE)
        texts = _listed(draw)
        plain, marked = themes.font(size, mono=True), themes.font(size, mono=True, bold=True)
        metrics = QFontMetricsF(plain)
        # The points stand below each other, and the whole in the middle; without room each number stands there.
        before = [metrics.horizontalAdvance(text.partition(".")[0]) for text in texts]
        after = [metrics.horizontalAdvance(text) - whole for text, whole in zip(texts, before, strict=True)]
        point = area.center().x() + (max(before, default=0.0) - max(after, default=0.0)) / 2
        is_aligned = max(before, default=0.0) + max(after, default=0.0) <= area.width()
        for element, text in enumerate(texts):
            other = value_text(first, element) if element < first.array.size else ""
            same = _common(text, other) if draw.identity != first.identity else len(text)
            shown = text.replace("-", "\N{MINUS SIGN}")
            x = point - before[element] if is_aligned else area.center().x() - metrics.horizontalAdvance(text) / 2
            base = area.top() + (element + 0.72) * line
            painter.setFont(plain)
            painter.setPen(QColor(theme.text))
            painter.drawText(QPointF(x, base), shown[:same])
            painter.setFont(marked)
            painter.setPen(QColor(theme.differs))
            painter.drawText(QPointF(x + metrics.horizontalAdvance(shown[:same]), base), shown[same:])
        more = draw.array.size - len(texts)
        if more > 0:
            painter.setFont(themes.font(theme.px(11)))
            painter.setPen(QColor(theme.muted))
            place = QRectF(area.left(), area.top() + len(texts) * line, area.width(), line)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, more_values_text(more))

    def _distinct(self, state: CellState) -> list[int]:
        first: dict[object, int] = {}
        for position, draw in enumerate(self.values.draws[: state.uncovered]):
            if draw is not None:
                first.setdefault(draw.identity, position)
        return list(first.values())

    def _paint_texts(self, painter: QPainter, state: CellState) -> None:
        """Paint the text of all runs, or, where it differs, a line of each distinct one behind its letter."""
        theme, top, line = self._theme, self._plot.top(), self._theme.px(LINE)
        plain, bold = themes.font(theme.px(12), mono=True), themes.font(theme.px(12), mono=True, bold=True)
        metrics = QFontMetricsF(plain)
        # What is covered stays so.
        width = self._room if state.uncovered is None else self._step() * state.uncovered
        room = max(int(self._plot.height() // line), 1)
        draws = [draw for position in self._texts if (draw := self.values.draws[position]) is not None]
        if len(draws) == 1:
            lines = draws[0].text.split("\n") if draws[0].is_text else [brief_text(draws[0])]
        else:
            left = 2 * metrics.horizontalAdvance("A") + 2
            most = max(int((width - left) // metrics.horizontalAdvance("A")) - 2, 8)
            lines = [line_of(draw, state.row, most) for draw in draws]
        shown = lines if len(lines) <= room else lines[: max(room - 1, 1)]
        for number, text in enumerate(shown):
            base = top + (number + 0.72) * line
            x, same = 0.0, len(text)
            if len(draws) > 1:
                mark = state.marks[self._texts[number]] or DOT
                painter.setFont(bold)
                painter.setPen(QColor(theme.fingerprint_colour(mark)))
                painter.drawText(QPointF(x, base), mark.letter)
                x = left
                same = _common(text, lines[0]) if number else len(text)
            end = len(text) - _common(text[same:][::-1], lines[0][same:][::-1])
            fitting = elided(text, plain, width - x)
            painter.setFont(plain)
            for start, stop, colour in ((0, same, theme.text), (same, end, theme.differs), (end, None, theme.text)):
                painter.setPen(QColor(colour))
                at = metrics.horizontalAdvance(fitting[:start])
                painter.drawText(QPointF(x + at, base), fitting[start:stop])
        if len(lines) > len(shown) and room > 1:
            painter.setFont(themes.font(theme.px(11)))
            painter.setPen(QColor(theme.muted))
            count = len(lines) - len(shown)
            text = more_texts_text(count) if len(draws) > 1 else more_lines_text(count)
            painter.drawText(QPointF(0, top + (room - 1 + 0.72) * line), elided(text, painter.font(), width))

    def _paint_cover(self, painter: QPainter, state: CellState) -> None:
        theme, step = self._theme, self._step()
        seen = state.uncovered or 0
        left, top = seen * step, self._head
        painter.fillRect(QRectF(left, top, self._room - left, self._height - top), QColor(theme.panel))
        painter.setPen(QColor(theme.muted))
        painter.setFont(themes.font(theme.large, bold=True))
        last = min(len(state.runs), math.ceil(self._room / step))
        wide = step > 3 * theme.unit
        for position in range(seen, last) if wide else [(seen + last) // 2]:
            place = QRectF(position * step, top, step, self._height - top)
            if not wide:
                place = QRectF(left, top, self._room - left, self._height - top)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, "?")


def listed_runs(width: float, theme: Theme, letters: int) -> int:
    """Return how many runs a listing shows that is ``width`` pixels wide, with entries of so many ``letters``; one at
    least.
    """
    least = letters * _ADVANCE * theme.px(_SMALLEST_LISTED) + _BESIDE_LISTED
    return max(int(width // max(theme.px(_LISTED_WIDTH), least)), 1)


def listed_letters(draws: Iterable[Draw | None]) -> int:
    """Return how many letters the longest listed number of ``draws`` has."""
    listed = (_listed(draw) for draw in draws if draw is not None and not draw.is_text)
    return max((len(text) for texts in listed for text in texts), default=0)


def listed_lines(values: list[Values]) -> int:
    """Return the number of lines in a listing of the row."""
    most = max((v.most_elements for v in values), default=0)
    return min(most, MAX_LISTED) + (most > MAX_LISTED)


def _listed(draw: Draw) -> list[str]:
    return [value_text(draw, element) for element in range(min(draw.array.size, MAX_LISTED))]


def _letters_across(texts: list[str]) -> int:
    """Return how many letters wide ``texts`` are together, with their points below each other."""
    wholes = [len(text.partition(".")[0]) for text in texts]
    rests = [len(text) - whole for text, whole in zip(texts, wholes, strict=True)]
    return max(wholes, default=0) + max(rests, default=0)


def _equal(draw: Draw, other: Draw | None) -> bool:
    return other is not None and draw.identity == other.identity


def _common(text: str, other: str) -> int:
    """Return the length of the longest common beginning of two texts."""
    count = 0
    while count < min(len(text), len(other)) and text[count] == other[count]:
        count += 1
    return count
