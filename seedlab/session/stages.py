"""The order in which runs are made, and what the first ones decide about the rest.

A person's own program has effects. So its first run is watched, alone: whether it changed its folder decides on how
many go on at once, and what it did elsewhere is shown before any more are made. Two cold runs are witnesses; where
faster runs show something else than they do, those are discarded and made again cold.
"""

from collections.abc import Container, Hashable, Iterable, Mapping, Sequence

import msgspec
from msgspec.structs import replace

from seedlab.analysis.witnesses import NEEDED, disagreement
from seedlab.engine.executors.executor import Start
from seedlab.engine.executors.own_scripts import stamp_of_program
from seedlab.engine.request import Plan, RunRequest
from seedlab.engine.sent_folders import SentKey, is_sent, sent_key
from seedlab.messages.session import disagreement_reason
from seedlab.phrases import recorded
from seedlab.results.effects import Effect, Effects
from seedlab.results.run import Outcome, Run
from seedlab.session.settings import Settings
from seedlab.study.lab import Column
from seedlab.study.program import Program

MIN_FORKED = 5
"""The number of runs of a person's own program from which on some are started in a faster way."""
WATCHED = recorded("the first run of a script of yours is watched")
WITNESS = recorded("it is a witness of the faster ones")
FEW = recorded("fewer than {least} runs are all cold", least=MIN_FORKED)

ProgramKey = tuple[Program, str, str, Hashable]
"""A program, its text, the Python that executes it, and when its other files were changed."""


class EffectsQuestion(msgspec.Struct, frozen=True):
    """What a first run did outside its folder, to be shown before more runs are made."""

    keys: tuple[int, ...]
    """The keys of the columns."""
    effects: tuple[Effect, ...]
    is_complete: bool
    runs: int
    """The number of runs to come."""


class SendQuestion(msgspec.Struct, frozen=True):
    """What is to be sent to another host so that a person's own script can be executed there."""

    place: str
    """The host, as ssh knows it."""
    folders: str
    """The folders, with the number of files and their size, in words."""
    request: RunRequest
    """One of the runs, whose key is that of the column."""


class Known:
    """What is known of persons' own programs, for as long as the session lasts."""

    def __init__(self) -> None:
        self.effects: dict[ProgramKey, Effects] = {}
        self.agreed: set[ProgramKey] = set()
        """Those whose effects a person has seen and agreed to."""
        self.witnesses: dict[ProgramKey, tuple[Run, ...]] = {}
        """Cold runs that finished, which are witnesses of all later runs."""
        self.cold_reasons: dict[ProgramKey, str] = {}
        """Why those must be started cold whose faster runs showed something else than their witnesses."""


def key_of(request: RunRequest, program: Program) -> ProgramKey:
    """Return what the knowledge of ``program`` is kept by."""
    stamp = () if request.path is None else stamp_of_program(request.path, request.root, request.script)
    return replace(program, extra=()), request.script, request.executable, stamp


def witnesses_of(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Return those of ``runs`` that are kept as witnesses: as many as there are where two were equal by chance."""
    cold = [run for run in runs if run.start == Start.COLD.value and run.outcome is Outcome.FINISHED]
    return tuple(cold[: 2 * NEEDED])


def why_cold(column: Column, settings: Settings) -> str:
    """Return why all runs of ``column`` that Run makes next are cold under auto; empty where some need not be."""
    return FEW if column.program is not None and settings.runs < MIN_FORKED else ""


class Stages:
    """The runs of one press of Run, in stages; each is a plan, made when the one before it has ended."""

    def __init__(
        self, requests: Sequence[RunRequest], columns: Mapping[int, Column], settings: Settings, known: Known
    ) -> None:
        """``columns`` are those that the requests belong to, by their keys, with the runs that they have already."""
        self.keys = frozenset(columns)
        """The keys of the columns."""
        self._settings = settings
        self._known = known
        self._programs: dict[int, ProgramKey] = {}
        for request in requests:
            program = columns[request.key].program
            if program is not None:
                self._programs[request.key] = key_of(request, program)
        witnessed = [self._witnessed(request, requests, columns) for request in requests]
        unknown = {key for key, program in self._programs.items() if program not in known.effects}
        first: dict[int, RunRequest] = {}
        self._rest: list[RunRequest] = []
        for request in witnessed:
            if request.key in unknown and request.key not in first:
                reason = request.cold_reason or WATCHED
                first[request.key] = replace(request, audits=True, cold_reason=reason)
            else:
                self._rest.append(request)
        self._watched = list(first.values())
        self._made: dict[tuple[int, int], RunRequest] = {}
        self._again: list[RunRequest] = []
        self._discarded: dict[int, tuple[Run, ...]] = {}
        self._asked_again: set[int] = set()
        """The keys of columns that have had more witnesses."""
        self._made_again: set[int] = set()
        """The keys of columns all of whose runs are cold by now."""

    @property
    def total(self) -> int:
        """The number of runs that are yet to be planned."""
        return len(self._watched) + len(self._rest)

    def note(self, request: RunRequest, run: Run) -> None:
        """Take note of what a run showed."""
        self._made[request.key, run.index] = request
        if run.effects is not None and request.key in self._programs:
            self._known.effects[self._programs[request.key]] = run.effects

    def question(self) -> EffectsQuestion | None:
        """Return what must be shown before the next stage; None where nothing must."""
        keys = {request.key for request in self._rest}
        asked = [key for key in self._programs if key in keys and self._is_asked(self._programs[key])]
        if not asked or self._watched:
            return None
        effects = [self._known.effects[self._programs[key]] for key in asked]
        return EffectsQuestion(
            tuple(asked),
            tuple(dict.fromkeys(effect for found in effects for effect in found.outside)),
            all(found.is_complete for found in effects),
            sum(request.key in asked for request in self._rest),
        )

    def agree(self, question: EffectsQuestion) -> None:
        """Take note that a person has seen what ``question`` shows, and wants the runs."""
        self._known.agreed.update(self._programs[key] for key in question.keys)

    def decline(self, question: EffectsQuestion) -> int:
        """Make no more runs of the columns of ``question``; return how many are left out."""
        before = len(self._rest)
        self._rest = [request for request in self._rest if request.key not in question.keys]
        return before - len(self._rest)

    def next_plan(self) -> Plan | None:
        """Return the plan of the next stage; None when all runs have been planned."""
        if self._watched:
            # One at a time, because their folders may be the same.
            plan, self._watched = Plan(tuple(self._watched), 1), []
            return plan
        if self._rest:
            # What two runs at once write to one file is that of neither.
            shared = [request for request in self._rest if not request.is_private]
            alone = any(request.compares or self._changes_folder(request.key) for request in shared)
            plan, self._rest = Plan(tuple(self._rest), 1 if alone else self._settings.jobs), []
            return plan
        if self._again:
            # Each in a folder of its own.
            plan, self._again = Plan(tuple(self._again), self._settings.jobs), []
            return plan
        return None

    def to_send(self, agreed: Container[SentKey]) -> tuple[RunRequest, ...]:
        """Return a request for each script whose folders are sent to another host, but for those ``agreed`` to."""
        found: dict[SentKey, RunRequest] = {}
        for request in self.left():
            if is_sent(request) and sent_key(request) not in agreed:
                found.setdefault(sent_key(request), request)
        return tuple(found.values())

    def left(self) -> tuple[RunRequest, ...]:
        """Return the requests that no plan had yet."""
        return (*self._watched, *self._rest, *self._again)

    def make_again(self, column: Column, key: int) -> Column:
        """Discard the runs of ``column`` that showed something else than its cold ones, and plan them again, cold.

        Where that may be chance, some are planned again as more witnesses, and the others come back if these agree with
        them. Return the column with the runs that count. Its key is ``key``.
        """
        if key not in self._programs or self._watched or self._rest:
            return column
        program = self._programs[key]
        if key in self._made_again:
            self._learn(program, column.runs, self._discarded.pop(key, ()))
            return column
        shown = {run.index for run in column.runs}
        set_aside = [run for run in self._discarded.pop(key, ()) if run.index not in shown]
        runs = tuple(sorted((*column.runs, *set_aside), key=lambda run: run.index)) if set_aside else column.runs
        remembered = self._known.witnesses.get(program, ())
        disagreed = disagreement((*remembered, *runs))
        if disagreed is None:
            self._learn(program, (*remembered, *runs), ())
            return replace(column, runs=runs) if set_aside else column
        faster = [run for run in runs if run.start != Start.COLD.value]
        made = [self._made[key, run.index] for run in faster if (key, run.index) in self._made]
        self._discarded[key] = tuple(faster)
        if disagreed.may_be_chance and key not in self._asked_again and len(made) > NEEDED:
            self._asked_again.add(key)
            reason, made = WITNESS, made[:NEEDED]
        else:
            self._made_again.add(key)
            reason = self._known.cold_reasons[program] = disagreement_reason(disagreed)
        self._again += [replace(request, cold_reason=reason, is_private=True) for request in made]
        return replace(column, runs=tuple(run for run in runs if run.start == Start.COLD.value))

    def _learn(self, program: ProgramKey, runs: Sequence[Run], discarded: Sequence[Run]) -> None:
        """Remember the witnesses among ``runs``, with which ``discarded`` ones may agree after all.

        They do where what the script reads has changed since the witnesses were made that they were held against.
        """
        self._known.witnesses[program] = witnesses_of(runs)
        if discarded and disagreement((*runs, *discarded)) is None:
            self._known.cold_reasons.pop(program, None)

    def _is_asked(self, program: ProgramKey) -> bool:
        effects = self._known.effects.get(program)
        return effects is not None and bool(effects.outside) and program not in self._known.agreed

    def _changes_folder(self, key: int) -> bool:
        effects = self._known.effects.get(self._programs[key]) if key in self._programs else None
        return effects is not None and effects.changed_folder

    def _witnessed(
        self, request: RunRequest, requests: Sequence[RunRequest], columns: Mapping[int, Column]
    ) -> RunRequest:
        """Return ``request`` with the reason why it must be cold, if it is of a person's own program and must be."""
        if request.key not in self._programs or (request.start or self._settings.start) != Start.AUTO.value:
            return request
        reason = self._known.cold_reasons.get(self._programs[request.key], "")
        same = [other for other in requests if other.key == request.key]
        runs = columns[request.key].runs
        remembered = self._known.witnesses.get(self._programs[request.key], ())
        cold = max(len(remembered), len(witnesses_of(runs)))
        if not reason and cold < NEEDED and len(same) + len(runs) < MIN_FORKED:
            reason = FEW
        elif not reason and same.index(request) < NEEDED - cold:
            reason = WITNESS
        return replace(request, cold_reason=reason) if reason else request
