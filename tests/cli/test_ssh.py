"""The command line with a Python on another host: a real sshd, real scripts, and ends at the worst moments."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.helpers.command_line import COMMAND, left_running, marked, seedlab
from tests.helpers.ssh_server import ENDS_WITHIN_S, SshServer, ssh_server

SCRIPT = "import numpy as np\nprint('x:', np.random.rand(2))\nprint('y:', 1)\n"
# What leaves the group, the session and its parents is to end too.
WAITS = """
import random, os, sys
if os.fork() == 0:
    os.setsid()
    if os.fork():
        os._exit(0)
    open(sys.argv[1], "w").close()
else:
    os.wait()
import signal
while True:
    signal.pause()
"""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SshServer]:
    with ssh_server(tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture
def server(running: SshServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[SshServer]:
    """The server, with the ssh that finds it; the command works in the folder of the test."""
    monkeypatch.setenv("PATH", running.path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    yield running
    running.check_nothing_is_left()


@pytest.fixture
def python(server: SshServer) -> str:
    return server.python(sys.executable)


def test_presets_are_run_there_in_columns_beside_those_of_here(python: str) -> None:
    done = seedlab("run", "random", "--runs=2", "--python", sys.executable, "--python", python, "--json", "-")
    assert (done.returncode, done.stderr.count("Traceback")) == (0, 0)
    here, there = json.loads(done.stdout)["experiments"]
    assert there["interpreter"]["executable"] == python
    assert here["runs"][0]["draws"] == there["runs"][0]["draws"]
    assert there["name"].startswith("random there: ")


def test_a_script_is_sent_after_agreement_alone(python: str, tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "mine.py").write_text(SCRIPT)
    command = ["run", "mine.py", "--runs=6", "--python", python]
    os.chdir(tmp_path / "own")
    refused = seedlab(*command)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert f"To execute mine.py on there, {tmp_path / 'own'} (1 file, 0.001 MB) would be sent there." in refused.stderr
    assert "--yes" in refused.stderr
    assert "--folder" in refused.stderr
    done = seedlab(*command, "--yes")
    assert done.returncode == 0, done.stderr
    assert "2 cold, 4 forked, the same" in done.stdout
    assert "that was sent there" in done.stdout.replace("\n", " ")


def test_check_and_why_work_there(python: str, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(SCRIPT)
    checked = seedlab("check", "mine.py", "--runs=2", "--python", python, "--folder", str(tmp_path))
    assert (checked.returncode, "x: 2 of 2 differ" in checked.stdout) == (1, True), checked.stderr
    why = seedlab("why", "mine.py", "--proof=2", "--python", python, "--folder", str(tmp_path))
    assert "x does not repeat: it is moved by NumPy's global state at line 2" in why.stdout.replace("\n", " ")
    assert "+np.random.seed(0)" in why.stdout
    script = "with open('log', 'a') as log:\n    log.write('x')\n    print('at:', log.tell())\n"
    (tmp_path / "mine.py").write_text(script, encoding="utf-8")
    why = seedlab("why", "mine.py", "--proof=2", "--python", python, "--folder", str(tmp_path))
    assert "at goes on from what an earlier run has left in the folder" in why.stdout.replace("\n", " ")


def test_the_folder_there_is_kept_in_the_document(python: str, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(SCRIPT)
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "mine.py").write_text(SCRIPT)
    folder = str(tmp_path / "there")
    done = seedlab("run", "mine.py", "--runs=1", "--python", python, "--folder", folder, "--json", "-")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["experiments"][0]["program"]["host_folder"] == folder


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--folder", "relative"], "Give the whole path of the folder there"),
        (["--folder", "/there", "--python", sys.executable], "one after the other"),
        (["--compare", "x.npy", "--yes"], "Files cannot be compared yet"),
    ],
)
def test_what_cannot_be_is_refused_before_anybody_is_asked(
    python: str, tmp_path: Path, arguments: list[str], says: str
) -> None:
    (tmp_path / "mine.py").write_text(SCRIPT)
    done = seedlab("run", "mine.py", "--runs=1", "--python", python, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr


def test_a_name_that_ssh_would_take_for_an_option_is_refused(server: SshServer) -> None:
    done = seedlab("run", "random", "--python", server.python("/bin/python", "-oProxyCommand=false"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "ssh would take it for an option" in done.stderr


def test_a_host_that_cannot_be_reached_is_said_in_one_line(server: SshServer) -> None:
    for command in ("run", "doctor"):
        done = seedlab(command, *(["random"] if command == "run" else []), "--python", server.python("/x", "nobody"))
        assert done.returncode == 2
        assert "nobody cannot be reached: ssh: connect to host 127.0.0.1 port" in done.stdout + done.stderr


SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL)


@pytest.mark.parametrize("way", ["cold", "spare", "fork"])
@pytest.mark.parametrize("number", SIGNALS)
def test_nothing_outlives_the_command_line_there(
    server: SshServer, python: str, tmp_path: Path, way: str, number: signal.Signals
) -> None:
    (tmp_path / "waits.py").write_text(WAITS)
    os.mkfifo(tmp_path / "ready")
    command = [*COMMAND, "run", "waits.py", "--runs=1", f"--start={way}", "--python", python, "--folder", str(tmp_path)]
    with subprocess.Popen(
        [*command, "--", str(tmp_path / "ready")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **marked(tmp_path)},
        start_new_session=True,
    ) as program:
        (tmp_path / "ready").read_text()
        there = server.processes()
        assert len(there) > 3
        program.send_signal(number)
        _, errors = program.communicate(timeout=ENDS_WITHIN_S)
    assert psutil.wait_procs(there, ENDS_WITHIN_S)[1] == []
    assert "Traceback" not in errors
    assert program.returncode == (-number if number is signal.SIGKILL else 128 + number)
    if number is not signal.SIGKILL:
        assert left_running(tmp_path) == []


def test_ctrl_c_ends_at_once_where_a_host_does_not_answer(server: SshServer, tmp_path: Path) -> None:
    silent = tmp_path / "silent"
    silent.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/ready\nexec tail -f /dev/null\n")
    silent.chmod(0o755)
    os.mkfifo(tmp_path / "ready")
    with subprocess.Popen(
        [*COMMAND, "run", "random", "--python", server.python(str(silent))],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **marked(tmp_path)},
    ) as program:
        there = psutil.Process(int((tmp_path / "ready").read_text()))
        program.send_signal(signal.SIGINT)
        _, errors = program.communicate(timeout=ENDS_WITHIN_S)
    assert (program.returncode, errors) == (130, "")
    assert left_running(tmp_path) == []
    # It is no Python and reads nothing, so it does not hear of the end.
    there.kill()
