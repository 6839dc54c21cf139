"""The table of a comparison, which is one in the terminal and in Markdown."""

import pytest

from seedlab.analysis.analyst import analyse
from seedlab.cli.terminal import columns_text
from seedlab.export.comparison_table import Value, heads_of, lines_of
from seedlab.export.tables import to_markdown
from seedlab.results.run import Outcome
from seedlab.study.lab import Column, Lab
from tests.helpers.values import column, run, runs

FEW = column(*runs({"x": [1, 2], "y": 3}, {"x": [1, 2]}), run(3, outcome=Outcome.FAILED))
MANY = column(*runs(*({"x": number % 2} if number != 2 else {} for number in range(50))))


def test_few_runs_have_a_value_each() -> None:
    analysis = analyse([FEW])
    assert heads_of(FEW) == ("draw", "verdict", "run 1", "run 2", "run 3")
    x, y = lines_of(FEW, analysis.columns[0], analysis.fingerprints)
    assert (x.row.label, x.verdict, x.letters) == ("x", "= repeats", None)
    assert x.values == (Value("A", "[1. 2.]"), Value("A", "[1. 2.]"), None)
    assert y.values == (Value("B", "3."), None, None)


def test_many_runs_have_their_letters_and_the_first_value() -> None:
    analysis = analyse([MANY])
    assert heads_of(MANY) == ("draw", "verdict", "letters of 50 runs", "run 1")
    (line,) = lines_of(MANY, analysis.columns[0], analysis.fingerprints)
    assert line.letters == " ".join(["A", "B", "×", "B", *["A", "B"] * 18]) + " …"
    assert line.values == (Value("A", "0."),)


@pytest.mark.parametrize("shown", [FEW, MANY])
def test_the_terminal_and_markdown_show_the_same_cells(shown: Column, capsys: pytest.CaptureFixture[str]) -> None:
    analysis = analyse([shown])
    print(columns_text([shown], analysis), end="")
    printed = capsys.readouterr().out.splitlines()
    table = [line for line in to_markdown(Lab.of([shown]), analysis).decode().splitlines() if line.startswith("|")]
    for row in (table[0], *table[2:]):
        cells = row.replace("**", "").strip("| ").split(" | ")
        assert " ".join(cells).split() in [line.split() for line in printed]
