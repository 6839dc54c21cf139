"""Observes, holds and turns the seeds of Python's ``random``, and the entropy that its module asks for."""

import _thread
import sys

GLOBAL = "random"
"""The door of the hidden generator behind the module's functions, at its first use without a seed."""


def watch_global(module, observer):
    """Observe the hidden generator (Lib/random.py, ``_inst``): its seeds, and its first use without one.

    Held, it starts from a fixed seed before the script's first line, and again at its first use.
    """
    instance = module._inst
    seed, setstate = module.seed, module.setstate
    at_start = observer.held.at_start(GLOBAL)
    if at_start is not None:
        seed(at_start.seed())
    started = []
    threads = set()

    def begin():
        # What a library draws as it is imported happens where it was imported before, too, and counts for nothing.
        if observer.places.is_of_script():
            started.append(True)
            value = observer.value("taken", GLOBAL)
            if value is not None:
                seed(value.seed())
            observer.source("taken", "python", "global", GLOBAL)

    def watch_draw(name, draw):
        def observed(*args, **kwargs):
            if not started:
                begin()
            if _thread.get_ident() not in threads:
                threads.add(_thread.get_ident())
                if len(threads) > 1:
                    observer.shared("python", "global", GLOBAL, len(threads))
            return draw(*args, **kwargs)

        setattr(module, name, observer.stand_in(draw, observed))

    def observed_seed(*args, **kwargs):
        given = args[0] if args else kwargs.get("a")
        kind = "taken" if given is None else "set"
        value = observer.value(kind, "random.seed")
        result = seed(*args, **kwargs) if value is None else seed(value.seed())
        started.append(True)
        observer.source(kind, "python", "global", "random.seed", given)
        return result

    def observed_setstate(state):
        result = setstate(state)
        value = observer.value("set", "random.setstate")
        if value is not None:
            seed(value.seed())
        started.append(True)
        observer.source("set", "python", "global", "random.setstate", state)
        return result

    for name, function in list(vars(module).items()):
        if getattr(function, "__self__", None) is instance and name not in ("seed", "setstate"):
            watch_draw(name, function)
    module.seed = observer.stand_in(seed, observed_seed)
    module.setstate = observer.stand_in(setstate, observed_setstate)


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
