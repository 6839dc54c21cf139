"""Windows, where everything works except runs: starting one raises `InterpreterError`."""

import asyncio
import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, AbstractContextManager, contextmanager
from pathlib import Path

import psutil

from seedlab.engine.platform.end_requests import end_requests, end_signals, exit_status
from seedlab.engine.platform.interface import (
    Command,
    Environment,
    Exit,
    Interruption,
    PreparedChannel,
    Sink,
    Sinks,
)
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
        self, command: Command, stderr: Sink, *, environment: Environment, has_runs: bool
    ) -> AbstractAsyncContextManager[PreparedChannel]:
        del command, stderr, environment, has_runs
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

    def lock(self, folder: Path) -> Callable[[], None] | None:  # noqa: ARG002
        return None

    @contextmanager
    def interruptions(self, callback: Callable[[], None]) -> Iterator[Interruption]:
        loop, interruption = asyncio.get_running_loop(), Interruption()

        def on_signal(number: int, _frame: object) -> None:
            interruption.status = interruption.status or exit_status(number)
            loop.call_soon_threadsafe(callback)

        # The event loops of Windows do not support add_signal_handler.
        before = [(number, signal.signal(number, on_signal)) for number in end_signals()]
        try:
            yield interruption
        finally:
            for number, handler in before:
                signal.signal(number, handler)

    def end_requests(self) -> AbstractContextManager[socket.socket]:
        return end_requests()
