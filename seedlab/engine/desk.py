"""The folder for this process's temporary files, and the removal of those whose processes have ended without it.

Each process locks its folder for as long as it lives, so that the next one can tell the folders of the dead from those
of other windows, in whatever way these ended.
"""

import atexit
import contextlib
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from seedlab.engine.platform import PLATFORM

_PREFIX = "seedlab-runs-"
_LOCK = "lock"
_NEW_FOR_S = 3600
"""The age, in seconds, from which on a folder without a lock is one of the dead, and not one that is being made."""
_TRIES = 10


class Desk:
    """The temporary folder of this process, made when it is first needed and removed when the process ends."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._lock: BinaryIO | None = None

    @contextmanager
    def folder(self) -> Iterator[Path]:
        """Make a new, empty folder, and remove it with its contents when the block is left."""
        path = self._new_folder()
        try:
            yield path
        finally:
            shutil.rmtree(path, ignore_errors=True)

    def _new_folder(self) -> Path:
        for _ in range(2):
            if self._folder is None:
                self._make()
            # It may be missing, because systems tidy their temporary folders.
            with contextlib.suppress(FileNotFoundError):
                return Path(tempfile.mkdtemp(prefix="run-", dir=self._folder))
            self._folder = None
        raise FileNotFoundError(tempfile.gettempdir())

    def _make(self) -> None:
        for _ in range(_TRIES):
            folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
            lock = None
            # Unlocked by the end of the process. Where nothing can be locked, nothing is swept either.
            with contextlib.suppress(OSError):
                lock = PLATFORM.try_lock(str(folder / _LOCK))
                if lock is None:
                    # Somebody who sweeps came between the file and its lock, and removes the folder.
                    continue
            self._folder, self._lock = folder, lock
            atexit.register(_remove, folder, lock)
            return
        raise FileNotFoundError(tempfile.gettempdir())


def _remove(folder: Path, lock: BinaryIO | None) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    if lock is not None:
        lock.close()
        # Windows does not remove what is open.
        shutil.rmtree(folder, ignore_errors=True)


DESK = Desk()
"""The temporary folder of this process."""


def sweep() -> None:
    """Remove the folders of processes that were ended before they could do so themselves."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            status = folder.lstat()
            if not stat.S_ISDIR(status.st_mode) or (hasattr(os, "getuid") and status.st_uid != os.getuid()):
                continue
            if not (folder / _LOCK).exists() and status.st_mtime > time.time() - _NEW_FOR_S:
                continue
            lock = PLATFORM.try_lock(str(folder / _LOCK))
            if lock is not None:
                _remove(folder, lock)
