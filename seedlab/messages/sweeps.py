"""The words for sweeps: what they cost, how a draw is distributed, and where one seed stands."""

import math
from collections.abc import Iterable

from seedlab.analysis.distribution import LEVEL, Better, Description, Paired, Standing
from seedlab.messages.influence import source_text
from seedlab.phrases import listed, plural, sentence
from seedlab.results.influence import InfluenceSource

_MINUTE, _HOUR = 60, 3600
_SURE = 0.05
_LEAST_P = 1e-4
"""A permutation test by chance cannot tell smaller ones."""


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
    return plural("{count} hour", "{count} hours", round(hours)) if hours >= 10 else f"{hours:.1f} hours"


def left_text(seconds: float) -> str:
    """Return how long something will still take."""
    return sentence("{time} left", time=duration_text(seconds))


def cost_text(runs: int, known: int, seconds: float, memory_bytes: int) -> str:
    """Return what the ``runs`` that are to be made will cost, beside those that are ``known`` from before."""
    made = plural("{count:,} run", "{count:,} runs", runs)
    before = plural(" ({count:,} was made before)", " ({count:,} were made before)", known) if known else ""
    if not seconds:
        return sentence("{runs} to make{before}.", runs=made, before=before)
    time = duration_text(seconds) if seconds < 1 else sentence("about {time}", time=duration_text(seconds))
    memory = sentence("{mb:,} MB", mb=math.ceil(memory_bytes / 2**20))
    return sentence(
        "{runs} to make{before}: {time}, and up to {memory} of memory.",
        runs=made, before=before, time=time, memory=memory,
    )  # fmt: skip


def turned_text(sources: tuple[InfluenceSource, ...], seeds: str) -> str:
    """Return what is turned, and which values it gets."""
    names = listed([source_text(source) for source in sources])
    one = "Turned to {seeds}: {names}."
    # Values of what takes entropy are no seeds that a person could write.
    rest = sentence(" Where no seed is set, each number stands for some entropy, of seedlab's own.")
    is_taken = any(source.kind == "taken" for source in sources)
    return sentence(one, seeds=seeds, names=names) + (rest if is_taken else "")


def noisy_text(labels: tuple[str, ...]) -> str:
    """Return the warning that the seeds alone do not decide the draws with ``labels``."""
    return plural(
        "{names} differed between two runs with the same seeds: what is seen is not the seed's doing alone. "
        "“seedlab why” looks for the cause.",
        "{names} differed between two runs with the same seeds: what is seen is not the seed's doing alone. "
        "“seedlab why” looks for the cause.",
        len(labels),
        names=listed(labels),
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


def held_text() -> str:
    """Return the note on draws that are the same in all runs of a sweep though nobody gave them a seed."""
    return sentence("All other sources of randomness were held: what they alone move is the same in each run.")


def summary_text(label: str, described: Description) -> str:
    """Return mean, interval and spread of a draw in a sentence."""
    if not described.count:
        return sentence("{label}: no run drew a number.", label=label)
    runs = plural("{count:,} run", "{count:,} runs", described.count)
    if described.distinct == 1:
        value = number_text(described.mean)
        return sentence("{label}: {value} in each of {runs}.", label=label, value=value, runs=runs)
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
        return told
    how = {
        "bootstrap": sentence("by resampling the runs (BCa bootstrap)"),
        "normal": sentence("by the normal distribution of means"),
    }
    return told + sentence(
        " The mean lies from {low} to {high} with {level} % confidence, {how}.",
        low=number_text(described.interval.low),
        high=number_text(described.interval.high),
        level=round(100 * LEVEL),
        how=how[described.interval.method],
    )


def standing_text(seed: str, stood: Standing, better: Better) -> str:
    """Return where ``seed`` stands: “seed 42 is better than 93 % of 1,000 other seeds”."""
    if not stood.others:
        return sentence("{seed}: {value}.", seed=seed, value=number_text(stood.value))
    beaten = stood.higher if better == "lower" else stood.lower
    share = 100 * beaten / stood.others
    equal = stood.others - stood.lower - stood.higher
    words = {"lower": "is better (lower) than", "higher": "is better (higher) than", "": "is higher than"}
    told = sentence(
        "{seed}, with {value}, {words} {share} % of {others:,} others",
        seed=seed,
        value=number_text(stood.value),
        words=words[better],
        share=share_text(share),
        others=stood.others,
    )
    same = plural(" ({count:,} is equal)", " ({count:,} are equal)", equal) if equal else ""
    return f"{told}{same}."


def extremes_text(lowest: str, low: float, highest: str, high: float, better: Better) -> str:
    """Return which seeds have the lowest and the highest value; which is best where that is known."""
    words = {
        "lower": "Best: {lowest} ({low}); worst: {highest} ({high}).",
        "higher": "Best: {highest} ({high}); worst: {lowest} ({low}).",
        "": "Lowest: {lowest} ({low}); highest: {highest} ({high}).",
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
    if found.interval is None or math.isnan(found.p_value):
        return told + sentence("; too few runs to say more.")
    level = round(100 * LEVEL)
    told += sentence(
        " ({low} to {high} with {level} % confidence). {first} is lower at {lower:,} of them.",
        low=number_text(found.interval.low),
        high=number_text(found.interval.high),
        level=level,
        first=first,
        lower=found.first_lower,
    )
    chance = sentence("less than {p}", p=_LEAST_P) if found.p_value <= _LEAST_P else f"{found.p_value:.2g}"
    verdict = (
        sentence(" A difference as large comes by chance with probability {p}", p=chance)
        if found.p_value < _SURE
        else sentence(" That may be chance: a difference as large comes with probability {p}", p=chance)
    )
    return (
        told
        + verdict
        + sentence(
            " (permutation test of the paired differences; it assumes that these seeds stand for all, "
            "and nothing about the shape of the distribution)."
        )
    )


def share_text(share: float) -> str:
    """Return a percentage without decimals, but where that would be 0 or 100 and is not."""
    if 0 < share < 0.5 or 99.5 <= share < 100:
        return f"{share:.2g}" if share < 1 else f"{math.floor(share * 10) / 10:.1f}"
    return f"{share:.0f}"


def point_text(point: Iterable[int]) -> str:
    """Return the name of the seeds of one run: ``seed 42``, or ``seeds 1 and 2``."""
    values = [str(int(each)) for each in point]
    return sentence("seed {seed}", seed=values[0]) if len(values) == 1 else f"seeds {' and '.join(values)}"
