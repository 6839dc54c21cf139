"""``tf.data``: a shuffle takes its seeds when the pipeline is made, and shuffles each epoch anew.

With ``reshuffle_each_iteration=False`` all epochs have the order of the first. A random op inside a parallel map draws
in whatever order the threads reach it (tensorflow/python/data/ops/shuffle_op.py and map_op.py, read in 2.21.0).
"""

from seedlab.libraries.tensorflow_controls import (
    epochs_control,
    global_seed_control,
    global_seed_line,
    op_seed_control,
    seed_argument,
)
from seedlab.phrases import noted_plural, sentence
from seedlab.study.controls import ChoiceControl, IntegerControl, Placement, Station, TimelineControl, counted
from seedlab.study.experiment import Experiment
from seedlab.study.family import NOT_SET, SEED, Family
from seedlab.study.script import Script, ScriptWriter

_MAPS = {
    "sequential": "",
    "parallel": ", num_parallel_calls=4",
    "unordered": ", num_parallel_calls=4, deterministic=False",
}
_NOTHING = "double"
_RANDOM = "random"


def _write_script(experiment: Experiment) -> Script:
    writer = ScriptWriter()
    placement, size = experiment["placement"], experiment.number("sample_size")
    seed = global_seed_line(experiment)
    own = seed_argument(experiment)
    once = "" if experiment["reshuffle"] == "each-epoch" else ", reshuffle_each_iteration=False"
    writer.line("import tensorflow as tf")
    writer.line()
    with writer.block("def changed(x):"):
        drawn = "tf.cast(x, tf.float32) + tf.random.uniform([])"
        writer.line(f"return {drawn if experiment['mapped'] == _RANDOM else '2 * x'}")
    writer.line()
    if placement == "before-pipeline":
        writer.seed_line(seed)
    writer.line(f"numbers = tf.data.Dataset.range({size})")
    writer.line(f"op1 = numbers.shuffle({size}{own}{once})")
    writer.line(f"op2 = numbers.map(changed{_MAPS[str(experiment['calls'])]})")
    if placement == "after-pipeline":
        writer.seed_line(seed)
    for epoch in range(1, experiment.number("draws_per_op") + 1):
        for op in ("op1", "op2"):
            writer.line(f'print("{op}-{epoch}:", list({op}.as_numpy_iterator()))')
    return writer.script()


def _count_values(experiment: Experiment) -> int:
    return 2 * experiment.number("draws_per_op") * experiment.number("sample_size")


_TIMELINE = TimelineControl(
    default="before-pipeline",
    unset=NOT_SET,
    timeline=(
        Placement(
            "before-pipeline",
            sentence("before the pipeline"),
            sentence("The global seed is set before the pipeline is made."),
        ),
        Station("shuffle, map"),
        Placement(
            "after-pipeline", sentence("after the pipeline"), sentence("The global seed is set before the first epoch.")
        ),
        Station("epochs"),
    ),
    reaching="before-pipeline",
)
_CALLS = ChoiceControl(
    name="calls",
    title=sentence("Map"),
    about=sentence("How op2 maps: one element after the other, several at once in order, or several in any order."),
    default="sequential",
    choices=tuple(_MAPS),
    naming=lambda value: sentence("{value} map", value=value),
)

FAMILY = Family(
    name="tensorflow-data",
    title="tf.data",
    order=7,
    package="tensorflow",
    controls=(
        _TIMELINE,
        global_seed_control(),
        op_seed_control(sentence("The seed of the shuffle of op1, or none."), default=None),
        ChoiceControl(
            name="reshuffle",
            title=sentence("Reshuffle"),
            about=sentence("Whether op1 shuffles each epoch anew, or once."),
            default="each-epoch",
            choices=("each-epoch", "once"),
            naming=lambda value: sentence("shuffled once") if value == "once" else sentence("shuffled each epoch"),
        ),
        _CALLS,
        ChoiceControl(
            name="mapped",
            title=sentence("Mapped"),
            about=sentence("What op2 does with each element: it doubles it, or adds a random number."),
            default=_NOTHING,
            choices=(_NOTHING, _RANDOM),
            naming=lambda value: sentence("random op in map") if value == _RANDOM else sentence("no random op in map"),
        ),
        IntegerControl(
            name="sample_size",
            title=sentence("Elements"),
            about=sentence("How many elements the pipeline has."),
            default=8,
            minimum=1,
            maximum=10_000,
            naming=counted(*noted_plural("{count} element", "{count} elements")),
        ),
        epochs_control(sentence("How often the pipeline is gone through.")),
    ),
    write_script=_write_script,
    count_values=_count_values,
    seed=SEED,
    doors=("tf.random_seed.get_seed", "tf.random.set_seed", "tf.data.Dataset.map", "tf.data.Options"),
)
