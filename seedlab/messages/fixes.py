"""The words for a fix: how it was seen to work, what was not enough, and why there is none."""

from collections.abc import Mapping, Sequence

from seedlab.libraries.registry import LIBRARIES
from seedlab.messages.influence import place_text
from seedlab.phrases import listed, plural, sentence
from seedlab.results.influence import Fix, InfluenceSource, NoFix

_NO_FIX = {
    "threads": "Several threads draw from one state, and nobody decides which comes first: give each thread a "
    "generator of its own, with a seed of its own.",
    "no-place": "A seed is needed at {place}, and no safe place to write it was found: give it one by hand.",
    "unknown": "Why is not known, so neither is what to write.",
}
_CONFIDENCE = 0.05


def fix_title(fix: Fix) -> str:
    """Return how large ``fix`` is: ``The smallest fix: 2 lines and one setting``."""
    return sentence("The smallest fix: {change}", change=change_text(fix))


def change_text(fix: Fix) -> str:
    """Return how many lines and settings ``fix`` has: ``2 lines``, ``one line and one setting``."""
    lines, settings = sum(len(edit.text.splitlines()) for edit in fix.edits), len(fix.settings)
    parts = [plural("one line", "{count} lines", lines)] if lines else []
    parts += [plural("one setting", "{count} settings", settings)] if settings else []
    return listed(parts)


def proof_text(fix: Fix) -> str:
    """Return how ``fix`` was seen to work."""
    runs = plural("{count} cold run of the changed script", "{count} cold runs of the changed script", fix.of)
    if fix.proved:
        one = "proved: in {runs}, {count} draw repeats to the bit"
        many = "proved: in {runs}, all {count} draws repeat to the bit"
        return plural(one, many, len(fix.labels), runs=runs)
    share = 1 - _CONFIDENCE ** (1 / max(fix.of, 1))
    return sentence(
        "repeated in {repeated} of {runs}; as threads take part, up to {share:.0%} of runs may still differ",
        repeated=fix.repeated,
        runs=runs,
        share=share,
    )


def settings_text(fix: Fix, command: Sequence[str]) -> str:
    """Return how the script is started with the settings of ``fix``; empty where it has none."""
    if not fix.settings:
        return ""
    line = " ".join((*fix.settings, "python", *command))
    return sentence("Start it as: {line}", line=line)


def trial_text(trial: Fix) -> str:
    """Return what came of a smaller fix that was tried before."""
    change = change_text(trial)
    if not trial.repeated:
        return sentence("{change} was tried before: the changed script did not finish.", change=_begun(change))
    text = "{change} was tried before and is not enough: {repeated} of {of} cold runs drew the same."
    return sentence(text, change=_begun(change), repeated=trial.repeated, of=trial.of)


def no_fix_text(reason: NoFix, sources: Sequence[InfluenceSource]) -> str:
    """Return why some draws cannot be made to repeat, and what could be done instead."""
    texts: dict[str, str] = dict(_NO_FIX)
    for library in LIBRARIES.libraries:
        stated: Mapping[str, str] = getattr(library.part("messages"), "NO_FIX", {})
        texts.update(stated)
    source = next((each for each in sources if each.id == reason.source), None)
    place = place_text(None, None) if source is None else place_text(source.file, source.line)
    why = sentence(texts.get(reason.code, texts["unknown"]), place=place)
    one, many = "{names} has no fix. {why}", "{names} have no fix. {why}"
    return plural(one, many, len(reason.labels), names=listed(reason.labels), why=why)


def _begun(text: str) -> str:
    return text[0].upper() + text[1:]
