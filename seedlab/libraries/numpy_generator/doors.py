"""Observes, holds and turns where NumPy's generators get their seeds (numpy/random/_generator.pyx)."""

CLASSES = ("SeedSequence", "PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64")
"""The classes that a generator's seed can be given to."""
KEY = "key"
"""What ``Philox`` takes in place of a seed (numpy/random/_philox.pyx)."""


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


DOORS = (
    ("numpy.random.default_rng", ("numpy.random",), watch_default_rng),
    ("numpy.random.SeedSequence", ("numpy.random",), watch_classes),
    (
        "numpy.random.bit_generator",
        ("numpy.random.bit_generator", "numpy.random._bit_generator"),
        watch_entropy,
    ),
)
RENEWALS = {}
