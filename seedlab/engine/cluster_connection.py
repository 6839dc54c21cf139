"""The connection to the scheduler of a cluster, by Dask's ``distributed``, which is imported only when it is opened."""

import asyncio
import contextlib
import hashlib
import importlib
import itertools
import json
import logging
import secrets
import warnings
from collections import Counter
from collections.abc import Mapping
from importlib.resources import files
from types import ModuleType
from typing import Any, Final

import msgspec

from seedlab.engine.clusters import Cluster
from seedlab.engine.packing import pack
from seedlab.engine.platform.interface import RunLostError
from seedlab.errors import SeedlabError
from seedlab.observer.tasks import KEEP, TASK, TEXT, TOPIC
from seedlab.phrases import plural, recorded, sentence

CONNECT_LIMIT_S: Final = 15.0
"""How long the scheduler may take to answer, in seconds."""
LOOK_S: Final = 1.0
"""The time between two looks at the workers, in seconds."""
NO_WORKER_LIMIT_S: Final = 120.0
"""For how long runs wait for a first worker, or for the next one after the last has gone, in seconds."""
END_LIMIT_S: Final = 10.0
"""How long a worker may take to end a run that nobody wants any more, in seconds."""
MOST_AGAIN: Final = 3
"""How often a run is begun again after its worker was lost."""
_SOURCES: Final = ("plain_json", "texts", "wire", "hosting", "tasks")
"""The modules of the observer that execute runs on a worker, each after those that it needs."""


class ClusterError(SeedlabError):
    """A cluster that cannot execute runs: missing, of another version, or lost."""


class ClusterLostError(RunLostError):
    """The connection to the scheduler was lost, or all workers, and with them what went on there."""


class Workers(msgspec.Struct, frozen=True):
    """The workers that there are."""

    count: int = 0
    hosts: int = 0
    threads: int = 0
    """How many tasks they execute at once, together."""

    def describe(self) -> str:
        """Return how many they are, for a person."""
        if not self.count:
            return sentence("no worker")
        workers = plural("{count} worker", "{count} workers", self.count)
        hosts = plural("{count} host", "{count} hosts", self.hosts)
        return sentence("{workers} on {hosts}", workers=workers, hosts=hosts)


class Content(msgspec.Struct, frozen=True):
    """What workers keep for tasks, under a name that is made of it."""

    name: str
    data: bytes

    @classmethod
    def of(cls, data: bytes) -> "Content":
        """Return ``data`` with its name."""
        return cls(f"seedlab_{hashlib.sha256(data).hexdigest()}", data)


class Task:
    """One task on the cluster."""

    def __init__(self, key: str, begun: list[str]) -> None:
        self.key = key
        self.begun = begun
        """The hosts on which it was begun, in order."""
        self.worker = ""
        """The address of the worker that has begun it last."""
        self.ended = asyncio.Event()
        """Set while no worker is known to execute it."""
        self.ended.set()
        self.too_often = asyncio.Event()
        """Set when it was begun, or would have to be, more often than it may be."""


class ClusterConnection:
    """The connection to one scheduler, from `open` to `close`."""

    def __init__(self, cluster: Cluster, distributed: ModuleType, client: Any) -> None:
        self._cluster = cluster
        self._distributed = distributed
        self._client = client
        self._token = secrets.token_hex(8)
        self._tasks: dict[str, Task] = {}
        self._numbers = itertools.count(1)
        self._parts = Content.of(_parts())
        self._gifts: dict[tuple[str, str], tuple[float, asyncio.Task[None]]] = {}
        """What was sent to each worker, and when that began."""
        self.workers = Workers()
        self.changed = asyncio.Event()
        """Set whenever the workers are others; whoever waits for that clears it."""
        self.lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Has an exception, a `ClusterLostError`, once the connection is lost."""
        self._looking: asyncio.Task[None] | None = None

    @classmethod
    async def open(cls, cluster: Cluster) -> "ClusterConnection":
        """Connect to the scheduler of ``cluster``. Raise `ClusterError` where that cannot be."""
        distributed = await asyncio.to_thread(_import_distributed)
        address = cluster.address
        see = recorded("See whether its scheduler runs, and whether this machine may connect to it.")
        client = None
        try:
            await _check_somebody_listens(cluster)
            # It says so below, and warns on top of that.
            warnings.simplefilter("ignore", distributed.versions.VersionMismatchWarning)
            client = distributed.Client(
                address, asynchronous=True, timeout=CONNECT_LIMIT_S, set_as_default=False, name="seedlab"
            )
            async with asyncio.timeout(CONNECT_LIMIT_S):
                await client
        except BaseException as error:
            if client is not None:
                await _closed(client)
            if isinstance(error, TimeoutError):
                what = recorded(
                    "No cluster answers at {address} within {limit:.0f} seconds.",
                    address=address,
                    limit=CONNECT_LIMIT_S,
                )
                raise ClusterError(what, see) from error
            if isinstance(error, OSError):
                raise ClusterError(
                    recorded(
                        "No cluster can be reached at {address}: {reason}.", address=address, reason=_reason(error)
                    ),
                    see,
                ) from error
            if isinstance(error, Exception):
                # Certificates that are missing, and whatever an older or a newer scheduler says.
                what = recorded(
                    "The cluster at {address} cannot be used: {reason}.", address=address, reason=_reason(error)
                )
                raise ClusterError(
                    what,
                    recorded(
                        "See whether it has the same release of distributed, and whether Dask’s configuration here "
                        "has its certificates."
                    ),
                ) from error
            raise
        connection = cls(cluster, distributed, client)
        try:
            await connection._begin()
        except BaseException:
            await connection.close()
            raise
        return connection

    async def _begin(self) -> None:
        address = self._cluster.address
        try:
            async with asyncio.timeout(CONNECT_LIMIT_S):
                theirs = (await self._client.scheduler.versions())["packages"]["distributed"]
                await self._look()
        except (OSError, KeyError, TypeError) as error:
            raise ClusterError(
                recorded(
                    "The cluster at {address} does not say what it is: {reason}.",
                    address=address,
                    reason=_reason(error),
                ),
                recorded("See whether that is the scheduler of a Dask cluster."),
            ) from error
        check_versions(address, theirs, self._distributed.__version__)
        self._client.subscribe_topic(TOPIC, self._take)
        self._looking = asyncio.create_task(self._keep_looking())

    async def close(self) -> None:
        """End all tasks, and the connection."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.wait([self._looking])
        if not self.lost.done():
            self.lost.set_exception(ClusterLostError(recorded("lost its cluster: the connection was closed")))
        # Retrieved, so that asyncio does not log an exception that nobody waits for any more.
        self.lost.exception()
        gifts = [gift for _, gift in self._gifts.values()]
        for each in gifts:
            each.cancel()
        await asyncio.gather(*gifts, return_exceptions=True)
        await _closed(self._client)

    # --- tasks -------------------------------------------------------------------------------------

    async def execute(self, job: Mapping[str, Any], name: str, sent: Content | None, hosts: list[str]) -> Any:
        """Have a worker execute ``job``, as `seedlab.observer.tasks` takes it, and return what came of it.

        ``sent`` is the tar with its files; ``name`` tells a person which task it is. ``hosts`` gets the host of each
        beginning: a task whose worker is lost is begun again, a few times. When this is cancelled, the task is ended.
        Raise `RunLostError` where no worker brings it to its end.
        """
        losses = 0
        lacked = Counter[tuple[str, str]]()
        while True:
            task = Task(f"seedlab-{self._token}-{name}-{next(self._numbers)}", hosts)
            self._tasks[task.key] = task
            asked = asyncio.get_running_loop().time()
            try:
                result = await self._executed(task, job, sent)
            finally:
                del self._tasks[task.key]
            if result is not None and result["why"] == "lacking":
                content = sent if sent is not None and sent.name == result["what"] else self._parts
                problem = await self._give(result, content, asked)
                lacked[result["worker"], content.name] += 1
                if lacked[result["worker"], content.name] > MOST_AGAIN:
                    raise RunLostError(
                        recorded(
                            "could not be begun: what it needs cannot be sent to {result}{problem}",
                            result=result["worker"],
                            problem=problem,
                        )
                    )
            # A worker that closes ends its runs, although they are wanted.
            elif result is None or result["why"] == "stopped":
                losses = max(losses + 1, len(hosts))
                if losses > MOST_AGAIN:
                    raise RunLostError(_often_text(len(hosts)))
            else:
                return result

    async def _executed(self, task: Task, job: Mapping[str, Any], sent: Content | None) -> Any:
        """Have a worker execute ``job`` once, or again where the scheduler does that; return None where it was lost."""
        if self.lost.done():
            self.lost.result()
        details = {**job, "key": task.key, **({} if sent is None else {"sent": sent.name})}
        known = {"text": TEXT, "name": self._parts.name, "job": json.dumps(details)}
        # Without what it depends on, which would have it wait for a worker that has that.
        future = self._client.submit(eval, TASK, known, key=task.key, pure=False)
        result = asyncio.ensure_future(future.result())
        too_often = asyncio.ensure_future(task.too_often.wait())
        try:
            await asyncio.wait((result, too_often, self.lost), return_when=asyncio.FIRST_COMPLETED)
            if self.lost.done():
                self.lost.result()
            if not result.done():
                raise RunLostError(_often_text(len(task.begun)))
            return self._result_of(result)
        finally:
            is_over = result.done()
            for each in (result, too_often):
                each.cancel()
            await asyncio.shield(self._end(task, future, is_over=is_over))
            await asyncio.gather(result, too_often, return_exceptions=True)

    async def _give(self, lacking: Mapping[str, str], content: Content, asked: float) -> str:
        """Send ``content`` to the worker that was ``lacking`` it at a time after ``asked``; once for many tasks.

        Return why that cannot be, after a colon; empty where it was sent.
        """
        key = lacking["worker"], content.name
        begun, gift = self._gifts.get(key, (0.0, None))
        if gift is None or (gift.done() and begun < asked):
            gift = asyncio.create_task(self._send(lacking, content))
            self._gifts[key] = asyncio.get_running_loop().time(), gift
        await asyncio.wait([gift])
        error = None if gift.cancelled() else gift.exception()
        if error is None:
            return ""
        # It has gone, or has no room. Until that is known, it would be asked again at once.
        await asyncio.sleep(LOOK_S)
        return f": {_reason(error)}"

    async def _send(self, lacking: Mapping[str, str], content: Content) -> None:
        known = {"text": TEXT, "folder": lacking["folder"], "name": content.name, "content": content.data}
        await self._client.run(eval, KEEP, known, workers=[lacking["worker"]], on_error="raise")

    def _result_of(self, result: asyncio.Future[Any]) -> Any:
        if self._client.status != "running":
            # Then all its futures are cancelled.
            self._lose(recorded("the connection to {address} was lost", address=self._cluster.address))
            self.lost.result()
        if result.cancelled():
            return None
        error = result.exception()
        if error is None:
            return result.result()
        if isinstance(error, self._distributed.scheduler.KilledWorker | self._distributed.CancelledError):
            # The scheduler does not begin it again, or has forgotten it.
            return None
        raise RunLostError(recorded("could not be executed on the cluster: {reason}", reason=_reason(error))) from error

    async def _end(self, task: Task, future: Any, *, is_over: bool) -> None:
        """Have the scheduler forget a task, and wait until its worker has ended what it had begun."""
        if is_over or self.lost.done():
            future.release()
            return
        await self._client.cancel([future])
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(END_LIMIT_S):
                await task.ended.wait()

    async def _take(self, event: tuple[float, Mapping[str, str]]) -> None:
        """Take what a worker tells of a task, of whatever client."""
        _, told = event
        task = self._tasks.get(told.get("key", ""))
        if task is None:
            return
        if told["event"] == "begun":
            task.begun.append(told["host"])
            task.worker = told["worker"]
            task.ended.clear()
            if len(task.begun) > MOST_AGAIN + 1:
                task.too_often.set()
        else:
            task.ended.set()

    # --- workers -----------------------------------------------------------------------------------

    async def _keep_looking(self) -> None:
        loop = asyncio.get_running_loop()
        seen = loop.time()
        while True:
            await asyncio.sleep(LOOK_S)
            try:
                async with asyncio.timeout(CONNECT_LIMIT_S):
                    await self._look()
            except (OSError, AttributeError) as error:
                # It has no scheduler any more once it has been closed.
                self._lose(
                    recorded(
                        "the scheduler at {address} does not answer any more: {reason}",
                        address=self._cluster.address,
                        reason=_reason(error),
                    )
                )
                return
            if self.workers.count:
                seen = loop.time()
            elif self._tasks and loop.time() - seen > NO_WORKER_LIMIT_S:
                self._lose(
                    recorded(
                        "no worker has come to {address} for {limit:.0f} seconds",
                        address=self._cluster.address,
                        limit=NO_WORKER_LIMIT_S,
                    )
                )
                return

    async def _look(self) -> None:
        threads = await self._client.nthreads()
        hosts = {address.rpartition(":")[0] for address in threads}
        workers = Workers(len(threads), len(hosts), sum(threads.values()))
        if self._client.status != "running":
            raise OSError(recorded("the connection was lost"))
        for task in self._tasks.values():
            if task.worker and task.worker not in threads:
                # Whoever waits for its end there waits in vain.
                task.ended.set()
                if len(task.begun) > MOST_AGAIN:
                    task.too_often.set()
        if workers != self.workers:
            self.workers = workers
            self.changed.set()

    def _lose(self, why: str) -> None:
        if not self.lost.done():
            self.lost.set_exception(ClusterLostError(recorded("lost its cluster: {why}", why=why)))
            self.lost.exception()
        self.changed.set()


async def _closed(client: Any) -> None:
    """Close ``client``, in whatever state it is."""
    with contextlib.suppress(OSError, TimeoutError):
        async with asyncio.timeout(END_LIMIT_S):
            await client.close()


async def _check_somebody_listens(cluster: Cluster) -> None:
    """Raise OSError where nobody listens at the address of ``cluster``, at once; Dask would go on trying."""
    host, port = cluster.place
    async with asyncio.timeout(CONNECT_LIMIT_S):
        _, writer = await asyncio.open_connection(host, port)
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()


def check_versions(address: str, theirs: str | None, ours: str) -> None:
    """Raise `ClusterError` where the ``distributed`` of the scheduler is another one than the one here."""
    if theirs != ours:
        raise ClusterError(
            recorded(
                "The cluster at {address} has distributed {theirs}, and seedlab has {ours}: they may not "
                "understand each other.",
                address=address,
                theirs=theirs,
                ours=ours,
            ),
            recorded("Install “distributed=={theirs}” where seedlab runs, or the same release there.", theirs=theirs),
        )


def _import_distributed() -> ModuleType:
    """Return the package ``distributed``, which says nothing by itself. Raise `ClusterError` where it is missing."""
    try:
        distributed = importlib.import_module("distributed")
    except ImportError as error:
        raise ClusterError(
            recorded(
                "Runs on a cluster need Dask’s “distributed”, which cannot be imported here: {error}.", error=error
            ),
            recorded("Install it where seedlab runs, with “python -m pip install 'seedlab[cluster]'”."),
        ) from error
    # What a person has to know is said by seedlab; a lost worker is no news to the terminal.
    for name in ("distributed", *logging.root.manager.loggerDict):
        if name.partition(".")[0] in ("distributed", "tornado"):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    return distributed


def _parts() -> bytes:
    """Return what a worker needs to execute runs."""
    folder = files("seedlab.observer")
    sources = [(name, folder.joinpath(f"{name}.py").read_text(encoding="utf-8")) for name in _SOURCES]
    return json.dumps({"packed": pack().decode("ascii"), "sources": sources}).encode("ascii")


def _often_text(times: int) -> str:
    if not times:
        return recorded("could not be begun: its workers were lost")
    if times == 1:
        return recorded("was begun once on the cluster, and its worker was lost each time")
    return recorded("was begun {count} times on the cluster, and its worker was lost each time", count=times)


def _reason(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__
