"""All commands of the window in one list, from which the menu, the keys and the page of keys are made."""

from collections.abc import Callable

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from seedlab.documents.files import READABLE_TEXT
from seedlab.phrases import noted, sentence


def native_key(keys: str) -> str:
    """Return ``keys``, such as ``Ctrl+O``, as the platform writes them."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


class Command(msgspec.Struct, frozen=True):
    """One command of the window."""

    name: str
    """The name by which the program refers to the command."""
    text: str
    keys: tuple[str, ...] = ()
    about: str = ""
    is_toggle: bool = False
    is_of_drawing: bool = False
    """True where its keys count on the drawing alone: elsewhere they are those of fields and buttons."""

    @property
    def tool_tip(self) -> str:
        """What it does, with its keys."""
        shown = f" ({', '.join(map(native_key, self.keys))})" if self.keys else ""
        return (self.about or self.text) + shown


SEPARATOR = None

_GROUPS: tuple[tuple[str, tuple[Command | None, ...]], ...] = (
    (
        noted("File"),
        (
            Command("open", sentence("Open…"), ("Ctrl+O",), sentence("Open {what}", what=READABLE_TEXT)),
            Command("save", sentence("Save"), ("Ctrl+S",), sentence("Write everything to a document")),
            Command("save_as", sentence("Save as…"), ("Ctrl+Shift+S",)),
            SEPARATOR,
            Command(
                "save_script",
                sentence("Save the script as…"),
                (),
                sentence("Write the current column's own script to a file, and execute it there from now on"),
            ),
            Command(
                "export",
                sentence("Export"),
                ("Ctrl+E",),
                sentence("Save the comparison as a picture, a table or a script"),
            ),
            Command(
                "copy_picture",
                sentence("Copy the picture"),
                ("Ctrl+Shift+C",),
                sentence("Copy what is shown, or where draws are selected"),
            ),
            Command(
                "copy_table",
                sentence("Copy the values"),
                ("Ctrl+C",),
                sentence("Copy the selected draws, or all, as a table"),
            ),
            Command(
                "copy_command",
                sentence("Copy the command"),
                (),
                sentence("Copy the line that repeats the current column in a terminal"),
            ),
            SEPARATOR,
            Command("quit", sentence("Quit"), ("Ctrl+Q",)),
        ),
    ),
    (
        noted("Run"),
        (
            Command("run", sentence("Run"), ("Ctrl+R", "F9"), sentence("Run the current column in fresh processes")),
            Command(
                "run_all",
                sentence("Run all columns"),
                ("Ctrl+Shift+R",),
                sentence("Run all columns, one after the other"),
            ),
            Command("once_more", sentence("Once more"), ("+", "="), sentence("Add one run to what is shown")),
            Command("stop", sentence("Stop"), ("Esc",), sentence("Stop the runs in progress; finished runs are kept")),
            SEPARATOR,
            Command(
                "guess",
                sentence("Guess first"),
                ("G",),
                sentence("Cover the values until Space uncovers them, run by run"),
                True,
            ),
            Command("uncover", sentence("Uncover the next run"), ("Space",)),
            SEPARATOR,
            Command(
                "why",
                sentence("Why?"),
                ("W",),
                sentence("Find by experiment what moves the draws of the current column, or the selected"),
            ),
            Command(
                "try_fix",
                sentence("Try it beside this"),
                ("F",),
                sentence("Run a copy of the script with the fix, in a column beside it"),
            ),
            Command(
                "copy_fix",
                sentence("Copy the diff"),
                ("Ctrl+Shift+D",),
                sentence("Copy the fix, for git apply or patch -p1"),
            ),
            Command(
                "save_fix",
                sentence("Save the fix as…"),
                (),
                sentence("Write the fix to a file, as a diff or as the changed script"),
            ),
            SEPARATOR,
            Command(
                "sweep",
                sentence("Sweep…"),
                ("Ctrl+L",),
                sentence("Give a seed many values, and see how each draw is distributed: how lucky is my seed?"),
            ),
        ),
    ),
    (
        noted("Compare"),
        (
            Command(
                "presets",
                sentence("Presets…"),
                ("Ctrl+P",),
                sentence("Search what people ask, and the article's experiments"),
            ),
            SEPARATOR,
            Command(
                "compare_placements",
                sentence("Compare placements"),
                ("Ctrl+1",),
                sentence("Run a column for each placement of the seed"),
            ),
            Command(
                "compare_second",
                sentence("Compare the second choice"),
                ("Ctrl+2",),
                sentence("Run a column for each value of it"),
            ),
            Command(
                "compare_seeds",
                sentence("Compare two seeds"),
                ("Ctrl+3",),
                sentence("Run a column for each of two seeds"),
            ),
        ),
    ),
    (
        noted("Columns"),
        (
            Command(
                "edit",
                sentence("Edit the script"),
                ("E",),
                sentence("Change the text of the current column's script; Esc leaves the editor"),
            ),
            Command(
                "undo_edits",
                sentence("Undo all edits"),
                (),
                sentence("Return to the choices of the experiment, or to the text of the file"),
            ),
            Command(
                "paste",
                sentence("Paste a script"),
                ("Ctrl+V",),
                sentence("Put a script, or the files of some, into new columns"),
            ),
            SEPARATOR,
            Command(
                "pin",
                sentence("Pin this column"),
                ("Ctrl+D",),
                sentence("Keep this column as it is and go on with a copy to its right"),
            ),
            Command("rename", sentence("Rename the column…"), ("F2",), sentence("Give the current column a name")),
            Command(
                "remove", sentence("Remove the column"), ("Ctrl+Backspace",), sentence("Remove the current column")
            ),
            Command("move_left", sentence("Move the column left"), ("Ctrl+Shift+Left",)),
            Command("move_right", sentence("Move the column right"), ("Ctrl+Shift+Right",)),
            SEPARATOR,
            Command("previous", sentence("Previous column"), ("Ctrl+PgUp",)),
            Command("next", sentence("Next column"), ("Ctrl+PgDown",)),
            SEPARATOR,
            Command(
                "undo",
                sentence("Undo the last change"),
                ("Ctrl+Z",),
                sentence("Restore the columns and scenes as they were"),
            ),
            Command(
                "redo",
                sentence("Redo the change"),
                ("Ctrl+Shift+Z", "Ctrl+Y"),
                sentence("Make the undone change again"),
            ),
        ),
    ),
    (
        noted("View"),
        (
            Command(
                "lines",
                sentence("Look: lines"),
                ("L",),
                sentence("Run by run, one line for each element"),
                is_toggle=True,
            ),
            Command(
                "values",
                sentence("Look: values"),
                ("V",),
                sentence("A listing as in a terminal: equal values joined, other digits marked"),
                is_toggle=True,
            ),
            Command(
                "map",
                sentence("Look: map"),
                ("M",),
                sentence("Values as colours, a column for each run; for many values and runs"),
                is_toggle=True,
            ),
            Command(
                "distribution",
                sentence("Look closer"),
                ("Return", "Enter"),
                sentence(
                    "How the selected draw is distributed over its runs: histogram, quantiles, one against another"
                ),
                is_of_drawing=True,
            ),
            SEPARATOR,
            Command(
                "present",
                sentence("Present"),
                ("F5",),
                sentence("Fill the screen and enlarge everything; Esc returns"),
                True,
            ),
            SEPARATOR,
            Command("light", sentence("Theme: light"), is_toggle=True),
            Command("dark", sentence("Theme: dark"), is_toggle=True),
            Command("system", sentence("Theme: as on the desktop"), is_toggle=True),
            Command("switch_theme", sentence("Switch between light and dark"), ("Ctrl+T",)),
            SEPARATOR,
            Command("zoom_in", sentence("Larger"), ("Ctrl++", "Ctrl+=")),
            Command("zoom_out", sentence("Smaller"), ("Ctrl+-",)),
            Command("zoom_reset", sentence("Normal size"), ("Ctrl+0",)),
        ),
    ),
    (
        noted("Talk"),
        (
            Command(
                "take_scene",
                sentence("Take a scene…"),
                ("Ctrl+Shift+N",),
                sentence("Keep what is shown as a scene of a talk"),
            ),
            Command(
                "take_again",
                sentence("Take it again"),
                (),
                sentence("Replace the scene that is shown by what is shown now"),
            ),
            Command(
                "change_scene",
                sentence("Title and notes…"),
                (),
                sentence("Change those of the scene, and how it is shown"),
            ),
            Command(
                "remove_scene",
                sentence("Remove the scene"),
                (),
                sentence("Take the scene that is shown out of the talk"),
            ),
            SEPARATOR,
            Command(
                "next_scene",
                sentence("Next scene"),
                ("PgDown",),
                sentence("Uncover the next run or, where all are seen, go on"),
            ),
            Command(
                "previous_scene",
                sentence("Previous scene"),
                ("PgUp",),
                sentence("Show the scene before, as it was at first"),
            ),
            Command("first_scene", sentence("First scene"), ("Home",)),
            Command("last_scene", sentence("Last scene"), ("End",)),
            Command(
                "blank",
                sentence("Blank the screen"),
                (".", "B"),
                sentence("Cover the screen with black, and uncover it"),
            ),
            Command(
                "swap_screens",
                sentence("Swap the screens"),
                ("X",),
                sentence("Show the notes where the talk is, and the talk there"),
            ),
            SEPARATOR,
            Command(
                "export_talk",
                sentence("Export all scenes…"),
                (),
                sentence("Write a PDF, numbered pictures or a handout of the talk"),
            ),
            Command(
                "strip",
                sentence("Show the scenes"),
                (),
                sentence("Show a small picture of each scene below the columns"),
                True,
            ),
        ),
    ),
    (
        noted("Help"),
        (
            Command("help", sentence("Help"), ("F1",), sentence("All keys, the words, and an answer for each preset")),
            Command(
                "about",
                sentence("About seedlab"),
                (),
                sentence("Versions and licences, and what to copy when asking for help"),
            ),
        ),
    ),
)
"""All commands as the menu has them: the title of each group, and what is in it."""
_ROLES = {"about": QAction.MenuRole.AboutRole, "quit": QAction.MenuRole.QuitRole}
_COMMANDS = tuple(command for _, group in _GROUPS for command in group if command is not None)


def command_of(name: str) -> Command:
    """Return the command called ``name``. Raise KeyError when there is none."""
    return {command.name: command for command in _COMMANDS}[name]


class Commands:
    """The actions of a window; ``handlers`` holds what each command does, by its name."""

    def __init__(self, window: QWidget, handlers: dict[str, Callable[[], object]]) -> None:
        self._actions: dict[str, QAction] = {}
        for command in _COMMANDS:
            action = QAction(command.text, window, checkable=command.is_toggle)
            keys = [QKeySequence(text) for text in command.keys]
            action.setShortcuts(keys)
            if command.is_of_drawing:
                action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.setToolTip(command.tool_tip)
            # macOS has some of its own in the menu with the application's name, and would guess by their texts.
            action.setMenuRole(_ROLES.get(command.name, QAction.MenuRole.NoRole))
            action.triggered.connect(handlers[command.name])
            window.addAction(action)
            self._actions[command.name] = action

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    @property
    def all(self) -> list[QAction]:
        return list(self._actions.values())

    def menu(self, parent: QWidget) -> "CommandMenu":
        """Return a menu with all commands."""
        return CommandMenu(self, parent)


class CommandMenu(QMenu):
    """A menu of menus, one for each group of commands."""

    def __init__(self, commands: Commands, parent: QWidget) -> None:
        super().__init__(parent)
        self.groups: dict[str, QMenu] = {}
        """The menu of each group, by its English title."""
        for title, group in _GROUPS:
            menu = self.groups[title] = self.addMenu(sentence(title))
            for command in group:
                if command is None:
                    menu.addSeparator()
                else:
                    menu.addAction(commands[command.name])
