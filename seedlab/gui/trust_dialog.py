"""The dialog that shows a script that came with a document before it may run."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from seedlab.figure import theme as themes
from seedlab.figure.theme import Theme
from seedlab.messages.window import trust_text
from seedlab.plain_text import window_line, window_lines


class TrustDialog(QDialog):
    """Shows a script; it is accepted when the person agrees to run it."""

    def __init__(self, name: str, script: str, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Run this script?")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        # A name in tags could hide the warning.
        about = QLabel(trust_text(window_line(name)), wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        # Characters that turn the direction of text would let it read other than it runs.
        text = QPlainTextEdit(window_lines(script), readOnly=True, accessibleName="The script")
        text.setFont(themes.font(theme.small, mono=True))
        text.setMinimumSize(theme.px(560), theme.px(320))
        buttons = QDialogButtonBox()
        self.run_button = buttons.addButton("Run it", QDialogButtonBox.ButtonRole.AcceptRole)
        self.leave_button = buttons.addButton("Do not run it", QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self, spacing=2 * theme.unit)
        layout.setContentsMargins(3 * theme.unit, 3 * theme.unit, 3 * theme.unit, 3 * theme.unit)
        layout.addWidget(about)
        layout.addWidget(text, 1)
        layout.addWidget(buttons)
        # Set only now, as a button box chooses a default itself when it is put into a dialog without one.
        self.leave_button.setDefault(True)
        self.leave_button.setFocus()
