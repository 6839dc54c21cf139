"""What a listener takes home: of one column, and of several side by side."""

from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from seedlab.analysis.across import headline_across
from seedlab.analysis.comparison import compare
from seedlab.analysis.endings import endings_of
from seedlab.analysis.explanation import UNKNOWN, Explanation
from seedlab.analysis.headlines import Headline, Reason, headline
from seedlab.analysis.summary import summarise
from seedlab.evidence.finding import Finding, Seeding
from seedlab.results.run import Outcome, Run
from seedlab.study.lab import Column
from tests.helpers.values import column, draw, run, runs, text_draw


def explanation(label: str, code: str) -> Explanation:
    """An explanation of a draw; a code in capitals says that a seed did not reach it."""
    seeding = Seeding.UNSEEDED if code.isupper() else Seeding.SEEDED
    return Explanation(label, (UNKNOWN if code == "unknown" else Finding(code, (), (), seeding),))


def headline_of(ended: Sequence[Run], **codes: str) -> Headline:
    """``codes`` by op, of its first call."""
    return headline(endings_of(ended), compare(ended), [explanation(f"{op}-1", code) for op, code in codes.items()])


def test_what_repeats_in_a_script_that_reads_the_clock_may_not_do_so_at_another_time() -> None:
    def said(*ended: Run) -> list[str]:
        return below(headline(endings_of(ended), compare(ended), (), reads_clock=True))

    same, other = run(1, draw("a", [1]), draw("b", [1])), run(2, draw("a", [1]), draw("b", [2]))
    assert said(same, replace(same, index=2)) == ["headline.reads-clock"]
    assert said(same, other) == ["headline.reads-clock"]
    assert said(same) == []
    assert said(run(1, draw("a", [1])), run(2, draw("a", [2]))) == []


def title_of(found: Headline) -> tuple[str, dict[str, object]]:
    assert found.title is not None
    return found.title.code, {**found.title.parameters}


def below(found: Headline) -> list[str]:
    return [finding.code for finding in found.subtitle]


def some_repeat(repeating: Sequence[str], differing: Sequence[str]) -> tuple[str, dict[str, object]]:
    return "headline.some-repeat", {"repeating": tuple(repeating), "differing": tuple(differing)}


@pytest.mark.parametrize(
    ("tables", "title"),
    [
        ([{"op1-1": 1, "op2-1": 2}] * 2, ("headline.all-repeats", {})),
        ([{"op1-1": 1, "op2-1": 2}, {"op1-1": 3, "op2-1": 4}], ("headline.nothing-repeats", {})),
        ([{"op1-1": 1, "op2-1": 2}, {"op1-1": 3, "op2-1": 2}], some_repeat(["op2"], ["op1"])),
        (
            [{"op1-1": 1, "op2-1": 2, "op3-1": 5}, {"op1-1": 3, "op2-1": 2, "op3-1": 5}],
            some_repeat(["op2", "op3"], ["op1"]),
        ),
        (
            [{"op1-1": 1, "op2-1": 2, "op3-1": 5}, {"op1-1": 3, "op2-1": 4, "op3-1": 5}],
            some_repeat(["op3"], ["op1", "op2"]),
        ),
        ([{"op1-1": 1, "op1-2": 2}, {"op1-1": 1, "op1-2": 3}], ("headline.some-differ", {"differing": ("op1",)})),
        ([{"1": 1, "2": 2}, {"1": 1, "2": 3}], some_repeat(["1"], ["2"])),
        ([{"op1-1": 1}], ("headline.one-run", {})),
        ([{"op1-1": [1]}, {"op1-1": [1, 2]}], ("headline.not-comparable", {})),
    ],
)
def test_the_headline_is_what_repeats(tables: list[dict[str, float]], title: tuple[str, dict[str, object]]) -> None:
    assert title_of(headline_of(runs(*tables))) == title


def test_one_reason_holds_for_all_its_ops() -> None:
    ended = runs(*[{"op1-1": 1, "op2-1": 2}] * 2)
    assert headline_of(ended, op1="a", op2="a").reasons == (Reason("a", ("op1", "op2")),)


def test_several_reasons_name_their_ops_and_what_is_unknown_is_none() -> None:
    ended = runs(*[{"op1-1": 1, "op2-1": 2, "op3-1": 3}] * 2)
    found = headline_of(ended, op1="a", op2="b", op3="unknown")
    assert found.reasons == (Reason("a", ("op1",)), Reason("b", ("op2",)))


def test_where_some_repeat_the_reason_is_that_of_what_does_not() -> None:
    ended = runs({"op1-1": 1, "op2-1": 2}, {"op1-1": 3, "op2-1": 2})
    assert headline_of(ended, op1="A", op2="b").reasons == (Reason("A", ("op1",)),)


def test_that_a_seed_reached_it_is_no_reason_why_a_draw_differs_nor_that_none_did_why_it_repeats() -> None:
    differing, repeating = runs({"op1-1": 1, "op2-1": 2}, {"op1-1": 3, "op2-1": 4}), runs(*[{"op1-1": 1}] * 2)
    # As where a source without a seed moves the draw, and a seed does too.
    both = replace(
        explanation("op1-1", "A"),
        findings=(*explanation("op1-1", "A").findings, *explanation("op1-1", "b").findings),
    )
    found = headline(endings_of(differing), compare(differing), [both, explanation("op2-1", "b")])
    assert found.reasons == (Reason("A", ("op1",)),)
    assert headline_of(repeating, op1="A").reasons == ()


@pytest.mark.parametrize("other", [{}, {"op0-1": 1}])
def test_what_cannot_be_compared_says_why_wherever_it_stands(other: dict[str, float]) -> None:
    found = headline_of(runs(other | {"op1-1": [1]}, other | {"op1-1": [1, 2]}))
    (mismatch,) = found.subtitle
    assert mismatch == Finding.of(
        "row.mismatch",
        run=2,
        dtype="float32",
        shape=(2,),
        first_run=1,
        first_dtype="float32",
        first_shape=(1,),
    )


def test_a_run_that_failed_half_way_is_not_called_not_comparable() -> None:
    whole, half = runs({"op1-1": 1, "op2-1": 2}, {"op1-1": 1})
    found = headline_of([whole, run(2, *half.draws, outcome=Outcome.FAILED)])
    assert title_of(found) == ("headline.what-several-runs-drew-repeats", {})


def test_runs_without_a_draw_are_not_passed_over() -> None:
    whole, half = runs({"op1-1": 1, "op2-1": 2}, {"op1-1": 1})
    failed = run(3, *whole.draws[:1], outcome=Outcome.FAILED)
    again = run(4, *whole.draws)
    assert title_of(headline_of([whole, half]))[0] == "headline.what-several-runs-drew-repeats"
    assert title_of(headline_of([whole, again, half]))[0] == "headline.all-repeats-where-it-is"
    found = headline_of([whole, again, failed], op1="a")
    assert title_of(found)[0] == "headline.all-repeats-where-it-is"
    assert found.subtitle == (Finding.of("headline.some-unfinished", unfinished=1, runs=3),)
    assert found.reasons == (Reason("a", ("op1",)),)
    assert below(headline_of([whole, run(2, outcome=Outcome.TIMED_OUT)])) == ["headline.some-unfinished"]


@pytest.mark.parametrize("count", [1, 2])
def test_that_nothing_finished_is_said_first(count: int) -> None:
    (drawn,) = runs({"op1-1": 1})
    hanging = [run(index, *drawn.draws, outcome=Outcome.TIMED_OUT) for index in range(1, count + 1)]
    found = headline_of(hanging, op1="a")
    assert title_of(found) == ("headline.nothing-finished", {"runs": count})
    assert below(found) == ["headline.one-run" if count == 1 else "headline.all-repeats"]
    assert found.reasons == (Reason("a", ("op1",)),)


def test_several_runs_are_not_called_one_run() -> None:
    assert title_of(headline_of(runs({"a": 1}, {"b": 1}))) == ("headline.no-counterpart", {})


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.TIMED_OUT, Outcome.CANCELLED])
def test_runs_that_only_failed_have_their_problem_in_the_headline(outcome: Outcome) -> None:
    ended = [run(1), run(2, outcome=outcome, problem="first"), run(3, outcome=outcome, problem="other")]
    found = headline_of(ended)
    assert title_of(found) == ("headline.no-values-unfinished", {"outcome": outcome.value})
    assert found.subtitle == (Finding.of("headline.problem", problem="first"),)


def test_runs_that_printed_nothing_say_so() -> None:
    assert headline_of([run(1)]) == Headline(Finding.of("headline.nothing-printed"))


def test_texts_that_repeat_are_said_to_be_texts() -> None:
    text, value = text_draw("loss", "loss: 0.5"), draw("x", 1.0)
    assert headline_of([run(1, text), run(2, text)]).subtitle == (Finding.of("headline.all-are-texts"),)
    assert headline_of([run(1, text, value), run(2, text, value)]).subtitle == (
        Finding.of("headline.texts", names=("loss",)),
    )
    assert headline_of([run(1, value), run(2, value)]).subtitle == ()
    assert headline_of([run(1, text)]).title == Finding.of("headline.one-run")


def test_no_runs_have_no_headline() -> None:
    assert headline_of([]) == Headline()


# --- several columns ---------------------------------------------------------------------------

REPEATS, DIFFERS = ({"op1-1": 1}, {"op1-1": 1}), ({"op1-1": 1}, {"op1-1": 2})


def across(*columns: Column) -> Headline:
    return headline_across(columns, [summarise(each) for each in columns])


def findings(*columns: Column) -> list[Finding | None]:
    found = across(*columns)
    return [found.title, *found.subtitle]


def both(op1: tuple[int, int], op2: tuple[int, int], name: str) -> Column:
    """Two runs, in which two ops drew these values."""
    return column(*runs(*({"op1-1": one, "op2-1": two} for one, two in zip(op1, op2, strict=True))), name=name)


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (
            [column(*runs(*REPEATS), name="A"), column(*runs(*DIFFERS), name="B")],
            [Finding.of("across.only-with", ops=("op1",), columns=("A",))],
        ),
        (
            [column(*runs(*REPEATS), name="A"), column(*runs(*REPEATS), name="B"), column(*runs(*DIFFERS), name="C")],
            [Finding.of("across.only-with", ops=("op1",), columns=("A", "B"))],
        ),
        ([column(*runs(*REPEATS), name="A")] * 2, [Finding.of("across.everywhere", ops=("op1",))]),
        ([column(*runs(*DIFFERS), name="A")] * 2, [Finding.of("across.nowhere", ops=("op1",))]),
        ([both((1, 1), (2, 2), "A")] * 2, [Finding.of("across.everywhere", ops=("op1", "op2"))]),
        (
            [both((1, 2), (3, 4), "A"), both((1, 1), (3, 3), "B")],
            [Finding.of("across.only-with", ops=("op1", "op2"), columns=("B",))],
        ),
        (
            [both((1, 2), (3, 3), "A"), both((1, 1), (3, 3), "B")],
            [
                Finding.of("across.only-with", ops=("op1",), columns=("B",)),
                Finding.of("across.everywhere", ops=("op2",)),
            ],
        ),
        (
            [column(*runs({"1": 1, "2": 2}, {"1": 1, "2": 2}), name="A")] * 2,
            [Finding.of("across.everywhere", ops=("",))],
        ),
        (
            [column(*runs(*REPEATS), name="A")] * 2 + [column(name="C")],
            [Finding.of("across.so-far", ops=("op1",))],
        ),
        ([column(*runs({"op1-1": 1}))] * 2, [Finding.of("headline.run-again")]),
        ([column(), column()], [Finding.of("headline.no-values")]),
        ([], [Finding.of("headline.no-values")]),
    ],
)
def test_several_columns_say_which_op_repeats_where(columns: list[Column], expected: list[Finding]) -> None:
    assert findings(*columns) == expected


def test_that_nothing_finished_in_a_column_is_said_before_what_the_others_show() -> None:
    hanging = column(*(replace(each, outcome=Outcome.TIMED_OUT) for each in runs(*REPEATS)), name="B")
    silent = column(run(1, outcome=Outcome.TIMED_OUT, problem="ran longer than 1 s"), name="C")
    whole = column(*runs(*REPEATS), name="A")
    everywhere = Finding.of("across.everywhere", ops=("op1",))
    assert findings(whole, hanging) == [Finding.of("across.nothing-finished", columns=("B",)), everywhere]
    found = findings(whole, hanging, silent)
    assert found[0] == Finding.of("across.nothing-finished", columns=("B", "C"))
    assert findings(silent, silent) == [Finding.of("across.nothing-finished", columns=("C", "C"))]


def test_one_column_keeps_its_own_headline() -> None:
    one = column(*runs(*REPEATS))
    assert across(one) == summarise(one).headline


@pytest.mark.parametrize(
    "other", [column(*runs({"op1-1": 1}), name="B"), column(name="B")], ids=["ran once", "not run"]
)
def test_a_column_that_shows_nothing_yet_is_not_said_to_differ(other: Column) -> None:
    codes = {finding.code for finding in findings(column(*runs(*REPEATS), name="A"), other) if finding is not None}
    codes |= {f.code for f in findings(other, column(*runs({"op1-1": 1}), name="C")) if f is not None}
    assert not codes & {"across.only-with", "across.nowhere"}
