"""The machine that executes runs: this one, or another host. What the ways to start ask of it is the same for both."""

import asyncio
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Literal, Protocol

from seedlab.engine.executors.executor import Capacity
from seedlab.engine.executors.outcome import ScriptFiles, Watch, local_capacity
from seedlab.engine.observer_commands import prepared_command, run_request
from seedlab.engine.platform import PLATFORM
from seedlab.engine.platform.interface import Environment, Exit, PreparedChannel, Sink, Sinks
from seedlab.engine.private_views import views_of
from seedlab.engine.request import RunRequest
from seedlab.engine.watching import FolderWatch


class Machine(Protocol):
    """What prepared processes, and the ways to start, need of the machine that they are on."""

    @property
    def can_fork(self) -> bool:
        """True where a process that has imported TensorFlow can be forked safely."""

    def capacity(self, run_bytes: int) -> Capacity:
        """Return the room there for runs that take ``run_bytes`` of memory each."""

    def watch(self, request: RunRequest) -> Watch:
        """Return what tells the effects of a run of ``request``."""

    def prepared(
        self,
        executable: str,
        mode: Literal["fork", "spare"],
        modules: Sequence[str],
        stderr: Sink,
        *,
        environment: Environment,
        folder: str | None,
    ) -> AbstractAsyncContextManager[PreparedChannel]:
        """Start a process that imports ``modules`` and waits, as `Platform.prepared` does."""

    def handing_over(
        self, channel: PreparedChannel, request: RunRequest, files: ScriptFiles, sinks: Sinks, number: int
    ) -> AbstractAsyncContextManager[None]:
        """Have a prepared process execute ``request`` as its run ``number``, as `PreparedChannel.hand_over` does."""

    async def watched(self, process: int, exited: asyncio.Future[Exit], *, max_processes: int) -> Exit:
        """Wait for the end of a group's leader, as `Platform.watched` does."""

    async def end(self, process: int, exited: asyncio.Future[Exit]) -> None:
        """End a process and all that it started, as `Platform.end` does."""


class LocalMachine:
    """This machine."""

    can_fork = PLATFORM.can_fork

    def capacity(self, run_bytes: int) -> Capacity:
        return local_capacity(run_bytes)

    def watch(self, request: RunRequest) -> Watch:
        return FolderWatch(request)

    def prepared(
        self,
        executable: str,
        mode: Literal["fork", "spare"],
        modules: Sequence[str],
        stderr: Sink,
        *,
        environment: Environment,
        folder: str | None,
    ) -> AbstractAsyncContextManager[PreparedChannel]:
        command = prepared_command(executable, mode, modules)
        return PLATFORM.prepared(command, stderr, environment=environment, folder=folder, has_runs=mode == "fork")

    def handing_over(
        self, channel: PreparedChannel, request: RunRequest, files: ScriptFiles, sinks: Sinks, number: int
    ) -> AbstractAsyncContextManager[None]:
        views = views_of(request, files.place) if request.is_private else []
        return channel.hand_over(sinks, run_request(request, str(files.script), str(files.lost_mark), number, views))

    async def watched(self, process: int, exited: asyncio.Future[Exit], *, max_processes: int) -> Exit:
        return await PLATFORM.watched(process, exited, max_processes=max_processes)

    async def end(self, process: int, exited: asyncio.Future[Exit]) -> None:
        await PLATFORM.end(process, exited)


LOCAL: Machine = LocalMachine()
"""This machine."""
