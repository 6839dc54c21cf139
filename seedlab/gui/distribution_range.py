"""The range that is selected in the plot of a distribution, and which runs have a value in it."""

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QColor

from seedlab.analysis.distribution_views import Distribution, between
from seedlab.figure.distribution_plot import DistributionPlot
from seedlab.figure.theme import Theme
from seedlab.messages.distributions import range_text

_FOLLOW_MS = 30
"""The range is told so long after it was dragged."""
_MOST_NAMED = 8
"""The most runs that are named of those in a range."""
_ACROSS = ("histogram", "steps", "pairs")
"""The views in which the value lies across."""


class SelectedRange(QObject):
    """A region of ``plot`` that a person drags, while there is one; what is in it is told."""

    told = Signal(str)
    """How many runs have a value in the range, and which; empty where there are none at all."""

    def __init__(self, plot: DistributionPlot, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._plot = plot
        self._theme = theme
        self._view = ""
        self._found: Distribution | None = None
        self.region: Any = None
        """What is dragged; None while nothing is selected."""
        self._later = QTimer(self, singleShot=True, interval=_FOLLOW_MS)
        self._later.timeout.connect(self._tell)

    def set_theme(self, theme: Theme) -> None:
        """Have the colours and sizes of ``theme``."""
        self._theme = theme
        self._colour()

    @property
    def is_told(self) -> bool:
        """True when what is selected has been told as it is."""
        return not self._later.isActive()

    def show(self, view: str, found: Distribution) -> None:
        """Tell of the values of ``found``, as ``view`` shows them, from now on."""
        self._view, self._found = view, found
        if self.region is not None:
            self.region.setVisible(not found.is_empty)
        self._tell()

    def begin(self) -> None:
        """Select the middle third of what is in sight, where there are values."""
        self.end()
        found = self._found
        if found is None or found.is_empty or (self._view == "pairs" and not self._plot.clouds):
            self.told.emit("")
            return
        is_across = self._view in _ACROSS
        box = self._plot.vb
        box.updateAutoRange()
        (left, right), (low, high) = box.viewRange()
        ends = (left, right) if is_across else (low, high)
        third = (ends[1] - ends[0]) / 3
        self.region = pg.LinearRegionItem(
            (ends[0] + third, ends[1] - third),
            orientation="vertical" if is_across else "horizontal",
        )
        self._colour()
        self.region.setZValue(30)
        box.addItem(self.region, ignoreBounds=True)
        self.region.sigRegionChanged.connect(self._later.start)
        self._tell()

    def _colour(self) -> None:
        if self.region is None:
            return
        theme = self._theme
        # The ends are no marks of a seed, which have the accent's colour.
        fill = QColor(theme.accent)
        fill.setAlpha(36)
        self.region.setBrush(pg.mkBrush(fill))
        self.region.setHoverBrush(pg.mkBrush(fill))
        for line in self.region.lines:
            line.setPen(pg.mkPen(theme.muted, width=theme.px(1)))
            line.setHoverPen(pg.mkPen(theme.text, width=theme.px(2)))

    def move(self, low: float, high: float) -> None:
        """Select the values from ``low`` to ``high`` instead, where any are selected."""
        if self.region is not None:
            self.region.setRegion((low, high))
            self._tell()

    def end(self) -> None:
        """Select nothing."""
        self._later.stop()
        if self.region is not None:
            self._plot.vb.removeItem(self.region)
            self.region = None

    def _tell(self) -> None:
        found = self._found
        if self.region is None or found is None:
            return
        if found.is_empty:
            self.told.emit("")
            return
        low, high = sorted(map(float, self.region.getRegion()))
        # Pairs are told by what lies across.
        shapes = found.shapes[:1] if self._view == "pairs" else found.shapes
        told = [(shape.series.maker, between(shape, low, high, _MOST_NAMED)) for shape in shapes]
        self.told.emit(range_text(low, high, told, found.kind, [shape.runs for shape in shapes]))
