"""The words of the window, the drawing and the session: counted things are named in the right number."""

import pytest

from seedlab.messages import drawing, window
from seedlab.messages.session import interpreter_problem, mixing_error
from seedlab.results.environment import Interpreter


@pytest.mark.parametrize(
    ("done", "asked", "counted"), [(0, 1, "0 of 1 run"), (1, 1, "1 of 1 run"), (0, 2, "0 of 2 runs")]
)
def test_the_progress_of_one_run_is_counted_as_one(done: int, asked: int, counted: str) -> None:
    assert window.ended_text(done, asked, 0.25) == f"{counted} · 0.2 s"
    assert window.running_text(done, asked, 12) == f"running: {counted} · 12.0 s"
    assert window.stopped_text(done, asked, 1.5) == f"stopped after {counted} · 1.5 s"


@pytest.mark.parametrize(
    ("columns", "runs", "counted"),
    [(["a"], 1, "1 column, 1 run (a)"), ([*"abcd"], 6, "4 columns, 6 runs (a, b, c, …)")],
)
def test_what_can_be_restored_is_counted(columns: list[str], runs: int, counted: str) -> None:
    assert window.unsaved_text("2024-05-06 07:08", columns, runs) == f"2024-05-06 07:08: {counted}"


def test_names_and_paths_are_never_templates() -> None:
    odd = "{name} {0} {{"
    assert window.opened_text(odd) == f"opened {odd}"
    assert window.trust_text(odd).startswith(f"The script of “{odd}” came from a file.")
    assert drawing.matches_text(["a", odd], "Equal.") == f"a, {odd}: Equal."


def test_a_fingerprint_is_named_where_there_is_one() -> None:
    assert drawing.pointed_value_text("x", 2, 7, value="0.5", bits="3f000000", letter="B") == (
        "x[2], run 7\n0.5\nbits 3f000000\nfingerprint B"
    )
    assert (
        drawing.pointed_value_text("x", 2, 7, value="0.5", bits="3f000000", letter="")
        == "x[2], run 7\n0.5\nbits 3f000000"
    )


@pytest.mark.parametrize(("count", "text"), [(1, "1 of the values is not"), (4, "4 of the values are not")])
def test_values_that_are_not_finite_are_counted(count: int, text: str) -> None:
    assert drawing.not_finite_text(count) == f"{text} finite and not drawn"


def test_the_session_tells_of_an_interpreter_in_sentences() -> None:
    python = Interpreter(executable="/other/bin/python", python="3.7")
    assert interpreter_problem(python) == ""
    broken = Interpreter(executable="/other/bin/python", python="3.7", problem="TensorFlow died at import")
    assert interpreter_problem(broken) == "TensorFlow died at import."
    what = "The runs of “{a}” were made by another interpreter, Python 3.7 (/other/bin/python)."
    assert mixing_error("{a}", python).what == what
