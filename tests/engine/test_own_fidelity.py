"""A person's own program sees in every way to start what ``python script.py`` and ``python -m module`` show it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from seedlab.engine.executors.executor import Start
from seedlab.engine.request import RunRequest
from seedlab.results.run import Outcome
from tests.benchmarks.forks import forked
from tests.helpers.starting import WAYS, Workbench

HELPER = "def told():\n    return __name__, __file__\n"
FACTS = """# -*- coding: latin-1 -*-
import inspect, os, pickle, sys
import random
import {helper}
from multiprocessing import get_context

class Point:
    def __init__(self, x):
        self.x = x

def square(number):
    return number * number

def main():
    print("argv", sys.argv, sys.orig_argv[1:] if hasattr(sys, "orig_argv") else "")
    print("file", __file__, __name__, __package__, __spec__ and (__spec__.name, __spec__.origin))
    print("loader", type(__loader__).__name__, "cached" if "__cached__" in globals() else "", __doc__)
    print("folder", os.getcwd(), sys.path[0])
    print("beside", {helper}.told(), os.path.exists("data.txt"))
    print("variable", os.environ.get("LR"), "caf\xe9")
    print(inspect.getsource(square))
    print("pickled", pickle.loads(pickle.dumps(Point(3))).x, Point.__module__)
    # A spawned child does not import the __main__ of a package (Lib/multiprocessing/spawn.py), and waits for ever.
    kinds = ["fork"] if __spec__ and __spec__.name.endswith("__main__") else ["spawn", "fork"]
    for kind in kinds:
        with get_context(kind).Pool(1) as pool:
            print(kind, pool.map(square, [1, 2, 3]))
    print("modules", [name for name in ("runpy", "ctypes", "seedlab") if name in sys.modules])

if __name__ == "__main__":
    main()
    raise ValueError("the end")
"""
GRAPH = """
import random
import numpy as np
import tensorflow as tf

class Model:
    def __init__(self):
        self.op = tf.random_normal([3], seed=4)

if __name__ == "__main__":
    np.random.seed(2)
    random.seed(3)
    with tf.Session() as session:
        print("op:", session.run(Model().op).tolist())
    print("numpy:", np.random.rand(2).tolist())
    print("python:", random.random())
    print("free:", random.SystemRandom().random())
"""


@pytest.fixture(scope="module")
def bench() -> Iterator[Workbench]:
    bench = Workbench()
    yield bench
    bench.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "my project"
    (place / "forest").mkdir(parents=True)
    (place / "data.txt").touch()
    (place / "helper.py").write_text(HELPER)
    (place / "forest" / "__init__.py").touch()
    (place / "forest" / "helper.py").write_text(HELPER)
    (place / "train.py").write_text(FACTS.format(helper="helper"), encoding="latin-1")
    package = FACTS.format(helper="helper").replace("import helper", "from . import helper")
    (place / "forest" / "train.py").write_text(package, encoding="latin-1")
    (place / "forest" / "__main__.py").write_text(package, encoding="latin-1")
    return place


def plain(folder: Path, *arguments: str, executable: str = sys.executable) -> tuple[str, str, int]:
    environment = {**os.environ, "LR": "3"}
    done = subprocess.run(
        [executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    return done.stdout, done.stderr, done.returncode


def request_of_program(
    path: Path, folder: Path, file: str, module: str | None, executable: str = sys.executable
) -> RunRequest:
    return RunRequest(
        script=path.read_text(encoding="latin-1"), executable=executable, path=str(path), folder=str(folder),
        name=file if module is None else module, module=module, arguments=("--lr", "3"), environment=(("LR", "3"),),
    )  # fmt: skip


LAST_LINE = FACTS.count("\n")
COMMANDS = [("train.py", None), ("train.py", "forest.train"), ("__main__.py", "forest")]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("file", "module"), COMMANDS, ids=["file", "module", "package"])
def test_the_program_sees_what_it_sees_without_seedlab(
    bench: Workbench, folder: Path, way: Start, file: str, module: str | None
) -> None:
    path = folder / ("" if module is None else "forest") / file
    given = ["-m", module] if module is not None else [file]
    output, errors, status = plain(folder, *given, "--lr", "3")
    assert status == 1
    request = request_of_program(path, folder, file, module)
    run = bench.wait(bench.executors[way].run(request))
    assert run.text == output
    assert (run.start, run.outcome, run.problem) == (
        way.value,
        Outcome.FAILED,
        f"line {LAST_LINE}: ValueError: the end",
    )
    if module is None:
        assert run.details == errors.strip()
    else:
        # Python's own frames of -m come first.
        assert run.details.splitlines()[-2:] == errors.strip().splitlines()[-2:]


@pytest.mark.parametrize("way", WAYS)
def test_a_link_leads_to_the_modules_beside_the_file(bench: Workbench, folder: Path, way: Start) -> None:
    (folder.parent / "link.py").symlink_to(folder / "train.py")
    output, _, _ = plain(folder.parent, "link.py")
    request = RunRequest(
        script=(folder / "train.py").read_text(encoding="latin-1"), executable=sys.executable,
        path=str(folder.parent / "link.py"), name="link.py",
        folder=str(folder.parent), environment=(("LR", "3"),),
    )  # fmt: skip
    assert bench.wait(bench.executors[way].run(request)).text == output


def test_a_module_beside_the_script_that_was_imported_beforehand_sends_it_cold(bench: Workbench, folder: Path) -> None:
    (folder / "random.py").write_text("def random():\n    return 0.5\n")
    script = "import random\nprint('x:', random.random())\n"
    (folder / "mine.py").write_text(script)
    request = RunRequest(script=script, executable=sys.executable, path=str(folder / "mine.py"), folder=str(folder))
    run = bench.wait(bench.executors[Start.AUTO].run(request))
    assert [draw.array.item() for draw in run.draws] == [0.5]
    assert run.start == "cold"
    assert run.start_reason == "its folder has a module random, and another one was imported beforehand"


def test_many_forks_of_parents_that_have_imported_keras_all_end() -> None:
    # The benchmarks make 300 of them.
    runs = forked(60)
    assert {(run.start, run.outcome, run.problem) for run in runs} == {("fork", Outcome.FINISHED, "")}
    assert len({draw.data for run in runs for draw in run.draws}) == 60, "none has the random state of another"


# --- on Python 3.7 -----------------------------------------------------------------------------


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("file", "module"), COMMANDS, ids=["file", "module", "package"])
def test_the_program_sees_the_same_on_python_3_7(
    tf1_python: str, folder: Path, way: Start, file: str, module: str | None
) -> None:
    path = folder / ("" if module is None else "forest") / file
    given = ["-m", module] if module is not None else [file]
    output, errors, status = plain(folder, *given, "--lr", "3", executable=tf1_python)
    assert status == 1
    bench = Workbench(tf1_python)
    run = bench.wait(bench.executors[way].run(request_of_program(path, folder, file, module, tf1_python)))
    bench.close()
    assert (run.start, run.text) == (way.value, output)
    assert run.problem == f"line {LAST_LINE}: ValueError: the end"
    assert run.details.splitlines()[-2:] == errors.strip().splitlines()[-2:]


def test_own_scripts_of_tensorflow_1_draw_in_all_ways_what_python_draws(tf1_python: str, folder: Path) -> None:
    path = folder / "graph.py"
    path.write_text(GRAPH)
    output, _, _ = plain(folder, "graph.py", executable=tf1_python)
    request = RunRequest(script=GRAPH, executable=tf1_python, path=str(path), name="graph.py", folder=str(folder))
    bench = Workbench(tf1_python)
    for way in WAYS:
        run = bench.wait(bench.executors[way].run(request))
        assert (run.start, run.outcome) == (way.value, Outcome.FINISHED), run.details
        assert run.text.splitlines()[:3] == output.splitlines()[:3]
        assert [draw.label for draw in run.draws][:4] == ["op", "numpy", "python", "free"]
    bench.close()
