"""The sources that a sweep turns, found by the name that a person gives them."""

import re
from collections.abc import Sequence

import msgspec

from seedlab.errors import ChoiceError
from seedlab.inquiry.sources import FoundSource
from seedlab.phrases import enumerated, following, listed, plural, sentence, shortened
from seedlab.results.influence import InfluenceSource
from seedlab.results.trace import Seed

MOST_NAMED = 8
_AT = re.compile(r"(?P<door>[^@]+)@(?:(?P<file>.+):)?(?P<line>[0-9]{1,9})")
_SEED = re.compile(r"seed=(-?[0-9]{1,100})")
_ADVICE = sentence("Name it like seed=42, or like numpy.random.seed@4 with its line.")


class Turned(msgspec.Struct, frozen=True):
    """The sources that get another value, all the same one."""

    sources: tuple[InfluenceSource, ...]
    sites: tuple[str, ...]
    """Where they are turned, as `seedlab.observer.held.site_of` writes it."""
    seed: int | None
    """The seed that the script sets there itself; None where it sets none, or none that is a whole number."""

    def turns(self, value: int) -> tuple[str, ...]:
        """Return what a request has in `turns` so that these sources get ``value``."""
        return tuple(f"={value} {site}" for site in self.sites)


def turned_by(text: str, found: Sequence[FoundSource]) -> Turned:
    """Return those of ``found`` that a person means by ``text``; where that is empty, the script's only seed.

    ``seed=42`` means every place where the script sets 42, ``DOOR@LINE`` and ``DOOR@FILE:LINE`` the source at that
    line. Raise `ChoiceError` where there is none, or where one sets several seeds in a run.
    """
    if not text:
        chosen = _only_seed(found)
    elif (match := _SEED.fullmatch(text)) is not None:
        chosen = [each for each in found if each.source.kind == "set" and _is_seed(each, int(match[1]))]
    elif (match := _AT.fullmatch(text)) is not None:
        chosen = [each for each in found if _is_at(each, match["door"], match["file"], int(match["line"]))]
    else:
        raise ChoiceError("turn", sentence("--turn cannot be “{text}”.", text=shortened(text)), _ADVICE)
    if not chosen:
        what = sentence("No source of randomness is “{turn}” in this script.", turn=shortened(text))
        raise ChoiceError("turn", what, _choose_from(found))
    for each in chosen:
        _check_one_seed(each)
    seeds = {each.source.seed for each in chosen}
    if len(seeds) > 1:
        what = sentence("“{turn}” means sources with different seeds.", turn=shortened(text))
        raise ChoiceError("turn", what, _choose_from(chosen))
    first = chosen[0].source
    own = first.seed if type(first.seed) is int and not first.varies else None
    return Turned(tuple(each.source for each in chosen), tuple(site for each in chosen for site in each.sites), own)


def name_of(source: InfluenceSource) -> str:
    """Return the text by which `turned_by` finds ``source``, by its line."""
    place = f"{source.line}" if source.file is None else f"{source.file}:{source.line}"
    return f"{source.door}@{place}"


def _only_seed(found: Sequence[FoundSource]) -> list[FoundSource]:
    """Return the places where the only seed of a script is set. Raise `ChoiceError` where it sets several, or none."""
    of_seed: dict[Seed, list[FoundSource]] = {}
    for each in found:
        if each.source.kind == "set":
            of_seed.setdefault(each.source.seed, []).append(each)
    if len(of_seed) == 1:
        return next(iter(of_seed.values()))
    if of_seed:
        raise ChoiceError("turn", sentence("The script sets more than one seed."), _choose_from(found))
    if not found:
        what = sentence("The script was seen to set no seed, and to take no entropy.")
        raise ChoiceError("turn", what, sentence("There is nothing to turn; --runs N makes runs of it as it is."))
    what = sentence("The script sets no seed.")
    raise ChoiceError("turn", what, following(_choose_from(found), sentence("Or run it as it is, with --runs N.")))


def _choose_from(found: Sequence[FoundSource]) -> str:
    names = list(dict.fromkeys(told_text(each.source) for each in found if each.source.line is not None))
    if not names:
        return sentence("No source was seen at a line of it.")
    shown = names[:MOST_NAMED]
    more = len(names) - len(shown)
    if more:
        return plural(
            "Choose with --turn from: {names}, and {count} more.",
            "Choose with --turn from: {names}, and {count} more.",
            more,
            names=enumerated(shown),
        )
    return sentence("Choose with --turn from: {names}.", names=enumerated(shown))


def told_text(source: InfluenceSource) -> str:
    """Return the name of ``source``, with its seed."""
    name = name_of(source)
    return (
        sentence("{name} (seed {seed})", name=name, seed=shortened(str(source.seed)))
        if source.kind == "set"
        else sentence("{name} (no seed)", name=name)
    )


def _is_seed(found: FoundSource, seed: int) -> bool:
    # One that sets others, too, is refused later on.
    return any(type(each) is int and each == seed for seeds in found.seeds for each in seeds)


def _is_at(found: FoundSource, door: str, file: str | None, line: int) -> bool:
    source = found.source
    doors = {source.door, *(part.door for part in source.parts), source.through}
    known = any(each == door or each.endswith(f".{door}") for each in doors if each)
    return known and source.line == line and (source.file or None) == file


def _check_one_seed(found: FoundSource) -> None:
    """Raise `ChoiceError` where ``found`` sets several seeds in one run: they cannot all be one value."""
    if found.source.kind != "set":
        return
    several = next((seeds for seeds in found.seeds if len(dict.fromkeys(seeds)) > 1), None)
    if several is not None:
        seeds = listed([shortened(str(seed)) for seed in dict.fromkeys(several)])
        what = sentence("{name} sets several seeds in one run: {seeds}.", name=name_of(found.source), seeds=seeds)
        raise ChoiceError(
            "turn", what, sentence("Turn what they are made of: give it as an argument, or set one seed.")
        )
