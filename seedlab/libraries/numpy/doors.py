"""Observes, holds and turns where NumPy gets its seeds: its global state, ``RandomState`` (numpy/random/mtrand.pyx) and
its generators (numpy/random/_generator.pyx).
"""

import sys

GLOBAL = "numpy.random"
"""The door of the global state behind the module's functions, at its first use without a seed."""
RANDOM_STATE = "numpy.random.RandomState"
RESEEDED = "numpy.random.RandomState.seed"
CLASSES = ("SeedSequence", "PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64")
"""The classes that a generator's seed can be given to."""
KEY = "key"
"""What ``Philox`` takes in place of a seed (numpy/random/_philox.pyx)."""


def watch_global(module, observer):
    """Observe the global state (numpy/random/mtrand.pyx, ``_rand``)."""
    # From NumPy 1.25 on, seed is a function and no method (mtrand.pyx, seed).
    state = vars(module.mtrand)["_rand"]
    use = observer.watch_state(module, library="numpy", door=GLOBAL, instance=state, word="seed", setter="set_state")
    # Libraries ask for it there, as scikit-learn does, and call its methods (sklearn/utils/validation.py,
    # check_random_state).
    observer.watch_attribute(module.mtrand, "_rand", use)


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


def watch_default_rng(module, observer):
    """Observe ``numpy.random.default_rng``; NumPy before 1.17 has none."""
    default_rng = getattr(module, "default_rng", None)
    if default_rng is None:
        return
    door = "numpy.random.default_rng"

    def observed(*args, **kwargs):
        seed = args[0] if args else kwargs.get("seed")
        if _is_seeded_elsewhere(seed):
            return default_rng(*args, **kwargs)
        kind = "taken" if seed is None else "set"
        value = observer.value(kind, door)
        generator = default_rng(value.seed()) if value is not None else observer.quietly(default_rng, *args, **kwargs)
        observer.source(kind, "numpy", observer.name_of("generator", generator), door, seed)
        return generator

    module.default_rng = observer.stand_in(default_rng, observed)


def watch_classes(module, observer):
    """Observe the classes that a seed can be given to."""
    for name in CLASSES:
        original = getattr(module, name, None)
        if original is not None:
            _watch_class(module, name, original, observer)


def _watch_class(module, name, original, observer):
    door = "numpy.random." + name
    word = "entropy" if name == "SeedSequence" else "seed"

    def make(*args, **kwargs):
        if kwargs.get(KEY) is not None:
            return make_with_key(*args, **kwargs)
        given = args[0] if args else kwargs.get(word)
        if _is_seeded_elsewhere(given):
            return original(*args, **kwargs)
        kind = "taken" if given is None else "set"
        value = observer.value(kind, door)
        if value is None:
            made = observer.quietly(original, *args, **kwargs)
        elif args:
            made = original(value.seed(), *args[1:], **kwargs)
        else:
            made = original(**dict(kwargs, **{word: value.seed()}))
        observer.source(kind, "numpy", observer.name_of("generator", made), door, given)
        return made

    def make_with_key(*args, **kwargs):
        given = kwargs[KEY]
        value = observer.value("set", door)
        if value is not None:
            kwargs[KEY] = value.seed()
        # With a key it takes entropy for a seed as well, and throws it away.
        made = observer.quietly(original, *args, **kwargs)
        observer.source("set", "numpy", observer.name_of("generator", made), door, given)
        return made

    setattr(module, name, observer.class_stand_in(original, make))


def _is_seeded_elsewhere(seed):
    """Return True for what is made with a seed of its own: sequences of seeds, bit generators and generators."""
    return hasattr(seed, "generate_state") or hasattr(seed, "capsule") or hasattr(seed, "bit_generator")


def watch_entropy(module, observer):
    """Observe what every seed sequence asks that gets no seed, however it is made (numpy/random/bit_generator.pyx)."""
    randbits = module.randbits
    door = "numpy.random.SeedSequence"

    def observed(bits):
        if observer.is_quiet or not observer.places.is_asked_by_user():
            return observer.quietly(randbits, bits)
        value = observer.value("taken", door)
        state = observer.name_of("generator", object())
        observer.source("taken", "numpy", state, door)
        return observer.quietly(randbits, bits) if value is None else value.bits(bits)

    module.randbits = observer.stand_in(randbits, observed)


def renew_global_state():
    """Seed the global state (``_rand``) from the system, as a fresh process does."""
    numpy_random = sys.modules.get("numpy.random")
    if numpy_random is not None:
        # Not by the module's functions, which are doors by now, as its attribute is.
        state = vars(numpy_random.mtrand)["_rand"]
        state.set_state(type(state)().get_state())


DOORS = (
    ("numpy.random.seed", ("numpy.random",), watch_global),
    ("numpy.random.RandomState", ("numpy.random",), watch_random_state),
    ("numpy.random.default_rng", ("numpy.random",), watch_default_rng),
    ("numpy.random.SeedSequence", ("numpy.random",), watch_classes),
    (
        "numpy.random.bit_generator",
        ("numpy.random.bit_generator", "numpy.random._bit_generator"),
        watch_entropy,
    ),
)
RENEWALS = {"numpy.random": renew_global_state}
