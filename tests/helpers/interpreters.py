"""Interpreters that need not be asked."""

from typing import Any

from seedlab.results.environment import Interpreter, Package


def interpreter(executable: str, python: str, *, numpy: str = "", tensorflow: str = "", **facts: Any) -> Interpreter:
    """An interpreter with the packages whose versions are given."""
    found = (Package("tensorflow", "TensorFlow", tensorflow), Package("numpy", "NumPy", numpy))
    packages = tuple(package for package in found if package.version)
    return Interpreter(executable=executable, python=python, packages=packages, **facts)
