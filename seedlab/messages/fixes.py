"""The words for a fix: how it was seen to work, what was not enough, and why there is none."""

from collections.abc import Iterator, Mapping, Sequence

from seedlab.analysis.rows import Verdict
from seedlab.analysis.summary import Summary
from seedlab.inquiry.holds import FOLDER, LATER
from seedlab.inquiry.reading import is_leak
from seedlab.libraries.registry import LIBRARIES
from seedlab.messages.headlines import HeadlineText, headline_text
from seedlab.messages.influence import place_text, source_text
from seedlab.messages.runs import files_text
from seedlab.phrases import begun, following, listed, noted, noted_plural, plural, sentence
from seedlab.results.influence import Fix, Influence, InfluenceSource, MovedDraw, NoFix

_NO_FIX = {
    "threads": noted(
        "Several threads draw from one state, and nobody decides which comes first: give each thread "
        "a generator of its own, with a seed of its own."
    ),
    "no-place": noted("A seed is needed at {place}, and no safe place to write it was found: give it one by hand."),
    "unknown": noted("Why is not known, so neither is what to write."),
}
_CONFIDENCE = 0.05
_MOST_NAMED = 3
_NUMBERS = (
    noted("No"),
    noted("One"),
    noted("Two"),
    noted("Three"),
    noted("Four"),
    noted("Five"),
    noted("Six"),
    noted("Seven"),
    noted("Eight"),
    noted("Nine"),
)


def fix_title(fix: Fix) -> str:
    """Return how large ``fix`` is: ``The smallest fix: 2 lines and one setting``."""
    return sentence("The smallest fix: {change}", change=change_text(fix))


def change_text(fix: Fix) -> str:
    """Return what ``fix`` consists of: ``2 lines``, ``one line and one setting``, ``the same folder for each run``."""
    lines, settings = sum(len(edit.text.splitlines()) for edit in fix.edits), len(fix.settings)
    parts = [plural("one line", "{count} lines", lines)] if lines else []
    parts += [plural("one setting", "{count} settings", settings)] if settings else []
    parts += [sentence("the same folder for each run")] if fix.same_folder else []
    return listed(parts)


def proof_text(fix: Fix) -> str:
    """Return how ``fix`` was seen to work."""
    runs = _proof_runs_text(fix)
    if fix.proved:
        one, many = noted_plural(
            "proved: in {runs}, {count} draw repeats to the bit",
            "proved: in {runs}, all {count} draws repeat to the bit",
        )
        return plural(one, many, len(fix.labels), runs=runs)
    share = 1 - _CONFIDENCE ** (1 / max(fix.of, 1))
    return sentence(
        "repeated in {repeated} of {runs}; as threads take part, up to {share:.0%} of runs may still differ",
        repeated=fix.repeated,
        runs=runs,
        share=share,
    )


def _proof_runs_text(fix: Fix) -> str:
    if not fix.edits:
        return plural("{count} cold run", "{count} cold runs", fix.of)
    return plural("{count} cold run of the changed script", "{count} cold runs of the changed script", fix.of)


def folder_text(influence: Influence) -> str:
    """Return what has to be done with the folder for the fix of ``influence`` to hold; empty where nothing has."""
    if influence.fix is None or not influence.fix.same_folder:
        return ""
    if not influence.changed:
        return sentence("A run goes on from what the one before has left: before each, put the folder back as it was.")
    return sentence(
        "A run goes on from what the one before has left: it changes {names}. Before each, put the folder back as it "
        "was.",
        names=files_text(influence.changed),
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
        return sentence("Tried before: {change}. The changed script did not draw all.", change=change)
    text = noted("Tried before, and not enough: {change}. {repeated} of {of} cold runs drew the same.")
    return sentence(text, change=change, repeated=trial.repeated, of=trial.of)


def no_fix_text(reason: NoFix, sources: Sequence[InfluenceSource]) -> str:
    """Return why some draws cannot be made to repeat, and what could be done instead."""
    texts: dict[str, str] = dict(_NO_FIX)
    for library in LIBRARIES.libraries:
        stated: Mapping[str, str] = getattr(library.part("messages"), "NO_FIX", {})
        texts.update(stated)
    source = next((each for each in sources if each.id == reason.source), None)
    place = place_text(None, None) if source is None else place_text(source.file, source.line)
    why = sentence(texts.get(reason.code, texts["unknown"]), place=place)
    one, many = noted_plural("{names} has no fix. {why}", "{names} have no fix. {why}")
    return plural(one, many, len(reason.labels), names=listed(reason.labels), why=why)


def column_headline(summary: Summary, influence: Influence | None) -> HeadlineText:
    """Return the headline of one column: what an inquiry came to where a fix was looked for, else what its runs say."""
    if influence is not None and not influence.is_partial and (influence.fix or influence.no_fix or influence.trials):
        changing = {draw.label for draw in influence.draws if not draw.repeats}
        # What runs of one day, or in private views, do not show.
        unseen = {item.label for item in influence.residual if {FOLDER, LATER.name}.intersection(item.helped_by)}
        differing = {row.label for row in summary.comparison.rows if row.verdict is Verdict.DIFFERS}
        # Runs that were added since may say something else.
        if not summary.problems and changing - unseen <= differing <= changing:
            return why_headline(influence)
    return headline_text(summary.headline)


def why_headline(influence: Influence) -> HeadlineText:
    """Return what an inquiry came to: how many seeds are missing, what changes, and what makes it repeat."""
    changing = [draw for draw in influence.draws if not draw.repeats]
    if not influence.draws:
        return HeadlineText(sentence("There is nothing to explain: no values were drawn."))
    if influence.is_partial:
        names = _names(changing, influence)
        one, many = noted_plural(
            "{names} changes, and not all was tried yet.", "{names} change, and not all was tried yet."
        )
        told = plural(one, many, len(changing), names=names) if changing else sentence("Not all was tried yet.")
        # A name stays as it is; that it is all of them begins a sentence.
        return HeadlineText(told if names in {draw.label for draw in changing} else begun(told))
    if not changing:
        return HeadlineText(sentence("Every draw repeats: nothing is missing."), _deciding(influence))
    return HeadlineText(following(*_causes(changing, influence)), _remedy(influence))


def _causes(changing: Sequence[MovedDraw], influence: Influence) -> Iterator[str]:
    """Yield a sentence for each kind of cause that ``changing`` draws have."""
    by_id = {source.id: source for source in influence.sources}
    helped = {item.label: item.helped_by for item in influence.residual if item.helped_by}
    leaks: dict[str, InfluenceSource] = {}
    kinds: dict[str, list[MovedDraw]] = {}
    for draw in changing:
        moving = [by_id[name] for name in draw.moved_by if is_leak(by_id[name])]
        # A seed that is made from another one that is missing is none beside it.
        seedless = {each.id for each in moving if each.state == "entropy"}
        seeds = [each for each in moving if each.id not in seedless and not set(each.made_from) - seedless]
        leaks.update((each.id, each) for each in seeds)
        surroundings = "folder" if helped.get(draw.label) == (FOLDER,) else "no seed"
        kind = "seed" if seeds else "entropy" if moving else surroundings if draw.label in helped else "unknown"
        kinds.setdefault(kind, []).append(draw)
    if "seed" in kinds:
        yield _missing(list(leaks.values()), kinds["seed"], influence)
    for kind, (one, many) in _KINDS.items():
        if kind in kinds:
            yield plural(one, many, len(kinds[kind]), names=_names(kinds[kind], influence))


_KINDS = {
    "entropy": noted_plural(
        "{names} changes with the system's entropy, which takes no seed.",
        "{names} change with the system's entropy, which takes no seed.",
    ),
    "folder": noted_plural(
        "{names} changes with what the run before has left in the folder.",
        "{names} change with what the run before has left in the folder.",
    ),
    "no seed": noted_plural("{names} changes, and no seed is the cause.", "{names} change, and no seed is the cause."),
    "unknown": noted_plural("{names} changes, and why is not known.", "{names} change, and why is not known."),
}


def _missing(leaks: Sequence[InfluenceSource], changing: Sequence[MovedDraw], influence: Influence) -> str:
    number = sentence(_NUMBERS[len(leaks)]) if len(leaks) < len(_NUMBERS) else str(len(leaks))
    if all(source.kind == "set" for source in leaks):
        one, many = noted_plural("{number} seed does not stay the same", "{number} seeds do not stay the same")
    else:
        one, many = noted_plural("{number} seed is missing", "{number} seeds are missing")
    seeds = plural(one, many, len(leaks), number=number)
    one, many = noted_plural("{seeds}: {names} changes.", "{seeds}: {names} change.")
    return plural(one, many, len(changing), seeds=seeds, names=_names(changing, influence))


def _names(draws: Sequence[MovedDraw], influence: Influence) -> str:
    if len(draws) == len(influence.draws) > _MOST_NAMED:
        return sentence("all {count} draws", count=len(draws))
    return listed([draw.label for draw in draws])


def _remedy(influence: Influence) -> str:
    fix = influence.fix
    if fix is None:
        if influence.trials:
            return sentence("No fix was found: none that was tried made all repeat.")
        without = [label for reason in influence.no_fix for label in reason.labels]
        one, many = noted_plural(
            "Nothing that a person writes makes it repeat.", "Nothing that a person writes makes them repeat."
        )
        return plural(one, many, len(without)) if without else ""
    runs = _proof_runs_text(fix)
    without = [label for reason in influence.no_fix for label in reason.labels]
    if without:
        text = noted("With {change}, all but {names} repeats: seen in {runs}.")
        return sentence(text, change=change_text(fix), names=listed(without), runs=runs)
    return sentence("With {change}, everything repeats: seen in {runs}.", change=change_text(fix), runs=runs)


def _deciding(influence: Influence) -> str:
    moving = {name for draw in influence.draws for name in draw.moved_by}
    sources = [source for source in influence.sources if source.id in moving]
    if not sources:
        return sentence("No source of randomness moves any of them.")
    return sentence("They are moved by {sources} alone.", sources=listed([source_text(source) for source in sources]))


def inquiry_text(free: int, runs: int) -> str:
    """Return how many runs as they are there were, and how many it took to find out why."""
    as_they_are = plural("{count} run", "{count} runs", free)
    one, many = noted_plural("{free} · {count} run to find out why", "{free} · {count} runs to find out why")
    return plural(one, many, runs, free=as_they_are)


def fixed_name_text(name: str) -> str:
    """Return the name of a column whose script has the fix of the column ``name``."""
    return sentence("{name}, fixed", name=name)


def cannot_try_text() -> str:
    """Return why no fix can be tried beside the column."""
    return sentence("There is no fix to try here: press W to find one, or remove a column to make room for it.")


def no_diff_text(*, is_setting: bool) -> str:
    """Return why there is no diff to take away; ``is_setting`` where the fix is none of a file."""
    if is_setting:
        return sentence("There is no diff: the fix changes no file, only how the script is started")
    return sentence("There is no diff here: press W to find a fix")
