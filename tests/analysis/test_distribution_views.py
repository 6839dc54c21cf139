"""What is seen of a distribution: places, bins, quantiles, pairs, and courses."""

from pathlib import Path

import numpy as np
import pytest

from seedlab.analysis.distribution import paired
from seedlab.analysis.distribution_views import (
    COURSE_SHARES,
    EVERYTHING,
    MOST_IN_ORDER,
    MOST_POINTS,
    Choice,
    Cloud,
    Sight,
    between,
    distribution_of,
    nearest,
    pairs_of,
    repeats_of,
    seen,
)
from seedlab.analysis.series import ColumnsSource, MadeColumn, series_of_runs
from seedlab.session.sweep_series import SweepSource
from tests.helpers.sweeps import sweep_results
from tests.helpers.values import run, runs, text_draw


def columns(*tables: list[dict[str, float]]) -> tuple[MadeColumn, ...]:
    return tuple(
        MadeColumn(f"column {number}", runs(*table, dtype="float64")) for number, table in enumerate(tables, 1)
    )


def test_a_scalar_has_a_row_for_each_run_and_an_array_one_for_each_element() -> None:
    made = runs({"a": 1.5, "b": [1, 2, 3]}, {"b": [4, 5, 6]}, {"a": 2.5, "b": [7, 8, 9]})
    scalar, array = series_of_runs(made, "a", "x"), series_of_runs(made, "b", "x")
    assert scalar.points.tolist() == [[1], [3]]
    assert scalar.values.tolist() == [1.5, 2.5]
    assert scalar.is_single
    assert array.points[:, 0].tolist() == [1, 1, 1, 2, 2, 2, 3, 3, 3]
    assert array.elements is not None
    assert array.elements.tolist() == [0, 1, 2] * 3
    assert array.values.tolist() == [*range(1, 10)]


def test_a_printed_number_counts_and_a_page_of_them_does_not() -> None:
    page = " ".join(map(str, range(40)))
    made = [run(1, text_draw("loss", "loss: 0.25"), text_draw("standard output", page))]
    assert series_of_runs(made, "loss", "x").values.tolist() == [0.25]
    assert series_of_runs(made, "standard output", "x").values.tolist() == []


def test_columns_share_bins_and_places() -> None:
    source = ColumnsSource("a", columns([{"a": 1.0}, {"a": 2.5}], [{"a": 2.0}, {"a": 4.5}, {"a": 1.0}]))
    found = distribution_of(source)
    assert found.places.tolist() == [[1], [2], [3]]
    assert [shape.cloud.x.tolist() for shape in found.shapes] == [[0, 1], [0, 1, 2]]
    assert [shape.counts.sum() for shape in found.shapes] == [2, 3]
    assert (found.edges[0], found.edges[-1]) == (1.0, 4.5)
    assert not found.courses
    assert found.kind == "run"
    # Two runs of a column say nothing of any mean.
    assert all(shape.described.interval is None for shape in found.shapes)


def test_what_a_column_calls_otherwise_stands_in_the_same_row() -> None:
    made = MadeColumn("other", runs({"b": 1.0}, {"b": 3.0}), {"a": "b"})
    source = ColumnsSource("a", (made,))
    assert source.has_numbers()
    assert source.labels() == ("a",)
    assert distribution_of(source).shapes[0].series.values.tolist() == [1, 3]


def test_nothing_and_what_is_not_finite() -> None:
    assert distribution_of(ColumnsSource("c", columns([{"a": 1.0}]))).is_empty
    found = distribution_of(ColumnsSource("a", columns([{"a": np.nan}, {"a": np.inf}, {"a": 1.0}])))
    (shape,) = found.shapes
    assert shape.cloud.y.tolist() == [1.0]
    assert shape.low is None


def test_the_own_seed_and_the_ends_of_a_sweep(tmp_path: Path) -> None:
    values = np.array([0.5, 0.2, 0.9, 0.4])
    results = sweep_results(tmp_path, {"loss": values}, seeds=[7, 3, 42, 900_000], own=42)
    found = distribution_of(SweepSource("loss", (results,)))
    (shape,) = found.shapes
    assert found.kind == "seed"
    assert found.better == "lower"
    # A seed far away takes no more room than any other.
    assert found.places[:, 0].tolist() == [3, 7, 42, 900_000]
    assert shape.cloud.x.tolist() == [0, 1, 2, 3]
    assert shape.cloud.y.tolist() == [0.2, 0.5, 0.9, 0.4]
    assert shape.own_value == 0.9
    assert shape.stood is not None
    assert (shape.stood.lower, shape.stood.others) == (3, 3)
    assert (shape.low, shape.high) == (1, 2)


def test_quantiles_are_on_a_line_where_values_are_normal() -> None:
    values = np.random.default_rng(0).normal(3, 2, 5_000)
    found = distribution_of(ColumnsSource("a", columns([{"a": float(value)} for value in values])))
    ordered = found.shapes[0].ordered
    assert ordered.x.size <= MOST_IN_ORDER
    assert ordered.y[0] == values.min()
    assert ordered.y[-1] == values.max()
    slope, middle = np.polyfit(ordered.x, ordered.y, 1)
    assert slope == pytest.approx(2, abs=0.1)
    assert middle == pytest.approx(3, abs=0.1)
    assert found.shapes[0].steps.y[-1] == 1


def test_many_points_are_counted_and_few_in_sight_are_points() -> None:
    generator = np.random.default_rng(0)
    x, y = np.arange(200_000.0), generator.normal(size=200_000)
    cloud = Cloud(x, y, np.arange(200_000))
    whole = seen(cloud, Sight(0, 200_000, float(y.min()), float(y.max())), 100, 50)
    assert whole.points is None
    assert whole.counts is not None
    assert whole.counts.shape == (100, 50)
    assert whole.counts.sum() == 200_000
    assert whole.counts.sum(axis=1).tolist() == [2_000] * 100
    near = seen(cloud, Sight(1_000, 1_999, -9, 9), 100, 50)
    assert near.points is not None
    assert near.points.rows.tolist() == [*range(1_000, 2_000)]
    few = Cloud(x[:MOST_POINTS], y[:MOST_POINTS], np.arange(MOST_POINTS))
    assert seen(few, EVERYTHING, 100, 50).points is not None


def test_the_nearest_point_is_within_reach() -> None:
    cloud = Cloud(np.array([0.0, 1.0, 2.0]), np.array([5.0, 6.0, 7.0]), np.arange(3))
    assert nearest(cloud, 1.1, 6.2, 0.5, 0.5) == 1
    assert nearest(cloud, 1.1, 6.9, 0.5, 0.5) is None
    assert nearest(cloud, 9.0, 6.0, 0.5, 0.5) is None


def test_a_range_counts_runs_and_names_the_first() -> None:
    found = distribution_of(ColumnsSource("a", columns([{"a": float(value % 5)} for value in range(20)])))
    inside = between(found.shapes[0], 2, 3, 3)
    assert (inside.count, inside.runs, inside.points) == (8, 8, ((3,), (4,), (8,)))
    arrays = distribution_of(ColumnsSource("b", (MadeColumn("x", runs({"b": [1, 2, 3]}, {"b": [2, 2, 9]})),)))
    inside = between(arrays.shapes[0], 2, 4, 3)
    assert (inside.count, inside.runs, inside.points) == (4, 2, ((1,), (2,)))


def test_pairs_are_of_the_same_seeds(tmp_path: Path) -> None:
    values = np.linspace(0, 1, 20)
    one = sweep_results(tmp_path / "1", {"loss": values, "size": values * 2}, seeds=range(20))
    other = sweep_results(tmp_path / "2", {"loss": values[::-1] - 1}, name="other.py", seeds=range(29, 9, -1))
    source = SweepSource("loss", (one, other))
    pairs = pairs_of(source, 0, Choice(1, "loss"))
    assert pairs.first.points[pairs.cloud.rows, 0].tolist() == [*range(10, 20)]
    assert pairs.cloud.x.tolist() == values[10:].tolist()
    assert pairs.tested is not None
    assert pairs.tested.count == 10
    # A loss minus a size means nothing.
    within = pairs_of(source, 0, Choice(0, "size"))
    assert within.tested is None
    assert within.cloud.y.tolist() == pytest.approx((2 * values).tolist())


def test_numbers_of_runs_are_no_pairing_of_columns() -> None:
    made = columns([{"a": float(each)} for each in range(9)], [{"a": float(each) + 1} for each in range(9)])
    assert pairs_of(ColumnsSource("a", made), 0, Choice(1, "a")).tested is None


def test_a_course_is_what_repeats_under_a_label(tmp_path: Path) -> None:
    labels = ("loss", "accuracy", "loss #2", "loss #10", "loss #3", "b/loss")
    assert repeats_of("loss #2", labels) == [(1, "loss"), (2, "loss #2"), (3, "loss #3"), (10, "loss #10")]
    assert repeats_of("accuracy", labels) == []
    values = np.arange(100.0)
    draws = {"loss": values, "loss #2": values / 2, "loss #3": values / 4}
    results = sweep_results(tmp_path, draws, own=42)
    found = distribution_of(SweepSource("loss", (results,)))
    (course,) = found.courses
    assert course.numbers.tolist() == [1, 2, 3]
    for shares, share in zip(course.shares, COURSE_SHARES, strict=True):
        assert shares.tolist() == pytest.approx([99 * share, 99 * share / 2, 99 * share / 4])
    assert course.own is not None
    assert course.curves[course.own].tolist() == [42, 21, 10.5]
    assert course.points[course.own].tolist() == [42]


def test_a_course_of_arrays_is_none() -> None:
    table = {f"w #{number}" if number > 1 else "w": [1.0, 2.0] for number in range(1, 5)}
    assert not distribution_of(ColumnsSource("w", (MadeColumn("x", runs(table, table)),))).courses


def test_many_pairs_are_tested_like_few() -> None:
    generator = np.random.default_rng(1)
    first, second = generator.normal(0, 1, 2_001), generator.normal(0.05, 1, 2_001)
    many, few = paired(first, second), paired(first[:2_000], second[:2_000])
    assert many.p_value == pytest.approx(few.p_value, abs=0.02)
    assert paired(np.zeros(3_000), np.zeros(3_000)).p_value == 1
