"""The words for what lines of a script did."""

from collections.abc import Iterable, Sequence

import msgspec

from seedlab.analysis.explanation import Annotation
from seedlab.evidence.finding import AnnotationKind
from seedlab.messages.findings import finding_text
from seedlab.phrases import clauses, sentence
from seedlab.study.script import Script

_MOST_NOTES = 2


_LONGEST_STATEMENT = 60


class MarkedLine(msgspec.Struct, frozen=True):
    """One line of the script, as it is told outside of the script: its number, its statement, and what it did."""

    line: int
    statement: str
    """Shortened, on one line."""
    text: str
    is_struck: bool
    """True where it set a seed in vain."""


class LineNote(msgspec.Struct, frozen=True):
    """The text below one 1-based line of the script."""

    line: int
    kind: AnnotationKind
    text: str


def line_notes(annotations: Iterable[Annotation]) -> tuple[LineNote, ...]:
    """Return the note of each annotation, which names at most the first two things that the line did."""
    return tuple(LineNote(each.line, each.kind, _text(each)) for each in annotations)


def marked_lines(script: str, annotations: Iterable[Annotation]) -> tuple[MarkedLine, ...]:
    """Return the lines of ``script`` that have ``annotations``, with what each of them did."""
    lines = Script(script).lines
    return tuple(
        MarkedLine(each.line, _statement(lines, each.line), _text(each), each.kind is AnnotationKind.UNUSED)
        for each in annotations
    )


def _statement(lines: Sequence[str], line: int) -> str:
    statement = " ".join(lines[line - 1].split()) if 1 <= line <= len(lines) else ""
    return statement if len(statement) <= _LONGEST_STATEMENT else f"{statement[: _LONGEST_STATEMENT - 1]}…"


def _text(annotation: Annotation) -> str:
    # One call may set several seeds to the same number.
    texts = list(dict.fromkeys(map(finding_text, annotation.findings)))
    text = clauses(texts[:_MOST_NOTES])
    hidden = len(texts) - _MOST_NOTES
    return sentence("{notes} (and {count} more)", notes=text, count=hidden) if hidden > 0 else text
