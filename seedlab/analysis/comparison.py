"""What repeats: verdicts over the runs of one experiment.

Two draws are identical when dtype, shape and bytes are; anything else is said beside that.
"""

import enum
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import msgspec
import numpy as np
from msgspec.structs import replace

from seedlab.analysis.fingerprints import Fingerprints
from seedlab.evidence.finding import Finding
from seedlab.results.run import Draw, Outcome, Run


class Verdict(enum.Enum):
    """What holds for one row, from run to run."""

    REPEATS = "repeats"
    DIFFERS = "differs"
    ONE_RUN = "one run"
    NOT_COMPARABLE = "not comparable"

    @property
    def sign(self) -> str:
        """One character that says it without colour."""
        return _SIGNS[self]


_SIGNS: dict[Verdict, str] = {
    Verdict.REPEATS: "=",
    Verdict.DIFFERS: "≠",
    Verdict.ONE_RUN: "·",
    Verdict.NOT_COMPARABLE: "?",
}


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One label across the runs."""

    label: str
    verdict: Verdict
    runs: int
    """Runs that have the label."""
    distinct: int
    """Distinct values among them."""
    missing_in: tuple[int, ...] = ()
    """Indices of finished runs without the label."""
    mismatch: Finding | None = None
    """Why runs cannot be compared: another shape or dtype, and in which run."""
    largest_difference: float | None = None
    """Over all runs and elements, where the values are real numbers that differ and all are finite."""
    same_values_reordered: bool = False
    """The runs differ, but only in the order of their elements."""


class RelationKind(enum.Enum):
    """Between which labels of one run a relation holds."""

    CALL_TO_CALL = "from call to call"
    SESSION_TO_SESSION = "from session to session"
    OP_TO_OP = "from op to op"


class Relation(msgspec.Struct, frozen=True, kw_only=True):
    """What holds between labels inside each run."""

    kind: RelationKind
    subject: str
    """The op, or the ops, that it is about; may be empty where the labels name none."""
    repeats: bool
    """All the labels that correspond have equal bits, in every run."""
    equal: tuple[tuple[str, str], ...]
    """Labels with equal bits in every run that has all labels: each with the first of its kind."""


class Comparison(msgspec.Struct, frozen=True):
    """What the runs of one experiment have in common."""

    rows: tuple[Row, ...]
    """In the order in which labels first appear."""
    relations: tuple[Relation, ...]

    def row(self, label: str) -> Row | None:
        return next((row for row in self.rows if row.label == label), None)


class LabelParts(msgspec.Struct, frozen=True):
    """``session1/op1-2`` is section ``session1``, op ``op1``, call 2; ``4`` is call 4 of an unnamed op."""

    section: str
    op: str
    call: int


def label_parts(label: str) -> LabelParts:
    section, _, name = label.rpartition("/")
    match = re.fullmatch(r"(?:(?P<op>.*?)(?: #|-))?(?P<call>\d{1,9})", name)
    if match is None:
        return LabelParts(section, name, 1)
    return LabelParts(section, match["op"] or "", int(match["call"]))


def compare(runs: Iterable[Run]) -> Comparison:
    """Compare the draws of ``runs``, which may have ended in any way, and may be none."""
    tally = Tally()
    for run in runs:
        tally.add(run)
    return tally.comparison()


def labels_of(runs: Iterable[Run]) -> list[str]:
    """Labels in the order in which they first appear."""
    return list(dict.fromkeys(draw.label for run in runs for draw in run.draws))


class Tally:
    """A comparison that takes its runs one by one, each at the cost of its own draws."""

    def __init__(self) -> None:
        self._rows: dict[str, _RowTally] = {}
        self._finished: list[int] = []
        self._classes: dict[str, int] = {}

    def add(self, run: Run) -> None:
        if run.outcome is Outcome.FINISHED:
            self._finished.append(run.index)
        known = len(self._rows)
        for draw in run.draws:
            self._rows.setdefault(draw.label, _RowTally(draw.label)).add(run.index, draw)
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

    def comparison(self) -> Comparison:
        """The comparison of all runs added so far."""
        return Comparison(
            rows=tuple(tally.row(self._finished) for tally in self._rows.values()),
            relations=tuple(_relations(list(self._rows), self._classes)) if self._classes else (),
        )


class _RowTally:
    """One label across the runs added so far."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._indices: list[int] = []
        self._identities: set[object] = set()
        self._first: Draw | None = None
        self._mismatch: Finding | None = None
        self._low = self._high = self._sorted = np.empty(0)
        self._is_finite = True
        self._is_reordered = True

    def add(self, index: int, draw: Draw) -> None:
        self._indices.append(index)
        is_known = draw.identity in self._identities
        self._identities.add(draw.identity)
        values = draw.array.ravel()
        if self._first is None:
            self._first = draw
            self._low = self._high = values
            self._sorted = _sorted_bits(draw)
            self._is_finite = _is_finite(values)
        elif (draw.dtype, draw.shape) != (self._first.dtype, self._first.shape):
            self._mismatch = self._mismatch or Finding.of(
                "row.mismatch",
                run=index,
                form=_form(draw),
                first_run=self._indices[0],
                first_form=_form(self._first),
            )
        elif not is_known:
            self._is_finite = self._is_finite and _is_finite(values)
            if self._is_finite:
                self._low, self._high = np.minimum(self._low, values), np.maximum(self._high, values)
            if self._is_reordered:
                self._is_reordered = bool((_sorted_bits(draw) == self._sorted).all())

    def row(self, finished: list[int]) -> Row:
        missing = () if len(self._indices) == len(finished) else tuple(sorted(set(finished) - set(self._indices)))
        row = Row(
            label=self._label,
            verdict=Verdict.ONE_RUN,
            runs=len(self._indices),
            distinct=len(self._identities),
            missing_in=missing,
            mismatch=self._mismatch,
        )
        if self._mismatch is not None:
            return replace(row, verdict=Verdict.NOT_COMPARABLE)
        if len(self._indices) < 2:
            return row
        if len(self._identities) == 1:
            return replace(row, verdict=Verdict.REPEATS)
        return replace(
            row,
            verdict=Verdict.DIFFERS,
            largest_difference=self._largest_difference(),
            same_values_reordered=self._is_reordered and self._low.size > 1,
        )

    def _largest_difference(self) -> float | None:
        if not self._is_finite or not self._low.size:
            return None
        if self._low.dtype.kind in "iu":
            # Modulo 2**64 the difference of any two 64-bit integers, the larger first, is exact.
            return float((self._high.astype(np.uint64) - self._low.astype(np.uint64)).max())
        with np.errstate(over="ignore"):
            return float((self._high.astype(np.float64) - self._low.astype(np.float64)).max())


def _is_finite(values: np.ndarray) -> bool:
    """Whether all are real numbers between which a difference can be told."""
    return values.dtype.kind in "iuf" and bool(np.isfinite(values).all())


def _sorted_bits(draw: Draw) -> np.ndarray:
    """The elements in an order that depends on their bits alone."""
    size = len(draw.data) // max(draw.array.size, 1)
    if not size:
        return np.empty(0)
    if size in {1, 2, 4, 8}:
        return np.sort(np.frombuffer(draw.data, f"<u{size}"))
    return np.sort(np.frombuffer(draw.data, [(f"part{part}", "<u8") for part in range(size // 8)]))


def _form(draw: Draw) -> str:
    return f"{draw.dtype} {list(draw.shape)}"


def _relations(labels: list[str], classes: Mapping[str, int]) -> Iterable[Relation]:
    """What holds between ``labels``; those of one class are equal in every run that has all labels."""
    parts = {label: label_parts(label) for label in labels}
    calls: dict[tuple[str, str], list[str]] = defaultdict(list)
    twins: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    members: dict[int, list[str]] = defaultdict(list)
    for label, part in parts.items():
        calls[part.section, part.op].append(label)
        twins[part.op][part.call].append(label)
        members[classes[label]].append(label)

    for (section, op), group in calls.items():
        if len(group) > 1:
            yield _relation(RelationKind.CALL_TO_CALL, "/".join(filter(None, (section, op))), [group], classes)
    for op, by_call in twins.items():
        groups = [group for group in by_call.values() if len({parts[label].section for label in group}) > 1]
        if groups:
            yield _relation(RelationKind.SESSION_TO_SESSION, op, groups, classes)
    collisions = [
        (group[0], label) for group in members.values() for label in group if parts[label].op != parts[group[0]].op
    ]
    if collisions:
        ops = dict.fromkeys(parts[label].op for pair in collisions for label in pair)
        subject = " and ".join(filter(None, ops))
        yield Relation(kind=RelationKind.OP_TO_OP, subject=subject, repeats=False, equal=tuple(collisions))


def _relation(kind: RelationKind, subject: str, groups: list[list[str]], classes: Mapping[str, int]) -> Relation:
    """Of the labels of each group with one another."""
    equal: list[tuple[str, str]] = []
    distinct = 0
    for group in groups:
        first: dict[int, str] = {}
        for label in group:
            if classes[label] in first:
                equal.append((first[classes[label]], label))
            else:
                first[classes[label]] = label
        distinct += len(first)
    return Relation(kind=kind, subject=subject, repeats=distinct == len(groups), equal=tuple(equal))


class RunningComparison:
    """Comparisons and fingerprints of columns whose runs only grow; any other change starts them anew."""

    def __init__(self) -> None:
        self._seen: list[tuple[Run, ...]] = []
        self._tallies: list[Tally] = []
        self.fingerprints = Fingerprints()

    def update(self, columns: Sequence[tuple[Run, ...]]) -> list[Comparison]:
        """The comparison of each of ``columns``, at the cost of the runs that are new."""
        if not self._has_grown_to(columns):
            self._seen = [()] * len(columns)
            self._tallies = [Tally() for _ in columns]
            self.fingerprints = Fingerprints()
        for number, (runs, tally) in enumerate(zip(columns, self._tallies, strict=True)):
            for run in runs[len(self._seen[number]) :]:
                tally.add(run)
                self.fingerprints.add(number, run)
        self._seen = list(columns)
        return [tally.comparison() for tally in self._tallies]

    def _has_grown_to(self, columns: Sequence[tuple[Run, ...]]) -> bool:
        return len(columns) == len(self._seen) and all(
            len(old) <= len(new) and (not old or (old[0] is new[0] and old[-1] is new[len(old) - 1]))
            for old, new in zip(self._seen, columns, strict=True)
        )
