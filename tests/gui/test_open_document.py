"""Documents at the window: saved, opened, dropped, asked about, recovered; nothing opened is ever run."""

import datetime
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from seedlab.documents.files import read_lab
from seedlab.export.files import write_export
from seedlab.gui.main_window import MainWindow
from seedlab.gui.trust_dialog import TrustDialog
from seedlab.libraries.presets import PRESETS
from seedlab.results.environment import Interpreter
from seedlab.session import recovery
from seedlab.study.lab import Column, Lab
from tests.gui.acting import click, figure_of, press_keys, run_to_end
from tests.gui.conftest import THIS_PYTHON, quick_settings

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "recovery"


@pytest.fixture
def window(make_window: Callable[..., MainWindow], folder: Path) -> MainWindow:
    """A window that asks before results are lost."""
    return make_window(settings=quick_settings(), answer=THIS_PYTHON, recovery_folder=folder)


def choose(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    """Have the file dialogs answer ``path``."""
    for name in ("getSaveFileName", "getOpenFileName"):
        monkeypatch.setattr(QFileDialog, name, lambda *_: (str(path), ""))


def wait_for_desk(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not window.desk.background.is_busy)
    qtbot.waitUntil(lambda: window.comparison.is_complete)


def box_of(window: MainWindow, name: str) -> QMessageBox:
    box = window.findChild(QMessageBox, name)
    assert box is not None
    return box


def answer(window: MainWindow, name: str, button: str, qtbot: QtBot) -> None:
    """Press a button of the box that asks."""
    box = box_of(window, name)
    click(next(b for b in box.buttons() if b.text().replace("&", "") == button), qtbot)
    qtbot.waitUntil(lambda: window.findChild(QMessageBox, name) is None)


def test_save_and_open_bring_everything_back(
    window: MainWindow, make_window: Callable[..., MainWindow], qtbot: QtBot, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    run_to_end(window, qtbot, window.commands["compare_placements"].trigger)
    window.set_look("values")
    choose(monkeypatch, tmp_path / "mine.seedlab")
    assert window.windowTitle() == "not saved*"
    press_keys(window, qtbot, Qt.Key.Key_S, CONTROL)
    wait_for_desk(window, qtbot)
    assert window.windowTitle() == "mine.seedlab"
    assert not window.desk.is_dirty
    other = make_window(settings=quick_settings(), answer=THIS_PYTHON)
    press_keys(other, qtbot, Qt.Key.Key_O, CONTROL)
    wait_for_desk(other, qtbot)
    assert other.lab().columns == window.lab().columns
    assert other.lab().view == window.lab().view
    assert figure_of(other).headline == figure_of(window).headline
    assert other.windowTitle() == "mine.seedlab"


def test_a_second_save_asks_no_more(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mine.seedlab"
    choose(monkeypatch, path)
    run_to_end(window, qtbot)
    window.commands["save"].trigger()
    wait_for_desk(window, qtbot)
    choose(monkeypatch, tmp_path / "never.seedlab")
    run_to_end(window, qtbot, window.once_more)
    assert window.windowTitle() == "mine.seedlab*"
    window.commands["save"].trigger()
    wait_for_desk(window, qtbot)
    assert len(read_lab(path).columns[0].runs) == 4
    assert not (tmp_path / "never.seedlab").exists()


@pytest.mark.parametrize("ending", [".png", ".svg", ".seedlab", ".json"])
def test_a_picture_dropped_on_the_window_runs_again(
    window: MainWindow, make_window: Callable[..., MainWindow], qtbot: QtBot, tmp_path: Path, ending: str
) -> None:
    run_to_end(window, qtbot)
    path = tmp_path / f"figure{ending}"
    write_export(window.lab(), path)
    other = make_window(settings=quick_settings(), answer=THIS_PYTHON)
    drop(other, path)
    wait_for_desk(other, qtbot)
    assert other.column.runs == window.column.runs
    assert (other.desk.path is None) is (ending != ".seedlab"), "a picture is not saved over"
    run_to_end(other, qtbot)
    assert [run.draws for run in other.column.runs] == [run.draws for run in window.column.runs]


def drop(window: MainWindow, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    place = QPointF(window.rect().center())
    nothing, left = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    enter = QDragEnterEvent(place.toPoint(), Qt.DropAction.CopyAction, data, left, nothing)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(window, QDropEvent(place, Qt.DropAction.CopyAction, data, left, nothing))


def test_what_cannot_be_opened_is_said_and_changes_nothing(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    run_to_end(window, qtbot)
    window.desk.let_go()
    before = window.lab().columns
    (tmp_path / "broken.seedlab").write_bytes(b'{"format": "seedlab", "version": 1, "experiments": [{}]}')
    window.desk.open(tmp_path / "broken.seedlab")
    wait_for_desk(window, qtbot)
    assert "broken.seedlab" in window.comparison.message_label.text()
    assert window.lab().columns == before
    window.desk.open(tmp_path / "missing.seedlab")
    wait_for_desk(window, qtbot)
    assert "missing.seedlab" in window.comparison.message_label.text()


def test_a_document_without_columns_is_said_and_changes_nothing(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    before = window.arrangement
    write_export(Lab.of([]), tmp_path / "empty.seedlab")
    window.desk.open(tmp_path / "empty.seedlab")
    wait_for_desk(window, qtbot)
    assert "holds no columns" in window.comparison.message_label.text()
    assert window.arrangement == before


def test_a_place_that_cannot_be_written_is_said_and_the_results_stay_unsaved(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_to_end(window, qtbot)
    choose(monkeypatch, tmp_path / "no folder" / "mine.seedlab")
    window.commands["save"].trigger()
    wait_for_desk(window, qtbot)
    assert "no folder" in window.comparison.message_label.text()
    assert window.desk.is_dirty
    choose(monkeypatch, tmp_path / "mine.doc")
    window.commands["save_as"].trigger()
    assert ".seedlab" in window.comparison.message_label.text()
    assert list(tmp_path.glob("mine*")) == []


def test_closing_asks_for_unsaved_results(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_to_end(window, qtbot)
    window.close()
    assert window.isVisible()
    answer(window, "ask_to_save", "Cancel", qtbot)
    assert window.isVisible()
    assert window.desk.is_dirty
    choose(monkeypatch, tmp_path / "mine.seedlab")
    window.close()
    answer(window, "ask_to_save", "Save", qtbot)
    qtbot.waitUntil(lambda: not window.isVisible())
    assert len(read_lab(tmp_path / "mine.seedlab").columns[0].runs) == 3


def test_closing_without_results_asks_nothing(window: MainWindow) -> None:
    assert window.close()


def test_opening_asks_for_unsaved_results(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    run_to_end(window, qtbot)
    path = tmp_path / "mine.seedlab"
    write_export(Lab.of([replace(window.column, name="theirs")]), path)
    run_to_end(window, qtbot)
    mine = window.column.runs
    window.desk.open(path)
    wait_for_desk(window, qtbot)
    assert box_of(window, "ask_to_save").text() == "These results will be gone."
    answer(window, "ask_to_save", "Cancel", qtbot)
    assert window.column.runs is mine
    window.desk.open(path)
    wait_for_desk(window, qtbot)
    answer(window, "ask_to_save", "Discard", qtbot)
    wait_for_desk(window, qtbot)
    assert window.arrangement.names == ("theirs",)


def test_a_document_opened_while_runs_go_on_gets_none_of_them(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    run_to_end(window, qtbot)
    write_export(window.lab(), tmp_path / "mine.seedlab")
    window.desk.let_go()
    mine = window.lab().columns
    window.panel.runs_box.setValue(200)
    window.run()
    qtbot.waitUntil(lambda: len(window.column.runs) > 3)
    window.show_lab(read_lab(tmp_path / "mine.seedlab"))
    qtbot.waitUntil(lambda: not window._queue.is_busy)
    assert window.lab().columns == mine


def test_recent_documents_can_be_opened_again(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(monkeypatch, tmp_path / "mine.seedlab")
    run_to_end(window, qtbot)
    window.commands["save"].trigger()
    wait_for_desk(window, qtbot)
    window._fill_recent()
    (recent,) = window._recent_menu.actions()
    assert recent.text() == "mine.seedlab"
    saved = window.column.runs
    run_to_end(window, qtbot)
    window.desk.let_go()
    recent.trigger()
    wait_for_desk(window, qtbot)
    assert window.column.runs == saved


# --- recovery ----------------------------------------------------------------------------------


def ended_process() -> int:
    """The number of a process that has just ended."""
    pid = os.posix_spawn(sys.executable, [sys.executable, "-c", ""], dict(os.environ))
    os.waitpid(pid, 0)
    return pid


def test_unsaved_results_of_a_killed_window_are_offered_at_the_next_start(
    window: MainWindow, make_window: Callable[..., MainWindow], qtbot: QtBot, folder: Path
) -> None:
    run_to_end(window, qtbot)
    own = recovery.own_path(folder)
    qtbot.waitUntil(own.exists)
    own.rename(folder / f"recovery-{ended_process()}.msgpack")
    other = make_window(settings=quick_settings(), answer=THIS_PYTHON, recovery_folder=folder)
    other.desk.offer_recovery()
    answer(other, "offer_recovery", "Restore", qtbot)
    qtbot.waitUntil(lambda: other.comparison.is_complete)
    assert other.column.runs == window.column.runs
    assert other.desk.is_dirty, "they are still in no document"
    assert [path.name for path in folder.iterdir()] == [own.name]


@pytest.mark.parametrize(("button", "left"), [("Discard", 0), ("Later", 1)])
def test_what_is_offered_can_be_left(window: MainWindow, qtbot: QtBot, folder: Path, button: str, left: int) -> None:
    run_to_end(window, qtbot)
    qtbot.waitUntil(recovery.own_path(folder).exists)
    recovery.own_path(folder).rename(folder / f"recovery-{ended_process()}.msgpack")
    window.desk.let_go()
    before = window.column.runs
    window.desk.offer_recovery()
    answer(window, "offer_recovery", button, qtbot)
    assert len(list(folder.iterdir())) == left
    assert window.column.runs is before


def test_a_broken_recovery_file_is_no_trouble(window: MainWindow, folder: Path) -> None:
    folder.mkdir()
    (folder / f"recovery-{ended_process()}.msgpack").write_bytes(b"\x93nothing of the kind")
    window.desk.offer_recovery()
    assert window.findChild(QMessageBox, "offer_recovery") is None
    assert list(folder.iterdir()) == []


def test_another_window_that_lives_keeps_its_own(window: MainWindow, qtbot: QtBot, folder: Path) -> None:
    run_to_end(window, qtbot)
    window.desk.offer_recovery()
    assert window.findChild(QMessageBox, "offer_recovery") is None
    qtbot.waitUntil(recovery.own_path(folder).exists)


def test_saved_results_leave_nothing_to_recover(
    window: MainWindow, qtbot: QtBot, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_to_end(window, qtbot)
    choose(monkeypatch, tmp_path / "mine.seedlab")
    window.commands["save"].trigger()
    wait_for_desk(window, qtbot)
    assert list(folder.iterdir()) == []


# --- a script that came with a document --------------------------------------------------------


def open_strange(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> Path:
    """Open a document whose script is somebody's; gives the file that the script would make."""
    made = tmp_path / "made"
    script = f"open({str(made)!r}, 'w').close()\nprint('x:', 1)\n"
    write_export(Lab.of([Column(name="strange", experiment=None, script=script)]), tmp_path / "strange.seedlab")
    window.desk.open(tmp_path / "strange.seedlab")
    wait_for_desk(window, qtbot)
    return made


def test_a_script_from_a_document_runs_only_when_it_was_shown_and_agreed_to(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    made = open_strange(window, tmp_path, qtbot)
    window.run()
    dialog = window.findChild(TrustDialog)
    assert dialog is not None
    assert dialog.leave_button.isDefault()
    click(dialog.leave_button, qtbot)
    assert not window._runner.is_busy
    assert not made.exists()
    qtbot.waitUntil(lambda: window.findChild(TrustDialog) is None)
    window.run()
    again = window.findChild(TrustDialog)
    assert again is not None
    run_to_end(window, qtbot, lambda: click(again.run_button, qtbot))
    assert made.exists()
    assert [run.draws[0].array for run in window.column.runs] == [1, 1, 1]
    run_to_end(window, qtbot, window.once_more)
    assert len(window.column.runs) == 4, "agreed to once, it need not be asked for again"


def test_opening_a_strange_document_runs_nothing(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    made = open_strange(window, tmp_path, qtbot)
    window.commands["values"].trigger()
    window.commands["pin"].trigger()
    assert not made.exists()
    assert not window._runner.is_busy


def test_a_window_that_is_closed_while_it_saves_has_saved(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(monkeypatch, tmp_path / "mine.seedlab")
    run_to_end(window, qtbot)
    window.commands["save"].trigger()
    window.commands["save"].trigger()
    assert window.desk.background.is_busy
    window.close()
    window.close()
    assert window.isVisible(), "not before it is saved"
    qtbot.waitUntil(lambda: not window.isVisible())
    assert len(read_lab(tmp_path / "mine.seedlab").columns[0].runs) == 3


def test_a_window_whose_saving_fails_while_it_is_closed_asks(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine.seedlab").mkdir()
    choose(monkeypatch, tmp_path / "mine.seedlab")
    run_to_end(window, qtbot)
    window.commands["save"].trigger()
    window.close()
    qtbot.waitUntil(lambda: window.findChild(QMessageBox, "ask_to_save") is not None)
    assert "it is not a file" in window.comparison.message_label.text()
    answer(window, "ask_to_save", "Cancel", qtbot)
    assert window.isVisible()


@pytest.fixture
def foreign(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> Lab:
    """What the window shows: results of another interpreter, and of 2020."""
    run_to_end(window, qtbot)
    drawn_by = Interpreter(executable="/usr/bin/python3", python="3.8.18", numpy="1.19.5")
    lab = Lab(
        columns=(replace(window.column, interpreter=drawn_by),),
        created=datetime.datetime(2020, 1, 2, 3, 4, 5, tzinfo=datetime.UTC),
    )
    write_export(lab, tmp_path / "foreign.seedlab")
    window.desk.let_go()
    window.desk.open(tmp_path / "foreign.seedlab")
    wait_for_desk(window, qtbot)
    return lab


def test_results_of_another_interpreter_say_so_and_get_no_run_of_this_one(
    window: MainWindow, foreign: Lab, qtbot: QtBot
) -> None:
    assert "Drawn by Python 3.8.18 · NumPy 1.19.5" in figure_of(window).words()
    window.once_more()
    assert not window._queue.is_busy
    message = window.comparison.message_label.text()
    assert "another interpreter, Python 3.8.18 · NumPy 1.19.5 (/usr/bin/python3)" in message
    assert window.column.runs == foreign.columns[0].runs
    run_to_end(window, qtbot)
    assert "Drawn by" not in figure_of(window).words()
    run_to_end(window, qtbot, window.once_more)
    assert len(window.column.runs) == 4


def test_old_results_keep_their_date(window: MainWindow, foreign: Lab, qtbot: QtBot) -> None:
    assert window.lab().created == foreign.created
    assert window.progress_label.text() == "opened foreign.seedlab", "not how long other runs took"
    run_to_end(window, qtbot)
    assert window.lab().created.year > 2020


def test_what_cannot_be_read_asks_nothing(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    run_to_end(window, qtbot)
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    window.desk.open(tmp_path / "broken.png")
    wait_for_desk(window, qtbot)
    assert window.findChild(QMessageBox, "ask_to_save") is None
    assert "broken.png" in window.comparison.message_label.text()


def test_the_title_names_a_picture_that_was_opened(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_to_end(window, qtbot)
    write_export(window.lab(), tmp_path / "figure.png")
    window.desk.let_go()
    window.desk.open(tmp_path / "figure.png")
    wait_for_desk(window, qtbot)
    assert window.windowTitle() == "figure.png"
    run_to_end(window, qtbot, window.once_more)
    assert window.windowTitle() == "figure.png*"
    choose(monkeypatch, tmp_path / "mine.seedlab")
    window.commands["save"].trigger()
    wait_for_desk(window, qtbot)
    assert window.windowTitle() == "mine.seedlab", "the picture is not overwritten"
    assert window.progress_label.text() == "saved mine.seedlab"
    run_to_end(window, qtbot, window.once_more)
    window.close()
    assert box_of(window, "ask_to_save").text() == "What is new since mine.seedlab was saved will be gone."
    answer(window, "ask_to_save", "Discard", qtbot)


def test_a_script_of_ones_own_leaves_the_experiments_controls_alone(window: MainWindow, qtbot: QtBot) -> None:
    run_to_end(window, qtbot)
    window.run_column(Column(name="own.py", experiment=None, script="print('x:', 1)\n"), 2)
    qtbot.waitUntil(lambda: not window._queue.is_busy)
    assert window.panel.preset_box.currentText() == "your own"
    assert not window.panel.timeline.isVisible()
    assert not window.panel.library_box.isVisible()
    assert not window.panel.editor("sample_size").isVisible()
    own = window.arrangement.lane
    box = window.panel.preset_box
    box.setCurrentText("numpy")
    box.activated.emit(box.currentIndex())
    assert window.panel.timeline.isVisible()
    assert window.arrangement.lane.chosen == PRESETS["numpy"].experiment
    window.undo()
    assert window.arrangement.lane.column is own.column, "the script and its runs are not lost"
    window.redo()
    assert window.arrangement.lane.chosen == PRESETS["numpy"].experiment
