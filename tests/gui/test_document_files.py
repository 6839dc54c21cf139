"""Documents at the window: saved, opened, dropped, asked about, recovered; nothing opened is ever run."""

import datetime
import queue
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from seedlab.documents.files import read_lab
from seedlab.engine.request import RunRequest
from seedlab.export.exporting import write_export
from seedlab.gui import file_dialogs
from seedlab.gui.main_window import MainWindow
from seedlab.gui.recovery_dialog import RecoveryDialog
from seedlab.gui.trust_dialog import TrustDialog
from seedlab.libraries.presets import PRESETS
from seedlab.results.run import Run
from seedlab.session.kept_lab import read_kept
from seedlab.session.recovery import Keeper, left_behind
from seedlab.study.lab import Column, Lab
from tests.gui.acting import click, figure_of, press_keys, run_to_end, runner_of, start_script
from tests.gui.conftest import THIS_PYTHON, quick_settings
from tests.helpers.interpreters import interpreter
from tests.helpers.values import draw, run

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
    for name in ("file_to_save", "file_to_open"):
        monkeypatch.setattr(file_dialogs, name, lambda *_: str(path))


def wait_for_desk(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not window.documents.background.is_busy)
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
    window.session.set_look("values")
    choose(monkeypatch, tmp_path / "mine.seedlab")
    assert window.windowTitle() == "not saved*"
    press_keys(window, qtbot, Qt.Key.Key_S, CONTROL)
    wait_for_desk(window, qtbot)
    assert window.windowTitle() == "mine.seedlab"
    assert not window.documents.document.is_dirty
    other = make_window(settings=quick_settings(), answer=THIS_PYTHON)
    press_keys(other, qtbot, Qt.Key.Key_O, CONTROL)
    wait_for_desk(other, qtbot)
    assert other.session.lab().columns == window.session.lab().columns
    assert other.session.lab().view == window.session.lab().view
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
    write_export(window.session.lab(), path)
    other = make_window(settings=quick_settings(), answer=THIS_PYTHON)
    drop(other, path)
    wait_for_desk(other, qtbot)
    assert other.session.arrangement.lane.column.runs == window.session.arrangement.lane.column.runs
    assert (other.documents.document.path is None) is (ending != ".seedlab"), "a picture is not saved over"
    run_to_end(other, qtbot)
    assert [run.draws for run in other.session.arrangement.lane.column.runs] == [
        run.draws for run in window.session.arrangement.lane.column.runs
    ]


def drop(window: MainWindow, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    place = QPointF(window.rect().center())
    nothing, left = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    enter = QDragEnterEvent(place.toPoint(), Qt.DropAction.CopyAction, data, left, nothing)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(window, QDropEvent(place, Qt.DropAction.CopyAction, data, left, nothing))


def test_what_cannot_be_opened_is_said_and_changes_nothing(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    run_to_end(window, qtbot)
    window.documents.document.let_go()
    before = window.session.lab().columns
    (tmp_path / "broken.seedlab").write_bytes(b'{"format": "seedlab", "version": 1, "experiments": [{}]}')
    window.documents.open(tmp_path / "broken.seedlab")
    wait_for_desk(window, qtbot)
    assert "broken.seedlab" in window.comparison.message_label.text()
    assert window.session.lab().columns == before
    window.documents.open(tmp_path / "missing.seedlab")
    wait_for_desk(window, qtbot)
    assert "missing.seedlab" in window.comparison.message_label.text()


def test_a_document_without_columns_is_said_and_changes_nothing(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    before = window.session.arrangement
    write_export(Lab.of([]), tmp_path / "empty.seedlab")
    window.documents.open(tmp_path / "empty.seedlab")
    wait_for_desk(window, qtbot)
    assert "holds no columns" in window.comparison.message_label.text()
    assert window.session.arrangement == before


def test_a_place_that_cannot_be_written_is_said_and_the_results_stay_unsaved(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_to_end(window, qtbot)
    choose(monkeypatch, tmp_path / "no folder" / "mine.seedlab")
    window.commands["save"].trigger()
    wait_for_desk(window, qtbot)
    assert "no folder" in window.comparison.message_label.text()
    assert window.documents.document.is_dirty
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
    assert window.documents.document.is_dirty
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
    write_export(Lab.of([replace(window.session.arrangement.lane.column, name="theirs")]), path)
    run_to_end(window, qtbot)
    mine = window.session.arrangement.lane.column.runs
    window.documents.open(path)
    wait_for_desk(window, qtbot)
    assert box_of(window, "ask_to_save").text() == "These results will be lost."
    answer(window, "ask_to_save", "Cancel", qtbot)
    assert window.session.arrangement.lane.column.runs is mine
    window.documents.open(path)
    wait_for_desk(window, qtbot)
    answer(window, "ask_to_save", "Discard", qtbot)
    wait_for_desk(window, qtbot)
    assert window.session.arrangement.names == ("theirs",)


def test_a_document_opened_while_runs_go_on_gets_none_of_them(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    run_to_end(window, qtbot)
    write_export(window.session.lab(), tmp_path / "mine.seedlab")
    window.documents.document.let_go()
    mine = window.session.lab().columns
    window.panel.run_controls.runs_box.setValue(200)
    window.run()
    qtbot.waitUntil(lambda: len(window.session.arrangement.lane.column.runs) > 3)
    window.session.show_lab(read_lab(tmp_path / "mine.seedlab"))
    qtbot.waitUntil(lambda: not window.session.is_busy)
    assert window.session.lab().columns == mine


def test_recent_documents_can_be_opened_again(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(monkeypatch, tmp_path / "mine.seedlab")
    run_to_end(window, qtbot)
    window.commands["save"].trigger()
    wait_for_desk(window, qtbot)
    window.recent_menu.fill()
    (recent,) = window.recent_menu.actions()
    assert recent.text() == "mine.seedlab"
    saved = window.session.arrangement.lane.column.runs
    run_to_end(window, qtbot)
    window.documents.document.let_go()
    recent.trigger()
    wait_for_desk(window, qtbot)
    assert window.session.arrangement.lane.column.runs == saved


# --- recovery ----------------------------------------------------------------------------------


def kept(folder: Path) -> list[Path]:
    """What is kept in the folder for recovery, window by window."""
    return sorted(folder.glob("*/columns.json")) if folder.exists() else []


def leave(folder: Path, lab: Lab) -> None:
    """Leave results as a window does that was killed."""
    keeper = Keeper(folder)
    assert keeper.keep(lab)
    keeper.close()


def lab_named(name: str, year: int) -> Lab:
    column = Column(name=name, experiment=None, script="print('x:', 1)", runs=(run(1, draw("x", 1)),))
    return Lab(columns=(column,), created=datetime.datetime(year, 1, 2, tzinfo=datetime.UTC))


def offer(window: MainWindow, qtbot: QtBot) -> RecoveryDialog | None:
    window.documents.offer_recovery(window.theme)
    qtbot.waitUntil(lambda: not window.documents.background.is_busy)
    return window.findChild(RecoveryDialog)


def press(dialog: RecoveryDialog | None, button: str, qtbot: QtBot) -> None:
    assert dialog is not None
    click(next(b for b in dialog.findChildren(QPushButton) if b.text().replace("&", "") == button), qtbot)


def test_what_windows_left_is_listed_and_none_goes_without_a_word(
    window: MainWindow, qtbot: QtBot, folder: Path
) -> None:
    for name, year in (("older", 2021), ("newest", 2023), ("old", 2022)):
        leave(folder, lab_named(name, year))
    dialog = offer(window, qtbot)
    assert dialog is not None
    rows = [dialog.list.item(at).text() for at in range(dialog.list.count())]
    assert [row.rpartition("(")[2] for row in rows] == ["newest)", "old)", "older)"]
    assert rows[0].startswith("2023-01-0")
    assert "1 column, 1 run" in rows[0]
    press(dialog, "Restore", qtbot)
    qtbot.waitUntil(lambda: window.comparison.is_complete and window.findChild(RecoveryDialog) is None)
    assert window.session.arrangement.names == ("newest",)
    assert window.session.arrangement.lane.column.runs == lab_named("newest", 2023).columns[0].runs
    assert window.documents.document.is_dirty, "they are still in no document"
    # The two that were not asked for, and what is shown, which is kept as this window's own.
    qtbot.waitUntil(lambda: len(kept(folder)) == 3)
    dialog = offer(window, qtbot)
    assert dialog is not None
    assert dialog.list.count() == 2
    press(dialog, "Later", qtbot)
    window.documents.document.let_go()
    qtbot.waitUntil(lambda: len(kept(folder)) == 2)


def test_only_what_was_shown_is_discarded(window: MainWindow, qtbot: QtBot, folder: Path) -> None:
    leave(folder, lab_named("first", 2021))
    leave(folder, lab_named("second", 2022))
    dialog = offer(window, qtbot)
    assert dialog is not None
    dialog.list.setCurrentRow(1)
    press(dialog, "Discard", qtbot)
    assert len(kept(folder)) == 1
    assert dialog.isVisible()
    press(dialog, "Later", qtbot)
    dialog = offer(window, qtbot)
    assert dialog is not None
    assert dialog.list.item(0).text().endswith("(second)")
    press(dialog, "Discard", qtbot)
    assert not dialog.isVisible()
    assert list(folder.iterdir()) == []
    assert offer(window, qtbot) is None


def test_broken_results_are_set_aside_and_said(window: MainWindow, qtbot: QtBot, folder: Path) -> None:
    leave(folder, lab_named("broken", 2021))
    kept(folder)[0].write_bytes(b"\x93nothing of the kind")
    assert offer(window, qtbot) is None
    (aside,) = folder.iterdir()
    assert aside.suffix == ".broken"
    assert str(aside) in window.comparison.message_label.text()


def test_another_window_that_lives_keeps_its_own(window: MainWindow, qtbot: QtBot, folder: Path) -> None:
    run_to_end(window, qtbot)
    qtbot.waitUntil(lambda: len(kept(folder)) == 1)
    assert offer(window, qtbot) is None
    assert len(kept(folder)) == 1


def test_a_window_closed_while_it_asks_leaves_what_it_found(window: MainWindow, qtbot: QtBot, folder: Path) -> None:
    leave(folder, lab_named("left", 2021))
    assert offer(window, qtbot) is not None
    window.close()
    assert not window.isVisible()
    (found,) = left_behind(folder).results
    assert found.lab == lab_named("left", 2021)
    found.release()


@pytest.mark.parametrize("end", ["quit", "open"])
def test_discard_while_runs_go_on_leaves_nothing(
    window: MainWindow, qtbot: QtBot, folder: Path, tmp_path: Path, end: str
) -> None:
    write_export(lab_named("other", 2021), tmp_path / "other.seedlab")
    window.panel.run_controls.runs_box.setValue(200)
    window.run()
    qtbot.waitUntil(lambda: len(window.session.arrangement.lane.column.runs) > 3 and len(kept(folder)) == 1)
    if end == "quit":
        window.close()
    else:
        window.documents.open(tmp_path / "other.seedlab")
    qtbot.waitUntil(lambda: window.findChild(QMessageBox, "ask_to_save") is not None)
    before = len(window.session.arrangement.lane.column.runs)
    qtbot.waitUntil(lambda: len(window.session.arrangement.lane.column.runs) > before + 3)
    answer(window, "ask_to_save", "Discard", qtbot)
    qtbot.waitUntil(lambda: window.isVisible() is (end == "open") and not runner_of(window).is_busy)
    qtbot.waitUntil(lambda: list(folder.iterdir()) == [])


def test_saved_results_leave_nothing_to_recover(
    window: MainWindow, qtbot: QtBot, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_to_end(window, qtbot)
    choose(monkeypatch, tmp_path / "mine.seedlab")
    window.commands["save"].trigger()
    wait_for_desk(window, qtbot)
    qtbot.waitUntil(lambda: list(folder.iterdir()) == [])


# --- a script that came with a document --------------------------------------------------------


def open_strange(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> Path:
    """Open a document whose script is somebody's; gives the file that the script would make."""
    made = tmp_path / "made"
    script = f"open({str(made)!r}, 'w').close()\nprint('x:', 1)\n"
    write_export(Lab.of([Column(name="strange", experiment=None, script=script)]), tmp_path / "strange.seedlab")
    window.documents.open(tmp_path / "strange.seedlab")
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
    assert [run.draws[0].array for run in window.session.arrangement.lane.column.runs] == [1, 1, 1]
    run_to_end(window, qtbot, window.once_more)
    assert len(window.session.arrangement.lane.column.runs) == 4, "agreed to once, it need not be asked for again"


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
    assert window.documents.background.is_busy
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
    drawn_by = interpreter("/usr/bin/python3", "3.8.18", numpy="1.19.5")
    lab = Lab(
        columns=(replace(window.session.arrangement.lane.column, interpreter=drawn_by),),
        created=datetime.datetime(2020, 1, 2, 3, 4, 5, tzinfo=datetime.UTC),
    )
    write_export(lab, tmp_path / "foreign.seedlab")
    window.documents.document.let_go()
    window.documents.open(tmp_path / "foreign.seedlab")
    wait_for_desk(window, qtbot)
    return lab


def test_results_of_another_interpreter_say_so_and_get_no_run_of_this_one(
    window: MainWindow, foreign: Lab, qtbot: QtBot
) -> None:
    assert "Drawn by Python 3.8.18 · NumPy 1.19.5" in figure_of(window).notes_text()
    window.once_more()
    assert not window.session.is_busy
    message = window.comparison.message_label.text()
    assert "another interpreter, Python 3.8.18 · NumPy 1.19.5 (/usr/bin/python3)" in message
    assert window.session.arrangement.lane.column.runs == foreign.columns[0].runs
    run_to_end(window, qtbot)
    assert "Drawn by" not in figure_of(window).notes_text()
    run_to_end(window, qtbot, window.once_more)
    assert len(window.session.arrangement.lane.column.runs) == 4


def test_old_results_keep_their_date(window: MainWindow, foreign: Lab, qtbot: QtBot) -> None:
    assert window.session.lab().created == foreign.created
    assert window.status.progress_label.text() == "opened foreign.seedlab", "not how long other runs took"
    run_to_end(window, qtbot)
    assert window.session.lab().created.year > 2020


def test_what_cannot_be_read_asks_nothing(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    run_to_end(window, qtbot)
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    window.documents.open(tmp_path / "broken.png")
    wait_for_desk(window, qtbot)
    assert window.findChild(QMessageBox, "ask_to_save") is None
    assert "broken.png" in window.comparison.message_label.text()


def test_the_title_names_a_picture_that_was_opened(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_to_end(window, qtbot)
    write_export(window.session.lab(), tmp_path / "figure.png")
    window.documents.document.let_go()
    window.documents.open(tmp_path / "figure.png")
    wait_for_desk(window, qtbot)
    assert window.windowTitle() == "figure.png"
    run_to_end(window, qtbot, window.once_more)
    assert window.windowTitle() == "figure.png*"
    choose(monkeypatch, tmp_path / "mine.seedlab")
    window.commands["save"].trigger()
    wait_for_desk(window, qtbot)
    assert window.windowTitle() == "mine.seedlab", "the picture is not overwritten"
    assert window.status.progress_label.text() == "saved mine.seedlab"
    run_to_end(window, qtbot, window.once_more)
    window.close()
    assert box_of(window, "ask_to_save").text() == "Changes since mine.seedlab was saved will be lost."
    answer(window, "ask_to_save", "Discard", qtbot)


def test_a_script_of_ones_own_leaves_the_experiments_controls_alone(window: MainWindow, qtbot: QtBot) -> None:
    run_to_end(window, qtbot)
    start_script(window, Column(name="own.py", experiment=None, script="print('x:', 1)\n"), 2)
    qtbot.waitUntil(lambda: not window.session.is_busy)
    assert window.panel.experiment_form.preset_box.currentText() == "your own"
    assert not window.panel.experiment_form.timeline.isVisible()
    assert not window.panel.experiment_form.library_box.isVisible()
    assert not window.panel.experiment_form.editor("sample_size").isVisible()
    own = window.session.arrangement.lane
    box = window.panel.experiment_form.preset_box
    box.setCurrentText("numpy")
    box.activated.emit(box.currentIndex())
    assert window.panel.experiment_form.timeline.isVisible()
    assert window.session.arrangement.lane.chosen == PRESETS["numpy"].experiment
    window.session.undo()
    assert window.session.arrangement.lane.column is own.column, "the script and its runs are not lost"
    window.session.redo()
    assert window.session.arrangement.lane.chosen == PRESETS["numpy"].experiment


def test_runs_are_kept_while_the_window_is_busy(window: MainWindow, folder: Path) -> None:
    """The window's thread does nothing but wait here, as if it drew for long."""
    runner, being_kept = runner_of(window), queue.SimpleQueue[Future[None]]()
    keep = runner.keep

    def keep_and_tell(request: RunRequest, run: Run) -> Future[None] | None:
        future = keep(request, run)
        assert future is not None
        being_kept.put(future)
        return future

    runner.keep = keep_and_tell
    start_script(window, Column(name="mine", experiment=None, script="import random\nprint('x:', random.random())"), 3)
    for _ in range(3):
        being_kept.get(timeout=60).result(60)
    assert window.session.arrangement.lane.column.runs == (), "nothing was shown yet"
    (path,) = kept(folder)
    assert [run.index for run in read_kept(path.parent).columns[0].runs] == [1, 2, 3]
