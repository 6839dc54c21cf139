"""Interpreters in documents of every version, which hold the versions of packages by import name."""

from collections.abc import Mapping

from seedlab.libraries.all_capabilities import packages as known
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
    # Asked for once, because a document may name very many.
    titles = {stated.package: stated.title for stated in known()}
    return Interpreter(
        executable=executable,
        python=python,
        packages=tuple(Package(name, titles.get(name, name), version) for name, version in packages.items() if version),
        devices=devices,
        no_gpu_reason=no_gpu_reason,
        problem=problem,
        extra=extra,
    )
