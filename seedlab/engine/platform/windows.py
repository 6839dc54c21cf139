"""Windows, where everything works except runs: starting one raises `InterpreterError`."""

import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from pathlib import Path
from typing import BinaryIO

import psutil

from seedlab.engine.platform.end_requests import end_requests, interruptions
from seedlab.engine.platform.interface import (
    Command,
    Conversation,
    Environment,
    Exit,
    PreparedChannel,
    Sink,
    Sinks,
    View,
    ViewedFolder,
)
from seedlab.errors import InterpreterError
from seedlab.phrases import recorded


def _no_runs() -> InterpreterError:
    return InterpreterError(
        recorded("Runs cannot be started on Windows yet."),
        recorded("Open, compare and export documents here; make the runs on Linux, macOS or in WSL."),
    )


class WindowsPlatform:
    """The platform for Windows, which imports nothing that exists only on POSIX."""

    can_fork = False

    def cores(self) -> int:
        return os.cpu_count() or 1

    def available_bytes(self) -> int:
        return int(psutil.virtual_memory().available)

    def try_lock(self, path: str) -> BinaryIO | None:
        if sys.platform == "win32":
            import msvcrt

            file = open(path, "ab")  # noqa: SIM115  # It is locked for as long as it is open.
            try:
                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            except OSError:
                file.close()
                return None
            return file
        raise OSError(f"{path} cannot be locked: there is no module for it")

    async def execute(
        self,
        command: Command,
        sinks: Sinks,
        *,
        environment: Environment,
        folder: str | None,
        max_processes: int,
        views: Sequence[View] = (),
        on_viewed: Callable[[ViewedFolder], None] = lambda viewed: viewed.close(),
    ) -> Exit:
        del command, sinks, environment, folder, max_processes, views, on_viewed
        raise _no_runs()

    def prepared(
        self, command: Command, stderr: Sink, *, environment: Environment, folder: str | None, has_runs: bool
    ) -> AbstractAsyncContextManager[PreparedChannel]:
        del command, stderr, environment, folder, has_runs
        raise _no_runs()

    def conversing(self, command: Sequence[str], stderr: Sink) -> AbstractAsyncContextManager[Conversation]:
        del command, stderr
        raise _no_runs()

    async def watched(self, process: int, exited: asyncio.Future[Exit], *, max_processes: int) -> Exit:
        del process, exited, max_processes
        raise _no_runs()

    async def end(self, process: int, exited: asyncio.Future[Exit]) -> None:
        """Do nothing, because no process was started."""

    def exit_of(self, status: int, killed: int) -> Exit:
        return Exit(status, killed=killed)

    def close(self) -> None:
        """Do nothing, because no process was started."""

    def make_private(self, folder: Path) -> None:
        """Do nothing, because a user's folders are that user's alone."""

    def interruptions(self, callback: Callable[[int], None]) -> AbstractContextManager[None]:
        return interruptions(callback)

    def end_requests(self) -> AbstractContextManager[int]:
        return end_requests()
