"""The families: how their scripts read, what the scripts draw, and which choices are refused."""

import ast
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import seedlab
from seedlab.errors import ChoiceError
from seedlab.libraries.registry import FAMILIES, LIBRARIES, check, check_batch, experiment_of, script_of
from seedlab.study.controls import (
    ChoiceControl,
    Control,
    DeviceControl,
    IntegerControl,
    Placement,
    TimelineControl,
)
from seedlab.study.experiment import MAX_RUNS, MAX_VALUES, Choice, Experiment
from seedlab.study.family import Family
from seedlab.study.script import Script
from tests.helpers.values import draw, executed, labels_in, values_of

SEED = 7919
"""Stands nowhere else in a script."""
PLACED = [
    pytest.param(family, placement, id=f"{family.name}:{placement.name}")
    for family in FAMILIES.values()
    for placement in family.placements
]
CONTROLS = [
    pytest.param(family, control, id=f"{family.name}:{control.name}")
    for family in FAMILIES.values()
    for control in family.controls
]
UNCONTROLLED = [
    pytest.param(family, control.name, id=f"{family.name}:{control.name}")
    for family in FAMILIES.values()
    for control in FAMILIES["tensorflow-graph"].controls
    if family.control(control.name) is None
]
TODAY = [
    "tensorflow-eager",
    "tensorflow-function",
    "tensorflow-generator",
    "tensorflow-data",
    "keras",
    "hash-order",
    "tensorflow-device",
]
SEED_TWICE = ["python-random", "numpy-legacy", "numpy-generator"]
"""Those that set the seed again half way; NumPy by its earlier names, which stand for what is drawn from."""


def with_choices(library: str, **choices: Any) -> Experiment:
    """The default experiment of ``library``, with what is chosen, right or wrong."""
    return experiment_of(library, **choices)


def tensorflow_script(**choices: Any) -> Script:
    return script_of(with_choices("tensorflow-graph", **choices))


# --- the folder --------------------------------------------------------------------------------


def test_the_libraries_are_the_folders() -> None:
    folders = {path.parent.name for path in Path(seedlab.__file__).parent.glob("libraries/*/family.py")}
    assert {name.replace("-", "_") for name in FAMILIES} == folders


def test_families_stand_in_their_order() -> None:
    assert list(FAMILIES) == ["tensorflow-graph", "python-random", "numpy", *TODAY]
    assert len({family.order for family in FAMILIES.values()}) == len(FAMILIES)
    assert all(name == family.name == family.default.library for name, family in FAMILIES.items())


def test_the_pure_rooms_import_neither_tensorflow_nor_qt() -> None:
    ask = (
        "import importlib, pkgutil, sys, seedlab\n"
        "for room in ('study', 'results', 'analysis', 'documents', 'session'):\n"
        "    package = importlib.import_module(f'seedlab.{room}')\n"
        "    names = [info.name for info in pkgutil.walk_packages(package.__path__, f'seedlab.{room}.')]\n"
        "    for name in names: importlib.import_module(name)\n"
        "from seedlab.libraries.registry import FAMILIES, script_of\n"
        "for family in FAMILIES.values(): script_of(family.default)\n"
        "print(*({'tensorflow', 'keras', 'PySide6', 'pyqtgraph', 'rich'} & set(sys.modules)))\n"
    )
    answer = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert answer.stdout.split() == []


# --- every script ------------------------------------------------------------------------------


@pytest.mark.parametrize(("family", "placement"), PLACED)
def test_a_script_is_python_that_does_not_know_seedlab(family: Family, placement: Placement) -> None:
    text = script_of(family.default.choose(placement=placement.name)).text
    ast.parse(text, feature_version=(3, 6))
    assert "seedlab" not in text
    assert text.endswith("\n")
    assert text == "".join(f"{line.rstrip()}\n" for line in text.split("\n")[:-1])


@pytest.mark.parametrize(("family", "placement"), PLACED)
def test_equal_experiments_have_equal_scripts(family: Family, placement: Placement) -> None:
    one, other = (family.default.choose(placement=placement.name, graph_seed=SEED) for _ in range(2))
    assert one is not other
    assert script_of(one) == script_of(other)


@pytest.mark.parametrize(("family", "placement"), PLACED)
def test_seed_lines_are_the_lines_with_the_seed(family: Family, placement: Placement) -> None:
    script = script_of(family.default.choose(placement=placement.name, graph_seed=SEED))
    assert script.seed_lines == tuple(number for number, line in enumerate(script.lines, 1) if str(SEED) in line)
    # Before each call it is set more often than there are places on the line.
    fewest = 0 if placement == family.timeline.unset else 1 + len(placement.also)
    assert len(script.seed_lines) == fewest or (placement.is_repeated and len(script.seed_lines) > fewest)


@pytest.mark.parametrize(("family", "placement"), PLACED)
def test_a_placement_says_what_it_means(family: Family, placement: Placement) -> None:
    names = [known.name for known in family.placements]
    assert len(set(names)) == len(names)
    assert set(placement.also) < set(names[: names.index(placement.name)]) or not placement.also
    assert placement.about.endswith(".")


@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
def test_the_default_of_a_family_can_be_run(family: Family) -> None:
    assert check_batch(family.default, 1) is family
    assert family.placements[0] is family.timeline.unset
    assert family.timeline.unset.name == "none"


# --- seeding once or twice ---------------------------------------------------------------------


@pytest.mark.parametrize("library", SEED_TWICE)
@pytest.mark.parametrize("draws", [1, 3])
def test_seeded_again_the_second_half_repeats_the_first(library: str, draws: int) -> None:
    script = script_of(with_choices(library, placement="again", draws_per_op=draws))
    drawn = executed(script.text)
    assert (
        [each.label for each in drawn] == [str(number) for number in range(1, 2 * draws + 1)] == labels_in(script.text)
    )
    assert values_of(drawn[:draws]) == values_of(drawn[draws:])


@pytest.mark.parametrize("library", SEED_TWICE)
def test_seeded_once_the_values_go_on_and_repeat_from_run_to_run(library: str) -> None:
    script = script_of(with_choices(library, placement="once"))
    drawn = executed(script.text)
    assert len({each.identity for each in drawn}) == len(drawn) == 6
    assert drawn == executed(script.text)
    again = executed(script_of(with_choices(library, placement="again")).text)
    assert drawn[:3] == again[:3]


@pytest.mark.parametrize("library", SEED_TWICE)
def test_another_seed_draws_other_values(library: str) -> None:
    zero, one = (executed(script_of(with_choices(library, graph_seed=seed)).text) for seed in (0, 1))
    assert zero[0].identity != one[0].identity


def test_unseeded_default_rng_starts_from_the_system() -> None:
    script = script_of(with_choices("numpy-generator", placement="none"))
    assert script.lines[2] == "rng = np.random.default_rng()"
    drawn = [*executed(script.text), *executed(script.text)]
    assert len({each.identity for each in drawn}) == 12


def test_unseeded_python_random_goes_on_from_where_the_process_is() -> None:
    random.seed(SEED)
    drawn = executed(script_of(with_choices("python-random", placement="none")).text)
    expected = random.Random(SEED)
    assert values_of(drawn) == [[expected.random()] for _ in range(6)]


def test_unseeded_numpy_goes_on_from_where_the_process_is() -> None:
    np.random.seed(SEED)
    drawn = executed(script_of(with_choices("numpy-legacy", placement="none")).text)
    expected = np.random.RandomState(SEED)
    assert values_of(drawn) == [expected.rand(3).tolist() for _ in range(6)]


@pytest.mark.parametrize("library", SEED_TWICE)
@pytest.mark.parametrize("end", ["minimum", "maximum"])
def test_the_library_takes_the_extreme_seeds(library: str, end: str) -> None:
    control = LIBRARIES.named(library)[0].control("graph_seed")
    extreme = 2**32 - 1 if (library, end) == ("numpy-legacy", "maximum") else getattr(control, end)
    drawn = executed(script_of(with_choices(library, graph_seed=extreme)).text)
    assert drawn[0].identity == drawn[3].identity


@pytest.mark.parametrize("library", ["numpy-legacy", "numpy-generator"])
def test_a_draw_has_as_many_values_as_chosen(library: str) -> None:
    drawn = executed(script_of(with_choices(library, sample_size=5, draws_per_op=1)).text)
    assert [each.shape for each in drawn] == [(5,), (5,)]


def test_the_seed_is_given_to_the_state_that_is_drawn_from() -> None:
    python, legacy, generator = (executed(script_of(with_choices(name, graph_seed=5)).text)[0] for name in SEED_TWICE)
    assert python == draw("1", random.Random(5).random(), "float64")
    assert legacy == draw("1", np.random.RandomState(5).rand(3), "float64")
    assert generator == draw("1", np.random.default_rng(5).random(3), "float64")


def numpy_script(**choices: Any) -> str:
    return script_of(with_choices("numpy", draws_per_op=2, **choices)).text


def test_earlier_names_of_a_library_stand_for_its_choices() -> None:
    assert with_choices("numpy-generator") == with_choices("numpy", generator="default-rng")
    assert with_choices("numpy-legacy") == with_choices("numpy") == FAMILIES["numpy"].default
    assert LIBRARIES.named("numpy-legacy")[0] is FAMILIES["numpy"]


def test_a_generator_is_handed_to_a_function() -> None:
    assert numpy_script(generator="handed", placement="once") == (
        """\
import numpy as np

def draw(generator):
    return generator.random(3)

rng = np.random.default_rng(0)
print("1:", draw(rng))
print("2:", draw(rng))
print("3:", draw(rng))
print("4:", draw(rng))
"""
    )


def test_spawned_generators_are_none_of_those_with_seeds_that_count_up() -> None:
    spawned, counted = (
        executed(numpy_script(generator=generator, placement="once", graph_seed=5))
        for generator in ("spawned", "seeds")
    )
    sequences = np.random.SeedSequence(5).spawn(3)
    assert values_of(spawned)[:3] == [np.random.default_rng(s).random(3).tolist() for s in sequences]
    assert values_of(counted)[:3] == [np.random.default_rng(s).random(3).tolist() for s in (5, 6, 7)]
    # The fourth draw is the second one of the first generator.
    assert values_of(spawned)[3] != values_of(spawned)[0]


@pytest.mark.parametrize("generator", ["global", "random-state", "default-rng", "handed", "spawned", "seeds"])
@pytest.mark.parametrize("drawn", ["values", "shuffle"])
def test_what_numpy_draws_from_follows_its_own_seed_alone(generator: str, drawn: str) -> None:
    choices = {"generator": generator, "drawn": drawn, "sample_size": 30}
    one, same, other = (executed(numpy_script(**choices, graph_seed=seed)) for seed in (5, 5, 6))
    assert [each.identity for each in one] == [each.identity for each in same]
    assert [each.identity for each in one] != [each.identity for each in other]
    if generator != "global":
        unseeded = [executed(numpy_script(**choices, placement="none")) for _ in range(2)]
        assert unseeded[0][0].identity != unseeded[1][0].identity


def test_a_shuffle_in_place_goes_on_from_the_order_that_it_finds() -> None:
    for library, size in (("numpy", {"sample_size": 8}), ("python-random", {})):
        drawn = executed(script_of(with_choices(library, drawn="shuffle", draws_per_op=1, **size)).text)
        assert [sorted(values) for values in values_of(drawn)] == [list(range(8))] * 2
        assert drawn[0].identity != drawn[1].identity, "though the seed is set again"


def test_a_generator_of_pythons_own_repeats_and_the_hidden_one_is_another() -> None:
    own, hidden = (
        executed(script_of(with_choices("python-random", generator=name, placement="none")).text)
        for name in ("random-random", "hidden")
    )
    assert own[0].identity != hidden[0].identity
    script = script_of(with_choices("python-random", generator="random-random", graph_seed=5))
    assert script.lines[2] == "rng = random.Random(5)"
    assert values_of(executed(script.text))[0] == [random.Random(5).random()]


# --- TensorFlow --------------------------------------------------------------------------------


def test_the_script_of_the_article_reads_like_this() -> None:
    assert tensorflow_script(placement="after-graph", sessions=2, draws_per_op=1).text == (
        """\
import tensorflow.compat.v1 as tf

tf.disable_eager_execution()

with tf.Graph().as_default():
    tf.set_random_seed(0)
    rand_op1 = tf.random_normal([3])
    rand_op2 = tf.random_normal([3], seed=1)

    print("session1")
    with tf.Session() as sess:
        print("op1-1:", sess.run(rand_op1))
        print("op2-1:", sess.run(rand_op2))

    print("session2")
    with tf.Session() as sess:
        print("op1-1:", sess.run(rand_op1))
        print("op2-1:", sess.run(rand_op2))
"""
    )


@pytest.mark.parametrize(
    ("placement", "before", "seed", "after"),
    [
        ("before-graph", "", "tf.set_random_seed(7919)", "with tf.Graph().as_default():"),
        (
            "after-graph",
            "with tf.Graph().as_default():",
            "    tf.set_random_seed(7919)",
            "    rand_op1 = tf.random_normal([3])",
        ),
        (
            "after-op",
            "    rand_op2 = tf.random_normal([3], seed=1)",
            "    tf.set_random_seed(7919)",
            "    with tf.Session() as sess:",
        ),
    ],
)
def test_the_graph_seed_stands_where_it_is_placed(placement: str, before: str, seed: str, after: str) -> None:
    script = tensorflow_script(placement=placement, graph_seed=SEED)
    (number,) = script.seed_lines
    assert script.lines[number - 2 : number + 1] == [before, seed, after]


def test_the_op_seed_is_given_to_the_second_op_alone() -> None:
    made = [line.strip() for line in tensorflow_script(op_seed=-SEED).lines if "rand_op" in line][:2]
    assert made == ["rand_op1 = tf.random_normal([3])", "rand_op2 = tf.random_normal([3], seed=-7919)"]
    assert "seed=" not in tensorflow_script(op_seed=None).text
    assert "seed=0)" in tensorflow_script(op_seed=0).text


@pytest.mark.parametrize("device", ["CPU:0", "GPU:0", "TPU:12"])
def test_a_chosen_device_holds_both_ops(device: str) -> None:
    lines = tensorflow_script(device=device).lines
    at = lines.index(f'    with tf.device("/{device}"):')
    assert [line.partition(" =")[0] for line in lines[at + 1 : at + 3]] == ["        rand_op1", "        rand_op2"]
    assert lines[at + 3] == "    with tf.Session() as sess:"


def test_no_device_stands_in_the_script_when_it_is_left_to_the_library() -> None:
    assert "device" not in tensorflow_script(device="auto").text


def test_sections_are_bare_and_stand_only_where_there_are_several_sessions() -> None:
    two = [line.strip() for line in tensorflow_script(sessions=2).lines if "session" in line]
    assert two == ['print("session1")', 'print("session2")']
    assert "session" not in tensorflow_script(sessions=1).text


def test_the_labels_count_ops_and_calls() -> None:
    assert labels_in(tensorflow_script(draws_per_op=3).text) == [
        f"op{op}-{call}" for op in (1, 2) for call in (1, 2, 3)
    ]
    assert labels_in(tensorflow_script(sessions=2, draws_per_op=1).text) == [
        f"session{session}/op{op}-1" for session in (1, 2) for op in (1, 2)
    ]


@pytest.mark.parametrize(
    ("distribution", "op"),
    [("normal", "random_normal"), ("uniform", "random_uniform"), ("truncated-normal", "truncated_normal")],
)
def test_both_ops_draw_from_the_distribution(distribution: str, op: str) -> None:
    lines = tensorflow_script(distribution=distribution, sample_size=17).lines
    assert [line.strip() for line in lines if "tf.random_" in line or "tf.trunc" in line] == [
        f"rand_op1 = tf.{op}([17])",
        f"rand_op2 = tf.{op}([17], seed=1)",
    ]


# --- what is refused ---------------------------------------------------------------------------


def refused(experiment: Experiment) -> ChoiceError:
    """The error of `check`, which `script_of` and `check_batch` raise as well."""
    for door in (check, script_of, lambda choices: check_batch(choices, 1)):
        with pytest.raises(ChoiceError) as caught:
            door(experiment)
    return caught.value


def assert_tells(error: ChoiceError, field: str, *parts: object) -> None:
    assert error.field == field
    assert error.what.endswith(".")
    assert error.advice.endswith(".")
    assert str(error) == f"{error.what} {error.advice}"
    for part in parts:
        assert str(part) in str(error)


def wrong_values(control: Control) -> list[object]:
    match control:
        case IntegerControl():
            none = [] if control.optional else [None]
            return [control.minimum - 1, control.maximum + 1, True, False, "3", 1.0, *none]
        case ChoiceControl():
            return ["", "none of them", control.choices[0].upper(), True, 0, None]
        case TimelineControl():
            return ["", "before", "None", "NONE", True, None]
        case _:
            assert isinstance(control, DeviceControl)
            return ["", "cpu:0", "CPU", "CPU:", "CPU:1234", "CPU:0\n", '/CPU:0"):\n    evil(', "XPU:0", True, 0, None]


@pytest.mark.parametrize(("family", "control"), CONTROLS)
def test_a_control_refuses_what_it_does_not_offer(family: Family, control: Control) -> None:
    for value in wrong_values(control):
        assert_tells(refused(with_choices(family.name, **{control.name: value})), control.name, value)


@pytest.mark.parametrize(("family", "control"), CONTROLS)
def test_a_control_takes_what_it_offers(family: Family, control: Control) -> None:
    match control:
        case IntegerControl():
            offered: list[object] = [control.minimum, control.maximum, *([None] if control.optional else [])]
        case ChoiceControl():
            offered = [*control.choices]
        case TimelineControl():
            offered = [placement.name for placement in control.placements]
        case DeviceControl():
            offered = ["auto", "CPU:0", "GPU:1", "TPU:999"]
    # NumPy's older ways take smaller seeds.
    others = {"generator": "default-rng"} if (family.name, control.name) == ("numpy", "graph_seed") else {}
    for value in offered:
        assert check(with_choices(family.name, **others, **{control.name: value})) is family


def test_a_device_has_plain_digits() -> None:
    refused(with_choices("tensorflow-graph", device="CPU:\u0663"))


@pytest.mark.parametrize(
    ("library", "field", "value"),
    [
        ("tensorflow-graph", "graph_seed", 2**63),
        ("tensorflow-graph", "op_seed", -(2**63) - 1),
        ("tensorflow-graph", "sample_size", 0),
        ("tensorflow-graph", "sample_size", 100_000_000),
        ("tensorflow-graph", "sessions", 3),
        ("tensorflow-graph", "distribution", "cauchy"),
        ("numpy-legacy", "graph_seed", -1),
        ("numpy-legacy", "graph_seed", 2**32),
        ("numpy-legacy", "sample_size", 100_000_000),
        ("numpy-generator", "graph_seed", -1),
        ("numpy-generator", "graph_seed", 2**63),
        ("python-random", "draws_per_op", 101),
    ],
)
def test_the_limits_are_those_of_the_library(library: str, field: str, value: object) -> None:
    assert_tells(refused(with_choices(library, **{field: value})), field, value)


@pytest.mark.parametrize(("family", "field"), UNCONTROLLED)
def test_a_choice_that_a_family_has_no_control_for_is_refused(family: Family, field: str) -> None:
    other = {
        "op_seed": 0,
        "device": "CPU:0",
        "sample_size": 2,
        "sessions": 2,
        "distribution": "uniform",
        "extra": "op",
        "draws_per_op": 2,
    }[field]
    assert_tells(refused(with_choices(family.name, **{field: other})), field, family.title, field.replace("_", " "))


@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
@pytest.mark.parametrize("placement", ["", "before", "None", "NONE"])
def test_an_unknown_placement_is_refused_with_the_known_ones(family: Family, placement: str) -> None:
    names = [known.name for known in family.placements]
    assert_tells(refused(family.default.choose(placement=placement)), "placement", ", ".join(names), placement)


@pytest.mark.parametrize("library", ["", "tensorflow", "numpy_legacy", "torch"])
def test_an_unknown_library_is_refused_with_the_known_ones(library: str) -> None:
    assert_tells(refused(Experiment.of(library, {"placement": "none"})), "library", library, ", ".join(FAMILIES))


@pytest.mark.parametrize(
    ("family", "without", "with_seed"),
    [
        ("keras", {"seeded": "numpy"}, {"seeded": "tensorflow"}),
        ("keras", {"placement": "none"}, {"placement": "before-fit"}),
        ("tensorflow-device", {"placement": "none"}, {"placement": "none", "op_seed": 1}),
    ],
)
def test_op_determinism_needs_a_seed_of_tensorflow_s(
    family: str, without: dict[str, Choice], with_seed: dict[str, Choice]
) -> None:
    """TensorFlow raises a RuntimeError otherwise: "Random ops require a seed to be set when determinism is enabled"."""
    assert_tells(refused(with_choices(family, determinism="on", **without)), "determinism", "refuses random ops")
    check(with_choices(family, determinism="on", **with_seed))


def batch_refused(experiment: Experiment, runs: Any) -> ChoiceError:
    with pytest.raises(ChoiceError) as caught:
        check_batch(experiment, runs)
    return caught.value


@pytest.mark.parametrize("runs", [0, -1, MAX_RUNS + 1, 100_000_000])
def test_a_number_of_runs_outside_the_limits_is_refused(runs: int) -> None:
    assert_tells(batch_refused(with_choices("python-random"), runs), "runs", runs, MAX_RUNS)


@pytest.mark.parametrize("runs", [True, "3", 2.5, None])
def test_a_number_of_runs_that_is_no_whole_number_is_refused(runs: object) -> None:
    try:
        check_batch(with_choices("python-random"), runs)  # type: ignore[arg-type]
    except ChoiceError as error:
        assert_tells(error, "runs")
    except TypeError as error:
        pytest.fail(f"not an error for a person: {error}")
    else:
        pytest.fail(f"{runs!r} runs were accepted")


@pytest.mark.parametrize("runs", [1, MAX_RUNS])
def test_the_limits_of_runs_are_inside(runs: int) -> None:
    assert check_batch(with_choices("python-random"), runs).name == "python-random"


@pytest.mark.parametrize("library", ["tensorflow-graph", "numpy-legacy", "numpy-generator"])
def test_more_values_than_memory_should_hold_are_refused(library: str) -> None:
    large = with_choices(library, sample_size=1_000_000, draws_per_op=1)
    most = MAX_VALUES // 2_000_000
    assert check_batch(large, most) is LIBRARIES.named(library)[0]
    assert_tells(batch_refused(large, most + 1), "runs", f"{MAX_VALUES:,}", f"{(most + 1) * 2_000_000:,}")


def test_sessions_count_among_the_values() -> None:
    large = with_choices("tensorflow-graph", sample_size=1_000_000, draws_per_op=1, sessions=2)
    assert batch_refused(large, MAX_VALUES // 2_000_000).field == "runs"


def test_one_run_that_would_draw_too_much_is_counted_as_one() -> None:
    error = batch_refused(with_choices("numpy-legacy", sample_size=1_000_000, draws_per_op=100), 1)
    assert error.what == "1 run would draw 200,000,000 values; seedlab holds at most 50,000,000 at once."


@pytest.mark.parametrize("name", ["placement", "device", "graph_seed"])
def test_a_long_value_is_cut_where_it_is_refused(name: str) -> None:
    for value in ("x" * 1000, 10**1000):
        error = refused(FAMILIES["tensorflow-graph"].default.choose(**{name: value}))
        assert error.what.endswith(("…”.", "…."))
        assert len(error.what) < 100
