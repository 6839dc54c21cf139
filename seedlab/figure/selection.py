"""Which draws are selected, by label of the row and column."""

import msgspec

from seedlab.analysis.analyst import Analysis

Key = tuple[str, int]
"""The label of a row, and a column."""


class Selection(msgspec.Struct, frozen=True):
    """The selected draws."""

    keys: frozenset[Key] = frozenset()

    def __contains__(self, key: Key) -> bool:
        return key in self.keys

    def without_gone(self, analysis: Analysis) -> "Selection":
        """Return what is left of it in ``analysis``."""
        return Selection(frozenset(key for key in self.keys if has_place(key, analysis)))

    def with_selected(self, key: Key, *, add: bool) -> "Selection":
        """Select ``key`` alone or, with ``add``, beside the others; a selected one is deselected."""
        others = self.keys - {key} if add else frozenset[Key]()
        return Selection(others if key in self.keys else others | {key})

    def part(self, labels: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[int, ...]] | None:
        """Return the rows, of ``labels``, and the columns in which draws are selected; None where none is."""
        if not self.keys:
            return None
        rows, columns = {label for label, _ in self.keys}, {column for _, column in self.keys}
        return tuple(label for label in labels if label in rows), tuple(sorted(columns))

    def draws(self, analysis: Analysis) -> list[Key]:
        """Return what each column calls its selected draws, and the column; of all draws where none is selected."""
        drawn = [
            ((label, number), own)
            for number, column in enumerate(analysis.columns)
            for label in analysis.labels
            if column.summary.comparison.row(own := analysis.alignment.own(number, label)) is not None
        ]
        chosen = [(key, own) for key, own in drawn if key in self.keys]
        return [(own, column) for (_, column), own in chosen or drawn]


def has_place(key: Key, analysis: Analysis) -> bool:
    """Return True where ``analysis`` has such a row and column."""
    label, column = key
    return label in analysis.positions and 0 <= column < len(analysis.columns)
