"""Headlines: the main finding on one column, and on several side by side."""

from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from seedlab.analysis.comparison import Comparison
from seedlab.analysis.endings import Endings
from seedlab.analysis.explanation import UNKNOWN, Explanation
from seedlab.analysis.labels import label_parts
from seedlab.analysis.rows import Verdict
from seedlab.evidence.finding import Finding, Seeding


class Reason(msgspec.Struct, frozen=True):
    """One reason, in short: the code of a finding, and the ops that it holds for."""

    code: str
    names: tuple[str, ...]


class Headline(msgspec.Struct, frozen=True):
    """The main finding on what is shown, and those that stand below it."""

    title: Finding | None = None
    """None where nothing was run."""
    subtitle: tuple[Finding, ...] = ()
    reasons: tuple[Reason, ...] = ()


_NO_REASON = {Verdict.DIFFERS: Seeding.SEEDED, Verdict.REPEATS: Seeding.UNSEEDED}
NO_VALUES = Headline(Finding.of("headline.no-values"))
READS_CLOCK = Finding.of("headline.reads-clock")
"""Runs that follow each other are made at nearly the same time, and one that is not may draw something else."""
_UNFINISHED = ("headline.nothing-finished", "headline.no-values-unfinished")
"""What says of a column that no run finished."""


def headline(
    endings: Endings, comparison: Comparison, explanations: Sequence[Explanation], *, reads_clock: bool = False
) -> Headline:
    """Return the headline of the runs of one experiment, with its reasons.

    ``reads_clock`` says that they read the clock, and that nothing has been tried at another time.
    """
    if not comparison.rows:
        return _headline_without_values(endings)
    shown = _headline(endings.runs, comparison, explanations)
    if reads_clock and any(row.verdict is Verdict.REPEATS for row in comparison.rows):
        shown = replace(shown, subtitle=(*shown.subtitle, READS_CLOCK))
    if not endings.unfinished or shown.title is None:
        return shown
    if endings.unfinished == endings.runs:
        title = Finding.of("headline.nothing-finished", runs=endings.runs)
        return Headline(title, (shown.title, *shown.subtitle), shown.reasons)
    left_out = Finding.of("headline.some-unfinished", unfinished=endings.unfinished, runs=endings.runs)
    return Headline(shown.title, (left_out, *shown.subtitle), shown.reasons)


def _headline_without_values(endings: Endings) -> Headline:
    first = endings.first_unfinished
    if first is not None:
        problem = (Finding.of("headline.problem", problem=first.problem),) if first.problem else ()
        return Headline(Finding.of("headline.no-values-unfinished", outcome=first.outcome.value), problem)
    return Headline(Finding.of("headline.nothing-printed")) if endings.runs else Headline()


def _headline(runs: int, comparison: Comparison, explanations: Sequence[Explanation]) -> Headline:
    verdicts = {row.verdict for row in comparison.rows}
    if verdicts == {Verdict.ONE_RUN} and all(row.missing for row in comparison.rows):
        return Headline(Finding.of("headline.no-counterpart"))
    reasons = _reasons(explanations, comparison)
    if verdicts == {Verdict.ONE_RUN}:
        return Headline(Finding.of("headline.one-run"), (), reasons)
    # That a failed run did not reach a draw is no evidence against the others.
    if verdicts <= {Verdict.REPEATS, Verdict.ONE_RUN}:
        if Verdict.ONE_RUN in verdicts:
            return Headline(Finding.of("headline.what-several-runs-drew-repeats"), (), reasons)
        is_everywhere = all(row.runs == runs for row in comparison.rows)
        code = "headline.all-repeats" if is_everywhere else "headline.all-repeats-where-it-is"
        return Headline(Finding.of(code), _to_the_digits(comparison), reasons)
    if Verdict.REPEATS not in verdicts and Verdict.DIFFERS in verdicts:
        return Headline(Finding.of("headline.nothing-repeats"), (), reasons)
    differing = _ops(comparison, Verdict.DIFFERS)
    repeating = [op for op in _ops(comparison, Verdict.REPEATS) if op not in differing]
    if not differing:
        mismatches = (row.mismatch for row in comparison.rows if row.mismatch is not None)
        return Headline(Finding.of("headline.not-comparable"), tuple(mismatches)[:1])
    of_differing = [each for each in explanations if (label_parts(each.label).op or each.label) in differing]
    reasons = _reasons(of_differing, comparison)
    if not repeating:
        return Headline(Finding.of("headline.some-differ", differing=tuple(differing)), (), reasons)
    both = Finding.of("headline.some-repeat", repeating=tuple(repeating), differing=tuple(differing))
    return Headline(both, (), reasons)


def _to_the_digits(comparison: Comparison) -> tuple[Finding, ...]:
    """Return the finding that some draws are equal as text alone, if there are any: their bits may still differ."""
    texts = list(dict.fromkeys(label_parts(r.label).op or r.label for r in comparison.rows if r.text is not None))
    if not texts:
        return ()
    is_all = all(row.text is not None for row in comparison.rows)
    return (Finding.of("headline.all-are-texts") if is_all else Finding.of("headline.texts", names=tuple(texts)),)


def _ops(comparison: Comparison, verdict: Verdict) -> list[str]:
    return list(dict.fromkeys(label_parts(r.label).op or r.label for r in comparison.rows if r.verdict is verdict))


def _reasons(explanations: Sequence[Explanation], comparison: Comparison) -> tuple[Reason, ...]:
    """Return why the draws do what they do: that a seed reached a draw is no reason why it differs."""
    verdicts = {row.label: row.verdict for row in reversed(comparison.rows)}
    names: dict[str, dict[str, None]] = {}
    for explanation in explanations:
        no_reason = _NO_REASON.get(verdicts.get(explanation.label, Verdict.ONE_RUN))
        for finding in explanation.findings:
            if finding != UNKNOWN and finding.seeding is not no_reason:
                name = label_parts(explanation.label).op or explanation.label
                names.setdefault(finding.code, {})[name] = None
    return tuple(Reason(code, tuple(found)) for code, found in names.items())


class Shown(msgspec.Struct, frozen=True):
    """One column of several: its name, what it shows by itself, and the rows behind that."""

    name: str
    headline: Headline
    comparison: Comparison


def headline_side_by_side(columns: Sequence[Shown]) -> Headline:
    """Return the headline of several columns side by side: which op repeats in which of them.

    An op without a name, as in a script that prints ``1:``, stands as the empty string.
    """
    if len(columns) == 1:
        return columns[0].headline
    hanging = tuple(column.name for column in columns if _is_unfinished(column.headline))
    compared = _headline_side_by_side(columns)
    if not hanging:
        return compared
    # What the draws of runs show that were ended is worth less than that they were.
    title = Finding.of("across.nothing-finished", columns=hanging)
    below = () if compared.title is None or compared == NO_VALUES else (compared.title, *compared.subtitle)
    return Headline(title, below, compared.reasons)


def _is_unfinished(headline: Headline) -> bool:
    return headline.title is not None and headline.title.code in _UNFINISHED


def _headline_side_by_side(columns: Sequence[Shown]) -> Headline:
    where: dict[str, list[str]] = {}
    compared = 0
    for column in columns:
        verdicts: dict[str, set[Verdict]] = {}
        for row in column.comparison.rows:
            verdicts.setdefault(label_parts(row.label).op, set()).add(row.verdict)
        if verdicts and Verdict.ONE_RUN not in set().union(*verdicts.values()):
            compared += 1
            for op, found in verdicts.items():
                where.setdefault(op, []).extend([column.name] if found == {Verdict.REPEATS} else [])
    if not compared:
        is_any = any(column.comparison.rows for column in columns)
        return Headline(Finding.of("headline.run-again")) if is_any else NO_VALUES
    alike: dict[tuple[str, ...], list[str]] = {}
    for op, names in where.items():
        if 0 < len(names) < compared:
            alike.setdefault(tuple(names), []).append(op)
    findings = [Finding.of("across.only-with", ops=tuple(ops), columns=names) for names, ops in alike.items()]
    everywhere = tuple(op for op, names in where.items() if len(names) == compared)
    nowhere = tuple(op for op, names in where.items() if not names)
    code = "across.everywhere" if compared == len(columns) else "across.so-far"
    findings += [Finding.of(code, ops=everywhere)] if everywhere else []
    findings += [Finding.of("across.nowhere", ops=nowhere)] if nowhere else []
    return Headline(findings[0], tuple(findings[1:])) if findings else NO_VALUES
