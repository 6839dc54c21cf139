"""What the runs of one experiment have in common: a verdict for each label, and what holds between labels."""

import functools
from collections.abc import Iterable, Mapping

import msgspec

from seedlab.analysis.relations import Relation, relations_of
from seedlab.analysis.rows import Row, RowTally
from seedlab.results.run import Outcome, Run


class Comparison(msgspec.Struct, frozen=True, dict=True):
    """What the runs of one experiment have in common."""

    rows: tuple[Row, ...]
    """One row for each label, in the order in which labels first appear."""
    relations: tuple[Relation, ...]

    @functools.cached_property
    def _by_label(self) -> Mapping[str, Row]:
        return {row.label: row for row in self.rows}

    def row(self, label: str) -> Row | None:
        """Return the row of ``label``; None where no run has it."""
        return self._by_label.get(label)


def compare(runs: Iterable[Run]) -> Comparison:
    """Return the comparison of ``runs``, which may have ended in any way, and may be none."""
    return _counted(runs).comparison()


def rows_of(runs: Iterable[Run]) -> tuple[Row, ...]:
    """Return the rows of the comparison of ``runs``, for those that need no relations."""
    return _counted(runs).rows()


def _counted(runs: Iterable[Run]) -> "Tally":
    tally = Tally()
    for run in runs:
        tally.add(run)
    return tally


class Tally:
    """A comparison that takes its runs one by one, each at the cost of its own draws."""

    def __init__(self) -> None:
        self._rows: dict[str, RowTally] = {}
        self._finished: list[int] = []
        self._classes: dict[str, int] = {}
        self._texts: set[str] = set()
        """The labels of draws that are text."""
        self._from_files: set[str] = set()
        self.most_elements = 0
        """The number of elements of the largest draw."""

    def add(self, run: Run) -> None:
        """Count the draws of ``run``, which may have ended in any way."""
        is_finished = run.outcome is Outcome.FINISHED
        if is_finished:
            self._finished.append(run.index)
        known = len(self._rows)
        for draw in run.draws:
            row = self._rows.get(draw.label)
            if row is None:
                row = self._rows[draw.label] = RowTally(draw.label, self._finished)
            row.add(run.index, draw, is_finished=is_finished)
            if draw.is_text:
                self._texts.add(draw.label)
            if draw.file is not None:
                self._from_files.add(draw.label)
            self.most_elements = max(self.most_elements, row.most_elements)
        # Only runs that have every label can tell which labels are always equal.
        if len(self._rows) > known:
            self._classes = {}
        if run.draws and len({draw.label for draw in run.draws}) == len(self._rows):
            self._refine(run)

    def _refine(self, run: Run) -> None:
        """Split the classes of labels that were equal so far by what they drew in ``run``."""
        numbers: dict[object, int] = {}
        self._classes = {
            draw.label: numbers.setdefault((self._classes.get(draw.label), draw.identity), len(numbers))
            for draw in run.draws
        }

    @property
    def has_finished(self) -> bool:
        """Return True when at least one run ended well."""
        return bool(self._finished)

    @property
    def labels(self) -> Iterable[str]:
        """The labels in the order in which they first appeared; each is there once."""
        return self._rows.keys()

    @property
    def label_count(self) -> int:
        return len(self._rows)

    def rows(self) -> tuple[Row, ...]:
        """Return the row of each label in all runs added so far."""
        return tuple(tally.row() for tally in self._rows.values())

    def comparison(self) -> Comparison:
        """Return the comparison of all runs added so far."""
        # The parts of a file are no calls of an op.
        labels = [label for label in self._rows if label not in self._from_files]
        return Comparison(
            rows=self.rows(),
            relations=tuple(relations_of(labels, self._classes, self._texts)) if self._classes else (),
        )
