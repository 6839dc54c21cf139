"""Windows: the piped platform, with what is asked of Windows itself. Never executed there, as `windows_job` says."""

import os
import sys
from pathlib import Path
from typing import BinaryIO

import psutil

from seedlab.engine.platform.piped import Job, PipedPlatform


class WindowsPlatform(PipedPlatform):
    """The platform for Windows, which imports nothing that exists only on POSIX."""

    def __init__(self) -> None:
        super().__init__(_new_job)

    def cores(self) -> int:
        affinity = getattr(psutil.Process(), "cpu_affinity", None)
        return (len(affinity()) if affinity is not None else 0) or os.cpu_count() or 1

    def available_bytes(self) -> int:
        return int(psutil.virtual_memory().available)

    def try_lock(self, path: str) -> BinaryIO | None:
        if sys.platform == "win32":
            import msvcrt

            file = open(path, "ab")  # noqa: SIM115  # It is locked for as long as it is open.
            try:
                # The byte at the position; there need be none.
                file.seek(0)
                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            except OSError:
                file.close()
                return None
            return file
        raise OSError(f"{path} cannot be locked: there is no module for it")

    def make_private(self, folder: Path) -> None:
        """Do nothing, because a user's folders are that user's alone."""


def _new_job() -> Job:
    if sys.platform == "win32":
        from seedlab.engine.platform.windows_job import WindowsJob

        return WindowsJob()
    raise OSError(0, "There are jobs on Windows only.")
