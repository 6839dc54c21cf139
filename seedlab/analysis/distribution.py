"""How a draw is distributed over many runs: quantiles, density, the interval of its mean, and where one seed stands."""

import math
import re
from typing import Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

LEVEL = 0.95
"""The level of all intervals."""
QUANTILES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)
MOST_RESAMPLED = 2_000
"""The most numbers whose mean gets an interval by resampling; more of them are as good as normal."""
RESAMPLES = 2_000
RESAMPLED_SIGNS = 9_999
"""How often the signs of differences are drawn for a permutation test."""
_AT_ONCE = 2_000_000
"""The most numbers that a permutation test has in memory at once."""
LEAST_FOR_INTERVAL = 8
"""The least number of values from which an interval is told."""
MOST_BINS = 200
_GRID = 512
_WORD = re.compile(r"[^\W_]+")
_HUGE = float(np.finfo(np.float64).max)
_LOWER = ("loss", "error", "err", "mse", "mae", "rmse", "nll", "perplexity", "cost", "regret", "divergence")
_HIGHER = ("acc", "accuracy", "auc", "f1", "r2", "reward", "precision", "recall", "iou", "bleu")

Better = Literal["lower", "higher", ""]


class Interval(msgspec.Struct, frozen=True):
    """An interval in which the mean lies with 95 % confidence."""

    low: float
    high: float
    method: Literal["bootstrap", "normal"]
    """``"bootstrap"``: bias-corrected and accelerated (Efron, 1987), by SciPy."""

    @property
    def width(self) -> float:
        return self.high - self.low


class Description(msgspec.Struct, frozen=True):
    """What is to be said of numbers, one from each run. All but ``runs`` are of those that are finite."""

    runs: int
    """The number of runs, those without a finite number included."""
    count: int
    """The number of finite numbers; where it is 0, the rest is NaN."""
    distinct: int
    mean: float
    deviation: float
    """The standard deviation of the sample."""
    quantiles: tuple[float, ...]
    """At `QUANTILES`, by linear interpolation."""
    interval: Interval | None
    """None where there are too few numbers, or all are equal."""


class Standing(msgspec.Struct, frozen=True):
    """Where one of the numbers stands among all."""

    value: float
    lower: int
    """How many others are lower."""
    higher: int
    others: int


class Paired(msgspec.Struct, frozen=True):
    """The differences of two draws over the same points: that of the first from that of the second."""

    count: int
    mean: float
    """The mean of first minus second."""
    interval: Interval | None
    p_value: float
    """That of the hypothesis that swapping the two at any point changes nothing, two-sided; NaN without a test."""
    method: Literal["permutation", "t", ""]
    """A permutation test of the mean or, of many points, Student's t-test, by SciPy."""
    first_lower: int
    """At how many points the first one is lower."""
    not_finite: int
    """At how many other points one of the two is not finite: then nothing is tested, for what is left is a choice."""


class Density(msgspec.Struct, frozen=True):
    """A smooth density: float64, both of shape (512,)."""

    at: NDArray[np.float64]
    height: NDArray[np.float64]


def describe(values: NDArray[np.float64], *, has_interval: bool = True) -> Description:
    """Return the description of ``values``, float64 of shape (runs,).

    Without an interval where the values are not independent of each other, as those of one run need not be.
    """
    finite = values[np.isfinite(values)]
    if not finite.size:
        nan = math.nan
        return Description(values.size, 0, 0, nan, nan, (nan,) * len(QUANTILES), None)
    with np.errstate(over="ignore"):
        # That of equal numbers is not always 0, by rounding.
        deviation = 0.0 if finite.min() == finite.max() else float(finite.std(ddof=1))
    quantiles = tuple(float(each) for each in np.quantile(finite, QUANTILES))
    distinct = int(np.unique(finite).size)
    interval = interval_of(finite) if has_interval else None
    return Description(values.size, finite.size, distinct, float(finite.mean()), deviation, quantiles, interval)


def interval_of(finite: NDArray[np.float64]) -> Interval | None:
    """Return the interval of the mean of ``finite``, float64 of shape (count,); None where nothing can be said."""
    if finite.size < LEAST_FOR_INTERVAL or finite.min() == finite.max():
        return None
    if finite.size > MOST_RESAMPLED:
        half = 1.959964 * float(finite.std(ddof=1)) / math.sqrt(finite.size)
        mean = float(finite.mean())
        return Interval(mean - half, mean + half, "normal")
    from scipy.stats import bootstrap

    # A seed of its own, so that the same numbers have the same interval.
    found = bootstrap(
        (finite,), np.mean, n_resamples=RESAMPLES, confidence_level=LEVEL, method="BCa", rng=np.random.default_rng(0)
    ).confidence_interval
    low, high = float(found.low), float(found.high)
    return Interval(low, high, "bootstrap") if math.isfinite(low) and math.isfinite(high) else None


def standing(values: NDArray[np.float64], position: int) -> Standing:
    """Return where the number at ``position`` of ``values`` stands among the others, but for those that are NaN."""
    value = float(values[position])
    others = np.delete(values, position)
    # The infinite ones have their place among them.
    others = others[~np.isnan(others)]
    return Standing(value, int((others < value).sum()), int((others > value).sum()), int(others.size))


def paired(first: NDArray[np.float64], second: NDArray[np.float64], *, is_independent: bool = True) -> Paired:
    """Return the comparison of two draws, float64 of the same shape (points,), at the same points in the same order.

    Without a test where the points are not independent of each other, as those of a grid are not.
    """
    with np.errstate(invalid="ignore"):
        differences = first - second
    differences = differences[np.isfinite(differences)]
    not_finite = first.size - differences.size
    mean = float(differences.mean()) if differences.size else math.nan
    lower = int((differences < 0).sum())
    if differences.size < LEAST_FOR_INTERVAL or not_finite or not is_independent:
        return Paired(differences.size, mean, None, math.nan, "", lower, not_finite)
    interval = interval_of(differences)
    if differences.size > MOST_RESAMPLED:
        from scipy.stats import ttest_1samp

        # Equal differences have no spread to hold their mean against.
        p_value = float(mean == 0) if interval is None else float(ttest_1samp(differences, 0.0).pvalue)
        return Paired(differences.size, mean, interval, p_value, "t", lower, 0)
    from scipy.stats import permutation_test

    tested = permutation_test(
        (differences,), np.mean, permutation_type="samples", n_resamples=RESAMPLED_SIGNS, vectorized=True,
        batch=max(_AT_ONCE // differences.size, 1), rng=np.random.default_rng(0),
    )  # fmt: skip
    return Paired(differences.size, mean, interval, float(tested.pvalue), "permutation", lower, 0)


def histogram(finite: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return counts, float64 of shape (bins,), and edges, float64 of shape (bins + 1,), of finite numbers.

    The bins are those of Freedman and Diaconis (1981), and at most `MOST_BINS`; whole numbers of a small range have a
    bin each.
    """
    low, high = float(finite.min()), float(finite.max())
    if low == high or not math.isfinite(high - low):
        # Equal ones; or ones so far apart that no bin could be told from another.
        width = min(abs(low) * 0.01 or 0.5, 1e300)
        return np.array([float(finite.size)]), np.array([low - width, high + width]).clip(-_HUGE, _HUGE)
    if high - low < MOST_BINS and np.array_equal(finite, np.round(finite)):
        edges = np.arange(low - 0.5, high + 1.0)
    else:
        spread = float(np.subtract(*np.quantile(finite, (0.75, 0.25))))
        width = 2 * spread / finite.size ** (1 / 3)
        wanted = math.ceil((high - low) / width) if width > 0 else 10
        # Numbers next to each other have no room for more between them.
        room = int(min((high - low) / np.spacing(max(abs(low), abs(high))), MOST_BINS))
        edges = np.linspace(low, high, max(min(max(wanted, 5), room), 1) + 1)
    counts, edges = np.histogram(finite, edges)
    return counts.astype(np.float64), edges


def density(finite: NDArray[np.float64]) -> Density | None:
    """Return the density of finite numbers by a normal kernel, with Scott's bandwidth (1992); None where there is none.

    The numbers are binned first, so that a million take no longer than a thousand.
    """
    # Equal numbers have a deviation by rounding alone.
    if finite.size < LEAST_FOR_INTERVAL or finite.min() == finite.max():
        return None
    with np.errstate(over="ignore"):
        bandwidth = float(finite.std()) * finite.size ** (-1 / 5)
    low, high = float(finite.min()) - 3 * bandwidth, float(finite.max()) + 3 * bandwidth
    if not math.isfinite(high - low) or (high - low) / _GRID <= np.spacing(max(abs(low), abs(high))):
        return None
    counts, edges = np.histogram(finite, _GRID, (low, high))
    step = (high - low) / _GRID
    radius = math.ceil(4 * bandwidth / step)
    kernel = np.exp(-0.5 * (np.arange(-radius, radius + 1) * step / bandwidth) ** 2)
    # Not by SciPy: its import would hold up a window for longer than all of this takes.
    smooth = np.convolve(counts.astype(np.float64), kernel / kernel.sum())[radius : radius + _GRID]
    return Density((edges[:-1] + edges[1:]) / 2, smooth / (finite.size * step))


def ecdf(finite: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the numbers in order, and the share of all that is at most each: float64, both of shape (count,)."""
    ordered = np.sort(finite)
    return ordered, np.arange(1, ordered.size + 1) / ordered.size


def better_of(label: str) -> Better:
    """Return which numbers of the draw ``label`` are usually better, by its name; empty where that says nothing."""
    words = _WORD.findall(label.lower())
    is_lower = any(word in _LOWER or word.endswith(("loss", "error")) for word in words)
    is_higher = any(word in _HIGHER or word.endswith("accuracy") for word in words)
    # One that has words of both kinds is neither.
    return "" if is_lower == is_higher else "lower" if is_lower else "higher"
