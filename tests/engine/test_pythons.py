"""Finding and asking interpreters, real ones and broken ones."""

import asyncio
import json
import sys
from pathlib import Path

import msgspec
import pytest

from seedlab.engine import pythons
from seedlab.engine.pythons import ask_devices, ask_versions, find_executable, require
from seedlab.errors import InterpreterError
from seedlab.libraries.registry import FAMILIES, LIBRARIES
from seedlab.results.environment import Interpreter, Package
from tests.conftest import PythonWith
from tests.helpers.interpreters import interpreter


def test_the_default_is_the_python_that_seedlab_runs_in() -> None:
    assert find_executable(None) == sys.executable


def test_an_executable_that_does_not_exist_is_said() -> None:
    with pytest.raises(InterpreterError, match="There is no Python called “/nowhere/python”"):
        find_executable("/nowhere/python")


def test_a_folder_is_no_executable(tmp_path: Path) -> None:
    with pytest.raises(InterpreterError, match="is a folder"):
        find_executable(str(tmp_path))


def test_a_file_that_cannot_be_executed_is_said(tmp_path: Path) -> None:
    file = tmp_path / "python"
    file.write_text("")
    with pytest.raises(InterpreterError, match="cannot be executed"):
        find_executable(str(file))


@pytest.mark.parametrize("command", ["true", "cat", "false"])
def test_what_is_not_a_python_is_said(command: str) -> None:
    with pytest.raises(InterpreterError, match="is not a Python that can be used"):
        asyncio.run(ask_versions(find_executable(command)))


def test_a_file_in_the_wrong_format_is_said(tmp_path: Path) -> None:
    file = tmp_path / "python"
    file.write_bytes(b"\x00\x01\x02")
    file.chmod(0o755)
    with pytest.raises(InterpreterError, match="cannot be started"):
        asyncio.run(ask_versions(str(file)))


def test_a_python_that_never_answers_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pythons, "PROBE_TIMEOUT_S", 1.0)
    file = tmp_path / "python"
    file.write_text("#!/bin/sh\nexec tail -f /dev/null\n")
    file.chmod(0o755)
    with pytest.raises(InterpreterError, match=r"python did not answer within 1 seconds\."):
        asyncio.run(ask_versions(str(file)))


def test_versions_are_those_of_the_libraries() -> None:
    import numpy

    found = asyncio.run(ask_versions(sys.executable))
    assert found.python == ".".join(map(str, sys.version_info[:3]))
    assert found.version("numpy") == numpy.__version__
    assert found.version("tensorflow") == "2.21.0"
    keras = found.version("keras")
    assert keras.startswith("3.")
    assert found.summary == f"Python {found.python} · TensorFlow 2.21.0 · NumPy {numpy.__version__} · Keras {keras}"


def test_a_python_without_tensorflow_is_said_for_the_families_that_need_it(bare_python: str) -> None:
    found = asyncio.run(ask_versions(bare_python))
    assert found.packages == ()
    require(found, FAMILIES["python-random"], FAMILIES["python-random"].default)
    for name, package in (("numpy", "numpy"), ("tensorflow-graph", "tensorflow")):
        with pytest.raises(InterpreterError, match=f"has no {package}.*-m pip install {package}"):
            require(found, FAMILIES[name], FAMILIES[name].default)


@pytest.mark.parametrize("python", ["3.14.0", "3.15.0a2"])
@pytest.mark.parametrize("family", ["tensorflow-graph", "keras"])
def test_nobody_is_told_to_install_what_is_not_made_for_their_python(python: str, family: str) -> None:
    found = interpreter("/nowhere/bin/python", python, numpy="2.4.6")
    with pytest.raises(InterpreterError, match=r"TensorFlow 2\.21, .* for Python up to 3\.13: choose") as refused:
        require(found, FAMILIES[family], FAMILIES[family].default)
    assert "pip install" not in str(refused.value)
    with pytest.raises(InterpreterError, match="pip install numpy"):
        require(interpreter("/nowhere/bin/python", python), FAMILIES["numpy"], FAMILIES["numpy"].default)
    # There are older releases for older Pythons.
    with pytest.raises(InterpreterError, match="pip install"):
        require(interpreter("/nowhere/bin/python", "3.9.18"), FAMILIES[family], FAMILIES[family].default)


def test_devices_are_asked_of_tensorflow_itself() -> None:
    found = asyncio.run(ask_devices(sys.executable))
    assert "CPU:0" in [device.name for device in found.devices]
    has_gpu = any(device.name.startswith("GPU") for device in found.devices)
    assert bool(found.no_gpu_reason) is not has_gpu
    assert found.problem == ""


def test_a_tensorflow_that_dies_at_import_is_said(python_with: PythonWith) -> None:
    executable = python_with.tensorflow("import os; os.abort()")
    found = asyncio.run(ask_devices(executable))
    assert found.python
    assert found.problem == "importing TensorFlow ended the process with SIGABRT"


def test_a_tensorflow_that_raises_at_import_is_said(python_with: PythonWith) -> None:
    executable = python_with.tensorflow("raise ImportError('libcudart.so is missing')")
    found = asyncio.run(ask_devices(executable))
    assert found.problem == "importing TensorFlow failed: ImportError: libcudart.so is missing"


def test_what_went_wrong_while_nothing_was_imported_is_not_blamed_on_an_import(tmp_path: Path) -> None:
    executable = tmp_path / "python"
    executable.write_text('#!/bin/sh\necho \'seedlab-probe:{"python": "3.11.7"}\'\nexit 3\n')
    executable.chmod(0o755)
    assert asyncio.run(ask_versions(str(executable))).problem == "asking for the versions ended with status 3"


@pytest.mark.parametrize(
    ("look", "devices", "problem"),
    [
        ("return {'devices': [{'name': 'CPU:7', 'about': ''}], 'no_gpu_reason': 'none'}", ("CPU:7",), ""),
        ("raise ImportError('no strings')", (), "importing Strings failed: ImportError: no strings"),
    ],
)
def test_a_library_s_folder_says_how_devices_are_found(
    tmp_path: Path, bare_python: str, look: str, devices: tuple[str, ...], problem: str
) -> None:
    folder = tmp_path / "strings"
    folder.mkdir()
    (folder / "doors.py").write_text(
        f"DOORS = ()\nRENEWALS = {{}}\ndef look():\n    import string\n    {look}\nDEVICES = {{'string': look}}\n"
    )
    (folder / "capabilities.py").write_text(
        "from seedlab.study.capabilities import Capabilities\n"
        "CAPABILITIES = Capabilities(package='string', title='Strings', order=9)\n"
    )
    with LIBRARIES.including(folder):
        found = asyncio.run(ask_devices(bare_python))
        assert asyncio.run(ask_versions(bare_python)).devices == ()
    assert tuple(device.name for device in found.devices) == devices
    assert found.problem == problem


def test_a_package_that_no_field_is_for_is_asked_for_all_the_same() -> None:
    family = msgspec.structs.replace(FAMILIES["tensorflow-graph"], package="keras")
    with pytest.raises(InterpreterError, match=r"has no keras.*-m pip install keras"):
        require(interpreter("/nowhere/bin/python", "3.11.7", tensorflow="2.21.0"), family, family.default)
    require(
        Interpreter(executable="/bin/python", python="3.11.7", packages=(Package("keras", "Keras", "3.15.1"),)),
        family,
        family.default,
    )


@pytest.mark.parametrize(
    "answer",
    [
        "{",
        "[]",
        '{"python": 3}',
        '{"python": "3.11.7", "packages": [{"name": "numpy", "version": 2}]}',
        '{"devices": [{}]}',
        "[" * 50_000,
        '{"python": ' + "9" * 5_000 + "}",
        "\\377",
    ],
)
def test_an_answer_that_makes_no_sense_is_said(tmp_path: Path, answer: str) -> None:
    executable = tmp_path / "python"
    executable.write_text(f"#!/bin/sh\necho 'seedlab-probe:{answer}'\n")
    executable.chmod(0o755)
    with pytest.raises(InterpreterError, match="is not a Python that can be used"):
        asyncio.run(ask_versions(str(executable)))


def test_packages_that_nobody_asked_for_are_left_out(tmp_path: Path) -> None:
    executable = tmp_path / "python"
    packages = [{"name": name, "version": "2"} for name in ("numpy", "other", "tensorflow")]
    answer = json.dumps({"python": "3.11.7", "packages": packages})
    executable.write_text(f"#!/bin/sh\necho 'seedlab-probe:{answer}'\n")
    executable.chmod(0o755)
    assert asyncio.run(ask_versions(str(executable))) == interpreter(
        str(executable), "3.11.7", numpy="2", tensorflow="2"
    )


def test_nobody_is_told_to_install_into_a_python_that_keeps_pip_out(tmp_path: Path) -> None:
    library = tmp_path / "lib" / "python3.11"
    library.mkdir(parents=True)
    (library / "EXTERNALLY-MANAGED").touch()
    kept = Interpreter(executable=str(tmp_path / "bin" / "python3.11"), python="3.11.7")
    family = FAMILIES["numpy"]
    with pytest.raises(InterpreterError, match="seedlab environment new numpy") as refused:
        require(kept, family, family.default)
    assert "pip install" not in str(refused.value)
