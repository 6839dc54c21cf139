"""The head of a cell: the verdict, the reason beside it, and the legend at the right end."""

import msgspec
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from seedlab.analysis.rows import Verdict
from seedlab.figure import theme as themes
from seedlab.figure.cell_places import BASE_OF_HEAD, HEAD
from seedlab.figure.legend import Legend
from seedlab.figure.text_items import elided, wrapped_height
from seedlab.figure.theme import Theme
from seedlab.messages.rows import differs_text


class CellHead(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in a head that is ``width`` pixels wide."""

    theme: Theme
    width: float
    verdict: str
    reason: str
    """Why it is so, and other remarks; may be empty."""
    is_why: bool
    """False where the reason has remarks alone."""
    runs: int
    """How many the cell has."""
    legend: Legend

    @property
    def height(self) -> float:
        """The height of the verdict and the whole reason."""
        theme, room = self.theme, self.width - self._reason_left - self.legend.width
        return max(wrapped_height(self.reason, _reason_font(theme), room) + 3, theme.px(HEAD))

    @property
    def _reason_left(self) -> float:
        """Where the reason begins: as far right in each row."""
        metrics = QFontMetricsF(_verdict_font(self.theme))
        longest = f"{Verdict.DIFFERS.sign}  {differs_text(self.runs)}"
        own, other = map(metrics.horizontalAdvance, (self.verdict, longest))
        gap = 1.5 * self.theme.unit
        text = QFontMetricsF(_reason_font(self.theme)).horizontalAdvance(self.reason)
        # Remarks in a narrow column have one line, and begin earlier rather than be cut.
        is_narrow = not self.is_why and other + gap + text > self.width
        return (own if is_narrow else max(own, other)) + gap

    def paint(self, painter: QPainter, height: float, colour: str) -> None:
        """Paint the head ``height`` pixels high, with the verdict in ``colour``."""
        theme, base, font = self.theme, BASE_OF_HEAD * self.theme.px(HEAD), _verdict_font(self.theme)
        painter.setFont(font)
        painter.setPen(QColor(colour))
        painter.drawText(QPointF(0, base), elided(self.verdict, font, self.width))
        self.legend.paint(painter, self.width, base)
        x = self._reason_left
        room = self.width - x - self.legend.width
        if self.reason and room > 6 * theme.unit:
            font = _reason_font(theme)
            painter.setFont(font)
            painter.setPen(QColor(theme.muted))
            area = QRectF(x, 0.16 * theme.px(HEAD), room, height)
            if wrapped_height(self.reason, font, room) > height:
                painter.drawText(area, elided(self.reason, font, room))
            else:
                painter.drawText(area, int(Qt.TextFlag.TextWordWrap), self.reason)


def paint_sign(painter: QPainter, sign: str, colour: str, area: QRectF, theme: Theme) -> None:
    """Paint the verdict as its sign alone, in line with the letters."""
    painter.setFont(themes.font(theme.medium, bold=True))
    painter.setPen(QColor(colour))
    painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, sign)


def paint_absence(painter: QPainter, text: str, width: float, theme: Theme) -> None:
    """Paint what stands in the place of a draw that the column does not have."""
    font = _reason_font(theme)
    painter.setFont(font)
    painter.setPen(QColor(theme.muted))
    painter.drawText(QPointF(0, BASE_OF_HEAD * theme.px(HEAD)), elided(text, font, width))


def _verdict_font(theme: Theme) -> QFont:
    return themes.font(theme.small, bold=True)


def _reason_font(theme: Theme) -> QFont:
    return themes.font(theme.px(12))
