"""Ctrl+C at any moment, once and more often: real signals to a real process."""

import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

from seedlab.documents.files import read_lab
from seedlab.documents.writing import to_json
from tests.helpers.command_line import COMMAND, left_running, marked, started
from tests.helpers.documents import whole_lab

AT_AN_IMPORT = """
import os, signal, sys

class Press:
    def find_spec(self, name, path=None, target=None):
        if name == module:
            sys.meta_path.remove(self)
            for _ in range(int(times)):
                os.kill(os.getpid(), signal.SIGINT)
        return None

# Taken away, so that no other interpreter presses anything.
module, times = os.environ.pop("PRESS").split()
sys.meta_path.insert(0, Press())
"""
AT_AN_EVENT = """
import os, signal, sys

def count(event, arguments):
    global seen
    seen += "seedlab.cli.run" in sys.modules
    if seen == int(number):
        seen += 1
        for _ in range(int(times)):
            os.kill(os.getpid(), signal.SIGINT)

number, times = os.environ.pop("PRESS").split()
seen = 0
sys.addaudithook(count)
"""


def pressed(folder: Path, when: str, press: str, *arguments: str) -> tuple[int, str, str]:
    """Status, output and errors of a command in which Ctrl+C is pressed as ``press`` says, which ``when`` reads."""
    site = folder / "site"
    site.mkdir(exist_ok=True)
    (site / "sitecustomize.py").write_text(when, encoding="utf-8")
    paths = os.pathsep.join(filter(None, [str(site), os.environ.get("PYTHONPATH")]))
    environment = {"PYTHONPATH": paths, "PRESS": press, **marked(folder)}
    with started(*arguments, environment=environment) as process:
        output, errors = process.communicate()
    assert "Traceback" not in errors
    assert "Exception" not in errors
    assert left_running(folder) == []
    return process.returncode, output, errors


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize(
    "module",
    ["seedlab.cli", "seedlab.cli.exits", "seedlab.cli.main", "argparse", "numpy", "asyncio", "seedlab.session.session"],
)
def test_while_modules_are_imported_it_ends_at_once_without_a_word(tmp_path: Path, module: str, times: int) -> None:
    assert pressed(tmp_path, AT_AN_IMPORT, f"{module} {times}", "run", "random", "--json", "-") == (130, "", "")


@pytest.mark.parametrize("times", [1, 2, 3])
@pytest.mark.parametrize("number", [1, 236, 250, 254, 270, 320, 500, 700, 850])
def test_at_any_moment_json_is_whole_or_not_there(tmp_path: Path, number: int, times: int) -> None:
    file, folder = tmp_path / "lab.json", tmp_path / "made"
    folder.mkdir()
    script = tmp_path / "mine.py"
    script.write_text("import random\nprint('x:', random.random())\n", encoding="utf-8")
    files = ["--json", str(file), "--export", str(folder / "a.csv"), "--export", str(folder / "a.md")]
    status, output, errors = pressed(
        tmp_path, AT_AN_EVENT, f"{number} {times}", "run", str(script), "random", "--runs", "2", *files
    )
    assert status == 130, (output, errors)
    if file.exists():
        assert [len(column["runs"]) for column in json.loads(file.read_bytes())["experiments"]] == [2, 2]
    assert {path.name for path in folder.iterdir()} <= {"a.csv", "a.md"}


@pytest.mark.parametrize("times", [1, 2, 3])
def test_as_the_runs_begin_all_columns_are_ended_and_written(tmp_path: Path, times: int) -> None:
    file = tmp_path / "lab.json"
    command = ["run", "random", "random", "--runs", "2", "--json", "-", "--export", str(file)]
    status, output, _ = pressed(tmp_path, AT_AN_IMPORT, f"rich.console {times}", *command)
    assert status == 130
    columns = json.loads(output)["experiments"]
    assert [[run["outcome"] for run in column["runs"]] for column in columns] == [["cancelled"] * 2] * 2
    assert file.read_text(encoding="utf-8") == output


def test_once_while_a_picture_is_made_all_is_written(tmp_path: Path) -> None:
    files = ["--export", str(tmp_path / "a.png"), "--export", str(tmp_path / "a.csv")]
    command = ["run", "random", "--runs", "2", *files]
    status, output, errors = pressed(tmp_path, AT_AN_IMPORT, "seedlab.export.picture 1", *command)
    assert status == 130
    assert "Every draw repeats in every run." in output
    assert "not written" not in errors
    assert len(read_lab(tmp_path / "a.png").columns[0].runs) == 2
    assert (tmp_path / "a.csv").exists()


def test_twice_while_a_picture_is_made_it_is_left_out_and_data_are_written(tmp_path: Path) -> None:
    files = ["--export", str(tmp_path / "a.png"), "--export", str(tmp_path / "a.csv"), "--json", "-"]
    command = ["run", "random", "--runs", "2", *files]
    status, output, errors = pressed(tmp_path, AT_AN_IMPORT, "seedlab.export.picture 2", *command)
    assert status == 130
    assert len(json.loads(output)["experiments"][0]["runs"]) == 2
    assert f"seedlab: Interrupted: {tmp_path / 'a.png'} was not written.\n" in errors
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "site"]


def test_an_export_is_left_out_where_it_is(tmp_path: Path) -> None:
    (tmp_path / "lab.seedlab").write_bytes(to_json(whole_lab()))
    (tmp_path / "a.svg").write_text("old", encoding="utf-8")
    command = ["export", str(tmp_path / "lab.seedlab")]
    command += [word for name in ("a.svg", "a.md", "a.png") for word in ("--to", str(tmp_path / name))]
    status, output, errors = pressed(tmp_path, AT_AN_IMPORT, "seedlab.export.picture 1", *command)
    assert (status, output) == (130, "")
    names = f"{tmp_path / 'a.svg'} and {tmp_path / 'a.png'}"
    assert errors == f"seedlab: Interrupted: {names} were not written.\n"
    assert (tmp_path / "a.svg").read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.md", "a.svg", "lab.seedlab", "site"]


def waiting_script(folder: Path) -> tuple[Path, Path]:
    """A script that draws, and the pipe to which its second run and later ones write before they wait for ever."""
    script, once, ready = folder / "mine.py", folder / "once", folder / "ready"
    os.mkfifo(ready)
    script.write_text(
        f"import os, signal\nprint('x:', 1)\ntry:\n    os.mkdir({str(once)!r})\n"
        f"except FileExistsError:\n    open({str(ready)!r}, 'w').close()\n    signal.pause()\n",
        encoding="utf-8",
    )
    return script, ready


@pytest.mark.parametrize("start", ["cold", "fork"])
@pytest.mark.parametrize("times", [1, 2, 5])
def test_what_has_finished_is_kept_in_all_columns(tmp_path: Path, start: str, times: int) -> None:
    script, ready = waiting_script(tmp_path)
    command = ["run", str(script), str(script), "random", "--runs", "2", "--jobs", "1", "--start", start, "--json", "-"]
    with started(*command, environment=marked(tmp_path)) as process:
        ready.read_text()  # Until the second run is there.
        for _ in range(times):
            process.send_signal(signal.SIGINT)
        output, errors = process.communicate()
    assert process.returncode == 130
    assert "Traceback" not in errors
    columns = json.loads(output)["experiments"]
    outcomes = [[run["outcome"] for run in column["runs"]] for column in columns]
    assert outcomes == [["finished", "cancelled"], ["cancelled"] * 2, ["cancelled"] * 2]
    assert left_running(tmp_path) == []


def test_while_the_interpreter_is_asked_nothing_is_written(tmp_path: Path) -> None:
    python, ready, old = tmp_path / "python", tmp_path / "ready", tmp_path / "lab.json"
    os.mkfifo(ready)
    python.write_text(f"#!/bin/sh\n: > {ready}\nexec sleep 1000\n", encoding="utf-8")
    python.chmod(0o755)
    old.write_text("old", encoding="utf-8")
    # Cold, so that the one process which comes to the pipe is the one that is asked.
    command = ["run", "random", "--start", "cold", "--python", str(python), "--json", str(old)]
    with started(*command, environment=marked(tmp_path)) as process:
        ready.read_text()
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate()
    said = "seedlab: Interrupted before the first run: nothing was written.\n"
    assert (process.returncode, output, errors) == (130, "", said)
    assert old.read_text() == "old"
    assert left_running(tmp_path) == []


def test_a_command_that_was_started_to_ignore_it_goes_on(tmp_path: Path) -> None:
    script, ready = tmp_path / "mine.py", tmp_path / "ready"
    os.mkfifo(ready)
    waits = f"open({str(ready)!r}, 'w').close()\nopen({str(ready)!r}).read()\nprint('x:', 1)\n"
    script.write_text(waits, encoding="utf-8")
    command = ["sh", "-c", "trap '' INT; exec \"$@\"", "sh", *COMMAND]
    command += ["run", str(script), "--runs", "1", "--start", "cold", "--json", "-"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        ready.read_text()
        process.send_signal(signal.SIGINT)
        ready.write_text("go on", encoding="utf-8")
        output, _ = process.communicate()
    assert process.returncode == 0
    assert json.loads(output)["experiments"][0]["runs"][0]["outcome"] == "finished"


IN_THE_THREAD_OF_THE_TABLE = """
import atexit, importlib, os, signal, sys, threading

class Hang:
    def find_spec(self, name, path=None, target=None):
        thread = threading.current_thread()
        if "seedlab.cli.terminal" in sys.modules and thread.daemon and thread is not threading.main_thread():
            sys.meta_path.remove(self)
            # It needs the lock of the module that this thread will never let go.
            atexit.register(importlib.import_module, name)
            while True:
                # Two that come at once count as one.
                os.kill(os.getpid(), signal.SIGINT)
                threading.Event().wait(0.05)
        return None

del os.environ["PRESS"]
sys.meta_path.insert(0, Hang())
"""


def test_work_that_is_left_to_itself_does_not_keep_the_program_from_ending(tmp_path: Path) -> None:
    script = tmp_path / "mine.py"
    script.write_text("print('x:', 1)\n", encoding="utf-8")
    status, output, _ = pressed(tmp_path, IN_THE_THREAD_OF_THE_TABLE, "-", "run", str(script), "--runs", "1")
    assert (status, output) == (130, "")
