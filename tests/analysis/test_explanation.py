"""Why draws repeat or not, told from traces made by hand."""

from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from seedlab.analysis.comparison import compare
from seedlab.analysis.explanation import (
    Annotation,
    AnnotationKind,
    Explanation,
    Headline,
    Reason,
    annotate,
    explain,
    headline,
)
from seedlab.results.run import Outcome, Run
from seedlab.results.trace import Event, Trace
from tests.helpers.values import draw, run, runs, seed_set, seed_used

GRAPH_SCRIPT = """\
tf.set_random_seed(5)
with tf.Graph().as_default():
    tf.set_random_seed(6)
    rand_op1 = tf.random_normal([1])
    tf.set_random_seed(7)
    with tf.Session() as sess:
        print("op1-1:", sess.run(rand_op1))
"""
"""Its lines stand for all placements: a trace says which of the seeds were set."""
MADE, PRINTED = 4, 7


def explained(trace: Trace, script: str = GRAPH_SCRIPT, line: int = PRINTED) -> Explanation:
    (explanation,) = explain(
        run(1, draw("op1-1", 1, line=line, events_before=len(trace)), trace=trace), script, compare([])
    )
    return explanation


def used(op_seed: int | None, seeds: tuple[int, int] | None, on: str = "graph 1", line: int | None = MADE) -> Event:
    return seed_used(line, on, op_seed, seeds)


# --- one draw ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("trace", "reason", "lines", "parts"),
    [
        pytest.param(
            (used(None, None),), Reason.NOT_SET, (4,), ["No seed was set", "op1 draws from the system"], id="none"
        ),
        pytest.param(
            (seed_set(1, "default graph", 5), used(None, None)),
            Reason.OTHER_GRAPH,
            (1, 4),
            ["Graph seed 5", "line 1", "the default graph", "not on the graph of op1"],
            id="other graph",
        ),
        pytest.param(
            (seed_set(1, "graph 2", 5), used(None, None)),
            Reason.OTHER_GRAPH,
            (1, 4),
            ["Graph seed 5", "line 1", "graph 2", "not on the graph of op1"],
            id="one of two graphs",
        ),
        pytest.param(
            (used(None, None), seed_set(5, "graph 2", 7)),
            Reason.OTHER_GRAPH,
            (5, 4),
            ["Graph seed 7", "line 5", "graph 2", "not on the graph of op1"],
            id="another graph, and later",
        ),
        pytest.param(
            (used(None, None), seed_set(5, "graph 1", 7)),
            Reason.TOO_LATE,
            (4, 5),
            ["Graph seed 7", "line 5", "after op1 was made", "draws from the system"],
            id="too late",
        ),
        pytest.param(
            (seed_set(1, "default graph", 5), used(None, None), seed_set(5, "graph 1", 7)),
            Reason.TOO_LATE,
            (4, 5),
            ["Graph seed 7", "line 5"],
            id="too late is nearer than another graph",
        ),
        pytest.param(
            (used(9, (87654321, 9)),), Reason.OP_SEED, (4,), ["seed 9", "op1", "the pair (87654321, 9)"], id="op seed"
        ),
        pytest.param(
            (seed_set(1, "default graph", 5), used(9, (87654321, 9))),
            Reason.OP_SEED,
            (4,),
            ["seed 9", "the pair (87654321, 9)"],
            id="op seed although another graph has a seed",
        ),
        pytest.param(
            (seed_set(3, "graph 1", 6), seed_set(3, "graph 1", None), used(9, (87654321, 9))),
            Reason.OP_SEED,
            (4,),
            ["seed 9", "the pair (87654321, 9)"],
            id="a seed taken back is none",
        ),
        pytest.param(
            (seed_set(3, "graph 1", 6), used(None, (6, 0))),
            Reason.GRAPH_SEED,
            (3, 4),
            ["Graph seed 6", "this graph", "line 3", "op1", "the pair (6, 0)"],
            id="graph seed",
        ),
        pytest.param(
            (seed_set(1, "graph 1", 5), seed_set(3, "graph 1", 6), used(None, (6, 0)), seed_set(5, "graph 1", 7)),
            Reason.GRAPH_SEED,
            (3, 4),
            ["Graph seed 6", "line 3", "the pair (6, 0)"],
            id="the last graph seed before the op",
        ),
        pytest.param(
            (seed_set(None, "graph 1", 6), used(None, (6, 0))),
            Reason.GRAPH_SEED,
            (4,),
            ["Graph seed 6", "outside the script"],
            id="set outside the script",
        ),
        pytest.param(
            (seed_set(1, "eager", 6), used(None, (6, 0), on="eager")),
            Reason.GRAPH_SEED,
            (1, 4),
            ["Graph seed 6", "eager mode", "line 1"],
            id="eager",
        ),
        pytest.param(
            (seed_set(3, "graph 1", 6), used(9, (6, 9))),
            Reason.BOTH_SEEDS,
            (3, 4),
            ["Graph seed 6", "line 3", "op seed 9", "the pair (6, 9)", "op1"],
            id="both",
        ),
    ],
)
def test_the_reason_of_an_op_is_read_from_the_trace(
    trace: Trace, reason: Reason, lines: tuple[int, ...], parts: Sequence[str]
) -> None:
    explanation = explained(trace)
    assert (explanation.label, explanation.reason, explanation.lines) == ("op1-1", reason, lines)
    for part in parts:
        assert part in explanation.sentence
    assert explanation.sentence.endswith(".")


def test_the_reason_goes_by_the_op_that_is_printed() -> None:
    script = "a = tf.random_normal([1])\nb = tf.random_normal([1], seed=9)\nprint('a:', a)\nprint('b:', b)\n"
    trace = (used(None, None, line=1), used(9, (87654321, 9), line=2))
    drawn = (draw("a", 1, line=3, events_before=2), draw("b", 1, line=4, events_before=2))
    reasons = [each.reason for each in explain(run(1, *drawn, trace=trace), script, compare([]))]
    assert reasons == [Reason.NOT_SET, Reason.OP_SEED]


def test_two_ops_made_by_one_line_are_told_by_what_came_before_the_draw() -> None:
    script = "tf.random.set_seed(6)\nfor n in range(2):\n    print('x:', tf.random.normal([1]))\n"
    trace = (seed_set(1, "eager", 6), used(None, (6, 0), "eager", 3), used(None, (6, 1), "eager", 3))
    drawn = (draw("x", 1, line=3, events_before=2), draw("x #2", 1, line=3, events_before=3))
    first, second = explain(run(1, *drawn, trace=trace), script, compare([]))
    assert "(6, 0)" in first.sentence
    assert "(6, 1)" in second.sentence


@pytest.mark.parametrize(
    ("seed", "note"),
    [
        (0, None),
        (2**31 - 2, None),
        (2**31 - 1, "(kept as 0)"),
        (2**31, "(kept as 1)"),
        (-1, "(kept as 2147483646)"),
        (2**63 - 1, "(kept as 1)"),
    ],
)
def test_a_seed_that_tensorflow_keeps_modulo_says_what_is_kept(seed: int, note: str | None) -> None:
    kept = seed % (2**31 - 1)
    for trace in (
        (used(seed, (87654321, kept)),),
        (seed_set(3, "graph 1", seed), used(None, (kept, 0))),
        (seed_set(3, "graph 1", seed), used(1, (kept, 1))),
        (seed_set(3, "graph 1", 1), used(seed, (1, kept))),
    ):
        sentence = explained(trace).sentence
        assert f"seed {seed}" in sentence
        assert f"seed {seed} {note}" in sentence if note else "kept as" not in sentence


# --- generators --------------------------------------------------------------------------------

AGAIN = "random.seed(3)\nprint('1:', random.random())\nrandom.seed(3)\nprint('2:', random.random())\n"


def explained_all(trace: Trace, script: str, *prints: tuple[int, int]) -> tuple[Explanation, ...]:
    """Of draws 1, 2, ... printed at (line, events before)."""
    drawn = (draw(str(n), n, line=line, events_before=before) for n, (line, before) in enumerate(prints, 1))
    return explain(run(1, *drawn, trace=trace), script, compare([]))


@pytest.mark.parametrize(
    ("state", "names"),
    [("python", "from random import seed, random as draw"), ("numpy", "from numpy.random import seed, rand as draw")],
)
def test_draws_are_counted_from_the_last_seed_of_the_global_state(state: str, names: str) -> None:
    script = f"{names}; seed(3)\nprint('1:', draw())\nprint('2:', draw())\nseed(3)\nprint('3:', draw())\n"
    told = explained_all((seed_set(1, state, 3), seed_set(4, state, 3)), script, (2, 1), (3, 1), (5, 2))
    assert [each.reason for each in told] == [Reason.GENERATOR] * 3
    assert [each.lines for each in told] == [(1,), (1,), (4,)]
    for sentence, part in zip(
        [each.sentence for each in told], ["line 1: draw 1", "line 1: draw 2", "line 4: draw 1"], strict=True
    ):
        assert "Seed 3" in sentence
        assert part in sentence
    assert ["again" in each.sentence for each in told] == [False, False, True]


def test_another_seed_is_not_called_again() -> None:
    _, second = explained_all((seed_set(1, "python", 3), seed_set(3, "python", 4)), AGAIN, (2, 1), (4, 2))
    assert "Seed 4 was set at line 3" in second.sentence


def test_a_generator_of_its_own_is_found_by_its_name() -> None:
    script = "a = default_rng(1)\nb = default_rng()\nprint('1:', a.random())\nprint('2:', b.random())\n"
    first, second = explained_all(
        (seed_set(1, "generator 1", 1), seed_set(2, "generator 2", None)), script, (3, 2), (4, 2)
    )
    assert (first.reason, first.lines) == (Reason.GENERATOR, (1,))
    assert (second.reason, second.lines) == (Reason.GENERATOR_UNSEEDED, (2,))
    assert "line 2" in second.sentence
    assert "no seed" in second.sentence


def test_a_draw_before_any_seed_starts_from_the_system() -> None:
    first, second = explained_all((seed_set(3, "python", 3),), AGAIN, (2, 0), (4, 1))
    assert (first.reason, first.lines) == (Reason.NOT_SET, ())
    assert second.reason is Reason.GENERATOR


def test_the_seed_of_another_state_does_not_count() -> None:
    script = "random.seed(3)\nprint('1:', np.random.rand())\n"
    (told,) = explained_all((seed_set(1, "python", 3),), script, (2, 1))
    assert not told.reason.is_seeded


def test_the_same_seed_of_another_state_is_not_called_again() -> None:
    script = "a = default_rng(3)\nb = default_rng(3)\nprint('1:', a.random())\nprint('2:', b.random())\n"
    told = explained_all((seed_set(1, "generator 1", 3), seed_set(2, "generator 2", 3)), script, (3, 2), (4, 2))
    assert not any("again" in each.sentence for each in told)


# --- contradictions ----------------------------------------------------------------------------

SEEDED: Trace = (used(9, (87654321, 9)),)
UNSEEDED: Trace = (used(None, None),)
SEEDED_YET = " Yet the values differ: equal seeds are not enough for this op on this device."
UNSEEDED_YET = " Yet the values repeat: this may not be a random value."


@pytest.mark.parametrize(
    ("trace", "values", "addition"),
    [
        (SEEDED, [1, 2], SEEDED_YET),
        (SEEDED, [1, 1], ""),
        (SEEDED, [1], ""),
        (UNSEEDED, [1, 1], UNSEEDED_YET),
        (UNSEEDED, [1, 2], ""),
        (UNSEEDED, [1], ""),
        ((), [1, 1], ""),
    ],
)
def test_values_that_contradict_the_trace_are_told(trace: Trace, values: list[float], addition: str) -> None:
    ended = [
        run(index, draw("op1-1", value, line=PRINTED, events_before=len(trace)), trace=trace)
        for index, value in enumerate(values, 1)
    ]
    (told,) = explain(ended[-1], GRAPH_SCRIPT, compare(ended))
    (plain,) = explain(ended[-1], GRAPH_SCRIPT, compare([]))
    assert told == replace(plain, sentence=plain.sentence + addition)


# --- annotations -------------------------------------------------------------------------------


def kinds(trace: Trace) -> dict[int, AnnotationKind]:
    return {note.line: note.kind for note in annotate(trace)}


@pytest.mark.parametrize(
    ("trace", "expected"),
    [
        (
            (seed_set(3, "graph 1", 6), used(None, (6, 0))),
            [Annotation(3, AnnotationKind.SET, "set on this graph"), Annotation(4, AnnotationKind.USED, "pair (6, 0)")],
        ),
        (
            (seed_set(1, "default graph", 5), used(None, None)),
            [
                Annotation(1, AnnotationKind.UNUSED, "set on the default graph: no op used it"),
                Annotation(4, AnnotationKind.SYSTEM, "no seed: draws from the system"),
            ],
        ),
        (
            (used(None, None), seed_set(5, "graph 1", 7)),
            [
                Annotation(4, AnnotationKind.SYSTEM, "no seed: draws from the system"),
                Annotation(5, AnnotationKind.UNUSED, "too late: no op used it"),
            ],
        ),
        ((seed_set(2, "python", 3),), [Annotation(2, AnnotationKind.SET, "the random module starts from 3")]),
        ((seed_set(2, "numpy", 3),), [Annotation(2, AnnotationKind.SET, "NumPy's global state starts from 3")]),
        ((seed_set(2, "generator 1", 3),), [Annotation(2, AnnotationKind.SET, "this generator starts from 3")]),
        ((seed_set(2, "generator 1", None),), [Annotation(2, AnnotationKind.SYSTEM, "seeded from the system")]),
        ((seed_set(None, "python", 3), used(1, (5, 1), line=None)), []),
        ((), []),
    ],
)
def test_each_line_says_what_it_did(trace: Trace, expected: list[Annotation]) -> None:
    assert list(annotate(trace)) == expected


def test_annotations_stand_in_the_order_of_lines() -> None:
    trace = (used(None, (6, 0), line=9), seed_set(2, "graph 1", 6), used(1, (6, 1), line=5))
    assert [note.line for note in annotate(trace)] == [2, 5, 9]


def test_a_line_that_did_the_same_many_times_says_so_once() -> None:
    (note,) = annotate((used(1, (5, 1)),) * 3)
    assert note.text == "pair (5, 1)"


def test_a_line_that_did_many_things_is_cut() -> None:
    (note,) = annotate(tuple(used(None, (5, n)) for n in range(5)))
    assert note.text == "pair (5, 0); pair (5, 1) (and 3 more)"


def test_a_seed_between_two_ops_is_used_by_the_second() -> None:
    trace = (used(None, None), seed_set(5, "graph 1", 7), used(None, (7, 0), line=6))
    assert kinds(trace) == {MADE: AnnotationKind.SYSTEM, 5: AnnotationKind.SET, 6: AnnotationKind.USED}


def test_a_seed_is_unused_only_when_no_op_of_its_graph_came_after_it() -> None:
    trace = (seed_set(1, "graph 1", 5), seed_set(2, "graph 2", 5), used(None, (5, 0), "graph 1"))
    assert kinds(trace) == {1: AnnotationKind.SET, 2: AnnotationKind.UNUSED, MADE: AnnotationKind.USED}


# --- headlines ---------------------------------------------------------------------------------


def explanation(label: str, reason: Reason) -> Explanation:
    return Explanation(label, reason, "Sentence.", ())


def headline_of(ended: Sequence[Run], **reasons: Reason) -> Headline:
    """``reasons`` by op, of its first call."""
    told = [explanation(f"{op}-1", reason) for op, reason in reasons.items()]
    return headline(ended, compare(ended), told)


@pytest.mark.parametrize(
    ("tables", "title"),
    [
        ([{"op1-1": 1, "op2-1": 2}] * 2, "Every draw repeats in every run."),
        ([{"op1-1": 1, "op2-1": 2}, {"op1-1": 3, "op2-1": 4}], "Nothing repeats."),
        ([{"op1-1": 1, "op2-1": 2}, {"op1-1": 3, "op2-1": 2}], "op2 repeats, op1 does not."),
        (
            [{"op1-1": 1, "op2-1": 2, "op3-1": 5}, {"op1-1": 3, "op2-1": 2, "op3-1": 5}],
            "op2 and op3 repeat, op1 does not.",
        ),
        (
            [{"op1-1": 1, "op2-1": 2, "op3-1": 5}, {"op1-1": 3, "op2-1": 4, "op3-1": 5}],
            "op3 repeats, op1 and op2 do not.",
        ),
        ([{"op1-1": 1, "op1-2": 2}, {"op1-1": 1, "op1-2": 3}], "op1 differs."),
        ([{"1": 1, "2": 2}, {"1": 1, "2": 3}], "1 repeats, 2 does not."),
        ([{"op1-1": 1}], "One run: run again to see what repeats."),
        ([{"op1-1": [1]}, {"op1-1": [1, 2]}], "Some draws cannot be compared."),
    ],
)
def test_the_headline_says_what_repeats(tables: list[dict[str, float]], title: str) -> None:
    assert headline_of(runs(*tables)).title == title


def test_many_names_are_cut() -> None:
    first = {f"x{n}-1": 1 for n in range(6)}
    assert headline_of(runs(first | {"y": 1}, first | {"y": 2})).title == "x0, x1, x2 and 3 more repeat, y does not."


def test_one_reason_of_all_is_told_without_names() -> None:
    ended = runs(*[{"op1-1": 1, "op2-1": 2}] * 2)
    told = headline_of(ended, op1=Reason.GRAPH_SEED, op2=Reason.GRAPH_SEED)
    assert told.subtitle == "Why: the graph seed reached it."


def test_several_reasons_name_their_ops() -> None:
    ended = runs(*[{"op1-1": 1, "op2-1": 2}] * 2)
    told = headline_of(ended, op1=Reason.GRAPH_SEED, op2=Reason.BOTH_SEEDS)
    assert told.subtitle == "Why: op1: the graph seed reached it; op2: graph seed and op seed reached it."


def test_where_some_repeat_the_reason_is_that_of_what_does_not() -> None:
    ended = runs({"op1-1": 1, "op2-1": 2}, {"op1-1": 3, "op2-1": 2})
    assert headline_of(ended, op1=Reason.OTHER_GRAPH, op2=Reason.OP_SEED).subtitle == (
        "Why: the graph seed was set on another graph."
    )


def test_what_cannot_be_compared_says_why() -> None:
    told = headline_of(runs({"op1-1": [1]}, {"op1-1": [1, 2]}))
    assert told.subtitle == "run 2 has float32 [2], run 1 float32 [1]"


def test_what_cannot_be_compared_says_why_wherever_it_stands() -> None:
    told = headline_of(runs({"op1-1": 1, "op2-1": [1]}, {"op1-1": 1, "op2-1": [1, 2]}))
    assert told.subtitle == "run 2 has float32 [2], run 1 float32 [1]"


def test_a_run_that_failed_half_way_is_not_called_not_comparable() -> None:
    whole, half = runs({"op1-1": 1, "op2-1": 2}, {"op1-1": 1})
    assert "compared" not in headline_of([whole, run(2, *half.draws, outcome=Outcome.FAILED)]).title


def test_runs_without_a_draw_are_not_passed_over() -> None:
    whole, half = runs({"op1-1": 1, "op2-1": 2}, {"op1-1": 1})
    failed = run(3, *whole.draws[:1], outcome=Outcome.FAILED)
    again = run(4, *whole.draws)
    assert headline_of([whole, half]) == Headline("What several runs drew repeats.")
    assert headline_of([whole, again, half]) == Headline("Every draw repeats in every run that has it.")
    told = headline_of([whole, again, failed], op1=Reason.OP_SEED)
    assert told.title == "Every draw repeats in every run that has it."
    assert told.subtitle == "1 of 3 runs did not finish. Why: its own op seed is enough."
    nothing = run(2, outcome=Outcome.TIMED_OUT)
    assert headline_of([whole, nothing]).subtitle == "1 of 2 runs did not finish."


def test_several_runs_are_not_called_one_run() -> None:
    assert "One run" not in headline_of(runs({"a": 1}, {"b": 1})).title


@pytest.mark.parametrize(
    ("outcome", "title"),
    [
        (Outcome.FAILED, "No values: the run failed."),
        (Outcome.TIMED_OUT, "No values: the run timed out."),
        (Outcome.CANCELLED, "No values: the run was cancelled."),
    ],
)
def test_runs_that_only_failed_have_their_problem_in_the_headline(outcome: Outcome, title: str) -> None:
    ended = [
        run(1),
        run(2, outcome=outcome, problem="line 3: ValueError: no"),
        run(3, outcome=outcome, problem="other"),
    ]
    assert headline_of(ended) == Headline(title, "line 3: ValueError: no")


def test_runs_that_printed_nothing_say_so() -> None:
    assert headline_of([run(1, text="hello\n")]) == Headline("No values: the script printed no labelled number.")


def test_no_runs_have_no_headline() -> None:
    assert headline_of([]) == Headline("")


def test_what_no_observed_generator_flows_into_is_called_neither_seeded_nor_not() -> None:
    script = "import random, sys\nrandom.seed(3)\nprint('version:', sys.hexversion)\nprint('x:', random.random())\n"
    trace = (seed_set(2, "python", 3),)
    version, drawn = explained_all(trace, script, (3, 1), (4, 1))
    assert (version.reason, version.lines) == (Reason.UNKNOWN, ())
    assert version.sentence == "Where it comes from was not observed."
    assert drawn.reason is Reason.GENERATOR
    assert not Reason.UNKNOWN.is_seeded


def test_a_seed_of_another_module_is_not_denied() -> None:
    script = "import random, numpy\nrandom.seed(3)\nprint('x:', numpy.random.rand())\n"
    (told,) = explained_all((seed_set(2, "python", 3),), script, (3, 1))
    assert told.reason is Reason.NOT_SET
    assert told.sentence.startswith("No seed of NumPy's global state was set before this draw")
