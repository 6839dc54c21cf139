"""The cover over runs that are still to be guessed: a question mark for each."""

import math

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from seedlab.figure import theme as themes
from seedlab.figure.theme import Theme


def paint_cover(painter: QPainter, area: QRectF, step: float, theme: Theme, *, seen: int, runs: int) -> None:
    """Cover ``area`` but for the first ``seen`` of so many ``runs``."""
    covered = area.adjusted(seen * step, 0, 0, 0)
    painter.fillRect(covered, QColor(theme.panel))
    painter.setPen(QColor(theme.muted))
    painter.setFont(themes.font(theme.large, bold=True))
    places = [covered]
    if step > 3 * theme.unit:
        last = min(runs, math.ceil(area.width() / step))
        places = [QRectF(position * step, area.top(), step, area.height()) for position in range(seen, last)]
    for place in places:
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, "?")
