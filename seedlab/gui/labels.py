"""The labels and links in the window's forms."""

from PySide6.QtWidgets import QLabel, QPushButton, QWidget


def muted_label(text: str, buddy: QWidget) -> QLabel:
    """Return a label in the muted colour that names the control ``buddy``."""
    label = QLabel(text)
    label.setProperty("role", "muted")
    label.setBuddy(buddy)
    return label


def link_button(text: str, tool_tip: str) -> QPushButton:
    """Return a button that looks like a link."""
    button = QPushButton(text)
    button.setToolTip(tool_tip)
    button.setProperty("role", "link")
    return button
