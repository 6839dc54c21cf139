"""Witnesses: what repeats among cold runs must be in every faster run, and what differs must differ."""

import pytest
from msgspec.structs import replace

from seedlab.analysis.witnesses import Disagreement, disagreement
from seedlab.results.run import Outcome, Run
from tests.helpers.values import draw, run


def cold(index: int, *values: float, labels: str = "ab") -> Run:
    return run(index, *(draw(label, value) for label, value in zip(labels, values, strict=False)))


def fork(index: int, *values: float, labels: str = "ab") -> Run:
    return replace(cold(index, *values, labels=labels), start="fork")


@pytest.mark.parametrize(
    ("runs", "label"),
    [
        # a repeats, b does not.
        ([cold(1, 0, 1), cold(2, 0, 2), fork(3, 0, 3), fork(4, 0, 4), fork(5, 0, 5)], None),
        ([cold(1, 0, 1), cold(2, 0, 2), fork(3, 9, 3)], "a"),
        ([cold(1, 0, 1), cold(2, 0, 2), fork(3, 0, 7), fork(4, 0, 7), fork(5, 0, 7)], "b"),
        # Two may be equal by chance.
        ([cold(1, 0, 1), cold(2, 0, 2), fork(3, 0, 7), fork(4, 0, 7)], None),
        ([cold(1, 0, 1), cold(2, 0, 2), fork(3, 0)], None),
        ([cold(1, 0, 1), cold(2, 0, 1), fork(3, 0)], "b"),
        ([cold(1, 0), cold(2, 0), fork(3, 0, 5)], "b"),
        # One of the witnesses alone has b.
        ([cold(1, 0), cold(2, 0, 5), fork(3, 0, 6), fork(4, 0)], None),
        # Nothing can be told without two of them, or without others.
        ([cold(1, 0, 1), fork(2, 5, 1)], None),
        ([cold(1, 0, 1), cold(2, 0, 2)], None),
        ([cold(1, 0), cold(2, 0), replace(fork(3, 0), outcome=Outcome.FAILED)], ""),
        ([cold(1, 0), cold(2, 0), replace(fork(3), outcome=Outcome.CANCELLED)], None),
    ],
)
def test_what_disagrees(runs: list[Run], label: str | None) -> None:
    assert disagreement(runs) == (None if label is None else Disagreement(label))


def test_witnesses_of_a_draw_that_takes_few_values_may_be_equal_by_chance() -> None:
    runs = [cold(1, 0, 1), cold(2, 0, 1), fork(3, 0, 1), fork(4, 0, 2)]
    assert disagreement(runs) == Disagreement("b", may_be_chance=True)
    assert disagreement([*runs, cold(5, 0, 3)]) is None
