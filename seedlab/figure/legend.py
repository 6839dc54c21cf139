"""The legend of a strip: the letters that have no room on it, with their colours."""

from collections import Counter

import msgspec
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from seedlab.analysis.fingerprints import DOT
from seedlab.figure import theme as themes
from seedlab.figure.letters import Letters
from seedlab.figure.theme import Theme
from seedlab.messages.drawing import each_once_text

_TYPE, _SQUARE = 11, 10
"""The sizes of the type and of the squares, in pixels at zoom 1."""
_MOST = 4
"""The most letters that are named."""


class Legend(msgspec.Struct, frozen=True):
    """Texts side by side, each behind a square of its colour."""

    theme: Theme
    entries: tuple[tuple[str, str], ...]
    """Text and colour; “…” without a colour where more follow."""
    width: float
    """The width that they take; 0 without entries."""

    def paint(self, painter: QPainter, right: float, base: float) -> None:
        """Paint them up to ``right``, with their letters on ``base``."""
        theme, side = self.theme, self.theme.px(_SQUARE)
        font = _font(theme)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        painter.setPen(QColor(theme.muted))
        x = right - self.width
        for text, colour in self.entries:
            x += theme.unit
            if colour:
                painter.fillRect(QRectF(x, base - side + 1, side, side), QColor(colour))
                x += side + 4
            painter.drawText(QPointF(x, base), text)
            x += metrics.horizontalAdvance(text)


def legend_of(letters: Letters) -> Legend:
    """Return the legend of what a strip shows without its letter; an empty one beside chips."""
    theme, entries = letters.theme, _entries(letters) if letters.is_strip else ()
    if not entries:
        return no_legend(theme)
    metrics = QFontMetricsF(_font(theme))
    squares = sum(theme.px(_SQUARE) + 4 for _, colour in entries if colour)
    return Legend(theme, entries, sum(metrics.horizontalAdvance(text) + theme.unit for text, _ in entries) + squares)


def no_legend(theme: Theme) -> Legend:
    return Legend(theme, (), 0.0)


def _entries(letters: Letters) -> tuple[tuple[str, str], ...]:
    named = {sign for sign, _, _ in letters.named_parts()}
    counts = Counter(sign for sign, _ in letters.signs)
    # A value that stands alone here is one of those that are there once, whether it has a letter or not.
    left = {
        sign: colour for sign, colour in letters.signs if sign not in named and (counts[sign] > 1 or sign == DOT.letter)
    }
    alone = left.pop(DOT.letter, None)
    entries = [*left.items()][:_MOST]
    if len(left) > _MOST:
        entries.append(("…", ""))
    if alone is not None:
        entries.append((each_once_text(), letters.theme.hairline))
    return tuple(entries)


def _font(theme: Theme) -> QFont:
    return themes.font(theme.px(_TYPE))
