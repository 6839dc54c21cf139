"""The page of all keys, made from the actions themselves."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QLabel, QWidget

from seedlab.figure import theme as themes
from seedlab.figure.theme import Theme

_OTHER_KEYS = (
    ("Tab", "Go to the next control"),
    ("Up, Down", "On the timeline: move the seed"),
    ("Left, Right", "On the columns: choose one; with Ctrl: move it"),
)


class KeysDialog(QDialog):
    """Shows in two columns which keys do what."""

    def __init__(self, actions: Sequence[QAction], theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        rows = [(_keys_of(action), action.text()) for action in actions if action.shortcuts()]
        rows += _OTHER_KEYS
        layout = QGridLayout(self, horizontalSpacing=2 * theme.unit, verticalSpacing=theme.unit // 2)
        layout.setContentsMargins(3 * theme.unit, 3 * theme.unit, 3 * theme.unit, 3 * theme.unit)
        half = (len(rows) + 1) // 2
        for number, (keys, text) in enumerate(rows):
            key_label = QLabel(keys)
            key_label.setFont(themes.font(theme.small, mono=True, bold=True))
            text_label = QLabel(text.replace("&", ""))
            text_label.setContentsMargins(0, 0, 3 * theme.unit, 0)
            layout.addWidget(key_label, number % half, 2 * (number // half))
            layout.addWidget(text_label, number % half, 2 * (number // half) + 1)


def _keys_of(action: QAction) -> str:
    return " or ".join(keys.toString(QKeySequence.SequenceFormat.NativeText) for keys in action.shortcuts())
