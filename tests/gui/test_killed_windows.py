"""Windows that end as windows end: killed in the middle of a batch, several of them, and failing inside."""

import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

ROOT = Path(__file__).parents[2]


class RealWindow:
    """One window in a process of its own; all in one home."""

    def __init__(self, home: Path, python: str, action: str, *arguments: str) -> None:
        homes = {name: str(home / name) for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")}
        command = [sys.executable, "-m", "tests.helpers.real_window", action, python, *arguments]
        self.process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **homes, "HOME": str(home)}, stdout=subprocess.PIPE, text=True
        )

    def said(self) -> dict[str, Any]:
        """What it prints next."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, f"it ended with status {self.process.wait()}"
        found = json.loads(line)
        assert isinstance(found, dict)
        return found

    def kill(self) -> None:
        """Kill the window alone, as the system does when memory is short; what it had started ends with it."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        self.process.send_signal(signal.SIGKILL)
        self.close()
        _, alive = psutil.wait_procs(children, 20)
        assert alive == []

    def close(self) -> int:
        with self.process:
            return self.process.wait(60)


@pytest.fixture
def homes(tmp_path: Path) -> Path:
    return tmp_path


@contextmanager
def opened(home: Path, python: str, action: str, *arguments: str) -> Iterator[RealWindow]:
    window = RealWindow(home, python, action, *arguments)
    try:
        yield window
    finally:
        if window.process.poll() is None:
            window.kill()


def test_a_window_killed_during_a_batch_loses_at_most_the_run_under_way(homes: Path, bare_python: str) -> None:
    (homes / "one").mkdir()
    with opened(homes, bare_python, "batch", str(homes / "one"), "3", "3") as window:
        assert window.said() == {"kept": 3, "is_busy": True}
        window.kill()
    with opened(homes, bare_python, "restore") as window:
        found = window.said()
        assert (found["offered"], found["values"]) == (1, [0, 1, 2])
        assert window.close() == 0
    assert list((homes / "XDG_DATA_HOME" / "seedlab" / "recovery").iterdir()) == []


def test_a_run_that_hangs_does_not_keep_back_those_that_have_ended_after_it(homes: Path, bare_python: str) -> None:
    (homes / "one").mkdir()
    with opened(homes, bare_python, "uneven", str(homes / "one"), "9") as window:
        assert window.said() == {"kept": 9, "is_busy": True}
        window.kill()
    with opened(homes, bare_python, "restore") as window:
        found = window.said()
        assert (found["offered"], found["values"]) == (1, [1, 2, 3, 4, 5, 6, 7, 8, 9])
        assert window.close() == 0


def test_the_results_of_two_killed_windows_come_back_one_after_the_other(homes: Path, bare_python: str) -> None:
    for name in ("one", "two"):
        (homes / name).mkdir()
    with opened(homes, bare_python, "batch", str(homes / "one"), "1", "1") as first:
        assert first.said()["kept"] == 1
        with opened(homes, bare_python, "batch", str(homes / "two"), "2", "3") as second:
            assert second.said()["kept"] == 3
            second.kill()
        first.kill()
    offered, values = [], []
    for _ in range(2):
        with opened(homes, bare_python, "restore") as window:
            found = window.said()
            offered.append(found["offered"])
            values.append(found["values"])
            assert window.close() == 0
    assert offered == [2, 1]
    assert values == [[0, 1], [0]], "the newest first"


def test_a_window_in_which_something_fails_says_so_writes_it_down_and_goes_on(homes: Path, bare_python: str) -> None:
    with opened(homes, bare_python, "fail") as window:
        shown = window.said()["shown"]
        assert "ValueError: the value 0.25 of ~" in shown
        assert "in raise_in_a_slot" in shown
        assert window.close() == 0
    (folder,) = (homes / "XDG_STATE_HOME").glob("seedlab/log*")
    log = folder / "seedlab.log"
    text = log.read_text(encoding="utf-8")
    assert "ValueError" in text
    assert "raise_in_a_slot" in text
    assert "0.25" not in text
    assert str(homes) not in text
    assert text.rstrip().endswith("seedlab ends")
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
