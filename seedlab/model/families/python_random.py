"""Python's ``random``: one hidden generator for the whole process (Lib/random.py)."""

from seedlab.model.experiment import MAX_DRAWS, Experiment, IntegerControl
from seedlab.model.families._family import NOT_SET, Family, draws_control, seed_twice_timeline, write_halves
from seedlab.model.script import Script, ScriptWriter


def _write_script(experiment: Experiment) -> Script:
    writer = ScriptWriter()
    writer.line("import random")
    writer.line()
    return write_halves(writer, experiment, f"random.seed({experiment.graph_seed})", "random.random()")


FAMILY = Family(
    name="python-random",
    title="Python random",
    order=1,
    package=None,
    default=Experiment(library="python-random", placement="again", sample_size=1, draws_per_op=3),
    timeline=seed_twice_timeline("the module's one generator"),
    unset=NOT_SET,
    controls=(
        IntegerControl(
            field="graph_seed",
            title="Seed",
            # random.Random.seed takes any int and drops its sign (Modules/_randommodule.c, random_seed).
            about="Any whole number of 64 bits; Python drops its sign, so -1 seeds like 1.",
            minimum=-(2**63),
            maximum=2**63 - 1,
        ),
        draws_control(MAX_DRAWS),
    ),
    write_script=_write_script,
)
