"""Keeps unsaved results for the next start, each window's in a folder of its own.

A lock says that the window lives. The system opens it however the program ends, so that no number of a process plays a
part: in a container every seedlab has the same one.
"""

import contextlib
import secrets
import shutil
import time
from pathlib import Path
from typing import BinaryIO

import msgspec
import platformdirs
from msgspec.structs import replace

from seedlab import APPLICATION_NAME
from seedlab.documents.programs import current_script
from seedlab.engine.platform import PLATFORM
from seedlab.errors import DocumentError
from seedlab.session.kept_lab import COLUMNS_FILE, LabWriter, NewerError, UnreadableError, read_kept
from seedlab.session.private_files import make_private_folder
from seedlab.study.lab import Column, Lab

_LOCK = "lock"
_BROKEN = ".broken"
_NEW_S = 60
"""A folder without results that is younger may be of a window that is about to lock it."""


def default_folder() -> Path:
    """Return the folder for recovery, in the one that the platform has for an application's data."""
    return platformdirs.user_data_path(APPLICATION_NAME, appauthor=False) / "recovery"


class Keeper:
    """Keeps the unsaved results of one window in a folder of its own in ``parent``. Call it in one thread at a time."""

    def __init__(self, parent: Path) -> None:
        self._parent = parent
        self._locked: _Locked | None = None
        self._writer: LabWriter | None = None

    def keep(self, lab: Lab) -> bool:
        """Keep ``lab``; return False where that is impossible, in which case work goes on without."""
        if self._locked is not None and not self._locked.folder.exists():
            # Somebody removed it.
            self.close()
        try:
            if self._locked is None:
                self._locked = self._make_folder()
            if self._writer is None:
                self._writer = LabWriter(self._locked.folder)
            self._writer.write(lab)
        except (OSError, UnicodeEncodeError):
            return False
        return True

    def forget(self) -> None:
        """Delete what was kept."""
        self._close_writer()
        if self._locked is not None:
            self._locked.delete()
            self._locked = None

    def close(self) -> None:
        """Leave what was kept to the next start."""
        self._close_writer()
        if self._locked is not None:
            self._locked.release()
            self._locked = None

    def _close_writer(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def _make_folder(self) -> "_Locked":
        make_private_folder(self._parent)
        folder = self._parent / secrets.token_hex(16)
        make_private_folder(folder)
        lock = PLATFORM.try_lock(str(folder / _LOCK))
        if lock is None:
            raise OSError(f"{folder} is locked")
        return _Locked(folder, lock)


class LeftBehind:
    """Results that an earlier window did not save. Nobody else is offered them until they are released."""

    def __init__(self, lab: Lab, locked: "_Locked") -> None:
        self.lab = lab
        self._locked = locked
        self.age_order = (lab.created, locked.written_ns())
        """What was made in the same second stands in the order in which it was written."""

    @property
    def folder(self) -> Path:
        """Where they are kept."""
        return self._locked.folder

    def discard(self) -> None:
        """Delete them, as far as that is possible."""
        self._locked.delete()

    def release(self) -> None:
        """Leave them to the next start."""
        self._locked.release()


class Found(msgspec.Struct, frozen=True):
    """What earlier windows left."""

    results: tuple[LeftBehind, ...] = ()
    """From the newest to the oldest."""
    broken: tuple[Path, ...] = ()
    """Where results were set aside that could not be read."""


def left_behind(parent: Path) -> Found:
    """Return what windows left in ``parent`` that ended without saving.

    The folders of a newer seedlab are left for that release to offer.
    """
    results, broken = [], []
    for folder in _folders(parent):
        # Whatever is wrong with one folder, seedlab opens, and offers the others.
        with contextlib.suppress(OSError):
            if not (folder / COLUMNS_FILE).exists() and time.time() - folder.stat().st_mtime < _NEW_S:
                continue
            lock = PLATFORM.try_lock(str(folder / _LOCK))
            if lock is None:
                continue
            locked = _Locked(folder, lock)
            try:
                lab = read_kept(folder)
            except NewerError:
                locked.release()
            except FileNotFoundError:
                locked.delete()
            except UnreadableError:
                broken.append(locked.set_aside())
            except BaseException:
                locked.release()
                raise
            else:
                if any(column.runs or column.edited_text is not None for column in lab.columns):
                    results.append(LeftBehind(lab, locked))
                else:
                    locked.delete()
    results.sort(key=lambda left: left.age_order, reverse=True)
    return Found(tuple(results), tuple(broken))


def as_trusted_on_disk(lab: Lab) -> Lab:
    """Return ``lab``, in which a program that was trusted still is only where its file has the text of the runs.

    Others run only after a person has seen them, as those of a document do.
    """
    return replace(lab, columns=tuple(replace(column, trusted=_is_trusted(column)) for column in lab.columns))


def _is_trusted(column: Column) -> bool:
    program = column.next_program or column.program
    if not column.trusted or program is None:
        return column.trusted
    if column.program is not None and column.program.path != program.path:
        # What the other file held when it was chosen is not known.
        return False
    try:
        return current_script(program) == column.script
    except DocumentError:
        return False


def _folders(parent: Path) -> list[Path]:
    try:
        return [path for path in parent.iterdir() if path.suffix != _BROKEN and path.is_dir()]
    except OSError:
        return []


class _Locked:
    """A folder that nobody else touches until it is released."""

    def __init__(self, folder: Path, lock: BinaryIO) -> None:
        self.folder = folder
        self._lock = lock

    def release(self) -> None:
        self._lock.close()

    def written_ns(self) -> int:
        """Return when anything was last kept in it, in nanoseconds since 1970."""
        return max((path.stat().st_mtime_ns for path in self.folder.iterdir() if path.name != _LOCK), default=0)

    def delete(self) -> None:
        """Delete it; what cannot be deleted stays."""
        # What makes it a kept lab goes first and the lock last: a deletion that is interrupted leaves no half of one.
        with contextlib.suppress(OSError):
            (self.folder / COLUMNS_FILE).unlink(missing_ok=True)
            for path in self.folder.iterdir():
                if path.name != _LOCK:
                    path.unlink()
        # Only now, as Windows does not delete what is open.
        self.release()
        shutil.rmtree(self.folder, ignore_errors=True)

    def set_aside(self) -> Path:
        """Rename it, so that it is not offered again; return where it is then."""
        self.release()
        aside = self.folder.with_name(self.folder.name + _BROKEN)
        try:
            self.folder.rename(aside)
        except OSError:
            return self.folder
        return aside
