"""The session: the columns, how they are looked at, and those who do the rest with them.

It knows neither Qt nor the terminal; the window and the command line are its two faces. A face calls its methods and
those of its parts, listens to its changes, and shows its properties. The engine is passed in, and calls the session
back. What its parts share is here; what only one of them knows is in that one's module.
"""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from seedlab.engine.batch import BatchEnd
from seedlab.engine.executors.executor import Readiness, Start
from seedlab.engine.request import RunRequest
from seedlab.engine.survey import Seen
from seedlab.errors import InterpreterError, SeedlabError
from seedlab.libraries.registry import first_family, script_of
from seedlab.messages.session import interpreter_problem, wait_to_undo_text
from seedlab.results.environment import Interpreter
from seedlab.results.extra import Extra
from seedlab.results.run import Run
from seedlab.session.arrangement import Arrangement, Lane
from seedlab.session.change import Change
from seedlab.session.choosing_pythons import ChoosingPythons
from seedlab.session.editing import Editing
from seedlab.session.finding_causes import FindingCauses
from seedlab.session.history import History, Moment
from seedlab.session.inquiring import Inquiring
from seedlab.session.making_runs import MakingRuns
from seedlab.session.preparing import Preparing
from seedlab.session.progress import Progress
from seedlab.session.running import is_of
from seedlab.session.session_engine import SessionEngine
from seedlab.session.settings import MAX_RECENT, SavedColumn, Settings
from seedlab.session.showing_scenes import ShowingScenes
from seedlab.session.talk import Talk
from seedlab.session.texts_on_disk import TextsOnDisk
from seedlab.study.experiment import Experiment
from seedlab.study.lab import Lab, Look, View, now


class Session:
    """The work of one user. Call all methods in the same thread."""

    def __init__(
        self,
        settings: Settings,
        engine: SessionEngine,
        *,
        arrangement: Arrangement | None = None,
        keeps_cancelled: bool = False,
        is_private: bool = False,
        tries_causes: bool = False,
    ) -> None:
        """Show the columns of ``arrangement``, or of ``settings`` without one.

        With ``keeps_cancelled``, runs that were cancelled are kept as results. With ``is_private``, persons' own
        programs see their folders privately. With ``tries_causes``, inquiries into seedlab's own experiments follow
        their runs.
        """
        self.settings = settings
        self.arrangement = arrangement or settings.arrangement() or Arrangement.of([first_family().default])
        self.interpreter: Interpreter | None = None
        """The interpreter that makes the runs; None until it has answered."""
        self.interpreters: dict[str, Interpreter] = {}
        """Those that have answered, by their executables."""
        self.message = ""
        """The message that is shown to the user; empty when there is none."""
        self._said_of_python = ""
        """What a message last said of an interpreter."""
        self.problem: SeedlabError | None = None
        """The error that ``message`` describes; None when it describes none."""
        self.news = ""
        """What has become known last, in words, such as that a script has changed on disk."""
        self.texts = TextsOnDisk(on_missing=lambda path: self.editing.on_text_found(path, None))
        """The texts of the users' own scripts, as they were last seen on disk."""
        self.uncovered: int | None = None
        """The number of runs of each column that are visible in guess mode; None for all."""
        self.series = 0
        """A number for what is looked at: another one once all columns were replaced by those of something else."""
        self.is_busy = False
        """True while runs that were requested have not all ended."""
        self.progress = Progress(self)
        """How far the runs are that were requested last."""
        self.created = now()
        """The time when the newest run ended, or that of the document that was opened."""
        self.listeners: list[Callable[[Change], None]] = []
        """The functions that are called after each change, with what has changed."""
        self._engine = engine
        self._history = History()
        self._last_experiment = self.arrangement.lane.chosen or first_family().default
        # Kept because the fields that a newer seedlab wrote into the document must be saved again.
        self._opened_view = View()
        self._opened_extra: Extra = ()
        self.editing = Editing(self)
        """What the columns execute, and how that is changed."""
        self.runs = MakingRuns(self, engine, keeps_cancelled=keeps_cancelled, is_private=is_private)
        """The runs, and what is asked before they are made."""
        self.causes = FindingCauses(self)
        """What moves the draws, and what helps."""
        self.inquiring = Inquiring(self, engine, self.causes, self.runs.known, tries_causes=tries_causes)
        """The inquiry that goes on, and what earlier ones have found."""
        self.showing = ShowingScenes(self)
        """The scene that is shown in the place of the document's own columns."""
        self.talk = Talk(self, self.showing)
        """The scenes of the open document."""
        self.preparing = Preparing(self, engine)
        """What is imported before runs are asked for."""
        self.pythons = ChoosingPythons(self, engine)
        """The Pythons that can make the runs, and how one is chosen."""
        engine.set_start(Start(settings.start))

    # State.

    @property
    def experiment(self) -> Experiment:
        """The choice in the current column; if that holds the user's own script, the choice that was made last."""
        return self.arrangement.lane.chosen or self._last_experiment

    @property
    def is_own_script(self) -> bool:
        """True when the current column executes the user's own script."""
        return self.arrangement.lane.chosen is None

    @property
    def next_text(self) -> str:
        """The text that the next runs of the current column execute, as far as it is known."""
        lane = self.arrangement.lane
        return self.texts.next_text(lane) if lane.chosen is None else script_of(lane.chosen).text

    @property
    def watched_paths(self) -> tuple[str, ...]:
        """The files of the users' own programs, but for those that a document names and nobody has agreed to."""
        lanes = [lane for lane in self.arrangement.lanes if lane.chosen is None and lane.column.trusted]
        return tuple(dict.fromkeys(lane.program.path for lane in lanes if lane.program is not None))

    @property
    def has_runs(self) -> bool:
        """True when any column has a run."""
        return any(lane.column.runs for lane in self.arrangement.lanes)

    @property
    def can_undo(self) -> bool:
        return self._history.can_undo and not self.is_busy

    @property
    def can_redo(self) -> bool:
        return self._history.can_redo and not self.is_busy

    def is_foreign(self, lane: Lane) -> bool:
        """Return True when another interpreter than the chosen one made the runs of ``lane``."""
        return not is_of(lane.column, lane.interpreter or self.interpreter)

    def lab(self) -> Lab:
        """Return the columns and the view, as a document or a picture holds them."""
        view = replace(self._opened_view, look=self.settings.look, current=self.arrangement.current)
        return Lab(
            columns=self.arrangement.columns,
            created=self.created,
            view=view,
            scenes=self.talk.scenes,
            extra=self._opened_extra,
        )

    # Columns.

    def arrange(self, arrangement: Arrangement, *, step: str = "") -> None:
        """Show another arrangement of columns, which can be undone; together with the last one of the same ``step``."""
        if arrangement != self.arrangement:
            self.note_step(step)
            self.show(arrangement, prepares=not step)

    def undo(self) -> None:
        """Restore the order, number and names of columns and scenes as they were before their last change."""
        if not self._has_to_wait() and self.can_undo:
            self._return_to(self._history.undo(self._moment))

    def redo(self) -> None:
        """Take back the last undo."""
        if not self._has_to_wait() and self.can_redo:
            self._return_to(self._history.redo(self._moment))

    @property
    def _moment(self) -> Moment:
        return Moment(self.arrangement, self.talk.scenes, self.talk.at)

    def note_step(self, step: str = "") -> None:
        """Let what is changed next be undone; together with the last change of the same ``step``."""
        self._history.record(self._moment, step)

    def end_step(self, *, prepares: bool = True) -> None:
        """Let the next change be undone by itself, even if it is one of the same field."""
        if self._history.end_step(self._moment) and prepares:
            self.preparing.prepare()

    def _return_to(self, moment: Moment) -> None:
        is_other = moment.at != self.talk.at
        self.showing.forget_waiting()
        self.talk.open(moment.scenes, moment.at)
        if is_other:
            scene = self.talk.scene
            is_covered = scene is not None and scene.is_covered
            look = self.settings.look if scene is None else scene.view.look
            self.settings = replace(self.settings, look=look, guess=is_covered)
            self.uncovered = 0 if is_covered else None
            self.series += 1
        self.show(moment.arrangement)
        if is_other:
            self.notify(Change.LOOK | Change.SETTINGS)

    def _has_to_wait(self) -> bool:
        """Return True while runs are under way, and say so: what is undone could take their columns."""
        if self.is_busy:
            self.say(wait_to_undo_text())
        return self.is_busy

    def select(self, position: int) -> None:
        """Make another column the current one."""
        if 0 <= position < len(self.arrangement.lanes) and position != self.arrangement.current:
            self.show(self.arrangement.select(position), Change.COLUMNS)

    def show(
        self,
        arrangement: Arrangement,
        change: Change = Change.COLUMNS | Change.RUNS,
        *,
        prepares: bool = True,
    ) -> None:
        """Replace the arrangement, and end the runs of columns that it lacks."""
        before = {lane.key for lane in self.arrangement.lanes}
        self.arrangement = arrangement
        if self.is_busy:
            for key in before - {lane.key for lane in arrangement.lanes}:
                self._engine.skip(key)
        if arrangement.lane.chosen is not None:
            self._last_experiment = arrangement.lane.chosen
        self.notify(change)
        if prepares:
            self.preparing.prepare()

    # Guessing.

    def set_guess(self, *, is_on: bool) -> None:
        """Cover the runs until they are uncovered one by one, or show everything."""
        self.settings = replace(self.settings, guess=is_on)
        self.uncovered = 0 if is_on and self.has_runs else None
        self.notify(Change.LOOK | Change.SETTINGS)

    def uncover(self) -> None:
        """Uncover one more run; with the last one, uncover the verdicts too."""
        if self.uncovered is not None:
            # What is being seen is not to be replaced by runs that could not begin yet.
            self.showing.forget_waiting()
            self.uncovered += 1
            self.end_guessing()
            self.notify(Change.LOOK)

    def end_guessing(self) -> None:
        """Uncover the verdicts when no run is covered and no more will come."""
        most = max(len(lane.column.runs) for lane in self.arrangement.lanes)
        if self.uncovered is not None and self.uncovered >= most and not self.is_busy:
            self.uncovered = None

    # Looks and settings.

    def set_look(self, look: Look) -> None:
        """Set the look of values; setting the current look again returns to the automatic one."""
        self.settings = replace(self.settings, look="auto" if self.settings.look == look else look)
        self.notify(Change.LOOK | Change.SETTINGS)

    def change_settings(self, **changes: Any) -> None:
        """Change settings, given by their names in `Settings`."""
        changed = replace(self.settings, **changes)
        if changed == self.settings:
            return
        started, runs = self.settings.start, self.settings.runs
        self.settings = changed
        if changed.start != started:
            self._engine.set_start(Start(changed.start))
            self.arrangement = self.arrangement.started_as_chosen()
            self.notify(Change.COLUMNS)
        self.notify(Change.SETTINGS)
        if self.settings.runs != runs:
            # How many runs there are to be decides on how a person's own script is started.
            self.preparing.prepare()

    def remember(self, path: str) -> None:
        """Put the document at ``path`` first in the list of those used last."""
        others = [name for name in self.settings.recent if name != path]
        self.settings = replace(self.settings, recent=(path, *others)[:MAX_RECENT])
        self.notify(Change.SETTINGS)

    def settings_to_save(self) -> Settings:
        """Return the settings with the current columns, without their runs and without the user's own scripts."""
        known = [(lane.chosen or lane.origin, lane.title) for lane in self.arrangement.lanes]
        pythons = self.pythons.known.saved
        columns = tuple(SavedColumn.of(chosen, title) for chosen, title in known if chosen is not None)
        current = min(self.arrangement.current, max(len(columns) - 1, 0))
        return replace(self.settings, columns=columns, current=current, pythons=pythons)

    # Documents.

    def show_lab(self, lab: Lab) -> None:
        """Show the experiments, runs and view of a document, without running anything."""
        # The current runs belong to the columns that are replaced.
        self.runs.stop()
        self.uncovered = None
        self.series += 1
        self._history.clear()
        self.settings = replace(self.settings, look=lab.view.look)
        self.created = lab.created
        self._opened_view, self._opened_extra = lab.view, lab.extra
        self.talk.open(lab.scenes)
        self.progress.count(0, 0)
        for column in lab.columns:
            if column.trusted and column.program is not None and not column.program.changes and not column.runs:
                # It was read a moment ago.
                self.texts.note(column.program.path, column.script)
        self.say("")
        self.show(Arrangement.of_columns(lab.columns, lab.view.current, self.arrangement.next_key))
        self.notify(Change.LOOK | Change.PROGRESS)

    # What the engine reports.

    def on_python_seen(self, seen: Seen) -> None:
        """Take note of what a Python of the machine answered."""
        self.pythons.on_python_seen(seen)
        self.notify(Change.INTERPRETER)

    def keep(self, _request: RunRequest, _run: Run) -> None:
        """Keep nothing: on the command line, what ends before its results are written has none."""

    def on_run_ended(self, request: RunRequest, run: Run) -> None:
        """Take ``run``, which is an inquiry's while one goes on."""
        if self.inquiring.inquiry is not None:
            self.inquiring.note(request, run)
        else:
            self.runs.on_run_ended(request, run)

    def on_run_early(self, request: RunRequest, run: Run) -> None:
        """Take note of ``run``, which has ended before it is its turn."""
        if self.inquiring.inquiry is None:
            self.runs.on_run_early(request, run)

    def on_plan_made(self) -> None:
        """Show what the next runs of an inquiry follow from."""
        if self.inquiring.inquiry is not None:
            self.inquiring.on_plan_made()

    def on_plan_ended(self, end: BatchEnd) -> None:
        """Take note that all runs of a stage, or of an inquiry's step, have ended."""
        if self.inquiring.inquiry is not None:
            self.inquiring.on_plan_ended(end)
            # Its processes may have taken the place of those that waited.
            self.preparing.prepare_ahead()
        else:
            self.runs.on_plan_ended(end)

    def on_interpreter_found(self, interpreter: Interpreter) -> None:
        """Use ``interpreter`` for runs from now on."""
        if self.interpreter is not None and self.interpreter.executable != interpreter.executable:
            self.arrangement = self.arrangement.run_as_chosen()
        # It answers again once its devices are known.
        self.interpreter = self.interpreters[interpreter.executable] = interpreter
        self.pythons.known.note_devices(interpreter)
        # What was said of something else, such as a document that could not be opened at the start, stays.
        problem = interpreter_problem(interpreter)
        if problem or self.message in (self._said_of_python, self.pythons.lack):
            self.say(problem)
            if not problem:
                self.pythons.say_lack()
            self._said_of_python = self.message
        self.notify(Change.INTERPRETER)
        self.preparing.prepare()
        if not self.is_busy:
            self.showing.run_what_waited()

    def on_interpreter_failed(self, error: InterpreterError) -> None:
        """Show why an interpreter cannot be used, and keep the previous one."""
        if self.interpreter is None:
            self.showing.forget_waiting()
        self.refuse(error)
        self._said_of_python = self.message
        self.notify(Change.INTERPRETER)

    def on_readiness_changed(self, readiness: Readiness, detail: str) -> None:
        """Take note of how soon a run could start."""
        self.preparing.readiness, self.preparing.readiness_detail = readiness, detail
        self.notify(Change.READINESS)

    def on_ahead_changed(self, readiness: Readiness | None) -> None:
        """Take note of how soon the runs of the next scene could start."""
        if readiness is not self.preparing.ahead:
            self.preparing.ahead = readiness
            self.notify(Change.READINESS)

    # Messages and listeners.

    def refuse(self, error: SeedlabError) -> None:
        """Show why something could not be done."""
        self.say(str(error))
        self.problem = error

    def say(self, message: str) -> None:
        """Show ``message`` to the user; an empty one removes the current message."""
        self.problem = None
        if message != self.message:
            self.message = message
            self.notify(Change.MESSAGE)

    def notify(self, change: Change) -> None:
        """Tell all listeners what has changed."""
        for listener in self.listeners:
            listener(change)
