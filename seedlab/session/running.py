"""The policy of what may run: which columns, how often, in which interpreter, and what must be asked first."""

from collections.abc import Sequence

import msgspec

from seedlab.engine.pythons import require
from seedlab.engine.request import Limits, Plan, RunRequest
from seedlab.errors import InterpreterError, RunRefusedError
from seedlab.libraries.registry import LIBRARIES
from seedlab.results.environment import Interpreter
from seedlab.session.arrangement import Lane
from seedlab.session.settings import Settings
from seedlab.study.lab import Column


class TrustNeeded(msgspec.Struct, frozen=True):
    """A script that came inside a document runs only after a person has seen it and agreed."""

    key: int
    """Of the column whose script it is."""
    keys: tuple[int, ...]
    """The columns that were to run, this one among them."""
    adds_one: bool
    """One run was to be added to each of them."""


class Progress(msgspec.Struct, frozen=True):
    """How far the runs are that were asked for last."""

    asked: int = 0
    done: int = 0
    seconds: float = 0.0


def first_untrusted(lanes: Sequence[Lane], *, adds_one: bool) -> Lane | None:
    """Return the first of ``lanes`` whose script a person has to see before it runs."""
    strange = (lane for lane in lanes if not lane.column.trusted and (adds_one or lane.chosen is None))
    return next(strange, None)


def first_foreign(lanes: Sequence[Lane], interpreter: Interpreter) -> Lane | None:
    """Return the first of ``lanes`` whose runs were made by an interpreter that draws otherwise."""
    return next((lane for lane in lanes if not is_of(lane.column, interpreter)), None)


def is_of(column: Column, interpreter: Interpreter | None) -> bool:
    """Return True where the runs of ``column``, if it has any, may stand beside runs of ``interpreter``."""
    drawn_by = column.interpreter
    return not column.runs or drawn_by is None or interpreter is None or drawn_by.draws_like(interpreter)


def check_lane(lane: Lane, runs: int) -> None:
    """Raise `ChoiceError` where ``lane`` cannot be run ``runs`` times, whatever the interpreter."""
    experiment = lane.chosen
    if experiment is not None:
        LIBRARIES.family_of(experiment).check_batch(experiment, runs)


def plan_of(lanes: Sequence[Lane], interpreter: Interpreter, settings: Settings, *, adds_one: bool) -> Plan:
    """Return the runs of ``lanes``, column after column. Raises `SeedlabError` where one of them cannot be run.

    With ``adds_one`` each column gets one run more, in addition to those that it has.
    """
    plans = [_plan(lane, interpreter, settings, adds_one=adds_one) for lane in lanes]
    return Plan.joined(plans, jobs=settings.jobs)


def _plan(lane: Lane, interpreter: Interpreter, settings: Settings, *, adds_one: bool) -> Plan:
    column = lane.column if adds_one else lane.cleared()
    runs = 1 if adds_one else settings.runs
    if column.experiment is not None:
        family = LIBRARIES.family_of(column.experiment)
        family.check_batch(column.experiment, runs + len(column.runs))
        require(interpreter, family)
    limits = Limits(timeout_s=settings.timeout_s)
    request = RunRequest(key=lane.key, script=column.script, executable=interpreter.executable, limits=limits)
    return Plan.repeat(request, runs, 1 + max((run.index for run in column.runs), default=0))


def mixing_error(column: Column, name: str) -> RunRefusedError:
    """Return the refusal to add a run to ``column``, whose runs another interpreter made."""
    assert column.interpreter is not None
    drawn_by = f"{column.interpreter.summary} ({column.interpreter.executable})"
    return RunRefusedError(
        f"The runs of “{name}” were made by another interpreter, {drawn_by}.",
        "Choose that one, or press Run to run the column anew.",
    )


def no_interpreter_error() -> InterpreterError:
    """Return the refusal to run before the interpreter has answered."""
    return InterpreterError("The interpreter has not answered yet.", "Wait a moment, then run again.")
