"""A Python on another host in the window: named, asked, and sent a script's folder after a question. A real sshd."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from seedlab.documents.programs import column_of_script
from seedlab.engine.clusters import Cluster
from seedlab.gui.effects_dialog import SendDialog
from seedlab.gui.engine_form import HostDialog
from seedlab.gui.main_window import MainWindow
from seedlab.results.run import Outcome
from seedlab.session.settings import Settings
from seedlab.study.lab import Lab, now
from tests.gui.conftest import THIS_PYTHON, quick_settings
from tests.helpers.cluster import dask_cluster
from tests.helpers.ssh_server import SshServer, ssh_server

LIMIT_MS = 60_000
SCRIPT = "import random\nfrom tools import scaled\n\nrandom.seed(42)\nprint('x:', scaled(random.random()))\n"


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SshServer]:
    with ssh_server(tmp_path) as server:
        monkeypatch.setenv("PATH", server.path)
        yield server


@pytest.fixture
def window(make_window: Callable[..., MainWindow], tmp_path: Path) -> MainWindow:
    """A window with a script of one's own, and a module beside it."""
    window = make_window(settings=Settings(runs=2), answer=THIS_PYTHON)
    work = tmp_path / "work"
    work.mkdir()
    (work / "train.py").write_text(SCRIPT, encoding="utf-8")
    (work / "tools.py").write_text("def scaled(x):\n    return 3 * x\n", encoding="utf-8")
    column = column_of_script(str(work / "train.py"), folder=str(work))
    window.session.show_lab(Lab(columns=(column,), created=now()))
    return window


def choose_host(window: MainWindow, name: str, qtbot: QtBot) -> None:
    """Choose “A Python on another host…” in the list, type its name, and wait for its answer."""
    box = window.panel.engine_form.interpreter_box
    box.activated.emit(box.findText("A Python on another host…"))
    (dialog,) = window.findChildren(HostDialog)
    assert not dialog.ask_button.isEnabled()
    dialog.name_edit.clear()
    qtbot.keyClicks(dialog.name_edit, name)
    qtbot.mouseClick(dialog.ask_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(
        lambda: window.session.interpreter is not None and window.session.interpreter.executable == name,
        timeout=LIMIT_MS,
    )


def asked(window: MainWindow, qtbot: QtBot) -> SendDialog:
    window.run()
    qtbot.waitUntil(lambda: any(each.isVisible() for each in window.findChildren(SendDialog)), timeout=LIMIT_MS)
    return next(each for each in window.findChildren(SendDialog) if each.isVisible())


def test_a_scripts_folder_is_sent_once_a_person_has_agreed(server: SshServer, window: MainWindow, qtbot: QtBot) -> None:
    choose_host(window, server.python(sys.executable), qtbot)
    dialog = asked(window, qtbot)
    assert "2 files" in dialog.label.text()
    assert window.session.is_busy
    qtbot.mouseClick(dialog.cancel_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.session.is_busy, timeout=LIMIT_MS)
    assert not window.session.has_runs
    assert "Nothing was sent" in window.session.message
    qtbot.mouseClick(asked(window, qtbot).send_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.session.is_busy and window.session.has_runs, timeout=LIMIT_MS)
    first, second = window.session.arrangement.lane.column.runs
    assert (first.problem, first.draws) == ("", second.draws)
    # Not asked again.
    window.once_more()
    qtbot.waitUntil(lambda: len(window.session.arrangement.lane.column.runs) == 3, timeout=LIMIT_MS)
    qtbot.waitUntil(lambda: not window.session.is_busy, timeout=LIMIT_MS)


def test_stop_takes_the_question_back(server: SshServer, window: MainWindow, qtbot: QtBot) -> None:
    choose_host(window, server.python(sys.executable), qtbot)
    dialog = asked(window, qtbot)
    window.session.runs.stop()
    qtbot.waitUntil(lambda: not window.session.is_busy and not window.findChildren(SendDialog), timeout=LIMIT_MS)
    assert dialog is not None
    assert not window.session.has_runs


def test_a_name_that_names_no_host_is_told_as_it_is_typed(window: MainWindow) -> None:
    box = window.panel.engine_form.interpreter_box
    box.activated.emit(box.findText("A Python on another host…"))
    (dialog,) = window.findChildren(HostDialog)
    for name, is_right in (("ssh://-oops/python", False), ("ssh://lab", False), ("ssh://ada@lab:22/opt/python", True)):
        dialog.name_edit.setText(name)
        assert dialog.ask_button.isEnabled() == is_right
        assert (dialog.note_label.property("role") == "problem") != is_right
    dialog.close()


def test_a_host_that_cannot_be_reached_is_said(server: SshServer, window: MainWindow, qtbot: QtBot) -> None:
    window.panel.engine_form.interpreter_chosen.emit("ssh://nowhere.invalid/usr/bin/python3")
    qtbot.waitUntil(lambda: "nowhere.invalid" in window.session.message, timeout=LIMIT_MS)
    assert window.session.interpreter == THIS_PYTHON
    assert server.port


def test_a_window_that_is_started_with_a_cluster_shows_where_its_runs_go_on(
    make_window: Callable[..., MainWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    nodes = tmp_path / "nodes"
    nodes.mkdir()
    with dask_cluster(nodes, 1, 1) as cluster:
        window = make_window(cluster.address, settings=quick_settings(), cluster=Cluster(cluster.address))
        assert window.session.interpreter is not None
        assert window.session.interpreter.executable == cluster.address
        window.run()
        qtbot.waitUntil(lambda: not window.session.is_busy and window.session.has_runs, timeout=LIMIT_MS)
        assert {run.outcome for run in window.session.arrangement.lane.column.runs} == {Outcome.FINISHED}
        qtbot.waitUntil(lambda: "2 workers on 1 host" in window.status.readiness_label.toolTip(), timeout=LIMIT_MS)
        window.documents.document.let_go()
        window.close()
