"""Why? in the window: causes found by experiment stand at the lines and beside the draws."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from seedlab.analysis.analyst import analyse
from seedlab.evidence.finding import AnnotationKind
from seedlab.figure import WhyFigure
from seedlab.gui.main_window import MainWindow
from tests.gui.acting import figure_of, is_drawn, press_keys, run_to_end
from tests.gui.conftest import RUN_TIMEOUT_MS, THIS_PYTHON, quick_settings
from tests.gui.test_document_files import wait_for_desk

TEXT = """import random
random.seed(1)
leak = random.Random()
idle = random.Random(5)
print("a:", random.random())
print("b:", leak.random())
"""


@pytest.fixture
def window(make_window: Callable[..., MainWindow]) -> MainWindow:
    return make_window(settings=quick_settings(), answer=THIS_PYTHON)


def test_causes_are_found_by_a_key_and_stand_at_their_lines(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "train.py"
    path.write_text(TEXT, encoding="utf-8")
    window.documents.open(path)
    wait_for_desk(window, qtbot)
    press_keys(window, qtbot, Qt.Key.Key_W)
    assert window.session.message.startswith("Run it at least twice first")
    run_to_end(window, qtbot)
    press_keys(window, qtbot, Qt.Key.Key_W)
    assert window.session.is_busy
    qtbot.waitUntil(lambda: not window.session.is_busy, timeout=RUN_TIMEOUT_MS)

    (analysed,) = analyse([window.session.arrangement.lane.column]).columns
    marks = {note.line: note.kind for note in analysed.summary.annotations}
    assert marks == {2: AnnotationKind.SET, 3: AnnotationKind.SYSTEM, 4: AnnotationKind.UNUSED}
    # The drawing has them as well.
    qtbot.waitUntil(lambda: is_drawn(window), timeout=RUN_TIMEOUT_MS)
    figure = window.comparison.figure
    assert isinstance(figure, WhyFigure)
    told = [(row.lines, [mark.name for mark in row.marks]) for row in figure.rows]
    assert told == [((2,), ["MOVES", "STAYS"]), ((3,), ["STAYS", "MOVES"]), ((4,), ["STAYS", "STAYS"])]
    assert window.comparison.title_label.text() == "One seed is missing: b changes."
    assert window.comparison.subtitle_label.text() == (
        "With one line, everything repeats: seen in 5 cold runs of the changed script."
    )
    # The same key goes back to the values, and shows what is known without another run.
    runs = window.session.arrangement.lane.column.influence
    press_keys(window, qtbot, Qt.Key.Key_W)
    qtbot.waitUntil(lambda: window.comparison.figure is not figure, timeout=RUN_TIMEOUT_MS)
    assert {note.text for note in figure_of(window)._shown_line_notes(0)} == {"moves a", "moves b", "moves nothing"}
    press_keys(window, qtbot, Qt.Key.Key_W)
    qtbot.waitUntil(lambda: window.comparison.figure is figure, timeout=RUN_TIMEOUT_MS)
    assert window.session.arrangement.lane.column.influence is runs
    assert not window.session.is_busy


def test_why_can_be_stopped(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "train.py"
    path.write_text(TEXT + "import time\ntime.sleep(0.2)\n", encoding="utf-8")
    window.documents.open(path)
    wait_for_desk(window, qtbot)
    run_to_end(window, qtbot)
    press_keys(window, qtbot, Qt.Key.Key_W)
    window.stop()
    qtbot.waitUntil(lambda: not window.session.is_busy, timeout=RUN_TIMEOUT_MS)
    # Nothing is claimed of what was not tried.
    influence = window.session.arrangement.lane.column.influence
    assert influence is None or not any(draw.moved_by for draw in influence.draws)
