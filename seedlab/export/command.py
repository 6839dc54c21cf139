"""The command line that repeats a column."""

from seedlab.command_text import joined
from seedlab.libraries.presets import preset_of
from seedlab.libraries.registry import FAMILIES
from seedlab.session.arrangement import without_number
from seedlab.study.experiment import Experiment
from seedlab.study.lab import Column


def repeat_command(column: Column, runs: int) -> str:
    """Return the command ``seedlab run …`` that makes ``runs`` runs of ``column``, quoted as the platform does."""
    what = [_script_name(without_number(column.name))] if column.experiment is None else _choices(column.experiment)
    return joined(["seedlab", "run", *what, "--runs", str(runs)])


def _script_name(name: str) -> str:
    if not name.endswith(".py"):
        return "script.py"
    # A name that begins with a dash would be taken for an option.
    return f"./{name}" if name.startswith("-") else name


def _choices(experiment: Experiment) -> list[str]:
    preset = preset_of(experiment)
    if preset is not None:
        return [preset.name]
    family = FAMILIES[experiment.library]
    words = ["--library", experiment.library]
    for control in family.controls:
        chosen = experiment[control.name]
        # The placement is always included, because it is the point of the experiment.
        if control is family.timeline or chosen != control.default:
            words += [control.option, control.write(chosen)]
    return words
