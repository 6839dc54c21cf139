"""What the cells of a row show: the look and the scale that they have in common, and the reason beside each verdict."""

from collections.abc import Sequence

from seedlab.analysis.analyst import Analysis
from seedlab.figure.cell import CellState
from seedlab.figure.plotted_values import Values
from seedlab.figure.state import FigureState
from seedlab.figure.text_look import Texts, are_shown
from seedlab.messages.findings import findings_text

MAX_POINTS_AS_LINES = 300
"""With more values than this, `Look` auto shows a map: so many lines say less, and take long to draw."""
MAX_LINES = 60
"""A draw with more elements than this is a map too: so many lines cannot be told apart."""


def cell_states(
    state: FigureState,
    label: str,
    values: Sequence[Values],
    *,
    has_reasons: bool,
    is_in_line: bool,
    listed_letters: int,
) -> list[CellState | None]:
    """Return what each column shows of the draw ``label``, whose ``values`` it has; None where it has no such draw.

    ``has_reasons`` puts reasons beside the verdicts; ``is_in_line`` leaves each verdict its sign alone.
    """
    analysis = state.analysis
    low, high, has_range = _range(state, values)
    look = _look(state, label, values)
    states: list[CellState | None] = []
    for number, (shown, analysed, own) in enumerate(zip(state.columns, analysis.columns, values, strict=True)):
        row = analysed.summary.comparison.row(analysis.alignment.own(number, label))
        if row is None:
            states.append(None)
            continue
        marks = tuple(None if draw is None else analysis.fingerprints.of(draw) for draw in own.draws)
        states.append(
            CellState(
                row=row,
                runs=shown.column.runs,
                marks=marks,
                low=low,
                high=high,
                has_range=has_range,
                look=look,
                why=_reason(analysis, number, label) if has_reasons else "",
                is_stale=shown.is_stale,
                uncovered=state.uncovered,
                is_in_line=is_in_line,
                listed_letters=listed_letters if look == "values" else 0,
            )
        )
    return states


def texts_in(analysis: Analysis, label: str) -> list[Texts]:
    """Return the comparison and the first draw of each column that has any in the row ``label``."""
    named = [(column, analysis.alignment.own(number, label)) for number, column in enumerate(analysis.columns)]
    rows = [(column, own, column.summary.comparison.row(own)) for column, own in named]
    firsts = [
        (row, next((draw for draw in column.draws(own) if draw is not None), None))
        for column, own, row in rows
        if row is not None
    ]
    return [Texts(row, first) for row, first in firsts if first is not None]


def auto_look(values: Sequence[Values], planned: int = 0) -> str:
    """Return ``lines`` while they can be told apart in every cell of the row, else ``map``.

    Where so many runs are ``planned``, it is the look that they will have together.
    """
    is_much = any(
        max(v.count, v.most_elements * planned) > MAX_POINTS_AS_LINES or v.most_elements > MAX_LINES for v in values
    )
    return "map" if is_much else "lines"


def _look(state: FigureState, label: str, values: Sequence[Values]) -> str:
    look = state.values_look
    if are_shown(texts_in(state.analysis, label), look, is_covered=state.is_covered):
        return "text"
    return auto_look(values, state.planned) if look == "auto" else look


def _range(state: FigureState, values: Sequence[Values]) -> tuple[float, float, bool]:
    """Return the least and the greatest value of a row, and whether there are any.

    Covered values do not count: the ends of the scale would give away how far they reach.
    """
    seen = [each.seen(state.uncovered) if state.is_covered else each for each in values]
    ranged = [each for each in seen if each.has_range]
    low, high = (min(v.low for v in ranged), max(v.high for v in ranged)) if ranged else (0.0, 0.0)
    return low, high, bool(ranged)


def _reason(analysis: Analysis, column: int, label: str) -> str:
    """Return the reason beside a verdict; empty where it stands in the row above."""
    summary, position, own = analysis.columns[column].summary, analysis.positions[label], analysis.alignment.own
    found = summary.explanation(own(column, label))
    above = summary.explanation(own(column, analysis.labels[position - 1])) if position else None
    if found is None or (above is not None and above.all_findings == found.all_findings):
        return ""
    return findings_text(found.all_findings)
