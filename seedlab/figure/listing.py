"""Values as a listing: those of each run below each other, as the article prints them."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from seedlab.figure import theme as themes
from seedlab.figure.cell_places import BASE_OF_LINE, LINE
from seedlab.figure.theme import Theme
from seedlab.messages.drawing import more_values_text
from seedlab.results.draw_text import common_beginning, value_text
from seedlab.results.run import Draw

_MOST = 6
"""The most elements that are listed; of more the first ones are, and it is said how many follow."""
_WIDTH, _SMALLEST, _BESIDE = 88, 9, 8
"""The least width of an entry, its smallest type, and the room beside it, in pixels (the first two at zoom 1)."""
_ADVANCE = 0.61
"""The width of a letter of the monospaced font for each pixel of its size."""


def listed_runs(width: float, theme: Theme, letters: int) -> int:
    """Return how many runs a listing shows that is ``width`` pixels wide, with entries of so many ``letters``; one at
    least.
    """
    least = letters * _ADVANCE * theme.px(_SMALLEST) + _BESIDE
    return max(int(width // max(theme.px(_WIDTH), least)), 1)


def listed_letters(draws: Iterable[Draw | None]) -> int:
    """Return how many letters the longest listed number of ``draws`` has."""
    listed = (_listed(draw) for draw in draws if draw is not None and not draw.is_text)
    return max((len(text) for texts in listed for text in texts), default=0)


def listed_lines(elements: int) -> int:
    """Return the number of lines in a listing of so many ``elements``."""
    return min(elements, _MOST) + (elements > _MOST)


def paint_listing(painter: QPainter, draws: Sequence[Draw | None], area: QRectF, step: float, theme: Theme) -> None:
    """Paint ``draws``: neighbours with equal bits share an entry, and digits that the first does not have stand out."""
    first = next((draw for draw in draws if draw is not None), None)
    longest = max((_letters_across(_listed(draw)) for draw in draws if draw), default=0)
    size = theme.px(12)
    while size > theme.px(_SMALLEST) and longest * _ADVANCE * size > step - _BESIDE:
        size -= 1
    position = 0
    while position < len(draws):
        draw, end = draws[position], position + 1
        while draw is not None and end < len(draws) and _equal(draw, draws[end]):
            end += 1
        entry = QRectF(position * step + 2, area.top(), (end - position) * step - 4, area.height())
        if draw is not None:
            if end - position > 1:
                painter.fillRect(entry, QColor(theme.panel))
            _paint_entry(painter, draw, first or draw, entry, theme, size=size)
        position = end


def _paint_entry(painter: QPainter, draw: Draw, first: Draw, area: QRectF, theme: Theme, *, size: int) -> None:
    texts, line = _listed(draw), theme.px(LINE)
    plain, marked = themes.font(size, mono=True), themes.font(size, mono=True, bold=True)
    metrics = QFontMetricsF(plain)
    # The points stand below each other, and the whole in the middle; without room each number stands there.
    before = [metrics.horizontalAdvance(text.partition(".")[0]) for text in texts]
    after = [metrics.horizontalAdvance(text) - whole for text, whole in zip(texts, before, strict=True)]
    point = area.center().x() + (max(before, default=0.0) - max(after, default=0.0)) / 2
    is_aligned = max(before, default=0.0) + max(after, default=0.0) <= area.width()
    for element, text in enumerate(texts):
        other = value_text(first, element) if element < first.array.size else ""
        same = common_beginning(text, other) if draw.identity != first.identity else len(text)
        shown = text.replace("-", "\N{MINUS SIGN}")
        x = point - before[element] if is_aligned else area.center().x() - metrics.horizontalAdvance(text) / 2
        base = area.top() + (element + BASE_OF_LINE) * line
        painter.setFont(plain)
        painter.setPen(QColor(theme.text))
        painter.drawText(QPointF(x, base), shown[:same])
        painter.setFont(marked)
        painter.setPen(QColor(theme.differs))
        painter.drawText(QPointF(x + metrics.horizontalAdvance(shown[:same]), base), shown[same:])
    more = draw.array.size - len(texts)
    if more > 0:
        painter.setFont(themes.font(theme.px(11)))
        painter.setPen(QColor(theme.muted))
        place = QRectF(area.left(), area.top() + len(texts) * line, area.width(), line)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, more_values_text(more))


def _listed(draw: Draw) -> list[str]:
    return [value_text(draw, element) for element in range(min(draw.array.size, _MOST))]


def _letters_across(texts: list[str]) -> int:
    """Return how many letters wide ``texts`` are together, with their points below each other."""
    wholes = [len(text.partition(".")[0]) for text in texts]
    rests = [len(text) - whole for text, whole in zip(texts, wholes, strict=True)]
    return max(wholes, default=0) + max(rests, default=0)


def _equal(draw: Draw, other: Draw | None) -> bool:
    return other is not None and draw.identity == other.identity
