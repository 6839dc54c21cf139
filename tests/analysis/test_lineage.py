"""Which lines flow into what is printed."""

import pytest

from seedlab.analysis.comparison import compare
from seedlab.analysis.explanation import UNKNOWN, explain
from seedlab.analysis.lineage import Assignments, Lineage
from seedlab.libraries.registry import FAMILIES, script_of
from tests.helpers.growth import assert_grows_gently
from tests.helpers.values import draw, run

SIMPLE = """\
a = one()
b = two()
c = a + 1
print("c:", c)
print("b:", b)
"""


@pytest.mark.parametrize(("line", "lines"), [(4, {1, 3, 4}), (5, {2, 5}), (1, {1}), (99, set()), (None, set())])
def test_names_are_followed_to_their_assignments(line: int | None, lines: set[int]) -> None:
    assert Assignments(SIMPLE).of_line(line).lines == lines


@pytest.mark.parametrize(
    ("script", "line", "lines"),
    [
        pytest.param("a, b = one(), 2\nprint(b)\n", 2, {1, 2}, id="unpacking"),
        pytest.param("a: int = one()\nprint(a)\n", 2, {1, 2}, id="annotated"),
        pytest.param("a = one()\na += two()\nprint(a)\n", 3, {1, 2, 3}, id="augmented"),
        pytest.param("a = one(\n    2,\n)\nprint(a)\n", 4, {1, 2, 3, 4}, id="over several lines"),
        pytest.param("print(\n    one()\n)\n", 2, {1, 2, 3}, id="printed over several lines"),
        pytest.param("def f():\n    return one()\nx = 2\nprint(f())\n", 4, {1, 2, 4}, id="function"),
        pytest.param("def f():\n    return a\na = one()\nf()\n", 2, {2, 3}, id="assigned below a function"),
        pytest.param("for a in many():\n    print(a)\n", 2, {1, 2}, id="loop"),
        pytest.param("a = one()\nwith two():\n    if a:\n        print(3)\n", 4, {4}, id="conditions do not flow"),
        pytest.param("with g:\n    a = one()\nprint(a)\n", 3, {2, 3}, id="assigned in a block"),
        pytest.param("a = b\nb = a\nprint(b)\n", 3, {1, 2, 3}, id="in a circle"),
        pytest.param("a = one()\nb = two(); print(a)\n", 2, {1, 2}, id="two statements on a line"),
    ],
)
def test_lines_that_flow_into_a_print(script: str, line: int, lines: set[int]) -> None:
    assert Assignments(script).of_line(line).lines == lines


@pytest.mark.parametrize("script", ["", "print(", "print 'Python 2'\n", "x = 1\0\n"])
def test_a_script_that_cannot_be_parsed_has_no_sources(script: str) -> None:
    assert Assignments(script).of_line(1).lines == set()


def test_each_op_of_the_generated_script_is_found_from_its_prints() -> None:
    script = script_of(FAMILIES["tensorflow-graph"].default)
    made = {op: next(n for n, text in enumerate(script.lines, 1) if f"rand_{op} =" in text) for op in ("op1", "op2")}
    printed = [(n, text) for n, text in enumerate(script.lines, 1) if "print(" in text]
    assert len(printed) == 4
    for line, text in printed:
        assert Assignments(script.text).of_line(line).lines == {line, made["op1" if "rand_op1" in text else "op2"]}


def test_the_last_assignment_above_counts_however_deep_an_earlier_one_stands() -> None:
    assert Assignments("with g:\n    a = one()\na = two()\nprint(a)\n").of_line(4).lines == {3, 4}


@pytest.mark.parametrize(
    ("script", "line", "lines"),
    [("a = one()\na = two()\nprint(a)\n", 3, {2, 3}), ("a = one()\nprint(a)\na = two()\n", 2, {1, 2})],
)
def test_a_value_that_is_overwritten_does_not_flow(script: str, line: int, lines: set[int]) -> None:
    assert Assignments(script).of_line(line).lines == lines


@pytest.mark.parametrize("head", ["async def f():", "match 1:\n  case 1:"])
def test_a_block_is_not_one_statement(head: str) -> None:
    start = len(head.splitlines())
    script = f"{head}\n    a = one()\n    b = two()\n    print(b)\n"
    assert Assignments(script).of_line(start + 3).lines == {start + 2, start + 3}


def unseeded_modules(script: str, line: int) -> set[str]:
    """The libraries whose hidden generators flow, without a seed, into what is printed at ``line``."""
    (explanation,) = explain(run(1, draw("x", 1, line=line)), script, compare([]))
    codes = {finding.code for finding in explanation.findings if finding != UNKNOWN}
    assert all(code.endswith(".no-seed") for code in codes)
    return {code.removesuffix(".no-seed") for code in codes}


@pytest.mark.parametrize(
    ("script", "modules"),
    [
        ("import numpy as np\nprint(np.random.rand())", {"numpy"}),
        ("import numpy as np\nprint(np.array([1]))", set()),
        ("import numpy as np\nprint(np.random.RandomState(5).rand())", set()),
        ("import numpy as np\nprint(np.random.default_rng(5).random())", set()),
        ("from numpy import random\nprint(random.rand())", {"numpy"}),
        ("from numpy.random import rand as draw\nprint(draw())", {"numpy"}),
        ("import numpy.random\nprint(numpy.random.rand())", {"numpy"}),
        ("import random\nprint(random.Random(5).random())", set()),
        ("from random import random\nprint(random())", {"python"}),
        ("from jax import random\nprint(random.normal())", set()),
        ("import jax.numpy as np\nprint(np.random.rand())", set()),
        ("import random, numpy as np\nprint(np.array([random.random()]))", {"python"}),
        ("\ufeffimport random\nprint(random.random())", {"python"}),
        ("\nprint(random.random())", {"python"}),
        ("import random\nprint(" + "1+" * 300 + "random.random())", {"python"}),
    ],
)
def test_a_hidden_generator_is_named_where_its_functions_are_called(script: str, modules: set[str]) -> None:
    assert unseeded_modules(script, 2) == modules


@pytest.mark.parametrize(
    "change", ["random.shuffle(x)", "x.append(random.random())", "x.extend([random.random()])", "shuffle(x)"]
)
def test_what_is_changed_in_its_place_flows_into_what_is_printed(change: str) -> None:
    script = f"import random\nfrom random import shuffle\nx = [1, 2]\n{change}\nprint('x:', x)\n"
    assert unseeded_modules(script, 5) == {"python"}
    assert 4 in Assignments(script).of_line(5).lines


@pytest.mark.parametrize(
    "script",
    [
        "x = " + "-" * 200_000 + "1\n",
        "x" + ".a" * 100_000,
        "x = " + "(" * 500 + ")" * 500,
        "print(" + "1 + " * 20_000 + "1)\n",
        "x = 1\0",
        "'\ud800'",
    ],
    ids=["signs", "attributes", "brackets", "sum", "null", "surrogate"],
)
def test_a_script_that_breaks_the_parser_has_no_sources(script: str) -> None:
    assert Assignments(script).of_line(1).lines == set()


def prints(count: int) -> str:
    return "import random\n" + "".join(f"x{n} = random.random()\nprint('x{n}:', x{n})\n" for n in range(count))


def appends(count: int) -> str:
    return "import random\nx = []\n" + "x.append(random.random())\n" * count + "print('x:', x)\n"


def ask_every_line(script: str) -> None:
    assignments = Assignments(script)
    for line in range(1, script.count("\n") + 1):
        assignments.of_line(line)


def test_asking_of_every_line_is_linear() -> None:
    assert_grows_gently(ask_every_line, prints(2_500), prints(10_000))


def test_changing_one_list_again_and_again_is_linear() -> None:
    def ask_last_line(script: str) -> None:
        assert Assignments(script).of_line(script.count("\n")).lines

    assert_grows_gently(ask_last_line, appends(2_500), appends(10_000))


def test_a_script_in_which_everything_flows_into_everything_is_followed_only_so_far() -> None:
    script = "x = 0\n" + "x = x + one()\nprint('x:', x)\n" * 3_000
    assignments = Assignments(script)
    assert assignments.of_line(3).lines == {1, 2, 3}
    for line in range(1, 6_001):
        assignments.of_line(line)
    assert assignments.of_line(6_001) == Lineage(), "what was not followed to its end is not known"
