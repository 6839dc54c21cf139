"""A session of processes in the place of a job of Windows."""

import contextlib
import os
import signal
from collections.abc import Mapping
from typing import Any

import psutil

# Kept, because what POSIX alone has may be hidden later.
_session_of = os.getsid


class SessionJob:
    """A session of processes; unlike a job of Windows, it has no hold of those that leave it."""

    options: Mapping[str, Any] = {"start_new_session": True}

    def __init__(self) -> None:
        self._leader = 0
        self.limits: list[int] = []

    def adopt(self, process: int) -> None:
        self._leader = process

    def limit(self, processes: int) -> None:
        self.limits.append(processes)

    def count(self) -> int:
        return len(self._living())

    def end(self) -> None:
        while living := self._living():
            for pid in living:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    def close(self) -> None:
        self.end()

    def _living(self) -> list[int]:
        return [pid for pid in psutil.pids() if self._leader and _is_alive_in(pid, self._leader)]


def _is_alive_in(pid: int, session: int) -> bool:
    try:
        return _session_of(pid) == session and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except (OSError, psutil.Error):
        return False
