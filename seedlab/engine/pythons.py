"""Finds Python interpreters, and asks one for its packages and devices."""

import asyncio
import os
import shutil
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from seedlab.engine.bounded_text import BoundedText
from seedlab.engine.child_environment import child_environment
from seedlab.engine.clusters import is_on_cluster
from seedlab.engine.connection import connections
from seedlab.engine.environments import environment_of, has_python
from seedlab.engine.hosts import address_of, is_on_host
from seedlab.engine.observer_commands import packages_to_find, probe_command
from seedlab.engine.own_python import is_seedlab, own_python
from seedlab.engine.platform import PLATFORM
from seedlab.engine.platform.interface import Exit, RunLostError, Sinks
from seedlab.engine.request import Limits
from seedlab.engine.windowless import with_console
from seedlab.errors import InterpreterError
from seedlab.libraries.all_capabilities import known_packages, packages, title_of
from seedlab.phrases import recorded
from seedlab.results.environment import Device, Interpreter
from seedlab.study.experiment import Experiment
from seedlab.study.family import Family

PROBE_TIMEOUT_S = 120.0
"""Importing a package for its devices takes seconds; on a loaded machine without bytecode, most of a minute."""
_MARK = "seedlab-probe:"
"""The prefix of each line of the answer; an import may write anything between these lines."""
_IN_FOLDER = r"Scripts\python.exe" if sys.platform == "win32" else "bin/python"
_CHOOSE = recorded("Name a Python executable with --python, or choose one in the window.")


Question = Literal["versions", "devices"]
Answer = Callable[[str, Question, Sinks], Awaitable[Exit]]
"""A function that has a Python answer a question to the sinks, and returns how it ended."""


def find_executable(name: str | None) -> str:
    """Return the path of the executable ``name``: a path, a command, or None for the Python that seedlab runs in.

    It may also be the name of an environment that seedlab has made. A Python on another host keeps its name,
    ``ssh://host/path``, and nobody asks there whether it exists. Raise `InterpreterError` when it does not exist,
    cannot be executed, or is seedlab's own command.
    """
    if name is None:
        return with_console(own_python())
    if is_on_cluster(name):
        what = recorded("“{name}” is on a cluster, with which this seedlab was not started.", name=name)
        raise InterpreterError(what, recorded("Name the cluster on the command line, with --cluster."))
    if is_on_host(name):
        return address_of(name).executable
    made = environment_of(name)
    if made is not None:
        if not has_python(made):
            what = recorded("The Python of the environment “{name}” is gone: {path}.", name=name, path=made.base)
            raise InterpreterError(what, recorded("Remove the environment, and make it again."))
        return made.executable
    found = shutil.which(os.path.expanduser(name), path=child_environment().get("PATH"))
    if found is None:
        path = Path(name).expanduser()
        if path.is_dir():
            raise InterpreterError(
                recorded("“{name}” is a folder.", name=name),
                recorded("Name the Python executable in it, such as {example}.", example=_IN_FOLDER),
            )
        what = (
            recorded("“{name}” cannot be executed.", name=name)
            if path.exists()
            else recorded("There is no Python called “{name}”.", name=name)
        )
        raise InterpreterError(what, _CHOOSE)
    if is_seedlab(Path(found)):
        raise InterpreterError(recorded("“{name}” is seedlab itself, not a Python.", name=name), _CHOOSE)
    return os.path.abspath(found)


async def ask_versions(executable: str, *, timeout_s: float | None = None, answer: Answer | None = None) -> Interpreter:
    """Return the versions in ``executable``, without importing anything there.

    ``answer`` has it answer where that is neither here nor on a host. Raise `InterpreterError` when ``executable`` is
    not a Python that can be used.
    """
    return await _ask(executable, "versions", PROBE_TIMEOUT_S if timeout_s is None else timeout_s, answer or _answer)


async def ask_devices(executable: str, *, answer: Answer | None = None) -> Interpreter:
    """Return the versions and devices in ``executable``, by importing there the packages that know devices.

    Where such an import fails, ``problem`` of the result says so. ``answer`` is as for `ask_versions`. Raise
    `InterpreterError` when ``executable`` is not a Python that can be used.
    """
    return await _ask(executable, "devices", PROBE_TIMEOUT_S, answer or _answer)


def require(interpreter: Interpreter, family: Family, experiment: Experiment) -> None:
    """Raise `InterpreterError` when ``interpreter`` lacks a package that ``experiment`` of ``family`` needs."""
    package = missing_package(interpreter, family, experiment)
    if package is not None:
        what = recorded(
            "{executable} (Python {python}) has no {package}.",
            executable=interpreter.executable,
            python=interpreter.python,
            package=package,
        )
        raise InterpreterError(what, _advice(interpreter, package))


def missing_package(interpreter: Interpreter, family: Family, experiment: Experiment) -> str | None:
    """Return the first package that ``experiment`` of ``family`` needs and ``interpreter`` lacks, if there is one."""
    needed = (family.package, family.also_needs(experiment))
    return next((name for name in needed if name is not None and not interpreter.version(name)), None)


def _advice(interpreter: Interpreter, package: str) -> str:
    """Return what helps where ``interpreter`` has no ``package``."""
    stated = next((each for each in packages() if each.package == package), None)
    if stated is not None and stated.last_python and _minor(interpreter.python) > _minor(stated.last_python):
        return recorded(
            "{release}, the newest that seedlab knows, is made for Python up to {python}: choose another Python, or "
            "have “seedlab environment new {package}” make one (in the window New environment…).",
            release=stated.release,
            python=stated.last_python,
            package=package,
        )
    if _keeps_pip_out(interpreter):
        return recorded(
            "Choose another Python, or have “seedlab environment new {package}” make one "
            "(in the window New environment…).",
            package=package,
        )
    return recorded(
        "Install it there with “{executable} -m pip install {package}”, choose another Python, or have "
        "“seedlab environment new {package}” make one (in the window New environment…).",
        executable=interpreter.executable,
        package=package,
    )


def _keeps_pip_out(interpreter: Interpreter) -> bool:
    """Return True where pip refuses to install, as in a bundle and in the Python of a system (PEP 668)."""
    version = ".".join(interpreter.python.split(".")[:2])
    root = Path(interpreter.executable).parent.parent
    return any((root / "lib" / name / "EXTERNALLY-MANAGED").is_file() for name in (f"python{version}", "python3"))


def _minor(python: str) -> tuple[int, ...]:
    return tuple(int(part) for part in python.split(".")[:2] if part.isdigit())


_Text = Annotated[str, Meta(max_length=1000)]


class _Found(msgspec.Struct):
    name: _Text
    version: Annotated[str, Meta(max_length=100)]


class _Facts(msgspec.Struct):
    """The content of one line of an answer."""

    python: Annotated[str, Meta(max_length=100)] = ""
    forks: bool | None = None
    packages: tuple[_Found, ...] = ()
    devices: tuple[Device, ...] = ()
    no_gpu_reason: _Text = ""
    imports: Annotated[str, Meta(max_length=100)] = ""
    """The package that is imported next."""


_FACTS = msgspec.json.Decoder(_Facts)


async def _ask(executable: str, question: Question, timeout_s: float, answer: Answer) -> Interpreter:
    output, errors = BoundedText(), BoundedText()
    try:
        async with asyncio.timeout(timeout_s):
            exited = await answer(executable, question, Sinks(output.add, errors.add))
    except TimeoutError as error:
        # It is an OSError, too.
        what = recorded(
            "{executable} did not answer within {limit:.0f} seconds.", executable=executable, limit=timeout_s
        )
        raise InterpreterError(what, _CHOOSE) from error
    except OSError as error:
        raise InterpreterError(
            recorded("{executable} cannot be started: {reason}.", executable=executable, reason=error.strerror), _CHOOSE
        ) from error
    except RunLostError as error:
        raise InterpreterError(
            recorded("{executable} {error}.", executable=executable, error=error), _CHOOSE
        ) from error
    no_python = InterpreterError(
        recorded("{executable} is not a Python that can be used (3.6 or newer).", executable=executable), _CHOOSE
    )
    try:
        lines = [line for line in output.text().splitlines() if line.startswith(_MARK)]
        facts = [_FACTS.decode(line.removeprefix(_MARK)) for line in lines]
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        # The observer did not write this line, so this is not a Python that executed it.
        raise no_python from error
    if not any(fact.python for fact in facts):
        raise no_python
    # Later lines win: the version of an imported package is more reliable than its metadata.
    versions = {found.name: found.version for fact in facts for found in fact.packages}
    imported = [fact.imports for fact in facts if fact.imports]
    return Interpreter(
        executable=executable,
        python=next(fact.python for fact in facts if fact.python),
        packages=known_packages(versions),
        can_fork=next((fact.forks for fact in facts if fact.python), None),
        devices=next((fact.devices for fact in facts if fact.devices), ()),
        no_gpu_reason=next((fact.no_gpu_reason for fact in facts if fact.no_gpu_reason), ""),
        problem="" if exited.is_success else _problem(question, imported, exited, errors.text()),
    )


async def _answer(executable: str, question: Question, sinks: Sinks) -> Exit:
    """Have ``executable`` answer to ``sinks``, and return how it ended."""
    max_processes = Limits().max_processes
    if is_on_host(executable):
        async with connections().connected(executable) as connection:
            python = connection.address.python
            job = {"mode": "probe", "python": python, "question": question, "request": packages_to_find()}
            async with connection.process({**job, "processes": max_processes}, sinks) as far:
                return await connection.exit_of(far, max_processes=max_processes)
    return await PLATFORM.execute(
        lambda _address: probe_command(executable, question),
        sinks,
        environment=(),
        folder=_folder(executable),
        max_processes=max_processes,
    )


def _folder(executable: str) -> str | None:
    """Return the folder in which ``executable`` answers: the one that seedlab is in, as long as that is there."""
    try:
        os.getcwd()
    except OSError:
        return os.path.dirname(executable)
    return None


def _problem(question: Question, imported: list[str], exited: Exit, errors: str) -> str:
    """Return what went wrong, as a clause; ``imported`` are the packages whose import had begun."""
    if imported:
        doing = recorded("importing {library}", library=title_of(imported[-1]))
    elif question == "versions":
        doing = recorded("asking for the versions")
    else:
        doing = recorded("asking for the devices")
    if exited.ended_by:
        what = exited.signal or exited.exception
        return recorded("{doing} ended the process with {signal}", doing=doing, signal=what)
    lines = errors.strip().splitlines()
    if not lines:
        return recorded("{doing} ended with status {status}", doing=doing, status=exited.status)
    return recorded("{doing} failed: {reason}", doing=doing, reason=lines[-1])
