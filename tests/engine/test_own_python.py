"""No program is taken for a Python that is none: seedlab would start itself, again and again."""

import asyncio
import sys
from pathlib import Path

import pytest

from seedlab.engine.found_pythons import found_pythons
from seedlab.engine.own_python import is_seedlab, own_python
from seedlab.engine.platform import PLATFORM
from seedlab.engine.pythons import ask_versions, find_executable
from seedlab.errors import InterpreterError


@pytest.fixture
def counted(tmp_path: Path) -> Path:
    """A folder for programs that write a line to ``starts`` beside them whenever they are started."""
    (tmp_path / "starts").touch()
    return tmp_path


def program(folder: Path, name: str) -> Path:
    """A program that counts its starts, and is seedlab's command all the same."""
    path = folder / name
    path.write_text(f'#!/bin/sh\necho start >> "{folder}/starts"\nexec "{sys.executable}" -m seedlab "$@"\n')
    path.chmod(0o755)
    return path


def starts(folder: Path) -> int:
    return len((folder / "starts").read_text().splitlines())


@pytest.mark.parametrize("name", ["seedlab", "Seedlab", "seedlab.exe", "Lab", "SeedLab-1.0.exe"])
def test_a_program_that_has_python_inside_is_never_started_as_one(
    counted: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    python = sys.executable
    PLATFORM.close()
    monkeypatch.setattr(sys, "executable", str(program(counted, name)))
    with pytest.raises(InterpreterError, match="not a Python that can be started"):
        find_executable(None)
    # What starts all processes is not started either, for whatever Python, at the first try and at the second.
    for _ in range(2):
        with pytest.raises(InterpreterError, match="not a Python that can be started"):
            asyncio.run(ask_versions(python))
    assert starts(counted) == 0


@pytest.mark.parametrize("executable", ["", None])
def test_a_program_that_does_not_know_its_path_is_said(monkeypatch: pytest.MonkeyPatch, executable: str | None) -> None:
    monkeypatch.setattr(sys, "executable", executable)
    with pytest.raises(InterpreterError, match="does not know its own path"):
        own_python()


def test_a_frozen_program_is_none_whatever_it_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    with pytest.raises(InterpreterError):
        own_python()


@pytest.mark.parametrize(
    "name", ["python", "python3.13t", "pythonw.exe", "Python", "pypy3.11", "python3-dbg", "graalpy"]
)
def test_the_names_of_pythons_are_known(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / name))
    assert own_python() == str(tmp_path / name)


def test_seedlab_s_command_is_not_chosen_as_a_python_by_whatever_name(counted: Path) -> None:
    command = program(counted, "seedlab")
    link = counted / "python3"
    link.symlink_to(command)
    for path in (command, link):
        assert is_seedlab(path)
        with pytest.raises(InterpreterError, match="is seedlab itself, not a Python"):
            find_executable(str(path))
    assert found_pythons({"PATH": str(counted)}, counted) == ()
    assert starts(counted) == 0


def test_a_python_that_is_seedlab_in_disguise_is_started_once_and_opens_nothing(counted: Path) -> None:
    disguised = program(counted, "python3")
    with pytest.raises(InterpreterError, match="is not a Python that can be used"):
        asyncio.run(ask_versions(str(disguised)))
    assert starts(counted) == 1


def test_the_own_command_s_windowed_twin_on_windows_is_seedlab_too() -> None:
    assert is_seedlab(Path("seedlabw.exe"))
    assert not is_seedlab(Path("seedlab-python"))
