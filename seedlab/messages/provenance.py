"""The words for where the values of a comparison come from."""

from collections.abc import Sequence

from seedlab.phrases import plural, sentence


def devices_text(devices: Sequence[str]) -> str:
    """Return the part that names ``devices``, one or more."""
    return sentence("device {devices}", devices=", ".join(devices))


def starts_text(starts: Sequence[str]) -> str:
    """Return the part that says how the processes of the runs were started, in one or more ways."""
    return sentence("started {starts}", starts=", ".join(starts))


def runs_text(counts: Sequence[int], columns: int) -> str:
    """Return the part with the number of runs: of ``columns`` columns, which have ``counts`` different numbers."""
    numbers = ", ".join(map(str, counts[:-1]))
    last = counts[-1]
    counted = sentence("{numbers} or {last}", numbers=numbers, last=last) if numbers else str(last)
    one, many = ("{runs} run each", "{runs} runs each") if columns > 1 else ("{runs} run", "{runs} runs")
    return plural(one, many, last, runs=counted)


def caption_text(provenance: str) -> str:
    """Return the line below a comparison: how to read its letters, and where its values come from."""
    return sentence("Equal letters: equal bits. {provenance}", provenance=provenance)
