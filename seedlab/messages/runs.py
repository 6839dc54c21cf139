"""The words for what happened to runs."""

from collections.abc import Sequence

from seedlab.analysis.endings import Problem
from seedlab.phrases import enumerated, listed, noted, noted_plural, plural, retold, sentence, shortened
from seedlab.results.effects import Effects
from seedlab.results.run import Outcome

_MOST_RUNS = 6
_MOST_FILES = 3
_PROBLEMS = {
    Outcome.FAILED: noted_plural("Run {runs} failed: {text}.", "Runs {runs} failed: {text}."),
    Outcome.TIMED_OUT: noted_plural("Run {runs} timed out: {text}.", "Runs {runs} timed out: {text}."),
    Outcome.CANCELLED: noted_plural("Run {runs} was cancelled: {text}.", "Runs {runs} were cancelled: {text}."),
    Outcome.FINISHED: noted_plural("Run {runs}: {text}.", "Runs {runs}: {text}."),
}


def problem_text(problem: Problem, most: int | None = None) -> str:
    """Return what went wrong and in which runs, with the first ``most`` characters of the run's own text."""
    one, many = _PROBLEMS[problem.outcome]
    return plural(one, many, len(problem.runs), runs=run_numbers(problem.runs), text=retold(problem.text)[:most])


def run_numbers(indices: Sequence[int], count: int | None = None) -> str:
    """Return ``indices`` as a list: ``2``, ``1, 2, 3`` or, of many, ``1, 2, 3, 4, 5, 6, … (40 in all)``.

    ``count`` is how many there are in all, where ``indices`` are only the first of them.
    """
    shown = indices[:_MOST_RUNS]
    first, count = enumerated(shown), len(indices) if count is None else count
    return first if count == len(shown) else sentence("{first}, … ({count} in all)", first=first, count=count)


def count_text(runs: int) -> str:
    """Return ``1 run`` or ``20 runs``."""
    return plural("{count} run", "{count} runs", runs)


def changed_folder_text(effects: Effects | None) -> str:
    """Return what a run with ``effects`` changes in its folder where each finds it as it was; empty for nothing."""
    if effects is None or not effects.changed:
        return ""
    text = noted("A run changes {names} in its folder; here, each found the folder as it was.")
    return sentence(text, names=files_text(effects.changed))


def files_text(names: Sequence[str]) -> str:
    """Return the first of the files ``names``, as a part of a sentence."""
    shown = [shortened(name) for name in names]
    if len(shown) > _MOST_FILES:
        shown[_MOST_FILES - 1 :] = [sentence("other files")]
    return listed(shown)
