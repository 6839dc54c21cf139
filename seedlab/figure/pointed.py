"""What is told of a draw or a line that is pointed at, and what belongs to it."""

from seedlab.analysis.fingerprints import DOT
from seedlab.figure.cell import CellHit
from seedlab.figure.state import FigureState, Hit
from seedlab.messages.drawing import line_text, pointed_text_text, pointed_value_text
from seedlab.messages.findings import findings_text
from seedlab.messages.notes import LineNote
from seedlab.plain_text import window_line, window_lines


def draw_pointed_at(state: FigureState, label: str, column: int, found: CellHit | None) -> Hit:
    """Return what is told of the value that was ``found`` in a draw, or, where none was, of the draw itself."""
    summary, own = state.analysis.columns[column].summary, state.analysis.alignment.own(column, label)
    explanation = summary.explanation(own)
    is_open = not state.columns[column].is_stale and not state.is_covered
    lines = explanation.lines if explanation is not None and is_open else ()
    if found is not None:
        text = _text_of(found, window_line(own))
    else:
        match = summary.match(own)
        sentences = [findings_text(explanation.all_findings)] if explanation else []
        sentences += [findings_text([match.finding])] if match else []
        text = "" if state.is_covered else "\n".join(sentences)
    return Hit(window_lines(text), column, label, lines, (label,))


def _text_of(found: CellHit, name: str) -> str:
    letter = found.fingerprint if found.fingerprint != DOT.letter else ""
    if found.element is None:
        return pointed_text_text(name, found.run, text=found.value, letter=letter)
    return pointed_value_text(name, found.element, found.run, value=found.value, bits=found.bits, letter=letter)


def line_pointed_at(state: FigureState, column: int, number: int, note: LineNote | None) -> Hit:
    """Return what is told of a line of a column's script, which has the ``note``."""
    if state.columns[column].is_stale or state.is_covered:
        return Hit("", column, lines=(number,))
    analysis = state.analysis
    own = analysis.columns[column].labels_at.get(number, ())
    labels = tuple(label for label in analysis.labels if analysis.alignment.own(column, label) in own) if own else ()
    text = window_line(line_text(number, note.text)) if note else ""
    return Hit(text, column, lines=(number,), labels=labels)
