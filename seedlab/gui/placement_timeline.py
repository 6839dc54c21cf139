"""The placement as a timeline: stations of the script, with slots for the seed between them."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QVBoxLayout, QWidget

from seedlab.figure import theme as themes
from seedlab.figure.theme import Theme
from seedlab.phrases import sentence
from seedlab.study.controls import Placement, Station, TimelineControl

_ROW, _RAIL, _TEXT = 26, 20, 42
"""The height of a row, and the x of the rail and of the text, in pixels at zoom 1."""


class PlacementTimeline(QWidget):
    """Lets a person choose where the seed is set; Up and Down move the seed along the line."""

    placement_changed = Signal(str)
    """The name of the placement that was chosen."""

    def __init__(self, control: TimelineControl, theme: Theme) -> None:
        super().__init__(accessibleName=sentence("Where the seed is set"))
        self._theme = theme
        self._seed: str | None = None
        self._group = QButtonGroup(self)
        self._group.idToggled.connect(self._on_toggled)
        self._slots: list[_Slot] = []
        self._layout = QVBoxLayout(self, spacing=0)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._build(control)

    def _build(self, control: TimelineControl) -> None:
        """Build the line; nothing is chosen before `set_placement` is called."""
        items = control.timeline
        for position, entry in enumerate(items):
            ends = (position == 0, position == len(items) - 1)
            if isinstance(entry, Placement):
                self._add_slot(entry, ends, on_line=True)
            else:
                self._layout.addWidget(_StationMark(entry, ends, self._theme))
        self._layout.addSpacing(self._theme.px(4))
        self._add_slot(control.unset, (True, True), on_line=False)

    def set_placement(self, name: str) -> None:
        for slot in self._slots:
            if slot.placement.name == name:
                slot.setChecked(True)
                self.setFocusProxy(slot)
        self._show_seeds()

    def set_seed_text(self, text: str | None) -> None:
        """Show ``text`` as the seed in the chosen slot; None where the library has no choice of a seed."""
        self._seed = text
        self._show_seeds()

    def slot(self, name: str) -> QRadioButton:
        """Return the button of the placement called ``name``. Raise StopIteration when there is none."""
        return next(slot for slot in self._slots if slot.placement.name == name)

    def slots(self) -> Sequence[QRadioButton]:
        return tuple(self._slots)

    def _add_slot(self, placement: Placement, ends: tuple[bool, bool], *, on_line: bool) -> None:
        slot = _Slot(placement, ends, self._theme, on_line=on_line)
        self._group.addButton(slot, len(self._slots))
        self._slots.append(slot)
        self._layout.addWidget(slot)

    def _on_toggled(self, number: int, checked: bool) -> None:
        if checked:
            self._show_seeds()
            self.placement_changed.emit(self._slots[number].placement.name)

    def _show_seeds(self) -> None:
        chosen = next((slot.placement for slot in self._slots if slot.isChecked()), None)
        for slot in self._slots:
            holds = chosen is not None and (slot.isChecked() or slot.placement.name in chosen.also)
            slot.show_seed(self._seed if holds else None)


class _Slot(QRadioButton):
    """One place for the seed: a circle on the rail, which holds the seed when it is chosen."""

    def __init__(self, placement: Placement, ends: tuple[bool, bool], theme: Theme, *, on_line: bool) -> None:
        super().__init__(placement.title, toolTip=placement.about, accessibleName=placement.title)
        self.placement = placement
        self._ends = ends
        self._on_line = on_line
        self._theme = theme
        self._seed: str | None = None
        self._row, self._rail, self._text = (theme.px(size) for size in (_ROW, _RAIL, _TEXT))
        self.setFixedHeight(self._row)

    def show_seed(self, text: str | None) -> None:
        self._seed = text
        self.update()

    def sizeHint(self) -> QSize:
        width = self.fontMetrics().horizontalAdvance(self.text()) + self._text + 3 * self._theme.unit
        return QSize(width, self._row)

    def hitButton(self, _position: object) -> bool:
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Enter chooses like Space, as a person who comes here with Tab may press either.
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.setChecked(True)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._on_line:
            _paint_rail(painter, self._theme, self._ends)
        holds = self._seed is not None and self._on_line
        radius = self._theme.px(10 if self._on_line else 7)
        circle = QRectF(self._rail - radius, self._row / 2 - radius, 2 * radius, 2 * radius)
        muted = QColor(self._theme.muted)
        accent = QColor(self._theme.accent)
        painter.setPen(QPen(accent if self.isChecked() or holds else muted, 1.5))
        painter.setBrush(accent if holds else QColor(self._theme.field))
        painter.drawEllipse(circle)
        if holds and self._seed is not None:
            painter.setPen(QColor(self._theme.accent_text))
            short = self._seed if len(self._seed) <= 2 else "•"
            painter.setFont(themes.font(self._theme.px(11), bold=True))
            painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, short)
        elif self.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(accent)
            painter.drawEllipse(circle.adjusted(0.3 * radius, 0.3 * radius, -0.3 * radius, -0.3 * radius))
        painter.setPen(QColor(self._theme.text))
        painter.setFont(themes.font(self._theme.small, bold=self.isChecked()))
        text = QRectF(self._text, 0, self.width() - self._text, self._row)
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, _elided(painter, self.text(), text.width()))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(accent, 1.5))
            painter.drawRoundedRect(QRectF(1, 2, self.width() - 2, self._row - 4), 4, 4)


class _StationMark(QWidget):
    """A step of the script on the rail."""

    def __init__(self, station: Station, ends: tuple[bool, bool], theme: Theme) -> None:
        super().__init__()
        self._station = station
        self._ends = ends
        self._theme = theme
        self.setFixedHeight(theme.px(_ROW - 5))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _paint_rail(painter, self._theme, self._ends)
        middle = self.height() / 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.muted))
        painter.drawEllipse(QRectF(self._theme.px(_RAIL) - 3.5, middle - 3.5, 7, 7))
        painter.setPen(QColor(self._theme.muted))
        painter.setFont(themes.font(self._theme.px(12), mono=True))
        left = self._theme.px(_TEXT)
        text = QRectF(left, 0, self.width() - left, self.height())
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, _elided(painter, self._station.title, text.width()))


def _elided(painter: QPainter, text: str, width: float) -> str:
    return painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(width))


def _paint_rail(painter: QPainter, theme: Theme, ends: tuple[bool, bool]) -> None:
    first, last = ends
    rail = theme.px(_RAIL)
    height = painter.device().height()
    painter.setPen(QPen(QColor(theme.muted), 1.5))
    painter.drawLine(rail, round(height / 2) if first else 0, rail, round(height / 2) if last else height)
