"""What seedlab, its packages and its Python are: for a person who asks for help, and for whoever answers."""

import importlib.metadata
import os
import platform
import sys
from collections.abc import Iterator
from pathlib import Path

import platformdirs

from seedlab import APPLICATION_NAME, __version__
from seedlab.engine.platform import PLATFORM
from seedlab.errors import InterpreterError
from seedlab.results.environment import Interpreter
from seedlab.session import log, recovery, settings
from seedlab.session.log import without_home

PACKAGES = (
    "PySide6-Essentials", "pyqtgraph", "superqt", "numpy", "tensorflow", "libcst", "msgspec", "pygments", "rich",
    "psutil", "pillow", "platformdirs", "pyarrow", "scipy",
)  # fmt: skip
"""What seedlab needs: the dependencies in pyproject.toml."""
_VARIABLES = (
    "DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "QT_SCALE_FACTOR", "PYTHONPATH", "PYTHONHASHSEED",
    "PYTHONDONTWRITEBYTECODE", "CUDA_VISIBLE_DEVICES", "LD_LIBRARY_PATH",
)  # fmt: skip
"""What explains most surprises. Only whether each is set is said, as a value may be somebody's own."""
_LONGEST_LICENCE = 60
_LICENCE = "License :: OSI Approved :: "


def diagnostics(interpreter: Interpreter | InterpreterError | None) -> str:
    """Return what is known, as lines of text.

    ``interpreter`` is the one that makes the runs, or why there is none; None when it has not answered yet.
    """
    return without_home("\n".join([*_about_seedlab(), *_about_interpreter(interpreter), *_about_machine()]) + "\n")


def _about_seedlab() -> Iterator[str]:
    yield f"{APPLICATION_NAME} {__version__} (MIT)"
    yield f"Python {platform.python_version()} ({platform.python_implementation()}), {sys.executable}"
    for name in PACKAGES:
        try:
            found = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            yield f"{name}: not installed"
        else:
            yield f"{name} {found.version} ({_licence(found)})"


def _licence(found: importlib.metadata.Distribution) -> str:
    """Return the licence as its package states it: an expression, a short text, or a classifier."""
    about = found.metadata
    for field in ("License-Expression", "License"):
        text = " ".join(about.get_all(field, [])).strip()
        if text and "\n" not in text and len(text) <= _LONGEST_LICENCE:
            return text
    classified = [text.removeprefix(_LICENCE) for text in about.get_all("Classifier", []) if text.startswith(_LICENCE)]
    return ", ".join(classified) or "its licence is not stated"


def _about_interpreter(interpreter: Interpreter | InterpreterError | None) -> Iterator[str]:
    if interpreter is None:
        yield "The interpreter for runs has not answered yet."
        return
    if isinstance(interpreter, InterpreterError):
        # Not as it is shown: the report is in English.
        yield f"The interpreter for runs: {interpreter.what} {interpreter.advice}"
        return
    yield f"The interpreter for runs: {interpreter.summary}, {interpreter.executable}"
    if interpreter.devices:
        yield f"Its devices: {', '.join(device.name for device in interpreter.devices)}"
    if interpreter.no_gpu_reason:
        yield f"No GPU: {interpreter.no_gpu_reason}"
    if interpreter.problem:
        yield f"Its problem: {interpreter.problem}"


def _about_machine() -> Iterator[str]:
    yield f"{platform.system()} {platform.release()}, {platform.machine()}"
    free = PLATFORM.available_bytes() / 2**30
    fork = "can fork" if PLATFORM.can_fork else "cannot fork"
    yield f"{PLATFORM.cores()} cores, {free:.1f} GiB of memory available, {fork}"
    yield f"Set: {', '.join(name for name in _VARIABLES if os.environ.get(name)) or 'nothing that matters'}"
    cache = platformdirs.user_cache_path(APPLICATION_NAME, appauthor=False)
    yield f"Settings: {_place(settings.default_path())}"
    yield f"Recovery: {_place(recovery.default_folder())}"
    yield f"Log: {_place(log.default_folder())}"
    yield f"Cache: {_place(cache)}"


def _place(path: Path) -> str:
    """Return ``path``, and whether it could be written to."""
    nearest = path
    while not nearest.exists() and nearest != nearest.parent:
        nearest = nearest.parent
    return str(path) if os.access(nearest, os.W_OK) else f"{path} (cannot be written)"
