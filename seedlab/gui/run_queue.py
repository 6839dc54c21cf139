"""Batches for several columns, one after the other."""

import time
from collections import deque
from collections.abc import Callable, Iterable

import msgspec
from PySide6.QtCore import QObject, Signal, Slot

from seedlab.engine.batch import BatchEnd, BatchRequest
from seedlab.gui.runner_thread import RunnerThread
from seedlab.results.run import Outcome, Run


class Job(msgspec.Struct, frozen=True):
    """A batch that is to be run for one column."""

    key: int
    """Of the column, as in `seedlab.session.arrangement.Lane`."""
    request: BatchRequest


class RunQueue(QObject):
    """Hands jobs to the runner, and tells to which column each run belongs."""

    run_ended = Signal(int, Run)
    """Key of the column, and a run that was started: those that were stopped before say nothing."""
    turned = Signal()
    """A run has ended, whether or not it was started."""
    ended = Signal(BatchEnd)
    """Exactly once for each `start`, after all its runs."""

    def __init__(self, runner: RunnerThread, parent: QObject, is_wanted: Callable[[int], bool]) -> None:
        """``is_wanted`` tells of a key whether there still is such a column."""
        super().__init__(parent)
        self._runner = runner
        self._is_wanted = is_wanted
        self._waiting: deque[Job] = deque()
        self._running: Job | None = None
        self._started = 0.0
        self.asked = self.done = 0
        """Runs that were asked for with `start`, and those of them that have ended."""
        runner.run_ended.connect(self._on_run_ended)
        runner.batch_ended.connect(self._on_batch_ended)

    @property
    def is_busy(self) -> bool:
        return self._running is not None

    @property
    def seconds(self) -> float:
        """Since `start`."""
        return time.monotonic() - self._started

    def start(self, jobs: Iterable[Job]) -> None:
        """Run ``jobs``, while nothing else runs."""
        self._waiting = deque(jobs)
        self._started = time.monotonic()
        self.asked, self.done = sum(job.request.runs for job in self._waiting), 0
        self._start_next()

    def stop(self) -> None:
        """End the job that goes on, and forget those that wait."""
        self._waiting.clear()
        self._runner.stop_batch()

    def _start_next(self) -> None:
        self._running = None
        while self._waiting and self._running is None:
            job = self._waiting.popleft()
            # A column that was removed meanwhile need not be run.
            if self._is_wanted(job.key) and self._runner.start_batch(job.request):
                self._running = job

    @Slot(Run)
    def _on_run_ended(self, run: Run) -> None:
        if run.outcome is not Outcome.CANCELLED and self._running is not None:
            self.done += 1
            self.run_ended.emit(self._running.key, run)
        self.turned.emit()

    @Slot(BatchEnd)
    def _on_batch_ended(self, end: BatchEnd) -> None:
        if end is not BatchEnd.COMPLETED:
            self._waiting.clear()
        self._start_next()
        if not self.is_busy:
            self.ended.emit(end)
