"""The words for where the values of a comparison come from."""

from collections import Counter
from collections.abc import Sequence

from seedlab.analysis.witnesses import NEEDED, disagreement
from seedlab.phrases import enumerated, noted, noted_plural, plural, retold, sentence
from seedlab.results.run import Run


def devices_text(devices: Sequence[str]) -> str:
    """Return the part that names ``devices``, one or more."""
    return sentence("device {devices}", devices=enumerated(devices))


def starts_text(starts: Sequence[str]) -> str:
    """Return the part that says how the processes of the runs were started, in one or more ways."""
    return sentence("started {starts}", starts=enumerated(map(way_text, starts)))


_WAYS = {"cold": noted("cold"), "spare": noted("spare"), "fork": noted("fork")}
_STARTED = {"cold": noted("{runs} cold"), "spare": noted("{runs} spare"), "fork": noted("{runs} forked")}


def way_text(way: str) -> str:
    """Return the word for a way to start a process."""
    return sentence(_WAYS[way]) if way in _WAYS else way


def started_text(runs: Sequence[Run]) -> str:
    """Return how the processes of ``runs`` were started: in one way, with its reason, or how many in each.

    Where cold runs witness the others, it says that they showed the same.
    """
    reasons = {run.start_reason for run in runs}
    ways = Counter(run.start for run in runs)
    if len(ways) == 1:
        (way,), reason = ways, retold(reasons.pop()) if len(reasons) == 1 else ""
        way = way_text(way)
        return sentence("{way} ({reason})", way=way, reason=reason) if reason else way
    parts = [
        sentence(_STARTED[way], runs=number) if way in _STARTED else f"{number} {way}" for way, number in ways.items()
    ]
    text = enumerated(parts)
    is_proved = ways["cold"] >= NEEDED and disagreement(runs) is None
    return sentence("{starts}, the same", starts=text) if is_proved else text


def runs_text(counts: Sequence[int], columns: int) -> str:
    """Return the part with the number of runs: of ``columns`` columns, which have ``counts`` different numbers."""
    numbers = enumerated(counts[:-1])
    last = counts[-1]
    counted = sentence("{numbers} or {last}", numbers=numbers, last=last) if numbers else str(last)
    one, many = (
        noted_plural("{runs} run each", "{runs} runs each")
        if columns > 1
        else noted_plural("{runs} run", "{runs} runs")
    )
    return plural(one, many, last, runs=counted)


def caption_text(provenance: str, *, has_texts: bool) -> str:
    """Return the line below a comparison: how to read its letters, and where its values come from."""
    text = noted("Equal letters: equal bits. {provenance}")
    if has_texts:
        text = noted("Equal letters: equal bits, or equal text. {provenance}")
    return sentence(text, provenance=provenance)
