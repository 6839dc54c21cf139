"""Why the draws of the current column move: asked for and shown, and the fix tried beside it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from seedlab.engine.batch import BatchEnd
from seedlab.messages.fixes import cannot_try_text, fixed_name_text, folder_text
from seedlab.messages.session import declined_text, run_first_text
from seedlab.results.run import Outcome
from seedlab.session.arrangement import Lane
from seedlab.session.change import Change
from seedlab.session.fixed_copy import fixed_column
from seedlab.session.inquiring import ENOUGH
from seedlab.session.running import TrustNeeded
from seedlab.session.stages import EffectsQuestion

if TYPE_CHECKING:
    from seedlab.session.session import Session


class FindingCauses:
    """Part of a session: what a person asks of causes, and what is told of an inquiry that they asked for."""

    def __init__(self, session: "Session") -> None:
        self.follows: int | None = None
        """The key of the column that is run so that what moves its draws can be found."""
        self._session = session
        self._labels: tuple[str, ...] = ()
        """The draws that are asked about once effects have been agreed to; none for all."""

    def inquire(self, labels: Sequence[str] = ()) -> None:
        """Find by experiment what moves the current column's draws, which has runs; with ``labels``, only those.

        `Column.influence` has what was found, as far as that is known when a part of it is. What a person's own program
        was seen to do outside its folder is asked about first, as before runs.
        """
        session, inquiring = self._session, self._session.inquiring
        lane = session.arrangement.lane
        if not session.runs.may_run():
            return
        if not inquiring.may_begin(lane):
            session.say(run_first_text())
            return
        session.progress.begin()
        session.is_busy = True
        session.say(inquiring.estimate(lane))
        effects = inquiring.effects_outside(lane)
        if effects is None or session.runs.agrees:
            inquiring.when_idle(lambda: inquiring.begin(lane, labels))
            session.notify(Change.BUSY | Change.PROGRESS)
            return
        runs = inquiring.expected(lane)
        session.runs.question = EffectsQuestion((lane.key,), effects.outside, effects.is_complete, runs)
        self._labels = tuple(labels)
        session.notify(Change.BUSY | Change.QUESTION)

    def answer(self, question: EffectsQuestion, *, goes_on: bool) -> None:
        """Begin the inquiry that ``question`` is about, or leave it out."""
        session, inquiring = self._session, self._session.inquiring
        position = session.arrangement.position(question.keys[0])
        session.notify(Change.QUESTION)
        if goes_on and position is not None:
            lane = session.arrangement.lanes[position]
            inquiring.when_idle(lambda: inquiring.begin(lane, self._labels))
        else:
            session.say(declined_text(question.runs))
            session.runs.finish(BatchEnd.CANCELLED)

    def why(self, labels: Sequence[str] = ()) -> TrustNeeded | None:
        """Show what moves the current column's draws, or those with ``labels``, and find it where it is not known.

        Shown already, show values. A column without enough runs is run first; return what `MakingRuns.run` returns.
        """
        session = self._session
        lane = session.arrangement.lane
        column = lane.column
        known: set[str] = set()
        if column.influence is not None and not column.influence.is_partial and column.influence.is_fix_known:
            known = {draw.label for draw in column.influence.draws}
        if session.settings.look == "why" and known:
            session.set_look("why")
            return None
        drawn = {draw.label for run in column.runs if run.outcome is Outcome.FINISHED for draw in run.draws}
        # For some of them a smaller fix may do than for all.
        is_known = known == set(labels) if labels else bool(known) and known >= drawn
        needed = None
        if not is_known and not session.is_busy:
            if session.inquiring.may_begin(lane) or session.settings.runs < ENOUGH or session.interpreter is None:
                self.inquire(labels)
            else:
                needed = session.runs.run()
                # Nothing follows where nothing is run.
                self.follows = lane.key if needed is not None or session.is_busy else None
        if session.settings.look != "why":
            session.set_look("why")
        return needed

    def try_fix(self) -> TrustNeeded | None:
        """Run a copy of the current column's script with its fix, in a column beside it; the file stays as it is."""
        session = self._session
        lane = session.arrangement.lane
        influence = lane.column.influence
        if influence is not None and influence.fix is not None and not influence.fix.is_change:
            session.say(folder_text(influence))
            return None
        column = None if influence is None else fixed_column(lane.column)
        if column is None or session.arrangement.is_full:
            session.say(cannot_try_text())
            return None
        if not session.runs.may_run():
            return None
        made = session.arrangement.duplicate()
        copied = replace(
            made.lane, column=column, chosen=None, title=fixed_name_text(session.arrangement.name_of(lane.key))
        )
        session.arrange(made.with_lane(made.current, copied))
        if session.settings.look == "why":
            session.set_look("auto")
        return session.runs.run()

    def go_on(self, lane: Lane, *, follows: int | None) -> None:
        """Find what is to be found now that all runs have ended, those of the column ``follows`` because of why."""
        if follows == lane.key and self._session.inquiring.may_begin(lane):
            self.inquire()
        else:
            self._session.inquiring.try_causes()

    # What an inquiry reports.

    def on_inquiry_progress(self, asked: int, done: int) -> None:
        """Show how far an inquiry is."""
        self._session.progress.count(asked, done)
        self._session.notify(Change.PROGRESS)

    def on_influence_found(self) -> None:
        """Show what an inquiry has found."""
        self._session.notify(Change.RUNS)

    def on_inquiry_ended(self, end: BatchEnd) -> None:
        """Take note that the inquiry that was asked for is over."""
        if self._session.problem is None:
            self._session.say("")
        self._session.runs.finish(end)
