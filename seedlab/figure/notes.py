"""Notes on a column as a whole, between its script and its draws."""

from collections.abc import Iterable

import msgspec

from seedlab.analysis.summary import Summary
from seedlab.figure.theme import Theme
from seedlab.messages.drawing import matches_text, more_notes_text
from seedlab.messages.findings import findings_text
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
    problems = [problem_text(problem, _MOST_TEXT) for problem in summary.problems]
    if problems:
        notes.append(Note(_paragraph(problems), 13, theme.differs, band=theme.seed_line))
    if summary.details:
        lines = summary.details.splitlines()
        notes.append(Note("\n".join(line[:_MOST_TEXT] for line in lines[-12:]), 11, theme.muted, is_mono=True))
    if state.is_stale or is_covered:
        return tuple(notes)
    # Repeated or equal values are what a person would not expect of random numbers.
    shown = [r for r in summary.comparison.relations if has_room or r.repeats or r.equal]
    sentences = [relation_text(relation) for relation in shown]
    if has_room:
        sentences += [matches_text(group.labels, findings_text(group.findings)) for group in summary.grouped_matches]
    if sentences:
        notes.append(Note(_paragraph(sentences), 12, theme.muted))
    return tuple(notes)


def _paragraph(sentences: Iterable[str]) -> str:
    lines = list(sentences)
    more = [more_notes_text(len(lines) - _MOST_LINES)] if len(lines) > _MOST_LINES else []
    return "\n".join([*lines[:_MOST_LINES], *more])
