"""A run must not be distinguishable, by what it draws, from a cold ``python script.py``, however it was started."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from seedlab.engine.executors.choice import prepared_imports, why_cold
from seedlab.engine.executors.executor import Start
from seedlab.libraries.article import ARTICLE
from seedlab.libraries.presets import PRESETS
from seedlab.libraries.registry import FAMILIES, script_of
from seedlab.results.run import Outcome, Run
from seedlab.study.experiment import Experiment
from tests.helpers.starting import WAYS, Workbench, request_of

FORKS = 100


@pytest.fixture(scope="module")
def bench() -> Iterator[Workbench]:
    bench = Workbench()
    yield bench
    bench.close()


THE_FIRST = ("tensorflow-graph", "python-random", "numpy")


def experiments() -> Iterator[Experiment]:
    distributions = iter(["normal", "uniform", "truncated-normal", "normal"])
    for family in FAMILIES.values():
        # Of today's libraries the default alone: a cold run takes seconds.
        placements = (
            family.placements
            if family.name in THE_FIRST
            else [p for p in family.placements if p.name == family.default["placement"]]
        )
        for placement in placements:
            chosen = family.default.choose(placement=placement.name)
            if family.name == "tensorflow-graph":
                # Each distribution and the second session once, not all of their products: a cold run takes seconds.
                chosen = chosen.choose(distribution=next(distributions), sessions=2)
            yield chosen
    yield from (preset.experiment for preset in ARTICLE.values())


def seeded(run: Run, experiment: Experiment) -> list[tuple[object, ...]]:
    """The draws of ``run`` that a seed decides."""
    if experiment.library == "tensorflow-graph" and experiment["placement"] != "after-graph":
        return [(draw.label, *draw.identity) for draw in run.draws if "op2" in draw.label]
    return [(draw.label, *draw.identity) for draw in run.draws if experiment["placement"] != "none"]


@pytest.mark.parametrize(
    "experiment", list(experiments()), ids=lambda e: f"{e.library}, {e['placement']}, {e.get('sessions')}"
)
def test_seeded_draws_and_traces_are_equal_in_all_ways(bench: Workbench, experiment: Experiment) -> None:
    script = script_of(experiment).text
    environment = FAMILIES[experiment.library].environment(experiment)
    cold, spare, fork = (bench.run(script, way, environment=environment)[0] for way in WAYS)
    for run in (cold, spare, fork):
        assert run.outcome is Outcome.FINISHED, run.details or run.problem
        assert [draw.label for draw in run.draws] == [draw.label for draw in cold.draws]
        assert seeded(run, experiment) == seeded(cold, experiment)
        assert run.trace == cold.trace
    assert [run.start for run in (cold, spare, fork)] == ["cold", "spare", "fork"]


def test_what_is_printed_and_written_besides_is_equal_in_all_ways(bench: Workbench) -> None:
    script = """import sys, warnings
import tensorflow as tf
tf.random.set_seed(1)

@tf.function
def drawn(x):
    print("tracing:", 1)
    return tf.random.uniform([3]) + x

value = drawn(tf.constant(1.0)).numpy()
print(f"mean: {value.mean():.4f}")
sys.stdout.write("written\\n")
warnings.warn("careful")
"""
    runs = [bench.run(script, way)[0] for way in WAYS]
    assert [draw.label for draw in runs[0].draws] == ["tracing", "mean", "standard output", "standard error"]
    assert {tuple((draw.label, draw.identity) for draw in run.draws) for run in runs[1:]} == {
        tuple((draw.label, draw.identity) for draw in runs[0].draws)
    }


@pytest.mark.parametrize("library", [*THE_FIRST, "tensorflow-eager", "tensorflow-function"])
def test_unseeded_draws_are_all_distinct_over_many_forks(bench: Workbench, library: str) -> None:
    experiment = FAMILIES[library].default.choose(placement="none")
    if library == "tensorflow-graph":
        experiment = experiment.choose(op_seed=None)
    runs = bench.run(script_of(experiment).text, Start.FORK, FORKS)
    assert {run.outcome for run in runs} == {Outcome.FINISHED}
    values = [draw.data for run in runs for draw in run.draws]
    assert len(set(values)) == len(values) >= 4 * FORKS


def test_every_script_of_a_family_may_be_forked_under_auto(bench: Workbench) -> None:
    for experiment in experiments():
        # What goes by the hash secret, or configures TensorFlow, has to be cold.
        if experiment.library != "hash-order":
            assert why_cold(request_of(script_of(experiment).text)) == ""
    (run,) = bench.run(script_of(PRESETS["numpy"].experiment).text, Start.AUTO)
    assert (run.start, run.start_reason) == ("fork", "")


# --- what a script can see of its process ------------------------------------------------------

FACTS = """
import numpy as np
import gc, locale, multiprocessing, os, random, resource, signal, sys, threading, warnings
def show(name, value):
    print(name, "=", value)
show("cwd", os.getcwd())
show("argv", [os.path.basename(a) for a in sys.argv])
show("orig_argv", [os.path.basename(a) for a in sys.orig_argv[1:]])
show("name", __name__)
show("file", os.path.basename(__file__))
show("main", sys.modules["__main__"].__dict__ is globals())
show("globals", sorted(n for n in globals() if n.startswith("__")))
show("path[0]", sys.path[0] == os.path.dirname(os.path.abspath(__file__)))
show("path", sys.path[1:])
show("stdin", (sys.stdin.read(), sys.stdin.isatty()))
show("streams", [(s.encoding, s.errors, s.line_buffering, s.isatty(), s.fileno()) for s in (sys.stdout, sys.stderr)])
show("signals", [(int(s), str(signal.getsignal(s))[:30]) for s in signal.valid_signals()])
show("wakeup", signal.set_wakeup_fd(-1))
show("environment", sorted(os.environ.items()))
show("umask", os.umask(0o22))
show("limits", [resource.getrlimit(getattr(resource, n)) for n in dir(resource) if n.startswith("RLIMIT")])
show("threads", [t.name for t in threading.enumerate()])
show("main thread", threading.current_thread() is threading.main_thread())
show("flags", sys.flags)
show("warnings", [f[:2] + f[3:] for f in warnings.filters])
show("recursion", sys.getrecursionlimit())
show("gc", (gc.isenabled(), gc.get_threshold()))
show("locale", locale.setlocale(locale.LC_ALL))
show("next descriptor", os.dup(0))
show("nice", os.getpriority(os.PRIO_PROCESS, 0))
show("group", os.getpgid(0) == os.getpid())
show("children", multiprocessing.active_children())
show("print", (print.__name__, print.__module__, print.__doc__))
show("seed", (random.seed.__name__, np.random.seed.__name__))
show("excepthook", sys.excepthook is sys.__excepthook__)
show("hooks", [type(h).__name__ for h in sys.path_hooks])
show("prefix", (sys.prefix, sys.executable))
show("switch interval", sys.getswitchinterval())
show("float", repr(0.1 + 0.2))
show("affinity", sorted(os.sched_getaffinity(0)))
"""


def facts(text: str) -> dict[str, str]:
    return dict(line.split(" = ", 1) for line in text.splitlines())


@pytest.mark.parametrize("way", WAYS)
def test_the_process_is_that_of_python_script_py(bench: Workbench, way: Start, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(FACTS, encoding="utf-8")
    plain = subprocess.run(
        [sys.executable, str(script)],
        capture_output=True,
        text=True,
        check=True,
        stdin=subprocess.DEVNULL,
        process_group=0,
        # Said, because readline sets COLUMNS and LINES behind Python's back where the tests run.
        env=dict(os.environ),
    )
    (run,) = bench.run(FACTS, way)
    assert run.outcome is Outcome.FINISHED, run.details
    found, expected = facts(run.text), facts(plain.stdout)
    assert {name: found.get(name) for name in expected if found.get(name) != expected[name]} == {}


def test_what_a_fork_would_share_is_renewed(bench: Workbench) -> None:
    runs = bench.run(
        """
        import random, numpy as np, multiprocessing, uuid, secrets, tempfile, os
        print("random", random.random(), random.getrandbits(64))
        print("numpy", np.random.rand(), np.random.get_state()[1][:5])
        print("generator", np.random.default_rng().random())
        print("authkey", bytes(multiprocessing.current_process().authkey).hex())
        print("uuid", uuid.uuid4(), uuid.uuid1())
        print("secrets", secrets.token_hex(8))
        print("temporary", next(tempfile._get_candidate_names()))
        print("system", os.urandom(8).hex())
        """,
        Start.FORK,
        10,
    )
    assert {run.outcome for run in runs} == {Outcome.FINISHED}, runs[0].details
    for lines in zip(*(run.text.splitlines() for run in runs), strict=True):
        assert len(set(lines)) == len(runs), f"shared between forks: {lines[0]}"


def test_runs_leave_nothing_to_the_runs_after_them(bench: Workbench) -> None:
    script = """
        import os, random, numpy as np
        print("before", os.environ.get("LEFT"), getattr(np, "left", None), os.path.exists("/tmp/x/y"), len(os.sys.argv))
        os.environ["LEFT"] = "1"; np.left = 1; os.chdir("/"); random.seed(1)
        """
    texts = {run.text for run in bench.run(script, Start.FORK, 3)}
    assert texts == {"before None None False 1\n"}


ENDS = {
    "falls off the end": "print('x:', 1)",
    "sys.exit()": "import sys; print('x:', 1); sys.exit()",
    "sys.exit(3)": "import sys; print('x:', 1); sys.exit(3)",
    "sys.exit(-1)": "import sys; sys.exit(-1)",
    "sys.exit(text)": "import sys; sys.exit('sorry')",
    "os._exit": "import os; print('lost'); os._exit(5)",
    "raises": "print('x:', 1)\nraise KeyError('no')",
    "raises SystemExit in a function": "def f():\n    raise SystemExit(4)\nf()",
    "exit handlers, last first": "import atexit\nfor n in (1, 2):\n    atexit.register(print, 'bye:', n)",
    "an exit handler that raises": "import atexit\natexit.register(lambda: 1 / 0)\natexit.register(print, 'x:', 1)",
    "a thread that goes on": (
        "import threading\nevent = threading.Event()\n"
        "def late():\n    threading.main_thread().join()\n    print('late:', 1)\n"
        "threading.Thread(target=late).start()\nprint('main:', 1)"
    ),
    "an object released at the end": "class A:\n    def __del__(self):\n        print('gone:', 1)\na = A()\n_b = A()",
    "a cycle released at the end": (
        "class A:\n    def __del__(self):\n        print('gone:', 1)\na = A()\na.me = a\ndel a\nimport gc\ngc.disable()"
    ),
    "killed": "import os; os.kill(os.getpid(), 9)",
    "aborts": "import os; os.abort()",
    "terminates itself": "import os; os.kill(os.getpid(), 15)",
    "no newline at the end": "import sys; sys.stdout.write('abc')",
    "closes its output": "import os; print('x:', 1, flush=True); os.close(1)",
}


@pytest.mark.parametrize("name", ENDS)
def test_the_end_is_that_of_python_script_py(bench: Workbench, name: str, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(ENDS[name], encoding="utf-8")
    plain = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=False)
    runs = {way: bench.run(ENDS[name], way)[0] for way in WAYS}
    for way, run in runs.items():
        assert run.text == plain.stdout, way
        if name != "closes its output":  # Python then fails to flush, with a status of its own.
            assert (run.outcome is Outcome.FINISHED) is (plain.returncode == 0), way
        assert run.problem == runs[Start.COLD].problem, way
        if "cycle" not in name:  # Cold, cycles are collected when the observer is no longer whole.
            assert [draw.label for draw in run.draws] == [draw.label for draw in runs[Start.COLD].draws], way


def test_a_tensorflow_fork_prints_what_python_script_py_prints(bench: Workbench, tmp_path: Path) -> None:
    source = script_of(PRESETS["after-graph"].experiment).text
    script = tmp_path / "script.py"
    script.write_text(source, encoding="utf-8")
    plain = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True)
    assert bench.run(source, Start.FORK)[0].text == plain.stdout


def test_the_parent_has_executed_nothing_and_has_one_thread(bench: Workbench) -> None:
    (run,) = bench.run(
        """
        import tensorflow.compat.v1 as tf
        import threading
        from tensorflow.python.eager import context
        print("threads:", threading.active_count())
        print("context:", int(context._context is not None and context.context()._initialized))
        """,
        Start.FORK,
    )
    assert run.outcome is Outcome.FINISHED, run.details
    assert [int(draw.array) for draw in run.draws] == [1, 0]


# --- what goes cold under auto -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("import random\nprint('x:', hash('abc'))", "line 2: it uses hash"),
        ("import random\nprint('x:', id(random))", "line 2: it uses id"),
        ("import random\nfor x in {'a', 'b'}:\n    print(x)", "line 2: it uses a set"),
        ("import random\nx = set('ab')", "line 2: it uses set"),
        ("import os\nprint('pid:', os.getpid())", "line 1: it imports os"),
        ("import random, time", "line 1: it imports time"),
        ("from random import *", "line 1: it imports names"),
        ("import numpy as np\nnp.load('x')", "line 2: it uses .load"),
        ("import numpy as np\nx = np._globals", "line 2: it uses ._globals"),
        ("import tensorflow as tf\ntf.config.list_physical_devices()", "line 2: it uses .config"),
        ("print('first')\nimport tensorflow as tf", "line 2: it does something before it imports"),
        ("if True:\n    import numpy", "line 1: it does something before it imports"),
        ("import random\n__import__('os')", "line 2: it uses __import__"),
        ("import random\nclass A: pass", "line 2: it defines classes"),
        ("from . import x", "line 1: it imports ."),
        ("import random random", "it is not Python"),
    ],
)
def test_a_script_that_could_tell_the_difference_goes_cold_and_the_reason_is_told(script: str, reason: str) -> None:
    assert why_cold(request_of(script)).startswith(reason)


@pytest.mark.parametrize(
    ("script", "modules"),
    [
        ("import random", ("random",)),
        ("'''text'''\nimport math\nimport numpy as np, random\nprint(1)", ("numpy", "numpy.random", "random")),
        ("import tensorflow.compat.v1 as tf", ("tensorflow.compat.v1", "numpy.random")),
        ("from numpy.random import default_rng", ("numpy.random",)),
        ("import math", ()),
        ("syntax error", ()),
    ],
)
def test_what_is_prepared_is_what_the_script_imports(script: str, modules: tuple[str, ...]) -> None:
    assert prepared_imports(request_of(script)) == modules


def test_the_hash_secret_is_shared_by_forks_so_auto_goes_cold(bench: Workbench) -> None:
    script = "import random\nprint('x:', hash('abc'))\n"
    if os.environ.get("PYTHONHASHSEED", "random") != "random":
        pytest.skip("PYTHONHASHSEED is set: all processes share the secret")
    assert len({run.draws[0].data for run in bench.run(script, Start.FORK, 5)}) == 1
    runs = bench.run(script, Start.AUTO, 5)
    assert len({run.draws[0].data for run in runs}) == 5
    assert {(run.start, run.start_reason.split(",")[0]) for run in runs} == {("cold", "line 2: it uses hash")}
