"""The policy of what may run: which columns, how often, in which interpreter, and after which question."""

import os
from collections.abc import Callable, Sequence

import msgspec
from msgspec.structs import replace

from seedlab.documents.programs import current_script
from seedlab.engine.pythons import require
from seedlab.engine.request import Limits, Plan, RunRequest
from seedlab.errors import DocumentError, InterpreterError
from seedlab.libraries.registry import LIBRARIES
from seedlab.messages.session import mixing_error, text_mixing_error
from seedlab.phrases import retold
from seedlab.results.environment import Interpreter
from seedlab.session.arrangement import Lane
from seedlab.session.settings import Settings
from seedlab.study.experiment import Experiment
from seedlab.study.family import check_runs
from seedlab.study.lab import Column
from seedlab.study.program import Program


class TrustNeeded(msgspec.Struct, frozen=True):
    """A request to show the user a script that came inside a document, which runs only after they have agreed."""

    key: int
    """The key of the column that holds the script."""
    keys: tuple[int, ...]
    """The keys of the columns that were to run, including this one."""
    adds_one: bool
    """True when one run was to be added to each of them."""
    script: str
    """The text that would run, as it is on disk where there is a program that can be read."""
    program: Program | None = None
    """Where it would run, and what it would be given; None where it runs from a copy."""
    is_as_in_document: bool = True
    """True when ``script`` is the text that the document has."""
    problem: str = ""
    """Why the program's file cannot be read, as a sentence; then it cannot run."""


def first_untrusted(lanes: Sequence[Lane], *, adds_one: bool) -> Lane | None:
    """Return the first of ``lanes`` whose script the user has to see before it runs; None when there is none."""
    untrusted = (lane for lane in lanes if not lane.column.trusted and (adds_one or lane.chosen is None))
    return next(untrusted, None)


def trust_needed(lane: Lane, lanes: Sequence[Lane], name_of: Callable[[int], str], *, adds_one: bool) -> TrustNeeded:
    """Return what the user must see before ``lanes`` run, of which ``lane`` came with a document.

    ``name_of`` returns the name of a column by its key. Raise `SeedlabError` when a run was to be added and that cannot
    be.
    """
    column, keys = lane.column, tuple(each.key for each in lanes)
    program = column.program if adds_one else lane.program
    if program is None:
        return TrustNeeded(lane.key, keys, adds_one, (column if adds_one else lane.cleared()).script)
    try:
        script = current_script(program)
    except DocumentError as error:
        if adds_one:
            raise
        return TrustNeeded(lane.key, keys, adds_one, column.script, program, problem=retold(error.what))
    is_same = script == column.script
    if adds_one and not is_same:
        raise text_mixing_error(name_of(lane.key))
    return TrustNeeded(lane.key, keys, adds_one, script, program, is_same)


def check_mixing(lanes: Sequence[Lane], interpreter: Interpreter, name_of: Callable[[int], str]) -> None:
    """Raise `RunRefusedError` when another interpreter, which may draw other values, made the runs of one of ``lanes``.

    ``name_of`` returns the name of a column by its key.
    """
    foreign = next((lane for lane in lanes if not is_of(lane.column, lane.interpreter or interpreter)), None)
    if foreign is not None:
        drawn_by = foreign.column.interpreter
        assert drawn_by is not None
        raise mixing_error(name_of(foreign.key), drawn_by)


def is_of(column: Column, interpreter: Interpreter | None) -> bool:
    """Return True when the runs of ``column``, if any, may be mixed with runs of ``interpreter``."""
    drawn_by = column.interpreter
    return not column.runs or drawn_by is None or interpreter is None or drawn_by.draws_like(interpreter)


def check_lane(lane: Lane, runs: int) -> None:
    """Raise `ChoiceError` when ``lane`` cannot be run ``runs`` times with any interpreter."""
    _check_batch(lane.chosen, runs)


def lacking(lanes: Sequence[Lane], interpreter: Interpreter) -> dict[int, InterpreterError]:
    """Return what prevents those of ``lanes`` from being run whose interpreter lacks a package, by their keys.

    ``interpreter`` is the chosen one, of columns that have none of their own.
    """
    found = {}
    for lane in lanes:
        if lane.chosen is not None:
            try:
                require(lane.interpreter or interpreter, LIBRARIES.family_of(lane.chosen), lane.chosen)
            except InterpreterError as error:
                found[lane.key] = error
    return found


def runnable(lanes: Sequence[Lane], interpreter: Interpreter) -> list[Lane]:
    """Return those of ``lanes`` whose interpreters have what they need; all where none has."""
    lacks = lacking(lanes, interpreter)
    return [lane for lane in lanes if lane.key not in lacks] or list(lanes)


def plan_of(lanes: Sequence[Lane], interpreter: Interpreter, settings: Settings, *, adds_one: bool) -> Plan:
    """Return the plan of the runs of ``lanes``, column by column. Raise `SeedlabError` when one of them cannot be run.

    With ``adds_one``, each column gets one more run in addition to those that it has.
    """
    plans = [_plan(lane, interpreter, settings, adds_one=adds_one) for lane in lanes]
    return Plan.joined(plans, jobs=settings.jobs)


def _plan(lane: Lane, interpreter: Interpreter, settings: Settings, *, adds_one: bool) -> Plan:
    column = lane.column if adds_one else lane.cleared()
    interpreter = lane.interpreter or interpreter
    runs = 1 if adds_one else settings.runs
    _check_batch(column.experiment, runs + len(column.runs))
    if column.experiment is not None:
        require(interpreter, LIBRARIES.family_of(column.experiment), column.experiment)
    request = request_of(lane, column, interpreter.executable, settings)
    return Plan.repeat(request, runs, 1 + max((run.index for run in column.runs), default=0))


def request_of(lane: Lane, column: Column, executable: str, settings: Settings) -> RunRequest:
    """Return the request of a run of ``column``, that of ``lane``, with which it is prepared as well as executed.

    ``executable`` is that of the chosen interpreter.
    """
    request = RunRequest(
        key=lane.key,
        script=column.script,
        executable=executable if lane.interpreter is None else lane.interpreter.executable,
        limits=Limits(timeout_s=settings.timeout_s),
        start=lane.start,
    )
    program = column.program
    if program is None:
        experiment = column.experiment
        if experiment is None:
            return request
        return replace(request, environment=LIBRARIES.family_of(experiment).environment(experiment))
    return replace(
        request,
        path=program.path,
        name=program.name,
        module=program.name if program.is_module else None,
        folder=program.folder,
        host_folder=program.host_folder or None,
        arguments=program.arguments,
        environment=program.environment,
        compares=program.compares,
        changes=tuple(
            (os.path.join(program.root, each.file), each.text) for each in program.changes if each.file is not None
        ),
        is_private=bool(program.changes),
    )


def _check_batch(experiment: Experiment | None, runs: int) -> None:
    """Raise `ChoiceError` when ``runs`` runs are too few or too many; ``experiment`` is None for an own script."""
    if experiment is None:
        check_runs(runs)
    else:
        LIBRARIES.family_of(experiment).check_batch(experiment, runs)
