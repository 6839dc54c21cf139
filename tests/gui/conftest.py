"""A real window with a real runner thread, and a look for what a test left behind."""

import contextlib
import gc
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import QThread
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from seedlab.gui import theme
from seedlab.gui.main_window import MainWindow
from seedlab.gui.runner_thread import RunnerThread

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
    """The processes that execute a script: cold ones, and children of a parent that forks."""
    found = []
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            parent = process.parent()
            is_fork = parent is not None and "nursery.py" in " ".join(parent.cmdline())
            if process.status() != psutil.STATUS_ZOMBIE and (is_fork or "worker.py" in " ".join(process.cmdline())):
                found.append(process)
    return found


@pytest.fixture(autouse=True)
def nothing_left_behind(qapp: QApplication) -> Iterator[None]:
    """Fail the test that leaves a widget, a thread or a process."""
    threads, children = set(threading.enumerate()), child_processes()
    yield
    qapp.processEvents()
    gc.collect()
    assert [widget for widget in qapp.topLevelWidgets() if widget.isVisible()] == []
    assert [thread for thread in threading.enumerate() if thread not in threads and not thread.daemon] == []
    assert child_processes() - children == set()
    assert not [thread for thread in gc.get_objects() if isinstance(thread, QThread) and thread.isRunning()]


@pytest.fixture
def make_window(qtbot: QtBot, qapp: QApplication) -> Iterator[Callable[..., MainWindow]]:
    """Makes a shown window whose interpreter has answered."""
    theme.apply(qapp, theme.LIGHT)
    runners = []

    def make(python: str | None = None, size: tuple[int, int] = (1280, 720)) -> MainWindow:
        runner = RunnerThread()
        runners.append(runner)
        window = MainWindow(runner, theme.LIGHT)
        qtbot.addWidget(window)
        window.resize(*size)
        runner.start()
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
    return make_window()
