"""Lines, values and maps; and guessing before anything is seen."""

from collections.abc import Sequence

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from seedlab.documents.programs import column_of_text
from seedlab.figure.row_contents import MAX_LINES, MAX_POINTS_AS_LINES
from seedlab.gui.main_window import MainWindow
from seedlab.study.lab import Column
from tests.gui.acting import click, figure_of, is_drawn, link, press_keys, run_to_end, show_columns, start_script
from tests.gui.conftest import RUN_TIMEOUT_MS
from tests.gui.test_figure import figure_with, image_of, letters, pixels
from tests.helpers.comparisons import placement_column, table_column, three_placements
from tests.helpers.values import runs


def looks(window: MainWindow) -> set[str]:
    """Of all cells that are shown."""
    figure = figure_of(window)
    states = [figure.cell(*key).state for key in figure.selected()]
    return {state.look for state in states if state is not None}


def guess_column(*draws: list[float]) -> Column:
    # What repeats is another value: its letter comes after those of the row above.
    return table_column([{"x": values, "y": [3.0, 4.0]} for values in draws])


SAME = guess_column([1.0, 2.0], [1.0, 2.0], [1.0, 2.0])
OTHER = guess_column([1.0, 2.0], [7.0, -3.0], [0.5, 40.0])
LAST = guess_column([1.0, 2.0], [1.0, 2.0], [0.5, 40.0])


# --- looks ---------------------------------------------------------------------------------------


def test_each_look_has_a_key_and_the_same_key_goes_back(quick_window: MainWindow, qtbot: QtBot) -> None:
    show_columns(quick_window, three_placements(), qtbot)
    assert looks(quick_window) == {"lines"}
    for key, look in ((Qt.Key.Key_V, "values"), (Qt.Key.Key_M, "map"), (Qt.Key.Key_L, "lines")):
        press_keys(quick_window, qtbot, key)
        qtbot.waitUntil(lambda: quick_window.comparison.is_complete)
        assert looks(quick_window) == {look}
    press_keys(quick_window, qtbot, Qt.Key.Key_M)
    press_keys(quick_window, qtbot, Qt.Key.Key_M)
    qtbot.waitUntil(lambda: quick_window.comparison.is_complete)
    assert looks(quick_window) == {"lines"}, "by itself, few values are lines"


@pytest.mark.parametrize(
    ("runs", "size", "look"),
    [
        (3, 3, "lines"),
        (3, MAX_LINES, "lines"),
        (3, MAX_LINES + 1, "map"),
        (MAX_POINTS_AS_LINES // 3, 3, "lines"),
        (MAX_POINTS_AS_LINES // 3 + 1, 3, "map"),
    ],
)
def test_values_that_cannot_be_told_apart_as_lines_are_a_map(qtbot: QtBot, runs: int, size: int, look: str) -> None:
    del qtbot
    figure = figure_with([placement_column("after-op", runs, size)])
    state = figure.cell("op1-1").state
    assert state is not None
    assert state.look == look


def test_a_row_has_one_look_in_all_columns(qtbot: QtBot) -> None:
    del qtbot
    figure = figure_with([placement_column("after-op"), placement_column("after-graph", size=500)])
    states = [figure.cell("op1-1", n).state for n in range(2)]
    assert [state.look for state in states if state is not None] == ["map", "map"]


def test_a_listing_prints_the_values_and_marks_the_digits_that_differ(qtbot: QtBot) -> None:
    del qtbot
    repeating = figure_with([placement_column("after-graph")], look="values")
    differing = figure_with([placement_column("after-op")], look="values")
    for figure, is_marked in ((repeating, False), (differing, True)):
        cell = figure.cell("op1-1")
        below = image_of(figure).copy(cell.sceneBoundingRect().toRect())
        listing = pixels(below)[50:]
        red, green, blue = (listing[..., channel].astype(int) for channel in range(3))
        assert bool(((red > green + 60) & (red > blue + 60)).any()) is is_marked
        first = cell.values.draws[0]
        assert first is not None
        hit = cell.hit(cell.boundingRect().center())
        assert hit is not None
        assert hit.value in {str(value) for draw in cell.values.draws if draw for value in draw.array}


def test_a_map_shows_each_value_as_a_colour(qtbot: QtBot) -> None:
    del qtbot
    column = table_column([{"x": [0.0, 1.0]}, {"x": [1.0, 0.0]}, {"x": [float("nan"), 0.5]}])
    figure = figure_with([column], look="map")
    cell = figure.cell("x")
    area = cell.sceneBoundingRect()
    image = image_of(figure)

    def colour(run: int, element: int) -> str:
        plot = cell.places.plot
        x = area.left() + (run + 0.5) / 3 * area.width()
        y = area.top() + plot.top() + (element + 0.5) / 2 * plot.height()
        return image.pixelColor(round(x), round(y)).name()

    assert colour(0, 0) == colour(1, 1), "the lowest"
    assert colour(0, 1) == colour(1, 0), "the highest"
    assert len({colour(0, 0), colour(0, 1), colour(2, 1), colour(2, 0)}) == 4
    assert colour(2, 0) == "#ffffff", "what is not a number has no colour"
    assert [value for value, _ in cell.ticks()] == [1.0, 0.0]


def test_a_running_column_has_one_look(quick_window: MainWindow, qtbot: QtBot) -> None:
    seen: list[set[str]] = []
    quick_window.comparison.completed.connect(lambda: seen.append(looks(quick_window)))
    script = "import random\nprint('x:', [random.random() for _ in range(40)])\n"
    start_script(quick_window, column_of_text(script, "own.py"), 12)
    qtbot.waitUntil(lambda: not quick_window.session.is_busy and is_drawn(quick_window), timeout=RUN_TIMEOUT_MS)
    drawn = [each for each in seen if each]
    assert len(drawn) > 1, "drawn while they arrived"
    assert all(each == {"map"} for each in drawn), "480 values are a map, and so are the first 40"


def test_many_runs_have_a_band_of_colours_for_their_letters(qtbot: QtBot) -> None:
    del qtbot
    figure = figure_with([placement_column("after-graph", runs=200)])
    cell = figure.cell("op1-1")
    band = pixels(image_of(figure).copy(cell.sceneBoundingRect().toRect()))
    head = int(cell.places.head)
    # Above the letter in its middle.
    assert len(np.unique(band[head + 4, 5:-5], axis=0)) == 1, "one value, one colour"


# --- guessing ------------------------------------------------------------------------------------


@pytest.mark.parametrize("uncovered", [0, 1, 2])
@pytest.mark.parametrize("look", ["lines", "values", "map"])
def test_what_is_covered_cannot_be_told_from_what_is_seen(qtbot: QtBot, uncovered: int, look: str) -> None:
    """To the pixel: not from letters, scale, joined entries, verdicts or notes."""
    del qtbot
    pairs = [(SAME, LAST)] if uncovered == 2 else [(SAME, LAST), (SAME, OTHER)]
    for one, other in pairs:
        images = [pixels(image_of(figure_with([c], look=look, uncovered=uncovered))) for c in (one, other)]
        assert np.array_equal(images[0], images[1])
    seen = pixels(image_of(figure_with([SAME], look=look)))
    assert not np.array_equal(seen, pixels(image_of(figure_with([LAST], look=look)))), "the pictures can differ"


def test_how_wide_covered_numbers_are_is_not_to_be_seen(qtbot: QtBot) -> None:
    del qtbot
    columns = []
    for later in (0.5, -0.12345678):
        values = [0.5, *(later + 0.001 * n for n in range(11))]
        tables: list[dict[str, Sequence[float]]] = [{"x": [value]} for value in values]
        columns.append(replace(table_column(tables), runs=runs(*tables, dtype="float64")))
    one, other = (pixels(image_of(figure_with([each], look="values", uncovered=1))) for each in columns)
    assert np.array_equal(one, other)


def test_a_covered_cell_says_nothing(qtbot: QtBot) -> None:
    del qtbot
    figure = figure_with(three_placements(), uncovered=1)
    for label in figure.labels:
        for column in range(3):
            cell = figure.cell(label, column)
            assert cell.verdict_text == "?"
            assert cell.reason_text == ""
            assert cell.hit(cell.boundingRect().center()) is None
    assert figure.headline.title == "Which draws repeat?"
    assert figure.notes_text(0) == ""
    assert figure.script_block(2).struck_lines == ()
    assert "↳" not in figure.script_block(1).text


def test_space_uncovers_run_after_run_and_the_last_shows_the_verdicts(quick_window: MainWindow, qtbot: QtBot) -> None:
    press_keys(quick_window, qtbot, Qt.Key.Key_G)
    run_to_end(quick_window, qtbot)
    figure = figure_of(quick_window)
    title = quick_window.comparison.title_label
    assert title.text() == "Which draws repeat?"
    for uncovered in range(3):
        assert {figure.cell(label).verdict_text for label in figure.labels} == {"?"}
        state = figure.cell("1").state
        assert state is not None
        assert state.uncovered == uncovered
        press_keys(quick_window, qtbot, Qt.Key.Key_Space)
        qtbot.waitUntil(lambda: quick_window.comparison.is_complete)
    assert {figure.cell(label).verdict_text for label in figure.labels} == {"=  repeats"}
    assert title.text() == "Every draw repeats in every run."
    assert letters(figure, "1") == "AAA"
    runs = quick_window.session.arrangement.lane.column.runs
    press_keys(quick_window, qtbot, Qt.Key.Key_Space)
    assert quick_window.session.arrangement.lane.column.runs is runs, "there is nothing more to uncover"


def test_guessing_covers_each_new_run_of_the_script_until_it_is_left(quick_window: MainWindow, qtbot: QtBot) -> None:
    click(link(quick_window, "Guess"), qtbot)
    assert quick_window.commands["guess"].isChecked()
    for _ in range(2):
        run_to_end(quick_window, qtbot)
        assert figure_of(quick_window).cell("1").verdict_text == "?"
    click(link(quick_window, "Guess"), qtbot)
    qtbot.waitUntil(lambda: quick_window.comparison.is_complete)
    assert figure_of(quick_window).cell("1").verdict_text == "=  repeats"
    run_to_end(quick_window, qtbot)
    assert figure_of(quick_window).cell("1").verdict_text == "=  repeats"


def test_one_more_run_after_the_guess_is_seen_at_once(quick_window: MainWindow, qtbot: QtBot) -> None:
    press_keys(quick_window, qtbot, Qt.Key.Key_G)
    run_to_end(quick_window, qtbot)
    for _ in range(3):
        press_keys(quick_window, qtbot, Qt.Key.Key_Space)
    run_to_end(quick_window, qtbot, lambda: press_keys(quick_window, qtbot, Qt.Key.Key_Plus))
    assert len(quick_window.session.arrangement.lane.column.runs) == 4
    assert figure_of(quick_window).cell("1").verdict_text == "=  repeats"


def test_covered_columns_are_uncovered_together(quick_window: MainWindow, qtbot: QtBot) -> None:
    press_keys(quick_window, qtbot, Qt.Key.Key_G)
    run_to_end(
        quick_window, qtbot, lambda: press_keys(quick_window, qtbot, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    )
    figure = figure_of(quick_window)
    press_keys(quick_window, qtbot, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: quick_window.comparison.is_complete)
    states = [figure.cell("1", column).state for column in range(2)]
    assert [state.uncovered for state in states if state is not None] == [1, 1]
    assert {figure.cell("1", column).verdict_text for column in range(2)} == {"?"}
