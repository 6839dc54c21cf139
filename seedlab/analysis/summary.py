"""The summary of one column, made once for all that show it: window, terminal and pictures."""

from collections.abc import Iterable, Sequence
from functools import cached_property

import msgspec

from seedlab.analysis.comparison import Comparison, compare
from seedlab.analysis.explanation import Annotation, Explanation, annotate, explain
from seedlab.analysis.fingerprints import Fingerprints
from seedlab.analysis.headlines import Headline, Shown, headline, headline_side_by_side
from seedlab.analysis.published import PublishedMatch, compare_published
from seedlab.evidence.finding import Finding
from seedlab.libraries.presets import preset_of
from seedlab.results.run import Draw, Outcome, Run
from seedlab.study.lab import Column

MAX_VALUE_COLUMNS = 6
"""A table of more runs than this has the letters of all runs, and the values of the first alone."""
_MOST_LETTERS = 40


class Grouped(msgspec.Struct, frozen=True):
    """Findings, with the labels of all draws that they hold for."""

    labels: tuple[str, ...]
    findings: tuple[Finding, ...]


class Problem(msgspec.Struct, frozen=True):
    """Something that went wrong in some runs, or that must be known of them."""

    outcome: Outcome
    """How the runs ended; `Outcome.FINISHED` for what must be known of runs however they ended."""
    text: str
    """The text that the runs themselves gave."""
    runs: tuple[int, ...]
    """The indices of the runs."""


class Summary(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """Comparison, reasons and problems of one column."""

    comparison: Comparison
    headline: Headline
    explanations: tuple[Explanation, ...]
    """The explanations of the draws of the last run that has any."""
    annotations: tuple[Annotation, ...]
    matches: tuple[PublishedMatch, ...]
    """How the same run's draws compare with the article's; empty unless the experiment is one of the article's."""
    problems: tuple[Problem, ...]
    details: str
    """The traceback, or the last lines of standard error, of the first run that has any."""

    @cached_property
    def _explanations_by_label(self) -> dict[str, Explanation]:
        # Where a label occurs twice, the first counts.
        return {explanation.label: explanation for explanation in reversed(self.explanations)}

    @cached_property
    def _matches_by_label(self) -> dict[str, PublishedMatch]:
        return {match.label: match for match in reversed(self.matches)}

    def explanation(self, label: str) -> Explanation | None:
        return self._explanations_by_label.get(label)

    def match(self, label: str) -> PublishedMatch | None:
        return self._matches_by_label.get(label)

    @property
    def grouped_explanations(self) -> tuple[Grouped, ...]:
        """The explanations, each with all draws that it holds for."""
        return _group((explanation.label, explanation.all_findings) for explanation in self.explanations)

    @property
    def grouped_matches(self) -> tuple[Grouped, ...]:
        """The matches with the article, each with all draws that it holds for."""
        return _group((match.label, (match.finding,)) for match in self.matches)


def summarise(column: Column, comparison: Comparison | None = None) -> Summary:
    """Return the summary of ``column``; pure.

    ``comparison`` is that of its runs; it is made here where it is None.
    """
    comparison = comparison or compare(column.runs)
    drawn = next((run for run in reversed(column.runs) if run.draws), None)
    experiment = column.experiment
    explanations: tuple[Explanation, ...] = ()
    if drawn is not None:
        settings = None if experiment is None else experiment.chosen
        explanations = explain(drawn, column.script, comparison, interpreter=column.interpreter, settings=settings)
    preset = preset_of(experiment) if experiment is not None else None
    # A script that failed before its first draw has a trace too.
    traced = drawn or next((run for run in reversed(column.runs) if run.trace), None)
    return Summary(
        comparison=comparison,
        headline=headline(column.runs, comparison, explanations),
        explanations=explanations,
        annotations=annotate(traced.trace) if traced is not None else (),
        matches=compare_published(drawn, preset.published, explanations) if drawn is not None and preset else (),
        problems=_problems(column.runs),
        details=next((run.details for run in column.runs if run.details), ""),
    )


def headline_across(columns: Sequence[Column], summaries: Sequence[Summary]) -> Headline:
    """Return the headline of ``columns`` side by side; a single column has its own."""
    pairs = zip(columns, summaries, strict=True)
    return headline_side_by_side([Shown(column.name, each.headline, each.comparison) for column, each in pairs])


def _problems(runs: Sequence[Run]) -> tuple[Problem, ...]:
    found: dict[tuple[Outcome, str], list[int]] = {}
    for run in runs:
        if run.outcome is not Outcome.FINISHED:
            found.setdefault((run.outcome, run.problem), []).append(run.index)
        for note in run.notes:
            found.setdefault((Outcome.FINISHED, note), []).append(run.index)
    return tuple(Problem(outcome, text, tuple(indices)) for (outcome, text), indices in found.items())


def _group(pairs: Iterable[tuple[str, tuple[Finding, ...]]]) -> tuple[Grouped, ...]:
    groups: dict[tuple[Finding, ...], list[str]] = {}
    for label, findings in pairs:
        groups.setdefault(findings, []).append(label)
    return tuple(Grouped(tuple(labels), findings) for findings, labels in groups.items())


def letters_of(draws: Sequence[Draw | None], fingerprints: Fingerprints) -> str:
    """Return the letter of each of ``draws``, one for each run, with × where a run has none."""
    letters = [fingerprints.of(draw).letter if draw is not None else "×" for draw in draws[:_MOST_LETTERS]]
    return " ".join(letters) + (" …" if len(draws) > _MOST_LETTERS else "")
