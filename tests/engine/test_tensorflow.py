"""The article on real TensorFlow: every preset, the trap, and that observing changes nothing."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from seedlab.analysis.analyst import analyse
from seedlab.analysis.comparison import Comparison, compare
from seedlab.analysis.explanation import explain
from seedlab.analysis.published import Match, compare_published
from seedlab.analysis.relations import RelationKind
from seedlab.analysis.rows import Verdict
from seedlab.engine.executors.executor import Start
from seedlab.evidence.finding import Finding
from seedlab.libraries.article import ARTICLE, published
from seedlab.libraries.presets import PRESETS
from seedlab.libraries.registry import FAMILIES, script_of
from seedlab.results.run import Outcome, Run
from seedlab.results.trace import Use
from seedlab.session.arrangement import column_of
from tests.helpers.interpreters import interpreter
from tests.helpers.launching import run_batch, run_script
from tests.helpers.starting import Workbench
from tests.helpers.values import fingerprints_of

RUNS = 3


@pytest.fixture(scope="module")
def on_tf2() -> Iterator[dict[str, tuple[Run, ...]]]:
    bench = Workbench()
    # Forks draw what cold runs do, as the fidelity suite proves.
    yield {
        name: tuple(bench.run(script_of(preset.experiment).text, Start.FORK, RUNS)) for name, preset in ARTICLE.items()
    }
    bench.close()


@pytest.fixture(scope="module")
def on_tf1(tf1_python: str) -> dict[str, tuple[Run, ...]]:
    return {
        name: run_batch(script_of(preset.experiment).text, RUNS, executable=tf1_python)
        for name, preset in ARTICLE.items()
    }


def matches(name: str, run: Run, comparison: Comparison) -> dict[str, Match]:
    explanations = explain(run, script_of(PRESETS[name].experiment).text, comparison)
    return {match.label: match.match for match in compare_published(run, published(name), explanations)}


def verdicts(runs: tuple[Run, ...]) -> dict[str, Verdict]:
    assert [run.outcome for run in runs] == [Outcome.FINISHED] * RUNS, [run.details for run in runs]
    return {row.label: row.verdict for row in compare(runs).rows}


def check_python_and_numpy(results: dict[str, tuple[Run, ...]]) -> None:
    for name in ("random", "numpy"):
        assert set(verdicts(results[name]).values()) == {Verdict.REPEATS}
        for run in results[name]:
            found = matches(name, run, compare(results[name]))
            assert found == dict.fromkeys("123456", Match.EQUAL)


def check_unseeded_op1(results: dict[str, tuple[Run, ...]]) -> None:
    for name in ("before-graph", "after-op"):
        found = verdicts(results[name])
        assert found == {
            "op1-1": Verdict.DIFFERS,
            "op1-2": Verdict.DIFFERS,
            "op2-1": Verdict.REPEATS,
            "op2-2": Verdict.REPEATS,
        }
        assert {row.distinct for row in compare(results[name]).rows if row.label.startswith("op1")} == {RUNS}
        for run in results[name]:
            told = matches(name, run, compare(results[name]))
            assert told["op2-1"] is told["op2-2"] is Match.EQUAL
            assert told["op1-1"] is told["op1-2"] is Match.NOTHING_TO_EQUAL


def check_after_graph_repeats(results: dict[str, tuple[Run, ...]]) -> None:
    runs = results["after-graph"]
    found = verdicts(runs)
    assert len(found) == 8
    assert set(found.values()) == {Verdict.REPEATS}
    relations = {(each.kind, each.section, *each.subjects): each.repeats for each in compare(runs).relations}
    for op in ("op1", "op2"):
        assert relations[RelationKind.SESSION_TO_SESSION, "", op]
        assert not relations[RelationKind.CALL_TO_CALL, "session1", op]


def test_python_and_numpy_equal_every_published_digit(on_tf2: dict[str, tuple[Run, ...]]) -> None:
    check_python_and_numpy(on_tf2)


def test_a_seed_before_the_graph_or_after_the_op_reaches_op2_only(on_tf2: dict[str, tuple[Run, ...]]) -> None:
    check_unseeded_op1(on_tf2)


def test_a_seed_after_the_graph_repeats_in_all_runs_and_both_sessions(on_tf2: dict[str, tuple[Run, ...]]) -> None:
    check_after_graph_repeats(on_tf2)


def test_the_other_op1_of_tensorflow_2_is_explained_not_hidden(on_tf2: dict[str, tuple[Run, ...]]) -> None:
    runs = on_tf2["after-graph"]
    explanations = explain(runs[0], script_of(PRESETS["after-graph"].experiment).text, compare(runs))
    told = {m.label: m for m in compare_published(runs[0], published("after-graph"), explanations)}
    assert told["session1/op1-1"].match is Match.DIFFERENT
    finding = told["session1/op1-1"].finding
    assert finding == Finding.of("article.other-numbering", op="op1", here=(0, 2147483647), there=(0, 3))
    # The last bit of a normal draw is the machine's; all else must be equal.
    assert {told[f"session1/op2-{call}"].match for call in (1, 2)} <= {Match.EQUAL, Match.LAST_BIT}


def test_op_seed_3_brings_the_article_s_op1_back_on_tensorflow_2() -> None:
    script = script_of(PRESETS["after-graph"].experiment).text
    run = run_script(script.replace("rand_op1 = tf.random_normal([3])", "rand_op1 = tf.random_normal([3], seed=3)"))
    found = matches("after-graph", run, compare([run]))
    op1 = {match for label, match in found.items() if "op1" in label}
    assert op1 <= {Match.EQUAL, Match.LAST_BIT}


def test_tensorflow_1_equals_every_seeded_digit_of_the_article(on_tf1: dict[str, tuple[Run, ...]]) -> None:
    check_python_and_numpy(on_tf1)
    check_unseeded_op1(on_tf1)
    check_after_graph_repeats(on_tf1)
    for run in on_tf1["after-graph"]:
        found = matches("after-graph", run, compare(on_tf1["after-graph"]))
        assert set(found.values()) <= {Match.EQUAL, Match.LAST_BIT}
        assert {found[label] for label in found if "op1" in label} == {Match.EQUAL}


def test_the_trace_has_the_pair_that_each_op_got(on_tf2: dict[str, tuple[Run, ...]]) -> None:
    def pairs(name: str) -> list[tuple[int, int] | None]:
        asked = [event for event in on_tf2[name][0].trace if event.door == "tf.random_seed.get_seed"]
        return [event.seeds if isinstance(event, Use) else None for event in asked]

    assert pairs("before-graph") == [None, (87654321, 1)]
    assert pairs("after-graph") == [(0, 2147483647), (0, 1)]
    assert pairs("after-op") == [None, (87654321, 1)]


def test_each_draw_is_explained_by_its_own_reason(on_tf2: dict[str, tuple[Run, ...]]) -> None:
    def codes(name: str) -> list[str]:
        runs = on_tf2[name]
        explanations = explain(runs[0], script_of(PRESETS[name].experiment).text, compare(runs))
        return [finding.code.removeprefix("tensorflow.") for each in explanations for finding in each.findings]

    assert codes("before-graph") == ["other-graph"] * 2 + ["op-seed"] * 2
    assert codes("after-op") == ["too-late"] * 2 + ["op-seed"] * 2
    assert codes("after-graph") == (["graph-seed"] * 2 + ["both-seeds"] * 2) * 2


def test_the_trap_of_the_second_unseeded_op_is_seen_in_the_fingerprints() -> None:
    run = run_script(
        """
        import tensorflow.compat.v1 as tf
        tf.disable_eager_execution()
        with tf.Graph().as_default():
            tf.set_random_seed(0)
            first = tf.random_normal([3])
            second = tf.random_normal([3])
            seeded = tf.random_normal([3], seed=1)
            with tf.Session() as sess:
                print("first:", sess.run(first))
                print("second:", sess.run(second))
                print("seeded:", sess.run(seeded))
        """
    )
    letters = fingerprints_of([[run]])
    first, second, seeded = (letters.of(draw).letter for draw in run.draws)
    assert (first, second, seeded) == ("A", "B", "B")
    (relation,) = (r for r in compare([run]).relations if r.kind is RelationKind.OP_TO_OP)
    assert relation.equal == (("second", "seeded"),)


def test_observing_changes_no_bit_and_no_text(tmp_path: Path) -> None:
    source = script_of(PRESETS["after-graph"].experiment).text
    source += "        import numpy as np\n        print(np.array(sess.run([rand_op1, rand_op2])).tobytes().hex())\n"
    script = tmp_path / "script.py"
    script.write_text(source, encoding="utf-8")
    plain = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True)
    assert run_script(source).text == plain.stdout


def test_eager_mode_is_traced_and_explained() -> None:
    source = (
        "import tensorflow as tf\n"
        "tf.random.set_seed(5)\n"
        "x = tf.random.normal([2], seed=7)\n"
        "print('x:', x)\n"
        "print('y:', tf.random.uniform([2]))\n"
    )
    run = run_script(source)
    assert [draw.dtype for draw in run.draws] == ["float32", "float32"]
    x, y = explain(run, source, compare([run]))
    assert [finding.code for finding in (*x.findings, *y.findings)] == [
        "tensorflow.both-seeds",
        "tensorflow.graph-seed",
    ]
    assert x.findings[0]["pair"] == (5, 7)


def test_a_device_that_is_not_there_fails_the_run_with_tensorflow_s_own_words() -> None:
    experiment = FAMILIES["tensorflow-graph"].default.choose(device="GPU:7")
    run = run_script(script_of(experiment).text)
    assert run.outcome is Outcome.FAILED
    assert "InvalidArgumentError" in run.problem
    assert "GPU" in run.problem


def test_the_rule_that_differs_between_versions_is_named(
    on_tf1: dict[str, tuple[Run, ...]], on_tf2: dict[str, tuple[Run, ...]]
) -> None:
    def found(name: str) -> list[Finding]:
        column = column_of(PRESETS[name].experiment)
        old = replace(column, runs=on_tf1[name], interpreter=interpreter("/old/python3", "3.7.16", tensorflow="1.15.5"))
        new = replace(column, runs=on_tf2[name], interpreter=interpreter("/new/python3", "3.11.7", tensorflow="2.21.0"))
        return list(analyse([new, old]).headline.subtitle)

    rule = Finding.of("tensorflow.numbering", ops=("op1",), first="op1", older=(0, 3), newer=(0, 2147483647))
    assert rule in found("after-graph")
    assert all(each.code != rule.code for each in found("before-graph"))
