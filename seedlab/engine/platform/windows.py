"""Windows, where everything works except runs: starting one raises `InterpreterError`."""

import asyncio
import os
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AbstractContextManager

import psutil

from seedlab.engine.platform.ctrl_c import interruptions
from seedlab.engine.platform.interface import Command, Environment, Exit, PreparedChannel, Sink, Sinks
from seedlab.errors import InterpreterError


def _no_runs() -> InterpreterError:
    return InterpreterError(
        "Runs cannot be started on Windows yet.",
        "Open, compare and export documents here; make the runs on Linux, macOS or in WSL.",
    )


class WindowsPlatform:
    """The platform for Windows, which imports nothing that exists only on POSIX."""

    can_fork = False

    def cores(self) -> int:
        return os.cpu_count() or 1

    def available_bytes(self) -> int:
        return int(psutil.virtual_memory().available)

    async def execute(
        self, command: Command, sinks: Sinks, *, environment: Environment, folder: str | None, max_processes: int
    ) -> Exit:
        del command, sinks, environment, folder, max_processes
        raise _no_runs()

    def prepared(
        self, command: Command, stderr: Sink, *, environment: Environment
    ) -> AbstractAsyncContextManager[PreparedChannel]:
        del command, stderr, environment
        raise _no_runs()

    async def watched(self, process: int, exited: asyncio.Future[Exit], *, max_processes: int) -> Exit:
        del process, exited, max_processes
        raise _no_runs()

    async def end(self, process: int, exited: asyncio.Future[Exit]) -> None:
        """Do nothing, because no process was started."""

    def exit_of(self, status: int) -> Exit:
        return Exit(status)

    def interruptions(self, callback: Callable[[], None]) -> AbstractContextManager[None]:
        return interruptions(callback)
