"""Notes on a column as a whole, between its script and its draws."""

import itertools
from collections.abc import Iterable

import msgspec

from seedlab.analysis.summary import Summary
from seedlab.figure.theme import Theme
from seedlab.messages.drawing import more_notes_text
from seedlab.messages.findings import grouped_text
from seedlab.messages.rows import relation_text
from seedlab.messages.runs import problem_text
from seedlab.session.shown import ShownColumn

_MOST_TEXT = 600
"""The most characters of a line that a run printed: megabytes would be measured letter by letter."""
_MOST_LINES = 60
"""The most sentences of one kind: nobody reads thousands of them."""


class Note(msgspec.Struct, frozen=True):
    """A paragraph and how it looks."""

    text: str
    size: int
    """The size of the type, in pixels at zoom 1."""
    colour: str
    is_mono: bool = False
    band: str = ""
    """The colour behind the paragraph; empty for none."""


def notes_on(
    state: ShownColumn, summary: Summary, theme: Theme, *, is_covered: bool, has_room: bool
) -> tuple[Note, ...]:
    """Return the notes on a column from the top down; without room, only those that a person would not expect."""
    notes = [Note(state.origin, 11, theme.muted)] if state.origin else []
    if state.lack:
        notes.append(Note(state.lack, 13, theme.differs, band=theme.seed_line))
    if summary.problems:
        problems = (problem_text(problem, _MOST_TEXT) for problem in summary.problems)
        notes.append(Note(_paragraph(problems, len(summary.problems)), 13, theme.differs, band=theme.seed_line))
    if summary.details:
        lines = summary.details.splitlines()
        notes.append(Note("\n".join(line[:_MOST_TEXT] for line in lines[-12:]), 11, theme.muted, is_mono=True))
    if state.is_stale or is_covered:
        return tuple(notes)
    # Repeated or equal values are what a person would not expect of random numbers.
    shown = [r for r in summary.comparison.relations if has_room or r.repeats or r.equal]
    # Beside another version, the article is one more to compare with.
    groups = summary.grouped_matches if has_room or state.origin else ()
    if shown or groups:
        sentences = itertools.chain(map(relation_text, shown), map(grouped_text, groups))
        notes.append(Note(_paragraph(sentences, len(shown) + len(groups)), 12, theme.muted))
    return tuple(notes)


def _paragraph(sentences: Iterable[str], count: int) -> str:
    """Return the first of ``count`` sentences, a line for each; the rest are not even made."""
    lines = itertools.islice(sentences, _MOST_LINES)
    more = [more_notes_text(count - _MOST_LINES)] if count > _MOST_LINES else []
    return "\n".join([*lines, *more])
