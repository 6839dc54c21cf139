"""Rows of columns whose draws have other labels: each draw stands in the row of its counterpart.

Counterparts are the draws of one op with the same number of the call, in sections at the same place. Where two columns
have no op in common, the first op of one is the counterpart of the first of the other, and so on.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

import msgspec

from seedlab.analysis.labels import label_parts

_Place = tuple[str, int, int]
"""An op, the 0-based place of a section among those of the op, and the number of the call."""


class Alignment(msgspec.Struct, frozen=True):
    """The rows of all columns, and what each column calls them."""

    labels: tuple[str, ...] = ()
    """The labels of the rows, in the order in which they first appear, column by column."""
    names: tuple[tuple[str, ...], ...] = ()
    """For each row its label, and after it what other columns call it whose op has another name."""
    others: tuple[Mapping[str, str], ...] = ()
    """For each column the label that a row has in it, where that is another one; none where all have their own."""

    def chosen(self, labels: Collection[str], most: int) -> "Alignment":
        """Return the alignment of the ``most`` first of the rows ``labels`` alone."""
        kept = set(labels)
        rows = [row for row in zip(self.labels, self.names, strict=True) if row[0] in kept][:most]
        return Alignment(tuple(label for label, _ in rows), tuple(names for _, names in rows), self.others)

    def own(self, column: int, label: str) -> str:
        """Return what the column at the 0-based position ``column`` calls the row ``label``."""
        return self.others[column].get(label, label) if self.others else label


def align(columns: Sequence[Sequence[str]]) -> Alignment:
    """Return the alignment of ``columns``, each given by its labels, without repetition, in their order."""
    row_of = _counterparts(columns)
    rows = dict.fromkeys(row_of.get(label, label) for labels in columns for label in labels)
    others = tuple({row_of[label]: label for label in labels if label in row_of} for labels in columns)
    if not any(others):
        return Alignment(tuple(rows), tuple((label,) for label in rows))
    return Alignment(tuple(rows), tuple(_names(label, others) for label in rows), others)


def _names(label: str, others: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    op = label_parts(label).op
    called = dict.fromkeys(other.get(label, label) for other in others)
    return (label, *(name for name in called if label_parts(name).op != op))


def _counterparts(columns: Sequence[Sequence[str]]) -> dict[str, str]:
    """Return the row of each label that has one under another label: the same row in each column that has the label."""
    base = max(columns, key=len, default=())
    rows = {place: label for label, place in _places(base)}
    known = set(base)
    if all(known.issuperset(labels) for labels in columns):
        return {}
    taken = [set(labels) for labels in columns]
    """The rows in which each column has a draw."""
    holders: dict[str, list[int]] = {}
    """For each label the columns that have it."""
    for column, labels in enumerate(columns):
        for label in labels:
            holders.setdefault(label, []).append(column)
    found: dict[str, str] = {}
    for labels in columns:
        for label, row in _candidates(labels, base, rows):
            if label in known or label in found:
                continue
            # A row takes one draw of a column, and that of its own label first.
            if not any(row in taken[column] for column in holders[label]):
                found[label] = row
                for column in holders[label]:
                    taken[column].add(row)
    return found


def _candidates(labels: Sequence[str], base: Sequence[str], rows: Mapping[_Place, str]) -> Iterator[tuple[str, str]]:
    """Yield each of ``labels`` that has a counterpart among ``rows``, the labels of ``base`` by their places."""
    ops, base_ops = ([*dict.fromkeys(label_parts(label).op for label in each)] for each in (labels, base))
    is_apart = set(ops).isdisjoint(base_ops)
    counterpart = dict(zip(ops, base_ops, strict=False)) if is_apart else {op: op for op in ops}
    for label, (op, section, call) in _places(labels):
        row = rows.get((counterpart.get(op, op), section, call))
        if row is not None:
            yield label, row


def _places(labels: Sequence[str]) -> Iterator[tuple[str, _Place]]:
    sections: dict[str, dict[str, int]] = {}
    for label in labels:
        parts = label_parts(label)
        of_op = sections.setdefault(parts.op, {})
        yield label, (parts.op, of_op.setdefault(parts.section, len(of_op)), parts.call)
