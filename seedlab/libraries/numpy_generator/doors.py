"""Observes where NumPy's generators get their seeds (numpy/random/_generator.pyx)."""


def watch_default_rng(module, observer):
    """Observe ``numpy.random.default_rng``; NumPy before 1.17 has none."""
    default_rng = getattr(module, "default_rng", None)
    if default_rng is None:
        return

    def observed(*args, **kwargs):
        generator = default_rng(*args, **kwargs)
        seed = args[0] if args else kwargs.get("seed")
        state = observer.name_of("generator", generator)
        observer.source("taken" if seed is None else "set", "numpy", state, "numpy.random.default_rng", seed)
        return generator

    module.default_rng = observer.stand_in(default_rng, observed)


DOORS = (("numpy.random.default_rng", ("numpy.random",), watch_default_rng),)
RENEWALS = {}
