"""The rules that libraries with generators share: a seed sets a state, and each draw goes on from there."""

from seedlab.evidence.evidence import Evidence
from seedlab.evidence.finding import AnnotationKind, Finding, Note, Seeding
from seedlab.evidence.trace_index import TraceIndex, line_of
from seedlab.results.trace import Source

GLOBAL = "global"
"""The state that a module's functions share."""
_SORT = "generator"


def explain_own_generator(evidence: Evidence, library: str) -> Finding | None:
    """Explain a draw by the generator that the script made at a line which flows into it."""
    position = evidence.flow.last_before(evidence.end, library, (_SORT,), "set", "taken")
    return None if position is None else _explain_source(evidence, position, is_observed=True)


def explain_global_state(
    evidence: Evidence, library: str, module: str, own_state: frozenset[str], code: str
) -> Finding | None:
    """Explain a draw by the hidden generator of ``module``, where the source of the draw reads from it.

    ``own_state`` holds the names in the module that have a state of their own; ``code`` is that of the finding that
    no seed was set.
    """
    if not evidence.flow.reads(module, own_state):
        return None
    position = evidence.trace.last_before(evidence.end, library, GLOBAL, "set", "taken")
    # A state that is used before it got any seed is told under the name of its module.
    if position is None or evidence.trace.trace[position].door == module:
        return Finding.of(code, seeding=Seeding.UNSEEDED, is_observed=False)
    return _explain_source(evidence, position, is_observed=False)


def _explain_source(evidence: Evidence, position: int, *, is_observed: bool) -> Finding:
    source = evidence.trace.trace[position]
    assert isinstance(source, Source)
    line = line_of(source)
    lines = () if line is None else (line,)
    if source.seed is None:
        return Finding.of(
            "generator.from-system", lines=lines, seeding=Seeding.UNSEEDED, is_observed=is_observed, line=line
        )
    is_again = evidence.trace.is_again(position)
    return Finding.of(
        "generator.seeded-again" if is_again else "generator.seeded",
        lines=lines,
        seeding=Seeding.SEEDED,
        is_observed=is_observed,
        seed=source.seed,
        line=line,
        number=evidence.trace.draws_since(position, evidence.number),
    )


def annotate_own_generator(position: int, trace: TraceIndex, library: str) -> Note | None:
    """Return a note that the event at ``position`` made a generator of ``library``; None where it did not."""
    event = trace.trace[position]
    if isinstance(event, Source) and event.library == library and event.state.startswith(f"{_SORT} "):
        return _note(event, "generator.starts-from")
    return None


def annotate_global_state(position: int, trace: TraceIndex, library: str, code: str) -> Note | None:
    """Return a note that the event at ``position`` seeded the hidden generator; None where it did not.

    ``code`` is that of the finding that says which seed the generator starts from.
    """
    event = trace.trace[position]
    if isinstance(event, Source) and (event.library, event.state) == (library, GLOBAL):
        return _note(event, code)
    return None


def _note(source: Source, code: str) -> Note:
    if source.kind == "taken":
        return Note(AnnotationKind.SYSTEM, Finding.of("generator.taken-from-system"))
    return Note(AnnotationKind.SET, Finding.of(code, seed=source.seed))
