"""NumPy: its global state (numpy/random/mtrand.pyx), and generators that a script makes itself (_generator.pyx)."""

from seedlab.errors import ChoiceError
from seedlab.phrases import sentence
from seedlab.study.controls import ChoiceControl
from seedlab.study.experiment import MAX_DRAWS, MAX_SAMPLE_SIZE, Experiment
from seedlab.study.family import (
    NOT_SET,
    SEED,
    Family,
    count_half_values,
    drawn_control,
    half_draws_control,
    is_shuffled,
    seed_control,
    seed_twice_timeline,
    size_control,
    write_halves,
)
from seedlab.study.script import Script, ScriptWriter

_GLOBAL, _STATE, _HANDED, _SPAWNED, _SEEDS = "global", "random-state", "handed", "spawned", "seeds"
_ITSELF, _KERAS = "generator", "keras"
_SET_ELSEWHERE = {"global": "np.random.seed({})", _KERAS: "keras.utils.set_random_seed({})"}
"""The statement that sets the seed where the generator does not get it itself."""
_MOST_OF_OLD = 2**32 - 1
"""numpy/random/_mt19937.pyx, _legacy_seeding: "Seed must be between 0 and 2**32 - 1"."""


def _write_script(experiment: Experiment) -> Script:
    writer = ScriptWriter()
    generator, seed = experiment["generator"], experiment["graph_seed"]
    set_elsewhere = _SET_ELSEWHERE.get(str(experiment["seeded"]), "")
    if _imports_keras(experiment):
        writer.line("import keras")
    writer.line("import numpy as np")
    writer.line()
    if generator == _HANDED:
        with writer.block("def draw(generator):"):
            writer.line(f"return {_draw('generator', experiment)}")
        writer.line()
    if is_shuffled(experiment):
        writer.line(f"numbers = np.arange({experiment['sample_size']})")

    def drawing(number: int) -> str:
        if generator == _GLOBAL:
            return _draw("np.random", experiment)
        if generator == _HANDED:
            return "draw(rng)"
        return _draw(f"rngs[{(number - 1) % 3}]" if generator in (_SPAWNED, _SEEDS) else "rng", experiment)

    if generator == _GLOBAL:
        statement = set_elsewhere or _SET_ELSEWHERE["global"]
        return write_halves(writer, experiment, statement.format(seed), drawing)
    if not set_elsewhere:
        return write_halves(writer, experiment, _made(experiment, seed), drawing, unseeded=_made(experiment, None))
    writer.line(_made(experiment, None))
    return write_halves(writer, experiment, set_elsewhere.format(seed), drawing)


def _imports_keras(experiment: Experiment) -> bool:
    return experiment["seeded"] == _KERAS and experiment["placement"] != NOT_SET.name


def _draw(state: str, experiment: Experiment) -> str:
    if is_shuffled(experiment):
        return f"{state}.shuffle(numbers)"
    function = "rand" if experiment["generator"] in (_GLOBAL, _STATE) else "random"
    return f"{state}.{function}({experiment['sample_size']})"


def _made(experiment: Experiment, seed: object) -> str:
    """Return the statement that makes the generators from ``seed``; None stands for the system's entropy."""
    given = "" if seed is None else seed
    match experiment["generator"]:
        case "random-state":
            return f"rng = np.random.RandomState({given})"
        case "spawned":
            return f"rngs = [np.random.default_rng(s) for s in np.random.SeedSequence({given}).spawn(3)]"
        case "seeds" if isinstance(seed, int):
            return f"rngs = [np.random.default_rng(s) for s in ({seed}, {seed + 1}, {seed + 2})]"
        case "seeds":
            return "rngs = [np.random.default_rng() for _ in range(3)]"
        case _:
            return f"rng = np.random.default_rng({given})"


def _restrict(experiment: Experiment) -> None:
    is_old = experiment["generator"] in (_GLOBAL, _STATE) or experiment["seeded"] != _ITSELF
    if is_old and experiment.number("graph_seed") > _MOST_OF_OLD:
        what = sentence("Seed cannot be {seed}.", seed=experiment["graph_seed"])
        advice = sentence("Choose a whole number from 0 to {most}, or seed a default_rng itself.", most=_MOST_OF_OLD)
        raise ChoiceError("graph_seed", what, advice)


FAMILY = Family(
    name="numpy",
    title="NumPy",
    order=2,
    package="numpy",
    formerly={"numpy-legacy": {"generator": _GLOBAL}, "numpy-generator": {"generator": "default-rng"}},
    controls=(
        seed_twice_timeline(sentence("the state")),
        seed_control(
            title=sentence("Seed"),
            # default_rng takes any int from 0 (numpy/random/bit_generator.pyx, _int_to_uint32_array).
            about=sentence("0 to 2⁶³ - 1; NumPy's global state and RandomState take at most 2³² - 1."),
            minimum=0,
            maximum=2**63 - 1,
        ),
        ChoiceControl(
            name="generator",
            title=sentence("Drawn from"),
            about=sentence(
                "The global state, a RandomState, a default_rng, one that is handed to a function, or three "
                "of them: spawned from one seed, or with seeds that count up."
            ),
            default=_GLOBAL,
            choices=(_GLOBAL, _STATE, "default-rng", _HANDED, _SPAWNED, _SEEDS),
            naming=str,
        ),
        ChoiceControl(
            name="seeded",
            title=sentence("What is seeded"),
            about=sentence("The state that is drawn from, NumPy's global state, or all that Keras seeds."),
            default=_ITSELF,
            choices=(_ITSELF, *_SET_ELSEWHERE),
            naming=lambda value: (
                sentence("seeded itself") if value == _ITSELF else sentence("seed of {value}", value=value)
            ),
        ),
        drawn_control(sentence("Values, or an array that each draw shuffles in place.")),
        size_control(MAX_SAMPLE_SIZE),
        half_draws_control(MAX_DRAWS),
    ),
    write_script=_write_script,
    count_values=count_half_values,
    also_needs=lambda experiment: _KERAS if _imports_keras(experiment) else None,
    restrict=_restrict,
    seed=SEED,
    doors=("numpy.random.seed", "numpy.random.RandomState", "numpy.random.default_rng", "numpy.random.SeedSequence"),
)
