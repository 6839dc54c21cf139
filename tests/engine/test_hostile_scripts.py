"""Scripts that do what nobody expects of them: nothing of theirs is lost, and nothing of seedlab's shows."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from seedlab.engine.executors.executor import Start
from seedlab.engine.executors.outcome import LOST
from seedlab.results.run import Outcome
from tests.helpers.starting import WAYS, Workbench


@pytest.fixture(scope="module")
def bench() -> Iterator[Workbench]:
    bench = Workbench()
    yield bench
    bench.close()


@pytest.mark.parametrize("way", WAYS)
def test_a_report_that_the_script_closed_is_said(bench: Workbench, way: Start) -> None:
    (run,) = bench.run("import random, os\nprint('x:', 1)\nos.closerange(3, 256)\nprint('y:', 2)\n", way)
    assert (run.outcome, run.text) == (Outcome.FINISHED, "x: 1\ny: 2\n")
    # What is no longer reported is part of standard output.
    assert [(draw.label, draw.text if draw.is_text else "") for draw in run.draws] == [
        ("x", ""),
        ("standard output", "y: 2"),
    ]
    assert run.notes == (LOST,)


@pytest.mark.parametrize("way", WAYS)
def test_the_report_never_arrives_in_a_file_of_the_script(bench: Workbench, way: Start, tmp_path: Path) -> None:
    own = tmp_path / "own"
    script = (
        f"import random, os\nfile = os.open({str(own)!r}, os.O_WRONLY | os.O_CREAT)\nos.closerange(file + 1, 256)\n"
        "for number in range(file + 1, 256):\n    os.dup2(file, number)\nprint('x:', list(range(1000)))\n"
    )
    (run,) = bench.run(script, way)
    assert run.outcome is Outcome.FINISHED, run.details
    assert ([draw.label for draw in run.draws], run.notes, own.read_bytes()) == (["standard output"], (LOST,), b"")


@pytest.mark.parametrize("way", WAYS)
def test_a_report_that_is_closed_when_all_is_told_is_not_worth_a_word(bench: Workbench, way: Start) -> None:
    (run,) = bench.run("import random, os\nprint('x:', 1)\nos.closerange(3, 256)\n", way)
    assert (run.outcome, len(run.draws), run.notes) == (Outcome.FINISHED, 1, ())


@pytest.mark.parametrize("way", WAYS)
def test_names_that_are_no_utf_8(bench: Workbench, way: Start, tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"folder-\xff")
    folder.mkdir()
    path = folder / os.fsdecode(b"script-\xfe.py")
    text = "import random\nrandom.seed(1)\nprint('x:', random.random())\nraise ValueError(__file__[-4:])\n"
    path.write_text(text, encoding="utf-8")
    (run,) = bench.run(text, way, path=str(path), folder=str(folder))
    assert run.outcome is Outcome.FAILED
    assert run.problem == "line 4: ValueError: \\udcfe.py"
    assert [draw.label for draw in run.draws] == ["x"]
    assert [(event.file, event.line) for event in run.trace] == [(None, 2)]
    run.problem.encode()
    run.details.encode()


@pytest.mark.parametrize("way", WAYS)
def test_a_signal_without_a_name(bench: Workbench, way: Start) -> None:
    (run,) = bench.run("import random, os\nprint('x:', 1, flush=True)\nos.kill(os.getpid(), 40)\n", way)
    assert (run.outcome, run.problem) == (Outcome.FAILED, "was ended by the signal number 40")
    assert [draw.label for draw in run.draws] == ["x"]


RAISING = """
import random
class Bad(Exception):
    def __str__(self):
        raise RuntimeError("no text")
"""


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("end", "problem"),
    [
        ("raise Bad()", "line 7: Bad: <Bad str() failed>"),
        ("print('y:', Bad())", "line 5: RuntimeError: no text"),
        ("import sys\nsys.exit(Bad())", "ended with exit status 1: nothing was written to standard error"),
    ],
)
def test_texts_that_raise(bench: Workbench, way: Start, end: str, problem: str) -> None:
    (run,) = bench.run(f"{RAISING}print('x:', 1)\n{end}\n", way)
    assert (run.outcome, run.problem) == (Outcome.FAILED, problem)
    assert [draw.label for draw in run.draws] == ["x"]
    assert "seedlab" not in run.details


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "printing",
    [
        "class F:\n    write = len\n    def __eq__(self, other): raise KeyError\nprint('y:', 2, file=F())",
        "class S(str):\n    def strip(self): raise KeyError\nprint(S('y:'), 2)",
        "class C:\n    @property\n    def __class__(self): raise KeyError\nprint(C(), 2)",
        "import sys\nkept = sys.stdout\nsys.stdout = None\nprint('y:', 2)\nsys.stdout = kept",
        "random.seed(10**5000)",
        "import numpy\nclass A(numpy.ndarray):\n    def __array_finalize__(self, o): raise KeyError\nprint('y:')",
    ],
)
def test_objects_that_raise_whatever_is_asked_of_them(bench: Workbench, way: Start, printing: str) -> None:
    (run,) = bench.run(f"import random\nprint('x:', 1)\n{printing}\nprint('z:', 3)\n", way)
    assert run.outcome is Outcome.FINISHED, run.details
    assert {"x", "z"} <= {draw.label.rpartition("/")[2] for draw in run.draws}


def test_a_name_that_is_no_utf_8_on_the_command_line(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"s\xff.py")).write_text("print('x:', 1)\n", encoding="utf-8")
    command: list[str | bytes] = [sys.executable, "-m", "seedlab", "run", b"s\xff.py", "--runs=1"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    for output in (("--json", "-"), ()):
        ended = subprocess.run([*command, *output], cwd=tmp_path, env=environment, capture_output=True, check=False)
        assert ended.returncode == 0, ended.stderr
        assert rb"s\udcff" in ended.stdout.replace(b"\\\\", b"\\")
