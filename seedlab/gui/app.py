"""Opening the window, or printing in one line why it cannot be opened here."""

import gc
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

from seedlab import APPLICATION_NAME
from seedlab.documents.programs import is_script
from seedlab.engine.clusters import is_on_cluster, named_cluster
from seedlab.engine.engine import end_requests
from seedlab.engine.own_python import own_python
from seedlab.errors import ScreenError
from seedlab.messages.window import not_opened_text
from seedlab.phrases import following, sentence

WITHOUT_WINDOW = sentence("Without a window, “seedlab run before-graph” does the same.")
MOST_WINDOWS = 8
"""The most other windows that are opened at once."""
_WITHOUT_TALK = sentence("Without a window, “seedlab talk NAME --export talk.pdf” writes the scenes.")


def open_window(python: str | None = None, documents: Sequence[Path] = (), *, is_talk: bool = False) -> int:
    """Open the window and return the exit status once it is closed. Raise `ScreenError` when it cannot be opened.

    ``python`` names the interpreter to begin with, as for `seedlab.engine.pythons.find_executable`, or a cluster;
    ``documents`` are opened at once, scripts side by side, and what has no place in the window in windows of their own;
    with ``is_talk`` the first scene fills the screen.
    """
    environment = dict(os.environ)
    instead = _WITHOUT_TALK if is_talk else WITHOUT_WINDOW
    _check_screen(instead)
    try:
        from PySide6.QtCore import QtMsgType, qInstallMessageHandler
        from PySide6.QtWidgets import QApplication
    except ImportError as error:
        library = str(error).partition(":")[0]
        raise ScreenError(
            sentence("Qt needs the system library {library}, which is not installed.", library=library),
            following(
                sentence("On Debian and Ubuntu: apt-get install libegl1 libgl1 libxkbcommon-x11-0 libdbus-1-3."),
                instead,
            ),
        ) from error

    def on_message(kind: QtMsgType, _context: object, message: str) -> None:
        # Qt aborts the process after a fatal message, so this is the last moment to print something useful.
        if kind is QtMsgType.QtFatalMsg:
            reason = message.strip().splitlines()[0]
            print(
                following(sentence("seedlab: Qt cannot open a window: {reason}", reason=reason), instead),
                file=sys.stderr,
                flush=True,
            )
            os._exit(2)

    previous = qInstallMessageHandler(on_message)
    with end_requests() as asked:
        # By this name desktops know whose window it is, however seedlab was started.
        application = QApplication([APPLICATION_NAME])
        qInstallMessageHandler(previous)
        from seedlab.gui.exception_reporter import reporting
        from seedlab.gui.garbage import collecting

        with collecting(application), reporting(application):
            here, elsewhere = _placed(documents)
            left = [each for each in elsewhere[:MOST_WINDOWS] if not _open_elsewhere(each, python, environment)]
            left += elsewhere[MOST_WINDOWS:]
            said = not_opened_text([each.name for each in left]) if left else ""
            return _show_window(application, asked, python, here, said, is_talk=is_talk)


def _placed(documents: Sequence[Path]) -> tuple[Sequence[Path], Sequence[Path]]:
    """Return the ``documents`` that one window shows, and the others."""
    scripts = [each for each in documents if is_script(each.name)]
    if scripts:
        return scripts, [each for each in documents if not is_script(each.name)]
    return documents[:1], documents[1:]


def _open_elsewhere(document: Path, python: str | None, environment: Mapping[str, str]) -> bool:
    """Start another seedlab with ``document``, which stays when this one ends; return False where that fails."""
    from PySide6.QtCore import QProcess, QProcessEnvironment

    isolated = ["-I"] * sys.flags.isolated + ["-B"] * sys.flags.dont_write_bytecode
    chosen = [] if python is None else ["--python", python]
    process = QProcess()
    process.setProgram(own_python())
    process.setArguments([*isolated, "-m", "seedlab", *chosen, "--from-desktop", str(document.absolute())])
    variables = QProcessEnvironment()
    for name, value in environment.items():
        variables.insert(name, value)
    process.setProcessEnvironment(variables)
    # Its stubs say that this is a tuple.
    return cast("bool", process.startDetached())


def _show_window(
    application: object, asked: int, python: str | None, documents: Sequence[Path], said: str, *, is_talk: bool
) -> int:
    """Show the window, which says ``said``, until it is closed, or ``asked`` is readable: somebody asks for the end."""
    from PySide6.QtCore import QSocketNotifier
    from PySide6.QtWidgets import QApplication

    from seedlab import APPLICATION_ID, APPLICATION_TITLE
    from seedlab.gui.first_paint import FirstPaint
    from seedlab.gui.icon import application_icon
    from seedlab.gui.main_window import MainWindow
    from seedlab.gui.open_requests import OpenRequests
    from seedlab.gui.qt_texts import translate_qt
    from seedlab.gui.runner_thread import RunnerThread
    from seedlab.session import recovery, settings

    assert isinstance(application, QApplication)
    application.setApplicationName(APPLICATION_NAME)
    application.setApplicationDisplayName(APPLICATION_TITLE)
    application.setDesktopFileName(APPLICATION_ID)
    application.setWindowIcon(application_icon())
    translate_qt(application)
    settings_path = settings.default_path()
    found, problem = settings.load(settings_path)
    runner = RunnerThread(named_cluster(python) if python is not None and is_on_cluster(python) else None)
    recovery_folder = recovery.default_folder()
    window = MainWindow(runner, found, settings_path=settings_path, recovery_folder=recovery_folder, tries_causes=True)
    window.session.say(following(problem, said))
    runner.start()
    runner.ask(python)
    FirstPaint(window, import_what_draws_values)
    if found.is_maximised:
        window.showMaximized()
    else:
        window.show()
    # It lives as long as the application.
    OpenRequests(application, window.documents.open)
    if documents:
        window.documents.open(*documents, then=window.give_talk if is_talk else lambda: None)
    else:
        window.documents.offer_recovery(window.theme)
    # The objects made so far stay, so the garbage collector need not visit them, now or while values arrive.
    gc.freeze()
    # Qt waits in C, where Python cannot call the handler of a signal: a socket wakes it.
    notifier = QSocketNotifier(asked, QSocketNotifier.Type.Read)

    def end() -> None:
        notifier.setEnabled(False)
        window.end()

    notifier.activated.connect(end)
    try:
        return application.exec()
    finally:
        notifier.setEnabled(False)
        runner.close()
        # Plots that outlive the application crash at exit, so the window is released while both exist.
        window.deleteLater()
        application.processEvents()


def import_what_draws_values() -> None:
    """Import it before there are values: it takes a fifth of the time in which a window opens."""
    import pyqtgraph  # noqa: F401  # That it is imported is all.

    gc.freeze()


def _check_screen(instead: str) -> None:
    """Raise `ScreenError`, with ``instead``, when there is certainly no screen; in doubt, Qt finds out."""
    if sys.platform.startswith("linux") and not any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    ):
        raise ScreenError(sentence("There is no screen to open a window on."), instead)
