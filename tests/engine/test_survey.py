"""A survey of real Pythons: one with TensorFlow 1.15, the project's own, one with nothing, and what is none."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from seedlab.engine import survey
from seedlab.engine.survey import Seen, surveyed

Known = dict[str, tuple[int, ...]]


def seen(near: list[str], chosen: list[str], known: Known | None = None) -> dict[str, Seen]:
    async def collect() -> dict[str, Seen]:
        return {each.executable: each async for each in surveyed(near, chosen, known or {})}

    return asyncio.run(collect())


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder and a path in which nothing lies."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    for name in ("VIRTUAL_ENV", "CONDA_PREFIX", "PYENV_ROOT", "WORKON_HOME", "MAMBA_ROOT_PREFIX"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def script_at(path: Path, text: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return str(path)


def test_each_answers_and_what_is_no_python_is_known_as_such(
    alone: Path, monkeypatch: pytest.MonkeyPatch, tf1_python: str, bare_python: str
) -> None:
    monkeypatch.setattr(survey, "TIMEOUT_S", 2.0)
    monkeypatch.setenv("WORKON_HOME", str(Path(tf1_python).parents[2]))
    broken = script_at(alone / "bin/python3", "#!/bin/sh\necho no >&2; exit 3\n")
    hanging = script_at(alone / "bin/python3.9", "#!/bin/sh\nexec tail -f /dev/null\n")
    project = Path(sys.prefix).parent
    found = seen([str(project)], [bare_python])
    assert next(iter(found)) == bare_python, "those that a person chose are asked first"
    answers = {
        path: None if each.interpreter is None else each.interpreter.version("tensorflow")
        for path, each in found.items()
    }
    assert answers[bare_python] == ""
    assert any(
        os.path.dirname(path) == os.path.dirname(tf1_python) and version == "1.15.5"
        for path, version in answers.items()
    )
    own = next(path for path in answers if Path(path).is_relative_to(project))
    assert answers[own]
    assert (answers[broken], answers[hanging]) == (None, None)
    # What is as it was is not asked again.
    stamps = {path: each.stamp for path, each in found.items()}
    assert seen([str(project)], [bare_python], stamps) == {}
    assert list(seen([str(project)], [bare_python], {**stamps, own: (0,)})) == [own]


def test_a_package_that_is_installed_later_is_noticed(alone: Path) -> None:
    folder = alone / "env"
    python = script_at(folder / "bin/python3", "#!/bin/sh\nexit 1\n")
    (folder / "pyvenv.cfg").write_text("")
    packages = folder / "lib/python3.12/site-packages"
    packages.mkdir(parents=True)
    os.utime(packages, ns=(10**18, 10**18))
    stamps = {path: each.stamp for path, each in seen([], [python]).items()}
    assert seen([], [python], stamps) == {}
    (packages / "numpy").mkdir()
    assert list(seen([], [python], stamps)) == [python]


@pytest.mark.parametrize("folder", ["home/.local/lib/python3.12/site-packages", "base/lib/python3.12/site-packages"])
def test_a_package_that_a_user_installs_for_themselves_is_noticed(
    alone: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    monkeypatch.setenv("PYTHONUSERBASE", str(alone / "base"))
    python = script_at(alone / "bin/python3", "#!/bin/sh\nexit 1\n")
    packages = alone / folder
    packages.mkdir(parents=True)
    os.utime(packages, ns=(10**18, 10**18))
    stamps = {path: each.stamp for path, each in seen([], []).items()}
    assert list(stamps) == [python]
    assert seen([], [], stamps) == {}
    (packages / "numpy").mkdir()
    assert list(seen([], [], stamps)) == [python]


def test_one_that_was_never_there_is_passed_over_and_one_that_is_gone_is_said(alone: Path) -> None:
    assert seen([], [str(alone / "gone/python3")]) == {}
    python = script_at(alone / "bin/python3", "#!/bin/sh\nexit 1\n")
    stamps = {path: each.stamp for path, each in seen([], []).items()}
    os.remove(python)
    assert seen([], [], stamps) == {python: Seen(python, (), None)}
