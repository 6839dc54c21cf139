"""What the data file says of the example programs is true: plain Python runs, nothing of seedlab."""

import importlib.util
import os
from pathlib import Path

import pytest

from tests.programs.plain_runs import PROGRAMS, Program, Workplace, by_label, disagreements, known_programs

ALL_VARIABLE = "SEEDLAB_ALL_PROGRAMS"
SAMPLE = "shapes"
"""Of the programs that import TensorFlow, the one that every run of the tests executes: a package."""


def chosen(sample: str) -> list[Program]:
    """Return the programs to execute: the quick ones and ``sample``, or all."""
    return [
        program
        for program in known_programs()
        if not program.is_slow or program.name == sample or os.environ.get(ALL_VARIABLE)
    ]


@pytest.mark.parametrize("program", chosen(SAMPLE), ids=lambda program: program.name)
def test_a_program_does_what_is_known_of_it(program: Program, tmp_path: Path) -> None:
    for package in program.imports:
        if importlib.util.find_spec(package) is None:
            pytest.skip(f"{package} is not installed")
    workplace = Workplace(program, tmp_path)
    fresh = []
    for _ in range(2):
        workplace.renew()
        fresh.append(workplace.run())
    assert disagreements(program, fresh, workplace.run()) == []


def test_every_folder_has_a_program_and_every_program_has_a_folder() -> None:
    folders = {path.name for path in PROGRAMS.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert {program.folder for program in known_programs()} == folders


def test_no_label_stands_twice() -> None:
    for program in known_programs():
        for lines in (program.output, program.errors):
            assert len(lines.all) == len(set(lines.all)), program.name


def test_a_line_belongs_to_the_longest_label_that_it_begins_with() -> None:
    lines = ["epoch 1: 0.5", "epoch 12: 0.4", "epochs: 12", "done"]
    assert by_label(lines, ["epoch", "epoch #:"]) == {
        "epoch #:": ["epoch 1: 0.5", "epoch 12: 0.4"],
        "epoch": ["epochs: 12"],
        "": ["done"],
    }
