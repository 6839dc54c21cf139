"""Columns side by side: compared in one press, pinned, named, moved, taken away and brought back."""

import contextlib
from collections.abc import Callable, Iterator

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtWidgets import QApplication, QInputDialog, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from seedlab.figure.text_items import Paragraph
from seedlab.gui.main_window import MainWindow
from seedlab.libraries.presets import PRESETS
from seedlab.libraries.registry import FAMILIES
from seedlab.session.arrangement import MAX_COLUMNS, Arrangement
from tests.gui.acting import (
    choose_preset,
    click,
    figure_of,
    is_drawn,
    link,
    press_keys,
    run_to_end,
    runner_of,
    show_columns,
)
from tests.gui.conftest import RUN_TIMEOUT_MS
from tests.helpers.comparisons import placement_column

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def names(window: MainWindow) -> list[str]:
    """As they are written above the columns."""
    bar = window.comparison.columns_bar
    return [bar.tabText(position) for position in range(bar.count())]


def verdicts(window: MainWindow, label: str) -> list[str]:
    return [figure_of(window).cell(label, n).verdict_text for n in range(len(window.session.arrangement.lanes))]


def letters(window: MainWindow, label: str, column: int) -> str:
    state = figure_of(window).cell(label, column).state
    assert state is not None
    return "".join("×" if mark is None else mark.letter for mark in state.marks)


@contextlib.contextmanager
def dialog_answered(window: MainWindow, act: Callable[[QInputDialog], None]) -> Iterator[None]:
    """What happens inside asks for a name: once the dialog is there, ``act`` is done to it."""
    look, answered = QTimer(window, interval=1), []

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QInputDialog):
            look.stop()
            answered.append(dialog.labelText())
            act(dialog)

    look.timeout.connect(answer)
    look.start()
    # Offscreen nobody gives the focus back when a dialog closes.
    window.activateWindow()
    window.comparison.columns_bar.setFocus()
    QApplication.processEvents()
    assert QApplication.focusWidget() is window.comparison.columns_bar
    yield
    look.stop()
    assert len(answered) == 1


def type_name(qtbot: QtBot, name: str, key: Qt.Key = Qt.Key.Key_Return) -> Callable[[QInputDialog], None]:
    def act(dialog: QInputDialog) -> None:
        field = dialog.findChild(QLineEdit)
        assert field is not None
        qtbot.keyClick(field, Qt.Key.Key_A, CTRL)
        qtbot.keyClicks(field, name)
        qtbot.keyClick(dialog, key)

    return act


@pytest.fixture
def three(quick_window: MainWindow, qtbot: QtBot) -> MainWindow:
    """Columns named a, b and c, not run; a is edited."""
    for _ in range(2):
        quick_window.commands["pin"].trigger()
    for position, name in enumerate("abc"):
        quick_window.comparison.columns_bar.rename_asked.emit(position, name)
    quick_window.commands["previous"].trigger()
    quick_window.commands["previous"].trigger()
    assert names(quick_window) == ["a", "b", "c"]
    assert quick_window.session.arrangement.current == 0
    quick_window.comparison.columns_bar.setFocus()
    qtbot.wait(0)
    return quick_window


# --- comparisons in one press --------------------------------------------------------------------


def test_placements_of_tensorflow_are_compared_by_one_button(window: MainWindow, qtbot: QtBot) -> None:
    run_to_end(window, qtbot, lambda: click(link(window, "Compare placements"), qtbot))
    assert names(window) == ["before graph", "after graph", "after op"]
    assert verdicts(window, "op1-1") == ["≠  3 of 3 differ", "=  repeats", "≠  3 of 3 differ"]
    assert verdicts(window, "op2-2") == ["=  repeats"] * 3
    assert window.comparison.title_label.text() == "op1 repeats only with: after graph."
    assert window.comparison.subtitle_label.text() == "op2 repeats everywhere."
    figure = figure_of(window)
    assert [len(figure.script_block(column).struck_lines) for column in range(3)] == [1, 0, 1]
    assert "↳ too late: no op used it" in figure.script_block(2).text
    assert letters(window, "op2-1", 0) == letters(window, "op2-1", 2), "equal bits, equal letter, in any column"
    assert letters(window, "op2-1", 0) != letters(window, "op2-1", 1)
    assert len(set(letters(window, "op1-1", 0) + letters(window, "op1-1", 2))) == 6


def test_each_comparison_of_tensorflow_has_a_key(window: MainWindow, qtbot: QtBot) -> None:
    run_to_end(window, qtbot, lambda: press_keys(window, qtbot, Qt.Key.Key_1, CTRL))
    assert verdicts(window, "op1-2") == ["≠  3 of 3 differ", "=  repeats", "≠  3 of 3 differ"]
    run_to_end(window, qtbot, lambda: press_keys(window, qtbot, Qt.Key.Key_2, CTRL))
    assert names(window) == ["op seed 1", "no op seed"]
    assert verdicts(window, "op2-1") == ["=  repeats", "≠  3 of 3 differ"]
    assert window.comparison.title_label.text() == "op2 repeats only with: op seed 1."
    choose_preset(window, "after-graph", qtbot)
    run_to_end(window, qtbot, lambda: press_keys(window, qtbot, Qt.Key.Key_3, CTRL))
    assert names(window) == ["seed 0", "seed 1"]
    assert verdicts(window, "session1/op1-1") == ["=  repeats"] * 2
    assert letters(window, "session1/op1-1", 0) != letters(window, "session1/op1-1", 1)


def test_the_comparisons_have_the_same_keys_for_every_library(quick_window: MainWindow) -> None:
    names = ("placements", "second", "seeds")
    told = {}
    for library in ("tensorflow-graph", "keras"):
        quick_window.session.editing.choose_library(library)
        quick_window.compare_menu.fill()
        commands = [quick_window.commands[f"compare_{name}"] for name in names]
        assert [command.shortcut().toString() for command in commands] == ["Ctrl+1", "Ctrl+2", "Ctrl+3"]
        told[library] = [command.text() for command in commands]
        titles = [control.title for control in FAMILIES[library].controls]
        shown = [action.text() for action in quick_window.compare_menu.actions() if not action.isSeparator()]
        assert shown == [*titles, "Interpreters", "Ways to start"]
    assert told == {
        "tensorflow-graph": ["Compare placements", "Compare: op seed", "Compare two seeds"],
        "keras": ["Compare placements", "Compare: which seed", "Compare two seeds"],
    }


def test_any_choice_is_compared_from_the_menu(quick_window: MainWindow, qtbot: QtBot) -> None:
    actions = {action.text(): action for action in quick_window.compare_menu.actions()}
    run_to_end(quick_window, qtbot, actions["Draws per half"].trigger)
    assert names(quick_window) == ["3 draws", "1 draw"]


def test_ways_to_start_are_compared(quick_window: MainWindow, qtbot: QtBot) -> None:
    actions = {action.text(): action for action in quick_window.compare_menu.actions()}
    run_to_end(quick_window, qtbot, actions["Ways to start"].trigger)
    assert names(quick_window) == ["cold", "spare", "fork"]
    runs = [lane.column.runs for lane in quick_window.session.arrangement.lanes]
    assert [{run.start for run in of_lane} for of_lane in runs] == [{"cold"}, {"spare"}, {"fork"}]
    # Another start that is chosen holds for all of them, and the names go on saying what was.
    quick_window.session.change_settings(start="cold")
    assert {lane.start for lane in quick_window.session.arrangement.lanes} == {""}
    assert names(quick_window) == ["cold", "spare", "fork"]
    run_to_end(quick_window, qtbot, quick_window.session.runs.run_all)
    assert names(quick_window) == ["cold", "cold (2)", "cold (3)"]
    opened = Arrangement.of_columns(quick_window.session.arrangement.columns)
    assert opened.names == quick_window.session.arrangement.names
    assert {lane.title for lane in opened.lanes} == {""}


def test_interpreters_are_compared_once_there_are_two(quick_window: MainWindow, qtbot: QtBot, bare_python: str) -> None:
    session = quick_window.session
    session.editing.choose_library("python-random")
    session.runs.compare("interpreter")
    assert quick_window.comparison.message_label.text().startswith("There is nothing to lay beside")
    session.pythons.choose(bare_python)
    qtbot.waitUntil(lambda: len(session.interpreters) == 2, timeout=RUN_TIMEOUT_MS)
    run_to_end(quick_window, qtbot, lambda: session.runs.compare("interpreter"))
    made_by = [lane.column.interpreter for lane in session.arrangement.lanes]
    assert made_by == list(session.interpreters.values())
    assert verdicts(quick_window, "1") == ["=  repeats"] * 2
    assert letters(quick_window, "1", 0) == letters(quick_window, "1", 1), "Python's random is the same in both"
    # Each column goes on with its own.
    run_to_end(quick_window, qtbot, session.runs.once_more)
    assert [len(lane.column.runs) for lane in session.arrangement.lanes] == [4, 4]


def test_what_cannot_be_compared_is_said(quick_window: MainWindow) -> None:
    quick_window.session.runs.compare("seeded_ops")
    assert quick_window.comparison.message_label.text().startswith("There is nothing to lay beside")
    assert len(quick_window.session.arrangement.lanes) == 1


def test_a_comparison_can_be_undone(quick_window: MainWindow, qtbot: QtBot) -> None:
    run_to_end(quick_window, qtbot)
    before = quick_window.session.arrangement
    run_to_end(quick_window, qtbot, lambda: press_keys(quick_window, qtbot, Qt.Key.Key_1, CTRL))
    assert names(quick_window) == ["once, at the start", "again, half way"]
    press_keys(quick_window, qtbot, Qt.Key.Key_Z, CTRL)
    assert quick_window.session.arrangement.lanes == before.lanes
    qtbot.waitUntil(lambda: quick_window.comparison.is_complete)
    assert verdicts(quick_window, "1") == ["=  repeats"]


# --- running -------------------------------------------------------------------------------------


def test_run_runs_the_edited_column_alone_and_run_all_runs_all(three: MainWindow, qtbot: QtBot) -> None:
    press_keys(three, qtbot, Qt.Key.Key_PageDown, CTRL)
    run_to_end(three, qtbot)
    assert [len(lane.column.runs) for lane in three.session.arrangement.lanes] == [0, 3, 0]
    run_to_end(three, qtbot, lambda: press_keys(three, qtbot, Qt.Key.Key_R, CTRL, SHIFT))
    assert [len(lane.column.runs) for lane in three.session.arrangement.lanes] == [3, 3, 3]
    assert "9 of 9 runs" in three.status.progress_label.text()
    for lane in three.session.arrangement.lanes:
        assert [run.index for run in lane.column.runs] == [1, 2, 3]


def test_once_more_adds_one_run_to_what_is_shown(three: MainWindow, qtbot: QtBot) -> None:
    run_to_end(three, qtbot)
    run_to_end(three, qtbot, lambda: press_keys(three, qtbot, Qt.Key.Key_Plus))
    assert [run.index for run in three.session.arrangement.lane.column.runs] == [1, 2, 3, 4]
    assert [len(lane.column.runs) for lane in three.session.arrangement.lanes] == [4, 0, 0]
    run_to_end(three, qtbot, lambda: click(three.panel.run_controls.once_more_button, qtbot))
    assert len(three.session.arrangement.lane.column.runs) == 5
    assert figure_of(three).cell("1", 0).verdict_text == "=  repeats"


def test_once_more_keeps_to_the_script_that_was_run(quick_window: MainWindow, qtbot: QtBot) -> None:
    run_to_end(quick_window, qtbot)
    script = quick_window.session.arrangement.lane.column.script
    click(quick_window.panel.experiment_form.timeline.slot("none"), qtbot)
    run_to_end(quick_window, qtbot, lambda: press_keys(quick_window, qtbot, Qt.Key.Key_Equal))
    assert quick_window.session.arrangement.lane.column.script == script
    assert len(quick_window.session.arrangement.lane.column.runs) == 4
    assert verdicts(quick_window, "1") == ["=  repeats"], "a run of another choice would differ"


def test_once_more_before_any_run_runs_as_asked_for(quick_window: MainWindow, qtbot: QtBot) -> None:
    run_to_end(quick_window, qtbot, lambda: press_keys(quick_window, qtbot, Qt.Key.Key_Plus))
    assert len(quick_window.session.arrangement.lane.column.runs) == 3


def test_stop_ends_the_columns_that_wait_too(three: MainWindow, qtbot: QtBot) -> None:
    three.panel.run_controls.runs_box.setValue(500)
    with qtbot.waitSignal(runner_of(three).plan_ended, timeout=RUN_TIMEOUT_MS):
        press_keys(three, qtbot, Qt.Key.Key_R, CTRL, SHIFT)
        # The first run to end may be the second one, which waits for its turn.
        qtbot.waitUntil(lambda: bool(three.session.arrangement.lane.column.runs), timeout=RUN_TIMEOUT_MS)
        press_keys(three, qtbot, Qt.Key.Key_Escape)
    assert not runner_of(three).is_busy
    counts = [len(lane.column.runs) for lane in three.session.arrangement.lanes]
    assert 1 <= counts[0] < 500
    assert counts[1:] == [0, 0]
    assert "stopped after" in three.status.progress_label.text()


def test_a_column_that_is_removed_while_it_waits_is_not_run(three: MainWindow, qtbot: QtBot) -> None:
    def press() -> None:
        press_keys(three, qtbot, Qt.Key.Key_R, CTRL, SHIFT)
        three.comparison.columns_bar.remove_asked.emit(1)

    run_to_end(three, qtbot, press)
    assert names(three) == ["a", "c"]
    assert [len(lane.column.runs) for lane in three.session.arrangement.lanes] == [3, 3]


def test_runs_arrive_in_their_column_wherever_it_is_moved_meanwhile(three: MainWindow, qtbot: QtBot) -> None:
    def press() -> None:
        click(three.panel.run_controls.run_button, qtbot)
        press_keys(three, qtbot, Qt.Key.Key_Right, CTRL, SHIFT)

    run_to_end(three, qtbot, press)
    assert names(three) == ["b", "a", "c"]
    assert [len(lane.column.runs) for lane in three.session.arrangement.lanes] == [0, 3, 0]


# --- pinning, naming, moving, removing -----------------------------------------------------------


def test_pinning_keeps_a_result_while_its_copy_is_changed(quick_window: MainWindow, qtbot: QtBot) -> None:
    run_to_end(quick_window, qtbot)
    press_keys(quick_window, qtbot, Qt.Key.Key_D, CTRL)
    click(quick_window.panel.experiment_form.timeline.slot("none"), qtbot)
    run_to_end(quick_window, qtbot)
    assert names(quick_window) == ["again, half way", "seed not set"]
    assert verdicts(quick_window, "1") == ["=  repeats", "≠  3 of 3 differ"]


def test_the_panel_shows_the_column_that_is_clicked(quick_window: MainWindow, qtbot: QtBot) -> None:
    press_keys(quick_window, qtbot, Qt.Key.Key_D, CTRL)
    click(quick_window.panel.experiment_form.timeline.slot("none"), qtbot)
    bar = quick_window.comparison.columns_bar
    qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(0).center())
    assert quick_window.session.arrangement.current == 0
    assert quick_window.session.experiment == FAMILIES["numpy"].default
    assert quick_window.panel.experiment_form.timeline.slot("again").isChecked()
    qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(1).center())
    assert quick_window.panel.experiment_form.timeline.slot("none").isChecked()


def test_a_column_is_renamed_by_key_and_names_itself_again_when_the_name_is_emptied(
    three: MainWindow, qtbot: QtBot
) -> None:
    with dialog_answered(three, type_name(qtbot, "R & D")):
        press_keys(three, qtbot, Qt.Key.Key_F2)
    assert three.session.arrangement.names == ("R & D", "b", "c")
    with dialog_answered(three, type_name(qtbot, "never", Qt.Key.Key_Escape)):
        press_keys(three, qtbot, Qt.Key.Key_F2)
    assert three.session.arrangement.names == ("R & D", "b", "c")
    with dialog_answered(three, type_name(qtbot, " ")):
        press_keys(three, qtbot, Qt.Key.Key_F2)
    assert three.session.arrangement.names == ("again, half way", "b", "c")


def test_a_double_click_renames_the_column_below_it(three: MainWindow, qtbot: QtBot) -> None:
    bar = three.comparison.columns_bar
    with dialog_answered(three, type_name(qtbot, "last")):
        qtbot.mouseDClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(2).center())
    assert names(three) == ["a", "b", "last"]


def drag(window: MainWindow, qtbot: QtBot, start: int, end: int) -> None:
    """Drag a column by its name, as a hand does: in small steps."""
    bar = window.comparison.columns_bar
    at, to = bar.tabRect(start).center(), bar.tabRect(end).center()
    qtbot.mousePress(bar, Qt.MouseButton.LeftButton, pos=at)
    for step in range(1, 21):
        qtbot.mouseMove(bar, QPoint(at.x() + (to.x() - at.x()) * step // 20, at.y()))
    qtbot.mouseRelease(bar, Qt.MouseButton.LeftButton, pos=to)


@pytest.mark.parametrize(("start", "end", "order"), [(0, 1, "bac"), (0, 2, "bca"), (2, 0, "cab"), (1, 0, "bac")])
def test_columns_are_dragged_to_another_place(
    three: MainWindow, qtbot: QtBot, start: int, end: int, order: str
) -> None:
    run_to_end(three, qtbot)
    drag(three, qtbot, start, end)
    assert three.session.arrangement.names == tuple(order)
    assert names(three) == list(order)
    qtbot.waitUntil(lambda: three.comparison.is_complete)
    shown = [figure_of(three).cell("1", column).isVisible() for column in range(3)]
    assert shown == [name == "a" for name in order], "the values stand below their name"


def test_a_column_moves_as_a_whole_while_it_is_dragged(three: MainWindow, qtbot: QtBot) -> None:
    run_to_end(three, qtbot)
    bar = three.comparison.columns_bar
    at, to = bar.tabRect(0).center(), bar.tabRect(1).center()
    qtbot.mousePress(bar, Qt.MouseButton.LeftButton, pos=at)
    for step in range(1, 21):
        qtbot.mouseMove(bar, QPoint(at.x() + (to.x() - at.x()) * step // 20, at.y()))
    qtbot.waitUntil(lambda: is_drawn(three))
    assert [figure_of(three).cell("1", column).isVisible() for column in range(3)] == [False, True, False]
    for step in range(21):
        qtbot.mouseMove(bar, QPoint(to.x() + (at.x() - to.x()) * step // 20, at.y()))
    qtbot.waitUntil(lambda: is_drawn(three))
    assert [figure_of(three).cell("1", column).isVisible() for column in range(3)] == [True, False, False]
    qtbot.mouseRelease(bar, Qt.MouseButton.LeftButton, pos=at)
    assert names(three) == ["a", "b", "c"]


def test_a_drag_is_undone_in_one_step(three: MainWindow, qtbot: QtBot) -> None:
    drag(three, qtbot, 0, 2)
    press_keys(three, qtbot, Qt.Key.Key_Z, CTRL)
    assert names(three) == ["a", "b", "c"]


def test_columns_are_chosen_and_moved_with_arrows_on_their_names(three: MainWindow, qtbot: QtBot) -> None:
    bar = three.comparison.columns_bar
    qtbot.keyClick(bar, Qt.Key.Key_Right)
    assert three.session.arrangement.current == 1
    qtbot.keyClick(bar, Qt.Key.Key_Right, CTRL)
    assert three.session.arrangement.names == ("a", "c", "b")
    assert three.session.arrangement.current == 2
    qtbot.keyClick(bar, Qt.Key.Key_Right, CTRL)
    assert three.session.arrangement.names == ("a", "c", "b"), "there is nothing further right"
    qtbot.keyClick(bar, Qt.Key.Key_Left, CTRL)
    qtbot.keyClick(bar, Qt.Key.Key_Left, CTRL)
    assert names(three) == ["b", "a", "c"]


def test_columns_are_moved_by_keys_from_anywhere(three: MainWindow, qtbot: QtBot) -> None:
    three.comparison.canvas.setFocus()
    press_keys(three, qtbot, Qt.Key.Key_Right, CTRL, SHIFT)
    press_keys(three, qtbot, Qt.Key.Key_Right, CTRL, SHIFT)
    assert names(three) == ["b", "c", "a"]
    press_keys(three, qtbot, Qt.Key.Key_Left, CTRL, SHIFT)
    assert names(three) == ["b", "a", "c"]


def test_columns_are_removed_but_for_the_last_and_come_back(three: MainWindow, qtbot: QtBot) -> None:
    press_keys(three, qtbot, Qt.Key.Key_Backspace, CTRL)
    assert names(three) == ["b", "c"]
    qtbot.keyClick(three.comparison.columns_bar, Qt.Key.Key_Delete)
    qtbot.keyClick(three.comparison.columns_bar, Qt.Key.Key_Delete)
    assert names(three) == ["c"]
    for _ in range(2):
        press_keys(three, qtbot, Qt.Key.Key_Z, CTRL)
    assert names(three) == ["a", "b", "c"]


def test_removed_runs_come_back_with_their_column(three: MainWindow, qtbot: QtBot) -> None:
    run_to_end(three, qtbot)
    press_keys(three, qtbot, Qt.Key.Key_Backspace, CTRL)
    press_keys(three, qtbot, Qt.Key.Key_Z, CTRL)
    assert [len(lane.column.runs) for lane in three.session.arrangement.lanes] == [3, 0, 0]
    qtbot.waitUntil(lambda: three.comparison.is_complete)
    assert figure_of(three).cell("1", 0).verdict_text == "=  repeats"


def test_the_menu_of_a_name_acts_on_the_column_below_it(three: MainWindow, qtbot: QtBot) -> None:
    bar = three.comparison.columns_bar

    def choose(position: int, text: str) -> None:
        bar.customContextMenuRequested.emit(bar.tabRect(position).center())
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        action = next(action for action in menu.actions() if action.text().startswith(text))
        qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())

    choose(1, "Pin")
    assert names(three) == ["a", "b", "b (2)", "c"]
    choose(3, "Remove")
    assert names(three) == ["a", "b", "b (2)"]
    run_to_end(three, qtbot, lambda: choose(1, "Run"))
    assert [len(lane.column.runs) for lane in three.session.arrangement.lanes] == [0, 3, 0]


def test_no_more_columns_than_can_be_told_apart(quick_window: MainWindow, qtbot: QtBot) -> None:
    for _ in range(MAX_COLUMNS + 2):
        press_keys(quick_window, qtbot, Qt.Key.Key_D, CTRL)
    assert len(names(quick_window)) == MAX_COLUMNS


def test_names_stand_above_their_columns_wherever_they_are_scrolled(quick_window: MainWindow, qtbot: QtBot) -> None:
    for _ in range(7):
        press_keys(quick_window, qtbot, Qt.Key.Key_D, CTRL)
    run_to_end(quick_window, qtbot, lambda: press_keys(quick_window, qtbot, Qt.Key.Key_R, CTRL, SHIFT))
    canvas, bar = quick_window.comparison.canvas, quick_window.comparison.columns_bar
    scroll = canvas.horizontalScrollBar()
    assert scroll.maximum() > 0, "eight columns have no room side by side"
    for value in (0, scroll.maximum() // 2, scroll.maximum()):
        scroll.setValue(value)
        for position, (left, _) in enumerate(figure_of(quick_window).columns_at):
            column = canvas.viewport().mapToGlobal(canvas.mapFromScene(left, 0)).x()
            name = bar.mapToGlobal(bar.tabRect(position).topLeft()).x() + quick_window.theme.unit
            assert abs(column - name) <= 3, f"column {position} at {column}, its name at {name}"


def test_several_libraries_stand_side_by_side(quick_window: MainWindow, qtbot: QtBot) -> None:
    press_keys(quick_window, qtbot, Qt.Key.Key_D, CTRL)
    choose_preset(quick_window, "random", qtbot)
    run_to_end(quick_window, qtbot, lambda: press_keys(quick_window, qtbot, Qt.Key.Key_R, CTRL, SHIFT))
    assert quick_window.session.arrangement.lanes[1].column.experiment == PRESETS["random"].experiment
    assert names(quick_window)[0].startswith("NumPy")
    assert names(quick_window)[1].startswith("Python random")
    assert verdicts(quick_window, "6") == ["=  repeats"] * 2


def test_undoing_a_name_keeps_what_was_run_since(quick_window: MainWindow, qtbot: QtBot) -> None:
    quick_window.comparison.columns_bar.rename_asked.emit(0, "mine")
    run_to_end(quick_window, qtbot)
    ran = quick_window.session.arrangement.lane.column.runs
    quick_window.commands["undo"].trigger()
    assert "mine" not in quick_window.session.arrangement.names
    assert quick_window.session.arrangement.lane.column.runs is ran


def test_a_list_keeps_the_letters_that_are_typed_on_it(quick_window: MainWindow, qtbot: QtBot) -> None:
    box = quick_window.panel.experiment_form.library_box
    box.setFocus()
    for letter in "python":
        qtbot.keyClick(box, letter)
    assert quick_window.session.experiment.library == "python-random"
    qtbot.keyClick(box, Qt.Key.Key_M)
    assert quick_window.session.lab().view.look == "auto", "M is a letter here, no key"


def test_a_count_goes_with_its_runs(quick_window: MainWindow, qtbot: QtBot) -> None:
    run_to_end(quick_window, qtbot)
    count = quick_window.status.progress_label
    assert count.text().startswith("3 of 3 runs")
    quick_window.session.change_settings(runs=4)
    run_to_end(quick_window, qtbot, quick_window.run)
    assert count.text().startswith("4 of 4 runs")
    quick_window.commands["compare_seeds"].trigger()
    qtbot.waitUntil(lambda: not quick_window.session.is_busy)
    assert count.text().startswith("8 of 8 runs")
    quick_window.session.undo()
    assert count.text() == "", "these are not the runs that were counted"
    quick_window.session.redo()
    quick_window.status.note("opened a file")
    quick_window.session.undo()
    assert count.text() == "opened a file", "what is no count stays"


def test_what_was_undone_comes_back_with_its_runs(quick_window: MainWindow, qtbot: QtBot) -> None:
    run_to_end(quick_window, qtbot, quick_window.commands["compare_placements"].trigger)
    compared = quick_window.session.arrangement
    press_keys(quick_window, qtbot, Qt.Key.Key_Z, CTRL)
    assert len(quick_window.session.arrangement.lanes) == 1
    press_keys(quick_window, qtbot, Qt.Key.Key_Y, CTRL)
    assert quick_window.session.arrangement.columns == compared.columns
    quick_window.session.undo()
    quick_window.session.arrange(quick_window.session.arrangement.duplicate())
    assert not quick_window.commands["redo"].isEnabled(), "another change has taken its place"


def test_of_many_columns_the_current_one_is_in_sight_and_so_are_the_names_of_the_rows(
    quick_window: MainWindow, qtbot: QtBot
) -> None:
    window = quick_window
    window.resize(1024, 768)
    show_columns(window, [replace(placement_column("after-op"), name=f"column {n}") for n in range(12)], qtbot)
    canvas = window.comparison.canvas
    bar = canvas.horizontalScrollBar()
    assert bar.maximum() > 0
    for current in (11, 5, 0):
        window.session.select(current)
        qtbot.waitUntil(lambda: is_drawn(window))
        figure = figure_of(window)
        left, width = figure.columns_at[current]
        assert bar.value() + figure.names_room <= left
        assert left + width <= bar.value() + canvas.viewport().width()
        (name,) = [item for item in figure.items() if isinstance(item, Paragraph) and item.text == "op1-1"]
        assert 0 <= canvas.mapFromScene(name.scenePos()).x() < figure.names_room
        beside = QPointF(bar.value() + 4.0, name.scenePos().y())
        assert figure.hit(beside) is None, "what is scrolled away below a name is not pointed at"
