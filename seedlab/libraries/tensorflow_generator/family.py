"""TensorFlow's generators, which carry a state of their own, and its stateless ops, which have none.

Neither follows ``tf.random.set_seed``, but for a generator that is split from one, or a pair that an op has drawn
(tensorflow/python/ops/stateful_random_ops.py and stateless_random_ops.py, read in 2.21.0).
"""

from seedlab.libraries.tensorflow_controls import global_seed_control, global_seed_line
from seedlab.phrases import sentence
from seedlab.study.controls import ChoiceControl, Placement, Station, TimelineControl
from seedlab.study.experiment import MAX_DRAWS, MAX_SAMPLE_SIZE, Experiment
from seedlab.study.family import NOT_SET, SEED, Family, draws_control, size_control
from seedlab.study.script import Script, ScriptWriter

_MADE = {
    "from-seed": "tf.random.Generator.from_seed(1)",
    "from-system": "tf.random.Generator.from_non_deterministic_state()",
    "global": "tf.random.get_global_generator()",
    "split": "tf.random.Generator.from_seed(1).split(2)[1]",
}
_PAIRS = ("constant", "counter", "drawn")


def _write_script(experiment: Experiment) -> Script:
    writer = ScriptWriter()
    placement, size = experiment["placement"], experiment["sample_size"]
    seed = global_seed_line(experiment)
    writer.line("import tensorflow as tf")
    writer.line()
    if placement == "before-generator":
        writer.seed_line(seed)
    writer.line(f"generator = {_MADE[str(experiment['generator'])]}")
    if experiment["pair"] == "drawn":
        writer.line("pair = tf.random.uniform([2], maxval=1000, dtype=tf.int32)")
    if placement == "after-generator":
        writer.seed_line(seed)
    for call in range(1, experiment.number("draws_per_op") + 1):
        writer.line(f'print("op1-{call}:", generator.normal([{size}]))')
    for call in range(1, experiment.number("draws_per_op") + 1):
        pair = {"constant": "(1, 2)", "counter": f"(1, {call})", "drawn": "pair"}[str(experiment["pair"])]
        writer.line(f'print("op2-{call}:", tf.random.stateless_normal([{size}], seed={pair}))')
    return writer.script()


def _count_values(experiment: Experiment) -> int:
    return 2 * experiment.number("draws_per_op") * experiment.number("sample_size")


_TIMELINE = TimelineControl(
    default="before-generator",
    unset=NOT_SET,
    timeline=(
        Placement(
            "before-generator",
            sentence("before the generator"),
            sentence("The global seed is set before the generator is made."),
        ),
        Station("generator"),
        Placement(
            "after-generator",
            sentence("after the generator"),
            sentence("The global seed is set before the first draw."),
        ),
        Station("draws"),
    ),
    reaching="before-generator",
)
_GENERATOR = ChoiceControl(
    name="generator",
    title=sentence("Generator"),
    about=sentence(
        "How the generator of op1 is made: from a seed, from the system, the global one, or split from a seeded one."
    ),
    default="from-seed",
    choices=tuple(_MADE),
    naming=lambda value: sentence("generator {value}", value=value),
)

FAMILY = Family(
    name="tensorflow-generator",
    title=sentence("TensorFlow generators"),
    order=6,
    package="tensorflow",
    controls=(
        _TIMELINE,
        global_seed_control(),
        _GENERATOR,
        ChoiceControl(
            name="pair",
            title=sentence("Stateless pair"),
            about=sentence(
                "The pair of op2, a stateless op: constant, counting up from call to call, or drawn by an op."
            ),
            default="constant",
            choices=_PAIRS,
            naming=lambda value: sentence("{value} pair", value=value),
        ),
        size_control(MAX_SAMPLE_SIZE),
        draws_control(MAX_DRAWS, default=2, title=sentence("Draws per op"), about=sentence("How often each op draws.")),
    ),
    write_script=_write_script,
    count_values=_count_values,
    seed=SEED,
    doors=(
        "tf.random_seed.get_seed",
        "tf.random.set_seed",
        "tf.random.Generator.from_seed",
        "tf.random.Generator.from_non_deterministic_state",
        "tf.random.stateless_uniform",
    ),
)
