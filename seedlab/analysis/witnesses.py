"""Witnesses: cold runs, made beside faster ones to prove that these show the same."""

from collections.abc import Iterable, Sequence

import msgspec

from seedlab.results.run import Outcome, Run

NEEDED = 2
"""The number of cold runs that can tell what repeats from what does not."""
ENOUGH = 3
"""The number of faster runs of which not all may draw the same by chance where witnesses differ."""


class Disagreement(msgspec.Struct, frozen=True):
    """What faster runs showed otherwise than their witnesses."""

    label: str
    """The label of the draw; empty where the run ended in another way."""
    may_be_chance: bool = False
    """True where the faster runs differ among themselves: the witnesses may be equal because it takes few values."""


def disagreement(runs: Iterable[Run]) -> Disagreement | None:
    """Return the first way in which the runs that were not started cold differ from those that were; None without one.

    What is equal among the witnesses must have the same bytes in every other run; what differs among them must differ
    among the others. With fewer than `NEEDED` witnesses, nothing is compared.
    """
    cold: list[Run] = []
    others: list[Run] = []
    for run in runs:
        if run.outcome is not Outcome.CANCELLED:
            (cold if run.start == "cold" else others).append(run)
    if len(cold) < NEEDED or not others:
        return None
    if {run.outcome for run in others} - {run.outcome for run in cold}:
        return Disagreement("")
    witnesses = [run for run in cold if run.outcome is Outcome.FINISHED]
    faster = [run for run in others if run.outcome is Outcome.FINISHED]
    if len(witnesses) < NEEDED or not faster:
        return None
    return _first_label(_by_label(witnesses), _by_label(faster), len(witnesses), len(faster))


_Identities = dict[str, list[object]]


def _by_label(runs: Sequence[Run]) -> _Identities:
    found: _Identities = {}
    for run in runs:
        for draw in run.draws:
            found.setdefault(draw.label, []).append(draw.identity)
    return found


def _first_label(witnessed: _Identities, seen: _Identities, cold: int, others: int) -> Disagreement | None:
    for label in dict.fromkeys((*witnessed, *seen)):
        expected, found = witnessed.get(label, []), seen.get(label, [])
        if len(expected) == cold and len(set(expected)) == 1:
            differs = len(found) != others or set(found) != set(expected)
            if differs and len(found) == others and len(set(found)) > 1:
                return Disagreement(label, may_be_chance=True)
        elif len(expected) < cold:
            # Not every witness has it: nothing can be said but that it must have been seen at all.
            differs = not expected
        else:
            differs = others >= ENOUGH and len(found) == others and len(set(found)) == 1
        if differs:
            return Disagreement(label)
    return None
