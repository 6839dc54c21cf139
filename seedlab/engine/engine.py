"""The engine in one event loop: it executes plans, prepares processes and asks Pythons, and reports to a listener."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Protocol

from seedlab.engine.batch import Batch, BatchEnd
from seedlab.engine.executors.auto import AutoExecutor
from seedlab.engine.executors.executor import Readiness, Start
from seedlab.engine.pythons import ask_devices, ask_versions, find_executable
from seedlab.engine.request import Plan, RunRequest
from seedlab.errors import InterpreterError
from seedlab.results.environment import Interpreter
from seedlab.results.run import Run


class EngineListener(Protocol):
    """Whoever is told what the engine does; its methods are called in the event loop's thread."""

    def on_run_ended(self, request: RunRequest, run: Run) -> None:
        """Take a run of the present plan; runs come in the plan's order."""

    def on_plan_ended(self, end: BatchEnd) -> None:
        """Take note that the plan is over, after its last run: exactly once for each plan that was begun."""

    def on_interpreter_found(self, interpreter: Interpreter) -> None:
        """Take an answer: first with the versions, then, when TensorFlow has been imported, with the devices."""

    def on_interpreter_failed(self, error: InterpreterError) -> None:
        """Take note that a Python cannot be used."""

    def on_readiness_changed(self, readiness: Readiness, detail: str) -> None:
        """Take note of how soon the request that was prepared last could start, and in which way or why not."""


class Engine:
    """Executes one plan at a time. All methods are to be called in the thread of the event loop."""

    def __init__(self, listener: EngineListener, start: Start = Start.AUTO) -> None:
        self._listener = listener
        self._executor = AutoExecutor(start, on_readiness=self._tell_readiness)
        self._prepared: RunRequest | None = None
        self._batch: Batch | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._asking: asyncio.Task[None] | None = None
        self._idle = asyncio.Event()
        self._idle.set()

    def start_plan(self, plan: Plan) -> bool:
        """Begin to execute ``plan``; return False while another one goes on."""
        if self._batch is not None:
            return False
        self._batch = Batch(plan, self._executor, self._listener.on_run_ended)
        self._idle.clear()
        self._keep(self._run(self._batch))
        return True

    def stop_plan(self) -> None:
        """End the present plan, if there is one. Its runs and its end are still reported."""
        if self._batch is not None:
            self._batch.cancel()

    def skip(self, key: int) -> None:
        """Start no more runs of the column ``key``."""
        if self._batch is not None:
            self._batch.skip(key)

    def prepare(self, request: RunRequest) -> None:
        """Begin to import what ``request`` will need."""
        self._prepared = request
        self._executor.prepare(request)

    def set_start(self, start: Start) -> None:
        """Choose how runs get their process from now on."""
        self._executor.start = start
        if self._prepared is not None:
            self._executor.prepare(self._prepared)

    def ask(self, executable: str | None) -> None:
        """Ask a Python what it has; an answer that is still awaited from another one is dropped."""
        if self._asking is not None:
            self._asking.cancel()
        self._asking = self._keep(self._ask(executable))

    async def until_idle(self) -> None:
        """Wait until no plan goes on."""
        await self._idle.wait()

    async def close(self) -> None:
        """End the plan, and all processes that run or wait."""
        # A batch is asked to end, not its task: one that is already ending its runs would leave them half ended.
        self.stop_plan()
        if self._asking is not None:
            self._asking.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._executor.close()

    def _keep(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        # An event loop alone keeps only weak references to its tasks.
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _run(self, batch: Batch) -> None:
        end = BatchEnd.CANCELLED
        try:
            end = await batch.run()
        finally:
            self._batch = None
            self._idle.set()
            self._listener.on_plan_ended(end)

    async def _ask(self, name: str | None) -> None:
        try:
            executable = find_executable(name)
            self._listener.on_interpreter_found(await ask_versions(executable))
            self._listener.on_interpreter_found(await ask_devices(executable))
        except InterpreterError as error:
            self._listener.on_interpreter_failed(error)

    def _tell_readiness(self) -> None:
        if self._prepared is not None:
            self._listener.on_readiness_changed(*self._executor.readiness(self._prepared))
