"""The window stays usable whatever happens to its processes, and however quickly keys are pressed."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from seedlab.export.exporting import write_export
from seedlab.gui.main_window import MainWindow
from seedlab.results.run import Outcome
from seedlab.study.lab import Column
from tests.gui.acting import click, figure_of, run_own_script, run_to_end, runner_of, start_script
from tests.gui.conftest import RUN_TIMEOUT_MS, running_scripts
from tests.gui.conftest import _mode as mode_of

pytestmark = pytest.mark.alone
LONGEST_GAP_S = 0.25
"""What a person does not notice as standing still, on a machine whose cores are all busy."""
WAITING = "import os, signal\nopen({path!r} + str(os.getpid()), 'w').close()\nsignal.pause()\n"


@contextmanager
def beating(window: MainWindow) -> Iterator[None]:
    """Assert that the event loop never stands still meanwhile."""
    gaps, last = [0.0], [time.perf_counter()]

    def beat() -> None:
        now = time.perf_counter()
        gaps.append(now - last[0])
        last[0] = now

    heart = QTimer(window, interval=5)
    heart.timeout.connect(beat)
    heart.start()
    yield
    heart.stop()
    assert max(gaps) < LONGEST_GAP_S, f"the event loop stood still for {max(gaps) * 1000:.0f} ms"


def assert_usable(window: MainWindow, qtbot: QtBot) -> None:
    """Run as if nothing had been."""
    run_to_end(window, qtbot)
    runs = window.session.arrangement.lane.column.runs
    assert [run.outcome for run in runs] == [Outcome.FINISHED] * window.session.settings.runs
    assert figure_of(window).headline.title


def parents() -> list[psutil.Process]:
    """The processes that fork, without those that they have forked."""
    forks = [child for child in psutil.Process().children(recursive=True) if mode_of(child) == "fork"]
    return [fork for fork in forks if fork.ppid() not in {other.pid for other in forks}]


@pytest.mark.parametrize("moment", ["idle", "busy"])
def test_the_process_that_forks_is_killed(quick_window: MainWindow, qtbot: QtBot, moment: str) -> None:
    ready = quick_window.status.readiness_label
    qtbot.waitUntil(lambda: ready.text().startswith("ready: runs are forked"), timeout=RUN_TIMEOUT_MS)
    quick_window.session.change_settings(runs=60)
    with beating(quick_window):
        if moment == "busy":
            click(quick_window.panel.run_controls.run_button, qtbot)
            qtbot.waitUntil(lambda: len(quick_window.session.arrangement.lane.column.runs) > 2)
        killed = parents()
        assert len(killed) == 1
        killed[0].kill()
        if moment == "idle":
            click(quick_window.panel.run_controls.run_button, qtbot)
        qtbot.waitUntil(lambda: not quick_window.session.is_busy, timeout=RUN_TIMEOUT_MS)
        runs = quick_window.session.arrangement.lane.column.runs
        # Runs that went on at that moment say what happened to them.
        problems = [run.problem for run in runs if run.problem]
        assert all(problem.startswith("the prepared interpreter") for problem in problems)
        assert len(problems) <= (len(psutil.Process().cpu_affinity()) if moment == "busy" else 0)
        assert len(runs) == 60
        quick_window.session.change_settings(runs=3)
        assert_usable(quick_window, qtbot)


@pytest.mark.parametrize("start", ["cold", "fork"])
def test_a_child_is_stopped(quick_window: MainWindow, qtbot: QtBot, tmp_path: Path, start: str) -> None:
    quick_window.session.change_settings(start=start)
    script = WAITING.format(path=str(tmp_path / "run-"))
    start_script(quick_window, Column(name="own", experiment=None, script=script), 2)
    qtbot.waitUntil(lambda: len(list(tmp_path.glob("run-*"))) == 2, timeout=RUN_TIMEOUT_MS)
    stopped = [int(path.name.removeprefix("run-")) for path in tmp_path.glob("run-*")]
    for process in stopped:
        os.kill(process, signal.SIGSTOP)
    with beating(quick_window):
        with qtbot.waitSignal(runner_of(quick_window).plan_ended, timeout=RUN_TIMEOUT_MS):
            qtbot.keyClick(quick_window, Qt.Key.Key_Escape)
        # Who forked them has yet to take note of their end.
        qtbot.waitUntil(lambda: not any(psutil.pid_exists(process) for process in stopped))
        quick_window.session.editing.choose_library("python-random")
        assert_usable(quick_window, qtbot)


def test_a_document_is_opened_while_runs_go_on(quick_window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    run_to_end(quick_window, qtbot)
    write_export(quick_window.session.lab(), tmp_path / "lab.seedlab")
    shown = quick_window.session.lab().columns
    quick_window.session.change_settings(runs=200)
    with beating(quick_window):
        quick_window.run()
        qtbot.waitUntil(lambda: len(quick_window.session.arrangement.lane.column.runs) > 3)
        quick_window.documents.open(tmp_path / "lab.seedlab")
        qtbot.waitUntil(lambda: quick_window.findChild(QMessageBox, "ask_to_save") is not None)
        box = quick_window.findChild(QMessageBox, "ask_to_save")
        assert box is not None
        click(box.button(QMessageBox.StandardButton.Discard), qtbot)
        qtbot.waitUntil(lambda: not quick_window.session.is_busy, timeout=RUN_TIMEOUT_MS)
        assert quick_window.session.lab().columns == shown
        quick_window.session.change_settings(runs=3)
        assert_usable(quick_window, qtbot)


def test_a_script_that_hangs_until_its_limit_is_told_by_that_first(quick_window: MainWindow, qtbot: QtBot) -> None:
    quick_window.session.change_settings(timeout_s=1.0)
    run_own_script(quick_window, qtbot, "import signal\nprint('x:', 1, flush=True)\nsignal.pause()\n")
    assert quick_window.comparison.title_label.text() == "None of the 2 runs finished."
    assert "timed out" in figure_of(quick_window).notes_text()


CTRL, NONE = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier
PRESSES: dict[str, tuple[Qt.Key, Qt.KeyboardModifier]] = {
    "run": (Qt.Key.Key_R, CTRL),
    "stop": (Qt.Key.Key_Escape, NONE),
    "compare": (Qt.Key.Key_1, CTRL),
    "undo": (Qt.Key.Key_Z, CTRL),
}
ORDERS: dict[str, list[str]] = {
    "in turn": list(PRESSES) * 10,
    "one after the other": [name for name in PRESSES for _ in range(10)],
    "backwards": list(reversed(PRESSES)) * 10,
}


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("between", ["at once", "one a turn"])
def test_forty_quick_presses(quick_window: MainWindow, qtbot: QtBot, order: str, between: str) -> None:
    process: Callable[[], object] = (lambda: None) if between == "at once" else (lambda: qtbot.wait(1))
    with beating(quick_window):
        for name in ORDERS[order]:
            qtbot.keyClick(quick_window, *PRESSES[name])
            process()
        qtbot.waitUntil(lambda: not quick_window.session.is_busy, timeout=RUN_TIMEOUT_MS)
        assert_usable(quick_window, qtbot)
    assert running_scripts() == []
