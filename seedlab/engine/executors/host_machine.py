"""Another host as a machine that executes runs: processes there, files there, and the room that it has."""

import asyncio
import base64
import contextlib
import os
import posixpath
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Literal, NamedTuple

from seedlab.engine.connection import (
    END_LIMIT_S,
    LIMIT_GRACE_S,
    Connection,
    ConnectionLostError,
    FarProcess,
    connections,
)
from seedlab.engine.executors.executor import Capacity
from seedlab.engine.executors.outcome import ScriptFiles, Watch
from seedlab.engine.hosts import address_of
from seedlab.engine.observer_commands import preparation_fields, run_fields
from seedlab.engine.platform.interface import (
    Environment,
    Exit,
    PreparedChannel,
    RunLostError,
    Sink,
    Sinks,
    ViewedFolder,
)
from seedlab.engine.private_views import changed_files, encoded
from seedlab.engine.request import RunRequest
from seedlab.engine.sent_folders import check_agreed, folders_to_send, tar_of
from seedlab.engine.watching import Look, outside_effects
from seedlab.errors import InterpreterError, RunRefusedError
from seedlab.phrases import recorded
from seedlab.results.effects import Effect, Effects

RETRY_S = 5.0
"""For how long a host that could not be reached is not asked again, in seconds."""
_MUCH = 2**62
"""The memory of a host that does not tell it, in bytes."""


class Placement(NamedTuple):
    """Where the folders of a request are on the host."""

    pairs: tuple[tuple[str, str], ...] = ()
    """Each folder here, with the one there."""

    def there(self, path: str) -> str:
        """Return where ``path`` is on the host."""
        path = os.path.realpath(path)
        for here, there in self.pairs:
            if path == here or path.startswith(here + os.sep):
                return posixpath.normpath(posixpath.join(there, os.path.relpath(path, here).replace(os.sep, "/")))
        raise RunRefusedError(
            recorded("{path} is not on the host.", path=path),
            recorded("Name the script in the folder that it works in, or in a folder of its own."),
        )


class HostMachine:
    """A Python on another host; it is connected when it is first needed, and again after the connection was lost."""

    def __init__(self, executable: str, *, may_send: Callable[[RunRequest], bool]) -> None:
        """``may_send`` returns True where a person has agreed that the folders of a script are sent to the host.

        Raise `InterpreterError` where ``executable`` names no Python on a host.
        """
        self._executable = executable
        self.address = address_of(executable)
        self._may_send = may_send
        self._connection: Connection | None = None
        self._sent: dict[str, str] = {}
        """The folders that were sent, by their digests."""
        self._sending = asyncio.Lock()
        self._by_pid: dict[int, FarProcess] = {}

    # --- the connection ----------------------------------------------------------------------------

    async def connect(self) -> Connection:
        """Return the connection, which has answered. Raise `InterpreterError` where the host cannot be reached."""
        connection = self._connection
        if connection is None or (connection.is_over and _is_worth_another(connection)):
            self._connection = connections().hold(self._executable)
            self._sent = {}
            if connection is not None:
                await asyncio.shield(connections().release(connection))
            connection = self._connection
        await connection.ready()
        return connection

    @property
    def is_connected(self) -> bool:
        """True while the host answers."""
        connection = self._connection
        return connection is not None and connection.facts is not None and not connection.is_over

    async def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connections().release(connection)

    # --- what the host is --------------------------------------------------------------------------

    @property
    def can_fork(self) -> bool:
        facts = self._connection.facts if self._connection is not None else None
        return facts is None or facts.can_fork

    def capacity(self, run_bytes: int) -> Capacity:
        facts = self._connection.facts if self._connection is not None else None
        if facts is None:
            # One run, which connects.
            return Capacity(1, run_bytes, _MUCH)
        return Capacity(facts.cores, run_bytes, _MUCH if facts.available is None else facts.available)

    def watch(self, request: RunRequest) -> Watch:
        return _HostWatch(self, request)

    # --- runs --------------------------------------------------------------------------------------

    async def execute(self, request: RunRequest, files: ScriptFiles, sinks: Sinks, *, is_copied: bool) -> Exit:
        """Execute ``request`` in a new interpreter; with ``is_copied`` in a copy of its folder.

        Raise what `Platform.execute` raises, and `InterpreterError` where the host cannot be reached.
        """
        connection = await self.connect()
        job = {**await self._job(request), "is_copied": is_copied}
        async with connection.process(job, sinks) as far:
            await self._begun(far, files)
            return await self._ended(connection, far, request, files)

    @asynccontextmanager
    async def prepared(
        self,
        executable: str,  # noqa: ARG002  # It is always this one.
        mode: Literal["fork", "spare"],
        modules: Sequence[str],
        stderr: Sink,
        *,
        environment: Environment,
        folder: str | None,  # noqa: ARG002  # It is a folder of this machine.
    ) -> AsyncIterator[PreparedChannel]:
        try:
            connection = await self.connect()
        except InterpreterError as error:
            raise RunLostError(recorded("cannot be started: {clause}", clause=error.clause)) from error
        job = {
            "mode": mode,
            "python": self.address.python,
            "request": preparation_fields(modules),
            "environment": dict(environment),
        }
        async with connection.process(job, Sinks(lambda _: None, stderr)) as far:
            await far.begun()
            if not far.started.done():
                connection.check(far.ended.result(), max_processes=0)
            yield HostChannel(connection, far)

    @asynccontextmanager
    async def handing_over(
        self, channel: PreparedChannel, request: RunRequest, files: ScriptFiles, sinks: Sinks, number: int
    ) -> AsyncIterator[None]:
        assert isinstance(channel, HostChannel)
        connection = channel.connection
        job = await self._job(request, number)
        async with connection.process(job, sinks, prepared=channel.far) as far:
            process = await self._begun(far, files)
            self._by_pid[process] = far
            try:
                if not process:
                    await self._ended(connection, far, request, files)
                yield
                await self._ended(connection, far, request, files)
            finally:
                self._by_pid.pop(process, None)

    async def watched(self, process: int, exited: asyncio.Future[Exit], *, max_processes: int) -> Exit:
        del process, max_processes  # The host watches them.
        try:
            return await exited
        finally:
            exited.cancel()

    async def end(self, process: int, exited: asyncio.Future[Exit]) -> None:
        far = self._by_pid.get(process)
        if far is not None and self._connection is not None and not exited.done():
            with contextlib.suppress(ConnectionLostError):
                await self._connection.end(far)
                await asyncio.wait([exited], timeout=END_LIMIT_S)

    async def _begun(self, far: FarProcess, files: ScriptFiles) -> int:
        """Wait until a run has begun; return the number of its process there, 0 where it did not start."""
        await far.begun()
        if not far.started.done():
            return 0
        started = far.started.result()
        if started.place:
            files.elsewhere.append(started.place)
        return started.pid

    async def _ended(self, connection: Connection, far: FarProcess, request: RunRequest, files: ScriptFiles) -> Exit:
        try:
            return await connection.exit_of(far, max_processes=request.limits.max_processes)
        finally:
            if far.ended.done() and far.ended.exception() is None and far.ended.result().is_lost:
                files.lost_mark.touch()

    # --- files -------------------------------------------------------------------------------------

    async def place(self, request: RunRequest) -> Placement:
        """Return where the folders of ``request`` are on the host, after sending them where they have to be.

        Raise `RunRefusedError` where that cannot be, or nobody has agreed to it.
        """
        if request.path is None:
            return Placement()
        if request.host_folder is not None:
            return Placement(((base_of(request), request.host_folder),))
        await asyncio.to_thread(check_agreed, request, self.address.place, is_agreed=self._may_send(request))
        connection = await self.connect()
        # One after the other, so that runs that begin at once send it once.
        async with self._sending:
            sent = await asyncio.to_thread(folders_to_send, request)
            tar, digest = await asyncio.to_thread(tar_of, sent)
            if digest not in self._sent:
                self._sent[digest] = await connection.send_folder(tar)
            place = self._sent[digest]
        return Placement(tuple((folder, f"{place}/{number}") for number, folder in enumerate(sent.folders)))

    async def _job(self, request: RunRequest, number: int = 1) -> Mapping[str, Any]:
        """Return the job of a run of ``request``, as `seedlab.observer.hosting` takes it."""
        return self.job_in(await self.place(request), request, number, python=self.address.python)

    @staticmethod
    def job_in(placement: Placement, request: RunRequest, number: int, *, python: str | None) -> dict[str, Any]:
        """Return the job of a run whose folders are where ``placement`` says; without ``python``, by the host's own."""
        job: dict[str, Any] = {
            "mode": "run",
            "python": python,
            "environment": dict(request.environment),
            # After this machine, which tells of it; the host has to do it where the connection hangs.
            "seconds": request.limits.timeout_s + LIMIT_GRACE_S,
            "processes": request.limits.max_processes,
            "prefix": ["setarch", "-R"] if request.fixes_addresses else [],
        }
        fields = run_fields(request, "", "", number)
        fields.update(script=None, name=request.name, folder=None, views=[])
        if request.path is None:
            return {**job, "request": fields, "text": request.script}
        script = placement.there(request.path)
        folder = placement.there(request.folder or os.getcwd()) if request.host_folder is None else request.host_folder
        name = request.name
        if request.module is None and (name is None or os.path.isabs(name)):
            name = script
        elif request.module is None and request.host_folder is not None:
            name = posixpath.relpath(script, folder)
        fields.update(script=script, name=name, folder=folder)
        job.update(request=fields, folder=folder, expected=request.script)
        if request.is_private:
            job["private"] = [there for _, there in placement.pairs]
            changes = dict(changed_files(request))
            # What its file has there is not known here.
            changes[os.path.realpath(request.path)] = encoded(request.path, request.script)
            job["changes"] = [
                [placement.there(path), base64.b64encode(content).decode("ascii")] for path, content in changes.items()
            ]
        return job


class HostChannel:
    """The conversation with a prepared process on the host."""

    def __init__(self, connection: Connection, far: FarProcess) -> None:
        self.connection, self.far = connection, far

    @property
    def process(self) -> int:
        return self.far.started.result().pid

    async def exited(self) -> Exit:
        return await self.connection.exit_of(self.far, max_processes=0)

    async def receive(self) -> bytes:
        return await self.far.answers.get()

    def hand_over(self, sinks: Sinks, message: bytes) -> contextlib.AbstractAsyncContextManager[None]:
        raise NotImplementedError("files have to be there first: see HostMachine.handing_over")


class _HostWatch:
    """The folders of one run on the host."""

    def __init__(self, machine: HostMachine, request: RunRequest) -> None:
        self._machine = machine
        self._request = request
        self._folders: list[str] = []
        self._before: list[str | None] = []

    async def begin(self) -> None:
        try:
            placement = await self._machine.place(self._request)
            self._folders = [there for _, there in placement.pairs]
            self._before = await self._states()
        except (InterpreterError, RunRefusedError, ConnectionLostError):
            # The run will say so.
            self._before = []

    async def effects(
        self,
        told: list[Effect],
        viewed: Sequence[ViewedFolder],  # noqa: ARG002  # A private view on a host cannot be read from here.
        *,
        is_complete: bool,
    ) -> Effects:
        connection = await self._connected()
        if connection is None or not self._before:
            return Effects(changed_folder=True, outside=tuple(told), is_complete=False)
        paths = sorted({effect.what for effect in told})
        try:
            after, exist = await connection.look(self._folders, paths)
        except ConnectionLostError:
            return Effects(changed_folder=True, outside=tuple(told), is_complete=False)
        there = dict(zip(paths, exist, strict=True))
        assert connection.facts is not None
        look = Look(posixpath.normpath, lambda path: there.get(path, False), connection.facts.home)
        # What a run changes that sees them privately cannot be seen.
        changed = self._request.is_private or self._before != after or None in after
        outside = outside_effects(told, self._folders, look)
        return Effects(changed_folder=changed, outside=outside, is_complete=is_complete)

    async def _states(self) -> list[str | None]:
        connection = await self._machine.connect()
        return (await connection.look(self._folders, []))[0]

    async def _connected(self) -> Connection | None:
        try:
            return await self._machine.connect()
        except InterpreterError:
            return None


def _is_worth_another(connection: Connection) -> bool:
    """Return True where one that is over may be followed by another: it had been there, or that was a while ago."""
    return connection.facts is not None or asyncio.get_running_loop().time() - connection.over_at > RETRY_S


def base_of(request: RunRequest) -> str:
    """Return the folder here that is the folder of the host which holds the script."""
    assert request.path is not None
    path = os.path.realpath(request.path)
    if request.module is None:
        return os.path.dirname(path)
    parts = request.module.split(".")
    is_package = os.path.basename(path) == "__main__.py" and parts[-1] != "__main__"
    for _ in range(len(parts) + is_package):
        path = os.path.dirname(path)
    return path
