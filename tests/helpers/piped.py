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
    """A session, and all that descends from its first process as far as that can be seen."""

    options: Mapping[str, Any] = {"start_new_session": True}

    def __init__(self) -> None:
        self._leader = 0
        self._known: dict[int, psutil.Process] = {}
        self.limits: list[int] = []

    def adopt(self, process: int) -> None:
        self._leader = process
        with contextlib.suppress(psutil.Error):
            self._known[process] = psutil.Process(process)

    def limit(self, processes: int) -> None:
        self.limits.append(processes)

    def count(self) -> int:
        for pid in psutil.pids() if self._leader else ():
            with contextlib.suppress(OSError, psutil.Error):
                if _session_of(pid) == self._leader and pid not in self._known:
                    self._known[pid] = psutil.Process(pid)
        for process in list(self._known.values()):
            with contextlib.suppress(psutil.Error):
                self._known |= {child.pid: child for child in process.children(recursive=True)}
        return sum(map(_is_alive, self._known.values()))

    def end(self) -> None:
        while self.count():
            for process in self._known.values():
                if _is_alive(process):
                    with contextlib.suppress(psutil.Error):
                        process.send_signal(signal.SIGKILL)

    def close(self) -> None:
        self.end()


def _is_alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
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
