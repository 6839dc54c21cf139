"""Giving a talk in the window, with the keys of a presenter's remote."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from seedlab.documents.files import read_lab
from seedlab.gui.main_window import MainWindow
from seedlab.gui.talk_controls import SceneDialog
from seedlab.session.arrangement import Arrangement
from seedlab.study.lab import Lab, Scene, View
from tests.gui.acting import is_drawn, press_keys, show_columns
from tests.gui.conftest import RUN_TIMEOUT_MS
from tests.helpers.comparisons import placement_column, three_placements

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def talk(quick_window: MainWindow, qtbot: QtBot) -> MainWindow:
    scenes = (
        Scene(title="Where did it go?", columns=(placement_column("before-graph"),)),
        Scene(title="Guess", columns=tuple(three_placements()), view=View("values", 1), is_covered=True),
        Scene(title="Thank you", columns=(placement_column("after-op"),), view=View("map")),
    )
    lab = Lab(columns=(placement_column("after-graph"),), created=quick_window.session.created, scenes=scenes)
    quick_window.session.show_lab(lab)
    quick_window.documents.document.let_go()
    quick_window.comparison.canvas.setFocus()
    qtbot.waitUntil(lambda: is_drawn(quick_window), timeout=RUN_TIMEOUT_MS)
    return quick_window


def shown(window: MainWindow) -> tuple[str, int, int | None]:
    session = window.session
    return window.comparison.title_label.text(), len(session.arrangement.lanes), session.uncovered


def press(window: MainWindow, qtbot: QtBot, key: Qt.Key) -> tuple[str, int, int | None]:
    press_keys(window, qtbot, key)
    qtbot.waitUntil(lambda: is_drawn(window), timeout=RUN_TIMEOUT_MS)
    return shown(window)


@pytest.mark.parametrize("is_on", [False, True])
def test_the_keys_of_a_remote_give_a_talk(talk: MainWindow, qtbot: QtBot, is_on: bool) -> None:
    if is_on:
        talk.present(is_on=True)
        qtbot.waitUntil(lambda: talk.size() == talk.screen().size() and is_drawn(talk), timeout=RUN_TIMEOUT_MS)
    seen = [press(talk, qtbot, Qt.Key.Key_PageDown) for _ in range(6)]
    assert seen == [
        ("Where did it go?", 1, None),
        ("Guess", 3, 0),
        ("Guess", 3, 1),
        ("Guess", 3, 2),
        ("Guess", 3, None),
        ("Thank you", 1, None),
    ]
    assert "op2 repeats, op1 does not." in talk.comparison.subtitle_label.text()
    assert talk.session.settings.look == "map"
    assert press(talk, qtbot, Qt.Key.Key_PageUp) == ("Guess", 3, 0)
    assert press(talk, qtbot, Qt.Key.Key_Home) == ("Where did it go?", 1, None)
    assert press(talk, qtbot, Qt.Key.Key_End) == ("Thank you", 1, None)
    assert not talk.documents.document.is_dirty, "giving a talk changes nothing in it"
    talk.present(is_on=False)


def test_the_period_blanks_the_screen_and_any_step_brings_it_back(talk: MainWindow, qtbot: QtBot) -> None:
    press(talk, qtbot, Qt.Key.Key_PageDown)
    press_keys(talk, qtbot, Qt.Key.Key_Period)
    assert is_blank(talk)
    image = talk.grab().toImage()
    assert {image.pixelColor(x, y).name() for x in (5, 400, 900) for y in (5, 300, 600)} == {"#000000"}
    assert press(talk, qtbot, Qt.Key.Key_PageDown) == ("Where did it go?", 1, None), "nothing was missed"
    assert not is_blank(talk)
    for _ in range(2):
        press_keys(talk, qtbot, Qt.Key.Key_Period)
    assert not is_blank(talk)


def is_blank(window: MainWindow) -> bool:
    return window.talk_controls.is_blank


def answer(window: MainWindow, act: Callable[[SceneDialog], object]) -> None:
    look = QTimer(window, interval=1)

    def done() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, SceneDialog):
            look.stop()
            act(dialog)

    look.timeout.connect(done)
    look.start()


def test_a_scene_is_taken_and_saved(quick_window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    show_columns(quick_window, three_placements(), qtbot)

    def fill(dialog: SceneDialog) -> None:
        assert dialog.answers["title"] == "op1 repeats only with: after graph.", "what is seen is offered"
        dialog._title.setText("All  three")
        dialog._notes.setPlainText("Ask first.\n")
        dialog.accept()

    answer(quick_window, fill)
    press_keys(quick_window, qtbot, Qt.Key.Key_N, CTRL, SHIFT)
    (scene,) = quick_window.session.talk.scenes
    assert (scene.title, scene.notes, len(scene.columns)) == ("All three", "Ask first.", 3)
    qtbot.waitUntil(lambda: quick_window.comparison.title_label.text() == "All three")
    assert quick_window.windowTitle() == "not saved*"
    quick_window.documents._write_document(tmp_path / "talk.seedlab", lambda: None)
    qtbot.waitUntil(lambda: quick_window.windowTitle() == "talk.seedlab")
    assert read_lab(tmp_path / "talk.seedlab").scenes[0].columns == scene.columns
    answer(quick_window, SceneDialog.reject)
    quick_window.commands["change_scene"].trigger()
    assert quick_window.session.talk.scenes == (scene,)
    quick_window.commands["remove_scene"].trigger()
    assert not quick_window.session.lab().scenes
    assert quick_window.windowTitle() == "talk.seedlab*"


def test_without_a_talk_its_keys_scroll(quick_window: MainWindow, qtbot: QtBot) -> None:
    session = quick_window.session
    session.arrange(Arrangement.of_columns([placement_column("after-op"), *three_placements()]))
    qtbot.waitUntil(lambda: is_drawn(quick_window))
    quick_window.comparison.canvas.setFocus()
    bar = quick_window.comparison.canvas.verticalScrollBar()
    assert bar.maximum() > 0
    press_keys(quick_window, qtbot, Qt.Key.Key_PageDown)
    assert bar.value() > 0
    assert not quick_window.commands["next_scene"].isEnabled()
