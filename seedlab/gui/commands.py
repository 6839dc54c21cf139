"""All commands of the window in one list, from which the menu, the keys and the page of keys are made."""

from collections.abc import Callable

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from seedlab.documents.files import READABLE_TEXT


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
        "File",
        (
            Command("open", "Open…", ("Ctrl+O",), f"Open {READABLE_TEXT}"),
            Command("save", "Save", ("Ctrl+S",), "Write everything to a document"),
            Command("save_as", "Save as…", ("Ctrl+Shift+S",)),
            SEPARATOR,
            Command("export", "Export", ("Ctrl+E",), "Save the comparison as a picture, a table or a script"),
            Command(
                "copy_picture",
                "Copy the picture",
                ("Ctrl+Shift+C",),
                "Copy what is shown, or where draws are selected",
            ),
            Command("copy_table", "Copy the values", ("Ctrl+C",), "Copy the selected draws, or all, as a table"),
            Command(
                "copy_command", "Copy the command", (), "Copy the line that repeats the current column in a terminal"
            ),
            SEPARATOR,
            Command("quit", "Quit", ("Ctrl+Q",)),
        ),
    ),
    (
        "Run",
        (
            Command("run", "Run", ("Ctrl+R", "F9"), "Run the current column in fresh processes"),
            Command("run_all", "Run all columns", ("Ctrl+Shift+R",), "Run all columns, one after the other"),
            Command("once_more", "Once more", ("+", "="), "Add one run to what is shown"),
            Command("stop", "Stop", ("Esc",), "Stop the runs in progress; finished runs are kept"),
            SEPARATOR,
            Command("guess", "Guess first", ("G",), "Cover the values until Space uncovers them, run by run", True),
            Command("uncover", "Uncover the next run", ("Space",)),
            SEPARATOR,
            Command(
                "why", "Why?", ("W",), "Find by experiment what moves the draws of the current column, or the selected"
            ),
            Command(
                "try_fix", "Try it beside this", ("F",), "Run a copy of the script with the fix, in a column beside it"
            ),
            Command("copy_fix", "Copy the diff", ("Ctrl+Shift+D",), "Copy the fix, for git apply or patch -p1"),
            Command("save_fix", "Save the fix as…", (), "Write the fix to a file, as a diff or as the changed script"),
            SEPARATOR,
            Command(
                "sweep",
                "Sweep…",
                ("Ctrl+L",),
                "Give a seed many values, and see how each draw is distributed: how lucky is my seed?",
            ),
        ),
    ),
    (
        "Compare",
        (
            Command("presets", "Presets…", ("Ctrl+P",), "Search what people ask, and the article's experiments"),
            SEPARATOR,
            Command(
                "compare_placements", "Compare placements", ("Ctrl+1",), "Run a column for each placement of the seed"
            ),
            Command("compare_second", "Compare the second choice", ("Ctrl+2",), "Run a column for each value of it"),
            Command("compare_seeds", "Compare two seeds", ("Ctrl+3",), "Run a column for each of two seeds"),
        ),
    ),
    (
        "Columns",
        (
            Command(
                "edit",
                "Edit the script",
                ("E",),
                "Change the text of the current column's script; Esc leaves the editor",
            ),
            Command(
                "undo_edits",
                "Undo all edits",
                (),
                "Return to the choices of the experiment, or to the text of the file",
            ),
            Command("paste", "Paste a script", ("Ctrl+V",), "Put a script, or the files of some, into new columns"),
            SEPARATOR,
            Command(
                "pin", "Pin this column", ("Ctrl+D",), "Keep this column as it is and go on with a copy to its right"
            ),
            Command("rename", "Rename the column…", ("F2",), "Give the current column a name"),
            Command("remove", "Remove the column", ("Ctrl+Backspace",), "Remove the current column"),
            Command("move_left", "Move the column left", ("Ctrl+Shift+Left",)),
            Command("move_right", "Move the column right", ("Ctrl+Shift+Right",)),
            SEPARATOR,
            Command("previous", "Previous column", ("Ctrl+PgUp",)),
            Command("next", "Next column", ("Ctrl+PgDown",)),
            SEPARATOR,
            Command("undo", "Undo the last change", ("Ctrl+Z",), "Restore the columns and scenes as they were"),
            Command("redo", "Redo the change", ("Ctrl+Shift+Z", "Ctrl+Y"), "Make the undone change again"),
        ),
    ),
    (
        "View",
        (
            Command("lines", "Look: lines", ("L",), "Run by run, one line for each element", is_toggle=True),
            Command(
                "values",
                "Look: values",
                ("V",),
                "A listing as in a terminal: equal values joined, other digits marked",
                is_toggle=True,
            ),
            Command(
                "map",
                "Look: map",
                ("M",),
                "Values as colours, a column for each run; for many values and runs",
                is_toggle=True,
            ),
            Command(
                "distribution",
                "Look closer",
                ("Return", "Enter"),
                "How the selected draw is distributed over its runs: histogram, quantiles, one against another",
                is_of_drawing=True,
            ),
            SEPARATOR,
            Command("present", "Present", ("F5",), "Fill the screen and enlarge everything; Esc returns", True),
            SEPARATOR,
            Command("light", "Theme: light", is_toggle=True),
            Command("dark", "Theme: dark", is_toggle=True),
            Command("system", "Theme: as on the desktop", is_toggle=True),
            Command("switch_theme", "Switch between light and dark", ("Ctrl+T",)),
            SEPARATOR,
            Command("zoom_in", "Larger", ("Ctrl++", "Ctrl+=")),
            Command("zoom_out", "Smaller", ("Ctrl+-",)),
            Command("zoom_reset", "Normal size", ("Ctrl+0",)),
        ),
    ),
    (
        "Talk",
        (
            Command(
                "take_scene",
                "Take a scene…",
                ("Ctrl+Shift+N",),
                "Keep what is shown as a scene of a talk",
            ),
            Command("take_again", "Take it again", (), "Replace the scene that is shown by what is shown now"),
            Command("change_scene", "Title and notes…", (), "Change those of the scene, and how it is shown"),
            Command("remove_scene", "Remove the scene", (), "Take the scene that is shown out of the talk"),
            SEPARATOR,
            Command("next_scene", "Next scene", ("PgDown",), "Uncover the next run or, where all are seen, go on"),
            Command("previous_scene", "Previous scene", ("PgUp",), "Show the scene before, as it was at first"),
            Command("first_scene", "First scene", ("Home",)),
            Command("last_scene", "Last scene", ("End",)),
            Command("blank", "Blank the screen", (".", "B"), "Cover the screen with black, and uncover it"),
            Command("swap_screens", "Swap the screens", ("X",), "Show the notes where the talk is, and the talk there"),
            SEPARATOR,
            Command("export_talk", "Export all scenes…", (), "Write a PDF, numbered pictures or a handout of the talk"),
            Command("strip", "Show the scenes", (), "Show a small picture of each scene below the columns", True),
        ),
    ),
    (
        "Help",
        (
            Command("help", "Help", ("F1",), "All keys, the words, and an answer for each preset"),
            Command("about", "About seedlab", (), "Versions and licences, and what to copy when asking for help"),
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
        """The menu of each group, by its title."""
        for title, group in _GROUPS:
            menu = self.groups[title] = self.addMenu(title)
            for command in group:
                if command is None:
                    menu.addSeparator()
                else:
                    menu.addAction(commands[command.name])
