"""The one QThread: it owns the engine's event loop; its callbacks leave it as Qt signals."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from PySide6.QtCore import QThread, Signal

from seedlab.engine.batch import Batch, BatchEnd, BatchRequest
from seedlab.engine.executors.auto import Readiness, Start, Starter
from seedlab.engine.pythons import ask_devices, ask_versions, find_executable
from seedlab.errors import InterpreterError
from seedlab.results.environment import Interpreter
from seedlab.results.run import Run


class RunnerThread(QThread):
    """Runs batches and asks interpreters. All methods are to be called from the window's thread.

    One batch at a time: a batch asked for while another goes on is refused by `start_batch`.
    """

    run_ended = Signal(Run)
    """A run of the present batch ended; in the order of the runs' indices."""
    batch_ended = Signal(BatchEnd)
    """Exactly once for each batch that `start_batch` took, after its last ``run_ended``."""
    interpreter_found = Signal(Interpreter)
    """First with the versions, then, once TensorFlow was imported, with the devices."""
    interpreter_failed = Signal(InterpreterError)

    readiness_changed = Signal(Readiness, str)
    """Of the script that was prepared last; with the way to start, or why it starts cold."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("runner")
        self._starter = Starter(on_readiness=self._tell_readiness)
        self._prepared: tuple[str, str] | None = None
        self._loop = asyncio.new_event_loop()
        self._batch: Batch | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._asking: asyncio.Task[None] | None = None
        self._closed = False
        self.batch_ended.connect(self._on_batch_ended)

    @property
    def is_busy(self) -> bool:
        """A batch was taken and its ``batch_ended`` has not arrived yet."""
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

    def start_batch(self, request: BatchRequest) -> bool:
        """Start a batch; False when one goes on or the thread is closed."""
        if self._batch is not None or self._closed:
            return False
        # Made here, before anyone can ask to stop it: a cancel that comes first counts too.
        self._batch = Batch(request, self._starter, self.run_ended.emit)
        self._submit(self._run_batch(self._batch))
        return True

    def stop_batch(self) -> None:
        """End the present batch, if any. Its runs and ``batch_ended`` still arrive."""
        if self._batch is not None and not self._closed:
            self._loop.call_soon_threadsafe(self._batch.cancel)

    def ask(self, executable: str | None) -> None:
        """Ask an interpreter what it has; an answer still awaited from another one is dropped."""
        if not self._closed:
            self._submit(self._ask(executable))

    def prepare(self, executable: str, script: str) -> None:
        """Begin to import what ``script`` will need; ``readiness_changed`` tells how far that is."""
        if not self._closed:
            self._loop.call_soon_threadsafe(self._prepare, executable, script)

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

    def _prepare(self, executable: str, script: str) -> None:
        self._prepared = (executable, script)
        self._starter.prepare(executable, script)

    def _set_start(self, start: Start) -> None:
        self._starter.start = start
        if self._prepared is not None:
            self._starter.prepare(*self._prepared)

    def _tell_readiness(self) -> None:
        if self._prepared is not None:
            self.readiness_changed.emit(*self._starter.readiness(*self._prepared))

    def _finish(self) -> None:
        async def finish() -> None:
            # A batch is asked to end, not its task: one that is already ending its runs, because of Stop, would
            # leave them half ended.
            if self._batch is not None:
                self._batch.cancel()
            if self._asking is not None:
                self._asking.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await self._starter.close()
            self._loop.stop()

        # Kept by the loop until it stops.
        self._finishing = self._loop.create_task(finish())
