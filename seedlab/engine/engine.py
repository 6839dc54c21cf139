"""The engine, which runs in one event loop: it executes plans, prepares processes and queries interpreters."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager
from typing import Any, Protocol

from seedlab.engine.batch import Batch, BatchEnd
from seedlab.engine.clusters import Cluster
from seedlab.engine.desk import sweep
from seedlab.engine.executors.by_place import PlacesExecutor
from seedlab.engine.executors.executor import Readiness, Start
from seedlab.engine.executors.prepared import Preparation
from seedlab.engine.platform import PLATFORM
from seedlab.engine.pythons import ask_devices, ask_versions, find_executable
from seedlab.engine.request import MakePlan, Plan, RunRequest
from seedlab.engine.survey import Seen, surveyed
from seedlab.errors import InterpreterError, SeedlabError
from seedlab.results.environment import Interpreter
from seedlab.results.run import Run

MAX_AHEAD = 2
"""The most processes that are prepared for what is asked for later."""


def interruptions(callback: Callable[[int], None]) -> AbstractContextManager[None]:
    """Call ``callback`` at each request to end while the block lasts, as `Platform.interruptions` says."""
    return PLATFORM.interruptions(callback)


def end_requests() -> AbstractContextManager[int]:
    """Yield what becomes readable at each request to end while the block lasts, as `Platform.end_requests` says."""
    return PLATFORM.end_requests()


class EngineListener(Protocol):
    """The receiver of what the engine reports; its methods are called in the event loop's thread."""

    def on_run_ended(self, request: RunRequest, run: Run) -> None:
        """Take a finished run of the current plan; runs arrive in the plan's order."""

    def on_run_early(self, request: RunRequest, run: Run) -> None:
        """Take a run that has ended before one that precedes it; `on_run_ended` takes it again when it is its turn."""

    def keep(self, request: RunRequest, run: Run) -> Future[None] | None:
        """Begin to keep a run that has ended; the next one begins when what is returned is done."""

    def on_plan_made(self) -> None:
        """Take note that the plan is known, and its runs begin."""

    def on_plan_ended(self, end: BatchEnd) -> None:
        """Take note that the plan is over; called exactly once for each plan that was begun, after its last run."""

    def on_interpreter_found(self, interpreter: Interpreter) -> None:
        """Take what an interpreter answered: first its versions, and later its devices as well."""

    def on_interpreter_failed(self, error: InterpreterError) -> None:
        """Take note that an interpreter cannot be used."""

    def on_python_seen(self, seen: Seen) -> None:
        """Take what a Python of the machine answered that nobody has chosen yet."""

    def on_readiness_changed(self, readiness: Readiness, detail: str) -> None:
        """Take note of how soon the request that was prepared last could start; `Executor.readiness` gives both."""

    def on_ahead_changed(self, readiness: Readiness | None) -> None:
        """Take note of how soon all that was prepared ahead could start; None where nothing was."""


class Engine:
    """Executes one plan at a time, and reports to its `listener`. Call all methods in the event loop's thread."""

    listener: EngineListener
    """The listener, which has to be set before anything is asked of the engine."""

    def __init__(
        self, start: Start = Start.AUTO, *, spares: int = 1, may_send: bool = False, cluster: Cluster | None = None
    ) -> None:
        """``spares`` is how many interpreters wait where runs are started from spares.

        ``may_send`` is True where a person has agreed that folders of scripts are sent to the hosts that execute them.
        ``cluster`` is the one that a person has named, for requests with a Python of its workers.
        """
        sweep()
        self._executor = PlacesExecutor(
            start,
            spares=spares,
            on_readiness=self._report_readiness,
            may_send=may_send,
            cluster=cluster,
            on_room=self._report_room,
        )
        self._cluster = cluster
        self._prepared: RunRequest | None = None
        self._ahead: tuple[RunRequest, ...] = ()
        self._is_going = self._is_stopped = False
        self._batch: Batch | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._asking: asyncio.Task[None] | None = None
        self._surveying: asyncio.Task[None] | None = None
        self._failure: Exception | None = None
        self._idle = asyncio.Event()
        self._idle.set()

    def find_executable(self, name: str | None) -> str:
        """Return how requests name the Python ``name``: a path, a command, a host's, or one of the cluster's workers.

        None is the Python that seedlab runs in, or that each worker runs in. Raise `SeedlabError` where it cannot be.
        """
        return find_executable(name) if self._cluster is None else self._cluster.executable(name)

    async def ask_versions(self, executable: str) -> Interpreter:
        """Return the versions in ``executable``. Raise `SeedlabError` when it cannot be used, or be reached."""
        on_cluster = self._executor.on_cluster
        return await ask_versions(executable, answer=None if on_cluster is None else on_cluster.answer)

    def describe_workers(self) -> str:
        """Return how many workers the cluster has, for a person; empty where there is no cluster."""
        on_cluster = self._executor.on_cluster
        return "" if on_cluster is None else on_cluster.describe()

    def agree_to_send(self, request: RunRequest) -> None:
        """Take note that a person has agreed that the folders of ``request`` are sent to the host of its Python."""
        self._executor.agree_to_send(request)

    def start_plan(self, plan: Plan | MakePlan) -> bool:
        """Begin to execute ``plan`` and return True; return False while another plan goes on.

        A plan that takes a while to make is given as the function that makes it, which is called in another thread.
        """
        if self._is_going:
            return False
        self._is_going, self._is_stopped = True, False
        self._idle.clear()
        if isinstance(plan, Plan):
            self._batch = self._batch_of(plan)
            self._keep(self._run(None))
        else:
            self._keep(self._run(plan))
        return True

    def stop_plan(self) -> None:
        """End the current plan, if there is one. Its runs and its end are still reported."""
        self._is_stopped = True
        if self._batch is not None:
            self._batch.cancel()

    def skip(self, key: int) -> None:
        """End the runs of the column ``key`` and start no more of them."""
        if self._batch is not None:
            self._batch.skip(key)

    def prepare(self, request: RunRequest) -> None:
        """Begin to import what ``request`` will need."""
        self._prepared = request
        self._executor.prepare(request)

    def prepare_ahead(self, requests: Sequence[RunRequest]) -> None:
        """Begin to import what ``requests`` will need, which are asked for later; those of before count no more."""
        self._ahead = tuple(requests)
        # One for each process that they need, and no more than there is room for beside what is next.
        distinct = {Preparation.of(request): request for request in self._ahead}
        for request in [*distinct.values()][:MAX_AHEAD]:
            self._executor.prepare(request)
        # Once more, so that what is needed first is the last to make room.
        if self._ahead and self._prepared is not None:
            self._executor.prepare(self._prepared)
        self._report_readiness()

    def set_start(self, start: Start) -> None:
        """Set the way in which runs are started from now on."""
        self._executor.start = start
        if self._prepared is not None:
            self._executor.prepare(self._prepared)
        if self._ahead:
            self.prepare_ahead(self._ahead)

    def ask(self, executable: str | None) -> None:
        """Ask an interpreter for its versions and devices; an answer still awaited from another one is dropped.

        ``executable`` is a path, a command, or None for the Python that seedlab runs in.
        """
        if self._asking is not None:
            self._asking.cancel()
        self._asking = self._keep(self._ask(executable))

    def survey(self, near: Sequence[str], chosen: Sequence[str], known: Mapping[str, tuple[int, ...]]) -> None:
        """Report the Pythons of the machine, as `seedlab.engine.survey.surveyed` finds them."""
        # Those that have answered by now are known; what is left of the earlier survey is a part of this one.
        if self._surveying is not None:
            self._surveying.cancel()
        self._surveying = self._keep(self._survey(near, chosen, known))

    async def until_idle(self) -> None:
        """Wait until no plan goes on. Raise what has ended the last one, if it did not end as it should."""
        await self._idle.wait()
        if self._failure is not None:
            failure, self._failure = self._failure, None
            raise failure

    async def close(self) -> None:
        """End the plan, and all processes of runs and those that wait for them."""
        # The batch is cancelled, not its task: cancelling a task that is already ending its runs would interrupt that.
        self.stop_plan()
        for task in (self._asking, self._surveying):
            if task is not None:
                task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._executor.close()

    def _keep(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        # The event loop keeps only weak references to its tasks.
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _batch_of(self, plan: Plan) -> Batch:
        listener = self.listener
        return Batch(plan, self._executor, listener.on_run_ended, listener.on_run_early, listener.keep)

    async def _run(self, make: MakePlan | None) -> None:
        end = BatchEnd.CANCELLED
        try:
            if make is not None:
                plan = await asyncio.to_thread(make)
                self._batch = None if plan is None else self._batch_of(plan)
            if self._batch is None:
                end = BatchEnd.CANCELLED if self._is_stopped else BatchEnd.COMPLETED
            else:
                self.listener.on_plan_made()
                if self._is_stopped:
                    self._batch.cancel()
                end = await self._batch.run()
        except Exception as error:
            self._failure = error
            raise
        finally:
            self._batch = None
            self._is_going = False
            self.listener.on_plan_ended(end)
            # The listener may have begun another plan.
            if not self._is_going:
                self._idle.set()

    async def _survey(self, near: Sequence[str], chosen: Sequence[str], known: Mapping[str, tuple[int, ...]]) -> None:
        async for seen in surveyed(near, chosen, known):
            self.listener.on_python_seen(seen)

    async def _ask(self, name: str | None) -> None:
        try:
            on_cluster = self._executor.on_cluster
            if name is not None and self._cluster is not None and self._cluster.has(name) and on_cluster is not None:
                executable, answer = name, on_cluster.answer
            else:
                executable, answer = find_executable(name), None
            # The connection to another host is kept for the runs to come.
            self._executor.connect(executable)
            self.listener.on_interpreter_found(await ask_versions(executable, answer=answer))
            self.listener.on_interpreter_found(await ask_devices(executable, answer=answer))
        except InterpreterError as error:
            self.listener.on_interpreter_failed(error)
        except SeedlabError as error:
            # What is wrong with a cluster is no matter of a Python there.
            self.listener.on_interpreter_failed(InterpreterError(error.what, error.advice))

    def _report_room(self) -> None:
        if self._batch is not None:
            self._batch.look_again()
        self._report_readiness()

    def _report_readiness(self) -> None:
        if self._prepared is not None:
            self.listener.on_readiness_changed(*self._executor.readiness(self._prepared))
        found = {self._executor.readiness(request)[0] for request in self._ahead}
        if len({Preparation.of(request) for request in self._ahead}) > MAX_AHEAD:
            found = {Readiness.COLD}
        least = (Readiness.PREPARING, Readiness.COLD, Readiness.READY)
        self.listener.on_ahead_changed(next((each for each in least if each in found), None))
