"""Columns side by side: one for each value of a choice of the library's, or of one that every column has."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from seedlab.engine.executors.auto import STARTS
from seedlab.libraries.registry import compared
from seedlab.results.environment import Interpreter
from seedlab.session.arrangement import Arrangement
from seedlab.study.experiment import Experiment

START, INTERPRETER = "start", "interpreter"
"""What every column can be compared by, whatever its script is."""


def laid_out(
    arrangement: Arrangement,
    choice: str,
    experiment: Experiment,
    interpreter: Interpreter | None,
    interpreters: Iterable[Interpreter],
) -> Arrangement | None:
    """Return a column for each value of ``choice``; None where there is nothing to lay side by side.

    `START` and `INTERPRETER` lay out the current column of ``arrangement`` in each way and for each of
    ``interpreters``; another choice is one of the library of ``experiment``, where ``interpreter`` may hinder values.
    There each column is run as the current one is.
    """
    if choice == START:
        return _in_ways(arrangement, [{"start": start.value, "shown_way": START} for start in STARTS])
    if choice == INTERPRETER:
        return _in_ways(arrangement, [{"interpreter": each, "shown_way": INTERPRETER} for each in interpreters])
    lane = arrangement.lane
    found = compared(experiment, choice, lane.interpreter or interpreter)
    if not found:
        return None
    made = Arrangement.of(found, arrangement.next_key)
    return replace(made, lanes=tuple(each.run_like(lane) for each in made.lanes))


def _in_ways(arrangement: Arrangement, ways: Sequence[Mapping[str, Any]]) -> Arrangement | None:
    """Return the current column once for each of ``ways``: what its copy has of its own."""
    lane, first = arrangement.lane, arrangement.next_key
    plain = replace(lane, column=lane.cleared(), title="", interpreter=None, start="", shown_way="")
    lanes = tuple(replace(plain, key=key, **way) for key, way in enumerate(ways, first))
    return Arrangement(lanes=lanes, next_key=first + len(lanes)) if len(lanes) > 1 else None
