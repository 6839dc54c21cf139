"""Observes, holds and turns the seeds of Python's ``random``, and the entropy that its module asks for."""

import sys

GLOBAL = "random"
"""The door of the hidden generator behind the module's functions, at its first use without a seed."""


def watch_global(module, observer):
    """Observe the hidden generator behind the module's functions (Lib/random.py, ``_inst``)."""
    observer.watch_state(module, library="python", door=GLOBAL, instance=module._inst, word="a", setter="setstate")


def watch_random(module, observer):
    """Observe ``random.Random.seed``, through which each generator of the script's own gets its seed."""
    seed = module.Random.seed

    def observed(self, a=None, *args, **kwargs):
        if observer.is_quiet or (a is None and not observer.places.is_asked_by_user()):
            return seed(self, a, *args, **kwargs)
        kind = "taken" if a is None else "set"
        value = observer.value(kind, "random.Random")
        result = seed(self, a, *args, **kwargs) if value is None else seed(self, value.seed())
        observer.source(kind, "python", observer.name_of("generator", self), "random.Random", a)
        return result

    module.Random.seed = _SeedOfOthers(seed, observer.stand_in(seed, observed), module._inst)


class _SeedOfOthers(object):
    """The method ``seed`` of generators: observed in all but the hidden one, whose seeds have a door of their own."""

    def __init__(self, original, observed, hidden):
        self._original = original
        self._observed = observed
        self._hidden = hidden

    def __get__(self, instance, owner=None):
        function = self._original if instance is self._hidden else self._observed
        return function.__get__(instance, owner)


def watch_urandom(module, observer):
    """Observe ``random._urandom``: `secrets` and ``SystemRandom`` take their entropy there, and NumPy through them."""
    # Not observed twice where the system's own door already is.
    urandom = getattr(module._urandom, "__wrapped__", module._urandom)

    def observed(size):
        if observer.is_quiet or not observer.places.is_asked_by_user():
            return urandom(size)
        value = observer.value("taken", "random.SystemRandom")
        observer.source("taken", "python", "entropy", "random.SystemRandom")
        return urandom(size) if value is None else value.bytes(size)

    module._urandom = observer.stand_in(urandom, observed)


def renew_random():
    """Seed the hidden generator before Python 3.7; later ones do so themselves (Lib/random.py, register_at_fork)."""
    if sys.version_info < (3, 7) and "random" in sys.modules:
        sys.modules["random"].seed()


DOORS = (
    ("random.seed", ("random",), watch_global),
    ("random.Random", ("random",), watch_random),
    ("random.SystemRandom", ("random",), watch_urandom),
)
RENEWALS = {"random": renew_random}
