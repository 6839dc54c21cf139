"""The answer of a preset, given only where its runs, and the inquiry into them, show what it says."""

from collections.abc import Iterator

from seedlab.analysis.comparison import Comparison
from seedlab.analysis.headlines import Headline
from seedlab.analysis.rows import Verdict
from seedlab.evidence.finding import Finding
from seedlab.results.draw_text import brief_text
from seedlab.results.environment import Interpreter
from seedlab.results.influence import Influence
from seedlab.results.run import Run
from seedlab.study.preset import Expectation, Preset

_SEEN = "answer.seen"


def answer_of(
    preset: Preset, drawn: Run, comparison: Comparison, influence: Influence | None, interpreter: Interpreter | None
) -> Finding | None:
    """Return the finding that gives the answer of ``preset``, or says that it is not seen here.

    None where too little is known: before the second run, and where the inquiry did not
    try all sources of all draws.
    """
    if influence is None or influence.is_partial or any(row.verdict is Verdict.ONE_RUN for row in comparison.rows):
        return None
    tried = {draw.label for draw in influence.draws}
    if not tried.issuperset(row.label for row in comparison.rows) or any(each.untried for each in influence.sources):
        return None
    missed = next(_missed(preset.expects, drawn, comparison, influence), None)
    if missed is None:
        return Finding.of(_SEEN, preset=preset.name)
    versions = "" if interpreter is None else interpreter.summary
    return Finding.of("answer.not-seen", preset=preset.name, draw=missed, versions=versions)


def with_answer(shown: Headline, answer: Finding) -> Headline:
    """Return ``shown`` with ``answer``; where that was seen, below the question."""
    if answer.code != _SEEN or shown.title is None:
        return Headline(shown.title, (answer, *shown.subtitle), shown.reasons)
    question = Finding.of("answer.question", preset=answer["preset"])
    return Headline(question, (answer, shown.title, *shown.subtitle), shown.reasons)


def _missed(expects: Expectation, drawn: Run, comparison: Comparison, influence: Influence) -> Iterator[str]:
    """Yield the labels of the draws that are not as expected."""
    for label in expects.repeats:
        row = comparison.row(label)
        if row is None or row.verdict is not Verdict.REPEATS:
            yield label
    for label in expects.differs:
        row = comparison.row(label)
        if row is None or row.verdict is not Verdict.DIFFERS:
            yield label
    classes = _equal_labels(comparison)
    for one, other in expects.equal:
        if classes.get(one, one) != classes.get(other, other):
            yield other
    for one, other in expects.unequal:
        if classes.get(one, one) == classes.get(other, other):
            yield other
    yield from _not_printed(expects, drawn)
    yield from _not_moved(expects, influence)


def _equal_labels(comparison: Comparison) -> dict[str, str]:
    """Return one label for each, the same for labels that have the same value in every run."""
    classes: dict[str, str] = {}
    for relation in comparison.relations:
        for one, other in relation.equal:
            kept, replaced = classes.setdefault(one, one), classes.setdefault(other, other)
            for label, known in classes.items():
                if known == replaced:
                    classes[label] = kept
    return classes


def _not_printed(expects: Expectation, drawn: Run) -> Iterator[str]:
    texts = {draw.label: brief_text(draw) for draw in drawn.draws}
    for label, part in expects.printing:
        if part not in texts.get(label, ""):
            yield label


def _not_moved(expects: Expectation, influence: Influence) -> Iterator[str]:
    doors = {source.id: {source.door, *(part.door for part in source.parts)} for source in influence.sources}
    moved = {draw.label: set[str]().union(*(doors[name] for name in draw.moved_by)) for draw in influence.draws}
    helped = {residual.label: residual.helped_by for residual in influence.residual}
    yield from (label for label, door in expects.moved if door not in moved.get(label, ()))
    yield from (label for label, door in expects.unmoved if door in moved.get(label, (door,)))
    yield from (label for label, hold in expects.helped if hold not in helped.get(label, ()))
