"""A sample of the experiments, held against plain cold runs; `python -m tests.experiments` judges all."""

import asyncio
import os

import numpy as np
import pytest

from seedlab.analysis.comparison import compare
from seedlab.engine.executors.auto import AutoExecutor
from seedlab.libraries.registry import FAMILIES, experiment_of
from seedlab.results.influence import Influence, InfluenceSource, MovedDraw
from seedlab.results.run import Draw
from seedlab.study.controls import ChoiceControl, TimelineControl
from tests.experiments.covering import covering
from tests.experiments.judging import Judged, judge, wrong_influence, wrong_relations, wrong_values, wrong_verdicts
from tests.experiments.plain import Truth
from tests.helpers.values import draw, run, text_draw

SAMPLE = (
    experiment_of("numpy", generator="spawned", draws_per_op=2),
    experiment_of("hash-order", placement="inside"),
    experiment_of("tensorflow-eager", placement="between", op_seed=1),
)


@pytest.fixture(autouse=True)
def quiet_tensorflow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "TF_CPP_MIN_LOG_LEVEL", "3")


def test_what_is_said_of_a_sample_is_so() -> None:
    async def work() -> list[Judged]:
        executor = AutoExecutor()
        try:
            return [await judge(executor, experiment) for experiment in SAMPLE]
        finally:
            await executor.close()

    for judged in asyncio.run(work()):
        assert (judged.wrong, judged.unknown, judged.failed) == ([], [], ""), judged.choices
        assert judged.draws > 1


@pytest.mark.parametrize("library", list(FAMILIES))
def test_what_is_judged_has_every_value_of_every_choice(library: str) -> None:
    family, experiments = FAMILIES[library], list(covering(FAMILIES[library]))
    for control in family.controls:
        values = {experiment[control.name] for experiment in experiments}
        match control:
            case TimelineControl():
                assert values == {placement.name for placement in control.placements}
            case ChoiceControl():
                assert values == set(control.choices)
            case _:
                assert values


def test_the_judge_finds_what_is_not_so() -> None:
    runs = [run(n, draw("a", [1]), draw("b", [1]), draw("c", [n])) for n in (1, 2, 3)]
    comparison = compare(runs)
    nothing: dict[int, frozenset[str]] = {}
    true = Truth({"a": True, "b": True, "c": False}, nothing, frozenset({frozenset("ab")}))
    assert [*wrong_verdicts(true, comparison), *wrong_relations(true, comparison)] == []
    other = Truth({"a": True, "b": False, "c": True}, nothing, frozenset({frozenset("bc")}))
    assert list(wrong_verdicts(other, comparison)) == [
        "b: repeats, and plainly it differs",
        "c: differs, and plainly it repeats",
    ]
    assert list(wrong_relations(other, comparison)) == [
        "a and b are said to be equal",
        "that b and c are equal is not said",
    ]
    # Of what threads decide on, two runs that differ say more than many that do not; of the others nothing is let pass.
    assert list(wrong_verdicts(other, comparison, {"c"})) == ["b: repeats, and plainly it differs"]
    assert list(wrong_relations(other, comparison, {"c"})) == ["a and b are said to be equal"]
    assert list(wrong_verdicts(Truth({"a": True}, nothing, frozenset()), comparison)) != []


@pytest.mark.parametrize(
    ("printed", "found", "is_same"),
    [
        ("[0.1 2.5]", draw("a", [0.1, 2.5]), True),
        ("[0.1 2.5]", draw("a", [np.nextafter(np.float32(0.1), np.float32(1)), 2.5]), False),
        ("0.8444218515250481", draw("a", 0.8444218515250481, "float64"), True),
        ("0.844421851525048", draw("a", 0.8444218515250481, "float64"), False),
        ("tf.Tensor([[3 -4]], shape=(1, 2), dtype=int32)", draw("a", [[3, -4]], "int32"), True),
        ("[np.int64(3), np.int64(-4)]", draw("a", [3, -4], "int64"), True),
        ("[np.int64(3), np.int64(-4)]", draw("a", [3, 4], "int64"), False),
        ("[array([3., 4.], dtype=float32)]", draw("a", [3, 4]), True),
        ("[ True False]", draw("a", [True, False], "bool"), True),
        ("[ True False]", draw("a", [True, True], "bool"), False),
        ("b a c", text_draw("a", "b a c"), True),
        ("b a c", text_draw("a", "a b c"), False),
        ("CPU:0", text_draw("a", "a: CPU:0"), True),
        ("CPU:0", text_draw("a", "b: CPU:0"), False),
    ],
)
def test_the_judge_compares_bits(printed: str, found: Draw, is_same: bool) -> None:
    truth = Truth({"a": True}, {}, frozenset(), "", {"a": printed})
    assert bool(list(wrong_values(truth, [run(1, found)]))) is not is_same
    assert list(wrong_values(truth, [run(1, found)], {"a"})) == []


def test_the_judge_finds_a_line_that_moves_nothing_plainly() -> None:
    source = InfluenceSource(id="s1", kind="set", library="python", state="global", door="random.seed", line=3, seed=1)
    influence = Influence(sources=(source,), draws=(MovedDraw(label="a", repeats=True, moved_by=("s1",)),), runs=1)
    right = Truth({"a": True}, {3: frozenset("a")}, frozenset())
    assert list(wrong_influence(right, influence)) == []
    wrong = Truth({"a": True}, {3: frozenset(), 5: frozenset("a")}, frozenset())
    assert list(wrong_influence(wrong, influence)) == ["a: said to be moved by the lines [3], and plainly by [5]"]
