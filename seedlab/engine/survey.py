"""A survey of the Pythons of a machine: where they lie, and what those have that nobody has asked yet."""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path

import msgspec

from seedlab.engine.child_environment import child_environment
from seedlab.engine.found_pythons import found_pythons
from seedlab.engine.hosts import is_on_host
from seedlab.engine.pythons import ask_versions
from seedlab.errors import InterpreterError
from seedlab.results.environment import Interpreter

TIMEOUT_S = 30.0
"""A Python that answers later is left out of the list; a person can still choose it by its path."""
_PACKAGES = ("lib/python*/site-packages", "lib/python*/dist-packages", "Lib/site-packages")
_ELSEWHERE = ("/usr/local", "~/.local")
"""Where packages lie that no environment has: Debian's, and a user's own (`site.getuserbase`)."""
_HOST_STAMP = (1,)
"""That of a Python on another host, which nobody asks for its times."""


class Seen(msgspec.Struct, frozen=True):
    """A Python that was found, and what it answered."""

    executable: str
    stamp: tuple[int, ...]
    """The times of its file and of the folders of its packages, in nanoseconds: with others, it is asked again. Empty
    for what is there no more."""
    interpreter: Interpreter | None
    """None for what cannot be used."""


async def surveyed(
    near: Sequence[str], chosen: Sequence[str], known: Mapping[str, tuple[int, ...]]
) -> AsyncIterator[Seen]:
    """Yield what Pythons answer, but for those that are as they are ``known``, by their paths and stamps.

    ``near`` are the folders that a person works in, and ``chosen`` paths of Pythons that may lie anywhere: these are
    asked first, and may be on other hosts. A known one whose file is gone is yielded without a stamp and without an
    answer.
    """
    for executable in await asyncio.to_thread(_gone, tuple(known)):
        yield Seen(executable, (), None)
    for executable, stamp in await asyncio.to_thread(_stamped, near, chosen):
        if known.get(executable) == stamp:
            continue
        try:
            # To reach another host may take longer.
            timeout_s = None if is_on_host(executable) else TIMEOUT_S
            interpreter = await ask_versions(executable, timeout_s=timeout_s)
        except InterpreterError:
            yield Seen(executable, stamp, None)
        else:
            yield Seen(executable, stamp, interpreter)


def _gone(known: Sequence[str]) -> list[str]:
    return [each for each in known if not is_on_host(each) and not os.path.exists(each)]


def _stamped(near: Sequence[str], chosen: Sequence[str]) -> list[tuple[str, tuple[int, ...]]]:
    found = dict.fromkeys([*chosen, *found_pythons(child_environment(), Path.home(), map(Path, near))])
    return [(each, stamp) for each in found if (stamp := _HOST_STAMP if is_on_host(each) else _stamp(Path(each)))]


def _sees_the_system(configuration: Path) -> bool:
    """Return True where the environment of ``configuration`` has what its Python and its user have (PEP 405)."""
    try:
        text = configuration.read_text(encoding="utf-8").lower()
    except (OSError, UnicodeDecodeError):
        return False
    return "".join(text.split()).find("include-system-site-packages=true") >= 0


def _stamp(executable: Path) -> tuple[int, ...]:
    """Return the times of ``executable`` and of what it may have; nothing where it is gone."""
    try:
        times = [executable.stat().st_mtime_ns]
    except OSError:
        return ()
    # A link leads to packages elsewhere, unless it is that of a virtual environment.
    is_environment = (executable.parent.parent / "pyvenv.cfg").is_file()
    place = executable if is_environment else executable.resolve()
    folders = [place.parent, place.parent.parent]
    if not is_environment or _sees_the_system(executable.parent.parent / "pyvenv.cfg"):
        base = child_environment().get("PYTHONUSERBASE")
        folders.append(executable.resolve().parent.parent)
        folders += [Path(each).expanduser() for each in (*_ELSEWHERE, *([base] if base else ()))]
    for folder in folders:
        for pattern in _PACKAGES:
            for packages in sorted(folder.glob(pattern)):
                try:
                    times.append(packages.stat().st_mtime_ns)
                except OSError:
                    continue
    return tuple(times)
