"""What is pointed at in the plot of a distribution, by mouse and keyboard, and what is told of it."""

import math
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QObject, QPointF, Qt, Signal, Slot

from seedlab.analysis.distribution_views import Distribution, Pairs, nearest
from seedlab.figure.theme import Theme
from seedlab.gui.distribution_canvas import DistributionCanvas
from seedlab.messages.distributions import (
    pointed_bin_text,
    pointed_course_text,
    pointed_pair_text,
    pointed_share_text,
    pointed_text,
    pointer_hint_text,
)

_REACH = 28
"""How far from a point the pointer still is at it, in pixels at zoom 1."""
_POINTS = ("runs", "quantiles", "pairs")
"""The views of points, each of which can be pointed at; in the others it is a place."""


class DistributionPointer(QObject):
    """Has cross lines at what is pointed at in the plot of ``canvas``."""

    told = Signal(str)
    """What there is at the place that is pointed at; empty where there is nothing."""
    hinted = Signal(str)
    """How to point, emitted when nothing is pointed at any more."""
    chosen = Signal(tuple)
    """The seeds of a value that a person has chosen, one for each that was turned."""

    def __init__(self, canvas: DistributionCanvas, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._plot = canvas.plot
        self._theme = theme
        self._view = ""
        self._found: Distribution | None = None
        self._pairs: Pairs | None = None
        self._at: tuple[int, int] | None = None
        """The cloud, and the position in it, of the point that the pointer, or a key, is at."""
        self.lines = [pg.InfiniteLine(angle=angle, movable=False) for angle in (90, 0)]
        """The one that stands, and the one that lies."""
        for line in self.lines:
            line.setZValue(40)
            line.hide()
            self._plot.vb.addItem(line, ignoreBounds=True)
        canvas.stepped.connect(self._step)
        canvas.left.connect(self.point_at_nothing)
        canvas.scene().sigMouseMoved.connect(self._on_mouse_moved)
        canvas.scene().sigMouseClicked.connect(self._on_clicked)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Have the colours and sizes of ``theme``."""
        self._theme = theme
        for line in self.lines:
            line.setPen(pg.mkPen(theme.muted, width=theme.px(1), style=Qt.PenStyle.DotLine))

    def show(self, view: str, found: Distribution | None, pairs: Pairs | None) -> None:
        """Point at what ``view`` shows of ``found`` and ``pairs`` from now on; a point that is pointed at stays so."""
        self._view, self._found, self._pairs = view, found, pairs
        if self._at is None:
            self.point_at_nothing()

    # By mouse and keyboard.

    def _on_mouse_moved(self, place: QPointF) -> None:
        box = self._plot.vb
        if not box.sceneBoundingRect().contains(place):
            self.point_at_nothing()
            return
        at = box.mapSceneToView(place)
        self.point_at(at.x(), at.y())

    def _on_clicked(self, event: Any) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._view not in _POINTS:
            return
        at = self._plot.vb.mapSceneToView(event.scenePos())
        point = self._nearest(at.x(), at.y())
        if point is not None:
            self._point_at(point)
            self._choose()

    def _step(self, by: int) -> None:
        """Go to the next point, or the one before."""
        if self._view not in _POINTS or not self._plot.clouds:
            return
        number, at = self._at or (0, -1 if by > 0 else 0)
        count = self._plot.clouds[number][0].x.size
        if count:
            self._point_at((number, (at + by) % count))

    # What is pointed at.

    def point_at(self, x: float, y: float) -> None:
        """Tell what is at a place of the plot."""
        found = self._found
        if found is None or found.is_empty:
            return
        if self._view in _POINTS:
            point = self._nearest(x, y)
            if point is None:
                self.point_at_nothing()
            else:
                self._point_at(point)
            return
        self._at = None
        text = ""
        if self._view == "histogram":
            text = _bin_text(found, x)
        elif self._view == "steps":
            text = _share_text(found, x)
        elif found.courses:
            x, text = _course_text(found, x)
        self._cross(x if text else None, None)
        self.told.emit(text)

    @Slot()
    def point_at_nothing(self) -> None:
        """Show how to point instead."""
        self._at = None
        self._cross(None, None)
        has_seeds = self._found is not None and self._found.kind == "seed"
        self.hinted.emit(pointer_hint_text(has_seeds=has_seeds))

    def _choose(self) -> None:
        """Choose the seeds of the point that is pointed at."""
        found = self._found
        if found is None or found.kind != "seed" or self._at is None:
            return
        number, at = self._at
        pairs = self._pairs if self._view == "pairs" else None
        series = found.shapes[number].series if pairs is None else pairs.first
        row = int(self._plot.clouds[number][0].rows[at])
        self.chosen.emit(tuple(series.points[row].tolist()))

    def _nearest(self, x: float, y: float) -> tuple[int, int] | None:
        """Return the point that is nearest to a place, if it is within reach."""
        pixel_width, pixel_height = self._plot.vb.viewPixelSize()
        reach = self._theme.px(_REACH)
        width, height = reach * float(pixel_width), reach * float(pixel_height)
        found: list[tuple[float, int, int]] = []
        for number, (cloud, _) in enumerate(self._plot.clouds):
            at = nearest(cloud, x, y, width, height)
            if at is not None:
                distance = ((cloud.x[at] - x) / width) ** 2 + ((cloud.y[at] - y) / height) ** 2
                found.append((float(distance), number, at))
        return min(found)[1:] if found else None

    def _point_at(self, point: tuple[int, int]) -> None:
        found = self._found
        assert found is not None
        self._at = point
        number, at = point
        cloud, _ = self._plot.clouds[number]
        x, y, row = float(cloud.x[at]), float(cloud.y[at]), int(cloud.rows[at])
        self._cross(x, y)
        if self._view == "pairs" and self._pairs is not None:
            self.told.emit(pointed_pair_text(self._pairs, row, y))
        else:
            shape = found.shapes[number]
            self.told.emit(pointed_text(shape, found.kind, row, names_maker=len(found.shapes) > 1))

    def _cross(self, x: float | None, y: float | None) -> None:
        """Have a line at ``x`` and one at ``y``, or none."""
        for line, place in zip(self.lines, (x, y), strict=True):
            line.setVisible(place is not None)
            if place is not None:
                line.setValue(place)


def _bin_text(found: Distribution, x: float) -> str:
    """Return what is in the bin at ``x``."""
    at = int(np.searchsorted(found.edges, x, side="right")) - 1
    if not 0 <= at < found.edges.size - 1:
        return ""
    counts = [(shape.series.maker, int(shape.counts[at]), shape.described.count) for shape in found.shapes]
    is_of_runs = all(shape.series.is_single for shape in found.shapes)
    return pointed_bin_text(float(found.edges[at]), float(found.edges[at + 1]), counts, is_of_runs=is_of_runs)


def _share_text(found: Distribution, x: float) -> str:
    """Return the shares of the values that are at most ``x``."""
    shapes = [shape for shape in found.shapes if shape.cloud.y.size]
    return pointed_share_text(x, [(shape.series.maker, float((shape.cloud.y <= x).mean())) for shape in shapes])


def _course_text(found: Distribution, x: float) -> tuple[float, str]:
    """Return the number of the draw that is nearest to ``x``, and what the courses are there."""
    numbers = found.courses[0].numbers
    at = int(np.argmin(np.abs(numbers - x)))
    told = [
        (
            each.maker,
            each.shares[:, at].tolist(),
            math.nan if each.own is None else float(each.curves[each.own, at]),
        )
        for each in found.courses
        if at < each.numbers.size
    ]
    return float(numbers[at]), pointed_course_text(int(numbers[at]), told)
