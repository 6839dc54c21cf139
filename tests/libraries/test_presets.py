"""The article's experiments and what it printed."""

from decimal import Decimal

import pytest

from seedlab.engine.packing import pack
from seedlab.libraries.article import ARTICLE, Published, published
from seedlab.libraries.presets import GROUPS, PRESETS, preset_of
from seedlab.libraries.registry import check, script_of
from seedlab.study.preset import Preset
from tests.helpers.values import labels_in

ALL = pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)


def test_the_presets_stand_in_the_order_of_the_article() -> None:
    assert list(ARTICLE) == ["random", "numpy", "after-graph", "before-graph", "after-op"]
    assert all(name == preset.name for name, preset in PRESETS.items())
    assert len(PRESETS) == sum(map(len, GROUPS.values()))


def test_today_asks_at_least_twenty_questions_and_answers_each_in_sentences() -> None:
    presets = GROUPS["Today"].values()
    assert len(presets) >= 20
    assert all(preset.title.endswith("?") and preset.answer.endswith(".") for preset in presets)
    assert len({preset.title for preset in presets}) == len({preset.answer for preset in presets}) == len(presets)


def test_every_door_of_which_something_is_expected_is_one_that_sources_have() -> None:
    packed = pack().decode()
    for preset in PRESETS.values():
        for _, door in (*preset.expects.moved, *preset.expects.unmoved):
            assert repr(door) in packed or f'"{door}"' in packed, (preset.name, door)


@ALL
def test_a_preset_can_be_run_and_is_found_by_its_choices(preset: Preset) -> None:
    check(preset.experiment)
    assert preset_of(preset.experiment.choose()) is preset
    assert preset_of(preset.experiment.choose(graph_seed=1)) is None


@pytest.mark.parametrize("preset", ARTICLE.values(), ids=ARTICLE)
def test_the_article_printed_three_runs_of_the_labels_that_the_script_prints(preset: Preset) -> None:
    labels = labels_in(script_of(preset.experiment).text)
    assert [list(printed) for printed in published(preset.name).runs] == [labels] * 3
    sizes = {len(decimals) for printed in published(preset.name).runs for decimals in printed.values()}
    assert sizes == {preset.experiment.get("sample_size") or 1}
    assert published(preset.name).claim.endswith(".")


def test_the_values_are_those_that_the_article_printed() -> None:
    assert published("random").runs[2]["3"] == ("0.420571580830845",)
    assert published("numpy").fixed("6") == tuple(map(Decimal, ("0.43758721", "0.891773", "0.96366276")))
    op2 = tuple(map(Decimal, ("-0.81131822", "1.48459876", "0.06532937")))
    assert published("before-graph").fixed("op2-1") == published("after-op").fixed("op2-1") == op2


@pytest.mark.parametrize(
    ("name", "fixed"),
    [
        ("random", list("123456")),
        ("numpy", list("123456")),
        ("after-graph", [f"session{s}/op{op}-{call}" for s in (1, 2) for op in (1, 2) for call in (1, 2)]),
        ("before-graph", ["op2-1", "op2-2"]),
        ("after-op", ["op2-1", "op2-2"]),
    ],
)
def test_what_the_articles_runs_agree_on_is_fixed(name: str, fixed: list[str]) -> None:
    printed = published(name)
    assert [label for label in printed.runs[0] if printed.fixed(label) is not None] == fixed


@pytest.mark.parametrize(
    ("runs", "fixed"),
    [
        (({"x": ("1.50",)}, {"x": ("1.50",)}), (Decimal("1.50"),)),
        (({"x": ("1.50",)},), (Decimal("1.50"),)),
        (({"x": ("1.50",)}, {"x": ("1.51",)}), None),
        (({"x": ("1.50",)}, {}), None),
        (({"y": ("1.50",)},), None),
        ((), None),
    ],
)
def test_fixed_needs_all_runs_to_agree(runs: tuple[dict[str, tuple[str, ...]], ...], fixed: object) -> None:
    assert Published("Claim.", runs).fixed("x") == fixed


def test_the_printed_digits_are_kept() -> None:
    (decimal,) = Published("Claim.", ({"x": ("1.50",)},)).fixed("x") or ()
    assert str(decimal) == "1.50"


@pytest.mark.parametrize(
    ("name", "seeds"),
    [
        ("random", {}),
        ("after-graph", {"op1": (0, 3), "op2": (0, 1)}),
        ("before-graph", {"op1": None, "op2": (87654321, 1)}),
        ("after-op", {"op1": None, "op2": (87654321, 1)}),
    ],
)
def test_the_pairs_of_the_articles_ops_are_known(name: str, seeds: dict[str, object]) -> None:
    assert published(name).seeds == seeds
