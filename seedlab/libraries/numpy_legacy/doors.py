"""Where seeds of NumPy's legacy global state are seen (numpy/random/mtrand.pyx)."""

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
    """Give the global state (``_rand``) what a new one draws from the system."""
    numpy_random = sys.modules.get("numpy.random")
    if numpy_random is not None:
        numpy_random.set_state(numpy_random.RandomState().get_state())


DOORS = (("numpy.random.seed", ("numpy.random",), watch_seed),)
RENEWALS = {"numpy.random": renew_global_state}
