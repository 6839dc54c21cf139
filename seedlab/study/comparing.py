"""Experiments of one library side by side, which differ in one choice."""

from collections.abc import Iterable

from seedlab.errors import ChoiceError
from seedlab.results.environment import Interpreter
from seedlab.study.experiment import Experiment
from seedlab.study.family import Family


def laid_out(
    family: Family, experiment: Experiment, choice: str, interpreter: Interpreter | None
) -> tuple[Experiment, ...]:
    """Return ``experiment`` of ``family`` with each value that its choice ``choice`` has beside its own.

    Where that changes no script, because no seed is set, it is set where it reaches every draw. Empty where there is no
    such choice, or nothing to lay beside it. ``interpreter`` knows the devices; None until it has answered.
    """
    control = family.control(choice)
    if control is None:
        return ()
    values = control.beside(experiment[choice], interpreter)
    timeline = family.timeline
    made = _distinct(family, (experiment.choose(**{choice: value}) for value in values))
    if len(made) < 2 and timeline.reaching is not None and control is not timeline:
        placed = experiment.choose(**{timeline.name: timeline.reaching})
        made = _distinct(family, (placed.choose(**{choice: value}) for value in values))
    return made if len(made) > 1 else ()


def _distinct(family: Family, experiments: Iterable[Experiment]) -> tuple[Experiment, ...]:
    """Return the first possible of ``experiments`` for each script that they have, with what it is started under."""
    possible = [each for each in experiments if _is_possible(family, each)]
    known = {(family.write_script(each).text, family.environment(each)): each for each in reversed(possible)}
    return tuple(reversed(known.values()))


def _is_possible(family: Family, experiment: Experiment) -> bool:
    try:
        family.check(experiment)
    except ChoiceError:
        return False
    return True
