"""Why a draw of a TensorFlow op repeats or not.

The rules are those of ``get_seed`` and ``set_random_seed`` in tensorflow/python/framework/random_seed.py
(read in 1.15.5 and 2.21.0).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from seedlab.evidence.evidence import Evidence
from seedlab.evidence.finding import AnnotationKind, Finding, Note, Parameter, Seeding
from seedlab.evidence.trace_index import TraceIndex, line_of, sort_of
from seedlab.results.trace import Event, Seed, Shared, Source, Use

MODULUS = 2**31 - 1
"""TensorFlow keeps each seed modulo this (``_MAXINT32``)."""
_LIBRARY = "tensorflow"
_FUNCTION = "function"
"""The graphs of functions, which copy the eager seed when they are traced, and keep it."""
_SORTS = ("eager", "default graph", "graph", _FUNCTION)
"""The sorts of state that ``get_seed`` knows; TensorFlow's other generators follow other rules."""


def explain(evidence: Evidence) -> Finding | None:
    position = evidence.flow.last_before(evidence.end, _LIBRARY, _SORTS, "use", "taken")
    if position is None:
        return None
    op = evidence.trace.trace[position]
    if isinstance(op, Use):
        return _explain_seeded(evidence, position, op)
    assert isinstance(op, Source)
    return _explain_unseeded(evidence, position, op)


def _explain_seeded(evidence: Evidence, position: int, op: Use) -> Finding:
    graph_seed = _graph_seed(evidence.trace, position)
    op_lines = _lines(op)
    parameters: dict[str, Parameter] = {"op": evidence.op, "pair": op.seeds}
    if op.op_seed is not None:
        parameters |= {"op_seed": op.op_seed, "op_seed_kept": _kept(op.op_seed)}
    if graph_seed is None:
        code = "tensorflow.unobserved-graph-seed" if op.op_seed is None else "tensorflow.op-seed"
        parameters["graph"], _ = _graph(op.state, evidence.trace)
        return Finding.of(code, lines=op_lines, seeding=Seeding.SEEDED, is_observed=True, **parameters)
    code = "tensorflow.graph-seed" if op.op_seed is None else "tensorflow.both-seeds"
    parameters |= _about_seed(graph_seed, evidence.trace)
    return Finding.of(code, lines=_lines(graph_seed) + op_lines, seeding=Seeding.SEEDED, is_observed=True, **parameters)


def _explain_unseeded(evidence: Evidence, position: int, op: Source) -> Finding:
    op_lines = _lines(op)
    late = _first_seed_after(evidence.trace, position)
    if late is not None:
        graph, _ = _graph(late.state, evidence.trace)
        return Finding.of(
            "tensorflow.too-late",
            lines=op_lines + _lines(late),
            seeding=Seeding.UNSEEDED,
            op=evidence.op,
            seed=late.seed,
            graph=graph,
            line=line_of(late),
        )
    other = _seed_of_another_graph(evidence.trace, op.state)
    if other is not None:
        return Finding.of(
            "tensorflow.other-graph",
            lines=_lines(other) + op_lines,
            seeding=Seeding.UNSEEDED,
            is_observed=True,
            op=evidence.op,
            **_about_seed(other, evidence.trace),
        )
    return Finding.of("tensorflow.no-seed", lines=op_lines, seeding=Seeding.UNSEEDED, op=evidence.op)


def annotate(position: int, trace: TraceIndex) -> Note | None:
    event = trace.trace[position]
    if event.library != _LIBRARY or sort_of(event.state) not in _SORTS or isinstance(event, Shared):
        return None
    if isinstance(event, Use):
        return Note(AnnotationKind.USED, Finding.of("tensorflow.pair", pair=event.seeds))
    if event.kind == "taken":
        return Note(AnnotationKind.SYSTEM, Finding.of("tensorflow.from-system"))
    last = _last_op(event.state, trace)
    graph, number = _graph(event.state, trace)
    if last is None:
        return Note(AnnotationKind.UNUSED, Finding.of("tensorflow.set-unused", graph=graph, graph_number=number))
    if last < position:
        return Note(AnnotationKind.UNUSED, Finding.of("tensorflow.set-too-late"))
    return Note(AnnotationKind.SET, Finding.of("tensorflow.set", graph=graph, graph_number=number))


def _last_op(state: str, trace: TraceIndex) -> int | None:
    """Return the position of the last op whose seed may be that of ``state``."""
    states = (state, _FUNCTION) if state == "eager" else (state,)
    found = (trace.last_before(len(trace.trace), _LIBRARY, each, "use", "taken") for each in states)
    return max((position for position in found if position is not None), default=None)


def _graph_seed(trace: TraceIndex, position: int) -> Source | None:
    """Return the graph seed in force on the op's graph when the op at ``position`` was made."""
    op = trace.trace[position]
    sets = _sets(op.state, trace)
    for place in range(bisect_left(sets, position) - 1, -1, -1):
        event = trace.trace[sets[place]]
        if op.state != _FUNCTION:
            # An event without a seed takes the earlier seed back.
            return event if isinstance(event, Source) and event.seed is not None else None
        # A seed that is set while a function is traced comes too late for it; the pair tells which one was copied.
        if isinstance(op, Use) and isinstance(event, Source) and _is_first_of(op.seeds, event.seed):
            return event
    return None


def _is_first_of(pair: tuple[int, int], seed: Seed) -> bool:
    return pair[0] == seed % MODULUS if isinstance(seed, int) else isinstance(seed, str)


def _first_seed_after(trace: TraceIndex, position: int) -> Source | None:
    sets = _sets(trace.trace[position].state, trace)
    for place in range(bisect_right(sets, position), len(sets)):
        event = trace.trace[sets[place]]
        if isinstance(event, Source) and event.seed is not None:
            return event
    return None


def _sets(state: str, trace: TraceIndex) -> Sequence[int]:
    """Return the positions at which a seed was set that ops of ``state`` may get, in order."""
    own = trace.positions(_LIBRARY, state, "set")
    if state != _FUNCTION:
        return own
    eager = trace.positions(_LIBRARY, "eager", "set")
    return sorted([*own, *eager]) if own else eager


def _seed_of_another_graph(trace: TraceIndex, state: str) -> Source | None:
    own = (state, "eager") if state == _FUNCTION else (state,)
    for position in trace.first_seeds(_LIBRARY):
        event = trace.trace[position]
        if isinstance(event, Source) and event.state not in own and sort_of(event.state) in _SORTS:
            return event
    return None


def _about_seed(graph_seed: Source, trace: TraceIndex) -> dict[str, Parameter]:
    """Return the parameters that describe ``graph_seed`` in a finding."""
    graph, number = _graph(graph_seed.state, trace)
    return {
        "seed": graph_seed.seed,
        "seed_kept": _kept(graph_seed.seed),
        "graph": graph,
        "graph_number": number,
        "line": line_of(graph_seed),
    }


def _graph(state: str, trace: TraceIndex) -> tuple[str, int | None]:
    """Return the kind of state, and the number of the last kind.

    The kinds are ``eager``, ``default``, ``function``, ``only`` and ``numbered``.
    """
    if sort_of(state) != "graph":
        return {"eager": "eager", _FUNCTION: "function"}.get(state, "default"), None
    number = state.removeprefix("graph ")
    is_only = number == "1" and not trace.has_state(_LIBRARY, "graph 2")
    # A document may name a graph that has no number.
    return ("only", None) if is_only or not number.isdecimal() else ("numbered", int(number))


def _kept(seed: Seed) -> int | None:
    """Return what TensorFlow keeps of ``seed``; None where that is the seed itself."""
    return seed % MODULUS if isinstance(seed, int) and not 0 <= seed < MODULUS else None


def _lines(event: Event) -> tuple[int, ...]:
    line = line_of(event)
    return () if line is None else (line,)
