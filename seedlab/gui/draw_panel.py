"""One draw of one column: its verdict, its reason, and its values run by run."""

from collections.abc import Sequence

import msgspec
import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from seedlab.gui import theme as themes
from seedlab.gui.theme import Theme
from seedlab.model.comparison import Fingerprint, Row, Verdict
from seedlab.model.run import Run

MAX_POINTS_AS_LINES = 20_000
"""Above this a draw is shown as an image: a scatter of so many points takes long to build and says less."""


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
        self.verdict_label = QLabel()
        self.verdict_label.setFont(themes.font(themes.SMALL, bold=True))
        self.verdict_label.setMinimumWidth(14 * themes.UNIT)
        self.why_label = QLabel(wordWrap=True)
        self.why_label.setProperty("role", "muted")
        self.why_label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
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
        self.verdict_label.setText(f"{row.verdict.sign}  {row.summary}")
        self.verdict_label.setStyleSheet(f"color: {colours.get(row.verdict, self._theme.muted)}")
        remarks = [row.remark, _not_finite(state)]
        said = ". ".join(filter(None, remarks))
        self.why_label.setText(" ".join(filter(None, (state.why, said and f"{said}."))))
        self.setToolTip(state.match)
        self.setAccessibleName(f"{row.label}: {row.summary}. {state.why}")
        self._letters.show_runs(state.runs, state.fingerprints)
        self._run_axis.show_runs(state.runs if state.is_last else ())
        self.plot.setMinimumHeight((12 if state.is_last else 10) * themes.UNIT)
        self._draw_values(state)

    def _draw_values(self, state: DrawState) -> None:
        self.plot.clear()
        item = self.plot.getPlotItem()
        columns = [(index, run.draw(state.row.label)) for index, run in enumerate(state.runs, 1)]
        shown = [(x, draw.array.ravel(), state.fingerprints[x - 1]) for x, draw in columns if draw is not None]
        item.setXRange(0.5, max(len(state.runs), 3) + 0.5, padding=0)
        values = [array for _, array, _ in shown]
        if not values:
            return
        if sum(array.size for array in values) > MAX_POINTS_AS_LINES:
            self._draw_image(shown)
        else:
            self._draw_lines(shown)
        low, high = _finite_range(values)
        margin = (high - low) * 0.12 or abs(high) * 0.1 or 1.0
        item.setYRange(low - margin, high + margin, padding=0)

    def _draw_lines(self, shown: Sequence[tuple[int, np.ndarray, Fingerprint | None]]) -> None:
        xs = np.concatenate([np.full(array.size, x, float) for x, array, _ in shown])
        ys = np.concatenate([_drawable(array) for _, array, _ in shown])
        sizes = {array.size for _, array, _ in shown}
        if len(sizes) == 1 and len(shown) > 1:
            # One item for all lines: element by element, a gap after each.
            per_element = ys.reshape(len(shown), -1).T
            line_xs = np.tile([*(x for x, _, _ in shown), np.nan], per_element.shape[0])
            line_ys = np.column_stack([per_element, np.full(per_element.shape[0], np.nan)]).ravel()
            self.plot.plot(
                line_xs, line_ys, pen=pg.mkPen(self._theme.element_line, width=1.5), connect="finite", antialias=True
            )
        brushes = [
            pg.mkBrush(self._theme.fingerprint_colour(fingerprint) if fingerprint else self._theme.muted)
            for _, array, fingerprint in shown
            for _ in range(array.size)
        ]
        finite = np.isfinite(ys)
        self.plot.addItem(
            pg.ScatterPlotItem(
                antialias=True, x=xs[finite], y=ys[finite], size=9, pen=pg.mkPen(self._theme.window, width=1.2),
                brush=[brush for brush, keep in zip(brushes, finite, strict=True) if keep],
            )
        )  # fmt: skip

    def _draw_image(self, shown: Sequence[tuple[int, np.ndarray, Fingerprint | None]]) -> None:
        """A histogram for each run, as one image: x is the run, y the value, darker is more frequent."""
        low, high = _finite_range([array for _, array, _ in shown])
        bins = 64
        image = np.zeros((max(x for x, _, _ in shown), bins))
        for x, array, _ in shown:
            ys = _drawable(array)
            image[x - 1], _ = np.histogram(ys[np.isfinite(ys)], bins=bins, range=(low, high or low + 1))
        item = pg.ImageItem(image)
        item.setLookupTable(pg.ColorMap([0.0, 1.0], [self._theme.window, self._theme.accent]).getLookupTable(nPts=256))
        item.setRect(QRectF(0.5, low, image.shape[0], (high - low) or 1.0))
        self.plot.addItem(item)


def _drawable(array: np.ndarray) -> np.ndarray:
    """As float64; of complex numbers the magnitude."""
    return np.abs(array) if array.dtype.kind == "c" else array.astype(np.float64)


def _finite_range(arrays: Sequence[np.ndarray]) -> tuple[float, float]:
    values = np.concatenate([_drawable(array) for array in arrays])
    values = values[np.isfinite(values)]
    if not values.size:
        return 0.0, 0.0
    # A plot cannot span more than the largest double.
    return float(max(values.min(), -1e300)), float(min(values.max(), 1e300))


def _not_finite(state: DrawState) -> str:
    draws = [draw for run in state.runs if (draw := run.draw(state.row.label)) is not None]
    count = sum(int((~np.isfinite(_drawable(draw.array))).sum()) for draw in draws)
    return f"{count} of the values not finite and not drawn" if count else ""


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
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        size = 2.5 * themes.UNIT
        letter_font = themes.font(themes.SMALL - 1, bold=True)
        painter.setFont(letter_font)
        widest = max((QFontMetrics(letter_font).horizontalAdvance(sign) for sign, _ in self._signs), default=0)
        legible = room >= max(size, widest + 6) + 2
        for x, (sign, colour) in zip(xs, self._signs, strict=True):
            width = max(size, widest + 6) if legible else max(min(room - 1, size), 1.0)
            chip = QRectF(x - width / 2, area.center().y() - size / 2, width, size)
            painter.setPen(Qt.PenStyle.NoPen)
            if sign == "·":
                painter.setBrush(QColor(colour))
                radius = min(width / 2, 3.0)
                painter.drawEllipse(chip.center(), radius, radius)
                continue
            painter.setBrush(QColor(colour))
            painter.drawRoundedRect(chip, 3, 3) if legible else painter.drawRect(chip)
            if legible:
                painter.setPen(QColor(self._theme.fingerprint_text))
                painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, sign)


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
