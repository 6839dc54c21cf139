"""Pythons in the places where people and their managers put them."""

import os
import sys
from pathlib import Path

import pytest

from seedlab.engine.found_pythons import MOST, found_pythons


def python_at(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def environment_at(folder: Path, python: Path) -> Path:
    """A virtual environment: its Python is a link."""
    (folder / "bin").mkdir(parents=True)
    (folder / "pyvenv.cfg").write_text("home = /usr\n")
    (folder / "bin/python3").symlink_to(python)
    (folder / "bin/python").symlink_to("python3")
    return folder / "bin/python3"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    return home


@pytest.mark.parametrize(
    "place",
    [
        ".pyenv/versions/3.7.16/bin/python3",
        ".virtualenvs/study/bin/python3",
        ".local/share/virtualenvs/study-abc/bin/python3",
        "miniforge3/bin/python3",
        "miniconda3/envs/tf1/bin/python3",
        "micromamba/envs/tf1/bin/python3",
        ".local/share/uv/python/cpython-3.13.1-linux-x86_64-gnu/bin/python3",
    ],
)
def test_managers_put_pythons_below_the_home_folder(home: Path, place: str) -> None:
    python = python_at(home / place)
    assert found_pythons({}, home) == (str(python),)


@pytest.mark.parametrize(
    ("variable", "place"),
    [
        ("PYENV_ROOT", "versions/3.7.16/bin/python3"),
        ("WORKON_HOME", "study/bin/python3"),
        ("MAMBA_ROOT_PREFIX", "envs/tf1/bin/python3"),
        ("CONDA_PREFIX", "bin/python3"),
        ("VIRTUAL_ENV", "bin/python3"),
        ("UV_PYTHON_INSTALL_DIR", "cpython-3.13/bin/python3"),
        ("PATH", "python3.12"),
    ],
)
def test_variables_say_where_they_are(tmp_path: Path, home: Path, variable: str, place: str) -> None:
    python = python_at(tmp_path / "elsewhere" / place)
    assert found_pythons({variable: str(tmp_path / "elsewhere")}, home) == (str(python),)


def test_conda_lists_its_environments(tmp_path: Path, home: Path) -> None:
    python = python_at(tmp_path / "work/env/bin/python3")
    (home / ".conda").mkdir()
    (home / ".conda/environments.txt").write_text(f"{tmp_path / 'work/env'}\n\n{tmp_path / 'gone'}\n")
    assert found_pythons({}, home) == (str(python),)


def test_names_of_one_python_are_listed_once_and_environments_made_with_it_by_themselves(
    tmp_path: Path, home: Path
) -> None:
    python = python_at(tmp_path / "bin/python3.12")
    (tmp_path / "bin/python3").symlink_to(python)
    (tmp_path / "bin/python3-config").symlink_to(python)
    project = tmp_path / "project"
    venv = environment_at(project / ".venv", python)
    found = found_pythons({"PATH": str(tmp_path / "bin")}, home, [project])
    assert found == (str(venv), str(tmp_path / "bin/python3")), "the project's own comes first"


def test_what_is_no_python_or_only_chooses_one_is_left_out(tmp_path: Path, home: Path) -> None:
    shims = tmp_path / "shims"
    python_at(shims / "python3")
    folder = tmp_path / "bin"
    python_at(folder / "pythonic")
    python_at(folder / "python3").write_text("")
    (folder / "python3.9").write_text("no program")
    (folder / "python3.10").mkdir()
    (folder / "python3.11").symlink_to(folder / "gone")
    assert found_pythons({"PATH": os.pathsep.join([str(shims), str(folder), "", "/no/such/folder"])}, home) == ()


def test_the_list_is_bounded(home: Path) -> None:
    for number in range(MOST + 10):
        python_at(home / f".pyenv/versions/3.7.{number}/bin/python3")
    assert len(found_pythons({}, home)) == MOST


def test_the_project_s_own_is_found_here(home: Path) -> None:
    found = found_pythons(os.environ, home, [Path(sys.prefix).parent])
    assert os.path.realpath(sys.executable) in map(os.path.realpath, found)
