"""Finds the files of ``resources/``, in a wheel and in a working copy."""

from importlib.resources import files
from importlib.resources.abc import Traversable

ANSWERS = "answers"
"""The folder of what help shows of presets: ``NAME-light.png``, which carries its runs, and ``NAME-dark.png``."""


def resource(name: str) -> Traversable:
    """Return the resource file ``name``: in a wheel it lies inside the package, in a working copy beside it."""
    inside = files("seedlab") / "resources"
    return (inside if inside.is_dir() else files("seedlab") / ".." / "resources") / name
