"""The families: one module for each kind of experiment, found by being in this folder.

A module of this package holds one ``FAMILY``; nothing else has to know of it.
"""

import importlib
import pkgutil
import re

from seedlab.errors import ChoiceError
from seedlab.model.experiment import (
    AUTO_DEVICE,
    MAX_RUNS,
    MAX_VALUES,
    ChoiceControl,
    Control,
    Experiment,
    IntegerControl,
)
from seedlab.model.families._family import Family
from seedlab.model.script import Script

__all__ = ["FAMILIES", "Family", "check", "check_batch", "script_of"]


def _find() -> dict[str, Family]:
    modules = [importlib.import_module(f"{__name__}.{info.name}") for info in pkgutil.iter_modules(__path__)]
    found: list[Family] = [module.FAMILY for module in modules if hasattr(module, "FAMILY")]
    return {family.name: family for family in sorted(found, key=lambda family: family.order)}


FAMILIES = _find()


def script_of(experiment: Experiment) -> Script:
    """The script of ``experiment``, the same for equal experiments. Raises `ChoiceError` as `check` does."""
    return check(experiment).write_script(experiment)


def check(experiment: Experiment) -> Family:
    """The family of ``experiment``, or a `ChoiceError` that names the first choice that cannot be run."""
    family = FAMILIES.get(experiment.library)
    if family is None:
        raise ChoiceError(
            "library", f"There is no library “{experiment.library}”.", f"Choose one of: {', '.join(FAMILIES)}."
        )
    if experiment.placement not in {placement.name for placement in family.placements}:
        names = ", ".join(placement.name for placement in family.placements)
        raise ChoiceError(
            "placement", f"{family.title} has no placement “{experiment.placement}”.", f"Choose one of: {names}."
        )
    for control in family.controls:
        _check_control(control, getattr(experiment, control.field))
    controlled = {"library", "placement", *(control.field for control in family.controls)}
    for field in experiment.__struct_fields__:
        chosen, default = getattr(experiment, field), getattr(family.default, field)
        if field not in controlled and (chosen != default or type(chosen) is not type(default)):
            raise ChoiceError(
                field, f"{family.title} has no {field.replace('_', ' ')} to choose.", "Leave that choice out."
            )
    return family


def check_batch(experiment: Experiment, runs: int) -> Family:
    """`check`, and that ``runs`` runs of ``experiment`` are neither none nor more than memory should hold."""
    family = check(experiment)
    if type(runs) is not int or not 1 <= runs <= MAX_RUNS:
        raise ChoiceError("runs", f"The number of runs cannot be {runs}.", f"Choose from 1 to {MAX_RUNS} runs.")
    # Every family draws from two ops, or in two halves.
    values = runs * 2 * experiment.draws_per_op * experiment.sessions * experiment.sample_size
    if values > MAX_VALUES:
        raise ChoiceError(
            "runs",
            f"{runs} runs would draw {values:,} values; seedlab holds at most {MAX_VALUES:,} at once.",
            "Choose fewer runs, fewer draws or fewer values per draw.",
        )
    return family


def _check_control(control: Control, value: object) -> None:
    if isinstance(control, ChoiceControl):
        if value not in control.choices:
            raise ChoiceError(
                control.field,
                f"{control.title} cannot be “{value}”.",
                f"Choose one of: {', '.join(control.choices)}.",
            )
    elif isinstance(control, IntegerControl):
        if value is None and control.optional:
            return
        if not isinstance(value, int) or isinstance(value, bool):
            raise ChoiceError(
                control.field, f"{control.title} must be a whole number, not “{value}”.", "Leave out all but digits."
            )
        if not control.minimum <= value <= control.maximum:
            raise ChoiceError(
                control.field,
                f"{control.title} cannot be {value}.",
                f"Choose a whole number from {control.minimum} to {control.maximum}.",
            )
    elif value != AUTO_DEVICE and not re.fullmatch(r"(CPU|GPU|TPU):[0-9]{1,3}", str(value)):
        # The name goes into the script: nothing but a device's name may pass.
        raise ChoiceError(control.field, f"There is no device “{value}”.", "Name it like CPU:0 or GPU:0, or say auto.")
