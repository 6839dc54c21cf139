"""The sentence above the values."""

from seedlab.figure.state import FigureState
from seedlab.messages.drawing import covered_headline
from seedlab.messages.fixes import column_headline
from seedlab.messages.headlines import HeadlineText, below_heading, headline_text
from seedlab.plain_text import window_line


def headline_of(state: FigureState, *, is_picture: bool) -> HeadlineText:
    """Return what the values of ``state`` show, below the heading that it has."""
    return below_heading(state.heading, _what_is_shown(state, is_picture=is_picture))


def _what_is_shown(state: FigureState, *, is_picture: bool) -> HeadlineText:
    columns, analysis = state.columns, state.analysis
    if not any(column.column.runs for column in columns):
        return HeadlineText("")
    if state.is_covered:
        return covered_headline(is_picture=is_picture)
    if len(columns) == 1:
        words = column_headline(analysis.columns[0].summary, columns[0].column.influence)
    else:
        words = headline_text(analysis.headline)
    return HeadlineText(window_line(words.title), window_line(words.subtitle))
