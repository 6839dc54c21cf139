"""Runs in private views of their folder: each starts equal, and nothing of what they change is left."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from seedlab.engine import private_views
from seedlab.engine.executors.executor import Start
from seedlab.engine.private_views import COPIED
from seedlab.engine.request import RunRequest
from seedlab.observer import views
from seedlab.results.run import Outcome, Run
from tests.helpers.starting import Workbench

SCRIPT = """
import os
import helper
with open("log.txt", "a") as file:
    file.write("one line\\n")
print("lines:", len(open("log.txt").readlines()))
print("helper:", helper.VALUE)
print("left:", int(os.path.exists("input.txt")))
os.remove("input.txt")
os.mkdir("made")
print("place:", int(os.getcwd() == os.path.dirname(os.path.abspath(__file__))))
"""


@pytest.fixture(scope="module")
def bench() -> Iterator[Workbench]:
    bench = Workbench()
    yield bench
    bench.close()


@pytest.fixture
def program(tmp_path: Path) -> RunRequest:
    folder = tmp_path / "a place, with: marks\\ in it"
    folder.mkdir()
    (folder / "train.py").write_text(SCRIPT)
    (folder / "helper.py").write_text("VALUE = 3\n")
    (folder / "input.txt").write_text("input")
    (folder / "log.txt").write_text("")
    return RunRequest(
        script=SCRIPT, executable=sys.executable, path=str(folder / "train.py"), name="train.py", folder=str(folder),
        is_private=True,
    )  # fmt: skip


def names(program: RunRequest) -> list[str]:
    return sorted(name for name in os.listdir(str(program.folder)) if name != "__pycache__")


def values(run: Run) -> dict[str, int]:
    assert run.outcome is Outcome.FINISHED, run.problem + run.details
    return {draw.label: draw.array.item() for draw in run.draws}


def runs_of(bench: Workbench, program: RunRequest, runs: int) -> list[Run]:
    cold = bench.executors[Start.COLD]
    return [bench.wait(cold.run(replace(program, index=index))) for index in range(1, runs + 1)]


def test_each_run_starts_equal_and_leaves_the_folder_as_it_was(bench: Workbench, program: RunRequest) -> None:
    before = names(program)
    for run in runs_of(bench, program, 3):
        assert values(run) == {"lines": 1, "helper": 3, "left": 1, "place": 1}
        assert run.notes == ()
    assert names(program) == before
    assert Path(str(program.folder), "log.txt").read_text() == ""


def test_where_there_are_no_views_the_folder_is_copied_and_that_is_said(
    program: RunRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Workbench()
    # No system makes a view with such a folder.
    monkeypatch.setattr(private_views, "_made", lambda folder: folder / ("x" * 300))
    before = names(program)
    for run in runs_of(bench, program, 2):
        assert values(run) == {"lines": 1, "helper": 3, "left": 1, "place": 1}
        assert run.notes == (COPIED,)
    assert names(program) == before
    bench.close()


def test_a_folder_that_is_too_large_to_copy_is_refused_in_words(
    program: RunRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(private_views, "MAX_COPIED_BYTES", 10)
    bench = Workbench()
    cold = bench.executors[Start.COLD].cold
    cold._has_views = False
    (run,) = runs_of(bench, program, 1)
    assert run.outcome is Outcome.FAILED
    assert "too large to be copied" in run.problem
    bench.close()


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_other_systems_have_no_views(monkeypatch: pytest.MonkeyPatch, system: str) -> None:
    """The error is the one that has runs made in copies; any other one would end a run before it begins."""
    monkeypatch.setattr("sys.platform", system)
    with pytest.raises(views.ViewError):
        views.enter([{"folder": "/", "upper": "/"}])
