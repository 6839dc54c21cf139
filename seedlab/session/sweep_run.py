"""Makes the runs of a sweep with an engine of its own, until all are made, it is stopped, or enough is known."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Protocol

from seedlab.engine.batch import BatchEnd
from seedlab.engine.executors.executor import Readiness
from seedlab.engine.request import MakePlan, Plan, RunRequest
from seedlab.engine.survey import Seen
from seedlab.errors import InterpreterError, SeedlabError
from seedlab.results.environment import Interpreter
from seedlab.results.run import Run
from seedlab.session.sweeping import Sweeping


class SweepEngine(Protocol):
    """The part of the engine that a sweep uses."""

    def start_plan(self, plan: Plan | MakePlan) -> bool:
        """Begin to execute ``plan``, and return True; return False when that cannot be done now."""

    def stop_plan(self) -> None:
        """End the current runs."""


class SweepRun:
    """Listens to an engine of its own, and has it make the runs of one sweep."""

    def __init__(self, engine: SweepEngine, sweeping: Sweeping, on_change: Callable[[], None]) -> None:
        """``on_change`` is called whenever there is more to show, in the thread in which the engine reports."""
        self.sweeping = sweeping
        self.problem: SeedlabError | None = None
        """What has ended the sweep before its end."""
        self.is_over = False
        self.is_stopped = False
        self._is_planned = False
        self._engine = engine
        self._on_change = on_change

    def begin(self) -> None:
        """Begin with the first runs."""
        self._next()

    def stop(self) -> None:
        """End the current runs, and make no more; what has ended is kept."""
        self.is_stopped = True
        self._engine.stop_plan()

    def _next(self) -> None:
        is_ended = self._is_planned or self.is_stopped or self.sweeping.is_enough
        self.is_over = is_ended or not self._engine.start_plan(self._make)
        if self.is_over and self.sweeping.store is not None:
            self.sweeping.store.close()
        self._on_change()

    def _make(self) -> Plan | None:
        """Return the next plan; where there is none, because of a problem or not, the sweep is over."""
        plan = None
        try:
            plan = self.sweeping.next_plan()
        except SeedlabError as error:
            self.problem = error
        self._is_planned = plan is None
        return plan

    # What the engine reports.

    def keep(self, request: RunRequest, run: Run) -> Future[None] | None:
        """Keep a run as it has ended."""
        if self.problem is not None:
            return None
        try:
            self.sweeping.keep(request, run)
        except SeedlabError as error:
            self.problem = error
            self.stop()
        if self.sweeping.is_enough:
            self._engine.stop_plan()
        self._on_change()
        return None

    def on_run_ended(self, request: RunRequest, run: Run) -> None:
        self.sweeping.note(request, run)

    def on_run_early(self, request: RunRequest, run: Run) -> None:
        """Do nothing: it was kept already."""

    def on_plan_made(self) -> None:
        """Say that more is known: what the runs before were for, and what the next ones will cost."""
        self._on_change()

    def on_plan_ended(self, end: BatchEnd) -> None:
        if end is BatchEnd.CANCELLED:
            self.is_stopped = True
        self._next()

    def on_interpreter_found(self, interpreter: Interpreter) -> None:
        """Do nothing: it was asked before."""

    def on_interpreter_failed(self, error: InterpreterError) -> None:
        """Do nothing: it was asked before."""

    def on_python_seen(self, seen: Seen) -> None:
        """Do nothing: no others are looked for."""

    def on_readiness_changed(self, readiness: Readiness, detail: str) -> None:
        """Do nothing: runs begin as soon as they can."""

    def on_ahead_changed(self, readiness: Readiness | None) -> None:
        """Do nothing: nothing is prepared ahead."""
