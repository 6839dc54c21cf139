"""What gives TensorFlow's graphs, eager mode and ops a seed, and makes its ops deterministic."""

from seedlab.study.remedies import Holding, SeedArgument, Seeding

_EAGER = (("tensorflow", "eager"), ("tensorflow", "function"))

REMEDIES = (
    Seeding(functions=("tensorflow.random.set_seed",), states=_EAGER, package="tensorflow"),
    # The eager mode's seed does not reach the ops of a graph (tensorflow/python/framework/random_seed.py, get_seed).
    Seeding(
        functions=("tensorflow.compat.v1.set_random_seed",),
        aliases=("tensorflow.set_random_seed",),
        states=(("tensorflow", "graph"), ("tensorflow", "default graph")),
        package="tensorflow",
        in_graph=True,
    ),
    SeedArgument(doors=("tf.random.set_seed",), functions=("tensorflow.random.set_seed",)),
    SeedArgument(
        doors=("tf.Graph.seed",),
        functions=("tensorflow.compat.v1.set_random_seed", "tensorflow.set_random_seed", "tensorflow.random.set_seed"),
    ),
    SeedArgument(doors=("tf op seed", "tf stateless seed"), functions=(), keyword="seed"),
    # From TensorFlow 2.8 on. Ops without a seed raise an error then.
    Holding(
        hold="op determinism",
        functions=("tensorflow.config.experimental.enable_op_determinism",),
        seeds=_EAGER,
        is_escalation=True,
    ),
    Holding(
        hold="one thread",
        functions=("tensorflow.config.threading.set_intra_op_parallelism_threads",),
        arguments="1",
        is_escalation=True,
    ),
)
