"""TensorFlow in graph mode: graph seed, op seed, and the pair that each op makes of them.

The script is right on TensorFlow 1.15 and on 2.x: both have ``tensorflow.compat.v1``.
"""

from contextlib import ExitStack

from seedlab.model.experiment import (
    AUTO_DEVICE,
    MAX_DRAWS,
    MAX_SAMPLE_SIZE,
    ChoiceControl,
    DeviceControl,
    Experiment,
    IntegerControl,
    Placement,
    Station,
)
from seedlab.model.families._family import NOT_SET, Family
from seedlab.model.script import Script, ScriptWriter

_OPS = {"normal": "random_normal", "uniform": "random_uniform", "truncated-normal": "truncated_normal"}


def _write_script(experiment: Experiment) -> Script:
    writer = ScriptWriter()
    seed = f"tf.set_random_seed({experiment.graph_seed})"
    writer.line("import tensorflow.compat.v1 as tf")
    writer.line()
    writer.line("tf.disable_eager_execution()")
    writer.line()
    if experiment.placement == "before-graph":
        writer.seed_line(seed)
    with writer.block("with tf.Graph().as_default():"):
        if experiment.placement == "after-graph":
            writer.seed_line(seed)
        _write_ops(writer, experiment)
        if experiment.placement == "after-op":
            writer.seed_line(seed)
        for session in range(1, experiment.sessions + 1):
            if experiment.sessions > 1:
                writer.line()
                writer.line(f'print("session{session}")')
            with writer.block("with tf.Session() as sess:"):
                for op in ("op1", "op2"):
                    for draw in range(1, experiment.draws_per_op + 1):
                        writer.line(f'print("{op}-{draw}:", sess.run(rand_{op}))')
    return writer.script()


def _write_ops(writer: ScriptWriter, experiment: Experiment) -> None:
    op, shape = f"tf.{_OPS[experiment.distribution]}", f"[{experiment.sample_size}]"
    op_seed = "" if experiment.op_seed is None else f", seed={experiment.op_seed}"
    with ExitStack() as stack:
        if experiment.device != AUTO_DEVICE:
            stack.enter_context(writer.block(f'with tf.device("/{experiment.device}"):'))
        writer.line(f"rand_op1 = {op}({shape})")
        writer.line(f"rand_op2 = {op}({shape}{op_seed})")


# tensorflow/python/framework/random_seed.py takes any int and keeps it modulo 2**31 - 1 (_truncate_seed).
_SEED_MINIMUM, _SEED_MAXIMUM = -(2**63), 2**63 - 1
_MODULO = "Any whole number of 64 bits; TensorFlow keeps it modulo 2\u00b3\u00b9 - 1."

FAMILY = Family(
    name="tensorflow-graph",
    title="TensorFlow graph",
    order=0,
    package="tensorflow",
    default=Experiment(library="tensorflow-graph", placement="before-graph", op_seed=1),
    timeline=(
        Placement(
            "before-graph", "before graph", "The seed is set on the default graph: the script's own does not exist yet."
        ),
        Station("with tf.Graph()"),
        Placement("after-graph", "after graph", "The seed is set on the script's graph, before any op is made."),
        Station("random op"),
        Placement("after-op", "after op", "The seed is set on the script's graph, after the ops were made."),
        Station("Session.run"),
    ),
    unset=NOT_SET,
    controls=(
        IntegerControl(
            field="graph_seed",
            title="Graph seed",
            about=f"The seed of tf.set_random_seed. {_MODULO}",
            minimum=_SEED_MINIMUM,
            maximum=_SEED_MAXIMUM,
        ),
        IntegerControl(
            field="op_seed",
            title="Op seed",
            about=f"The seed of op2 alone, or none. {_MODULO}",
            optional=True,
            minimum=_SEED_MINIMUM,
            maximum=_SEED_MAXIMUM,
        ),
        DeviceControl(field="device", title="Device", about="Where the ops run; auto leaves it to TensorFlow."),
        ChoiceControl(
            field="distribution", title="Distribution", about="What both ops draw from.", choices=tuple(_OPS)
        ),
        IntegerControl(
            field="sample_size",
            title="Values per draw",
            about="Values that one draw returns.",
            minimum=1,
            maximum=MAX_SAMPLE_SIZE,
        ),
        IntegerControl(
            field="draws_per_op",
            title="Draws per op",
            about="How often each op is run in a session.",
            minimum=1,
            maximum=MAX_DRAWS,
        ),
        IntegerControl(
            field="sessions",
            title="Sessions",
            about="One session, or a second one after it on the same graph.",
            minimum=1,
            maximum=2,
        ),
    ),
    write_script=_write_script,
)
