"""The words for causes that were tried, and for what was seen where none was."""

from seedlab.evidence.finding import Finding, Wording
from seedlab.messages.influence import cause_texts
from seedlab.phrases import following, listed, noted, sentence
from seedlab.results.influence import InfluenceSource, MovedDraw, SharedState


def _cause(finding: Finding) -> str:
    draw, sources, helped = finding["draw"], finding["sources"], finding["helped"]
    assert isinstance(draw, MovedDraw)
    assert isinstance(sources, tuple)
    assert isinstance(helped, tuple)
    known = [source for source in sources if isinstance(source, InfluenceSource)]
    shared = finding["shared"]
    assert isinstance(shared, tuple)
    states = [each for each in shared if isinstance(each, SharedState)]
    return following(*cause_texts([sentence("It")], draw, known, [str(name) for name in helped], states))


def _moves(finding: Finding) -> str:
    labels = finding["labels"]
    assert isinstance(labels, tuple)
    names = [str(label) for label in labels]
    return sentence("moves {names}", names=listed(names))


def _taken(finding: Finding) -> str:
    # As `seedlab.libraries.system.doors` calls its clocks.
    is_clock = str(finding["door"]).startswith("time.")
    return sentence("reads the clock") if is_clock else sentence("takes entropy from the system")


def _set(finding: Finding) -> str:
    return sentence("sets the seed {seed}", seed=finding["seed"])


SENTENCES: dict[str, Wording] = {
    "cause.not-tried": noted("What moves it has not been tried yet."),
    "cause.not-tried-yet": noted("Not yet tried."),
    **dict.fromkeys(
        (
            "cause.unknown",
            "cause.surroundings",
            "cause.leak",
            "cause.not-seen",
            "cause.seeds",
            "cause.none",
        ),
        _cause,
    ),
    "cause.moves": _moves,
    "cause.moves-nothing": noted("moves nothing"),
    "cause.not-seen-to-move": noted("was not seen to move anything"),
    "cause.not-tried-here": noted("what it moves was not tried"),
    "cause.taken": _taken,
    "cause.set": _set,
    "cause.set-otherwise": noted("sets another seed in each run"),
}
REASONS = {
    "cause.surroundings": noted("no seed is the cause"),
    "cause.leak": noted("a source without a seed moves it"),
    "cause.seeds": noted("only seeds that are set move it"),
}
