"""What the layout has to know of the rows: their names, and how much room listings and texts need."""

import itertools
from collections.abc import Callable, Iterable

from seedlab.analysis.alignment import Alignment
from seedlab.analysis.analyst import Analysis
from seedlab.figure.layout import MOST_MEASURED_ROWS, is_uniform, widest_label
from seedlab.figure.listing import listed_letters, listed_lines
from seedlab.figure.plotted_values import Values
from seedlab.figure.row_contents import texts_in
from seedlab.figure.state import FigureState
from seedlab.figure.text_look import are_shown, lines_needed
from seedlab.figure.theme import Theme
from seedlab.messages.drawing import row_text

_MOST_LISTED = 40
"""The most runs of a row whose listed values are measured."""


class RowMeasures:
    """Measures the rows of a drawing; what takes long only when something else is to be measured than before."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._titled: tuple[Alignment, tuple[str, ...]] = (Alignment(), ())
        """The rows that were asked for last, and what stands at their left."""
        self._widest_title: tuple[tuple[str, ...], float] = ((), 0.0)
        """The titles that were measured last, and the width of the widest."""
        self._listed_wide = (Analysis(), 0, 0)
        """The analysis, how many of its runs were measured, and how wide their listings are."""

    def titles(self, analysis: Analysis) -> tuple[str, ...]:
        """Return what stands at the left of each row: the same object as long as the rows are the same."""
        alignment = analysis.alignment
        if self._titled[0] is not alignment:
            self._titled = (alignment, tuple(map(row_text, alignment.names)))
        return self._titled[1]

    def widest_title(self, analysis: Analysis) -> float:
        """Return the width of the widest title, in pixels."""
        titles = self.titles(analysis)
        if self._widest_title[0] is not titles:
            self._widest_title = (titles, widest_label(titles, self._theme))
        return self._widest_title[1]

    def listed_letters(self, state: FigureState) -> int:
        """Return how many letters wide the listings of all rows are, of which the first show how wide."""
        analysis, uncovered = state.analysis, state.uncovered
        # What is covered is not measured: how wide it is would give it away.
        most = _MOST_LISTED if uncovered is None else min(uncovered, _MOST_LISTED)
        if self._listed_wide[0] is not analysis or self._listed_wide[1] != most:
            shown = (
                column.draws(analysis.alignment.own(number, label))[:most]
                for number, column in enumerate(analysis.columns)
                for label in analysis.labels[:MOST_MEASURED_ROWS]
            )
            self._listed_wide = (analysis, most, listed_letters(itertools.chain.from_iterable(shown)))
        return self._listed_wide[2]


def text_lines(state: FigureState) -> tuple[int, ...]:
    """Return how many lines of text each row shows, 0 for other rows; nothing where there are no texts."""
    analysis, look, is_covered = state.analysis, state.values_look, state.is_covered
    if is_uniform(analysis.labels):
        return ()
    runs = max((len(column.column.runs) for column in state.columns), default=0)
    found = [texts_in(analysis, label) for label in analysis.labels]
    lines = [
        lines_needed(texts, runs, is_covered=is_covered) if are_shown(texts, look, is_covered=is_covered) else 0
        for texts in found
    ]
    return tuple(lines) if any(lines) else ()


def lines_of_listings(
    analysis: Analysis, texts: tuple[int, ...], values_in: Callable[[str], Iterable[Values]]
) -> tuple[int, ...]:
    """Return the number of lines in each row's listing; a single number where all rows are equally high.

    ``texts`` are the `text_lines`; ``values_in`` is called with the label of each other row.
    """
    labels = analysis.labels
    if is_uniform(labels):
        return (listed_lines(max((column.most_elements for column in analysis.columns), default=0)),)
    return tuple(
        lines or listed_lines(max((values.most_elements for values in values_in(label)), default=0))
        for label, lines in zip(labels, texts or (0,) * len(labels), strict=True)
    )
