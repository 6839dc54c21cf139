"""What an influence says, gathered for people: draws that are moved alike are told together."""

from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from seedlab.results.influence import Influence, MovedDraw


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
