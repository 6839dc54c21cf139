"""Fixtures of all tests: a quick environment for children, and the interpreters that runs are executed by."""

import os
import subprocess
import sys
import venv
from collections.abc import Generator
from pathlib import Path

import hypothesis
import pytest

from tests.helpers.signals import heed_signals
from tests.helpers.turns import turn

heed_signals()
# Children inherit it, and TensorFlow imports three times slower without bytecode.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# Two screens, one below the other, because a talk uses both.
SCREENS = Path(__file__).parent / "helpers" / "screens.json"
if os.environ.get("QT_QPA_PLATFORM", "offscreen") == "offscreen":
    os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={SCREENS}"
# Tests ask for the English texts, whatever language the person who executes them speaks.
os.environ["SEEDLAB_LANGUAGE"] = "en"
# TensorFlow writes pages about the CPU to standard error.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

# A worker of pytest-xdist has a width of its own, which is not that of the terminal.
os.environ.pop("COLUMNS", None)

# A busy machine is slow now and then, which is no fault of what is tested.
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")

TF1_VARIABLE = "SEEDLAB_TF1_PYTHON"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Let a test that is marked as alone have the machine to itself."""
    with turn(alone=item.get_closest_marker("alone") is not None):
        return (yield)


@pytest.fixture(scope="session")
def tf1_python() -> str:
    """A Python with TensorFlow 1.15; where there is none, the tests that need it are skipped and say so."""
    executable = os.environ.get(TF1_VARIABLE, "")
    if not executable:
        pytest.skip(f"NOT TESTED ON TENSORFLOW 1.15: {TF1_VARIABLE} names no Python 3.7 with tensorflow 1.15.5")
    command = [executable, "-c", "import tensorflow; print(tensorflow.__version__)"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.stdout.startswith("1.15"), f"{TF1_VARIABLE}={executable} has no TensorFlow 1.15:\n{answer.stderr}"
    return executable


@pytest.fixture(scope="session")
def bare_python(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A Python that has nothing but its standard library."""
    folder = tmp_path_factory.mktemp("bare")
    venv.create(folder, with_pip=False)
    return str(folder / "bin" / "python")


@pytest.fixture
def python_with(tmp_path: Path) -> "PythonWith":
    return PythonWith(tmp_path)


class PythonWith:
    """Makes a Python whose ``tensorflow`` is the given source: for libraries that are broken in some way."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def tensorflow(self, source: str) -> str:
        venv.create(self._folder / "venv", with_pip=False)
        packages = (
            self._folder / "venv" / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"
        )
        for package, text in (("numpy", "__version__ = '0'"), ("tensorflow", source)):
            (packages / package).mkdir()
            (packages / package / "__init__.py").write_text(text, encoding="utf-8")
        return str(self._folder / "venv" / "bin" / "python")
