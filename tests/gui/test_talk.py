"""Giving a talk in the window, with the keys of a presenter's remote."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, QRect, Qt, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from seedlab.documents.files import read_lab
from seedlab.gui import file_dialogs
from seedlab.gui.analysis_thread import Request
from seedlab.gui.main_window import MainWindow
from seedlab.gui.presenter_window import elapsed_text
from seedlab.gui.scene_strip import PICTURE
from seedlab.gui.talk_controls import SceneDialog
from seedlab.session.arrangement import Arrangement
from seedlab.study.lab import Lab, Scene, View
from tests.conftest import SCREENS
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
    qtbot.waitUntil(lambda: bool(quick_window.session.talk.scenes))
    (scene,) = quick_window.session.talk.scenes
    assert (scene.title, scene.notes, len(scene.columns)) == ("All three", "Ask first.", 3)
    qtbot.waitUntil(lambda: quick_window.comparison.title_label.text() == "All three")
    assert quick_window.windowTitle() == "not saved*"
    quick_window.documents._write_document(tmp_path / "talk.seedlab", lambda: None)
    qtbot.waitUntil(lambda: quick_window.windowTitle() == "talk.seedlab")
    assert read_lab(tmp_path / "talk.seedlab").scenes[0].columns == scene.columns
    answer(quick_window, SceneDialog.reject)
    quick_window.commands["change_scene"].trigger()
    qtbot.waitUntil(lambda: not quick_window.findChildren(SceneDialog))
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


# Two screens.


def on_screens(window: MainWindow) -> tuple[str, str | None]:
    """The names of the screens of the window and of the notes; None without notes."""
    notes = window.presenting.notes
    is_shown = notes is not None and window.presenting.has_notes
    return window.screen().name(), notes.screen().name() if is_shown and notes is not None else None


def test_the_room_sees_the_second_screen_and_the_presenter_the_notes(talk: MainWindow, qtbot: QtBot) -> None:
    before = talk.geometry()
    talk.present(is_on=True)
    qtbot.waitUntil(lambda: talk.size() == talk.screen().size() and is_drawn(talk), timeout=RUN_TIMEOUT_MS)
    assert on_screens(talk) == ("room", "own")
    notes = talk.presenting.notes
    assert notes is not None
    assert notes.size() == notes.screen().size()
    assert notes.place.text() == "before the first of 3 scenes"
    assert notes.next_title.text() == "Where did it go?"
    assert notes.prepared.text() == "It is shown with the runs that it has."
    qtbot.keyClick(notes, Qt.Key.Key_PageDown)
    talk.session.talk.change(0, notes="Ask first.\nThen wait.")
    assert (notes.place.text(), notes.title.text()) == ("scene 1 of 3", "Where did it go?")
    assert notes.notes.text() == "Ask first.\nThen wait."
    assert notes.press.text() == "The next press shows the next scene."
    assert (notes.next_title.text(), notes.next_way.text()) == ("Guess", "Its values are covered first.")
    qtbot.waitUntil(lambda: talk.scene_pictures.picture(talk.session.talk.scenes[1]) is not None)
    qtbot.keyClick(notes, Qt.Key.Key_PageDown)
    assert notes.press.text() == "The next press uncovers run 1 of 3."
    for _ in range(2):
        qtbot.keyClick(notes, Qt.Key.Key_PageDown)
    assert notes.press.text() == "The next press uncovers the last run, and what it shows."
    qtbot.keyClick(notes, Qt.Key.Key_End)
    assert (notes.press.text(), notes.next_title.text()) == ("This is the last scene.", "Nothing follows.")
    talk.commands["swap_screens"].trigger()
    assert on_screens(talk) == ("own", "room")
    talk.commands["swap_screens"].trigger()
    qtbot.waitUntil(lambda: on_screens(talk) == ("room", "own"))
    qtbot.keyClick(notes, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: on_screens(talk) == ("own", None) and talk.geometry() == before)
    assert not talk.commands["swap_screens"].isEnabled()


def test_without_a_talk_notes_stay_away(quick_window: MainWindow) -> None:
    quick_window.present(is_on=True)
    assert on_screens(quick_window) == ("own", None)
    quick_window.session.talk.take("now", is_covered=False)
    assert on_screens(quick_window) == ("room", "own"), "there is a talk now"
    quick_window.session.talk.remove(0)
    assert on_screens(quick_window)[1] is None
    quick_window.present(is_on=False)
    quick_window.documents.document.let_go()


def test_closing_the_notes_ends_the_talk_and_not_the_program(talk: MainWindow) -> None:
    talk.present(is_on=True)
    assert talk.presenting.notes is not None
    talk.presenting.notes.close()
    assert not talk.stage.is_on
    assert talk.isVisible()
    assert on_screens(talk)[1] is None


def test_mirrored_screens_have_no_notes(tmp_path: Path) -> None:
    config = json.loads(SCREENS.read_text())
    config["screens"][1]["y"] = 0
    mirrored = tmp_path / "mirrored.json"
    mirrored.write_text(json.dumps(config))
    program = (
        "from PySide6.QtGui import QGuiApplication\n"
        "from seedlab.gui.presenting import distinct_screens\n"
        "application = QGuiApplication([])\n"
        "print(len(application.screens()), [screen.name() for screen in distinct_screens()])\n"
    )
    environment = {**os.environ, "QT_QPA_PLATFORM": f"offscreen:configfile={mirrored}"}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "2 ['own']\n"


def test_the_time_is_counted_and_may_begin_again(talk: MainWindow) -> None:
    talk.present(is_on=True)
    notes = talk.presenting.notes
    assert notes is not None
    assert notes.elapsed.text() == "0:00"
    assert [elapsed_text(seconds) for seconds in (0, 59, 61, 3599, 3600, 36_061)] == [
        "0:00",
        "0:59",
        "1:01",
        "59:59",
        "1:00:00",
        "10:01:01",
    ]
    notes.elapsed.setText("5:00")
    notes.restart_button.click()
    assert notes.elapsed.text() == "0:00"
    talk.present(is_on=False)


# The strip.


def titles(window: MainWindow) -> list[str]:
    return [scene.title for scene in window.session.talk.scenes]


def test_the_strip_shows_the_scenes_and_chooses_one(talk: MainWindow, qtbot: QtBot) -> None:
    strip = talk.strip
    assert strip.isVisible()
    assert [strip.item(at).text() for at in range(strip.count())] == titles(talk)
    qtbot.waitUntil(lambda: all(talk.scene_pictures.picture(scene) is not None for scene in talk.session.talk.scenes))
    place = strip.visualItemRect(strip.item(2)).center()
    qtbot.mouseClick(strip.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert strip.shown == talk.session.talk.at == 2
    strip.setFocus()
    qtbot.keyClick(strip, Qt.Key.Key_Left)
    assert talk.session.talk.at == 1
    talk.set_theme("dark")
    talk.set_theme("light")
    pictures = [talk.strip.item(at).data(PICTURE) for at in range(3)]
    assert [picture.pixelColor(2, 2).name() for picture in pictures] == ["#ffffff"] * 3
    # Qt shows what was built anew only in the next turn.
    qtbot.waitUntil(talk.strip.isVisible)
    talk.commands["strip"].trigger()
    assert not talk.strip.isVisible()
    talk.commands["strip"].trigger()
    assert talk.strip.isVisible()
    talk.present(is_on=True)
    assert not talk.strip.isVisible()
    talk.present(is_on=False)


def test_scenes_are_reordered_renamed_and_removed_in_the_strip_and_that_can_be_undone(
    talk: MainWindow, qtbot: QtBot
) -> None:
    strip = talk.strip
    strip.setFocus()
    talk.session.talk.show(0)
    qtbot.keyClick(strip, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert titles(talk) == ["Guess", "Where did it go?", "Thank you"]
    assert talk.session.talk.at == 1
    # What Qt does where a scene is dropped.
    strip.model().moveRow(strip.rootIndex(), 2, strip.rootIndex(), 0)
    assert titles(talk) == ["Thank you", "Guess", "Where did it go?"]
    assert [strip.item(at).text() for at in range(3)] == titles(talk)
    qtbot.keyClick(strip, Qt.Key.Key_F2)
    editor = strip.findChild(QLineEdit)
    assert editor is not None
    editor.setText("Where  to?")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: titles(talk)[2] == "Where to?")
    assert talk.comparison.title_label.text() == "Where to?" or talk._redraw.isActive()
    strip.setFocus()
    qtbot.keyClick(strip, Qt.Key.Key_Delete)
    assert titles(talk) == ["Thank you", "Guess"]
    for _ in range(4):
        talk.commands["undo"].trigger()
    assert titles(talk) == ["Where did it go?", "Guess", "Thank you"]
    assert talk.session.talk.at == 0


def test_the_way_a_scene_is_shown_is_chosen_in_the_strip(talk: MainWindow) -> None:
    talk.strip.covered_asked.emit(0, True)
    talk.strip.fresh_asked.emit(2, True)
    scenes = talk.session.talk.scenes
    assert [(scene.is_covered, scene.is_fresh) for scene in scenes] == [(True, False), (True, False), (False, True)]
    assert "Its values are covered first." in talk.strip.item(0).toolTip()
    assert "It is run anew when it is shown." in talk.strip.item(2).toolTip()


def test_a_scene_is_taken_again(talk: MainWindow) -> None:
    talk.session.talk.show(0)
    talk.session.arrange(Arrangement.of_columns(three_placements()))
    talk.session.set_look("map")
    talk.commands["take_again"].trigger()
    scene = talk.session.talk.scenes[0]
    assert (scene.title, len(scene.columns), scene.view.look) == ("Where did it go?", 3, "map")


def test_a_scene_is_shown_from_its_top_with_letters_of_its_own(talk: MainWindow, qtbot: QtBot) -> None:
    long = replace(placement_column("after-graph"), name="long")
    talk.session.talk.change(0, columns=(long, *three_placements()))
    talk.resize(900, 420)
    press(talk, qtbot, Qt.Key.Key_Home)
    bar = talk.comparison.canvas.verticalScrollBar()
    assert bar.maximum() > 0
    bar.setValue(bar.maximum())
    press(talk, qtbot, Qt.Key.Key_End)
    press(talk, qtbot, Qt.Key.Key_Home)
    assert bar.value() == 0
    analysis = talk._analysis.known(Request(talk.session.arrangement.columns))
    assert analysis is not None
    first = talk.session.arrangement.lanes[0].column.runs[0].draws[0]
    assert analysis.fingerprints.of(first).letter == "A"


@pytest.mark.parametrize("size", [(800, 600), (1280, 720), (1920, 1080)])
def test_no_text_of_the_notes_is_cut(talk: MainWindow, size: tuple[int, int]) -> None:
    long = "A title that says all that is to be seen here, and then some more of it. " * 2
    talk.session.talk.change(0, title=long, notes="Say this first.\n" * 60)
    talk.session.talk.change(1, title=long, is_fresh=True)
    talk.present(is_on=True)
    talk.session.talk.show(0)
    notes = talk.presenting.notes
    assert notes is not None
    notes.showNormal()
    notes.resize(*size)
    QApplication.processEvents()
    seen = [label for label in notes.findChildren(QLabel) if label.isVisible() and label.text()]
    cut = [
        label.objectName()
        for label in seen
        if label.sizeHint().width() > label.width() + 1
        and (not label.wordWrap() or label.heightForWidth(label.width()) > label.height() + 1)
    ]
    assert cut == []
    assert notes.grab().toImage().width() == size[0]
    areas = {label: QRect(label.mapTo(notes, QPoint(0, 0)), label.size()) for label in seen if label is not notes.notes}
    assert [(a.objectName(), b.objectName()) for a, b in combinations(seen, 2) if _meet(areas, a, b)] == []
    talk.present(is_on=False)


def _meet(areas: dict[QLabel, QRect], one: QLabel, other: QLabel) -> bool:
    return one in areas and other in areas and areas[one].intersects(areas[other])


# What went wrong once.


def test_the_window_returns_to_its_place_after_a_talk(talk: MainWindow, qtbot: QtBot) -> None:
    before = talk.geometry()
    scenes = talk.session.talk.scenes
    talk.session.talk.open((), None)
    # Without a talk it fills its own screen; then there is one, as if a projector had been plugged in.
    talk.present(is_on=True)
    qtbot.waitUntil(lambda: on_screens(talk) == ("own", None))
    talk.session.talk.open(scenes, 0)
    qtbot.waitUntil(lambda: on_screens(talk) == ("room", "own"))
    talk.present(is_on=False)
    qtbot.waitUntil(lambda: on_screens(talk) == ("own", None) and talk.geometry() == before)


def test_what_was_answered_belongs_to_the_scene_that_was_asked_about(talk: MainWindow, qtbot: QtBot) -> None:
    talk.session.talk.show(2)
    talk.session.talk.move(2, 0)
    talk.commands["change_scene"].trigger()
    (dialog,) = talk.findChildren(SceneDialog)
    talk.session.undo()
    dialog._title.setText("Good bye")
    dialog.accept()
    assert titles(talk) == ["Where did it go?", "Guess", "Good bye"]
    talk.commands["change_scene"].trigger()
    (dialog,) = [each for each in talk.findChildren(SceneDialog) if each.isVisible()]
    talk.session.talk.remove(2)
    dialog.accept()
    assert titles(talk) == ["Where did it go?", "Guess"]
    qtbot.waitUntil(lambda: not talk.findChildren(SceneDialog))


def test_the_mark_of_guessing_follows_the_scenes(talk: MainWindow, qtbot: QtBot) -> None:
    talk.session.talk.show(1)
    qtbot.waitUntil(lambda: is_drawn(talk))
    assert talk.commands["guess"].isChecked()
    talk.commands["guess"].trigger()
    assert talk.session.uncovered is None
    talk.session.talk.show(2)
    assert not talk.commands["guess"].isChecked()


def test_the_presenter_is_told_that_the_room_sees_black(talk: MainWindow) -> None:
    talk.present(is_on=True)
    talk.session.talk.show(0)
    notes = talk.presenting.notes
    assert notes is not None
    talk.commands["blank"].trigger()
    assert notes.press.text() == "The room sees black. The next press brings the picture back."
    talk.commands["next_scene"].trigger()
    assert notes.press.text() == "The next press shows the next scene."
    talk.present(is_on=False)


def test_all_scenes_are_exported_from_the_window(
    talk: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_dialogs, "file_to_save", lambda *asked: f"{tmp_path / 'mine'}{asked[-1]}")
    talk.commands["export_talk"].trigger()
    qtbot.waitUntil(
        lambda: talk.status.progress_label.text() == "exported mine.pdf" or bool(talk.session.message),
        timeout=RUN_TIMEOUT_MS,
    )
    assert (tmp_path / "mine.pdf").read_bytes().startswith(b"%PDF")
    monkeypatch.setattr(file_dialogs, "file_to_save", lambda *_: str(tmp_path / "mine.csv"))
    talk.commands["export_talk"].trigger()
    assert "mine.csv cannot hold the scenes of a talk." in talk.comparison.message_label.text()


def test_a_scene_that_was_changed_has_a_star_in_the_strip(talk: MainWindow, qtbot: QtBot) -> None:
    talk.session.talk.show(0)
    assert not talk.strip.is_changed
    talk.session.arrange(talk.session.arrangement.duplicate())
    qtbot.waitUntil(lambda: talk.strip.is_changed)
    assert talk.comparison.title_label.text() != "Where did it go?" or talk._redraw.isActive()
    talk.strip.take_again_asked.emit()
    assert not talk.strip.is_changed
    assert len(talk.session.talk.scenes[0].columns) == 2


def test_after_the_stage_the_window_is_not_scrolled(talk: MainWindow, qtbot: QtBot) -> None:
    talk.session.talk.show(0)
    talk.resize(1280, 720)
    talk.present(is_on=True)
    qtbot.waitUntil(lambda: talk.size() == talk.screen().size() and is_drawn(talk), timeout=RUN_TIMEOUT_MS)
    talk.present(is_on=False)
    qtbot.waitUntil(lambda: talk.size().width() == 1280 and is_drawn(talk), timeout=RUN_TIMEOUT_MS)
    QApplication.processEvents()
    assert talk.comparison.canvas.verticalScrollBar().value() == 0


def test_a_strip_that_was_hidden_has_the_pictures_of_the_theme(talk: MainWindow, qtbot: QtBot) -> None:
    def drawn() -> bool:
        return all(talk.scene_pictures.picture(scene) is not None for scene in talk.session.talk.scenes)

    for theme in ("light", "dark", "light"):
        talk.set_theme(theme)
        qtbot.waitUntil(drawn, timeout=RUN_TIMEOUT_MS)
    talk.commands["strip"].trigger()
    talk.set_theme("dark")
    talk.commands["strip"].trigger()
    pictures = [talk.strip.item(at).data(PICTURE) for at in range(3)]
    assert "#ffffff" not in {picture.pixelColor(2, 2).name() for picture in pictures}


def test_a_window_that_is_closed_during_a_talk_stays_closed(talk: MainWindow) -> None:
    talk.present(is_on=True)
    assert talk.presenting.has_notes
    talk.documents.document.let_go()
    talk.close()
    talk.presenting.arrange()
    assert not talk.isVisible()
    assert talk.presenting.notes is None
    talk.stage.pointer.stop()
