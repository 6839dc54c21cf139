"""Judges what an inquiry has found against what is known."""

import enum

import msgspec

from seedlab.results.influence import Influence, InfluenceSource, MovedDraw
from tests.causes.truth import DrawTruth, ScriptTruth


class Judgement(enum.Enum):
    """What is said of one draw: true, nothing where something is known, or false."""

    RIGHT = "right"
    NOT_KNOWN = "not known"
    WRONG = "wrong"


class Judged(msgspec.Struct):
    """The judgement on one draw, with the reason where it is not right."""

    label: str
    judgement: Judgement
    why: str = ""


def judged(influence: Influence, truth: ScriptTruth) -> list[Judged]:
    """Return the judgement on each draw of ``truth``."""
    draws = {draw.label: draw for draw in influence.draws}
    helped = {item.label: item.helped_by for item in influence.residual}
    struck = _false_strikes(influence, truth)
    found = []
    for label, known in truth.draws.items():
        draw = draws.get(label)
        if draw is None:
            found.append(Judged(label, Judgement.WRONG, "it is not among the draws"))
        elif struck:
            found.append(Judged(label, Judgement.WRONG, struck))
        else:
            found.append(_judged(draw, known, influence, helped.get(label, ())))
    return found


def _judged(draw: MovedDraw, known: DrawTruth, influence: Influence, helped: tuple[str, ...]) -> Judged:
    label = draw.label
    if draw.unexplained:
        if known.is_not_known:
            return Judged(label, Judgement.RIGHT)
        return Judged(label, Judgement.NOT_KNOWN, "nothing made it repeat")
    if known.is_not_known:
        return Judged(label, Judgement.WRONG, "it is said to be explained")
    if sorted(helped) != sorted(known.helped_by):
        return Judged(label, Judgement.WRONG, f"it repeats under {helped}, and should under {known.helped_by}")
    by_id = {source.id: source for source in influence.sources}
    moving = {place_of(by_id[name]): by_id[name] for name in draw.moved_by}
    expected = set(known.moved_by)
    false = [place for place, source in moving.items() if place not in expected and not _is_made(source, moving, by_id)]
    if false:
        return Judged(label, Judgement.WRONG, f"it is said to be moved by {', '.join(false)}")
    doubtful = {place_of(by_id[name]) for name in draw.not_seen}
    missed = [place for place in expected if place not in moving and place not in doubtful]
    if missed:
        untried = {place_of(source) for source in influence.sources if source.untried}
        judgement = Judgement.NOT_KNOWN if untried.issuperset(missed) else Judgement.WRONG
        return Judged(label, judgement, f"it is not said to be moved by {', '.join(missed)}")
    if draw.repeats is known.differs and not known.takes_few_values:
        return Judged(label, Judgement.WRONG, f"it is said to {'repeat' if draw.repeats else 'differ'}")
    return Judged(label, Judgement.RIGHT)


def _is_made(source: InfluenceSource, moving: dict[str, InfluenceSource], by_id: dict[str, InfluenceSource]) -> bool:
    """Return True where ``source`` gets its seed from others that move the draw too: it hands their values on."""
    origins = {place_of(by_id[name]) for name in source.made_from if name in by_id}
    return bool(origins) and origins <= moving.keys()


def _false_strikes(influence: Influence, truth: ScriptTruth) -> str:
    """Return which source that moves something is said to move nothing; empty where none is."""
    moving = {place for known in truth.draws.values() for place in known.moved_by}
    said = {name for draw in influence.draws for name in (*draw.moved_by, *draw.not_seen)}
    heard = {place_of(each) for each in influence.sources if each.id in said or each.untried}
    silent = [place for each in influence.sources if (place := place_of(each)) not in heard]
    unknown = any(draw.unexplained for draw in influence.draws)
    return "" if unknown else ", ".join(f"{place} is said to move nothing" for place in silent if place in moving)


def place_of(source: InfluenceSource) -> str:
    """Return file and line of ``source``, as the truths have them."""
    return f"{source.file or ''}:{source.line or ''}"
