"""The words for the look at one draw's distribution: its axes, its sentences, and what the pointer is at."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from seedlab.analysis.distribution import Better, Description
from seedlab.analysis.distribution_views import Between, Choice, Distribution, Pairs, Shape
from seedlab.analysis.labels import label_parts
from seedlab.messages.sweeps import (
    extremes_text,
    number_text,
    paired_text,
    point_text,
    share_text,
    standing_text,
    summary_text,
    with_equals_text,
)
from seedlab.phrases import clauses, enumerated, following, noted, plural, sentence

VIEWS = {
    "runs": noted("Run by run"),
    "histogram": noted("Histogram"),
    "quantiles": noted("Quantiles"),
    "steps": "ECDF",
    "pairs": noted("One against another"),
    "course": noted("Its course"),
}
"""The views, each with its name."""
ABOUT_VIEWS = {
    "runs": noted("Each value at its run or seed"),
    "histogram": noted("How many values there are of each size, with a smooth density"),
    "quantiles": noted(
        "Values in their order against those of a normal distribution: on the line where they are normal"
    ),
    "steps": noted("The share of all values that are at most as large (empirical distribution function)"),
    "pairs": noted("Against another draw of the same runs, or the same draw of another column"),
    "course": noted("Draws that repeat, one after the other, with the median and what most runs have"),
}


def run_text(kind: str, point: Sequence[int]) -> str:
    """Return the name of one run: ``run 3``, ``seed 42``."""
    return sentence("run {number}", number=point[0]) if kind == "run" else point_text(point, is_seed=kind == "seed")


def made_by_text(label: str, makers: Sequence[str]) -> str:
    """Return the line that names a draw and what made it."""
    return sentence("{label} of {makers}", label=label, makers=enumerated(makers))


def headline_text(found: Distribution) -> str:
    """Return the sentence on top."""
    if not found.label:
        return sentence("Nothing to be seen yet")
    if found.is_empty:
        return sentence("{label}: no run drew a number.", label=found.label)
    shape = found.shapes[0]
    if len(found.shapes) == 1 and shape.stood is not None:
        return standing_text(run_text(found.kind, _point(shape, shape.series.own)), shape.stood, found.better)
    if len(found.shapes) == 1:
        runs = plural("{count:,} run", "{count:,} runs", shape.runs)
        name, maker = shape.series.label, shape.series.maker
        if shape.described.distinct == 1:
            return sentence("{label} is the same in {runs} of {maker}.", label=name, runs=runs, maker=maker)
        return sentence("{label} in {runs} of {maker}", label=name, runs=runs, maker=maker)
    which = (
        noted("{label} in the sweeps of {count} scripts")
        if found.kind != "run"
        else noted("{label} in {count} columns")
    )
    return sentence(which, label=found.label, count=len(found.shapes))


def sentences_text(found: Distribution) -> list[str]:
    """Return what is said below: a line for each maker."""
    lines = []
    for shape in found.shapes:
        name = (
            shape.series.label
            if len(found.shapes) == 1
            else sentence("{maker}, {label}", maker=shape.series.maker, label=shape.series.label)
        )
        told = [_summary(name, shape)]
        if shape.stood is not None and len(found.shapes) > 1:
            told.append(standing_text(run_text(found.kind, _point(shape, shape.series.own)), shape.stood, found.better))
        if found.kind != "run" and shape.low is not None and shape.high is not None:
            told.append(extremes_line(shape, found.kind, found.better))
        lines.append(following(*told))
    return lines


def extremes_line(shape: Shape, kind: str, better: Better) -> str:
    """Return which runs have the least and the greatest value."""
    low, high = shape.low, shape.high
    values = shape.series.values
    assert low is not None
    assert high is not None
    # As few as all seeds may have the same value.
    equals = [int((values == values[each]).sum()) - 1 for each in (low, high)]
    points = [run_text(kind, _point(shape, each)) for each in (low, high)]
    names = [with_equals_text(name, others) for name, others in zip(points, equals, strict=True)]
    return extremes_text(names[0], float(values[low]), names[1], float(values[high]), better)


def _summary(name: str, shape: Shape) -> str:
    described = shape.described
    if shape.series.is_single or described.distinct <= 1:
        return summary_text(name, described)
    return many_values_text(name, described, shape.runs)


def many_values_text(label: str, described: Description, runs: int) -> str:
    """Return mean and spread of a draw of many values in a sentence: nothing of their mean, for those of one run
    need not be independent."""
    return sentence(
        "{label}: mean {mean}, standard deviation {deviation}, from {least} to {most}, in {count:,} values of {runs}.",
        label=label,
        mean=number_text(described.mean),
        deviation=number_text(described.deviation),
        least=number_text(described.quantiles[0]),
        most=number_text(described.quantiles[-1]),
        count=described.count,
        runs=plural("{count:,} run", "{count:,} runs", runs),
    )


def paired_line(pairs: Pairs) -> str:
    """Return what the same seeds say of two scripts; empty where that means nothing."""
    if pairs.tested is None:
        return ""
    return paired_text(pairs.first.label, pairs.first.maker, pairs.second.maker, pairs.tested)


def choice_text(choice: Choice, maker: str, *, is_other: bool) -> str:
    """Return how a draw is named that another is held against."""
    if not is_other:
        return choice.label
    return sentence("{label} of {maker}", label=choice.label, maker=maker)


def no_choice_text() -> str:
    return sentence("there is no other draw")


def nothing_text() -> str:
    """Return what stands in a view without values."""
    return sentence("No run drew a number here.")


# The axes.


def place_axis_text(kind: str, places: NDArray[np.int64]) -> str:
    """Return the name of the axis of runs; ``places``, int64 of shape (points, axes), stand in order, side by side."""
    if kind == "run":
        return sentence("run")
    if places.shape[1] > 1:
        return sentence("pairs of seeds, in their order")
    is_true_to_scale = not len(places) or int(places[-1, 0] - places[0, 0]) == len(places) - 1
    return sentence("seed") if is_true_to_scale else sentence("seeds in their order, not to scale")


def value_axis_text(label: str) -> str:
    return label


def count_axis_text(*, is_of_runs: bool) -> str:
    return sentence("number of runs") if is_of_runs else sentence("number of values")


def normal_axis_text() -> str:
    return sentence("where a normal distribution has it, in standard deviations")


def share_axis_text() -> str:
    return sentence("share that is at most as large, in %")


def paired_axis_text(label: str, maker: str, *, names_maker: bool) -> str:
    return sentence("{label} of {maker}", label=label, maker=maker) if names_maker else label


def course_axis_text(label: str) -> str:
    return sentence("the number of the draw among those called {label}", label=_name_of(label))


def _name_of(label: str) -> str:
    """Return what draws are called that repeat, without their numbers."""
    parts = label_parts(label)
    return f"{parts.section}/{parts.op}" if parts.section else parts.op


def bands_text() -> str:
    """Return how the course is read."""
    return sentence("line: median; bands: the middle 50 % and 90 % of runs")


# What the pointer is at.


def digits_text(value: float) -> str:
    """Return ``value`` with all its digits."""
    return "NaN" if math.isnan(value) else repr(float(value))


def pointed_text(shape: Shape, kind: str, row: int, *, names_maker: bool = False) -> str:
    """Return one value, with its run."""
    series = shape.series
    name = run_text(kind, series.points[row].tolist())
    if names_maker:
        name = sentence("{maker}, {run}", maker=series.maker, run=name)
    if series.elements is not None:
        name = sentence("{run}, element {element}", run=name, element=int(series.elements[row]))
    return sentence("{run}: {value}", run=name, value=digits_text(float(series.values[row])))


def _named(name: str, told: str, among: Sequence[object]) -> str:
    """Return ``told`` of the maker ``name``, who is named where there are several."""
    return sentence("{name}: {told}", name=name, told=told) if len(among) > 1 else told


def pointed_bin_text(low: float, high: float, counts: Sequence[tuple[str, int, int]], *, is_of_runs: bool) -> str:
    """Return how many values of each maker, given with its name and the number of all, are in a bin."""
    words = noted("{count:,} of {all:,} runs") if is_of_runs else noted("{count:,} of {all:,} values")
    told = [_named(name, sentence(words, count=count, all=whole), counts) for name, count, whole in counts]
    return sentence("from {low} to {high}: {told}", low=number_text(low), high=number_text(high), told=clauses(told))


def pointed_share_text(value: float, shares: Sequence[tuple[str, float]]) -> str:
    """Return the share of values of each maker, given with its name, that are at most ``value``."""
    told = [_named(name, sentence("{share} %", share=share_text(100 * share)), shares) for name, share in shares]
    return sentence("at most {value}: {told}", value=number_text(value), told=clauses(told))


def pointed_pair_text(pairs: Pairs, row: int, other: float) -> str:
    """Return the two values of one run."""
    name = run_text(pairs.first.kind, pairs.first.points[row].tolist())
    if pairs.first.elements is not None:
        name = sentence("{run}, element {element}", run=name, element=int(pairs.first.elements[row]))
    return sentence(
        "{run}: {first} across, {second} up",
        run=name, first=digits_text(float(pairs.first.values[row])), second=digits_text(other),
    )  # fmt: skip


def pointed_course_text(number: int, told: Sequence[tuple[str, Sequence[float], float]]) -> str:
    """Return what most runs have at one draw: for each maker its name, the quantiles, and the own seed's value."""
    parts = []
    for name, shares, own in told:
        part = sentence(
            "median {median}, 90 % from {low} to {high}",
            median=number_text(shares[2]), low=number_text(shares[0]), high=number_text(shares[-1]),
        )  # fmt: skip
        if not math.isnan(own):
            part = sentence("{part}, the script's own {own}", part=part, own=digits_text(own))
        parts.append(_named(name, part, told))
    return sentence("number {number}: {told}", number=number, told=clauses(parts))


def pointer_hint_text(*, has_seeds: bool) -> str:
    """Return what stands below while the pointer is at nothing."""
    if has_seeds:
        return sentence(
            "Point at a value for its digits, press one to choose its seed. The wheel zooms, dragging moves."
        )
    return sentence("Point at a value for its digits. The wheel zooms, dragging moves.")


# The range that is selected.


def range_text(low: float, high: float, found: Sequence[tuple[str, Between]], kind: str, alls: Sequence[int]) -> str:
    """Return how many runs are in a range, and which; for each maker its name and what is there."""
    parts = []
    for (name, each), whole in zip(found, alls, strict=True):
        part = plural("{count:,} of {all:,} run", "{count:,} of {all:,} runs", each.runs, all=whole)
        if each.count != each.runs:
            part = sentence("{values:,} values in {runs}", values=each.count, runs=part)
        if each.points:
            part = sentence("{part}: {which}", part=part, which=_which_text(each, kind))
        parts.append(_named(name, part, found))
    return sentence("{low} to {high}: {told}.", low=number_text(low), high=number_text(high), told=clauses(parts))


def _which_text(found: Between, kind: str) -> str:
    names = ["/".join(str(each) for each in point) for point in found.points]
    more = found.runs - len(names)
    which = sentence("{names} and {more:,} more", names=enumerated(names), more=more) if more > 0 else enumerated(names)
    if kind == "seed":
        return plural("seed {names}", "seeds {names}", found.runs, names=which)
    return plural("run {names}", "runs {names}", found.runs, names=which)


# Buttons, and what is said in the main window.


def column_button_text(point: Sequence[int]) -> str:
    return sentence("Make a column of {seed}", seed=point_text(point))


def too_few_runs_text() -> str:
    return sentence("a closer look needs two runs or more")


def no_numbers_text(label: str) -> str:
    return sentence("{label} has no numbers to look at", label=label)


def sweep_provenance_parts(runs: int, failed: int, turns: Sequence[str], seeds: Sequence[str]) -> list[str]:
    """Return the parts of the line that says where the values of a sweep come from."""
    parts = [plural("{count:,} run", "{count:,} runs", runs)]
    if failed:
        parts.append(plural("{count:,} more did not finish", "{count:,} more did not finish", failed))
    parts += [
        sentence("{turn} turned to {seeds}", turn=turn or sentence("the seed"), seeds=values)
        for turn, values in zip(turns, seeds, strict=False)
    ]
    return parts


def _point(shape: Shape, row: int | None) -> list[int]:
    assert row is not None
    return [int(each) for each in shape.series.points[row]]
