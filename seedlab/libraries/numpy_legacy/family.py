"""NumPy's legacy global state: ``numpy.random.seed`` and ``rand`` (numpy/random/mtrand.pyx)."""

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
    seed = f"np.random.seed({experiment['graph_seed']})"
    return write_halves(writer, experiment, seed, f"np.random.rand({experiment['sample_size']})")


_TIMELINE = seed_twice_timeline("the global state")

FAMILY = Family(
    name="numpy-legacy",
    title="NumPy global state",
    order=2,
    package="numpy",
    controls=(
        _TIMELINE,
        seed_control(
            title="Seed",
            # numpy/random/_mt19937.pyx, _legacy_seeding: "Seed must be between 0 and 2**32 - 1".
            about="What numpy.random.seed takes: 0 to 2\u00b3\u00b2 - 1.",
            minimum=0,
            maximum=2**32 - 1,
        ),
        size_control(MAX_SAMPLE_SIZE),
        half_draws_control(MAX_DRAWS),
    ),
    write_script=_write_script,
    count_values=count_half_values,
    seed=SEED,
    comparisons=seed_twice_comparisons(_TIMELINE),
    doors=("numpy.random.seed",),
)
