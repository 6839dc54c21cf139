"""The inquiries of a session, one at a time: one that was asked for, or those that follow experiments by themselves."""

from collections.abc import Callable, Hashable, Sequence
from typing import Protocol

from msgspec.structs import replace

from seedlab.engine.batch import BatchEnd
from seedlab.engine.executors.choice import prepared_imports
from seedlab.engine.request import MakePlan, RunRequest
from seedlab.inquiry.influence import Inquiry
from seedlab.messages.influence import estimate_text
from seedlab.results.effects import Effects
from seedlab.results.environment import Interpreter
from seedlab.results.influence import Influence
from seedlab.results.run import Outcome, Run
from seedlab.session.arrangement import Arrangement, Lane
from seedlab.session.running import is_of, request_of
from seedlab.session.settings import Settings
from seedlab.session.stages import Known, key_of
from seedlab.study.lab import Column

ENOUGH = 2
"""The number of finished runs from which on causes are looked for."""


class Host(Protocol):
    """The session, as far as inquiries know it."""

    arrangement: Arrangement
    interpreter: Interpreter | None
    settings: Settings
    is_busy: bool


class Listener(Protocol):
    """What is told of inquiries."""

    def on_inquiry_progress(self, asked: int, done: int) -> None:
        """Take how many runs an inquiry that was asked for will take, and how many it has taken."""

    def on_influence_found(self) -> None:
        """Take note that `Column.influence` of a column has changed."""

    def on_inquiry_ended(self, end: BatchEnd) -> None:
        """Take note that an inquiry that was asked for is over."""


class InquiringEngine(Protocol):
    """The part of the engine that inquiries use."""

    def start_plan(self, plan: MakePlan) -> bool:
        """Begin to execute what ``plan`` returns, and return True; return False when that cannot be done now."""

    def stop_plan(self) -> None:
        """End the current runs."""

    def prepare(self, request: RunRequest) -> None:
        """Prepare a process with what ``request`` will import."""


class Inquiring:
    """Drives inquiries, and knows what earlier ones have found."""

    def __init__(
        self, host: Host, engine: InquiringEngine, listener: Listener, known: Known, *, tries_causes: bool
    ) -> None:
        """``known`` is what the session knows of persons' own programs.

        With ``tries_causes``, inquiries into seedlab's own experiments follow their runs.
        """
        self.inquiry: Inquiry | None = None
        """The experiment that looks for causes, while it goes on."""
        self._host = host
        self._engine = engine
        self._effects = known.effects
        self._listener = listener
        self._tries_causes = tries_causes
        self._key = 0
        self._is_unasked = False
        self._is_of_all = True
        self._waiting: Callable[[], None] | None = None
        self._known: dict[Hashable, Influence] = {}
        self._programs: dict[int, Hashable] = {}
        self._given_up: dict[int, tuple[Run, ...]] = {}
        """The runs of a lane, by its key, of which nothing could be found by itself."""

    # Beginning, and giving way.

    def begin(self, lane: Lane, labels: Sequence[str] = (), *, is_unasked: bool = False) -> None:
        """Begin to find what moves the draws of ``lane``; with ``labels``, only these.

        One that ``is_unasked`` gives way to whatever is asked for, and shows no progress.
        """
        proof = 0 if is_unasked else self._host.settings.proof
        self.inquiry = self._new(lane, lane.column.runs, labels, proof)
        self._key, self._is_unasked, self._is_of_all = lane.key, is_unasked, not labels
        if lane.column.program is not None:
            self._programs[lane.key] = key_of(self.inquiry.first_requests()[0], lane.column.program)
        if not self._engine.start_plan(self.inquiry.next_plan):
            self._end(self.inquiry, BatchEnd.CANCELLED)

    def may_begin(self, lane: Lane) -> bool:
        """Return True where ``lane`` has enough runs of the chosen interpreter, of a script that is trusted."""
        finished = sum(run.outcome is Outcome.FINISHED for run in lane.column.runs)
        is_trusted = lane.column.trusted or lane.chosen is not None
        return finished >= ENOUGH and is_trusted and is_of(lane.column, lane.interpreter or self._host.interpreter)

    def effects_outside(self, lane: Lane) -> Effects | None:
        """Return what the program in ``lane`` was seen to do outside its folder; None where it did nothing there."""
        effects = self._effects_of(lane)
        return effects if effects is not None and effects.outside else None

    def _effects_of(self, lane: Lane) -> Effects | None:
        if lane.column.program is None or self._host.interpreter is None:
            return None
        request = request_of(lane, lane.column, self._host.interpreter.executable, self._host.settings)
        return self._effects.get(key_of(request, lane.column.program))

    def expected(self, lane: Lane) -> int:
        """Return how many runs an inquiry into ``lane`` will take beside those that there are."""
        inquiry = self._new(lane, lane.column.runs, (), self._host.settings.proof)
        return inquiry.expected - inquiry.runs

    def estimate(self, lane: Lane) -> str:
        """Return a sentence that says how much an inquiry into ``lane`` will take."""
        slowest = max(run.seconds for run in lane.column.runs if run.outcome is Outcome.FINISHED)
        return estimate_text(lane.column.name, self.expected(lane), slowest)

    def prepare(self, lane: Lane) -> None:
        """Begin to import, twice, what the script of ``lane`` imports, so that an inquiry can begin at once."""
        if self._host.interpreter is not None:
            for request in self._new(lane, (), ()).first_requests():
                self._engine.prepare(request)

    def when_idle(self, action: Callable[[], None]) -> None:
        """Do ``action`` now, or once an inquiry that was begun by itself has given way."""
        if self.inquiry is None:
            action()
        else:
            self._waiting = action
            self._engine.stop_plan()

    def cancel_waiting(self, action: Callable[[], None]) -> None:
        """Do ``action`` in place of what waits until an inquiry has given way, if anything does."""
        if self._is_unasked:
            self._waiting = action

    def try_causes(self) -> None:
        """Find what moves the draws of seedlab's own experiments, while nothing else is asked for."""
        interpreter = self._host.interpreter
        if not self._tries_causes or self._host.is_busy or self.inquiry is not None or interpreter is None:
            return
        for lane in self._host.arrangement.lanes:
            column = lane.column
            finished = sum(run.outcome is Outcome.FINISHED for run in column.runs)
            is_known = column.influence is not None and not column.influence.is_partial
            if column.experiment is None or is_known or finished < ENOUGH:
                continue
            if self._given_up.get(lane.key) is column.runs:
                continue
            if column.interpreter is None or not is_of(column, lane.interpreter or interpreter):
                continue
            known = self._known.get(_basis_of(column))
            if known is None:
                self.begin(lane, is_unasked=True)
                return
            self._show(lane.key, known)

    # What the engine reports of an inquiry's runs.

    def note(self, request: RunRequest, run: Run) -> None:
        """Take a run of the inquiry."""
        assert self.inquiry is not None
        shows_more = self.inquiry.note(request, run)
        if shows_more and not self._is_unasked:
            self._show(self._key, self.inquiry.influence)
        self._tell_progress(self.inquiry)

    def on_plan_made(self) -> None:
        """Show what has been found when the next runs begin."""
        assert self.inquiry is not None
        self._show_found(self.inquiry)

    def on_plan_ended(self, end: BatchEnd) -> None:
        """Take note that the runs that were planned have ended, and begin the next ones."""
        inquiry = self.inquiry
        assert inquiry is not None
        is_over = inquiry.is_over or end is BatchEnd.CANCELLED or self._column() is None
        if is_over or not self._engine.start_plan(inquiry.next_plan):
            self._show_found(inquiry)
            self._end(inquiry, end)

    # What was found.

    def influence_that_holds(self, lane: Lane) -> Influence | None:
        """Return what was found for the person's own program in ``lane``, if script and modules are still the same."""
        column, interpreter = lane.cleared(), self._host.interpreter
        if lane.column.influence is None or column.program is None or interpreter is None:
            return None
        request = request_of(lane, column, interpreter.executable, self._host.settings)
        return lane.column.influence if self._programs.get(lane.key) == key_of(request, column.program) else None

    def _new(self, lane: Lane, runs: Sequence[Run], labels: Sequence[str], proof: int = 0) -> Inquiry:
        assert self._host.interpreter is not None
        settings = self._host.settings
        request = request_of(lane, lane.column, self._host.interpreter.executable, settings)
        modules = prepared_imports(request)
        effects = self._effects_of(lane)
        return Inquiry(
            request,
            runs,
            modules=modules,
            labels=labels,
            jobs=settings.jobs,
            proof=proof,
            changes_folder=effects is None or effects.changed_folder,
        )

    def _column(self) -> Column | None:
        position = self._host.arrangement.position(self._key)
        return None if position is None else self._host.arrangement.lanes[position].column

    def _show_found(self, inquiry: Inquiry) -> None:
        if not self._is_unasked:
            # A part of what is found by itself would be replaced at once.
            self._show(self._key, inquiry.influence)
        self._tell_progress(inquiry)

    def _end(self, inquiry: Inquiry, end: BatchEnd) -> None:
        """Take note that no runs of ``inquiry`` go on, and do what waited for that."""
        column, is_unasked = self._column(), self._is_unasked
        self.inquiry, self._is_unasked = None, False
        waiting, self._waiting = self._waiting, None
        if end is BatchEnd.COMPLETED and column is not None and not inquiry.problem and self._is_of_all:
            self._known[_basis_of(column)] = inquiry.influence
        if not is_unasked:
            self._listener.on_inquiry_ended(end)
            return
        if end is BatchEnd.COMPLETED and not inquiry.problem:
            self._show(self._key, inquiry.influence)
        if waiting is not None:
            waiting()
            return
        if column is not None and (end is BatchEnd.CANCELLED or inquiry.problem):
            self._given_up[self._key] = column.runs
        self.try_causes()

    def _show(self, key: int, influence: Influence) -> None:
        position = self._host.arrangement.position(key)
        if position is not None:
            column = replace(self._host.arrangement.lanes[position].column, influence=influence)
            self._host.arrangement = self._host.arrangement.update(key, column)
            self._listener.on_influence_found()

    def _tell_progress(self, inquiry: Inquiry) -> None:
        if not self._is_unasked:
            self._listener.on_inquiry_progress(inquiry.expected, inquiry.runs)


def _basis_of(column: Column) -> Hashable:
    """Return all that the influence of an experiment depends on."""
    interpreter = column.interpreter
    return column.script, None if interpreter is None else replace(interpreter, extra=())
