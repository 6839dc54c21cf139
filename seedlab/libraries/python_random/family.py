"""Python's ``random``: one hidden generator for the whole process, or a script's own ones (Lib/random.py)."""

from seedlab.phrases import sentence
from seedlab.study.controls import ChoiceControl
from seedlab.study.experiment import MAX_DRAWS, Experiment
from seedlab.study.family import (
    SEED,
    Family,
    count_half_values,
    drawn_control,
    half_draws_control,
    is_shuffled,
    seed_control,
    seed_twice_timeline,
    write_halves,
)
from seedlab.study.script import Script, ScriptWriter

_HIDDEN, _OWN = "hidden", "random-random"
_CARDS = 8
"""How many numbers are shuffled."""


def _write_script(experiment: Experiment) -> Script:
    writer = ScriptWriter()
    is_own = experiment["generator"] == _OWN
    state, seed = ("rng" if is_own else "random"), experiment["graph_seed"]
    writer.line("import random")
    writer.line()
    if is_shuffled(experiment):
        writer.line(f"numbers = list(range({_CARDS}))")
    draw = f"{state}.shuffle(numbers)" if is_shuffled(experiment) else f"{state}.random()"
    if is_own:
        return write_halves(
            writer, experiment, f"rng = random.Random({seed})", lambda _: draw, unseeded="rng = random.Random()"
        )
    return write_halves(writer, experiment, f"random.seed({seed})", lambda _: draw)


def _count_values(experiment: Experiment) -> int:
    return count_half_values(experiment) * (_CARDS if is_shuffled(experiment) else 1)


FAMILY = Family(
    name="python-random",
    title=sentence("Python random"),
    order=1,
    package=None,
    controls=(
        seed_twice_timeline(sentence("the generator")),
        seed_control(
            title=sentence("Seed"),
            # random.Random.seed takes any int and drops its sign (Modules/_randommodule.c, random_seed).
            about=sentence("Any whole number of 64 bits; Python drops its sign, so -1 seeds like 1."),
            minimum=-(2**63),
            maximum=2**63 - 1,
        ),
        ChoiceControl(
            name="generator",
            title=sentence("Drawn from"),
            about=sentence("The module's hidden generator, or a random.Random of the script's own."),
            default=_HIDDEN,
            choices=(_HIDDEN, _OWN),
            naming=lambda value: "random.Random" if value == _OWN else sentence("the module's generator"),
        ),
        drawn_control(sentence("Values, or a list that each draw shuffles in place.")),
        half_draws_control(MAX_DRAWS),
    ),
    write_script=_write_script,
    count_values=_count_values,
    seed=SEED,
    doors=("random.seed", "random.Random"),
)
