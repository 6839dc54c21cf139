"""Keras 3 on TensorFlow: which seed reaches which part of a training.

Initializers, Dropout and ``keras.random`` without a seed take one from Python's ``random`` (``make_default_seed`` in
keras/src/random/seed_generator.py); the order of the samples goes by TensorFlow's (``tf.random.shuffle`` in
keras/src/trainers/data_adapters/array_data_adapter.py, Keras 3.15.1). With an embedding, sgd adds the rows
of a gradient to the weights in the order in which threads come (``scatter_sub`` in keras/src/backend/tensorflow/
optimizer.py).
"""

from dataclasses import dataclass

from seedlab.libraries.tensorflow_controls import (
    check_determinism,
    determinism_control,
    epochs_control,
    is_deterministic,
    is_set,
    op_seed_control,
)
from seedlab.phrases import sentence
from seedlab.study.controls import ChoiceControl, Placement, Station, TimelineControl
from seedlab.study.experiment import Experiment
from seedlab.study.family import NOT_SET, SEED, Family, seed_control
from seedlab.study.script import Script, ScriptWriter

_TOKENS, _UNITS = 8, 4


@dataclass(frozen=True)
class _Sizes:
    """How large a model and its data are."""

    width: int
    features: int
    """How long one sample is."""
    samples: int
    batch: int
    """How many samples a step takes."""


_SIZES = {
    "dense": _Sizes(width=4, features=4, samples=2000, batch=500),
    "convolution": _Sizes(width=4, features=4, samples=2000, batch=500),
    # Threads share an update of at least 1,024 indices and at most 10,000 for each row (scatter_functor.h in
    # tensorflow/core/kernels, TensorFlow 2.21.0), and come in another order where it takes long: with three other
    # programs that took all they got of two cores 20 of 20 runs differed, of one step with rows of 4 values none.
    "embedding": _Sizes(width=32, features=21, samples=20000, batch=2000),
}
_SEEDS = {
    "keras": ("keras.utils.set_random_seed({})",),
    "tensorflow": ("tf.random.set_seed({})",),
    "numpy": ("np.random.seed({})",),
    "python": ("random.seed({})",),
    "all-three": ("random.seed({})", "np.random.seed({})", "tf.random.set_seed({})"),
}
_SEEDED_NAMES = {
    "keras": sentence("Keras' seed"),
    "tensorflow": sentence("TensorFlow's seed"),
    "numpy": sentence("NumPy's seed"),
    "python": sentence("Python's seed"),
    "all-three": sentence("all three seeds"),
}
_SEEDED_TENSORFLOW = ("keras", "tensorflow", "all-three")
_SHARED = "shared"
_FIRST = {
    "dense": "keras.layers.Dense({width}{initializer})",
    "convolution": "keras.layers.Conv1D({width}, 2, padding='same'{initializer})",
    "embedding": "keras.layers.Embedding({tokens}, {width}{embeddings})",
}
_X = {
    "dense": "np.linspace(0, 1, {count}).reshape({samples}, {features})",
    "convolution": "np.linspace(0, 1, {count}).reshape({samples}, {features}, 1)",
    "embedding": "np.arange({count}).reshape({samples}, {features}) % {tokens}",
}


def _write_script(experiment: Experiment) -> Script:
    writer = ScriptWriter()
    lines = [line.format(experiment["graph_seed"]) for line in _SEEDS[str(experiment["seeded"])]]
    placement = experiment["placement"]
    if is_set(experiment) and "random.seed" in [line.partition("(")[0] for line in lines]:
        writer.line("import random")
    writer.line("import keras")
    writer.line("import numpy as np")
    if is_deterministic(experiment) or (is_set(experiment) and any(line.startswith("tf.") for line in lines)):
        writer.line("import tensorflow as tf")
    writer.line()
    if is_deterministic(experiment):
        writer.line("tf.config.experimental.enable_op_determinism()")
    _write_seeds(writer, lines, is_here=placement in ("before-model", "again"))
    _write_model(writer, experiment)
    _write_seeds(writer, lines, is_here=placement in ("before-fit", "again"))
    epochs, sizes = experiment["draws_per_op"], _SIZES[str(experiment["model"])]
    for call in (1, 2):
        writer.line(f'print("mask-{call}:", model.layers[1](np.ones([1, 2, {sizes.width}]), training=True))')
    writer.line(f"history = model.fit(x, y, batch_size={sizes.batch}, epochs={epochs}, verbose=0)")
    writer.line('print("loss:", history.history["loss"])')
    writer.line('print("weights:", model.get_weights()[0])')
    writer.line('print("prediction:", model(x[:3]))')
    return writer.script()


def _write_seeds(writer: ScriptWriter, lines: list[str], *, is_here: bool) -> None:
    for line in lines if is_here else ():
        writer.seed_line(line)


def _write_model(writer: ScriptWriter, experiment: Experiment) -> None:
    model = str(experiment["model"])
    seed = "" if experiment["op_seed"] is None else f"seed={experiment['op_seed']}"
    made = f"keras.initializers.GlorotUniform({seed})"
    is_shared = experiment["initializer"] == _SHARED
    initializer = "initializer" if is_shared else (made if seed else "")
    sizes = _SIZES[model]
    samples, features = sizes.samples, sizes.features
    first = (
        _FIRST[model]
        .format(
            width=sizes.width,
            tokens=_TOKENS,
            initializer=f", kernel_initializer={initializer}" if initializer else "",
            embeddings=f", embeddings_initializer={initializer}" if initializer else "",
        )
        .replace("'", '"')
    )
    if is_shared:
        writer.line(f"initializer = {made}")
    with writer.block("model = keras.Sequential(["):
        writer.line(f"{first},")
        writer.line(f"keras.layers.Dropout(0.5{', ' + seed if seed else ''}),")
        kernel = f", kernel_initializer={initializer}" if initializer else ""
        writer.line(f"keras.layers.Dense({_UNITS}{kernel}),")
        if model != "dense":
            writer.line("keras.layers.GlobalAveragePooling1D(),")
        writer.line("keras.layers.Dense(1),")
    writer.line("])")
    writer.line('model.compile("sgd", "mse")')
    x = _X[model].format(samples=samples, features=features, count=samples * features, tokens=_TOKENS)
    writer.line(f"x = {x}")
    writer.line(f"y = np.linspace(0, 1, {samples})")
    writer.line("model.build(x.shape)")
    writer.line('print("kernel-1:", model.get_weights()[0])')
    second = 1 if model == "embedding" else 2
    writer.line(f'print("kernel-2:", model.get_weights()[{second}])')


def _restrict(experiment: Experiment) -> None:
    # The order of the samples in fit goes by TensorFlow's seed.
    check_determinism(experiment, has_seed=is_set(experiment) and experiment["seeded"] in _SEEDED_TENSORFLOW)


def _count_values(experiment: Experiment) -> int:
    # The first kernel before and after fit, the second, two masks of two rows, the losses, three predictions.
    width = _SIZES[str(experiment["model"])].width
    rows = {"convolution": 2, "embedding": _TOKENS}.get(str(experiment["model"]), _UNITS)
    return 2 * rows * width + width * _UNITS + 4 * width + experiment.number("draws_per_op") + 3


_TIMELINE = TimelineControl(
    default="before-model",
    unset=NOT_SET,
    timeline=(
        Placement(
            "before-model", sentence("before the model"), sentence("The seed is set before the layers are made.")
        ),
        Station("model"),
        Placement(
            "before-fit",
            sentence("between model and fit"),
            sentence("The seed is set when the weights have their values."),
        ),
        Placement(
            "again",
            sentence("again before fit"),
            sentence("The seed is set a second time before fit."),
            also=("before-model",),
        ),
        Station("fit"),
    ),
    reaching="before-model",
)
_SEEDED = ChoiceControl(
    name="seeded",
    title=sentence("Which seed"),
    about=sentence(
        "The seed that is set: Keras', which sets all, or TensorFlow's, NumPy's or Python's alone, or these three."
    ),
    default="keras",
    choices=tuple(_SEEDS),
    naming=lambda value: _SEEDED_NAMES[str(value)],
)

FAMILY = Family(
    name="keras",
    title="Keras",
    order=8,
    package="keras",
    controls=(
        _TIMELINE,
        _SEEDED,
        # keras.utils.set_random_seed seeds NumPy too, which takes 32 bits (keras/src/utils/rng_utils.py).
        seed_control(
            title=sentence("Seed"),
            about=sentence("Any whole number of 32 bits, which all of them take."),
            minimum=0,
            maximum=2**32 - 1,
        ),
        op_seed_control(sentence("The seed of initializers and Dropout, or none."), default=None),
        ChoiceControl(
            name="initializer",
            title=sentence("Initializer"),
            about=sentence("Whether each layer has an initializer of its own, or two share one."),
            default="own",
            choices=("own", _SHARED),
            naming=lambda value: (
                sentence("one initializer for two layers") if value == _SHARED else sentence("own initializers")
            ),
        ),
        ChoiceControl(
            name="model",
            title=sentence("Model"),
            about=sentence("What the first layer of the model is."),
            default="dense",
            choices=tuple(_FIRST),
            naming=str,
        ),
        determinism_control(),
        epochs_control(sentence("How many epochs fit has.")),
    ),
    write_script=_write_script,
    count_values=_count_values,
    restrict=_restrict,
    seed=SEED,
    doors=(
        "random.seed",
        "numpy.random.seed",
        "tf.random_seed.get_seed",
        "tf.random.set_seed",
        "keras.random.SeedGenerator",
        "keras.initializers",
    ),
)
