"""Runs on an existing cluster, as tasks of Dask: each in a fresh process beside a worker, and all of them cold."""

import asyncio
import os
import posixpath
import secrets
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

from msgspec.structs import replace

from seedlab.engine.cluster_connection import ClusterConnection, Content
from seedlab.engine.clusters import Cluster
from seedlab.engine.connection import Ended, check_ended
from seedlab.engine.executors.executor import Capacity, Readiness, Start
from seedlab.engine.executors.host_machine import HostMachine, Placement, base_of
from seedlab.engine.executors.outcome import ScriptFiles, observed
from seedlab.engine.executors.ssh import NO_FILES, NO_FILES_ADVICE
from seedlab.engine.observer_commands import packages_to_find
from seedlab.engine.platform import PLATFORM
from seedlab.engine.platform.interface import Exit, RunLostError, Sinks, ViewedFolder
from seedlab.engine.private_views import COPIED
from seedlab.engine.pythons import Question
from seedlab.engine.request import Limits, RunRequest
from seedlab.engine.sent_folders import check_agreed, folders_to_send, tar_of
from seedlab.engine.watching import Look, outside_effects
from seedlab.errors import RunRefusedError, SeedlabError
from seedlab.libraries.all_capabilities import cold_bytes
from seedlab.phrases import recorded
from seedlab.results.effects import Effect, Effects
from seedlab.results.run import Outcome, Run, unfinished

COLD: Final = recorded("runs on a cluster are all cold")
_MUCH: Final = 2**62
"""The memory of the workers, in bytes, which each of them watches itself."""


class ClusterExecutor:
    """Executes runs on one cluster, to which it connects when it is first needed, until `close`."""

    def __init__(
        self,
        cluster: Cluster,
        *,
        may_send: Callable[[RunRequest], bool] = lambda _: False,
        on_change: Callable[[], None] = lambda: None,
    ) -> None:
        """``may_send`` returns True where a person has agreed that the folders of a script are sent to the workers.

        ``on_change`` is called whenever there are other workers than before.
        """
        self.start = Start.AUTO
        """The way in which runs were asked to start that do not say so themselves."""
        self._cluster, self._may_send = cluster, may_send
        self.on_change = on_change
        self._connecting: asyncio.Task[ClusterConnection] | None = None
        self._watching: asyncio.Task[None] | None = None
        self._connection: ClusterConnection | None = None
        self._room = asyncio.Condition()
        self._going_on = 0
        self._place = f"/seedlab-{secrets.token_hex(8)}"
        """What paths of files begin with that are sent, until the worker knows where they are."""
        self._sending = asyncio.Lock()

    def connect(self) -> None:
        """Begin to connect, so that runs start sooner."""
        if self._connecting is None:
            self._connecting = asyncio.create_task(self._connect())
            # Whoever asks for the connection gets what is wrong with it.
            self._connecting.add_done_callback(lambda task: task.cancelled() or task.exception())

    def prepare(self, request: RunRequest) -> None:  # noqa: ARG002
        self.connect()

    async def run(self, request: RunRequest) -> Run:
        if request.compares:
            return unfinished(request.index, Outcome.FAILED, f"{NO_FILES} {NO_FILES_ADVICE}".removesuffix("."))
        try:
            connection = await self.connected()
            placement, sent = await self._placed(request)
        except SeedlabError as error:
            return unfinished(request.index, Outcome.FAILED, error.clause)
        task = _ClusterRun(self._cluster, connection, request, placement=placement, sent=sent, place=self._place)
        async with self._admitted():
            run = await observed(request, Start.COLD, task.execute, watch_of=task.watch, is_timed=False)
        if (Start(request.start) if request.start else self.start) is not Start.COLD:
            run = run.with_start_reason(request.cold_reason or COLD)
        return replace(run, seconds=round(task.seconds, 6), notes=(*run.notes, *task.notes))

    def capacity(self, request: RunRequest) -> Capacity:
        return Capacity(self._most, cold_bytes(request.script), _MUCH)

    def readiness(self, request: RunRequest) -> tuple[Readiness, str]:  # noqa: ARG002
        workers = self.describe()
        if not workers:
            return Readiness.COLD, COLD
        return Readiness.COLD, recorded("runs on a cluster are all cold, {workers}", workers=workers)

    def describe(self) -> str:
        """Return how many workers there are, for a person; empty until that is known."""
        return "" if self._connection is None else self._connection.workers.describe()

    async def answer(self, executable: str, question: Question, sinks: Sinks) -> Exit:
        """Have ``executable`` on one of the workers answer a question, as `pythons.Answer` does."""
        connection = await self.connected()
        limits = Limits()
        job: dict[str, Any] = {
            "mode": "probe",
            "python": self._cluster.python(executable),
            "question": question,
            "request": packages_to_find(),
            "seconds": limits.timeout_s,
            "processes": limits.max_processes,
        }
        result = await connection.execute(job, secrets.token_hex(4), None, [])
        _tell(result, sinks)
        return _exit_of(result, executable, self._cluster, limits.max_processes)

    async def connected(self) -> ClusterConnection:
        """Return the connection. Raise `ClusterError` where there is no cluster, or it cannot be used."""
        self.connect()
        assert self._connecting is not None
        return await asyncio.shield(self._connecting)

    async def close(self) -> None:
        """End the connection. What still goes on there is ended by the scheduler."""
        for task in (self._connecting, self._watching):
            if task is not None:
                task.cancel()
                await asyncio.wait([task])
        if self._connection is not None:
            await self._connection.close()

    async def _connect(self) -> ClusterConnection:
        self._connection = await ClusterConnection.open(self._cluster)
        self._watching = asyncio.create_task(self._watch(self._connection))
        return self._connection

    async def _watch(self, connection: ClusterConnection) -> None:
        while True:
            self.on_change()
            async with self._room:
                self._room.notify_all()
            await connection.changed.wait()
            connection.changed.clear()

    # --- room --------------------------------------------------------------------------------------

    @property
    def _most(self) -> int:
        """The number of runs that may be on the cluster at once.

        There is one for each thread of a worker. One more would wait for a worker that is busy, and the scheduler would
        not give it to the one that is free first. Without workers, one run waits for the first.
        """
        return max(1, 0 if self._connection is None else self._connection.workers.threads)

    @asynccontextmanager
    async def _admitted(self) -> AsyncIterator[None]:
        """Wait until the cluster has room for one more run, and keep that for as long as the block lasts."""
        async with self._room:
            await self._room.wait_for(lambda: self._going_on < self._most)
            self._going_on += 1
        try:
            yield
        finally:
            self._going_on -= 1
            async with self._room:
                self._room.notify()

    # --- files -------------------------------------------------------------------------------------

    async def _placed(self, request: RunRequest) -> tuple[Placement, Content | None]:
        """Return where the folders of ``request`` are on a worker, and the tar that they are in."""
        if request.path is None:
            return Placement(), None
        if request.host_folder is not None:
            return Placement(((base_of(request), request.host_folder),)), None
        await asyncio.to_thread(check_agreed, request, self._cluster.address, is_agreed=self._may_send(request))
        # One after the other: they are mostly the same.
        async with self._sending:
            sent = await asyncio.to_thread(folders_to_send, request)
            tar, _ = await asyncio.to_thread(tar_of, sent)
        pairs = tuple((here, f"{self._place}/{number}") for number, here in enumerate(sent.folders))
        return Placement(pairs), Content.of(tar)


class _ClusterRun:
    """One run on the cluster: what is asked of a worker, and what came of it."""

    def __init__(
        self,
        cluster: Cluster,
        connection: ClusterConnection,
        request: RunRequest,
        *,
        placement: Placement,
        sent: Content | None,
        place: str,
    ) -> None:
        self._cluster, self._connection = cluster, connection
        # Several are executed in one folder at once, so that each sees it privately.
        self._request = replace(request, is_private=request.path is not None)
        self._placement, self._sent, self._place = placement, sent, place
        self._hosts: list[str] = []
        self._result: Mapping[str, Any] = {}

    @property
    def seconds(self) -> float:
        """How long the worker took for it."""
        return float(self._result.get("seconds", 0.0))

    @property
    def notes(self) -> list[str]:
        """What a reader must know of how it was executed there."""
        notes = []
        if self._sent is not None:
            folder = os.path.realpath(self._request.folder or os.getcwd())
            notes.append(
                recorded("it was executed on a cluster, in a copy of {folder} that was sent there", folder=folder)
            )
        if self._result.get("is_copied"):
            notes.append(COPIED)
        if len(self._hosts) > 1:
            notes.append(
                recorded(
                    "it was begun again on another worker, as the one before was lost ({hosts}): what it had "
                    "done outside its process until then was done again",
                    hosts=", then ".join(self._hosts),
                )
            )
        return notes

    async def execute(self, files: ScriptFiles, sinks: Sinks) -> Exit:
        """Execute the run on a worker, as `outcome.Execute` does."""
        request, cluster = self._request, self._cluster
        job = await asyncio.to_thread(
            HostMachine.job_in, self._placement, request, 1, python=cluster.python(request.executable)
        )
        job["seconds"] = request.limits.timeout_s
        if self._sent is not None:
            job["place"] = self._place
        name = f"{request.key}-{request.index}-{secrets.token_hex(4)}"
        self._result = result = await self._connection.execute(job, name, self._sent, self._hosts)
        _tell(result, sinks)
        # What tracebacks are told without.
        files.elsewhere.extend(folder for folder in (result.get("place"), *self._sent_folders) if folder)
        if result.get("is_lost"):
            files.lost_mark.touch()
        return _exit_of(result, request.executable, cluster, request.limits.max_processes)

    @property
    def _sent_folders(self) -> list[str]:
        """The folders that were sent, as they are called there."""
        root = self._result.get("root", "")
        return [root + there.removeprefix(self._place) for _, there in self._placement.pairs] if root else []

    def watch(self, request: RunRequest) -> "_ClusterRun":  # noqa: ARG002
        return self

    async def begin(self) -> None:
        """Do nothing: what the run changes in its folder, nobody else sees."""

    async def effects(
        self,
        told: list[Effect],
        viewed: Sequence[ViewedFolder],  # noqa: ARG002  # What a worker's processes see cannot be read from here.
        *,
        is_complete: bool,
    ) -> Effects:
        gone = set(self._result.get("gone", ()))
        folders = self._sent_folders if self._sent is not None else [there for _, there in self._placement.pairs]
        look = Look(posixpath.normpath, lambda path: path not in gone, self._result.get("home", ""))
        return Effects(outside=outside_effects(told, folders, look), is_complete=is_complete)


def _tell(result: Mapping[str, Any], sinks: Sinks) -> None:
    """Give the output that came of a task to ``sinks``."""
    if "stdout" not in result:
        return
    for stream, sink, gap in (
        (result["stdout"], sinks.stdout, sinks.stdout_gap),
        (result["stderr"], sinks.stderr, sinks.stderr_gap),
    ):
        sink(stream["first"])
        gap(stream["dropped"])
        sink(stream["last"])
    if sinks.report is not None:
        sinks.report(result["report"])


def _exit_of(result: Mapping[str, Any], executable: str, cluster: Cluster, max_processes: int) -> Exit:
    """Return how what came of a task has ended. Raise what has kept it from ending by itself."""
    why, what, host = result["why"], result["what"], result["host"]
    if why == "failed":
        python = cluster.python(executable) or recorded("the Python of the worker")
        raise RunLostError(
            recorded("cannot be started on {host}: {python}: {what}", host=host, python=python, what=what)
        )
    if why == "unsent":
        raise RunRefusedError(
            recorded("The folder of the script could not be written on {host}: {what}.", host=host, what=what),
            recorded("See whether there is room in the worker’s folder."),
        )
    ended = Ended(
        status=result.get("status"),
        killed=result.get("killed", 0),
        is_lost=result.get("is_lost", False),
        why=why,
        what=what,
        place=result.get("place", ""),
    )
    check_ended(ended, host, max_processes=max_processes)
    return PLATFORM.exit_of(ended.status or 0, ended.killed)
