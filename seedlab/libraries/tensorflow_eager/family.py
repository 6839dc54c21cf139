"""TensorFlow in eager mode: the global seed, and op seeds, which give a sequence from call to call.

An op with a seed of its own keeps its state from call to call, and ops with the same seed share it; setting the global
seed starts all of them again (``get_seed`` in tensorflow/python/framework/random_seed.py, ``_set_global_seed`` in
tensorflow/python/eager/context.py, read in 2.21.0).
"""

from seedlab.errors import ChoiceError
from seedlab.libraries.tensorflow_controls import (
    device_control,
    distribution_control,
    drawing,
    global_seed_control,
    global_seed_line,
    on_device,
    op_seed_control,
    seed_argument,
)
from seedlab.phrases import sentence
from seedlab.study.controls import ChoiceControl, Placement, Station, TimelineControl
from seedlab.study.experiment import MAX_DRAWS, MAX_SAMPLE_SIZE, Experiment
from seedlab.study.family import NOT_SET, SEED, Family, draws_control, size_control
from seedlab.study.script import Script, ScriptWriter

_BOTH = "both"
_BOX = "bounding-box"


def _write_script(experiment: Experiment) -> Script:
    writer = ScriptWriter()
    placement = experiment["placement"]
    seed = global_seed_line(experiment)
    writer.line("import tensorflow as tf")
    writer.line()
    if placement == "before-ops":
        writer.seed_line(seed)
    with on_device(writer, experiment):
        for op in ("op1", "op2"):
            if op == "op2" and placement == "between":
                writer.seed_line(seed)
            own = seed_argument(experiment) if op == "op2" or experiment["seeded_ops"] == _BOTH else ""
            for call in range(1, experiment.number("draws_per_op") + 1):
                if placement == "each":
                    writer.seed_line(seed)
                writer.line(f'print("{op}-{call}:", {_drawing(experiment, own)})')
    return writer.script()


def _drawing(experiment: Experiment, own: str) -> str:
    if experiment["distribution"] != _BOX:
        return drawing(experiment, own)
    # The op never asks for the global seed (tensorflow/python/ops/image_ops_impl.py calls it without get_seed).
    return f"tf.image.sample_distorted_bounding_box([999, 999, 3], [[[0.0, 0.0, 1.0, 1.0]]]{own})[0]"


def _restrict(experiment: Experiment) -> None:
    if experiment["distribution"] == _BOX and experiment["op_seed"] == 0:
        what = sentence("Op seed cannot be 0 with the bounding box: there TensorFlow takes 0 for no seed.")
        raise ChoiceError("op_seed", what, sentence("Choose another whole number."))


def _count_values(experiment: Experiment) -> int:
    return 2 * experiment.number("draws_per_op") * experiment.number("sample_size")


_TIMELINE = TimelineControl(
    default="before-ops",
    unset=NOT_SET,
    timeline=(
        Placement(
            "before-ops",
            sentence("before the ops"),
            sentence("The seed is set once: each call of op1 and op2 goes on from there."),
        ),
        Station("op1"),
        Placement(
            "between",
            sentence("between op1 and op2"),
            sentence("The seed is set after op1 has drawn: op2 alone follows it."),
        ),
        Station("op2"),
        Placement(
            "each",
            sentence("before each call"),
            sentence("The seed is set again before each call: the calls start over."),
            is_repeated=True,
        ),
    ),
    reaching="before-ops",
)

FAMILY = Family(
    name="tensorflow-eager",
    title=sentence("TensorFlow eager"),
    order=4,
    package="tensorflow",
    controls=(
        _TIMELINE,
        global_seed_control(),
        op_seed_control(sentence("The seed of single ops, or none."), default=None),
        ChoiceControl(
            name="seeded_ops",
            title=sentence("Op seed at"),
            about=sentence("The ops that get the op seed, where there is one."),
            default="op2",
            absent="op2",
            choices=("op2", _BOTH),
            naming=lambda value: (
                sentence("op seed at both ops") if value == _BOTH else sentence("op seed at {value}", value=value)
            ),
        ),
        device_control(),
        distribution_control(
            sentence("What both ops draw from; the bounding box is an op that has its own way with seeds."), _BOX
        ),
        size_control(MAX_SAMPLE_SIZE),
        draws_control(
            MAX_DRAWS, default=2, title=sentence("Calls per op"), about=sentence("How often each op is called.")
        ),
    ),
    write_script=_write_script,
    count_values=_count_values,
    restrict=_restrict,
    seed=SEED,
    doors=("tf.random_seed.get_seed", "tf.random.set_seed", "tf.image.sample_distorted_bounding_box"),
)
