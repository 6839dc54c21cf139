"""The words for what lines of a script did."""

from collections.abc import Iterable

import msgspec

from seedlab.analysis.explanation import Annotation
from seedlab.evidence.finding import AnnotationKind
from seedlab.messages.findings import finding_text
from seedlab.phrases import sentence

_MOST_NOTES = 2


class LineNote(msgspec.Struct, frozen=True):
    """The text below one 1-based line of the script."""

    line: int
    kind: AnnotationKind
    text: str


def line_notes(annotations: Iterable[Annotation]) -> tuple[LineNote, ...]:
    """Return the note of each annotation, which names at most the first two things that the line did."""
    return tuple(LineNote(each.line, each.kind, _text(each)) for each in annotations)


def _text(annotation: Annotation) -> str:
    text = "; ".join(map(finding_text, annotation.findings[:_MOST_NOTES]))
    hidden = len(annotation.findings) - _MOST_NOTES
    return sentence("{notes} (and {count} more)", notes=text, count=hidden) if hidden > 0 else text
