"""Items of text and lines in the drawing."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QLinearGradient, QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from seedlab.figure import theme as themes
from seedlab.figure.theme import Theme
from seedlab.phrases import sentence
from seedlab.plain_text import window_line, window_lines
from seedlab.results.run import Run

_MOST_MEASURED = 4_000
"""The most letters of a text that may be shown on one line; measuring megabytes would take seconds."""
_WRAPPED = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)


def wrapped_height(text: str, font: QFont, width: float) -> float:
    """Return the height of ``text`` when it is wrapped to ``width``, in pixels; 0 for an empty text."""
    if not text:
        return 0.0
    area = QRectF(0, 0, max(width, 1), 1e6)
    return QFontMetricsF(font).boundingRect(area, _WRAPPED, window_lines(text)).height()


def elided(text: str, font: QFont, width: float) -> str:
    """Return ``text``, shortened with an ellipsis where it is wider than ``width``; empty where there is no room.

    It is made harmless on the way.
    """
    if width <= 0:
        return ""
    shown = window_line(text[:_MOST_MEASURED])
    return QFontMetricsF(font).elidedText(shown, Qt.TextElideMode.ElideRight, width)


class Paragraph(QGraphicsItem):
    """Text that is made harmless and wrapped to its width; ``band`` is the colour behind it."""

    def __init__(
        self, text: str, font: QFont, colour: str, width: float, *, band: str = "", padding: float = 0.0
    ) -> None:
        super().__init__()
        self.text = window_lines(text)
        self._font = font
        self._colour = QColor(colour)
        self._band = band
        self._padding = padding
        self._width = width
        self.height = wrapped_height(text, font, width - 2 * padding) + 2 * padding

    def boundingRect(self) -> QRectF:
        return QRectF(0, 0, self._width, self.height)

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        area = self.boundingRect()
        if self._band:
            painter.fillRect(area, QColor(self._band))
        inside = area.adjusted(self._padding, self._padding, -self._padding, -self._padding)
        painter.setFont(self._font)
        painter.setPen(self._colour)
        painter.drawText(inside, _WRAPPED, self.text)


class Hairline(QGraphicsItem):
    """A line between rows or columns."""

    def __init__(self, colour: str, start: QPointF, end: QPointF) -> None:
        super().__init__()
        self._colour = QColor(colour)
        self._area = QRectF(start, end).normalized().adjusted(0, 0, 1, 1)

    def boundingRect(self) -> QRectF:
        return self._area

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        painter.fillRect(self._area, self._colour)


class Strip(QGraphicsItem):
    """A strip of the ground, behind what stays in sight while other things are scrolled away below it."""

    def __init__(self, colour: str, width: float, height: float) -> None:
        super().__init__()
        self._colour = QColor(colour)
        self._area = QRectF(0, 0, width, height)

    def boundingRect(self) -> QRectF:
        return self._area

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        painter.fillRect(self._area, self._colour)


class RunNames(QGraphicsItem):
    """The names of the runs, below the last row."""

    def __init__(self, theme: Theme, width: float, height: float) -> None:
        super().__init__()
        self._theme = theme
        self._area = QRectF(0, 0, width, height)
        self._runs: tuple[Run, ...] = ()
        self._slots = 3

    def show_runs(self, runs: tuple[Run, ...], slots: int) -> None:
        """Name ``runs``, with room for as many as there are ``slots`` at least."""
        self._runs, self._slots = runs, slots
        self.update()

    def boundingRect(self) -> QRectF:
        return self._area

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        if not self._runs:
            return
        font = themes.font(self._theme.px(11))
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        painter.setPen(QColor(self._theme.muted))
        step = self._area.width() / max(len(self._runs), self._slots)
        # The last index is the longest: measuring them all would take longer than drawing.
        last = self._runs[-1].index
        is_named = metrics.horizontalAdvance(_run_name(last)) <= step - 4
        name_of = _run_name if is_named else str
        room = metrics.horizontalAdvance(name_of(last)) + 6
        # Where there is no room for each name, every second, fifth, tenth, ... is shown.
        every = next(n for n in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10_000) if n * step >= room or n == 10_000)
        for position in range(0, len(self._runs), every):
            name = name_of(self._runs[position].index)
            at = QPointF((position + 0.5) * step - metrics.horizontalAdvance(name) / 2, metrics.ascent())
            painter.drawText(at, name)


def _run_name(index: int) -> str:
    return sentence("run {index}", index=index)


_LONGEST = 1e7
"""Numbers from here on are written with a power of ten."""
_MOST_DIGITS = 17
"""The most significant digits that a double has."""
_BAR = 6
"""The width of the bar of colours beside a map, in pixels at zoom 1."""


class Scale(QGraphicsItem):
    """The scale left of a row of plots: the values at its ends, and zero where it lies between them.

    Beside a map it is a bar of the map's colours, with the values that the darkest and the brightest stand for.
    """

    def __init__(self, theme: Theme, width: float, height: float, free_from: float = 0.0) -> None:
        """``free_from`` is the y from which no other text stands there."""
        super().__init__()
        self._theme = theme
        self._free_from = free_from
        self._area = QRectF(0, 0, width, height)
        self.ticks: tuple[tuple[float, float], ...] = ()
        """The value and the y of each tick, the most important one first."""
        self.colours: tuple[str, ...] = ()
        """The colours of a map, from the least value to the greatest; none beside lines."""

    def show_ticks(self, ticks: tuple[tuple[float, float], ...], colours: tuple[str, ...] = ()) -> None:
        self.ticks, self.colours = ticks, colours
        self.update()

    @property
    def _font(self) -> QFont:
        return themes.font(self._theme.px(10))

    @property
    def _room(self) -> float:
        """The width of the numbers."""
        return self._area.width() - (2 * self._theme.px(_BAR) if self.colours else 0)

    def texts(self) -> tuple[str, ...]:
        """Return the number at each tick, in as many digits as tell the ends apart.

        Where there is no room for so many, the first one says by how much it is more than the second.
        """
        values = [value for value, _ in self.ticks]
        most = max(map(abs, values), default=0.0)
        least = max(3, len(f"{most:.0f}")) if most < _LONGEST else 3
        written = [_rounded(values, digits) for digits in range(least, _MOST_DIGITS + 1)]
        wanted = next((texts for texts in written if len(set(texts)) == len(values)), written[-1])
        metrics = QFontMetricsF(self._font)

        def fits(texts: tuple[str, ...]) -> bool:
            return all(metrics.horizontalAdvance(text) <= self._room for text in texts)

        if len(values) < 2 or fits(wanted):
            return wanted
        # The numbers that fit say the same of both ends.
        least_digits = [_rounded(values, digits) for digits in range(least, 0, -1)]
        base = next((texts for texts in least_digits if fits(texts)), least_digits[-1])
        return (f"+{_tidy(f'{values[0] - values[1]:.1g}')}", *base[1:]) if base[0] == base[1] else base

    def boundingRect(self) -> QRectF:
        return self._area

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        self._paint_bar(painter)
        metrics = QFontMetricsF(self._font)
        painter.setFont(self._font)
        painter.setPen(QColor(self._theme.muted))
        texts, taken = self.texts(), list[float]()
        # The numbers stand with their points below each other.
        wholes = [metrics.horizontalAdvance(text.partition(".")[0]) for text in texts]
        ends = [metrics.horizontalAdvance(text) - whole for text, whole in zip(texts, wholes, strict=True)]
        point = self._room - max(ends, default=0.0)
        for (_, y), text, whole in zip(self.ticks, texts, wholes, strict=True):
            is_free = y - metrics.height() / 2 >= self._free_from
            if not is_free or any(abs(y - other) < metrics.height() for other in taken):
                continue
            taken.append(y)
            painter.drawText(QPointF(max(point - whole, 0.0), y + metrics.capHeight() / 2), text)

    def _paint_bar(self, painter: QPainter) -> None:
        if not self.colours or not self.ticks:
            return
        ends = [y for _, y in self.ticks]
        bar = QRectF(self._area.width() - self._theme.px(_BAR), min(ends), self._theme.px(_BAR), max(ends) - min(ends))
        gradient = QLinearGradient(bar.bottomLeft(), bar.topLeft())
        for position, colour in enumerate(self.colours):
            gradient.setColorAt(position / (len(self.colours) - 1), QColor(colour))
        painter.fillRect(bar, gradient)


def _rounded(values: Sequence[float], digits: int) -> tuple[str, ...]:
    return tuple(_tidy(f"{value:.{digits}g}") for value in values)


def _tidy(number: str) -> str:
    return number.replace("e+", "e").replace("-", "\N{MINUS SIGN}")
