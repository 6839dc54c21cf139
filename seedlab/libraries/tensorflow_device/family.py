"""Devices of TensorFlow: a sum of random numbers or a small training on one device, or draws on two replicas of it.

In eager mode an op for a device that is not there runs on the CPU, without a word (soft placement is on,
tensorflow/python/eager/context.py, 2.21.0): the script prints where it ran. On replicas, an op seed gives each the same
values (tensorflow/python/distribute/mirrored_run.py).
"""

from seedlab.libraries.tensorflow_controls import (
    check_determinism,
    determinism_control,
    device_control,
    global_seed_control,
    global_seed_line,
    is_deterministic,
    is_set,
    on_device,
    op_seed_control,
    seed_argument,
)
from seedlab.phrases import noted_plural, sentence
from seedlab.study.controls import ChoiceControl, Placement, Station, TimelineControl, counted
from seedlab.study.experiment import Experiment
from seedlab.study.family import NOT_SET, SEED, Family, size_control
from seedlab.study.script import Script, ScriptWriter

_TWO, _ONE, _TRAINING = "two", "one", "training"


def _write_script(experiment: Experiment) -> Script:
    writer = ScriptWriter()
    seed = global_seed_line(experiment)
    writer.line("import tensorflow as tf")
    writer.line()
    if experiment["threads"] == _ONE:
        writer.line("tf.config.threading.set_intra_op_parallelism_threads(1)")
        writer.line("tf.config.threading.set_inter_op_parallelism_threads(1)")
    if is_deterministic(experiment):
        writer.line("tf.config.experimental.enable_op_determinism()")
    if experiment["replicas"] == _TWO:
        _write_replicas(writer, experiment, seed)
    elif experiment["work"] == _TRAINING:
        _write_training(writer, experiment, seed)
    else:
        _write_sums(writer, experiment, seed)
    return writer.script()


def _write_sums(writer: ScriptWriter, experiment: Experiment, seed: str) -> None:
    if experiment["placement"] == "before-ops":
        writer.seed_line(seed)
    with on_device(writer, experiment):
        writer.line(f"x = tf.random.normal([1000, {experiment['sample_size']}]{seed_argument(experiment)})")
        writer.line("total = tf.reduce_sum(x, axis=0)")
    writer.line('print("drawn:", x[0])')
    writer.line('print("total:", total)')
    writer.line('print("device:", total.device)')


def _write_training(writer: ScriptWriter, experiment: Experiment, seed: str) -> None:
    size = experiment["sample_size"]
    if experiment["placement"] == "before-ops":
        writer.seed_line(seed)
    with on_device(writer, experiment):
        writer.line(f"x = tf.random.normal([1000, {size}]{seed_argument(experiment)})")
        writer.line(f"w = tf.Variable(tf.zeros([{size}, 1]))")
        with writer.block("for step in range(10):"):
            with writer.block("with tf.GradientTape() as tape:"):
                writer.line("loss = tf.reduce_mean((x @ w - 1) ** 2)")
            writer.line("w.assign_sub(0.1 * tape.gradient(loss, w))")
    writer.line('print("loss:", loss)')
    writer.line('print("weights:", w[:, 0])')
    writer.line('print("device:", loss.device)')


def _write_replicas(writer: ScriptWriter, experiment: Experiment, seed: str) -> None:
    writer.line('cpu = tf.config.list_physical_devices("CPU")[0]')
    writer.line("two = [tf.config.LogicalDeviceConfiguration()] * 2")
    writer.line("tf.config.set_logical_device_configuration(cpu, two)")
    writer.line('strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])')
    writer.line()
    with writer.block("def draw():"):
        writer.line(f"return tf.random.normal([{experiment['sample_size']}]{seed_argument(experiment)})")
    writer.line()
    if experiment["placement"] == "before-ops":
        writer.seed_line(seed)
    writer.line("one, other = strategy.experimental_local_results(strategy.run(draw))")
    writer.line('print("replica-1:", one)')
    writer.line('print("replica-2:", other)')


def _restrict(experiment: Experiment) -> None:
    check_determinism(experiment, has_seed=is_set(experiment) or experiment["op_seed"] is not None)


def _count_values(experiment: Experiment) -> int:
    return 2 * experiment.number("sample_size")


_TIMELINE = TimelineControl(
    default="before-ops",
    unset=NOT_SET,
    timeline=(
        Placement("before-ops", sentence("before the ops"), sentence("The seed is set before the first op.")),
        Station("ops"),
    ),
    reaching="before-ops",
)
_THREADS = ChoiceControl(
    name="threads",
    title=sentence("Threads"),
    about=sentence("Whether TensorFlow computes in as many threads as there are cores, or in one."),
    default="many",
    choices=("many", _ONE),
    naming=lambda value: sentence("one thread") if value == _ONE else sentence("many threads"),
)

FAMILY = Family(
    name="tensorflow-device",
    title=sentence("TensorFlow devices"),
    order=10,
    package="tensorflow",
    controls=(
        _TIMELINE,
        global_seed_control(),
        op_seed_control(sentence("The seed of the op that draws, or none."), default=None),
        device_control(),
        ChoiceControl(
            name="work",
            title=sentence("Work"),
            about=sentence("What is computed on one device: a sum, or ten steps of a training."),
            default="sum",
            choices=("sum", _TRAINING),
            naming=str,
        ),
        ChoiceControl(
            name="replicas",
            title=sentence("Replicas"),
            about=sentence("One device, or two logical CPUs under a MirroredStrategy."),
            default="one",
            choices=("one", _TWO),
            naming=counted(*noted_plural("{count} replica", "{count} replicas")),
        ),
        _THREADS,
        determinism_control(),
        size_control(1000),
    ),
    write_script=_write_script,
    count_values=_count_values,
    restrict=_restrict,
    seed=SEED,
    doors=("tf.random_seed.get_seed", "tf.random.set_seed"),
)
