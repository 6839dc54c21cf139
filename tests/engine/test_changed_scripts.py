"""What runs is the text that is seen: after an edit on disk, and in a private view with a text that is nowhere else.

TensorFlow's autograph, inspect, tracebacks and spawned processes read source from the disk. Where that says something
else than what is executed, they compute wrong numbers.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from seedlab.engine import private_views
from seedlab.engine.executors.choice import PRIVATE
from seedlab.engine.executors.executor import Start
from seedlab.engine.private_views import COPIED
from seedlab.engine.request import RunRequest
from seedlab.results.run import Outcome, Run
from tests.helpers.starting import WAYS, Workbench

SHORT = """
import inspect, random, traceback
from multiprocessing import get_context

def first(x):
    return x + {number}

def second(x):
    return first(x) * {number}

def fails():
    raise ValueError("no {number}")

def source(function):
    return inspect.getsource(function).split("\\n")[1].strip()

if __name__ == "__main__":
    print("value:", second(1))
    print(source(first))
    print(source(second))
    try:
        fails()
    except ValueError:
        print(traceback.format_exc().split("\\n")[-3].strip())
    with get_context("spawn").Pool(1) as pool:
        print("spawned:", pool.map(second, [1, 2]))
        print(*pool.map(source, [first, second]))
"""
TENSORFLOW = """
import multiprocessing
import tensorflow as tf

@tf.function
def one(x):
    if x > 0:
        x = x + {number}
    return x

two = tf.function(lambda x: x * {number})

@tf.function
def three(x):
    for _ in tf.range(2):
        x = one(x) + two(x)
    return x

def in_child(x):
    return [float(function(tf.constant(x))) for function in (one, two, three)]

if __name__ == "__main__":
    print("here:", in_child(1.0))
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        print("spawned:", pool.apply(in_child, (1.0,)))
"""


@pytest.fixture(scope="module")
def bench() -> Iterator[Workbench]:
    bench = Workbench()
    yield bench
    bench.close()


def written(folder: Path, script: str) -> RunRequest:
    """The request of a script that lies in ``folder``, which its text is written to."""
    path = folder / "train.py"
    path.write_text(script)
    return RunRequest(script=script, executable=sys.executable, path=str(path), folder=str(folder))


def run_of(bench: Workbench, request: RunRequest, way: Start = Start.COLD) -> Run:
    run = bench.wait(bench.executors[way].run(request))
    assert run.outcome is Outcome.FINISHED, run.problem + run.details
    return run


def expected_of_short(number: int) -> list[str]:
    values = [(x + number) * number for x in (1, 2)]
    sources = [f"return x + {number}", f"return first(x) * {number}"]
    failed = f'raise ValueError("no {number}")'
    return [f"value: {values[0]}", *sources, failed, f"spawned: {values}", " ".join(sources)]


def check_tensorflow(run: Run, number: float) -> None:
    value = 1.0
    for _ in range(2):
        value = (value + number) + value * number
    expected = [1 + number, number, value]
    assert [draw.array.tolist() for draw in run.draws if draw.dtype != "text"] == [expected, expected]


@pytest.mark.parametrize("way", WAYS)
def test_an_edit_before_a_planned_run_begins_is_told_and_not_executed(
    bench: Workbench, tmp_path: Path, way: Start
) -> None:
    request = written(tmp_path, "print('a:', 1)\n")
    assert run_of(bench, request, way).draws[0].array.tolist() == 1
    (tmp_path / "train.py").write_text("print('a:', 2)\n")
    run = bench.wait(bench.executors[way].run(request))
    assert (run.outcome, run.draws) == (Outcome.FAILED, ())
    assert run.problem == "train.py was changed on disk before this run began. Run it again"
    # Privately it is still what is executed.
    assert run_of(bench, replace(request, is_private=True), way).draws[0].array.tolist() == 1


@pytest.mark.parametrize("way", WAYS)
def test_an_edit_between_two_runs_is_what_inspect_tracebacks_and_children_see(
    bench: Workbench, tmp_path: Path, way: Start
) -> None:
    # Of the same length, and mostly within one second.
    for number in (3, 7):
        run = run_of(bench, written(tmp_path, SHORT.format(number=number)), way)
        assert (run.start, run.text.splitlines()) == (way.value, expected_of_short(number))


@pytest.mark.parametrize("way", [Start.COLD, Start.FORK])
def test_an_edit_between_two_runs_is_what_functions_of_tensorflow_compute(
    bench: Workbench, tmp_path: Path, way: Start
) -> None:
    for number in (3.0, 7.0):
        run = run_of(bench, written(tmp_path, TENSORFLOW.format(number=number)), way)
        assert run.start == way.value
        check_tensorflow(run, number)


@pytest.mark.parametrize("module", [None, "train"])
def test_a_changed_text_is_a_real_file_in_the_private_view(
    bench: Workbench, tmp_path: Path, module: str | None
) -> None:
    request = replace(written(tmp_path, SHORT.format(number=3)), module=module, is_private=True)
    path = tmp_path / "train.py"
    path.chmod(0o640)
    run_of(bench, replace(request, is_private=False))
    before = path.stat()
    for number in (7, 3):
        changed = replace(request, script=SHORT.format(number=number))
        assert run_of(bench, changed).text.splitlines() == expected_of_short(number)
    assert path.read_text() == SHORT.format(number=3)
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)
    assert {each.name for each in tmp_path.iterdir()} <= {"train.py", "__pycache__"}


def test_functions_of_tensorflow_compute_what_the_changed_text_says(bench: Workbench, tmp_path: Path) -> None:
    request = replace(written(tmp_path, TENSORFLOW.format(number=3.0)), is_private=True)
    check_tensorflow(run_of(bench, replace(request, script=TENSORFLOW.format(number=7.0))), 7.0)
    assert (tmp_path / "train.py").read_text() == request.script


def test_a_script_that_was_never_saved_is_a_real_file_there(bench: Workbench, tmp_path: Path) -> None:
    request = RunRequest(
        script=SHORT.format(number=5), executable=sys.executable, path=str(tmp_path / "new.py"), folder=str(tmp_path),
        is_private=True,
    )  # fmt: skip
    assert run_of(bench, request).text.splitlines() == expected_of_short(5)
    assert list(tmp_path.iterdir()) == []


def test_a_changed_text_keeps_the_encoding_that_it_names(bench: Workbench, tmp_path: Path) -> None:
    script = "# -*- coding: latin-1 -*-\nprint(len('caf\xe9'), open(__file__, 'rb').read().count(b'\\xe9'))\n"
    request = replace(written(tmp_path, ""), script=script, is_private=True)
    assert run_of(bench, request).text == "4 1\n"
    run = bench.wait(bench.executors[Start.COLD].run(replace(request, script=script.replace("\xe9", "→"))))
    assert run.outcome is Outcome.FAILED
    assert "cannot be written in the encoding that it names" in run.problem


def test_where_the_folder_is_copied_the_copy_has_the_changed_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(private_views, "_made", lambda folder: folder / ("x" * 300))
    bench = Workbench()
    request = replace(written(tmp_path, SHORT.format(number=3)), is_private=True)
    run = run_of(bench, replace(request, script=SHORT.format(number=7)))
    assert run.text.splitlines() == expected_of_short(7)
    assert run.notes == (COPIED,)
    assert (tmp_path / "train.py").read_text() == request.script
    bench.close()


@pytest.mark.parametrize("way", [Start.AUTO, Start.SPARE, Start.FORK])
def test_a_private_view_is_never_given_up_for_a_faster_start(bench: Workbench, tmp_path: Path, way: Start) -> None:
    script = "import numpy\nopen('made', 'w').close()\nprint('x:', 1)\n"
    run = run_of(bench, replace(written(tmp_path, script), is_private=True), way)
    assert run.outcome is Outcome.FINISHED, run.details
    assert run.start == (Start.FORK if way is Start.AUTO else way).value
    assert not (tmp_path / "made").exists()


def test_files_that_are_compared_in_a_private_view_are_read_after_a_cold_run(bench: Workbench, tmp_path: Path) -> None:
    script = "import numpy\nopen('made', 'w').write('1')\nprint('x:', 1)\n"
    request = replace(written(tmp_path, script), is_private=True, compares=("made",))
    run = run_of(bench, request, Start.AUTO)
    assert (run.start, run.start_reason) == ("cold", PRIVATE)
    assert any(draw.label.startswith("made") for draw in run.draws)


@pytest.mark.parametrize("has_views", [True, False])
def test_no_file_outside_of_the_folder_is_changed(
    has_views: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A document from elsewhere may name any."""
    if not has_views:
        monkeypatch.setattr(private_views, "_made", lambda folder: folder / ("x" * 300))
    outside = tmp_path / "outside.py"
    outside.write_text("KEPT = 1\n", encoding="utf-8")
    folder = tmp_path / "folder"
    folder.mkdir()
    bench = Workbench()
    for path in (str(outside), str(folder / ".." / "outside.py")):
        request = replace(written(folder, "print(1)\n"), is_private=True, changes=((path, "CHANGED = 1\n"),))
        run = bench.wait(bench.executors[Start.COLD].run(request))
        assert run.outcome is Outcome.FAILED
        assert "lies outside of the script's folder, and is not changed" in run.problem
    assert outside.read_text(encoding="utf-8") == "KEPT = 1\n"
    bench.close()


def test_a_module_beside_is_changed_in_the_private_view_alone(bench: Workbench, tmp_path: Path) -> None:
    beside = tmp_path / "beside.py"
    beside.write_text("NUMBER = 1\n", encoding="utf-8")
    request = replace(
        written(tmp_path, "import beside\nprint(beside.NUMBER)\n"),
        is_private=True,
        changes=((str(beside), "NUMBER = 2\n"),),
    )
    assert run_of(bench, request).text == "2\n"
    assert beside.read_text(encoding="utf-8") == "NUMBER = 1\n"
