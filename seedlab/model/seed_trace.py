"""The seed trace: the ordered events of one run in which a seed was set or used."""

import msgspec

Seed = int | str | None
"""A seed as the script gave it: an int, the shortened text of anything else, or None."""


class SeedSet(msgspec.Struct, frozen=True, tag="set", tag_field="event"):
    """A seed was set."""

    line: int | None
    """1-based line of the script; None when no frame of the script was on the stack."""
    on: str
    """``"default graph"``, ``"graph 1"``, ``"eager"``, ``"python"``, ``"numpy"`` or ``"generator 1"``."""
    seed: Seed
    """None asks the library to seed itself from the system."""


class SeedUsed(msgspec.Struct, frozen=True, tag="use", tag_field="event"):
    """A TensorFlow op asked for its seeds (``get_seed`` in tensorflow/python/framework/random_seed.py)."""

    line: int | None
    on: str
    """The graph that the op was made on, or ``"eager"``."""
    op_seed: Seed
    seeds: tuple[int, int] | None
    """The effective pair; None when the op draws from the system."""


TraceEvent = SeedSet | SeedUsed
SeedTrace = tuple[TraceEvent, ...]
