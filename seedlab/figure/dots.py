"""What a source moves: a line of dots, one below the name of each draw."""

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from seedlab.figure import theme as themes
from seedlab.figure.theme import Theme
from seedlab.inquiry.reading import Mark

DOT, _SMALL_DOT, _HALF_LETTER = 7.0, 2.0, 7.0
"""The radius of dots, and half the width of a letter in the place of one, in pixels at zoom 1."""
SIGN_HEIGHT = 30
"""The height of the sign below a slanted name, and of the space between them, in pixels at zoom 1."""
_SLANT = -36.0
"""The angle of the draws' names, in degrees."""


class Dots(QGraphicsItem):
    """A line with a dot below each draw."""

    def __init__(self, theme: Theme, places: Sequence[float], marks: Sequence[Mark], *, is_leak: bool) -> None:
        super().__init__()
        self._theme = theme
        self._places = tuple(places)
        self.marks = tuple(marks)
        self._is_leak = is_leak
        self.lit: frozenset[int] = frozenset()
        """The positions of the draws that stand out."""

    def boundingRect(self) -> QRectF:
        room = self._theme.px(DOT) * 2
        first, last = (self._places[0], self._places[-1]) if self._places else (0.0, 0.0)
        return QRectF(first - room, -room, last - first + 2 * room, 2 * room)

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        theme = self._theme
        if not self._places:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        half = theme.unit
        painter.setPen(QColor(theme.hairline))
        # A line with gaps where a letter stands, rather than a box below it: the paper may be transparent.
        begin = self._places[0] - half
        for x, mark in zip(self._places, self.marks, strict=True):
            if mark not in (Mark.MOVES, Mark.STAYS, Mark.UNKNOWN):
                painter.drawLine(QPointF(begin, 0), QPointF(x - _HALF_LETTER, 0))
                begin = x + _HALF_LETTER
        painter.drawLine(QPointF(begin, 0), QPointF(self._places[-1] + half, 0))
        for position, (x, mark) in enumerate(zip(self._places, self.marks, strict=True)):
            if mark is Mark.UNKNOWN:
                continue
            if position in self.lit:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(theme.light))
                painter.drawEllipse(QPointF(x, 0), theme.px(DOT) + 5, theme.px(DOT) + 5)
            if mark in (Mark.MOVES, Mark.STAYS):
                painter.setPen(Qt.PenStyle.NoPen)
                if mark is Mark.STAYS:
                    painter.setBrush(QColor(theme.muted))
                    painter.drawEllipse(QPointF(x, 0), theme.px(_SMALL_DOT), theme.px(_SMALL_DOT))
                elif self._is_leak:
                    painter.setBrush(QColor(theme.differs))
                    painter.drawEllipse(QPointF(x, 0), theme.px(DOT), theme.px(DOT))
                else:
                    # Seeds are square, so that nobody needs the colours.
                    side = theme.px(DOT) - 1
                    painter.setBrush(QColor(theme.accent))
                    painter.drawRect(QRectF(x - side, -side, 2 * side, 2 * side))
            else:
                font = themes.font(theme.small, bold=True)
                painter.setFont(font)
                painter.setPen(QColor(theme.muted))
                metrics = QFontMetricsF(font)
                at = QPointF(x - metrics.horizontalAdvance(mark.value) / 2, metrics.capHeight() / 2)
                painter.drawText(at, mark.value)


class DrawHead(QGraphicsItem):
    """The name of a group of draws, slanted, above the sign that says whether it repeats."""

    def __init__(self, theme: Theme, name: str, *, repeats: bool, is_covered: bool) -> None:
        super().__init__()
        self._theme = theme
        self.name = name
        self.sign = "" if is_covered else "=" if repeats else "≠"
        self._colour = theme.repeats if repeats else theme.differs
        self.is_lit = False
        self._reach = reach_of(theme, name)

    def boundingRect(self) -> QRectF:
        theme = self._theme
        left, top = theme.px(16), self._reach.height() + theme.px(SIGN_HEIGHT)
        return QRectF(-left, -top, left + self._reach.width(), top + theme.px(4))

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        theme = self._theme
        font = themes.font(theme.small, bold=self.is_lit)
        painter.setFont(font)
        painter.setPen(QColor(theme.accent if self.is_lit else theme.text))
        painter.save()
        painter.translate(-theme.px(4), -theme.px(26))
        painter.rotate(_SLANT)
        painter.drawText(QPointF(0, 0), self.name)
        painter.restore()
        sign = themes.font(theme.medium, bold=True)
        painter.setFont(sign)
        painter.setPen(QColor(self._colour))
        painter.drawText(QPointF(-QFontMetricsF(sign).horizontalAdvance(self.sign) / 2, -theme.px(6)), self.sign)


def reach_of(theme: Theme, name: str) -> QSizeF:
    """Return how far the slanted ``name`` reaches to the right and up, lit as well."""
    font = QFontMetricsF(themes.font(theme.small, bold=True))
    length, height, angle = font.horizontalAdvance(name), font.height(), math.radians(-_SLANT)
    return QSizeF(
        length * math.cos(angle) + height * math.sin(angle), length * math.sin(angle) + height * math.cos(angle)
    )
