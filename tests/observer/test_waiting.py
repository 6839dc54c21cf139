"""Prepared processes, spoken to by hand: what they are asked for, and what they answer."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from seedlab.engine.packing import observer_file
from seedlab.engine.protocol import Report

SCRIPT = """
import os, random, sys
print(sys.argv[1:], os.getcwd(), os.environ["SEEDLAB_TEST"])
print("x:", random.random())
"""


@contextmanager
def prepared(mode: str, **prepare: object) -> Iterator[tuple[subprocess.Popen[str], socket.socket]]:
    """Start a process that waits; when the block is left, its socket is closed and it has ended."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        command = [sys.executable, str(observer_file()), mode, f"fd:{theirs.fileno()}", json.dumps(prepare)]
        process = subprocess.Popen(command, pass_fds=[theirs.fileno()], stderr=subprocess.PIPE, text=True)
        theirs.close()
        with process:
            try:
                yield process, ours
            finally:
                ours.close()


def hear(control: socket.socket) -> dict[str, Any]:
    """Return the next answer; empty when there will be none."""
    line = b""
    while not line.endswith(b"\n") and (data := control.recv(1)):
        line += data
    answer: dict[str, Any] = json.loads(line or b"{}")
    return answer


def ask(control: socket.socket, script: Path, run: int) -> tuple[str, Report]:
    """Ask for one run, and return what it wrote and reported until its pipes were closed."""
    request = {
        "run": run,
        "script": str(script),
        "folder": str(script.parent),
        "arguments": ["--n", "ä"],
        "environment": {"SEEDLAB_TEST": "value"},
    }
    pipes = [os.pipe() for _ in range(3)]
    socket.send_fds(control, [json.dumps(request).encode() + b"\n"], [writing for _, writing in pipes])
    for _, writing in pipes:
        os.close(writing)
    contents = []
    for reading, _ in pipes:
        with open(reading, "rb") as file:
            contents.append(file.read())
    assert contents[1] == b""
    report = Report()
    report.add(contents[2])
    return contents[0].decode(), report


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "script.py"
    path.write_text(SCRIPT, encoding="utf-8")
    return path


@pytest.mark.parametrize("mode", ["spare", "fork"])
def test_a_run_gets_arguments_folder_and_environment(mode: str, script: Path) -> None:
    with prepared(mode, modules=["random"]) as (_, control):
        ready = hear(control)
        assert (ready["ready"], ready["threads"]) == (True, 1)
        text, report = ask(control, script, 7)
    assert text.startswith(f"['--n', 'ä'] {script.parent} value\n")
    assert [draw.label for draw in report.draws] == ["line 3", "x"]


def test_forks_are_numbered_as_they_were_asked_for(script: Path) -> None:
    with prepared("fork", modules=["random"], renew=["random"]) as (process, control):
        assert hear(control)["ready"]
        for run in (3, 5):
            ask(control, script, run)
            started, ended = hear(control), hear(control)
            assert (started["started"], ended) == (run, {"ended": run, "status": 0, "killed": 0})
            assert started["pid"] != process.pid


def test_a_renewal_that_nobody_owns_ends_the_process_with_its_name() -> None:
    with prepared("fork", modules=[], renew=["lost"]) as (process, control):
        assert hear(control) == {}
        assert process.wait(60) == 1
        assert process.stderr is not None
        assert "no renewal called 'lost'" in process.stderr.read()
