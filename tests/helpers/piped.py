"""The platform of Windows on POSIX: all but the job, which is a session of processes here."""

import sys

import pytest

from seedlab.engine.executors.machine import LocalMachine
from seedlab.engine.platform import PLATFORM
from seedlab.engine.platform.piped import PipedPlatform
from seedlab.engine.platform.posix import PosixPlatform
from tests.helpers.session_job import SessionJob


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
