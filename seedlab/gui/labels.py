"""The labels and links in the window's forms."""

import html
from functools import partial

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from seedlab.gui.commands import command_of, native_key

LABEL_WIDTH = 44
"""The least width of the labels at the top of the panel, in pixels at zoom 1, below which forms stand in line."""


def muted_label(text: str, buddy: QWidget) -> QLabel:
    """Return a label in the muted colour that names the control ``buddy``."""
    label = QLabel(text)
    label.setProperty("role", "muted")
    label.setBuddy(buddy)
    return label


def plain_tool_tip(text: str) -> str:
    """Return ``text`` for a tool tip, which takes what looks like HTML for HTML, pictures from files included."""
    if "<" not in text:
        return text
    return f'<p style="white-space: pre-wrap">{html.escape(text)}</p>'


def command_link(name: str) -> QPushButton:
    """Return a button for the command ``name`` that looks like a link."""
    command = command_of(name)
    button: QPushButton = QPushButton(command.text, toolTip=command.tool_tip)
    button.setProperty("role", "link")
    return button


def link_with_key(text: str, key: str, about: str) -> QPushButton:
    """Return a button that looks like a link, and names ``key`` behind ``text`` and ``about``, its tool tip."""
    shown = native_key(key)
    button: QPushButton = QPushButton(f"{text}  {shown}".strip(), toolTip=f"{about} ({shown})")
    button.setProperty("role", "link")
    return button


def press_by_key(key: str, button: QPushButton, parent: QWidget) -> None:
    """Have ``key`` press ``button``, where it is there to be pressed, in the window of ``parent``."""
    QShortcut(QKeySequence(key), parent, partial(_press, button))


def _press(button: QPushButton) -> None:
    if button.isVisible():
        button.click()
