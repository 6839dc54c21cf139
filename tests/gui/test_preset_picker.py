"""The list of presets: its search, its keys, and what it chooses."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from seedlab.gui.main_window import MainWindow
from seedlab.gui.preset_picker import PresetPicker
from seedlab.libraries.presets import GROUPS, PRESETS, group_title
from tests.gui.acting import press_keys

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def picker(quick_window: MainWindow, qtbot: QtBot) -> PresetPicker:
    press_keys(quick_window, qtbot, Qt.Key.Key_P, CTRL)
    found = quick_window.findChild(PresetPicker)
    assert isinstance(found, PresetPicker)
    return found


def shown(picker: PresetPicker) -> list[str]:
    items = [picker.list.item(row) for row in range(picker.list.count())]
    return [item.text().strip() for item in items if not item.isHidden()]


def test_all_presets_stand_in_their_groups(picker: PresetPicker) -> None:
    expected: list[str] = []
    for group, presets in GROUPS.items():
        expected += [group_title(group), *(preset.title for preset in presets.values())]
    assert shown(picker) == expected
    assert not picker.nothing.isVisible()


def test_words_find_presets_by_name_question_answer_or_library(picker: PresetPicker, qtbot: QtBot) -> None:
    qtbot.keyClicks(picker.search, "dropout seed=1")
    assert shown(picker) == ["Today", PRESETS["keras-dropout-seed"].title]
    assert picker.about.text() == "Keras · keras-dropout-seed"
    picker.search.clear()
    qtbot.keyClicks(picker.search, "no such preset")
    assert shown(picker) == []
    assert picker.nothing.isVisible()
    assert not picker.list.isVisible()
    qtbot.keyClick(picker.search, Qt.Key.Key_Return)
    assert picker.isVisible()


def test_enter_takes_what_the_arrows_reach(quick_window: MainWindow, picker: PresetPicker, qtbot: QtBot) -> None:
    qtbot.keyClicks(picker.search, "hash order")
    qtbot.keyClick(picker.search, Qt.Key.Key_Return)
    assert quick_window.session.experiment == PRESETS["hash-seed-too-late"].experiment
    assert quick_window.comparison.title_label.text() == PRESETS["hash-seed-too-late"].title
    qtbot.waitUntil(lambda: quick_window.findChild(PresetPicker) is None)


def test_arrows_move_from_the_line_and_escape_changes_nothing(
    quick_window: MainWindow, picker: PresetPicker, qtbot: QtBot
) -> None:
    before = quick_window.session.experiment
    qtbot.keyClicks(picker.search, "generator")
    first = picker.list.currentRow()
    qtbot.keyClick(picker.search, Qt.Key.Key_Down)
    assert picker.list.currentRow() > first
    qtbot.keyClick(picker, Qt.Key.Key_Escape)
    assert quick_window.session.experiment == before
