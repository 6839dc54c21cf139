"""Where the files of ``resources/`` are, in a wheel and in a working copy."""

from importlib.resources import files
from importlib.resources.abc import Traversable


def resource(name: str) -> Traversable:
    """The resource file ``name``. In a wheel they lie inside the package, in a working copy beside it."""
    inside = files("seedlab") / "resources"
    return (inside if inside.is_dir() else files("seedlab") / ".." / "resources") / name
