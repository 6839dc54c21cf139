"""Rules that differ between the versions of two columns: named where both were seen to obey them, and only there."""

import pytest
from msgspec.structs import replace

from seedlab.analysis.across import headline_across, version_findings
from seedlab.analysis.summary import summarise
from seedlab.evidence.finding import Finding
from seedlab.results.environment import Interpreter, Package
from seedlab.results.influence import Influence, InfluenceSource, MovedDraw
from seedlab.study.lab import Column
from tests.helpers.values import column, draw, run

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
    ],
)
def test_a_rule_that_was_not_seen_to_act_is_not_told(older: Column, newer: Column) -> None:
    assert found(older, newer) == ()


def test_of_three_versions_each_rule_is_told_once() -> None:
    assert found(made_with("2.14.0", SET), made_with("2.15.0", SET), made_with("3.15.1", OWN)) == (OWN_SEEDS,)
