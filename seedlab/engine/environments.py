"""The environments that seedlab has made: where they lie, which of them are whole, and how they are removed.

An environment is a folder NAME with a file that says what it is. That file is written last, and removed first: what
has it is whole, and offered. While a folder is seedlab's and is not whole, NAME.half lies beside it. Whoever makes or
removes one has the lock NAME.lock, which ends with its process in whatever way; so where NAME.half is there, and
NAME.lock can be locked, the folder was left half-made or half-removed. Anything else that lies there is not seedlab's,
and is never touched.
"""

import contextlib
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import msgspec
import platformdirs
import psutil

from seedlab import APPLICATION_NAME
from seedlab.engine.platform import PLATFORM
from seedlab.errors import EnvironmentRefusedError
from seedlab.phrases import plural, sentence
from seedlab.results.environments import Environment, python_in

_END_GRACE_S = 3.0
_MARKER = "seedlab-environment.json"
_LOCK_ENDING, _HALF_ENDING = ".lock", ".half"
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._+-]{0,62}[A-Za-z0-9])?")
_TAKEN = re.compile(r"(?i)(python|pypy)[0-9.w]*|con|prn|aux|nul|com\d|lpt\d|.*\.(lock|half|exe|py|seedlab)")
"""What a name must not be: it would hide a Python on the path, or means something else to Windows or to seedlab."""


def default_folder() -> Path:
    """Return the folder of all environments, in the one that the platform has for an application's data."""
    return platformdirs.user_data_path(APPLICATION_NAME, appauthor=False) / "environments"


def environments(place: Path | None = None) -> tuple[Environment, ...]:
    """Return all environments in ``place`` that are whole, the newest first."""
    place = default_folder() if place is None else place
    found = [each for folder in _entries(place) if (each := _read(folder)) is not None]
    return tuple(sorted(found, key=lambda each: (-each.made.timestamp(), each.name)))


def environment_of(name: str, place: Path | None = None) -> Environment | None:
    """Return the environment that is called ``name``; None where there is none."""
    if not _NAME.fullmatch(name):
        return None
    return _read((default_folder() if place is None else place) / name)


def named_environment(executable: str, place: Path | None = None) -> Environment | None:
    """Return the environment whose Python is ``executable``; None where it is another one's."""
    folder = Path(executable).parent.parent
    return _read(folder) if folder.parent == (default_folder() if place is None else place) else None


def check_name(name: str, place: Path | None = None) -> None:
    """Raise `EnvironmentRefusedError` where no environment can be made with ``name``."""
    place = default_folder() if place is None else place
    _check_spelling(name)
    if os.path.lexists(place / name):
        if environment_of(name, place) is not None:
            what = sentence("There is an environment “{name}” already.", name=name)
            advice = sentence("Choose another name, or remove that one first.")
        else:
            what = sentence("{path} is there already, and is no environment of seedlab.", path=place / name)
            advice = sentence("Choose another name.")
        raise EnvironmentRefusedError(what, advice)


def _check_spelling(name: str) -> None:
    if not _NAME.fullmatch(name) or _TAKEN.fullmatch(name):
        what = sentence("“{name}” cannot be the name of an environment.", name=name)
        advice = sentence(
            "Use letters, digits, dots, hyphens and underscores, such as tf-2.15, and no name of a Python."
        )
        raise EnvironmentRefusedError(what, advice)


def free_name(name: str, place: Path | None = None) -> str:
    """Return ``name``, or with a number behind it where something is called that already."""
    place = default_folder() if place is None else place
    names = [name, *(f"{name}-{number}" for number in range(2, 1000))]
    return next((each for each in names if not os.path.lexists(place / each)), name)


@contextmanager
def being_made(name: str, place: Path | None = None) -> Iterator[Path]:
    """Yield the path for a new environment ``name``; unless `finish` was called, nothing is left of it afterwards.

    Raise `EnvironmentRefusedError` where it cannot be made, because there is one, or the folder cannot be written.
    """
    place = default_folder() if place is None else place
    sweep(place)
    _check_spelling(name)
    with _locked(name, place):
        check_name(name, place)
        folder, half = place / name, place / f"{name}{_HALF_ENDING}"
        half.touch()
        try:
            yield folder
        finally:
            _settle(folder, half)


def finish(environment: Environment, folder: Path) -> Environment:
    """Write down that the environment in ``folder`` is whole, and return it as it is found from now on."""
    new = folder / f"{_MARKER}.new"
    new.write_bytes(msgspec.json.encode(msgspec.structs.replace(environment, folder="")))
    new.replace(folder / _MARKER)
    return msgspec.structs.replace(environment, folder=str(folder))


def remove(environment: Environment, *, ends_own: bool = False) -> None:
    """Remove ``environment`` with all that it has. Raise `EnvironmentRefusedError` while it is in use.

    With ``ends_own`` the processes of its Python that this seedlab has started are ended before: those that only wait
    for runs.
    """
    folder = Path(environment.folder)
    with _locked(environment.name, folder.parent):
        if _read(folder) is None:
            what = sentence("There is no environment “{name}” any more.", name=environment.name)
            raise EnvironmentRefusedError(what, sentence("It was removed elsewhere."))
        if ends_own:
            _end_own(processes_of(folder))
        running = processes_of(folder)
        if running:
            what = plural(
                "“{name}” is in use: its Python is executed by process {first}.",
                "“{name}” is in use: its Python is executed by {count} processes, of which {first} is the first.",
                len(running),
                name=environment.name,
                first=running[0],
            )
            raise EnvironmentRefusedError(what, sentence("Let the runs end, or end them, and remove it then."))
        half = folder.with_name(f"{folder.name}{_HALF_ENDING}")
        try:
            half.touch()
            (folder / _MARKER).unlink()
        except OSError as error:
            what = sentence("{path} cannot be removed: {reason}.", path=folder, reason=error.strerror)
            raise EnvironmentRefusedError(what, sentence("Look who may write there.")) from error
        _settle(folder, half)


def sweep(place: Path | None = None) -> None:
    """Remove what was left half-made or half-removed by a seedlab that was ended."""
    place = default_folder() if place is None else place
    for half in _entries(place):
        if half.name.endswith(_HALF_ENDING):
            name = half.name.removesuffix(_HALF_ENDING)
            with contextlib.suppress(EnvironmentRefusedError), _locked(name, place):
                # Another seedlab may have settled it meanwhile.
                if half.exists():
                    _settle(place / name, half)


def _settle(folder: Path, half: Path) -> None:
    """Remove ``folder`` unless it is whole, and the file that says that it is not."""
    if not (folder / _MARKER).exists():
        _remove_tree(folder)
    if (folder / _MARKER).exists() or not os.path.lexists(folder):
        half.unlink(missing_ok=True)


def size_of(folder: Path) -> int:
    """Return how much room ``folder`` takes on the disk, in bytes; a file with several names counts once."""
    seen: set[tuple[int, int]] = set()
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                status = os.lstat(os.path.join(parent, name))
                if (status.st_dev, status.st_ino) not in seen:
                    seen.add((status.st_dev, status.st_ino))
                    total += status.st_blocks * 512 if hasattr(status, "st_blocks") else status.st_size
    return total


def processes_of(folder: Path) -> tuple[int, ...]:
    """Return the numbers of the processes that execute a program in ``folder``."""
    inside = str(folder) + os.sep
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.pid != os.getpid() and process.cmdline()[:1] and process.cmdline()[0].startswith(inside):
                found.append(process.pid)
    return tuple(found)


def _end_own(processes: Sequence[int]) -> None:
    own = [each for each in psutil.Process().children(recursive=True) if each.pid in processes]
    for process in own:
        with contextlib.suppress(psutil.Error):
            process.terminate()
    psutil.wait_procs(own, timeout=_END_GRACE_S)


def _entries(place: Path) -> list[Path]:
    try:
        return sorted(place.iterdir())
    except OSError:
        return []


def _read(folder: Path) -> Environment | None:
    try:
        if folder.is_symlink() or not python_in(folder).exists():
            return None
        found = msgspec.json.decode((folder / _MARKER).read_bytes(), type=Environment)
    except (OSError, msgspec.DecodeError, ValueError):
        return None
    return msgspec.structs.replace(found, folder=str(folder), name=folder.name)


@contextmanager
def _locked(name: str, place: Path) -> Iterator[None]:
    """Have the lock of the environment ``name``, whose file is there no longer than the block lasts."""
    path = place / f"{name}{_LOCK_ENDING}"
    try:
        place.mkdir(parents=True, exist_ok=True)
        lock = PLATFORM.try_lock(str(path))
    except OSError as error:
        what = sentence("{path} cannot be written: {reason}.", path=place, reason=error.strerror)
        advice = sentence("Environments lie there: look who may write there, and what is free.")
        raise EnvironmentRefusedError(what, advice) from error
    if lock is None or not _is_file_of(lock, path):
        if lock is not None:
            lock.close()
        what = sentence("“{name}” is being made or removed by another seedlab.", name=name)
        raise EnvironmentRefusedError(what, sentence("Wait for it, or choose another name."))
    try:
        yield
    finally:
        if os.name == "nt":
            # What is open cannot be removed there.
            lock.close()
        with contextlib.suppress(OSError):
            path.unlink()
        lock.close()


def _is_file_of(lock: BinaryIO, path: Path) -> bool:
    """Return False where the file that was locked is gone by now, so that it holds nobody off."""
    try:
        return os.path.samestat(os.fstat(lock.fileno()), path.stat())
    except OSError:
        return False


def _remove_tree(folder: Path) -> None:
    if folder.is_symlink() or not folder.is_dir():
        return

    def make_writable(function: object, path: str, _error: object) -> None:
        # Some packages have folders that nobody may write to.
        with contextlib.suppress(OSError):
            os.chmod(os.path.dirname(path), 0o700)
            os.chmod(path, 0o700)
            if callable(function):
                function(path)

    shutil.rmtree(folder, onerror=make_writable)
