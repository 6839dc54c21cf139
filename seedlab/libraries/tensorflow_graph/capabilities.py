"""The capabilities of TensorFlow."""

from seedlab.study.capabilities import Capabilities

CAPABILITIES = Capabilities(
    package="tensorflow",
    title="TensorFlow",
    short="TF",
    distributions=(
        "tensorflow",
        "tensorflow_cpu",
        "tensorflow_gpu",
        "tensorflow_intel",
        "tensorflow_macos",
        "tf_nightly",
    ),
    release="TensorFlow 2.21",
    last_python="3.13",
    order=1,
    prepares=("tensorflow",),
    # TensorFlow imports NumPy, which imports this module only on first use.
    late=("numpy.random",),
    safe_modules=("tensorflow",),
    # 650 MB with TensorFlow 2.21, rounded up.
    cold_bytes=700 * 2**20,
    # Some 70 MB, measured like ``cold_bytes``; nearly twice that is reserved.
    fork_bytes=128 * 2**20,
    drawing_names=("random", "normal", "seed"),
    telling_attributes=(
        "config",
        "load",
        "save",
        "io",
        "train",
        "estimator",
        "profiler",
        "debugging",
        "sysconfig",
    ),
)
