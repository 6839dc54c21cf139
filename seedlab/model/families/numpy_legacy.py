"""NumPy's legacy global state: ``numpy.random.seed`` and ``rand`` (numpy/random/mtrand.pyx)."""

from seedlab.model.experiment import MAX_DRAWS, MAX_SAMPLE_SIZE, Experiment, IntegerControl
from seedlab.model.families._family import NOT_SET, Family, draws_control, seed_twice_timeline, write_halves
from seedlab.model.script import Script, ScriptWriter


def _write_script(experiment: Experiment) -> Script:
    writer = ScriptWriter()
    writer.line("import numpy as np")
    writer.line()
    seed = f"np.random.seed({experiment.graph_seed})"
    return write_halves(writer, experiment, seed, f"np.random.rand({experiment.sample_size})")


FAMILY = Family(
    name="numpy-legacy",
    title="NumPy global state",
    order=2,
    package="numpy",
    default=Experiment(library="numpy-legacy", placement="again", draws_per_op=3),
    timeline=seed_twice_timeline("the global state"),
    unset=NOT_SET,
    controls=(
        IntegerControl(
            field="graph_seed",
            title="Seed",
            # numpy/random/_mt19937.pyx, _legacy_seeding: "Seed must be between 0 and 2**32 - 1".
            about="What numpy.random.seed takes: 0 to 2\u00b3\u00b2 - 1.",
            minimum=0,
            maximum=2**32 - 1,
        ),
        IntegerControl(
            field="sample_size", title="Values per draw", about="Values that one draw returns.",
            minimum=1, maximum=MAX_SAMPLE_SIZE,
        ),
        draws_control(MAX_DRAWS),
    ),
    write_script=_write_script,
)  # fmt: skip
