"""Makes the runs of a sweep beside the window, with a thread of its own, and says from time to time how far it is."""

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from seedlab.engine.batch import BatchEnd
from seedlab.engine.executors.executor import Start
from seedlab.engine.request import RunRequest
from seedlab.gui.runner_thread import RunnerThread
from seedlab.results.run import Run
from seedlab.session.sweep_run import SweepRun
from seedlab.session.sweeping import Sweeping

_SHOWN_EVERY_MS = 200


class SweepMaker(QObject):
    """Begins with the runs of ``sweeping`` at once; `close` it when nobody looks any more."""

    changed = Signal()
    """There is more to show; emitted a few times a second at most."""
    ended = Signal()
    """Emitted once, when all runs are made, it was stopped, or there is a problem."""

    def __init__(self, sweeping: Sweeping, start: Start, parent: QObject) -> None:
        super().__init__(parent)
        self.sweeping = sweeping
        self._runner = RunnerThread()
        self.run = SweepRun(self._runner, sweeping, self._on_change)
        # In the runner's thread: what has ended is kept whatever the window is busy with.
        self._runner.keep = self.run.keep
        self._runner.run_ended.connect(self._on_run_ended)
        self._runner.plan_ended.connect(self._on_plan_ended)
        self._has_changed = False
        self._tick = QTimer(self, interval=_SHOWN_EVERY_MS)
        self._tick.timeout.connect(self._show)
        self._runner.start()
        self._runner.set_start(start)
        # Whoever asked for the sweep has agreed to that for runs of the column.
        self._runner.agree_to_send(sweeping.request)
        self._tick.start()
        self.run.begin()

    def stop(self) -> None:
        """End the runs under way; what has ended is kept."""
        if not self.run.is_over:
            self.run.stop()

    def close(self) -> None:
        """End all of it, and its thread. It is safe to call this twice."""
        self._tick.stop()
        self._runner.close()
        if self.sweeping.store is not None:
            self.sweeping.store.close()

    def _on_change(self) -> None:
        # From several threads: it is only noted here.
        self._has_changed = True

    @Slot()
    def _show(self) -> None:
        if self._has_changed:
            self._has_changed = False
            self.changed.emit()

    @Slot(RunRequest, Run)
    def _on_run_ended(self, request: RunRequest, run: Run) -> None:
        self.run.on_run_ended(request, run)

    @Slot(BatchEnd)
    def _on_plan_ended(self, end: BatchEnd) -> None:
        self.run.on_plan_ended(end)
        if self.run.is_over:
            self._tick.stop()
            self.changed.emit()
            self.ended.emit()
