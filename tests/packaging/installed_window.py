"""Executed by a Python that has seedlab installed: its window makes runs, exports a picture, and is closed.

Its arguments are a preset, the picture to write, and the folder that must not be imported from. Imports nothing of the
tests.
"""

import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

import seedlab
from seedlab import __main__ as command
from seedlab.gui import file_dialogs
from seedlab.gui.export_dialog import ExportDialog
from seedlab.gui.main_window import MainWindow
from seedlab.libraries.presets import PRESETS
from seedlab.session import settings
from seedlab.session.settings import SavedColumn, Settings

LOOK_MS = 10


def when(window: MainWindow, is_so: Callable[[], object], then: Callable[[], object]) -> None:
    timer = QTimer(window, interval=LOOK_MS)

    def look() -> None:
        if is_so():
            timer.stop()
            then()

    timer.timeout.connect(look)
    timer.start()


def act(window: MainWindow, picture: Path) -> None:
    """Press Run and Export as a person does; what a person is asked for, a name, is answered."""
    file_dialogs.file_to_save = lambda *_: str(picture)
    run = window.panel.run_controls.run_button

    def export() -> None:
        window.export_actions.export(window.theme, None)
        dialog = window.findChild(ExportDialog)
        assert dialog is not None
        dialog.save_button.click()
        when(window, lambda: picture.exists() and window.findChild(ExportDialog) is None, close)

    def close() -> None:
        window.documents.document.let_go()
        window.close()

    def press() -> None:
        run.click()
        when(window, lambda: not window.session.is_busy and window.is_drawn and has_runs(window), export)

    when(window, lambda: window.session.interpreter is not None and run.isEnabled(), press)


def has_runs(window: MainWindow) -> bool:
    return len(window.session.lab().columns[0].runs) == window.session.settings.runs


def main(preset: str, picture: str, tree: str) -> int:
    assert not Path(seedlab.__file__).is_relative_to(tree), seedlab.__file__
    column = SavedColumn.of(PRESETS[preset].experiment)
    settings.save(settings.default_path(), Settings(columns=(column,), runs=3))
    execute = QApplication.exec

    def begin() -> None:
        (window,) = [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, MainWindow)]
        act(window, Path(picture))

    def begin_and_execute(*_: object) -> int:
        QTimer.singleShot(0, begin)
        return execute()

    QApplication.exec = begin_and_execute  # type: ignore[method-assign]
    sys.argv[1:] = []
    return command.main()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
