"""Causes that an inquiry has tried, as explanations of draws and as annotations of lines."""

from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from seedlab.analysis.explanation import UNKNOWN, Annotation, Explanation
from seedlab.analysis.labels import label_parts
from seedlab.evidence.finding import AnnotationKind, Finding, Seeding
from seedlab.evidence.trace_index import line_of
from seedlab.results.influence import Influence, InfluenceSource, MovedDraw, SharedState
from seedlab.results.run import Draw, Run
from seedlab.results.trace import PYTHON_GLOBAL, Seed, Shared, Source, Trace, Use

NOT_TRIED = Finding.of("cause.not-tried")
"""What moves the draw can be tried, and has not been."""
NOT_TRIED_YET = Finding.of("cause.not-tried-yet")
"""What the traces show of the draw stands before this; whether it moves the draw has not been tried yet."""


_SEEN = ("cause.leak", "cause.surroundings")
"""What an experiment has shown, whatever else it will show."""


def tried_explanations(draws: Iterable[Draw], influence: Influence) -> tuple[Explanation, ...]:
    """Return what ``influence`` says of each of ``draws``; those that it does not know have not been tried."""
    known = {draw.label: draw for draw in influence.draws}
    helped = {item.label: item.helped_by for item in influence.residual}
    found: dict[str, Explanation] = {}
    for draw in draws:
        moved = known.get(draw.label)
        if moved is None:
            found.setdefault(draw.label, Explanation(draw.label, (NOT_TRIED,)))
        else:
            finding = cause_of(moved, influence.sources, helped.get(draw.label, ()), influence.shared)
            if influence.is_partial and not moved.unexplained and finding.code not in _SEEN:
                # What was not seen so far may be seen yet.
                finding = NOT_TRIED
            found.setdefault(draw.label, Explanation(draw.label, (finding,)))
    return tuple(found.values())


def untried_explanations(explanations: Iterable[Explanation]) -> tuple[Explanation, ...]:
    """Return ``explanations``, which the traces of runs suggest, marked as not yet tried."""
    return tuple(
        replace(each, findings=(NOT_TRIED,) if each.findings == (UNKNOWN,) else (*each.findings, NOT_TRIED_YET))
        for each in explanations
    )


def cause_of(
    draw: MovedDraw,
    sources: Sequence[InfluenceSource],
    helped: tuple[str, ...],
    shared: tuple[SharedState, ...] = (),
) -> Finding:
    """Return the finding on ``draw``; it is the same for draws of which the same is known."""
    by_id = {source.id: source for source in sources}
    moved = [by_id[name] for name in draw.moved_by if name in by_id]
    leaks = [source for source in moved if source.kind == "taken" or source.varies]
    doubtful = [name for name in draw.not_seen if name in by_id and by_id[name].kind == "taken"]
    if draw.unexplained:
        code = "cause.unknown"
    elif helped:
        code = "cause.surroundings"
    elif leaks:
        code = "cause.leak"
    elif not draw.repeats:
        code = "cause.unknown"
    elif doubtful:
        code = "cause.not-seen"
    else:
        code = "cause.seeds" if moved else "cause.none"
    return Finding.of(
        code,
        lines=tuple(source.line for source in moved if source.file is None and source.line is not None),
        seeding=Seeding.SEEDED if draw.repeats else Seeding.UNSEEDED,
        draw=replace(draw, label="", extra=()),
        sources=tuple(sources),
        helped=helped,
        shared=shared,
    )


def tried_annotations(influence: Influence) -> tuple[Annotation, ...]:
    """Return what each line of the script was seen to move.

    A seed that was seen to move nothing is marked as unused, unless a draw may yet be moved by it.
    """
    doubtful = any(draw.unexplained for draw in influence.draws)
    found: dict[int, tuple[AnnotationKind, dict[Finding, None]]] = {}
    for source in influence.sources:
        if source.file is not None or source.line is None:
            continue
        labels = _names([draw.label for draw in influence.draws if source.id in draw.moved_by], influence)
        is_sure = not doubtful and not source.untried
        is_sure = is_sure and not any(source.id in (*draw.not_seen, *draw.missing) for draw in influence.draws)
        if source.kind == "taken":
            if not labels:
                continue
            kind = AnnotationKind.SYSTEM
        else:
            kind = AnnotationKind.UNUSED if is_sure and not labels else AnnotationKind.SET
        code = "cause.moves" if labels else ("cause.moves-nothing" if is_sure else "cause.not-seen-to-move")
        if source.untried and not labels:
            code = "cause.not-tried-here"
        finding = Finding.of(code, labels=labels, source=source)
        known_kind, findings = found.setdefault(source.line, (kind, {}))
        findings[finding] = None
        if known_kind is AnnotationKind.UNUSED and kind is not AnnotationKind.UNUSED:
            # A line is struck out only where all that it sets is in vain.
            found[source.line] = (kind, findings)
    return tuple(Annotation(line, kind, tuple(findings)) for line, (kind, findings) in sorted(found.items()))


def _names(labels: Sequence[str], influence: Influence) -> tuple[str, ...]:
    """Return ``labels``, but the name of an op in place of its draws where these are all among them."""
    moved = set(labels)
    by_op: dict[str, list[str]] = {}
    for draw in influence.draws:
        by_op.setdefault(label_parts(draw.label).op or draw.label, []).append(draw.label)
    found: dict[str, None] = {}
    for op, own in by_op.items():
        if moved.issuperset(own):
            found[op] = None
        else:
            found.update(dict.fromkeys(label for label in own if label in moved))
    return tuple(found)


def agreed_annotations(runs: Iterable[Run]) -> tuple[Annotation, ...]:
    """Return what was seen at each line of the script in all ``runs``, where nothing has been tried."""
    traced = [run.trace for run in runs if run.trace]
    seen = [_seen_at_lines(trace) for trace in traced]
    notes: dict[int, tuple[AnnotationKind, dict[Finding, None]]] = {}
    for key in seen[0] if seen else ():
        if all(key in at for at in seen):
            is_same = all(at[key] == seen[0][key] for at in seen)
            for mark, finding in _agreed(key, seen[0][key], is_same=is_same):
                notes.setdefault(key[0], (mark, {}))[1][finding] = None
    return tuple(Annotation(line, kind, tuple(findings)) for line, (kind, findings) in sorted(notes.items()))


_Place = tuple[int, str, str]
"""Line, kind of event, and door."""


def _seen_at_lines(trace: Trace) -> dict[_Place, list[Seed | tuple[int, int]]]:
    """Return the seeds that were set, or the pairs that were used, at each line of the script."""
    at: dict[_Place, list[Seed | tuple[int, int]]] = {}
    for event in trace:
        line = line_of(event)
        if line is None or isinstance(event, Shared):
            continue
        if isinstance(event, Source) and not (event.kind == "set" and event.seed is None):
            at.setdefault((line, event.kind, event.door), []).append(event.seed)
        elif isinstance(event, Use) and event.state != PYTHON_GLOBAL:
            at.setdefault((line, "use", event.door), []).append(event.seeds)
    return at


def _agreed(
    key: _Place, seeds: Sequence[Seed | tuple[int, int]], *, is_same: bool
) -> Iterator[tuple[AnnotationKind, Finding]]:
    _, kind, door = key
    if kind == "taken":
        yield AnnotationKind.SYSTEM, Finding.of("cause.taken", door=door)
    elif kind == "use":
        pairs = [pair for pair in dict.fromkeys(seeds) if isinstance(pair, tuple)]
        yield from ((AnnotationKind.USED, Finding.of("tensorflow.pair", pair=pair)) for pair in pairs if is_same)
    elif not is_same:
        yield AnnotationKind.SET, Finding.of("cause.set-otherwise", door=door)
    else:
        first = seeds[0]
        assert not isinstance(first, tuple)
        yield AnnotationKind.SET, Finding.of("cause.set", door=door, seed=first)
