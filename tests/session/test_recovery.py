"""What is kept for the next start: it comes back whole, and what another seedlab left is recognised."""

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from seedlab.session import recovery
from seedlab.study.lab import Lab
from tests.helpers.documents import influenced_lab, whole_lab


@pytest.fixture
def left(tmp_path: Path) -> Path:
    """The path of a process that has ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return tmp_path / f"recovery-{process.pid}.lab"


@pytest.mark.parametrize("lab", [whole_lab(), influenced_lab()])
def test_a_lab_comes_back_whole(left: Path, lab: Lab) -> None:
    recovery.write(left, lab)
    assert recovery.left_behind(left.parent) == [left]
    assert recovery.read([left]) == lab


def test_what_a_process_that_lives_keeps_is_its_own(tmp_path: Path) -> None:
    recovery.write(recovery.own_path(tmp_path), whole_lab())
    assert recovery.left_behind(tmp_path) == []


@pytest.mark.parametrize("data", [b"", b"\x93nothing of the kind", msgspec.msgpack.encode(Lab.of([])), b"\n" * 99])
def test_what_is_of_no_known_layout_is_found_and_not_read(left: Path, data: bytes) -> None:
    left.write_bytes(data)
    assert recovery.left_behind(left.parent) == [left]
    assert recovery.read([left]) is None


def test_an_older_layout_is_not_read_and_a_newer_one_left_alone(left: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recovery.write(left, whole_lab())
    data = left.read_bytes()
    monkeypatch.setattr(recovery, "FORMAT", recovery.FORMAT + 1)
    assert recovery.left_behind(left.parent) == [left]
    assert recovery.read([left]) is None
    monkeypatch.undo()
    monkeypatch.setattr(recovery, "FORMAT", recovery.FORMAT - 1)
    assert recovery.left_behind(left.parent) == []
    assert recovery.read([left]) is None
    assert os.listdir(left.parent) == [left.name]
    assert left.read_bytes() == data


def test_the_first_that_is_whole_is_read(left: Path) -> None:
    other = left.with_name("recovery-0.lab")
    recovery.write(left, whole_lab())
    other.write_bytes(left.read_bytes()[:-9])
    assert recovery.read([other, left]) == whole_lab()
