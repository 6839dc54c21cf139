"""Rules that differ between the versions of two columns: named where both were seen to obey them, and only there."""

import pytest
from msgspec.structs import replace

from seedlab.analysis.across import headline_across, version_findings
from seedlab.analysis.summary import summarise
from seedlab.evidence.finding import Finding
from seedlab.libraries.registry import experiment_of
from seedlab.messages.findings import finding_text
from seedlab.results.environment import Interpreter, Package
from seedlab.results.influence import Influence, InfluenceSource, MovedDraw
from seedlab.study.lab import Column
from seedlab.study.program import Program
from tests.helpers.values import column, draw, run, seed_set, seed_used

SET = InfluenceSource(
    id="s1", kind="set", library="tensorflow", state="eager", door="tf.random.set_seed", line=1, seed=0
)
OWN = InfluenceSource(
    id="s2", kind="taken", library="python", state="global", door="random", line=2, used_by=("Dropout",)
)
PLAIN = InfluenceSource(id="s3", kind="taken", library="python", state="global", door="random", line=2)
OWN_SEEDS = Finding.of("keras.own-seeds", ops=("mask",))


def made_with(keras: str, *movers: InfluenceSource, is_partial: bool = False) -> Column:
    """Two runs of one script, whose draw ``mask`` was seen to be moved by ``movers``."""
    moved = MovedDraw(label="mask", repeats=False, moved_by=tuple(each.id for each in movers))
    influence = Influence(sources=(SET, OWN, PLAIN), draws=(moved,), runs=5, is_partial=is_partial)
    packages = (Package("keras", "Keras", keras),) if keras else ()
    python = Interpreter(executable=f"/{keras}/python3", python="3.11.7", packages=packages)
    made = column(run(1, draw("mask", 1)), run(2, draw("mask", 2)), script="print(1)\n")
    return replace(made, interpreter=python, influence=influence)


def doubtful(untried: str = "", **told: tuple[str, ...]) -> Column:
    """The newer column, where not seeing a source move the draw may be chance, or was not tried."""
    made = made_with("3.15.1", OWN)
    assert made.influence is not None
    (moved,) = made.influence.draws
    sources = (replace(SET, untried=untried), *made.influence.sources[1:])
    return replace(made, influence=replace(made.influence, sources=sources, draws=(replace(moved, **told),)))


def made_with_tensorflow(version: str, seed: int, *op_seeds: int) -> Column:
    """Two runs of an experiment whose ops get pairs of ``seed`` and each of ``op_seeds``."""
    experiment = experiment_of("tensorflow-graph", placement="after-graph")
    trace = (
        seed_set(6, "graph 1", seed),
        *(seed_used(7 + n, "graph 1", None, (seed, op_seed)) for n, op_seed in enumerate(op_seeds)),
    )
    draws = [draw(f"op{n}-1", n, line=7 + n, events_before=n + 2) for n in range(len(op_seeds))]
    script = "a\n" * 6 + "".join(f"print('op{n}-1:', x)\n" for n in range(len(op_seeds)))
    packages = (Package("tensorflow", "TensorFlow", version),)
    python = Interpreter(executable=f"/{version}/python3", python="3.11.7", packages=packages)
    made = column(*(run(n, *draws, trace=trace) for n in (1, 2)), script=script)
    return replace(made, experiment=experiment, interpreter=python)


def found(*columns: Column) -> tuple[Finding, ...]:
    return version_findings(columns, [summarise(each) for each in columns])


@pytest.mark.parametrize("is_swapped", [False, True])
def test_what_a_seed_moves_in_one_version_alone_is_told_with_its_rule(*, is_swapped: bool) -> None:
    columns = [made_with("2.15.0", SET), made_with("3.15.1", OWN)]
    columns = columns[::-1] if is_swapped else columns
    assert found(*columns) == (OWN_SEEDS,)
    assert headline_across(columns, [summarise(each) for each in columns]).subtitle[-1] == OWN_SEEDS


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        (made_with("2.14.0", SET), made_with("2.15.0", OWN)),
        (made_with("3.14.0", SET), made_with("3.15.1", OWN)),
        (made_with("2.15.0", SET), made_with("3.15.1", SET, OWN)),
        (made_with("2.15.0", OWN), made_with("3.15.1", OWN)),
        (made_with("2.15.0", SET), made_with("3.15.1", PLAIN)),
        (made_with("2.15.0", SET), made_with("3.15.1", OWN, is_partial=True)),
        (made_with("2.15.0", SET), made_with("", OWN)),
        (made_with("2.15.0", SET), replace(made_with("3.15.1", OWN), script="print(2)\n")),
        (made_with("2.15.0", SET), replace(made_with("3.15.1", OWN), influence=None)),
        (
            made_with("2.15.0", SET),
            replace(made_with("3.15.1", OWN), program=Program(path="/a.py", name="a", folder="/")),
        ),
        (made_with("2.15.0", SET), doubtful(not_seen=("s1",))),
        (made_with("2.15.0", SET), doubtful(missing=("s1",))),
        (made_with("2.15.0", SET), doubtful(untried="the script did not finish")),
    ],
)
def test_a_rule_that_was_not_seen_to_act_is_not_told(older: Column, newer: Column) -> None:
    assert found(older, newer) == ()


def test_of_three_versions_each_rule_is_told_once() -> None:
    assert found(made_with("2.14.0", SET), made_with("2.15.0", SET), made_with("3.15.1", OWN)) == (OWN_SEEDS,)


def test_the_numbering_is_told_once_for_all_ops_with_the_pairs_of_the_first() -> None:
    (rule,) = found(made_with_tensorflow("2.21.0", 7, 0, 1), made_with_tensorflow("1.15.5", 7, 3, 8))
    assert rule == Finding.of("tensorflow.numbering", ops=("op0", "op1"), first="op0", older=(7, 3), newer=(7, 0))
    text = finding_text(rule)
    assert "op0 and op1" in text
    assert "gives op0 the pair (7, 3)" in text


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        (made_with_tensorflow("1.15.5", 7, 3), made_with_tensorflow("2.21.0", 8, 3)),
        (made_with_tensorflow("1.15.5", 7, 3), made_with_tensorflow("2.21.0", 8, 0)),
        (made_with_tensorflow("1.15.5", 7, 3), made_with_tensorflow("2.21.0", 7, 3)),
        (made_with_tensorflow("2.2.0", 7, 3), made_with_tensorflow("2.21.0", 7, 0)),
        (made_with_tensorflow("1.14.0", 7, 3), made_with_tensorflow("1.15.5", 7, 0)),
    ],
)
def test_the_numbering_is_not_blamed_for_other_seeds_or_within_its_versions(older: Column, newer: Column) -> None:
    assert found(older, newer) == ()
