"""All that is said of a column, and of several side by side."""

import pytest

from seedlab.analysis.comparison import compare
from seedlab.analysis.explanation import AnnotationKind, Headline, Reason
from seedlab.analysis.published import Match
from seedlab.analysis.rows import Verdict
from seedlab.analysis.summary import Grouped, headline_across, run_list, summarise
from seedlab.libraries.presets import PRESETS
from seedlab.libraries.registry import script_of
from seedlab.results.run import Outcome, Run
from seedlab.study.lab import Column
from tests.helpers.values import column, draw, executed, run, runs, seed_set, seed_used

SCRIPT = "from random import seed, random as draw; seed(3)\nprint('1:', draw())\nprint('2:', draw())\n"
TRACE = (seed_set(1, "python", 3),)


def seeded_run(index: int, *values: float, outcome: Outcome = Outcome.FINISHED, problem: str = "") -> Run:
    """Draws 1, 2, ... at lines 2, 3, ... of the script."""
    drawn = (draw(str(n), value, line=n + 1, events_before=1) for n, value in enumerate(values, 1))
    return run(index, *drawn, trace=TRACE, outcome=outcome, problem=problem)


def test_a_summary_holds_all_that_is_said_of_its_column() -> None:
    ended = [seeded_run(1, 5, 6), seeded_run(2, 5, 6)]
    summary = summarise(column(*ended, script=SCRIPT))
    assert summary.comparison == compare(ended)
    assert [row.verdict for row in summary.comparison.rows] == [Verdict.REPEATS] * 2
    assert summary.headline == Headline("Every draw repeats in every run.", "Why: its generator was seeded.")
    assert [(each.label, each.reason) for each in summary.explanations] == [
        ("1", Reason.GENERATOR),
        ("2", Reason.GENERATOR),
    ]
    assert [(note.line, note.kind) for note in summary.annotations] == [(1, AnnotationKind.SET)]
    assert (summary.matches, summary.problems, summary.details) == ((), (), "")
    assert summary.relations == ("differs from call to call",)


def test_what_was_said_of_a_label_is_found() -> None:
    summary = summarise(column(seeded_run(1, 5, 6), script=SCRIPT))
    assert summary.explanation("2") is summary.explanations[1]
    assert summary.explanation("3") is None
    assert summary.match("1") is None


def test_the_last_run_with_draws_is_explained() -> None:
    ended = [seeded_run(1, 5, 6), seeded_run(2, 5), run(3, outcome=Outcome.CANCELLED)]
    assert [each.label for each in summarise(column(*ended, script=SCRIPT)).explanations] == ["1"]


def test_a_script_that_failed_before_its_first_draw_has_its_annotations() -> None:
    ended = [run(1, trace=TRACE, outcome=Outcome.FAILED, problem="no"), run(2, outcome=Outcome.CANCELLED)]
    summary = summarise(column(*ended, script=SCRIPT))
    assert [note.line for note in summary.annotations] == [1]
    assert summary.explanations == ()


def test_problems_are_told_once_with_the_runs_that_had_them() -> None:
    ended = [
        run(1, outcome=Outcome.FAILED, problem="line 2: no", details="first"),
        run(2, outcome=Outcome.TIMED_OUT, problem="no end", details="second"),
        run(3, outcome=Outcome.FAILED, problem="line 2: no"),
        run(4, notes=("blind",)),
    ]
    summary = summarise(column(*ended))
    assert summary.problems == (
        Grouped(("1", "3"), "failed: line 2: no"),
        Grouped(("2",), "timed out: no end"),
        Grouped(("4",), "blind"),
    )
    assert summary.details == "first"


def test_a_preset_is_matched_with_the_article() -> None:
    preset = PRESETS["random"]
    script = script_of(preset.experiment).text
    ended = run(1, *executed(script))
    summary = summarise(column(ended, script=script, experiment=preset.experiment))
    assert [match.match for match in summary.matches] == [Match.EQUAL] * 6
    assert summary.match("4") is summary.matches[3]
    assert summary.grouped_matches == (Grouped(tuple("123456"), summary.matches[0].sentence),)
    other = preset.experiment.choose(graph_seed=1)
    assert summarise(column(ended, script=script, experiment=other)).matches == ()


def test_equal_sentences_are_grouped_in_the_order_of_the_draws() -> None:
    script = "a = normal()\nb = normal(seed=1)\nprint('s1/a-1', a)\nprint(b)\nprint(a)\n"
    trace = (seed_used(1, "graph 1", None, None), seed_used(2, "graph 1", 1, (87654321, 1)))
    drawn = [
        draw(label, n, line=line, events_before=2)
        for n, (label, line) in enumerate([("a-1", 3), ("b-1", 4), ("a-2", 5)])
    ]
    grouped = summarise(column(run(1, *drawn, trace=trace), script=script)).grouped_explanations
    assert [group.subjects for group in grouped] == [("a-1", "a-2"), ("b-1",)]


def test_a_column_without_runs_says_nothing() -> None:
    summary = summarise(column(script=SCRIPT))
    assert summary.headline == Headline("")
    assert (summary.explanations, summary.annotations, summary.matches, summary.problems) == ((), (), (), ())


# --- several columns ---------------------------------------------------------------------------

REPEATS, DIFFERS = ({"op1-1": 1}, {"op1-1": 1}), ({"op1-1": 1}, {"op1-1": 2})


def across(*columns: Column) -> Headline:
    return headline_across(columns, [summarise(each) for each in columns])


def both(op1: tuple[int, int], op2: tuple[int, int], name: str) -> Column:
    """Two runs, in which two ops drew these values."""
    return column(*runs(*({"op1-1": one, "op2-1": two} for one, two in zip(op1, op2, strict=True))), name=name)


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        (
            [column(*runs(*REPEATS), name="A"), column(*runs(*DIFFERS), name="B")],
            Headline("op1 repeats only with: A."),
        ),
        (
            [column(*runs(*REPEATS), name="A"), column(*runs(*REPEATS), name="B"), column(*runs(*DIFFERS), name="C")],
            Headline("op1 repeats only with: A, B."),
        ),
        ([column(*runs(*REPEATS), name="A")] * 2, Headline("op1 repeats everywhere.")),
        ([column(*runs(*DIFFERS), name="A")] * 2, Headline("op1 repeats nowhere.")),
        (
            [column(*runs({"op1-1": 1, "op2-1": 2}, {"op1-1": 1, "op2-1": 2}), name="A")] * 2,
            Headline("op1 and op2 repeat everywhere."),
        ),
        (
            [both((1, 2), (3, 3), "A"), both((1, 1), (3, 3), "B")],
            Headline("op1 repeats only with: B.", "op2 repeats everywhere."),
        ),
        ([column(*runs({"1": 1, "2": 2}, {"1": 1, "2": 2}), name="A")] * 2, Headline("Every draw repeats everywhere.")),
        ([column(), column()], Headline("No values.")),
        ([], Headline("No values.")),
    ],
)
def test_several_columns_say_which_op_repeats_where(columns: list[Column], told: Headline) -> None:
    assert across(*columns) == told


def test_one_column_keeps_its_own_headline() -> None:
    one = column(*runs(*REPEATS))
    assert across(one) == summarise(one).headline


@pytest.mark.parametrize(
    "other", [column(*runs({"op1-1": 1}), name="B"), column(name="B")], ids=["ran once", "not run"]
)
def test_a_column_that_shows_nothing_yet_is_not_said_to_differ(other: Column) -> None:
    assert "only" not in across(column(*runs(*REPEATS), name="A"), other).title
    assert "nowhere" not in across(other, column(*runs({"op1-1": 1}), name="C")).title


@pytest.mark.parametrize(
    ("count", "told"),
    [(1, "run 1"), (3, "runs 1, 2, 3"), (6, "runs 1, 2, 3, 4, 5, 6"), (40, "runs 1, 2, 3, 4, 5, 6, … (40 in all)")],
)
def test_a_long_list_of_runs_is_cut(count: int, told: str) -> None:
    assert run_list(tuple(str(index) for index in range(1, count + 1))) == told
