"""``tf.function``: the global seed is copied into a function's graph when that is traced, and never again.

Setting the seed later makes a traced function start over, without changing its seed (``_set_global_seed`` in
tensorflow/python/eager/context.py, ``FuncGraph.__init__`` in tensorflow/python/framework/func_graph.py, 2.21.0).
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

_OTHER = "other"


def _write_script(experiment: Experiment) -> Script:
    writer = ScriptWriter()
    placement = experiment["placement"]
    seed = global_seed_line(experiment)
    writer.line("import tensorflow as tf")
    writer.line()
    for op in ("op1", "op2"):
        writer.line("@tf.function")
        with writer.block(f"def {op}(scale):"):
            if placement == "inside":
                writer.seed_line(seed)
            own = seed_argument(experiment) if op == "op2" else ""
            writer.line(f"return scale * {drawing(experiment, own)}")
        writer.line()
    if placement == "before-tracing":
        writer.seed_line(seed)
    with on_device(writer, experiment):
        for call in range(1, experiment.number("draws_per_op") + 1):
            if call == 2 and placement == "after-tracing":
                writer.seed_line(seed)
            argument = call if experiment["argument"] == _OTHER else 1
            for op in ("op1", "op2"):
                writer.line(f'print("{op}-{call}:", {op}({argument}))')
    return writer.script()


def _restrict(experiment: Experiment) -> None:
    if experiment["placement"] == "after-tracing" and experiment["draws_per_op"] == 1:
        what = sentence("Calls cannot be 1 with a seed after tracing: it is set before the second call.")
        raise ChoiceError("draws_per_op", what, sentence("Choose 2 calls or more."))


def _count_values(experiment: Experiment) -> int:
    return 2 * experiment.number("draws_per_op") * experiment.number("sample_size")


_TIMELINE = TimelineControl(
    default="before-tracing",
    unset=NOT_SET,
    timeline=(
        Placement(
            "inside",
            sentence("inside the function"),
            sentence("The seed is set while the function is traced, as Python code."),
            is_repeated=True,
        ),
        Station("@tf.function"),
        Placement(
            "before-tracing",
            sentence("before tracing"),
            sentence("The seed is set before the first call, which traces it."),
        ),
        Station(sentence("first call")),
        Placement(
            "after-tracing",
            sentence("after tracing"),
            sentence("The seed is set between the first call and the second."),
        ),
        Station(sentence("further calls")),
    ),
    reaching="before-tracing",
)

FAMILY = Family(
    name="tensorflow-function",
    title="tf.function",
    order=5,
    package="tensorflow",
    controls=(
        _TIMELINE,
        global_seed_control(),
        op_seed_control(sentence("The seed of the op inside op2, or none."), default=None),
        ChoiceControl(
            name="argument",
            title=sentence("Argument"),
            about=sentence(
                "Whether each call gives the same Python number, or another one, which traces the function again."
            ),
            default="same",
            absent="same",
            choices=("same", _OTHER),
            naming=lambda value: sentence("{value} argument", value=value),
        ),
        device_control(),
        distribution_control(sentence("What both functions draw from.")),
        size_control(MAX_SAMPLE_SIZE),
        draws_control(
            MAX_DRAWS, default=2, title=sentence("Calls"), about=sentence("How often each function is called.")
        ),
    ),
    write_script=_write_script,
    count_values=_count_values,
    restrict=_restrict,
    seed=SEED,
    doors=("tf.random_seed.get_seed", "tf.random.set_seed"),
)
