"""All that is found of a column."""

from msgspec.structs import replace

from seedlab.analysis.comparison import compare
from seedlab.analysis.endings import Problem
from seedlab.analysis.headlines import Headline, Reason
from seedlab.analysis.published import Match
from seedlab.analysis.rows import Verdict
from seedlab.analysis.summary import Grouped, summarise
from seedlab.evidence.finding import AnnotationKind, Finding
from seedlab.libraries.presets import PRESETS
from seedlab.libraries.registry import script_of
from seedlab.results.influence import Influence, InfluenceSource, MovedDraw
from seedlab.results.run import Outcome, Run
from tests.helpers.values import column, draw, executed, run, seed_set

SCRIPT = "from random import seed, random as draw; seed(3)\nprint('1:', draw())\nprint('2:', draw())\n"
TRACE = (seed_set(1, "python", 3),)


MOVED = (("a-1", "s1"), ("b-1", "s2"), ("a-2", "s1"))


def source(name: str, line: int) -> InfluenceSource:
    return InfluenceSource(
        id=name, kind="set", library="python", state="global", door="random.seed", line=line, seed=line
    )


def seeded_run(index: int, *values: float, outcome: Outcome = Outcome.FINISHED, problem: str = "") -> Run:
    """Draws 1, 2, ... at lines 2, 3, ... of the script."""
    drawn = (draw(str(n), value, line=n + 1, events_before=1) for n, value in enumerate(values, 1))
    return run(index, *drawn, trace=TRACE, outcome=outcome, problem=problem)


def test_a_summary_holds_all_that_is_found_of_its_column() -> None:
    ended = [seeded_run(1, 5, 6), seeded_run(2, 5, 6)]
    summary = summarise(column(*ended, script=SCRIPT))
    assert summary.comparison == compare(ended)
    assert [row.verdict for row in summary.comparison.rows] == [Verdict.REPEATS] * 2
    # Nothing has been tried, and what is read in a person's own script is not told as a reason.
    reason = Reason("cause.not-tried", ("1", "2"))
    assert summary.headline == Headline(Finding.of("headline.all-repeats"), (), (reason,))
    assert [(each.label, each.findings[0].code) for each in summary.explanations] == [
        ("1", "cause.not-tried"),
        ("2", "cause.not-tried"),
    ]
    assert [(note.line, note.kind) for note in summary.annotations] == [(1, AnnotationKind.SET)]
    assert (summary.matches, summary.problems, summary.details) == ((), (), "")
    (relation,) = summary.comparison.relations
    assert not relation.repeats


def test_what_was_found_of_a_label_is_found() -> None:
    summary = summarise(column(seeded_run(1, 5, 6), script=SCRIPT))
    assert summary.explanation("2") is summary.explanations[1]
    assert summary.explanation("3") is None
    assert summary.match("1") is None


def test_of_a_label_that_occurs_twice_the_first_counts() -> None:
    drawn = [draw("x", 1, line=2, events_before=1), draw("x", 2, line=3, events_before=1)]
    summary = summarise(column(run(1, *drawn, trace=TRACE), script=SCRIPT))
    assert summary.explanation("x") is summary.explanations[0]


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
        Problem(Outcome.FAILED, "line 2: no", (1, 3)),
        Problem(Outcome.TIMED_OUT, "no end", (2,)),
        Problem(Outcome.FINISHED, "blind", (4,)),
    )
    assert summary.details == "first"


def test_a_preset_is_matched_with_the_article() -> None:
    preset = PRESETS["random"]
    script = script_of(preset.experiment).text
    ended = run(1, *executed(script))
    summary = summarise(column(ended, script=script, experiment=preset.experiment))
    assert [match.match for match in summary.matches] == [Match.EQUAL] * 6
    assert summary.match("4") is summary.matches[3]
    assert summary.grouped_matches == (Grouped(tuple("123456"), (Finding.of("article.equal"),)),)
    other = preset.experiment.choose(graph_seed=1)
    assert summarise(column(ended, script=script, experiment=other)).matches == ()


def test_equal_findings_are_grouped_in_the_order_of_the_draws() -> None:
    drawn = [draw(label, 1, line=3) for label in ("a-1", "b-1", "a-2")]
    moved = [MovedDraw(label=label, repeats=True, moved_by=(name,)) for label, name in MOVED]
    influence = Influence(sources=(source("s1", 1), source("s2", 2)), draws=tuple(moved), runs=9)
    grouped = summarise(replace(column(run(1, *drawn)), influence=influence)).grouped_explanations
    assert [group.labels for group in grouped] == [("a-1", "a-2"), ("b-1",)]


def test_of_a_column_without_runs_nothing_is_found() -> None:
    summary = summarise(column(script=SCRIPT))
    assert summary.headline == Headline()
    assert (summary.explanations, summary.annotations, summary.matches, summary.problems) == ((), (), (), ())
