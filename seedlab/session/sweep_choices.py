"""What of the current column can be swept, for a person to choose from."""

from collections.abc import Iterable, Sequence

import msgspec

from seedlab.inquiry.sources import FoundSource, sources_of
from seedlab.inquiry.turning import name_of
from seedlab.libraries.registry import FAMILIES
from seedlab.messages.sweeps import everywhere_text, only_seed_text, seed_of_choice_text, turned_source_text
from seedlab.results.run import Outcome, Run
from seedlab.results.trace import Seed
from seedlab.session.arrangement import Lane
from seedlab.study.controls import IntegerControl
from seedlab.study.experiment import Experiment

MOST_READ = 3
"""The most runs that are read for sources."""


class Turnable(msgspec.Struct, frozen=True):
    """One seed that can be turned."""

    turn: str
    """What `seedlab.study.sweep.Axis` calls it."""
    title: str


def turnables(lane: Lane) -> tuple[Turnable, ...]:
    """Return what of ``lane`` can be turned: seeds of its experiment, or sources that its runs have shown."""
    if lane.chosen is not None:
        return tuple(_of_experiment(lane.chosen))
    finished = [run for run in lane.column.runs if run.outcome is Outcome.FINISHED][:MOST_READ]
    found = tuple(_of_runs(finished))
    return found or (Turnable("", only_seed_text()),)


def _of_experiment(experiment: Experiment) -> Iterable[Turnable]:
    family = FAMILIES[experiment.library]
    for control in family.controls:
        value = experiment.get(control.name)
        if isinstance(control, IntegerControl) and "seed" in control.name and value is not None:
            yield Turnable(control.name, seed_of_choice_text(control.title, control.write(value)))


def _of_runs(runs: Sequence[Run]) -> Iterable[Turnable]:
    sources = sources_of(runs)
    of_seed: dict[Seed, list[FoundSource]] = {}
    for each in sources:
        if each.source.kind == "set" and type(each.source.seed) is int:
            of_seed.setdefault(each.source.seed, []).append(each)
    for seed, places in of_seed.items():
        if len(places) > 1:
            yield Turnable(f"seed={seed}", everywhere_text(str(seed), [each.source for each in places]))
    for each in sources:
        if each.source.line is not None:
            yield Turnable(name_of(each.source), turned_source_text(each.source))
