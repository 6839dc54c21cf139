"""One analysis for all who show it: what it holds, what it costs, and that it grows with the runs."""

import gc
import itertools
import time
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from seedlab.analysis import rows
from seedlab.analysis.across import headline_across
from seedlab.analysis.analyst import Analysis, Analyst, Draws, analyse, basis_of
from seedlab.analysis.fingerprints import _ALIKE
from seedlab.analysis.summary import summarise
from seedlab.results.run import Draw, Outcome, Run
from seedlab.study.lab import Column
from tests.helpers.comparisons import many_draws, placement_column, table_column, three_placements
from tests.helpers.growth import assert_grows_gently
from tests.helpers.interpreters import interpreter
from tests.helpers.values import column, draw, fingerprints_of, run, runs

TABLES = st.dictionaries(st.sampled_from(["op1-1", "op1-2", "s/op1-1", "x"]), st.sampled_from([1.0, 2.0, 3.0]))
RUNS = st.lists(TABLES, max_size=5)


def facts(analysis: Analysis, columns: Sequence[Column]) -> list[object]:
    """All that ``analysis`` says of the runs of ``columns``, as values that can be compared."""
    return [
        analysis.labels,
        dict(analysis.positions),
        analysis.headline,
        [each.summary for each in analysis.columns],
        [each.has_finished for each in analysis.columns],
        [dict(each.labels_at) for each in analysis.columns],
        [[list(each.draws(label)) for label in analysis.labels] for each in analysis.columns],
        letters_in_order(analysis, columns),
    ]


def letters_in_order(analysis: Analysis, columns: Sequence[Column]) -> list[int | None]:
    """Which draws have equal letters, and which have none; the letters themselves depend on what was in view before."""
    seen: dict[str, int] = {}
    found = [analysis.fingerprints.of(drawn) for each in columns for ended in each.runs for drawn in ended.draws]
    return [None if each.is_dot else seen.setdefault(each.letter, len(seen)) for each in found]


def test_it_holds_what_each_of_its_parts_says() -> None:
    columns = three_placements()
    analysis = analyse(columns)
    summaries = [summarise(each) for each in columns]
    assert [each.summary for each in analysis.columns] == summaries
    assert analysis.headline == headline_across(columns, summaries)
    assert analysis.fingerprints == fingerprints_of([each.runs for each in columns])
    assert analysis.labels == ("op1-1", "op1-2", "op2-1", "op2-2")
    assert analysis.positions["op2-1"] == 2


def test_nothing_has_an_analysis() -> None:
    assert analyse([]) == Analysis()
    (empty,) = analyse([column()]).columns
    assert (list(empty.draws("x")), empty.has_finished) == ([], False)


def test_labels_stand_column_by_column_in_the_order_of_their_first_appearance() -> None:
    columns = [table_column([{"b": [1]}, {"a": [1]}]), table_column([{"c": [1], "a": [1]}])]
    assert analyse(columns).labels == ("b", "a", "c")


def test_each_run_has_its_draw_or_none() -> None:
    ended = runs({"x": 1}, {"y": 2}, {"x": 3, "y": 4}, {})
    (analysed,) = analyse([column(*ended)]).columns
    assert list(analysed.draws("x")) == [ended[0].draws[0], None, ended[2].draws[0], None]
    assert list(analysed.draws("y")) == [None, ended[1].draws[0], ended[2].draws[1], None]
    assert list(analysed.draws("z")) == [None] * 4
    assert analysed.draws("y")[1:] == [ended[1].draws[0], ended[2].draws[1], None]
    assert analysed.draws("x")[-2] is ended[2].draws[0]
    with pytest.raises(IndexError):
        analysed.draws("x")[4]


def test_of_two_draws_with_one_label_the_first_counts() -> None:
    ended = run(1, first := draw("x", 1), draw("x", 2))
    assert list(analyse([column(ended)]).columns[0].draws("x")) == [first]


def test_a_line_names_the_draws_that_it_explains() -> None:
    (analysed,) = analyse([one := placement_column("after-op")]).columns
    made = next(number for number, line in enumerate(one.script.splitlines(), 1) if "rand_op1 =" in line)
    assert analysed.labels_at[made] == ("op1-1", "op1-2")
    assert 1 not in analysed.labels_at


def test_letters_know_only_what_is_uncovered() -> None:
    one = table_column([{"x": [5.0]}, {"x": [4.0]}, {"x": [4.0]}])
    analysis = Analyst().update([one], uncovered=1)
    letters = [analysis.fingerprints.of(ended.draws[0]).letter for ended in one.runs]
    assert letters == ["A", "·", "·"]
    assert [row.distinct for row in analysis.columns[0].summary.comparison.rows] == [2], "verdicts know it all"


@given(st.lists(st.tuples(RUNS, RUNS), min_size=1, max_size=4), st.one_of(st.none(), st.integers(0, 3)))
def test_what_grew_is_what_is_made_at_once(
    steps: list[tuple[list[dict[str, float]], list[dict[str, float]]]], uncovered: int | None
) -> None:
    analyst = Analyst()
    ended: tuple[list[Run], list[Run]] = ([], [])
    earlier: list[tuple[Analysis, list[Column], list[object]]] = []
    for step in steps:
        for known, tables in zip(ended, step, strict=True):
            known.extend(
                run(len(known) + number, *(draw(label, value) for label, value in table.items()))
                for number, table in enumerate(tables, 1)
            )
        columns = [column(*known, name=f"column {number}") for number, known in enumerate(ended)]
        analysis = analyst.update(columns, uncovered)
        assert facts(analysis, columns) == facts(Analyst().update(columns, uncovered), columns)
        earlier.append((analysis, columns, facts(analysis, columns)))
    for analysis, columns, found in earlier:
        assert facts(analysis, columns) == found, "what was handed out stays as it is"


def test_columns_that_move_or_go_or_start_anew_are_analysed_as_they_are() -> None:
    one, two, three = three_placements()
    analyst = Analyst()
    anew = column(*placement_column("after-op").runs, name=one.name, script=one.script)
    for columns in ([one, two, three], [three, one], [one, one, two], [anew, two], [column(name="cleared")], [two]):
        assert facts(analyst.update(columns), columns) == facts(analyse(columns), columns)


def test_an_added_run_costs_its_own_draws_only(monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[str] = []
    add = rows.RowTally.add

    def counting(tally: rows.RowTally, index: int, drawn: Draw, *, is_finished: bool) -> None:
        counted.append(drawn.label)
        add(tally, index, drawn, is_finished=is_finished)

    monkeypatch.setattr(rows.RowTally, "add", counting)
    analyst = Analyst()
    ended = runs(*({"x": number, "y": 1} for number in range(5)))
    for count in range(1, 6):
        analyst.update([column(*ended[:count], name="one"), column(name="other")])
    assert len(counted) == 10
    analyst.update([column(name="other"), column(*ended, name="one")])
    assert len(counted) == 10, "a column that moves is known"


def test_a_draw_is_looked_into_only_where_another_run_differs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twelve million values would be sorted for seconds."""
    sizes: list[int] = []
    sort = rows._sorted_bits

    def counting(drawn: Draw) -> np.ndarray:
        sizes.append(drawn.array.size)
        return sort(drawn)

    monkeypatch.setattr(rows, "_sorted_bits", counting)
    large = draw("x", np.zeros(12_000_000, np.float32))
    for ended in ((run(1, large),), (run(1, large), run(2, large))):
        (analysed,) = analyse([column(*ended)]).columns
        assert analysed.summary.comparison.rows[0].distinct == 1
    assert sizes == []
    analyse([column(run(1, draw("y", [1, 2])), run(2, draw("y", [2, 1])))])
    assert sizes == [2, 2]


def test_the_time_grows_with_the_draws(request: pytest.FixtureRequest) -> None:
    def seconds(draws: int) -> float:
        shown = many_draws(draws)
        best = float("inf")
        for _ in range(3):
            started = time.thread_time()
            analyse([shown])
            best = min(best, time.thread_time() - started)
        return best

    # How often garbage is looked for depends on what else is in memory.
    gc.disable()
    request.addfinalizer(gc.enable)
    # Four times the draws; where each looked through all others it was sixteen times the time.
    assert seconds(8_000) < 8 * seconds(2_000)


def test_a_run_that_failed_says_nothing_of_what_is_missing() -> None:
    (analysed,) = analyse([column(run(1, outcome=Outcome.FAILED, problem="no"))]).columns
    assert not analysed.has_finished
    assert isinstance(analysed.draws("x"), Draws)


def a_value(index: int) -> Run:
    return run(index, draw("x", index), draw("y", 1))


def a_label_of_few_runs(index: int) -> Run:
    return run(index, draw(f"x{index % 50}", index))


def a_problem(index: int) -> Run:
    return run(index, outcome=Outcome.FAILED, problem=f"line {index % 50}: no")


@pytest.mark.parametrize("one", [a_value, a_label_of_few_runs, a_problem])
def test_runs_that_arrive_in_batches_cost_what_is_new(one: Callable[[int], Run]) -> None:
    ended = tuple(map(one, range(1, 10_001)))
    arriving = [column(*ended[:count]) for count in range(20, len(ended) + 1, 20)]

    def analyse_each(columns: Sequence[Column]) -> None:
        analyst = Analyst()
        for each in columns:
            analyst.update([each])

    assert_grows_gently(analyse_each, arriving[: len(arriving) // 4], arriving)


def test_what_an_analysis_depends_on_is_all_that_is_compared() -> None:
    one = placement_column("after-op")
    analyst = Analyst()
    known = analyst.update([one]).columns[0]
    assert analyst.update([replace(one, trusted=False)]).columns[0] is known
    for other in (
        replace(one, name="other"),
        replace(one, script=f"\n{one.script}"),
        replace(one, experiment=None),
        replace(one, interpreter=interpreter("python", "3.11.7")),
        replace(one, runs=one.runs[:2]),
    ):
        assert basis_of(other) != basis_of(one)
        assert facts(analyst.update([other]), [other]) == facts(analyse([other]), [other])
    assert basis_of(column(script="a")) == basis_of(column(script="b")), "nothing was run"


# --- letters that stay --------------------------------------------------------------------------


def letters_of(analysis: Analysis, columns: Sequence[Column]) -> dict[object, str]:
    """The letter of each value in view that has one."""
    found = {
        drawn.identity: analysis.fingerprints.of(drawn)
        for each in columns
        for ended in each.runs
        for drawn in ended.draws
    }
    return {identity: each.letter for identity, each in found.items() if not each.is_dot}


STEPS = st.lists(st.tuples(st.integers(0, 2), TABLES, st.integers(0, 30)), min_size=1, max_size=12)


@given(STEPS, st.lists(st.integers(0, 4), max_size=6))
def test_a_letter_stays_in_every_order_of_adding_and_uncovering(
    steps: list[tuple[int, dict[str, float], int]], uncovered: list[int]
) -> None:
    analyst, shown = Analyst(), [column(), column(), column()]
    known: dict[object, str] = {}
    for position, table, to_come in steps:
        grown = shown[position]
        shown[position] = replace(grown, runs=(*grown.runs, replace(runs(table)[0], index=len(grown.runs) + 1)))
        letters = letters_of(analyst.update(shown, to_come=to_come), shown)
        assert len(set(letters.values())) == len(letters), "no two values share one"
        assert all(letters.get(value, letter) == letter for value, letter in known.items())
        known |= letters
    for count in uncovered:
        # With no run in view a new guess begins.
        known = {} if count == 0 else known
        cut = [replace(each, runs=each.runs[:count]) for each in shown]
        letters = letters_of(analyst.update(shown, count), cut)
        assert all(letters.get(value, letter) == letter for value, letter in known.items())
        known |= letters


def test_runs_that_are_made_again_keep_the_letters_of_equal_values() -> None:
    analyst = Analyst()
    tables: list[dict[str, Sequence[float]]] = [{"a": [1.0], "b": [float(n)]} for n in (2, 3, 4)]
    before = [table_column(tables)]
    assert letters_string(analyst.update(before), before) == "ABACAD"
    analyst.update([column()])
    again = [table_column([{"a": [1.0], "b": [float(n)]} for n in (5, 3, 6)])]
    assert letters_string(analyst.update(again), again) == "AEACAF", "what is new gets new letters"
    other = [table_column([{"a": [7.0], "b": [8.0]}])]
    assert letters_string(analyst.update(other), other) == "AB", "nothing of before is left"


def test_while_runs_are_to_come_only_values_of_the_first_have_letters_at_once() -> None:
    analyst = Analyst()
    tables: list[dict[str, Sequence[float]]] = [{"a": [float(n)], "b": [1.0]} for n in range(2, 5)]
    steps = [[table_column(tables[:count])] for count in (1, 2, 3)]
    shown = [letters_string(analyst.update(step, to_come=5), step) for step in steps]
    assert shown == ["AB", "AB·B", "AB·B·B"]
    assert letters_string(analyst.update(steps[-1]), steps[-1]) == "ABCBDB"


def test_the_first_run_of_each_column_has_its_letters_at_once() -> None:
    analyst = Analyst()
    many = [table_column([{f"x{n:02}": [float(n)] for n in range(30)}])]
    analyst.update(many, to_come=1)
    columns = [*many, table_column([{"b": [100.0]}])]
    step = analyst.update(columns, to_come=1)
    assert letters_string(step, columns) == letters_string(Analyst().update(columns, to_come=1), columns)


def test_colours_differ_in_a_row_as_long_as_they_can() -> None:
    analyst = Analyst()
    tables: list[dict[str, Sequence[float]]] = [{"a": [float(n)], "b": [-1.0 - n], "c": [0.5]} for n in range(4)]
    for count in range(1, 5):
        columns = [table_column(tables[:count]), table_column(tables[:1])]
        analysis = analyst.update(columns, to_come=4 - count)
    marks = {
        label: [
            analysis.fingerprints.of(each) for ended in columns[0].runs for each in ended.draws if each.label == label
        ]
        for label in ("a", "b", "c")
    }
    for label in ("a", "b"):
        colours = [mark.colour for mark in marks[label]]
        assert len(set(colours)) == 4
        assert not any({one, other} <= set(group) for one, other in itertools.pairwise(colours) for group in _ALIKE)
    assert len({mark.colour for mark in marks["c"]}) == 1, "one value, one colour"


def test_where_far_too_many_values_may_come_no_first_one_has_a_letter_alone() -> None:
    analyst = Analyst()
    tables: list[dict[str, Sequence[float]]] = [{"a": [float(n)], "b": [-1.0 - n]} for n in range(40)]
    # As the window does: asked before the first run has ended.
    analyst.update([column()], to_come=40)
    columns = [table_column(tables[:1])]
    assert letters_string(analyst.update(columns, to_come=39), columns) == "··"
    columns = [table_column(tables)]
    assert letters_string(analyst.update(columns, to_come=1), columns) == "·" * 80, "nor when few are left"


def test_where_first_runs_have_too_many_values_those_that_repeat_get_letters() -> None:
    analyst = Analyst()
    tables = [
        dict[str, Sequence[float]](a=[1.0], **{f"x{n:02}": [float(100 * n + run)] for n in range(30)})
        for run in range(2, 4)
    ]
    steps = [[table_column(tables[:count])] for count in (1, 2)]
    shown = [letters_string(analyst.update(step, to_come=1), step) for step in steps]
    assert shown == ["·" * 31, ("A" + "·" * 30) * 2]


def test_a_letter_that_nobody_has_is_taken_only_when_all_others_are() -> None:
    analyst = Analyst()
    columns = [table_column([{f"x{n:02}": [float(n)] for n in range(20)}])]
    assert letters_string(analyst.update(columns), columns) == "ABCDEFGHIJKLMNOPQRST"
    later = [table_column([{f"x{n:02}": [float(n)] for n in range(15, 30)}])]
    assert letters_string(analyst.update(later), later) == "PQRSTUVWXYZABCD"


def letters_string(analysis: Analysis, columns: Sequence[Column]) -> str:
    return "".join(
        analysis.fingerprints.of(drawn).letter for each in columns for ended in each.runs for drawn in ended.draws
    )
