"""What is handed to other interpreters stands alone: Python 3.6 syntax, the standard library, nothing of seedlab."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import pytest

# What a function imports of the library that it is about, once that is there.
OF_THE_LIBRARY = {"tensorflow_graph": {"tensorflow"}}
# And one that is executed by a Python for the sake of its pip.
OF_THE_FILE = {"asking_pip.py": {"pip"}}


def handed_over() -> list[Traversable]:
    observer = [entry for entry in files("seedlab.observer").iterdir() if entry.name.endswith(".py")]
    doors = [entry / "doors.py" for entry in files("seedlab.libraries").iterdir() if entry.is_dir()]
    return observer + [entry for entry in doors if entry.is_file()]


def imports_of(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module or ""


@pytest.mark.parametrize("file", handed_over(), ids=str)
def test_it_is_python_3_6_and_imports_the_standard_library_alone(file: Traversable) -> None:
    source = file.read_text(encoding="utf-8")
    tree = ast.parse(source, feature_version=(3, 6))
    top_level = {name.partition(".")[0] for name in imports_of(tree)}
    assert top_level - sys.stdlib_module_names <= {
        *OF_THE_LIBRARY.get(Path(str(file)).parent.name, set()),
        *OF_THE_FILE.get(file.name, set()),
    }
    if file.name == "doors.py":
        assert not any(isinstance(node, ast.ImportFrom) and node.level for node in ast.walk(tree))


def test_it_can_be_imported_where_posix_is_missing() -> None:
    names = [file.name.removesuffix(".py") for file in handed_over() if file.name not in ("doors.py", "__init__.py")]
    program = f"""
import os, sys
# Where POSIX is missing, these come as versions that do without it.
import asyncio, psutil
for name in ("fcntl", "termios", "resource", "grp", "pwd"):
    sys.modules[name] = None
for name in ("fork", "setpgid", "killpg", "set_blocking", "waitpid", "WNOHANG"):
    vars(os).pop(name, None)
import importlib
for name in {names!r}:
    importlib.import_module("seedlab.observer." + name)
import seedlab.engine.packing, seedlab.engine.protocol
assert seedlab.engine.packing.pack()
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert ended.stderr == ""
