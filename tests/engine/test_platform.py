"""What differs between operating systems: all else works where nothing of POSIX is there."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

from seedlab.documents.writing import to_json
from tests.helpers.documents import whole_lab

PROGRAM = """
import asyncio, importlib.abc, os, pathlib, pkgutil, subprocess, sys, tempfile

# What the host's own libraries need of POSIX is their business: these are there on every platform.
import msgspec, numpy, platformdirs, psutil, pyqtgraph, rich.console, rich.progress
import PySide6.QtCore, PySide6.QtGui, PySide6.QtSvg, PySide6.QtWidgets, superqt
import unittest.mock

HIDDEN = {"fcntl", "termios", "resource", "pwd", "grp"}

class Hide(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name in HIDDEN:
            raise ImportError(f"{name} is hidden", name=name)
        return None

sys.meta_path.insert(0, Hide())
for name in HIDDEN:
    sys.modules.pop(name, None)
for name in ("fork", "forkpty", "killpg", "setpgid", "getpgid", "sched_getaffinity"):
    delattr(os, name)

import seedlab
# Only other interpreters import what is handed to them, but for what both sides need.
ELSEWHERE = ("seedlab.observer.", "seedlab.engine.platform.posix", "seedlab.__main__")
for module in pkgutil.walk_packages(seedlab.__path__, "seedlab."):
    if not module.name.startswith(ELSEWHERE) and not module.name.endswith(".doors"):
        importlib.import_module(module.name)
assert "seedlab.engine.platform.posix" not in sys.modules

from seedlab.engine.executors.auto import AutoExecutor
from seedlab.engine.platform import PLATFORM
from seedlab.engine.pythons import ask_versions
from seedlab.engine.request import RunRequest
from seedlab.errors import InterpreterError

assert type(PLATFORM).__name__ == "WindowsPlatform"
assert PLATFORM.cores() > 0 < PLATFORM.available_bytes()

# A document is opened and exported.
from seedlab.cli.main import main
document, folder = sys.argv[1], pathlib.Path(sys.argv[2])
targets = [folder / f"out.{ending}" for ending in ("json", "png", "md")]
status = main(["export", document, *(f"--to={target}" for target in targets)], lambda *_: 1)
assert status == 0, status
assert all(target.stat().st_size for target in targets)

# A run says why there is none, in every way to start.
async def run(request):
    executor = AutoExecutor()
    executor.prepare(request)
    run = await executor.run(request)
    readiness = executor.readiness(request)
    await executor.close()
    return run, readiness

for script in ("print('x:', 1)", "import numpy"):
    ended, readiness = asyncio.run(run(RunRequest(script=script, executable=sys.executable)))
    assert ended.outcome.value == "failed", ended
    assert ended.problem.startswith("Runs cannot be started on Windows yet."), ended
    assert readiness[0].value == "cold", readiness
try:
    asyncio.run(ask_versions(sys.executable))
except InterpreterError as error:
    print(error.what)

# The window is shown, says it too, and closes.
from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication
from seedlab.gui.main_window import MainWindow
from seedlab.gui.runner_thread import RunnerThread

# The export has made an application for its picture.
application = QApplication.instance() or QApplication(["seedlab"])
runner = RunnerThread()
window = MainWindow(runner)
problems = []
runner.interpreter_failed.connect(problems.append)
runner.start()
runner.ask(None)
window.show()
window.documents.open(pathlib.Path(document))
while not (problems and window.session.lab().columns[0].runs):
    application.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
print(problems[0].what)
assert window.isVisible()
window.close()
assert runner.isFinished()
"""


def test_all_but_runs_works_where_nothing_of_posix_is_there(tmp_path: Path) -> None:
    document = tmp_path / "lab.seedlab"
    document.write_bytes(to_json(whole_lab()))
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(PROGRAM), str(document), str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "XDG_CONFIG_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["Runs cannot be started on Windows yet."] * 2
