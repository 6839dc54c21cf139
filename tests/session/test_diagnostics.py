"""What is copied when a person asks for help: all versions and licences, and nothing that is theirs."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from seedlab import __version__
from seedlab.errors import InterpreterError
from seedlab.results.environment import Device
from seedlab.session.diagnostics import PACKAGES, diagnostics
from tests.helpers.interpreters import interpreter

ROOT = Path(__file__).parents[2]


def test_it_names_every_package_that_seedlab_needs_with_its_licence() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        needed = tomllib.load(file)["project"]["dependencies"]
    assert {re.match(r"[\w-]+", text)[0] for text in needed} == set(PACKAGES)  # type: ignore[index]
    lines = diagnostics(None).splitlines()
    assert lines[0] == f"seedlab {__version__} (MIT)"
    # TensorFlow has no wheel for every Python.
    there = {each.name for each in map(Requirement, needed) if each.marker is None or each.marker.evaluate()}
    for name in [each for each in PACKAGES if each in there]:
        (line,) = [line for line in lines if line.startswith(f"{name} ")]
        assert re.fullmatch(rf"{name} \d[\w.]* \(.+\)", line)
        assert "not stated" not in line


def test_it_says_which_python_makes_the_runs() -> None:
    found = interpreter("/usr/bin/python3", "3.11.7", numpy="2.0", devices=(Device("CPU:0"),), no_gpu_reason="none")
    text = diagnostics(found)
    assert "The interpreter for runs: Python 3.11.7 · NumPy 2.0, /usr/bin/python3\n" in text
    assert "Its devices: CPU:0\nNo GPU: none\n" in text
    assert "has not answered yet" in diagnostics(None)
    assert "The interpreter for runs: It is broken. Mend it.\n" in diagnostics(
        InterpreterError("It is broken.", "Mend it.")
    )


def test_nothing_personal_is_in_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PYTHONPATH", "/secret/place")
    text = diagnostics(interpreter(str(tmp_path / "env" / "bin" / "python"), "3.11.7"))
    assert str(tmp_path) not in text
    assert "~/env/bin/python" in text
    assert "Recovery: ~/" in text
    assert "secret" not in text
    assert re.search(r"Set: .*PYTHONPATH", text)
