"""What gives ``tf.random.Generator`` a seed."""

from seedlab.study.remedies import SeedArgument

REMEDIES = (
    SeedArgument(
        doors=("tf.random.Generator.from_non_deterministic_state",),
        functions=("tensorflow.random.Generator.from_non_deterministic_state",),
        becomes="from_seed",
    ),
)
