"""Observes, holds and turns the seeds of NumPy's legacy global state and of its ``RandomState`` (mtrand.pyx)."""

import _thread
import sys

GLOBAL = "numpy.random"
"""The door of the global state behind the module's functions, at its first use without a seed."""
RANDOM_STATE = "numpy.random.RandomState"


def watch_global(module, observer):
    """Observe the global state (numpy/random/mtrand.pyx, ``_rand``): its seeds, and its first use without one.

    Held, it starts from a fixed seed before the script's first line, and again at its first use.
    """
    seed, set_state = module.seed, module.set_state
    # From NumPy 1.25 on, these two are functions (mtrand.pyx, seed).
    state = getattr(seed, "__self__", None) or module.mtrand._rand
    at_start = observer.held.at_start(GLOBAL)
    if at_start is not None:
        observer.quietly(seed, at_start.seed())
    started = []
    threads = set()

    def begin():
        if observer.places.is_of_script():
            started.append(True)
            value = observer.value("taken", GLOBAL)
            if value is not None:
                seed(value.seed())
            observer.source("taken", "numpy", "global", GLOBAL)

    def watch_draw(name, draw):
        def observed(*args, **kwargs):
            if not started:
                begin()
            if _thread.get_ident() not in threads:
                threads.add(_thread.get_ident())
                if len(threads) > 1:
                    observer.shared("numpy", "global", GLOBAL, len(threads))
            return draw(*args, **kwargs)

        setattr(module, name, observer.stand_in(draw, observed))

    def observed_seed(*args, **kwargs):
        given = args[0] if args else kwargs.get("seed")
        kind = "taken" if given is None else "set"
        value = observer.value(kind, "numpy.random.seed")
        result = seed(value.seed()) if value is not None else observer.quietly(seed, *args, **kwargs)
        started.append(True)
        observer.source(kind, "numpy", "global", "numpy.random.seed", given)
        return result

    def observed_set_state(*args, **kwargs):
        result = set_state(*args, **kwargs)
        value = observer.value("set", "numpy.random.set_state")
        if value is not None:
            seed(value.seed())
        started.append(True)
        observer.source("set", "numpy", "global", "numpy.random.set_state", args[0] if args else kwargs.get("state"))
        return result

    for name, function in list(vars(module).items()):
        if getattr(function, "__self__", None) is state and name not in ("seed", "set_state"):
            watch_draw(name, function)
    module.seed = observer.stand_in(seed, observed_seed)
    module.set_state = observer.stand_in(set_state, observed_set_state)


def watch_random_state(module, observer):
    """Observe ``numpy.random.RandomState(...)``."""
    original = module.RandomState

    def make(*args, **kwargs):
        given = args[0] if args else kwargs.get("seed")
        if hasattr(given, "capsule"):  # A bit generator, which has its seed already (mtrand.pyx, __init__).
            return original(*args, **kwargs)
        kind = "taken" if given is None else "set"
        value = observer.value(kind, RANDOM_STATE)
        # Also with a seed it takes entropy, and throws it away.
        if value is None:
            made = observer.quietly(original, *args, **kwargs)
        else:
            made = observer.quietly(original, value.seed())
        observer.source(kind, "numpy", observer.name_of("generator", made), RANDOM_STATE, given)
        return made

    module.RandomState = observer.class_stand_in(original, make)


def renew_global_state():
    """Seed the global state (``_rand``) from the system, as a fresh process does."""
    numpy_random = sys.modules.get("numpy.random")
    if numpy_random is not None:
        numpy_random.set_state(numpy_random.RandomState().get_state())


DOORS = (
    ("numpy.random.seed", ("numpy.random",), watch_global),
    ("numpy.random.RandomState", ("numpy.random",), watch_random_state),
)
RENEWALS = {"numpy.random": renew_global_state}
