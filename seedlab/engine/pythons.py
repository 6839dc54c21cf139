"""Finding interpreters, and asking one what it has."""

import asyncio
import json
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

import msgspec

from seedlab.engine.packing import observer_file
from seedlab.engine.platform.posix import BoundedText, execute, output_pipes
from seedlab.errors import InterpreterError
from seedlab.observer import probe
from seedlab.results.environment import Interpreter
from seedlab.study.family import Family

PROBE_TIMEOUT_S = 120.0
"""Importing TensorFlow takes seconds; on a loaded machine without bytecode, the better part of a minute."""
_TENSORFLOW = ["tensorflow", *(f"tensorflow_{kind}" for kind in ("cpu", "gpu", "intel", "macos")), "tf_nightly"]
_PACKAGES = [
    {"package": "numpy", "title": "NumPy", "names": ["numpy"]},
    {"package": "tensorflow", "title": "TensorFlow", "names": _TENSORFLOW},
]
_CHOOSE = "Name a Python executable with --python, or choose one in the window."


def find_executable(name: str | None) -> str:
    """The executable called ``name``: a path, a command, or None for the Python that seedlab runs in."""
    if name is None:
        return sys.executable
    found = shutil.which(os.path.expanduser(name))
    if found is None:
        path = Path(name).expanduser()
        if path.is_dir():
            raise InterpreterError(f"“{name}” is a folder.", "Name the Python executable in it, such as bin/python.")
        what = f"“{name}” cannot be executed." if path.exists() else f"There is no Python called “{name}”."
        raise InterpreterError(what, _CHOOSE)
    return os.path.abspath(found)


async def ask_versions(executable: str) -> Interpreter:
    """The versions in ``executable``, without importing anything. Raises `InterpreterError`."""
    return await _ask(executable, "versions")


async def ask_devices(executable: str) -> Interpreter:
    """Versions and devices, by importing TensorFlow there.

    Where TensorFlow is missing or its import fails, the answer says so in ``problem``; an executable
    that is no Python raises `InterpreterError`.
    """
    return await _ask(executable, "devices")


def require(interpreter: Interpreter, family: Family) -> None:
    """Raise `InterpreterError` when ``interpreter`` lacks the package that ``family`` needs."""
    if family.package and not getattr(interpreter, family.package):
        executable, package = interpreter.executable, family.package
        raise InterpreterError(
            f"{executable} (Python {interpreter.python}) has no {package}.",
            f"Install it there with “{executable} -m pip install {package}”, or choose another Python.",
        )


async def _ask(executable: str, question: str) -> Interpreter:
    output, errors = BoundedText(), BoundedText()
    try:
        async with asyncio.timeout(PROBE_TIMEOUT_S), output_pipes(output.add, errors.add) as (stdout, stderr):
            status = await execute(
                [executable, str(observer_file()), "probe", question, json.dumps(_PACKAGES)], stdout, stderr
            )
    except OSError as error:
        raise InterpreterError(f"{executable} cannot be started: {error.strerror}.", _CHOOSE) from error
    except TimeoutError as error:
        what = f"{executable} did not answer within {PROBE_TIMEOUT_S:.0f} seconds."
        raise InterpreterError(what, _CHOOSE) from error
    facts = _facts(output.text())
    if "python" not in facts:
        raise InterpreterError(f"{executable} is not a Python that can be used (3.6 or newer).", _CHOOSE)
    versions = {package["name"]: package["version"] for package in facts.pop("packages")}
    problem = "" if status == 0 else _problem(status, errors.text())
    return msgspec.convert({"executable": executable, "problem": problem, **versions, **facts}, Interpreter)


def _facts(output: str) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for line in output.splitlines():
        if line.startswith(probe.MARK):
            facts.update(json.loads(line.removeprefix(probe.MARK)))
    return facts


def _problem(status: int, errors: str) -> str:
    if status < 0:
        return f"importing TensorFlow ended the process with {signal.Signals(-status).name}"
    lines = errors.strip().splitlines()
    return f"importing TensorFlow failed: {lines[-1]}" if lines else f"importing TensorFlow ended with status {status}"
