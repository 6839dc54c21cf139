"""One draw of one column: its verdict, its reason, and its values run by run."""

from collections.abc import Sequence

import msgspec
import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from seedlab.gui import theme as themes
from seedlab.gui.theme import Theme
from seedlab.model.comparison import Row, Verdict
from seedlab.model.fingerprints import DOT, Fingerprint
from seedlab.model.run import Run

MAX_POINTS_AS_LINES = 300
"""Above this a draw is shown as an image: a scatter of so many points takes long to build and says less."""
MAX_LINES = 60
"""Elements of a draw: above this their lines cannot be told apart, and take Qt's stroker most of a second."""
IMAGE_BINS = 64


class DrawState(msgspec.Struct, frozen=True):
    """All that a panel shows."""

    row: Row
    runs: tuple[Run, ...]
    fingerprints: tuple[Fingerprint | None, ...]
    """For each run; None where the run has no such draw."""
    why: str
    match: str = ""
    """How it compares with published values; may be empty."""
    is_last: bool = False
    """The panel stands at the bottom of its column and names the runs."""
    is_stale: bool = False
    """The runs belong to an earlier choice: shown faded."""


class DrawPanel(QWidget):
    """x is the run, y the value; one line for each element, from run to run."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._values = _Values()
        self._image = pg.ImageItem()
        colours = pg.ColorMap([0.0, 1.0], [theme.window, theme.accent])
        self._image.setLookupTable(colours.getLookupTable(nPts=256))
        self.verdict_label = QLabel()
        self.verdict_label.setFont(themes.font(themes.SMALL, bold=True))
        # Of fixed size: each change of a size that is free has the whole page laid out anew.
        self.verdict_label.setFixedSize(14 * themes.UNIT, self.verdict_label.fontMetrics().height())
        self.why_label = QLabel(wordWrap=True)
        self.why_label.setProperty("role", "muted")
        # Its height is set by hand, for the page's grid to be spared a layout that depends on widths.
        self.why_label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        head = QHBoxLayout(spacing=themes.UNIT)
        head.addWidget(self.verdict_label, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.why_label, 1, Qt.AlignmentFlag.AlignTop)

        self._letters = FingerprintAxis(theme)
        self._run_axis = RunAxis(theme)
        self.plot = pg.PlotWidget(axisItems={"top": self._letters, "bottom": self._run_axis}, background=theme.window)
        # PlotWidget asks for 640 x 480; a row takes what the page has.
        self.plot.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.plot.setFrameStyle(0)
        self.plot.setMouseEnabled(x=False, y=False)
        self.plot.setMenuEnabled(False)
        self.plot.hideButtons()
        self.plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        # The wheel scrolls the page, not the plot.
        self.plot.wheelEvent = lambda event: event.ignore()
        self.plot.showAxis("top")
        values = self.plot.getAxis("left")
        values.setPen(pg.mkPen(theme.hairline))
        values.setTextPen(pg.mkPen(theme.muted))
        values.setStyle(tickFont=themes.font(themes.SMALL - 2), maxTickLevel=0, tickLength=0, tickTextOffset=4)
        values.setWidth(5 * themes.UNIT)
        values.setGrid(40)
        layout = QVBoxLayout(self, spacing=0)
        layout.setContentsMargins(themes.UNIT, themes.UNIT // 2, themes.UNIT, 0)
        layout.addLayout(head)
        layout.addWidget(self.plot, 1)

    def show_state(self, state: DrawState) -> None:
        row = state.row
        colours = {Verdict.REPEATS: self._theme.repeats, Verdict.DIFFERS: self._theme.differs}
        if state.is_stale:
            colours = {}
        # Not by a QGraphicsOpacityEffect on the panel: a QGraphicsView inside one is painted from unset memory.
        self.plot.getPlotItem().setOpacity(0.3 if state.is_stale else 1.0)
        self._show_verdict(f"{row.verdict.sign}  {row.summary}", colours.get(row.verdict, self._theme.muted))
        self._values.update(state.row.label, state.runs)
        count = self._values.not_finite
        remarks = [row.remark, f"{count} of the values not finite and not drawn" if count else ""]
        said = ". ".join(filter(None, remarks))
        self.why_label.setText(" ".join(filter(None, (state.why, said and f"{said}."))))
        self._fit_why()
        self.setToolTip(state.match)
        self.setAccessibleName(f"{row.label}: {row.summary}. {state.why}")
        self._letters.show_runs(state.runs, state.fingerprints)
        self._run_axis.show_runs(state.runs if state.is_last else ())
        self.plot.setMinimumHeight((12 if state.is_last else 10) * themes.UNIT)
        self._draw_values(state)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_why()

    def _fit_why(self) -> None:
        width = self.width() - self.verdict_label.width() - 3 * themes.UNIT
        area = QRect(0, 0, max(width, themes.UNIT), 10_000)
        text = self.why_label.text()
        needed = self.why_label.fontMetrics().boundingRect(area, int(Qt.TextFlag.TextWordWrap), text).height() + 2
        if text and needed != self.why_label.height():
            self.why_label.setFixedHeight(needed)

    def _show_verdict(self, text: str, colour: str) -> None:
        needed = self.verdict_label.fontMetrics().horizontalAdvance(text) + 2
        if needed > self.verdict_label.width():
            self.verdict_label.setFixedWidth(needed)
        style = f"color: {colour}"
        if style != self.verdict_label.styleSheet():
            self.verdict_label.setStyleSheet(style)
        self.verdict_label.setText(text)

    def _draw_values(self, state: DrawState) -> None:
        item = self.plot.getPlotItem()
        item.setXRange(0.5, max(len(state.runs), 3) + 0.5, padding=0)
        values = self._values
        if not values.columns:
            self.plot.clear()
            return
        if values.count > MAX_POINTS_AS_LINES or values.most_elements > MAX_LINES:
            self._draw_image(len(state.runs))
        else:
            self._draw_lines(state)
        margin = (values.high - values.low) * 0.12 or abs(values.high) * 0.1 or 1.0
        item.setYRange(values.low - margin, values.high + margin, padding=0)

    def _draw_lines(self, state: DrawState) -> None:
        self.plot.clear()
        columns = self._values.columns
        xs = np.concatenate([np.full(array.size, x, float) for x, array in columns])
        ys = np.concatenate([array for _, array in columns])
        if len({array.size for _, array in columns}) == 1 and len(columns) > 1:
            # One item for all lines: element by element, a gap after each.
            per_element = ys.reshape(len(columns), -1).T
            line_xs = np.tile([*(x for x, _ in columns), np.nan], per_element.shape[0])
            line_ys = np.column_stack([per_element, np.full(per_element.shape[0], np.nan)]).ravel()
            pen = pg.mkPen(self._theme.element_line, width=1.5)
            curve = pg.PlotCurveItem(line_xs, line_ys, pen=pen, connect="finite", antialias=True)
            # Drawn line by line: as one path with a wide pen it takes many times as long.
            curve.setSegmentedLineMode("on")
            self.plot.addItem(curve)
        brushes: list[object] = []
        for x, array in columns:
            mark = state.fingerprints[x - 1]
            colour = self._theme.muted if mark is None else self._theme.fingerprint_colour(mark)
            brushes += [pg.mkBrush(colour)] * int(np.isfinite(array).sum())
        finite = np.isfinite(ys)
        outline = pg.mkPen(self._theme.window, width=1.2)
        points = pg.ScatterPlotItem(x=xs[finite], y=ys[finite], size=9, pen=outline, brush=brushes, antialias=True)
        self.plot.addItem(points)

    def _draw_image(self, runs: int) -> None:
        """A histogram for each run, as one image: x is the run, y the value, darker is more frequent."""
        image = self._values.image(runs)
        low, high = self._values.image_range
        if self._image.scene() is None:
            self.plot.clear()
            self.plot.addItem(self._image)
        self._image.setImage(image, levels=(0.0, 1.0))
        self._image.setRect(QRectF(0.5, low, runs, high - low))


class _Values:
    """The values of one draw in all runs, as they are drawn; runs that are added cost only themselves."""

    def __init__(self) -> None:
        self._start("")

    def _start(self, label: str) -> None:
        self._label = label
        self._runs: tuple[Run, ...] = ()
        self._histograms: dict[int, np.ndarray] = {}
        self.columns: list[tuple[int, np.ndarray]] = []
        """For each run that has the draw: its position, from 1 on, and its values as float64, flat."""
        self.count = 0
        self.most_elements = 0
        self.not_finite = 0
        self.low = self.high = 0.0
        """Of the finite values."""
        self.image_range = (0.0, 0.0)

    def update(self, label: str, runs: tuple[Run, ...]) -> None:
        old = self._runs
        grown = len(old) <= len(runs) and (not old or (old[0] is runs[0] and old[-1] is runs[len(old) - 1]))
        if label != self._label or not grown:
            self._start(label)
            old = ()
        self._runs = runs
        for x, run in enumerate(runs[len(old) :], len(old) + 1):
            draw = run.draw(label)
            if draw is not None:
                self._add(x, _drawable(draw.array.ravel()))

    def _add(self, x: int, array: np.ndarray) -> None:
        finite = array[np.isfinite(array)]
        self.count += array.size
        self.most_elements = max(self.most_elements, array.size)
        self.not_finite += array.size - finite.size
        if finite.size:
            # A plot cannot span more than the largest double.
            low, high = max(float(finite.min()), -1e300), min(float(finite.max()), 1e300)
            seen = self.count > self.not_finite + finite.size
            self.low, self.high = (min(self.low, low), max(self.high, high)) if seen else (low, high)
        self.columns.append((x, array))

    def image(self, runs: int) -> np.ndarray:
        """Shape (``runs``, `IMAGE_BINS`): each run's histogram over ``image_range``, 0 to 1."""
        low, high = self.image_range
        if not low <= self.low <= self.high <= high or low == high:
            # Wider than needed, so that values a little further out do not cost all histograms again.
            spare = (self.high - self.low) * 0.15 or 0.5
            self.image_range = low, high = self.low - spare, self.high + spare
            self._histograms = {}
        for x, array in self.columns:
            if x not in self._histograms:
                counts, _ = np.histogram(array[np.isfinite(array)], bins=IMAGE_BINS, range=(low, high))
                self._histograms[x] = counts / max(counts.max(), 1)
        image = np.zeros((runs, IMAGE_BINS))
        for x, histogram in self._histograms.items():
            image[x - 1] = histogram
        return image


def _drawable(array: np.ndarray) -> np.ndarray:
    """As float64; of complex numbers the magnitude."""
    return np.abs(array) if array.dtype.kind == "c" else array.astype(np.float64, copy=False)


class _AxisOfRuns(pg.AxisItem):
    """An axis that is marked at the runs that it was given."""

    def __init__(self, orientation: str, theme: Theme, height: int) -> None:
        super().__init__(orientation)
        self._theme = theme
        self.setPen(pg.mkPen(None))
        self.setStyle(showValues=False, tickLength=0)
        self.setHeight(height)

    def _marks(self, count: int) -> tuple[QRectF, list[float], float]:
        """The axis' rectangle, the x of each run in it, and the room that one run has; in pixels."""
        area = self.boundingRect()
        low, high = self.range
        step = area.width() / ((high - low) or 1.0)
        return area, [area.left() + (run - low) * step for run in range(1, count + 1)], step


class FingerprintAxis(_AxisOfRuns):
    """Above the plot: the fingerprint of each run, a cross where the run did not finish with this draw."""

    def __init__(self, theme: Theme) -> None:
        super().__init__("top", theme, 3 * themes.UNIT)
        self._signs: list[tuple[str, str]] = []

    def show_runs(self, runs: Sequence[Run], fingerprints: Sequence[Fingerprint | None]) -> None:
        """Letters and colours for ``runs``."""
        self._signs = [
            ("×", self._theme.differs) if mark is None else (mark.letter, self._theme.fingerprint_colour(mark))
            for _, mark in zip(runs, fingerprints, strict=True)
        ]
        self.picture = None
        self.update()

    def paint(self, painter: QPainter, _option: object, _widget: object) -> None:
        area, xs, room = self._marks(len(self._signs))
        size = 2.5 * themes.UNIT
        letter_font = themes.font(themes.SMALL - 1, bold=True)
        metrics = QFontMetrics(letter_font)
        widest = max((metrics.horizontalAdvance(sign) for sign in {sign for sign, _ in self._signs}), default=0)
        width = max(size, widest + 6)
        if room < width + 2:
            self._paint_strip(painter, area, xs, room)
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(letter_font)
        for x, (sign, colour) in zip(xs, self._signs, strict=True):
            chip = QRectF(x - width / 2, area.center().y() - size / 2, width, size)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colour))
            if sign == DOT.letter:
                painter.drawEllipse(chip.center(), 3, 3)
                continue
            painter.drawRoundedRect(chip, 3, 3)
            painter.setPen(QColor(self._theme.fingerprint_text))
            painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, sign)

    def _paint_strip(self, painter: QPainter, area: QRectF, xs: Sequence[float], room: float) -> None:
        """No room for letters: the colours alone, as one image with a column for each run."""
        strip = QImage(len(self._signs), 1, QImage.Format.Format_RGB32)
        pixels = {colour: QColor(colour).rgb() for colour in {colour for _, colour in self._signs}}
        # One band of the neutral colour would look like one fingerprint: values of their own stay pale.
        pale = QColor(self._theme.hairline).rgb()
        for position, (sign, colour) in enumerate(self._signs):
            strip.setPixel(position, 0, pale if sign == DOT.letter else pixels[colour])
        height = 2.5 * themes.UNIT
        top = area.center().y() - height / 2
        painter.drawImage(QRectF(xs[0] - room / 2, top, room * len(xs), height), strip)


class RunAxis(_AxisOfRuns):
    """Below the plot: the indices of the runs, as many as there is room for."""

    def __init__(self, theme: Theme) -> None:
        super().__init__("bottom", theme, 4)
        self._indices: list[int] = []

    def show_runs(self, runs: Sequence[Run]) -> None:
        """Name ``runs``; with none the axis takes no room."""
        self._indices = [run.index for run in runs]
        self.setHeight(2 * themes.UNIT + 2 if runs else 4)
        self.picture = None
        self.update()

    def paint(self, painter: QPainter, _option: object, _widget: object) -> None:
        area, xs, room = self._marks(len(self._indices))
        painter.setFont(themes.font(themes.SMALL - 1))
        painter.setPen(QColor(self._theme.muted))
        words = room >= 6 * themes.UNIT
        every = 1 if words else max(1, round(5 * themes.UNIT / max(room, 0.01)))
        for x, index in zip(xs, self._indices, strict=True):
            if (index - 1) % every == 0:
                box = QRectF(x - 40, area.top(), 80, area.height())
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, f"run {index}" if words else str(index))
