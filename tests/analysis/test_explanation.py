"""Why draws repeat or not, told from traces made by hand."""

import pytest

from seedlab.analysis.comparison import compare
from seedlab.analysis.explanation import UNKNOWN, Annotation, Explanation, annotate, explain
from seedlab.evidence.finding import AnnotationKind, Finding, Seeding
from seedlab.results.run import Run
from seedlab.results.trace import Event, Source, Trace, Use
from tests.helpers.growth import assert_grows_gently
from tests.helpers.values import draw, run, seed_set, seed_used

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


def codes(*explanations: Explanation) -> list[str]:
    return [finding.code for explanation in explanations for finding in explanation.findings]


def used(op_seed: int | None, seeds: tuple[int, int] | None, on: str = "graph 1", line: int | None = MADE) -> Event:
    return seed_used(line, on, op_seed, seeds)


# --- one draw ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("trace", "code", "lines", "parameters"),
    [
        pytest.param((used(None, None),), "no-seed", (4,), {}, id="none"),
        pytest.param(
            (seed_set(1, "default graph", 5), used(None, None)),
            "other-graph",
            (1, 4),
            {"seed": 5, "line": 1, "graph": "default"},
            id="other graph",
        ),
        pytest.param(
            (seed_set(1, "graph 2", 5), used(None, None)),
            "other-graph",
            (1, 4),
            {"seed": 5, "line": 1, "graph": "numbered", "graph_number": 2},
            id="one of two graphs",
        ),
        pytest.param(
            (used(None, None), seed_set(5, "graph 2", 7)),
            "other-graph",
            (5, 4),
            {"seed": 7, "line": 5, "graph": "numbered", "graph_number": 2},
            id="another graph, and later",
        ),
        pytest.param(
            (used(None, None), seed_set(5, "graph 1", 7)),
            "too-late",
            (4, 5),
            {"seed": 7, "line": 5},
            id="too late",
        ),
        pytest.param(
            (used(None, None), seed_set(5, "graph 1", None), seed_set(6, "graph 1", 8)),
            "too-late",
            (4, 6),
            {"seed": 8, "line": 6},
            id="too late, after one that was taken back",
        ),
        pytest.param(
            (seed_set(1, "default graph", 5), used(None, None), seed_set(5, "graph 1", 7)),
            "too-late",
            (4, 5),
            {"seed": 7, "line": 5},
            id="too late is nearer than another graph",
        ),
        pytest.param((used(9, (87654321, 9)),), "op-seed", (4,), {"op_seed": 9, "pair": (87654321, 9)}, id="op seed"),
        pytest.param(
            (seed_set(1, "default graph", 5), used(9, (87654321, 9))),
            "op-seed",
            (4,),
            {"op_seed": 9, "pair": (87654321, 9)},
            id="op seed although another graph has a seed",
        ),
        pytest.param(
            (seed_set(3, "graph 1", 6), seed_set(3, "graph 1", None), used(9, (87654321, 9))),
            "op-seed",
            (4,),
            {"op_seed": 9, "pair": (87654321, 9)},
            id="a seed taken back is none",
        ),
        pytest.param((used(None, (6, 0)),), "unobserved-graph-seed", (4,), {"pair": (6, 0)}, id="not observed"),
        pytest.param(
            (seed_set(3, "graph 1", 6), used(None, (6, 0))),
            "graph-seed",
            (3, 4),
            {"seed": 6, "graph": "only", "line": 3, "pair": (6, 0)},
            id="graph seed",
        ),
        pytest.param(
            (seed_set(1, "graph 1", 5), seed_set(3, "graph 1", 6), used(None, (6, 0)), seed_set(5, "graph 1", 7)),
            "graph-seed",
            (3, 4),
            {"seed": 6, "line": 3, "pair": (6, 0)},
            id="the last graph seed before the op",
        ),
        pytest.param(
            (seed_set(None, "graph 1", 6), used(None, (6, 0))),
            "graph-seed",
            (4,),
            {"seed": 6, "line": None},
            id="set outside the script",
        ),
        pytest.param(
            (seed_set(1, "eager", 6), used(None, (6, 0), on="eager")),
            "graph-seed",
            (1, 4),
            {"seed": 6, "graph": "eager", "line": 1},
            id="eager",
        ),
        pytest.param(
            (seed_set(1, "eager", 6), used(None, (6, 0), on="function")),
            "graph-seed",
            (1, 4),
            {"seed": 6, "graph": "eager", "line": 1},
            id="a function copies the eager seed",
        ),
        pytest.param(
            (seed_set(1, "eager", 6), seed_set(3, "eager", 7), used(None, (6, 0), on="function")),
            "graph-seed",
            (1, 4),
            {"seed": 6, "graph": "eager", "line": 1},
            id="a seed set as the function is traced comes too late",
        ),
        pytest.param(
            (seed_set(1, "eager", 6), seed_set(3, "function", 7), used(None, (7, 0), on="function")),
            "graph-seed",
            (3, 4),
            {"seed": 7, "graph": "function", "line": 3},
            id="set inside the function",
        ),
        pytest.param(
            (seed_set(1, "eager", 6), used(9, (87654321, 9), on="function")),
            "op-seed",
            (4,),
            {"pair": (87654321, 9)},
            id="a function without a seed of the graph",
        ),
        pytest.param(
            (used(None, None, on="function"), seed_set(5, "eager", 7)),
            "too-late",
            (4, 5),
            {"seed": 7, "line": 5},
            id="eager seed after the function",
        ),
        pytest.param(
            (seed_set(3, "graph 1", 6), used(9, (6, 9))),
            "both-seeds",
            (3, 4),
            {"seed": 6, "line": 3, "op_seed": 9, "pair": (6, 9)},
            id="both",
        ),
    ],
)
def test_the_reason_of_an_op_is_read_from_the_trace(
    trace: Trace, code: str, lines: tuple[int, ...], parameters: dict[str, object]
) -> None:
    (finding,) = explained(trace).findings
    assert (finding.code, finding.lines) == (f"tensorflow.{code}", lines)
    assert finding.parameters == finding.parameters | {"op": "op1", **parameters}
    unseeded = code in {"no-seed", "other-graph", "too-late"}
    assert finding.seeding is (Seeding.UNSEEDED if unseeded else Seeding.SEEDED)


def test_a_source_of_a_library_that_no_rule_knows_is_no_graph_seed() -> None:
    keras = Source(kind="set", library="keras", state="keras 1", door="keras.utils.set_random_seed", line=1, seed=3)
    assert codes(explained((keras, used(None, None)))) == ["tensorflow.no-seed"]
    late = Source(kind="set", library="keras", state="graph 1", door="keras.utils.set_random_seed", line=5, seed=3)
    assert codes(explained((used(None, None), late))) == ["tensorflow.no-seed"]
    assert annotate((keras,)) == ()


def test_a_state_of_tensorflow_that_get_seed_does_not_know_is_no_graph() -> None:
    own = Source(kind="set", library="tensorflow", state="stateful 1", door="tf.random.Generator", line=1, seed=3)
    assert codes(explained((own, used(None, None)))) == ["tensorflow.no-seed"]
    assert annotate((own,)) == ()


def test_what_only_an_unknown_library_did_is_unknown() -> None:
    made = Use(library="keras", state="keras 1", door="keras.random", line=MADE, op_seed=None, seeds=(1, 2))
    taken = Source(kind="taken", library="keras", state="keras 1", door="keras.random", line=MADE)
    for event in (made, taken):
        explanation = explained((event,))
        assert (explanation.findings, explanation.lines) == ((UNKNOWN,), ())


def test_a_line_of_another_file_is_no_line_of_the_script() -> None:
    elsewhere = Source(kind="taken", library="tensorflow", state="graph 1", door="get_seed", file="other.py", line=MADE)
    assert explained((elsewhere,)).findings == (UNKNOWN,)
    assert annotate((elsewhere,)) == ()


def test_the_reason_goes_by_the_op_that_is_printed() -> None:
    script = "a = tf.random_normal([1])\nb = tf.random_normal([1], seed=9)\nprint('a:', a)\nprint('b:', b)\n"
    trace = (used(None, None, line=1), used(9, (87654321, 9), line=2))
    drawn = (draw("a", 1, line=3, events_before=2), draw("b", 1, line=4, events_before=2))
    found = codes(*explain(run(1, *drawn, trace=trace), script, compare([])))
    assert found == ["tensorflow.no-seed", "tensorflow.op-seed"]


def test_two_ops_made_by_one_line_are_told_by_what_came_before_the_draw() -> None:
    script = "tf.random.set_seed(6)\nfor n in range(2):\n    print('x:', tf.random.normal([1]))\n"
    trace = (seed_set(1, "eager", 6), used(None, (6, 0), "eager", 3), used(None, (6, 1), "eager", 3))
    drawn = (draw("x", 1, line=3, events_before=2), draw("x #2", 1, line=3, events_before=3))
    first, second = explain(run(1, *drawn, trace=trace), script, compare([]))
    assert first.findings[0]["pair"] == (6, 0)
    assert second.findings[0]["pair"] == (6, 1)


@pytest.mark.parametrize(
    ("seed", "kept"),
    [(0, None), (2**31 - 2, None), (2**31 - 1, 0), (2**31, 1), (-1, 2147483646), (2**63 - 1, 1), ("text", None)],
)
def test_what_tensorflow_keeps_of_a_seed_is_found(seed: int | str, kept: int | None) -> None:
    (of_graph,) = explained((seed_set(3, "graph 1", seed), seed_used(MADE, "graph 1", 1, (0, 1)))).findings
    assert (of_graph["seed"], of_graph["seed_kept"], of_graph["op_seed_kept"]) == (seed, kept, None)
    (of_op,) = explained((seed_used(MADE, "graph 1", seed, (0, 1)),)).findings
    assert (of_op["op_seed"], of_op["op_seed_kept"]) == (seed, kept)


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
    found = explained_all((seed_set(1, state, 3), seed_set(4, state, 3)), script, (2, 1), (3, 1), (5, 2))
    assert codes(*found) == ["generator.seeded", "generator.seeded", "generator.seeded-again"]
    assert [each.lines for each in found] == [(1,), (1,), (4,)]
    assert [(each.findings[0]["seed"], each.findings[0]["number"]) for each in found] == [(3, 1), (3, 2), (3, 1)]


def test_another_seed_is_not_called_again() -> None:
    _, second = explained_all((seed_set(1, "python", 3), seed_set(3, "python", 4)), AGAIN, (2, 1), (4, 2))
    assert codes(second) == ["generator.seeded"]
    assert (second.findings[0]["seed"], second.lines) == (4, (3,))


def test_a_generator_of_its_own_is_found_by_its_name() -> None:
    script = "a = default_rng(1)\nb = default_rng()\nprint('1:', a.random())\nprint('2:', b.random())\n"
    first, second = explained_all(
        (seed_set(1, "generator 1", 1), seed_set(2, "generator 2", None)), script, (3, 2), (4, 2)
    )
    assert (codes(first), first.lines, first.findings[0].seeding) == (["generator.seeded"], (1,), Seeding.SEEDED)
    assert (codes(second), second.lines) == (["generator.from-system"], (2,))
    assert second.findings[0].seeding is Seeding.UNSEEDED


def test_a_draw_before_any_seed_starts_from_the_system() -> None:
    first, second = explained_all((seed_set(3, "python", 3),), AGAIN, (2, 0), (4, 1))
    assert (codes(first), first.lines, first.findings[0].seeding) == (["python.no-seed"], (), Seeding.UNSEEDED)
    assert codes(second) == ["generator.seeded"]


def test_the_seed_of_another_state_does_not_count() -> None:
    script = "random.seed(3)\nprint('1:', np.random.rand())\n"
    (told,) = explained_all((seed_set(1, "python", 3),), script, (2, 1))
    assert told.findings[0].seeding is Seeding.UNSEEDED


def test_the_same_seed_of_another_state_is_not_called_again() -> None:
    script = "a = default_rng(3)\nb = default_rng(3)\nprint('1:', a.random())\nprint('2:', b.random())\n"
    told = explained_all((seed_set(1, "generator 1", 3), seed_set(2, "generator 2", 3)), script, (3, 2), (4, 2))
    assert codes(*told) == ["generator.seeded"] * 2


BOTH = (
    "import random, numpy as np\nrandom.seed(3)\nnp.random.seed(4)\nprint('x:', random.random() + np.random.rand())\n"
)


def test_a_value_of_two_seeded_generators_has_both_reasons() -> None:
    (both,) = explained_all((seed_set(2, "python", 3), seed_set(3, "numpy", 4)), BOTH, (4, 2))
    assert codes(both) == ["generator.seeded"] * 2
    assert (both.findings[0].seeding, sorted(both.lines)) == (Seeding.SEEDED, [2, 3])


def test_a_value_of_two_unseeded_generators_has_both_reasons() -> None:
    (neither,) = explained_all((), BOTH, (4, 0))
    assert codes(neither) == ["numpy.no-seed", "python.no-seed"]
    assert neither.findings[0].seeding is Seeding.UNSEEDED


def test_a_value_of_a_seeded_and_an_unseeded_generator_is_unknown() -> None:
    (mixed,) = explained_all((seed_set(2, "python", 3),), BOTH, (4, 1))
    assert mixed.findings == (UNKNOWN,)


def test_what_was_seen_on_the_way_says_more_than_a_name() -> None:
    script = "rng = np.random.default_rng(1)\nprint('x:', rng.random() + random.random())\n"
    (told,) = explained_all((seed_set(1, "generator 1", 1),), script, (2, 1))
    assert (codes(told), told.lines) == (["generator.seeded"], (1,))


# --- contradictions ----------------------------------------------------------------------------

SEEDED: Trace = (used(9, (87654321, 9)),)
UNSEEDED: Trace = (used(None, None),)


@pytest.mark.parametrize(
    ("trace", "values", "code"),
    [
        (SEEDED, [1, 2], "seeded-but-differs"),
        (SEEDED, [1, 1], None),
        (SEEDED, [1], None),
        (UNSEEDED, [1, 1], "unseeded-but-repeats"),
        (UNSEEDED, [1, 2], None),
        (UNSEEDED, [1], None),
        ((), [1, 1], None),
        ((), [1, 2], None),
    ],
)
def test_values_that_contradict_the_trace_are_found(trace: Trace, values: list[float], code: str | None) -> None:
    ended = [
        run(index, draw("op1-1", value, line=PRINTED, events_before=len(trace)), trace=trace)
        for index, value in enumerate(values, 1)
    ]
    (found,) = explain(ended[-1], GRAPH_SCRIPT, compare(ended))
    (plain,) = explain(ended[-1], GRAPH_SCRIPT, compare([]))
    assert plain.contradiction is None
    assert found == Explanation(plain.label, plain.findings, None if code is None else Finding.of(code))


# --- annotations -------------------------------------------------------------------------------


def kinds(trace: Trace) -> dict[int, AnnotationKind]:
    return {note.line: note.kind for note in annotate(trace)}


def note(line: int, kind: AnnotationKind, code: str, **parameters: str | int | tuple[int, ...] | None) -> Annotation:
    finding = Finding(code, tuple(sorted(parameters.items())))
    return Annotation(line, kind, (finding,))


@pytest.mark.parametrize(
    ("trace", "expected"),
    [
        (
            (seed_set(3, "graph 1", 6), used(None, (6, 0))),
            [
                note(3, AnnotationKind.SET, "tensorflow.set", graph="only", graph_number=None),
                note(4, AnnotationKind.USED, "tensorflow.pair", pair=(6, 0)),
            ],
        ),
        (
            (seed_set(1, "default graph", 5), used(None, None)),
            [
                note(1, AnnotationKind.UNUSED, "tensorflow.set-unused", graph="default", graph_number=None),
                note(4, AnnotationKind.SYSTEM, "tensorflow.from-system"),
            ],
        ),
        (
            (used(None, None), seed_set(5, "graph 1", 7)),
            [
                note(4, AnnotationKind.SYSTEM, "tensorflow.from-system"),
                note(5, AnnotationKind.UNUSED, "tensorflow.set-too-late"),
            ],
        ),
        ((seed_set(2, "python", 3),), [note(2, AnnotationKind.SET, "python.starts-from", seed=3)]),
        ((seed_set(2, "python", None),), [note(2, AnnotationKind.SYSTEM, "generator.taken-from-system")]),
        ((seed_set(2, "numpy", 3),), [note(2, AnnotationKind.SET, "numpy.starts-from", seed=3)]),
        ((seed_set(2, "generator 1", 3),), [note(2, AnnotationKind.SET, "generator.starts-from", seed=3)]),
        ((seed_set(2, "generator 1", None),), [note(2, AnnotationKind.SYSTEM, "generator.taken-from-system")]),
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
    assert [finding["pair"] for finding in note.findings] == [(5, 1)]


def test_a_line_that_did_many_things_has_them_in_order() -> None:
    (note,) = annotate(tuple(used(None, (5, n)) for n in range(5)))
    assert [finding["pair"] for finding in note.findings] == [(5, n) for n in range(5)]


def test_a_seed_between_two_ops_is_used_by_the_second() -> None:
    trace = (used(None, None), seed_set(5, "graph 1", 7), used(None, (7, 0), line=6))
    assert kinds(trace) == {MADE: AnnotationKind.SYSTEM, 5: AnnotationKind.SET, 6: AnnotationKind.USED}


def test_a_seed_is_unused_only_when_no_op_of_its_graph_came_after_it() -> None:
    trace = (seed_set(1, "graph 1", 5), seed_set(2, "graph 2", 5), used(None, (5, 0), "graph 1"))
    assert kinds(trace) == {1: AnnotationKind.SET, 2: AnnotationKind.UNUSED, MADE: AnnotationKind.USED}


def test_an_eager_seed_is_used_by_the_functions_traced_after_it() -> None:
    trace = (used(None, (1, 0), on="function", line=2), seed_set(3, "eager", 5), used(None, (5, 0), on="function"))
    assert kinds(trace)[3] is AnnotationKind.SET
    assert kinds(trace[:2])[3] is AnnotationKind.UNUSED


def test_what_no_observed_generator_flows_into_is_called_neither_seeded_nor_not() -> None:
    script = "import random, sys\nrandom.seed(3)\nprint('version:', sys.hexversion)\nprint('x:', random.random())\n"
    trace = (seed_set(2, "python", 3),)
    version, drawn = explained_all(trace, script, (3, 1), (4, 1))
    assert (version.findings, version.lines) == ((UNKNOWN,), ())
    assert codes(drawn) == ["generator.seeded"]


def test_a_seed_of_another_module_is_not_denied() -> None:
    script = "import random, numpy\nrandom.seed(3)\nprint('x:', numpy.random.rand())\n"
    assert codes(*explained_all((seed_set(2, "python", 3),), script, (3, 1))) == ["numpy.no-seed"]


# --- growth ------------------------------------------------------------------------------------

LOOP = "tf.set_random_seed(5)\nfor n in range(9):\n    x = tf.random_normal([1])\n    print('x:', x)\n"


def loop_trace(events: int) -> Trace:
    """Seeds and ops in turn, of one graph and of many."""
    graphs = [f"graph {n}" for n in range(events // 4)]
    pairs = [(seed_set(1, on, n), used(None, (n, 0), on, 3)) for n, on in enumerate(graphs)]
    unseeded = [(seed_set(1, "graph 0", None), used(None, None, "graph 0", 3))] * (events // 4)
    return tuple(event for pair in (*pairs, *unseeded) for event in pair)


def test_annotating_is_linear_in_events() -> None:
    assert_grows_gently(annotate, loop_trace(2_000), loop_trace(8_000))


def test_explaining_is_linear_in_draws_and_events() -> None:
    def ended(draws: int) -> Run:
        trace = loop_trace(2 * draws)
        drawn = (draw(f"x #{n}", n, line=4, events_before=2 * n + 2) for n in range(draws))
        return run(1, *drawn, trace=trace)

    def explain_all(one: Run) -> None:
        assert len(explain(one, LOOP, compare([]))) == len(one.draws)

    assert_grows_gently(explain_all, ended(1_500), ended(6_000))


def test_explaining_prints_at_many_lines_is_linear() -> None:
    def case(prints: int) -> tuple[Run, str]:
        script = "import random\ndef one():\n    return random.random()\n" + "print('x:', one())\n" * prints
        trace = tuple(seed_set(3, "python", n) for n in range(prints))
        drawn = (draw(f"x #{n}", n, line=n + 4, events_before=n + 1) for n in range(prints))
        return run(1, *drawn, trace=trace), script

    def explain_all(case: tuple[Run, str]) -> None:
        explanations = explain(*case, compare([]))
        assert {each.findings[0].seeding for each in explanations} == {Seeding.SEEDED}

    assert_grows_gently(explain_all, case(1_500), case(6_000))
