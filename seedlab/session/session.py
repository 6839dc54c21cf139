"""The session: the columns, what is chosen, what runs, and how it is looked at.

It knows no Qt and no terminal; window and command line are two faces of it. A face calls the methods, listens to the
changes, and shows what the properties say. The engine is handed in, and calls the session back.
"""

import enum
import time
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from msgspec.structs import replace

from seedlab.engine.batch import BatchEnd
from seedlab.engine.executors.executor import Readiness, Start
from seedlab.engine.request import Plan, RunRequest
from seedlab.errors import InterpreterError, SeedlabError
from seedlab.libraries.presets import PRESETS
from seedlab.libraries.registry import FAMILIES
from seedlab.results.environment import Interpreter
from seedlab.results.extra import Extra
from seedlab.results.run import Outcome, Run
from seedlab.session.arrangement import Arrangement, Lane
from seedlab.session.history import History
from seedlab.session.running import (
    Progress,
    TrustNeeded,
    check_lane,
    first_foreign,
    first_untrusted,
    is_of,
    mixing_error,
    no_interpreter_error,
    plan_of,
)
from seedlab.session.settings import MAX_RECENT, SavedColumn, Settings
from seedlab.study.experiment import Choice, Experiment
from seedlab.study.lab import Column, Lab, Look, View, now

FIRST_PRESET = "before-graph"
"""What the first start shows."""


class Change(enum.Flag):
    """What has changed, for whoever shows it."""

    COLUMNS = enum.auto()
    """Which columns there are, their order, names and choices, and which one is current."""
    RUNS = enum.auto()
    LOOK = enum.auto()
    """How values are drawn, and what is covered."""
    BUSY = enum.auto()
    """Runs have begun, or all have ended."""
    PROGRESS = enum.auto()
    INTERPRETER = enum.auto()
    READINESS = enum.auto()
    SETTINGS = enum.auto()
    MESSAGE = enum.auto()


class SessionEngine(Protocol):
    """What the session asks of the engine. It answers by calling the session's ``on_…`` methods."""

    def start_plan(self, plan: Plan) -> bool:
        """Begin to execute ``plan``; return False where that cannot be done now."""

    def stop_plan(self) -> None:
        """End the runs that go on."""

    def skip(self, key: int) -> None:
        """Start no more runs of the column ``key``."""

    def prepare(self, request: RunRequest) -> None:
        """Import what ``request`` will import, so that it can start at once."""

    def set_start(self, start: Start) -> None:
        """Choose how runs get their process."""

    def ask(self, executable: str | None) -> None:
        """Ask a Python what it has; None asks the one that seedlab runs in."""


class _NoEngine:
    """Stands where no engine has been set: nothing can be started, and nothing needs to be stopped."""

    def start_plan(self, _plan: Plan) -> bool:
        return False

    def stop_plan(self) -> None:
        pass

    def skip(self, _key: int) -> None:
        pass

    def prepare(self, _request: RunRequest) -> None:
        pass

    def set_start(self, _start: Start) -> None:
        pass

    def ask(self, _executable: str | None) -> None:
        pass


class Session:
    """One person's work. All methods are to be called in one thread."""

    def __init__(
        self,
        settings: Settings,
        engine: SessionEngine | None = None,
        *,
        arrangement: Arrangement | None = None,
        keeps_cancelled: bool = False,
    ) -> None:
        """``arrangement`` replaces the settings' columns; ``keeps_cancelled`` keeps runs that never ended, too.

        An engine that reports to the session can only be made after it, and is then set as `engine`.
        """
        self.settings = settings
        self.arrangement = arrangement or settings.arrangement() or Arrangement.of([PRESETS[FIRST_PRESET].experiment])
        self.interpreter: Interpreter | None = None
        """The one that runs are made with; None until it has answered."""
        self.readiness = Readiness.COLD
        self.readiness_detail = ""
        self.message = ""
        """What needs the person; empty when nothing does."""
        self.problem: SeedlabError | None = None
        """The error that ``message`` tells; None where it tells none."""
        self.uncovered: int | None = None
        """How many runs of each column may be seen in guess mode; None for all."""
        self.is_busy = False
        """Runs were asked for and have not all ended."""
        self.last_end: BatchEnd | None = None
        """How the runs that were asked for last came to their end; None while they go on."""
        self.created = now()
        """When the newest run was made, or the document that was opened."""
        self.listeners: list[Callable[[Change], None]] = []
        """Called after each change."""
        self.engine: SessionEngine = engine or _NoEngine()
        self._keeps_cancelled = keeps_cancelled
        self._history = History()
        self._last_experiment = self.arrangement.lane.chosen or PRESETS[FIRST_PRESET].experiment
        # What a newer seedlab wrote into the document goes back into it.
        self._opened_view = View()
        self._opened_extra: Extra = ()
        self._asked = self._done = 0
        self._began = self._ended = 0.0

    # What can be seen.

    @property
    def experiment(self) -> Experiment:
        """What is chosen in the current column; for a script of a person's own, what was chosen last."""
        return self.arrangement.lane.chosen or self._last_experiment

    @property
    def is_own_script(self) -> bool:
        """The current column executes a script of a person's own."""
        return self.arrangement.lane.chosen is None

    @property
    def has_runs(self) -> bool:
        return any(lane.column.runs for lane in self.arrangement.lanes)

    @property
    def can_undo(self) -> bool:
        return self._history.can_undo and not self.is_busy

    @property
    def can_redo(self) -> bool:
        return self._history.can_redo and not self.is_busy

    @property
    def progress(self) -> Progress:
        """How far the runs are that were asked for last."""
        until = time.monotonic() if self.is_busy else self._ended
        return Progress(self._asked, self._done, max(until - self._began, 0.0))

    def is_foreign(self, lane: Lane) -> bool:
        """Return True where another interpreter than the one that is chosen made the runs of ``lane``."""
        return not is_of(lane.column, self.interpreter)

    def lab(self) -> Lab:
        """Return what is shown, as a document or a picture holds it."""
        view = replace(self._opened_view, look=self.settings.look, current=self.arrangement.current)
        return Lab(columns=self.arrangement.columns, created=self.created, view=view, extra=self._opened_extra)

    # Choices.

    def choose(self, **choices: Choice) -> None:
        """Change choices of the current column's experiment; what was run stays until it is run again."""
        self.choose_experiment(self.experiment.choose(**choices))

    def choose_library(self, name: str) -> None:
        """Have the current column study another library, with that library's defaults."""
        if name != self.experiment.library or self.is_own_script:
            self.choose_experiment(FAMILIES[name].default)

    def choose_experiment(self, experiment: Experiment) -> None:
        """Give the current column another experiment. A script of a person's own that goes can be brought back."""
        if experiment == self.arrangement.lane.chosen:
            return
        self._last_experiment = experiment
        self.say("")
        chosen = self.arrangement.choose(experiment)
        if self.is_own_script:
            self.arrange(chosen)
            return
        self.arrangement = chosen
        self._tell(Change.COLUMNS)
        self.prepare()

    # Columns.

    def arrange(self, arrangement: Arrangement) -> None:
        """Take another arrangement of columns; the one before can be brought back."""
        if arrangement != self.arrangement:
            self._history.record(self.arrangement)
            self._show(arrangement)

    def undo(self) -> None:
        """Bring back order, number and names of the columns as they were before the last change of them."""
        if self.can_undo:
            self._show(self._history.undo(self.arrangement))

    def redo(self) -> None:
        """Take back the last undo."""
        if self.can_redo:
            self._show(self._history.redo(self.arrangement))

    def select(self, position: int) -> None:
        """Make another column the current one."""
        if 0 <= position < len(self.arrangement.lanes) and position != self.arrangement.current:
            self._show(self.arrangement.select(position))

    def _show(self, arrangement: Arrangement) -> None:
        """Replace the arrangement; runs of columns that are gone are not made any more."""
        before = {lane.key for lane in self.arrangement.lanes}
        self.arrangement = arrangement
        if self.is_busy:
            for key in before - {lane.key for lane in arrangement.lanes}:
                self.engine.skip(key)
        if arrangement.lane.chosen is not None:
            self._last_experiment = arrangement.lane.chosen
        self._tell(Change.COLUMNS | Change.RUNS)
        self.prepare()

    # Runs.

    def run(self) -> TrustNeeded | None:
        """Run the current column anew. What cannot be run is said in `message`, and changes nothing.

        Where a script must be seen first, nothing is run, and what is needed is returned; see `trust`.
        """
        return self._run_lanes([self.arrangement.lane], adds_one=False)

    def run_all(self) -> TrustNeeded | None:
        """Run all columns anew, as `run` does."""
        return self._run_lanes(list(self.arrangement.lanes), adds_one=False)

    def once_more(self) -> TrustNeeded | None:
        """Add one run to each column that has runs; where none has, run all."""
        lanes = [lane for lane in self.arrangement.lanes if lane.column.runs]
        return self._run_lanes(lanes, adds_one=True) if lanes else self.run_all()

    def compare(self, experiments: Sequence[Experiment]) -> None:
        """Show a column for each of ``experiments`` instead of the present ones, and run them all."""
        if not experiments:
            self.say("This library has no such choice to compare: choose another one.")
        elif self._may_run():
            self.arrange(Arrangement.of(experiments, self.arrangement.next_key))
            self.run_all()

    def run_script(self, column: Column) -> TrustNeeded | None:
        """Put ``column``, a script of a person's own, in place of the current one, and run it."""
        if not self._may_run():
            return None
        arrangement = self.arrangement
        lane = replace(arrangement.lane, column=column, chosen=column.experiment, title=column.name)
        self._show(arrangement.with_lane(arrangement.current, lane))
        return self.run()

    def trust(self, needed: TrustNeeded) -> TrustNeeded | None:
        """Take note that a person has seen the script and agreed, and run what was to run."""
        position = self.arrangement.position(needed.key)
        if position is None:
            return None
        column = self.arrangement.lanes[position].column
        self.arrangement = self.arrangement.update(needed.key, replace(column, trusted=True))
        lanes = [lane for lane in self.arrangement.lanes if lane.key in needed.keys]
        return self._run_lanes(lanes, adds_one=needed.adds_one)

    def stop(self) -> None:
        """End the runs that go on; those that have finished stay."""
        if self.is_busy:
            self.engine.stop_plan()

    def check(self) -> None:
        """Raise `SeedlabError` where a column cannot be run as often as is asked for, whatever the interpreter."""
        for lane in self.arrangement.lanes:
            check_lane(lane, self.settings.runs)

    def prepare(self, executable: str | None = None) -> None:
        """Have imported, by the time that a person presses Run, what the current column's script will import.

        ``executable`` is the Python to prepare; None takes the chosen one, and prepares nothing until it has answered.
        """
        if executable is None and self.interpreter is not None:
            executable = self.interpreter.executable
        if executable is not None:
            lane = self.arrangement.lane
            self.engine.prepare(RunRequest(key=lane.key, script=lane.cleared().script, executable=executable))

    def _may_run(self) -> bool:
        if self.interpreter is None:
            self.refuse(no_interpreter_error())
            return False
        return not self.is_busy

    def _run_lanes(self, lanes: list[Lane], *, adds_one: bool) -> TrustNeeded | None:
        if not self._may_run():
            return None
        try:
            untrusted = first_untrusted(lanes, adds_one=adds_one)
            plan = self._plan(lanes, adds_one=adds_one) if untrusted is None else None
        except SeedlabError as error:
            self.refuse(error)
            return None
        if untrusted is not None:
            return TrustNeeded(untrusted.key, tuple(lane.key for lane in lanes), adds_one)
        assert plan is not None
        self.say("")
        if not adds_one:
            for lane in lanes:
                cleared = replace(lane.cleared(), interpreter=self.interpreter)
                self.arrangement = self.arrangement.update(lane.key, cleared)
            self.uncovered = 0 if self.settings.guess else None
        self._asked, self._done = len(plan.requests), 0
        self._began = time.monotonic()
        self.last_end = None
        self.is_busy = self.engine.start_plan(plan)
        self._tell(Change.BUSY | Change.RUNS | Change.COLUMNS | Change.PROGRESS)
        return None

    def _plan(self, lanes: list[Lane], *, adds_one: bool) -> Plan:
        assert self.interpreter is not None
        foreign = first_foreign(lanes, self.interpreter) if adds_one else None
        if foreign is not None:
            raise mixing_error(foreign.column, self.arrangement.name_of(foreign.key))
        return plan_of(lanes, self.interpreter, self.settings, adds_one=adds_one)

    # Guessing.

    def set_guess(self, *, is_on: bool) -> None:
        """Cover what is drawn until it is uncovered run by run, or show everything."""
        self.settings = replace(self.settings, guess=is_on)
        self.uncovered = 0 if is_on and self.has_runs else None
        self._tell(Change.LOOK | Change.SETTINGS)

    def uncover(self) -> None:
        """Show one run more of what is covered; with the last one, the verdicts too."""
        if self.uncovered is not None:
            self.uncovered += 1
            self._end_guessing()
            self._tell(Change.LOOK)

    def _end_guessing(self) -> None:
        """Uncover the verdicts when no run is covered and none is to come."""
        most = max(len(lane.column.runs) for lane in self.arrangement.lanes)
        if self.uncovered is not None and self.uncovered >= most and not self.is_busy:
            self.uncovered = None

    # Looks and settings.

    def set_look(self, look: Look) -> None:
        """Choose how values are drawn; the same look again goes back to the automatic one."""
        self.settings = replace(self.settings, look="auto" if self.settings.look == look else look)
        self._tell(Change.LOOK | Change.SETTINGS)

    def change_settings(self, **changes: Any) -> None:
        """Take other values for some of the settings, by their names in `Settings`."""
        changed = replace(self.settings, **changes)
        if changed == self.settings:
            return
        started, self.settings = self.settings.start, changed
        if changed.start != started:
            self.engine.set_start(Start(changed.start))
        self._tell(Change.SETTINGS)

    def remember(self, path: str) -> None:
        """Put a document at the head of those that were used last."""
        others = [name for name in self.settings.recent if name != path]
        self.settings = replace(self.settings, recent=(path, *others)[:MAX_RECENT])
        self._tell(Change.SETTINGS)

    def settings_to_save(self) -> Settings:
        """Return the settings with the columns as they are now, without their runs."""
        lanes = [lane for lane in self.arrangement.lanes if lane.chosen is not None]
        columns = tuple(SavedColumn(lane.chosen, lane.title) for lane in lanes if lane.chosen is not None)
        current = min(self.arrangement.current, max(len(columns) - 1, 0))
        return replace(self.settings, columns=columns, current=current)

    # Documents.

    def show_lab(self, lab: Lab) -> None:
        """Show what a document holds: experiments, runs and view. Nothing of it is run."""
        # What still runs belongs to other columns.
        self.stop()
        self.uncovered = None
        self._history.clear()
        self.settings = replace(self.settings, look=lab.view.look)
        self.created = lab.created
        self._opened_view, self._opened_extra = lab.view, lab.extra
        self._asked = self._done = 0
        self.say("")
        self._show(Arrangement.of_columns(lab.columns, lab.view.current, self.arrangement.next_key))
        self._tell(Change.LOOK | Change.PROGRESS)

    # What the engine reports.

    def ask_interpreter(self, executable: str | None) -> None:
        """Ask another Python what it has; when it has answered, runs are made with it."""
        self.engine.ask(executable)

    def on_run_ended(self, request: RunRequest, run: Run) -> None:
        """Take a run of the column ``request.key``; one that was cancelled says nothing, unless it is to be kept."""
        if run.outcome is not Outcome.CANCELLED or self._keeps_cancelled:
            self._done += 1
            if self.arrangement.position(request.key) is not None:
                self.arrangement = self.arrangement.add_run(request.key, run)
                self.created = now()
        self._tell(Change.RUNS | Change.PROGRESS)

    def on_plan_ended(self, end: BatchEnd) -> None:
        """Take note that all runs have ended."""
        self.is_busy = False
        self._ended = time.monotonic()
        self.last_end = end
        self._end_guessing()
        self._tell(Change.BUSY | Change.RUNS | Change.PROGRESS)

    def on_interpreter_found(self, interpreter: Interpreter) -> None:
        """Make runs with ``interpreter`` from now on."""
        self.interpreter = interpreter
        self.say(f"{interpreter.problem}." if interpreter.problem else "")
        self._tell(Change.INTERPRETER)
        self.prepare()

    def on_interpreter_failed(self, error: InterpreterError) -> None:
        """Say why a Python cannot be used; the one that was chosen before stays."""
        self.refuse(error)
        self._tell(Change.INTERPRETER)

    def on_readiness_changed(self, readiness: Readiness, detail: str) -> None:
        """Take note of how soon a run could start."""
        self.readiness, self.readiness_detail = readiness, detail
        self._tell(Change.READINESS)

    # Telling.

    def refuse(self, error: SeedlabError) -> None:
        """Say why something could not be done."""
        self.say(str(error))
        self.problem = error

    def say(self, message: str) -> None:
        """Show something that needs the person; empty takes it away."""
        self.problem = None
        if message != self.message:
            self.message = message
            self._tell(Change.MESSAGE)

    def _tell(self, change: Change) -> None:
        for listener in self.listeners:
            listener(change)
