"""Comparisons in one press: experiments of one library that stand side by side."""

from collections.abc import Callable

import msgspec

from seedlab.study.controls import TimelineControl
from seedlab.study.experiment import Experiment

SECOND_SEED = 1
"""The seed that the chosen one is compared with; if that is the same, it is compared with 0."""


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """What one press sets side by side. Libraries state the same comparison under the same name."""

    name: str
    """The name by which the program refers to it, such as ``"placements"``."""
    title: str
    """The text of the command, such as ``"Compare placements"``."""
    about: str
    """A few words on what the command runs."""
    experiments: Callable[[Experiment], tuple[Experiment, ...]]
    """Return what is compared, made from one experiment; empty where that leaves nothing to compare."""


def over_placements(timeline: TimelineControl) -> Comparison:
    """Return the comparison of all places where ``timeline`` can set the seed, in the order of the script."""

    def experiments(experiment: Experiment) -> tuple[Experiment, ...]:
        places = [placement for placement in timeline.placements if placement is not timeline.unset]
        return tuple(experiment.choose(**{timeline.name: place.name}) for place in places)

    return Comparison(
        name="placements",
        title="Compare placements",
        about="Run a column for each placement of the seed",
        experiments=experiments,
    )


def over_seeds(timeline: TimelineControl, seed: str, *, title: str) -> Comparison:
    """Return the comparison of the chosen seed with another one; ``seed`` names its control, ``title`` several seeds.

    If no seed is set, it is set in the place of ``timeline`` that reaches every draw.
    """

    def experiments(experiment: Experiment) -> tuple[Experiment, ...]:
        if experiment[timeline.name] == timeline.unset.name:
            if timeline.reaching is None:
                return ()
            experiment = experiment.choose(**{timeline.name: timeline.reaching})
        other = SECOND_SEED if experiment[seed] != SECOND_SEED else 0
        return experiment, experiment.choose(**{seed: other})

    return Comparison(
        name="seeds",
        title=f"Compare two {title}",
        about=f"Run a column for each of two {title}",
        experiments=experiments,
    )
