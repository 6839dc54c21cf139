"""Changes of a text as a person would make them: all else stays as it is, to the byte."""

import pytest
from libcst import ParserSyntaxError

from seedlab.inquiry.edits import lines_of
from seedlab.inquiry.rewriting import SourceText

SCRIPT = '''"""A doc text."""
from __future__ import annotations
import os; import random as r; x = r.random()
import numpy as np  # numpy

# Why.
def f(a, b=2):
\trng = np.random.default_rng()  # here
\treturn rng

if __name__ == "__main__":
    np.random.seed(3)
    print(f(1))'''


def seeded(text: str, line: int, value: str = "0", keyword: str = "", becomes: str = "") -> str | None:
    source = SourceText(text)
    return source.spliced(source.with_seed(source.calls_at(line)[0], value, keyword, becomes))


def begun(text: str, function: str, before_line: int | None = None) -> str | None:
    source = SourceText(text)
    at, last = source.beginning(before_line)
    spelling = source.spelled((function,), at)
    assert spelling is not None
    code = "\n".join(filter(None, [spelling.imports, f"{spelling.text}(0)"]))
    return source.spliced(source.at_beginning(last, code))


def test_a_call_is_given_a_seed_and_nothing_else_changes() -> None:
    assert seeded(SCRIPT, 8) == SCRIPT.replace("default_rng()", "default_rng(0)")


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("f()", "f(0)"),
        ("f( )", "f( 0)"),
        ("f(None)", "f(0)"),
        ("f(seed=None)", "f(seed=0)"),
        ("f(\n    dtype=d,  # which\n)", "f(\n    0, dtype=d,  # which\n)"),
        ("f(*args)", "f(0, *args)"),
    ],
)
def test_the_first_argument_is_the_seed(call: str, expected: str) -> None:
    assert seeded(f"x = {call}\n", 1) == f"x = {expected}\n"


def test_a_named_argument_is_added_after_the_others_or_replaced() -> None:
    assert seeded("f([2],\n  b=1)  # c\n", 1, keyword="seed") == "f([2],\n  b=1, seed=0)  # c\n"
    assert seeded('f(a=("b" "c"))\n', 1, keyword="seed") == 'f(a=("b" "c"), seed=0)\n'
    assert seeded("f(seed = now , b=1)\n", 1, keyword="seed") == "f(seed = 0 , b=1)\n"


def test_another_function_takes_the_seed() -> None:
    text = "g = tf.random.Generator.from_non_deterministic_state()\n"
    assert seeded(text, 1, becomes="from_seed") == "g = tf.random.Generator.from_seed(0)\n"


def test_what_is_given_now_can_be_kept() -> None:
    assert seeded("f(seed)\n", 1, "0 if {} is None else {}") == "f(0 if seed is None else seed)\n"


def test_a_statement_comes_after_the_imports_and_never_before_a_text_or_a_future_import() -> None:
    assert begun(SCRIPT, "numpy.random.seed", 8) == SCRIPT.replace("# numpy\n", "# numpy\nnp.random.seed(0)\n")
    assert begun('"""Doc."""\nfrom __future__ import annotations\nx = 1\n', "random.seed") == (
        '"""Doc."""\nfrom __future__ import annotations\nimport random\nrandom.seed(0)\nx = 1\n'
    )
    assert begun('"""Doc."""', "random.seed") == '"""Doc."""\nimport random\nrandom.seed(0)'
    assert begun("x = 1\n", "random.seed") == "import random\nrandom.seed(0)\nx = 1\n"


def test_a_statement_comes_before_what_it_is_needed_for_on_the_same_line_too() -> None:
    assert begun(SCRIPT, "random.seed", 3) == SCRIPT.replace("as r; x", "as r; r.seed(0); x")
    assert begun(SCRIPT, "numpy.random.seed", 3) == SCRIPT.replace(
        "as r; x", "as r; import numpy as np; np.random.seed(0); x"
    )


def test_a_function_is_named_as_the_file_names_its_module() -> None:
    def spelled(text: str, *functions: str) -> tuple[str, str] | None:
        source = SourceText(text)
        found = source.spelled(functions, len(text))
        return None if found is None else (found.text, found.imports)

    assert spelled("import numpy as np\n", "numpy.random.seed") == ("np.random.seed", "")
    assert spelled("from numpy import random\n", "numpy.random.seed") == ("random.seed", "")
    assert spelled("from random import seed as start\n", "random.seed") == ("start", "")
    assert spelled("from random import random\n", "random.seed") == ("seed", "from random import seed")
    assert spelled("random = seed = 3\n", "random.seed") is None
    assert spelled("import os\n", "random.seed") == ("random.seed", "import random")
    text = "import numpy as np\nnp.random.seed(seed=0)\n"
    assert spelled(text, "random.seed") == ("random.seed", "import random")
    names = ("keras.utils.set_random_seed", "tensorflow.keras.utils.set_random_seed")
    assert spelled("import tensorflow as tf\n", *names) == ("tf.keras.utils.set_random_seed", "")
    assert spelled("from tensorflow import keras\n", *names) == ("keras.utils.set_random_seed", "")
    # An import in a function binds nothing at the top.
    assert spelled("def f():\n    import numpy as np\n", "numpy.random.seed") == (
        "np.random.seed",
        "import numpy as np",
    )


def test_statements_are_inserted_with_the_indentation_of_their_block() -> None:
    source = SourceText(SCRIPT)
    call = source.calls_at(12)[0]
    statement = source.statement_of(call)
    assert statement is not None
    after = source.spliced(source.after(statement, "r.seed(3)"))
    assert after == SCRIPT.replace("np.random.seed(3)\n", "np.random.seed(3)\n    r.seed(3)\n")
    assert source.spliced(source.before(8, "r.seed(3)")) == SCRIPT.replace("\trng", "\tr.seed(3)\n\trng")
    one_line = SourceText("if x: f(1)\n")
    inline = one_line.statement_of(one_line.calls_at(1)[0])
    assert inline is not None
    assert one_line.spliced(one_line.after(inline, "g(1)")) == "if x: f(1); g(1)\n"


def test_a_statement_is_removed_with_its_line() -> None:
    for text, expected in (
        ("a = 1\nf(3)  # seed\nb = 2\n", "a = 1\nb = 2\n"),
        ("a = 1; f(3); b = 2\n", "a = 1; b = 2\n"),
        ("f(3); b = 2\n", "b = 2\n"),
    ):
        source = SourceText(text)
        statement = source.statement_of(next(call for line in (1, 2) for call in source.calls_at(line)))
        assert statement is not None
        assert source.spliced(source.removed(statement)) == expected


def test_lines_end_as_they_do_elsewhere_in_the_file() -> None:
    assert begun("import random\r\nx = 1\r\n", "random.seed") == "import random\r\nrandom.seed(0)\r\nx = 1\r\n"
    assert lines_of("a\x0cb\u2028c\r\nd\re\n") == ["a\x0cb\u2028c\r\n", "d\r", "e\n"]


def test_changes_that_are_in_each_others_way_are_refused() -> None:
    source = SourceText("f(g())\n")
    outer, inner = source.calls_at(1)[::-1]
    assert source.spliced([*source.with_function(outer, "h"), *source.with_seed(inner, "1")]) == "h(g(1))\n"
    assert source.spliced([*source.with_seed(outer, "1"), *source.with_seed(inner, "1")]) is None


def test_what_is_not_python_is_refused() -> None:
    with pytest.raises(ParserSyntaxError):
        SourceText("print 'x'\n")
