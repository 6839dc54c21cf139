"""What columns show side by side: where each op repeats, and rules that differ between the versions they ran with."""

from collections.abc import Iterable, Sequence
from itertools import combinations

from msgspec.structs import replace

from seedlab.analysis.headlines import Headline, Shown, headline_side_by_side
from seedlab.analysis.labels import label_parts
from seedlab.analysis.summary import Summary
from seedlab.evidence.counterparts import Counterpart, Versions, versions_in
from seedlab.evidence.finding import Finding
from seedlab.libraries.registry import LIBRARIES
from seedlab.study.lab import Column


def headline_across(columns: Sequence[Column], summaries: Sequence[Summary]) -> Headline:
    """Return the headline of ``columns`` side by side; a single column has its own."""
    pairs = zip(columns, summaries, strict=True)
    shown = headline_side_by_side([Shown(column.name, each.headline, each.comparison) for column, each in pairs])
    if shown.title is None or len(columns) == 1:
        return shown
    return replace(shown, subtitle=(*shown.subtitle, *version_findings(columns, summaries)))


def version_findings(columns: Sequence[Column], summaries: Sequence[Summary]) -> tuple[Finding, ...]:
    """Return the rules by which interpreters of ``columns`` differ, each once with all ops that it acts on."""
    drawn = [
        (column, summary)
        for column, summary in zip(columns, summaries, strict=True)
        if column.interpreter is not None and summary.explanations
    ]
    found: dict[str, Finding] = {}
    for (one, its_summary), (other, others_summary) in combinations(drawn, 2):
        is_same = (one.script, one.program) == (other.script, other.program)
        if not is_same or _packages(one) == _packages(other):
            continue
        rules = _rules()
        theirs = {each.label: _counterpart(other, others_summary, each.label) for each in others_summary.explanations}
        for explanation in its_summary.explanations:
            counterpart = theirs.get(explanation.label)
            if counterpart is not None:
                for finding in _between(_counterpart(one, its_summary, explanation.label), counterpart, rules):
                    _add(found, finding)
    return tuple(found.values())


def _rules() -> list[Versions]:
    parts = (library.part("versions") for library in LIBRARIES.libraries)
    return [versions_in(part) for part in parts if part is not None]


def _between(one: Counterpart, other: Counterpart, rules: Iterable[Versions]) -> Iterable[Finding]:
    """Yield what ``rules`` say of the two, whichever has the older package."""
    for each in rules:
        finding = each.between(one, other) or each.between(other, one)
        if finding is not None:
            yield finding


def _add(found: dict[str, Finding], finding: Finding) -> None:
    """Add ``finding`` to ``found``; of a rule that is there already, only the ops."""
    known = found.setdefault(finding.code, finding)
    before, after = known["ops"], finding["ops"]
    assert isinstance(before, tuple)
    assert isinstance(after, tuple)
    ops = tuple(dict.fromkeys([*before, *after]))
    if ops != before:
        found[finding.code] = replace(known, named=tuple(sorted({**known.parameters, "ops": ops}.items())))


def _packages(column: Column) -> object:
    return None if column.interpreter is None else (column.interpreter.python, column.interpreter.packages)


def _counterpart(column: Column, summary: Summary, label: str) -> Counterpart:
    assert column.interpreter is not None
    explanation, influence = summary.explanation(label), column.influence
    moved = None
    if influence is not None and not influence.is_partial:
        draw = next((each for each in influence.draws if each.label == label), None)
        is_all_tried = not any(source.untried for source in influence.sources)
        if draw is not None and is_all_tried and not draw.not_seen and not draw.missing:
            moved = tuple(each for each in influence.sources if each.id in draw.moved_by)
    return Counterpart(
        op=label_parts(label).op or label,
        interpreter=column.interpreter,
        findings=() if explanation is None else explanation.findings,
        moved_by=moved,
    )
