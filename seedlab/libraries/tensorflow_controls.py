"""What libraries of TensorFlow share: controls of seeds, distributions, devices, determinism and epochs."""

from collections.abc import Iterator
from contextlib import contextmanager

from seedlab.errors import ChoiceError
from seedlab.phrases import following, noted_plural, sentence
from seedlab.study.controls import AUTO_DEVICE, ChoiceControl, DeviceControl, IntegerControl, counted
from seedlab.study.experiment import Choice, Experiment
from seedlab.study.family import NOT_SET, seed_control
from seedlab.study.script import ScriptWriter

# tensorflow/python/framework/random_seed.py takes any int and keeps it modulo 2**31 - 1 (_truncate_seed).
_SEED_MINIMUM, _SEED_MAXIMUM = -(2**63), 2**63 - 1
_MODULO = sentence("Any whole number of 64 bits; TensorFlow keeps it modulo 2³¹ - 1.")
DISTRIBUTIONS = ("normal", "uniform", "truncated-normal")
_DETERMINISM = "determinism"


def tensorflow_seed_control(*, title: str, function: str) -> IntegerControl:
    """Return the control of the seed that ``function`` sets, such as ``"tf.random.set_seed"``."""
    about = following(sentence("The seed of {function}.", function=function), _MODULO)
    return seed_control(title=title, about=about, minimum=_SEED_MINIMUM, maximum=_SEED_MAXIMUM)


def global_seed_control() -> IntegerControl:
    """Return the control of the seed that TensorFlow 2 calls the global one."""
    return tensorflow_seed_control(title=sentence("Global seed"), function="tf.random.set_seed")


def global_seed_line(experiment: Experiment) -> str:
    """Return the statement that sets the global seed."""
    return f"tf.random.set_seed({experiment['graph_seed']})"


def op_seed_control(about: str, *, default: int | None = 1) -> IntegerControl:
    """Return the control of the seed of one op, or none; ``about`` says, in a sentence, of which."""
    return IntegerControl(
        name="op_seed",
        title=sentence("Op seed"),
        about=following(about, _MODULO),
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
        title=sentence("Distribution"),
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
        title=sentence("Device"),
        about=sentence("Where the ops run; auto leaves it to TensorFlow."),
        naming=lambda value: sentence("on {value}", value=value),
    )


def determinism_control() -> ChoiceControl:
    """Return the control of op determinism."""
    return ChoiceControl(
        name=_DETERMINISM,
        title=sentence("Op determinism"),
        about=sentence("Whether TensorFlow may choose only ops that give the same values each time."),
        default="off",
        choices=("off", "on"),
        naming=lambda value: sentence("op determinism {value}", value=value),
    )


def is_deterministic(experiment: Experiment) -> bool:
    """Return True where op determinism is on."""
    return experiment[_DETERMINISM] == "on"


def check_determinism(experiment: Experiment, *, has_seed: bool) -> None:
    """Raise `ChoiceError` where op determinism is on and a random op has no seed.

    TensorFlow refuses that (``get_seed`` in tensorflow/python/framework/random_seed.py, 2.21.0). ``has_seed`` says
    whether the random ops have one.
    """
    if is_deterministic(experiment) and not has_seed:
        what = sentence(
            "Op determinism cannot be on without a seed of TensorFlow's: it refuses random ops that have none."
        )
        raise ChoiceError(_DETERMINISM, what, sentence("Set one, or turn op determinism off."))


def is_set(experiment: Experiment) -> bool:
    """Return True where the seed of the timeline is set at all."""
    return experiment["placement"] != NOT_SET.name


def epochs_control(about: str) -> IntegerControl:
    """Return the control of how many epochs there are; ``about`` is a sentence."""
    return IntegerControl(
        name="draws_per_op",
        title=sentence("Epochs"),
        about=about,
        default=2,
        minimum=1,
        maximum=100,
        naming=counted(*noted_plural("{count} epoch", "{count} epochs")),
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
    return sentence("no op seed") if value is None else sentence("op seed {value}", value=value)
