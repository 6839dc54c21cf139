"""A closer look at one draw: its views, its pointer, its range, its export, and how it follows."""

import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest
from msgspec.structs import replace
from PIL import Image
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QColor, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from seedlab.analysis.series import ColumnsSource, MadeColumn, Source
from seedlab.figure import theme as themes
from seedlab.gui.distribution_export import DistributionExportDialog
from seedlab.gui.distribution_window import DistributionWindow
from seedlab.gui.latest_thread import LatestThread
from seedlab.gui.main_window import MainWindow
from seedlab.messages.distributions import VIEWS
from seedlab.session.sweep_series import SweepSource
from seedlab.session.sweep_store import SweepResults
from tests.gui.acting import click_at, figure_of, longest_pause, on_canvas, place_in_cell, press_keys, show_columns
from tests.helpers.comparisons import failed_column, three_placements
from tests.helpers.sweeps import sweep_results
from tests.helpers.values import column, runs

LIMIT_MS = 60_000
Open = Callable[..., DistributionWindow]


@pytest.fixture
def look(qtbot: QtBot, qapp: QApplication) -> Iterator[Open]:
    """Opens a window for a source, and waits until it shows it."""
    thread, opened = LatestThread(), list[DistributionWindow]()

    def open_window(
        source: Source, theme: str = "light", size: tuple[int, int] = (1280, 720), *, waits: bool = True
    ) -> DistributionWindow:
        chosen = themes.chosen(theme)
        themes.apply(qapp, chosen)
        window = DistributionWindow(source, chosen, thread)
        opened.append(window)
        window.resize(*size)
        with qtbot.waitExposed(window):
            window.show()
        if waits:
            wait_for(window, qtbot)
        return window

    yield open_window
    for window in opened:
        with contextlib.suppress(RuntimeError):
            window.close()
    thread.close()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def wait_for(window: DistributionWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.found is not None and window.is_complete, timeout=LIMIT_MS)
    qtbot.wait(1)


@pytest.fixture
def sweep(tmp_path: Path) -> SweepResults:
    return sweep_results(tmp_path / "sweep", losses(100))


def losses(count: int) -> dict[str, np.ndarray]:
    base = np.random.default_rng(0).gamma(9, 0.05, count)
    draws = {"loss": base, "accuracy": 1 - base / 2}
    return draws | {f"loss #{number}": base / number for number in (2, 3, 4)}


def two_columns() -> ColumnsSource:
    generator = np.random.default_rng(3)
    made = [runs(*({"op": generator.normal(size=4)} for _ in range(12)), dtype="float64") for _ in range(2)]
    return ColumnsSource("op", (MadeColumn("before", made[0]), MadeColumn("after", made[1])))


def on_plot(window: DistributionWindow, x: float, y: float) -> QPoint:
    """Where a place of the plot is in the canvas."""
    # Texts that were shown just now may leave the canvas another height.
    QApplication.sendPostedEvents()
    place: QPoint = window.canvas.mapFromScene(window.plot.vb.mapViewToScene(QPointF(x, y)))
    return place


def move_to(window: DistributionWindow, x: float, y: float, qtbot: QtBot) -> None:
    place = on_plot(window, x, y)
    qtbot.mouseMove(window.canvas.viewport(), place + QPoint(3, 3))
    qtbot.mouseMove(window.canvas.viewport(), place)


# What it says and shows.


def test_a_sweep_says_where_the_seed_stands_and_marks_it(look: Open, sweep: SweepResults, qtbot: QtBot) -> None:
    window = look(SweepSource("loss", (sweep,)))
    values = losses(100)["loss"]
    better = round(100 * (values > values[42]).sum() / 99)
    assert (
        window.title_label.text() == f"seed 42, with {values[42]:.6g}, is better (lower) than {better} % of 99 others."
    )
    text = window.text_label.text()
    assert text.startswith("loss: mean ")
    assert "with 95 % confidence" in text
    assert f"Best: seed {values.argmin()} ({values.min():.6g}); worst: seed {values.argmax()}" in text
    for view in VIEWS:
        window.show_view(view)
        wait_for(window, qtbot)
        assert window.plot.mark_texts == ["seed 42"], view
        image = window.canvas.grab().toImage()
        accent = QColor(themes.LIGHT.accent)
        seen = (image.pixelColor(x, y) == accent for x in range(image.width()) for y in range(image.height()))
        assert any(seen), view


def test_ordinary_runs_claim_nothing_of_their_mean(look: Open) -> None:
    window = look(two_columns())
    assert window.title_label.text() == "op in 2 columns"
    lines = window.text_label.text().splitlines()
    assert [line.partition(",")[0] for line in lines] == ["before", "after"]
    assert all(line.endswith("in 48 values of 12 runs.") for line in lines)
    assert "confidence" not in window.text_label.text()
    assert not window.column_button.isVisible()
    assert not window.tabs.button_of("course").isVisible()
    # Each column has a colour of its own.
    assert len({colour for _, colour in window.plot.clouds}) == 2


def test_keys_choose_the_view(look: Open, sweep: SweepResults, qtbot: QtBot) -> None:
    window = look(SweepSource("loss", (sweep,)))
    window.activateWindow()
    window.canvas.setFocus()
    for number, view in enumerate(VIEWS, 1):
        qtbot.keyClick(window.canvas, Qt.Key(Qt.Key.Key_0 + number))
        assert window.view == view
        assert window.tabs.button_of(view).isChecked()
        wait_for(window, qtbot)
    bottom = window.plot.getAxis("bottom")
    assert "number of the draw among those called loss" in bottom.labelText
    qtbot.keyClick(window.canvas, Qt.Key.Key_R)
    assert not window.range_button.isVisible()
    qtbot.keyClick(window.canvas, Qt.Key.Key_2)
    qtbot.keyClick(window.canvas, Qt.Key.Key_R)
    assert window.range_label.isVisible()


def test_without_repeats_there_is_no_course(look: Open, sweep: SweepResults, qtbot: QtBot) -> None:
    window = look(SweepSource("accuracy", (sweep,)))
    assert not window.tabs.button_of("course").isVisible()
    qtbot.keyClick(window.canvas, Qt.Key.Key_6)
    assert window.view == "runs"


# The pointer.


def test_the_pointer_tells_a_value_to_its_digits(look: Open, sweep: SweepResults, qtbot: QtBot) -> None:
    window = look(SweepSource("loss", (sweep,)))
    values = losses(100)["loss"]
    move_to(window, 31, values[31], qtbot)
    assert window.pointer_label.text() == f"seed 31: {values[31]!r}".replace("np.float64(", "").rstrip(")")
    assert [line.isVisible() for line in window.pointer.lines] == [True, True]
    assert window.pointer.lines[1].value() == values[31]
    window.show_view("quantiles")
    wait_for(window, qtbot)
    low = int(values.argmin())
    move_to(window, window.found.shapes[0].ordered.x[0], values[low], qtbot)  # type: ignore[union-attr]
    assert window.pointer_label.text() == f"seed {low}: {float(values[low])!r}"
    window.show_view("histogram")
    wait_for(window, qtbot)
    assert window.found is not None
    edges, counts = window.found.edges, window.found.shapes[0].counts
    move_to(window, float(edges[2] + edges[3]) / 2, 1, qtbot)
    assert window.pointer_label.text().endswith(f": {counts[2]:.0f} of 100 runs")
    window.show_view("steps")
    wait_for(window, qtbot)
    move_to(window, 0.45, 50, qtbot)
    told = window.pointer_label.text()
    share = float(told.rpartition(": ")[2].removesuffix(" %"))
    assert share == pytest.approx(100 * (values <= 0.45).mean(), abs=1)
    window.show_view("course")
    wait_for(window, qtbot)
    move_to(window, 3.1, 0.2, qtbot)
    assert window.pointer_label.text().startswith(f"number 3: median {np.median(values / 3):.6g}, ")
    assert f"own {float(values[42] / 3)!r}" in window.pointer_label.text()
    window.show_view("runs")
    assert window.pointer_label.text().startswith("Point at a value")


def test_left_and_right_go_from_value_to_value(look: Open, sweep: SweepResults, qtbot: QtBot) -> None:
    window = look(SweepSource("loss", (sweep,)))
    window.canvas.setFocus()
    for expected in ("seed 0: ", "seed 1: "):
        qtbot.keyClick(window.canvas, Qt.Key.Key_Right)
        assert window.pointer_label.text().startswith(expected)
    qtbot.keyClick(window.canvas, Qt.Key.Key_Left)
    assert window.pointer_label.text().startswith("seed 0: ")


def test_an_array_tells_run_and_element(look: Open, qtbot: QtBot) -> None:
    source = two_columns()
    window = look(source)
    value = float(source.columns[1].runs[4].draws[0].array[2])
    move_to(window, 4, value, qtbot)
    assert window.pointer_label.text() == f"after, run 5, element 2: {value!r}"


def test_what_is_pointed_at_stays_while_it_is_so(look: Open, sweep: SweepResults, qtbot: QtBot) -> None:
    source = two_columns()
    first, second = source.columns
    fewer = (MadeColumn("before", first.runs[:5]), MadeColumn("after", second.runs[:5]))
    window = look(ColumnsSource("op", fewer))
    hint = window.pointer_label.text()
    value = float(second.runs[4].draws[0].array[2])
    told = f"after, run 5, element 2: {value!r}"
    for view in ("runs", "quantiles"):
        window.show_source(ColumnsSource("op", fewer))
        wait_for(window, qtbot)
        window.show_view(view)
        wait_for(window, qtbot)
        cloud, _ = window.plot.clouds[1]
        move_to(window, cloud.x[np.flatnonzero(cloud.y == value)[0]], value, qtbot)
        assert window.pointer_label.text() == told
        # More runs come: it is the same value, wherever it stands now.
        window.show_source(source)
        wait_for(window, qtbot)
        assert window.pointer_label.text() == told, view
        cloud, _ = window.plot.clouds[1]
        assert window.pointer.lines[0].value() == cloud.x[np.flatnonzero(cloud.y == value)[0]], view
    # Its column goes: there is no such value any more, and a key begins with the first again.
    window.show_source(ColumnsSource("op", (first,)))
    wait_for(window, qtbot)
    assert window.pointer_label.text() == hint
    assert not any(line.isVisible() for line in window.pointer.lines)
    qtbot.keyClick(window.canvas, Qt.Key.Key_Right)
    assert window.pointer_label.text().startswith("run ")
    # Another draw is looked at.
    window.show_source(SweepSource("accuracy", (sweep,)))
    wait_for(window, qtbot)
    assert window.pointer_label.text().startswith("Point at a value")


# Choosing, zooming, and a range.


def test_the_best_seed_is_offered_and_another_is_chosen(look: Open, sweep: SweepResults, qtbot: QtBot) -> None:
    window = look(SweepSource("loss", (sweep,)))
    values = losses(100)["loss"]
    assert window.column_button.text().startswith(f"Make a column of seed {values.argmin()}")
    qtbot.mouseClick(window.canvas.viewport(), Qt.MouseButton.LeftButton, pos=on_plot(window, 31, values[31]))
    qtbot.waitUntil(lambda: window.chosen == (31,))
    with qtbot.waitSignal(window.column_wanted) as wanted:
        qtbot.keyClick(window.canvas, Qt.Key.Key_C)
    assert wanted.args == [(31,)]


def test_zoom_and_all_again(look: Open, sweep: SweepResults, qtbot: QtBot) -> None:
    window = look(SweepSource("loss", (sweep,)))
    before = window.plot.sight
    window.plot.vb.setRange(xRange=(10, 20), yRange=(0.3, 0.4), padding=0)
    assert window.plot.sight != before
    qtbot.keyClick(window.canvas, Qt.Key.Key_A)
    qtbot.waitUntil(lambda: window.plot.sight == before)
    window.plot.vb.setRange(xRange=(10, 20), yRange=(0.3, 0.4), padding=0)
    qtbot.mouseDClick(window.canvas.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(400, 100))
    qtbot.waitUntil(lambda: window.plot.sight == before)


def test_a_range_says_which_seeds_are_in_it(look: Open, sweep: SweepResults, qtbot: QtBot) -> None:
    window = look(SweepSource("loss", (sweep,)))
    values = losses(100)["loss"]
    for view in ("runs", "histogram", "quantiles", "steps"):
        window.show_view(view)
        wait_for(window, qtbot)
        window.select_range(0.4, 0.45)
        inside = np.flatnonzero((values >= 0.4) & (values <= 0.45))
        text = window.range_label.text()
        assert text.startswith(f"0.4 to 0.45: {len(inside)} of 100 runs: seeds {', '.join(map(str, inside[:8]))}"), view
        assert text.endswith(f"and {len(inside) - 8} more." if len(inside) > 8 else "."), view
    # Dragged, it is told anew.
    window.range.region.setRegion((0, 9))
    qtbot.waitUntil(lambda: ": 100 of 100 runs" in window.range_label.text())
    qtbot.keyClick(window.canvas, Qt.Key.Key_R)
    assert not window.range_label.isVisible()


def test_a_range_has_the_colours_of_the_theme_and_stays(look: Open, sweep: SweepResults) -> None:
    window = look(SweepSource("loss", (sweep,)))
    window.select_range(0.4, 0.45)
    told = window.range_label.text()
    for name in ("dark", "light"):
        theme = themes.chosen(name, 1.0)
        window.set_theme(theme)
        region = window.range.region
        assert region.brush.color().name() == QColor(theme.accent).name()
        assert {line.pen.color().name() for line in region.lines} == {QColor(theme.muted).name()}
        assert window.range_label.text() == told


def test_where_nothing_is_seen_no_range_is_told(look: Open, qtbot: QtBot) -> None:
    source = two_columns()
    window = look(source)
    window.select_range(-1, 1)
    told = window.range_label.text()
    # What is guessed is covered.
    window.show_source(ColumnsSource("op", tuple(MadeColumn(each.name, ()) for each in source.columns)))
    wait_for(window, qtbot)
    assert window.range_label.text() == ""
    assert not window.range.region.isVisible()
    window.show_source(source)
    wait_for(window, qtbot)
    assert window.range_label.text() == told
    assert window.range.region.isVisible()
    # One that is asked for while nothing is seen begins once there is something.
    window.range_button.click()
    window.show_source(ColumnsSource("op", ()))
    wait_for(window, qtbot)
    window.range_button.click()
    assert window.range_label.text() == ""
    window.show_source(source)
    wait_for(window, qtbot)
    assert window.range.region.isVisible()
    assert " of 12 runs" in window.range_label.text()


def test_one_against_another(look: Open, sweep: SweepResults, tmp_path: Path, qtbot: QtBot) -> None:
    other = sweep_results(tmp_path / "2", {"loss": losses(100)["loss"] * 0.9}, name="other.py")
    window = look(SweepSource("loss", (sweep, other)))
    qtbot.keyClick(window.canvas, Qt.Key.Key_5)
    qtbot.waitUntil(lambda: window.pairs is not None and window.is_complete, timeout=LIMIT_MS)
    assert window.against.box.currentText() == "loss of other.py"
    assert window.text_label.text().startswith("loss of train.py minus loss"[:21])
    assert "over the same 100 seeds" in window.text_label.text()
    values = losses(100)["loss"]
    move_to(window, values[31], values[31] * 0.9, qtbot)
    told = f"seed 31: {float(values[31])!r} across, {float(values[31] * 0.9)!r} up"
    assert window.pointer_label.text() == told
    box = window.against.box
    box.setCurrentIndex(box.findText("accuracy"))
    box.activated.emit(box.currentIndex())
    qtbot.waitUntil(lambda: window.is_complete and not window.pairs.is_same_draw)  # type: ignore[union-attr]
    # A loss minus an accuracy means nothing.
    assert "over the same" not in window.text_label.text()


# Export.


@pytest.mark.parametrize("ending", [".png", ".svg", ".pdf"])
def test_export(look: Open, sweep: SweepResults, tmp_path: Path, qtbot: QtBot, ending: str) -> None:
    window = look(SweepSource("loss", (sweep,)))
    qtbot.keyClick(window.canvas, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    (dialog,) = window.findChildren(DistributionExportDialog)
    assert dialog.isVisible()
    dialog.size_box.setCurrentIndex(dialog.size_box.findData("own"))
    dialog.width_box.setValue(640)
    dialog.height_box.setValue(480)
    dialog.scale_box.setValue(1.5)
    path = tmp_path / f"view{ending}"
    with qtbot.waitSignals([window.exported, window.choices_changed], timeout=LIMIT_MS):
        dialog.save(path)
    if ending == ".png":
        with Image.open(path) as image:
            assert image.size == (960, 720)
    else:
        assert path.stat().st_size > 1_000
    refused = tmp_path / "missing" / f"view{ending}"
    window.export()
    (dialog, *_) = [each for each in window.findChildren(DistributionExportDialog) if each.isVisible()]
    dialog.save(refused)
    qtbot.waitUntil(dialog.message_label.isVisible)
    dialog.close()


# Its look.


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 720), (800, 600)])
def test_no_text_is_cut(look: Open, sweep: SweepResults, theme: str, size: tuple[int, int], qtbot: QtBot) -> None:
    window = look(SweepSource("loss", (sweep,)), theme, size)
    for view in VIEWS:
        window.show_view(view)
        wait_for(window, qtbot)
        assert (window.width(), window.height()) == size
        for widget in window.findChildren(QWidget):
            if isinstance(widget, QLabel | QAbstractButton) and widget.isVisible():
                needed = widget.sizeHint()
                if isinstance(widget, QLabel) and widget.wordWrap():
                    assert widget.heightForWidth(widget.width()) <= widget.height(), widget.text()
                else:
                    assert needed.width() <= widget.width(), widget.text()
        # What names an axis is within the canvas.
        area = window.canvas.sceneRect()
        for side in ("left", "bottom"):
            label = window.plot.getAxis(side).label
            assert area.contains(label.mapRectToScene(label.boundingRect()).adjusted(4, 4, -4, -4)), (view, side)
        assert window.canvas.backgroundBrush().color() == QColor(themes.THEMES[theme].window)


def test_views_are_named_anew_where_text_grows(look: Open, sweep: SweepResults, qapp: QApplication) -> None:
    window = look(SweepSource("loss", (sweep,)), size=(1000, 640))
    button = window.tabs.button_of("course")
    assert button.text() == "Its course  6"
    larger = themes.chosen("light", 1.5)
    # In the order of the main window.
    window.set_theme(larger)
    themes.apply(qapp, larger)
    QApplication.sendPostedEvents()
    # There is no more room for keys.
    assert button.text() == "Its course"
    assert button.sizeHint().width() <= button.width()
    # Nor can it be made so small that something is cut.
    least = window.minimumSize()
    assert (least.width(), least.height()) == (min(960, window.screen().size().width()), 720)


def test_the_keyboard_reaches_everything(look: Open, sweep: SweepResults, qtbot: QtBot) -> None:
    window = look(SweepSource("loss", (sweep,)))
    window.show_view("pairs")
    wait_for(window, qtbot)
    wanted: set[QWidget] = {
        each for each in window.findChildren(QAbstractButton) if each.isVisible() and each.isEnabled() and each.text()
    }
    assert len(wanted) == len([*VIEWS, "range", "all", "column", "export"])
    # Of the views Tab reaches the one that is shown, and arrows the others.
    views = {each for each in window.tabs.group.buttons() if not each.isChecked()}
    wanted = (wanted - views) | {window.canvas, window.against.box}
    assert window.canvas.accessibleName()
    assert window.against.box.accessibleName()
    reached = set[QWidget | None]()
    for _ in range(20):
        focused = QApplication.focusWidget()
        reached.add(focused)
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    assert wanted <= reached
    window.tabs.button_of("pairs").setFocus()
    qtbot.keyClick(window.tabs.button_of("pairs"), Qt.Key.Key_Right)
    assert window.view == "course"
    keys = [shortcut.key().toString() for shortcut in window.findChildren(QShortcut)]
    assert len(keys) == len(set(keys))
    assert QKeySequence("Esc").toString() in keys


def test_esc_closes_it(look: Open, sweep: SweepResults, qtbot: QtBot) -> None:
    window = look(SweepSource("loss", (sweep,)))
    with qtbot.waitSignal(window.destroyed):
        qtbot.keyClick(window.canvas, Qt.Key.Key_Escape)
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_a_window_that_is_closed_early_leaves_nothing(look: Open, sweep: SweepResults) -> None:
    window = look(SweepSource("loss", (sweep,)), waits=False)
    window.close()


# From the comparison.


def only(window: MainWindow, qtbot: QtBot) -> DistributionWindow:
    (opened,) = window.closer.windows
    wait_for(opened, qtbot)
    return opened


def is_edited(window: MainWindow) -> bool:
    return window.editing.is_open


def runs_of(window: DistributionWindow) -> list[int]:
    return [] if window.found is None else [shape.runs for shape in window.found.shapes]


def test_enter_opens_the_selected_draw(quick_window: MainWindow, qtbot: QtBot) -> None:
    show_columns(quick_window, three_placements(4), qtbot)
    figure = figure_of(quick_window)
    quick_window.comparison.canvas.setFocus()
    figure.select("op2-1", 1)
    press_keys(quick_window, qtbot, Qt.Key.Key_Return)
    opened = only(quick_window, qtbot)
    assert opened.source.label == "op2-1"
    assert len(opened.source.makers) == 3
    # Once more brings it to the front.
    quick_window.comparison.canvas.setFocus()
    quick_window.look_closer()
    assert quick_window.closer.windows == [opened]
    opened.close()
    assert quick_window.closer.windows == []
    figure.select("op2-1", 0, add=True)
    quick_window.look_closer()
    assert len(only(quick_window, qtbot).source.makers) == 2


def test_enter_in_a_field_is_not_for_the_drawing(quick_window: MainWindow, qtbot: QtBot) -> None:
    show_columns(quick_window, three_placements(4), qtbot)
    for widget in (quick_window.panel.run_controls.run_button, quick_window.comparison.columns_bar):
        widget.setFocus()
        press_keys(quick_window, qtbot, Qt.Key.Key_Return)
    assert quick_window.closer.windows == []
    assert not quick_window.session.is_busy


def test_a_double_press_on_a_plot_opens_it_and_one_on_a_line_edits(quick_window: MainWindow, qtbot: QtBot) -> None:
    show_columns(quick_window, three_placements(4), qtbot)
    viewport = quick_window.comparison.canvas.viewport()
    place = place_in_cell(figure_of(quick_window), "op1-2", 1, 0.5, 0.7)
    click_at(quick_window, place, qtbot)
    qtbot.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=on_canvas(quick_window, place))
    assert only(quick_window, qtbot).source.label == "op1-2"
    assert not is_edited(quick_window)
    quick_window.closer.windows[0].close()
    head = figure_of(quick_window).script_area(0)
    assert head is not None
    line = head.topLeft() + QPointF(60, 10)
    qtbot.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=on_canvas(quick_window, line))
    assert is_edited(quick_window)
    assert quick_window.closer.windows == []


def test_without_two_runs_or_numbers_it_says_so(quick_window: MainWindow, qtbot: QtBot) -> None:
    show_columns(quick_window, three_placements(1), qtbot)
    quick_window.look_closer()
    assert quick_window.closer.windows == []
    show_columns(quick_window, [failed_column()], qtbot)
    quick_window.look_closer()
    assert len(quick_window.closer.windows) <= 1


def test_it_follows_runs_and_what_is_covered_stays_covered(quick_window: MainWindow, qtbot: QtBot) -> None:
    show_columns(quick_window, three_placements(3), qtbot)
    quick_window.look_closer()
    opened = only(quick_window, qtbot)
    assert runs_of(opened) == [3, 3, 3]
    session = quick_window.session
    arrangement = session.arrangement
    more = three_placements(9)
    for at, each in enumerate(more):
        lane = arrangement.lanes[at]
        arrangement = arrangement.with_lane(at, replace(lane, column=replace(lane.column, runs=each.runs)))
    session.arrange(arrangement)
    qtbot.waitUntil(lambda: runs_of(opened) == [9, 9, 9], timeout=LIMIT_MS)
    quick_window.commands["guess"].trigger()
    qtbot.waitUntil(lambda: runs_of(opened) == [], timeout=LIMIT_MS)
    for _ in range(2):
        quick_window.commands["uncover"].trigger()
    qtbot.waitUntil(lambda: runs_of(opened) == [2, 2, 2], timeout=LIMIT_MS)
    session.arrange(arrangement.remove(1))
    qtbot.waitUntil(lambda: len(runs_of(opened)) == 2, timeout=LIMIT_MS)


def test_it_follows_the_theme_and_ends_with_the_window(quick_window: MainWindow, qtbot: QtBot) -> None:
    show_columns(quick_window, three_placements(3), qtbot)
    quick_window.look_closer()
    opened = only(quick_window, qtbot)
    quick_window.set_theme("dark")
    qtbot.waitUntil(lambda: opened.canvas.backgroundBrush().color() == QColor(themes.DARK.window))
    assert opened.plot.getAxis("left").textPen().color() == QColor(themes.DARK.muted)
    quick_window.documents.document.let_go()
    quick_window.close()
    assert not opened.isVisible()


def test_a_real_run_is_looked_at_while_more_come(quick_window: MainWindow, qtbot: QtBot) -> None:
    quick_window.session.change_settings(runs=4)
    quick_window.run()
    qtbot.waitUntil(lambda: not quick_window.session.is_busy and quick_window.is_drawn, timeout=LIMIT_MS)
    quick_window.look_closer()
    opened = only(quick_window, qtbot)
    assert opened.found is not None
    quick_window.once_more()
    qtbot.waitUntil(lambda: runs_of(opened) == [5], timeout=LIMIT_MS)
    qtbot.waitUntil(lambda: not quick_window.session.is_busy, timeout=LIMIT_MS)


def test_a_thousand_values_a_draw(quick_window: MainWindow, qtbot: QtBot) -> None:
    generator = np.random.default_rng(0)
    made = runs(*({"values": generator.normal(size=1_000)} for _ in range(50)))
    show_columns(quick_window, [column(*made, name="large")], qtbot)
    quick_window.look_closer()
    opened = only(quick_window, qtbot)
    assert opened.title_label.text() == "values in 50 runs of large"
    assert "50,000 values of 50 runs" in opened.text_label.text()


# How fast it is.


@pytest.mark.alone
def test_ten_thousand_points_are_smooth(look: Open, tmp_path: Path) -> None:
    results = sweep_results(tmp_path / "many", {"loss": np.random.default_rng(0).normal(size=10_000)})
    window = look(SweepSource("loss", (results,)))
    assert [cloud.x.size for cloud, _ in window.plot.clouds] == [10_000]
    begin = time.perf_counter()
    window._show()
    window.canvas.viewport().repaint()
    assert time.perf_counter() - begin < 0.25
    taken = []
    for step in range(20):
        begin = time.perf_counter()
        window.plot.vb.setRange(xRange=(step * 10, 9_000 + step * 10), padding=0)
        window.canvas.viewport().repaint()
        taken.append(time.perf_counter() - begin)
    assert np.median(taken) < 0.05


def work_in_turns(window: DistributionWindow) -> list[float]:
    """Return a list that grows by the seconds of processor time that the window's thread takes from beat to beat."""
    spent, last = [0.0], time.thread_time()

    def beat() -> None:
        nonlocal last
        now = time.thread_time()
        spent.append(now - last)
        last = now

    heart = QTimer(window, interval=2)
    heart.timeout.connect(beat)
    heart.start()
    return spent


@pytest.mark.alone
def test_a_million_values_are_browsed_without_a_pause(
    look: Open, quick_window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    count = 1_000_000
    results = sweep_results(tmp_path / "million", {"loss": np.random.default_rng(0).normal(size=count)})
    # What is imported once is not what is measured.
    window = look(SweepSource("loss", (sweep_results(tmp_path / "few", {"loss": np.arange(50.0)}),)))
    worked = work_in_turns(window)
    before = psutil.Process().memory_info().rss
    with longest_pause(quick_window) as pause:
        window.show_source(SweepSource("loss", (results,)))
        wait_for(window, qtbot)
        for view in ("runs", "histogram", "quantiles", "steps", "runs"):
            window.show_view(view)
            wait_for(window, qtbot)
            qtbot.wait(50)
        for step in range(8):
            window.plot.vb.scaleBy((0.3, 0.8))
            qtbot.wait(40)
            move_to(window, 500_000, 0.1 * step, qtbot)
        wait_for(window, qtbot)
        assert window.plot.clouds
        window.show_all()
        window.range_button.setChecked(True)
        for step in range(8):
            window.range.region.setRegion((-step / 4, step / 4))
            qtbot.wait(20)
        wait_for(window, qtbot)
    assert "of 1,000,000 runs" in window.range_label.text()
    grown = psutil.Process().memory_info().rss - before
    assert grown < 400 * 2**20
    # Its own work, and, as other programs want the processors too, what a person waits for.
    assert max(worked) < 0.05
    assert pause[0] < 0.1, f"the event loop stood still for {pause[0] * 1000:.0f} ms"
