"""The observer of one run, to which the doors and ``print`` report."""

from . import stand_ins
from .places import Places
from .texts import text_of

MAX_SEED_TEXT = 80
MAX_SEED_BITS = 4096
"""Larger ints are told as text, because Python refuses to write very large ones in decimal."""


class Observer:
    """Reports what happens in the script; every method may be called from any thread of the script."""

    def __init__(self, writer, script, holds=(), turns=(), folder=None):
        self.places = Places(script, folder)
        self.holds = holds
        """The sources of randomness that are to get a fixed value."""
        self.turns = turns
        """The sources of randomness that are to get another value than usual."""
        self._writer = writer
        self._named = {}

    def write(self, message, payload=None):
        """Report ``message``, a dict as in `wire`; ``payload`` is a memoryview of bytes."""
        self._writer.write(message, payload)

    def source(self, kind, library, state, door, seed=None):
        """Report that a seed was set (``kind`` "set"), or that entropy was used for lack of one (``kind`` "taken")."""
        file, line = self.places.nearest()
        self.write(
            {
                "event": "source",
                "kind": kind,
                "library": library,
                "state": state,
                "door": door,
                "file": file,
                "line": line,
                "seed": plain_seed(seed),
            }
        )

    def use(self, library, state, door, op_seed, seeds):
        """Report that an op with the seed ``op_seed``, or None, got the pair ``seeds``."""
        file, line = self.places.nearest()
        self.write(
            {
                "event": "use",
                "library": library,
                "state": state,
                "door": door,
                "file": file,
                "line": line,
                "op_seed": plain_seed(op_seed),
                "seeds": [plain_seed(seeds[0]), plain_seed(seeds[1])],
            }
        )

    def blind(self, door, error):
        """Report that seeds set through ``door`` cannot be observed, because of ``error``."""
        self.write({"event": "blind", "door": door, "why": text_of(error)[:2000]})

    def name_of(self, kind, state):
        """Return the name of the object ``state``: its ``kind`` and a number that counts up, as in "graph 1"."""
        # The objects are kept alive on purpose, because an id could be used again by another object.
        known = self._named.setdefault(kind, {})
        if id(state) not in known:
            known[id(state)] = (state, "%s %d" % (kind, len(known) + 1))
        return known[id(state)][1]

    def stand_in(self, original, replacement):
        """Return a callable that looks like ``original`` and calls ``replacement``."""
        return stand_ins.stand_in(original, replacement)


def plain_seed(seed):
    """Return ``seed`` as an int if it can be converted, else its shortened repr; None stays None."""
    if seed is None:
        return None
    try:
        number = int(seed)
    except Exception:  # An array, a string, a tensor: whatever a library accepts as a seed.
        return text_of(seed, repr)[:MAX_SEED_TEXT]
    return number if number.bit_length() <= MAX_SEED_BITS else hex(number)[: MAX_SEED_TEXT - 1] + "…"
