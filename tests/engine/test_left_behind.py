"""What is left when the program itself is ended, in whatever way: real programs, real signals, real folders."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from seedlab.engine.desk import DESK, Desk, sweep
from tests.conftest import PythonWith

ENDS_WITHIN_S = 20
SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGKILL)
WAYS = ("cold", "spare", "fork")
TELL = "open({ready!r}, 'w').close()\n"
WAIT = "import signal\nwhile True:\n    signal.pause()\n"

# What leaves the group, the session and its parents is to end too.
DAEMON = """
import random, os
if os.fork() == 0:
    os.setsid()
    if os.fork():
        os._exit(0)
else:
    os.wait()
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for name in ("tmp", "config", "data", "scripts"):
        (tmp_path / name).mkdir()
    os.mkfifo(tmp_path / "ready")
    return tmp_path


@contextmanager
def seedlab(home: Path, *arguments: str, **variables: str) -> Iterator[subprocess.Popen[str]]:
    """The program with folders of its own, killed if the test has not ended it."""
    environment = {
        **os.environ,
        "TMPDIR": str(home / "tmp"),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_DATA_HOME": str(home / "data"),
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "QT_QPA_PLATFORM": "offscreen",
        **variables,
    }
    with subprocess.Popen(
        [sys.executable, "-m", "seedlab", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        start_new_session=True,
    ) as program:
        try:
            yield program
        finally:
            program.kill()


def script_that_waits(home: Path) -> str:
    path = home / "scripts" / "waits.py"
    ready = TELL.format(ready=str(home / "ready"))
    path.write_text(f"{DAEMON}    {ready}{WAIT}", encoding="utf-8")
    return str(path)


def folders(home: Path) -> list[str]:
    return [path.name for path in (home / "tmp").iterdir() if path.name.startswith("seedlab")]


def end_and_look(home: Path, program: subprocess.Popen[str], number: signal.Signals) -> str:
    """Send a signal, wait for the end of all processes, and return what was written to standard error."""
    (home / "ready").read_text()
    started = processes_of(home)
    assert len(started) > 1
    program.send_signal(number)
    _, errors = program.communicate(timeout=ENDS_WITHIN_S)
    assert psutil.wait_procs(started, ENDS_WITHIN_S)[1] == []
    assert processes_of(home) == []
    return errors


def processes_of(home: Path) -> list[psutil.Process]:
    """All processes of the program, known by the variable that they inherit, wherever they went."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.status() != psutil.STATUS_ZOMBIE and process.environ().get("TMPDIR") == str(home / "tmp"):
                found.append(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return found


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("number", SIGNALS)
def test_nothing_outlives_the_command_line(home: Path, way: str, number: signal.Signals) -> None:
    script = script_that_waits(home)
    with seedlab(home, "run", script, "--runs=1", f"--start={way}") as program:
        errors = end_and_look(home, program, number)
        if number is signal.SIGKILL:
            assert len(folders(home)) == 1
            with seedlab(home, "run", "random", "--runs=1") as after:
                assert after.wait(ENDS_WITHIN_S) == 0
        else:
            assert program.returncode == 128 + number
            assert "Traceback" not in errors
    assert folders(home) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_a_spare_that_still_imports_ends_with_its_owner(
    home: Path, python_with: PythonWith, number: signal.Signals
) -> None:
    python = python_with.tensorflow(TELL.format(ready=str(home / "ready")) + WAIT)
    with seedlab(home, "run", "after-graph", "--runs=1", "--start=spare", "--python", python) as program:
        assert "Traceback" not in end_and_look(home, program, number)


@pytest.mark.parametrize("number", SIGNALS)
def test_nothing_outlives_the_window(home: Path, python_with: PythonWith, number: signal.Signals) -> None:
    python = python_with.tensorflow(TELL.format(ready=str(home / "ready")) + WAIT)
    with seedlab(home, "--python", python) as program:
        errors = end_and_look(home, program, number)
        assert "Traceback" not in errors
        assert program.returncode == (0 if number is not signal.SIGKILL else -number)


def test_the_folders_of_the_living_stay(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(home / "tmp"))
    with Desk().folder() as living:
        dead = home / "tmp" / "seedlab-runs-dead"
        (dead / "run-1").mkdir(parents=True)
        (dead / "lock").touch()
        # Without a lock: one that is being made, and one whose process ended before it had made it.
        new, stale = home / "tmp" / "seedlab-runs-now", home / "tmp" / "seedlab-runs-then"
        new.mkdir()
        stale.mkdir()
        os.utime(stale, (0, 0))
        others = home / "tmp" / "somebody-else"
        others.mkdir()
        link = home / "tmp" / "seedlab-runs-link"
        link.symlink_to(others)
        sweep()
        assert living.exists()
        assert new.exists()
        assert not dead.exists()
        assert not stale.exists()
        assert others.exists()


def test_a_folder_that_was_tidied_away_is_made_again() -> None:
    with DESK.folder() as first:
        pass
    shutil.rmtree(first.parent)
    with DESK.folder() as second:
        assert second.exists()
