"""The command line that repeats a column."""

import shlex

from seedlab.model.arrangement import without_number
from seedlab.model.experiment import Experiment
from seedlab.model.families import FAMILIES
from seedlab.model.lab import Column
from seedlab.model.presets import preset_of


def repeat_command(column: Column, runs: int) -> str:
    """``seedlab run …`` with what makes the experiment of ``column``, quoted for a shell."""
    what = [_script_name(without_number(column.name))] if column.experiment is None else _choices(column.experiment)
    return shlex.join(["seedlab", "run", *what, "--runs", str(runs)])


def _script_name(name: str) -> str:
    if not name.endswith(".py"):
        return "script.py"
    # What begins with a dash would be taken for an option.
    return f"./{name}" if name.startswith("-") else name


def _choices(experiment: Experiment) -> list[str]:
    preset = preset_of(experiment)
    if preset is not None:
        return [preset.name]
    words = ["--library", experiment.library, "--placement", experiment.placement]
    default = FAMILIES[experiment.library].default
    for field in experiment.__struct_fields__:
        choice = getattr(experiment, field)
        if field not in {"library", "placement"} and choice != getattr(default, field):
            words += [f"--{field.replace('_', '-')}", "none" if choice is None else str(choice)]
    return words
