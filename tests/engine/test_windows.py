"""What is Windows' own and can be looked at elsewhere: the layout of structures, exit statuses, streams."""

import ctypes
import json
import signal
import struct
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from seedlab.engine.packing import observer_file
from seedlab.engine.platform.end_requests import interruptions
from seedlab.engine.platform.exits import exit_by_signal, exit_on_windows
from seedlab.engine.platform.windows_job import BasicLimits, ExtendedLimits, IoCounters, ProcessIds
from seedlab.engine.windowless import with_console
from tests.helpers.observing import environment, python_of


@pytest.mark.skipif(struct.calcsize("P") != 8, reason="NOT TESTED: the sizes are those of 64 bits")
def test_structures_have_the_layout_of_winnt_h() -> None:
    assert [ctypes.sizeof(each) for each in (BasicLimits, IoCounters, ExtendedLimits)] == [64, 48, 144]
    assert (BasicLimits.LimitFlags.offset, BasicLimits.ActiveProcessLimit.offset) == (16, 40)
    assert (ExtendedLimits.IoInfo.offset, ExtendedLimits.ProcessMemoryLimit.offset) == (64, 112)
    assert ProcessIds.ProcessIdList.offset == 8


def test_what_ends_a_process_of_windows_has_a_name() -> None:
    assert exit_on_windows(0).is_success
    assert (exit_on_windows(3).status, exit_on_windows(3).ended_by) == (3, "")
    assert exit_on_windows(0xFFFFFFFF).ended_by == "", "sys.exit(-1)"
    fault = exit_on_windows(0xC0000005)
    assert (fault.ended_by, fault.is_fault) == ("Windows for an access violation (0xC0000005)", True)
    assert exit_on_windows(0xC00000FD).exception == "a stack overflow"
    assert exit_on_windows(0xC0000135).hint == "perhaps the Visual C++ Redistributable is not installed"
    memory = exit_on_windows(0xC0000017)
    assert (memory.is_fault, memory.hint) == (False, "perhaps memory ran out")
    assert exit_on_windows(0xC000013A, 2) == exit_on_windows(0xC000013A, 2)
    assert exit_on_windows(0xC000013A, 2).killed == 2


@pytest.mark.skipif(sys.platform != "linux", reason="NOT TESTED: the names are those of Linux")
def test_signals_of_a_host_have_the_names_of_linux() -> None:
    for number in signal.valid_signals():
        if number <= 31:
            assert exit_by_signal(number).signal == signal.Signals(number).name
    assert exit_on_windows(-9).hint == "perhaps memory ran out"
    assert exit_on_windows(-40).ended_by == "the signal number 40"


@pytest.mark.parametrize("version", ["3.6", "3.7", "3.11"])
@pytest.mark.parametrize("chosen", [None, "latin-1:replace"])
def test_what_is_printed_to_a_pipe_is_printed_as_to_a_console(version: str, chosen: str | None, tmp_path: Path) -> None:
    """On Windows a pipe has the machine's code page, and here the one that this Python is told."""
    source = files("seedlab.observer").joinpath("console.py").read_text("utf-8")
    script = tmp_path / "script.py"
    script.write_text(
        source
        + "\nprint_as_there()\nprint('é→')\nprint('\\udce9', file=sys.stderr)\n"
        + "print(sys.stdout.encoding, sys.stdout is sys.__stdout__, sys.stdout.mode)\n",
        encoding="utf-8",
    )
    variables = {**environment(), "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    variables.pop("PYTHONIOENCODING", None)
    if chosen is not None:
        variables["PYTHONIOENCODING"] = chosen
    done = subprocess.run([python_of(version), str(script)], env=variables, capture_output=True, check=True)
    if chosen is None:
        assert done.stdout == "é→\nutf-8 True w\n".encode()
    else:
        assert done.stdout in (b"\xe9?\nlatin-1 True w\n", b"\xe9?\niso8859-1 True w\n")
    assert done.stderr == b"\\udce9\n"


@pytest.mark.parametrize("version", ["3.6", "3.7", "3.11"])
def test_a_spare_of_any_python_is_asked_by_standard_input(version: str, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("import sys\nprint('x:', 1, repr(sys.stdin.read()))\n", encoding="utf-8")
    answers, report = tmp_path / "answers", tmp_path / "report"
    command = [python_of(version), str(observer_file()), "spare", f"stdin:{answers}", '{"modules": ["random"]}']
    request = f'{{"report": "file:{report}", "mark": "MARK"}}\n{{"script": "{script}"}}\n'
    done = subprocess.run(command, input=request.encode(), env=environment(), capture_output=True, check=True)
    assert done.stdout == b"MARKx: 1 ''\n"
    assert done.stderr == b"MARK"
    assert json.loads(answers.read_text("ascii"))["ready"] is True
    assert b'"label": "x"' in report.read_bytes()


def test_a_spare_that_nobody_asks_ends(tmp_path: Path) -> None:
    """As when seedlab was ended: then there is nobody at the other end of its standard input."""
    command = [sys.executable, str(observer_file()), "spare", f"stdin:{tmp_path / 'answers'}", '{"modules": []}']
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=30)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_runs_have_the_python_with_a_console(tmp_path: Path) -> None:
    for name in ("pythonw.exe", "python.exe", "pythonw3.11.exe"):
        (tmp_path / name).touch()
    assert with_console(str(tmp_path / "pythonw.exe")) == str(tmp_path / "python.exe")
    assert with_console(str(tmp_path / "python.exe")) == str(tmp_path / "python.exe")
    # Where there is none beside it, it is better than nothing.
    assert with_console(str(tmp_path / "pythonw3.11.exe")) == str(tmp_path / "pythonw3.11.exe")


def test_a_console_that_is_closed_ends_as_a_terminal_that_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    # The signal of Windows under a number of this system.
    monkeypatch.setattr(signal, "SIGBREAK", signal.SIGUSR2, raising=False)
    statuses: list[int] = []
    with interruptions(statuses.append):
        signal.raise_signal(signal.SIGUSR2)
        signal.raise_signal(signal.SIGTERM)
    assert statuses == [129, 143]
    assert signal.getsignal(signal.SIGUSR2) is signal.SIG_DFL
