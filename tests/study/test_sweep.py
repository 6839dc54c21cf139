"""The seeds and points of a sweep."""

import pytest

from seedlab.errors import ChoiceError
from seedlab.study.sweep import MAX_POINTS, Axis, Seeds, Sweep


@pytest.mark.parametrize(
    ("text", "values"),
    [("0..3", [0, 1, 2, 3]), ("-2..0", [-2, -1, 0]), ("7", [7]), ("42,1,42,2", [42, 1, 2]), ("3..3", [3])],
)
def test_seeds_are_read_as_they_are_written(text: str, values: list[int]) -> None:
    assert list(Seeds.of(text).values) == values


@pytest.mark.parametrize(
    "text",
    [
        "",
        "3..1",
        "1..",
        "a",
        "1,,2",
        "random:0",
        "random:x",
        "1.5",
        f"0..{MAX_POINTS}",
        f"{2**63}",
        f"1,{-(2**63) - 1}",
    ],
)
def test_what_are_no_seeds_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(ChoiceError) as raised:
        Seeds.of(text)
    assert raised.value.field == "seeds"
    assert raised.value.advice


def test_random_seeds_are_always_the_same_and_others_with_another_seed_of_theirs() -> None:
    first = Seeds.of("random:500")
    assert list(first.values) == list(Seeds.of("random:500:0").values)
    assert first.text == "random:500:0"
    assert len(set(first.values)) == 500
    assert max(first.values) < 2**31
    assert list(first.values) != list(Seeds.of("random:500:1").values)


def test_two_axes_are_a_grid_and_none_are_numbered_runs() -> None:
    grid = Sweep((Axis("a", Seeds.of("1,2")), Axis("b", Seeds.of("5..7"))))
    assert list(grid.points()) == [(1, 5), (1, 6), (1, 7), (2, 5), (2, 6), (2, 7)]
    assert grid.count == 6
    assert list(Sweep(runs=3).points()) == [(1,), (2,), (3,)]


def test_a_sweep_of_nothing_or_of_too_much_is_refused() -> None:
    axis = Axis("a", Seeds.of("0..1999"))
    for sweep in (Sweep(), Sweep((axis, axis)), Sweep((axis,) * 3), Sweep(runs=MAX_POINTS + 1)):
        with pytest.raises(ChoiceError):
            sweep.check()
