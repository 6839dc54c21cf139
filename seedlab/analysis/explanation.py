"""Why draws repeat or not, as the libraries' rules find it in the trace."""

from collections.abc import Callable, Iterable, Mapping

import msgspec

from seedlab.analysis.comparison import Comparison
from seedlab.analysis.labels import label_parts
from seedlab.analysis.lineage import Assignments
from seedlab.analysis.rows import Row, Verdict
from seedlab.evidence.evidence import Evidence, Flow, Rules, rules_in
from seedlab.evidence.finding import AnnotationKind, Finding, Note, Seeding
from seedlab.evidence.trace_index import TraceIndex, line_of
from seedlab.libraries.registry import LIBRARIES
from seedlab.results.environment import Interpreter
from seedlab.results.run import Draw, Run
from seedlab.results.trace import Trace
from seedlab.study.experiment import Choice

UNKNOWN = Finding.of("unknown")
"""No rule knows where the draw comes from."""


class Explanation(msgspec.Struct, frozen=True):
    """Why one draw repeats or not."""

    label: str
    findings: tuple[Finding, ...]
    """One finding or more, which agree on the seed."""
    contradiction: Finding | None = None
    """A finding to add where the values are not as the findings lead one to expect."""

    @property
    def lines(self) -> tuple[int, ...]:
        """1-based lines of the script that the findings lie in."""
        return tuple(dict.fromkeys(line for finding in self.findings for line in finding.lines))

    @property
    def all_findings(self) -> tuple[Finding, ...]:
        """The findings, and the contradiction where there is one."""
        return self.findings if self.contradiction is None else (*self.findings, self.contradiction)


class Annotation(msgspec.Struct, frozen=True):
    """What happened at one 1-based line of the script."""

    line: int
    kind: AnnotationKind
    """The kind of what happened there first."""
    findings: tuple[Finding, ...]
    """Each finding once, in the order of the events."""


def explain(
    run: Run,
    script: str,
    comparison: Comparison,
    *,
    interpreter: Interpreter | None = None,
    settings: Mapping[str, Choice] | None = None,
) -> tuple[Explanation, ...]:
    """Return an explanation for each draw of ``run``, whose verdict is in ``comparison``.

    A text, or what is in a file, has none where nothing is known of it: most that is printed was never random.
    """
    assignments, rules = Assignments(script), _rules()
    trace = TraceIndex(run.trace, [draw.events_before for draw in run.draws])
    rows = {row.label: row for row in comparison.rows}
    flows: dict[int | None, Flow] = {}

    def evidence_of(number: int, draw: Draw) -> Evidence:
        row = rows.get(draw.label)
        if draw.line not in flows:
            lineage = assignments.of_line(draw.line)
            flows[draw.line] = Flow(trace, lineage.lines, lineage.names)
        return Evidence(
            draw=draw,
            number=number,
            op=label_parts(draw.label).op,
            trace=trace,
            flow=flows[draw.line],
            repeats=_repeats(row),
            runs=row.runs if row is not None else 0,
            distinct=row.distinct if row is not None else 0,
            interpreter=interpreter,
            settings=settings or {},
        )

    explained = [(draw, _explain_draw(evidence_of(number, draw), rules)) for number, draw in enumerate(run.draws)]
    return tuple(
        each for draw, each in explained if each.findings != (UNKNOWN,) or not (draw.is_text or draw.file is not None)
    )


def _rules() -> list[Rules]:
    found = (library.part("rules") for library in LIBRARIES.libraries)
    return [rules_in(module) for module in found if module is not None]


def _repeats(row: Row | None) -> bool | None:
    return None if row is None else {Verdict.REPEATS: True, Verdict.DIFFERS: False}.get(row.verdict)


def _explain_draw(evidence: Evidence, rules: Iterable[Rules]) -> Explanation:
    found = [finding for each in rules if (finding := each.explain(evidence)) is not None]
    # What was observed on the way to the draw is stronger evidence than a name in the source.
    found = [finding for finding in found if finding.is_observed] or found
    if len({finding.seeding for finding in found}) != 1:
        # Nothing is known, or one part of the value is seeded and another is not: whether it repeats would be a guess.
        return Explanation(evidence.draw.label, (UNKNOWN,))
    contradiction = _contradiction(found[0].seeding, evidence.repeats)
    return Explanation(evidence.draw.label, tuple(found), contradiction)


def _contradiction(seeding: Seeding, repeats: bool | None) -> Finding | None:
    if seeding is Seeding.SEEDED and repeats is False:
        return Finding.of("seeded-but-differs")
    if seeding is Seeding.UNSEEDED and repeats:
        return Finding.of("unseeded-but-repeats")
    return None


def annotate(trace: Trace) -> tuple[Annotation, ...]:
    """Return one annotation for each line that did something to a seed, in the order of the lines."""
    index, rules = TraceIndex(trace), _rules()
    noted: dict[int, dict[Finding, Note]] = {}
    for position, event in enumerate(trace):
        line = line_of(event)
        note = _note(position, index, [each.annotate for each in rules]) if line is not None else None
        if line is not None and note is not None:
            noted.setdefault(line, {}).setdefault(note.finding, note)
    return tuple(
        Annotation(line, next(iter(notes.values())).kind, tuple(notes)) for line, notes in sorted(noted.items())
    )


def _note(
    position: int, index: TraceIndex, annotating: Iterable[Callable[[int, TraceIndex], Note | None]]
) -> Note | None:
    return next((note for annotate in annotating if (note := annotate(position, index)) is not None), None)
