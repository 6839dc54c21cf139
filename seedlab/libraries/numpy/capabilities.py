"""The capabilities of NumPy."""

from seedlab.study.capabilities import Capabilities

CAPABILITIES = Capabilities(
    package="numpy",
    title="NumPy",
    distributions=("numpy",),
    order=2,
    prepares=("numpy",),
    # From NumPy 2 on, numpy/__init__.py imports it only on first use.
    late=("numpy.random",),
    safe_modules=("numpy",),
    # 45 MB with NumPy 2.4, rounded up.
    cold_bytes=60 * 2**20,
    fork_bytes=128 * 2**20,
    usual_names=(("np", "numpy"),),
    drawing_names=("random", "normal", "rng", "seed"),
    telling_attributes=(
        "load",
        "fromfile",
        "memmap",
        "save",
        "savez",
        "ctypeslib",
        "ctypes",
        "distutils",
        "f2py",
        "testing",
        "show_config",
        "lib",
    ),
    renews=("numpy.random",),
)
