"""Interpreters in documents of every version, which hold the versions of packages by import name."""

from collections.abc import Mapping

from seedlab.libraries.all_capabilities import title_of
from seedlab.results.environment import Device, Interpreter, Package
from seedlab.results.extra import Extra


def packages_of(interpreter: Interpreter) -> Mapping[str, str]:
    """Return the version of each package that ``interpreter`` has, by its import name."""
    return {package.name: package.version for package in interpreter.packages}


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
    """Return the interpreter with ``packages``; those whose version is empty are left out."""
    return Interpreter(
        executable=executable,
        python=python,
        packages=tuple(Package(name, title_of(name), version) for name, version in packages.items() if version),
        devices=devices,
        no_gpu_reason=no_gpu_reason,
        problem=problem,
        extra=extra,
    )
