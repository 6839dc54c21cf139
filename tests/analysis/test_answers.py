"""The answers of presets: given only where the runs, and the inquiry into them, show what they say."""

import pytest
from msgspec.structs import replace

from seedlab.analysis.answers import answer_of
from seedlab.analysis.comparison import compare
from seedlab.evidence.finding import Finding
from seedlab.libraries.today import TODAY
from seedlab.results.environment import Interpreter, Package
from seedlab.results.influence import Influence, InfluenceSource, MovedDraw, Residual
from seedlab.results.run import Run
from tests.helpers.values import draw, run

GLOBAL = TODAY["numpy-global-seed"]
ALIKE = TODAY["eager-seed-again"]
HASHES = TODAY["hash-seed-too-late"]
FALLBACK = TODAY["device-fallback"]
HERE = Interpreter(executable="python", python="3.11", packages=(Package("numpy", "NumPy", "2.4.6"),))
SET = InfluenceSource(id="s1", kind="set", library="numpy", state="global", door="numpy.random.seed", line=4, seed=0)
LEAK = InfluenceSource(
    id="s2", kind="taken", library="numpy", state="generator 1", door="numpy.random.default_rng", line=3
)


def influence(*moved: tuple[str, tuple[str, ...]], residual: tuple[Residual, ...] = ()) -> Influence:
    draws = tuple(MovedDraw(label=label, repeats=False, moved_by=ids) for label, ids in moved)
    return Influence(sources=(SET, LEAK), draws=draws, residual=residual, runs=11)


def drawn(*values: tuple[float, float]) -> list[Run]:
    """Runs that draw ``1`` and ``4``."""
    return [
        run(number, draw("1", first, "float64"), draw("4", fourth, "float64"))
        for number, (first, fourth) in enumerate(values, 1)
    ]


def answer(runs: list[Run], found: Influence | None) -> Finding | None:
    return answer_of(GLOBAL, runs[-1], compare(runs), found, HERE)


def test_it_is_given_where_the_runs_and_the_inquiry_show_it() -> None:
    runs = drawn((0.1, 0.2), (0.3, 0.4))
    assert answer(runs, influence(("1", ("s2",)), ("4", ("s2",)))) == Finding.of("answer.seen", preset=GLOBAL.name)


def test_before_the_second_run_and_before_the_inquiry_nothing_is_said() -> None:
    found = influence(("1", ("s2",)), ("4", ("s2",)))
    assert answer(drawn((0.1, 0.2)), found) is None
    assert answer(drawn((0.1, 0.2), (0.3, 0.4)), None) is None


def test_an_inquiry_that_has_not_tried_all_answers_nothing() -> None:
    runs = drawn((0.1, 0.2), (0.3, 0.4))
    whole = influence(("1", ("s2",)), ("4", ("s2",)))
    assert answer(runs, replace(whole, is_partial=True)) is None
    assert answer(runs, replace(whole, sources=(SET, replace(LEAK, untried="it was not tried yet")))) is None
    assert answer(runs, influence(("1", ("s2",)))) is None, "of one draw alone"


@pytest.mark.parametrize(
    ("runs", "moved"),
    [
        (drawn((0.1, 0.2), (0.1, 0.4)), ("s2",)),
        (drawn((0.1, 0.2), (0.3, 0.4)), ("s1", "s2")),
    ],
    ids=["a draw repeats", "the seed moves it"],
)
def test_where_they_show_something_else_it_is_said_that_it_is_not_seen(runs: list[Run], moved: tuple[str, ...]) -> None:
    expected = Finding.of("answer.not-seen", preset=GLOBAL.name, draw="1", versions="Python 3.11 · NumPy 2.4.6")
    assert answer(runs, influence(("1", moved), ("4", ("s2",)))) == expected


def test_equal_values_within_a_run_are_asked_for() -> None:
    def code(first: float, second: float) -> str:
        runs = [run(number, draw("op1-1", first, "float64"), draw("op1-2", second, "float64")) for number in (1, 2)]
        found = answer_of(ALIKE, runs[0], compare(runs), influence(("op1-1", ()), ("op1-2", ())), HERE)
        return "" if found is None else found.code

    assert (code(0.5, 0.5), code(0.5, 0.6)) == ("answer.seen", "answer.not-seen")


def test_what_has_to_be_held_is_asked_for() -> None:
    runs = [run(number, draw("order", number, "int64"), draw("hashes", number, "int64")) for number in (1, 2)]
    for helped, code in (("hash secret", "answer.seen"), ("clock", "answer.not-seen")):
        found = influence(("order", ()), ("hashes", ()), residual=(Residual(label="hashes", helped_by=(helped,)),))
        told = answer_of(HASHES, runs[0], compare(runs), found, HERE)
        assert told is not None
        assert told.code == code
