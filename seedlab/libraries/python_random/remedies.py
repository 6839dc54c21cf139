"""What gives Python's generators a seed."""

from seedlab.study.remedies import Hopeless, SeedArgument, Seeding

REMEDIES = (
    Seeding(functions=("random.seed",), states=(("python", "global"),), package="random"),
    SeedArgument(doors=("random.Random",), functions=("random.Random",)),
    SeedArgument(doors=("random.seed",), functions=("random.seed",)),
    Hopeless(code="system-entropy", doors=("random.SystemRandom",)),
)
