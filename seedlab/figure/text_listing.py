"""Texts as a listing: the lines of one that all runs have, else a line of each distinct one behind its letter."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from seedlab.analysis.fingerprints import Fingerprint
from seedlab.analysis.rows import Row
from seedlab.figure import theme as themes
from seedlab.figure.cell_places import BASE_OF_LINE, LINE
from seedlab.figure.text_items import elided
from seedlab.figure.text_look import line_of
from seedlab.figure.theme import Theme
from seedlab.messages.drawing import more_lines_text, more_texts_text
from seedlab.results.draw_text import brief_text, common_beginning
from seedlab.results.run import Draw


def distinct_texts(draws: Sequence[Draw | None]) -> list[int]:
    """Return the position of the first run with each distinct draw."""
    first: dict[object, int] = {}
    for position, draw in enumerate(draws):
        if draw is not None:
            first.setdefault(draw.identity, position)
    return list(first.values())


def paint_texts(
    painter: QPainter, texts: Sequence[tuple[Draw, Fingerprint]], row: Row, area: QRectF, theme: Theme
) -> None:
    """Paint distinct ``texts`` of ``row``; what the first one does not have stands out."""
    line = theme.px(LINE)
    plain, bold = themes.font(theme.px(12), mono=True), themes.font(theme.px(12), mono=True, bold=True)
    metrics = QFontMetricsF(plain)
    room = max(int(area.height() // line), 1)
    left = 0.0
    if len(texts) == 1:
        ((draw, _),) = texts
        lines = draw.text.split("\n") if draw.is_text else [brief_text(draw)]
    else:
        left = 2 * metrics.horizontalAdvance("A") + 2
        most = max(int((area.width() - left) // metrics.horizontalAdvance("A")) - 2, 8)
        lines = [line_of(draw, row, most) for draw, _ in texts]
    shown = lines if len(lines) <= room else lines[: max(room - 1, 1)]
    for number, text in enumerate(shown):
        base = area.top() + (number + BASE_OF_LINE) * line
        same = len(text)
        if len(texts) > 1:
            _, mark = texts[number]
            painter.setFont(bold)
            painter.setPen(QColor(theme.fingerprint_colour(mark)))
            painter.drawText(QPointF(0, base), mark.letter)
            same = common_beginning(text, lines[0]) if number else len(text)
        end = len(text) - common_beginning(text[same:][::-1], lines[0][same:][::-1])
        fitting = elided(text, plain, area.width() - left)
        painter.setFont(plain)
        for start, stop, colour in ((0, same, theme.text), (same, end, theme.differs), (end, None, theme.text)):
            painter.setPen(QColor(colour))
            at = metrics.horizontalAdvance(fitting[:start])
            painter.drawText(QPointF(left + at, base), fitting[start:stop])
    if len(lines) > len(shown) and room > 1:
        painter.setFont(themes.font(theme.px(11)))
        painter.setPen(QColor(theme.muted))
        count = len(lines) - len(shown)
        more = more_texts_text(count) if len(texts) > 1 else more_lines_text(count)
        base = area.top() + (room - 1 + BASE_OF_LINE) * line
        painter.drawText(QPointF(0, base), elided(more, painter.font(), area.width()))
