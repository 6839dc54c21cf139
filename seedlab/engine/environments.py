"""The environments that seedlab has made: where they lie, which of them are whole, and how they are removed.

An environment is a folder NAME with a file that says what it is. That file is written last, and removed first: what
has it is seedlab's and whole, even if the Python that it was made of is gone. While a folder is seedlab's and is not
whole, the file NAME.half lies beside it, with a note of seedlab's. Whoever makes or removes one has the lock
NAME.lock, which ends with its process in whatever way; so where NAME.half is there, and NAME.lock can be locked, the
folder was left half-made or half-removed. Anything else that lies there is not seedlab's, and is never touched.
"""

import contextlib
import errno
import os
import re
import shutil
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import msgspec
import platformdirs
import psutil

from seedlab import APPLICATION_NAME
from seedlab.engine.platform import PLATFORM
from seedlab.errors import EnvironmentRefusedError
from seedlab.phrases import noted, plural, sentence
from seedlab.results.environments import Environment

_END_GRACE_S = 3.0
_MARKER = "seedlab-environment.json"
_LOCK_ENDING, _HALF_ENDING = ".lock", ".half"
_NOTE = b"The folder beside this file is an environment that seedlab is making or removing.\n"
"""What a file NAME.half has that seedlab wrote; a person may have files and folders of such names."""
_NO_ROOM = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
_PYTHONS = ("python", "pypy")
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._+-]{0,62}[A-Za-z0-9])?")
_TAKEN = re.compile(r"(?i)(python|pypy)[0-9.w]*|con|prn|aux|nul|com\d|lpt\d|.*\.(lock|half|exe|py|seedlab)")
"""What a name must not be: it would hide a Python on the path, or means something else to Windows or to seedlab."""


def default_folder() -> Path:
    """Return the folder of all environments, in the one that the platform has for an application's data."""
    return platformdirs.user_data_path(APPLICATION_NAME, appauthor=False) / "environments"


def environments(place: Path | None = None) -> tuple[Environment, ...]:
    """Return all environments in ``place`` that are whole, the newest first, also those that `has_python` denies."""
    place = default_folder() if place is None else place
    found = [each for folder in _entries(place) if (each := _read(folder)) is not None]
    return tuple(sorted(found, key=lambda each: (-each.made.timestamp(), each.name)))


def environment_of(name: str, place: Path | None = None) -> Environment | None:
    """Return the environment that is called ``name``; None where there is none."""
    if not _NAME.fullmatch(name):
        return None
    return _read((default_folder() if place is None else place) / name)


def has_python(environment: Environment) -> bool:
    """Return False where the Python that ``environment`` was made of is gone, so that it can only be removed."""
    return os.path.exists(environment.executable)


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
    if not _is_spelled(name):
        what = sentence("“{name}” cannot be the name of an environment.", name=name)
        advice = sentence(
            "Use letters, digits, dots, hyphens and underscores, such as tf-2.15, and no name of a Python."
        )
        raise EnvironmentRefusedError(what, advice)


def _is_spelled(name: str) -> bool:
    return _NAME.fullmatch(name) is not None and _TAKEN.fullmatch(name) is None


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
        _note(half)
        try:
            yield folder
        except OSError as error:
            _settle(name, folder, half)
            raise refusal(error, folder) from error
        except Exception:
            _settle(name, folder, half)
            raise
        except BaseException:
            # Whoever ended it is not kept from that; the next one goes on with it.
            with contextlib.suppress(EnvironmentRefusedError):
                _settle(name, folder, half)
            raise
        _settle(name, folder, half)


def refusal(error: OSError, path: Path | str = "") -> EnvironmentRefusedError:
    """Return what the system refused, as a person can act on it; ``path`` is where, if ``error`` does not say."""
    if error.errno in _NO_ROOM:
        what = sentence("There is no room left on the disk.")
        return EnvironmentRefusedError(what, sentence("Free some, and try it again."))
    reason = error.strerror or type(error).__name__
    what = sentence("{path}: {reason}.", path=error.filename or path, reason=reason)
    return EnvironmentRefusedError(what, sentence("Look who may read and write there, and what is free."))


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
                "“{name}” is in use by process {first}.",
                "“{name}” is in use by {count} processes, of which {first} is the first.",
                len(running),
                name=environment.name,
                first=running[0],
            )
            raise EnvironmentRefusedError(what, sentence("Let the runs end, or end them, and remove it then."))
        half = folder.with_name(f"{folder.name}{_HALF_ENDING}")
        try:
            _note(half)
            (folder / _MARKER).unlink()
        except OSError as error:
            what = sentence("{path} cannot be removed: {reason}.", path=folder, reason=error.strerror)
            raise EnvironmentRefusedError(what, sentence("Look who may write there.")) from error
        _settle(environment.name, folder, half)


def sweep(place: Path | None = None) -> None:
    """Remove what was left half-made or half-removed by a seedlab that was ended."""
    place = default_folder() if place is None else place
    for half in _entries(place):
        name = half.name.removesuffix(_HALF_ENDING)
        # What is spelled otherwise, such as “..half”, may name another folder than one in here.
        if name == half.name or not _is_spelled(name) or not _is_note(half):
            continue
        with contextlib.suppress(EnvironmentRefusedError), _locked(name, place):
            # Another seedlab may have settled it meanwhile.
            if _is_note(half):
                _settle(name, place / name, half)


def _note(half: Path) -> None:
    """Write down that the folder beside ``half`` is not whole. Raise `EnvironmentRefusedError` where that cannot be."""
    try:
        with half.open("xb") as file:
            file.write(_NOTE)
    except FileExistsError:
        if not _is_note(half):
            what = sentence("{path} is there already, and is no environment of seedlab.", path=half)
            raise EnvironmentRefusedError(what, sentence("Move it elsewhere, or choose another name.")) from None
    except OSError as error:
        with contextlib.suppress(OSError):
            half.unlink()
        raise refusal(error, half) from error


def _is_note(half: Path) -> bool:
    try:
        status = half.lstat()
        return stat.S_ISREG(status.st_mode) and status.st_size == len(_NOTE) and half.read_bytes() == _NOTE
    except OSError:
        return False


def _settle(name: str, folder: Path, half: Path) -> None:
    """Remove ``folder`` unless it is whole, and the file that says that it is not.

    Raise `EnvironmentRefusedError` where a part is left.
    """
    if not (folder / _MARKER).exists():
        error = _remove_tree(folder)
        if os.path.lexists(folder):
            path = folder if error is None or error.filename is None else error.filename
            reason = sentence("it is still there") if error is None else error.strerror
            text = noted("Only a part of “{name}” was removed: {path}: {reason}.")
            what = sentence(text, name=name, path=path, reason=reason)
            advice = sentence(
                "Look who may write there; the rest is removed when environments are made or listed again."
            )
            raise EnvironmentRefusedError(what, advice) from error
    with contextlib.suppress(OSError):
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
                    # Windows does not count blocks.
                    total += getattr(status, "st_blocks", -(-status.st_size // 512)) * 512
    return total


def processes_of(folder: Path) -> tuple[int, ...]:
    """Return the numbers of the processes that execute the Python of the environment in ``folder``, or map its files.

    Processes of other users cannot all be looked at.
    """
    insides = tuple(dict.fromkeys(each + os.sep for each in (str(folder), os.path.realpath(folder))))
    others = (each for each in psutil.process_iter() if each.pid != os.getpid())
    return tuple(each.pid for each in others if _is_started_in(each, insides) or _maps(each, insides))


def _is_started_in(process: psutil.Process, insides: tuple[str, ...]) -> bool:
    """Return True where the first word of the command of ``process`` names a program below ``insides``."""
    try:
        first = next(iter(process.cmdline()), "")
        if not first or first.startswith(insides):
            return bool(first)
        if os.path.isabs(first) or not os.path.basename(process.exe()).lower().startswith(_PYTHONS):
            return False
        variables = process.environ()
        # It may have gone elsewhere since it was started.
        folders = [process.cwd(), variables.get("PWD", "")]
    except (psutil.Error, OSError):
        return False
    if os.path.dirname(first):
        named = [os.path.normpath(os.path.join(each, first)) for each in folders if each]
    else:
        places = [os.path.join(folders[0], each) for each in variables.get("PATH", "").split(os.pathsep) if each]
        named = [path for path in [shutil.which(first, path=os.pathsep.join(places))] if path is not None]
    if any(each.startswith(insides) for each in named):
        return True
    is_known = any(os.path.exists(each) for each in named)
    return not is_known and os.path.join(variables.get("VIRTUAL_ENV", ""), "") in insides


def _maps(process: psutil.Process, insides: tuple[str, ...]) -> bool:
    # macOS does not tell.
    maps = getattr(process, "memory_maps", None)
    try:
        return maps is not None and any(each.path.startswith(insides) for each in maps())
    except (psutil.Error, OSError):
        return False


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
        if folder.is_symlink():
            return None
        found = msgspec.json.decode((folder / _MARKER).read_bytes(), type=Environment)
    except (OSError, msgspec.DecodeError, ValueError):
        return None
    return msgspec.structs.replace(found, folder=str(folder), name=folder.name)


@contextmanager
def _locked(name: str, place: Path) -> Iterator[None]:
    """Have the lock of the environment ``name``, whose file is there no longer than the block lasts."""
    path = place / f"{name}{_LOCK_ENDING}"
    if not _is_lock(path):
        what = sentence("{path} is there already, and is no environment of seedlab.", path=path)
        raise EnvironmentRefusedError(what, sentence("Move it elsewhere, or choose another name."))
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


def _is_lock(path: Path) -> bool:
    """Return False for what a person has called so, which is not seedlab's to remove."""
    try:
        status = path.lstat()
    except OSError:
        return True
    return stat.S_ISREG(status.st_mode) and not status.st_size


def _is_file_of(lock: BinaryIO, path: Path) -> bool:
    """Return False where the file that was locked is gone by now, so that it holds nobody off."""
    try:
        return os.path.samestat(os.fstat(lock.fileno()), path.stat())
    except OSError:
        return False


def _remove_tree(folder: Path) -> OSError | None:
    """Remove ``folder``, and return the first of what the system refused."""
    if folder.is_symlink() or not folder.is_dir():
        return None
    refused: list[OSError] = []

    def once_more(function: Callable[..., object], path: str, error: tuple[object, BaseException, object]) -> None:
        try:
            if function in {os.open, os.scandir, os.listdir}:
                # A folder that nobody may look into; what it has is removed here, and itself later.
                if not _open(path) and isinstance(error[1], OSError):
                    raise error[1]
                left = _remove_tree(Path(path))
                if left is not None:
                    raise left
            elif function in {os.unlink, os.rmdir}:
                # Some packages have folders that nobody may write to.
                if path != str(folder):
                    _open(os.path.dirname(path))
                if os.name == "nt" and not os.path.islink(path):
                    # What is only read cannot be removed there.
                    os.chmod(path, stat.S_IWRITE)
                function(path)
            elif isinstance(error[1], OSError):
                raise error[1]
        except FileNotFoundError:
            pass
        except OSError as again:
            refused.append(again)

    shutil.rmtree(folder, onerror=once_more)
    return refused[0] if refused else None


def _open(folder: str) -> bool:
    """Let the owner look into ``folder`` and write there, and return False where that was so already.

    What a link leads to, or a file has, is left as it is.
    """
    mode = os.lstat(folder).st_mode
    if not stat.S_ISDIR(mode):
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), folder)
    if mode & stat.S_IRWXU == stat.S_IRWXU:
        return False
    os.chmod(folder, stat.S_IMODE(mode) | stat.S_IRWXU)
    return True
