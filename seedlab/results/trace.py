"""The trace: the ordered events of one run in which a seed was set, entropy was taken, or seeds were used."""

from typing import Literal

import msgspec

from seedlab.results.extra import Extra

Seed = int | str | None
"""A seed as the script gave it: an int, the shortened text of anything else, or None."""


CLOCK = "clock"
"""The state of the clock, which is no source with a seed."""
PYTHON_GLOBAL = "python global"
"""The state of uses that take a seed from Python's global generator by themselves."""
Frame = tuple[str | None, int, str]
"""A place in the person's own code: the file as in `Source.file`, the 1-based line, and the function's name."""


class Source(msgspec.Struct, frozen=True, kw_only=True, tag="source", tag_field="event"):
    """One place where randomness enters: a seed that was set, or system entropy that was taken without one."""

    kind: Literal["set", "taken"]
    library: str
    """What the state belongs to: ``"python"``, ``"numpy"``, ``"tensorflow"``."""
    state: str
    """Which of the library's states it is: ``"generator 1"``, ``"eager"``, ``"default graph"``, ``"graph 1"``."""
    door: str
    """Where it was seen: the function's full name, such as ``"numpy.random.default_rng"``."""
    file: str | None = None
    """The person's file that it happened in, relative to the script's folder; None for the script itself."""
    line: int | None = None
    """1-based line of that file; None when no line of the person's code was on the stack."""
    seed: Seed = None
    """The seed that was set. None where entropy was taken, or where an earlier seed was taken back."""
    stack: tuple[Frame, ...] = ()
    """The frames of the person's code, the nearest first; empty where there is no more than ``file`` and ``line``."""
    through: str = ""
    """The function of a library that the nearest frame has called, such as ``"keras.src.utils...set_random_seed"``."""
    extra: Extra = ()


class Use(msgspec.Struct, frozen=True, kw_only=True, tag="use", tag_field="event"):
    """A TensorFlow op asked for its seeds and got some (``get_seed`` in tensorflow/python/framework/random_seed.py).

    An op that got none is a `Source` that was taken.
    """

    library: str
    state: str
    """The graph that the op was made on, or ``"eager"``."""
    door: str
    file: str | None = None
    line: int | None = None
    op_seed: Seed = None
    """The seed that was given to the op itself."""
    seeds: tuple[int, int]
    """The pair that the op got."""
    through: str = ""
    """What of the library wanted the seeds, such as ``"Dense/GlorotUniform"``; empty where the line says enough."""
    extra: Extra = ()


class Shared(msgspec.Struct, frozen=True, kw_only=True, tag="shared", tag_field="event"):
    """Another thread has begun to draw from a state that others draw from as well."""

    library: str
    state: str
    door: str
    file: str | None = None
    line: int | None = None
    threads: int
    """How many have drawn from it until then."""
    extra: Extra = ()


Event = Source | Use | Shared
Trace = tuple[Event, ...]


def reads_clock(trace: Trace) -> bool:
    """Return True where the person's code read the clock."""
    return any(isinstance(event, Source) and event.state == CLOCK for event in trace)
