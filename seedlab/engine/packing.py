"""Packs the observer and the doors of all libraries into one file that any Python from 3.6 on can execute."""

import ast
import contextlib
import functools
import hashlib
import os
import secrets
import tempfile
import time
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import platformdirs

from seedlab.engine.platform import PLATFORM
from seedlab.errors import SeedlabError
from seedlab.libraries.registry import LIBRARIES
from seedlab.phrases import recorded

_HEAD = "loader"
_KEPT_S = 30 * 24 * 3600
_ADVICE = recorded("Mend the folder of that library.")


class PackingError(SeedlabError):
    """The doors of a library cannot be packed."""


class Doors(NamedTuple):
    """The doors, renewals and looks for devices that a library's doors.py states, read without executing it."""

    watched: tuple[tuple[str, tuple[str, ...]], ...]
    """Each door, and the modules that may hold it."""
    renewals: tuple[str, ...]
    """The names of the renewals."""
    devices: tuple[str, ...]
    """The packages whose devices it can find."""


def observer_file() -> Path:
    """Return the path of the packed file, after writing it if it is missing or differs.

    The file is in the user's cache folder or, where that cannot be used, in a folder that this process removes when
    it ends. Each interpreter that executes the file keeps its compiled code beside it. Raise `PackingError`, or
    OSError when neither folder can be written to.
    """
    data = pack()
    name = f"observer-{hashlib.sha256(data).hexdigest()[:32]}.py"
    try:
        return _whole_file(_cache_folder(), name, data)
    except OSError:
        return _whole_file(Path(_temporary_folder().name), name, data)


def pack() -> bytes:
    """Return the content of the packed file, which is the same for the same libraries. Raise `PackingError`."""
    sources = tuple((library.name, library.source("doors")) for library in LIBRARIES.libraries)
    needed = [
        (library.name, door)
        for library in LIBRARIES.libraries
        if library.family is not None
        for door in library.family.doors
    ]
    return _packed(sources, tuple(needed))


@functools.lru_cache(maxsize=8)
def _packed(sources: tuple[tuple[str, str], ...], needed: tuple[tuple[str, str], ...]) -> bytes:
    modules, watched, renewals = dict(_observer_sources()), list[tuple[str, tuple[str, ...], str]](), dict[str, str]()
    devices, owners = dict[str, str](), dict[str, str]()
    for library, source in sources:
        if not source:
            continue
        doors = read_doors(library, source)
        module = recorded("doors of {library}", library=library)
        modules[module] = source
        for door, places in doors.watched:
            _claim(owners, recorded("the door “{door}”", door=door), library)
            watched.append((door, places, module))
        for renewal in doors.renewals:
            _claim(owners, recorded("the renewal “{renewal}”", renewal=renewal), library)
            renewals[renewal] = module
        for package in doors.devices:
            _claim(owners, recorded("the devices of “{package}”", package=package), library)
            devices[package] = module
    for library, door in needed:
        if f"the door “{door}”" not in owners:
            raise PackingError(
                recorded(
                    "The library “{library}” needs the door “{door}”, which no library owns.",
                    library=library,
                    door=door,
                ),
                _ADVICE,
            )
    head = modules.pop(_HEAD)
    call = f"start({_literal(modules)}, {watched!r}, {renewals!r}, {devices!r}, globals().get('__file__'))\n"
    return f"{head}\n\n{call}".encode()


def read_doors(library: str, source: str) -> Doors:
    """Return DOORS, RENEWALS and, if it has one, DEVICES from the ``source`` of a library's doors.py.

    Raise `PackingError` when they are not plain literals, or one of the first two is missing.
    """
    try:
        tree = ast.parse(source)
        named = {
            target.id: statement.value
            for statement in tree.body
            if isinstance(statement, ast.Assign)
            for target in statement.targets
            if isinstance(target, ast.Name)
        }
        doors, renewals = named["DOORS"], named["RENEWALS"]
        devices = named.get("DEVICES", ast.Dict([], []))
        if not isinstance(doors, ast.Tuple | ast.List):
            raise TypeError
        watched = tuple(_read_door(entry) for entry in doors.elts)
        return Doors(watched, _keys(renewals), _keys(devices))
    except (SyntaxError, KeyError, TypeError, ValueError) as error:
        what = recorded(
            "The doors.py of the library “{library}” does not state its DOORS and RENEWALS in plain literals.",
            library=library,
        )
        raise PackingError(what, _ADVICE) from error


def _read_door(entry: ast.expr) -> tuple[str, tuple[str, ...]]:
    if not isinstance(entry, ast.Tuple) or len(entry.elts) != 3:
        raise TypeError
    door, modules, _watch = entry.elts
    if not isinstance(modules, ast.Tuple | ast.List):
        raise TypeError
    return _text(door), tuple(_text(module) for module in modules.elts)


def _keys(node: ast.expr) -> tuple[str, ...]:
    if not isinstance(node, ast.Dict):
        raise TypeError
    return tuple(_text(key) for key in node.keys)


def _text(node: ast.expr | None) -> str:
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        raise TypeError
    return node.value


def _claim(owners: dict[str, str], what: str, library: str) -> None:
    owner = owners.setdefault(what, library)
    if owner != library:
        raise PackingError(
            recorded(
                "The libraries “{owner}” and “{library}” both own {what}.", owner=owner, library=library, what=what
            ),
            _ADVICE,
        )


@functools.cache
def _observer_sources() -> tuple[tuple[str, str], ...]:
    folder = files("seedlab.observer")
    found = [entry for entry in folder.iterdir() if entry.name.endswith(".py") and entry.name != "__init__.py"]
    return tuple(
        (entry.name.removesuffix(".py"), entry.read_text(encoding="utf-8"))
        for entry in sorted(found, key=lambda entry: entry.name)
    )


def _literal(sources: Mapping[str, str]) -> str:
    # In ASCII, so that it does not matter with which encoding the file is read.
    return "{\n" + "".join(f"{name!a}: {text!a},\n" for name, text in sources.items()) + "}"


# --- the place of the file --------------------------------------------------------------------------


def _cache_folder() -> Path:
    """Return the cache folder, to which only this user may write. Raise OSError when it cannot be used."""
    folder = platformdirs.user_cache_path("seedlab", appauthor=False)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    PLATFORM.make_private(folder)
    return folder


@functools.cache
def _temporary_folder() -> tempfile.TemporaryDirectory[str]:
    # Cached, because its finalizer removes the folder: it must live until the process ends.
    return tempfile.TemporaryDirectory(prefix="seedlab-observer-", ignore_cleanup_errors=True)


def _whole_file(folder: Path, name: str, data: bytes) -> Path:
    """Return the path of the file ``name`` in ``folder``, after writing ``data`` to it whole unless it holds it."""
    path = folder / name
    with contextlib.suppress(FileNotFoundError):
        if path.read_bytes() == data:
            return path
    _forget_old_files(folder)
    temporary = folder / f".{name}-{secrets.token_hex(8)}"
    try:
        temporary.write_bytes(data)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    return path


def _forget_old_files(folder: Path) -> None:
    """Remove old files of other releases of seedlab, and halves of files that were being written at a kill.

    A release that is still in use writes its file again.
    """
    for old in (*folder.glob("observer-*"), *folder.glob(".observer-*")):
        with contextlib.suppress(OSError):
            if old.stat().st_mtime < time.time() - _KEPT_S:
                old.unlink()
