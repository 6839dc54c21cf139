"""The executor that chooses where a run is executed, by the Python that its request names: here or elsewhere."""

import asyncio
from collections.abc import Callable

from seedlab.engine.clusters import Cluster
from seedlab.engine.executors.auto import AutoExecutor
from seedlab.engine.executors.cluster import ClusterExecutor
from seedlab.engine.executors.executor import Capacity, Executor, Readiness, Start
from seedlab.engine.executors.ssh import SshExecutor
from seedlab.engine.hosts import is_on_host
from seedlab.engine.request import RunRequest
from seedlab.engine.sent_folders import SentKey, sent_key
from seedlab.errors import InterpreterError
from seedlab.results.run import Outcome, Run, unfinished


class PlacesExecutor:
    """One executor for this machine, and one for each Python on another host, made when it is first needed."""

    def __init__(
        self,
        start: Start = Start.AUTO,
        *,
        spares: int = 1,
        on_readiness: Callable[[], None] = lambda: None,
        may_send: bool = False,
        cluster: Cluster | None = None,
        on_room: Callable[[], None] = lambda: None,
    ) -> None:
        """``may_send`` is True where a person has agreed that folders of scripts are sent to other hosts.

        ``cluster`` is the one that a person has named; no other one is ever connected. ``on_room`` is called whenever
        it has other workers than before.
        """
        self._spares, self._on_readiness, self._may_send = spares, on_readiness, may_send
        self._agreed: set[SentKey] = set()
        """The scripts of which a person has agreed that their folders are sent to where one Python is."""
        self._start = start
        self._here = AutoExecutor(start, spares=spares, on_readiness=on_readiness)
        self._hosts: dict[str, SshExecutor] = {}
        self._cluster = cluster
        self.on_cluster: ClusterExecutor | None = None
        """The executor of the cluster, where there is one."""
        if cluster is not None:
            self.on_cluster = ClusterExecutor(cluster, may_send=self._may_be_sent, on_change=on_room)
        self.start = start

    @property
    def start(self) -> Start:
        """The way in which runs are started that do not say so themselves."""
        return self._start

    @start.setter
    def start(self, start: Start) -> None:
        self._start = self._here.start = start
        for host in self._hosts.values():
            host.inner.start = start
        if self.on_cluster is not None:
            self.on_cluster.start = start

    def agree_to_send(self, request: RunRequest) -> None:
        """Take note that a person has agreed that the folders of ``request`` are sent to its host."""
        self._agreed.add(sent_key(request))

    def _may_be_sent(self, request: RunRequest) -> bool:
        return self._may_send or sent_key(request) in self._agreed

    def connect(self, executable: str) -> None:
        """Begin to connect to the host of ``executable``, where it is on one; the connection is kept until `close`."""
        if is_on_host(executable):
            self._on_host(executable).connect()

    def prepare(self, request: RunRequest) -> None:
        try:
            self._of(request).prepare(request)
        except InterpreterError:
            # The run will say what is wrong with its name.
            return

    async def run(self, request: RunRequest) -> Run:
        try:
            executor = self._of(request)
        except InterpreterError as error:
            return unfinished(request.index, Outcome.FAILED, error.clause)
        return await executor.run(request)

    def capacity(self, request: RunRequest) -> Capacity:
        try:
            return self._of(request).capacity(request)
        except InterpreterError:
            return self._here.capacity(request)

    def readiness(self, request: RunRequest) -> tuple[Readiness, str]:
        try:
            return self._of(request).readiness(request)
        except InterpreterError as error:
            return Readiness.COLD, error.what

    async def close(self) -> None:
        if self.on_cluster is not None:
            await self.on_cluster.close()
        await asyncio.gather(*(host.close() for host in self._hosts.values()))
        await self._here.close()

    def _of(self, request: RunRequest) -> Executor:
        if self.on_cluster is not None and self._cluster is not None and self._cluster.has(request.executable):
            return self.on_cluster
        return self._on_host(request.executable) if is_on_host(request.executable) else self._here

    def _on_host(self, executable: str) -> SshExecutor:
        host = self._hosts.get(executable)
        if host is None:
            host = self._hosts[executable] = SshExecutor(
                executable,
                self._start,
                spares=self._spares,
                on_readiness=self._on_readiness,
                may_send=self._may_be_sent,
            )
        return host
