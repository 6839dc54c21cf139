"""The Python that seedlab itself runs in, and what is none: seedlab's command must never be started as a Python."""

import re
import sys
from pathlib import Path

from seedlab import APPLICATION_NAME
from seedlab.errors import InterpreterError
from seedlab.phrases import sentence

_PYTHON = re.compile(r"(python|pypy|graalpy)[^/\\]*", re.IGNORECASE)
"""What executables of Pythons are called, by all that make them: python3.13t, pythonw.exe, Python on macOS."""


def own_python() -> str:
    """Return the path of the Python that seedlab runs in.

    Raise `InterpreterError` where seedlab runs in a program that is no Python, as one that was made by PyInstaller or
    has Python embedded: what is started to make runs would be another seedlab, which would do the same.
    """
    executable = sys.executable
    if not executable or getattr(sys, "frozen", False) or not _is_python(Path(executable)):
        raise InterpreterError(
            sentence(
                "seedlab runs in {program}, which is not a Python that can be started.",
                program=executable or sentence("a program that does not know its own path"),
            ),
            sentence("Start seedlab by a Python: “python -m seedlab”."),
        )
    return executable


def is_seedlab(path: Path) -> bool:
    """Return True when ``path`` is, or leads to, a command of seedlab: it would open a window for each question."""
    try:
        names = {path.name, path.resolve().name}
    except (OSError, RuntimeError):
        names = {path.name}
    return any(re.fullmatch(rf"{APPLICATION_NAME}w?(\.exe)?", name, re.IGNORECASE) for name in names)


def _is_python(path: Path) -> bool:
    return _PYTHON.fullmatch(path.name) is not None and not is_seedlab(path)
