"""All that is said of one column, made once for whoever shows it: window, terminal or picture."""

import functools
import re
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from seedlab.analysis.comparison import Comparison, compare
from seedlab.analysis.explanation import Annotation, Explanation, Headline, annotate, explain, headline
from seedlab.analysis.fingerprints import Fingerprints
from seedlab.analysis.labels import label_parts
from seedlab.analysis.published import PublishedMatch, compare_published
from seedlab.analysis.rows import Verdict
from seedlab.libraries.presets import preset_of
from seedlab.results.run import Draw, Outcome, Run
from seedlab.study.lab import Column

MAX_VALUE_COLUMNS = 6
"""A table of more runs has the letters of all, and the values of the first."""
_MOST_LETTERS = 40
_EVERY = re.compile("^every draw")


class Grouped(msgspec.Struct, frozen=True):
    """One sentence and all that it holds for."""

    subjects: tuple[str, ...]
    sentence: str


class Summary(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """Comparison, reasons and problems of one column."""

    comparison: Comparison
    headline: Headline
    explanations: tuple[Explanation, ...]
    """Of the draws of the last run that has any."""
    annotations: tuple[Annotation, ...]
    matches: tuple[PublishedMatch, ...]
    """Of the same run's draws with the article's; empty unless the experiment is one of the article's."""
    problems: tuple[Grouped, ...]
    """What went wrong, and the runs that it happened to, as text: ``"1"``, ``"2"``."""
    details: str
    """The traceback, or the last lines of standard error, of the first run that has any."""

    def explanation(self, label: str) -> Explanation | None:
        return self._explanations_by_label.get(label)

    def match(self, label: str) -> PublishedMatch | None:
        return self._matches_by_label.get(label)

    @functools.cached_property
    def _explanations_by_label(self) -> Mapping[str, Explanation]:
        # Where a label occurs twice, the first counts.
        return {explanation.label: explanation for explanation in reversed(self.explanations)}

    @functools.cached_property
    def _matches_by_label(self) -> Mapping[str, PublishedMatch]:
        return {match.label: match for match in reversed(self.matches)}

    @property
    def grouped_explanations(self) -> tuple[Grouped, ...]:
        return _group((explanation.label, explanation.sentence) for explanation in self.explanations)

    @property
    def grouped_matches(self) -> tuple[Grouped, ...]:
        return _group((match.label, match.sentence) for match in self.matches)

    @property
    def relations(self) -> tuple[str, ...]:
        return tuple(relation.summary for relation in self.comparison.relations)


def summarise(column: Column, comparison: Comparison | None = None) -> Summary:
    """Everything there is to say of ``column``; pure. ``comparison``, of its runs, is made where none is given."""
    comparison = comparison or compare(column.runs)
    told = next((run for run in reversed(column.runs) if run.draws), None)
    explanations = explain(told, column.script, comparison) if told is not None else ()
    preset = preset_of(column.experiment) if column.experiment is not None else None
    # A script that failed before its first draw has a trace too.
    traced = told or next((run for run in reversed(column.runs) if run.trace), None)
    return Summary(
        comparison=comparison,
        headline=headline(column.runs, comparison, explanations),
        explanations=explanations,
        annotations=annotate(traced.trace) if traced is not None else (),
        matches=compare_published(told, preset.published, explanations) if told is not None and preset else (),
        problems=_group((str(run.index), said) for run in column.runs for said in _problems(run)),
        details=next((run.details for run in column.runs if run.details), ""),
    )


def headline_across(columns: Sequence[Column], summaries: Sequence[Summary]) -> Headline:
    """What several columns show side by side: which op repeats in which of them."""
    if len(summaries) == 1:
        return summaries[0].headline
    where: dict[str, list[str]] = {}
    compared: list[str] = []
    where_any = False
    for column, summary in zip(columns, summaries, strict=True):
        verdicts: dict[str, set[Verdict]] = {}
        for row in summary.comparison.rows:
            verdicts.setdefault(label_parts(row.label).op or "every draw", set()).add(row.verdict)
        where_any = where_any or bool(verdicts)
        if verdicts and Verdict.ONE_RUN not in set().union(*verdicts.values()):
            compared.append(column.name)
            for op, found in verdicts.items():
                where.setdefault(op, []).extend([column.name] if found == {Verdict.REPEATS} else [])
    told = [
        f"{op} repeats only with: {', '.join(names)}" for op, names in where.items() if 0 < len(names) < len(compared)
    ]
    so_far = "everywhere" if len(compared) == len(columns) else "so far"
    everywhere = _repeating([op for op, names in where.items() if len(names) == len(compared)], so_far)
    nowhere = _repeating([op for op, names in where.items() if not names], "nowhere")
    if not compared:
        return Headline("Run again to see what repeats." if where_any else "No values.")
    # An op's name keeps its letters.
    sentences = [f"{_EVERY.sub('Every draw', sentence)}." for sentence in (*told, *everywhere, *nowhere)]
    return Headline(sentences[0], " ".join(sentences[1:])) if sentences else Headline("No values.")


def _repeating(ops: list[str], where: str) -> list[str]:
    """One sentence, or none where there is no op."""
    if len(ops) > 4:
        ops = [*ops[:3], f"{len(ops) - 3} more"]
    listed = " and ".join(filter(None, (", ".join(ops[:-1]), *ops[-1:])))
    return [f"{listed} repeat{'s' if len(ops) == 1 else ''} {where}"] if ops else []


def _problems(run: Run) -> Iterable[str]:
    if run.outcome is not Outcome.FINISHED:
        yield f"{run.outcome.value}: {run.problem}"
    yield from run.notes


def _group(pairs: Iterable[tuple[str, str]]) -> tuple[Grouped, ...]:
    groups: dict[str, list[str]] = {}
    for subject, sentence in pairs:
        groups.setdefault(sentence, []).append(subject)
    return tuple(Grouped(tuple(subjects), sentence) for sentence, subjects in groups.items())


def run_list(indices: tuple[str, ...]) -> str:
    """``run 2``, ``runs 1, 2, 3``, ``runs 1, 2, 3, … (40 in all)``."""
    word = "run" if len(indices) == 1 else "runs"
    return f"{word} {', '.join(indices[:6])}" + (f", … ({len(indices)} in all)" if len(indices) > 6 else "")


def letters_of(draws: Sequence[Draw | None], fingerprints: Fingerprints) -> str:
    """The letter of one draw in each run, × where a run has none."""
    letters = [fingerprints.of(draw).letter if draw is not None else "×" for draw in draws[:_MOST_LETTERS]]
    return " ".join(letters) + (" …" if len(draws) > _MOST_LETTERS else "")
