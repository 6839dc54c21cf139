"""The summary of one column, made once for all that show it: window, terminal and pictures."""

from collections.abc import Iterable, Sequence
from functools import cached_property

import msgspec
from msgspec.structs import replace

from seedlab.analysis.answers import answer_of, with_answer
from seedlab.analysis.causes import (
    NOT_TRIED,
    agreed_annotations,
    tried_annotations,
    tried_explanations,
    untried_explanations,
)
from seedlab.analysis.comparison import Comparison, compare
from seedlab.analysis.endings import Endings, Problem, endings_of
from seedlab.analysis.explanation import UNKNOWN, Annotation, Explanation, annotate, explain
from seedlab.analysis.headlines import Headline, headline
from seedlab.analysis.published import PublishedMatch, compare_published
from seedlab.evidence.finding import Finding
from seedlab.libraries.article import ARTICLE, published
from seedlab.libraries.presets import preset_of
from seedlab.results.run import Run
from seedlab.results.trace import reads_clock
from seedlab.study.lab import Column


class Grouped(msgspec.Struct, frozen=True):
    """Findings, with the labels of all draws that they hold for."""

    labels: tuple[str, ...]
    findings: tuple[Finding, ...]


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


def summarise(column: Column, comparison: Comparison | None = None, endings: Endings | None = None) -> Summary:
    """Return the summary of ``column``; pure.

    ``comparison`` and ``endings`` are those of its runs; each is made here where it is None.
    """
    comparison = comparison or compare(column.runs)
    endings = endings or endings_of(column.runs)
    drawn = endings.last_drawn
    experiment = column.experiment
    explanations: tuple[Explanation, ...] = ()
    influence = column.influence
    if drawn is not None and influence is not None:
        explanations = tried_explanations(drawn.draws, influence)
    elif drawn is not None and experiment is None:
        # Reading a person's own script was wrong too often: what moves its draws is tried, or not said.
        explanations = tuple(Explanation(draw.label, (NOT_TRIED,)) for draw in drawn.draws if not draw.is_text)
    if drawn is not None and experiment is not None:
        mechanism = explain(
            drawn, column.script, comparison, interpreter=column.interpreter, settings=experiment.chosen
        )
        explanations = _beside(explanations, mechanism) if influence is not None else untried_explanations(mechanism)
    preset = preset_of(experiment) if experiment is not None else None
    printed = published(preset.name) if preset is not None and preset.name in ARTICLE else None
    is_clock_read = drawn is not None and experiment is None and influence is None and reads_clock(drawn.trace)
    shown = headline(endings, comparison, explanations, reads_clock=is_clock_read)
    answer = None
    if preset is not None and drawn is not None:
        answer = answer_of(preset, drawn, comparison, influence, column.interpreter)
    # A script that failed before its first draw has a trace too.
    traced = drawn or endings.last_traced
    return Summary(
        comparison=comparison,
        headline=shown if answer is None else with_answer(shown, answer),
        explanations=explanations,
        annotations=_annotations(column, traced),
        matches=compare_published(drawn, printed, explanations) if drawn is not None and printed is not None else (),
        problems=endings.problems,
        details=endings.details,
    )


def _annotations(column: Column, traced: Run | None) -> tuple[Annotation, ...]:
    """Return the annotations of the lines of ``column``, of whose runs ``traced`` is one that has a trace."""
    if column.influence is not None:
        tried = tried_annotations(column.influence)
        # The mechanism stands beside the cause where the script is seedlab's own, whose rules are proved.
        return tried if column.experiment is None or traced is None else _with_notes(tried, annotate(traced.trace))
    if column.experiment is None:
        return agreed_annotations(column.runs)
    return annotate(traced.trace) if traced is not None else ()


def _with_notes(tried: Sequence[Annotation], mechanism: Sequence[Annotation]) -> tuple[Annotation, ...]:
    """Return ``tried`` with the findings of ``mechanism`` beside those of the same line."""
    by_line = {each.line: each for each in mechanism}
    by_line |= {
        each.line: replace(each, findings=(*each.findings, *by_line[each.line].findings))
        if each.line in by_line
        else each
        for each in tried
    }
    return tuple(by_line[line] for line in sorted(by_line))


def _beside(tried: Iterable[Explanation], mechanism: Iterable[Explanation]) -> tuple[Explanation, ...]:
    """Return what was tried of each draw, with the mechanism that its trace shows beside it."""
    by_label = {each.label: each.findings for each in mechanism}
    return tuple(
        replace(each, findings=(*each.findings, *(f for f in by_label.get(each.label, ()) if f != UNKNOWN)))
        for each in tried
    )


def _group(pairs: Iterable[tuple[str, tuple[Finding, ...]]]) -> tuple[Grouped, ...]:
    groups: dict[tuple[Finding, ...], list[str]] = {}
    for label, findings in pairs:
        groups.setdefault(findings, []).append(label)
    return tuple(Grouped(tuple(labels), findings) for findings, labels in groups.items())
