"""What stands in for an observed function behaves as the original, in real processes, seen from the script."""

import re
from pathlib import Path

import pytest

from seedlab.results.trace import Source
from tests.helpers.observing import execute_plainly, observe, python_of

PREAMBLE = """
import builtins, copy, functools, inspect, pickle, random, sys, types
import numpy as np
def show(*values):
    print(*[str(value) for value in values], file=sys.stdout)
def attempt(action):
    try:
        return action()
    except Exception as error:
        return type(error).__name__
"""
CASES = {
    "random.seed as a class attribute": "class B:\n    s = random.seed\nshow(attempt(lambda: B().s(1)), attempt(B.s))",
    "np.random.seed as a class attribute": (
        "class B:\n    s = np.random.seed\nshow(attempt(lambda: B().s(1)), attempt(B.s))"
    ),
    "default_rng as a class attribute": (
        "class B:\n    s = np.random.default_rng\nshow(attempt(lambda: B().s(1)), type(attempt(B.s)))"
    ),
    "print as a class attribute": "class B:\n    p = print\nB().p('text')\nB.p('text')",
    "functools.partial": "functools.partial(random.seed, 3)()\nshow(random.random())",
    "from random import seed": "from random import seed\nseed(4)\nshow(random.random(), seed is random.seed)",
    "pickled": "show(type(pickle.loads(pickle.dumps(random.seed))), len(pickle.dumps(np.random.seed)) > 100)",
    "pickled by name": "for f in (print, np.random.default_rng):\n    show(pickle.loads(pickle.dumps(f)) is f)",
    "copied": (
        "show(copy.copy(random.seed) == random.seed, copy.deepcopy(random.seed) == random.seed)\n"
        "show(copy.copy(print) is print, copy.deepcopy(print) is print)"
    ),
    "compared": (
        "show(random.seed == random._inst.seed, random._inst.seed == random.seed, random.seed != print,"
        " hash(random.seed) == hash(random._inst.seed), {random.seed: 1}[random._inst.seed])"
    ),
    "wrapped": "f = functools.wraps(random.seed)(lambda: 0)\nshow(f.__name__, f.__doc__ == random.seed.__doc__)",
    "no seed": (
        "for given in ((1, 2, 3), ([],)):\n    show(attempt(lambda: random.seed(*given)))\n"
        "show(attempt(lambda: random.seed(b=1)))"
    ),
    "keywords": "random.seed(a=5)\nshow(random.random())\nnp.random.seed(seed=6)\nshow(np.random.rand())",
    "called by __call__": "random.seed.__call__(7)\nshow(random.random())",
    "an attribute set": "for f in (random.seed, print):\n    show(attempt(lambda: setattr(f, 'x', 1)))",
}
FUNCTIONS = ("random.seed", "np.random.seed", "np.random.default_rng", "print")


@pytest.fixture(params=[*CASES, *FUNCTIONS])
def source(request: pytest.FixtureRequest) -> str:
    name = request.param
    return PREAMBLE + (CASES[name] if name in CASES else facts(name))


def facts(function: str) -> str:
    return f"""
f = {function}
show(repr(f), callable(f), isinstance(f, types.MethodType), isinstance(f, types.BuiltinFunctionType))
for name in ("__name__", "__qualname__", "__doc__", "__module__", "__self__", "__func__", "__text_signature__"):
    show(name, getattr(f, name, "none") if name != "__self__" else type(getattr(f, name, None)))
show(attempt(lambda: inspect.signature(f)), inspect.isroutine(f), inspect.ismethod(f), inspect.isbuiltin(f))
show(inspect.getdoc(f), sorted(set(dir(f)) - {{"__wrapped__"}}))
"""


def test_a_script_cannot_tell_a_stand_in_from_the_original(source: str, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(source, encoding="utf-8")
    plain, observed = execute_plainly(script), observe(script)
    assert (observed.stderr, observed.status) == ("", 0)
    assert without_addresses(observed.stdout) == without_addresses(plain.stdout)


def without_addresses(text: str) -> str:
    return re.sub("0x[0-9A-Fa-f]+", "0x", text)


@pytest.mark.parametrize("version", ["3.6", "3.8", "3.13"])
def test_a_class_attribute_works_in_every_python(version: str, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    text = "import random\nclass B:\n    s = random.seed\n    p = print\nB().s(3)\nB().p('x:', 1)\n"
    script.write_text(text, encoding="utf-8")
    observed = observe(script, executable=python_of(version))
    assert (observed.stderr, observed.stdout) == ("", "x: 1\n")
    (event,) = observed.report.trace
    assert isinstance(event, Source)
    assert (event.door, event.seed, event.line) == ("random.seed", 3, 5)
    assert [draw.label for draw in observed.report.draws] == ["x"]


TENSORFLOW = """
class context:
    executing_eagerly = staticmethod(lambda: True)
def get_seed(op_seed):
    "Returns the pair."
    return (None, None)
"""


def test_a_plain_function_stays_one(tmp_path: Path) -> None:
    folder = tmp_path / "tensorflow" / "python" / "framework"
    folder.mkdir(parents=True)
    for package in (folder, folder.parent, folder.parent.parent):
        (package / "__init__.py").touch()
    (folder / "random_seed.py").write_text(TENSORFLOW, encoding="utf-8")
    script = tmp_path / "script.py"
    text = """
import inspect, pickle, types
from tensorflow.python.framework import random_seed
class B:
    get = random_seed.get_seed
f = random_seed.get_seed
print(B().get(), isinstance(f, types.FunctionType), inspect.signature(f), f.__doc__, f.__qualname__)
print(pickle.loads(pickle.dumps(f)) is f)
"""
    script.write_text(text, encoding="utf-8")
    plain, observed = execute_plainly(script), observe(script)
    assert (observed.stderr, observed.stdout) == ("", plain.stdout)
    # Bound to an object, it takes that for the seed of the op.
    found = [
        (event.kind, event.state, event.door, event.line)
        for event in observed.report.trace
        if isinstance(event, Source)
    ]
    assert found == [("set", "op", "tf op seed", 7), ("taken", "eager", "tf.random_seed.get_seed", 7)]


@pytest.mark.parametrize("raising", ["random.seed([])", "print(1, end=1)"])
def test_a_traceback_has_no_frame_of_a_stand_in(raising: str, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(f"import random\ntry:\n    {raising}\nexcept TypeError as e:\n    raise KeyError from e\n")
    plain, observed = execute_plainly(script), observe(script)
    assert observed.stderr == plain.stderr
