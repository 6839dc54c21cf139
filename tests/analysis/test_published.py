"""Whether draws equal what the article printed."""

from decimal import Context, Decimal

import numpy as np
import pytest

from seedlab.analysis.comparison import compare
from seedlab.analysis.explanation import explain
from seedlab.analysis.published import (
    Match,
    PublishedMatch,
    compare_published,
    equals_but_for_last_bit,
    equals_to_printed_digits,
)
from seedlab.libraries.article import ARTICLE, Published, published
from seedlab.libraries.presets import PRESETS
from seedlab.libraries.registry import script_of
from seedlab.results.run import Draw
from seedlab.results.trace import Trace
from tests.helpers.values import draw, executed, run, seed_set, seed_used

EXECUTED = [
    (name, drawn) for name in ("random", "numpy") for drawn in executed(script_of(PRESETS[name].experiment).text)
]
FIXED = [
    (name, label, decimals)
    for name in ARTICLE
    for label in published(name).runs[0]
    if (decimals := published(name).fixed(label)) is not None
]


def fixed(name: str, label: str) -> tuple[Decimal, ...]:
    decimals = published(name).fixed(label)
    assert decimals is not None
    return decimals


@pytest.mark.parametrize(("name", "drawn"), EXECUTED)
def test_executing_the_script_draws_what_the_article_printed(name: str, drawn: Draw) -> None:
    assert equals_to_printed_digits(drawn, fixed(name, drawn.label))


@pytest.mark.parametrize(("name", "drawn"), EXECUTED)
@pytest.mark.parametrize("step", [-1, 1])
def test_off_by_one_in_the_last_printed_digit_is_not_equal(name: str, drawn: Draw, step: int) -> None:
    decimals = fixed(name, drawn.label)
    for place, printed in enumerate(decimals):
        context = Context(prec=len(printed.as_tuple().digits))
        other = printed.next_plus(context) if step > 0 else printed.next_minus(context)
        assert len(str(other)) == len(str(printed))
        assert other != printed
        assert not equals_to_printed_digits(drawn, (*decimals[:place], other, *decimals[place + 1 :]))


@pytest.mark.parametrize(("name", "label", "decimals"), FIXED)
def test_every_printed_value_equals_the_number_nearest_to_it(
    name: str, label: str, decimals: tuple[Decimal, ...]
) -> None:
    dtype = "float64" if name in {"random", "numpy"} else "float32"
    assert equals_to_printed_digits(draw(label, [float(decimal) for decimal in decimals], dtype), decimals)


@pytest.mark.parametrize(
    ("value", "printed", "equal"),
    [
        (0.12345, "0.123", True),
        (0.1236, "0.123", False),
        (1.0, "1", True),
        (-0.5, "0.5", False),
        (float("inf"), "0.5", False),
        (float("nan"), "0.5", False),
    ],
)
def test_values_are_rounded_to_the_printed_places(value: float, printed: str, equal: bool) -> None:
    assert equals_to_printed_digits(draw("x", [value], "float64"), (Decimal(printed),)) is equal


def test_another_number_of_values_is_not_equal() -> None:
    drawn = draw("x", [0.5, 0.5])
    assert not equals_to_printed_digits(drawn, (Decimal("0.5"),))
    assert not equals_but_for_last_bit(drawn, (Decimal("0.5"),))


def steps_from(printed: str, steps: int) -> Draw:
    """The float32 that is so many steps from the printed one."""
    value = np.float32(printed)
    for _ in range(abs(steps)):
        value = np.nextafter(value, np.float32(np.copysign(np.inf, steps)))
    return draw("op2-1", [value])


@pytest.mark.parametrize("printed", ["-0.81131822", "1.48459876", "0.06532937"])
@pytest.mark.parametrize(("steps", "near"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_neighbours_in_float32_are_equal_but_for_the_last_bit(printed: str, steps: int, near: bool) -> None:
    assert equals_but_for_last_bit(steps_from(printed, steps), (Decimal(printed),)) is near


def test_only_float32_has_a_last_bit_to_excuse() -> None:
    assert not equals_but_for_last_bit(draw("x", [0.5], "float64"), (Decimal("0.5"),))


# --- findings ---------------------------------------------------------------------------------

SCRIPT = "seed(0)\nrand_op1 = normal()\nrand_op2 = normal(seed=1)\nprint(rand_op1)\nprint(rand_op2)\n"
PUBLISHED = Published("Claim.", ({"op1-1": ("0.5",)},), {"op1": (0, 3)})


def matched(drawn: Draw, published: Published = PUBLISHED, trace: Trace = ()) -> PublishedMatch:
    ended = run(1, Draw(drawn.label, drawn.dtype, drawn.shape, drawn.data, 4, len(trace)), trace=trace)
    (match,) = compare_published(ended, published, explain(ended, SCRIPT, compare([])))
    assert match.label == drawn.label
    return match


@pytest.mark.parametrize(
    ("drawn", "match", "code"),
    [
        (draw("op1-1", [0.5]), Match.EQUAL, "article.equal"),
        (draw("op1-1", [0.75]), Match.DIFFERENT, "article.unknown-seeds"),
        (draw("op9-1", [0.5]), Match.NOTHING_TO_EQUAL, "article.no-such-draw"),
    ],
)
def test_a_draw_stands_to_the_article_in_one_way(drawn: Draw, match: Match, code: str) -> None:
    found = matched(drawn)
    assert (found.match, found.finding.code) == (match, code)


def test_the_last_bit_is_found() -> None:
    found = matched(steps_from("1.48459876", 1), Published("Claim.", ({"op2-1": ("1.48459876",)},)))
    assert (found.match, found.finding.code) == (Match.LAST_BIT, "article.last-bit")


def test_where_the_articles_runs_differ_there_is_nothing_to_equal() -> None:
    found = matched(draw("op1-1", [0.5]), Published("Claim.", ({"op1-1": ("0.5",)}, {"op1-1": ("0.6",)})))
    assert (found.match, found.finding.code) == (Match.NOTHING_TO_EQUAL, "article.own-runs-differ")


@pytest.mark.parametrize(
    ("here", "code"),
    [((0, 0), "article.other-numbering"), ((0, 3), "article.same-seeds"), ((5, 3), "article.other-seeds")],
)
def test_other_values_are_explained_by_the_pairs(here: tuple[int, int], code: str) -> None:
    trace = (seed_set(1, "graph 1", here[0]), seed_used(2, "graph 1", None, here), seed_used(3, "graph 1", 1, (0, 1)))
    found = matched(draw("op1-1", [0.75]), trace=trace)
    assert (found.match, found.finding.code) == (Match.DIFFERENT, code)
    if code != "article.same-seeds":
        assert found.finding.parameters == {"op": "op1", "here": here, "there": (0, 3)}


def test_each_draw_of_the_run_is_matched_in_order() -> None:
    drawn = executed(script_of(PRESETS["random"].experiment).text)
    matches = compare_published(run(1, *drawn), published("random"), ())
    assert [(match.label, match.match) for match in matches] == [(str(n), Match.EQUAL) for n in range(1, 7)]
