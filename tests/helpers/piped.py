"""The platform of Windows on POSIX: all but the job, which is a session of processes here."""

import contextlib
import os
import signal
import sys
from collections.abc import Mapping
from typing import Any

import psutil
import pytest

from seedlab.engine.executors.machine import LocalMachine
from seedlab.engine.platform import PLATFORM
from seedlab.engine.platform.piped import PipedPlatform
from seedlab.engine.platform.posix import PosixPlatform

# Kept, because what has nothing of POSIX may be hidden later.
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


class PipedPosix(PipedPlatform):
    """The platform of Windows, with what POSIX has in the place of Windows' own."""

    def __init__(self) -> None:
        super().__init__(SessionJob)
        posix = PosixPlatform()
        self.cores, self.available_bytes = posix.cores, posix.available_bytes
        self.try_lock, self.make_private = posix.try_lock, posix.make_private


def use_piped(monkeypatch: pytest.MonkeyPatch) -> PipedPosix:
    """Have the engine in this process work as on Windows, until the test ends."""
    piped = PipedPosix()
    for name, module in list(sys.modules.items()):
        if name.startswith("seedlab.") and getattr(module, "PLATFORM", None) is PLATFORM:
            monkeypatch.setattr(module, "PLATFORM", piped)
    monkeypatch.setattr(LocalMachine, "can_fork", False)
    return piped
