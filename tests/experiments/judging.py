"""What seedlab says of an experiment, held against its truth."""

import sys
import time
from collections.abc import Iterator

import msgspec

from seedlab.analysis.comparison import Comparison, compare
from seedlab.analysis.rows import Verdict
from seedlab.engine.executors.auto import AutoExecutor
from seedlab.engine.request import Limits, RunRequest
from seedlab.libraries.registry import LIBRARIES, script_of
from seedlab.results.influence import Influence
from seedlab.results.run import Outcome
from seedlab.study.experiment import Choice, Experiment
from tests.experiments.plain import MANY_RUNS, RUNS, Truth, truth_of
from tests.helpers.inquiring import inquire


class Judged(msgspec.Struct):
    """What came of one experiment."""

    library: str
    choices: dict[str, Choice]
    draws: int
    lines: int
    """The number of lines with a seed that were tried."""
    wrong: list[str]
    """What seedlab said that is not so."""
    unknown: list[str]
    """Labels of draws that do not repeat, for a reason that was not found."""
    seconds: float
    failed: str = ""
    """Why the script fails, where it does."""


async def judge(executor: AutoExecutor, experiment: Experiment) -> Judged:
    """Run ``experiment`` plainly and by seedlab, inquire into it, and return what differs."""
    started = time.monotonic()
    truth = truth_of(experiment)
    request = RunRequest(
        script=script_of(experiment).text,
        executable=sys.executable,
        environment=LIBRARIES.family_of(experiment).environment(experiment),
        limits=Limits(timeout_s=120),
    )
    inquiry = await inquire(executor, request, free=RUNS)
    comparison = compare(inquiry.free)
    if any(row.verdict is Verdict.DIFFERS and truth.repeats.get(row.label) for row in comparison.rows):
        truth = truth_of(experiment, MANY_RUNS)
    wrong: list[str] = []
    if truth.failed:
        if any(run.outcome is Outcome.FINISHED for run in inquiry.free):
            wrong.append(f"a plain run fails: {truth.failed}")
    else:
        wrong += [*wrong_verdicts(truth, comparison), *wrong_relations(truth, comparison)]
        wrong += wrong_influence(truth, inquiry.influence)
    return Judged(
        experiment.library,
        dict(experiment.chosen),
        len(truth.repeats),
        len(truth.moved),
        wrong,
        [draw.label for draw in inquiry.influence.draws if draw.unexplained],
        round(time.monotonic() - started, 1),
        truth.failed,
    )


def wrong_verdicts(truth: Truth, comparison: Comparison) -> Iterator[str]:
    """Yield what is not so of whether draws repeat."""
    # What is written besides is no draw of the script's.
    found = {row.label: row.verdict for row in comparison.rows if row.label != "standard error"}
    if list(found) != list(truth.repeats):
        yield f"the draws are {list(found)}, and plainly {list(truth.repeats)}"
        return
    for label, repeats in truth.repeats.items():
        if found[label] is not (Verdict.REPEATS if repeats else Verdict.DIFFERS):
            yield f"{label}: {found[label].value}, and plainly it {'repeats' if repeats else 'differs'}"


def wrong_relations(truth: Truth, comparison: Comparison) -> Iterator[str]:
    """Yield what is not so of which draws are equal in every run."""
    for relation in comparison.relations:
        for pair in relation.equal:
            if frozenset(pair) not in truth.equal:
                yield f"{pair[0]} and {pair[1]} are said to be equal"
    told = {frozenset(pair) for relation in comparison.relations for pair in relation.equal}
    joined = _classes(told)
    for one, other in map(sorted, truth.equal):
        if joined.get(one, one) != joined.get(other, other):
            yield f"that {one} and {other} are equal is not said"


def _classes(pairs: set[frozenset[str]]) -> dict[str, str]:
    """Return one label for each, the same for those that are joined by ``pairs``."""
    classes: dict[str, str] = {}
    for one, other in map(sorted, pairs):
        kept, replaced = classes.setdefault(one, one), classes.setdefault(other, other)
        classes.update({label: kept for label, known in classes.items() if known == replaced})
    return classes


def wrong_influence(truth: Truth, influence: Influence) -> Iterator[str]:
    """Yield what is not so of the lines that move draws which repeat."""
    lines = {
        source.id: {source.line, *(part.line for part in source.parts)}
        for source in influence.sources
        if source.kind == "set"
    }
    for draw in influence.draws:
        if not truth.repeats.get(draw.label):
            continue
        # Seeds that no choice changes were not tried plainly.
        said = {
            line
            for name in draw.moved_by
            for line in lines.get(name, set())
            if line is not None and line in truth.moved
        }
        true = {line for line, labels in truth.moved.items() if draw.label in labels}
        if said != true:
            yield f"{draw.label}: said to be moved by the lines {sorted(said)}, and plainly by {sorted(true)}"
