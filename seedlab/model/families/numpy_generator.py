"""NumPy's ``default_rng``: a generator that the script holds itself (numpy/random/_generator.pyx)."""

from seedlab.model.experiment import MAX_DRAWS, MAX_SAMPLE_SIZE, Experiment, IntegerControl
from seedlab.model.families._family import NOT_SET, Family, draws_control, seed_twice_timeline, write_halves
from seedlab.model.script import Script, ScriptWriter


def _write_script(experiment: Experiment) -> Script:
    writer = ScriptWriter()
    writer.line("import numpy as np")
    writer.line()
    seed = f"rng = np.random.default_rng({experiment.graph_seed})"
    draw = f"rng.random({experiment.sample_size})"
    return write_halves(writer, experiment, seed, draw, unseeded="rng = np.random.default_rng()")


FAMILY = Family(
    name="numpy-generator",
    title="NumPy default_rng",
    order=3,
    package="numpy",
    default=Experiment(library="numpy-generator", placement="again", draws_per_op=3),
    timeline=seed_twice_timeline("the generator"),
    unset=NOT_SET,
    controls=(
        IntegerControl(
            field="graph_seed",
            title="Seed",
            # numpy/random/bit_generator.pyx, SeedSequence: any non-negative int.
            about="default_rng takes any whole number that is not negative; here up to 2\u2076\u00b3 - 1.",
            minimum=0,
            maximum=2**63 - 1,
        ),
        IntegerControl(
            field="sample_size", title="Values per draw", about="Values that one draw returns.",
            minimum=1, maximum=MAX_SAMPLE_SIZE,
        ),
        draws_control(MAX_DRAWS),
    ),
    write_script=_write_script,
)  # fmt: skip
