"""Output that cannot be encoded or written: no traceback, a clear line, and the right status."""

import json
import os
import subprocess
from pathlib import Path
from typing import IO

import pytest

from seedlab.documents.files import read_lab
from tests.helpers.command_line import COMMAND, seedlab, started

FULL = "seedlab: Standard output cannot be written: No space left on device."
BROKEN = "seedlab: Standard output cannot be written: Broken pipe."
PLAIN_C = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}


def own_script(folder: Path) -> str:
    script = folder / "Würfel.py"
    script.write_text("import random\nprint('y:', random.random())\nprint('x:', 1)\n", encoding="utf-8")
    return str(script)


def printed(arguments: list[str], environment: dict[str, str]) -> tuple[int, bytes, bytes]:
    env = {**os.environ, **environment}
    done = subprocess.run([*COMMAND, *arguments], capture_output=True, check=False, env=env)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    ("environment", "encoding", "shown"),
    [
        ({"PYTHONIOENCODING": "ascii"}, "ascii", r"W\xfcrfel.py - 2 runs"),
        ({"PYTHONIOENCODING": "cp1252"}, "cp1252", "Würfel.py · 2 runs"),
        (PLAIN_C, "ascii", r"W\udcc3\udcbcrfel.py - 2 runs"),
        ({"LC_ALL": "C"}, "utf-8", "Würfel.py · 2 runs"),
    ],
)
def test_what_an_encoding_lacks_is_replaced_and_the_table_stays_in_line(
    tmp_path: Path, environment: dict[str, str], encoding: str, shown: str
) -> None:
    status, output, errors = printed(["run", own_script(tmp_path), "--runs", "2"], environment)
    text = output.decode(encoding)
    assert status == 0, errors
    assert b"Traceback" not in errors
    sign = "≠" if encoding.startswith("utf") else "!="
    (row,) = [line for line in text.splitlines() if f"{sign} 2 of 2 differ" in line]
    (other,) = [line for line in text.splitlines() if "= repeats" in line and line.startswith("x")]
    assert shown in text
    assert row.index(sign) == other.index("="), "the columns begin where they begin in the other rows"
    assert row.index("B  0.") > row.index("A  0.") == other.index("C  1")


@pytest.mark.parametrize("environment", [{"PYTHONIOENCODING": "ascii"}, PLAIN_C])
def test_errors_and_help_are_replaced_too(environment: dict[str, str]) -> None:
    status, output, errors = printed(["run", "würfel"], environment)
    assert (status, output) == (2, b"")
    assert errors.startswith(b'seedlab: There is no preset "w')
    assert errors.isascii()
    assert errors.count(b"\n") == 1
    for command in (["--help"], ["run", "--help"], ["dance"]):
        status, output, errors = printed(command, environment)
        assert status == (2 if command == ["dance"] else 0)
        assert (output + errors).isascii()
        assert b"Traceback" not in errors


COMMANDS = [["list"], ["script", "random"], ["--help"], ["run", "--help"], ["--version"]]


@pytest.mark.parametrize("buffering", [{"PYTHONUNBUFFERED": ""}, {"PYTHONUNBUFFERED": "1"}])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_full_disk_is_said_in_one_line(command: list[str], buffering: dict[str, str]) -> None:
    with open("/dev/full", "wb") as full, started(*command, stdout=full, environment=buffering) as process:
        _, errors = process.communicate()
    assert process.returncode == 1
    assert errors.startswith(FULL)
    assert errors.count("\n") == 1


def closed_pipe() -> IO[bytes]:
    """A pipe that nobody reads."""
    reading, writing = os.pipe()
    os.close(reading)
    return os.fdopen(writing, "wb")


@pytest.mark.parametrize("buffering", [{"PYTHONUNBUFFERED": ""}, {"PYTHONUNBUFFERED": "1"}])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_broken_pipe_is_said_in_one_line(command: list[str], buffering: dict[str, str]) -> None:
    with closed_pipe() as pipe, started(*command, stdout=pipe, environment=buffering) as process:
        _, errors = process.communicate()
    assert process.returncode == 1
    assert errors.startswith(BROKEN)
    assert errors.count("\n") == 1


@pytest.mark.parametrize("options", [[], ["--json", "-"]])
@pytest.mark.parametrize("is_full", [True, False])
def test_files_are_written_though_the_output_cannot_be(tmp_path: Path, options: list[str], is_full: bool) -> None:
    files = ["--export", str(tmp_path / "lab.seedlab"), "--export", str(tmp_path / "a.png")]
    with (
        open("/dev/full", "wb") if is_full else closed_pipe() as output,
        started("run", "random", "--runs", "2", *files, *options, stdout=output) as process,
    ):
        _, errors = process.communicate()
    assert process.returncode == 1
    assert (FULL if is_full else BROKEN) in errors
    assert "Traceback" not in errors
    assert "Exception" not in errors
    for name in ("lab.seedlab", "a.png"):
        assert len(read_lab(tmp_path / name).columns[0].runs) == 2


@pytest.mark.parametrize("is_full", [True, False])
def test_results_are_printed_though_errors_cannot_be(is_full: bool) -> None:
    with (
        open("/dev/full", "wb") if is_full else closed_pipe() as errors,
        started("run", "random", "--runs", "2", "--json", "-", stderr=errors) as process,
    ):
        output, _ = process.communicate()
    assert process.returncode == 0
    assert len(json.loads(output)["experiments"][0]["runs"]) == 2
    for command, status in ((["run", "nothing"], 2), (["dance"], 2)):
        with (
            open("/dev/full", "wb") if is_full else closed_pipe() as errors,
            started(*command, stderr=errors) as process,
        ):
            output, _ = process.communicate()
        assert (process.returncode, output) == (status, "")


@pytest.mark.parametrize(
    ("closed", "arguments", "status"),
    [
        (">&-", ["list"], 0),
        (">&-", ["run", "random", "--runs", "2"], 0),
        ("2>&-", ["run", "random", "--runs", "2", "--json", "-"], 0),
        ("2>&-", ["run", "nothing"], 2),
        (">&- 2>&-", ["run", "random", "--runs", "2"], 0),
    ],
)
def test_a_stream_that_was_closed_before_is_one_that_nobody_wants(
    closed: str, arguments: list[str], status: int
) -> None:
    command = ["sh", "-c", f'"$@" {closed}', "sh", *COMMAND, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == status, done.stderr
    assert "Traceback" not in done.stderr
    if "--json" in arguments:
        assert json.loads(done.stdout)["format"] == "seedlab"
    else:
        assert done.stdout == ""


def test_a_file_that_cannot_be_written_in_the_end_is_said_with_status_1(tmp_path: Path) -> None:
    # The script itself puts a folder where the file was to be.
    script = tmp_path / "mine.py"
    script.write_text(
        f"import os\nos.makedirs({str(tmp_path / 'a.csv')!r}, exist_ok=True)\nprint('x:', 1)\n", encoding="utf-8"
    )
    files = ["--export", str(tmp_path / "a.csv"), "--export", str(tmp_path / "a.md")]
    done = seedlab("run", str(script), "--runs", "2", *files)
    assert done.returncode == 1
    assert "a.csv cannot be written: it is not a file." in done.stderr
    assert "Every draw repeats in every run." in done.stdout
    assert (tmp_path / "a.md").exists()
