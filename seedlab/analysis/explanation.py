"""Why a draw repeats or not, told from the seed trace.

The rules are those of ``get_seed`` and ``set_random_seed`` in tensorflow/python/framework/random_seed.py
(read in 1.15.5 and 2.21.0).
"""

import enum
from collections.abc import Sequence

import msgspec

from seedlab.analysis.comparison import Comparison
from seedlab.analysis.labels import label_parts
from seedlab.analysis.lineage import Sources
from seedlab.analysis.rows import Row, Verdict
from seedlab.results.run import Draw, Outcome, Run
from seedlab.results.trace import Event, Seed, Source, Trace, Use

MODULUS = 2**31 - 1
"""TensorFlow keeps each seed modulo this (``_MAXINT32``)."""


class Reason(enum.Enum):
    """What the trace says of one draw's seed."""

    NOT_SET = "no seed reached it"
    OTHER_GRAPH = "the graph seed was set on another graph"
    TOO_LATE = "the graph seed was set after the op was made"
    OP_SEED = "its own op seed is enough"
    GRAPH_SEED = "the graph seed reached it"
    BOTH_SEEDS = "graph seed and op seed reached it"
    GENERATOR = "its generator was seeded"
    GENERATOR_UNSEEDED = "its generator was seeded from the system"
    UNKNOWN = "where it comes from was not observed"

    @property
    def is_seeded(self) -> bool:
        return self in {Reason.OP_SEED, Reason.GRAPH_SEED, Reason.BOTH_SEEDS, Reason.GENERATOR}


class Explanation(msgspec.Struct, frozen=True):
    """Of one draw."""

    label: str
    reason: Reason
    sentence: str
    lines: tuple[int, ...]
    """1-based lines of the script that the reason lies in."""


class AnnotationKind(enum.Enum):
    """What a line did: set a seed, set one in vain, made an op with a pair, or one without."""

    SET = "set"
    UNUSED = "unused"
    USED = "used"
    SYSTEM = "system"


class Annotation(msgspec.Struct, frozen=True):
    """What happened at one line of the script."""

    line: int
    kind: AnnotationKind
    text: str


class Headline(msgspec.Struct, frozen=True):
    """What a listener should take home."""

    title: str
    subtitle: str = ""


# --- one draw ----------------------------------------------------------------------------------


def explain(run: Run, script: str, comparison: Comparison) -> tuple[Explanation, ...]:
    """One explanation for each draw of ``run``, whose verdict is in ``comparison``."""
    sources = Sources(script)
    return tuple(_explain_draw(draw, run, sources, comparison.row(draw.label)) for draw in run.draws)


def _explain_draw(draw: Draw, run: Run, sources: Sources, row: Row | None) -> Explanation:
    before = run.trace[: draw.events_before]
    lines = sources.of_line(draw.line)
    used = [event for event in before if _is_op(event) and event.line in lines]
    if used:
        reason, sentence, told = _explain_op(label_parts(draw.label).op or "The op", used[-1], run.trace)
    else:
        reason, sentence, told = _explain_generator(draw, run, before, sources)
    return Explanation(draw.label, reason, sentence + _contradiction(reason, row), told)


def _explain_op(op: str, used: Event, trace: Trace) -> tuple[Reason, str, tuple[int, ...]]:
    graph_seed = _graph_seed_of(used, trace)
    made = _lines(used)
    if isinstance(used, Use):
        pair = f"the pair ({used.seeds[0]}, {used.seeds[1]}), the same in every run"
        own = f"seed {used.op_seed}{_modulo_note(used.op_seed)}"
        if graph_seed is None and used.op_seed is None:
            return Reason.GRAPH_SEED, f"A graph seed that was not observed gives {op} {pair}.", made
        if graph_seed is None:
            return Reason.OP_SEED, f"Op {own} is enough: without a graph seed it gives {op} {pair}.", made
        on = _the(graph_seed.state, trace)
        where = f"Graph seed {graph_seed.seed}{_modulo_note(graph_seed.seed)}, set on {on} {_at(graph_seed)},"
        told = _lines(graph_seed) + made
        if used.op_seed is None:
            return Reason.GRAPH_SEED, f"{where} gives {op} {pair}.", told
        return Reason.BOTH_SEEDS, f"{where} and op {own} give {op} {pair}.", told
    unseeded = f"{op} draws from the system, anew in every run"
    late = next((e for e in _sets_after(used, trace) if e.state == used.state and e.seed is not None), None)
    if late is not None:
        sentence = f"Graph seed {late.seed} was set {_at(late)}, after {op} was made: {unseeded}."
        return Reason.TOO_LATE, sentence, made + _lines(late)
    other = next(
        (
            e
            for e in trace
            if _is_graph_set(e) and e.state != used.state and isinstance(e, Source) and e.seed is not None
        ),
        None,
    )
    if other is not None:
        on = _the(other.state, trace)
        sentence = f"Graph seed {other.seed} was set {_at(other)} on {on}, not on the graph of {op}: {unseeded}."
        return Reason.OTHER_GRAPH, sentence, _lines(other) + made
    return Reason.NOT_SET, f"No seed was set: {unseeded}.", made


def _explain_generator(draw: Draw, run: Run, before: Trace, sources: Sources) -> tuple[Reason, str, tuple[int, ...]]:
    lines = sources.of_line(draw.line)
    sets = [event for event in before if isinstance(event, Source) and event.library in {"python", "numpy"}]
    own = [event for event in sets if event.state.startswith("generator") and event.line in lines]
    states = sources.modules_of_line(draw.line)
    if not own and not states:
        # A number of epochs, a version: to call its source seeded or unseeded would be a guess.
        return Reason.UNKNOWN, f"{_first_upper(Reason.UNKNOWN.value)}.", ()
    if not own:
        own = [event for event in sets if event.state == "global" and event.library in states]
        if len({event.library for event in own}) not in {0, len(states)}:
            return Reason.UNKNOWN, f"{_first_upper(Reason.UNKNOWN.value)}.", ()
    if own:
        last = own[-1]
        if last.seed is not None:
            position = _position(last, run.trace)
            nth = sum(earlier.events_before > position for earlier in run.draws[: run.draws.index(draw) + 1])
            again = (
                "again "
                if any(
                    e.seed == last.seed and (e.library, e.state) == (last.library, last.state)
                    for e in sets
                    if e is not last
                )
                else ""
            )
            sentence = f"Seed {last.seed} was set {again}{_at(last)}: draw {nth} after it, the same in every run."
            return Reason.GENERATOR, sentence, _lines(last)
        sentence = f"The generator {_at(last)} was given no seed: it starts from the system, anew in every run."
        return Reason.GENERATOR_UNSEEDED, sentence, _lines(last)
    of = f" of {_listed(sorted(map(_state_name, states)))}" if sets else ""
    sentence = f"No seed{of} was set before this draw: it starts from the system, anew in every run."
    return Reason.NOT_SET, sentence, ()


def _contradiction(reason: Reason, row: Row | None) -> str:
    """What to add where the values do not do what the trace lets expect."""
    if row is None:
        return ""
    if reason.is_seeded and row.verdict is Verdict.DIFFERS:
        return " Yet the values differ: equal seeds are not enough for this op on this device."
    if reason is Reason.UNKNOWN:
        return ""
    if not reason.is_seeded and row.verdict is Verdict.REPEATS:
        return " Yet the values repeat: this may not be a random value."
    return ""


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _is_graph_set(event: Event) -> bool:
    return isinstance(event, Source) and event.kind == "set" and event.library == "tensorflow"


def _is_op(event: Event) -> bool:
    """Return True for an op that asked for its seeds, whether it got any or draws from the system."""
    is_unseeded = isinstance(event, Source) and event.kind == "taken" and event.library == "tensorflow"
    return isinstance(event, Use) or is_unseeded


def _graph_seed_of(used: Event, trace: Trace) -> Source | None:
    """The graph-level seed in force on the op's graph when the op was made."""
    before = trace[: _position(used, trace)]
    sets = [e for e in before if isinstance(e, Source) and _is_graph_set(e) and e.state == used.state]
    return sets[-1] if sets and sets[-1].seed is not None else None


def _sets_after(used: Event, trace: Trace) -> list[Source]:
    return [e for e in trace[_position(used, trace) :] if isinstance(e, Source) and _is_graph_set(e)]


def _position(event: Event, trace: Trace) -> int:
    # By identity: two ops of one line can have equal events.
    return next(i for i, other in enumerate(trace) if other is event)


def _the(on: str, trace: Trace) -> str:
    if on == "graph 1" and not any(event.state == "graph 2" for event in trace):
        return "this graph"
    return {"eager": "eager mode", "default graph": "the default graph"}.get(on, on)


def _at(event: Event) -> str:
    return f"at line {event.line}" if event.line is not None else "outside the script"


def _lines(event: Event) -> tuple[int, ...]:
    return () if event.line is None else (event.line,)


def _modulo_note(seed: Seed) -> str:
    outside = isinstance(seed, int) and not 0 <= seed < MODULUS
    return f" (kept as {seed % MODULUS})" if outside and isinstance(seed, int) else ""


# --- one script --------------------------------------------------------------------------------


def annotate(trace: Trace) -> tuple[Annotation, ...]:
    """What each line did to a seed, in the order of the lines; a line that did it many times says so once."""
    noted: dict[int, list[Annotation]] = {}
    for event in trace:
        if event.line is not None:
            noted.setdefault(event.line, []).append(_annotation(event, event.line, trace))
    return tuple(_merged(noted[line]) for line in sorted(noted))


def _merged(notes: list[Annotation]) -> Annotation:
    texts = list(dict.fromkeys(note.text for note in notes))
    more = f" (and {len(texts) - 2} more)" if len(texts) > 2 else ""
    return Annotation(notes[0].line, notes[0].kind, "; ".join(texts[:2]) + more)


def _annotation(event: Event, line: int, trace: Trace) -> Annotation:
    if isinstance(event, Use):
        return Annotation(line, AnnotationKind.USED, f"pair ({event.seeds[0]}, {event.seeds[1]})")
    if event.library != "tensorflow":
        if event.kind == "taken":
            return Annotation(line, AnnotationKind.SYSTEM, "seeded from the system")
        return Annotation(line, AnnotationKind.SET, f"{_state(event)} starts from {event.seed}")
    if event.kind == "taken":
        return Annotation(line, AnnotationKind.SYSTEM, "no seed: draws from the system")
    uses = [position for position, e in enumerate(trace) if _is_op(e) and e.state == event.state]
    on = f"set on {_the(event.state, trace)}"
    if uses and uses[-1] > _position(event, trace):
        return Annotation(line, AnnotationKind.SET, on)
    why = "too late: no op used it" if uses else f"{on}: no op used it"
    return Annotation(line, AnnotationKind.UNUSED, why)


def _state(event: Source) -> str:
    return _state_name(event.library) if event.state == "global" else "this generator"


def _state_name(library: str) -> str:
    return {"python": "the random module", "numpy": "NumPy's global state"}[library]


# --- one experiment ----------------------------------------------------------------------------


def headline(runs: Sequence[Run], comparison: Comparison, explanations: Sequence[Explanation]) -> Headline:
    """One sentence on what the runs of one experiment show, and one on why."""
    unfinished = [run for run in runs if run.outcome is not Outcome.FINISHED]
    told = _headline(runs, unfinished, comparison, explanations)
    if not unfinished or not comparison.rows:
        return told
    left_out = f"{len(unfinished)} of {len(runs)} run{'' if len(runs) == 1 else 's'} did not finish."
    return Headline(told.title, f"{left_out} {told.subtitle}".strip())


def _headline(
    runs: Sequence[Run], unfinished: Sequence[Run], comparison: Comparison, explanations: Sequence[Explanation]
) -> Headline:
    if not comparison.rows:
        if unfinished:
            was = "was " if unfinished[0].outcome is Outcome.CANCELLED else ""
            return Headline(f"No values: the run {was}{unfinished[0].outcome.value}.", unfinished[0].problem)
        return Headline("No values: the script printed no labelled number.") if runs else Headline("")
    verdicts = {row.verdict for row in comparison.rows}
    if verdicts == {Verdict.ONE_RUN} and all(row.missing_in for row in comparison.rows):
        return Headline("No draw has a counterpart in another run.")
    if verdicts == {Verdict.ONE_RUN}:
        return Headline("One run: run again to see what repeats.", _why(explanations))
    # A draw that a failed run did not reach says nothing against the others.
    if verdicts <= {Verdict.REPEATS, Verdict.ONE_RUN}:
        if Verdict.ONE_RUN in verdicts:
            return Headline("What several runs drew repeats.", _why(explanations))
        that = "" if all(row.runs == len(runs) for row in comparison.rows) else " that has it"
        return Headline(f"Every draw repeats in every run{that}.", _why(explanations))
    if Verdict.REPEATS not in verdicts and Verdict.DIFFERS in verdicts:
        return Headline("Nothing repeats.", _why(explanations))
    differing = _ops(comparison, Verdict.DIFFERS)
    repeating = [op for op in _ops(comparison, Verdict.REPEATS) if op not in differing]
    if not differing:
        why = next((row.remark for row in comparison.rows if row.not_comparable), "")
        return Headline("Some draws cannot be compared.", why)
    about_differing = [e for e in explanations if (label_parts(e.label).op or e.label) in differing]
    title = (
        f"{_listed(repeating)} repeat{_s(repeating)}, {_listed(differing)} do{'es' if len(differing) == 1 else ''} not."
    )
    return Headline(title if repeating else f"{_listed(differing)} differ{_s(differing)}.", _why(about_differing))


def _ops(comparison: Comparison, verdict: Verdict) -> list[str]:
    return list(dict.fromkeys(label_parts(r.label).op or r.label for r in comparison.rows if r.verdict is verdict))


def _listed(names: list[str]) -> str:
    if len(names) > 4:
        return f"{', '.join(names[:3])} and {len(names) - 3} more"
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1] if names else "")))


def _s(names: list[str]) -> str:
    return "s" if len(names) == 1 else ""


def _why(explanations: Sequence[Explanation]) -> str:
    explanations = [explanation for explanation in explanations if explanation.reason is not Reason.UNKNOWN]
    reasons = list(dict.fromkeys(explanation.reason for explanation in explanations))
    if not reasons:
        return ""
    if len(reasons) == 1:
        return f"Why: {reasons[0].value}."
    ops: dict[Reason, list[str]] = {reason: [] for reason in reasons}
    for explanation in explanations:
        name = label_parts(explanation.label).op or explanation.label
        if name not in ops[explanation.reason]:
            ops[explanation.reason].append(name)
    return "Why: " + "; ".join(f"{_listed(ops[reason])}: {reason.value}" for reason in reasons) + "."
