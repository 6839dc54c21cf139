"""Pythons in the window: found, listed, chosen for one column, and found again at the next start."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from seedlab.gui.boxes import ChoiceBox
from seedlab.gui.main_window import MainWindow
from seedlab.libraries.presets import PRESETS
from seedlab.session import settings as saved
from seedlab.session.arrangement import Arrangement
from tests.gui.acting import figure_of, is_drawn, press_keys, run_to_end
from tests.gui.conftest import RUN_TIMEOUT_MS, THIS_PYTHON, quick_settings


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tf1_python: str, bare_python: str) -> Path:
    """A home folder, in which nothing lies, and variables that lead to two Pythons and to what is none."""
    home = tmp_path / "home"
    broken = home / ".virtualenvs/broken/bin/python3"
    broken.parent.mkdir(parents=True)
    broken.write_text("#!/bin/sh\nexit 3\n")
    broken.chmod(0o755)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("PATH", str(Path(bare_python).parent))
    monkeypatch.setenv("WORKON_HOME", str(Path(tf1_python).parents[2]))
    for name in ("VIRTUAL_ENV", "CONDA_PREFIX", "PYENV_ROOT", "MAMBA_ROOT_PREFIX"):
        monkeypatch.delenv(name, raising=False)
    return home


def box_of(window: MainWindow) -> ChoiceBox:
    return window.panel.engine_form.interpreter_box


def texts(window: MainWindow) -> list[str]:
    return [box_of(window).itemText(n) for n in range(box_of(window).count())]


def choose(window: MainWindow, text: str) -> None:
    """Choose as a person does who has opened the list."""
    number = next(n for n, each in enumerate(texts(window)) if each.startswith(text))
    box_of(window).setCurrentIndex(number)
    box_of(window).activated.emit(number)


def test_version_stands_beside_version(
    make_window: Callable[..., MainWindow], qtbot: QtBot, tmp_path: Path, places: Path
) -> None:
    assert places.is_dir()
    kept = tmp_path / "settings.json"
    window = make_window(settings=quick_settings(), answer=THIS_PYTHON, settings_path=kept)
    session = window.session
    session.arrange(Arrangement.of([PRESETS["before-graph"].experiment] * 2))
    qtbot.waitUntil(lambda: is_drawn(window))
    box_of(window).setFocus()
    qtbot.waitUntil(lambda: any(text.startswith("TF 1.15.5") for text in texts(window)), timeout=RUN_TIMEOUT_MS)
    assert not any("broken" in text for text in texts(window))
    told = {text: box_of(window).itemData(n, Qt.ItemDataRole.ToolTipRole) for n, text in enumerate(texts(window))}
    about = next(tip for text, tip in told.items() if text.startswith("TF 1.15.5"))
    assert about.splitlines()[1].startswith("Python 3.7.16 · TensorFlow 1.15.5 · NumPy")
    assert about.splitlines()[-1] == "It can fork."
    session.select(1)
    choose(window, "TF 1.15.5")
    assert [lane.interpreter is None for lane in session.arrangement.lanes] == [True, False]
    assert box_of(window).currentText().startswith("TF 1.15.5")
    session.select(0)
    assert box_of(window).currentText().startswith("TF 2."), "each column has its own"
    assert any(text.startswith("TF 1.15.5") for text in texts(window)), "the other one has vanished"
    run_to_end(window, qtbot, window.run_all)
    first, second = (lane.column for lane in session.arrangement.lanes)
    assert first.interpreter is not None
    assert second.interpreter is not None
    assert (first.interpreter.version("tensorflow")[:2], second.interpreter.version("tensorflow")) == ("2.", "1.15.5")
    assert all(name.startswith("TensorFlow ") and " · Python 3" in name for name in session.arrangement.names)
    # Both repeat op2, with the numbers that the article printed.
    assert {figure_of(window).cell("op2-1", column).verdict_text for column in range(2)} == {"=  repeats"}
    window.close()
    later = make_window(settings=saved.load(kept)[0], answer=THIS_PYTHON)
    assert any(text.startswith("TF 1.15.5") for text in texts(later)), "it is found again at the next start"


def test_a_column_says_what_its_python_lacks_and_the_others_run(
    make_window: Callable[..., MainWindow], qtbot: QtBot, places: Path
) -> None:
    assert places.is_dir()
    window = make_window(settings=quick_settings(), answer=THIS_PYTHON)
    window.session.arrange(Arrangement.of([PRESETS["before-graph"].experiment] * 2))
    window.session.select(1)
    box_of(window).setFocus()
    qtbot.waitUntil(lambda: any("no TensorFlow" in text for text in texts(window)), timeout=RUN_TIMEOUT_MS)
    choose(window, "no TensorFlow")
    run_to_end(window, qtbot, window.run_all)
    assert [len(lane.column.runs) for lane in window.session.arrangement.lanes] == [3, 0]
    assert "has no tensorflow" in figure_of(window).notes_text(1)
    press_keys(window, qtbot, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.session.arrangement.lanes[1].interpreter is None
