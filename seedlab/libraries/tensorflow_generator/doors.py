"""Observes, holds and turns the seeds of ``tf.random.Generator`` and of TensorFlow's stateless ops."""

import sys

TENSORFLOW = ("tensorflow.", "tensorflow_core.")
KERAS = ("tensorflow.python.keras.", "tensorflow_core.python.keras.")
STATELESS = "tf stateless seed"
NOT_SEEDED = "tf.random.Generator.from_non_deterministic_state"
KEYS = ("from_key_counter", "reset_from_key_counter")
MAX_INTS = 1000


def _is_given(observer):
    """Return True where the user's own code, and no library's, has called TensorFlow."""
    return observer.places.nearest_outside(TENSORFLOW, KERAS) == ""


def watch_entropy(module, observer):
    """Observe ``non_deterministic_ints`` of tensorflow/python/ops/stateful_random_ops.py."""
    non_deterministic_ints = module.non_deterministic_ints

    def observed(shape, dtype=module.dtypes.int64):
        value = observer.value("taken", NOT_SEEDED)
        observer.source("taken", "tensorflow", "generator", NOT_SEEDED)
        if value is None:
            return non_deterministic_ints(shape, dtype)
        count = 1
        for size in shape:
            count *= int(size)
        tensor = module.ops.convert_to_tensor(value.numbers(min(count, MAX_INTS), 63), dtype=dtype)
        return module.array_ops.reshape(tensor, shape)

    module.non_deterministic_ints = observer.stand_in(non_deterministic_ints, observed)
    observer.on_begin(lambda: _be_lenient(module, observer))


def _be_lenient(module, observer):
    if "sources" in observer.holds and hasattr(module, "config"):
        module.config = _Lenient(module.config)


class _Lenient(object):
    """TensorFlow's ``config`` as the generators see it that are held: nothing about them is left to chance."""

    def __init__(self, module):
        self._module = module

    def __getattr__(self, name):
        return getattr(self._module, name)

    def is_op_determinism_enabled(self):
        return False


def watch_seeds(module, observer):
    """Observe what gives a generator its seed: ``create_rng_state``, and the methods that take a key."""
    create_rng_state = module.create_rng_state

    def observed(seed, alg):
        if not _is_given(observer):
            return create_rng_state(seed, alg)
        caller = sys._getframe(1).f_code.co_name
        door = "tf.random." + ("Generator." + caller if hasattr(module.Generator, caller) else "create_rng_state")
        value = observer.value("set", door)
        observer.source("set", "tensorflow", "generator", door, seed)
        return create_rng_state(seed if value is None else value.seed(), alg)

    module.create_rng_state = observer.stand_in(create_rng_state, observed)
    for name in KEYS:
        _watch_key(module.Generator, name, observer)


def _watch_key(generator, name, observer):
    method = vars(generator)[name]
    is_class_method = isinstance(method, classmethod)
    function = method.__func__ if is_class_method else method
    door = "tf.random.Generator." + name

    def observed(owner, key, *args, **kwargs):
        if _is_given(observer):
            value = observer.value("set", door)
            observer.source("set", "tensorflow", "generator", door, key)
            if value is not None:
                key = value.seed()
        return function(owner, key, *args, **kwargs)

    stand_in = observer.stand_in(function, observed)
    setattr(generator, name, classmethod(stand_in) if is_class_method else stand_in)


def watch_key_counters(module, observer):
    """Observe what most stateless ops make of their seed (``get_key_counter_alg``, in TensorFlow from 2.4 on)."""
    for name in ("get_key_counter_alg", "_get_key_counter_alg"):
        if hasattr(module, name):
            _watch_stateless(module, name, 0, observer)


def watch_stateless_ops(module, observer):
    """Observe the stateless ops that get the seed itself (tensorflow/python/ops/gen_stateless_random_ops.py)."""
    for name, function in list(vars(module).items()):
        if name.startswith("stateless_") and not name.endswith("_eager_fallback"):
            names = function.__code__.co_varnames[: function.__code__.co_argcount]
            if "seed" in names:
                _watch_stateless(module, name, names.index("seed"), observer)


def _watch_stateless(module, name, position, observer):
    original = getattr(module, name)

    def observed(*args, **kwargs):
        given = kwargs["seed"] if "seed" in kwargs else args[position]
        numbers = _numbers_of(given) if _is_given(observer) else None
        if numbers is None:
            return original(*args, **kwargs)
        value = observer.value("set", STATELESS)
        observer.source("set", "tensorflow", "stateless", STATELESS, tuple(numbers))
        if value is None:
            return original(*args, **kwargs)
        seed = _like(given, value.numbers(len(numbers), 31))
        if "seed" in kwargs:
            return original(*args, **dict(kwargs, seed=seed))
        return original(*(args[:position] + (seed,) + args[position + 1 :]), **kwargs)

    setattr(module, name, observer.stand_in(original, observed))


def _numbers_of(seed):
    """Return the whole numbers of ``seed``; None where they are not known before the graph is executed."""
    try:
        found = [int(each) for each in (seed.numpy() if hasattr(seed, "numpy") else seed)]
    except Exception:  # A tensor of a graph, or one that is no pair: TensorFlow itself says what is wrong with it.
        return None
    return found if len(found) == 2 else None


def _like(seed, numbers):
    """Return ``numbers`` as something of the dtype of ``seed``."""
    return sys.modules["tensorflow"].convert_to_tensor(numbers, dtype=seed.dtype) if hasattr(seed, "dtype") else numbers


DOORS = (
    (
        "tf.random.Generator.from_non_deterministic_state",
        ("tensorflow.python.ops.stateful_random_ops", "tensorflow_core.python.ops.stateful_random_ops"),
        watch_entropy,
    ),
    (
        "tf.random.Generator.from_seed",
        ("tensorflow.python.ops.stateful_random_ops", "tensorflow_core.python.ops.stateful_random_ops"),
        watch_seeds,
    ),
    (
        "tf.random.stateless_uniform",
        ("tensorflow.python.ops.random_ops_util", "tensorflow.python.ops.stateless_random_ops"),
        watch_key_counters,
    ),
    (
        "tf.random.stateless_binomial",
        (
            "tensorflow.python.ops.gen_stateless_random_ops",
            "tensorflow.python.ops.gen_image_ops",
            "tensorflow_core.python.ops.gen_stateless_random_ops",
        ),
        watch_stateless_ops,
    ),
)
RENEWALS = {}
