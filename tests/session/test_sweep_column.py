"""Columns that are made of a point of a sweep."""

import pytest
from msgspec.structs import replace

from seedlab.errors import ChoiceError
from seedlab.libraries.registry import experiment_of, script_of
from seedlab.results.influence import InfluenceSource
from seedlab.session.sweep_column import column_of_point
from seedlab.session.sweep_store import About
from seedlab.study.lab import Column
from seedlab.study.program import ChangedFile, Program

SOURCE = InfluenceSource(id="s1", kind="set", library="python", state="global", door="random.seed", line=2, seed=42)
SCRIPT = "import random\nrandom.seed(42)\nprint('x:', random.random())\n"
ABOUT = About(name="train.py", key="k", turns=("seed=42",), own=(42,), sources=((SOURCE,),))
PROGRAM = Program(path="/there/train.py", name="train.py", folder="/there")


def test_of_an_experiment_it_is_the_experiment_with_that_seed() -> None:
    experiment = experiment_of("python-random")
    column = Column(name="random", experiment=experiment, script=script_of(experiment).text)
    about = About(name="random", key="k", turns=("graph_seed",), own=(0,))
    made = column_of_point(column, about, (31,))
    assert made.experiment == experiment.choose(graph_seed=31)
    assert "31" in made.script


def test_of_a_script_it_is_a_changed_copy_and_the_file_stays() -> None:
    made = column_of_point(Column(name="train.py", experiment=None, script=SCRIPT, program=PROGRAM), ABOUT, (31,))
    changed = SCRIPT.replace("42", "31")
    assert made.script == changed
    assert made.program == replace(PROGRAM, changes=(ChangedFile(text=changed),))
    assert made.name == "train.py, seed 31"


def test_where_the_seed_comes_from_elsewhere_it_says_so() -> None:
    column = Column(name="train.py", experiment=None, script=SCRIPT.replace("42", "read()"))
    for about in (ABOUT, replace(ABOUT, own=None), replace(ABOUT, sources=())):
        with pytest.raises(ChoiceError, match="not clear where"):
            column_of_point(column, about, (31,))
