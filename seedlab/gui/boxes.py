"""The boxes for choices and whole numbers in the window's forms."""

from typing import TypeVar

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QStyleOptionComboBox
from superqt import QLargeIntSpinBox

SpinBox = TypeVar("SpinBox", bound=QAbstractSpinBox)
_INSET = 0.4
"""The padding of the style sheet, as a part of the height of the text."""


class ChoiceBox(QComboBox):
    """A list of choices in which typed letters find entries, even letters that are keys of commands."""

    reached = Signal()
    """Emitted when a person is about to choose: the box has the focus, or its list opens."""

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        # A press opens the list, too.
        if event.reason() not in {Qt.FocusReason.PopupFocusReason, Qt.FocusReason.MouseFocusReason}:
            self.reached.emit()

    def showPopup(self) -> None:
        self.reached.emit()
        super().showPopup()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
            if plain and event.text().isalpha():
                event.accept()
                return True
        return super().event(event)

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        super().initStyleOption(option)
        # A style sheet cuts what is too long in the middle of a letter.
        room = self.width() - 4 * self.fontMetrics().averageCharWidth()
        option.currentText = self.fontMetrics().elidedText(option.currentText, Qt.TextElideMode.ElideRight, room)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        # A border in the style sheet removes the style's own arrow.
        painter = QPainter(self)
        painter.setPen(self.palette().placeholderText().color())
        place = self.rect().adjusted(0, 0, -self.fontMetrics().averageCharWidth(), 0)
        painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, "▾")


def let_shrink(box: QComboBox) -> None:
    """Let ``box`` be narrower than its longest entry."""
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(6)


class _SpinBox(QLargeIntSpinBox):
    """A box that leaves the focus where it is when its value is set; superqt's own box takes it each time."""

    def setValue(self, value: int) -> None:
        is_tracking = self.keyboardTracking()
        self.setKeyboardTracking(False)
        super().setValue(value)  # type: ignore[no-untyped-call]
        self.setKeyboardTracking(is_tracking)


def spin_box(title: str, minimum: int, maximum: int, about: str) -> QLargeIntSpinBox:
    """Return a box for whole numbers, with ``title`` as its accessible name and ``about`` as its tool tip."""
    box = _SpinBox()
    box.setRange(minimum, maximum)  # type: ignore[no-untyped-call]
    box.setAccessibleName(title)
    box.setToolTip(about)
    box.setMinimumWidth(48)
    return without_buttons(box)


def without_buttons(box: SpinBox) -> SpinBox:
    """Return ``box``, in which keys and the wheel count up and down, and nothing but the number is seen.

    It is the style sheet that leaves nothing of the buttons. From Qt 6.11.3 on, a box that says itself that it has
    none, and has a border in the style sheet, leaves its line a single pixel; and no padding stands beside the line.
    """
    box.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.UpDownArrows)
    _Inset(box)
    return box


class _Inset(QObject):
    """Keeps the number of a box away from its border, as far as lists of choices do, whatever the size of the text."""

    def __init__(self, box: QAbstractSpinBox) -> None:
        super().__init__(box)
        self._box = box
        box.installEventFilter(self)
        self._set()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.StyleChange, QEvent.Type.FontChange}:
            self._set()
        return super().eventFilter(watched, event)

    def _set(self) -> None:
        side = round(self._box.fontMetrics().height() * _INSET)
        self._box.lineEdit().setTextMargins(side, 0, side, 0)
