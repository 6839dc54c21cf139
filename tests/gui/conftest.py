"""A real window with a real runner thread, and a look for what a test left behind."""

import contextlib
import gc
import os
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import QThread
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from seedlab.engine.clusters import Cluster
from seedlab.gui.garbage import collecting
from seedlab.gui.main_window import MainWindow
from seedlab.gui.runner_thread import RunnerThread
from seedlab.libraries.registry import FAMILIES
from seedlab.results.environment import Device, Interpreter
from seedlab.session.settings import SavedColumn, Settings
from tests.helpers.interpreters import interpreter

RUN_TIMEOUT_MS = 120_000


def child_processes() -> set[int]:
    """The processes that this one has started and that have not ended."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[1]) == os.getpid() and fields[0] != "Z":
            found.add(int(stat.parent.name))
    return found


def running_scripts() -> list[psutil.Process]:
    """The processes that execute a script: cold ones, and children of a parent that forks.

    A child that was forked ahead and waits still has its parent's standard output; a run has its own.
    """
    found = []
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess, FileNotFoundError):
            parent = process.parent()
            if process.status() == psutil.STATUS_ZOMBIE or parent is None:
                continue
            is_forked = _mode(parent) == "fork"
            is_run = is_forked and _standard_output(process) != _standard_output(parent)
            if is_run or _mode(process) == "run":
                found.append(process)
    return found


def _mode(process: psutil.Process) -> str:
    """What the observer was asked to do in ``process``; empty where it is something else, or has just ended."""
    with contextlib.suppress(psutil.NoSuchProcess):
        command = process.cmdline()
        return command[2] if len(command) == 5 else ""
    return ""


def _standard_output(process: psutil.Process) -> str:
    return os.readlink(f"/proc/{process.pid}/fd/1")


@pytest.fixture(scope="module", autouse=True)
def all_garbage_collected() -> Iterator[None]:
    """Collect what tests of one module share, once for all of them: it takes a third of a second."""
    yield
    gc.unfreeze()
    gc.collect()


@pytest.fixture(autouse=True)
def nothing_left_behind(qapp: QApplication) -> Iterator[None]:
    """Fail the test that leaves a widget, a thread, a process or a pointer that nobody sees."""
    threads, children = set(threading.enumerate()), child_processes()
    # As in the program: a widget that another thread collected would crash it, and what is there already stays.
    gc.freeze()
    with collecting(qapp):
        yield
    qapp.processEvents()
    # Of what is frozen nothing is new.
    gc.collect()
    assert [widget for widget in qapp.topLevelWidgets() if widget.isVisible()] == []
    assert [thread for thread in threading.enumerate() if thread not in threads and not thread.daemon] == []
    assert child_processes() - children == set()
    assert not [thread for thread in gc.get_objects() if isinstance(thread, QThread) and thread.isRunning()]
    assert qapp.overrideCursor() is None


@pytest.fixture
def make_window(qtbot: QtBot) -> Iterator[Callable[..., MainWindow]]:
    """Makes a shown window whose interpreter has answered; what is not said is as at the very first start."""
    runners = []

    def make(
        python: str | None = None,
        size: tuple[int, int] | None = (1280, 720),
        *,
        settings: Settings | None = None,
        settings_path: Path | None = None,
        answer: Interpreter | None = None,
        recovery_folder: Path | None = None,
        cluster: Cluster | None = None,
    ) -> MainWindow:
        runner = RunnerThread(cluster)
        runners.append(runner)
        window = MainWindow(runner, settings, settings_path=settings_path, recovery_folder=recovery_folder)
        # Nobody is there to answer when the test is over.
        qtbot.addWidget(window, before_close_func=lambda _: window.documents.document.let_go())
        if size is not None:
            window.resize(*size)
        runner.start()
        if answer is not None:
            runner.interpreter_found.emit(answer)
        else:
            with qtbot.waitSignal(runner.interpreter_found, timeout=RUN_TIMEOUT_MS):
                runner.ask(python)
        with qtbot.waitExposed(window):
            window.show()
        return window

    yield make
    for runner in runners:
        runner.close()


@pytest.fixture
def window(make_window: Callable[..., MainWindow]) -> MainWindow:
    """As at the very first start: TensorFlow is being imported."""
    return make_window()


THIS_PYTHON = interpreter(sys.executable, "3", numpy="2", tensorflow="2.21.0", devices=(Device("CPU:0"),))
"""What this interpreter would answer, for windows that need not import TensorFlow to hear it."""


def quick_settings() -> Settings:
    """One column of NumPy's, whose runs fork in milliseconds."""
    return Settings(columns=(SavedColumn.of(FAMILIES["numpy"].default),))


@pytest.fixture
def quick_window(make_window: Callable[..., MainWindow]) -> MainWindow:
    """Nothing in it imports TensorFlow."""
    return make_window(settings=quick_settings(), answer=THIS_PYTHON)
