"""The log: where it went wrong, nothing personal, for nobody else to read, never in the way."""

import logging
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from seedlab.session import log as logs
from seedlab.session.log import Log, without_home


def caught(text: str) -> Exception:
    try:
        try:
            raise KeyError(text)
        except KeyError as error:
            raise ValueError(text) from error
    except ValueError as error:
        return error


def test_it_says_where_and_nothing_that_is_somebodys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(Path(__file__).parents[2]))
    with Log(tmp_path) as log:
        log.note(caught("print('x:', 0.25)"))
    text = log.path.read_text(encoding="utf-8")
    assert "ERROR ValueError" in text
    assert "  ~/tests/session/test_log.py:" in text
    assert "in caught" in text
    assert "which came from\nKeyError" in text
    assert "0.25" not in text
    assert str(Path.home()) not in text
    assert "Python 3." in text


@pytest.mark.parametrize("umask", [0o000, 0o777])
def test_nobody_else_may_read_it(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        with Log(tmp_path / "log") as log:
            log.note(caught("no"))
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "log").stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "log").iterdir()} == {0o600}


def test_it_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "_MAX_BYTES", 2000)
    with Log(tmp_path) as log:
        for number in range(200):
            error = type(f"Error{number}", (Exception,), {})()
            log.note(error)
        for _ in range(1000):
            log.note(error)
    files = [path for path in tmp_path.iterdir() if path.name.startswith("seedlab.log")]
    assert len(files) == 3
    assert all(path.stat().st_size <= 2000 for path in files)
    assert "(512 times)" in log.path.read_text(encoding="utf-8")
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_what_crashed_stands_in_the_log_of_the_next_start(tmp_path: Path) -> None:
    program = (
        "import faulthandler, os, pathlib, sys\n"
        "from seedlab.session.log import Log\n"
        "def crash_here():\n    os.abort()\n"
        "with Log(pathlib.Path(sys.argv[1])):\n    crash_here()\n"
    )
    root = Path(__file__).parents[2]
    script = tmp_path / "home" / "program.py"
    script.parent.mkdir()
    script.write_text(program, encoding="utf-8")
    environment = {**os.environ, "HOME": str(script.parent), "PYTHONPATH": str(root)}
    folder = tmp_path / "log"
    done = subprocess.run([sys.executable, str(script), str(folder)], env=environment, capture_output=True, check=False)
    assert done.returncode < 0
    assert b"crash_here" not in done.stderr, "there may be nobody to read it there"
    source = (
        "import pathlib, sys\nfrom seedlab.session.log import Log\nwith Log(pathlib.Path(sys.argv[1])):\n    pass\n"
    )
    subprocess.run([sys.executable, "-c", source, str(folder)], env=environment, check=True)
    text = (folder / "seedlab.log").read_text(encoding="utf-8")
    assert "An earlier seedlab crashed:" in text
    assert 'File "~/program.py", line 4 in crash_here' in text
    assert str(script.parent) not in text
    assert (folder / "crash.log").read_bytes() == b""


def test_where_it_cannot_be_written_work_goes_on(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with Log(tmp_path / "file" / "log") as log:
        log.note(caught("no"))
    assert not log.path.exists()
    assert not any(isinstance(each, logging.FileHandler) for each in logging.getLogger("seedlab").handlers)


@pytest.mark.parametrize(
    ("home", "text", "short"),
    [
        ("/home/ann", "/home/ann/x.py and /home/ann", "~/x.py and ~"),
        ("/home/ann", "/home/anna/x.py", "/home/anna/x.py"),
        ("/", "/usr/bin/python", "/usr/bin/python"),
    ],
)
def test_the_home_folder_is_shortened(monkeypatch: pytest.MonkeyPatch, home: str, text: str, short: str) -> None:
    monkeypatch.setenv("HOME", home)
    assert without_home(text) == short
