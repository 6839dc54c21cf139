"""An exception that nobody expected is shown once, can be copied, is written down, and the window goes on."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QThread, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from seedlab.analysis.analyst import Analyst
from seedlab.gui import exception_reporter
from seedlab.gui.about_dialog import AboutDialog
from seedlab.gui.exception_dialog import ExceptionDialog
from seedlab.gui.exception_reporter import ExceptionReporter
from seedlab.gui.main_window import MainWindow
from seedlab.session.diagnostics import diagnostics
from seedlab.session.log import Log
from tests.gui.acting import click, run_to_end, runner_of, show_columns
from tests.gui.conftest import THIS_PYTHON
from tests.helpers.comparisons import placement_column


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    with Log(tmp_path / "log") as made:
        yield made


@pytest.fixture
def reporter(qapp: QApplication, log: Log) -> Iterator[ExceptionReporter]:
    made = ExceptionReporter(log, qapp)
    with made.installed():
        yield made
    made.deleteLater()


@pytest.fixture
def failing_window(quick_window: MainWindow, reporter: ExceptionReporter) -> MainWindow:
    """A window whose exceptions are reported."""
    assert reporter is not None
    return quick_window


def dialogs() -> list[ExceptionDialog]:
    return [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, ExceptionDialog)]


def shown(qtbot: QtBot) -> ExceptionDialog:
    qtbot.waitUntil(lambda: any(dialog.isVisible() for dialog in dialogs()))
    (dialog,) = [dialog for dialog in dialogs() if dialog.isVisible()]
    return dialog


def fail(text: str = "no") -> None:
    raise ValueError(text)


def fail_in_a_slot(window: MainWindow, text: str = "no") -> None:
    timer = QTimer(window, singleShot=True)
    timer.timeout.connect(lambda: fail(text))
    timer.start()


def close(dialog: ExceptionDialog, qtbot: QtBot) -> None:
    dialog.reject()
    qtbot.waitUntil(lambda: dialogs() == [])


def test_a_command_that_fails_is_shown_copied_and_written_down_and_the_window_goes_on(
    failing_window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, log: Log
) -> None:
    monkeypatch.setattr("seedlab.gui.help_window.pages", lambda *_: fail("0.25 is a value"))
    failing_window.commands["help"].trigger()
    dialog = shown(qtbot)
    assert "ValueError: 0.25 is a value" in dialog.text.toPlainText()
    click(dialog.copy_button, qtbot)
    assert QApplication.clipboard().text() == dialog.text.toPlainText()
    run_to_end(failing_window, qtbot)
    assert dialog.isVisible()
    text = log.path.read_text(encoding="utf-8")
    assert "ERROR ValueError" in text
    assert "test_exceptions.py" in text
    assert "0.25" not in text
    close(dialog, qtbot)


def test_there_is_one_dialog_and_what_comes_again_is_counted(failing_window: MainWindow, qtbot: QtBot) -> None:
    for text in ("one", "one", "other", "one"):
        fail_in_a_slot(failing_window, text)
    dialog = shown(qtbot)
    qtbot.waitUntil(lambda: "3 times:" in dialog.text.toPlainText())
    assert dialog.text.toPlainText().count("ValueError: one") == 1
    assert dialog.text.toPlainText().count("ValueError: other") == 1
    close(dialog, qtbot)


def test_what_goes_on_and_on_does_not_come_back_at_once_but_later(
    failing_window: MainWindow, reporter: ExceptionReporter, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, log: Log
) -> None:
    now = [100.0]
    monkeypatch.setattr(exception_reporter, "monotonic", lambda: now[0])
    fail_in_a_slot(failing_window)
    close(shown(qtbot), qtbot)
    for _ in range(7):
        now[0] += 1
        with qtbot.waitSignal(reporter.noted):
            fail_in_a_slot(failing_window)
    assert dialogs() == []
    now[0] += 10
    fail_in_a_slot(failing_window)
    close(shown(qtbot), qtbot)
    assert log.path.read_text(encoding="utf-8").count("ERROR ValueError") == 4, "the 1st, 2nd, 4th and 8th"


class FailingThread(QThread):
    def run(self) -> None:
        fail("elsewhere")


def in_a_thread(_: MainWindow) -> None:
    thread = threading.Thread(target=fail, args=("elsewhere",))
    thread.start()
    thread.join()


def in_a_thread_of_qts(_: MainWindow) -> None:
    thread = FailingThread()
    thread.start()
    thread.wait()


def in_the_event_loop(window: MainWindow) -> None:
    runner_of(window)._loop.call_soon_threadsafe(fail, "elsewhere")


@pytest.mark.parametrize("where", [in_a_thread, in_a_thread_of_qts, in_the_event_loop])
def test_other_threads_are_reported_too(
    failing_window: MainWindow, qtbot: QtBot, where: Callable[[MainWindow], None]
) -> None:
    where(failing_window)
    dialog = shown(qtbot)
    assert "ValueError: elsewhere" in dialog.text.toPlainText()
    run_to_end(failing_window, qtbot)
    close(dialog, qtbot)


def test_an_analysis_that_fails_is_shown_and_the_next_one_is_drawn(
    failing_window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(Analyst, "update", lambda *_, **__: fail("in the analysis"))
        show_columns(failing_window, [placement_column("after-op")], qtbot)
        dialog = shown(qtbot)
    assert "ValueError: in the analysis" in dialog.text.toPlainText()
    show_columns(failing_window, [placement_column("after-graph")], qtbot)
    assert failing_window.comparison.title_label.text() != ""
    close(dialog, qtbot)


def test_closing_the_window_closes_the_dialog(failing_window: MainWindow, qtbot: QtBot) -> None:
    fail_in_a_slot(failing_window)
    shown(qtbot)
    failing_window.close()
    qtbot.waitUntil(lambda: dialogs() == [])


def test_about_shows_and_copies_what_doctor_prints(quick_window: MainWindow, qtbot: QtBot) -> None:
    quick_window.commands["about"].trigger()
    dialog = quick_window.findChild(AboutDialog)
    assert dialog is not None
    click(dialog.copy_button, qtbot)
    copied = QApplication.clipboard().text()
    assert copied == dialog.text.toPlainText()
    # The memory that is free is another one with every look.
    expected = [line for line in diagnostics(THIS_PYTHON).splitlines() if "GiB" not in line]
    assert [line for line in copied.splitlines() if "GiB" not in line] == expected
    dialog.reject()
