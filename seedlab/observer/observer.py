"""The observer of one run, to which the doors and ``print`` report."""

import _thread

from . import global_state, stand_ins
from .held import HeldValues, site_of
from .places import Places
from .texts import text_of

MAX_SEED_TEXT = 80
MAX_SEED_BITS = 4096
"""Larger ints are told as text, because Python refuses to write very large ones in decimal."""
MAX_NAMED = 10_000
"""The number of objects of a kind that are known by a number of their own, because each of them is kept alive."""


class Observer:
    """Reports what happens in the script; every method may be called from any thread of the script.

    Doors may be installed before it is known which script that is, so that forked children need not: until the run
    begins, nothing is reported.
    """

    def __init__(self):
        self.places = Places()
        self.holds = frozenset()
        """What is held: the sources of randomness, and parts of the surroundings."""
        self.held = HeldValues((), ())
        self._writer = None
        self._named = {}
        self._quiet = set()
        self._at_begin = []

    def begin(self, writer, script, holds=(), turns=(), folder=None):
        """Report to ``writer`` from now on what happens in ``script``; ``folder`` is as for `Places`."""
        self.places.begin(script, folder)
        self.holds = frozenset(holds)
        self.held = HeldValues(self.holds, turns)
        # What has a name by now has it from before the script.
        self._named = {}
        self._writer = writer
        functions, self._at_begin = self._at_begin, []
        for function in functions:
            function()

    def on_begin(self, function):
        """Call ``function`` when the run begins; now, if it has begun."""
        if self._writer is None:
            self._at_begin.append(function)
        else:
            function()

    def write(self, message, payload=None):
        """Report ``message``, a dict as in `wire`; ``payload`` is a memoryview of bytes."""
        if self._writer is not None:
            self._writer.write(message, payload)

    def value(self, kind, door):
        """Return what the source that is about to be reported as ``kind`` and ``door`` is to get from outside.

        It is a `held.HeldValue`; None where the source keeps the script's seed, or the system's entropy. Ask once for
        each time that the source is reached.
        """
        if not self.held.is_needed:
            return None
        return self.held.value(kind, site_of(kind, door, *self.places.nearest()))

    def source(self, kind, library, state, door, seed=None):
        """Report that a seed was set (``kind`` "set"), or that entropy was used for lack of one (``kind`` "taken")."""
        if self._writer is None:
            # A forked child renews what a fresh process draws, and a state takes milliseconds to be told.
            return
        stack, through = self.places.stack()
        file, line = stack[0][:2] if stack else (None, None)
        message = {
            "event": "source",
            "kind": kind,
            "library": library,
            "state": state,
            "door": door,
            "file": file,
            "line": line,
            "seed": plain_seed(seed),
        }
        if len(stack) > 1:
            message["stack"] = stack
        if through:
            message["through"] = through
        self.write(message)

    def use(self, library, state, door, op_seed, seeds, *, through=""):
        """Report that an op with the seed ``op_seed``, or None, got the pair ``seeds``.

        ``through`` names what of the library wanted them, where that says more than the line. A pair that is not known
        before the graph is executed is not reported.
        """
        pair = [plain_seed(seed) for seed in seeds]
        if not all(isinstance(seed, int) for seed in pair):
            return
        file, line = self.places.nearest()
        message = {
            "event": "use",
            "library": library,
            "state": state,
            "door": door,
            "file": file,
            "line": line,
            "op_seed": plain_seed(op_seed),
            "seeds": pair,
        }
        if through:
            message["through"] = through
        self.write(message)

    def shared(self, library, state, door, threads):
        """Report that ``threads`` threads have drawn from one state: which comes first is decided by nobody."""
        file, line = self.places.nearest()
        self.write(
            {
                "event": "shared",
                "library": library,
                "state": state,
                "door": door,
                "file": file,
                "line": line,
                "threads": threads,
            }
        )

    def blind(self, door, error):
        """Report that seeds set through ``door`` cannot be observed, because of ``error``."""
        message = {"event": "blind", "door": door, "why": text_of(error)[:2000]}
        self.on_begin(lambda: self.write(message))

    def quietly(self, function, *args, **kwargs):
        """Return what ``function`` returns, while doors further down do not report: the caller reports for them."""
        thread = _thread.get_ident()
        if thread in self._quiet:
            return function(*args, **kwargs)
        self._quiet.add(thread)
        try:
            return function(*args, **kwargs)
        finally:
            self._quiet.discard(thread)

    @property
    def is_quiet(self):
        """True while a door further up reports for those that are reached now."""
        return _thread.get_ident() in self._quiet

    def name_of(self, kind, state):
        """Return the name of the object ``state``: its ``kind`` and a number that counts up, as in "graph 1"."""
        # The objects are kept alive on purpose, because an id could be used again by another object.
        known = self._named.setdefault(kind, {})
        if id(state) not in known:
            if len(known) >= MAX_NAMED:
                return "%s %d" % (kind, MAX_NAMED + 1)
            known[id(state)] = (state, "%s %d" % (kind, len(known) + 1))
        return known[id(state)][1]

    def watch_state(self, module, **about):
        """Observe the one state behind the functions of ``module``; ``about`` is what `global_state.watch` takes.

        Return a function that takes note of a use of the state which comes by another way.
        """
        return global_state.watch(self, module, **about)

    def watch_attribute(self, module, name, note):
        """Call ``note`` whenever ``module``'s attribute ``name`` is asked for."""
        stand_ins.watch_attribute(module, name, note)

    def stand_in(self, original, replacement):
        """Return a callable that looks like ``original`` and calls ``replacement``."""
        return stand_ins.stand_in(original, replacement)

    def class_stand_in(self, original, make, methods=None):
        """Return a class that looks like the class ``original`` and whose objects ``make`` makes.

        With ``methods``, `object_of` makes objects that have these.
        """
        return stand_ins.class_stand_in(original, make, methods)

    def object_of(self, class_stand_in, *args, **kwargs):
        """Return an object of ``class_stand_in`` with its methods."""
        return stand_ins.object_of(class_stand_in, *args, **kwargs)


def plain_seed(seed):
    """Return ``seed`` as an int if it is a whole number, else its shortened repr; None stays None."""
    if seed is None:
        return None
    if isinstance(seed, float) and not seed.is_integer():
        return repr(seed)
    try:
        number = int(seed)
    except Exception:  # An array, a string, a tensor: whatever a library accepts as a seed.
        return text_of(seed, repr)[:MAX_SEED_TEXT]
    return number if number.bit_length() <= MAX_SEED_BITS else hex(number)[: MAX_SEED_TEXT - 1] + "…"
