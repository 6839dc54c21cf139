"""``seedlab sweep --export``: the histogram of one draw."""

import sys
from pathlib import Path

import pytest
from PIL import Image

from tests.helpers.command_line import seedlab

SCRIPT = "import random\nrandom.seed(42)\nprint('loss:', random.random())\nprint('name:', 'x')\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "train.py").write_text(SCRIPT, encoding="utf-8")
    return tmp_path


def sweep(*options: str) -> tuple[int, str, str]:
    command = ("train.py", "--seeds", "0..19", "--keep", "kept", "--python", sys.executable)
    ended = seedlab("sweep", *command, *options)
    return ended.returncode, ended.stdout, ended.stderr


def test_the_histogram_is_drawn(folder: Path) -> None:
    status, told, _ = sweep("--draw", "loss", "--export", "loss.png")
    assert status == 0
    with Image.open(folder / "loss.png") as image:
        assert image.size == (2560, 1440)
    # What was made is not made again.
    assert sweep("--draw", "loss", "--export", "loss.svg")[0] == 0
    drawn = (folder / "loss.svg").read_text(encoding="utf-8")
    assert "seed 42, with " in drawn
    assert ">seed 42<" in drawn
    assert "20 runs" in told or "21 runs" in told
    assert "turned to 0..19" in drawn


def test_it_is_refused_before_the_runs(folder: Path) -> None:
    status, _, problem = sweep("--export", "loss.png")
    assert status == 2
    assert "--draw" in problem
    status, _, problem = sweep("--draw", "loss", "--draw", "name", "--export", "loss.png")
    assert (status, "one draw" in problem) == (2, True)
    status, _, problem = sweep("--draw", "loss", "--export", "loss.gif")
    assert (status, ".svg" in problem) == (2, True)
    assert not (folder / "kept").exists()


def test_a_draw_without_numbers_has_no_histogram(folder: Path) -> None:
    status, _, problem = sweep("--draw", "name", "--export", "name.png")
    assert status == 1
    assert "no run drew a number" in problem
    assert not (folder / "name.png").exists()
