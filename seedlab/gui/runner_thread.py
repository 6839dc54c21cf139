"""The one QThread: it owns the engine's event loop; its callbacks leave it as Qt signals."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from PySide6.QtCore import QThread, Signal

from seedlab.engine.batch import Batch, BatchEnd
from seedlab.engine.executors.auto import AutoExecutor
from seedlab.engine.executors.executor import Readiness, Start
from seedlab.engine.pythons import ask_devices, ask_versions, find_executable
from seedlab.engine.request import Plan, RunRequest
from seedlab.errors import InterpreterError
from seedlab.results.environment import Interpreter
from seedlab.results.run import Run


class RunnerThread(QThread):
    """Executes plans and asks interpreters. All methods are to be called from the window's thread.

    One plan at a time: a plan that comes while another goes on is refused by `start_plan`.
    """

    run_ended = Signal(RunRequest, Run)
    """Exactly once for each request of the present plan, in its order; those that were not started are cancelled."""
    batch_ended = Signal(BatchEnd)
    """Exactly once for each plan that `start_plan` took, after its last ``run_ended``."""
    interpreter_found = Signal(Interpreter)
    """First with the versions, then, once TensorFlow was imported, with the devices."""
    interpreter_failed = Signal(InterpreterError)

    readiness_changed = Signal(Readiness, str)
    """For the request that was prepared last; with the way to start, or why it starts cold."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("runner")
        self._executor = AutoExecutor(on_readiness=self._tell_readiness)
        self._prepared: RunRequest | None = None
        self._loop = asyncio.new_event_loop()
        self._batch: Batch | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._asking: asyncio.Task[None] | None = None
        self._closed = False
        self.batch_ended.connect(self._on_batch_ended)

    @property
    def is_busy(self) -> bool:
        """A plan was taken and its ``batch_ended`` has not arrived yet."""
        return self._batch is not None

    def run(self) -> None:
        """The thread's body: the engine's event loop, until `close`."""
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_forever()
        finally:
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.run_until_complete(self._loop.shutdown_default_executor())
            asyncio.set_event_loop(None)
            self._loop.close()

    def start_plan(self, plan: Plan) -> bool:
        """Execute ``plan``; False when another one goes on or the thread is closed."""
        if self._batch is not None or self._closed:
            return False
        # Made here, before anyone can ask to stop it: a cancel that comes first counts too.
        self._batch = Batch(plan, self._executor, self.run_ended.emit)
        self._submit(self._run_batch(self._batch))
        return True

    def stop(self) -> None:
        """End the present plan, if any. Its runs and ``batch_ended`` still arrive."""
        if self._batch is not None and not self._closed:
            self._loop.call_soon_threadsafe(self._batch.cancel)

    def skip(self, key: int) -> None:
        """End what goes on for ``key`` in the present plan, if any; its runs still arrive."""
        if self._batch is not None and not self._closed:
            self._loop.call_soon_threadsafe(self._batch.skip, key)

    def ask(self, executable: str | None) -> None:
        """Ask an interpreter what it has; an answer still awaited from another one is dropped."""
        if not self._closed:
            self._submit(self._ask(executable))

    def prepare(self, request: RunRequest) -> None:
        """Begin to import what runs like ``request`` will need; ``readiness_changed`` tells how far that is."""
        if not self._closed:
            self._loop.call_soon_threadsafe(self._prepare, request)

    def set_start(self, start: Start) -> None:
        """Choose how runs are started from now on."""
        if not self._closed:
            self._loop.call_soon_threadsafe(self._set_start, start)

    def close(self) -> None:
        """Refuse new work, end all processes and the thread. Safe to call twice."""
        if self._closed:
            return
        self._closed = True
        if self.isRunning():
            self._loop.call_soon_threadsafe(self._finish)
            self.wait()
        else:
            self._loop.close()

    def _on_batch_ended(self) -> None:
        self._batch = None

    # What follows runs in the thread.

    def _submit(self, work: Coroutine[Any, Any, None]) -> None:
        def start() -> None:
            task = self._loop.create_task(work)
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

        self._loop.call_soon_threadsafe(start)

    async def _run_batch(self, batch: Batch) -> None:
        end = BatchEnd.CANCELLED
        try:
            end = await batch.run()
        finally:
            self.batch_ended.emit(end)

    async def _ask(self, name: str | None) -> None:
        if self._asking is not None:
            self._asking.cancel()
        self._asking = asyncio.current_task()
        try:
            executable = find_executable(name)
            self.interpreter_found.emit(await ask_versions(executable))
            self.interpreter_found.emit(await ask_devices(executable))
        except InterpreterError as error:
            self.interpreter_failed.emit(error)

    def _prepare(self, request: RunRequest) -> None:
        self._prepared = request
        self._executor.prepare(request)

    def _set_start(self, start: Start) -> None:
        self._executor.start = start
        if self._prepared is not None:
            self._executor.prepare(self._prepared)

    def _tell_readiness(self) -> None:
        if self._prepared is not None:
            self.readiness_changed.emit(*self._executor.readiness(self._prepared))

    def _finish(self) -> None:
        async def finish() -> None:
            # A batch is asked to end, not its task: one that is already ending its runs, because of Stop, would
            # leave them half ended.
            if self._batch is not None:
                self._batch.cancel()
            if self._asking is not None:
                self._asking.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await self._executor.close()
            self._loop.stop()

        # Kept by the loop until it stops.
        self._finishing = self._loop.create_task(finish())
