"""A part of a comparison: some of its columns, and some of its rows."""

from collections.abc import Collection, Sequence
from functools import partial

from msgspec.structs import replace

from seedlab.analysis.alignment import Alignment
from seedlab.analysis.analyst import Analysis, analyse
from seedlab.results.run import Run
from seedlab.study.lab import Lab
from seedlab.work import Work, one_step


def with_columns(lab: Lab, positions: Sequence[int]) -> Lab:
    """Return ``lab`` with the columns at the 0-based ``positions`` alone, in that order."""
    current = positions.index(lab.view.current) if lab.view.current in positions else 0
    columns = tuple(lab.columns[position] for position in positions)
    return replace(lab, columns=columns, view=replace(lab.view, current=current))


def analysing_columns(part: Lab, whole: Analysis) -> Work[Analysis]:
    """Return the analysis of ``part``, some of the columns that ``whole`` is of; values keep their letters."""
    analysis = yield from one_step(partial(analyse, part.columns))
    return replace(analysis, fingerprints=whole.fingerprints)


def with_rows(lab: Lab, alignment: Alignment, labels: Collection[str]) -> Lab:
    """Return ``lab``, whose rows are those of ``alignment``, with the draws of the rows ``labels`` alone."""

    def shortened(run: Run, own: Collection[str]) -> Run:
        return replace(run, draws=tuple(draw for draw in run.draws if draw.label in own))

    columns = []
    for number, column in enumerate(lab.columns):
        own = {alignment.own(number, label) for label in labels}
        columns.append(replace(column, runs=tuple(shortened(run, own) for run in column.runs)))
    return replace(lab, columns=tuple(columns))


def analysing_rows(part: Lab, whole: Analysis) -> Work[Analysis]:
    """Return the analysis of ``part``, some of the rows that ``whole`` is of.

    Values keep their letters, and headlines are about all rows: “Nothing repeats” is not to be said where one is shown.
    """
    analysis = yield from one_step(partial(analyse, part.columns))
    columns = tuple(
        replace(column, summary=replace(column.summary, headline=other.summary.headline))
        for column, other in zip(analysis.columns, whole.columns, strict=True)
    )
    return replace(analysis, columns=columns, headline=whole.headline, fingerprints=whole.fingerprints)


def rows_of_part(part: Alignment, whole: Alignment, positions: Sequence[int], labels: Sequence[str]) -> tuple[str, ...]:
    """Return what the rows ``labels`` of ``whole`` are called in ``part``, which has its columns at ``positions``."""
    wanted = [{whole.own(position, label) for label in labels} for position in positions]
    return tuple(
        label for label in part.labels if any(part.own(number, label) in own for number, own in enumerate(wanted))
    )
