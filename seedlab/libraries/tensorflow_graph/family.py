"""TensorFlow in graph mode: graph seed, op seed, and the pair that each op makes of them.

The script runs on TensorFlow 1.15 and on 2.x: both have ``tensorflow.compat.v1``.
"""

from contextlib import ExitStack

from seedlab.study.comparing import Comparison, over_placements, over_seeds
from seedlab.study.controls import (
    AUTO_DEVICE,
    ChoiceControl,
    DeviceControl,
    IntegerControl,
    Placement,
    Station,
    TimelineControl,
)
from seedlab.study.experiment import MAX_DRAWS, MAX_SAMPLE_SIZE, Choice, Experiment
from seedlab.study.family import NOT_SET, SEED, Family, draws_control, seed_control, size_control
from seedlab.study.script import Script, ScriptWriter

_OPS = {"normal": "random_normal", "uniform": "random_uniform", "truncated-normal": "truncated_normal"}


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
    op_seed = "" if experiment["op_seed"] is None else f", seed={experiment['op_seed']}"
    with ExitStack() as stack:
        if experiment["device"] != AUTO_DEVICE:
            stack.enter_context(writer.block(f'with tf.device("/{experiment["device"]}"):'))
        writer.line(f"rand_op1 = {op}({shape})")
        writer.line(f"rand_op2 = {op}({shape}{op_seed})")


# tensorflow/python/framework/random_seed.py takes any int and keeps it modulo 2**31 - 1 (_truncate_seed).
_SEED_MINIMUM, _SEED_MAXIMUM = -(2**63), 2**63 - 1
_MODULO = "Any whole number of 64 bits; TensorFlow keeps it modulo 2\u00b3\u00b9 - 1."


def _count_values(experiment: Experiment) -> int:
    # Two ops, each drawn from in every session.
    draws = 2 * experiment.number("draws_per_op") * experiment.number("sessions")
    return draws * experiment.number("sample_size")


def _name_op_seed(value: Choice) -> str:
    return "no op seed" if value is None else f"op seed {value}"


def _over_op_seed(experiment: Experiment) -> tuple[Experiment, ...]:
    seed = 1 if experiment["op_seed"] is None else experiment["op_seed"]
    return experiment.choose(op_seed=seed), experiment.choose(op_seed=None)


_TIMELINE = TimelineControl(
    default="before-graph",
    unset=NOT_SET,
    timeline=(
        Placement(
            "before-graph",
            "before graph",
            "The seed is set on the default graph: the script's own does not exist yet.",
        ),
        Station("with tf.Graph()"),
        Placement("after-graph", "after graph", "The seed is set on the script's graph, before any op is made."),
        Station("random op"),
        Placement("after-op", "after op", "The seed is set on the script's graph, after the ops were made."),
        Station("Session.run"),
    ),
    reaching="after-graph",
)

FAMILY = Family(
    name="tensorflow-graph",
    title="TensorFlow graph",
    order=0,
    package="tensorflow",
    controls=(
        _TIMELINE,
        seed_control(
            title="Graph seed",
            about=f"The seed of tf.set_random_seed. {_MODULO}",
            minimum=_SEED_MINIMUM,
            maximum=_SEED_MAXIMUM,
        ),
        IntegerControl(
            name="op_seed",
            title="Op seed",
            about=f"The seed of op2 alone, or none. {_MODULO}",
            default=1,
            absent=None,
            optional=True,
            minimum=_SEED_MINIMUM,
            maximum=_SEED_MAXIMUM,
            naming=_name_op_seed,
            metavar="SEED",
        ),
        DeviceControl(
            name="device",
            title="Device",
            about="Where the ops run; auto leaves it to TensorFlow.",
            naming=lambda value: f"on {value}",
        ),
        ChoiceControl(
            name="distribution",
            title="Distribution",
            about="What both ops draw from.",
            default="normal",
            absent="normal",
            choices=tuple(_OPS),
            naming=str,
        ),
        size_control(MAX_SAMPLE_SIZE),
        draws_control(MAX_DRAWS, default=2, title="Draws per op", about="How often each op is run in a session."),
        IntegerControl(
            name="sessions",
            title="Sessions",
            about="One session, or a second one after it on the same graph.",
            default=1,
            absent=1,
            minimum=1,
            maximum=2,
            naming=lambda value: "1 session" if value == 1 else f"{value} sessions",
        ),
    ),
    write_script=_write_script,
    count_values=_count_values,
    seed=SEED,
    comparisons=(
        over_placements(_TIMELINE),
        Comparison(
            name="op_seed",
            title="Compare op seed on and off",
            about="Run one column with op seed, one without",
            experiments=_over_op_seed,
        ),
        over_seeds(_TIMELINE, SEED, title="graph seeds"),
    ),
    doors=("tf.random_seed.get_seed", "tf.Graph.seed", "tf.random.set_seed"),
)
