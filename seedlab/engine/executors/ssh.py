"""Runs on another host by ssh, in the same three ways and by the same rule as on this machine."""

import asyncio
import os
from collections.abc import Callable

from msgspec.structs import replace

from seedlab.engine.connection import ConnectionLostError
from seedlab.engine.executors.auto import AutoExecutor
from seedlab.engine.executors.cold import ColdExecutor
from seedlab.engine.executors.executor import Capacity, Readiness, Start
from seedlab.engine.executors.host_machine import HostMachine
from seedlab.engine.executors.outcome import ScriptFiles, observed
from seedlab.engine.executors.prepared import Preparation
from seedlab.engine.platform.interface import Exit, Sinks
from seedlab.engine.private_views import COPIED
from seedlab.engine.request import RunRequest
from seedlab.errors import SeedlabError
from seedlab.libraries.all_capabilities import cold_bytes
from seedlab.phrases import recorded
from seedlab.results.run import Outcome, Run, unfinished

NO_FILES = recorded("Files cannot be compared yet where the runs are on another host.")
NO_FILES_ADVICE = recorded("Leave out the files to compare, or run it on this machine.")


class SshExecutor:
    """Executes runs of one Python on another host, over one connection that is kept until `close`."""

    def __init__(
        self,
        executable: str,
        start: Start = Start.AUTO,
        *,
        spares: int = 1,
        on_readiness: Callable[[], None] = lambda: None,
        may_send: Callable[[RunRequest], bool] = lambda _: False,
    ) -> None:
        """``may_send`` returns True where a person has agreed that the folders of a script are sent to the host.

        Raise `InterpreterError` where ``executable`` names no Python on a host.
        """
        self.machine = HostMachine(executable, may_send=may_send)
        self._on_readiness = on_readiness
        cold = HostColdExecutor(self.machine)
        self.inner = AutoExecutor(start, spares=spares, on_readiness=on_readiness, machine=self.machine, cold=cold)
        self._waiting: dict[Preparation, RunRequest] = {}
        """What is prepared as soon as the host has answered."""
        self._connecting: asyncio.Task[None] | None = None
        self._problem = ""

    def connect(self) -> None:
        """Begin to connect, so that runs start sooner."""
        if not self.machine.is_connected and (self._connecting is None or self._connecting.done()):
            self._connecting = asyncio.create_task(self._connect())

    def prepare(self, request: RunRequest) -> None:
        if self.machine.is_connected:
            self.inner.prepare(request)
        else:
            self._waiting[Preparation.of(request)] = request
            self.connect()

    async def run(self, request: RunRequest) -> Run:
        if request.compares:
            return unfinished(request.index, Outcome.FAILED, f"{NO_FILES} {NO_FILES_ADVICE}".removesuffix("."))
        try:
            # Before the time limit of the run begins: the host may be slow to answer, and the folder large.
            await self.machine.connect()
            await self.machine.place(request)
        except SeedlabError as error:
            return unfinished(request.index, Outcome.FAILED, error.clause)
        except ConnectionLostError as error:
            return unfinished(request.index, Outcome.FAILED, str(error))
        run = await self.inner.run(request)
        if request.path is None or request.host_folder is not None:
            return run
        return replace(run, notes=(*run.notes, self._sent_note(request)))

    def capacity(self, request: RunRequest) -> Capacity:
        return self.inner.capacity(request)

    def readiness(self, request: RunRequest) -> tuple[Readiness, str]:
        if self.machine.is_connected:
            return self.inner.readiness(request)
        if self._problem:
            return Readiness.COLD, self._problem
        return Readiness.PREPARING, recorded("connecting to {place}", place=self.machine.address.place)

    async def close(self) -> None:
        if self._connecting is not None:
            self._connecting.cancel()
            await asyncio.wait([self._connecting])
        await self.inner.close()
        await self.machine.close()

    async def _connect(self) -> None:
        try:
            await self.machine.connect()
        except SeedlabError as error:
            self._problem = error.what
        else:
            self._problem = ""
            waiting, self._waiting = self._waiting, {}
            for request in waiting.values():
                self.inner.prepare(request)
        self._on_readiness()

    def _sent_note(self, request: RunRequest) -> str:
        folder = os.path.realpath(request.folder or os.getcwd())
        return recorded(
            "it was executed on {place}, in a copy of {folder} that was sent there",
            place=self.machine.address.place,
            folder=folder,
        )


class HostColdExecutor(ColdExecutor):
    """Starts each run in a new interpreter on another host."""

    def __init__(self, machine: HostMachine) -> None:
        super().__init__()
        self._machine = machine

    async def _observed(self, request: RunRequest, *, sees_privately: bool = False) -> Run:
        async def execute(files: ScriptFiles, sinks: Sinks) -> Exit:
            is_copied = request.is_private and not sees_privately
            return await self._machine.execute(request, files, sinks, is_copied=is_copied)

        return await observed(request, Start.COLD, execute, watch_of=self._machine.watch)

    async def _run_in_copies(self, request: RunRequest) -> Run:
        run = await self._observed(request)
        return replace(run, notes=(*run.notes, COPIED))

    def capacity(self, request: RunRequest) -> Capacity:
        return self._machine.capacity(cold_bytes(request.script))
