"""Where rows stand: found by their number, and found from a place."""

import pytest

from seedlab.figure.row_places import RowPlaces

PLACES = RowPlaces(100.0, [10.0, 30.0, 20.0], [5.0] * 3)


@pytest.mark.parametrize(("y", "position"), [(99.9, None), (100, 0), (109.9, 0), (110, 1), (159, 2), (160, None)])
def test_a_place_is_of_one_row(y: float, position: int | None) -> None:
    assert PLACES.at(y) == position


@pytest.mark.parametrize(
    ("top", "bottom", "rows"),
    [(0, 50, []), (0, 101, [0]), (0, 1000, [0, 1, 2]), (110, 140, [1]), (115, 141, [1, 2]), (159, 300, [2])],
)
def test_rows_between_two_places_have_a_part_there(top: float, bottom: float, rows: list[int]) -> None:
    assert list(PLACES.between(top, bottom)) == rows


def test_rows_follow_one_another() -> None:
    assert [PLACES.top(position) for position in range(3)] == [100, 110, 140]
    assert PLACES.bottom == 160
    assert RowPlaces(7.0, (), ()).bottom == 7
    assert list(RowPlaces(7.0, (), ()).between(0, 100)) == []
