"""What a person does in the window, and what is waited for then."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from msgspec.structs import replace
from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from seedlab.figure import Figure
from seedlab.gui.main_window import MainWindow
from seedlab.gui.runner_thread import RunnerThread
from seedlab.libraries.presets import PRESETS
from seedlab.session.arrangement import Arrangement
from seedlab.study.lab import Column
from tests.gui.conftest import RUN_TIMEOUT_MS


def runner_of(window: MainWindow) -> RunnerThread:
    return window._runner


def figure_of(window: MainWindow) -> Figure:
    """Return the drawing of values, which must be the one that is shown."""
    assert isinstance(window.comparison.figure, Figure)
    return window.comparison.figure


def choose_preset(window: MainWindow, name: str, qtbot: QtBot) -> None:
    """Choose as a person does at the keyboard: focus the list and type the name."""
    box = window.panel.experiment_form.preset_box
    box.setFocus()
    box.setCurrentText(name)
    box.activated.emit(box.currentIndex())
    assert window.session.experiment == PRESETS[name].experiment
    qtbot.wait(0)


def run_to_end(window: MainWindow, qtbot: QtBot, press: Callable[[], object] | None = None) -> None:
    """Press Run, or what else starts runs, and wait until all of them are drawn."""
    if press is None:
        click(window.panel.run_controls.run_button, qtbot)
    else:
        press()
    assert window.session.is_busy, f"nothing was started: {window.comparison.message_label.text()}"
    qtbot.waitUntil(lambda: not window.session.is_busy and is_drawn(window), timeout=RUN_TIMEOUT_MS)
    assert window.panel.run_controls.run_button.isEnabled()


def is_drawn(window: MainWindow) -> bool:
    return window.is_drawn


def run_own_script(window: MainWindow, qtbot: QtBot, source: str, runs: int = 2) -> None:
    column = Column(name="own", experiment=None, script=source)
    run_to_end(window, qtbot, lambda: start_script(window, column, runs))


def start_script(window: MainWindow, column: Column, runs: int) -> None:
    """Run a script of a person's own in place of the current column."""
    session = window.session
    session.change_settings(runs=runs)
    arrangement = session.arrangement
    lane = replace(arrangement.lane, column=column, chosen=column.experiment, title=column.name)
    session.arrange(arrangement.with_lane(arrangement.current, lane))
    session.runs.run()


def click(widget: QWidget, qtbot: QtBot) -> None:
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def press_keys(window: MainWindow, qtbot: QtBot, keys: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
    """Press keys where the focus is, as at the keyboard."""
    held = Qt.KeyboardModifier.NoModifier
    for modifier in modifiers:
        held |= modifier
    focused = QApplication.focusWidget()
    qtbot.keyClick(window if focused is None else focused, keys, held)


def show_columns(window: MainWindow, columns: Sequence[Column], qtbot: QtBot) -> None:
    """Put columns with hand-made runs into the window."""
    window.session.arrange(Arrangement.of_columns(columns))
    qtbot.waitUntil(lambda: is_drawn(window))


def present_at(window: MainWindow, width: int, height: int, qtbot: QtBot) -> None:
    """Present ``window`` as on a screen of that size, in pixels."""
    window.present(is_on=True)
    # The size of the real screen arrives when it likes, and would take the place of the other.
    qtbot.waitUntil(lambda: window.size() == window.screen().size())
    window.resize(width, height)
    qtbot.waitUntil(
        lambda: window.theme.zoom == window.stage.magnification and is_drawn(window), timeout=RUN_TIMEOUT_MS
    )


def link(window: MainWindow, text: str) -> QAbstractButton:
    """The button at the top right whose text begins with ``text``."""
    buttons = window.comparison.findChildren(QAbstractButton)
    return next(button for button in buttons if button.text().startswith(text))


def place_in_cell(figure: Figure, label: str, column: int, x: float, y: float) -> QPointF:
    """A place of the drawing: ``x`` and ``y`` are shares of the cell's width and height."""
    area = figure.cell(label, column).sceneBoundingRect()
    return QPointF(area.left() + x * area.width(), area.top() + y * area.height())


def on_canvas(window: MainWindow, place: QPointF) -> QPoint:
    """Where a place of the drawing is in the canvas, scrolled there."""
    canvas = window.comparison.canvas
    canvas.ensureVisible(place.x(), place.y(), 1, 1)
    return canvas.mapFromScene(place)


def point_at(window: MainWindow, place: QPointF, qtbot: QtBot) -> None:
    """Move the pointer to a place of the drawing."""
    qtbot.mouseMove(window.comparison.canvas.viewport(), on_canvas(window, place))


def click_at(
    window: MainWindow,
    place: QPointF,
    qtbot: QtBot,
    modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    viewport = window.comparison.canvas.viewport()
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, modifier, on_canvas(window, place))


@contextmanager
def longest_pause(window: MainWindow) -> Iterator[list[float]]:
    """Yield a list that holds one number after the block: the seconds for which the event loop stood still at most."""
    pauses: list[float] = []
    last = time.perf_counter()

    def beat() -> None:
        nonlocal last
        now = time.perf_counter()
        pauses.append(now - last)
        last = now

    heart = QTimer(window, interval=5)
    heart.timeout.connect(beat)
    heart.start()
    longest: list[float] = []
    yield longest
    heart.stop()
    beat()
    assert len(pauses) > 50
    longest.append(max(pauses))
