"""Observes, holds and turns the seeds of NumPy's legacy global state and of its ``RandomState`` (mtrand.pyx)."""

import sys

GLOBAL = "numpy.random"
"""The door of the global state behind the module's functions, at its first use without a seed."""
RANDOM_STATE = "numpy.random.RandomState"
RESEEDED = "numpy.random.RandomState.seed"


def watch_global(module, observer):
    """Observe the global state (numpy/random/mtrand.pyx, ``_rand``)."""
    # From NumPy 1.25 on, seed is a function and no method (mtrand.pyx, seed).
    state = getattr(module.seed, "__self__", None) or module.mtrand._rand
    observer.watch_state(module, library="numpy", door=GLOBAL, instance=state, word="seed", setter="set_state")


def watch_random_state(module, observer):
    """Observe ``numpy.random.RandomState(...)``, and the seeds that its objects get later."""
    original = module.RandomState
    original_seed = original.seed

    def new(*args, **kwargs):
        return observer.quietly(observer.object_of, module_class, *args, **kwargs)

    def make(*args, **kwargs):
        given = args[0] if args else kwargs.get("seed")
        if hasattr(given, "capsule"):  # A bit generator, which has its seed already (mtrand.pyx, __init__).
            return new(*args, **kwargs)
        kind = "taken" if given is None else "set"
        value = observer.value(kind, RANDOM_STATE)
        # Also with a seed it takes entropy, and throws it away.
        made = new(*args, **kwargs) if value is None else new(value.seed())
        observer.source(kind, "numpy", observer.name_of("generator", made), RANDOM_STATE, given)
        return made

    def seed(self, *args, **kwargs):
        given = args[0] if args else kwargs.get("seed")
        kind = "taken" if given is None else "set"
        value = observer.value(kind, RESEEDED)
        if value is None:
            observer.quietly(original_seed, self, *args, **kwargs)
        else:
            observer.quietly(original_seed, self, value.seed())
        observer.source(kind, "numpy", observer.name_of("generator", self), RESEEDED, given)

    seed.__doc__ = original_seed.__doc__
    module_class = module.RandomState = observer.class_stand_in(original, make, {"seed": seed})


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
