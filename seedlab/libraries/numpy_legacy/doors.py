"""Observes the seeds of NumPy's legacy global state (numpy/random/mtrand.pyx)."""

import sys


def watch_seed(module, observer):
    """Observe ``numpy.random.seed``."""
    seed = module.seed

    def observed(*args, **kwargs):
        result = seed(*args, **kwargs)
        value = args[0] if args else kwargs.get("seed")
        observer.source("taken" if value is None else "set", "numpy", "global", "numpy.random.seed", value)
        return result

    module.seed = observer.stand_in(seed, observed)


def renew_global_state():
    """Seed the global state (``_rand``) from the system, as a fresh process does."""
    numpy_random = sys.modules.get("numpy.random")
    if numpy_random is not None:
        numpy_random.set_state(numpy_random.RandomState().get_state())


DOORS = (("numpy.random.seed", ("numpy.random",), watch_seed),)
RENEWALS = {"numpy.random": renew_global_state}
