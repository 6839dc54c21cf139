"""Distributions: numbers that are known beforehand, and those of SciPy and NumPy themselves."""

import math

import numpy as np
import pytest

from seedlab.analysis.distribution import (
    MOST_BINS,
    MOST_RESAMPLED,
    better_of,
    density,
    describe,
    ecdf,
    histogram,
    interval_of,
    paired,
    standing,
)

ONE = np.full(11, 0.8652816914574214)
"""Equal numbers whose mean is another one, by rounding."""
NEXT = np.array([*ONE, *[np.nextafter(ONE[0], 1.0)] * 9])
NORMAL = np.random.default_rng(1).normal(5.0, 2.0, 1000)


def test_numbers_are_described_without_those_that_are_not_finite() -> None:
    described = describe(np.array([1.0, 2.0, math.nan, 3.0, math.inf]))
    assert (described.runs, described.count, described.distinct) == (5, 3, 3)
    assert (described.mean, described.deviation) == (2.0, 1.0)
    assert described.quantiles[0] == 1.0
    assert described.quantiles[3] == 2.0
    assert described.interval is None


def test_no_numbers_and_one_number_are_no_error() -> None:
    assert describe(np.array([])).count == 0
    assert math.isnan(describe(np.array([math.nan])).mean)
    assert describe(np.array([4.0])).deviation == 0.0


def test_the_interval_holds_the_mean_in_about_19_of_20_cases_also_of_skewed_numbers() -> None:
    random = np.random.default_rng(2)
    samples = random.exponential(1.0, (200, 60))
    intervals = [interval_of(sample) for sample in samples]
    held = sum(each is not None and each.low <= 1.0 <= each.high for each in intervals)
    assert 178 <= held <= 199


def test_the_same_numbers_have_the_same_interval() -> None:
    assert interval_of(NORMAL) == interval_of(NORMAL.copy())
    assert interval_of(np.full(50, 3.0)) is None


def test_the_interval_of_many_numbers_is_the_normal_one() -> None:
    many = np.random.default_rng(3).normal(0.0, 1.0, MOST_RESAMPLED + 1)
    interval = interval_of(many)
    assert interval is not None
    assert interval.method == "normal"
    assert interval.width == pytest.approx(2 * 1.96 * many.std(ddof=1) / math.sqrt(many.size), rel=1e-4)


def test_a_seed_stands_among_the_others_alone() -> None:
    stood = standing(np.array([1.0, 2.0, 2.0, 3.0, math.nan]), 1)
    assert (stood.value, stood.lower, stood.higher, stood.others) == (2.0, 1, 1, 3)


def test_pairs_that_differ_by_more_than_chance_are_told_from_those_that_do_not() -> None:
    random = np.random.default_rng(4)
    base = random.normal(0.0, 1.0, 40)
    found = paired(base + 0.5 + random.normal(0.0, 0.1, 40), base)
    assert found.p_value < 0.001
    assert found.mean == pytest.approx(0.5, abs=0.1)
    assert found.interval is not None
    assert found.interval.low > 0
    assert found.first_lower == 0
    assert paired(random.normal(0.0, 1.0, 40), random.normal(0.0, 1.0, 40)).p_value > 0.05


def test_a_few_pairs_have_no_test() -> None:
    found = paired(np.arange(4.0), np.zeros(4))
    assert (found.count, found.mean, found.interval) == (4, 1.5, None)
    assert math.isnan(found.p_value)


def test_every_number_is_in_a_bin_of_the_histogram() -> None:
    for numbers in (
        NORMAL,
        np.array([1.0, 1.0]),
        np.repeat([0.0, 1e-300], 50),
        np.array([0.0] * 99 + [1e9]),
        NEXT,
        ONE,
    ):
        counts, edges = histogram(numbers)
        assert counts.sum() == numbers.size
        assert len(edges) == len(counts) + 1 <= MOST_BINS + 1


def test_whole_numbers_have_a_bin_each() -> None:
    counts, edges = histogram(np.array([1.0, 1.0, 3.0]))
    assert counts.tolist() == [2.0, 0.0, 1.0]
    assert edges.tolist() == [0.5, 1.5, 2.5, 3.5]


def test_the_density_is_that_of_scipy_and_its_area_is_one() -> None:
    from scipy.stats import gaussian_kde

    found = density(NORMAL)
    assert found is not None
    expected = gaussian_kde(NORMAL)(found.at)
    assert np.abs(found.height - expected).max() < 0.02 * expected.max()
    assert np.trapezoid(found.height, found.at) == pytest.approx(1.0, abs=0.01)
    for equal in (np.full(20, 1.0), ONE, NEXT, ONE * 1e300, np.linspace(-1e300, 1e300, 20)):
        assert density(equal) is None
    assert describe(ONE).deviation == 0.0


def test_the_empirical_distribution_climbs_to_one() -> None:
    ordered, shares = ecdf(np.array([3.0, 1.0, 2.0, 2.0]))
    assert ordered.tolist() == [1.0, 2.0, 2.0, 3.0]
    assert shares.tolist() == [0.25, 0.5, 0.75, 1.0]


@pytest.mark.parametrize(
    ("label", "better"),
    [
        ("loss", "lower"), ("val_loss #5", "lower"), ("binary_accuracy", "higher"), ("test acc", "higher"),
        ("squared error", "lower"), ("x", ""), ("glossary", ""), ("closs", "lower"),
    ],
)  # fmt: skip
def test_a_name_says_which_numbers_are_better_or_nothing(label: str, better: str) -> None:
    assert better_of(label) == better
