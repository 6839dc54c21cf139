"""The words for what a run did outside its folder, and for the runs that would do it again."""

from collections.abc import Sequence

from seedlab.phrases import listed, noted, plural, sentence
from seedlab.results.effects import Effect

_EFFECTS = {
    "written": noted("wrote {what}"),
    "removed": noted("removed {what}"),
    "connected": noted("connected to {what}"),
    "started": noted("started {what}"),
}


def effect_text(effect: Effect) -> str:
    """Return one line on ``effect``."""
    return sentence(_EFFECTS[effect.kind], what=effect.what)


def effects_text() -> str:
    """Return the beginning of a list of effects."""
    return sentence("The first run did more than work in its folder:")


def effects_of_text(names: Sequence[str]) -> str:
    """Return the beginning of a list of effects that the first runs of the columns ``names`` had."""
    return plural(
        "The first run of {names} did more than work in its folder:",
        "The first runs of {names} did more than work in their folders:",
        len(names),
        names=listed(names),
    )


def more_effects_text(count: int) -> str:
    """Return the line that ``count`` more effects are not listed."""
    return sentence("and {count:,} more", count=count)


def incomplete_effects_text() -> str:
    """Return the sentence that there may be effects that were not seen."""
    return sentence("Not everything could be watched: there may be more.")


def runs_to_come_text(runs: int) -> str:
    """Return the sentence that ``runs`` more runs were asked for."""
    return plural("One more run is to come.", "{count:,} more runs are to come.", runs)


def may_do_again_text(runs: int) -> str:
    """Return the sentences that ``runs`` more runs were asked for, and what is to be expected of them."""
    return plural(
        "One more run is to come, and may do the same again.",
        "{count:,} more runs are to come, and each may do the same again.",
        runs,
    )


def make_more_text(runs: int) -> str:
    """Return what the button says that lets ``runs`` more runs be made."""
    return plural("Make one more run", "Make {count:,} more runs", runs)
