"""Parts of the surroundings that can be held, each to see whether what still differs then repeats."""

import math
from collections.abc import Iterable, Sequence

import msgspec
from msgspec.structs import replace

from seedlab.engine.request import RunRequest
from seedlab.results.run import Run
from seedlab.results.trace import CLOCK, reads_clock

SOURCES = "sources"
"""The hold under which every source that takes entropy gets a fixed value (`seedlab.observer.held`)."""
MAX_CONFIRMING = 12


class Hold(msgspec.Struct, frozen=True):
    """One part of the surroundings, and how it is held."""

    name: str
    """The name in documents, by which the observer knows it too."""
    environment: tuple[tuple[str, str | None], ...] = ()
    """Variables under which the process is started; without any, the observer holds it."""
    libraries: tuple[str, ...] = ()
    """The packages of which one must have been imported for this to be worth a try; empty where it always is."""
    fixes_addresses: bool = False

    def on(self, request: RunRequest) -> RunRequest:
        """Return ``request`` with this held."""
        if self.fixes_addresses:
            return replace(request, fixes_addresses=True)
        if not self.environment:
            return replace(request, holds=(*request.holds, self.name))
        return replace(request, environment=(*request.environment, *self.environment))


HASHES = Hold("hash secret", (("PYTHONHASHSEED", "0"),))
CLOCKS = Hold(CLOCK)
LATER = Hold("later-clock")
"""Beside `CLOCKS`, the same weeks later: what differs between both comes from the clock, also where runs were quick."""
FOLDER = "folder"
"""The name under which it is told that a draw repeats while each run finds the folder as the first did."""
ADDRESSES = Hold("addresses", fixes_addresses=True)
_TENSORFLOW = ("tensorflow", "keras")
ALL = (
    CLOCKS,
    HASHES,
    Hold("deterministic tf.data", libraries=_TENSORFLOW),
    Hold("op determinism", libraries=_TENSORFLOW),
    Hold("one thread", libraries=_TENSORFLOW),
    ADDRESSES,
)
"""In the order in which they are tried: those that cost least first, and of these the clock, which runs have read.

A draw that takes few values may repeat by chance while something is held that has no say in it.
"""


def worth_trying(runs: Iterable[Run], modules: Iterable[str], already: RunRequest) -> tuple[Hold, ...]:
    """Return the holds that could help what ``runs`` show, of a program that imports ``modules``."""
    tops = {module.partition(".")[0] for module in modules}
    runs = tuple(runs)
    tops.update(event.library for run in runs for event in run.trace)
    is_clock_read = any(reads_clock(run.trace) for run in runs)
    set_before = {name for name, value in already.environment if value is not None}
    return tuple(
        hold
        for hold in ALL
        if (not hold.libraries or tops.intersection(hold.libraries))
        and (hold is not CLOCKS or is_clock_read)
        and not set_before.intersection(name for name, _ in hold.environment)
    )


def needed_to_confirm(identities: Sequence[object]) -> int:
    """Return how many equal runs are needed to say that a hold helps, where without it ``identities`` were drawn.

    So many that they would all be equal by chance in less than 1 of 20 cases, if the commonest value was as common as
    it was seen to be, counted with one more (the rule of succession).
    """
    most = max(identities.count(identity) for identity in identities)
    share = (most + 1) / (len(identities) + 2)
    return min(max(math.ceil(math.log(0.05) / math.log(share)) + 1, 2), MAX_CONFIRMING)
