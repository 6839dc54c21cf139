"""The dialog that shows a script that came with a document before it may run, and where and with what it would."""

import shlex

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QLabel,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from seedlab.figure import theme as themes
from seedlab.figure.theme import Theme
from seedlab.gui.labels import muted_label
from seedlab.messages.programs import cannot_run_text, other_text_text, same_text_text
from seedlab.messages.window import trust_text
from seedlab.phrases import sentence
from seedlab.plain_text import window_line, window_lines
from seedlab.session.program_text import text_of_variables
from seedlab.session.running import TrustNeeded
from seedlab.study.program import Program

_WIDTH = 640
_MOST_HEIGHT = 132
"""The most room for what the program is given, in pixels at zoom 1; more is scrolled."""


class TrustDialog(QDialog):
    """Shows a script; it is accepted when the person agrees to run it."""

    def __init__(self, name: str, needed: TrustNeeded, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(sentence("Run this script?"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        layout = QVBoxLayout(self, spacing=2 * theme.unit)
        layout.setContentsMargins(3 * theme.unit, 3 * theme.unit, 3 * theme.unit, 3 * theme.unit)
        # A name in tags could hide the warning.
        layout.addWidget(QLabel(trust_text(window_line(name)), wordWrap=True, textFormat=Qt.TextFormat.PlainText))
        if needed.program is not None:
            self._add_program(needed, needed.program, theme, layout)
        # Characters that turn the direction of text would let it read other than it runs.
        text = QPlainTextEdit(
            window_lines(_all_that_runs(needed)), readOnly=True, accessibleName=sentence("The script")
        )
        text.setTabChangesFocus(True)
        text.setFont(themes.font(theme.small, mono=True))
        text.setMinimumSize(theme.px(560), theme.px(280))
        layout.addWidget(text, 1)
        buttons = QDialogButtonBox()
        self.run_button = buttons.addButton(sentence("Run it"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.leave_button = buttons.addButton(sentence("Do not run it"), QDialogButtonBox.ButtonRole.RejectRole)
        self.run_button.setEnabled(not needed.problem)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)
        width = theme.px(_WIDTH)
        # Lines that wrap are not in a layout's own idea of its height.
        self.resize(width, layout.totalHeightForWidth(width))
        # Set only now, as a button box chooses a default itself when it is put into a dialog without one.
        self.leave_button.setDefault(True)
        self.leave_button.setFocus()

    def _add_program(self, needed: TrustNeeded, program: Program, theme: Theme, layout: QVBoxLayout) -> None:
        """Show the command, where it runs, and how the script on disk stands to that of the document."""
        inside = QWidget()
        grid = QGridLayout(inside, horizontalSpacing=2 * theme.unit, verticalSpacing=theme.unit // 2)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setColumnStretch(1, 1)
        rows = [(sentence("Command"), shlex.join(("python", *program.command))), (sentence("Folder"), program.folder)]
        variables = sentence("Variables")
        if program.host_folder:
            rows.append((sentence("Folder on a host"), program.host_folder))
        if program.environment:
            rows.append((variables, text_of_variables(program.environment)))
        for number, (title, given) in enumerate(rows):
            # Plain text, in which a line feed is shown as what it is, but between variables.
            shown = "\n".join(map(window_line, given.split("\n"))) if title == variables else window_line(given)
            label = QLabel(shown, wordWrap=True, textFormat=Qt.TextFormat.PlainText, accessibleName=title)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(muted_label(title, label), number, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(label, number, 1, Qt.AlignmentFlag.AlignTop)
        area = QScrollArea(widgetResizable=True, frameShape=QFrame.Shape.NoFrame)
        area.setObjectName("program")
        area.setWidget(inside)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        height = grid.totalHeightForWidth(theme.px(_WIDTH) - 6 * theme.unit)
        area.setFixedHeight(min(height, theme.px(_MOST_HEIGHT)))
        layout.addWidget(area)
        self.state_label = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        if needed.problem:
            text = cannot_run_text(needed.problem)
        else:
            text = (same_text_text if needed.is_as_in_document else other_text_text)(program.path)
        self.state_label.setText(window_line(text))
        if needed.problem or not needed.is_as_in_document:
            self.state_label.setProperty("role", "message")
        layout.addWidget(self.state_label)


def _all_that_runs(needed: TrustNeeded) -> str:
    """Return the script's text, and below it that of the modules that a changed copy brings along."""
    changes = () if needed.program is None else needed.program.changes
    parts = [f"\n\n# {each.file}\n{each.text}" for each in changes if each.file is not None]
    return "".join([needed.script, *parts])
