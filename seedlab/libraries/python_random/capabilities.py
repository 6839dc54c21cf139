"""The capabilities of Python itself, with the modules of its standard library that may be imported beforehand."""

from seedlab.study.capabilities import Capabilities

CAPABILITIES = Capabilities(
    title="Python",
    prepares=("random",),
    safe_modules=("math", "random"),
    # 15 MB with Python 3.11, rounded up.
    cold_bytes=20 * 2**20,
    # Counted like TensorFlow's: what a small script does beside drawing is not known.
    fork_bytes=128 * 2**20,
    drawing_names=("random", "seed"),
    telling_attributes=("environ",),
    renews=("random",),
)
