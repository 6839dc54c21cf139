"""Scripts that are nested deeply: all that read source answer, and raise nothing."""

from collections.abc import Callable

import pytest

from seedlab.analysis.analyst import analyse
from seedlab.analysis.lineage import Assignments, Lineage
from seedlab.engine.executors.choice import prepared_imports, why_cold
from seedlab.export.tables import to_markdown
from seedlab.figure.highlight import highlighted
from seedlab.figure.script_block import excerpt_of
from seedlab.figure.theme import LIGHT
from seedlab.messages.headlines import headline_text
from seedlab.study.lab import Column, Lab
from seedlab.study.script import Script
from seedlab.study.syntax import syntax_of
from tests.helpers.growth import assert_grows_gently
from tests.helpers.starting import request_of
from tests.helpers.values import draw, run


def indented(head: str, depth: int) -> str:
    # More would be longer than any script.
    depth = min(depth, 1_300)
    return "".join(f"{' ' * level}{head}\n" for level in range(depth)) + f"{' ' * depth}pass"


NESTED: dict[str, Callable[[int], str]] = {
    "sum": lambda depth: "x = " + "1 + " * depth + "1",
    "brackets": lambda depth: "x = " + "(" * depth + ")" * depth,
    "open brackets": lambda depth: "x = " + "[{(" * depth,
    "lists": lambda depth: "x = " + "[" * depth + "]" * depth,
    "calls": lambda depth: "x = " + "f(" * depth + ")" * depth,
    "indices": lambda depth: "x = y" + "[0]" * depth,
    "attributes": lambda depth: "x = y" + ".a" * depth,
    "signs": lambda depth: "x = " + "-" * depth + "1",
    "nots": lambda depth: "x = " + "not " * depth + "1",
    "powers": lambda depth: "x = " + "1 ** " * depth + "1",
    "comparisons": lambda depth: "x = " + "1 < " * depth + "1",
    "lambdas": lambda depth: "x = " + "lambda: " * depth + "1",
    "choices": lambda depth: "x = " + "1 if y else " * depth + "1",
    "texts": lambda depth: "x = f'" + "{f'" * depth,
    "functions": lambda depth: indented("def f():", depth),
    "ifs": lambda depth: indented("if x:", depth),
    "elifs": lambda depth: "if x:\n pass\n" + "elif y:\n pass\n" * depth,
    "patterns": lambda depth: "match x:\n case " + "[" * depth + "]" * depth + ":\n  pass",
    "decorators": lambda depth: "@f\n" * depth + "def f(): pass",
}
# Around the depths where Python's parser, its compiler or its interpreter give up.
DEPTHS = [50, 99, 101, 199, 201, 333, 500, 900, 990, 1000, 1100, 1990, 2990, 3000, 5000, 6000, 20_000]


@pytest.mark.parametrize("kind", NESTED)
def test_source_that_is_nested_deeply_is_read_or_not_known(kind: str) -> None:
    for depth in DEPTHS:
        script = f"{NESTED[kind](depth)}\nprint('x:', x)\n"
        assert isinstance(Assignments(script).of_line(script.count("\n")), Lineage)
        assert isinstance(prepared_imports(request_of(script)), tuple)
        tree = syntax_of(script)
        if tree is None:
            assert why_cold(request_of(script)) == "it is not Python that seedlab can read"
        else:
            assert isinstance(why_cold(request_of(script)), str)


@pytest.mark.parametrize("kind", NESTED)
def test_source_that_is_nested_deeply_is_coloured_analysed_and_written(kind: str) -> None:
    for depth in (100, 5_000):
        script = f"{NESTED[kind](depth)}\nprint('x:', x)\n"
        spans = highlighted(script, LIGHT)
        assert ["".join(text for text, _ in line) for line in spans] == Script(script).lines
        ended = run(1, draw("x", 1, line=script.count("\n")))
        column = Column(name="deep.py", experiment=None, script=script, runs=(ended,))
        analysis = analyse([column])
        assert headline_text(analysis.columns[0].summary.headline).title
        assert b"deep.py" in to_markdown(Lab.of([column]), analysis)


@pytest.mark.parametrize("line", ["rng()\n", " rng()\n", "if rng:\n rng()\n"])
def test_an_excerpt_of_a_long_script_is_made_in_linear_time(line: str) -> None:
    def excerpt(count: int) -> None:
        assert len(excerpt_of(Script(line * count), {})) == line.count("\n") * count

    assert_grows_gently(excerpt, 2_500, 10_000)


def test_what_is_no_python_has_no_syntax() -> None:
    for script in ("x =", "x = 1\0", "'\ud800'", "\ufeff\ufeff"):
        assert syntax_of(script) is None
    assert syntax_of("") is not None


def test_blanks_before_a_statement_are_no_part_of_it() -> None:
    """They are not struck out with it."""
    (line,) = highlighted("    seed(0)\n", LIGHT)[:1]
    assert [text for text, _ in line] == ["    ", "seed(", "0", ")"]
