"""The columns side by side, which of them is edited, and the changes of their order.

Arrangements are frozen: each change returns a new one.
"""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

import msgspec
from msgspec.structs import replace

from seedlab.documents.files import text_of_name
from seedlab.libraries.registry import FAMILIES, script_of
from seedlab.messages.columns import edited_name_text
from seedlab.results.environment import Interpreter
from seedlab.results.run import Run
from seedlab.study.experiment import Experiment
from seedlab.study.lab import Column
from seedlab.study.program import Program

MAX_COLUMNS = 24
"""The largest number of columns: more cannot be told apart on a screen."""


class Lane(msgspec.Struct, frozen=True, kw_only=True):
    """One column with its place, choice and title."""

    key: int
    """The number that identifies the column wherever it is moved, and is never reused."""
    column: Column
    """The column that was run last, with its runs; without runs, the column of the current choice."""
    chosen: Experiment | None
    """The choice that the panel shows for this column; None when the script is the user's own."""
    origin: Experiment | None = None
    """The experiment whose script the user has edited; None for any other script."""
    title: str = ""
    """The name that the user gave; empty when the column names itself."""
    interpreter: Interpreter | None = None
    """The interpreter that makes the runs of this column alone; None for the chosen one."""
    start: str = ""
    """The way in which runs of this column alone are started; empty for the chosen one."""
    shown_way: Literal["", "start", "interpreter"] = ""
    """What of how the runs were made stands in the column's name."""

    @property
    def way(self) -> str:
        """How its runs were made, as far as that is shown; without runs, what is chosen for it alone."""
        if self.shown_way == "start":
            return "/".join(dict.fromkeys(run.start for run in self.column.runs)) or self.start
        interpreter = self.column.interpreter if self.column.runs else self.interpreter
        if not self.shown_way or interpreter is None:
            return ""
        package = None if self.shown is None else FAMILIES[self.shown.library].package or ""
        return interpreter.named_by(package)

    @property
    def shown(self) -> Experiment | None:
        """The experiment that the runs belong to; without runs, the current choice."""
        return self.column.experiment if self.column.runs else self.chosen

    @property
    def program(self) -> Program | None:
        """What the next runs of the user's own script are given; None where it is executed from a copy."""
        return self.column.next_program or self.column.program

    @property
    def is_stale(self) -> bool:
        """True when the runs belong to an earlier choice, or were given something else than the next ones."""
        if not self.column.runs:
            return False
        return self.is_changed if self.chosen is None else self.column.experiment != self.chosen

    @property
    def is_changed(self) -> bool:
        """True when the user has changed the text, or what it is given, since the runs were made."""
        return self.column.next_program is not None or self.column.next_script is not None

    @property
    def is_edited_since(self) -> bool:
        """True when the user has edited the text here since the runs were made."""
        if self.program is None or self.column.program is None:
            return self.column.next_script is not None
        is_same_file = self.program.path == self.column.program.path
        return is_same_file and self.program.changed_script != self.column.program.changed_script

    @property
    def is_edited(self) -> bool:
        """True when the text is neither an experiment's nor that of a file, but was edited here."""
        return self.origin is not None or (self.program is not None and self.program.changed_script is not None)

    def cleared(self) -> Column:
        """Return the column that a new run begins with: the current choice without runs."""
        if self.chosen is None:
            column = replace(_given(self.column, self.program), runs=())
            if column.next_script is None:
                return column
            return replace(
                column,
                name=column.name if self.origin is None else edited_name_text(placement_title(self.origin)),
                experiment=None,
                script=column.next_script,
                next_script=None,
                influence=None,
            )
        return replace(column_of(self.chosen), interpreter=self.column.interpreter)

    def given(self, program: Program, script: str, *, has_runs: bool) -> "Lane":
        """Return the lane whose next runs execute ``program``, whose text is ``script``.

        With ``has_runs``, the column has runs or is getting some, and stays what these were given.
        """
        if has_runs:
            other = None if program == self.column.program else program
            return replace(self, origin=None, column=replace(self.column, next_program=other, next_script=None))
        return replace(self, origin=None, column=replace(_given(self.column, program), script=script, next_script=None))

    def written(self, text: str, on_disk: str | None, *, has_runs: bool) -> "Lane":
        """Return the lane whose next runs execute ``text``; an experiment whose script is edited is one no more.

        ``on_disk`` is what the file of a program has, as far as that is known; ``has_runs`` is as for `given`.
        """
        if self.program is not None:
            return self.given(self.program.with_script(text, on_disk), text, has_runs=has_runs)
        origin = self.chosen or self.origin
        if origin is not None and text == script_of(origin).text:
            return self.as_chosen(origin, has_runs=has_runs)
        if has_runs:
            is_same = self.column.experiment is None and text == self.column.script
            column = replace(self.column, next_script=None if is_same else text)
        else:
            is_first = self.column.experiment is not None and origin is not None
            name = edited_name_text(placement_title(origin)) if is_first and origin is not None else self.column.name
            column = replace(self.column, name=name, experiment=None, script=text, next_script=None, influence=None)
        return replace(self, chosen=None, origin=origin, column=column)

    def as_chosen(self, experiment: Experiment, *, has_runs: bool) -> "Lane":
        """Return the lane of ``experiment`` whose script is not edited; runs stay those of what they executed."""
        column = replace(self.column, next_script=None)
        if not has_runs:
            column = replace(column_of(experiment), interpreter=column.interpreter)
        return replace(self, chosen=experiment, origin=None, column=column)

    def run_like(self, other: "Lane") -> "Lane":
        """Return the lane with what ``other`` has of an interpreter and a start of its own."""
        return replace(self, interpreter=other.interpreter, start=other.start, shown_way=other.shown_way)

    def back_to(self, earlier: "Lane") -> "Lane":
        """Return the lane with what ``earlier`` was named and given, and with the runs and choices made since."""
        lane = replace(self, title=earlier.title, interpreter=earlier.interpreter, shown_way=earlier.shown_way)
        if self.program is None and (self.chosen is None or earlier.chosen is None):
            return lane._with_text_of(earlier)
        if self.chosen is not None or earlier.program is None or self.program == earlier.program:
            return lane
        restored = lane.given(earlier.program, earlier.column.script, has_runs=bool(self.column.runs))
        name = restored.column.name if self.column.runs else earlier.column.name
        return replace(restored, column=replace(restored.column, name=name))

    def _with_text_of(self, earlier: "Lane") -> "Lane":
        """Return the lane, in which a text was edited since or will be again, with the text that ``earlier`` has."""
        if earlier.chosen is not None:
            return self.as_chosen(earlier.chosen, has_runs=bool(self.column.runs))
        text = earlier.column.script if earlier.column.next_script is None else earlier.column.next_script
        return replace(self.written(text, None, has_runs=bool(self.column.runs)), origin=earlier.origin)


class Arrangement(msgspec.Struct, frozen=True, kw_only=True):
    """Lanes from left to right; never empty."""

    lanes: tuple[Lane, ...]
    current: int = 0
    """The position of the lane that the panel edits, from 0."""
    next_key: int = 1
    """The key of the next new lane."""

    @classmethod
    def of(cls, experiments: Sequence[Experiment], first_key: int = 0) -> "Arrangement":
        """Return a column without runs for each of ``experiments``; keys count from ``first_key``."""
        lanes = tuple(
            Lane(key=key, column=column_of(experiment), chosen=experiment)
            for key, experiment in enumerate(experiments, first_key)
        )
        return cls(lanes=lanes, next_key=first_key + len(lanes))

    @classmethod
    def of_columns(cls, columns: Sequence[Column], current: int = 0, first_key: int = 0) -> "Arrangement":
        """Return an arrangement of a document's columns; names become titles where they differ from the own names."""
        lanes = tuple(_lane(key, column) for key, column in enumerate(columns, first_key))
        made = cls(lanes=lanes, current=min(max(current, 0), len(lanes) - 1), next_key=first_key + len(lanes))
        # Columns that were laid out by how their runs are made keep saying how they were.
        for way in ("", "start", "interpreter"):
            shown = replace(made, lanes=tuple(replace(lane, shown_way=way) for lane in lanes))
            if all(_is_same(lane.column.name, name) for lane, name in zip(lanes, shown.names, strict=True)):
                return shown
        own = made.names
        lanes = tuple(
            replace(lane, title="" if _is_same(lane.column.name, name) else lane.column.name)
            for lane, name in zip(lanes, own, strict=True)
        )
        return replace(made, lanes=lanes)

    @property
    def lane(self) -> Lane:
        """The lane that is edited."""
        return self.lanes[self.current]

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns for a document or a picture, each with the name that is shown."""
        return tuple(replace(lane.column, name=name) for lane, name in zip(self.lanes, self.names, strict=True))

    @property
    def keys(self) -> tuple[int, ...]:
        """The keys of the lanes."""
        return tuple(lane.key for lane in self.lanes)

    @property
    def names(self) -> tuple[str, ...]:
        """The names above the columns: the title that the user gave, or the choices that set a column apart."""
        known = [lane.shown for lane in self.lanes if lane.shown is not None]
        differing = _differing_choices(known)
        return numbered(lane.title or self._describe(lane, differing) for lane in self.lanes)

    def _describe(self, lane: Lane, differing: Sequence[str]) -> str:
        """Return what sets ``lane`` apart: the ``differing`` choices of experiments, and its own way to be run."""
        if lane.shown is not None and lane.way and not differing:
            return lane.way
        name = (lane.column.name or "script") if lane.shown is None else _describe(lane.shown, differing)
        return ", ".join(filter(None, (name, lane.way)))

    @property
    def is_full(self) -> bool:
        return len(self.lanes) >= MAX_COLUMNS

    def name_of(self, key: int) -> str:
        """Return the name above the column ``key``; empty when there is no such column."""
        position = self.position(key)
        return "" if position is None else self.names[position]

    def with_lane(self, position: int, lane: Lane) -> "Arrangement":
        """Return the arrangement with another lane at ``position``."""
        return replace(self, lanes=(*self.lanes[:position], lane, *self.lanes[position + 1 :]))

    def position(self, key: int) -> int | None:
        """Return the position of the lane ``key``, from 0; None when there is no such lane."""
        return next((position for position, lane in enumerate(self.lanes) if lane.key == key), None)

    def started_as_chosen(self) -> "Arrangement":
        """Return the arrangement without what single columns have of starts of their own."""
        return replace(self, lanes=tuple(replace(lane, start="") for lane in self.lanes))

    def run_as_chosen(self) -> "Arrangement":
        """Return the arrangement without what single columns have of interpreters and starts of their own."""
        return replace(self, lanes=tuple(replace(lane, interpreter=None, start="") for lane in self.lanes))

    def given_to(self, position: int, interpreter: Interpreter | None) -> "Arrangement":
        """Return the arrangement in which ``interpreter`` makes the runs of one column; None is the chosen one.

        Where columns have interpreters of their own, their names say which.
        """
        lanes = [replace(lane, interpreter=interpreter) if n == position else lane for n, lane in enumerate(self.lanes)]
        if any(lane.interpreter is not None for lane in lanes):
            lanes = [replace(lane, shown_way=lane.shown_way or "interpreter") for lane in lanes]
        else:
            lanes = [replace(lane, shown_way="") if lane.shown_way == "interpreter" else lane for lane in lanes]
        return replace(self, lanes=tuple(lanes))

    def select(self, position: int) -> "Arrangement":
        """Edit the lane at ``position``, or the nearest one if there is none."""
        return replace(self, current=min(max(position, 0), len(self.lanes) - 1))

    def choose(self, experiment: Experiment, *, gets_runs: bool = False) -> "Arrangement":
        """Give the current column another experiment; its runs stay until it is run again.

        With ``gets_runs`` runs of the column are under way, and it stays what they are made of.
        """
        lane = self.lane
        if lane.chosen is None or not (lane.column.runs or gets_runs):
            # Without runs of an experiment there is nothing to keep beside the new choice.
            fresh = replace(column_of(experiment), interpreter=lane.column.interpreter)
            if lane.chosen is None:
                # A new column, so that undoing brings back the script and its runs.
                made = Lane(key=self.next_key, column=fresh, chosen=experiment).run_like(lane)
                return replace(self.with_lane(self.current, made), next_key=self.next_key + 1)
            return self.with_lane(self.current, replace(lane, column=fresh, chosen=experiment))
        return self.with_lane(self.current, replace(lane, chosen=experiment))

    def duplicate(self, position: int | None = None) -> "Arrangement":
        """Put a copy of a column, with its runs, to its right, and edit the copy; do nothing at `MAX_COLUMNS`.

        ``position`` None takes the current column.
        """
        at = self.current if position is None else position
        if self.is_full:
            return self
        copy = replace(self.lanes[at], key=self.next_key)
        lanes = (*self.lanes[: at + 1], copy, *self.lanes[at + 1 :])
        return replace(self, lanes=lanes, current=at + 1, next_key=self.next_key + 1)

    def with_columns(self, columns: Sequence[Column]) -> "Arrangement":
        """Put ``columns``, with their own names, to the right of the current one, and edit the first of them.

        There must be room for them.
        """
        assert len(self.lanes) + len(columns) <= MAX_COLUMNS
        at = self.current + 1
        made = tuple(_lane(key, column) for key, column in enumerate(columns, self.next_key))
        lanes = (*self.lanes[:at], *made, *self.lanes[at:])
        return replace(self, lanes=lanes, current=at, next_key=self.next_key + len(made))

    def remove(self, position: int | None = None) -> "Arrangement":
        """Remove the column at ``position``, None for the current one; do nothing when it is the last one."""
        at = self.current if position is None else position
        if len(self.lanes) == 1:
            return self
        lanes = (*self.lanes[:at], *self.lanes[at + 1 :])
        current = self.current - (at < self.current)
        return replace(self, lanes=lanes, current=min(current, len(lanes) - 1))

    def move(self, start: int, end: int) -> "Arrangement":
        """Move the column at ``start`` to ``end``, without changing which column is edited."""
        if not (0 <= start < len(self.lanes) and 0 <= end < len(self.lanes)):
            return self
        key = self.lane.key
        lanes = list(self.lanes)
        lanes.insert(end, lanes.pop(start))
        moved = replace(self, lanes=tuple(lanes))
        return replace(moved, current=moved.position(key) or 0)

    def rename(self, position: int, title: str) -> "Arrangement":
        """Give the column at ``position`` a title; with an empty one, it names itself again."""
        return self.with_lane(position, replace(self.lanes[position], title=" ".join(title.split())))

    def back_to(self, earlier: "Arrangement") -> "Arrangement":
        """Return ``earlier`` with the runs and choices made since in the columns that it shares with this one."""
        known = {lane.key: lane for lane in self.lanes}
        lanes = tuple(known[lane.key].back_to(lane) if lane.key in known else lane for lane in earlier.lanes)
        return replace(earlier, lanes=lanes, next_key=self.next_key)

    def update(self, key: int, column: Column) -> "Arrangement":
        """Replace the column of the lane ``key``; do nothing when that lane was removed."""
        position = self.position(key)
        if position is None:
            return self
        return self.with_lane(position, replace(self.lanes[position], column=column))

    def add_run(self, key: int, run: Run) -> "Arrangement":
        """Add ``run`` to the column of the lane ``key``; do nothing when that lane was removed."""
        position = self.position(key)
        if position is None:
            return self
        column = self.lanes[position].column
        return self.update(key, replace(column, runs=(*column.runs, run)))


def _lane(key: int, column: Column) -> Lane:
    """Return the lane of a column of a document."""
    if column.next_script is None:
        return Lane(key=key, column=column, chosen=column.experiment)
    return Lane(key=key, column=column, chosen=None, origin=column.experiment)


def _given(column: Column, program: Program | None) -> Column:
    """Return ``column`` with ``program`` as its own, named after its file where that is another one."""
    if program == column.program:
        return replace(column, next_program=None)
    name = column.name
    if program is not None and (column.program is None or program.path != column.program.path):
        name = text_of_name(Path(program.path))
    return replace(column, name=name, program=program, next_program=None, influence=None)


def column_of(experiment: Experiment) -> Column:
    """Return a column for ``experiment``, without runs."""
    return Column(name=placement_title(experiment), experiment=experiment, script=script_of(experiment).text)


def placement_title(experiment: Experiment) -> str:
    """Return a text that says where ``experiment`` sets the seed."""
    timeline = FAMILIES[experiment.library].timeline
    return timeline.describe(experiment[timeline.name])


_LIBRARY = "library"


def _differing_choices(experiments: Sequence[Experiment]) -> list[str]:
    """Return the names of the choices in which ``experiments`` of one library differ, the library first."""
    libraries = dict.fromkeys(experiment.library for experiment in experiments)
    differing = [
        control.name
        for library in libraries
        for control in FAMILIES[library].controls
        if len({each[control.name] for each in experiments if each.library == library}) > 1
    ]
    return [*([_LIBRARY] if len(libraries) > 1 else []), *dict.fromkeys(differing)]


def _describe(experiment: Experiment, names: Sequence[str]) -> str:
    if not names:
        return placement_title(experiment)
    family = FAMILIES[experiment.library]
    parts = [family.title] if _LIBRARY in names else []
    choices = [c.describe(experiment[c.name]) for name in names if (c := family.control(name)) is not None]
    return ", ".join([*parts, *(choices or [placement_title(experiment)])])


def _is_same(given: str, own: str) -> bool:
    return not given or without_number(given) == without_number(own)


def without_number(name: str) -> str:
    """Return ``name`` without the number that `numbered` added."""
    return re.sub(r" \(\d{1,4}\)$", "", name)


def numbered(names: Iterable[str]) -> tuple[str, ...]:
    """Return ``names`` with a number added to the second and later occurrences of a name."""
    seen: set[str] = set()
    ordered = []
    for name in names:
        known, number = name, 1
        while known in seen:
            number += 1
            known = f"{name} ({number})"
        seen.add(known)
        ordered.append(known)
    return tuple(ordered)
