"""Python's ``random``: one hidden generator for the whole process (Lib/random.py)."""

from seedlab.study.experiment import MAX_DRAWS, Experiment
from seedlab.study.family import (
    SEED,
    Family,
    count_half_values,
    half_draws_control,
    seed_control,
    seed_twice_comparisons,
    seed_twice_timeline,
    write_halves,
)
from seedlab.study.script import Script, ScriptWriter


def _write_script(experiment: Experiment) -> Script:
    writer = ScriptWriter()
    writer.line("import random")
    writer.line()
    return write_halves(writer, experiment, f"random.seed({experiment['graph_seed']})", "random.random()")


_TIMELINE = seed_twice_timeline("the module's one generator")

FAMILY = Family(
    name="python-random",
    title="Python random",
    order=1,
    package=None,
    controls=(
        _TIMELINE,
        seed_control(
            title="Seed",
            # random.Random.seed takes any int and drops its sign (Modules/_randommodule.c, random_seed).
            about="Any whole number of 64 bits; Python drops its sign, so -1 seeds like 1.",
            minimum=-(2**63),
            maximum=2**63 - 1,
        ),
        half_draws_control(MAX_DRAWS),
    ),
    write_script=_write_script,
    count_values=count_half_values,
    seed=SEED,
    comparisons=seed_twice_comparisons(_TIMELINE),
    doors=("random.seed", "random.Random"),
)
