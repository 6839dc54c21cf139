"""Observes the seeds of Python's ``random``."""

import sys


def watch_seed(module, observer):
    """Observe ``random.seed``: the only door of the hidden generator behind the module's functions."""
    seed = module.seed

    def observed(*args, **kwargs):
        result = seed(*args, **kwargs)
        value = args[0] if args else kwargs.get("a")
        observer.source("taken" if value is None else "set", "python", "global", "random.seed", value)
        return result

    module.seed = observer.stand_in(seed, observed)


def renew_random():
    """Seed the hidden generator before Python 3.7; later ones do so themselves (Lib/random.py, register_at_fork)."""
    if sys.version_info < (3, 7) and "random" in sys.modules:
        sys.modules["random"].seed()


DOORS = (("random.seed", ("random",), watch_seed),)
RENEWALS = {"random": renew_random}
