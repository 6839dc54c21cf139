"""What repeats: verdicts over the runs of one experiment, and fingerprints over all that is in view.

Two draws are identical when dtype, shape and bytes are; anything else is said beside that.
"""

import enum
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

import msgspec
import numpy as np
from msgspec.structs import replace

from seedlab.model.run import Draw, Outcome, Run


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
    not_comparable: str = ""
    """Why runs cannot be compared: another shape or dtype, and in which run."""
    largest_difference: float | None = None
    """Over all runs and elements, where the values are real numbers that differ and all are finite."""
    same_values_reordered: bool = False
    """The runs differ, but only in the order of their elements."""

    @property
    def summary(self) -> str:
        """The verdict in a few words."""
        if self.verdict is Verdict.DIFFERS:
            if self.distinct == self.runs:
                return f"{self.distinct} of {self.runs} differ"
            return f"{self.distinct} different in {self.runs} runs"
        return str(self.verdict.value)

    @property
    def remark(self) -> str:
        """What else is worth saying beside the verdict; may be empty."""
        said = [self.not_comparable] if self.not_comparable else []
        if self.missing_in:
            runs = ", ".join(str(index) for index in self.missing_in)
            said.append(f"missing in run{'s' if len(self.missing_in) > 1 else ''} {runs}")
        if self.same_values_reordered:
            said.append("same values in another order")
        elif self.largest_difference is not None and self.largest_difference < 1e-3:
            said.append(f"largest difference {self.largest_difference:.3g}")
        return "; ".join(said)


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
    """The pairs of labels with equal bits in every run."""

    @property
    def summary(self) -> str:
        subject = f"{self.subject} " if self.subject else ""
        if self.repeats:
            return f"{subject}repeats {self.kind.value}"
        if self.equal:
            pairs = ", ".join(f"{second} = {first}" for first, second in self.equal[:6])
            more = f" and {len(self.equal) - 6} more" if len(self.equal) > 6 else ""
            return f"{subject}repeats partly {self.kind.value}: {pairs}{more}"
        return f"{subject}differs {self.kind.value}"


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
        self._equal: dict[tuple[str, str], None] = {}

    def add(self, run: Run) -> None:
        if run.outcome is Outcome.FINISHED:
            self._finished.append(run.index)
        draws = {draw.label: draw for draw in run.draws}
        # A pair that some run showed to differ cannot become equal again: only known pairs can be lost,
        # and only labels that no run had before can bring new ones.
        for pair in [pair for pair in self._equal if pair[0] in draws and pair[1] in draws]:
            if draws[pair[0]].identity != draws[pair[1]].identity:
                del self._equal[pair]
        new = {label for label in draws if label not in self._rows}
        for label, draw in draws.items():
            self._rows.setdefault(label, _RowTally(label)).add(run.index, draw)
        if new:
            self._equal.update(dict.fromkeys(self._new_pairs(new, draws)))

    def _new_pairs(self, new: set[str], draws: dict[str, Draw]) -> Iterable[tuple[str, str]]:
        order = {label: position for position, label in enumerate(self._rows)}
        alike: dict[object, list[str]] = defaultdict(list)
        for label in sorted(draws, key=order.__getitem__):
            alike[draws[label].identity].append(label)
        for group in alike.values():
            yield from (pair for pair in combinations(group, 2) if new.intersection(pair))

    def comparison(self) -> Comparison:
        """The comparison of all runs added so far."""
        return Comparison(
            rows=tuple(tally.row(self._finished) for tally in self._rows.values()),
            relations=tuple(_relations(list(self._rows), self._equal)),
        )


class _RowTally:
    """One label across the runs added so far."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._indices: list[int] = []
        self._identities: set[object] = set()
        self._first: Draw | None = None
        self._not_comparable = ""
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
            first = f"run {self._indices[0]} {_form(self._first)}"
            self._not_comparable = self._not_comparable or f"run {index} has {_form(draw)}, {first}"
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
            not_comparable=self._not_comparable,
        )
        if self._not_comparable:
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


def _relations(labels: list[str], equal: Mapping[tuple[str, str], None]) -> Iterable[Relation]:
    """What holds between labels, given the pairs that are ``equal`` in every run that has both."""
    parts = {label: label_parts(label) for label in labels}
    calls: dict[tuple[str, str], list[str]] = defaultdict(list)
    twins: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for label, part in parts.items():
        calls[part.section, part.op].append(label)
        twins[part.op][part.call].append(label)

    for (section, op), group in calls.items():
        if len(group) > 1:
            subject = "/".join(filter(None, (section, op)))
            yield _relation(RelationKind.CALL_TO_CALL, subject, list(combinations(group, 2)), equal)
    for op, by_call in twins.items():
        corresponding = [pair for group in by_call.values() for pair in combinations(group, 2)]
        if corresponding:
            yield _relation(RelationKind.SESSION_TO_SESSION, op, corresponding, equal)
    across_ops = [pair for pair in equal if parts[pair[0]].op != parts[pair[1]].op]
    if across_ops:
        ops = " and ".join(dict.fromkeys(parts[label].op for pair in across_ops for label in pair))
        yield Relation(kind=RelationKind.OP_TO_OP, subject=ops, repeats=False, equal=tuple(across_ops))


def _relation(
    kind: RelationKind, subject: str, pairs: list[tuple[str, str]], equal: Mapping[tuple[str, str], None]
) -> Relation:
    found = tuple(pair for pair in pairs if pair in equal)
    return Relation(kind=kind, subject=subject, repeats=len(found) == len(pairs), equal=found)


class Fingerprint(msgspec.Struct, frozen=True):
    """The sign of one distinct value array in view."""

    number: int
    """0 for the first letter; the colour goes by it. -1 for the neutral dot."""
    letter: str

    @property
    def is_dot(self) -> bool:
        return self.number < 0


DOT = Fingerprint(-1, "·")
MAX_LETTERS = 26


class Fingerprints:
    """Letters for all draws in view: equal bits have equal letters, in whatever row, run or column.

    A, B, C in the order of first appearance, row by row and in each row column by column. Where that
    would take more than 26, only values that occur more than once get a letter, the rest a neutral dot.
    """

    def __init__(self, columns: Sequence[Sequence[Run]] = ()) -> None:
        self._label_order: dict[str, int] = {}
        self._first_seen: dict[object, tuple[int, int, int]] = {}
        self._repeated: set[object] = set()
        self._letters: dict[object, Fingerprint] | None = None
        for column, runs in enumerate(columns):
            for run in runs:
                self.add(column, run)

    def add(self, column: int, run: Run) -> None:
        """Take ``run`` into view, in the column of that position; letters may move to keep their order."""
        self._letters = None
        for draw in run.draws:
            row = self._label_order.setdefault(draw.label, len(self._label_order))
            identity, place = draw.identity, (row, column, run.index)
            known = self._first_seen.get(identity)
            if known is not None:
                self._repeated.add(identity)
            self._first_seen[identity] = place if known is None else min(place, known)

    def of(self, draw: Draw) -> Fingerprint:
        if self._letters is None:
            shown = self._first_seen if len(self._first_seen) <= MAX_LETTERS else self._repeated
            in_order = sorted(shown, key=self._first_seen.__getitem__)
            self._letters = {identity: Fingerprint(n, _letters(n)) for n, identity in enumerate(in_order)}
        return self._letters.get(draw.identity, DOT)


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


def _letters(number: int) -> str:
    """0 is A, 25 is Z, 26 is AA."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
