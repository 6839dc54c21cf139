"""Runs are asked for, made in stages, added to their columns, and stopped."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from seedlab.engine.batch import BatchEnd
from seedlab.engine.request import RunRequest
from seedlab.engine.sent_folders import SentKey, folders_to_send, place_of, sent_key
from seedlab.errors import SeedlabError
from seedlab.messages.session import (
    declined_text,
    no_interpreter_error,
    not_sent_text,
    nothing_to_compare_text,
    text_changed_text,
    wait_to_undo_text,
)
from seedlab.results.run import NOT_STARTED, Outcome, Run, unfinished
from seedlab.session.arrangement import Arrangement, Lane
from seedlab.session.change import Change
from seedlab.session.early_runs import EarlyRuns
from seedlab.session.laying_out import laid_out
from seedlab.session.running import (
    TrustNeeded,
    check_lane,
    check_mixing,
    first_untrusted,
    plan_of,
    runnable,
    trust_needed,
)
from seedlab.session.session_engine import SessionEngine
from seedlab.session.stages import EffectsQuestion, Known, SendQuestion, Stages
from seedlab.study.experiment import Experiment
from seedlab.study.lab import Column, now
from seedlab.study.program import Program

if TYPE_CHECKING:
    from seedlab.session.session import Session


class MakingRuns:
    """Part of a session: what concerns its runs."""

    def __init__(
        self, session: "Session", engine: SessionEngine, *, keeps_cancelled: bool = False, is_private: bool = False
    ) -> None:
        """With ``keeps_cancelled``, runs that were cancelled are kept as results.

        With ``is_private``, persons' own programs see their folders privately.
        """
        self.sending: SendQuestion | None = None
        """What a person has to agree to before any run is made elsewhere; `answer_sending` takes what they say."""
        self.question: EffectsQuestion | None = None
        """What a person has to see before more runs are made; `answer` takes what they say. None without it."""
        self.agrees = False
        """True where nobody is asked about effects, because a person has agreed to them beforehand."""
        self.left_out: frozenset[int] = frozenset()
        """The keys of the columns that were left out when all were run last, as their interpreters lack something."""
        self.sent: set[SentKey] = set()
        """The scripts of which a person has agreed that their folders are sent to a host."""
        self.early = EarlyRuns()
        """The runs that have ended before it is their turn."""
        self.known = Known()
        """What is known of persons' own programs."""
        self._session = session
        self._engine = engine
        self._keeps_cancelled, self._is_private = keeps_cancelled, is_private
        self._stages: Stages | None = None
        self._is_stopping = False
        self._agreed_to: set[tuple[str, Program | None]] = set()
        """The scripts that came with a document, and where they lie, that a person has seen and agreed to."""

    # Asking for runs.

    def run(self) -> TrustNeeded | None:
        """Run the current column again. What prevents that is shown in `Session.message`, and nothing is changed.

        When the user must see a script first, run nothing and return what to pass to `trust` after they agreed.
        """
        self._session.causes.follows = None
        return self._run_lanes([self._session.arrangement.lane], adds_one=False)

    def run_all(self) -> TrustNeeded | None:
        """Run all columns again, as `run` does."""
        self._session.causes.follows = None
        return self._run_lanes(list(self._session.arrangement.lanes), adds_one=False)

    def once_more(self) -> TrustNeeded | None:
        """Add one run to each column that has runs; if none has, run all."""
        self._session.causes.follows = None
        lanes = [lane for lane in self._session.arrangement.lanes if lane.column.runs]
        return self._run_lanes(lanes, adds_one=True) if lanes else self.run_all()

    def compare(self, choice: str | None) -> TrustNeeded | None:
        """Lay out a column for each value of the library's choice ``choice``, and run them all; None is no choice.

        `seedlab.session.laying_out` has choices that every column has. Return what `run` returns.
        """
        if choice is None:
            return self._lay_out(None)
        session = self._session
        known = session.interpreters.values()
        return self._lay_out(laid_out(session.arrangement, choice, session.experiment, session.interpreter, known))

    def lay_out(self, experiments: Sequence[Experiment]) -> TrustNeeded | None:
        """Replace the columns with one for each of ``experiments``, and run them all."""
        first_key = self._session.arrangement.next_key
        return self._lay_out(Arrangement.of(experiments, first_key) if experiments else None)

    def trust(self, needed: TrustNeeded) -> TrustNeeded | None:
        """Take note that the user has seen the script and agreed, and run the columns that were to run.

        Return what is needed next when another script must be seen, or when another text would run by now.
        """
        session = self._session
        position = session.arrangement.position(needed.key)
        if position is None:
            return None
        lane = session.arrangement.lanes[position]
        lanes = [lane for lane in session.arrangement.lanes if lane.key in needed.keys]
        try:
            now_needed = trust_needed(lane, lanes, session.arrangement.name_of, adds_one=needed.adds_one)
        except SeedlabError as error:
            session.refuse(error)
            return None
        if now_needed != needed or needed.problem:
            return now_needed
        session.arrangement = session.arrangement.update(needed.key, replace(lane.column, trusted=True))
        # What would run of it, which is what was shown.
        self._agreed_to.add((needed.script, needed.program))
        lanes = [lane for lane in session.arrangement.lanes if lane.key in needed.keys]
        return self._run_lanes(lanes, adds_one=needed.adds_one)

    def is_agreed_to(self, column: Column) -> bool:
        """Return True where a person has agreed to what ``column`` would run."""
        lane = Arrangement.of_columns([column]).lane
        return (lane.cleared().script, lane.program) in self._agreed_to

    def check(self) -> None:
        """Raise `SeedlabError` when a column cannot be run as often as requested with any interpreter."""
        for lane in self._session.arrangement.lanes:
            check_lane(lane, self._session.settings.runs)

    def may_run(self) -> bool:
        """Return True where an interpreter has answered and no runs go on; say so where none has answered."""
        if self._session.interpreter is None:
            self._session.refuse(no_interpreter_error())
            return False
        return not self._session.is_busy

    def gets_runs(self, lane: Lane) -> bool:
        """Return True while runs of ``lane`` may be under way."""
        return self._session.is_busy and self._stages is not None and lane.key in self._stages.keys

    def _lay_out(self, made: Arrangement | None) -> TrustNeeded | None:
        session = self._session
        if made is None:
            session.say(nothing_to_compare_text())
            return None
        if not self.may_run():
            return None
        assert session.interpreter is not None
        try:
            # What cannot be run is not to take the place of what is there.
            lanes = runnable(made.lanes, session.interpreter)
            plan_of(lanes, session.interpreter, session.settings, adds_one=False)
        except SeedlabError as error:
            session.refuse(error)
            return None
        session.arrange(made)
        return self.run_all()

    def _run_lanes(self, lanes: list[Lane], *, adds_one: bool) -> TrustNeeded | None:
        session = self._session
        if not self.may_run():
            return None
        assert session.interpreter is not None
        name_of = session.arrangement.name_of
        try:
            if adds_one:
                check_mixing(lanes, session.interpreter, name_of)
            session.end_step(prepares=False)
            if not adds_one:
                keys = {lane.key for lane in lanes}
                lanes = runnable(lanes, session.interpreter)
                self.left_out = (self.left_out - keys) | (keys - {lane.key for lane in lanes})
            untrusted = first_untrusted(lanes, adds_one=adds_one)
            if untrusted is not None:
                return trust_needed(untrusted, lanes, name_of, adds_one=adds_one)
            lanes, changed = session.texts.for_runs(lanes, name_of, adds_one=adds_one)
            plan = plan_of(lanes, session.interpreter, session.settings, adds_one=adds_one)
        except SeedlabError as error:
            session.refuse(error)
            return None
        session.say(text_changed_text(changed) if changed else "")
        if not adds_one:
            for lane in lanes:
                cleared = replace(
                    lane.cleared(),
                    interpreter=lane.interpreter or session.interpreter,
                    influence=session.inquiring.influence_that_holds(lane),
                )
                session.arrangement = session.arrangement.update(lane.key, cleared)
            session.uncovered = 0 if session.settings.guess else None
        columns = {lane.key: lane.column if adds_one else lane.cleared() for lane in lanes}
        requests = [
            replace(request, is_private=request.is_private or self._is_private, is_result=True)
            for request in plan.requests
        ]
        self._stages = Stages(requests, columns, session.settings, self.known)
        session.progress.count(self._stages.total, 0)
        session.progress.begin()
        session.is_busy = True
        # What the runs are added to is known before the first of them can end.
        session.notify(Change.RUNS)
        session.inquiring.when_idle(self._begin_stages)
        session.notify(Change.BUSY | Change.COLUMNS | Change.PROGRESS)
        return None

    # Making them.

    def _begin_stages(self) -> None:
        """Begin the runs that were asked for."""
        assert self._stages is not None
        self._session.is_busy = self._begins_next(self._stages)

    def _begins_next(self, stages: Stages) -> bool:
        """Begin the next stage, or ask about it, and return True; return False when there is none."""
        session = self._session
        for lane in session.arrangement.lanes:
            column = stages.make_again(lane.column, lane.key)
            if column is not lane.column:
                session.progress.add(asked=len(lane.column.runs) - len(column.runs))
                session.arrangement = session.arrangement.update(lane.key, column)
                session.notify(Change.RUNS | Change.PROGRESS)
        self.sending = None if self.agrees else self._send_question(stages)
        question = stages.question()
        if self.sending is not None:
            session.notify(Change.QUESTION)
            return True
        if question is not None and not self.agrees:
            self.question = question
            session.notify(Change.QUESTION)
            return True
        plan = stages.next_plan()
        return plan is not None and self._engine.start_plan(plan)

    def answer(self, *, goes_on: bool) -> None:
        """Make the runs that `question` is about, or leave them out."""
        question, stages = self.question, self._stages
        if question is None:
            return
        self.question = None
        if stages is None:
            self._session.causes.answer(question, goes_on=goes_on)
            return
        if goes_on:
            stages.agree(question)
        else:
            left_out = stages.decline(question)
            self._session.progress.add(asked=-left_out)
            self._session.say(declined_text(left_out))
        self._session.notify(Change.QUESTION | Change.PROGRESS)
        if not self._begins_next(stages):
            self.finish(BatchEnd.COMPLETED)

    def _send_question(self, stages: Stages) -> SendQuestion | None:
        """Return what has to be sent to another host and was not agreed to; None where nothing has.

        What is too much to be sent is not asked about: its runs say so.
        """
        for request in stages.to_send(self.sent):
            try:
                return SendQuestion(place_of(request), folders_to_send(request).describe(), request)
            except SeedlabError:
                continue
        return None

    def answer_sending(self, *, goes_on: bool) -> None:
        """Send what `sending` is about, and make the runs, or leave them out."""
        question, self.sending = self.sending, None
        if question is None:
            return
        if goes_on:
            self.sent.add(sent_key(question.request))
            self._engine.agree_to_send(question.request)
        self._session.notify(Change.QUESTION)
        if not goes_on:
            self._session.say(not_sent_text(question.place))
            self.finish(BatchEnd.CANCELLED)
        elif self._stages is None or not self._begins_next(self._stages):
            self.finish(BatchEnd.COMPLETED)

    def stop(self) -> None:
        """End the current runs; those that have finished stay."""
        self._session.showing.forget_waiting()
        if self.question is not None or self.sending is not None:
            # No run goes on while it is asked.
            self.question = self.sending = None
            self._session.notify(Change.QUESTION)
            self.finish(BatchEnd.CANCELLED)
        elif self._session.is_busy:
            self._is_stopping = True
            self._engine.stop_plan()
            self._session.inquiring.cancel_waiting(lambda: self.finish(BatchEnd.CANCELLED))

    def finish(self, end: BatchEnd) -> None:
        """Take note that all runs have ended; those that were not begun count as cancelled."""
        session = self._session
        stages, self._stages = self._stages, None
        left = stages.left() if stages is not None and end is BatchEnd.CANCELLED else ()
        for request in left:
            self.on_run_ended(request, unfinished(request.index, Outcome.CANCELLED, NOT_STARTED))
        session.is_busy = self._is_stopping = False
        if session.message == wait_to_undo_text():
            session.say("")
        for lane in session.arrangement.lanes:
            if stages is not None and lane.key in stages.keys and not lane.column.runs:
                # It was given something else while runs were under way, and has none of them.
                session.arrangement = session.arrangement.update(lane.key, lane.cleared())
        lane = session.arrangement.lane
        session.progress.end(end, {lane.key} if stages is None else stages.keys)
        session.end_guessing()
        follows, session.causes.follows = session.causes.follows, None
        session.notify(Change.BUSY | Change.RUNS | Change.PROGRESS)
        if session.showing.run_what_waited():
            return
        session.preparing.prepare_ahead()
        if end is BatchEnd.COMPLETED:
            session.causes.go_on(lane, follows=follows)

    # What the engine reports of them.

    def on_run_ended(self, request: RunRequest, run: Run) -> None:
        """Add ``run`` to the column ``request.key``, unless it was cancelled and such runs are not kept."""
        session = self._session
        if run.outcome is not Outcome.CANCELLED or self._keeps_cancelled:
            session.progress.add(done=1)
            if self._stages is not None:
                self._stages.note(request, run)
            if session.arrangement.position(request.key) is not None:
                session.arrangement = session.arrangement.add_run(request.key, run)
                session.created = now()
        self.early.remove(request.key, run.index)
        session.notify(Change.RUNS | Change.PROGRESS)

    def on_run_early(self, request: RunRequest, run: Run) -> None:
        """Take note of ``run``, which is added to its column when it is its turn."""
        if run.outcome is not Outcome.CANCELLED or self._keeps_cancelled:
            self.early.add(request.key, run)
            self._session.notify(Change.EARLY)

    def on_plan_ended(self, end: BatchEnd) -> None:
        """Take note that all runs of a stage have ended, and begin the next one."""
        if self._is_stopping and self._stages is not None and self._stages.left():
            # It had come to its end by itself when the rest was called off.
            end = BatchEnd.CANCELLED
        is_over = end is BatchEnd.CANCELLED or self._is_stopping or self._stages is None
        if is_over or self._stages is None or not self._begins_next(self._stages):
            self.finish(end)
