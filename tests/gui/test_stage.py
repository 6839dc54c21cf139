"""On stage, larger and smaller, light and dark, and the page of keys."""

import gc
from collections.abc import Callable
from functools import partial

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from seedlab.figure import Figure
from seedlab.figure import theme as themes
from seedlab.gui import stage
from seedlab.gui.main_window import MainWindow
from seedlab.libraries.registry import FAMILIES
from seedlab.session.settings import ZOOMS
from seedlab.study.lab import Column
from tests.gui.acting import (
    click,
    figure_of,
    is_drawn,
    link,
    present_at,
    press_keys,
    run_to_end,
    show_columns,
    start_script,
)
from tests.gui.conftest import quick_settings
from tests.helpers.comparisons import three_placements

CTRL = Qt.KeyboardModifier.ControlModifier


def stage_button(window: MainWindow, text: str) -> QAbstractButton:
    return next(b for b in window.stage_bar.findChildren(QAbstractButton) if b.text() == text and not b.isHidden())


def is_same(shown: Callable[[], set[str]], wanted: set[str]) -> bool:
    return shown() == wanted


def background(window: MainWindow) -> str:
    """The colour of the drawing where nothing stands."""
    image = window.comparison.canvas.viewport().grab().toImage()
    return image.pixelColor(image.width() - 12, image.height() - 3).name()


@pytest.fixture
def on_stage(quick_window: MainWindow, qtbot: QtBot) -> MainWindow:
    quick_window.stage.pointer.timer.setInterval(60_000)
    press_keys(quick_window, qtbot, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: quick_window.size() == quick_window.screen().size() and is_built(quick_window))
    assert stage_button(quick_window, "Run").isVisible()
    return quick_window


def is_built(window: MainWindow) -> bool:
    """Return True when the window was built for the size that it has, and is shown so."""
    return window.theme.zoom == window.stage.magnification and window.centralWidget().isVisible()


# --- on stage ------------------------------------------------------------------------------------


def test_f5_presents_and_escape_comes_back(quick_window: MainWindow, qtbot: QtBot) -> None:
    run_to_end(quick_window, qtbot)
    runs = quick_window.session.arrangement.lane.column.runs
    press_keys(quick_window, qtbot, Qt.Key.Key_F5)
    assert quick_window.isFullScreen()
    qtbot.waitUntil(quick_window.stage_bar.isVisible)
    assert not quick_window.panel.isVisible()
    assert not quick_window.statusBar().isVisible()
    qtbot.waitUntil(lambda: quick_window.comparison.is_complete)
    # On a screen as narrow as this one the sign stands for the word.
    assert figure_of(quick_window).cell("1").verdict_text == "=", "nothing is lost"
    press_keys(quick_window, qtbot, Qt.Key.Key_Escape)
    assert not quick_window.isFullScreen()
    qtbot.waitUntil(quick_window.panel.isVisible)
    assert not quick_window.stage_bar.isVisible()
    assert quick_window.statusBar().isVisible()
    assert quick_window.session.arrangement.lane.column.runs is runs


def test_f5_goes_back_too_and_the_button_says_which_it_is(quick_window: MainWindow, qtbot: QtBot) -> None:
    click(link(quick_window, "Present"), qtbot)
    assert quick_window.isFullScreen()
    assert link(quick_window, "Present").isChecked()
    press_keys(quick_window, qtbot, Qt.Key.Key_F5)
    assert not quick_window.isFullScreen()
    assert not link(quick_window, "Present").isChecked()


@pytest.mark.parametrize("scale", [1, 1.5, 2, 3])
def test_a_larger_screen_shows_the_same_larger(
    on_stage: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, scale: float
) -> None:
    # Offscreen, a window that is given another size is no longer full screen.
    monkeypatch.setattr(on_stage, "isFullScreen", lambda: True)
    on_stage.resize(round(stage.WIDTH * scale), round(stage.HEIGHT * scale))
    qtbot.waitUntil(lambda: on_stage.theme.zoom == pytest.approx(scale, rel=0.01))
    sizes = themes.chosen("light", scale)
    qtbot.waitUntil(on_stage.comparison.title_label.isVisible)
    assert on_stage.comparison.title_label.font().pixelSize() == pytest.approx(sizes.large, abs=1)
    assert stage_button(on_stage, "Run").isVisible()
    assert on_stage.stage_bar.width() == on_stage.width()


def test_on_stage_the_seed_is_moved_and_the_script_run_by_buttons(on_stage: MainWindow, qtbot: QtBot) -> None:
    run_to_end(on_stage, qtbot, lambda: click(stage_button(on_stage, "Run"), qtbot))
    assert figure_of(on_stage).cell("1").verdict_text == "="
    placements = [p.title for p in FAMILIES["numpy"].placements]
    pressed = [stage_button(on_stage, title).isChecked() for title in placements]
    assert pressed == [False, False, True]
    click(stage_button(on_stage, placements[0]), qtbot)
    assert on_stage.session.experiment["placement"] == "none"
    assert [stage_button(on_stage, title).isChecked() for title in placements] == [True, False, False]
    run_to_end(on_stage, qtbot, lambda: click(stage_button(on_stage, "Run"), qtbot))
    assert figure_of(on_stage).cell("1").verdict_text == "≠"
    run_to_end(on_stage, qtbot, lambda: click(stage_button(on_stage, "Once more"), qtbot))
    assert [len(column.runs) for column in on_stage.session.arrangement.columns] == [4]


def test_the_buttons_of_the_stage_are_those_of_the_library(on_stage: MainWindow, qtbot: QtBot) -> None:
    def shown() -> set[str]:
        return {b.text() for b in on_stage.stage_bar.findChildren(QAbstractButton) if b.isVisible()}

    for name in ("tensorflow-graph", "python-random"):
        on_stage.session.editing.choose_experiment(FAMILIES[name].default)
        wanted = {"Run", "Once more", *(placement.title for placement in FAMILIES[name].placements)}
        qtbot.waitUntil(partial(is_same, shown, wanted))


def test_while_runs_go_on_escape_stops_them_and_stays_on_stage(on_stage: MainWindow, qtbot: QtBot) -> None:
    on_stage.panel.run_controls.runs_box.setValue(500)
    click(stage_button(on_stage, "Run"), qtbot)
    assert not stage_button(on_stage, "Run").isEnabled()
    press_keys(on_stage, qtbot, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: stage_button(on_stage, "Run").isEnabled())
    assert on_stage.isFullScreen()
    assert len(on_stage.session.arrangement.lane.column.runs) < 500


def test_a_pointer_that_does_not_move_is_hidden_and_comes_back(on_stage: MainWindow, qtbot: QtBot) -> None:
    assert QApplication.overrideCursor() is None
    on_stage.stage.pointer.timer.start(1)
    qtbot.waitUntil(lambda: QApplication.overrideCursor() is not None)
    assert QApplication.overrideCursor().shape() is Qt.CursorShape.BlankCursor
    assert not on_stage.stage_bar.isVisible(), "the controls leave with it"
    viewport = on_stage.comparison.canvas.viewport()
    on_stage.stage.pointer.timer.setInterval(60_000)
    qtbot.mouseMove(viewport, viewport.rect().center())
    qtbot.waitUntil(lambda: QApplication.overrideCursor() is None)
    assert on_stage.stage_bar.isVisible()


def test_links_that_have_no_room_are_left_out_and_the_menu_stays(quick_window: MainWindow, qtbot: QtBot) -> None:
    def shown() -> list[str]:
        bar = quick_window.comparison.links_bar
        buttons = [button for button in bar.findChildren(QAbstractButton) if button.isVisible()]
        assert all(bar.rect().contains(button.geometry()) for button in buttons), "none is cut"
        return [button.text() for button in buttons]

    quick_window.resize(1280, 720)
    qtbot.waitUntil(lambda: len(shown()) == 7)
    quick_window.resize(760, 720)
    qtbot.waitUntil(lambda: 1 < len(shown()) < 7)
    assert shown()[-1] == "Menu"
    assert quick_window.width() == 760, "the window is as narrow as somebody wants it"


def test_tab_reaches_the_controls_of_the_stage_and_keeps_them(on_stage: MainWindow, qtbot: QtBot) -> None:
    pointer = on_stage.stage.pointer
    pointer.timer.start(1)
    qtbot.waitUntil(lambda: not on_stage.stage_bar.isVisible())
    pointer.timer.setInterval(60_000)
    for _ in range(12):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        if stage_button(on_stage, "Run").hasFocus():
            break
    assert stage_button(on_stage, "Run").hasFocus()
    pointer.timer.start(1)
    qtbot.waitUntil(lambda: not pointer.timer.isActive())
    assert on_stage.stage_bar.isVisible(), "what has the focus is seen"
    on_stage.comparison.canvas.setFocus()
    assert not on_stage.stage_bar.isVisible()


def test_on_a_projector_the_height_belongs_to_the_plots(quick_window: MainWindow, qtbot: QtBot) -> None:
    window = quick_window
    show_columns(window, three_placements(), qtbot)
    present_at(window, 1280, 720, qtbot)
    assert window.theme.zoom == 1.25
    assert not window.comparison.links_bar.isVisible()
    # All rows, and the names of the runs, are in view.
    qtbot.waitUntil(lambda: window.is_drawn and window.comparison.canvas.verticalScrollBar().maximum() == 0)
    figure = figure_of(window)
    columns, labels = len(figure.columns_at), figure.labels
    assert (columns, len(labels)) == (3, 4)
    cells = [figure.cell(label, column) for label in labels for column in range(columns)]
    assert {cell.verdict_text for cell in cells} == {"≠", "="}
    print(
        "HH",
        min(cell.plot_height for cell in cells),
        figure.sceneRect(),
        window.comparison.canvas.viewport().size(),
        window.size(),
        window.comparison.title_label.height(),
    )
    # Some fonts are higher than others.
    assert min(cell.plot_height for cell in cells) >= 60
    sizes = {figure.script_block(column).size for column in range(columns)}
    assert sizes == {window.theme.px(11)}, "one size, which can be read"
    window.present(is_on=False)


@pytest.mark.parametrize("leave", ["escape", "close"])
def test_a_hidden_pointer_is_back_when_the_stage_is_left(on_stage: MainWindow, qtbot: QtBot, leave: str) -> None:
    on_stage.stage.pointer.timer.start(1)
    qtbot.waitUntil(lambda: QApplication.overrideCursor() is not None)
    if leave == "escape":
        press_keys(on_stage, qtbot, Qt.Key.Key_Escape)
    else:
        on_stage.close()
    assert QApplication.overrideCursor() is None


# --- larger and smaller --------------------------------------------------------------------------


def test_keys_make_everything_larger_and_smaller(quick_window: MainWindow, qtbot: QtBot) -> None:
    show_columns(quick_window, three_placements(), qtbot)
    heights = [figure_of(quick_window).script_block(0).height]
    for key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
        press_keys(quick_window, qtbot, key, CTRL)
        heights.append(figure_of(quick_window).script_block(0).height)
    assert heights == sorted(set(heights))
    assert quick_window.theme.zoom == 1.5
    for _ in range(3):
        press_keys(quick_window, qtbot, Qt.Key.Key_Minus, CTRL)
    assert quick_window.theme.zoom == 0.875
    assert figure_of(quick_window).script_block(0).height < heights[0]
    press_keys(quick_window, qtbot, Qt.Key.Key_0, CTRL)
    assert quick_window.theme.zoom == 1
    assert figure_of(quick_window).script_block(0).height == heights[0]
    assert len(quick_window.session.arrangement.lanes) == 3


def test_there_is_a_largest_and_a_smallest(quick_window: MainWindow, qtbot: QtBot) -> None:
    for key, end in ((Qt.Key.Key_Plus, ZOOMS[-1]), (Qt.Key.Key_Minus, ZOOMS[0])):
        for _ in range(len(ZOOMS) + 2):
            press_keys(quick_window, qtbot, key, CTRL)
        assert quick_window.theme.zoom == end


def test_building_the_window_anew_leaves_nothing_of_the_old_one(quick_window: MainWindow, qtbot: QtBot) -> None:
    def figures() -> int:
        # What a nested event loop leaves for the outermost one.
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()
        return sum(isinstance(found, Figure) for found in gc.get_objects())

    press_keys(quick_window, qtbot, Qt.Key.Key_T, CTRL)
    before = figures()
    for _ in range(6):
        press_keys(quick_window, qtbot, Qt.Key.Key_T, CTRL)
    assert figures() <= before


def test_what_is_set_in_the_panel_survives_another_size(quick_window: MainWindow, qtbot: QtBot) -> None:
    quick_window.panel.run_controls.runs_box.setValue(7)
    quick_window.panel.engine_form.jobs_box.setValue(2)
    quick_window.panel.engine_form.timeout_box.setValue(11)
    quick_window.panel.engine_form.start_box.setCurrentText("cold")
    press_keys(quick_window, qtbot, Qt.Key.Key_Plus, CTRL)
    form, controls = quick_window.panel.engine_form, quick_window.panel.run_controls
    assert (controls.runs_box.value(), form.jobs_box.value(), form.timeout_box.value()) == (7, 2, 11)
    assert form.start_box.currentText() == "cold"


# --- light and dark ------------------------------------------------------------------------------


def test_the_theme_is_switched_at_once_with_the_drawing(quick_window: MainWindow, qtbot: QtBot) -> None:
    show_columns(quick_window, three_placements(), qtbot)
    for name, theme in (("dark", themes.DARK), ("light", themes.LIGHT), ("dark", themes.DARK)):
        quick_window.commands[name].trigger()
        qtbot.waitUntil(lambda: quick_window.comparison.is_complete)
        assert quick_window.theme.name == name
        assert background(quick_window) == theme.window
        assert QApplication.palette().window().color().name() == theme.window
        picture = quick_window.comparison.canvas.viewport().grab().toImage()
        colours = {
            picture.pixelColor(x, y).name() for x in range(picture.width()) for y in range(0, picture.height(), 7)
        }
        assert theme.seed_line in colours
        assert set(theme.fingerprints[:3]) <= colours
    assert figure_of(quick_window).cell("op1-1", 1).verdict_text == "=  repeats"


def test_a_key_switches_between_light_and_dark(quick_window: MainWindow, qtbot: QtBot) -> None:
    press_keys(quick_window, qtbot, Qt.Key.Key_T, CTRL)
    assert background(quick_window) == themes.DARK.window
    press_keys(quick_window, qtbot, Qt.Key.Key_T, CTRL)
    assert background(quick_window) == themes.LIGHT.window


class DesktopOf:
    """A desktop with a theme of its own."""

    def __init__(self, scheme: Qt.ColorScheme) -> None:
        self.scheme = scheme

    def styleHints(self) -> "DesktopOf":
        return self

    def colorScheme(self) -> Qt.ColorScheme:
        return self.scheme


def test_the_desktops_theme_is_followed_until_one_is_chosen(
    quick_window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    desktop = DesktopOf(Qt.ColorScheme.Dark)
    monkeypatch.setattr(themes, "QGuiApplication", desktop)
    hints = QGuiApplication.styleHints()
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert background(quick_window) == themes.DARK.window
    desktop.scheme = Qt.ColorScheme.Light
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert background(quick_window) == themes.LIGHT.window
    quick_window.commands["light"].trigger()
    desktop.scheme = Qt.ColorScheme.Dark
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert background(quick_window) == themes.LIGHT.window, "a person has chosen"
    quick_window.commands["system"].trigger()
    assert background(quick_window) == themes.DARK.window
    qtbot.wait(0)


def test_a_maximised_window_is_one_again_when_it_leaves_the_stage(quick_window: MainWindow, qtbot: QtBot) -> None:
    quick_window.showMaximized()
    qtbot.waitUntil(quick_window.isMaximized)
    press_keys(quick_window, qtbot, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: stage_button(quick_window, "Run").isVisible())
    press_keys(quick_window, qtbot, Qt.Key.Key_Escape)
    qtbot.waitUntil(quick_window.panel.isVisible)
    assert quick_window.isMaximized()
    assert not quick_window.isFullScreen()


def test_no_focus_frame_stands_on_stage(on_stage: MainWindow, qtbot: QtBot) -> None:
    canvas = on_stage.comparison.canvas

    def edge() -> set[str]:
        image = canvas.grab().toImage()
        return {image.pixelColor(x, 0).name() for x in range(20, image.width() - 20)}

    assert canvas.hasFocus()
    assert edge() == {on_stage.theme.window}
    press_keys(on_stage, qtbot, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: on_stage.panel.isVisible() and is_built(on_stage))
    assert on_stage.isActiveWindow(), "nothing else was a window for a moment"
    canvas = on_stage.comparison.canvas
    canvas.setFocus()
    assert on_stage.theme.accent in edge(), "in the window the frame says where keys go"


def test_the_window_is_never_larger_than_the_screen(make_window: Callable[..., MainWindow]) -> None:
    window = make_window(size=None, settings=replace(quick_settings(), width=4000, height=3000))
    # Tests have a screen that is narrower than the controls need.
    room = window.screen().availableSize().expandedTo(window.minimumSizeHint())
    assert (window.width(), window.height()) == (room.width(), room.height())


# --- keys ----------------------------------------------------------------------------------------


def test_no_key_means_two_things(quick_window: MainWindow) -> None:
    keys = [key.toString() for action in quick_window.commands.all for key in action.shortcuts()]
    assert len(keys) == len(set(keys))


def test_guessing_covers_what_is_already_there_and_space_uncovers_it(quick_window: MainWindow, qtbot: QtBot) -> None:
    run_to_end(quick_window, qtbot)
    runs = quick_window.session.arrangement.lane.column.runs
    quick_window.panel.run_controls.run_button.setFocus()
    press_keys(quick_window, qtbot, Qt.Key.Key_G)
    qtbot.waitUntil(lambda: is_drawn(quick_window))
    assert figure_of(quick_window).headline.title == "Which draws repeat?"
    assert quick_window.comparison.canvas.hasFocus()
    for _ in range(3):
        assert figure_of(quick_window).is_covered
        press_keys(quick_window, qtbot, Qt.Key.Key_Space)
        qtbot.waitUntil(lambda: is_drawn(quick_window))
    assert not figure_of(quick_window).is_covered
    assert quick_window.session.arrangement.lane.column.runs is runs, "nothing was run anew"


def test_the_stage_offers_no_places_to_a_script_of_ones_own(quick_window: MainWindow, qtbot: QtBot) -> None:
    quick_window.present(is_on=True)
    start_script(quick_window, Column(name="own.py", experiment=None, script="print('x:', 1)\n"), 2)
    qtbot.waitUntil(lambda: not quick_window.session.is_busy)
    buttons = quick_window.stage_bar._group.buttons()
    assert [button.isVisible() for button in buttons] == [False] * len(buttons)
    quick_window.present(is_on=False)
