"""The drawing: what stands in it, what the pointer finds, and what lights up then."""

import gc
import time
from collections.abc import Sequence
from functools import partial

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter
from PySide6.QtWidgets import QToolTip
from pytestqt.qtbot import QtBot

from seedlab.analysis.analyst import Analyst
from seedlab.evidence.finding import AnnotationKind
from seedlab.figure import Figure, FigureState, Hit
from seedlab.figure import theme as themes
from seedlab.figure.cell import Cell
from seedlab.figure.layout import MOST_MEASURED_ROWS
from seedlab.figure.script_block import ScriptBlock
from seedlab.figure.text_items import Scale
from seedlab.gui.garbage import collecting
from seedlab.gui.main_window import MainWindow
from seedlab.messages.notes import LineNote
from seedlab.session.shown import ShownColumn
from seedlab.study.lab import Column, Lab
from seedlab.study.script import Script
from tests.gui.acting import click, click_at, figure_of, is_drawn, place_in_cell, point_at, run_to_end, show_columns
from tests.helpers import values
from tests.helpers.comparisons import (
    collision_column,
    failed_column,
    many_draws,
    placement_column,
    table_column,
    three_placements,
)

LONGEST_GAP_S = 0.1


def figure_with(columns: Sequence[Column], *, width: float = 1000, height: float = 600, **choices: object) -> Figure:
    """A drawing of ``columns``, filled."""
    figure = Figure(themes.LIGHT)
    states = tuple(
        ShownColumn(name=column.name, column=column, script=Script(column.script), is_stale=False) for column in columns
    )
    uncovered = choices.get("uncovered")
    assert uncovered is None or isinstance(uncovered, int)
    analysis = Analyst().update(columns, uncovered)
    figure.set_size(width, height)
    figure.show_state(FigureState(columns=states, analysis=analysis, **choices))  # type: ignore[arg-type]
    figure.fill()
    return figure


def image_of(figure: Figure) -> QImage:
    image = QImage(figure.sceneRect().size().toSize(), QImage.Format.Format_RGB32)
    image.fill(QColor(themes.LIGHT.window))
    painter = QPainter(image)
    figure.render(painter)
    painter.end()
    return image


def pixels(image: QImage) -> np.ndarray:
    """RGB, shape (height, width, 3)."""
    # A copy: the buffer goes with the image.
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)[..., 2::-1].copy()


def has_colour(image: QImage, colour: str) -> bool:
    wanted = QColor(colour)
    return bool((pixels(image) == [wanted.red(), wanted.green(), wanted.blue()]).all(axis=2).any())


def letters(figure: Figure, label: str, column: int = 0) -> str:
    state = figure.cell(label, column).state
    assert state is not None
    return "".join("×" if mark is None else mark.letter for mark in state.marks)


# --- what stands in it ---------------------------------------------------------------------------


def test_three_placements_say_what_repeats_where_and_why(qtbot: QtBot) -> None:
    del qtbot
    figure = figure_with(three_placements())
    assert figure.headline.title == "op1 repeats only with: after graph."
    assert figure.labels == ("op1-1", "op1-2", "op2-1", "op2-2")
    assert [figure.cell("op1-1", n).verdict_text[0] for n in range(3)] == ["≠", "=", "≠"]
    assert [figure.cell("op2-1", n).verdict_text[0] for n in range(3)] == ["=", "=", "="]
    assert [len(figure.script_block(n).struck_lines) for n in range(3)] == [1, 0, 1]
    assert "↳ no seed: draws from the system" in figure.script_block(0).text
    assert "↳ pair (0, 0)" in figure.script_block(1).text
    assert "↳ too late: no op used it" in figure.script_block(2).text


def test_equal_bits_have_one_letter_in_whatever_column_they_stand(qtbot: QtBot) -> None:
    del qtbot
    figure = figure_with(three_placements())
    assert letters(figure, "op2-1", 0) == letters(figure, "op2-1", 2)
    assert len(set(letters(figure, "op2-1", 0))) == 1
    assert letters(figure, "op2-1", 1) != letters(figure, "op2-1", 0)
    assert len(set(letters(figure, "op1-1", 0) + letters(figure, "op1-1", 1) + letters(figure, "op1-1", 2))) == 7
    assert letters(figure, "op1-1", 0) == "ABC", "in the order in which they are read"


def test_two_ops_of_one_pair_show_that_they_collide(qtbot: QtBot) -> None:
    del qtbot
    figure = figure_with([collision_column()])
    assert letters(figure, "op2-1") == letters(figure, "op3-1") == "BBB"
    assert letters(figure, "op1-1") == "AAA"
    assert "op3-1 = op2-1" in figure.notes_text()
    assert figure.script_block().text.count("↳ pair (0, 1)") == 2


def test_a_row_has_one_scale_in_all_columns_and_each_row_its_own(qtbot: QtBot) -> None:
    del qtbot
    near = table_column([{"a": [0.0, 1.0], "b": [5.0]}] * 2, name="near")
    far = table_column([{"a": [-3.0, 9.0], "b": [6.0]}] * 2, name="far")
    figure = figure_with([near, far])
    scales = {(label, n): figure.cell(label, n).state for label in "ab" for n in range(2)}
    shown = {key: (state.low, state.high) for key, state in scales.items() if state is not None}
    assert shown == {("a", 0): (-3, 9), ("a", 1): (-3, 9), ("b", 0): (5, 6), ("b", 1): (5, 6)}


def test_equal_values_stand_at_one_height_in_all_columns(qtbot: QtBot) -> None:
    del qtbot
    first = table_column([{"a": [0.0, 10.0]}] * 3, name="first")
    second = table_column([{"a": [10.0, 10.0]}] * 3, name="second")
    image = image_of(figure := figure_with([first, second], width=900))
    heights = []
    for column, colour in enumerate(themes.LIGHT.fingerprints[:2]):
        cell = figure.cell("a", column).sceneBoundingRect().toRect()
        # Below the letters, the topmost dot: the value 10.
        part = pixels(image.copy(cell))[50:]
        wanted = QColor(colour)
        rows = (part == [wanted.red(), wanted.green(), wanted.blue()]).all(axis=2).any(axis=1)
        heights.append(int(np.argmax(rows)))
        assert rows.any()
    assert abs(heights[0] - heights[1]) <= 1


def test_draws_of_columns_without_a_common_op_stand_in_common_rows(qtbot: QtBot) -> None:
    del qtbot
    columns = [table_column([{"1": [1], "2": [2]}] * 2), table_column([{"op1-1": [1], "op1-2": [3]}] * 2, name="other")]
    figure = figure_with(columns)
    assert figure.labels == ("1", "2")
    assert [figure.cell(label, column).absence for label in figure.labels for column in (0, 1)] == [""] * 4
    cells = [figure.cell("1", column) for column in (0, 1)]
    assert [cell.state.marks[0].letter for cell in cells if cell.state is not None and cell.state.marks[0]] == [
        "A",
        "A",
    ]
    # What is copied, and what is pointed at, has the column's own names.
    assert figure.selected() == [("1", 0), ("2", 0), ("op1-1", 1), ("op1-2", 1)]
    hit = figure.hit(figure.cell("2", 1).mapToScene(figure.cell("2", 1).boundingRect().center()))
    assert hit is not None
    assert (hit.label, hit.column) == ("2", 1)


def test_a_column_without_a_draw_says_so_once_it_was_run(qtbot: QtBot) -> None:
    del qtbot
    columns = [
        table_column([{"a": [1], "c": [1]}] * 2),
        table_column([{"b": [1], "c": [1]}] * 2, name="other"),
        table_column([], name="not run"),
    ]
    figure = figure_with(columns)
    for label, texts in (("a", ["", "no such draw", ""]), ("b", ["no such draw", "", ""])):
        cells = [figure.cell(label, column) for column in range(3)]
        assert [cell.absence for cell in cells] == texts
        assert [cell.state is not None for cell in cells] == [text == "" for text in texts[:2]] + [False]
        assert [cell.isVisible() for cell in cells] == [True, True, False]
    assert figure.selected() == [("a", 0), ("c", 0), ("c", 1), ("b", 1)], (
        "there is nothing to copy where nothing was drawn"
    )
    covered = figure_with(columns, uncovered=0)
    assert not covered.cell("a", 1).isVisible(), "what is covered tells nothing"
    with pytest.raises(KeyError):
        figure.cell("d", 0)


def test_runs_that_failed_say_so_with_their_traceback(qtbot: QtBot) -> None:
    del qtbot
    figure = figure_with([failed_column()])
    said = figure.notes_text()
    assert "Run 2 failed: line 2: ValueError: no." in said
    assert "Run 3 timed out: it took longer than 60 s." in said
    assert "Traceback" in said
    assert letters(figure, "x-1") == "AA×"
    assert letters(figure, "x-2") == "B××"


def covered_share(figure: Figure, number: int) -> float:
    """How much of the width of a line's words has something dark in it."""
    block = figure.script_block()
    image = image_of(figure).copy(block.place_of(number).translated(block.scenePos()).toRect())
    dark = pixels(image)[:18, 60:150].astype(int).max(axis=2) < 200
    return float(dark.any(axis=0).mean())


def test_seeds_that_no_op_used_are_struck_out_in_the_drawing(qtbot: QtBot) -> None:
    del qtbot
    used, unused = (figure_with([placement_column(name)]) for name in ("after-graph", "after-op"))
    assert used.script_block().struck_lines == ()
    (number,) = unused.script_block().struck_lines
    assert "set_random_seed" in unused.script_block().text.splitlines()[number - 1 + 2], "two notes stand above"
    assert covered_share(unused, number) > 0.95, "a line goes through, also where there is no letter"
    assert covered_share(used, 6) < 0.95


@pytest.mark.parametrize("count", [1, 2, 3, 7, 12])
def test_cells_of_one_row_never_overlap_and_lie_inside_the_drawing(qtbot: QtBot, count: int) -> None:
    del qtbot
    figure = figure_with([placement_column("after-graph")] * count, width=1000)
    areas = [figure.cell(label, n).sceneBoundingRect() for label in figure.labels for n in range(count)]
    for position, area in enumerate(areas):
        assert figure.sceneRect().contains(area)
        assert not any(area.intersects(other) for other in areas[position + 1 :])
        assert area.width() >= 150
    for column in range(count):
        block = figure.script_block(column).sceneBoundingRect()
        assert not any(block.intersects(area) for area in areas)


def test_before_the_first_run_the_script_stands_and_a_hint(qtbot: QtBot) -> None:
    del qtbot
    column = placement_column("after-op", runs=0)
    figure = figure_with([column])
    assert figure.headline.title == ""
    assert figure.labels == ()
    assert figure.script_block().text == column.script.rstrip("\n")
    assert figure.script_block().struck_lines == (), "before a run nothing is known"


def test_several_columns_show_the_lines_that_matter(qtbot: QtBot) -> None:
    del qtbot
    columns = [placement_column("before-graph", runs=0), placement_column("after-op", runs=0)]
    shown = figure_with(columns).script_block(1).text
    assert "tf.set_random_seed(0)" in shown
    assert "with tf.Graph().as_default():" in shown, "the block that it stands in"
    assert "disable_eager_execution" not in shown
    assert "disable_eager_execution" in figure_with(columns[1:]).script_block().text


# --- many rows -----------------------------------------------------------------------------------


def items_of_rows(figure: Figure) -> int:
    return sum(isinstance(item, Cell) for item in figure.items())


def test_only_rows_in_sight_have_items(quick_window: MainWindow, qtbot: QtBot) -> None:
    show_columns(quick_window, [many_draws(2_000), many_draws(2_000, name="other")], qtbot)
    figure, bar = figure_of(quick_window), quick_window.comparison.canvas.verticalScrollBar()
    assert len(figure.labels) == 2_000
    for share in (0.0, 0.5, 1.0):
        bar.setValue(round(share * bar.maximum()))
        qtbot.waitUntil(lambda: is_drawn(quick_window))
        assert 4 <= items_of_rows(figure) <= 80
        # Where the pointer is, there is a cell, and it is filled.
        middle = quick_window.comparison.canvas.viewport().rect().center()
        hit = figure.hit(quick_window.comparison.canvas.mapToScene(middle))
        assert hit is None or figure.cell(hit.label, hit.column).state is not None
    assert figure.cell("x1999", 1).sceneBoundingRect().bottom() < figure.sceneRect().bottom()
    assert figure.cell("x7").verdict_text == "≠  2 of 2 differ", "also where it is out of sight"
    with pytest.raises(KeyError):
        figure.cell("x2000")


def test_what_is_out_of_sight_stays_selected_and_lit(quick_window: MainWindow, qtbot: QtBot) -> None:
    show_columns(quick_window, [many_draws(2_000)], qtbot)
    figure, bar = figure_of(quick_window), quick_window.comparison.canvas.verticalScrollBar()
    assert len(figure.selected()) == 2_000
    figure.select("x1", 0)
    figure.select("x1500", 0, add=True)
    line = figure.script_block().place_of(3).center()
    hit = figure.hit(figure.script_block().mapToScene(line))
    assert hit is not None
    figure.light(replace(hit, labels=("x1", "x1900")))
    bar.setValue(bar.maximum())
    qtbot.waitUntil(lambda: is_drawn(quick_window))
    assert figure.selected() == [("x1", 0), ("x1500", 0)]
    assert [figure.cell(label).is_selected for label in ("x1", "x2", "x1500")] == [True, False, True]
    assert [figure.cell(label).is_lit for label in ("x1", "x2", "x1900")] == [True, False, True]
    figure.select("x1900", 0)
    assert figure.selected() == [("x1900", 0)]
    figure.select("x1900", 0)
    assert len(figure.selected()) == 2_000


def test_few_rows_are_as_high_as_their_reasons_and_many_have_one_height(qtbot: QtBot) -> None:
    del qtbot
    for draws, is_uniform in ((MOST_MEASURED_ROWS, False), (MOST_MEASURED_ROWS + 1, True)):
        figure = figure_with([many_draws(draws)], width=780)
        cells = [figure.cell(label) for label in figure.labels]
        heights = {cell.boundingRect().height() for cell in cells}
        has_room = all(cell.places.head >= cell.head_height(figure.columns_at[0][1]) for cell in cells)
        assert has_room or is_uniform, "only where there are many rows is a reason cut"
        assert len(heights) == 1 or not is_uniform


def test_a_drawing_that_grows_wide_fills_the_rows_that_were_out_of_sight(qtbot: QtBot) -> None:
    """Only a wide drawing measures the reasons of all rows, also of those that had no cells in the narrow one."""
    del qtbot
    figure = figure_with([many_draws(60)], width=700)
    figure.set_visible(0, 300)
    figure.set_size(690, 500)
    assert items_of_rows(figure) < 60
    figure.set_size(1300, 900)
    figure.fill()
    assert items_of_rows(figure) == 60
    assert all(cell.state is not None for cell in map(figure.cell, figure.labels))


@pytest.mark.parametrize("look", ["lines", "values", "map"])
def test_a_picture_has_all_rows_however_many(qtbot: QtBot, look: str) -> None:
    del qtbot
    figure = figure_with([many_draws(400), many_draws(390, name="other")], look=look)
    assert items_of_rows(figure) == 800
    tops = [figure.cell(label).sceneBoundingRect().top() for label in figure.labels]
    assert tops == sorted(set(tops))
    assert figure.cell("x399", 1).absence == "no such draw"


@pytest.mark.alone
def test_twenty_thousand_draws_do_not_hold_up_the_event_loop(quick_window: MainWindow, qtbot: QtBot) -> None:
    """Nor does scrolling through them. Some 50 ms on a quiet machine; 11 s when each label had its items.

    It was 300 ms while the thread of the analysis kept Python's lock from the window for 5 ms at a time.
    """
    gaps: list[float] = []
    last = 0.0

    def beat() -> None:
        nonlocal last
        now = time.perf_counter()
        gaps.append(now - last)
        last = now
        # As when a pointer moves over it: all that is drawn asks for Python's lock.
        quick_window.update()

    def longest(shown: Column) -> float:
        nonlocal last
        gaps.clear()
        last = time.perf_counter()
        QTimer.singleShot(0, lambda: quick_window.session.show_lab(Lab.of([shown])))
        qtbot.waitUntil(lambda: figure_of(quick_window).labels[-1:] == ("x19999",), timeout=60_000)
        qtbot.waitUntil(lambda: is_drawn(quick_window), timeout=60_000)
        for tenth in range(11):
            QTimer.singleShot(0, partial(bar.setValue, bar.maximum() * tenth // 10))
            qtbot.waitUntil(lambda: is_drawn(quick_window))
        assert figure_of(quick_window).cell("x19999").verdict_text == "≠  2 of 2 differ"
        found = max(gaps)
        quick_window.session.show_lab(Lab.of([placement_column("none")]))
        qtbot.waitUntil(lambda: "op1-1" in figure_of(quick_window).labels)
        return found

    bar = quick_window.comparison.canvas.verticalScrollBar()
    heart = QTimer(interval=1)
    heart.timeout.connect(beat)
    heart.start()
    shown = many_draws(20_000)
    # As the program does: what all the tests have left is not looked through meanwhile.
    gc.collect()
    gc.freeze()
    with collecting(quick_window):
        # What disturbs on a shared machine only makes gaps longer.
        assert any(longest(shown) < LONGEST_GAP_S for _ in range(3))
    gc.unfreeze()
    heart.stop()


# --- what the pointer finds ----------------------------------------------------------------------


@pytest.fixture
def hand_made(quick_window: MainWindow, qtbot: QtBot) -> MainWindow:
    """One column whose seed was set too late, with hand-made runs."""
    show_columns(quick_window, [placement_column("after-op")], qtbot)
    return quick_window


def test_what_is_told_of_a_value_is_never_that_of_an_earlier_one(hand_made: MainWindow, qtbot: QtBot) -> None:
    point_at(hand_made, place_in_cell(figure_of(hand_made), "op1-1", 0, 0.5, 0.9), qtbot)
    qtbot.waitUntil(QToolTip.isVisible)
    before = QToolTip.text()
    show_columns(hand_made, [placement_column("after-graph")], qtbot)
    assert QToolTip.text() != before
    place = place_in_cell(figure_of(hand_made), "op1-1", 0, 0.5, 0.9)
    assert QToolTip.text() == hit_text(figure_of(hand_made), place)


def hit_text(figure: Figure, place: QPointF) -> str:
    hit = figure.hit(place)
    assert hit is not None
    return hit.text


@pytest.mark.parametrize("run", [0, 1, 2])
def test_the_pointer_on_a_value_tells_run_element_value_bits_and_letter(
    hand_made: MainWindow, qtbot: QtBot, run: int
) -> None:
    figure = figure_of(hand_made)
    column = hand_made.session.arrangement.lane.column
    draw = next(draw for draw in column.runs[run].draws if draw.label == "op1-1")
    cell = figure.cell("op1-1", 0)
    highest = int(np.argmax(draw.array))
    # Just above the highest value of the run: the nearest one is meant.
    place = cell.mapToScene(QPointF((run + 0.5) / 3 * cell.boundingRect().width(), cell.places.plot.top() + 1))
    with qtbot.waitSignal(hand_made.comparison.hovered) as found:
        point_at(hand_made, place, qtbot)
    (hit,) = found.args
    assert isinstance(hit, Hit)
    value = draw.array[highest]
    assert hit.text.splitlines() == [
        f"op1-1[{highest}], run {run + 1}",
        str(value),
        f"bits {value.view(np.uint32):08x}",
        f"fingerprint {'ABC'[run]}",
    ]
    assert QToolTip.text() == hit.text
    with qtbot.waitSignal(hand_made.comparison.hovered):
        point_at(hand_made, QPointF(2, figure.sceneRect().bottom() - 2), qtbot)
    qtbot.waitUntil(lambda: not QToolTip.isVisible())


def test_every_element_is_found_at_its_own_dot(qtbot: QtBot) -> None:
    del qtbot
    figure = figure_with([placement_column("after-op")])
    cell = figure.cell("op1-2")
    for run, array in enumerate(cell.values.arrays):
        assert array is not None
        for element, y in enumerate(cell.line_plot.ys(array)):
            hit = cell.hit(QPointF((run + 0.5) / 3 * cell.boundingRect().width(), float(y)))
            assert hit is not None
            assert (hit.run, hit.element) == (run + 1, element)


def test_the_pointer_on_a_draw_lights_the_lines_that_explain_it(hand_made: MainWindow, qtbot: QtBot) -> None:
    figure = figure_of(hand_made)
    lines = hand_made.session.arrangement.lane.column.script.splitlines()
    made, late = (
        next(n for n, line in enumerate(lines, 1) if text in line) for text in ("rand_op1 =", "set_random_seed")
    )
    point_at(hand_made, place_in_cell(figure, "op1-1", 0, 0.02, 0.05), qtbot)
    qtbot.waitUntil(lambda: figure.script_block().lit == {made, late})
    assert [label for label in figure.labels if figure.cell(label).is_lit] == ["op1-1"]
    point_at(hand_made, place_in_cell(figure, "op2-1", 0, 0.02, 0.05), qtbot)
    qtbot.waitUntil(lambda: figure.cell("op2-1").is_lit)
    assert late not in figure.script_block().lit
    assert not figure.cell("op1-1").is_lit
    leave(hand_made, qtbot)


def test_the_pointer_on_a_line_lights_the_draws_that_it_explains(hand_made: MainWindow, qtbot: QtBot) -> None:
    figure = figure_of(hand_made)
    block = figure.script_block()
    for text, labels in (("rand_op1 =", ["op1-1", "op1-2"]), ("rand_op2 =", ["op2-1", "op2-2"]), ("import", [])):
        number = next(
            n for n, line in enumerate(hand_made.session.arrangement.lane.column.script.splitlines(), 1) if text in line
        )
        point_at(hand_made, block.mapToScene(block.place_of(number).center()), qtbot)
        qtbot.waitUntil(partial(is_lit, block, number))
        assert [label for label in figure.labels if figure.cell(label).is_lit] == labels
    leave(hand_made, qtbot)
    assert block.lit == frozenset()


def is_lit(block: ScriptBlock, number: int) -> bool:
    return block.lit == {number}


def leave(window: MainWindow, qtbot: QtBot) -> None:
    """Move the pointer to where nothing is."""
    point_at(window, QPointF(2, figure_of(window).sceneRect().bottom() - 2), qtbot)
    qtbot.waitUntil(lambda: not figure_of(window).script_block().lit and not QToolTip.isVisible())


def test_only_the_column_below_the_pointer_lights_up(quick_window: MainWindow, qtbot: QtBot) -> None:
    show_columns(quick_window, three_placements(), qtbot)
    figure = figure_of(quick_window)
    point_at(quick_window, place_in_cell(figure, "op1-1", 1, 0.02, 0.05), qtbot)
    qtbot.waitUntil(lambda: figure.cell("op1-1", 1).is_lit)
    assert not figure.cell("op1-1", 0).is_lit
    assert figure.script_block(1).lit
    assert not figure.script_block(0).lit
    leave(quick_window, qtbot)
    qtbot.waitUntil(lambda: not figure.cell("op1-1", 1).is_lit)


def test_an_earlier_result_lights_no_line_of_the_script_of_now(quick_window: MainWindow, qtbot: QtBot) -> None:
    run_to_end(quick_window, qtbot)
    click(quick_window.panel.experiment_form.timeline.slot("none"), qtbot)
    qtbot.waitUntil(lambda: quick_window.comparison.is_complete)
    figure = figure_of(quick_window)
    state = figure.cell("1").state
    assert state is not None
    assert state.is_stale
    point_at(quick_window, place_in_cell(figure, "1", 0, 0.02, 0.05), qtbot)
    qtbot.waitUntil(lambda: figure.cell("1").is_lit)
    assert figure.script_block().lit == frozenset()
    leave(quick_window, qtbot)


# --- selecting -----------------------------------------------------------------------------------


def test_cells_are_selected_by_clicks(quick_window: MainWindow, qtbot: QtBot) -> None:
    show_columns(quick_window, three_placements(), qtbot)
    figure = figure_of(quick_window)
    everything = figure.selected()
    assert len(everything) == 12, "where nothing is selected, everything is meant"
    click_at(quick_window, place_in_cell(figure, "op1-1", 1, 0.5, 0.5), qtbot)
    assert figure.selected() == [("op1-1", 1)]
    click_at(quick_window, place_in_cell(figure, "op2-1", 2, 0.5, 0.5), qtbot)
    assert figure.selected() == [("op2-1", 2)]
    more = Qt.KeyboardModifier.ControlModifier
    click_at(quick_window, place_in_cell(figure, "op1-1", 0, 0.5, 0.5), qtbot, more)
    assert set(figure.selected()) == {("op2-1", 2), ("op1-1", 0)}
    click_at(quick_window, place_in_cell(figure, "op1-1", 0, 0.5, 0.5), qtbot, more)
    assert figure.selected() == [("op2-1", 2)]
    qtbot.mouseClick(quick_window.comparison.canvas.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(3, 3))
    assert figure.selected() == everything
    leave(quick_window, qtbot)


def test_what_is_selected_is_framed(qtbot: QtBot) -> None:
    del qtbot
    figure = figure_with(three_placements())
    cell = figure.cell("op1-2", 1)
    before = image_of(figure)
    figure.select("op1-2", 1)
    after = image_of(figure)
    area = cell.sceneBoundingRect().toRect()
    changed = (pixels(before) != pixels(after)).any(axis=2)
    assert changed[area.top() : area.bottom() + 1, area.left() : area.right() + 1].sum() > 200
    changed[area.top() - 2 : area.bottom() + 3, area.left() - 2 : area.right() + 3] = False
    assert not changed.any()


# --- pixels --------------------------------------------------------------------------------------


def test_letters_have_the_colours_of_the_theme(qtbot: QtBot) -> None:
    del qtbot
    image = image_of(figure_with(three_placements()))
    missing = [colour for colour in themes.LIGHT.fingerprints[:7] if not has_colour(image, colour)]
    assert missing == []
    repeating = image_of(figure_with([placement_column("after-graph")]))
    assert not has_colour(repeating, themes.LIGHT.fingerprints[5]), "four values, four colours"


def test_a_row_names_its_ends_and_zero_where_it_lies_between(qtbot: QtBot) -> None:
    del qtbot
    tables: list[dict[str, Sequence[float]]] = [
        {"a": [-2.0, 4.0], "b": [1.0, 3.0], "c": [5.0, 5.0], "d": [np.nan, np.nan]}
    ] * 2
    figure = figure_with([table_column(tables), table_column([{"a": [6.0, 0.5]}] * 2, name="other")])
    ticks = {label: dict(figure.cell(label, 0).ticks()) for label in "abcd"}
    assert {label: list(named) for label, named in ticks.items()} == {
        "a": [6.0, -2.0, 0.0], "b": [3.0, 1.0], "c": [5.0], "d": [],
    }  # fmt: skip
    assert ticks["a"][6.0] < ticks["a"][0.0] < ticks["a"][-2.0], "what is higher is drawn higher"
    assert figure.cell("a", 1).ticks() == figure.cell("a", 0).ticks(), "all columns of a row have one scale"


def test_a_scale_tells_nothing_of_what_is_covered(qtbot: QtBot) -> None:
    del qtbot
    tables: list[dict[str, Sequence[float]]] = [{"a": [1000.1, 1000.4]}] * 2
    assert figure_with([table_column(tables)], uncovered=0).cell("a").ticks() == ()
    inf: list[dict[str, Sequence[float]]] = [{"a": [np.inf]}, {"a": [5.0]}]
    assert figure_with([table_column(inf)], uncovered=1).cell("a").ticks() == ()


@pytest.mark.parametrize(
    ("ends", "texts"),
    [
        ([2.8034, -2.613], ("2.8", "−2.61")),
        ([1000.4, 1000.1], ("1000.4", "1000.1")),
        ([20249, 20241], ("20249", "20241")),
        ([1.0], ("1",)),
        ([0.8444218, 0.8444217], ("+1e−07", "0.844")),
    ],
)
def test_a_scale_has_the_digits_that_tell_its_ends_apart(
    qtbot: QtBot, ends: list[float], texts: tuple[str, ...]
) -> None:
    del qtbot
    scale = Scale(themes.LIGHT, 44, 100)
    scale.show_ticks(tuple((value, float(n)) for n, value in enumerate(ends)))
    assert scale.texts() == texts
    metrics = QFontMetricsF(themes.font(10))
    assert max(map(metrics.horizontalAdvance, texts)) <= 44, "no number is cut"


def test_values_beyond_what_can_be_drawn_have_no_tick(qtbot: QtBot) -> None:
    del qtbot
    shown = values.column(values.run(1, values.draw("a", [1.7e308, -1.7e308, 2.0], "float64")))
    assert list(dict(figure_with([shown]).cell("a").ticks())) == [0.0]


def test_a_listing_has_no_scale_and_a_map_says_what_its_colours_are(qtbot: QtBot) -> None:
    del qtbot
    columns = [table_column([{"a": [-2.0, 4.0]}] * 2)]
    assert figure_with(columns, look="values").cell("a").ticks() == ()
    cell = figure_with(columns, look="map").cell("a")
    (most, top), (least, bottom) = cell.ticks()
    assert (most, least) == (4.0, -2.0)
    assert top < bottom
    assert [cell.map_colours()[end] for end in (0, -1)] == ["#440154", "#fde725"], "the ends of viridis"
    assert figure_with(columns, look="lines").cell("a").map_colours() == ()


def test_a_map_of_equal_values_names_one(qtbot: QtBot) -> None:
    del qtbot
    cell = figure_with([table_column([{"a": [1.5, 1.5]}] * 2)], look="map").cell("a")
    assert [value for value, _ in cell.ticks()] == [1.5]


def test_an_excerpt_says_that_it_is_one_and_wraps_what_it_notes(qtbot: QtBot) -> None:
    del qtbot
    script, notes = (
        Script("import random\n\nrandom.seed(1)\nx = 5\n"),
        [LineNote(3, AnnotationKind.SET, "word " * 8)],
    )
    wide = ScriptBlock(script, notes, themes.LIGHT, 900, excerpt=True)
    narrow = ScriptBlock(script, notes, themes.LIGHT, 120, excerpt=True)
    assert wide.remark == narrow.remark == "3 more lines"
    assert narrow.height > wide.height + 20, "nothing of a note is cut"
    whole = ScriptBlock(script, notes, themes.LIGHT, 900, excerpt=False)
    assert whole.remark == ""


@pytest.mark.parametrize("script", ["", "a\x0cb\u2028c\rd\r\n", "\ufeffx = 1\n", "\t\tx\0\n", "(" * 500, "\n" * 50])
def test_any_script_is_drawn(qtbot: QtBot, script: str) -> None:
    del qtbot
    figure = figure_with([table_column([{"a": [1]}] * 2, script=script)])
    assert image_of(figure).width() > 0
    block = figure.script_block()
    assert [block.place_of(number).height() > 0 for number in range(1, len(Script(script).lines) + 1)] == [
        True for _ in Script(script).lines
    ]


@pytest.mark.parametrize("width", [120, 200, 330, 900])
def test_a_line_that_is_too_long_goes_on_below(qtbot: QtBot, width: int) -> None:
    del qtbot
    text = "    rand_op2 = tf.random_normal([3], seed=1)"
    block = ScriptBlock(Script(text), [], themes.LIGHT, width, excerpt=False)
    rows = block.rows_of(text)
    assert "".join(text[row.start : row.end] for row in rows) == text, "nothing is cut"
    assert (len(rows) == 1) == (width >= 330)
    assert block.height == len(rows) * 18
    short = ScriptBlock(Script("x = 1"), [], themes.LIGHT, width, excerpt=False)
    assert short.height == 18


def test_a_line_without_end_takes_a_few_rows(qtbot: QtBot) -> None:
    del qtbot
    block = ScriptBlock(Script("x" * 100_000), [], themes.LIGHT, 300, excerpt=False)
    assert len(block.rows_of("x" * 100_000)) == 6


# --- texts -------------------------------------------------------------------------------------


def text_column(*texts: str, label: str = "line 1") -> Column:
    """A script of one's own that printed one text in each run."""
    runs = (values.run(index, values.text_draw(label, text)) for index, text in enumerate(texts, 1))
    return values.column(*runs, name="own", script="pass\n")


def look_of(figure: Figure, label: str = "line 1", column: int = 0) -> str:
    state = figure.cell(label, column).state
    assert state is not None
    return state.look


@pytest.mark.parametrize(
    ("texts", "look"),
    [
        (("loss: 0.5", "loss: 0.75"), "lines"),
        (("loss: 0.5", "loss: 0.5"), "text"),
        (("loss: 0.5",), "text"),
        (("loss: 0.5 of 2", "loss: 0.75 of 2"), "text"),
        (("loss: 0.5", "other: 0.5"), "text"),
        (("a\n0.5", "a\n0.75"), "text"),
        (("Done", "Done"), "text"),
    ],
)
def test_a_text_whose_only_number_differs_is_drawn_as_a_number(qtbot: QtBot, texts: tuple[str, ...], look: str) -> None:
    del qtbot
    assert look_of(figure_with([text_column(*texts)])) == look
    assert look_of(figure_with([text_column(*texts)], look="values")) == "text"


def test_a_row_of_texts_and_numbers_shows_texts(qtbot: QtBot) -> None:
    del qtbot
    figure = figure_with([text_column("a 1", label="x"), table_column([{"x": [1.0]}])])
    assert [look_of(figure, "x", column) for column in (0, 1)] == ["text", "text"]


def test_a_row_of_texts_is_as_high_as_they_need(qtbot: QtBot) -> None:
    del qtbot
    texts = [text_column("a", "a"), text_column("a", "b", "c"), text_column("a\n" * 50)]
    one, three, many = (figure_with([column], look="values").cell("line 1").boundingRect().height() for column in texts)
    assert one < three < many < 12 * one


def test_what_is_pointed_at_in_texts_is_told(qtbot: QtBot) -> None:
    del qtbot
    figure = figure_with([text_column("a 1 2", "b 1 2", "a 1 2")])
    cell = figure.cell("line 1")
    plot = cell.places.plot
    step = cell.boundingRect().width() / 3
    letters = [cell.hit(QPointF((run + 0.5) * step, plot.top() - 5)) for run in range(3)]
    assert [(hit.run, hit.value, hit.fingerprint) for hit in letters if hit] == [
        (1, "a 1 2", "A"),
        (2, "b 1 2", "B"),
        (3, "a 1 2", "A"),
    ]
    second = cell.hit(QPointF(5, plot.top() + themes.LIGHT.px(17) * 1.5))
    assert second is not None
    assert (second.run, second.element, second.bits) == (2, None, "")
    hit = figure.hit(cell.mapToScene(QPointF(5, plot.top() + 2)))
    assert hit is not None
    assert hit.text == "line 1, run 1\na 1 2\nfingerprint A"


def test_covered_texts_give_nothing_away(qtbot: QtBot) -> None:
    del qtbot
    heights, looks = set(), set()
    for texts in (("a 1 x 2",) * 3, ("a 1 x 2", "b 1 x 2", "c 1 x 2")):
        figure = figure_with([text_column(*texts)], uncovered=1)
        heights.add(figure.cell("line 1").boundingRect().height())
    for texts in (("a 1",) * 3, ("a 1", "a 2", "a 3")):
        looks.add(look_of(figure_with([text_column(*texts)], uncovered=1)))
    assert len(heights) == len(looks) == 1


def test_texts_of_any_length_are_painted(qtbot: QtBot) -> None:
    del qtbot
    texts = ["", "\n", "x" * 100_000, "\x1b[31m\u202e", "1 " * 50_000, "line\n" * 10_000]
    for width in (300, 1000):
        image_of(figure_with([text_column(*texts), text_column(*texts[:1])], width=width))
        image_of(figure_with([text_column(*texts)] * 2, width=width, look="values", uncovered=2))
