"""The letters of a draw, one for each run: each on a chip or, where chips have no room, a strip of colours."""

import itertools
from collections.abc import Iterator, Sequence

import msgspec
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter

from seedlab.analysis.fingerprints import DOT, Fingerprint
from seedlab.figure import theme as themes
from seedlab.figure.cell_places import CHIP
from seedlab.figure.theme import Theme

Sign = tuple[str, str]
"""A letter, and the colour of its ground."""


class Letters(msgspec.Struct, frozen=True):
    """Letters side by side."""

    theme: Theme
    signs: Sequence[Sign]
    step: float
    """The width that each has."""
    chip_width: float
    """The width of a letter on its ground, the same for all."""

    @property
    def is_strip(self) -> bool:
        """True where the colours stand alone, without room between them."""
        return self.step < self.chip_width + 2

    def named_parts(self) -> Iterator[tuple[str, int, int]]:
        """Yield the letter, begin and end of each part of a strip that has room for the letter."""
        start = 0
        for sign, group in itertools.groupby(sign for sign, _ in self.signs):
            end = start + sum(1 for _ in group)
            if sign != DOT.letter and (end - start) * self.step >= self.chip_width:
                yield sign, start, end
            start = end

    def paint(self, painter: QPainter, band: QRectF) -> None:
        """Paint them into ``band``, from its left edge on."""
        if self.is_strip:
            self._paint_strip(painter, band)
        else:
            self._paint_chips(painter, band)

    def _paint_chips(self, painter: QPainter, band: QRectF) -> None:
        theme, width = self.theme, self.chip_width
        painter.setFont(_font(theme))
        for position, (sign, colour) in enumerate(self.signs):
            chip = QRectF((position + 0.5) * self.step - width / 2, band.top(), width, band.height())
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colour))
            if sign == DOT.letter:
                painter.drawEllipse(chip.center(), theme.px(3), theme.px(3))
                continue
            painter.drawRoundedRect(chip, theme.px(3), theme.px(3))
            painter.setPen(QColor(theme.fingerprint_text))
            painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, sign)

    def _paint_strip(self, painter: QPainter, band: QRectF) -> None:
        """Paint the colours as one image with a column for each run, and the letters that have room on it."""
        signs, step = self.signs, self.step
        strip = QImage(len(signs), 1, QImage.Format.Format_ARGB32)
        pixels = {colour: QColor(colour).rgba() for colour in {colour for _, colour in signs}}
        # A band of the neutral colour would look like one fingerprint, so unique values stay pale.
        pale = QColor(self.theme.hairline).rgba()
        for position, (sign, colour) in enumerate(signs):
            strip.setPixel(position, 0, pale if sign == DOT.letter else pixels[colour])
        painter.drawImage(QRectF(0, band.top(), step * len(signs), band.height()), strip)
        painter.setFont(_font(self.theme))
        painter.setPen(QColor(self.theme.fingerprint_text))
        for sign, start, end in self.named_parts():
            part = QRectF(start * step, band.top(), (end - start) * step, band.height())
            painter.drawText(part, Qt.AlignmentFlag.AlignCenter, sign)


def letters_of(marks: Sequence[Fingerprint | None], step: float, theme: Theme) -> Letters:
    """Return the letters for ``marks``, each of which has a width of ``step``; a cross where there is no draw."""
    signs = [("×", theme.differs) if mark is None else (mark.letter, theme.fingerprint_colour(mark)) for mark in marks]
    metrics = QFontMetricsF(_font(theme))
    widest = max((metrics.horizontalAdvance(sign) for sign in {sign for sign, _ in signs}), default=0.0)
    return Letters(theme, signs, step, max(theme.px(CHIP), widest + 6))


def _font(theme: Theme) -> QFont:
    return themes.font(theme.px(12), bold=True)
