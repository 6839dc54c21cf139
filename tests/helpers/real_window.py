"""The program's real window in a process of its own, acted on from within, as ``python -m tests.helpers.real_window``.

Its arguments are an action, a Python for the runs, and what the action needs. What is to be known is printed.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QPushButton

from seedlab.gui.app import open_window
from seedlab.gui.exception_dialog import ExceptionDialog
from seedlab.gui.main_window import MainWindow
from seedlab.gui.recovery_dialog import RecoveryDialog
from seedlab.session import recovery, settings
from seedlab.session.settings import Settings
from seedlab.study.lab import Column

LOOK_MS = 10
HANGING = """
import os, signal
for number in range(100):
    try:
        os.mkdir({folder!r} + f"/{{number}}")
        break
    except FileExistsError:
        pass
if {hangs}:
    signal.pause()
print("x:", number)
"""


def say(**what: object) -> None:
    print(json.dumps(what), flush=True)


def when(parent: QObject, is_so: Callable[[], object], then: Callable[[], object]) -> None:
    """Call ``then`` once ``is_so``."""
    timer = QTimer(parent, interval=LOOK_MS)

    def look() -> None:
        if is_so():
            timer.stop()
            then()

    timer.timeout.connect(look)
    timer.start()


def press(dialog: QObject | None, text: str) -> None:
    assert dialog is not None
    next(b for b in dialog.findChildren(QPushButton) if b.text().replace("&", "") == text).click()


def lines_kept() -> int:
    return sum(path.read_bytes().count(b"\n") for path in recovery.default_folder().glob("*/runs-*"))


def batch(window: MainWindow, folder: str, finishing: str, kept: str) -> None:
    """Run a script ten times that hangs from some run on; say so once ``kept`` runs are kept, by all windows."""
    run_until_kept(window, folder, f"number >= {int(finishing)}", int(kept))


def uneven(window: MainWindow, folder: str, kept: str) -> None:
    """Run a script ten times, two at a time, that hangs in its first run; say so once ``kept`` runs are kept."""
    window.session.change_settings(jobs=2)
    run_until_kept(window, folder, "number == 0", int(kept))


def run_until_kept(window: MainWindow, folder: str, hangs: str, kept: int) -> None:
    def start() -> None:
        column = Column(name=folder, experiment=None, script=HANGING.format(folder=folder, hangs=hangs))
        session = window.session
        lane = session.arrangement.lane
        own = type(lane)(key=lane.key, column=column, chosen=None, title="own")
        session.arrange(session.arrangement.with_lane(0, own))
        session.runs.run()
        when(window, lambda: lines_kept() == kept, lambda: say(kept=lines_kept(), is_busy=session.is_busy))

    when(window, lambda: window.session.interpreter is not None, start)


def restore(window: MainWindow) -> None:
    """Restore what is offered first, say what it is, and close."""

    def on_offered() -> None:
        dialog = window.findChild(RecoveryDialog)
        assert dialog is not None
        offered = dialog.list.count()
        press(dialog, "Restore")
        when(window, lambda: window.comparison.is_complete, lambda: tell(offered))

    def tell(offered: int) -> None:
        (column,) = window.session.lab().columns
        values = [run.draws[0].array.item() for run in column.runs]
        say(offered=offered, values=values, title=window.comparison.title_label.text())
        window.documents.document.let_go()
        window.close()

    when(window, lambda: window.findChild(RecoveryDialog), on_offered)


def fail(window: MainWindow) -> None:
    """Raise an exception in a slot, say what is shown, and close."""

    def on_shown() -> None:
        dialog = window.findChild(ExceptionDialog)
        assert dialog is not None
        say(shown=dialog.text.toPlainText())
        window.close()

    def raise_in_a_slot() -> None:
        raise ValueError(f"the value 0.25 of {Path.home()}")

    timer = QTimer(window, singleShot=True)
    timer.timeout.connect(raise_in_a_slot)
    timer.start()
    when(window, lambda: window.findChild(ExceptionDialog), on_shown)


ACTIONS: dict[str, Callable[..., None]] = {"batch": batch, "uneven": uneven, "restore": restore, "fail": fail}


def main(action: str, python: str, *arguments: str) -> int:
    settings.save(settings.default_path(), Settings(runs=10, jobs=1, start="cold"))
    execute = QApplication.exec

    def act() -> None:
        (window,) = [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, MainWindow)]
        ACTIONS[action](window, *arguments)

    def act_and_execute(*_: object) -> int:
        QTimer.singleShot(0, act)
        return execute()

    QApplication.exec = act_and_execute  # type: ignore[method-assign]
    return open_window(python)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
