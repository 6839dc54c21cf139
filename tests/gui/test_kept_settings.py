"""What is found again at the next start, and what is not."""

import json
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from seedlab.gui.main_window import MainWindow
from seedlab.libraries.presets import PRESETS
from seedlab.libraries.registry import FAMILIES
from seedlab.session import settings as saved
from seedlab.session.arrangement import MAX_COLUMNS
from seedlab.session.settings import ExportChoices, SavedColumn, Settings
from tests.gui.acting import click, press_keys, run_to_end
from tests.gui.conftest import THIS_PYTHON, quick_settings
from tests.gui.test_main_window import MakeWindow

CTRL = Qt.KeyboardModifier.ControlModifier
NUMPY = FAMILIES["numpy"].default


def test_the_next_start_finds_choices_looks_and_sizes_but_no_results(
    make_window: MakeWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "folder" / "settings.json"
    first = make_window(settings=quick_settings(), settings_path=path, answer=THIS_PYTHON, size=(1111, 777))
    press_keys(first, qtbot, Qt.Key.Key_D, CTRL)
    click(first.panel.experiment_form.timeline.slot("none"), qtbot)
    first.comparison.columns_bar.rename_asked.emit(1, "mine")
    first.panel.run_controls.runs_box.setValue(5)
    first.panel.engine_form.timeout_box.setValue(9)
    press_keys(first, qtbot, Qt.Key.Key_T, CTRL)
    press_keys(first, qtbot, Qt.Key.Key_Plus, CTRL)
    press_keys(first, qtbot, Qt.Key.Key_V)
    press_keys(first, qtbot, Qt.Key.Key_G)
    run_to_end(first, qtbot)
    before = first.session.arrangement
    # Nobody is asked about results in a test.
    first.documents.document.let_go()
    first.close()
    found, problem = saved.load(path)
    assert problem == ""
    assert set(json.loads(path.read_text(encoding="utf-8"))["columns"][1]) == {"experiment", "title"}
    second = make_window(settings=found, settings_path=path, answer=THIS_PYTHON, size=(found.width, found.height))
    assert (second.width(), second.height()) == (1111, 777)
    assert second.session.arrangement.names == before.names == ("again, half way", "mine")
    assert [lane.chosen for lane in second.session.arrangement.lanes] == [lane.chosen for lane in before.lanes]
    assert second.session.arrangement.current == 1
    assert all(lane.column.runs == () for lane in second.session.arrangement.lanes)
    assert (second.theme.name, second.theme.zoom) == ("dark", 1.25)
    assert (second.session.settings.runs, second.session.settings.timeout_s) == (5, 9.0)
    assert second.commands["guess"].isChecked()
    assert second.session.settings.look == "values"


def test_the_very_first_start_shows_the_articles_experiment(make_window: MakeWindow, tmp_path: Path) -> None:
    found, problem = saved.load(tmp_path / "nowhere.json")
    assert (found, problem) == (Settings(), "")
    window = make_window(settings=found, answer=THIS_PYTHON)
    assert window.session.arrangement.lane.chosen == PRESETS["before-graph"].experiment


def test_a_window_without_a_file_saves_nowhere(quick_window: MainWindow, tmp_path: Path) -> None:
    quick_window.close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe\x00",
        b"[]",
        b'{"width": "wide"}',
        b'{"columns": [{"experiment": {"library": "nothing", "placement": "none"}}]}',
        b'{"columns": [{"experiment": {"library": "numpy", "placement": "nowhere"}}]}',
        b'{"columns": [{"experiment": {"library": "numpy", "placement": "again", "graph_seed": -1}}]}',
    ],
)
def test_a_broken_file_is_set_aside_and_said(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(content)
    found, problem = saved.load(path)
    assert found == Settings()
    assert "could not be read" in problem
    aside = tmp_path / "settings.broken.json"
    assert str(aside) in problem
    assert aside.read_bytes() == content
    assert not path.exists()
    assert saved.load(path) == (Settings(), ""), "the next start is undisturbed"


def test_columns_of_other_versions_are_restored_with_the_choices_that_there_are(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text(
        '{"columns": [{"experiment": {"library": "numpy", "placement": "once", "sessions": 1},'
        ' "title": "mine"}],'
        ' "recent": ["a.seedlab"], "start": "somehow"}',
        encoding="utf-8",
    )
    found, problem = saved.load(path)
    assert (problem, found.recent, found.start) == ("", ("a.seedlab",), "auto")
    arrangement = found.arrangement()
    assert arrangement is not None
    assert arrangement.lane.chosen == NUMPY.choose(placement="once")
    assert arrangement.names == ("mine",)


def test_limits_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    wild = Settings(
        columns=(SavedColumn.of(NUMPY),) * (MAX_COLUMNS + 5),
        current=99,
        runs=0,
        jobs=10**6,
        timeout_s=-1.0,
        zoom=17.0,
        width=3,
        export=saved.ExportChoices(width=10**12, height=-5, scale=99.0, form=".docx", size="huge", paper="blue"),
        height=10**6,
        recent=("a",) * 50,
    )
    path.write_bytes(msgspec.json.encode(wild))
    found, problem = saved.load(path)
    assert problem == ""
    assert len(found.columns) == MAX_COLUMNS
    assert (found.runs, found.jobs, found.timeout_s) == (1, saved.MAX_JOBS, Settings().timeout_s)
    assert (found.zoom, found.width, found.height, len(found.recent)) == (1.0, 800, 5000, saved.MAX_RECENT)
    assert (found.export.width, found.export.height, found.export.scale) == (8000, 200, 4.0)
    arrangement = found.arrangement()
    assert arrangement is not None
    assert arrangement.current == MAX_COLUMNS - 1


def test_settings_come_back_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    kept = Settings(columns=(SavedColumn.of(NUMPY, "mine"),), look="map", theme="dark", zoom=1.5, guess=True, runs=9)
    saved.save(path, kept)
    assert saved.load(path) == (kept, "")
    assert json.loads(path.read_text(encoding="utf-8"))["version"] == 1


def test_where_nothing_can_be_written_the_window_closes_all_the_same(make_window: MakeWindow, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    window = make_window(
        settings=quick_settings(), settings_path=tmp_path / "file" / "settings.json", answer=THIS_PYTHON
    )
    window.close()
    assert not window.isVisible()


def test_on_stage_the_size_of_the_window_is_not_forgotten(
    make_window: MakeWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "settings.json"
    window = make_window(settings=quick_settings(), settings_path=path, answer=THIS_PYTHON, size=(1000, 700))
    press_keys(window, qtbot, Qt.Key.Key_F5)
    window.close()
    found, _ = saved.load(path)
    assert (found.width, found.height) == (1000, 700), "the window, not the stage"


def test_a_path_that_utf_8_cannot_hold_is_no_reason_to_lose_the_settings(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    odd = ExportChoices(folder="/odd\udcff", form=".svg")
    saved.save(path, Settings(recent=("/odd\udcff.seedlab", "/plain.seedlab"), zoom=1.25, export=odd))
    found, problem = saved.load(path)
    assert problem == ""
    assert (found.recent, found.zoom, found.export) == (("/plain.seedlab",), 1.25, ExportChoices(form=".svg"))


def test_of_two_windows_each_saves_what_was_changed_in_it(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    before = Settings(runs=3)
    saved.save(path, before)
    saved.save(path, replace(before, language="fr", zoom=1.25), before)
    saved.save(path, replace(before, runs=7), before)
    assert saved.load(path) == (replace(before, language="fr", zoom=1.25, runs=7), "")
