"""Why a draw of NumPy's legacy global state repeats or not (numpy/random/mtrand.pyx)."""

from seedlab.evidence.evidence import Evidence
from seedlab.evidence.finding import Finding, Note
from seedlab.evidence.trace_index import TraceIndex
from seedlab.libraries.generator_rules import annotate_global_state, explain_global_state

_LIBRARY = "numpy"
_OWN_STATE = frozenset({"RandomState", "Generator", "default_rng", "SeedSequence"})


def explain(evidence: Evidence) -> Finding | None:
    return explain_global_state(evidence, _LIBRARY, "numpy.random", _OWN_STATE, "numpy.no-seed")


def annotate(position: int, trace: TraceIndex) -> Note | None:
    return annotate_global_state(position, trace, _LIBRARY, "numpy.starts-from")
