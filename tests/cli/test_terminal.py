"""The table in terminals of all widths: no digit is cut away."""

import fcntl
import json
import os
import pty
import struct
import subprocess
import termios
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import ArrayLike

from seedlab.analysis.analyst import analyse
from seedlab.cli.terminal import columns_text
from seedlab.results.draw_text import brief_text
from seedlab.results.run import Draw
from tests.helpers.command_line import COMMAND, seedlab
from tests.helpers.values import column, runs

WIDTHS = (40, 60, 80, 120)
SOURCE = """
import numpy
print('x:', numpy.random.rand(3))
print('y:', numpy.random.rand())
print('a label that is longer than most:', numpy.float32(0.25))
"""


def own_script(folder: Path) -> str:
    script = folder / "mine.py"
    script.write_text(SOURCE, encoding="utf-8")
    return str(script)


def digits_of(document: Path) -> list[str]:
    """All numbers that were drawn, as they are to be shown."""
    (experiment,) = json.loads(document.read_bytes())["experiments"]
    values = [
        np.array(draw["values"], dtype=draw["dtype"]).reshape(draw["shape"])
        for run in experiment["runs"] for draw in run["draws"]
    ]  # fmt: skip
    drawn = [Draw(label="", dtype=str(value.dtype), shape=value.shape, data=value.tobytes()) for value in values]
    return [number for draw in drawn for number in brief_text(draw).strip("[]").split()]


def assert_whole(text: str, width: int, numbers: list[str]) -> None:
    assert len(numbers) == 15
    words = text.replace("[", " ").replace("]", " ").split()
    for number in numbers:
        assert number in words
    assert "…" not in text
    assert max(map(len, text.splitlines())) <= width
    assert "a label that is longer than most" in " ".join(words)


@pytest.mark.parametrize("width", WIDTHS)
def test_every_digit_is_there_at_any_width(tmp_path: Path, width: int) -> None:
    document = tmp_path / "lab.json"
    done = seedlab("run", own_script(tmp_path), "--runs", "3", "--json", str(document), COLUMNS=str(width))
    assert done.returncode == 0, done.stderr
    assert_whole(done.stdout, width, digits_of(document))
    assert not [line for line in done.stdout.splitlines() if line.endswith(" ")]


@pytest.mark.parametrize("width", WIDTHS)
def test_every_digit_is_there_in_a_real_terminal(tmp_path: Path, width: int) -> None:
    document = tmp_path / "lab.json"
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
    environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    command = [*COMMAND, "run", own_script(tmp_path), "--runs", "3", "--json", str(document)]
    with subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=subprocess.PIPE, env={**environment, "TERM": "dumb"}
    ) as process:
        os.close(theirs)
        shown = _read_all(ours)
        process.communicate()
    assert process.returncode == 0
    assert_whole(shown.replace("\r\n", "\n"), width, digits_of(document))


def _read_all(descriptor: int) -> str:
    data = b""
    # A terminal that nobody else has open any more answers with an error.
    while piece := _read(descriptor):
        data += piece
    os.close(descriptor)
    return data.decode()


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65536)
    except OSError:
        return b""


def printed(capsys: pytest.CaptureFixture[str], *draws: Mapping[str, ArrayLike]) -> str:
    made = [column(*runs(*draws))]
    print(columns_text(made, analyse(made)), end="")
    return capsys.readouterr().out


def test_side_by_side_where_there_is_room_and_below_each_other_where_there_is_none(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    draws: list[Mapping[str, ArrayLike]] = [{"x": [0.1, 0.25]}, {"x": [0.1, 0.75]}]
    monkeypatch.setenv("COLUMNS", "60")
    assert "x      ≠ 2 of 2 differ   A  [0.1 0.25]   B  [0.1 0.75]\n" in printed(capsys, *draws)
    monkeypatch.setenv("COLUMNS", "40")
    assert "x  ≠ 2 of 2 differ\n  A  run 1  [0.1 0.25]\n  B  run 2  [0.1 0.75]\n" in printed(capsys, *draws)


def test_a_difference_in_the_middle_that_is_left_out_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    one, other = list(range(20)), list(range(20))
    other[9] = -1
    text = printed(capsys, {"x": one}, {"x": other})
    assert "A  [0. 1. ... 18. 19.], [9] 9." in text
    assert "B  [0. 1. ... 18. 19.], [9] -1." in text
    assert "[9]" not in printed(capsys, {"x": one}, {"x": one})


def test_a_run_without_a_draw_has_a_cross(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for width in ("100", "20"):
        monkeypatch.setenv("COLUMNS", width)
        assert "×" in printed(capsys, {"x": 1, "y": 2}, {"x": 1})
