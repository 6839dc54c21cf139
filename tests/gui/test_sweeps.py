"""Sweeps in the window: asked for in a dialog, made by real runs, looked at, stopped, and made a column of."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from seedlab.documents.programs import column_of_script
from seedlab.gui.effects_dialog import EffectsDialog
from seedlab.gui.main_window import MainWindow
from seedlab.gui.sweep_dialog import SweepDialog
from seedlab.gui.sweep_view import SweepView
from seedlab.session.settings import Settings
from seedlab.session.sweep_store import SweepResults
from seedlab.study.lab import Lab, now
from tests.gui.conftest import THIS_PYTHON, quick_settings

LIMIT_MS = 30_000
SCRIPT = """\
import random

SEED = 42
random.seed(SEED)
for step in range(4):
    print("loss:", random.random() / (1 + step))
print("other:", random.Random().random())
"""


@pytest.fixture
def window(make_window: Callable[..., MainWindow], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MainWindow:
    """A window with a script of one's own, which was not run yet."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    window = make_window(settings=Settings(runs=2), answer=THIS_PYTHON)
    show_script(window, tmp_path, SCRIPT)
    return window


def show_script(window: MainWindow, folder: Path, text: str) -> None:
    path = folder / "train.py"
    path.write_text(text, encoding="utf-8")
    column = column_of_script(str(path), folder=str(folder))
    window.session.show_lab(Lab(columns=(column,), created=now()))


def dialog_of(window: MainWindow, qtbot: QtBot) -> SweepDialog:
    window.commands["sweep"].trigger()
    found = window.findChildren(SweepDialog)[-1]
    qtbot.waitUntil(found.isVisible)
    return found


def swept(window: MainWindow, qtbot: QtBot, seeds: str, *, waits: bool = True) -> SweepView:
    """The view of a sweep of the current column, whose values were typed, once it is over and shown."""
    dialog = dialog_of(window, qtbot)
    typed(dialog.values_edit, seeds, qtbot)
    qtbot.mouseClick(dialog.start_button, Qt.MouseButton.LeftButton)
    view = window.sweeps.open[-1]
    if waits:
        wait_for(view, qtbot)
    return view


def typed(edit: QLineEdit, text: str, qtbot: QtBot) -> None:
    edit.selectAll()
    qtbot.keyClicks(edit, text)


def wait_for(view: SweepView, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: view.is_over, timeout=LIMIT_MS)
    qtbot.waitUntil(
        lambda: view.window.found is not None and bool(view.window.found.label) and view.window.is_complete,
        timeout=LIMIT_MS,
    )


def test_a_scripts_seed_is_swept_and_its_draws_are_looked_at(window: MainWindow, qtbot: QtBot) -> None:
    view = swept(window, qtbot, "0..19")

    def shown_runs() -> list[int]:
        return [] if view.window.found is None else [shape.runs for shape in view.window.found.shapes]

    # What was seen while runs were made is shown for a moment longer.
    qtbot.waitUntil(lambda: shown_runs() == [21], timeout=LIMIT_MS)
    found = view.window.found
    assert found is not None
    # Of what repeats under a name, the last.
    assert found.label == "loss #4"
    # With the script's own seed.
    assert found.shapes[0].series.points[:, 0].tolist() != []
    assert sorted(found.shapes[0].series.points[:, 0].tolist()) == [*range(20), 42]
    assert found.shapes[0].stood is not None
    assert "seed 42" in view.window.title_label.text()
    assert view.head.text_label.text() == "21 runs."
    assert not view.head.button.isVisible()
    # What repeats under a label has a course.
    assert view.window.tabs.button_of("course").isVisible()
    # The runs of the column are those of before: none.
    assert not window.session.has_runs


def test_another_draw_is_chosen_from_the_list(window: MainWindow, qtbot: QtBot) -> None:
    view = swept(window, qtbot, "0..9")
    box: QComboBox = view.head.label_box
    assert [box.itemData(row) for row in range(box.count())] == ["loss", "loss #2", "loss #3", "loss #4", "other"]
    box.setCurrentIndex(4)
    box.activated.emit(4)
    wait_for(view, qtbot)
    qtbot.waitUntil(lambda: view.window.found is not None and view.window.found.label == "other", timeout=LIMIT_MS)
    assert view.window.found is not None
    assert view.window.found.shapes[0].described.distinct == 1


def test_with_a_press_a_column_is_made_of_a_seed_and_run(window: MainWindow, qtbot: QtBot) -> None:
    view = swept(window, qtbot, "0..9")
    assert view.window.chosen is not None
    (seed,) = view.window.chosen
    qtbot.keyClick(view.window, Qt.Key.Key_C)
    qtbot.waitUntil(lambda: not window.session.is_busy and window.session.has_runs, timeout=LIMIT_MS)
    assert len(window.session.arrangement.lanes) == 2
    made = window.session.arrangement.lane.column
    assert f"SEED = {seed}\n" in made.script
    assert made.name == f"train.py, seed {seed}"
    # It draws what the sweep has drawn with this seed.
    series = view.window.found.shapes[0].series  # type: ignore[union-attr]
    row = series.points[:, 0].tolist().index(seed)
    drawn = next(draw for draw in made.runs[0].draws if draw.label == "loss #4")
    assert float(drawn.array) == float(series.values[row])


def test_it_is_stopped_and_goes_on_where_it_was(window: MainWindow, qtbot: QtBot) -> None:
    view = swept(window, qtbot, "0..4999", waits=False)
    qtbot.waitUntil(lambda: view.maker.sweeping.done > 20, timeout=LIMIT_MS)
    qtbot.mouseClick(view.head.button, Qt.MouseButton.LeftButton)
    wait_for(view, qtbot)
    kept = view.maker.sweeping.done
    assert 20 < kept < 5000
    assert view.head.text_label.text().startswith(f"Stopped with {kept} runs")
    assert view.head.button.text() == "Go on"
    qtbot.mouseClick(view.head.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: view.maker.sweeping.done > 5, timeout=LIMIT_MS)
    assert view.maker.sweeping.known >= kept - 1
    view.window.close()
    assert window.sweeps.open == []


def test_closing_the_main_window_ends_a_sweep(window: MainWindow, qtbot: QtBot) -> None:
    view = swept(window, qtbot, "0..4999", waits=False)
    qtbot.waitUntil(lambda: view.maker.sweeping.done > 3, timeout=LIMIT_MS)
    window.documents.document.let_go()
    window.close()
    assert window.sweeps.open == []


def test_effects_outside_the_folder_are_asked_about_before_more_runs(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "inside").mkdir()
    log = tmp_path / "log"
    show_script(window, tmp_path / "inside", f"{SCRIPT}open('{log}', 'a').write('x')\n")
    view = swept(window, qtbot, "0..3", waits=False)
    qtbot.waitUntil(lambda: bool(view.window.findChildren(EffectsDialog)), timeout=LIMIT_MS)
    (dialog,) = view.window.findChildren(EffectsDialog)
    assert str(log) in dialog.list.toPlainText()
    assert log.read_text(encoding="utf-8") == "x"
    qtbot.mouseClick(dialog.more_button, Qt.MouseButton.LeftButton)
    wait_for(view, qtbot)
    assert view.maker.sweeping.done == 5


def test_the_seed_of_an_experiment_is_swept(
    make_window: Callable[..., MainWindow], qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    window = make_window(settings=quick_settings(), answer=THIS_PYTHON)
    view = swept(window, qtbot, "0..9")
    qtbot.keyClick(view.window, Qt.Key.Key_C)
    qtbot.waitUntil(lambda: not window.session.is_busy and window.session.has_runs, timeout=LIMIT_MS)
    first, second = (lane.chosen for lane in window.session.arrangement.lanes)
    assert first is not None
    assert second is not None
    assert view.window.chosen is not None
    assert second == first.choose(graph_seed=view.window.chosen[0])


def test_a_sources_handle_offers_it_first(window: MainWindow, qtbot: QtBot) -> None:
    window.run()
    qtbot.waitUntil(lambda: not window.session.is_busy and window.session.has_runs, timeout=LIMIT_MS)
    qtbot.waitUntil(window.panel.program_form.sources.sweep_buttons[0].isVisible, timeout=LIMIT_MS)
    buttons = [each for each in window.panel.program_form.sources.sweep_buttons if each.isVisible()]
    assert [each.objectName() for each in buttons] == ["random.seed@4", "random.Random@7"]
    qtbot.mouseClick(buttons[1], Qt.MouseButton.LeftButton)
    (dialog,) = window.findChildren(SweepDialog)
    assert "random.Random" in dialog.what_box.currentText()
    dialog.close()


def test_the_dialog_says_what_is_wrong_with_values(window: MainWindow, qtbot: QtBot) -> None:
    dialog = dialog_of(window, qtbot)
    assert dialog.sweep is not None
    assert dialog.sweep.count == 300
    typed(dialog.values_edit, "9..1", qtbot)
    assert not dialog.start_button.isEnabled()
    assert "smaller one first" in dialog.note_label.text()
    typed(dialog.values_edit, "random:7", qtbot)
    assert dialog.sweep is not None
    assert dialog.sweep.count == 7
    # Nothing turned: as many runs as they are.
    dialog.what_box.setCurrentIndex(dialog.what_box.count() - 1)
    typed(dialog.values_edit, "25", qtbot)
    assert dialog.sweep is not None
    assert (dialog.sweep.axes, dialog.sweep.runs) == ((), 25)
    typed(dialog.values_edit, "x", qtbot)
    assert not dialog.start_button.isEnabled()
    dialog.close()


def test_what_cannot_be_swept_is_said(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    show_script(window, tmp_path, "import random\nrandom.seed(1)\nrandom.Random(2)\nprint('x:', random.random())\n")
    view = swept(window, qtbot, "0..3", waits=False)
    qtbot.waitUntil(lambda: view.is_over, timeout=LIMIT_MS)
    assert "more than one seed" in view.head.note_label.text()
    assert view.head.note_label.isVisible()
    assert QApplication.activeModalWidget() is None


def test_results_are_never_read_in_the_windows_thread(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: set[threading.Thread] = set()
    parts = SweepResults.parts

    def noted(results: SweepResults) -> Iterator[Any]:
        threads.add(threading.current_thread())
        return parts(results)

    monkeypatch.setattr(SweepResults, "parts", noted)
    view = swept(window, qtbot, "0..19")
    view.head.label_box.activated.emit(0)
    wait_for(view, qtbot)
    assert threads
    assert threading.main_thread() not in threads
