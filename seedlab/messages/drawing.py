"""The words of the drawing: its cells, its notes, and what the pointer finds."""

from collections.abc import Sequence

from seedlab.messages.headlines import HeadlineText
from seedlab.phrases import enumerated, following, noted, plural, sentence


def no_such_draw_text() -> str:
    """Return what stands in the place of a draw that a column does not have."""
    return sentence("no such draw")


def row_text(names: Sequence[str]) -> str:
    """Return what stands at the left of a row that columns call by ``names``: the first one, and the others' ops."""
    return " · ".join([names[0], *(name.rpartition("/")[2] for name in names[1:])])


def covered_headline(*, is_picture: bool = False) -> HeadlineText:
    """Return what stands above runs that are covered; in a picture there is nothing to press."""
    below = (
        noted("Equal letters are equal bits.")
        if is_picture
        else noted("Guess, then uncover one run after another with Space.")
    )
    return HeadlineText(sentence("Which draws repeat?"), sentence(below))


def not_finite_text(count: int) -> str:
    """Return the remark that ``count`` values are not drawn."""
    return plural(
        "{count} of the values is not finite and not drawn",
        "{count} of the values are not finite and not drawn",
        count,
    )


def more_runs_text(count: int) -> str:
    return plural("+{count} run", "+{count} runs", count)


def remarks_text(remarks: Sequence[str]) -> str:
    """Return ``remarks`` as sentences, one after the other; each is a sentence without its full stop."""
    return following(*(sentence("{remark}.", remark=remark) for remark in remarks))


def more_values_text(count: int) -> str:
    """Return what stands below the first values of a draw that has ``count`` more."""
    return sentence("… {count:,} more", count=count)


def more_lines_text(count: int) -> str:
    """Return what stands below the first lines of a text that has ``count`` more."""
    return plural("… {count:,} more line", "… {count:,} more lines", count)


def more_texts_text(count: int) -> str:
    """Return what stands below the first texts where ``count`` more are different ones."""
    return plural("… {count:,} more text", "… {count:,} more texts", count)


def more_notes_text(count: int) -> str:
    """Return what stands below the first sentences on a column of ``count`` more."""
    return sentence("… and {count:,} more", count=count)


def each_once_text() -> str:
    """Return what the pale parts of a strip of many runs are: values that none of the other runs has."""
    return sentence("each once")


def more_draws_text(count: int) -> str:
    """Return the sentence below a picture that leaves out ``count`` draws."""
    return plural("… and {count:,} more draw.", "… and {count:,} more draws.", count)


def matches_text(labels: Sequence[str], text: str) -> str:
    """Return the sentences ``text`` on the draws ``labels``."""
    return sentence("{labels}: {text}", labels=enumerated(labels), text=text)


def pointed_value_text(label: str, element: int, run: int, *, value: str, bits: str, letter: str) -> str:
    """Return the lines about one value; ``letter`` is its fingerprint, empty for a value that is nowhere else."""
    # The index is written as Python writes it, which also says that it counts from 0.
    text = noted("{label}[{element}], run {run}\n{value}\nbits {bits}")
    if letter:
        text = noted("{label}[{element}], run {run}\n{value}\nbits {bits}\nfingerprint {letter}")
    return sentence(text, label=label, element=element, run=run, value=value, bits=bits, letter=letter)


def pointed_text_text(label: str, run: int, *, text: str, letter: str) -> str:
    """Return the lines about one text; ``letter`` is its fingerprint, empty for a text that is nowhere else."""
    words = noted("{label}, run {run}\n{text}")
    if letter:
        words = noted("{label}, run {run}\n{text}\nfingerprint {letter}")
    return sentence(words, label=label, run=run, text=text, letter=letter)


def line_text(line: int, note: str) -> str:
    return sentence("line {line}: {note}", line=line, note=note)


def small_type_text(points: float) -> str:
    """Return the warning that the smallest type of a picture has ``points`` points."""
    return sentence("The smallest type has {points:.1f} points, which is hard to read.", points=points)
