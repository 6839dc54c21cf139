"""Rows of columns whose draws have other labels: each draw stands in the row of its counterpart.

Counterparts are the draws of one op with the same place among its draws, in whatever section. Where two columns have no
op in common, the first op of one is the counterpart of the first of the other, and so on.
"""

from collections.abc import Mapping, Sequence

import msgspec

from seedlab.analysis.labels import label_parts


class Alignment(msgspec.Struct, frozen=True):
    """The rows of all columns, and what each column calls them."""

    labels: tuple[str, ...] = ()
    """The labels of the rows, in the order in which they first appear, column by column."""
    names: tuple[tuple[str, ...], ...] = ()
    """For each row its label, and after it what other columns call it whose op has another name."""
    others: tuple[Mapping[str, str], ...] = ()
    """For each column the label that a row has in it, where that is another one."""

    def first(self, most: int) -> "Alignment":
        """Return the alignment of the first ``most`` rows alone."""
        return Alignment(self.labels[:most], self.names[:most], self.others)

    def own(self, column: int, label: str) -> str:
        """Return what the column at the 0-based position ``column`` calls the row ``label``."""
        return self.others[column].get(label, label) if self.others else label


def align(columns: Sequence[Sequence[str]]) -> Alignment:
    """Return the alignment of ``columns``, each given by its labels, without repetition, in their order."""
    base = max(columns, key=len, default=())
    places = {place: label for label, place in _places(base).items()}
    others = tuple(_others(labels, base, places) for labels in columns)
    rows: dict[str, None] = {}
    for labels, other in zip(columns, others, strict=True):
        row_of = {own: row for row, own in other.items()}
        rows.update(dict.fromkeys(row_of.get(label, label) for label in labels))
    if not any(others):
        return Alignment(tuple(rows), tuple((label,) for label in rows))
    return Alignment(tuple(rows), tuple(_names(label, others) for label in rows), others)


def _names(label: str, others: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    op = label_parts(label).op
    called = dict.fromkeys(other.get(label, label) for other in others)
    return (label, *(name for name in called if label_parts(name).op != op))


def _others(labels: Sequence[str], base: Sequence[str], places: Mapping[tuple[str, int], str]) -> Mapping[str, str]:
    """Return by the rows of ``base`` what ``labels`` has in their place, where that is no row of ``base``.

    ``places`` are the rows by op and place among its draws.
    """
    known = set(base)
    if labels is base or known.issuperset(labels):
        return {}
    own_places = _places(labels)
    ops, base_ops = ([*dict.fromkeys(op for op, _ in found)] for found in (own_places.values(), places))
    counterpart = dict(zip(ops, base_ops, strict=False)) if set(ops).isdisjoint(base_ops) else {op: op for op in ops}
    found: dict[str, str] = {}
    for label, (op, place) in own_places.items():
        row = places.get((counterpart.get(op, op), place))
        if label not in known and row is not None and row not in own_places:
            found[row] = label
    return found


def _places(labels: Sequence[str]) -> dict[str, tuple[str, int]]:
    """Return the op of each label, and the 0-based place of the draw among those of its op."""
    counts: dict[str, int] = {}
    places = {}
    for label in labels:
        op = label_parts(label).op
        places[label] = (op, counts.get(op, 0))
        counts[op] = places[label][1] + 1
    return places
