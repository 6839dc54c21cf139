"""What a person sees of a distribution: points, histogram, quantiles, steps, pairs, and the course of what repeats.

All of it is made here, from series, so that whoever draws only draws.
"""

import math
from collections.abc import Iterator, Sequence
from statistics import NormalDist

import msgspec
import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from seedlab.analysis.distribution import (
    LEAST_FOR_INTERVAL,
    Better,
    Density,
    Description,
    Paired,
    Standing,
    better_of,
    density,
    describe,
    histogram,
    paired,
    standing,
)
from seedlab.analysis.labels import label_parts
from seedlab.analysis.series import Series, Source

MOST_POINTS = 10_000
"""The most points that are drawn one by one; of more, what is in sight is counted in small squares."""
MOST_IN_ORDER = 4_000
"""The most values that a curve of ordered values has: more cannot be told apart."""
_ENDS = 200
"""So many values at each end of a curve are kept one by one."""
LEAST_COURSE = 3
"""The least number of draws under a label that is a course."""
MOST_COURSE = 2_000
"""The most draws of a course: of more, evenly spaced ones stand for all."""
COURSE_SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)
MOST_CURVES = 30
"""The most curves of single runs that are drawn in a course."""
MOST_PLOTTED = 1e300
"""A plot cannot span more than the largest double, so values beyond this are not drawn."""


class Cloud(msgspec.Struct, frozen=True):
    """Points in the plane, in the order of their x."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    rows: NDArray[np.int64]
    """The row of each point in its series."""


class Sight(msgspec.Struct, frozen=True):
    """The part of a plot that is in sight."""

    left: float
    right: float
    low: float
    high: float


EVERYTHING = Sight(-math.inf, math.inf, -math.inf, math.inf)


class Seen(msgspec.Struct, frozen=True):
    """What of a cloud is in sight: its points, or how many there are in each small square."""

    sight: Sight
    points: Cloud | None
    counts: NDArray[np.int64] | None = None
    """int64, shape (squares across, squares up)."""


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """One series, and all that is seen of it alone."""

    series: Series
    position: int
    """That of its maker among those of the source."""
    runs: int
    """The number of runs."""
    cloud: Cloud
    """Its values over the place of each run among all."""
    described: Description
    counts: NDArray[np.float64]
    """The number of values in each bin of the distribution."""
    density: Density | None
    """Where it is no share of all but values to a bin, it is as high as the bins are."""
    ordered: Cloud
    """Values in their order over normal quantiles."""
    steps: Cloud
    """The share of all values that is at most as large, over the value."""
    low: int | None = None
    """The row with the least value; None where all are equal, or there are none."""
    high: int | None = None
    stood: Standing | None = None
    """Where the script's own seed stands; None where that says nothing."""

    @property
    def own_value(self) -> float:
        """The value of the script's own seed; NaN where there is none."""
        return math.nan if self.series.own is None else float(self.series.values[self.series.own])


class Course(msgspec.Struct, frozen=True, kw_only=True):
    """The draws of one label, one after the other, in all runs of one maker."""

    maker: str
    numbers: NDArray[np.int64]
    """int64, shape (draws,): 1 for ``loss``, 2 for ``loss #2``."""
    shares: NDArray[np.float64]
    """The quantiles at `COURSE_SHARES` over the runs, float64, shape (5, draws)."""
    curves: NDArray[np.float64]
    """Some runs, float64, shape (curves, draws); NaN where a run has no such draw."""
    points: NDArray[np.int64]
    """Which runs these are, int64, shape (curves, axes)."""
    own: int | None
    """The curve of the script's own seed."""
    runs: int


class Distribution(msgspec.Struct, frozen=True, kw_only=True):
    """One draw of one or several makers."""

    label: str
    shapes: tuple[Shape, ...]
    """The shape of each maker that has the draw."""
    edges: NDArray[np.float64]
    """The edges of the bins, which all have in common; none where no value is finite."""
    places: NDArray[np.int64]
    """The points of all runs in their order: int64, shape (places, axes)."""
    courses: tuple[Course, ...]
    labels: tuple[str, ...]
    """All draws that the makers have."""
    better: Better = ""
    """Which values are better, where the name of the draw says so."""

    @property
    def is_empty(self) -> bool:
        return not self.edges.size

    @property
    def kind(self) -> str:
        """``"seed"`` or ``"run"``."""
        return self.shapes[0].series.kind if self.shapes else "run"


class Choice(msgspec.Struct, frozen=True):
    """What the draw is held against: another draw of the same runs, or the same one of another maker."""

    maker: int
    label: str


class Pairs(msgspec.Struct, frozen=True, kw_only=True):
    """Two series over the points that both have."""

    first: Series
    second: Series
    cloud: Cloud
    """The second over the first; rows are those of the first."""
    tested: Paired | None
    """What the same seeds say of two makers; None where a difference of the two means nothing."""
    own: int | None
    """The row of the script's own seed in the first."""

    @property
    def is_same_draw(self) -> bool:
        return self.first.label == self.second.label


def distribution_of(source: Source) -> Distribution:
    """Return the distribution of the draw that ``source`` is about."""
    found = [source.series(maker, source.label) for maker in range(len(source.makers))]
    # Points with another number of axes are of another kind.
    axes = next((each.points.shape[1] for each in found if each.values.size), 1)
    positions = [at for at, each in enumerate(found) if each.values.size and each.points.shape[1] == axes]
    series = [found[at] for at in positions]
    labels = source.labels()
    finite = [each.values[_is_drawn(each.values)] for each in series]
    pooled = np.concatenate(finite) if finite else np.empty(0)
    edges = histogram(pooled)[1] if pooled.size else np.empty(0)
    places, keys = _places([each.points for each in series])
    is_whole = bool(edges.size > 2 and edges[0] + 0.5 == round(edges[0] + 0.5) and np.allclose(np.diff(edges), 1))
    shapes = tuple(
        _shape(each, at, edges, key, is_whole=is_whole) for each, at, key in zip(series, positions, keys, strict=True)
    )
    return Distribution(
        label=source.label,
        shapes=shapes,
        edges=edges,
        places=places,
        courses=tuple(_courses(source, labels)),
        labels=labels,
        better=better_of(source.label),
    )


def _is_drawn(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    with np.errstate(invalid="ignore"):
        return np.asarray(np.abs(values) <= MOST_PLOTTED)


def _places(points: Sequence[NDArray[np.int64]]) -> tuple[NDArray[np.int64], list[NDArray[np.int64]]]:
    """Return all different points in their order, and for each array the positions of its points among them."""
    if not points:
        return np.empty((0, 1), np.int64), []
    together = np.concatenate(points)
    axes = [np.unique(axis, return_inverse=True) for axis in together.T]
    keys = np.zeros(len(together), np.int64)
    for known, ranks in axes:
        keys = keys * len(known) + ranks
    known_keys, first, places = np.unique(keys, return_index=True, return_inverse=True)
    assert known_keys.size == first.size
    return together[first], np.split(places, np.cumsum([len(each) for each in points])[:-1])


def _shape(
    series: Series, position: int, edges: NDArray[np.float64], keys: NDArray[np.int64], *, is_whole: bool
) -> Shape:
    values = series.values
    rows = np.flatnonzero(_is_drawn(values))
    finite = values[rows]
    runs = len(np.unique(keys)) if series.elements is not None else values.size
    described = describe(values, has_interval=series.is_single and series.points.shape[1] == 1)
    counts = np.histogram(finite, edges)[0].astype(np.float64) if finite.size else np.zeros(max(edges.size - 1, 0))
    # A few values again and again have no density.
    smooth = None if is_whole or described.distinct < LEAST_FOR_INTERVAL else density(finite)
    if smooth is not None and edges.size > 1:
        smooth = replace(smooth, height=smooth.height * finite.size * float(edges[1] - edges[0]))
    order = rows[np.argsort(finite, kind="stable")]
    chosen = _spread(order.size)
    ranked = values[order[chosen]]
    inverse = NormalDist().inv_cdf
    normal = np.array([inverse((rank + 0.5) / order.size) for rank in chosen.tolist()])
    differs = described.distinct > 1 and finite.size > 1
    own = series.own
    return Shape(
        series=series,
        position=position,
        runs=runs,
        cloud=_cloud(keys[rows].astype(np.float64), finite, rows),
        described=described,
        counts=counts,
        density=smooth,
        ordered=Cloud(normal, ranked, order[chosen]),
        steps=Cloud(ranked, (chosen + 1) / max(order.size, 1), order[chosen]),
        low=int(order[0]) if differs else None,
        high=int(order[-1]) if differs else None,
        stood=standing(values, own) if own is not None and differs and math.isfinite(values[own]) else None,
    )


def _spread(count: int) -> NDArray[np.int64]:
    """Return positions among ``count`` ordered values: all of few; of many those at the ends, and some between."""
    if count <= MOST_IN_ORDER:
        return np.arange(count)
    between = np.linspace(0, count - 1, MOST_IN_ORDER - 2 * _ENDS).round().astype(np.int64)
    return np.unique(np.concatenate([np.arange(_ENDS), between, np.arange(count - _ENDS, count)]))


def _cloud(x: NDArray[np.float64], y: NDArray[np.float64], rows: NDArray[np.int64]) -> Cloud:
    if x.size > 1 and not (x[1:] >= x[:-1]).all():
        order = np.argsort(x, kind="stable")
        x, y, rows = x[order], y[order], rows[order]
    return Cloud(x, y, rows)


# What is in sight.


def seen(cloud: Cloud, sight: Sight, across: int, up: int) -> Seen:
    """Return what of ``cloud`` is in ``sight``, as points where they are few, else in ``across`` by ``up`` squares."""
    first = int(np.searchsorted(cloud.x, sight.left, side="left"))
    last = int(np.searchsorted(cloud.x, sight.right, side="right"))
    x, y, rows = cloud.x[first:last], cloud.y[first:last], cloud.rows[first:last]
    if x.size > MOST_POINTS:
        is_in = (y >= sight.low) & (y <= sight.high)
        if not is_in.all():
            x, y, rows = x[is_in], y[is_in], rows[is_in]
    if x.size <= MOST_POINTS:
        return Seen(sight, Cloud(x, y, rows))
    columns = np.minimum((x - sight.left) * (across / (sight.right - sight.left)), across - 1).astype(np.int64)
    lines = np.minimum((y - sight.low) * (up / (sight.high - sight.low)), up - 1).astype(np.int64)
    counts = np.bincount(columns * up + lines, minlength=across * up).reshape(across, up)
    return Seen(sight, None, counts)


def all_seen(clouds: Sequence[Cloud], sight: Sight, across: int, up: int) -> list[Seen]:
    """Return what is `seen` of each of ``clouds``; of one that is drawn as points, all of them."""
    return [seen(each, EVERYTHING if each.x.size <= MOST_POINTS else sight, across, up) for each in clouds]


def nearest(cloud: Cloud, x: float, y: float, width: float, height: float) -> int | None:
    """Return the position in ``cloud`` of the point nearest to a place; None where none is within reach.

    ``width`` and ``height`` are the reach, in the units of the two axes.
    """
    first = int(np.searchsorted(cloud.x, x - width, side="left"))
    last = int(np.searchsorted(cloud.x, x + width, side="right"))
    if first == last:
        return None
    distances = ((cloud.x[first:last] - x) / width) ** 2 + ((cloud.y[first:last] - y) / height) ** 2
    found = int(np.argmin(distances))
    return first + found if distances[found] <= 1 else None


class Between(msgspec.Struct, frozen=True):
    """The values in a range."""

    count: int
    runs: int
    """How many runs they are of."""
    points: tuple[tuple[int, ...], ...]
    """The first runs of these, in the order of their points."""


def between(shape: Shape, low: float, high: float, most: int) -> Between:
    """Return which values of ``shape`` are from ``low`` to ``high``, and the ``most`` first runs that have some."""
    inside = np.flatnonzero((shape.cloud.y >= low) & (shape.cloud.y <= high))
    if not shape.series.is_single:
        # Values stand in the order of their runs: of each run the first one counts.
        places = shape.cloud.x[inside]
        firsts = inside[np.concatenate([[True], places[1:] != places[:-1]])] if inside.size else inside
    else:
        firsts = inside
    points = shape.series.points[shape.cloud.rows[firsts[:most]]]
    return Between(inside.size, firsts.size, tuple(tuple(point) for point in points.tolist()))


# One against another.


def pairs_of(source: Source, first: int, choice: Choice) -> Pairs:
    """Return the draw of ``source`` by its maker ``first``, and what it is held against."""
    one, other = source.series(first, source.label), source.series(choice.maker, choice.label)
    rows, positions = _shared(one, other)
    x, y = one.values[rows], other.values[positions]
    drawn = _is_drawn(x) & _is_drawn(y)
    cloud = _cloud(x[drawn], y[drawn], rows[drawn])
    # The runs of two columns have no more than their numbers in common.
    means_something = one.label == other.label and choice.maker != first and one.kind == other.kind != "run"
    differs = means_something and not np.array_equal(x, y, equal_nan=True)
    tested = paired(x, y, is_independent=one.points.shape[1] == 1) if differs and x.size else None
    return Pairs(first=one, second=other, cloud=cloud, tested=tested, own=one.own)


def _shared(one: Series, other: Series) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the rows of both series that have the same run and, of large draws, the same element."""
    tables = []
    for series in (one, other):
        elements = np.zeros(len(series.values), np.int64) if series.elements is None else series.elements
        tables.append(np.column_stack([series.points, elements]))
    if tables[0].shape[1] != tables[1].shape[1]:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    _, (first, second) = _places(tables)
    _, rows, positions = np.intersect1d(first, second, return_indices=True)
    return rows, positions


# The course of what repeats.


def repeats_of(label: str, labels: Sequence[str]) -> list[tuple[int, str]]:
    """Return the draws that repeat under the name of ``label``, each with its number: ``loss``, ``loss #2``, ….

    None where there are fewer than `LEAST_COURSE`.
    """
    wanted = label_parts(label)
    found: dict[int, str] = {}
    for each in labels:
        parts = label_parts(each)
        if (parts.section, parts.op) == (wanted.section, wanted.op):
            found.setdefault(parts.call, each)
    if len(found) < LEAST_COURSE:
        return []
    numbers = sorted(found.items())
    if len(numbers) > MOST_COURSE:
        numbers = [numbers[at] for at in np.linspace(0, len(numbers) - 1, MOST_COURSE).astype(int).tolist()]
    return numbers


def _courses(source: Source, labels: Sequence[str]) -> Iterator[Course]:
    repeats = repeats_of(source.label, labels)
    for maker, name in enumerate(source.makers) if repeats else ():
        drawn = [(number, source.series(maker, label)) for number, label in repeats]
        drawn = [(number, series) for number, series in drawn if series.values.size]
        if len(drawn) < LEAST_COURSE or not all(series.is_single for _, series in drawn):
            continue
        places, keys = _places([series.points for _, series in drawn])
        table = np.full((len(places), len(drawn)), np.nan)
        for column, ((_, series), key) in enumerate(zip(drawn, keys, strict=True)):
            table[key, column] = np.where(_is_drawn(series.values), series.values, np.nan)
        own = next(
            (int(key[each.own]) for (_, each), key in zip(drawn, keys, strict=True) if each.own is not None), None
        )
        shown = np.linspace(0, len(table) - 1, min(len(table), MOST_CURVES)).astype(np.int64)
        if own is not None:
            shown = np.unique(np.append(shown, own))
        yield Course(
            maker=name,
            numbers=np.array([number for number, _ in drawn], np.int64),
            shares=_shares(table),
            curves=table[shown],
            points=places[shown],
            own=None if own is None else int(np.searchsorted(shown, own)),
            runs=len(table),
        )


def _shares(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the quantiles of each column of ``table``, of the values that are numbers."""
    found = np.full((len(COURSE_SHARES), table.shape[1]), np.nan)
    for column, values in enumerate(table.T):
        finite = values[np.isfinite(values)]
        if finite.size:
            found[:, column] = np.quantile(finite, COURSE_SHARES)
    return found
