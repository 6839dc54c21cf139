"""What people ask most about seeds today, each with the experiment that answers it.

An answer is given only where the runs, and the inquiry into them, show what it says.
"""

from seedlab.libraries.registry import experiment_of
from seedlab.phrases import noted
from seedlab.study.experiment import Choice
from seedlab.study.preset import Expectation, Preset

_SET_SEED = "tf.random.set_seed"
_KERNELS = ("kernel-1", "kernel-2")


def _preset(name: str, title: str, answer: str, expects: Expectation, library: str, **choices: Choice) -> Preset:
    return Preset(name=name, title=title, answer=answer, expects=expects, experiment=experiment_of(library, **choices))


_PRESETS = (
    _preset(
        "keras-tensorflow-seed",
        noted("Does tf.random.set_seed seed Keras?"),
        noted(
            "No. Keras takes the seeds of its layers from Python's random; only the order of the samples "
            "follows TensorFlow's seed."
        ),
        Expectation(
            differs=(*_KERNELS, "mask-1", "loss"),
            moved=(("loss", _SET_SEED),),
            unmoved=(("kernel-1", _SET_SEED), ("mask-1", _SET_SEED)),
        ),
        "keras",
        seeded="tensorflow",
    ),
    _preset(
        "keras-numpy-seed",
        noted("Does np.random.seed seed Keras?"),
        noted("No. Nothing in this model or its training draws from NumPy's global state."),
        Expectation(differs=(*_KERNELS, "mask-1", "loss"), unmoved=(("kernel-1", "numpy.random.seed"),)),
        "keras",
        seeded="numpy",
    ),
    _preset(
        "keras-python-seed",
        noted("Does random.seed seed Keras?"),
        noted(
            "Half of it. Weights and Dropout follow Python's random, but the order of the samples, and "
            "with it the loss, goes by TensorFlow's seed."
        ),
        Expectation(repeats=(*_KERNELS, "mask-1"), differs=("loss", "weights"), moved=(("kernel-1", "random.seed"),)),
        "keras",
        seeded="python",
    ),
    _preset(
        "keras-all-seeds",
        noted("Does keras.utils.set_random_seed make a training repeat?"),
        noted("Yes, for this model. It seeds Python's random, NumPy and TensorFlow at once."),
        Expectation(repeats=(*_KERNELS, "mask-1", "loss", "weights", "prediction")),
        "keras",
    ),
    _preset(
        "keras-seed-after-model",
        noted("What if the seed is set after the model was built?"),
        noted(
            "Then the layers have their seeds already: first weights and what Dropout drops differ, and "
            "so does the loss."
        ),
        Expectation(differs=(*_KERNELS, "mask-1", "loss", "weights")),
        "keras",
        placement="before-fit",
    ),
    _preset(
        "keras-one-initializer",
        noted("Do two layers with one initializer start alike?"),
        noted("Yes. An initializer keeps the seed that it was made with and starts from it each time."),
        Expectation(equal=(_KERNELS,), differs=("kernel-1",)),
        "keras",
        placement="none",
        initializer="shared",
    ),
    _preset(
        "keras-dropout-seed",
        noted("Does Dropout(seed=1) drop the same each time?"),
        noted("From run to run, yes; from call to call, no. Its generator goes on."),
        Expectation(repeats=("mask-1", "mask-2"), unequal=(("mask-1", "mask-2"),)),
        "keras",
        placement="none",
        op_seed=1,
    ),
    _preset(
        "keras-embedding",
        noted("Are the same seeds enough with an embedding?"),
        noted(
            "No. The rows of its gradient are added in an order that threads decide, on a CPU too: "
            "tf.config.experimental.enable_op_determinism() makes it repeat."
        ),
        Expectation(repeats=_KERNELS, differs=("weights",), helped=(("weights", "op determinism"),)),
        "keras",
        model="embedding",
    ),
    _preset(
        "numpy-global-seed",
        noted("Does np.random.seed seed default_rng()?"),
        noted("No. A generator of default_rng has a state of its own, and without a seed it takes entropy."),
        Expectation(differs=("1", "4"), unmoved=(("1", "numpy.random.seed"),)),
        "numpy",
        placement="once",
        generator="default-rng",
        seeded="global",
    ),
    _preset(
        "numpy-keras-seed",
        noted("Does keras.utils.set_random_seed seed default_rng()?"),
        noted("No. It seeds NumPy's global state, which default_rng does not use."),
        Expectation(differs=("1", "4"), unmoved=(("1", "random.seed"), ("1", "numpy.random.seed"), ("1", _SET_SEED))),
        "numpy",
        placement="once",
        generator="default-rng",
        seeded="keras",
    ),
    _preset(
        "numpy-shuffle-again",
        noted("Why does the same seed shuffle an array otherwise the second time?"),
        noted("A shuffle in place goes on from the order that it finds, and that is another one by then."),
        Expectation(repeats=("1", "4"), unequal=(("1", "4"),), moved=(("4", "numpy.random.seed"),)),
        "numpy",
        drawn="shuffle",
        sample_size=8,
    ),
    _preset(
        "eager-op-seed",
        noted("Why does an op with a seed of its own draw something new each time?"),
        noted("An op seed starts a sequence. Each call goes on in it, and every run has the same sequence."),
        Expectation(repeats=("op2-1", "op2-2"), unequal=(("op2-1", "op2-2"),)),
        "tensorflow-eager",
        placement="none",
        op_seed=1,
    ),
    _preset(
        "eager-same-op-seed",
        noted("Do two ops with the same op seed draw the same?"),
        noted("No. In eager mode they share one sequence: the second goes on where the first has stopped."),
        Expectation(repeats=("op1-1", "op2-1"), unequal=(("op1-1", "op2-1"),)),
        "tensorflow-eager",
        placement="none",
        op_seed=1,
        seeded_ops="both",
    ),
    _preset(
        "eager-seed-again",
        noted("What does tf.random.set_seed do in a loop?"),
        noted("It makes every pass the same: the ops get the same seeds again."),
        Expectation(repeats=("op1-1", "op1-2"), equal=(("op1-1", "op1-2"),)),
        "tensorflow-eager",
        placement="each",
    ),
    _preset(
        "eager-ignores-seed",
        noted("Is there an op that ignores tf.random.set_seed?"),
        noted(
            "Yes. tf.image.sample_distorted_bounding_box never asks for the global seed: it needs one of "
            "its own, not 0."
        ),
        Expectation(differs=("op1-1", "op2-1"), unmoved=(("op1-1", _SET_SEED),)),
        "tensorflow-eager",
        distribution="bounding-box",
    ),
    _preset(
        "function-seed-after-tracing",
        noted("What if the seed is set after a tf.function was traced?"),
        noted("It is too late. The op got its seeds when it was traced, and keeps them."),
        Expectation(differs=("op1-1", "op1-2"), unmoved=(("op1-2", _SET_SEED),)),
        "tensorflow-function",
        placement="after-tracing",
    ),
    _preset(
        "function-second-call",
        noted("Why does the second call of a tf.function draw something else?"),
        noted("It makes no new op: the op goes on in its sequence. Every run has the same sequence."),
        Expectation(repeats=("op1-1", "op1-2", "op1-3"), unequal=(("op1-1", "op1-2"), ("op1-2", "op1-3"))),
        "tensorflow-function",
        draws_per_op=3,
    ),
    _preset(
        "function-twins",
        noted("Do two functions with the same body draw the same?"),
        noted("Yes. Each is traced into a graph of its own, where the numbering of the ops starts anew."),
        Expectation(repeats=("op1-1", "op2-1"), equal=(("op1-1", "op2-1"), ("op1-2", "op2-2"))),
        "tensorflow-function",
    ),
    _preset(
        "generator-set-seed",
        noted("Does tf.random.set_seed seed a tf.random.Generator?"),
        noted("No. A generator has a state of its own: give it a seed with from_seed."),
        Expectation(differs=("op1-1", "op1-2"), unmoved=(("op1-1", _SET_SEED),)),
        "tensorflow-generator",
        generator="from-system",
    ),
    _preset(
        "stateless-pair",
        noted("Why does a stateless op draw the same again and again?"),
        noted("It has no state: the same pair gives the same values. Count one number of the pair up."),
        Expectation(repeats=("op2-1", "op2-2"), equal=(("op2-1", "op2-2"),)),
        "tensorflow-generator",
    ),
    _preset(
        "data-shuffle-seed",
        noted("Does shuffle(seed=1) shuffle each epoch alike?"),
        noted("No. Each epoch has another order, and every run has the same ones."),
        Expectation(repeats=("op1-1", "op1-2"), unequal=(("op1-1", "op1-2"),)),
        "tensorflow-data",
        placement="none",
        op_seed=1,
    ),
    _preset(
        "data-parallel-map",
        noted("Is a seed enough for a random op in a parallel map?"),
        noted(
            "No. Which element gets which number depends on threads; make the map sequential, or draw by stateless ops."
        ),
        Expectation(differs=("op2-1",)),
        "tensorflow-data",
        calls="parallel",
        mapped="random",
        sample_size=200,
    ),
    _preset(
        "graph-constant-more",
        noted("Does a constant more in the graph change the draws?"),
        noted(
            "No. Only random ops without a seed of their own are counted: op1 still has the number 0, as "
            "the seed of op2."
        ),
        Expectation(repeats=("op1-1", "op2-1"), equal=(("op1-1", "op2-1"),)),
        "tensorflow-graph",
        placement="after-graph",
        extra="constant",
        op_seed=0,
    ),
    _preset(
        "graph-op-more",
        noted("Does a random op more in the graph change the draws?"),
        noted(
            "Yes, those of each later op without a seed: op1 has the number 1 now, and draws as op2, "
            "whose op seed is 1."
        ),
        Expectation(repeats=("op1-1", "op2-1"), equal=(("op1-1", "op2-1"), ("op1-2", "op2-2"))),
        "tensorflow-graph",
        placement="after-graph",
        extra="op",
    ),
    _preset(
        "graph-collision",
        noted("Can an op without a seed draw the same as one with a seed?"),
        noted(
            "Yes, where its number in the graph is the other's op seed: op1 has the number 0, and op2 the op seed 0."
        ),
        Expectation(repeats=("op1-1", "op2-1"), equal=(("op1-1", "op2-1"), ("op1-2", "op2-2"))),
        "tensorflow-graph",
        placement="after-graph",
        op_seed=0,
    ),
    _preset(
        "graph-seed-modulo",
        noted("Are 1 and 2147483648 different seeds?"),
        noted("No. TensorFlow keeps seeds modulo 2147483647: op2 draws as op1, whose number in the graph is 1."),
        Expectation(repeats=("op1-1", "op2-1"), equal=(("op1-1", "op2-1"), ("op1-2", "op2-2"))),
        "tensorflow-graph",
        placement="after-graph",
        extra="op",
        op_seed=2147483648,
    ),
    _preset(
        "hash-seed-too-late",
        noted("Does PYTHONHASHSEED help when the script sets it?"),
        noted("No. Python reads it as it starts; set it outside."),
        Expectation(differs=("hashes",), helped=(("hashes", "hash secret"),)),
        "hash-order",
        placement="inside",
    ),
    _preset(
        "replicas-op-seed",
        noted("Do replicas draw the same?"),
        noted("With an op seed, yes: each replica starts the same sequence."),
        Expectation(repeats=("replica-1",), equal=(("replica-1", "replica-2"),)),
        "tensorflow-device",
        replicas="two",
        op_seed=1,
    ),
    _preset(
        "device-fallback",
        noted("Does an op for the GPU run on the GPU?"),
        noted("Not where there is none: in eager mode it runs on the CPU, without a word."),
        Expectation(repeats=("device",), printing=(("device", "CPU"),)),
        "tensorflow-device",
        device="GPU:0",
    ),
)
TODAY = {preset.name: preset for preset in _PRESETS}
