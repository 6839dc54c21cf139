"""The form for a person's own program: its file and folder, and what it is given."""

import os
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from seedlab.figure.theme import Theme
from seedlab.gui import file_dialogs
from seedlab.gui.commands import command_of
from seedlab.gui.labels import LABEL_WIDTH, muted_label
from seedlab.gui.program_fields import PathButton, TextField, shown_path
from seedlab.gui.sources_list import SourcesList
from seedlab.messages.programs import (
    back_to_choices_text,
    back_to_file_text,
    in_a_copy_text,
    missing_file_text,
    module_text,
    needs_a_file_text,
    save_script_text,
)
from seedlab.phrases import sentence
from seedlab.session.program_text import text_of_variables, text_of_words, variables_of, words_of
from seedlab.study.program import Program

_SCRIPTS = sentence("Scripts (*.py *.pyw);;All files (*)")
_ABOUT_ARGUMENTS = sentence("What the script finds in sys.argv, quoted as in a shell.")
_ABOUT_VARIABLES = sentence("Variables that are added to its environment, one a line, without quotes.")
_ABOUT_COMPARES = sentence(
    "Files in its folder that are compared after each run, by their names or by patterns of these."
)


class ProgramForm(QWidget):
    """Shows one program. It keeps no choices: it emits what a person chooses, and shows what it is given."""

    changed = Signal(Program, str)
    """The program with another value, and the name of the value where it is being typed, else nothing."""
    back_asked = Signal()
    """A person wants the edits of the script undone."""
    saving_asked = Signal()
    """A person wants the script, which is in no file, in one."""
    left = Signal()
    """A person has finished with a field for now."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._program: Program | None = None
        self._key: int | None = None
        self.file_button = PathButton(sentence("Script"), Qt.TextElideMode.ElideMiddle)
        self.file_button.clicked.connect(self._choose_file)
        self.file_label = QLabel(missing_file_text(), wordWrap=True)
        self.file_label.setProperty("role", "problem")
        self.back_button: QPushButton = QPushButton(toolTip=command_of("undo_edits").tool_tip)
        self.back_button.setProperty("role", "link")
        self.back_button.clicked.connect(self.back_asked)
        self.save_button: QPushButton = QPushButton(save_script_text(), toolTip=command_of("save_script").tool_tip)
        self.save_button.setProperty("role", "link")
        self.save_button.clicked.connect(self.saving_asked)
        self.file_note = QLabel(needs_a_file_text(), wordWrap=True)
        self.file_note.setProperty("role", "muted")
        self.folder_button = PathButton(sentence("Folder"), Qt.TextElideMode.ElideLeft)
        self.folder_button.clicked.connect(self._choose_folder)
        words: dict[str, Any] = {"example": sentence("none"), "read": words_of, "write": text_of_words}
        lines: dict[str, Any] = {"read": variables_of, "write": text_of_variables, "has_lines": True}
        self.arguments = TextField(sentence("Arguments"), theme, about=_ABOUT_ARGUMENTS, **words)
        self.variables = TextField(
            sentence("Environment variables"), theme, about=_ABOUT_VARIABLES, example="NAME=VALUE", **lines
        )
        self.compares = TextField(sentence("Files to compare"), theme, about=_ABOUT_COMPARES, **words)
        self._texts = {"arguments": self.arguments, "environment": self.variables, "compares": self.compares}
        for name, field in self._texts.items():
            field.edited.connect(lambda value, name=name: self._on_edited(name, value))
            field.left.connect(self.left)
        layout = QVBoxLayout(self, spacing=theme.unit - 2)
        layout.setContentsMargins(0, 0, 0, 0)
        paths = QGridLayout(horizontalSpacing=theme.unit, verticalSpacing=theme.unit // 2 + 1)
        paths.setColumnStretch(1, 1)
        paths.setColumnMinimumWidth(0, theme.px(LABEL_WIDTH))
        paths.addWidget(muted_label(sentence("Script"), self.file_button), 0, 0)
        paths.addWidget(self.file_button, 0, 1)
        paths.addWidget(self.file_label, 1, 0, 1, 2)
        paths.addWidget(self.back_button, 2, 1)
        paths.addWidget(self.save_button, 3, 1)
        paths.addWidget(self.file_note, 4, 0, 1, 2)
        self.folder_label = muted_label(sentence("Folder"), self.folder_button)
        paths.addWidget(self.folder_label, 5, 0)
        paths.addWidget(self.folder_button, 5, 1)
        layout.addLayout(paths)
        for field in self._texts.values():
            layout.addWidget(field)
        self.sources = SourcesList(theme)
        layout.addWidget(self.sources)
        self.show_program(0, None, is_missing=False)

    @property
    def fields(self) -> tuple[QWidget, ...]:
        """The controls in the order in which Tab reaches them."""
        texts = (field.box for field in self._texts.values())
        return (self.file_button, self.back_button, self.save_button, self.folder_button, *texts)

    @property
    def wrong(self) -> TextField | None:
        """The first field whose text cannot be read; None where all can be."""
        return next((field for field in self._texts.values() if field.problem), None)

    def show_program(self, key: int, program: Program | None, *, is_missing: bool, is_edited: bool = False) -> None:
        """Show ``program`` of the column ``key``, None for a script that is executed from a copy.

        ``is_missing`` says whether its file is, ``is_edited`` whether what runs is not as it was before it was edited.
        """
        self.back_button.setVisible(is_edited)
        self.back_button.setText(back_to_choices_text() if program is None else back_to_file_text())
        if key != self._key:
            self._key = key
            for field in self._texts.values():
                field.forget()
        self.file_label.setVisible(is_missing)
        self._program = program
        without_file: tuple[QWidget, ...] = (self.save_button, self.file_note)
        with_file: tuple[QWidget, ...] = (self.folder_label, self.folder_button, *self._texts.values())
        for widget in (*without_file, *with_file):
            widget.setVisible((program is None) == (widget in without_file))
        if program is None:
            self.file_button.show_path(in_a_copy_text(), sentence("Choose a file that is executed where it lies."))
            self.folder_button.show_path("", "")
        else:
            name = module_text(program.name) if program.is_module else Path(program.path).name
            self.file_button.show_path(name, program.path)
            self.folder_button.show_path(shown_path(program.folder), program.folder)
        for name, field in self._texts.items():
            field.show_value(() if program is None else getattr(program, name))

    def _on_edited(self, name: str, value: Any) -> None:
        if self._program is not None:
            self.changed.emit(replace(self._program, **{name: value}), name)

    def _choose_file(self) -> None:
        old = self._program
        start = "" if old is None else os.path.dirname(old.path)
        name = file_dialogs.file_to_open(self, sentence("Choose the script"), start, _SCRIPTS)
        if not name:
            return
        path = os.path.abspath(name)
        folder = os.path.dirname(path)
        if old is None:
            chosen = Program(path=path, name=path, folder=folder)
        else:
            # A folder that was chosen on purpose stays.
            kept = old.folder if old.folder != os.path.dirname(old.path) else folder
            chosen = replace(old, path=path, name=path, is_module=False, folder=kept)
        self.changed.emit(chosen, "")

    def _choose_folder(self) -> None:
        if self._program is None:
            return
        name = file_dialogs.folder_to_use(self, sentence("Choose the folder it works in"), self._program.folder)
        if name:
            # It finds itself by its whole path, wherever it works.
            named = self._program.name if self._program.is_module else self._program.path
            self.changed.emit(replace(self._program, folder=os.path.abspath(name), name=named), "")
