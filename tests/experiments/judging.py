"""What seedlab says of an experiment, held against its truth."""

import re
import sys
import time
from collections.abc import Collection, Container, Iterator, Sequence

import msgspec
import numpy as np

from seedlab.analysis.comparison import Comparison, compare
from seedlab.analysis.rows import Verdict
from seedlab.engine.executors.auto import AutoExecutor
from seedlab.engine.request import Limits, RunRequest
from seedlab.inquiry.fixing import PARALLEL
from seedlab.libraries.registry import LIBRARIES, script_of
from seedlab.results.influence import Influence
from seedlab.results.run import Outcome, Run
from seedlab.study.experiment import Choice, Experiment
from tests.experiments.plain import MANY_RUNS, RUNS, Truth, truth_of
from tests.helpers.inquiring import inquire

_NUMBER = re.compile(r"True|False|[-+]?(?:nan|inf|[0-9]+\.?[0-9]*(?:e[-+]?[0-9]+)?)")

RACES = (("calls", "unordered"),)
"""The choices with which threads decide on the order of the draws, by name and value."""
_TYPE = re.compile(r"(?:np|numpy)\.[a-z]+[0-9]+|dtype=\w+")
"""What lists of scalars and arrays print of their types."""


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
    raced: list[str] = []
    """Labels of draws that threads decide on: plain runs may be equal by chance, however many are made."""


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
    influence = inquiry.influence
    # It repeats where what is computed in parallel is held: that two runs differed is no less true of it.
    raced = {item.label for item in influence.residual if PARALLEL.intersection(item.helped_by)}
    if any(experiment.get(name) == value for name, value in RACES):
        # Neither three equal runs nor three plain ones that differ say much of the others.
        raced.update(truth.repeats)
    if truth.failed:
        if any(run.outcome is Outcome.FINISHED for run in inquiry.free):
            wrong.append(f"a plain run fails: {truth.failed}")
    else:
        wrong += [*wrong_verdicts(truth, comparison, raced), *wrong_relations(truth, comparison, raced)]
        wrong += [*wrong_values(truth, inquiry.free, raced), *wrong_influence(truth, influence, raced)]
    return Judged(
        experiment.library,
        dict(experiment.chosen),
        len(truth.repeats),
        len(truth.moved),
        wrong,
        [draw.label for draw in influence.draws if draw.unexplained],
        round(time.monotonic() - started, 1),
        truth.failed,
        sorted(raced),
    )


def wrong_verdicts(truth: Truth, comparison: Comparison, raced: Container[str] = ()) -> Iterator[str]:
    """Yield what is not so of whether draws repeat."""
    # What is written besides is no draw of the script's.
    found = {row.label: row.verdict for row in comparison.rows if row.label != "standard error"}
    if list(found) != list(truth.repeats):
        yield f"the draws are {list(found)}, and plainly {list(truth.repeats)}"
        return
    for label, repeats in truth.repeats.items():
        if label not in raced and found[label] is not (Verdict.REPEATS if repeats else Verdict.DIFFERS):
            yield f"{label}: {found[label].value}, and plainly it {'repeats' if repeats else 'differs'}"


def wrong_values(truth: Truth, runs: Sequence[Run], raced: Container[str] = ()) -> Iterator[str]:
    """Yield the draws that repeat plainly, and have other bits in one of ``runs``."""
    for run in runs:
        for draw in run.draws:
            printed = truth.printed.get(draw.label)
            if printed is None or not truth.repeats[draw.label] or draw.label in raced:
                continue
            if draw.is_text:
                # A line that has no values is kept whole.
                is_same = draw.text.strip() in {printed.strip(), f"{draw.label}: {printed.strip()}"}
            else:
                is_same = _bits(printed.partition(", shape=")[0], draw.dtype) == draw.data
            if not is_same:
                yield f"{draw.label} of run {run.index}: other bits than plainly, {printed}"


def _bits(printed: str, dtype: str) -> bytes:
    """Return the bytes of the numbers in ``printed``, which has all their digits, as an array of ``dtype``."""
    numbers = _NUMBER.findall(_TYPE.sub("", printed))
    values = [number == "True" if dtype == "bool" else number for number in numbers]
    return np.array(values).astype(np.dtype(dtype).newbyteorder("<")).tobytes()


def wrong_relations(truth: Truth, comparison: Comparison, raced: Collection[str] = ()) -> Iterator[str]:
    """Yield what is not so of which draws are equal in every run."""
    for relation in comparison.relations:
        for pair in relation.equal:
            if frozenset(pair) not in truth.equal and not set(raced).intersection(pair):
                yield f"{pair[0]} and {pair[1]} are said to be equal"
    told = {frozenset(pair) for relation in comparison.relations for pair in relation.equal}
    joined = _classes(told)
    for one, other in map(sorted, truth.equal):
        if {one, other}.intersection(raced):
            continue
        if joined.get(one, one) != joined.get(other, other):
            yield f"that {one} and {other} are equal is not said"


def _classes(pairs: set[frozenset[str]]) -> dict[str, str]:
    """Return one label for each, the same for those that are joined by ``pairs``."""
    classes: dict[str, str] = {}
    for one, other in map(sorted, pairs):
        kept, replaced = classes.setdefault(one, one), classes.setdefault(other, other)
        classes.update({label: kept for label, known in classes.items() if known == replaced})
    return classes


def wrong_influence(truth: Truth, influence: Influence, raced: Container[str] = ()) -> Iterator[str]:
    """Yield what is not so of the lines that move draws which repeat."""
    lines = {
        source.id: {source.line, *(part.line for part in source.parts)}
        for source in influence.sources
        if source.kind == "set"
    }
    for draw in influence.draws:
        if not truth.repeats.get(draw.label) or draw.label in raced:
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
