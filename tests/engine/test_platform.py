"""What differs between operating systems: all else works where nothing of POSIX is there."""

import asyncio
import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

from seedlab.documents.writing import to_json
from seedlab.engine.executors.auto import AutoExecutor
from seedlab.engine.executors.executor import Start
from seedlab.engine.request import RunRequest
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
# Before its name is taken away: in the place of a job of Windows.
from tests.helpers.session_job import SessionJob

import shutil, signal, socket
for name in ("fork", "forkpty", "killpg", "setpgid", "getpgid", "setsid", "getsid", "sched_getaffinity", "getuid",
             "getgid", "geteuid", "mkfifo", "pread", "O_DIRECTORY"):
    delattr(os, name)
for name in ("send_fds", "recv_fds", "SCM_RIGHTS", "CMSG_SPACE"):
    delattr(socket, name)
for name in ("SIGHUP", "SIGTSTP", "pause", "pthread_kill"):
    delattr(signal, name)

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

# Runs, in every way to start there is.
import asyncio, json
from seedlab.engine.executors.executor import Start
from seedlab.engine.request import Limits
PLATFORM.make_job = SessionJob
assert not PLATFORM.can_fork

async def runs():
    told = []
    for start, wishes in json.loads(sys.argv[3]):
        executor = AutoExecutor(Start(start))
        for wish in wishes:
            wish.update(executable=sys.executable, arguments=tuple(wish.get("arguments", ())))
            run = await executor.run(RunRequest(**wish))
            told.append([run.start, run.outcome.value, run.problem, run.text, list(run.notes),
                         [[draw.label, draw.dtype, draw.data.hex()] for draw in run.draws], repr(run.trace)])
        await executor.close()
    return told, (await ask_versions(sys.executable)).python

told, python = asyncio.run(runs())
assert python == "%d.%d.%d" % sys.version_info[:3]
(folder / "told.json").write_text(json.dumps(told), encoding="utf-8")

# The window is shown, says it too, and closes.
from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication
from seedlab.gui.main_window import MainWindow
from seedlab.gui.runner_thread import RunnerThread

# The export has made an application for its picture.
application = QApplication.instance() or QApplication(["seedlab"])
runner = RunnerThread()
window = MainWindow(runner)
found = []
runner.interpreter_found.connect(found.append)
runner.start()
runner.ask(None)
window.show()
window.documents.open(pathlib.Path(document))
while not (found and window.session.lab().columns[0].runs):
    application.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
assert window.isVisible()
window.close()
assert runner.isFinished()
"""

DRAWS = """
import random
import numpy as np
random.seed(3)
np.random.seed(4)
print("python:", random.random())
print("numpy", np.random.rand(3))
print("text")
"""
TENSORFLOW = """
import tensorflow as tf
tf.random.set_seed(1)
print("tf:", tf.random.uniform([2], seed=2))
"""
FAILS = "import random\nprint('x:', 1)\nraise ValueError('no')\n"


def test_everything_works_where_nothing_of_posix_is_there(tmp_path: Path) -> None:
    """As on Windows, but for the job: draws, traces and ends are those of the platform at hand."""
    document, own = tmp_path / "lab.seedlab", tmp_path / "own.py"
    document.write_bytes(to_json(whole_lab()))
    own.write_text("import argparse, sys, random\nrandom.seed(1)\nprint(sys.argv[1:], random.random())\n", "utf-8")
    mine: dict[str, object] = {
        "script": own.read_text("utf-8"),
        "path": str(own),
        "arguments": ["ä b"],
        "folder": str(tmp_path),
    }
    wishes: list[tuple[str, list[dict[str, object]]]] = [
        ("cold", [{"script": DRAWS}, {"script": FAILS}, mine]),
        ("spare", [{"script": DRAWS}, {"script": DRAWS}, {"script": FAILS}]),
        ("auto", [{"script": DRAWS}, mine, {"script": TENSORFLOW}]),
    ]
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(PROGRAM), str(document), str(tmp_path), json.dumps(wishes)],
        env={
            **os.environ,
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "XDG_CONFIG_HOME": str(tmp_path),
            "TMPDIR": str(tmp_path),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    told = json.loads((tmp_path / "told.json").read_text("utf-8"))
    assert [each[0] for each in told] == ["cold"] * 3 + ["spare"] * 6
    *ordinary, tensorflow = [each[1:] for each in told]
    requests = [wish for _, several in wishes for wish in several]
    assert ordinary == asyncio.run(_on_this_platform(requests[:-1]))
    # Importing it once is enough: the suite of fidelity has its draws.
    outcome, problem, _, notes, ((label, dtype, _),), trace = tensorflow
    assert (outcome, problem, notes, label, dtype) == ("finished", "", [], "tf", "float32")
    assert "tf.random.set_seed" in trace


async def _on_this_platform(wishes: list[dict[str, object]]) -> list[list[object]]:
    told: list[list[object]] = []
    executor = AutoExecutor(Start.COLD)
    for wish in wishes:
        options: dict[str, Any] = {**wish, "arguments": tuple(wish.get("arguments", ()))}  # type: ignore[arg-type]
        run = await executor.run(RunRequest(executable=sys.executable, **options))
        draws = [[draw.label, draw.dtype, draw.data.hex()] for draw in run.draws]
        told.append([run.outcome.value, run.problem, run.text, list(run.notes), draws, repr(run.trace)])
    await executor.close()
    return told
