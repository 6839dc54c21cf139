"""Which draws stand in one row where columns have other labels."""

import pytest

from seedlab.analysis.alignment import align

ONE = ("op1-1", "op1-2", "op2-1")
TWO = ("session1/op1-1", "session1/op1-2", "session1/op2-1", "session2/op1-1", "session2/op2-1")


def test_equal_labels_and_labels_that_are_some_of_them_stand_as_they_are() -> None:
    made = align([ONE[:1], ONE, ONE])
    assert made.labels == ONE
    assert made.names == tuple((label,) for label in ONE)
    assert made.others == ()
    assert made.own(0, "op2-1") == "op2-1"


def test_a_session_alone_is_the_first_of_two() -> None:
    made = align([ONE, TWO])
    assert made.labels == TWO
    assert made.names == tuple((label,) for label in TWO)
    assert [made.own(0, label) for label in TWO] == [*ONE, "session2/op1-1", "session2/op2-1"]
    assert [made.own(1, label) for label in TWO] == list(TWO)


def test_equal_labels_stay_in_one_row() -> None:
    made = align([ONE, TWO, ONE[:2]])
    assert made.labels == TWO
    assert made.own(0, TWO[0]) == made.own(2, TWO[0]) == "op1-1"
    made = align([("a", "b", "c"), ("loss",), ("acc", "loss")])
    assert [made.own(column, "a") for column in (1, 2)] == ["loss", "loss"]
    assert made.labels == ("a", "b", "c", "acc")


def test_rows_of_the_first_column_come_first() -> None:
    assert align([TWO, ONE]).labels == TWO
    assert align([("b-1",), ("a-1", "b-1")]).labels == ("b-1", "a-1")


def test_without_a_common_op_the_ops_stand_in_their_order_and_have_both_names() -> None:
    made = align([("1", "2", "3"), ("kernel-1", "kernel-2", "loss")])
    assert made.labels == ("1", "2", "3", "loss")
    assert made.names == (("1", "kernel-1"), ("2", "kernel-2"), ("3",), ("loss",))
    assert [made.own(1, label) for label in ("1", "2")] == ["kernel-1", "kernel-2"]


def test_an_op_that_only_one_column_has_stays_alone_where_others_are_common() -> None:
    assert align([("loss", "accuracy"), ("loss", "error")]).labels == ("loss", "accuracy", "error")


def test_calls_with_other_numbers_are_no_counterparts() -> None:
    calls = tuple(f"loss-{number}" for number in range(1, 6))
    made = align([("loss-2", "loss-10"), calls])
    assert made.labels == ("loss-2", "loss-10", "loss-1", "loss-3", "loss-4", "loss-5")
    assert made.others == ()


def test_a_row_that_a_column_has_itself_gets_no_other_draw_of_it() -> None:
    made = align([("op1-1", "op1-2", "op1-3"), ("a/op1-1", "op1-2")])
    assert made.labels == ("op1-1", "op1-2", "op1-3")
    assert made.own(1, "op1-1") == "a/op1-1"
    made = align([("op1-1", "op1-2", "op1-3"), ("op1-1", "a/op1-1")])
    assert made.labels == ("op1-1", "op1-2", "op1-3", "a/op1-1")
    assert made.others == ()


@pytest.mark.parametrize("columns", [[], [()], [(), ()], [(), ONE]])
def test_columns_without_draws_have_no_rows_of_their_own(columns: list[tuple[str, ...]]) -> None:
    assert align(columns).labels == (ONE if ONE in columns else ())
