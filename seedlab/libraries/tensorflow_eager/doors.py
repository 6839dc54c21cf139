"""Observes, holds and turns the op of TensorFlow that asks nobody for a seed where it is given none."""

BOUNDING_BOX = "tf.image.sample_distorted_bounding_box"


def watch_bounding_box(module, observer):
    """Observe ``sample_distorted_bounding_box_v2``: without a seed it gets (0, 0), which is the system's entropy.

    tensorflow/python/ops/image_ops_impl.py calls it so; others may give it seeds of their own.
    """
    original = module.sample_distorted_bounding_box_v2

    def observed(*args, **kwargs):
        if kwargs.get("seed", 0) or kwargs.get("seed2", 0) or len(args) > 2:
            return original(*args, **kwargs)
        value = observer.value("taken", BOUNDING_BOX)
        observer.source("taken", "tensorflow", "op", BOUNDING_BOX)
        if value is not None:
            kwargs["seed"], kwargs["seed2"] = (number + 1 for number in value.numbers(2, 30))
        return original(*args, **kwargs)

    module.sample_distorted_bounding_box_v2 = observer.stand_in(original, observed)


DOORS = (
    (
        "tf.image.sample_distorted_bounding_box",
        ("tensorflow.python.ops.gen_image_ops", "tensorflow_core.python.ops.gen_image_ops"),
        watch_bounding_box,
    ),
)
RENEWALS = {}
