"""The analysis of columns, made once for all that show it: the figure, the terminal and the exports."""

from collections.abc import Iterator, Mapping, Sequence
from typing import overload

import msgspec

from seedlab.analysis.across import headline_across
from seedlab.analysis.alignment import Alignment, align
from seedlab.analysis.comparison import Tally
from seedlab.analysis.endings import EndingTally
from seedlab.analysis.fingerprints import Alphabet, Fingerprints, ValueTally
from seedlab.analysis.headlines import Headline
from seedlab.analysis.rows import Row
from seedlab.analysis.summary import Summary, summarise
from seedlab.results.run import Draw, Run
from seedlab.study.lab import Column
from seedlab.work import Work, one_step


class Draws(Sequence[Draw | None]):
    """One label's draw in each run of a column; None where a run has none."""

    __slots__ = ("_count", "known")

    def __init__(self, known: Sequence[Draw | None], count: int) -> None:
        self.known = known
        """The underlying draws, which later runs may extend: `Draws` that have the same differ only in length."""
        self._count = count

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, place: int) -> Draw | None: ...
    @overload
    def __getitem__(self, place: slice) -> list[Draw | None]: ...
    def __getitem__(self, place: int | slice) -> Draw | list[Draw | None] | None:
        if isinstance(place, slice):
            return [self[position] for position in range(*place.indices(self._count))]
        position = place + self._count if place < 0 else place
        if not 0 <= position < self._count:
            raise IndexError(place)
        return self.known[position] if position < len(self.known) else None

    def __iter__(self) -> Iterator[Draw | None]:
        return (self[position] for position in range(self._count))


_NONE: tuple[Draw | None, ...] = ()


class ColumnAnalysis(msgspec.Struct, frozen=True, kw_only=True):
    """All that is known of one column."""

    summary: Summary
    has_finished: bool
    """True where at least one run ended well."""
    most_elements: int
    """The number of elements of the largest draw."""
    runs: int
    known_draws: Mapping[str, Sequence[Draw | None]]
    """The draw of each run by label, up to the last run that has any. Later runs may extend them."""
    labels_at: Mapping[int, tuple[str, ...]]
    """The labels of the draws whose explanation names a line, by 1-based line of the script."""

    def draws(self, label: str) -> Draws:
        """Return the draw with ``label`` in each run."""
        return Draws(self.known_draws.get(label, _NONE), self.runs)


class Analysis(msgspec.Struct, frozen=True, kw_only=True):
    """All that is shown of columns side by side; the default is the analysis of no columns."""

    columns: tuple[ColumnAnalysis, ...] = ()
    alignment: Alignment = Alignment()
    """The rows of all columns."""
    positions: Mapping[str, int] = {}
    """The 0-based position of each row by its label."""
    headline: Headline = Headline()
    """The headline of the columns together; a single column has its own."""
    fingerprints: Fingerprints = Fingerprints()
    """The fingerprints of the runs that may be seen."""

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of the rows."""
        return self.alignment.labels

    @property
    def rows(self) -> tuple[tuple[Row, ...], ...]:
        """The rows of each column."""
        return tuple(column.summary.comparison.rows for column in self.columns)


def analyse(columns: Sequence[Column]) -> Analysis:
    """Return the analysis of ``columns``; an `Analyst` is faster where they are analysed again."""
    return Analyst().update(columns)


def analysing(columns: Sequence[Column], known: Analysis | None = None) -> Work[Analysis]:
    """Return ``known``, or the analysis of ``columns``, made in one step, where it is None."""
    return known if known is not None else (yield from one_step(lambda: analyse(columns)))


def basis_of(column: Column) -> tuple[object, ...]:
    """Return all that the analysis of ``column`` depends on; before the first run there is nothing to analyse."""
    if not column.runs:
        return ()
    # Their number first: where it differs, thousands of runs need not be compared.
    return (
        len(column.runs),
        column.name,
        column.script,
        column.experiment,
        column.interpreter,
        column.influence,
        column.runs,
    )


class Analyst:
    """Analyses columns again and again; a run that is added to a column costs its own draws only."""

    def __init__(self) -> None:
        self._columns: list[_GrowingColumn] = []
        self._fingerprints = _GrowingFingerprints()
        self._union: tuple[list[tuple[_GrowingColumn, int]], Alignment, Mapping[str, int]] = ([], Alignment(), {})

    def update(self, columns: Sequence[Column], uncovered: int | None = None, *, to_come: int = 0) -> Analysis:
        """Return the analysis of ``columns``.

        Fingerprints take in the first ``uncovered`` runs of each column only, or all where it is None. While runs are
        ``to_come``, a value that stands alone in a later run than the first has no letter yet.
        """
        self._columns = self._matched(columns)
        analyses = tuple(growing.update(column) for growing, column in zip(self._columns, columns, strict=True))
        alignment, positions = self._alignment()
        return Analysis(
            columns=analyses,
            alignment=alignment,
            positions=positions,
            headline=headline_across(columns, [each.summary for each in analyses]) if analyses else Headline(),
            fingerprints=self._fingerprints.update(
                alignment,
                [column.runs[:uncovered] for column in columns],
                begins=uncovered == 0,
                to_come=to_come,
            ),
        )

    def _matched(self, columns: Sequence[Column]) -> "list[_GrowingColumn]":
        """Return the growing column that each of ``columns`` continues, wherever it stood before, or a new one."""
        known = list(self._columns)
        matched: list[_GrowingColumn | None] = []
        for position, column in enumerate(columns):
            # In its own place first: copies of a column have the same runs.
            candidates = [*self._columns[position : position + 1], *known]
            found = next((each for each in candidates if each in known and _has_grown(each.runs, column.runs)), None)
            if found is not None:
                known.remove(found)
            matched.append(found)
        return [_GrowingColumn() if each is None else each for each in matched]

    def _alignment(self) -> tuple[Alignment, Mapping[str, int]]:
        """Return the rows of all columns and their positions: the same objects as long as the labels are the same."""
        seen = [(column, column.tally.label_count) for column in self._columns]
        if seen != self._union[0]:
            alignment = align([tuple(column.tally.labels) for column in self._columns])
            if alignment != self._union[1]:
                positions = {label: position for position, label in enumerate(alignment.labels)}
                self._union = (seen, alignment, positions)
            else:
                self._union = (seen, *self._union[1:])
        return self._union[1:]


class _GrowingColumn:
    """One column whose runs only grow."""

    def __init__(self) -> None:
        self.runs: tuple[Run, ...] = ()
        self.tally = Tally()
        self._endings = EndingTally()
        self._known_draws: dict[str, list[Draw | None]] = {}
        self._basis: tuple[object, ...] = ()
        self._analysis: ColumnAnalysis | None = None

    def update(self, column: Column) -> ColumnAnalysis:
        """Return the analysis of ``column``, whose runs begin with those of the last call."""
        for position in range(len(self.runs), len(column.runs)):
            self._add(position, column.runs[position])
        self.runs = column.runs
        basis = basis_of(column)
        if self._analysis is None or basis != self._basis:
            self._basis, self._analysis = basis, self._analysed(column)
        return self._analysis

    def _add(self, position: int, run: Run) -> None:
        self.tally.add(run)
        self._endings.add(run)
        for draw in run.draws:
            draws = self._known_draws.setdefault(draw.label, [])
            if len(draws) <= position:
                draws.extend([None] * (position - len(draws)))
                draws.append(draw)

    def _analysed(self, column: Column) -> ColumnAnalysis:
        summary = summarise(column, self.tally.comparison(), self._endings.endings())
        labels_at: dict[int, list[str]] = {}
        for explanation in summary.explanations:
            for line in dict.fromkeys(explanation.lines):
                labels_at.setdefault(line, []).append(explanation.label)
        return ColumnAnalysis(
            summary=summary,
            has_finished=self.tally.has_finished,
            most_elements=self.tally.most_elements,
            runs=len(column.runs),
            known_draws=self._known_draws,
            labels_at={line: tuple(labels) for line, labels in labels_at.items()},
        )


class _GrowingFingerprints:
    """Fingerprints of columns whose runs only grow; any other change has their values counted anew."""

    def __init__(self) -> None:
        self._seen: list[tuple[Run, ...]] = []
        self._alignment = Alignment()
        self._tally = ValueTally(self._alignment)
        self._alphabet = Alphabet()

    def update(
        self, alignment: Alignment, columns: Sequence[tuple[Run, ...]], *, begins: bool, to_come: int
    ) -> Fingerprints:
        """Return the fingerprints of all runs of ``columns``, whose rows are those of ``alignment``.

        Where something new ``begins``, no letter of before is kept.
        """
        if begins:
            self._alphabet = Alphabet()
        is_same = len(columns) == len(self._seen) and all(map(_has_grown, self._seen, columns))
        # A label moves further up once an earlier column has it as well.
        rows, known = alignment.labels, self._alignment
        if not is_same or rows[: len(known.labels)] != known.labels or alignment.others != known.others:
            self._seen = [()] * len(columns)
            self._tally = ValueTally(alignment)
        self._alignment = alignment
        for number, runs in enumerate(columns):
            for run in runs[len(self._seen[number]) :]:
                self._tally.add(number, run)
        self._seen = list(columns)
        values = self._tally.lettered(self._alphabet, to_come=to_come)
        return self._alphabet.fingerprints(values, self._tally.row_of)


def _has_grown(old: tuple[Run, ...], new: tuple[Run, ...]) -> bool:
    """Return True when ``new`` begins with all runs of ``old``; of many runs the first and the last stand for all."""
    return len(old) <= len(new) and (not old or (old[0] is new[0] and old[-1] is new[len(old) - 1]))
