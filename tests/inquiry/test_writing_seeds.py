"""Another seed in the place of a script's own."""

import pytest

from seedlab.inquiry.writing_seeds import with_seed
from seedlab.results.influence import InfluenceSource


def sources(*lines: int, file: str | None = None) -> list[InfluenceSource]:
    return [
        InfluenceSource(id=f"s{line}", kind="set", library="x", state="s", door="d", file=file, line=line, seed=42)
        for line in lines
    ]


@pytest.mark.parametrize(
    ("script", "lines", "expected"),
    [
        ("random.seed(42)\nnp.random.seed(42)\n", (1, 2), "random.seed(7)\nnp.random.seed(7)\n"),
        ("random.seed(42)\nx = 42\n", (1,), "random.seed(7)\nx = 42\n"),
        ("SEED = 42\nrandom.seed(SEED)\n", (2,), "SEED = 7\nrandom.seed(SEED)\n"),
        ("def f(seed=42):\n    random.seed(seed)\nf()\n", (2,), "def f(seed=7):\n    random.seed(seed)\nf()\n"),
        ("é = 1; f(\n    42,\n)\n", (1,), "é = 1; f(\n    7,\n)\n"),
        ("p.add_argument('--seed', default=42)\nrandom.seed(o.seed)\n", (2,),
         "p.add_argument('--seed', default=7)\nrandom.seed(o.seed)\n"),
        ("if True:\n    random.seed(42)\n", (2,), "if True:\n    random.seed(7)\n"),
        ("A = 42\nB = 42\nrandom.seed(A)\n", (3,), "A = 7\nB = 42\nrandom.seed(A)\n"),
        ("def f(a, *, seed=42):\n    random.seed(seed)\n", (2,), "def f(a, *, seed=7):\n    random.seed(seed)\n"),
        ("self.seed: int = 42\nSEED: int = 42\nrandom.seed(SEED)\n", (3,),
         "self.seed: int = 42\nSEED: int = 7\nrandom.seed(SEED)\n"),
    ],
)  # fmt: skip
def test_it_is_written_where_the_number_stands(script: str, lines: tuple[int, ...], expected: str) -> None:
    assert with_seed(script, sources(*lines), 42, 7) == expected


@pytest.mark.parametrize(
    ("script", "lines"),
    [
        ("A = 42\nA = 42\nrandom.seed(A)\n", (3,)),
        ("random.seed(read())\n", (1,)),
        ("x = True\nrandom.seed(x)\n", (2,)),
        ("random.seed(42); x = 42\n", (1,)),
        ("random.Random(42).sample(range(42), 5)\n", (1,)),
        ("BATCH = 42\nrandom.seed(int('42'))\n", (2,)),
        ("x = 1\rrandom.seed(42)\n", (2,)),
        ("not python(\n", (1,)),
    ],
)
def test_it_is_not_written_where_that_is_not_clear(script: str, lines: tuple[int, ...]) -> None:
    assert with_seed(script, sources(*lines), 42, 7) is None


def test_a_negative_number_is_replaced_with_its_sign() -> None:
    assert with_seed("f(-3)\n", sources(1), -3, 5) == "f(5)\n"
    assert with_seed("f(3)\n", sources(1), 3, -5) == "f(-5)\n"


def test_a_seed_of_a_module_beside_is_not_written() -> None:
    script = "SEED = 42\nsetup(SEED)\nrandom.seed(SEED)\n"
    assert with_seed(script, sources(9, file="tools.py"), 42, 7) is None
    assert with_seed(script, [*sources(3), *sources(9, file="tools.py")], 42, 7) is None
