"""A unified diff, drawn as people read it."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from seedlab.figure import theme as themes
from seedlab.figure.text_items import elided
from seedlab.figure.theme import Theme
from seedlab.plain_text import window_line

_MOST_LINES = 400
"""The most lines that are drawn."""


class Diff(QGraphicsItem):
    """A unified diff, in its colours, without the lines that name the files of a single one."""

    def __init__(self, theme: Theme, diff: str, width: float) -> None:
        super().__init__()
        self._theme = theme
        self._width = width
        self.lines = [window_line(line) for line in diff_lines(diff)]
        self._step = theme.px(18)

    def boundingRect(self) -> QRectF:
        return QRectF(0, 0, self._width, len(self.lines) * self._step + 2 * self._theme.unit)

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        theme = self._theme
        area = self.boundingRect()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(theme.hairline))
        painter.setBrush(QColor(theme.panel))
        painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        font = themes.font(theme.small, mono=True)
        painter.setFont(font)
        colours = {"+": theme.repeats, "-": theme.differs, "@": theme.muted}
        for number, line in enumerate(self.lines):
            is_name = line.startswith("+++ ")
            shown = line.removeprefix("+++ b/") if is_name else line
            painter.setPen(QColor(theme.muted if is_name else colours.get(line[:1], theme.text)))
            base = theme.unit + number * self._step + 0.74 * self._step
            painter.drawText(QPointF(1.5 * theme.unit, base), elided(shown, font, self._width - 3 * theme.unit))


def diff_lines(diff: str) -> list[str]:
    """Return the lines of ``diff`` that people read.

    The name of a single file is left out, as are the empty lines that a piece begins or ends with.
    """
    parts: list[list[str]] = []
    for line in diff.splitlines():
        if line.startswith("+++ "):
            parts.append([line])
        elif line.startswith("@@"):
            parts.append([])
        elif parts and not line.startswith("--- "):
            parts[-1].append(line[:1] + " " + line[1:])
    names = [part for part in parts if _is_name(part)]
    shown: list[str] = []
    for part in parts:
        if not _is_name(part):
            if shown and not shown[-1].startswith("+++ "):
                shown.append("  ⋮")
            shown += _without_empty_ends(part)
        elif len(names) > 1:
            shown += ["", *part] if shown else part
    return shown if len(shown) <= _MOST_LINES else [*shown[:_MOST_LINES], "  ⋮"]


def _is_name(part: Sequence[str]) -> bool:
    return bool(part) and part[0].startswith("+++ ")


def _without_empty_ends(lines: Sequence[str]) -> Sequence[str]:
    first, last = 0, len(lines)
    while first < last and not lines[first].strip():
        first += 1
    while first < last and not lines[last - 1].strip():
        last -= 1
    return lines[first:last]
