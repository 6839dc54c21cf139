"""How a row of texts is drawn: as texts, or as points where each has one number, and it differs."""

import functools
from collections.abc import Sequence

import msgspec

from seedlab.analysis.rows import Row
from seedlab.results.draw_text import brief_line, brief_text
from seedlab.results.printed_text import numbers_in
from seedlab.results.run import Draw

MAX_LINES = 6
"""The most lines that a cell shows of its texts; a last one says how many more there are."""
_LONGEST_PLOTTED = 1_000
"""The most characters of a text whose number is drawn."""


class Texts(msgspec.Struct, frozen=True):
    """What one column has of a row: its comparison, and its first draw."""

    row: Row
    first: Draw


def are_shown(columns: Sequence[Texts], look: str, *, is_covered: bool) -> bool:
    """Return True where a row shows texts; its draws may also be numbers in some columns or runs.

    While runs are covered, it must not depend on what they are.
    """
    if not any(each.first.is_text for each in columns):
        return False
    if look == "values" or not all(has_one_number(each.first) for each in columns):
        return True
    if is_covered:
        return False
    codes = {None if each.row.text is None else each.row.text.code for each in columns}
    return not ("text.numbers-differ" in codes and codes <= {"text.numbers-differ", "text.equal-digits"})


def has_one_number(draw: Draw) -> bool:
    return is_plotted(draw) and _has_one_number(draw.text)


# Asked of the first draw of each row whenever a run has arrived.
@functools.lru_cache(maxsize=2_048)
def _has_one_number(text: str) -> bool:
    return len(numbers_in(text)) == 1


def is_plotted(draw: Draw) -> bool:
    """Return True where the numbers of a text may be drawn: it is a single line, and no long one."""
    return draw.is_text and len(draw.data) <= _LONGEST_PLOTTED and b"\n" not in draw.data


def lines_needed(columns: Sequence[Texts], runs: int, *, is_covered: bool) -> int:
    """Return how many lines a row needs for the texts of its columns; ``runs`` is the most that a column has."""
    most = max(_lines_in(each.first) if each.row.distinct == 1 else each.row.distinct for each in columns)
    if is_covered:
        # How many texts there are would say what is covered.
        most = max(*(_lines_in(each.first) for each in columns), runs, 1)
    return min(most, MAX_LINES) + (most > MAX_LINES)


def _lines_in(draw: Draw) -> int:
    return draw.text.count("\n") + 1 if draw.is_text else 1


def line_of(draw: Draw, row: Row, most: int) -> str:
    """Return the line of ``draw`` that says most in ``row``, with ``most`` characters or somewhat more."""
    if not draw.is_text:
        return brief_text(draw)
    return brief_line(draw, *row.first_difference, most=most)
