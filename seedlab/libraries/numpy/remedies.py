"""What gives NumPy's global state and its generators a seed."""

from seedlab.study.remedies import SeedArgument, Seeding

_GENERATORS = ("default_rng", "RandomState", "PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64")

REMEDIES = (
    Seeding(functions=("numpy.random.seed",), states=(("numpy", "global"),), package="numpy"),
    SeedArgument(doors=("numpy.random.seed",), functions=("numpy.random.seed",)),
    # A seed sequence that gets no seed is most often one that something else has made.
    SeedArgument(
        doors=("numpy.random.SeedSequence",),
        functions=("numpy.random.SeedSequence", *(f"numpy.random.{name}" for name in _GENERATORS)),
    ),
    SeedArgument(doors=("numpy.random.RandomState.seed",), functions=("numpy.random.RandomState.seed",)),
    *(SeedArgument(doors=(f"numpy.random.{name}",), functions=(f"numpy.random.{name}",)) for name in _GENERATORS),
)
