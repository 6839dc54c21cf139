"""Fingerprints: a letter for each distinct value array in view. Equal bits have equal letters, wherever they stand."""

import itertools
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence

import msgspec

from seedlab.analysis.alignment import Alignment
from seedlab.results.run import Draw, Run


class Fingerprint(msgspec.Struct, frozen=True):
    """The sign of one distinct value array in view."""

    number: int
    """0 for the first letter, -1 for the neutral dot."""
    letter: str
    colour: int
    """The 0-based position of its colour among those of a theme; -1 for the neutral dot's."""

    @property
    def is_dot(self) -> bool:
        return self.number < 0


DOT = Fingerprint(-1, "·", -1)
MAX_LETTERS = 26
COLOURS = 14
"""The number of colours in a theme."""
_ALIKE = (
    (0, 7, 10, 11), (1, 4, 12), (1, 9, 13), (2, 6, 9), (2, 11, 12), (3, 8, 13), (3, 12), (5, 7, 8, 9), (4, 6, 12),
)  # fmt: skip
"""The positions of colours that people call by one name, in one of the themes."""
_MOST_CHOSEN = 100
"""With more values than this, colours go round: choosing them for thousands would take seconds."""
_LIKELY = 2
"""With at most so many times as many values as there are letters, enough of them are likely to repeat."""


class Fingerprints(msgspec.Struct, frozen=True):
    """Letters for all draws in view: equal bits have equal letters, in whatever row, run or column.

    New letters are given in the order of first appearance, row by row and in each row column by column. Where there
    are more than 26 values, only those that occur more than once are given one, and the rest a neutral dot, unless they
    had one before there were so many.
    """

    letters: Mapping[object, Fingerprint] = {}
    """The fingerprint of each draw that has a letter, by the draw's identity."""

    def of(self, draw: Draw) -> Fingerprint:
        """Return the fingerprint of ``draw``; the dot where it has no letter or is not in view."""
        return self.letters.get(draw.identity, DOT)


class ValueTally:
    """The distinct values in view, which takes runs one by one, each at the cost of its own draws.

    ``alignment`` has the rows from the top down; a label that is not among them gets a row below.
    """

    def __init__(self, alignment: Alignment) -> None:
        self._rows = {label: row for row, label in enumerate(alignment.labels)}
        self._row_of = [{own: label for label, own in other.items()} for other in alignment.others]
        self._first_seen: dict[object, tuple[int, int, int]] = {}
        self._repeated: set[object] = set()
        self._firsts: set[object] = set()
        self._most_draws = 0
        self._are_few: bool | None = None
        """True where all values are likely to have a letter in the end; None while no runs are to come."""
        self._in_order: tuple[tuple[bool, bool], tuple[object, ...]] | None = None

    def add(self, column: int, run: Run) -> None:
        """Add ``run`` of the column at the 0-based position ``column``."""
        first_seen, repeated = self._first_seen, self._repeated
        were_all = len(first_seen) <= MAX_LETTERS
        self._most_draws = max(self._most_draws, len(run.draws))
        if run.index == 1:
            self._firsts.update(draw.identity for draw in run.draws)
            self._in_order = None
        row_of = self._row_of[column] if self._row_of else {}
        for draw in run.draws:
            row = self._rows.setdefault(row_of.get(draw.label, draw.label), len(self._rows))
            identity, place = draw.identity, (row, column, run.index)
            known = first_seen.setdefault(identity, place)
            if known is place:
                continue
            if identity not in repeated:
                repeated.add(identity)
                self._in_order = None
            if place < known:
                first_seen[identity] = place
                self._in_order = None
        # Where there are too many values already, one more that stands alone is a dot.
        if were_all:
            self._in_order = None

    def lettered(self, has_letter: Container[object], *, to_come: int = 0) -> tuple[object, ...]:
        """Return the values that are to have a letter, in the order of their first appearance: each time the same
        object while they are the same.

        While so many runs are ``to_come``, and where there are too many values, one that stands alone has no letter,
        unless it has one already. Those of first runs do not wait where all values are likely to have one in the end:
        the letters are to begin at the top.
        """
        if not to_come:
            self._are_few = None
        elif self._are_few is None and self._first_seen:
            # Once for all runs that are to come: a first run is not to get its letters when most others are there.
            self._are_few = len(self._first_seen) + to_come * self._most_draws <= _LIKELY * MAX_LETTERS
        is_growing, are_few = to_come > 0, bool(self._are_few)
        if self._in_order is None or self._in_order[0] != (is_growing, are_few):
            shown: Iterable[object] = self._first_seen
            if is_growing or len(self._first_seen) > MAX_LETTERS:
                firsts = self._firsts if is_growing and are_few and len(self._firsts) <= MAX_LETTERS else ()
                shown = [
                    each for each in self._first_seen if each in self._repeated or each in firsts or each in has_letter
                ]
            self._in_order = ((is_growing, are_few), tuple(sorted(shown, key=self._first_seen.__getitem__)))
        return self._in_order[1]

    def row_of(self, identity: object) -> int:
        """Return the 0-based position of the row in which the value ``identity`` appears first."""
        return self._first_seen[identity][0]


class Alphabet:
    """The letters of one view. Once a value has a letter, it keeps it, whatever comes and goes beside it."""

    def __init__(self) -> None:
        self._numbers: dict[object, int] = {}
        self._colours: dict[object, int] = {}
        self._made: tuple[tuple[object, ...], Fingerprints] = ((), Fingerprints())

    def __contains__(self, identity: object) -> bool:
        return identity in self._numbers

    def fingerprints(self, values: tuple[object, ...], row_of: Callable[[object], int]) -> Fingerprints:
        """Return the fingerprints of ``values``; those without a letter are given the next ones.

        Their colours differ as long as they can, above all in one row, which ``row_of`` returns.

        Where no value has a letter yet, none of what was in view is left, and the letters begin with A again. A letter
        goes to another value only where its own is out of view and every other one is taken.
        """
        if values is not self._made[0]:
            if values and not any(value in self._numbers for value in values):
                self._numbers, self._colours = {}, {}
            self._give([value for value in values if value not in self._numbers], values)
            self._colour(values, row_of)
            letters = {
                value: Fingerprint(self._numbers[value], _letters(self._numbers[value]), self._colours[value])
                for value in values
            }
            self._made = (values, Fingerprints(letters))
        return self._made[1]

    def _give(self, without: Sequence[object], values: Sequence[object]) -> None:
        if not without:
            return
        owners = {number: value for value, number in self._numbers.items()}
        in_view = {self._numbers[value] for value in values if value in self._numbers}
        never = (number for number in range(MAX_LETTERS) if number not in owners)
        left = (number for number in range(MAX_LETTERS) if number in owners and number not in in_view)
        more = (number for number in itertools.count(MAX_LETTERS) if number not in in_view)
        for value, number in zip(without, itertools.chain(never, left, more), strict=False):
            if number in owners:
                del self._numbers[owners[number]]
                self._colours.pop(owners[number], None)
            self._numbers[value] = number

    def _colour(self, values: Sequence[object], row_of: Callable[[object], int]) -> None:
        """Give a colour to each of ``values`` that has none."""
        without = [value for value in values if value not in self._colours]
        if len(values) > _MOST_CHOSEN:
            self._colours |= {value: self._numbers[value] % COLOURS for value in without}
            return
        of_all = Counter(self._colours[value] for value in values if value in self._colours)
        of_rows: defaultdict[int, Counter[int]] = defaultdict(Counter)
        for value in values:
            if value in self._colours:
                of_rows[row_of(value)][self._colours[value]] += 1
        for value in without:
            used = of_rows[row_of(value)]

            def cost(colour: int, used: Counter[int] = used) -> tuple[int, int, int, int]:
                alike = sum(used[other] for group in _ALIKE if colour in group for other in group if other != colour)
                return used[colour], alike, of_all[colour], colour

            colour = self._colours[value] = min(range(COLOURS), key=cost)
            used[colour] += 1
            of_all[colour] += 1


def _letters(number: int) -> str:
    """Return A for 0, Z for 25, AA for 26."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
