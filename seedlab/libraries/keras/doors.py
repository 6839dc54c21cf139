"""Observes and turns the seeds that are given to Keras 3, and names what takes its seed from Python's ``random``."""

import sys

KERAS = ("keras.",)
SEED_GENERATOR = "keras.random.SeedGenerator"
FUNCTIONS = "keras.random"
DEFAULT_SEED = "keras.make_default_seed"
OF_FUNCTIONS = ("keras.src.random.", "keras.src.backend.", "keras.src.utils.")
"""The modules between a function of ``keras.random`` and what it gets its seed from."""
MADE_AGAIN = ("from_config",)
"""Functions that make an object like another one, whose seed was given where that was made."""
MAX_KEPT = 10000
MAX_NAMES = 6


def watch_seed_generator(module, observer):
    """Observe ``SeedGenerator`` (keras/src/random/seed_generator.py), and the seeds that it and others get by default.

    Without a seed, ``make_default_seed`` draws one from Python's global generator, whose own door sees that; here it is
    told for which layer or initializer.
    """
    init = module.SeedGenerator.__init__
    random = module.python_random
    defaults = set()

    def observed(self, seed=None, *args, **kwargs):
        # A layer may ask for the default itself, and then pass it on.
        if type(seed) is int and seed not in defaults and _is_given(observer, KERAS):
            value = observer.value("set", SEED_GENERATOR)
            observer.source("set", "keras", "generator", SEED_GENERATOR, seed)
            if value is not None:
                seed = value.seed()
        return init(self, seed, *args, **kwargs)

    def observed_randint(low, high):
        seed = random.randint(low, high)
        if len(defaults) >= MAX_KEPT:
            defaults.clear()
        defaults.add(seed)
        observer.use("keras", "python global", DEFAULT_SEED, None, (seed, 0), through=_wanted_by())
        return seed

    module.python_random = _Random(random, observed_randint)
    module.SeedGenerator.__init__ = observer.stand_in(init, observed)
    observer.places.wrappers.add("keras.src.utils.traceback_utils")


class _Random(object):
    """Python's ``random`` as one module of Keras sees it."""

    def __init__(self, module, randint):
        self._module = module
        self.randint = randint

    def __getattr__(self, name):
        return getattr(self._module, name)


def _is_given(observer, between):
    """Return True where the user's code has called what called the observed function, which lies in ``between``."""
    return observer.places.nearest_outside(between, unless=MADE_AGAIN) == ""


def _wanted_by():
    """Return the names of the classes of Keras that are being made, the outermost first: "Dense/GlorotUniform"."""
    names = []
    made = None
    frame = sys._getframe(1)
    while frame is not None:
        if not frame.f_code.co_filename.startswith("<"):
            if not (frame.f_globals.get("__name__") or "").startswith(KERAS):
                break
            if frame.f_code.co_name == "__init__":
                each = frame.f_locals.get("self")
                if each is not made:
                    made = each
                    names.append(type(each).__name__)
        frame = frame.f_back
    return "/".join(names[:MAX_NAMES][::-1])


def watch_initializers(module, observer):
    """Observe the seeds of initializers (keras/src/initializers/random_initializers.py), where they are given."""
    init = module.RandomInitializer.__init__

    def observed(self, seed=None, *args, **kwargs):
        if type(seed) is int and _is_given(observer, KERAS):
            door = "keras.initializers." + _name_of(type(self))
            value = observer.value("set", door)
            observer.source("set", "keras", "initializer", door, seed)
            if value is not None:
                seed = value.seed()
        return init(self, seed, *args, **kwargs)

    module.RandomInitializer.__init__ = observer.stand_in(init, observed)


def _name_of(cls):
    """Return the name of the nearest class of Keras that ``cls`` is, or is derived from."""
    return next((each.__name__ for each in cls.__mro__ if each.__module__.startswith(KERAS)), cls.__name__)


def watch_functions(module, observer):
    """Observe the numbers that ``keras.random.normal`` and the like get (keras/src/backend/tensorflow/random.py)."""
    draw_seed = module.draw_seed

    def observed(seed):
        if type(seed) is int and _is_given(observer, OF_FUNCTIONS):
            value = observer.value("set", FUNCTIONS)
            observer.source("set", "keras", "function", FUNCTIONS, seed)
            if value is not None:
                seed = value.seed()
        return draw_seed(seed)

    module.draw_seed = observer.stand_in(draw_seed, observed)


DOORS = (
    ("keras.random.SeedGenerator", ("keras.src.random.seed_generator",), watch_seed_generator),
    ("keras.initializers", ("keras.src.initializers.random_initializers",), watch_initializers),
    ("keras.random", ("keras.src.backend.tensorflow.random",), watch_functions),
)
RENEWALS = {}
