"""The command that repeats a column, read again by the command line itself."""

import shlex
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from seedlab.cli.main import make_parser
from seedlab.cli.run import columns_from
from seedlab.errors import ChoiceError
from seedlab.export.command import repeat_command
from seedlab.libraries.presets import PRESETS
from seedlab.libraries.registry import FAMILIES, check_batch, script_of
from seedlab.study.controls import ChoiceControl, Control, IntegerControl, TimelineControl
from seedlab.study.experiment import Experiment
from seedlab.study.lab import Column
from tests.helpers.values import column


def read_again(command: str) -> tuple[list[Column], int]:
    """The columns and the number of runs that ``command`` asks for."""
    program, *arguments = shlex.split(command)
    assert program == "seedlab"
    options = make_parser().parse_args(arguments)
    return columns_from(options), int(options.runs)


def choices_of(control: Control) -> st.SearchStrategy[Any]:
    if isinstance(control, ChoiceControl):
        return st.sampled_from(control.choices)
    if isinstance(control, IntegerControl):
        numbers = st.integers(control.minimum, min(control.maximum, 1000) if control.minimum == 1 else control.maximum)
        return numbers | st.none() if control.optional else numbers
    if isinstance(control, TimelineControl):
        return st.sampled_from([placement.name for placement in control.placements])
    return st.sampled_from(["auto", "CPU:0", "GPU:12"])


@st.composite
def experiments(drawing: st.DrawFn) -> Experiment:
    family = FAMILIES[drawing(st.sampled_from(sorted(FAMILIES)))]
    choices = {control.name: drawing(choices_of(control)) for control in family.controls if drawing(st.booleans())}
    experiment = family.experiment(**choices)
    try:
        family.check(experiment)
    except ChoiceError:
        # Some values that are possible each by itself do not go together.
        reject()
    return experiment


@given(experiments(), st.integers(1, 20))
def test_the_command_asks_for_the_same_experiment(experiment: Experiment, runs: int) -> None:
    check_batch(experiment, runs)
    made = column(experiment=experiment, script=script_of(experiment).text)
    (again,), count = read_again(repeat_command(made, runs))
    assert (again.experiment, again.script, count) == (experiment, made.script, runs)


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_goes_by_its_name(name: str) -> None:
    assert repeat_command(column(name="another name", experiment=PRESETS[name].experiment), 5) == (
        f"seedlab run {name} --runs 5"
    )


def test_only_what_is_not_the_default_is_said() -> None:
    experiment = PRESETS["before-graph"].experiment.choose(graph_seed=-5, op_seed=None, device="GPU:0")
    assert repeat_command(column(experiment=experiment), 3) == (
        "seedlab run --library tensorflow-graph --placement before-graph"
        " --graph-seed -5 --op-seed none --device GPU:0 --runs 3"
    )


@pytest.mark.parametrize(
    "name", ["own.py", "my own.py", "-v.py", "--python.py", "$(touch x).py", "it's;rm -rf.py", "Würfel\n.py"]
)
def test_a_script_goes_by_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_text("print('x:', 1)\n", encoding="utf-8")
    (again,), count = read_again(repeat_command(column(name=name), 2))
    assert (again.experiment, again.script, count) == (None, "print('x:', 1)\n", 2)
    assert Path(again.name) == Path(name)


@pytest.mark.parametrize("name", ["", "my experiment", "random", "own.py.txt"])
def test_a_script_without_a_file_is_called_script(name: str) -> None:
    assert repeat_command(column(name=name), 2) == "seedlab run script.py --runs 2"


def test_the_second_column_of_a_script_goes_by_the_same_file() -> None:
    assert repeat_command(column(name="own.py (2)"), 2) == "seedlab run own.py --runs 2"
