"""Interpreters of every version of the document: what is installed in them stands by its import name."""

from collections.abc import Mapping

from seedlab.results.environment import Device, Interpreter
from seedlab.results.extra import Extra


def packages_of(interpreter: Interpreter) -> Mapping[str, str]:
    """Return the version of each package that ``interpreter`` has, by its import name."""
    found = {"tensorflow": interpreter.tensorflow, "numpy": interpreter.numpy}
    return {name: version for name, version in found.items() if version}


def interpreter_of(
    *,
    executable: str,
    python: str,
    packages: Mapping[str, str],
    devices: tuple[Device, ...],
    no_gpu_reason: str,
    problem: str,
    extra: Extra = (),
) -> Interpreter:
    """Return the interpreter with ``packages``; one whose version is empty is not there."""
    return Interpreter(
        executable=executable,
        python=python,
        numpy=packages.get("numpy", ""),
        tensorflow=packages.get("tensorflow", ""),
        devices=devices,
        no_gpu_reason=no_gpu_reason,
        problem=problem,
        extra=extra,
    )
