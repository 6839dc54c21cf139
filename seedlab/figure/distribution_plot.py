"""The plots of a distribution, on pyqtgraph: what the window shows, and what is exported.

All widths are those of the theme's zoom, so that a picture of another resolution is laid out with another zoom.
"""

import html
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsLineItem, QStyleOptionGraphicsItem, QWidget

from seedlab.analysis.distribution_views import Cloud, Course, Distribution, Pairs, Seen, Shape, Sight
from seedlab.figure import theme as themes
from seedlab.figure.theme import Theme
from seedlab.messages.distributions import (
    bands_text,
    count_axis_text,
    course_axis_text,
    normal_axis_text,
    nothing_text,
    paired_axis_text,
    place_axis_text,
    run_text,
    share_axis_text,
    value_axis_text,
)
from seedlab.plain_text import window_line

if TYPE_CHECKING:
    from numpy.typing import NDArray

POINT, OWN_POINT = 5, 11
"""The sizes of points, in pixels at zoom 1."""
FEW = 300
"""Up to so many, points are larger."""
SQUARE = 3
"""The side of a small square in which points are counted, in pixels at zoom 1."""
_PADDING = 0.03
"""The room around all values, as a share of theirs."""
_LONGEST = 44
"""The most characters of what stands at an axis, which may be low."""


class Axis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph has no types.
    """An axis that is painted anew each time: a recorded one has type of another size where dots are smaller."""

    zoom = 1.0
    """That of the theme: as many numbers stand at the axis at each."""

    def tickSpacing(self, low: float, high: float, size: float) -> Any:
        return super().tickSpacing(low, high, size / self.zoom)

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        specs = self.generateDrawSpecs(painter)
        if specs is not None:
            self.drawPicture(painter, *specs)


class PlaceAxis(Axis):
    """The axis of runs: it has a name at whole places alone, that of the seed or run there."""

    def __init__(self) -> None:
        super().__init__("bottom")
        self.places: NDArray[np.int64] | None = None
        self.is_whole = False
        """True where numbers stand at whole places alone."""

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        first = self._first
        ticks: list[tuple[float, list[float]]] = super().tickValues(low + first, high + first, size)
        if self.places is None and not self.is_whole:
            return ticks
        whole = [(step, [value - first for value in values if value == round(value)]) for step, values in ticks]
        return [(step, values) for step, values in whole if step >= 1] or whole

    @property
    def _first(self) -> int:
        """The number at the first place where all follow on each other, so that round ones are named; else 0."""
        places = self.places
        if places is None or not len(places) or places.shape[1] > 1:
            return 0
        first, last = int(places[0, 0]), int(places[-1, 0])
        return first if last - first == len(places) - 1 and abs(last) < 2**50 else 0

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        places = self.places
        if places is None:
            return list(super().tickStrings(values, scale, spacing))
        return [
            "/".join(str(each) for each in places[int(value)].tolist()) if 0 <= value < len(places) else ""
            for value in values
        ]


class DistributionPlot(pg.PlotItem):  # type: ignore[misc]  # pyqtgraph has no types.
    """One view of a distribution at a time; whoever shows it fills in what is `seen` of a cloud too large to draw."""

    def __init__(self, theme: Theme) -> None:
        self._places = PlaceAxis()
        super().__init__(axisItems={"bottom": self._places, "left": Axis("left")})
        self._theme = theme
        self.clouds: list[tuple[Cloud, str]] = []
        """What is drawn as points, each with its colour."""
        self._drawn: list[Any] = []
        self._marks: list[Mark] = []
        # Above the plot, so that it covers no values; the row is that of a title.
        self.layout.removeItem(self.titleLabel)
        self._legend = _Legend(theme)
        self.layout.addItem(self._legend, 0, 1)
        self.setMenuEnabled(False)
        self.hideButtons()
        for side in ("left", "bottom"):
            axis = self.getAxis(side)
            axis.enableAutoSIPrefix(False)
            axis.setStyle(tickLength=-theme.px(4), tickTextOffset=theme.px(6), maxTickLevel=1)
        # pyqtgraph leaves less room around values the more pixels there are.
        self.vb.suggestPadding = lambda _axis: _PADDING
        self.vb.sigRangeChanged.connect(self.place_marks)
        self.vb.sigResized.connect(self.place_marks)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Have the colours and sizes of ``theme``; what is drawn has to be shown again."""
        self._theme = theme
        for side in ("left", "bottom"):
            axis = self.getAxis(side)
            axis.setPen(pg.mkPen(theme.hairline, width=theme.px(1)))
            axis.setTickPen(pg.mkPen(theme.hairline, width=theme.px(1)))
            axis.setTextPen(pg.mkPen(theme.muted))
            axis.zoom = theme.zoom
            axis.setStyle(tickFont=themes.font(theme.small))
        self.getAxis("bottom").setHeight(theme.px(48))
        # An axis has its name some pixels beyond its own edge.
        self.layout.setContentsMargins(theme.px(6), theme.px(8), theme.px(12), theme.px(6))
        self._legend.set_theme(theme)

    def colour(self, number: int, count: int) -> str:
        """Return the colour of a series: that of plain lines where it is the only one."""
        colours = self._theme.fingerprints
        return self._theme.element_line if count == 1 else colours[(number + 1) % len(colours)]

    # Showing.

    def show(self, view: str, found: Distribution, pairs: Pairs | None = None) -> None:
        """Show ``found`` in ``view``; ``pairs`` are those of the view of pairs."""
        self.clear()
        for mark in self._marks:
            mark.remove()
        self.clouds, self._marks, self._drawn = [], [], []
        self._places.places = None
        self._places.is_whole = view == "course"
        self._legend.show_names(())
        empty = view == "pairs" and (pairs is None or not pairs.cloud.x.size)
        is_empty = found.is_empty or empty or (view == "course" and not found.courses)
        for side in ("left", "bottom"):
            self.getAxis(side).setStyle(showValues=not is_empty)
        if is_empty:
            self._name_axes("", "")
            self._say(nothing_text())
            return
        if view == "pairs":
            self._show_pairs(pairs)
        else:
            views = {
                "runs": self._show_runs,
                "histogram": self._show_histogram,
                "quantiles": self._show_quantiles,
                "steps": self._show_steps,
                "course": self._show_courses,
            }
            views[view](found)
        self.place_marks()

    def _show_runs(self, found: Distribution) -> None:
        self._places.places = found.places
        self._name_axes(place_axis_text(found.kind, found.places), value_axis_text(found.label))
        for number, shape in enumerate(found.shapes):
            self._add_cloud(shape.cloud, self.colour(number, len(found.shapes)))
        self._add_legend([shape.series.maker for shape in found.shapes])
        for shape in found.shapes:
            self._mark_own(shape, found.kind, shape.cloud)

    def _show_histogram(self, found: Distribution) -> None:
        self._name_axes(
            value_axis_text(found.label),
            count_axis_text(is_of_runs=all(shape.series.is_single for shape in found.shapes)),
        )
        theme, many = self._theme, len(found.shapes)
        for number, shape in enumerate(found.shapes):
            colour = self.colour(number, many)
            fill = QColor(colour)
            fill.setAlpha(70 if many == 1 else 45)
            outline = fill if many == 1 else QColor(colour)
            x, y = np.repeat(found.edges, 2), np.concatenate([[0.0], np.repeat(shape.counts, 2), [0.0]])
            self.addItem(Curve(x, y, outline, theme.px(1), fill=fill, is_sharp=True))
            if shape.density is not None:
                self.addItem(Curve(shape.density.at, shape.density.height, QColor(colour), theme.px(2)))
        self._add_legend([shape.series.maker for shape in found.shapes])
        self._mark_values(found)

    def _show_quantiles(self, found: Distribution) -> None:
        self._name_axes(normal_axis_text(), value_axis_text(found.label))
        theme = self._theme
        for number, shape in enumerate(found.shapes):
            colour = self.colour(number, len(found.shapes))
            described = shape.described
            if described.count > 1 and described.deviation > 0:
                ends = shape.ordered.x[[0, -1]]
                line = QColor(theme.muted if len(found.shapes) == 1 else colour)
                y = described.mean + described.deviation * ends
                self.addItem(Curve(ends, y, line, theme.px(1), is_dashed=True))
            self._add_cloud(shape.ordered, colour)
        self._add_legend([shape.series.maker for shape in found.shapes])
        for shape in found.shapes:
            self._mark_own(shape, found.kind, shape.ordered)

    def _show_steps(self, found: Distribution) -> None:
        self._name_axes(value_axis_text(found.label), share_axis_text())
        for number, shape in enumerate(found.shapes):
            x, y = steps_of(shape)
            colour = QColor(self.colour(number, len(found.shapes)))
            self.addItem(Curve(x, y, colour, self._theme.px(2), is_sharp=True))
        self._add_legend([shape.series.maker for shape in found.shapes])
        self._mark_values(found)

    def _show_pairs(self, pairs: Pairs | None) -> None:
        assert pairs is not None
        theme = self._theme
        is_other = pairs.first.maker != pairs.second.maker
        names = [paired_axis_text(each.label, each.maker, names_maker=is_other) for each in (pairs.first, pairs.second)]
        self._name_axes(*names)
        if pairs.is_same_draw:
            low = max(float(pairs.cloud.x.min()), float(pairs.cloud.y.min()))
            high = min(float(pairs.cloud.x.max()), float(pairs.cloud.y.max()))
            if high > low:
                ends = np.array([low, high])
                self.addItem(Curve(ends, ends, QColor(theme.muted), theme.px(1), is_dashed=True))
        self._add_cloud(pairs.cloud, self.colour(0, 1))
        if pairs.own is not None:
            self._mark_point(pairs.cloud, pairs.own, run_text(pairs.first.kind, pairs.first.points[pairs.own].tolist()))

    def _show_courses(self, found: Distribution) -> None:
        theme = self._theme
        self._name_axes(course_axis_text(found.label), value_axis_text(found.label))
        for number, course in enumerate(found.courses):
            self._add_course(course, self.colour(number, len(found.courses)))
        self._add_legend([course.maker for course in found.courses], bands_text())
        for course in found.courses:
            if course.own is None:
                continue
            curve = course.curves[course.own]
            self.addItem(Curve(course.numbers.astype(float), curve, QColor(theme.accent), theme.px(2.5)))
            shown = np.flatnonzero(np.isfinite(curve))
            if shown.size:
                text = run_text(found.kind, course.points[course.own].tolist())
                self._add_mark(text, float(course.numbers[shown[-1]]), float(curve[shown[-1]]))

    def _add_course(self, course: Course, colour: str) -> None:
        theme = self._theme
        x = course.numbers.astype(float)
        there = np.isfinite(course.shares[0])
        for low, high, alpha in ((0, 4, 38), (1, 3, 66)):
            fill = QColor(colour)
            fill.setAlpha(alpha)
            around = np.concatenate([course.shares[low][there], course.shares[high][there][::-1]])
            self.addItem(Curve(np.concatenate([x[there], x[there][::-1]]), around, None, 0, fill=fill))
        faint = QColor(colour)
        faint.setAlpha(45)
        for position, curve in enumerate(course.curves):
            if position != course.own:
                self.addItem(Curve(x, curve, faint, theme.px(1)))
        self.addItem(Curve(x, course.shares[2], QColor(colour), theme.px(2)))

    # What is seen of clouds.

    def show_seen(self, seen: Sequence[Seen], *, as_shapes: bool = False) -> None:
        """Draw what is in sight of each of `clouds`; ``as_shapes`` for a picture in which points are no pixels."""
        for item in self._drawn:
            self.removeItem(item)
        self._drawn = []
        for each, (_, colour) in zip(seen, self.clouds, strict=True):
            if each.points is not None:
                item = self._points(each.points, colour, as_shapes=as_shapes)
            else:
                assert each.counts is not None
                item = _image(each.counts, each.sight, colour)
            # What is in sight does not decide what is in sight.
            self.addItem(item, ignoreBounds=True)
            item.setZValue(-1)
            self._drawn.append(item)

    @property
    def sight(self) -> Sight:
        """What is in sight."""
        (left, right), (low, high) = self.vb.viewRange()
        return Sight(left, right, low, high)

    @property
    def squares(self) -> tuple[int, int]:
        """How many small squares there are room for, across and up."""
        side = max(self._theme.px(SQUARE), 1)
        return max(int(self.vb.width() // side), 8), max(int(self.vb.height() // side), 8)

    def _add_cloud(self, cloud: Cloud, colour: str) -> None:
        self.clouds.append((cloud, colour))
        if cloud.x.size:
            # Its ends alone decide what there is to be seen.
            ends_x, ends_y = cloud.x[[0, -1]], np.array([cloud.y.min(), cloud.y.max()])
            self.addItem(Curve(ends_x, ends_y, None, 0))

    def _points(self, points: Cloud, colour: str, *, as_shapes: bool) -> Any:
        theme = self._theme
        few = points.x.size <= FEW
        fill = QColor(colour)
        fill.setAlpha(210 if few else 120)
        size = theme.px(POINT + 2) if few else theme.px(POINT)
        return pg.ScatterPlotItem(
            points.x, points.y, size=size, pen=None, brush=pg.mkBrush(fill), useCache=not as_shapes, antialias=True
        )

    # Marks.

    def _mark_own(self, shape: Shape, kind: str, cloud: Cloud) -> None:
        own = shape.series.own
        if own is not None:
            self._mark_point(cloud, own, run_text(kind, shape.series.points[own].tolist()))

    def _mark_point(self, cloud: Cloud, row: int, text: str) -> None:
        found = np.flatnonzero(cloud.rows == row)
        if not found.size:
            return
        x, y = float(cloud.x[found[0]]), float(cloud.y[found[0]])
        theme = self._theme
        # A ground below it and no outline, which some readers of SVG would draw as wide as the point.
        for larger, colour, height in ((theme.px(3), theme.window, 4), (0, theme.accent, 5)):
            brush, size = pg.mkBrush(QColor(colour)), theme.px(OWN_POINT) + larger
            point = pg.ScatterPlotItem([x], [y], size=size, brush=brush, pen=None, useCache=False, antialias=True)
            point.setZValue(height)
            self.addItem(point)
        self._add_mark(text, x, y)

    def _mark_values(self, found: Distribution) -> None:
        for shape in found.shapes:
            value = shape.own_value
            if shape.series.own is None or not math.isfinite(value):
                continue
            self._add_mark(run_text(found.kind, shape.series.points[shape.series.own].tolist()), value, None)

    def _add_mark(self, text: str, x: float, y: float | None) -> None:
        self._marks.append(Mark(text, x, y, self._theme, self.vb))

    @property
    def mark_texts(self) -> list[str]:
        """What the marks of the script's own seeds say."""
        return [mark.text for mark in self._marks]

    def place_marks(self) -> None:
        """Put each mark beside its value, and none over another."""
        taken: list[QRectF] = []
        for mark in self._marks:
            mark.place(self.vb, self.sight, taken)
            taken.append(mark.mapRectToParent(mark.boundingRect()))

    # What stands around.

    def _name_axes(self, bottom: str, left: str) -> None:
        style = {"color": self._theme.muted, "font-size": f"{self._theme.small}px"}
        for side, text, longest in (("bottom", bottom, 2 * _LONGEST), ("left", left, _LONGEST)):
            axis = self.getAxis(side)
            axis.setLabel(html.escape(_short(window_line(text), longest)), **style)
            axis.label.setFont(themes.font(self._theme.small))
            # pyqtgraph puts a name in the middle when the axis changes its size, and not when the name does.
            axis.resizeEvent()

    def _say(self, text: str) -> None:
        self._marks.append(Mark(text, None, None, self._theme, self.vb))
        self.place_marks()

    def _add_legend(self, names: Sequence[str], note: str = "") -> None:
        """Name the colours of several makers; ``note`` stands behind."""
        many = len(names)
        named = [(window_line(name), self.colour(number, many)) for number, name in enumerate(names)]
        self._legend.show_names(named if many > 1 else (), note)


class Curve(pg.GraphicsObject):  # type: ignore[misc]  # pyqtgraph has no types.
    """A line, or what it encloses, whose width is that of the paper whatever the axes are.

    pyqtgraph's own has pens that readers of SVG take for as wide as the axes are stretched.
    """

    def __init__(
        self,
        x: "NDArray[np.float64]",
        y: "NDArray[np.float64]",
        colour: QColor | None,
        width: float,
        *,
        fill: QColor | None = None,
        is_dashed: bool = False,
        is_sharp: bool = False,
    ) -> None:
        super().__init__()
        self._pen = QPen(Qt.PenStyle.NoPen) if colour is None else QPen(colour, width)
        self._pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin if is_sharp else Qt.PenJoinStyle.RoundJoin)
        self._pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        if is_dashed:
            self._pen.setStyle(Qt.PenStyle.DashLine)
        self._fill = fill
        self._is_sharp = is_sharp
        is_there = np.isfinite(x) & np.isfinite(y)
        self._path = pg.arrayToQPath(np.asarray(x, np.float64), np.asarray(y, np.float64), connect="finite")
        x, y = x[is_there], y[is_there]
        self._bounds = QRectF()
        if x.size:
            self._bounds = QRectF(QPointF(float(x.min()), float(y.min())), QPointF(float(x.max()), float(y.max())))

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        path = painter.transform().map(self._path)
        painter.save()
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, not self._is_sharp)
        if self._fill is not None:
            painter.fillPath(path, self._fill)
        if self._pen.style() is not Qt.PenStyle.NoPen:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(self._pen)
            painter.drawPath(path)
        painter.restore()


class Mark(QGraphicsItem):
    """The name of the script's own seed beside its value, where there is room; without a value, in the middle."""

    def __init__(self, text: str, x: float | None, y: float | None, theme: Theme, parent: Any) -> None:
        super().__init__(parent)
        self.text = text
        self._x, self._y = x, y
        self._theme = theme
        self._font = themes.font(theme.medium) if x is None else themes.font(theme.small, bold=True)
        metrics = QFontMetricsF(self._font)
        self._area = QRectF(0, 0, metrics.horizontalAdvance(text) + theme.px(8), metrics.height() + theme.px(2))
        self._line: QGraphicsLineItem | None = None
        if x is not None and y is None:
            self._line = QGraphicsLineItem(parent)
            self._line.setPen(QPen(QColor(theme.accent), theme.px(2)))
            self._line.setZValue(49)
        self.setZValue(50)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def place(self, box: Any, sight: Sight, taken: Sequence[QRectF]) -> None:
        """Place it in ``box``, not over what is ``taken``; that of a line stands at the top."""
        room: QRectF = box.boundingRect()
        width, height, gap = self._area.width(), self._area.height(), self._theme.px(8)
        if self._x is None:
            self.setPos(room.center() - self._area.center())
            return
        at = box.mapFromView(QPointF(self._x, sight.high if self._y is None else self._y))
        is_in = room.adjusted(-1, -1, 1, 1).contains(at)
        self.setVisible(is_in)
        if self._line is not None:
            self._line.setVisible(is_in)
            self._line.setLine(at.x(), room.top(), at.x(), room.bottom())
        x = at.x() - width - gap if at.x() + gap + width > room.right() else at.x() + gap
        y = room.top() if self._y is None else min(max(at.y() - height, room.top()), room.bottom() - height)
        area = QRectF(x, y, width, height)
        while any(area.intersects(other) for other in taken):
            area.translate(0, height)
        self.setPos(area.topLeft())

    def remove(self) -> None:
        """Take it out of the scene."""
        for item in (self, self._line):
            if item is not None and item.scene() is not None:
                item.scene().removeItem(item)

    def boundingRect(self) -> QRectF:
        return self._area

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        theme = self._theme
        ground = QColor(theme.window)
        if ground.alpha() == 255:
            ground.setAlpha(215)
            painter.fillRect(self._area, ground)
        painter.setFont(self._font)
        painter.setPen(QColor(theme.muted if self._x is None else theme.accent))
        painter.drawText(self._area, Qt.AlignmentFlag.AlignCenter, self.text)


class _Legend(pg.GraphicsWidget):  # type: ignore[misc]  # pyqtgraph has no types.
    """The colours of several makers with their names, in lines above the plot, and a note behind them."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._names: Sequence[tuple[str, str]] = ()
        self._note = ""
        self.show_names(())

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme

    def show_names(self, names: Sequence[tuple[str, str]], note: str = "") -> None:
        """Show ``names``, each with its colour."""
        self._names, self._note = names, note
        self._fit()

    def _fit(self) -> None:
        *_, lines = self._placed() or [(0.0, 0, "", "")]
        is_needed = bool(self._names) or bool(self._note)
        self.setFixedHeight((lines[1] + 1) * self._line if is_needed else 0)
        self.update()

    @property
    def _line(self) -> float:
        return float(self._theme.px(20))

    def _placed(self) -> list[tuple[float, int, str, str]]:
        """Return each text with where it begins, its line and its colour; that of the note is empty."""
        metrics = QFontMetricsF(themes.font(self._theme.small))
        room, x, line, placed = max(self.size().width(), 200.0), 0.0, 0, []
        texts = [*self._names, *([(self._note, "")] if self._note else ())]
        for name, colour in texts:
            text = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, min(room, self._theme.px(360)))
            text = name if not colour and metrics.horizontalAdvance(name) <= room else text
            width = metrics.horizontalAdvance(text) + (self._theme.px(24) if colour else 0)
            if x and x + width > room:
                x, line = 0.0, line + 1
            placed.append((x, line, text, colour))
            x += width + self._theme.px(20)
        return placed

    def resizeEvent(self, _event: Any) -> None:
        self._fit()

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        theme = self._theme
        painter.setFont(themes.font(theme.small))
        for x, line, text, colour in self._placed():
            top = line * self._line
            if colour:
                painter.fillRect(
                    QRectF(x, top + self._line / 2 - theme.px(2), theme.px(16), theme.px(4)), QColor(colour)
                )
                x += theme.px(24)  # noqa: PLW2901
            painter.setPen(QColor(theme.text if colour else theme.muted))
            area = QRectF(x, top, self.size().width() - x, self._line)
            painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)


def steps_of(shape: Shape) -> "tuple[NDArray[np.float64], NDArray[np.float64]]":
    """Return the line of the shares in %, which climbs at each value."""
    x = np.repeat(shape.steps.x, 2)
    shares = np.concatenate([[0.0], shape.steps.y])
    return x, 100 * np.repeat(shares, 2)[1:-1]


def _image(counts: "NDArray[np.int64]", sight: Sight, colour: str) -> Any:
    """Return an image of how many points there are in each square: the more, the less lets the ground through."""
    base = QColor(colour)
    most = max(int(counts.max()), 1)
    shares = np.log1p(counts) / math.log1p(most)
    pixels = np.empty((*counts.shape, 4), np.ubyte)
    pixels[..., :3] = (base.red(), base.green(), base.blue())
    pixels[..., 3] = np.where(counts > 0, 45 + 210 * shares, 0)
    item = pg.ImageItem(pixels, axisOrder="col-major", levels=(0, 255))
    item.setRect(QRectF(sight.left, sight.low, sight.right - sight.left, sight.high - sight.low))
    return item


def _short(name: str, longest: int) -> str:
    return name if len(name) <= longest else f"{name[: longest - 1]}…"
