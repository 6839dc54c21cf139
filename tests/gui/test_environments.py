"""New environments in the window, made for real by uv from packages of a local folder."""

import contextlib
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from seedlab.engine.environments import environments
from seedlab.gui import environment_work
from seedlab.gui.environment_dialog import EnvironmentDialog, State
from seedlab.gui.main_window import MainWindow
from tests.gui.conftest import RUN_TIMEOUT_MS, THIS_PYTHON, quick_settings
from tests.helpers.package_index import PackageIndex


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PackageIndex:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path))
    index = PackageIndex(tmp_path, monkeypatch)
    index.add("numpy", "1.8")
    index.add("numpy", "2.1", tag="cp37-none-any")
    return index


@pytest.fixture
def window(make_window: Callable[..., MainWindow], index: PackageIndex) -> MainWindow:
    del index
    return make_window(settings=quick_settings(), answer=THIS_PYTHON)


def opened(window: MainWindow, qtbot: QtBot) -> EnvironmentDialog:
    """The dialog, opened as a person does by the last entry of the list."""
    box = window.panel.engine_form.interpreter_box
    assert box.itemText(box.count() - 1) == "New environment…"
    box.activated.emit(box.count() - 1)
    qtbot.waitUntil(lambda: bool(dialogs(window)))
    return dialogs(window)[0]


def dialogs(window: MainWindow) -> list[EnvironmentDialog]:
    return [each for each in window.findChildren(EnvironmentDialog) if each.isVisible()]


def press(button: QPushButton, qtbot: QtBot) -> None:
    assert button.isVisible()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def settled(dialog: EnvironmentDialog, qtbot: QtBot) -> State:
    qtbot.waitUntil(lambda: dialog.state is not State.WORKING, timeout=RUN_TIMEOUT_MS)
    return dialog.state


def ask(dialog: EnvironmentDialog, library: str, version: str, qtbot: QtBot) -> State:
    dialog.library_box.setCurrentIndex(dialog.library_box.findText(library))
    dialog.version_edit.setText(version)
    press(dialog.go_button, qtbot)
    return settled(dialog, qtbot)


def test_one_is_made_chosen_and_removed(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    dialog = opened(window, qtbot)
    dialog.version_edit.setText("2.15 --pre")
    assert not dialog.go_button.isEnabled()
    assert ask(dialog, "NumPy", "1.8", qtbot) is State.AGREEING
    shown = [[dialog.table.item(row, column).text() for column in range(2)] for row in range(dialog.table.rowCount())]
    assert shown == [["numpy", "1.8"]]
    assert environments() == ()
    press(dialog.go_button, qtbot)
    assert settled(dialog, qtbot) is State.ENDED
    (made,) = environments()
    session, box = window.session, window.panel.engine_form.interpreter_box
    qtbot.waitUntil(lambda: box.currentText() == made.title, timeout=RUN_TIMEOUT_MS)
    assert session.interpreter is not None
    assert session.interpreter.executable == made.executable
    press(dialog.back_button, qtbot)
    dialog.list.setCurrentRow(0)
    press(dialog.remove_button, qtbot)
    assert settled(dialog, qtbot) is State.ENDED
    assert "makes the runs of a column here" in dialog.text_label.text()
    press(dialog.go_button, qtbot)
    session.pythons.choose(sys.executable)
    qtbot.waitUntil(lambda: session.interpreter is not None and session.interpreter.executable == sys.executable)
    dialog = opened(window, qtbot)
    dialog.list.setCurrentRow(0)
    press(dialog.remove_button, qtbot)
    assert settled(dialog, qtbot) is State.REMOVING
    press(dialog.go_button, qtbot)
    assert settled(dialog, qtbot) is State.ENDED
    assert environments() == ()
    assert [*(tmp_path / "data/seedlab/environments").iterdir()] == []
    assert made.title not in [box.itemText(number) for number in range(box.count())]
    press(dialog.go_button, qtbot)


def test_what_no_python_here_can_have_is_said_and_uv_may_fetch_one(window: MainWindow, qtbot: QtBot) -> None:
    dialog = opened(window, qtbot)
    assert ask(dialog, "NumPy", "3.0", qtbot) is State.ENDED
    assert "There is no numpy==3.0.*" in dialog.text_label.text()
    assert not dialog.fetch_button.isVisible()
    press(dialog.back_button, qtbot)
    assert dialog.state is State.ASKING
    dialog.reject()


@pytest.mark.parametrize("way", ["cancel", "close the window", "back"])
def test_whatever_ends_it_nothing_is_left(
    window: MainWindow, qtbot: QtBot, index: PackageIndex, tmp_path: Path, way: str
) -> None:
    begun = tmp_path / "begun"
    os.mkfifo(begun)
    reading = os.open(begun, os.O_RDONLY | os.O_NONBLOCK)
    index.add_endless(begun)
    dialog = opened(window, qtbot)
    if way == "back":
        assert ask(dialog, "NumPy", "1.8", qtbot) is State.AGREEING
        place = tmp_path / "data/seedlab/environments"
        assert [each.name for each in place.glob("numpy*py*")] != []
        press(dialog.back_button, qtbot)
        qtbot.waitUntil(lambda: not [*place.iterdir()])
        dialog.reject()
    else:
        dialog.packages_edit.setText("slow")
        assert ask(dialog, "Packages of your own", "", qtbot) is State.ENDED
        assert "as source alone" in dialog.text_label.text()
        press(dialog.build_button, qtbot)
        assert settled(dialog, qtbot) is State.AGREEING
        press(dialog.go_button, qtbot)
        seen: list[bytes] = []
        qtbot.waitUntil(lambda: read_into(reading, seen) or dialog.state is not State.WORKING, timeout=RUN_TIMEOUT_MS)
        assert dialog.state is State.WORKING, dialog.text_label.text()
        if way == "cancel":
            press(dialog.cancel_button, qtbot)
        else:
            window.close()
    os.close(reading)
    assert not dialog.work.isRunning()
    assert [*(tmp_path / "data/seedlab/environments").iterdir()] == []


def read_into(reading: int, seen: list[bytes]) -> bool:
    """Add what the pipe has, and return True once there was something."""
    with contextlib.suppress(BlockingIOError):
        seen += [data] if (data := os.read(reading, 100)) else []
    return bool(seen)


@pytest.mark.parametrize(
    ("error", "said"),
    [(OSError(28, "full"), "no room left on the disk"), (ValueError("a fault"), "ValueError: a fault")],
)
def test_what_goes_wrong_in_the_thread_ends_the_work(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    def fails() -> None:
        raise error

    # The last is a fault of seedlab's own, of which there is none to be had.
    monkeypatch.setattr(environment_work, "sweep", fails)
    dialog = opened(window, qtbot)
    assert ask(dialog, "NumPy", "1.8", qtbot) is State.ENDED
    assert said in dialog.text_label.text()
    dialog.reject()


def test_escape_does_not_close_it_while_an_environment_is_removed(window: MainWindow, qtbot: QtBot) -> None:
    dialog = opened(window, qtbot)
    assert ask(dialog, "NumPy", "1.8", qtbot) is State.AGREEING
    press(dialog.go_button, qtbot)
    assert settled(dialog, qtbot) is State.ENDED
    session = window.session
    qtbot.waitUntil(lambda: session.interpreter is not None and session.interpreter.executable != sys.executable)
    session.pythons.choose(sys.executable)
    qtbot.waitUntil(lambda: session.interpreter is not None and session.interpreter.executable == sys.executable)
    press(dialog.back_button, qtbot)
    (made,) = environments()
    Path(made.executable).unlink()
    press(dialog.go_button, qtbot)
    settled(dialog, qtbot)
    press(dialog.back_button, qtbot)
    dialog.list.setCurrentRow(0)
    assert "is gone" in dialog.list.item(0).text()
    press(dialog.remove_button, qtbot)
    assert settled(dialog, qtbot) is State.REMOVING
    press(dialog.go_button, qtbot)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert settled(dialog, qtbot) is State.ENDED
    assert environments() == ()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialogs(window)
