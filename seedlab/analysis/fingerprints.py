"""Fingerprints: a letter for each distinct value array in view, equal bits, equal letter, wherever they stand."""

from collections.abc import Sequence

import msgspec

from seedlab.results.run import Draw, Run


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


def _letters(number: int) -> str:
    """0 is A, 25 is Z, 26 is AA."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
