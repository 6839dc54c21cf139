"""The words for sweeps: what they cost, how a draw is distributed, and where one seed stands."""

import math
from collections.abc import Iterable, Sequence

from seedlab.analysis.distribution import (
    LEAST_FOR_INTERVAL,
    LEVEL,
    RESAMPLED_SIGNS,
    Better,
    Description,
    Paired,
    Standing,
)
from seedlab.errors import ChoiceError, RunRefusedError
from seedlab.messages.influence import mark_text, place_text, source_text
from seedlab.phrases import enumerated, following, listed, noted, noted_plural, plural, retold, sentence
from seedlab.results.influence import InfluenceSource

_MINUTE, _HOUR = 60, 3600
_SURE = 0.05
_LEAST_P = 2 / (RESAMPLED_SIGNS + 1)
"""The least probability that a permutation test with so many draws can tell."""


def number_text(number: float) -> str:
    """Return ``number`` with the digits that a person compares."""
    return "NaN" if math.isnan(number) else f"{number:.6g}"


def duration_text(seconds: float) -> str:
    """Return about how long ``seconds`` are."""
    if seconds < 1:
        return sentence("less than a second")
    if seconds < _MINUTE:
        return plural("{count} second", "{count} seconds", round(seconds))
    if seconds < _HOUR:
        return plural("{count} minute", "{count} minutes", max(round(seconds / _MINUTE), 1))
    hours = seconds / _HOUR
    return (
        plural("{count} hour", "{count} hours", round(hours))
        if hours >= 10
        else sentence("{hours:.1f} hours", hours=hours)
    )


def left_text(seconds: float) -> str:
    """Return how long something will still take."""
    return sentence("{time} left", time=duration_text(seconds))


def cost_text(runs: int, known: int, seconds: float, memory_bytes: int) -> str:
    """Return what the ``runs`` that are to be made will cost, beside those that are ``known`` from before."""
    made = plural("{count:,} run", "{count:,} runs", runs)
    if known:
        before = plural("{count:,} was made before", "{count:,} were made before", known)
        made = sentence("{runs} to make ({before})", runs=made, before=before)
    else:
        made = sentence("{runs} to make", runs=made)
    if not seconds:
        return sentence("{runs}.", runs=made)
    time = duration_text(seconds) if seconds < 1 else sentence("about {time}", time=duration_text(seconds))
    memory = sentence("{mb:,} MB", mb=math.ceil(memory_bytes / 2**20))
    return sentence("{runs}: {time}, and up to {memory} of memory.", runs=made, time=time, memory=memory)


def turned_text(sources: tuple[InfluenceSource, ...], seeds: str) -> str:
    """Return what is turned, and which values it gets."""
    names = listed([source_text(source) for source in sources])
    told = sentence("Turned to {seeds}: {names}.", seeds=seeds, names=names)
    if all(is_written(source) for source in sources):
        return told
    return following(told, sentence("Where no number is set for a seed, each stands for a value of seedlab's own."))


def is_written(source: InfluenceSource) -> bool:
    """Return True where a turned source gets the very number, as a person would write it in its place."""
    return source.kind == "set" and type(source.seed) is int


def are_seeds(sources: tuple[tuple[InfluenceSource, ...], ...]) -> bool:
    """Return True where each axis of a sweep, with what it turns, has seeds that a person could write."""
    return all(is_written(source) for axis in sources for source in axis)


def point_text(point: Iterable[int], *, is_seed: bool = True) -> str:
    """Return the name of a point: ``seed 42``, ``seeds 1 and 2``, or ``value 7`` where that is no seed."""
    values = [str(int(each)) for each in point]
    if len(values) == 1:
        return sentence("seed {seed}", seed=values[0]) if is_seed else sentence("value {value}", value=values[0])
    names = enumerated(values)
    return sentence("the pair {seeds}", seeds=names) if is_seed else sentence("the values {values}", values=names)


def noisy_text(labels: tuple[str, ...]) -> str:
    """Return the warning that the seeds alone do not decide the draws with ``labels``."""
    return plural(
        "{names} differed between two runs with the same seeds: what is seen is not the seed's doing alone. "
        "“seedlab why” looks for the cause.",
        "{names} differed between two runs with the same seeds: what is seen is not the seed's doing alone. "
        "“seedlab why” looks for the cause.",
        len(labels),
        names=listed([f"“{label}”" for label in labels]),
    )


def digests_text(label: str, runs: int) -> str:
    """Return the note on a large draw of which only the digest was kept."""
    return plural(
        "{label}: only a digest was kept of {count:,} run, for it is large and was not named with --draw. "
        "With --keep and another folder the runs are made anew.",
        "{label}: only a digest was kept of {count:,} runs, for it is large and was not named with --draw. "
        "With --keep and another folder the runs are made anew.",
        runs,
        label=label,
    )


def no_element_text(name: str, size: int) -> str:
    """Return that a draw has no such element."""
    one, many = noted_plural(
        "{name}: there is no such element, the draw has {count:,}.",
        "{name}: there is no such element, the draw has {count:,}.",
    )
    return plural(one, many, size, name=name)


def failures_text(count: int, names: Sequence[str], problem: str) -> str:
    """Return that runs did not finish, the points of the first of them, and what was wrong with most."""
    shown = listed(names) if count <= len(names) else sentence("{names}, …", names=enumerated(names))
    return plural(
        "{count:,} run did not finish ({names}): {problem}.",
        "{count:,} runs did not finish ({names}), most of them so: {problem}.",
        count,
        names=shown,
        problem=retold(problem).rstrip("."),
    )


def look_failed_text(problem: str) -> str:
    """Return that the script as it is did not finish, so that nothing is known of its sources."""
    return sentence("The script as it is did not finish: {problem}.", problem=retold(problem).rstrip("."))


def changed_error(name: str) -> RunRefusedError:
    """Return the error that ends a sweep whose script was changed under way."""
    what = sentence("{name}, or a module of it, was changed while it was swept.", name=name)
    return RunRefusedError(what, sentence("Sweep it again: what was made until then is of the earlier text."))


def no_draw_error(label: str, name: str, labels: Sequence[str]) -> ChoiceError:
    """Return the error that a script has no draw ``label``."""
    what = sentence("There is no draw “{label}” in {name}.", label=label, name=name)
    return ChoiceError("draw", what, sentence("Choose from: {labels}.", labels=enumerated(labels)))


def missed_text(places: Sequence[str], runs: int) -> str:
    """Return the warning that the own seed was set in places that were not turned."""
    return plural(
        "In {count:,} run the script's own seed was set at {places}, which its first run did not come to: "
        "there it was not turned.",
        "In {count:,} runs the script's own seed was set at {places}, which its first run did not come to: "
        "there it was not turned.",
        runs,
        places=listed(places),
    )


def refused_text(runs: int, why: str) -> str:
    """Return that runs were not begun."""
    one, many = noted_plural("{count:,} run is missing: it {why}.", "{count:,} runs are missing: each {why}.")
    return plural(one, many, runs, why=retold(why))


def held_text(held: Sequence[str]) -> str:
    """Return the note on what was not turned: draws that it alone moves are the same in each run."""
    if not held:
        return sentence("No other source of randomness was seen.")
    return sentence("Not turned, so that what it alone moves is the same in each run: {held}.", held=listed(held))


def first_of_many_text(label: str, last: str, count: int) -> str:
    """Return that a label has several draws, of which the first is told."""
    return sentence(
        "{label} is the first of {count} draws with this name; {last} is the last.", label=label, last=last, count=count
    )


def summary_text(label: str, described: Description) -> str:
    """Return mean, interval and spread of a draw in a sentence."""
    if not described.count:
        return sentence("{label}: no run drew a finite number.", label=label)
    others = described.runs - described.count
    one, many = noted_plural("In {count:,} more run it was inf or NaN.", "In {count:,} more runs it was inf or NaN.")
    rest = plural(one, many, others) if others else ""
    runs = plural("{count:,} run", "{count:,} runs", described.count)
    if described.distinct == 1:
        value = number_text(described.mean)
        return following(sentence("{label}: {value} in each of {runs}.", label=label, value=value, runs=runs), rest)
    told = sentence(
        "{label}: mean {mean}, standard deviation {deviation}, from {least} to {most}, in {runs}.",
        label=label,
        mean=number_text(described.mean),
        deviation=number_text(described.deviation),
        least=number_text(described.quantiles[0]),
        most=number_text(described.quantiles[-1]),
        runs=runs,
    )
    if described.interval is None:
        return following(told, rest)
    how = {
        "bootstrap": sentence("by resampling the runs (BCa bootstrap)"),
        "normal": sentence("by the normal distribution of means"),
    }
    mean = sentence(
        "The mean lies from {low} to {high} with {level} % confidence, {how}.",
        low=number_text(described.interval.low),
        high=number_text(described.interval.high),
        level=round(100 * LEVEL),
        how=how[described.interval.method],
    )
    return following(told, rest, mean)


def standing_text(seed: str, stood: Standing, better: Better) -> str:
    """Return where ``seed`` stands: “seed 42 is better than 93 % of 1,000 other seeds”."""
    if not stood.others:
        return sentence("{seed}: {value}.", seed=seed, value=number_text(stood.value))
    beaten = stood.higher if better == "lower" else stood.lower
    share = 100 * beaten / stood.others
    equal = stood.others - stood.lower - stood.higher
    texts = {
        "lower": noted("{seed}, with {value}, is better (lower) than {share} % of {others:,} others"),
        "higher": noted("{seed}, with {value}, is better (higher) than {share} % of {others:,} others"),
        "": noted("{seed}, with {value}, is higher than {share} % of {others:,} others"),
    }
    told = sentence(
        texts[better], seed=seed, value=number_text(stood.value), share=share_text(share), others=stood.others
    )
    if equal:
        return plural("{told} ({count:,} is equal).", "{told} ({count:,} are equal).", equal, told=told)
    return sentence("{told}.", told=told)


def with_equals_text(name: str, equals: int) -> str:
    """Return ``name``, and how many others have the same value."""
    return (
        name if not equals else plural("{name} and {count:,} other", "{name} and {count:,} others", equals, name=name)
    )


def extremes_text(lowest: str, low: float, highest: str, high: float, better: Better) -> str:
    """Return which seeds have the lowest and the highest value; which is best where that is known."""
    words = {
        "lower": noted("Best: {lowest} ({low}); worst: {highest} ({high})."),
        "higher": noted("Best: {highest} ({high}); worst: {lowest} ({low})."),
        "": noted("Lowest: {lowest} ({low}); highest: {highest} ({high})."),
    }
    return sentence(words[better], lowest=lowest, low=number_text(low), highest=highest, high=number_text(high))


def paired_hint_text(first: str, second: str) -> str:
    """Return how to have two scripts compared."""
    return sentence("--draw compares a draw of {first} and {second} over the same seeds.", first=first, second=second)


def paired_text(label: str, first: str, second: str, found: Paired) -> str:
    """Return what the same seeds say of two scripts, with what that assumes."""
    told = sentence(
        "{label} of {first} minus {second}, over the same {count:,} seeds: {mean} on average",
        label=label,
        first=first,
        second=second,
        count=found.count,
        mean=number_text(found.mean),
    )
    if found.not_finite:
        return sentence(
            "{told}; at {count:,} more one of the two is inf or NaN, so that nothing is tested: what is left is "
            "a choice.",
            told=told,
            count=found.not_finite,
        )
    if not found.method:
        if found.count < LEAST_FOR_INTERVAL:
            why = sentence("Nothing is tested with fewer than {least} seeds.", least=LEAST_FOR_INTERVAL)
        else:
            why = sentence("Nothing is tested on a grid, whose points share seeds.")
        return following(sentence("{told}.", told=told), why)
    if found.interval is None:
        told = sentence("{told}, the same at each.", told=told)
    else:
        told = sentence(
            "{told} ({low} to {high} with {level} % confidence).",
            told=told,
            low=number_text(found.interval.low),
            high=number_text(found.interval.high),
            level=round(100 * LEVEL),
        )
    lower = sentence("{first} is lower at {lower:,} of them.", first=first, lower=found.first_lower)
    chance = sentence("at most {p:.2g}", p=_LEAST_P) if found.p_value <= _LEAST_P else f"{found.p_value:.2g}"
    how = {
        "permutation": sentence(
            "permutation test of the paired differences; it assumes that these seeds stand for all"
        ),
        "t": sentence("paired t-test; it assumes that these seeds stand for all, and so many that means are normal"),
    }
    verdict = (
        noted("A difference as large comes by chance with probability {p} ({how}).")
        if found.p_value < _SURE
        else noted("That may be chance: a difference as large comes with probability {p} ({how}).")
    )
    return following(told, lower, sentence(verdict, p=chance, how=how[found.method]))


def share_text(share: float) -> str:
    """Return a percentage without decimals, but where that would be 0 or 100 and is not."""
    if 0 < share < 0.5 or 99.5 <= share < 100:
        return f"{share:.2g}" if share < 1 else f"{math.floor(share * 10) / 10:.1f}"
    return f"{share:.0f}"


def only_seed_text() -> str:
    """Return the name of the only seed of a script whose seeds are not known yet."""
    return sentence("the seed of the script, if it has one")


def seed_of_choice_text(title: str, value: str) -> str:
    """Return the name of a seed that is a choice of an experiment."""
    return sentence("{title}: {value}", title=title, value=value)


def everywhere_text(seed: str, sources: Sequence[InfluenceSource]) -> str:
    """Return the name of a seed that is set in several places."""
    places = listed([place_text(source.file, source.line) for source in sources])
    return sentence("seed {seed}, at {places}", seed=seed, places=places)


def turned_source_text(source: InfluenceSource) -> str:
    """Return the name of one source that can be turned, beginning with where it is."""
    place = place_text(source.file, source.line)
    return sentence("{place}: {source}", place=place, source=enumerated([source.door, mark_text(source)]))


def as_it_is_text() -> str:
    """Return the name of a sweep in which nothing is turned."""
    return sentence("nothing: runs of the script as it is")


def sweep_title(name: str) -> str:
    """Return the title of a window that shows the sweep of ``name``."""
    return sentence("Sweep of {name}", name=name)


def choose_source_text() -> str:
    """Return how to choose between the sources of a script that was not run yet."""
    return sentence("Run the script once, and choose one of its sources in the panel.")


def looking_text(name: str) -> str:
    """Return what is done before anything is known."""
    return sentence("{name} is run as it is, to see what it draws from…", name=name)


def untrusted_text() -> str:
    """Return why a script from a document is not swept."""
    return sentence("This script came inside a document: run it first, which shows what it is.")


def send_first_text() -> str:
    """Return why a script is not swept on a host that has not got its folder."""
    return sentence("Run it there first, which asks whether its folder may be sent.")


def busy_text() -> str:
    """Return why no column is made now."""
    return sentence("Runs are under way: make the column once they have ended.")


def full_text() -> str:
    """Return why no column is made where there are as many as there can be."""
    return sentence("There is no room for another column: remove one first.")


def progress_text(done: int, total: int, seconds: float) -> str:
    """Return how far a sweep is, and how long the rest will take."""
    told = plural("{done:,} of {count:,} run", "{done:,} of {count:,} runs", total, done=done)
    return sentence("{told}, {left}", told=told, left=left_text(seconds)) if seconds and done < total else told


def stopped_text(done: int) -> str:
    """Return that a sweep was stopped, and can go on."""
    return plural(
        "Stopped with {count:,} run, which is kept: the same sweep goes on from there.",
        "Stopped with {count:,} runs, which are kept: the same sweep goes on from there.",
        done,
    )


def left_out_text(done: int, total: int) -> str:
    """Return that a sweep was stopped before its end, on the command line."""
    return sentence(
        "Stopped with {done:,} of {total:,} runs; the same command goes on from there.", done=done, total=total
    )


def enough_text() -> str:
    """Return the caution where a sweep has ended because its interval was narrow enough."""
    return sentence("It ended as the interval was narrow enough, so that it covers the mean a little less often.")


def not_begun_text(name: str) -> str:
    """Return that a script was not swept for lack of time."""
    return sentence("{name} was not swept: the time was over.", name=name)


def ended_text(runs: int, failed: int) -> str:
    """Return that a sweep has all its runs."""
    told = plural("{count:,} run.", "{count:,} runs.", runs)
    unfinished = plural("{count:,} did not finish.", "{count:,} did not finish.", failed) if failed else ""
    return following(told, unfinished)


def seed_column_text(name: str, point: str) -> str:
    """Return the name of a column with another seed."""
    return sentence("{name}, {point}", name=name, point=point)
