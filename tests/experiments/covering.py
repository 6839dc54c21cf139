"""Experiments of a library in which every pair of values of two choices stands together at least once."""

from collections.abc import Iterator

from allpairspy import AllPairs

from seedlab.errors import ChoiceError
from seedlab.libraries.registry import script_of
from seedlab.study.controls import ChoiceControl, Control, DeviceControl, IntegerControl, TimelineControl
from seedlab.study.experiment import Choice, Experiment
from seedlab.study.family import Family

_SIZE = 8
"""So many values that what is drawn is not equal by chance, even where they are only shuffled."""


def covering(family: Family) -> Iterator[Experiment]:
    """Yield experiments of ``family`` with all values of its choices, pairwise, each script once."""
    seen: set[tuple[str, tuple[tuple[str, str | None], ...]]] = set()
    names = [control.name for control in family.controls]
    for row in AllPairs([_values(control) for control in family.controls]):
        experiment = family.experiment(**dict(zip(names, row, strict=True)))
        try:
            key = (script_of(experiment).text, family.environment(experiment))
        except ChoiceError:
            # Values that do not go together, such as a large seed and an old generator.
            continue
        if key not in seen:
            seen.add(key)
            yield experiment


def _values(control: Control) -> list[Choice]:
    match control:
        case TimelineControl():
            return [placement.name for placement in control.placements]
        case ChoiceControl():
            return list(control.choices)
        case DeviceControl():
            return ["auto", "CPU:0"]
        case IntegerControl(name="sample_size"):
            return [_SIZE]
        case IntegerControl():
            return list(control.beside(control.default, None))
    return [control.default]
