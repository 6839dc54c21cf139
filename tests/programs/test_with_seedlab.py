"""The programs as seedlab executes them: where they lie, with what they are given, compared, and nothing else left."""

import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.programs.plain_runs import Program, Workplace, by_label, lines_of
from tests.programs.test_programs import chosen

OUTPUT = "out.json"
SAMPLE = "resume"
"""Of the programs that import TensorFlow, the one that every run of the tests executes: it resumes."""


def command_of(program: Program, verb: str, *options: str) -> list[str]:
    """The command line that gives seedlab the program as a person gives it to Python."""
    if program.arguments[0] == "-m":
        named, given = program.arguments[:2], program.arguments[2:]
    else:
        named, given = program.arguments[:1], program.arguments[1:]
    return [sys.executable, "-m", "seedlab", verb, *named, "--python", sys.executable, *options, "--", *given]


def written(around: Path) -> dict[str, Any]:
    document = json.loads((around / OUTPUT).read_text(encoding="utf-8"))
    (column,) = document["experiments"]
    assert isinstance(column, dict)
    return column


@pytest.mark.parametrize("program", chosen(SAMPLE), ids=lambda program: program.name)
def test_it_runs_where_it_lies_and_prints_what_it_prints(program: Program, tmp_path: Path) -> None:
    for package in program.imports:
        if importlib.util.find_spec(package) is None:
            pytest.skip(f"{package} is not installed")
    workplace = Workplace(program, tmp_path)
    workplace.renew()
    plain = [workplace.run(), workplace.run()]
    left = workplace.files
    workplace.renew()
    done = workplace.run(*command_of(program, "run", "--runs", "2", "--json", str(tmp_path / OUTPUT)))
    assert done.status == 0, done.errors
    assert workplace.files == left, "two runs leave what two plain runs leave"
    column = written(tmp_path)
    assert [run["outcome"] for run in column["runs"]] == ["finished"] * 2
    labels = program.output.all
    for run, expected in zip(column["runs"], plain, strict=True):
        seen = by_label(lines_of(run["text"].encode()), labels)
        known = by_label(expected.output, labels)
        for label in program.output.repeat:
            if label in known:
                assert seen.get(label) == known[label], label
