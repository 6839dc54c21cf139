"""Why a draw of NumPy repeats or not (numpy/random/mtrand.pyx and _generator.pyx)."""

from seedlab.evidence.evidence import Evidence
from seedlab.evidence.finding import Finding, Note
from seedlab.evidence.trace_index import TraceIndex
from seedlab.libraries.generator_rules import (
    annotate_global_state,
    annotate_own_generator,
    explain_global_state,
    explain_own_generator,
)

_LIBRARY = "numpy"
_OWN_STATE = frozenset({"RandomState", "Generator", "default_rng", "SeedSequence"})


def explain(evidence: Evidence) -> Finding | None:
    return explain_own_generator(evidence, _LIBRARY) or explain_global_state(
        evidence, _LIBRARY, "numpy.random", _OWN_STATE, "numpy.no-seed"
    )


def annotate(position: int, trace: TraceIndex) -> Note | None:
    return annotate_own_generator(position, trace, _LIBRARY) or annotate_global_state(
        position, trace, _LIBRARY, "numpy.starts-from"
    )
