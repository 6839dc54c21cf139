"""What a person asks of a new environment, as requirements, limits and a name."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from seedlab.errors import EnvironmentRefusedError
from seedlab.results.environment import Interpreter
from seedlab.results.environments import Offer, Package
from seedlab.session.environments import Asked, possible_bases, requirements_of, title_of, wanted_of

PYTHON = Interpreter(executable="/usr/bin/python3.10", python="3.10.13")


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (Asked("tensorflow"), ("tensorflow",)),
        (Asked("tensorflow", "newest"), ("tensorflow",)),
        # The newest of these.
        (Asked("tensorflow", "2.15"), ("tensorflow==2.15.*",)),
        (Asked("tensorflow", " 2.15.1 "), ("tensorflow==2.15.1",)),
        (Asked("tensorflow", "2.21.0rc0"), ("tensorflow==2.21.0rc0",)),
        (Asked("tensorflow", ">=2.10, <2.12"), ("tensorflow>=2.10, <2.12",)),
        (Asked("numpy", "1.26", "scipy<1.12, pandas >= 2 , < 3"), ("numpy==1.26.*", "scipy<1.12", "pandas>=2,<3")),
        # Keras computes nothing by itself.
        (Asked("keras", "3"), ("keras==3.*", "tensorflow")),
        (Asked("keras", "2.15", "tensorflow-cpu==2.15.1"), ("keras==2.15.*", "tensorflow-cpu==2.15.1")),
        (
            Asked(packages="jax[cpu]==0.4.30 own @ https://host/own.whl"),
            ("jax[cpu]==0.4.30", "own@https://host/own.whl"),
        ),
    ],
)
def test_what_is_chosen_and_written_becomes_requirements(asked: Asked, expected: tuple[str, ...]) -> None:
    assert requirements_of(asked) == expected


@pytest.mark.parametrize("asked", [Asked(), Asked("numpy", "1.26 --pre"), Asked(packages="--index-url http://host")])
def test_what_names_no_package_is_refused(asked: Asked) -> None:
    with pytest.raises(EnvironmentRefusedError):
        requirements_of(asked)


@pytest.mark.parametrize(
    ("requirements", "version", "limits"),
    [
        (("tensorflow==2.15.*",), "2.15.1", ()),
        (("tensorflow<2.12",), "2.11.1", ("numpy<2",)),
        (("tensorflow==2.8.4",), "2.8.4", ("protobuf<3.21", "numpy<2")),
        (("tensorflow==1.15.5", "numpy==1.16"), "1.15.5", ("protobuf<3.21",)),
        (("numpy==1.26.4",), "1.26.4", ()),
    ],
)
def test_old_releases_get_what_they_need_and_do_not_say(
    requirements: tuple[str, ...], version: str, limits: tuple[str, ...]
) -> None:
    assert wanted_of(requirements, Offer(PYTHON, version)).limits == limits


def test_it_is_called_by_what_it_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    offer = Offer(PYTHON, "2.15.1")
    assert wanted_of(("tensorflow==2.15.*",), offer).name == "tensorflow-2.15.1-py3.10"
    (tmp_path / "seedlab/environments/tensorflow-2.15.1-py3.10").mkdir(parents=True)
    assert wanted_of(("tensorflow==2.15.*",), offer).name == "tensorflow-2.15.1-py3.10-2"
    assert wanted_of(("tensorflow==2.15.*",), offer, "mine").name == "mine"
    packages = (Package("absl-py", "1"), Package("tensorflow", "2.15.1"))
    assert title_of(("tensorflow",), packages, "3.10.13") == "TensorFlow 2.15.1 (Python 3.10)"


def test_the_folder_that_seedlab_is_in_may_be_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    for name in ("PYENV_ROOT", "UV_PYTHON_INSTALL_DIR", "VIRTUAL_ENV", "CONDA_PREFIX"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    found = asyncio.run(possible_bases())
    assert os.path.realpath(sys.executable) in [each.executable for each in found]


def test_an_environment_that_has_a_copy_of_its_python_is_made_of_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    base = os.path.realpath(sys.executable)
    # On Windows all are such.
    subprocess.run([base, "-m", "venv", "--copies", "--without-pip", str(tmp_path / ".venv")], check=True)
    monkeypatch.chdir(tmp_path)
    assert [os.path.realpath(each.executable) for each in asyncio.run(possible_bases())] == [base]
