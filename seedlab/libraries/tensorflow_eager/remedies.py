"""What gives a seed to the op that asks nobody for one."""

from seedlab.study.remedies import SeedArgument

REMEDIES = (
    SeedArgument(
        doors=("tf.image.sample_distorted_bounding_box",),
        functions=("tensorflow.image.sample_distorted_bounding_box",),
        keyword="seed",
    ),
)
