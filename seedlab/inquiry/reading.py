"""What an influence says, gathered for people: draws that are moved alike are told together."""

import enum
from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from seedlab.results.influence import Influence, InfluenceSource, MovedDraw


class DrawGroup(msgspec.Struct, frozen=True):
    """Draws of which the same is known."""

    draw: MovedDraw
    """The first of them."""
    labels: tuple[str, ...]
    helped: tuple[str, ...] = ()
    """What has to be held for them to repeat."""


def grouped_draws(influence: Influence) -> Sequence[DrawGroup]:
    """Return the draws of ``influence``, those together of which the same is known, in the order of the first ones."""
    helped = {item.label: item.helped_by for item in influence.residual}
    found: dict[tuple[MovedDraw, tuple[str, ...] | None], list[MovedDraw]] = {}
    for draw in influence.draws:
        found.setdefault((replace(draw, label="", extra=()), helped.get(draw.label)), []).append(draw)
    return [
        DrawGroup(draws[0], tuple(draw.label for draw in draws), helped.get(draws[0].label, ()))
        for draws in found.values()
    ]


class Mark(enum.Enum):
    """What is known of one source and draws that are moved alike."""

    MOVES = "●"
    STAYS = "·"
    DOUBTFUL = "?"
    """It was not seen to move them, though they take few values."""
    UNTRIED = "!"
    UNKNOWN = ""
    """They could not be made to repeat, so that nothing is known of what moves them."""


def mark_of(source: InfluenceSource, group: DrawGroup, influence: Influence) -> Mark:
    """Return what is known of ``source`` and the draws of ``group``."""
    if source.id in group.draw.moved_by:
        return Mark.MOVES
    if source.untried:
        return Mark.UNTRIED
    if any(item.label == group.draw.label and not item.helped_by for item in influence.residual):
        return Mark.UNKNOWN
    return Mark.DOUBTFUL if source.id in group.draw.not_seen else Mark.STAYS


def is_leak(source: InfluenceSource) -> bool:
    """Return True where no seed of the script decides: it took entropy, or its seed is another one in each run."""
    return source.kind == "taken" or source.varies
