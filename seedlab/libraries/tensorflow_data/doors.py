"""Holds the order in which tf.data gives its elements."""

DETERMINISTIC = "deterministic tf.data"
"""The hold under which elements that are made in parallel come in their order."""


def hold_map(module, observer):
    """Hold the order of ``Dataset.map`` (tensorflow/python/data/ops/map_op.py)."""
    _hold(module, "_map_v2", observer)


def hold_interleave(module, observer):
    """Hold the order of ``Dataset.interleave`` (tensorflow/python/data/ops/interleave_op.py)."""
    _hold(module, "_interleave", observer)


def hold_batch(module, observer):
    """Hold the order of ``Dataset.batch`` (tensorflow/python/data/ops/batch_op.py)."""
    _hold(module, "_batch", observer)


def _hold(module, name, observer):
    observer.on_begin(lambda: _hold_now(module, name, observer))


def _hold_now(module, name, observer):
    if DETERMINISTIC not in observer.holds:
        return
    original = getattr(module, name)
    code = original.__code__
    position = code.co_varnames[: code.co_argcount].index("deterministic")

    def held(*args, **kwargs):
        # Where nothing is done in parallel, the argument is None, or TensorFlow warns that it has no effect.
        if len(args) > position and args[position] is not None:
            args = args[:position] + (True,) + args[position + 1 :]
        elif kwargs.get("deterministic") is not None:
            kwargs["deterministic"] = True
        return original(*args, **kwargs)

    setattr(module, name, observer.stand_in(original, held))


def hold_options(module, observer):
    """Hold ``Options.deterministic`` (tensorflow/python/data/ops/options.py), which the script goes on to see."""
    observer.on_begin(lambda: _hold_options_now(module, observer))


def _hold_options_now(module, observer):
    if DETERMINISTIC not in observer.holds:
        return
    to_proto = module.Options._to_proto

    def held(options):
        message = to_proto(options)
        if options.deterministic is not None:
            message.deterministic = True
        return message

    module.Options._to_proto = observer.stand_in(to_proto, held)


DOORS = (
    ("tf.data.Dataset.map", ("tensorflow.python.data.ops.map_op",), hold_map),
    ("tf.data.Dataset.interleave", ("tensorflow.python.data.ops.interleave_op",), hold_interleave),
    ("tf.data.Dataset.batch", ("tensorflow.python.data.ops.batch_op",), hold_batch),
    ("tf.data.Options", ("tensorflow.python.data.ops.options",), hold_options),
)
RENEWALS = {}
