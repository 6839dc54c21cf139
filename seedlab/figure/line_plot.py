"""Values as points on the scale of their row; where runs have equally many, a line joins those of each element."""

from collections.abc import Sequence

import msgspec
import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from seedlab.analysis.fingerprints import Fingerprint
from seedlab.figure.plotted_values import LARGEST
from seedlab.figure.theme import Theme

_MARGIN = 5
"""The room above the greatest value and below the least, in pixels at zoom 1."""


class LinePlot(msgspec.Struct, frozen=True, kw_only=True):
    """A plot in ``area``, from ``low`` to ``high``."""

    theme: Theme
    area: QRectF
    step: float
    """The width of one run."""
    low: float
    high: float

    def ys(self, array: np.ndarray) -> np.ndarray:
        """Return the y of each value; NaN for values that are not finite."""
        low, high, area = self.low, self.high, self.area
        margin = self.theme.px(_MARGIN)
        room = area.height() - 2 * margin
        with np.errstate(invalid="ignore", over="ignore"):
            share = (
                (np.where(np.isfinite(array), array, np.nan) - low) / (high - low) if high > low else array * 0 + 0.5
            )
        return np.asarray(area.bottom() - margin - share * room)

    def ticks(self) -> tuple[tuple[float, float], ...]:
        """Return the values to name beside the plot, each with its y."""
        named = [self.high] if self.low == self.high else [self.high, self.low]
        named += [0.0] if self.low < 0 < self.high else []
        # A larger value is drawn at the edge, where its name would be wrong.
        named = [value for value in named if abs(value) < LARGEST]
        return tuple(zip(named, map(float, self.ys(np.array(named))), strict=True))

    def element_at(self, y: float, array: np.ndarray) -> int:
        """Return the position of the value of ``array`` that is nearest to ``y``."""
        distances = np.abs(self.ys(array) - y)
        return int(np.nanargmin(distances)) if np.isfinite(distances).any() else 0

    def paint(
        self, painter: QPainter, arrays: Sequence[np.ndarray | None], marks: Sequence[Fingerprint | None]
    ) -> None:
        """Paint the values of each run, in the colours of ``marks``."""
        theme, area, step = self.theme, self.area, self.step
        if self.low < 0 < self.high:
            zero = float(self.ys(np.zeros(1))[0])
            painter.fillRect(QRectF(0, round(zero), area.width(), theme.px(1)), QColor(theme.hairline))
        painter.fillRect(QRectF(0, area.bottom(), area.width(), theme.px(1)), QColor(theme.hairline))
        shown = [
            (position, self.ys(array)) for position, array in enumerate(arrays) if array is not None and array.size
        ]
        if len({ys.size for _, ys in shown}) == 1 and len(shown) > 1:
            # Only now: it takes a fifth of the time in which a window opens.
            from pyqtgraph import arrayToQPath

            xs = np.array([(position + 0.5) * step for position, _ in shown])
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.element_line), theme.px(3) / 2))
            for line in np.array([ys for _, ys in shown]).T:
                painter.drawPath(arrayToQPath(xs, np.ascontiguousarray(line), connect="finite"))
        radius = theme.px(9) / 2
        painter.setPen(QPen(QColor(theme.window), theme.px(1.2)))
        for position, ys in shown:
            mark = marks[position]
            painter.setBrush(QColor(theme.muted if mark is None else theme.fingerprint_colour(mark)))
            for y in ys[np.isfinite(ys)]:
                painter.drawEllipse(QPointF((position + 0.5) * step, float(y)), radius, radius)
