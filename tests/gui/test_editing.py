"""Scripts edited in the window, with the keys that a person presses, and run."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from seedlab.figure import theme as themes
from seedlab.gui.code_edit import CodeEdit
from seedlab.gui.main_window import MainWindow
from seedlab.gui.script_editor import ScriptEditor
from seedlab.libraries.presets import PRESETS
from seedlab.libraries.registry import script_of
from seedlab.session.arrangement import Arrangement
from tests.gui.acting import choose_preset, click, figure_of, is_drawn, on_canvas, press_keys, run_to_end
from tests.gui.conftest import THIS_PYTHON, quick_settings
from tests.gui.test_document_files import wait_for_desk

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
Key = Qt.Key


@pytest.fixture
def window(make_window: Callable[..., MainWindow]) -> MainWindow:
    return make_window(settings=quick_settings(), answer=THIS_PYTHON)


def editor_of(window: MainWindow) -> ScriptEditor:
    editor = window.editing.editor
    assert editor is not None, "no editor is open"
    return editor


def code_of(window: MainWindow) -> CodeEdit:
    return editor_of(window).code


def open_editor(window: MainWindow, qtbot: QtBot) -> CodeEdit:
    window.comparison.canvas.setFocus()
    press_keys(window, qtbot, Key.Key_E)
    qtbot.waitUntil(lambda: is_drawn(window))
    assert code_of(window).hasFocus()
    return code_of(window)


def keys(window: MainWindow, qtbot: QtBot, *pressed: Key | str) -> None:
    """Press keys, and type texts, where the focus is."""
    for each in pressed:
        if isinstance(each, str):
            qtbot.keyClicks(QApplication.focusWidget(), each)
        else:
            press_keys(window, qtbot, each)


def select_line(window: MainWindow, qtbot: QtBot) -> None:
    keys(window, qtbot, Key.Key_Home)
    press_keys(window, qtbot, Key.Key_Down, SHIFT)


def written(window: MainWindow, qtbot: QtBot, text: str) -> CodeEdit:
    """Replace all by what is typed: each line as a person types it, without its indentation."""
    code = open_editor(window, qtbot)
    press_keys(window, qtbot, Key.Key_A, CONTROL)
    keys(window, qtbot, Key.Key_Delete)
    keys(window, qtbot, text)
    return code


def test_the_change_from_before_graph_to_after_graph_is_typed_and_run_and_undone(
    window: MainWindow, qtbot: QtBot
) -> None:
    choose_preset(window, "before-graph", qtbot)
    run_to_end(window, qtbot)
    code = open_editor(window, qtbot)
    # The line that sets the seed is cut, and typed again below the next one.
    keys(window, qtbot, *[Key.Key_Down] * 4)
    select_line(window, qtbot)
    press_keys(window, qtbot, Key.Key_X, CONTROL)
    keys(window, qtbot, Key.Key_End, Key.Key_Return, "tf.set_random_seed(0)")
    text = code.text
    assert "with tf.Graph().as_default():\n    tf.set_random_seed(0)\n    rand_op1" in text
    assert window.comparison.subtitle_label.text().startswith("before graph shows runs of the text before it was")
    run_to_end(window, qtbot, lambda: press_keys(window, qtbot, Key.Key_R, CONTROL))
    assert code.hasFocus(), "the editor is left by Esc alone"
    lane = window.session.arrangement.lane
    assert (lane.column.script, lane.column.experiment) == (text, None)
    drawn = {
        draw.label: {run.draws[n].identity for run in lane.column.runs}
        for n, draw in enumerate(lane.column.runs[0].draws)
    }
    assert len(drawn["op1-1"]) == 1, "with the seed in the graph, its first op repeats"
    # The editor's own undo takes back what was typed, step by step.
    while code.document().isUndoAvailable():
        press_keys(window, qtbot, Key.Key_Z, CONTROL)
    assert code.text == script_of(PRESETS["before-graph"].experiment).text
    assert window.session.experiment == PRESETS["before-graph"].experiment
    assert not window.session.is_own_script


def test_esc_leaves_the_search_then_the_editor_then_stops_then_leaves_the_stage(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.session.editing.choose_library("python-random")
    window.present(is_on=True)
    qtbot.waitUntil(lambda: is_drawn(window))
    code = written(window, qtbot, "import time; print('a:', 1, flush=True); time.sleep(60)")
    press_keys(window, qtbot, Key.Key_F, CONTROL)
    assert not editor_of(window).find_bar.isHidden()
    press_keys(window, qtbot, Key.Key_R, CONTROL)
    assert window.session.is_busy
    keys(window, qtbot, Key.Key_Escape)
    assert code.hasFocus()
    keys(window, qtbot, Key.Key_Escape)
    assert not window.editing.is_open
    assert window.session.is_busy
    assert window.comparison.canvas.hasFocus()
    keys(window, qtbot, Key.Key_Escape)
    qtbot.waitUntil(lambda: not window.session.is_busy, timeout=10_000)
    assert window.stage.is_on
    keys(window, qtbot, Key.Key_Escape)
    assert not window.stage.is_on


def test_letters_are_typed_and_no_commands(window: MainWindow, qtbot: QtBot) -> None:
    window.session.editing.choose_library("python-random")
    look = window.session.settings.look
    code = written(window, qtbot, "lvmgwfe +=")
    assert (code.text, window.session.settings.look, window.session.is_busy) == ("lvmgwfe +=", look, False)
    press_keys(window, qtbot, Key.Key_Backspace, CONTROL)
    assert len(window.session.arrangement.lanes) == 1
    assert window.editing.is_open, "the column was removed"


def test_what_is_no_python_is_underlined_and_told_at_its_line(window: MainWindow, qtbot: QtBot) -> None:
    window.session.editing.choose_library("python-random")
    code = written(window, qtbot, "import random")
    keys(window, qtbot, Key.Key_Return, "print(random.random(")
    note = editor_of(window).note_label
    qtbot.waitUntil(lambda: note.text().startswith("Line 2: "), timeout=5_000)
    (selection,) = code.extraSelections()
    assert selection.cursor.blockNumber() == 1
    assert note.property("role") == "problem"
    keys(window, qtbot, "))")
    qtbot.waitUntil(lambda: "Ctrl+R" in note.text(), timeout=5_000)
    assert code.extraSelections() == []


def test_python_is_indented_dedented_and_commented(window: MainWindow, qtbot: QtBot) -> None:
    window.session.editing.choose_library("python-random")
    code = written(window, qtbot, "for n in range(3):  # loop")
    keys(window, qtbot, Key.Key_Return, "print(n)", Key.Key_Return, Key.Key_Backspace, "done = 1")
    assert code.text == "for n in range(3):  # loop\n    print(n)\ndone = 1"
    press_keys(window, qtbot, Key.Key_A, CONTROL)
    keys(window, qtbot, Key.Key_Tab)
    assert code.text == "    for n in range(3):  # loop\n        print(n)\n    done = 1"
    press_keys(window, qtbot, Key.Key_Backtab, SHIFT)
    press_keys(window, qtbot, Key.Key_Slash, CONTROL)
    assert code.text == "# for n in range(3):  # loop\n#     print(n)\n# done = 1"
    press_keys(window, qtbot, Key.Key_Slash, CONTROL)
    assert code.text == "for n in range(3):  # loop\n    print(n)\ndone = 1"
    press_keys(window, qtbot, Key.Key_Z, CONTROL)
    assert code.text.startswith("# for"), "a change of many lines is undone in one step"


def test_text_is_found_and_replaced(window: MainWindow, qtbot: QtBot) -> None:
    window.session.editing.choose_library("python-random")
    code = written(window, qtbot, "seed = 1; Seed = 2; other = seed")
    press_keys(window, qtbot, Key.Key_Home, CONTROL)
    press_keys(window, qtbot, Key.Key_F, CONTROL)
    bar = editor_of(window).find_bar
    keys(window, qtbot, "seed")
    assert (bar.count_label.text(), code.textCursor().selectionStart()) == ("1 of 3", 0)
    keys(window, qtbot, Key.Key_Return)
    assert (bar.count_label.text(), code.textCursor().selectionStart()) == ("2 of 3", 10)
    keys(window, qtbot, Key.Key_Up, Key.Key_Up)
    assert bar.count_label.text() == "3 of 3", "before the first comes the last"
    keys(window, qtbot, Key.Key_Tab)
    bar.replace_field.setFocus()
    keys(window, qtbot, "start", Key.Key_Return)
    assert code.text == "seed = 1; Seed = 2; other = start"
    click(bar.all_button, qtbot)
    assert code.text == "start = 1; start = 2; other = start"
    assert (bar.count_label.text(), window.session.next_text) == ("not found", code.text)
    keys(window, qtbot, Key.Key_Escape)
    press_keys(window, qtbot, Key.Key_Z, CONTROL)
    assert code.text == "seed = 1; Seed = 2; other = start"


def test_text_is_found_and_replaced_after_letters_of_two_units(window: MainWindow, qtbot: QtBot) -> None:
    window.session.editing.choose_library("python-random")
    window.session.editing.edit_script('print("\U0001f3b2")\nseed = 1\nseed = 2\n')
    code = open_editor(window, qtbot)
    press_keys(window, qtbot, Key.Key_F, CONTROL)
    bar = editor_of(window).find_bar
    keys(window, qtbot, "seed")
    assert code.textCursor().selectedText() == "seed"
    bar.replace_field.setText("start")
    click(bar.all_button, qtbot)
    assert code.text == 'print("\U0001f3b2")\nstart = 1\nstart = 2\n'


def test_the_stop_button_stops_while_the_editor_is_open(window: MainWindow, qtbot: QtBot) -> None:
    window.session.editing.choose_library("python-random")
    written(window, qtbot, "import time; print('a:', 1, flush=True); time.sleep(60)")
    press_keys(window, qtbot, Key.Key_R, CONTROL)
    assert window.session.is_busy
    click(window.panel.run_controls.stop_button, qtbot)
    qtbot.waitUntil(lambda: not window.session.is_busy, timeout=10_000)
    assert window.editing.is_open


def test_the_editor_opens_in_sight(window: MainWindow, qtbot: QtBot) -> None:
    window.session.editing.choose_library("numpy")
    window.session.editing.choose(draws_per_op=9)
    run_to_end(window, qtbot)
    bar = window.comparison.canvas.verticalScrollBar()
    bar.setValue(bar.maximum())
    assert bar.value() > 0
    open_editor(window, qtbot)
    assert window.comparison.canvas.viewport().rect().intersects(editor_of(window).geometry())
    assert editor_of(window).geometry().top() >= 0


def test_a_line_pressed_twice_is_edited_and_code_is_copied(window: MainWindow, qtbot: QtBot) -> None:
    window.session.editing.choose_library("numpy")
    qtbot.waitUntil(lambda: is_drawn(window))
    area = figure_of(window).script_block().place_of(3)
    place = on_canvas(window, figure_of(window).script_block().mapToScene(area.center()))
    viewport = window.comparison.canvas.viewport()
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    assert code_of(window).textCursor().blockNumber() == 2
    select_line(window, qtbot)
    press_keys(window, qtbot, Key.Key_C, CONTROL)
    assert QGuiApplication.clipboard().text() == "np.random.seed(0)\n"


def test_the_editor_goes_on_with_another_theme_and_on_stage(window: MainWindow, qtbot: QtBot) -> None:
    window.session.editing.choose_library("python-random")
    code = written(window, qtbot, "a = 1")
    window.set_theme("dark")
    qtbot.waitUntil(lambda: is_drawn(window))
    assert code_of(window) is not code
    keys(window, qtbot, "2")
    press_keys(window, qtbot, Key.Key_F5)
    qtbot.waitUntil(lambda: is_drawn(window))
    assert window.editing.is_open
    document = code_of(window).document()
    assert (code_of(window).text, document.isUndoAvailable()) == ("a = 12", True)
    # Colours come when Qt has time for them.
    qtbot.waitUntil(lambda: bool(document.firstBlock().layout().formats()))
    (number,) = document.firstBlock().layout().formats()
    assert number.format.foreground().color().name() == window.theme.number.lower()
    assert window.theme.number != themes.LIGHT.number


def test_another_column_closes_the_editor_and_undo_there_is_that_of_columns(window: MainWindow, qtbot: QtBot) -> None:
    window.session.editing.choose_library("python-random")
    text = window.session.next_text
    window.session.arrange(window.session.arrangement.duplicate())
    written(window, qtbot, "a = 1")
    window.session.select(0)
    assert not window.editing.is_open
    assert window.session.next_text == text
    window.session.select(1)
    assert window.session.next_text == "a = 1"
    press_keys(window, qtbot, Key.Key_Z, CONTROL)
    assert window.session.next_text == text


def test_the_panel_leads_back_to_the_choices(window: MainWindow, qtbot: QtBot) -> None:
    window.session.editing.choose_library("python-random")
    text = window.session.next_text
    written(window, qtbot, "a = 1")
    form = window.panel.program_form
    assert form.back_button.text() == "Undo the edits"
    click(form.back_button, qtbot)
    assert (window.session.is_own_script, code_of(window).text) == (False, text)
    assert not form.back_button.isVisible()


def test_a_file_that_is_edited_stays_as_it_is_and_its_text_comes_back(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "train.py"
    path.write_text("print('a:', 1)\n")
    window.documents.open(path)
    wait_for_desk(window, qtbot)
    written(window, qtbot, "import __main__; print('a:', 2, __main__.__file__)")
    run_to_end(window, qtbot, lambda: press_keys(window, qtbot, Key.Key_R, CONTROL))
    printed = [run.text for run in window.session.arrangement.lane.column.runs]
    assert printed == [f"a: 2 {path}\n"] * len(printed)
    assert path.read_text() == "print('a:', 1)\n"
    assert window.panel.program_form.back_button.text() == "Undo the edits"
    click(window.panel.program_form.back_button, qtbot)
    assert code_of(window).text == "print('a:', 1)\n"


def test_a_blank_that_does_not_break_and_other_letters_stay(window: MainWindow, qtbot: QtBot) -> None:
    text = "print('a\u00a0b \U0001f600 \u00e9:', 1)\n"
    window.session.editing.choose_library("python-random")
    window.session.editing.edit_script(text)
    code = open_editor(window, qtbot)
    assert code.text == text
    press_keys(window, qtbot, Key.Key_End, CONTROL)
    keys(window, qtbot, "x")
    assert window.session.next_text == text + "x"


@pytest.mark.parametrize("size", [(1280, 720), (900, 600)])
@pytest.mark.parametrize("columns", [1, 2, 4])
def test_the_editor_stands_in_the_view_and_hides_no_values(
    window: MainWindow, qtbot: QtBot, size: tuple[int, int], columns: int
) -> None:
    window.resize(*size)
    window.session.editing.choose_library("numpy")
    window.session.arrange(Arrangement.of([window.session.experiment] * columns))
    window.session.select(columns - 1)
    run_to_end(window, qtbot, window.run_all)
    open_editor(window, qtbot)
    editor, canvas = editor_of(window), window.comparison.canvas
    inside = canvas.viewport().rect()
    assert inside.contains(editor.geometry())
    assert editor.width() > 200
    assert editor.height() > 150
    for column in range(columns):
        cell = figure_of(window).cell(figure_of(window).labels[0], column)
        place = canvas.mapFromScene(cell.sceneBoundingRect()).boundingRect()
        assert not editor.geometry().adjusted(2, 2, -2, -2).intersects(place)
