"""NumPy's ``default_rng``: a generator that the script holds itself (numpy/random/_generator.pyx)."""

from seedlab.study.experiment import MAX_DRAWS, MAX_SAMPLE_SIZE, Experiment
from seedlab.study.family import (
    SEED,
    Family,
    count_half_values,
    half_draws_control,
    seed_control,
    seed_twice_comparisons,
    seed_twice_timeline,
    size_control,
    write_halves,
)
from seedlab.study.script import Script, ScriptWriter


def _write_script(experiment: Experiment) -> Script:
    writer = ScriptWriter()
    writer.line("import numpy as np")
    writer.line()
    seed = f"rng = np.random.default_rng({experiment['graph_seed']})"
    draw = f"rng.random({experiment['sample_size']})"
    return write_halves(writer, experiment, seed, draw, unseeded="rng = np.random.default_rng()")


_TIMELINE = seed_twice_timeline("the generator")

FAMILY = Family(
    name="numpy-generator",
    title="NumPy default_rng",
    order=3,
    package="numpy",
    controls=(
        _TIMELINE,
        seed_control(
            title="Seed",
            # numpy/random/bit_generator.pyx, SeedSequence: any non-negative int.
            about="default_rng takes any whole number that is not negative; here up to 2\u2076\u00b3 - 1.",
            minimum=0,
            maximum=2**63 - 1,
        ),
        size_control(MAX_SAMPLE_SIZE),
        half_draws_control(MAX_DRAWS),
    ),
    write_script=_write_script,
    count_values=count_half_values,
    seed=SEED,
    comparisons=seed_twice_comparisons(_TIMELINE),
    doors=("numpy.random.default_rng",),
)
