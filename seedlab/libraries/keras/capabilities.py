"""The capabilities of Keras 3, which imports TensorFlow."""

from seedlab.study.capabilities import Capabilities

CAPABILITIES = Capabilities(
    package="keras",
    title="Keras",
    distributions=("keras", "keras_nightly"),
    # What it computes with.
    release="TensorFlow 2.21",
    last_python="3.13",
    order=3,
    # It starts no thread and makes no eager context as it is imported: 300 forks without a hang.
    prepares=("keras",),
    # It imports NumPy, which imports this module only on first use.
    late=("numpy.random",),
    safe_modules=("keras",),
    # 750 MB with Keras 3.15 on TensorFlow 2.21, rounded up.
    cold_bytes=800 * 2**20,
    fork_bytes=128 * 2**20,
    drawing_names=("seed", "dropout", "initializer"),
)
