"""The observer, in real processes: what it reports of a script, and that the script cannot tell."""

import math
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from seedlab.engine.protocol import UNREADABLE
from seedlab.results.run import Outcome
from seedlab.results.trace import Source
from tests.benchmarks.draws import measure_best
from tests.helpers.growth import assert_seconds_grow_gently
from tests.helpers.launching import run_script


@pytest.mark.parametrize(
    ("expression", "dtype", "shape"),
    [
        ("1.5", "float64", ()),
        ("7", "int64", ()),
        ("-(2**63)", "int64", ()),
        ("2**64 - 1", "uint64", ()),
        ("True", "bool", ()),
        ("1 + 2j", "complex128", ()),
        ("[1, 2, 3]", "int64", (3,)),
        ("[[1.0, 2], [3, 4]]", "float64", (2, 2)),
        ("(True, False)", "bool", (2,)),
        ("[]", "float64", (0,)),
        ("np.arange(6, dtype='float16').reshape(2, 3)", "float16", (2, 3)),
        ("np.arange(4, dtype='>f4')", "float32", (4,)),
        ("np.arange(8)[::2]", "int64", (4,)),
        ("np.float32(0.1)", "float32", ()),
        ("[np.ones(2), np.zeros(2)]", "float64", (2, 2)),
        ("np.array([1 + 2j], 'complex64')", "complex64", (1,)),
    ],
)
def test_a_printed_value_is_kept_to_the_bit(expression: str, dtype: str, shape: tuple[int, ...]) -> None:
    run = run_script(f"import numpy as np\nprint('x:', {expression})\n")
    (draw,) = run.draws
    assert (draw.label, draw.dtype, draw.shape, draw.line) == ("x", dtype, shape, 2)
    expected = np.asarray(eval(expression, {"np": np}))
    assert np.array_equal(draw.array, expected)


def test_python_numbers_are_draws_without_numpy(bare_python: str) -> None:
    run = run_script("print('x:', [[1, 2], [3, 4]])\nprint('y:', 0.1)", executable=bare_python)
    assert [draw.array.tolist() for draw in run.draws] == [[[1, 2], [3, 4]], 0.1]


@pytest.mark.parametrize(
    "value", ["'text'", "None", "[1, 'a']", "[[1, 2], [3]]", "{'a': 'b'}", "{1: 1}", "2**70", "object()"]
)
def test_what_is_no_number_is_text_only(value: str) -> None:
    run = run_script(f"print('x:', {value})\nprint('y:', 1)")
    assert [(draw.label, draw.is_text) for draw in run.draws] == [("x", True), ("y", False)]
    assert run.draws[0].text.startswith("x: ")
    assert run.outcome is Outcome.FINISHED
    assert run.notes == ()


def test_a_value_inside_a_text_is_a_text_and_no_heading() -> None:
    run = run_script(
        """
        for epoch in range(3):
            print(f"loss: {epoch / 10}")
            print(f"accuracy = {epoch}")
        print("Loading: the data")
        print("x:", 1)
        """
    )
    texts = [(draw.label, draw.text, draw.line) for draw in run.draws if draw.is_text]
    assert texts[:3] == [("loss", "loss: 0.0", 3), ("accuracy", "accuracy = 0", 4), ("loss #2", "loss: 0.1", 3)]
    assert [draw.label for draw in run.draws[6:]] == ["Loading: the data/x"]
    assert run.notes == ()


@pytest.mark.parametrize(
    "heading", ["=== Session 1 ===", "Session 3: no seed", "Run A: seed=0", "Epoch 3/10", "a=b", "2. Training"]
)
def test_a_heading_is_no_value(heading: str) -> None:
    run = run_script(f"print({heading!r})\nprint('x:', 1)")
    assert [draw.label for draw in run.draws] == [f"{heading}/x"]
    assert run.notes == ()


def test_every_text_is_compared() -> None:
    run = run_script("\n".join(f"print('label {n}:', 'text')" for n in range(100)))
    assert [draw.label for draw in run.draws] == [f"label {n}" for n in range(100)]
    assert run.notes == ()


def test_labels_sections_and_occurrences() -> None:
    run = run_script(
        """
        print("loss:", 1.0)
        print("loss:", 2.0)
        print(3.0)
        print("session1")
        print("a", 1, 2)
        print()
        print("b: ", 1)
        """
    )
    labels = [draw.label for draw in run.draws]
    assert labels == ["loss", "loss #2", "line 4", "session1/a", "session1/b"]
    assert run.draws[3].array.tolist() == [1, 2]


def test_a_long_label_is_cut() -> None:
    run = run_script("print('x' * 1000, 1)\nprint('x' * 1001, 2)")
    assert [draw.label for draw in run.draws] == ["x" * 200, "x" * 200 + " #2"]


def test_only_what_goes_to_standard_output_is_a_draw() -> None:
    run = run_script("import sys\nprint('x:', 1, file=sys.stderr)\nprint('y:', 2, file=sys.stdout)")
    assert [draw.label for draw in run.draws] == ["y", "standard error"]


def test_nan_and_infinities_are_kept() -> None:
    run = run_script("print('x:', [float('nan'), float('inf'), float('-inf')])")
    nan, plus, minus = run.draws[0].array
    assert math.isnan(nan)
    assert (plus, minus) == (math.inf, -math.inf)


def test_seeds_of_random_are_traced_through_every_alias() -> None:
    run = run_script(
        """
        import random
        from random import seed as set_it
        random.seed(3)
        set_it(4)
        random.seed()
        random.seed("text")
        """
    )
    sets = [(event.line, event.seed) for event in run.trace if isinstance(event, Source)]
    assert sets == [(4, 3), (5, 4), (6, None), (7, "'text'")]
    assert {(event.library, event.state) for event in run.trace} == {("python", "global")}


def test_seeds_of_numpy_are_traced() -> None:
    run = run_script(
        """
        import numpy as np
        np.random.seed(5)
        np.random.seed(seed=6)
        first = np.random.default_rng(7)
        second = np.random.default_rng()
        print("x:", second.random())
        """
    )
    sets = [(event.line, event.state, event.seed) for event in run.trace if isinstance(event, Source)]
    assert sets == [(3, "global", 5), (4, "global", 6), (5, "generator 1", 7), (6, "generator 2", None)]
    assert run.draws[0].events_before == 4


def test_observing_changes_no_bit_of_random_and_numpy(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    source = (
        "import random, numpy as np\n"
        "random.seed(1); np.random.seed(2); rng = np.random.default_rng(3)\n"
        "print('a:', random.random()); print('b:', np.random.rand(4)); print('c:', rng.normal(size=3))\n"
    )
    script.write_text(source, encoding="utf-8")
    plain = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True)
    assert run_script(source).text == plain.stdout


def test_the_script_is_the_main_module_as_python_would_make_it(tmp_path: Path) -> None:
    source = """
import sys, os, inspect
print(__name__, os.path.basename(__file__), [os.path.basename(a) for a in sys.argv], len(sys.argv))
print(sys.path[0] == os.path.dirname(os.path.abspath(__file__)), sys.modules['__main__'].__dict__ is globals())
print(sorted(set(globals())), __doc__, __package__, __spec__, type(__loader__).__name__)
print(sys.stdin.read() == '', os.getcwd(), print.__name__, print.__module__)
print(any('engine' in p for p in sys.path), [m for m in sys.modules if 'seedlab' in m or 'observer' in m])
"""
    script = tmp_path / "script.py"
    script.write_text(source, encoding="utf-8")
    plain = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL
    )
    run = run_script(source)
    assert run.outcome is Outcome.FINISHED, run.details
    assert run.text == plain.stdout


def test_a_script_that_raises_is_told_with_its_line_and_its_own_traceback() -> None:
    run = run_script("print('x:', 1)\n\ndef f():\n    return 1 / 0\n\nf()\n")
    assert run.outcome is Outcome.FAILED
    assert run.problem == "line 4: ZeroDivisionError: division by zero"
    assert 'File "script.py", line 6, in <module>' in run.details
    assert "observer" not in run.details
    assert [draw.label for draw in run.draws] == ["x"]


def test_a_syntax_error_is_told_with_its_line() -> None:
    run = run_script("x = 1\nif x\n")
    assert run.outcome is Outcome.FAILED
    assert run.problem.startswith("line 2: SyntaxError")


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("import sys; sys.exit(3)", "ended with exit status 3: nothing was written to standard error"),
        ("import sys; sys.exit('sorry')", "ended with exit status 1: sorry"),
        ("import os; os._exit(4)", "ended with exit status 4: nothing was written to standard error"),
        (
            "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
            "was ended by the signal SIGKILL; perhaps memory ran out",
        ),
        ("import os; os.abort()", f"was ended by the signal {signal.SIGABRT.name}"),
    ],
)
def test_a_bad_end_beats_what_was_reported_before_it(source: str, problem: str) -> None:
    run = run_script(f"print('x:', 1, flush=True)\n{source}")
    assert (run.outcome, run.problem) == (Outcome.FAILED, problem)
    assert [draw.label for draw in run.draws] == ["x"], "what was drawn before is kept"


def test_a_script_may_exit_with_success() -> None:
    assert run_script("import sys; print('x:', 1); sys.exit()").outcome is Outcome.FINISHED


def test_a_script_that_prints_nothing_finishes_without_draws() -> None:
    run = run_script("pass")
    assert (run.outcome, run.draws, run.text) == (Outcome.FINISHED, (), "")


def test_binary_output_is_escaped() -> None:
    run = run_script("import sys; sys.stdout.buffer.write(b'\\xff\\x00ok'); sys.stdout.flush(); print('x:', 1)")
    assert run.text == "\\xff\x00okx: 1\n"
    assert [(draw.label, draw.is_text) for draw in run.draws] == [("x", False), ("standard output", True)]
    assert run.draws[1].text == "\\xff\x00ok"


def test_output_beyond_what_is_kept_is_counted() -> None:
    run = run_script("import sys; sys.stdout.write('a' * 300_000 + 'end')")
    assert "bytes left out" in run.text
    assert run.text.endswith("aend")
    assert len(run.text) < 140_000


def test_a_child_that_the_script_forks_reports_nothing() -> None:
    run = run_script(
        """
        import os
        child = os.fork()
        if child == 0:
            print("child:", 1)
            os._exit(0)
        os.waitpid(child, 0)
        print("parent:", 2)
        """
    )
    # What the child printed is found in standard output, like all that others write there.
    assert [(draw.label, draw.text if draw.is_text else "") for draw in run.draws] == [
        ("parent", ""),
        ("standard output", "child: 1"),
    ]


def test_draws_of_other_threads_and_of_exit_handlers_are_reported() -> None:
    run = run_script(
        """
        import atexit, threading
        thread = threading.Thread(target=lambda: print("thread:", 1))
        atexit.register(lambda: print("exit:", 2))
        thread.start(); thread.join()
        """
    )
    assert [draw.label for draw in run.draws] == ["thread", "exit"]


def test_a_script_that_writes_into_the_report_is_noted_and_ends_as_ever() -> None:
    run = run_script(
        """
        import os
        print("x:", 1)
        for _ in range(1000):
            os.write(200, b"x" * 4096)
        print("y:", 2)
        """
    )
    assert (run.outcome, run.notes) == (Outcome.FINISHED, (UNREADABLE,))
    assert [draw.label for draw in run.draws] == ["x", "standard output"]
    assert run.draws[1].text == "y: 2"


def test_threads_that_print_at_once_do_not_mix_their_frames() -> None:
    run = run_script(
        """
        import threading
        def work(name):
            for _ in range(100):
                print(name, list(range(5000)))
        threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        """
    )
    assert (run.outcome, run.notes, len(run.draws)) == (Outcome.FINISHED, (), 400)


@pytest.mark.alone
def test_a_run_of_many_draws_takes_linear_time() -> None:
    def seconds(draws: int) -> float:
        run = run_script(f"for n in range({draws}):\n    print('x:', n)\n")
        assert len(run.draws) == draws
        return run.seconds

    assert_seconds_grow_gently(seconds, 5_000, 20_000)


@pytest.mark.alone
def test_a_draw_of_many_values_takes_little_longer_than_a_bare_pipe_and_a_digest() -> None:
    # The benchmark shows 0.6 to 0.9; to reach is 1.5. Here with room for a machine that does other things.
    assert measure_best(2).ratio < 3
