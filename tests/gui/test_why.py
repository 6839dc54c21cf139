"""Why? in the window: causes found by experiment stand at the lines and beside the draws."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from seedlab.analysis.analyst import analyse
from seedlab.documents.talks import TALKS
from seedlab.evidence.finding import AnnotationKind
from seedlab.export.picture import to_png
from seedlab.figure import WhyFigure
from seedlab.figure.diff import diff_lines
from seedlab.gui.main_window import MainWindow
from seedlab.session.picture_options import PictureOptions
from tests.gui.acting import figure_of, is_drawn, longest_pause, present_at, press_keys, run_to_end
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
    # Without runs, it is run first.
    press_keys(window, qtbot, Qt.Key.Key_W)
    assert window.session.is_busy
    qtbot.waitUntil(lambda: window.session.inquiring.inquiry is not None, timeout=RUN_TIMEOUT_MS)
    assert len(window.session.arrangement.lane.column.runs) == 3
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


def test_selected_draws_have_a_fix_of_their_own(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "train.py"
    path.write_text(TEXT + "print('c:', random.Random().random())\n", encoding="utf-8")
    window.session.change_settings(proof=2)
    window.documents.open(path)
    wait_for_desk(window, qtbot)
    run_to_end(window, qtbot)
    values = figure_of(window)
    values.select("b", 0)

    def found() -> tuple[list[str], int]:
        press_keys(window, qtbot, Qt.Key.Key_W)
        qtbot.waitUntil(lambda: not window.session.is_busy and is_drawn(window), timeout=RUN_TIMEOUT_MS)
        influence = window.session.arrangement.lane.column.influence
        assert influence is not None
        assert influence.fix is not None
        return [draw.label for draw in influence.draws], len(influence.fix.edits)

    assert found() == (["b"], 1)
    press_keys(window, qtbot, Qt.Key.Key_W)
    qtbot.waitUntil(lambda: window.comparison.figure is values, timeout=RUN_TIMEOUT_MS)
    # As runs of other draws say more than was asked, the values keep their own headline.
    assert window.comparison.title_label.text() == "a repeats, b and c do not."
    assert values.chosen(0) == ("b",)
    values.select("b", 0)
    assert found() == (["a", "b", "c"], 2)
    press_keys(window, qtbot, Qt.Key.Key_W)
    qtbot.waitUntil(lambda: window.comparison.figure is values, timeout=RUN_TIMEOUT_MS)
    assert window.comparison.title_label.text() == "Two seeds are missing: b and c change."
    assert window.comparison.subtitle_label.text().startswith("With 2 lines, everything repeats")


@pytest.mark.alone
def test_a_long_script_is_read_for_its_fix_without_holding_up_the_window(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "train.py"
    path.write_text(TEXT + "".join(f"value_{n} = abs({n}) + len(str({n}))\n" for n in range(400)), encoding="utf-8")
    window.session.change_settings(proof=2)
    window.documents.open(path)
    wait_for_desk(window, qtbot)
    run_to_end(window, qtbot)
    with longest_pause(window) as longest:
        press_keys(window, qtbot, Qt.Key.Key_W)
        qtbot.waitUntil(lambda: not window.session.is_busy, timeout=RUN_TIMEOUT_MS)
    influence = window.session.arrangement.lane.column.influence
    assert influence is not None
    assert influence.fix is not None
    assert longest[0] < 1.0, f"the event loop stood still for {longest[0] * 1000:.0f} ms"


@pytest.fixture
def explained(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> MainWindow:
    """A window that shows why the draws of train.py change, and the fix."""
    path = tmp_path / "train.py"
    path.write_text(TEXT, encoding="utf-8")
    window.session.change_settings(proof=2)
    window.documents.open(path)
    wait_for_desk(window, qtbot)
    run_to_end(window, qtbot)
    press_keys(window, qtbot, Qt.Key.Key_W)
    qtbot.waitUntil(lambda: not window.session.is_busy, timeout=RUN_TIMEOUT_MS)
    qtbot.waitUntil(lambda: is_drawn(window), timeout=RUN_TIMEOUT_MS)
    return window


def test_on_stage_the_fix_is_shown_without_its_buttons_and_tried_by_its_key(
    explained: MainWindow, qtbot: QtBot
) -> None:
    present_at(explained, 1280, 720, qtbot)
    assert why_figure_of(explained).has_fix
    assert not explained.comparison.fix_bar.isVisible()
    assert explained.theme.zoom == explained.stage.magnification == 1.25
    press_keys(explained, qtbot, Qt.Key.Key_F)
    qtbot.waitUntil(lambda: not explained.session.is_busy and explained.is_drawn, timeout=RUN_TIMEOUT_MS)
    assert [len(column.runs) for column in explained.session.arrangement.columns] == [3, 3]
    explained.present(is_on=False)


def test_of_a_talk_both_the_sources_and_the_fix_are_in_sight(window: MainWindow, qtbot: QtBot) -> None:
    window.documents.open(Path(str(TALKS["where-did-my-seed-go"].file)))
    wait_for_desk(window, qtbot)
    at = next(n for n, scene in enumerate(window.session.talk.scenes) if scene.view.look == "why")
    present_at(window, 1280, 720, qtbot)
    window.session.talk.show(at)
    qtbot.waitUntil(lambda: is_drawn(window), timeout=RUN_TIMEOUT_MS)
    figure = why_figure_of(window)
    assert figure.has_fix
    assert figure.sceneRect().height() <= window.comparison.canvas.viewport().height()
    assert "print" not in figure.shown_script
    # Where all has room, so have the lines that print.
    window.resize(1280, 1000)
    qtbot.waitUntil(lambda: is_drawn(window), timeout=RUN_TIMEOUT_MS)
    assert figure.shown_script.count("print") == 4
    window.present(is_on=False)


def test_of_a_diff_people_read_neither_its_heads_nor_empty_ends() -> None:
    one = "--- a/x.py\n+++ b/x.py\n@@ -1,4 +1,4 @@\n \n-a\n+b\n \n c\n \n@@ -9,2 +9,3 @@\n d\n+\n"
    assert diff_lines(one) == ["- a", "+ b", "  ", "  c", "  ⋮", "  d", "+ "]
    two = "--- a/y.py\n+++ b/y.py\n@@ -1 +1 @@\n-e\n+f\n"
    assert diff_lines(one + two)[-4:] == ["", "+++ b/y.py", "- e", "+ f"]


def why_figure_of(window: MainWindow) -> WhyFigure:
    assert isinstance(window.comparison.figure, WhyFigure)
    return window.comparison.figure


def test_the_fix_is_tried_beside_by_a_key_and_the_file_stays_as_it_is(
    explained: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    window = explained
    assert window.comparison.fix_bar.isVisible()
    press_keys(window, qtbot, Qt.Key.Key_F)
    qtbot.waitUntil(lambda: window.session.is_busy or len(window.session.arrangement.lane.column.runs) == 3)
    qtbot.waitUntil(lambda: not window.session.is_busy, timeout=RUN_TIMEOUT_MS)
    qtbot.waitUntil(lambda: is_drawn(window), timeout=RUN_TIMEOUT_MS)
    before, after = window.session.arrangement.columns
    assert after.name == "train.py, fixed"
    assert after.script == TEXT.replace("leak = random.Random()", "leak = random.Random(1)")
    assert (tmp_path / "train.py").read_text(encoding="utf-8") == TEXT
    assert len({draw.identity for run in before.runs for draw in run.draws if draw.label == "b"}) == 3
    assert len({draw.identity for run in after.runs for draw in run.draws if draw.label == "b"}) == 1
    # Values are shown, side by side, and no button of the fix is left over.
    assert figure_of(window).cell("b", 1).verdict_text == "=  repeats"
    assert not window.comparison.fix_bar.isVisible()
    # A copy has its own text: a change of the file is nothing to it.
    window.session.editing.on_text_found(str(tmp_path / "train.py"), "print('other')\n")
    assert window.session.arrangement.lane.column.script == after.script


def test_the_diff_is_copied_and_saved(explained: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    window = explained
    press_keys(window, qtbot, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    diff = QGuiApplication.clipboard().text()
    assert "+leak = random.Random(1)" in diff.splitlines()
    assert window.status.progress_label.text().startswith("copied the diff")
    column = window.session.arrangement.lane.column
    assert column.influence is not None
    fix = column.influence.fix
    assert fix is not None
    window.export_actions.write_fix(column, fix, tmp_path / "fix.diff")
    assert (tmp_path / "fix.diff").read_text(encoding="utf-8") == diff
    window.export_actions.write_fix(column, fix, tmp_path / "train.py")
    assert "Your script itself is never written" in window.comparison.message_label.text()
    assert (tmp_path / "train.py").read_text(encoding="utf-8") == TEXT
    subprocess.run(["git", "apply", "fix.diff"], cwd=tmp_path, check=True)
    assert (tmp_path / "train.py").read_text(encoding="utf-8") == TEXT.replace(
        "leak = random.Random()", "leak = random.Random(1)"
    )


def test_pointing_at_a_line_a_draw_or_a_dot_lights_what_belongs_to_it(explained: MainWindow) -> None:
    figure = why_figure_of(explained)
    first, second = figure._places
    y = next(row.y for row in figure.rows if row.lines == (3,))
    dot = figure.hit(QPointF(second, y))
    assert dot is not None
    assert (dot.lines, dot.labels) == ((3,), ("b",))
    assert dot.text.startswith("b does not repeat: it is moved by random.Random() at line 3")
    line = figure.hit(QPointF(60, y))
    assert line is not None
    assert (line.lines, line.labels) == ((3,), ("b",))
    draw = figure.hit(QPointF(first, figure.rows[0].y - 40))
    assert draw is not None
    assert (draw.lines, draw.labels) == ((2,), ("a",))
    figure.light(draw)
    assert [head.is_lit for head in figure._heads] == [True, False]
    assert [sorted(dots.lit) for dots in figure._dots] == [[0], [], []]
    figure.light(None)
    assert not any(head.is_lit for head in figure._heads)


def test_the_picture_is_exported_and_opened_again(
    explained: MainWindow, make_window: Callable[..., MainWindow], tmp_path: Path, qtbot: QtBot
) -> None:
    lab = explained.session.lab()
    assert lab.view.look == "why"
    path = tmp_path / "why.png"
    path.write_bytes(to_png(lab, PictureOptions(scale=1)))
    image = QImage(str(path))
    assert image.width() > 1000
    assert image.height() > 300
    other = make_window(settings=quick_settings(), answer=THIS_PYTHON)
    other.documents.open(path)
    wait_for_desk(other, qtbot)
    qtbot.waitUntil(lambda: is_drawn(other), timeout=RUN_TIMEOUT_MS)
    assert [row.lines for row in why_figure_of(other).rows] == [row.lines for row in why_figure_of(explained).rows]
    assert other.comparison.title_label.text() == "One seed is missing: b changes."


def test_causes_stand_at_the_lines_of_the_text_that_was_examined(
    explained: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    """What was found of one text says nothing of another, which stands in the file by now."""
    path, session = tmp_path / "train.py", explained.session
    path.write_text(TEXT.replace("random.seed(1)", "print(end='')"), encoding="utf-8")
    qtbot.waitUntil(lambda: "print(end='')" in session.next_text, timeout=RUN_TIMEOUT_MS)
    qtbot.waitUntil(lambda: is_drawn(explained), timeout=RUN_TIMEOUT_MS)
    figure = why_figure_of(explained)
    assert figure.script_text == TEXT
    assert [row.lines for row in figure.rows] == [(2,), (3,), (4,)]


def test_where_only_the_folder_has_to_be_put_back_there_is_nothing_to_try_or_to_save(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "count.py"
    path.write_text(
        "with open('log', 'a+') as log:\n    log.write('x')\n    print('at:', log.tell())\n", encoding="utf-8"
    )
    window.session.change_settings(proof=2)
    window.documents.open(path)
    wait_for_desk(window, qtbot)
    run_to_end(window, qtbot)
    press_keys(window, qtbot, Qt.Key.Key_W)
    qtbot.waitUntil(lambda: not window.session.is_busy and is_drawn(window), timeout=RUN_TIMEOUT_MS)
    assert window.comparison.title_label.text() == "at changes with what the run before has left in the folder."
    assert window.comparison.subtitle_label.text() == (
        "With the same folder for each run, everything repeats: seen in 2 cold runs."
    )
    assert not window.comparison.fix_bar.isVisible()
    press_keys(window, qtbot, Qt.Key.Key_F)
    assert not window.session.is_busy
    assert len(window.session.arrangement.lanes) == 1
    assert window.session.message == (
        "A run goes on from what the one before has left: it changes log. Before each, put the folder back as it was."
    )
    assert (tmp_path / "log").read_text(encoding="utf-8") == "xxx"


def test_guessing_covers_causes_and_fix(explained: MainWindow, qtbot: QtBot) -> None:
    window = explained
    window.session.uncovered = 0
    window._show()
    qtbot.waitUntil(lambda: is_drawn(window), timeout=RUN_TIMEOUT_MS)
    figure = why_figure_of(window)
    assert figure.rows == []
    assert {head.sign for head in figure._heads} == {""}
    assert "missing" not in window.comparison.title_label.text()
    assert not window.comparison.fix_bar.isVisible()


@pytest.mark.parametrize("size", [(1024, 768), (1280, 720), (1920, 1080)])
def test_nothing_stands_outside_of_the_drawing(explained: MainWindow, size: tuple[int, int], qtbot: QtBot) -> None:
    explained.resize(*size)
    qtbot.waitUntil(lambda: is_drawn(explained), timeout=RUN_TIMEOUT_MS)
    figure = why_figure_of(explained)
    width = figure.sceneRect().width()
    assert width <= explained.comparison.canvas.viewport().width() + 1
    assert max(figure._places) < width
    assert all(dots.sceneBoundingRect().right() <= width for dots in figure._dots)


def test_what_writes_fixes_is_imported_only_for_a_fix() -> None:
    """LibCST takes as long to import as half a window."""
    program = "import sys, seedlab.gui.main_window, seedlab.cli.why; assert 'libcst' not in sys.modules"
    subprocess.run([sys.executable, "-c", program], check=True)
