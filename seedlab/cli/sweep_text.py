"""The results of sweeps as lines of text: each draw's distribution, and where the script's own seed stands in it."""

import shutil
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from seedlab.analysis.distribution import Better, better_of, describe, histogram, paired, standing
from seedlab.cli.streams import printable
from seedlab.errors import ChoiceError
from seedlab.messages.sweeps import (
    are_seeds,
    digests_text,
    extremes_text,
    failures_text,
    first_of_many_text,
    held_text,
    no_element_text,
    number_text,
    paired_hint_text,
    paired_text,
    point_text,
    share_text,
    standing_text,
    summary_text,
    with_equals_text,
)
from seedlab.phrases import enumerated, plural, sentence
from seedlab.plain_text import terminal_line
from seedlab.session.sweep_series import own_position
from seedlab.session.sweep_store import Numbers, SweepResults, named_element

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_DRAWS = 40
"""The most draws that are told of where none is named."""
MOST_IN_WORDS = 2
"""The most draws that are told of in sentences where none is named; of more there is a table."""
_NARROW = 12
_BARS = " ▁▂▃▄▅▆▇█"
_WIDEST = 60


def sweep_lines(results: Sequence[SweepResults], names: Sequence[str], better: Better | None) -> Iterator[str]:
    """Yield what ``results`` say of the draws ``names``, or of the first ones.

    Raise `ChoiceError` where one is missing.
    """
    for each in results:
        yield ""
        yield terminal_line(each.about.name)
        failures = each.failures()
        if failures.count:
            failed = [_point_text(each, point) for point in failures.points]
            yield printable(terminal_line(failures_text(failures.count, failed, failures.problem)))
        yield from _lines(each, _chosen(each, names), better, is_named=bool(names))
    for first, second in pairwise(results):
        yield from _paired_lines(first, second, names)


def _chosen(results: SweepResults, names: Sequence[str]) -> list[str]:
    labels = results.labels()
    if not names:
        return [label for label in labels if results.has_numbers(label)]
    for name in names if labels else ():
        if named_element(name, labels)[0] not in labels:
            what = sentence("There is no draw “{name}” in {name_2}.", name=name, name_2=results.about.name)
            raise ChoiceError("draw", what, sentence("Choose from: {labels}.", labels=enumerated(labels)))
    return list(names) if labels else []


def _lines(results: SweepResults, names: Sequence[str], better: Better | None, *, is_named: bool) -> Iterator[str]:
    if not names:
        yield sentence("No run drew a number.")
        return
    labels = results.labels()
    shown = [_shown(results, name, labels) for name in names[:MOST_DRAWS]]
    if results.about.sources:
        yield printable(terminal_line(held_text(results.about.held)))
    if is_named or len(names) <= MOST_IN_WORDS:
        for each in shown:
            yield ""
            yield from _repeats_lines(each.name, labels)
            yield from (printable(terminal_line(line)) for line in _draw_lines(results, each, better))
        return
    yield ""
    yield from _table_lines(results, shown)
    more = len(names) - MOST_DRAWS
    if more > 0:
        yield plural("{count} more draw.", "{count} more draws.", more)
    yield sentence("--draw tells more of one, LABEL[3] of its element 3.")


def _repeats_lines(name: str, labels: Sequence[str]) -> Iterator[str]:
    """Yield a line where ``name`` is the first of several draws with the same label."""
    count = 1
    while f"{name} #{count + 1}" in labels:
        count += 1
    if count > 1:
        yield printable(terminal_line(first_of_many_text(name, f"{name} #{count}", count)))


class _Shown(NamedTuple):
    name: str
    label: str
    numbers: Numbers


def _shown(results: SweepResults, name: str, labels: Sequence[str]) -> _Shown:
    label, element = named_element(name, labels)
    numbers = results.numbers(label, element)
    return _Shown(f"{label}[0]" if numbers.size > 1 and name == label else name, label, numbers)


def _table_lines(results: SweepResults, shown: Sequence[_Shown]) -> Iterator[str]:
    """Yield a table of draws: mean, deviation, ends, and the script's own seed."""
    rows = [
        [
            sentence("draw"),
            sentence("mean"),
            sentence("deviation"),
            sentence("lowest"),
            "",
            sentence("highest"),
            sentence("script's own"),
            sentence("higher than"),
        ]
    ]
    for each in shown:
        described = describe(each.numbers.values)
        finite = each.numbers.values[np.isfinite(each.numbers.values)]
        told = [described.mean, described.deviation, described.quantiles[0], described.quantiles[-1]]
        mean, deviation, low, high = (number_text(number) for number in told)
        if described.distinct == 1:
            deviation = low = high = ""
        bars = _blocks(_binned(finite, _NARROW)[0]) if described.distinct > 1 else ""
        own = own_position(results, each.numbers) if results.about.turns else None
        value = share = ""
        if own is not None and described.distinct > 1:
            stood = standing(each.numbers.values, own)
            value = number_text(stood.value)
            share = "" if np.isnan(stood.value) else share_text(100 * stood.lower / max(stood.others, 1))
        rows.append([each.name, mean, deviation, low, bars, high, value, share])
    # Letters of some languages are as wide as two.
    from rich.cells import cell_len, set_cell_size

    widths = [max(cell_len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = [set_cell_size(cell, width) for cell, width in zip(row, widths, strict=True)]
        yield printable(terminal_line("  ".join(cells).rstrip()))


def _draw_lines(results: SweepResults, shown: _Shown, better: Better | None) -> Iterator[str]:
    numbers, label = shown.numbers, shown.label
    # The points of a grid share seeds, so that they are not independent.
    described = describe(numbers.values, has_interval=len(results.about.turns) < 2)
    if not numbers.values.size or (not described.count and numbers.size and "[" in shown.name):
        yield no_element_text(shown.name, numbers.size)
        return
    if numbers.digests:
        yield digests_text(shown.name, numbers.digests)
        return
    yield summary_text(shown.name, described)
    finite = np.flatnonzero(np.isfinite(numbers.values))
    if described.distinct < 2:
        return
    own = own_position(results, numbers)
    yield from _bars(numbers.values[finite], None if own is None else float(numbers.values[own]))
    if not results.about.turns:
        return
    best = better or better_of(label)
    if own is not None and not np.isnan(numbers.values[own]):
        stood = standing(numbers.values, own)
        yield standing_text(_named(results, numbers, own), stood, best)
    known = numbers.values[~np.isnan(numbers.values)]
    low, high = float(known.min()), float(known.max())
    yield extremes_text(_with_value(results, numbers, low), low, _with_value(results, numbers, high), high, best)


def _named(results: SweepResults, numbers: Numbers, position: int) -> str:
    return _point_text(results, numbers.points[position].tolist())


def _with_value(results: SweepResults, numbers: Numbers, value: float) -> str:
    """Return the first point with ``value``, and how many others have it."""
    positions = np.flatnonzero(numbers.values == value)
    return with_equals_text(_named(results, numbers, int(positions[0])), len(positions) - 1)


def _point_text(results: SweepResults, point: Sequence[int]) -> str:
    if not results.about.turns:
        return sentence("run {number}", number=point[0])
    return point_text(point, is_seed=are_seeds(results.about.sources))


def _bars(finite: "NDArray[np.float64]", own: float | None) -> Iterator[str]:
    """Yield a histogram of blocks, with its ends, and a mark below the script's own value."""
    counts, edges = histogram(finite)
    width = min(max(shutil.get_terminal_size((80, 24)).columns - 30, 10), _WIDEST)
    if len(counts) > width:
        counts, edges = _binned(finite, width)
    left = number_text(float(edges[0]))
    yield f"{left} {_blocks(counts)} {number_text(float(edges[-1]))}"
    if own is not None and np.isfinite(own):
        place = min(max(int(np.searchsorted(edges, own, side="right")) - 1, 0), len(counts) - 1)
        yield f"{' ' * (len(left) + 1 + place)}↑ {number_text(own)}"


def _binned(finite: "NDArray[np.float64]", most: int) -> tuple["NDArray[np.float64]", "NDArray[np.float64]"]:
    """Return a histogram of ``most`` bins; of fewer where the numbers have no room for so many."""
    counts, edges = histogram(finite)
    if len(counts) == 1:
        return counts, edges
    try:
        found, edges = np.histogram(finite, most)
    except ValueError:
        # They differ in their last bits alone.
        return counts, edges
    return found.astype(np.float64), edges


def _blocks(counts: "NDArray[Any]") -> str:
    # What is there is seen, however little it is.
    most = float(counts.max())
    heights = [0 if count == 0 else max(1, round(count / most * (len(_BARS) - 1))) for count in counts.tolist()]
    return "".join(_BARS[height] for height in heights)


def _paired_lines(first: SweepResults, second: SweepResults, names: Sequence[str]) -> Iterator[str]:
    """Yield what the same points say of two scripts, for the draws that both have."""
    if not first.about.turns or len(first.about.turns) != len(second.about.turns):
        return
    both = [label for label in first.labels() if label in second.labels()]
    if not names and len(both) > MOST_IN_WORDS:
        # Of many tests some come out by chance.
        yield ""
        yield paired_hint_text(first.about.name, second.about.name)
        return
    for name in names or both:
        label, element = named_element(name, both)
        if label not in both:
            continue
        pairs = [each.numbers(label, element) for each in (first, second)]
        rows = [{tuple(point): row for row, point in enumerate(each.points.tolist())} for each in pairs]
        shared = [point for point in rows[0] if point in rows[1]]
        if not shared:
            continue
        one, other = (each.values[[where[point] for point in shared]] for each, where in zip(pairs, rows, strict=True))
        if np.array_equal(one, other, equal_nan=True):
            continue
        yield ""
        told = paired_text(
            name, first.about.name, second.about.name, paired(one, other, is_independent=len(first.about.turns) < 2)
        )
        yield printable(terminal_line(told))
