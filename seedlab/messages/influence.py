"""The words for what an inquiry has found: which source moves which draw, and which does not."""

from collections.abc import Container, Iterable, Mapping, Sequence

from seedlab.inquiry.holds import FOLDER
from seedlab.inquiry.reading import Mark
from seedlab.libraries.registry import LIBRARIES
from seedlab.phrases import begun, listed, meaning, noted, noted_plural, plural, retold, sentence, shortened
from seedlab.results.influence import Influence, InfluenceSource, MovedDraw, SharedState
from seedlab.results.trace import Source

TURNS = 3
_MOST_NAMED = 3
_WHOLE_SECONDS = 10
"""The number of seconds from which on their decimals are not told."""
_HELD = {
    "hash secret": noted("the hash secret is fixed (PYTHONHASHSEED=0)"),
    "clock": noted("the clock is held"),
    "later-clock": noted("the clock is held"),
    "deterministic tf.data": noted("tf.data keeps its order"),
    "op determinism": noted("TensorFlow's ops are deterministic (enable_op_determinism)"),
    "one thread": noted("TensorFlow computes in one thread"),
    "addresses": noted("the addresses of objects are the same"),
    "folder": noted("each run finds the folder as the first did"),
}


def place_text(file: str | None, line: int | None) -> str:
    """Return ``line 4``, ``line 4 of model.py``, or where it is that no line is known."""
    if line is None:
        return sentence("no line of the script")
    if file is None:
        return sentence("line {line}", line=line)
    return sentence("line {line} of {file}", line=line, file=shortened(file))


def source_text(source: InfluenceSource) -> str:
    """Return what ``source`` is and where, as a part of a sentence."""
    place = place_text(source.file, source.line)
    title = _title(source)
    if source.kind == "set" and source.varies:
        return sentence("the seed that {title} sets at {place}, which does not stay the same", title=title, place=place)
    if source.kind == "set":
        seed = shortened(str(source.seed))
        if source.others:
            one, many = noted_plural(
                "the seed {seed} and one more that {title} sets at {place}",
                "the seed {seed} and {count} more that {title} sets at {place}",
            )
            return plural(one, many, source.others, seed=seed, title=title, place=place)
        return sentence("the seed {seed} that {title} sets at {place}", seed=seed, title=title, place=place)
    if source.state == "entropy":
        return sentence("the system's entropy, through {title} at {place}", title=title, place=place)
    return sentence("{title} at {place}, without a seed", title=title, place=place)


def mark_text(source: InfluenceSource) -> str:
    """Return in a word or two whether ``source`` was given a seed."""
    if source.kind == "taken":
        return sentence("no seed")
    if source.varies:
        return sentence("other seeds")
    if source.others:
        return sentence("seed {seed} and {count} more", seed=shortened(str(source.seed)), count=source.others)
    return sentence("seed {seed}", seed=shortened(str(source.seed)))


def source_note(source: InfluenceSource, influence: Influence) -> str:
    """Return what stands below the line of ``source``: whether it was given a seed, what it moves, and who used it."""
    if not source.used_by:
        return moves_text(source, influence)
    moves, names = moves_text(source, influence), listed(source.used_by)
    return sentence("{moves}; {names} took seeds from it", moves=moves, names=names)


def moves_text(source: InfluenceSource, influence: Influence) -> str:
    """Return whether ``source`` was given a seed, and what it moves."""
    moved = [draw.label for draw in influence.draws if source.id in draw.moved_by]
    if source.untried:
        moves = retold(source.untried)
    elif moved:
        moves = sentence("moves {names}", names=listed(moved))
    elif any(source.id in draw.not_seen for draw in influence.draws):
        moves = sentence("was not seen to move anything")
    else:
        moves = sentence("moves nothing")
    return sentence("{mark}: {moves}", mark=mark_text(source), moves=moves)


def listed_source_text(source: InfluenceSource) -> str:
    """Return ``source`` as a line of a list, its place first."""
    place = place_text(source.file, source.line)
    text = sentence("{place}: {title}", place=place, title=_title(source))
    return begun(text)


def sources_title(*, is_tried: bool, is_earlier: bool) -> str:
    """Return what stands above a list of sources, which were tried or only seen, in runs of what is no more or is."""
    if is_earlier:
        return sentence("Sources in the runs that are shown")
    return sentence("Sources") if is_tried else sentence("Sources that were seen; Why? (W) finds what each moves")


def more_sources_text(count: int) -> str:
    """Return that ``count`` more sources are not listed."""
    return plural("and one more, in Why?", "and {count} more, in Why?", count)


def no_sources_text() -> str:
    """Return that a run has shown none."""
    return sentence("None was seen: nothing asked for a random number.")


_LEGEND = {
    Mark.STAYS: noted("does not move it"),
    Mark.DOUBTFUL: noted("was not seen to move it, though it takes few values"),
    Mark.UNTRIED: noted("was not given another value"),
}


def shapes_text(marks: Container[Mark], moving: Container[bool]) -> str:
    """Return what shapes mean: for ``moving`` True, what no seed decides moves a draw; for False, a seed does."""
    shapes = {True: noted("● no seed, moves it"), False: noted("■ seed, moves it")}
    told = [sentence(text) for is_leak, text in shapes.items() if is_leak in moving]
    others = [f"{mark.value} {sentence(meaning)}" for mark, meaning in _LEGEND.items() if mark in marks]
    return "   ".join([*told, *others])


def cause_texts(
    labels: Sequence[str],
    draw: MovedDraw,
    known: Sequence[InfluenceSource],
    helped: Sequence[str],
    shared: Sequence[SharedState] = (),
) -> list[str]:
    """Return sentences on ``draw``, and on all draws with ``labels``, which are moved alike.

    ``known`` are the sources that there are, ``helped`` is what has to be held for the draw to repeat, and ``shared``
    are the states that several threads draw from.
    """
    sources = {source.id: source for source in known}
    moved = [sources[name] for name in draw.moved_by if name in sources]
    leaks = [source for source in moved if source.kind == "taken" or source.varies]
    doubtful = [sources[name] for name in draw.not_seen if name in sources and sources[name].kind == "taken"]
    if not leaks and not helped and not draw.unexplained and any(source.untried for source in known):
        told = [_open(labels, draw)]
    elif doubtful and not leaks and not helped and draw.repeats:
        told = [_repeated(labels, moved)]
    else:
        told = [_verdict(labels, draw, moved, leaks, helped)]
    told += [_threads_text(each, draw) for each in shared if _may_decide(each, draw, moved)]
    if not draw.repeats and not draw.unexplained:
        told += _not_moving(draw, known, len(labels))
    told += [_made_from(source, sources) for source in moved if source.made_from]
    told += [_used_by(source) for source in moved if source.used_by]
    if doubtful and not leaks and not helped:
        if len(labels) == 1:
            one, many = noted_plural(
                "That {sources} was not seen to move it in {turns} turns may be chance, because it takes few values.",
                "That {sources} were not seen to move it in {turns} turns may be chance, because it takes few values.",
            )
        else:
            one, many = noted_plural(
                "That {sources} was not seen to move them in {turns} turns may be chance, because they take few "
                "values.",
                "That {sources} were not seen to move them in {turns} turns may be chance, because they take few "
                "values.",
            )
        told.append(plural(one, many, len(doubtful), sources=_sources(doubtful), turns=TURNS))
    vanishing = [sources[name] for name in draw.missing if name in sources]
    if vanishing:
        one, many = noted_plural(
            "It is not drawn with every value of {sources}.", "They are not drawn with every value of {sources}."
        )
        names = listed([source_text(source) for source in vanishing])
        told.append(plural(one, many, len(labels), sources=names))
    return told


def _may_decide(shared: SharedState, draw: MovedDraw, moved: Sequence[InfluenceSource]) -> bool:
    """Return True where ``draw`` may come from the state that threads share."""
    return draw.unexplained or any((each.library, each.state) == (shared.library, shared.state) for each in moved)


def _threads_text(shared: SharedState, draw: MovedDraw) -> str:
    title = _titled(shared.door) or shared.door
    if draw.repeats:
        text = noted("But {threads} threads draw from {title}: unless they take turns, that can differ.")
    else:
        text = noted("{threads} threads draw from {title}: unless they take turns, nothing decides which is first.")
    return sentence(text, threads=shared.threads, title=title)


def _open(labels: Sequence[str], draw: MovedDraw) -> str:
    """Return what is known of draws that no source was seen to move, while not all were tried."""
    names = listed(labels)
    if draw.repeats:
        one, many = noted_plural(
            "{names} was the same in the runs as they are; not all sources were tried.",
            "{names} were the same in the runs as they are; not all sources were tried.",
        )
    else:
        one, many = noted_plural(
            "{names} does not repeat, and why is not known: not all sources were tried.",
            "{names} do not repeat, and why is not known: not all sources were tried.",
        )
    return plural(one, many, len(labels), names=names)


def _repeated(labels: Sequence[str], moved: Sequence[InfluenceSource]) -> str:
    """Return what is known of draws that were the same in every run, though a leak may move them."""
    names = listed(labels)
    if moved:
        one, many = noted_plural(
            "{names} was the same in the runs as they are; it is moved by {sources}.",
            "{names} were the same in the runs as they are; they are moved by {sources}.",
        )
        return plural(one, many, len(labels), names=names, sources=_sources(moved))
    one, many = noted_plural(
        "{names} was the same in every run, and nothing was seen to move it.",
        "{names} were the same in every run, and nothing was seen to move them.",
    )
    return plural(one, many, len(labels), names=names)


def _verdict(
    labels: Sequence[str],
    draw: MovedDraw,
    moved: Sequence[InfluenceSource],
    leaks: Sequence[InfluenceSource],
    helped: Sequence[str],
) -> str:
    names, count = listed(labels), len(labels)
    if draw.unexplained:
        one, many = noted_plural(
            "{names} does not repeat, and why is not known: nothing that was tried makes it repeat.",
            "{names} do not repeat, and why is not known: nothing that was tried makes them repeat.",
        )
        return plural(one, many, count, names=names)
    if "later-clock" in helped and leaks:
        one, many = noted_plural(
            "{names} was the same in the runs as they are, but comes from the clock, by the seed at {places}: at "
            "another time it is another one.",
            "{names} were the same in the runs as they are, but come from the clock, by the seed at {places}: at "
            "another time they are other ones.",
        )
        places = listed([place_text(source.file, source.line) for source in leaks])
        return plural(one, many, count, names=names, places=places)
    if "later-clock" in helped:
        one, many = noted_plural(
            "{names} was the same in the runs as they are, but comes from the clock: at another time it is another "
            "one.",
            "{names} were the same in the runs as they are, but come from the clock: at another time they are other "
            "ones.",
        )
        return plural(one, many, count, names=names)
    if tuple(helped) == (FOLDER,):
        one, many = noted_plural(
            "{names} goes on from what an earlier run has left in the folder, and no seed is the cause: it repeats "
            "while {holds}.",
            "{names} go on from what an earlier run has left in the folder, and no seed is the cause: they repeat "
            "while {holds}.",
        )
        if leaks:
            one, many = noted_plural(
                "{names} does not repeat: it is moved by {sources}, and goes on from what an earlier run has left in "
                "the folder.",
                "{names} do not repeat: they are moved by {sources}, and go on from what an earlier run has left in "
                "the folder.",
            )
        return plural(one, many, count, names=names, holds=holds_text(helped), sources=_sources(leaks))
    if helped:
        one, many = noted_plural(
            "{names} does not repeat, and no seed is the cause: it repeats while {holds}.",
            "{names} do not repeat, and no seed is the cause: they repeat while {holds}.",
        )
        if leaks:
            one, many = noted_plural(
                "{names} does not repeat: it is moved by {sources}, and it repeats only while {holds}.",
                "{names} do not repeat: they are moved by {sources}, and they repeat only while {holds}.",
            )
        return plural(one, many, count, names=names, holds=holds_text(helped), sources=_sources(leaks))
    if leaks:
        one, many = noted_plural(
            "{names} does not repeat: it is moved by {sources}.", "{names} do not repeat: they are moved by {sources}."
        )
        return plural(one, many, count, names=names, sources=_sources(leaks))
    if not draw.repeats and moved:
        one, many = noted_plural(
            "{names} does not repeat, and why is not known: it is moved by {sources} alone.",
            "{names} do not repeat, and why is not known: they are moved by {sources} alone.",
        )
        return plural(one, many, count, names=names, sources=_sources(moved))
    if not draw.repeats:
        one, many = noted_plural(
            "{names} does not repeat, and why is not known: no source was seen to move it.",
            "{names} do not repeat, and why is not known: no source was seen to move them.",
        )
        return plural(one, many, count, names=names)
    if moved:
        one, many = noted_plural(
            "{names} repeats: it is moved by {sources} alone.", "{names} repeat: they are moved by {sources} alone."
        )
        return plural(one, many, count, names=names, sources=_sources(moved))
    one, many = noted_plural("{names} repeats: no source moves it.", "{names} repeat: no source moves them.")
    return plural(one, many, count, names=names)


def estimate_text(name: str, runs: int, seconds: float) -> str:
    """Return how many ``runs`` it takes to find what moves the draws of ``name``; one as it is took ``seconds``."""
    time = f"{seconds:.1f}" if seconds < _WHOLE_SECONDS else f"{seconds:.0f}"
    return plural(
        "Finding what moves the draws of {name} takes about one run of at most {time} s.",
        "Finding what moves the draws of {name} takes about {count} runs of at most {time} s each.",
        runs,
        name=name,
        time=time,
    )


def inquiry_notes(problem: str, untried: Sequence[str], problem_after: str) -> tuple[str, ...]:
    """Return why an inquiry has found no more, what could not be held, and why a next run fails, as sentences."""
    notes = []
    if problem:
        notes.append(sentence("No more was found: {problem}.", problem=retold(problem)))
    if untried:
        text = noted("Could not be tried, because the script did not finish: {holds}.")
        notes.append(sentence(text, holds=listed(untried)))
    if problem_after:
        text = noted("In the folder that a run has left, the next one does not finish: {problem}.")
        notes.append(sentence(text, problem=retold(problem_after)))
    return tuple(notes)


def repeats_while_text(holds: Iterable[str]) -> str:
    """Return what is no seed and has to be held, as a line of its own."""
    return sentence("no seed: repeats while {holds}", holds=holds_text(holds))


def holds_text(holds: Iterable[str]) -> str:
    """Return what is held, as a clause."""
    return listed([sentence(_HELD.get(name, name)) for name in holds])


def _not_moving(draw: MovedDraw, sources: Sequence[InfluenceSource], count: int) -> list[str]:
    """Return a sentence on the seeds that were set and do not move ``draw``, as a person may expect them to.

    It stands for ``count`` draws.
    """
    idle = [
        source
        for source in sources
        if source.kind == "set"
        and not source.varies
        and not source.untried
        and source.id not in (*draw.moved_by, *draw.not_seen)
    ]
    if not idle or len(idle) > _MOST_NAMED:
        return []
    if count == 1:
        one, many = noted_plural("{sources} does not move it.", "{sources} do not move it.")
    else:
        one, many = noted_plural("{sources} does not move them.", "{sources} do not move them.")
    text = plural(one, many, len(idle), sources=_sources(idle))
    return [begun(text)]


def _made_from(source: InfluenceSource, sources: Mapping[str, InfluenceSource]) -> str:
    origins = [sources[name] for name in source.made_from if name in sources]
    place = place_text(source.file, source.line)
    return sentence("The seed at {place} is made from {sources}.", place=place, sources=_sources(origins))


def _used_by(source: InfluenceSource) -> str:
    title = _title(source)
    names = listed(source.used_by)
    one, many = noted_plural(
        "{names} took its seed from {title} by itself.", "{names} took their seeds from {title} by themselves."
    )
    return plural(one, many, len(source.used_by), names=names, title=title)


def _sources(sources: Sequence[InfluenceSource]) -> str:
    return listed([source_text(source) for source in sources])


def _title(source: InfluenceSource) -> str:
    """Return what a person calls the function at which ``source`` was reached."""
    if len(source.parts) > 1 and source.through:
        return f"{source.through.rpartition('.')[2]}()"
    if len(source.parts) > 1:
        return sentence("the statement")
    titled = _titled(source.door)
    if titled:
        return titled
    return f"{source.through if source.state == 'entropy' and source.through else source.door}()"


def _titled(door: str) -> str:
    """Return what a library calls its ``door`` in sentences; empty where it has no words for it."""
    for library in LIBRARIES.libraries:
        titles: Mapping[str, str] = getattr(library.part("messages"), "SOURCES", {})
        if door in titles:
            return sentence(titles[door])
    return ""


def first_difference_text(event: Source, other: Source | None, runs: tuple[int, int], labels: Sequence[str]) -> str:
    """Return where two runs first differ on a cause of the draws ``labels``, with the calls that lead there."""
    first, second = runs
    place = place_text(event.file, event.line)
    calls = [
        sentence("{function} at {place}", function=function, place=place_text(file, line))
        for file, line, function in event.stack[1:]
    ]
    between = meaning("between two calls, each of which was made by the next", ", by ")
    via = sentence(", called by {calls}", calls=between.join(calls)) if calls else ""
    named = {"names": listed(labels), "first": first, "second": second, "place": place, "via": via}
    title = f"{event.through if event.state == 'entropy' and event.through else event.door}"
    if event.kind == "taken":
        text = noted("{names}: runs {first} and {second} part at {place}{via}, where {title} takes entropy.")
        return sentence(text, **named, title=title)
    if other is not None and (other.file, other.line, other.door) == (event.file, event.line, event.door):
        text = noted(
            "{names}: runs {first} and {second} part at {place}{via}, where {title} is given {seed} and {other}."
        )
        return sentence(text, **named, title=title, seed=event.seed, other=other.seed)
    text = noted("{names}: runs {first} and {second} part at {place}{via}, which only one of them reaches.")
    return sentence(text, **named)
