"""The window as a person uses it: real scripts in real processes, clicks and keys."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction, QFontDatabase
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QMenu,
    QMenuBar,
    QTabBar,
    QWidget,
)
from pytestqt.qtbot import QtBot
from superqt import QLargeIntSpinBox

from seedlab.engine.executors.outcome import runs_at_once
from seedlab.figure import theme
from seedlab.gui.commands import CommandMenu
from seedlab.gui.engine_form import EngineForm
from seedlab.gui.main_window import MainWindow
from seedlab.libraries.registry import FAMILIES
from seedlab.results.run import Outcome
from seedlab.study.lab import Column
from tests.conftest import PythonWith
from tests.gui.acting import (
    choose_preset,
    click,
    figure_of,
    longest_pause,
    press_keys,
    run_own_script,
    run_to_end,
    runner_of,
    start_script,
)
from tests.gui.conftest import RUN_TIMEOUT_MS, THIS_PYTHON, running_scripts
from tests.helpers.interpreters import interpreter

MakeWindow = Callable[..., MainWindow]


def test_fonts_exist() -> None:
    families = set(QFontDatabase.families())
    assert families & set(theme.SANS), f"none of {theme.SANS} is installed: texts would be empty boxes"
    assert families & set(theme.MONO), f"none of {theme.MONO} is installed: scripts would be empty boxes"


def test_a_click_on_run_shows_what_repeats(window: MainWindow, qtbot: QtBot) -> None:
    choose_preset(window, "random", qtbot)
    run_to_end(window, qtbot)
    assert [run.outcome for run in window.session.arrangement.lane.column.runs] == [Outcome.FINISHED] * 3
    assert window.comparison.title_label.text() == "Every draw repeats in every run."
    for label in "123456":
        assert figure_of(window).cell(label).verdict_text == "=  repeats"
    assert "Seed 0 was set at line 3" in figure_of(window).cell("1").reason_text
    assert "3 of 3 runs" in window.status.progress_label.text()
    assert window.panel.run_controls.run_button.isEnabled()


@pytest.mark.alone
def test_three_tensorflow_runs_never_hold_up_the_event_loop(window: MainWindow, qtbot: QtBot) -> None:
    choose_preset(window, "after-op", qtbot)
    with longest_pause(window) as longest:
        run_to_end(window, qtbot)
    assert longest[0] < 0.1, f"the event loop stood still for {longest[0] * 1000:.0f} ms"
    assert window.comparison.title_label.text() == "op2 repeats, op1 does not."
    assert figure_of(window).cell("op1-1").verdict_text == "≠  3 of 3 differ"
    assert figure_of(window).cell("op2-2").verdict_text == "=  repeats"
    script = figure_of(window).script_block().text
    assert "↳ too late: no op used it" in script
    assert "↳ pair (87654321, 1)" in script
    assert "TensorFlow 2.21.0" in window.status.interpreter_label.text()


def test_a_toggle_shows_the_new_script_at_once_and_marks_the_result_as_earlier(
    window: MainWindow, qtbot: QtBot
) -> None:
    choose_preset(window, "random", qtbot)
    run_to_end(window, qtbot)
    qtbot.mouseClick(window.panel.experiment_form.timeline.slot("once"), Qt.MouseButton.LeftButton)
    assert window.session.experiment["placement"] == "once"
    assert figure_of(window).script_block().text.count("random.seed(0)") == 1
    assert "the earlier choice" in window.comparison.subtitle_label.text()
    assert figure_of(window).cell("1").verdict_text == "=  repeats", "nothing is lost"
    qtbot.mouseClick(window.panel.experiment_form.timeline.slot("again"), Qt.MouseButton.LeftButton)
    assert "the earlier choice" not in window.comparison.subtitle_label.text()


@pytest.mark.parametrize("placement", ["none", "before-graph", "after-graph", "after-op"])
def test_every_placement_can_be_clicked(window: MainWindow, qtbot: QtBot, placement: str) -> None:
    other = "after-op" if placement != "after-op" else "none"
    qtbot.mouseClick(window.panel.experiment_form.timeline.slot(other), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(window.panel.experiment_form.timeline.slot(placement), Qt.MouseButton.LeftButton)
    assert window.session.experiment["placement"] == placement
    assert ("tf.set_random_seed(0)" in figure_of(window).script_block().text) is (placement != "none")


def test_the_placement_moves_with_the_arrow_keys(window: MainWindow, qtbot: QtBot) -> None:
    slot = window.panel.experiment_form.timeline.slot("before-graph")
    slot.setFocus()
    qtbot.keyClick(slot, Qt.Key.Key_Down)
    assert window.session.experiment["placement"] == "after-graph"
    qtbot.keyClick(window.panel.experiment_form.timeline.slot("after-graph"), Qt.Key.Key_Up)
    assert window.session.experiment["placement"] == "before-graph"


def test_everything_is_reached_by_tab(window: MainWindow, qtbot: QtBot) -> None:
    window.panel.run_controls.run_button.setFocus()
    reached: list[QWidget] = []
    for _ in range(60):
        focused = QApplication.focusWidget()
        if focused is None or focused in reached:
            break
        reached.append(focused)
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    kinds = (QAbstractButton, QAbstractSpinBox, QComboBox)
    wanted = [
        child for kind in kinds for child in window.panel.findChildren(kind) if child.isEnabled() and child.isVisible()
    ]
    slots = window.panel.experiment_form.timeline.slots()
    missed = [w for w in wanted if w not in reached and w not in slots]
    assert missed == []
    assert [slot for slot in slots if slot in reached], "the timeline is one stop; arrows move in it"
    assert all(w.accessibleName() or isinstance(w, QAbstractButton) for w in wanted)


def test_run_and_stop_have_keys(window: MainWindow, qtbot: QtBot) -> None:
    choose_preset(window, "random", qtbot)
    run_to_end(window, qtbot, lambda: qtbot.keyClick(window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier))
    assert len(window.session.arrangement.lane.column.runs) == 3


def test_stop_ends_the_children_and_keeps_what_finished(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    first = tmp_path / "first"
    source = (
        "import os, signal\n"
        f"try:\n    os.close(os.open({str(first)!r}, os.O_CREAT | os.O_EXCL))\n"
        "except FileExistsError:\n    signal.pause()\n"
        "print('x:', 1)\n"
    )
    with qtbot.waitSignal(runner_of(window).run_ended, timeout=RUN_TIMEOUT_MS):
        start_script(window, Column(name="own", experiment=None, script=source), 1)
    qtbot.waitUntil(lambda: not window.session.is_busy)
    start_script(window, Column(name="own", experiment=None, script=source), 2)
    assert window.panel.run_controls.stop_button.isEnabled()
    qtbot.waitUntil(lambda: len(running_scripts()) == 2, timeout=RUN_TIMEOUT_MS)
    with qtbot.waitSignal(runner_of(window).plan_ended, timeout=RUN_TIMEOUT_MS):
        qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert running_scripts() == []
    assert "stopped after" in window.status.progress_label.text()
    assert window.panel.run_controls.run_button.isEnabled()
    run_own_script(window, qtbot, "print('x:', 1)")
    assert [run.outcome for run in window.session.arrangement.lane.column.runs] == [Outcome.FINISHED] * 2, (
        "the next batch works"
    )


def test_the_import_begins_before_anyone_presses_run(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.status.readiness_label.text().startswith("ready"), timeout=RUN_TIMEOUT_MS)
    choose_preset(window, "after-op", qtbot)
    run_to_end(window, qtbot)
    assert {run.start for run in window.session.arrangement.lane.column.runs} == {"fork"}


def test_a_run_asked_for_before_the_import_is_done_waits_and_says_so(window: MainWindow, qtbot: QtBot) -> None:
    choose_preset(window, "after-op", qtbot)
    qtbot.waitUntil(lambda: window.status.readiness_label.text().startswith("preparing: what"))
    said: list[str] = []
    heart = QTimer(window, interval=20)
    heart.timeout.connect(lambda: said.append(window.status.progress_label.text()))
    heart.start()
    run_to_end(window, qtbot)
    assert any(text.startswith("waiting for the import") for text in said)
    assert [run.outcome for run in window.session.arrangement.lane.column.runs] == [Outcome.FINISHED] * 3


@pytest.mark.parametrize("start", ["cold", "spare", "fork"])
def test_the_way_to_start_can_be_forced(window: MainWindow, qtbot: QtBot, start: str) -> None:
    choose_preset(window, "numpy", qtbot)
    window.panel.engine_form.start_box.setCurrentText(start)
    run_to_end(window, qtbot)
    assert {run.start for run in window.session.arrangement.lane.column.runs} == {start}
    assert {run.outcome for run in window.session.arrangement.lane.column.runs} == {Outcome.FINISHED}


def test_closing_during_a_run_leaves_no_process(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    source = f"import signal\nopen({str(ready)!r}, 'w').close()\nsignal.signal(15, signal.SIG_IGN)\nsignal.pause()\n"
    start_script(window, Column(name="own", experiment=None, script=source), 2)
    qtbot.waitUntil(ready.exists, timeout=RUN_TIMEOUT_MS)
    assert running_scripts() != []
    window.close()
    window.close()
    assert not runner_of(window).isRunning()
    assert running_scripts() == []


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("print('x:', 1)\nraise ValueError('no')", "line 2: ValueError: no"),
        ("import sys\nprint('x:', 1)\nsys.exit(3)", "ended with exit status 3"),
        ("import os\nprint('x:', 1, flush=True)\nos.kill(os.getpid(), 9)", "was ended by the signal SIGKILL"),
    ],
)
def test_a_script_that_fails_is_said_and_its_draws_are_shown(
    window: MainWindow, qtbot: QtBot, source: str, said: str
) -> None:
    run_own_script(window, qtbot, source)
    problem = figure_of(window).notes_text()
    assert problem.startswith("Runs 1, 2 failed: ")
    assert said in problem
    assert figure_of(window).cell("x").verdict_text == "=  repeats"


def test_a_script_that_prints_nothing_is_said(window: MainWindow, qtbot: QtBot) -> None:
    run_own_script(window, qtbot, "pass")
    assert window.comparison.title_label.text() == "No values: the script printed nothing."


def test_nan_infinities_and_binary_output_are_shown(window: MainWindow, qtbot: QtBot) -> None:
    source = (
        "import sys\nsys.stdout.buffer.write(b'\\xff\\xfe')\n"
        "print('x:', [float('nan'), float('inf'), 1.0])\nprint('y:', [float('nan')])\n"
    )
    run_own_script(window, qtbot, source)
    assert figure_of(window).cell("x").verdict_text == "=  repeats"
    assert "4 of the values are not finite" in figure_of(window).cell("x").reason_text


def test_large_draws_and_single_values_are_drawn(window: MainWindow, qtbot: QtBot) -> None:
    source = "import numpy as np\nprint('big:', np.random.rand(30_000))\nprint('one:', 1)\nprint('none:', [])\n"
    run_own_script(window, qtbot, source, runs=3)
    assert figure_of(window).cell("big").verdict_text == "≠  3 of 3 differ"
    assert figure_of(window).cell("none").verdict_text == "=  repeats"


@pytest.mark.parametrize("name", list(FAMILIES))
def test_each_library_shows_its_own_controls(window: MainWindow, qtbot: QtBot, name: str) -> None:
    window.panel.experiment_form.library_box.setCurrentText(FAMILIES[name].title)
    assert window.session.experiment == FAMILIES[name].default
    for control in FAMILIES[name].controls:
        qtbot.waitUntil(window.panel.experiment_form.editor(control.name).isVisible)
    with pytest.raises(KeyError):
        window.panel.experiment_form.editor("nothing")


def test_spin_boxes_hold_the_full_range(window: MainWindow) -> None:
    box = window.panel.experiment_form.editor("graph_seed")
    assert isinstance(box, QLargeIntSpinBox)
    for value in (2**63 - 1, -(2**63)):
        box.setValue(value)
        assert window.session.experiment["graph_seed"] == value
        assert f"tf.set_random_seed({value})" in figure_of(window).script_block().text


def test_the_focus_stays_where_a_person_put_it(quick_window: MainWindow, qtbot: QtBot) -> None:
    panel = quick_window.panel.run_controls
    assert QApplication.focusWidget() is panel.run_button, "so that keys mean what the page of keys says"
    run_to_end(quick_window, qtbot)
    assert QApplication.focusWidget() is panel.run_button
    run_to_end(quick_window, qtbot, lambda: click(panel.once_more_button, qtbot))
    assert QApplication.focusWidget() is panel.once_more_button
    for name in ("before-graph", "random", "after-op"):
        choose_preset(quick_window, name, qtbot)
        assert QApplication.focusWidget() is quick_window.panel.experiment_form.preset_box


def test_while_runs_go_on_the_focus_is_on_stop(quick_window: MainWindow, qtbot: QtBot) -> None:
    quick_window.panel.run_controls.runs_box.setValue(500)
    with qtbot.waitSignal(runner_of(quick_window).plan_ended, timeout=RUN_TIMEOUT_MS):
        qtbot.keyClick(quick_window.panel.run_controls.run_button, Qt.Key.Key_Space)
        assert QApplication.focusWidget() is quick_window.panel.run_controls.stop_button
        qtbot.keyClick(quick_window.panel.run_controls.stop_button, Qt.Key.Key_Space)
    assert len(quick_window.session.arrangement.lane.column.runs) < 500
    assert QApplication.focusWidget() is quick_window.panel.run_controls.run_button


def test_typing_letters_for_a_seed_changes_nothing(window: MainWindow, qtbot: QtBot) -> None:
    box = window.panel.experiment_form.editor("graph_seed")
    box.setFocus()
    qtbot.keyClicks(box, "abc")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert window.session.experiment["graph_seed"] == 0


def test_more_values_than_memory_should_hold_are_refused_with_advice(window: MainWindow, qtbot: QtBot) -> None:
    sample_size = window.panel.experiment_form.editor("sample_size")
    assert isinstance(sample_size, QLargeIntSpinBox)
    sample_size.setValue(1_000_000)
    window.panel.run_controls.runs_box.setValue(10_000)
    qtbot.mouseClick(window.panel.run_controls.run_button, Qt.MouseButton.LeftButton)
    assert "Choose fewer runs" in window.comparison.message_label.text()
    assert not runner_of(window).is_busy


def test_an_interpreter_that_does_not_exist_is_said_and_the_old_one_stays(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(runner_of(window).interpreter_failed, timeout=RUN_TIMEOUT_MS):
        window.panel.engine_form.interpreter_chosen.emit("/nowhere/python")
    assert "There is no Python called “/nowhere/python”" in window.comparison.message_label.text()
    choose_preset(window, "random", qtbot)
    run_to_end(window, qtbot)
    assert window.session.arrangement.lane.column.interpreter is not None
    assert window.session.arrangement.lane.column.interpreter.executable == sys.executable


def test_a_python_without_tensorflow_is_said_when_it_is_needed(
    make_window: MakeWindow, qtbot: QtBot, bare_python: str
) -> None:
    window = make_window(bare_python)
    qtbot.mouseClick(window.panel.run_controls.run_button, Qt.MouseButton.LeftButton)
    assert "has no tensorflow" in window.comparison.message_label.text()
    choose_preset(window, "random", qtbot)
    run_to_end(window, qtbot)
    assert len(window.session.arrangement.lane.column.runs) == 3


def test_a_tensorflow_that_dies_at_import_is_said_and_other_libraries_still_run(
    make_window: MakeWindow, qtbot: QtBot, python_with: PythonWith
) -> None:
    window = make_window(python_with.tensorflow("import os; os.abort()"))
    said = "importing TensorFlow ended the process with SIGABRT"
    qtbot.waitUntil(lambda: said in window.comparison.message_label.text(), timeout=RUN_TIMEOUT_MS)
    run_to_end(window, qtbot)
    assert "was ended by the signal SIGABRT" in figure_of(window).notes_text()
    choose_preset(window, "random", qtbot)
    run_to_end(window, qtbot)
    assert [run.outcome for run in window.session.arrangement.lane.column.runs] == [Outcome.FINISHED] * 3


@pytest.mark.parametrize(("tensorflow", "text"), [("2.21.0", "TF 2.21.0 (3.11.7)"), ("", "no TensorFlow (3.11.7)")])
def test_the_interpreter_box_says_which_tensorflow_there_is(qtbot: QtBot, tensorflow: str, text: str) -> None:
    form = EngineForm(theme.LIGHT)
    qtbot.addWidget(form)
    form.show_interpreters(interpreter("/bin/python", "3.11.7", numpy="2.4.6", tensorflow=tensorflow), ())
    assert form.interpreter_box.currentText() == text


def test_the_device_list_says_why_there_is_no_gpu(window: MainWindow, qtbot: QtBot) -> None:
    box = window.panel.experiment_form.editor("device")
    assert isinstance(box, QComboBox)
    qtbot.waitUntil(lambda: box.findText("CPU:0") >= 0, timeout=RUN_TIMEOUT_MS)
    if box.findText("GPU:0") >= 0:
        pytest.skip("this machine has a GPU")
    entry = box.findText("no GPU", Qt.MatchFlag.MatchStartsWith)
    assert not box.model().flags(box.model().index(entry, 0)) & Qt.ItemFlag.ItemIsEnabled
    assert "GPU" in box.itemText(entry)


@pytest.mark.parametrize("library", list(FAMILIES))
@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
def test_nothing_of_the_panel_is_cut_off(make_window: MakeWindow, size: tuple[int, int], library: str) -> None:
    window = make_window(size=size)
    window.session.editing.choose_library(library)
    QApplication.processEvents()
    visible = window.panel.visibleRegion().boundingRect()
    for child in window.panel.findChildren(QWidget):
        if child.isVisible() and isinstance(child, QLabel | QAbstractButton | QAbstractSpinBox | QComboBox):
            place = child.rect().translated(child.mapTo(window.panel, child.rect().topLeft()))
            assert visible.contains(place), f"{child} at {place} is outside {visible}"
    for label in window.panel.findChildren(QLabel):
        assert label.width() >= label.sizeHint().width(), f"“{label.text()}” is cut off"


def test_every_control_explains_itself_in_a_tooltip(quick_window: MainWindow) -> None:
    kinds = (QAbstractButton, QAbstractSpinBox, QComboBox, QTabBar)
    controls = [control for kind in kinds for control in quick_window.findChildren(kind) if control.isVisible()]
    assert len(controls) > 20
    assert [control for control in controls if not control.toolTip()] == []


def test_buttons_say_what_their_commands_say(quick_window: MainWindow) -> None:
    controls, stage_bar = quick_window.panel.run_controls, quick_window.stage_bar
    for button, name in (
        (controls.run_button, "run"),
        (controls.once_more_button, "once_more"),
        (controls.stop_button, "stop"),
        (stage_bar.run_button, "run"),
        (stage_bar.once_more_button, "once_more"),
    ):
        assert button.toolTip() == quick_window.commands[name].toolTip()
        assert button is controls.run_button or button.text() == quick_window.commands[name].text()


def test_the_panel_shows_how_many_runs_go_on_at_once_where_nobody_has_chosen(quick_window: MainWindow) -> None:
    assert quick_window.session.settings.jobs is None
    assert quick_window.panel.engine_form.jobs_box.value() == runs_at_once()
    assert quick_window.session.settings.jobs is None, "showing it is no choice"


def test_the_tool_tip_of_a_choice_says_in_a_sentence_what_cannot_be_chosen(make_window: MakeWindow) -> None:
    window = make_window(answer=replace(THIS_PYTHON, no_gpu_reason="none was found"))
    box = window.panel.experiment_form.editor("device")
    assert box.toolTip().endswith(". No GPU: none was found.")


# --- the menu ------------------------------------------------------------------------------------


def test_the_menu_has_few_entries_in_groups_that_hold_every_command(quick_window: MainWindow) -> None:
    menu = quick_window.comparison.findChild(CommandMenu)
    assert menu is not None
    assert list(menu.groups) == ["File", "Run", "Compare", "Columns", "View", "Talk", "Help"]
    found = []
    for group in menu.groups.values():
        entries = [action for action in group.actions() if not action.isSeparator()]
        assert len(entries) <= 24
        found += [action for action in entries if action.menu() is None]
    assert set(found) == set(quick_window.commands.all)
    assert quick_window.recent_menu.menuAction() in menu.groups["File"].actions()
    assert quick_window.compare_menu.menuAction() in menu.groups["Compare"].actions()


def test_the_menu_marks_what_is_on(quick_window: MainWindow, qtbot: QtBot) -> None:
    def marked() -> set[str]:
        names = ("lines", "values", "map", "light", "dark", "system")
        return {name for name in names if quick_window.commands[name].isChecked()}

    quick_window.commands["light"].trigger()
    assert marked() == {"light"}, "the look is chosen for each row"
    press_keys(quick_window, qtbot, Qt.Key.Key_V)
    assert marked() == {"values", "light"}
    press_keys(quick_window, qtbot, Qt.Key.Key_M)
    press_keys(quick_window, qtbot, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    assert marked() == {"map", "dark"}
    quick_window.commands["dark"].trigger()
    assert marked() == {"map", "dark"}, "what is on stays on"


def test_where_the_platform_has_a_menu_bar_all_groups_are_in_it(
    quick_window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on macOS; here the bar is Qt's own."""
    monkeypatch.setattr(QMenuBar, "isNativeMenuBar", lambda _: True)
    for name in ("dark", "light"):
        quick_window.set_theme(name)
        groups = quick_window.menuBar().actions()
        assert [action.text() for action in groups] == ["File", "Run", "Compare", "Columns", "View", "Talk", "Help"]
        shown = [action for group in groups for action in _menu_of(group).actions()]
        assert all(command in shown for command in quick_window.commands.all)


def _menu_of(group: QAction) -> QMenu:
    menu = group.menu()
    assert isinstance(menu, QMenu)
    return menu
