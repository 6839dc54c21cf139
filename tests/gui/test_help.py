"""Help in the window: found by F1 and by words, true of the program, and written once for the README as well."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QImage, QTextDocument
from pytestqt.qtbot import QtBot

from seedlab.analysis.analyst import analyse
from seedlab.documents.embedding import extract
from seedlab.documents.reading import from_json
from seedlab.figure import theme as themes
from seedlab.gui.help_window import HelpWindow
from seedlab.gui.main_window import MainWindow
from seedlab.libraries.presets import PRESETS
from seedlab.libraries.registry import FAMILIES, script_of
from seedlab.messages.headlines import headline_text
from seedlab.messages.help import KEYS, keys_table, pages
from seedlab.resource_files import ANSWERS, resource
from seedlab.results.run import Outcome
from tests.gui.acting import press_keys

README = Path(__file__).parents[2] / "README.md"


def opened(window: MainWindow, qtbot: QtBot) -> HelpWindow:
    window.comparison.canvas.setFocus()
    press_keys(window, qtbot, Qt.Key.Key_F1)
    (found,) = window.findChildren(HelpWindow)
    qtbot.waitUntil(found.isActiveWindow)
    return found


def titles(found: HelpWindow) -> list[str]:
    items = [found.list.item(row) for row in range(found.list.count())]
    return [item.text() for item in items if not item.isHidden() and item.flags() & Qt.ItemFlag.ItemIsSelectable]


def test_f1_shows_every_key_first(quick_window: MainWindow, qtbot: QtBot) -> None:
    found = opened(quick_window, qtbot)
    assert found.shown is not None
    assert found.shown.title == "Keys"
    text = found.page.toPlainText()
    with_keys = [action for action in quick_window.commands.all if action.shortcuts()]
    assert len(with_keys) > 20
    for action in with_keys:
        assert action.text() in text
        for shortcut in action.shortcuts():
            assert shortcut.toString() in text
    qtbot.keyClick(found, Qt.Key.Key_Escape)
    assert not found.isVisible()


def test_f1_again_opens_no_second_one(quick_window: MainWindow, qtbot: QtBot) -> None:
    found = opened(quick_window, qtbot)
    quick_window.help()
    assert [each for each in quick_window.findChildren(HelpWindow) if each.isVisible()] == [found]
    found.close()


def test_keys_are_those_of_the_commands_and_the_readme_has_the_same_table(quick_window: MainWindow) -> None:
    assert keys_table() in README.read_text(encoding="utf-8")
    keys = {key.toString() for action in quick_window.commands.all for key in action.shortcuts()}
    for named, _ in KEYS:
        for each in named.replace("`", "").replace("G, then Space", "G, Space").split(", "):
            if not each.startswith("or a double press on a "):
                assert each in keys, f"no command has {each}"


def test_it_is_searched(quick_window: MainWindow, qtbot: QtBot) -> None:
    found = opened(quick_window, qtbot)
    assert found.search.hasFocus()
    qtbot.keyClicks(found.search, "why still change")
    assert found.shown is not None
    assert found.shown.title == "Why do my numbers still change?"
    found.search.clear()
    qtbot.keyClicks(found.search, "shuffle epoch")
    assert titles(found)
    qtbot.keyClick(found.search, Qt.Key.Key_Down)
    assert found.list.currentRow() > 0
    found.search.clear()
    qtbot.keyClicks(found.search, "xyzzy")
    assert (titles(found), found.page.toPlainText()) == ([], "")
    assert found.nothing.isVisible()
    found.close()


def test_a_preset_is_opened_from_its_page(quick_window: MainWindow, qtbot: QtBot) -> None:
    found = opened(quick_window, qtbot)
    preset = PRESETS["keras-tensorflow-seed"]
    found.search.setText(preset.title)
    text = found.page.toPlainText()
    assert preset.answer in text
    cursor = found.page.document().find("Open it")
    assert not cursor.isNull()
    cursor.setPosition(cursor.selectionStart() + 2)
    place = found.page.cursorRect(cursor).center()
    qtbot.mouseClick(found.page.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert quick_window.session.experiment == preset.experiment
    found.close()


@pytest.mark.parametrize("name", PRESETS)
def test_each_answer_is_what_the_runs_in_its_picture_show(name: str) -> None:
    document = extract(resource(f"{ANSWERS}/{name}-light.png").read_bytes(), name)
    (column,) = from_json(document, name).columns
    preset = PRESETS[name]
    assert column.experiment == preset.experiment
    assert column.script == script_of(preset.experiment).text, "the picture has to be made again"
    assert sum(run.outcome is Outcome.FINISHED for run in column.runs) >= 3
    headline = analyse([column]).columns[0].summary.headline
    assert headline_text(headline).subtitle.startswith(preset.answer)
    light, dark = (QImage.fromData(resource(f"{ANSWERS}/{name}-{paper}.png").read_bytes()) for paper in themes.THEMES)
    assert light.width() >= 600
    assert light.size() == dark.size()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_preset_is_shown_with_its_picture(quick_window: MainWindow, qtbot: QtBot, theme: str) -> None:
    quick_window.set_theme(theme)
    found = opened(quick_window, qtbot)
    found.search.setText(PRESETS["after-graph"].title)
    cursor = found.page.document().find("\ufffc")
    assert not cursor.isNull()
    name = cursor.charFormat().toImageFormat().name()
    image = found.page.document().resource(QTextDocument.ResourceType.ImageResource.value, QUrl(name))
    assert isinstance(image, QImage)
    assert image.deviceIndependentSize().width() <= found.page.viewport().width()
    assert image.pixelColor(2, 2).name() == quick_window.theme.window.lower()
    found.close()


def test_the_picture_follows_the_width_of_the_window(quick_window: MainWindow, qtbot: QtBot) -> None:
    found = opened(quick_window, qtbot)
    found.search.setText(PRESETS["after-graph"].title)
    for width in (760, 620, 700):
        found.resize(width, 500)
        qtbot.waitUntil(lambda: found.page.horizontalScrollBar().maximum() == 0)
    assert PRESETS["after-graph"].title in found.page.toPlainText()
    found.close()


@pytest.mark.parametrize("name", PRESETS)
def test_each_preset_has_a_page(name: str) -> None:
    found = [page for page in pages([]) if page.title == PRESETS[name].title]
    assert any(PRESETS[name].answer in page.body for page in found)


@pytest.mark.parametrize("name", FAMILIES)
def test_each_library_says_what_each_placement_means(name: str) -> None:
    family = FAMILIES[name]
    (page,) = [page for page in pages([]) if page.group == "Where the seed is set" and page.title == family.title]
    for placement in family.timeline.placements:
        assert placement.about
        assert placement.about in page.body
