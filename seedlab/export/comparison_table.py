"""The table of a comparison: heads and cells for all that print one, in the terminal or in a file."""

from collections.abc import Iterator, Sequence

import msgspec

from seedlab.analysis.analyst import ColumnAnalysis
from seedlab.analysis.fingerprints import Fingerprints
from seedlab.analysis.rows import Row
from seedlab.messages.rows import verdict_text
from seedlab.phrases import sentence
from seedlab.results.draw_text import brief_line, brief_text
from seedlab.results.run import Draw, Run
from seedlab.study.lab import Column

_MOST_VALUES = 6
"""A table of more runs than this has the letters of all runs, and the values of the first alone."""
_MOST_LETTERS = 40
ABSENT = "×"
"""What stands for the draw of a run that has none."""


class Value(msgspec.Struct, frozen=True):
    """The draw of one run: its letter, and its values in short."""

    letter: str
    text: str
    is_text: bool = False
    """True where the draw is text, and not numbers."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """The cells of one row."""

    row: Row
    verdict: str
    letters: str | None
    """The letters of all runs; None where the table shows the values of all."""
    values: tuple[Value | None, ...]
    """A value for each run that is shown; None where the run has none."""


def heads_of(column: Column) -> tuple[str, ...]:
    """Return the heads of the table of ``column``: of the label, the verdict, perhaps the letters, and each value."""
    shown, count = _shown_runs(column), len(column.runs)
    letters = [sentence("letters of {count} runs", count=count)] if len(shown) < count else []
    runs = [sentence("run {index}", index=run.index) for run in shown]
    return (sentence("draw"), sentence("verdict"), *letters, *runs)


def lines_of(column: Column, analysed: ColumnAnalysis, fingerprints: Fingerprints) -> Iterator[Line]:
    """Yield the line of each row of ``column``, whose analysis is ``analysed``."""
    shown = len(_shown_runs(column))
    for row in analysed.summary.comparison.rows:
        draws = analysed.draws(row.label)
        yield Line(
            row=row,
            verdict=f"{row.verdict.sign} {verdict_text(row)}",
            letters=_letters(draws, fingerprints) if shown < len(column.runs) else None,
            values=tuple(None if draw is None else _value(draw, row, fingerprints) for draw in draws[:shown]),
        )


def _shown_runs(column: Column) -> tuple[Run, ...]:
    """Return the runs whose values are shown."""
    return column.runs if len(column.runs) <= _MOST_VALUES else column.runs[:1]


def _letters(draws: Sequence[Draw | None], fingerprints: Fingerprints) -> str:
    letters = [ABSENT if draw is None else fingerprints.of(draw).letter for draw in draws[:_MOST_LETTERS]]
    return " ".join([*letters, "…"] if len(draws) > _MOST_LETTERS else letters)


def _value(draw: Draw, row: Row, fingerprints: Fingerprints) -> Value:
    letter = fingerprints.of(draw).letter
    if draw.is_text:
        return Value(letter, brief_line(draw, *row.first_difference), is_text=True)
    return Value(letter, brief_text(draw))
