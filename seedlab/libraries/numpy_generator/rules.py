"""Why a draw of a generator that the script made itself repeats or not (numpy/random/_generator.pyx)."""

from seedlab.evidence.evidence import Evidence
from seedlab.evidence.finding import Finding, Note
from seedlab.evidence.trace_index import TraceIndex
from seedlab.libraries.generator_rules import annotate_own_generator, explain_own_generator


def explain(evidence: Evidence) -> Finding | None:
    return explain_own_generator(evidence, "numpy")


def annotate(position: int, trace: TraceIndex) -> Note | None:
    return annotate_own_generator(position, trace, "numpy")
