"""The columns side by side: what a person does to them, and what they call themselves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from seedlab.libraries.presets import PRESETS
from seedlab.libraries.registry import FAMILIES, check, compared, script_of
from seedlab.results.environment import Device, Interpreter
from seedlab.session.arrangement import (
    MAX_COLUMNS,
    Arrangement,
    column_of,
    placement_title,
)
from seedlab.study.controls import DeviceControl
from seedlab.study.experiment import Choice, Experiment
from tests.helpers.values import column, run, runs

GRAPH = PRESETS["before-graph"].experiment
NUMPY = PRESETS["numpy"].experiment
OTHER_SEED = GRAPH.choose(graph_seed=7)
RUNS = runs({"x": [1.0]}, {"x": [1.0]})
PYTHON = Interpreter(executable="/bin/python", python="3.11")


def after(placement: str, **choices: Choice) -> Experiment:
    return GRAPH.choose(placement=placement, **choices)


def three() -> Arrangement:
    """Named first, second and third, with keys 0, 1 and 2; the first is edited."""
    made = Arrangement.of(compared(GRAPH, "placement"))
    for position, title in enumerate(("first", "second", "third")):
        made = made.rename(position, title)
    return made


def run_once(arrangement: Arrangement) -> Arrangement:
    """With runs in every column."""
    for lane in arrangement.lanes:
        for ended in RUNS:
            arrangement = arrangement.add_run(lane.key, ended)
    return arrangement


# --- making --------------------------------------------------------------------------------------


def test_experiments_become_columns_that_were_not_run() -> None:
    made = Arrangement.of([GRAPH, NUMPY])
    assert [lane.key for lane in made.lanes] == [0, 1]
    assert [lane.chosen for lane in made.lanes] == [GRAPH, NUMPY]
    assert [lane.column.script for lane in made.lanes] == [script_of(GRAPH).text, script_of(NUMPY).text]
    assert all(lane.column.runs == () and not lane.is_stale for lane in made.lanes)
    assert made.lane is made.lanes[0]
    assert made.next_key == 2


def test_columns_of_a_document_keep_their_runs_and_the_names_that_a_person_gave() -> None:
    saved = [column_of(after("before-graph")), replace(column_of(after("after-op")), name="mine", runs=RUNS)]
    made = Arrangement.of_columns(saved, current=1)
    assert made.names == ("before graph", "mine")
    assert [lane.title for lane in made.lanes] == ["", "mine"]
    assert made.lane.column.runs == RUNS
    assert Arrangement.of_columns(made.columns, current=1).names == made.names, "saving again changes no name"


@pytest.mark.parametrize(("current", "shown"), [(-1, 0), (0, 0), (1, 1), (2, 1), (99, 1)])
def test_the_current_column_of_a_document_is_one_that_exists(current: int, shown: int) -> None:
    assert Arrangement.of_columns([column_of(GRAPH), column_of(NUMPY)], current).current == shown


def test_a_script_of_ones_own_is_a_column_without_choices() -> None:
    made = Arrangement.of_columns([column(*RUNS, name="train.py", script="print('x:', 1)")])
    assert made.lane.chosen is None
    assert made.lane.shown is None
    assert made.names == ("train.py",)
    assert not made.lane.is_stale
    assert Arrangement.of_columns([column(name="", script="pass")]).names == ("script",)


# --- names ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("experiments", "names"),
    [
        ([GRAPH], ("before graph",)),
        ([GRAPH, GRAPH], ("before graph", "before graph (2)")),
        ([GRAPH, after("after-graph"), after("none")], ("before graph", "after graph", "seed not set")),
        ([GRAPH, OTHER_SEED], ("seed 0", "seed 7")),
        ([GRAPH, GRAPH.choose(op_seed=None)], ("op seed 1", "no op seed")),
        ([GRAPH, OTHER_SEED.choose(op_seed=None)], ("seed 0, op seed 1", "seed 7, no op seed")),
        ([GRAPH, GRAPH.choose(device="CPU:0")], ("on auto", "on CPU:0")),
        ([GRAPH, GRAPH.choose(distribution="uniform")], ("normal", "uniform")),
        ([GRAPH.choose(sample_size=1), GRAPH.choose(sample_size=5)], ("1 value", "5 values")),
        ([GRAPH.choose(draws_per_op=1), GRAPH], ("1 draw", "2 draws")),
        ([GRAPH, GRAPH.choose(sessions=2)], ("1 session", "2 sessions")),
    ],
)
def test_what_sets_columns_apart_is_their_name(experiments: list[Experiment], names: tuple[str, ...]) -> None:
    assert Arrangement.of(experiments).names == names


def test_columns_of_several_libraries_name_them_first() -> None:
    names = Arrangement.of([GRAPH, NUMPY]).names
    assert names[0].startswith("TensorFlow graph, before graph")
    assert names[1].startswith(FAMILIES["numpy"].title)


def test_a_name_that_a_person_gave_stands_until_it_is_taken_away() -> None:
    made = Arrangement.of([GRAPH, OTHER_SEED]).rename(0, "  the   old\n one ")
    assert made.names == ("the old one", "seed 7")
    assert [shown.name for shown in made.columns] == ["the old one", "seed 7"]
    assert made.rename(0, " ").names == ("seed 0", "seed 7")


def test_values_are_named_by_what_was_run_not_by_what_is_chosen_since() -> None:
    made = run_once(Arrangement.of([GRAPH, after("after-op")])).choose(after("after-graph"))
    assert made.names == ("before graph", "after op")
    assert made.lane.is_stale
    assert made.lane.shown == GRAPH


@pytest.mark.parametrize("name", list(FAMILIES))
def test_every_placement_has_a_title_that_can_stand_alone(name: str) -> None:
    family = FAMILIES[name]
    titles = [placement_title(family.default.choose(placement=placement.name)) for placement in family.placements]
    assert len(set(titles)) == len(titles)
    assert titles[0] == "seed not set"


# --- choosing and running ------------------------------------------------------------------------


def test_choosing_before_a_run_changes_the_column_itself() -> None:
    made = Arrangement.of([GRAPH]).rename(0, "mine").choose(OTHER_SEED)
    assert made.lane.column.script == script_of(OTHER_SEED).text
    assert made.lane.column.experiment == OTHER_SEED
    assert made.names == ("mine",)
    assert not made.lane.is_stale


def test_choosing_after_a_run_keeps_the_runs_as_those_of_an_earlier_choice() -> None:
    made = run_once(Arrangement.of([GRAPH])).choose(OTHER_SEED)
    assert made.lane.column.runs == RUNS
    assert made.lane.column.experiment == GRAPH
    assert made.lane.is_stale
    assert not made.choose(GRAPH).lane.is_stale, "choosing back makes them current again"


def test_choosing_on_a_script_of_ones_own_makes_the_column_the_experiments() -> None:
    own = column(*RUNS, name="train.py", script="pass", interpreter=PYTHON)
    made = Arrangement.of_columns([own]).choose(GRAPH)
    assert made.lane.chosen == GRAPH
    assert made.lane.column.runs == ()
    assert made.lane.column.interpreter == PYTHON
    assert made.names == ("before graph",), "the script's name is not the experiment's"


def test_a_new_run_begins_with_the_choice_of_now_and_no_runs() -> None:
    lane = run_once(Arrangement.of([GRAPH])).choose(OTHER_SEED).lane
    cleared = replace(lane, column=replace(lane.column, interpreter=PYTHON)).cleared()
    assert cleared.runs == ()
    assert cleared.script == script_of(OTHER_SEED).text
    assert cleared.interpreter == PYTHON


def test_a_new_run_of_a_script_of_ones_own_keeps_the_script() -> None:
    own = column(*RUNS, name="train.py", script="print('x:', 1)")
    assert Arrangement.of_columns([own]).lane.cleared() == replace(own, runs=())


def test_runs_and_columns_find_their_place_by_key_wherever_it_has_moved() -> None:
    made = three().move(0, 2).add_run(0, RUNS[0])
    assert [len(lane.column.runs) for lane in made.lanes] == [0, 0, 1]
    fresh = column_of(OTHER_SEED)
    assert made.update(1, fresh).lanes[0].column == fresh
    assert made.position(2) == 1


def test_a_run_of_a_column_that_was_removed_is_dropped() -> None:
    made = three().remove(1)
    assert made.position(1) is None
    assert made.add_run(1, run(1)) is made
    assert made.update(1, column_of(GRAPH)) is made


# --- order ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("wanted", "found"), [(-5, 0), (0, 0), (2, 2), (3, 2)])
def test_selecting_stays_among_the_columns(wanted: int, found: int) -> None:
    assert three().select(wanted).current == found


@pytest.mark.parametrize(
    ("start", "end", "names"),
    [
        (0, 2, "second third first"),
        (2, 0, "third first second"),
        (1, 0, "second first third"),
        (1, 1, "first second third"),
    ],
)
def test_a_column_moves_and_the_edited_one_is_still_edited(start: int, end: int, names: str) -> None:
    for current in range(3):
        before = three().select(current)
        moved = before.move(start, end)
        assert " ".join(moved.names) == names
        assert moved.lane == before.lane


@pytest.mark.parametrize(("start", "end"), [(-1, 0), (0, -1), (3, 0), (0, 3)])
def test_a_move_to_nowhere_does_nothing(start: int, end: int) -> None:
    assert three().move(start, end) == three()


def test_a_copy_stands_to_the_right_with_its_runs_and_is_edited() -> None:
    made = run_once(three()).duplicate(1)
    assert made.names == ("first", "second", "second (2)", "third")
    assert made.current == 2
    assert made.lane.column.runs == RUNS
    assert [lane.key for lane in made.lanes] == [0, 1, 3, 2]
    changed = made.choose(OTHER_SEED)
    assert changed.lanes[1] == made.lanes[1], "what was pinned stays as it is"


def test_more_columns_than_can_be_told_apart_are_not_made() -> None:
    made = three()
    for _ in range(MAX_COLUMNS):
        made = made.duplicate()
    assert len(made.lanes) == MAX_COLUMNS
    assert made.is_full
    assert made.duplicate() is made


@pytest.mark.parametrize(
    ("current", "removed", "then"),
    [(0, 0, "second"), (1, 1, "third"), (2, 2, "second"), (2, 0, "third"), (0, 2, "first"), (1, 0, "second")],
)
def test_removing_leaves_the_edited_column_or_its_neighbour(current: int, removed: int, then: str) -> None:
    made = three().select(current).remove(removed)
    assert len(made.lanes) == 2
    assert made.lane.title == then


def test_the_current_column_is_removed_where_none_is_named_and_the_last_one_stays() -> None:
    made = three().select(1).remove().remove().remove().remove()
    assert made.names == ("first",)


# --- comparisons in one press --------------------------------------------------------------------


@pytest.mark.parametrize("name", list(FAMILIES))
def test_placements_are_compared_in_the_order_of_the_script_without_the_empty_one(name: str) -> None:
    family = FAMILIES[name]
    placed = compared(family.default.choose(graph_seed=3), "placement")
    places = [p.name for p in family.placements[1:]]
    assert [experiment["placement"] for experiment in placed] == (places if len(places) > 1 else [*places, "none"])
    assert {experiment["graph_seed"] for experiment in placed} == {3}


@pytest.mark.parametrize(("chosen", "seeds"), [(5, [5, None]), (None, [1, None]), (0, [0, None])])
def test_op_seed_on_and_off(chosen: int | None, seeds: list[int | None]) -> None:
    assert [experiment["op_seed"] for experiment in compared(GRAPH.choose(op_seed=chosen), "op_seed")] == seeds


def test_a_library_without_op_seeds_has_nothing_to_compare() -> None:
    assert compared(NUMPY, "op_seed") == ()


@pytest.mark.parametrize(("chosen", "seeds"), [(0, [0, 1]), (1, [1, 0]), (-3, [-3, 1])])
def test_two_graph_seeds(chosen: int, seeds: list[int]) -> None:
    experiments = compared(GRAPH.choose(graph_seed=chosen), "graph_seed")
    assert [experiment["graph_seed"] for experiment in experiments] == seeds
    assert {experiment["placement"] for experiment in experiments} == {"before-graph"}


@pytest.mark.parametrize("name", list(FAMILIES))
def test_two_graph_seeds_where_none_was_set_are_set(name: str) -> None:
    family = FAMILIES[name]
    experiments = compared(family.default.choose(placement=family.timeline.unset.name), "graph_seed")
    assert family.timeline.unset.name not in {experiment["placement"] for experiment in experiments}
    assert len({script_of(experiment).text for experiment in experiments}) == 2


def test_two_graph_seeds_of_tensorflow_are_set_where_they_reach_every_op() -> None:
    assert {e["placement"] for e in compared(after("none"), "graph_seed")} == {"after-graph"}


@pytest.mark.parametrize("name", list(FAMILIES))
def test_each_choice_can_be_compared_and_all_that_is_compared_can_be_run(name: str) -> None:
    family = FAMILIES[name]
    for control in family.controls:
        experiments = compared(family.default, control.name)
        for experiment in experiments:
            check(experiment)
        # Devices are not known before an interpreter has answered; where the op seed is given needs an op seed.
        assert len(experiments) > 1 or isinstance(control, DeviceControl) or control.name == "seeded_ops", control.name
        assert len({script_of(experiment).text for experiment in experiments}) == len(experiments)


def test_devices_are_compared_as_the_interpreter_has_them() -> None:
    here = Interpreter(executable="python", python="3.11", devices=(Device(name="CPU:0"), Device(name="CPU:1")))
    assert [each["device"] for each in compared(GRAPH, "device", here)] == ["auto", "CPU:0", "CPU:1"]


# --- any sequence of operations ------------------------------------------------------------------

POSITIONS = st.integers(-2, 30)
OPERATIONS = st.one_of(
    st.tuples(st.just("select"), POSITIONS),
    st.tuples(st.just("choose"), st.sampled_from([GRAPH, OTHER_SEED, NUMPY])),
    st.tuples(st.just("duplicate"), POSITIONS),
    st.tuples(st.just("remove"), POSITIONS),
    st.tuples(st.just("move"), POSITIONS, POSITIONS),
    st.tuples(st.just("rename"), POSITIONS, st.text(max_size=5)),
    st.tuples(st.just("add_run"), POSITIONS, st.just(RUNS[0])),
    st.tuples(st.just("update"), POSITIONS, st.just(column(name="own"))),
)


@given(st.lists(OPERATIONS, max_size=40))
def test_whatever_is_done_there_is_a_current_column_and_no_key_is_given_twice(
    operations: list[tuple[object, ...]],
) -> None:
    made = Arrangement.of([GRAPH])
    given_keys = {lane.key for lane in made.lanes}
    for name, *arguments in operations:
        if name in {"duplicate", "remove", "rename"}:
            # Of a column that exists: where else could a person point?
            arguments[0] = int(str(arguments[0])) % len(made.lanes)
        known = {lane.key for lane in made.lanes}
        made = getattr(made, str(name))(*arguments)
        keys = [lane.key for lane in made.lanes]
        assert 1 <= len(keys) <= MAX_COLUMNS
        assert len(set(keys)) == len(keys)
        assert not (set(keys) - known) & given_keys, "a key of a removed column comes back"
        given_keys |= set(keys)
        assert made.next_key > max(given_keys)
        assert 0 <= made.current < len(keys)
        assert len(made.names) == len(made.columns) == len(keys)
        assert all(made.names)


@pytest.mark.parametrize("names", [("before graph", "before graph"), ("before graph", "before graph (2)")])
def test_a_number_is_no_title(names: tuple[str, str]) -> None:
    made = Arrangement.of_columns([column(experiment=GRAPH, name=name) for name in names])
    assert [lane.title for lane in made.lanes] == ["", ""]
    assert made.names == ("before graph", "before graph (2)")
