"""The first event in which two runs differ, on a source that moves a draw."""

from collections.abc import Iterable

import msgspec

from seedlab.inquiry.sources import site_of
from seedlab.results.influence import Influence, MovedDraw
from seedlab.results.run import Run
from seedlab.results.trace import Source


class FirstDifference(msgspec.Struct, frozen=True):
    """Where two runs part: one took entropy, which is never the same twice, or they set different seeds."""

    event: Source
    """The event in the first of the two runs."""
    other: Source | None
    """The same event in the second run; None where that had none."""
    number: int
    """1-based number of the event among all in which a seed was set or entropy was taken."""


def first_difference(run: Run, other: Run, draw: MovedDraw, influence: Influence) -> FirstDifference | None:
    """Return where ``run`` and ``other`` first differ on a source that moves ``draw``; None where they do not.

    Events on other sources are passed over: often they differ as well, and move nothing. A draw that repeats has no
    such place, though threads may have reached its seeds in another order.
    """
    places = set[str]() if draw.repeats else _places(draw, influence)
    if not places:
        return None
    mine, others = (
        [(number, event) for number, event in enumerate(_sources(each), 1) if _is_at(event, places)]
        for each in (run, other)
    )
    for position, (number, event) in enumerate(mine):
        counterpart = others[position][1] if position < len(others) else None
        if event.kind == "taken" or counterpart is None or _told(event) != _told(counterpart):
            return FirstDifference(event, counterpart, number)
    return None


def _sources(run: Run) -> Iterable[Source]:
    return (event for event in run.trace if isinstance(event, Source))


def _places(draw: MovedDraw, influence: Influence) -> set[str]:
    """Return the sites of the sources that move ``draw``."""
    places: set[str] = set()
    for source in influence.sources:
        if source.id in draw.moved_by:
            parts = source.parts or (source,)
            places.update(f"{source.kind} {part.door} {part.file or ''}:{part.line or ''}" for part in parts)
    return places


def _is_at(event: Source, places: set[str]) -> bool:
    return site_of(event) in places


def _told(event: Source) -> tuple[object, ...]:
    return event.kind, event.door, event.file, event.line, event.seed
