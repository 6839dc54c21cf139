"""What repeats: verdicts over the runs of one experiment, and fingerprints over all that is in view.

Two draws are identical when dtype, shape and bytes are; anything else is said beside that.
"""

import enum
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
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


def compare(runs: Sequence[Run]) -> Comparison:
    """Compare the draws of ``runs``, which may have ended in any way, and may be none."""
    runs = [run for run in runs if run.draws or run.outcome is Outcome.FINISHED]
    draws_of_run = {run.index: {draw.label: draw for draw in run.draws} for run in runs}
    finished = [run.index for run in runs if run.outcome is Outcome.FINISHED]
    labels = labels_of(runs)
    return Comparison(
        rows=tuple(_row(label, draws_of_run, finished) for label in labels),
        relations=tuple(_relations(labels, list(draws_of_run.values()))),
    )


def labels_of(runs: Iterable[Run]) -> list[str]:
    """Labels in the order in which they first appear."""
    return list(dict.fromkeys(draw.label for run in runs for draw in run.draws))


def _row(label: str, draws_of_run: dict[int, dict[str, Draw]], finished: list[int]) -> Row:
    draws = {index: draws[label] for index, draws in draws_of_run.items() if label in draws}
    distinct = len({draw.identity for draw in draws.values()})
    row = Row(
        label=label,
        verdict=Verdict.ONE_RUN,
        runs=len(draws),
        distinct=distinct,
        missing_in=tuple(index for index in finished if index not in draws),
    )
    first_index, first = next(iter(draws.items()))
    for index, draw in draws.items():
        if (draw.dtype, draw.shape) != (first.dtype, first.shape):
            why = f"run {index} has {_form(draw)}, run {first_index} {_form(first)}"
            return replace(row, verdict=Verdict.NOT_COMPARABLE, not_comparable=why)
    if len(draws) < 2:
        return row
    if distinct == 1:
        return replace(row, verdict=Verdict.REPEATS)
    values = np.stack([draw.array.ravel() for draw in draws.values()])
    ordered = np.sort(values, axis=1)
    return replace(
        row,
        verdict=Verdict.DIFFERS,
        largest_difference=_largest_difference(values),
        same_values_reordered=values.shape[1] > 1 and bool((ordered == ordered[0]).all()),
    )


def _form(draw: Draw) -> str:
    return f"{draw.dtype} {list(draw.shape)}"


def _largest_difference(values: np.ndarray) -> float | None:
    if values.dtype.kind not in "iuf" or not np.isfinite(values).all():
        return None
    with np.errstate(over="ignore"):
        return float(np.max(values.max(axis=0).astype(np.float64) - values.min(axis=0).astype(np.float64)))


def _relations(labels: list[str], runs: list[dict[str, Draw]]) -> Iterable[Relation]:
    """Relations that hold in every run, found by grouping equal draws: linear in the number of draws."""
    if not runs:
        return
    parts = {label: label_parts(label) for label in labels}
    equal = _pairs_equal_in_every_run(labels, runs)

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
    kind: RelationKind, subject: str, pairs: list[tuple[str, str]], equal: dict[tuple[str, str], None]
) -> Relation:
    found = tuple(pair for pair in pairs if pair in equal)
    return Relation(kind=kind, subject=subject, repeats=len(found) == len(pairs), equal=found)


def _pairs_equal_in_every_run(labels: list[str], runs: list[dict[str, Draw]]) -> dict[tuple[str, str], None]:
    order = {label: position for position, label in enumerate(labels)}
    common: dict[tuple[str, str], None] | None = None
    for draws in runs:
        alike: dict[object, list[str]] = defaultdict(list)
        for label in sorted(draws, key=order.__getitem__):
            alike[draws[label].identity].append(label)
        pairs = dict.fromkeys(pair for group in alike.values() for pair in combinations(group, 2))
        common = pairs if common is None else {pair: None for pair in common if pair in pairs}
    return common or {}


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

    def __init__(self, columns: Sequence[Sequence[Run]]) -> None:
        tables = [[{draw.label: draw for draw in run.draws} for run in runs] for runs in columns]
        labels = dict.fromkeys(label for runs in columns for label in labels_of(runs))
        counts = Counter(run[label].identity for label in labels for table in tables for run in table if label in run)
        chosen = list(counts)
        if len(chosen) > MAX_LETTERS:
            chosen = [identity for identity, count in counts.items() if count > 1]
        self._known = {identity: Fingerprint(n, _letters(n)) for n, identity in enumerate(chosen)}

    def of(self, draw: Draw) -> Fingerprint:
        return self._known.get(draw.identity, DOT)


def _letters(number: int) -> str:
    """0 is A, 25 is Z, 26 is AA."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
