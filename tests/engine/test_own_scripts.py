"""What is read of a person's own program before it is started: what can be imported, and what rules that out."""

from pathlib import Path

import pytest

from seedlab.engine.executors.choice import StartChoice, choose
from seedlab.engine.executors.executor import Start
from seedlab.engine.executors.own_scripts import imports_of_program, names_beside
from seedlab.engine.request import RunRequest

TF = ("tensorflow", "numpy.random")
KERAS = ("keras", "numpy.random")


def imports_of(folder: Path, script: str, **modules: str) -> tuple[tuple[str, ...], str]:
    for name, text in modules.items():
        path = folder / f"{name.replace('__', '/')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    path = folder / "train.py"
    path.write_text(script)
    found = imports_of_program(str(path), str(folder), script)
    return found.modules, found.reason


@pytest.mark.parametrize(
    ("script", "modules"),
    [
        ("import os\nimport tensorflow as tf\nclass A: pass\nif __name__ == '__main__':\n    print(1)\n", TF),
        ("import argparse, logging\nfrom keras import layers\nlog = logging.getLogger(__name__)\n", KERAS),
        ("'''What it is.'''\nimport tensorflow as tf\nmodel = tf.keras.Sequential()\n", (*TF, "keras")),
        ("from tensorflow import keras\n", (*TF, "keras")),
        ("SIZE = 3\nfrom pathlib import Path\nHERE = Path(__file__).parent\nimport numpy as np\n", ("numpy", TF[1])),
        ("try:\n    import tensorflow as tf\nexcept ImportError:\n    tf = None\n", TF),
    ],
)
def test_the_imports_of_everyday_scripts_are_prepared(tmp_path: Path, script: str, modules: tuple[str, ...]) -> None:
    assert imports_of(tmp_path, script) == (modules, "")


def test_imports_of_modules_beside_it_are_prepared_too(tmp_path: Path) -> None:
    script = "import data\nfrom models import dense\nimport random\n"
    found = imports_of(
        tmp_path, script, data="import numpy as np\n", models____init__="", models__dense="import keras\n"
    )
    assert found == (("numpy", "numpy.random", "keras", "random"), "")


@pytest.mark.parametrize(
    ("script", "modules", "reason"),
    [
        ("import os\nos.environ['A'] = str(1)\nimport keras\n", {},
         "train.py, line 2: it does something before it imports keras"),
        ("import setup\nimport keras\n", {"setup": "import os\nos.environ.pop('A', '1')\n"},
         "setup.py, line 2: it does something before it imports keras"),
        ("import warnings\nwarnings.simplefilter('ignore')\nimport keras\n", {},
         "train.py, line 2: it does something before it imports keras"),
        ("import noise\nimport keras\n", {"noise": "import random\nrandom.seed(1)\n"},
         "noise.py, line 2: it does something before it imports keras"),
        ("import math\n", {}, "it imports nothing that takes time"),
        ("import keras keras\n", {}, "it imports nothing that takes time"),
    ],
)  # fmt: skip
def test_what_would_change_an_import_goes_cold(
    tmp_path: Path, script: str, modules: dict[str, str], reason: str
) -> None:
    assert imports_of(tmp_path, script, **modules) == ((), reason)


def test_variables_that_are_set_before_an_import_are_given_to_whatever_imports_before(tmp_path: Path) -> None:
    script = (
        "import os\nos.environ['A'] = '1'\nos.environ.setdefault('B', '2')\nimport noise\nimport keras\n"
        "os.environ['LATER'] = '3'\ndef main():\n    os.environ['D'] = str(4)\n"
    )
    assert imports_of(tmp_path, script, noise="from os import environ\nenviron['C'] = '3'\n") == (KERAS, "")
    found = imports_of_program(str(tmp_path / "train.py"), str(tmp_path), script)
    assert found.variables == (("A", "1"), ("B", "2"), ("C", "3"))


def test_what_was_read_is_read_again_when_a_module_has_changed(tmp_path: Path) -> None:
    script = "import noise\nimport keras\n"
    assert imports_of(tmp_path, script, noise="x = 1\n")[1] == ""
    assert "noise.py, line 1" in imports_of(tmp_path, script, noise="print(1)\n")[1]


def test_a_run_that_has_to_be_cold_says_why(tmp_path: Path) -> None:
    path = tmp_path / "train.py"
    path.write_text("import keras\n")
    request = RunRequest(script="import keras\n", executable="", path=str(path), cold_reason="a witness")
    assert choose(Start.AUTO, request, can_fork=True) == StartChoice(Start.COLD, "a witness")
    assert choose(Start.FORK, request, can_fork=True) == StartChoice(Start.FORK)


def test_the_names_beside_a_script_are_those_that_it_could_import(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    for name in ("random.py", "fast.cpython-311.so", "values.csv"):
        (tmp_path / name).touch()
    assert names_beside(str(tmp_path)) == {"data", "random", "fast"}
    assert names_beside(str(tmp_path / "missing")) == frozenset()
