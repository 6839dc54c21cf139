"""What is pointed at in the plot of a distribution, by mouse and keyboard, and what is told of it."""

import math
from typing import Any

import msgspec
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


class _Pointed(msgspec.Struct, frozen=True):
    """A point that is pointed at."""

    cloud: int
    at: int
    """Its position in the cloud."""
    row: int
    """Its row in the series, which it has in all views."""
    text: str


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
        self._pointed: _Pointed | None = None
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
        """Point at what the plot shows by now: ``view`` of ``found`` and ``pairs``.

        A point that is pointed at stays so, wherever it stands now, unless something else would be told of it.
        """
        was = self._pointed
        self._view, self._found, self._pairs = view, found, pairs
        now = None if was is None else self._with_row(was.cloud, was.row)
        if was is not None and now is not None and now.text == was.text:
            self._point_at(now)
        else:
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
            self._choose(point)

    def _step(self, by: int) -> None:
        """Go to the next point, or the one before."""
        if self._view not in _POINTS or not self._plot.clouds:
            return
        was = self._pointed
        number, at = (0, -1 if by > 0 else 0) if was is None else (was.cloud, was.at)
        count = self._plot.clouds[number][0].x.size
        if count:
            self._point_at(self._point(number, (at + by) % count))

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
        self._pointed = None
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
        self._pointed = None
        self._cross(None, None)
        has_seeds = self._found is not None and self._found.kind == "seed"
        self.hinted.emit(pointer_hint_text(has_seeds=has_seeds))

    def _choose(self, point: _Pointed) -> None:
        found = self._found
        if found is None or found.kind != "seed":
            return
        pairs = self._pairs if self._view == "pairs" else None
        series = found.shapes[point.cloud].series if pairs is None else pairs.first
        self.chosen.emit(tuple(series.points[point.row].tolist()))

    def _nearest(self, x: float, y: float) -> _Pointed | None:
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
        return self._point(*min(found)[1:]) if found else None

    def _with_row(self, number: int, row: int) -> _Pointed | None:
        """Return the point of a cloud that has ``row``, if there is one."""
        if number >= len(self._plot.clouds):
            return None
        places = np.flatnonzero(self._plot.clouds[number][0].rows == row)
        return self._point(number, int(places[0])) if places.size else None

    def _point(self, number: int, at: int) -> _Pointed:
        """Return the point at a position of a cloud, and what there is to be told of it."""
        found = self._found
        assert found is not None
        cloud, _ = self._plot.clouds[number]
        row = int(cloud.rows[at])
        if self._view == "pairs" and self._pairs is not None:
            text = pointed_pair_text(self._pairs, row, float(cloud.y[at]))
        else:
            text = pointed_text(found.shapes[number], found.kind, row, names_maker=len(found.shapes) > 1)
        return _Pointed(number, at, row, text)

    def _point_at(self, point: _Pointed) -> None:
        self._pointed = point
        cloud, _ = self._plot.clouds[point.cloud]
        self._cross(float(cloud.x[point.at]), float(cloud.y[point.at]))
        self.told.emit(point.text)

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
