"""The controls that libraries of TensorFlow share: seeds, distributions and devices."""

from collections.abc import Iterator
from contextlib import contextmanager

from seedlab.study.controls import AUTO_DEVICE, ChoiceControl, DeviceControl, IntegerControl
from seedlab.study.experiment import Choice, Experiment
from seedlab.study.family import seed_control
from seedlab.study.script import ScriptWriter

# tensorflow/python/framework/random_seed.py takes any int and keeps it modulo 2**31 - 1 (_truncate_seed).
_SEED_MINIMUM, _SEED_MAXIMUM = -(2**63), 2**63 - 1
_MODULO = "Any whole number of 64 bits; TensorFlow keeps it modulo 2\u00b3\u00b9 - 1."
DISTRIBUTIONS = ("normal", "uniform", "truncated-normal")


def tensorflow_seed_control(*, title: str, function: str) -> IntegerControl:
    """Return the control of the seed that ``function`` sets, such as ``"tf.random.set_seed"``."""
    about = f"The seed of {function}. {_MODULO}"
    return seed_control(title=title, about=about, minimum=_SEED_MINIMUM, maximum=_SEED_MAXIMUM)


def op_seed_control(about: str, *, default: int | None = 1) -> IntegerControl:
    """Return the control of the seed of one op, or none; ``about`` says, in a sentence, of which."""
    return IntegerControl(
        name="op_seed",
        title="Op seed",
        about=f"{about} {_MODULO}",
        default=default,
        absent=None,
        optional=True,
        minimum=_SEED_MINIMUM,
        maximum=_SEED_MAXIMUM,
        naming=_name_op_seed,
        metavar="SEED",
    )


def distribution_control(about: str, *more: str) -> ChoiceControl:
    """Return the control of what is drawn from, where ``more`` stand beside the usual; ``about`` is a sentence."""
    return ChoiceControl(
        name="distribution",
        title="Distribution",
        about=about,
        default="normal",
        absent="normal",
        choices=(*DISTRIBUTIONS, *more),
        naming=str,
    )


def device_control() -> DeviceControl:
    """Return the control of the device on which the ops run."""
    return DeviceControl(
        name="device",
        title="Device",
        about="Where the ops run; auto leaves it to TensorFlow.",
        naming=lambda value: f"on {value}",
    )


@contextmanager
def on_device(writer: ScriptWriter, experiment: Experiment) -> Iterator[None]:
    """Write the block that places ops on the device that ``experiment`` chooses; none for auto."""
    if experiment["device"] == AUTO_DEVICE:
        yield
    else:
        with writer.block(f'with tf.device("/{experiment["device"]}"):'):
            yield


def seed_argument(experiment: Experiment) -> str:
    """Return the argument that gives an op its own seed, after a comma; empty where ``experiment`` has none."""
    return "" if experiment["op_seed"] is None else f", seed={experiment['op_seed']}"


def drawing(experiment: Experiment, arguments: str = "") -> str:
    """Return the call of TensorFlow 2 that makes one draw; ``arguments`` follow the shape."""
    function = str(experiment["distribution"]).replace("-", "_")
    return f"tf.random.{function}([{experiment['sample_size']}]{arguments})"


def _name_op_seed(value: Choice) -> str:
    return "no op seed" if value is None else f"op seed {value}"
