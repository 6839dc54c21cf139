"""The words of findings: whole sentences, for every code that rules and analysis give."""

import re
from pathlib import Path

import pytest

import seedlab
from seedlab.analysis.comparison import compare
from seedlab.analysis.endings import Problem
from seedlab.analysis.explanation import Annotation, explain
from seedlab.analysis.headlines import Headline, Reason
from seedlab.analysis.summary import Grouped
from seedlab.evidence.finding import AnnotationKind, Finding, Parameter
from seedlab.libraries.registry import LIBRARIES
from seedlab.messages.findings import finding_text, findings_text, grouped_text, reason_text
from seedlab.messages.headlines import HeadlineText, headline_text
from seedlab.messages.notes import line_notes
from seedlab.messages.runs import count_text, problem_text, run_numbers
from seedlab.results.run import Outcome
from tests.helpers.values import draw, run, seed_set

PAIR = (6, 0)


@pytest.mark.parametrize(
    ("code", "parameters", "text"),
    [
        (
            "graph-seed",
            {"op": "op1", "seed": 6, "graph": "only", "line": 3, "pair": PAIR},
            "Graph seed 6 was set at line 3, on this graph. It gives op1 the pair (6, 0), the same in every run.",
        ),
        (
            "graph-seed",
            {"op": "", "seed": -1, "seed_kept": 2**31 - 2, "graph": "eager", "line": None, "pair": PAIR},
            "Global seed -1 was set outside the script, in eager mode. "
            "It gives the op the pair (6, 0), the same in every run. TensorFlow keeps seed -1 as 2147483646.",
        ),
        (
            "both-seeds",
            {"op": "op2", "seed": 6, "graph": "numbered", "graph_number": 12, "line": 3, "op_seed": 9, "pair": (6, 9)},
            "Graph seed 6 was set at line 3, on graph 12. "
            "With op seed 9 it gives op2 the pair (6, 9), the same in every run.",
        ),
        (
            "op-seed",
            {"op": "op2", "op_seed": 2**31, "op_seed_kept": 1, "graph": "default", "pair": (87654321, 1)},
            "Op seed 2147483648 is enough: without a graph seed it gives op2 the pair (87654321, 1), "
            "the same in every run. TensorFlow keeps seed 2147483648 as 1.",
        ),
        (
            "unobserved-graph-seed",
            {"op": "op1", "graph": "only", "pair": PAIR},
            "A graph seed that was not observed gives op1 the pair (6, 0), the same in every run.",
        ),
        (
            "op-seed",
            {"op": "op2", "op_seed": 9, "graph": "eager", "pair": (87654321, 9)},
            "Op seed 9 is enough: without a global seed it gives op2 the pair (87654321, 9), the same in every run.",
        ),
        (
            "too-late",
            {"op": "op1", "seed": 7, "graph": "eager", "line": 5},
            "Global seed 7 was set at line 5, after op1 had drawn: op1 draws from the system, anew in every run.",
        ),
        (
            "too-late",
            {"op": "op1", "seed": 7, "graph": "only", "line": 5},
            "Graph seed 7 was set at line 5, after op1 was made: op1 draws from the system, anew in every run.",
        ),
        (
            "other-graph",
            {"op": "op1", "seed": 5, "graph": "default", "line": 1},
            "Graph seed 5 was set at line 1, on the default graph. "
            "That is not the graph of op1, which draws from the system, anew in every run.",
        ),
        ("no-seed", {"op": "op1"}, "No seed was set for op1: it draws from the system, anew in every run."),
        ("set", {"graph": "only"}, "set on this graph"),
        ("set-unused", {"graph": "numbered", "graph_number": 2}, "set on graph 2: no op used it"),
        ("pair", {"pair": PAIR}, "pair (6, 0)"),
    ],
)
def test_what_tensorflow_s_rules_find_is_said(code: str, parameters: dict[str, Parameter], text: str) -> None:
    assert finding_text(Finding(f"tensorflow.{code}", tuple(parameters.items()))) == text


@pytest.mark.parametrize(
    ("finding", "text"),
    [
        (
            Finding.of("generator.seeded", seed=3, line=1, number=2),
            "Seed 3 was set at line 1: draw 2 after it, the same in every run.",
        ),
        (
            Finding.of("generator.seeded-again", seed=3, line=None, number=2),
            "Seed 3 was set again outside the script: draw 2 after it, the same in every run.",
        ),
        (
            Finding.of("generator.from-system", line=2),
            "The generator at line 2 was given no seed: it starts from the system, anew in every run.",
        ),
        (Finding.of("unknown"), "Where it comes from was not observed."),
        (Finding.of("python.starts-from", seed=3), "the random module starts from 3"),
        (
            Finding.of(
                "row.mismatch",
                run=2,
                dtype="float32",
                shape=(2, 3),
                first_run=1,
                first_dtype="int64",
                first_shape=(),
            ),
            "run 2 has float32 [2, 3], run 1 int64 []",
        ),
        (
            Finding.of("article.other-seeds", op="op1", here=(5, 3), there=(0, 3)),
            "Differs from the article: op1 got the pair (5, 3) here, and (0, 3) there. Other seeds, other values.",
        ),
    ],
)
def test_other_findings_are_said(finding: Finding, text: str) -> None:
    assert finding_text(finding) == text


def test_several_findings_are_said_one_after_the_other() -> None:
    both = [Finding.of("unknown"), Finding.of("unseeded-but-repeats")]
    assert findings_text(both) == f"{finding_text(both[0])} {finding_text(both[1])}"


def test_findings_stand_after_the_labels_that_they_hold_for() -> None:
    group = Grouped(("op1-1", "op1-2"), (Finding.of("unknown"), Finding.of("unseeded-but-repeats")))
    assert grouped_text(group) == f"op1-1, op1-2: {findings_text(group.findings)}"


def test_a_code_without_words_says_so() -> None:
    assert finding_text(Finding.of("made.up", seed=3)) == "Found “made.up”, for which there are no words yet."
    assert reason_text("made.up") == ""


def test_every_code_in_the_source_has_words() -> None:
    root = Path(seedlab.__file__).parent
    files = [*root.glob("analysis/*.py"), *root.glob("libraries/*/rules.py"), root / "libraries/generator_rules.py"]
    codes = {
        code
        for file in files
        for code in re.findall(r'"([a-z]+\.[a-z]+(?:-[a-z]+)*)"', file.read_text(encoding="utf-8"))
        if code != "numpy.random"
    }
    assert len(codes) > 40
    known = set()
    for library in LIBRARIES.libraries:
        known |= set(getattr(library.part("messages"), "SENTENCES", {}))
    own = {
        code
        for code in codes
        if code.partition(".")[0] in {"headline", "across", "article", "row", "text", "cause", "answer"}
    }
    assert codes - own <= known
    for code in own:
        try:
            assert "no words yet" not in finding_text(Finding.of(code))
        except KeyError:
            continue


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (Finding.of("headline.some-repeat", repeating=("a",), differing=("b",)), "a repeats, b does not."),
        (Finding.of("headline.some-repeat", repeating=("a", "b"), differing=("c",)), "a and b repeat, c does not."),
        (Finding.of("headline.some-repeat", repeating=("a",), differing=("b", "c")), "a repeats, b and c do not."),
        (
            Finding.of("headline.some-repeat", repeating=("a", "b"), differing=tuple("cdefgh")),
            "a and b repeat, c, d, e and 3 more do not.",
        ),
        (Finding.of("headline.some-differ", differing=("a",)), "a differs."),
        (Finding.of("headline.some-differ", differing=("a", "b")), "a and b differ."),
        (Finding.of("headline.no-values-unfinished", outcome="failed"), "No values: the run failed."),
        (Finding.of("headline.no-values-unfinished", outcome="timed out"), "No values: the run timed out."),
        (Finding.of("headline.no-values-unfinished", outcome="cancelled"), "No values: the run was cancelled."),
        (Finding.of("headline.nothing-finished", runs=1), "The run did not finish."),
        (Finding.of("headline.nothing-finished", runs=2), "None of the 2 runs finished."),
        (Finding.of("across.nothing-finished", columns=("A", "B")), "Nothing finished in A and B."),
        (Finding.of("across.only-with", ops=("op1",), columns=("A", "B")), "op1 repeats only with: A, B."),
        (
            Finding.of("across.only-with", ops=("op1",), columns=("after graph, seed 7", "after graph, seed 0")),
            "op1 repeats only with: after graph: seed 7 and seed 0.",
        ),
        (
            Finding.of("across.only-with", ops=("a",), columns=("x, embedding", "y, dense", "z, dense")),
            "a repeats only with: x, embedding; dense: y and z.",
        ),
        (
            Finding.of("across.only-with", ops=("a",), columns=("x, 1", "plain")),
            "a repeats only with: x, 1; plain.",
        ),
        (Finding.of("across.only-with", ops=("x",), columns=("a", "a, b")), "x repeats only with: a, a, b."),
        (Finding.of("across.only-with", ops=("",), columns=("A",)), "Every draw repeats only with: A."),
        (Finding.of("across.only-with", ops=("a", "b"), columns=("A",)), "a and b repeat only with: A."),
        (Finding.of("across.everywhere", ops=("op1", "op2")), "op1 and op2 repeat everywhere."),
        (Finding.of("across.so-far", ops=("op1",)), "op1 repeats so far."),
        (Finding.of("across.everywhere", ops=("",)), "Every draw repeats everywhere."),
        (Finding.of("across.nowhere", ops=("",)), "No draw repeats anywhere."),
        (Finding.of("across.nowhere", ops=("", "x")), "x and the draws without a name repeat nowhere."),
    ],
)
def test_headlines_have_real_plurals(title: Finding, text: str) -> None:
    assert headline_text(Headline(title)) == HeadlineText(text)


def test_lines_say_what_they_did_each_thing_once() -> None:
    sets = [Finding.of("cause.set", door=door, seed=42) for door in ("random.seed", "np.random.seed", "tf.set_seed")]
    takes = [Finding.of("cause.taken", door=door) for door in ("time.perf_counter", "os.urandom")]
    notes = line_notes(
        [Annotation(1, AnnotationKind.SET, tuple(sets)), Annotation(2, AnnotationKind.SYSTEM, tuple(takes))]
    )
    assert [note.text for note in notes] == ["sets the seed 42", "reads the clock; takes entropy from the system"]


def test_reasons_with_the_same_words_are_one() -> None:
    title = Finding.of("headline.nothing-repeats")
    same = (Reason("python.no-seed", ("1",)), Reason("tensorflow.no-seed", ("op1",)), Reason("made.up", ("2",)))
    assert headline_text(Headline(title, (), same)).subtitle == "Why: no seed reached it."
    other = (*same, Reason("tensorflow.op-seed", ("op2", "op3")))
    assert headline_text(Headline(title, (), other)).subtitle == (
        "Why: 1 and op1: no seed reached it; op2 and op3: its own op seed is enough."
    )


def test_what_is_below_a_title_stands_in_order() -> None:
    left_out = Finding.of("headline.some-unfinished", unfinished=1, runs=3)
    found = Headline(Finding.of("headline.all-repeats"), (left_out,), (Reason("tensorflow.op-seed", ("op1",)),))
    assert headline_text(found) == HeadlineText(
        "Every draw repeats in every run.", "1 of 3 runs did not finish. Why: its own op seed is enough."
    )
    assert headline_text(Headline()) == HeadlineText("")


@pytest.mark.parametrize(
    ("outcome", "runs", "text"),
    [
        (Outcome.FAILED, (1, 3), "Runs 1, 3 failed: why."),
        (Outcome.TIMED_OUT, (2,), "Run 2 timed out: why."),
        (Outcome.CANCELLED, (2,), "Run 2 was cancelled: why."),
        (Outcome.CANCELLED, (2, 3), "Runs 2, 3 were cancelled: why."),
        (Outcome.FINISHED, (4,), "Run 4: why."),
    ],
)
def test_problems_name_their_runs(outcome: Outcome, runs: tuple[int, ...], text: str) -> None:
    assert problem_text(Problem(outcome, "why", runs)) == text
    assert problem_text(Problem(outcome, "why not", runs), 3) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [(1, "1"), (3, "1, 2, 3"), (6, "1, 2, 3, 4, 5, 6"), (40, "1, 2, 3, 4, 5, 6, … (40 in all)")],
)
def test_a_long_list_of_runs_is_cut(count: int, text: str) -> None:
    assert run_numbers(range(1, count + 1)) == text


def test_runs_are_counted() -> None:
    assert [count_text(count) for count in (0, 1, 2)] == ["0 runs", "1 run", "2 runs"]


def test_a_line_that_did_many_things_is_cut() -> None:
    pairs = tuple(Finding.of("tensorflow.pair", pair=(5, n)) for n in range(5))
    (note,) = line_notes([Annotation(4, AnnotationKind.USED, pairs)])
    assert (note.line, note.kind, note.text) == (4, AnnotationKind.USED, "pair (5, 0); pair (5, 1) (and 3 more)")


# --- a library in a folder of its own ----------------------------------------------------------

RULES = """
from seedlab.evidence.finding import AnnotationKind, Finding, Note, Seeding

def explain(evidence):
    position = evidence.flow.last_before(evidence.end, "dice", ("cup",), "set")
    if position is None:
        return None
    seed = evidence.trace.trace[position].seed
    return Finding.of("dice.loaded", seeding=Seeding.SEEDED, lines=(1,), seed=seed)

def annotate(position, trace):
    event = trace.trace[position]
    return Note(AnnotationKind.SET, Finding.of("dice.shaken")) if event.library == "dice" else None
"""
MESSAGES = """
SENTENCES = {"dice.loaded": "The cup was loaded with {seed}.", "dice.shaken": "shaken"}
REASONS = {"dice.loaded": "the cup was loaded"}
"""


def test_a_library_in_a_folder_of_its_own_explains_and_speaks(tmp_path: Path) -> None:
    folder = tmp_path / "dice"
    folder.mkdir()
    for name, text in {"doors": "", "rules": RULES, "messages": MESSAGES}.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    event = type(seed_set(1, "python", 7))(kind="set", library="dice", state="cup 1", door="dice.load", line=1, seed=7)
    ended = run(1, draw("x", 1, line=2, events_before=1), trace=(event,))
    script = "cup = load(7)\nprint('x:', cup.throw())\n"
    with LIBRARIES.including(folder):
        (explanation,) = explain(ended, script, compare([ended]))
        assert findings_text(explanation.findings) == "The cup was loaded with 7."
        assert reason_text("dice.loaded") == "the cup was loaded"
    (explanation,) = explain(ended, script, compare([ended]))
    assert explanation.findings == (Finding.of("unknown"),)
    assert "no words yet" in finding_text(Finding.of("dice.loaded", seed=7))
