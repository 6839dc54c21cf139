"""Fingerprints: a letter for each distinct value array in view. Equal bits have equal letters, wherever they stand."""

from collections.abc import Mapping

import msgspec

from seedlab.analysis.alignment import Alignment
from seedlab.results.run import Draw, Run


class Fingerprint(msgspec.Struct, frozen=True):
    """The sign of one distinct value array in view."""

    number: int
    """0 for the first letter, -1 for the neutral dot; it determines the colour."""
    letter: str

    @property
    def is_dot(self) -> bool:
        return self.number < 0


DOT = Fingerprint(-1, "·")
MAX_LETTERS = 26


class Fingerprints(msgspec.Struct, frozen=True):
    """Letters for all draws in view: equal bits have equal letters, in whatever row, run or column.

    The letters are A, B, C, … in the order of first appearance, row by row and in each row column by column. Where
    that would take more than 26, only values that occur more than once get a letter, and the rest a neutral dot.
    """

    letters: Mapping[object, Fingerprint] = {}
    """The fingerprint of each draw that has a letter, by the draw's identity."""

    def of(self, draw: Draw) -> Fingerprint:
        """Return the fingerprint of ``draw``; the dot where it has no letter or is not in view."""
        return self.letters.get(draw.identity, DOT)


class FingerprintTally:
    """Fingerprints that take their runs one by one, each at the cost of its own draws.

    ``alignment`` has the rows from the top down; a label that is not among them gets a row below.
    """

    def __init__(self, alignment: Alignment) -> None:
        self._rows = {label: row for row, label in enumerate(alignment.labels)}
        self._row_of = [{own: label for label, own in other.items()} for other in alignment.others]
        self._first_seen: dict[object, tuple[int, int, int]] = {}
        self._repeated: set[object] = set()
        self._made: Fingerprints | None = Fingerprints()

    def add(self, column: int, run: Run) -> None:
        """Add ``run`` of the column at the 0-based position ``column``. Letters may move to keep their order."""
        first_seen, repeated = self._first_seen, self._repeated
        were_all = len(first_seen) <= MAX_LETTERS
        row_of = self._row_of[column] if self._row_of else {}
        for draw in run.draws:
            row = self._rows.setdefault(row_of.get(draw.label, draw.label), len(self._rows))
            identity, place = draw.identity, (row, column, run.index)
            known = first_seen.setdefault(identity, place)
            if known is place:
                continue
            if identity not in repeated:
                repeated.add(identity)
                self._made = None
            if place < known:
                first_seen[identity] = place
                self._made = None
        # Where there are too many values already, one more that stands alone is a dot and moves no letter.
        if were_all:
            self._made = None

    def fingerprints(self) -> Fingerprints:
        """Return the fingerprints of all runs added so far."""
        if self._made is None:
            shown = self._first_seen if len(self._first_seen) <= MAX_LETTERS else self._repeated
            in_order = sorted(shown, key=self._first_seen.__getitem__)
            self._made = Fingerprints({each: Fingerprint(n, _letters(n)) for n, each in enumerate(in_order)})
        return self._made


def _letters(number: int) -> str:
    """Return A for 0, Z for 25, AA for 26."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
