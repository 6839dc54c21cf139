"""The questions that rules ask of a trace."""

from seedlab.evidence.evidence import Flow
from seedlab.evidence.trace_index import TraceIndex, last_below, sort_of
from tests.helpers.values import seed_set, seed_used

TRACE = (
    seed_set(1, "graph 1", 5),
    seed_used(2, "graph 1", None, (5, 0)),
    seed_set(3, "graph 2", None),
    seed_set(3, "graph 2", 5),
    seed_used(2, "graph 1", None, None),
    seed_set(None, "graph 1", 5),
)


def test_events_are_found_by_state_and_kind() -> None:
    index = TraceIndex(TRACE)
    assert list(index.positions("tensorflow", "graph 1", "set")) == [0, 5]
    assert index.last_before(5, "tensorflow", "graph 1", "set") == 0
    assert index.last_before(5, "tensorflow", "graph 1", "use", "taken") == 4
    assert index.last_before(0, "tensorflow", "graph 1", "set") is None
    assert index.last_before(6, "numpy", "graph 1", "set") is None
    assert list(index.first_seeds("tensorflow")) == [0, 3]
    assert [index.has_state("tensorflow", f"graph {n}") for n in (1, 2, 3)] == [True, True, False]


def test_a_seed_is_again_on_its_own_state_only() -> None:
    assert [TraceIndex(TRACE).is_again(position) for position in range(6)] == [False] * 5 + [True]


def test_draws_are_counted_from_an_event() -> None:
    index = TraceIndex(TRACE, [0, 1, 1, 3, 2])
    assert [index.draws_since(0, number) for number in range(5)] == [0, 1, 2, 3, 4]
    assert index.draws_since(2, 4) == 2, "what a document says out of order counts as the latest so far"


def test_what_flows_is_found_by_line() -> None:
    index = TraceIndex(TRACE)
    flow = Flow(index, frozenset({2, 9}), frozenset({"numpy.random.rand", "random.Random"}))
    assert flow.last_before(6, "tensorflow", ("graph",), "use", "taken") == 4
    assert flow.last_before(4, "tensorflow", ("graph",), "use", "taken") == 1
    assert flow.last_before(6, "tensorflow", ("eager",), "use", "taken") is None
    assert flow.last_before(6, "tensorflow", ("graph",), "set") is None
    assert flow.reads("numpy.random", frozenset())
    assert not flow.reads("random", frozenset({"Random"}))


def test_a_state_has_a_sort() -> None:
    assert [sort_of(state) for state in ("graph 12", "default graph", "global", "1", "")] == [
        "graph", "default graph", "global", "1", "",
    ]  # fmt: skip


def test_the_last_position_below_an_end() -> None:
    assert [last_below((2, 4), end) for end in (2, 3, 4, 9)] == [None, 2, 2, 4]
