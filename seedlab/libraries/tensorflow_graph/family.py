"""TensorFlow in graph mode: graph seed, op seed, and the pair that each op makes of them.

The script runs on TensorFlow 1.15 and on 2.x: both have ``tensorflow.compat.v1``.
"""

from seedlab.libraries.tensorflow_controls import (
    device_control,
    distribution_control,
    on_device,
    op_seed_control,
    seed_argument,
    tensorflow_seed_control,
)
from seedlab.phrases import noted_plural, sentence
from seedlab.study.controls import ChoiceControl, IntegerControl, Placement, Station, TimelineControl, counted
from seedlab.study.experiment import MAX_DRAWS, MAX_SAMPLE_SIZE, Experiment
from seedlab.study.family import NOT_SET, SEED, Family, draws_control, size_control
from seedlab.study.script import Script, ScriptWriter

_OPS = {"normal": "random_normal", "uniform": "random_uniform", "truncated-normal": "truncated_normal"}
_NOTHING, _CONSTANT = "nothing", "constant"


def _write_script(experiment: Experiment) -> Script:
    writer = ScriptWriter()
    seed = f"tf.set_random_seed({experiment['graph_seed']})"
    writer.line("import tensorflow.compat.v1 as tf")
    writer.line()
    writer.line("tf.disable_eager_execution()")
    writer.line()
    if experiment["placement"] == "before-graph":
        writer.seed_line(seed)
    with writer.block("with tf.Graph().as_default():"):
        if experiment["placement"] == "after-graph":
            writer.seed_line(seed)
        _write_ops(writer, experiment)
        if experiment["placement"] == "after-op":
            writer.seed_line(seed)
        for session in range(1, experiment.number("sessions") + 1):
            if experiment.number("sessions") > 1:
                writer.line()
                writer.line(f'print("session{session}")')
            with writer.block("with tf.Session() as sess:"):
                for op in ("op1", "op2"):
                    for draw in range(1, experiment.number("draws_per_op") + 1):
                        writer.line(f'print("{op}-{draw}:", sess.run(rand_{op}))')
    return writer.script()


def _write_ops(writer: ScriptWriter, experiment: Experiment) -> None:
    op, shape = f"tf.{_OPS[str(experiment['distribution'])]}", f"[{experiment['sample_size']}]"
    with on_device(writer, experiment):
        if experiment["extra"] != _NOTHING:
            writer.line(f"extra = {'tf.constant(1.0)' if experiment['extra'] == _CONSTANT else f'{op}({shape})'}")
        writer.line(f"rand_op1 = {op}({shape})")
        writer.line(f"rand_op2 = {op}({shape}{seed_argument(experiment)})")


def _count_values(experiment: Experiment) -> int:
    # Two ops, each drawn from in every session.
    draws = 2 * experiment.number("draws_per_op") * experiment.number("sessions")
    return draws * experiment.number("sample_size")


_TIMELINE = TimelineControl(
    default="before-graph",
    unset=NOT_SET,
    timeline=(
        Placement(
            "before-graph",
            sentence("before graph"),
            sentence("The seed is set on the default graph: the script's own does not exist yet."),
        ),
        Station("with tf.Graph()"),
        Placement(
            "after-graph",
            sentence("after graph"),
            sentence("The seed is set on the script's graph, before any op is made."),
        ),
        Station(sentence("random op")),
        Placement(
            "after-op",
            sentence("after op"),
            sentence("The seed is set on the script's graph, after the ops were made."),
        ),
        Station("Session.run"),
    ),
    reaching="after-graph",
)

FAMILY = Family(
    name="tensorflow-graph",
    title=sentence("TensorFlow graph"),
    order=0,
    package="tensorflow",
    controls=(
        _TIMELINE,
        tensorflow_seed_control(title=sentence("Graph seed"), function="tf.set_random_seed"),
        op_seed_control(sentence("The seed of op2 alone, or none.")),
        device_control(),
        distribution_control(sentence("What both ops draw from.")),
        ChoiceControl(
            name="extra",
            title=sentence("Before op1"),
            about=sentence("What else is made in the graph before op1: nothing, a constant, or a random op."),
            default=_NOTHING,
            absent=_NOTHING,
            choices=(_NOTHING, _CONSTANT, "op"),
            naming=lambda value: sentence("{value} before op1", value=value),
        ),
        size_control(MAX_SAMPLE_SIZE),
        draws_control(
            MAX_DRAWS,
            default=2,
            title=sentence("Draws per op"),
            about=sentence("How often each op is run in a session."),
        ),
        IntegerControl(
            name="sessions",
            title=sentence("Sessions"),
            about=sentence("One session, or a second one after it on the same graph."),
            default=1,
            absent=1,
            minimum=1,
            maximum=2,
            naming=counted(*noted_plural("{count} session", "{count} sessions")),
        ),
    ),
    write_script=_write_script,
    count_values=_count_values,
    seed=SEED,
    doors=("tf.random_seed.get_seed", "tf.Graph.seed", "tf.random.set_seed"),
)
