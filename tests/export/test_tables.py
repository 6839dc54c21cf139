"""A comparison as CSV and as Markdown."""

import csv
import io
import struct
import unicodedata
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seedlab import __version__
from seedlab.analysis.analyst import analyse
from seedlab.export.provenance import provenance
from seedlab.export.tables import csv_head, to_csv, to_markdown, to_tsv
from seedlab.libraries.registry import FAMILIES
from seedlab.plain_text import in_lines, without_mark
from seedlab.results.environment import Interpreter
from seedlab.results.influence import Edit, Fix, Influence, InfluenceSource, MovedDraw, NoFix
from seedlab.results.run import Draw, Outcome, Run
from seedlab.study.lab import Column, Lab
from tests.helpers.growth import assert_grows_gently
from tests.helpers.hostile import hostile_labs
from tests.helpers.interpreters import interpreter
from tests.helpers.values import column, draw, run, runs, text_draw

INF, NAN = float("inf"), float("nan")


def rows_of(*columns: Column) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(to_csv(Lab.of(columns)).decode(), newline="")))


def elements(drawn: Draw) -> list[tuple[str, str]]:
    rows = [row for row in rows_of(column(run(1, drawn))) if row["draw"]]
    assert all(row["bits"].startswith("0x") for row in rows)
    return [(row["value"], row["bits"].removeprefix("0x")) for row in rows]


# --- CSV ---------------------------------------------------------------------------------------


def test_csv_has_one_row_for_each_element() -> None:
    failed = run(2, draw("x", [3], "int8"), outcome=Outcome.FAILED)
    text = to_csv(
        Lab.of([column(run(1, draw("x", [1.5, -2])), failed, name="A"), column(run(1, draw("y", 4.0)), name="A")])
    )
    assert text.decode() == (
        "column,experiment,run,outcome,draw,element,dtype,value,bits\n"
        "1,A,1,finished,x,0,float32,1.5,0x3fc00000\n"
        "1,A,1,finished,x,1,float32,-2.0,0xc0000000\n"
        "1,A,2,failed,x,0,int8,3,0x03\n"
        "2,A,1,finished,y,0,float32,4.0,0x40800000\n"
    )


@pytest.mark.parametrize(
    ("values", "dtype", "expected"),
    [
        ([True, False], "bool", [("True", "01"), ("False", "00")]),
        ([-1, 2**63 - 1], "int64", [("-1", "ff" * 8), (str(2**63 - 1), "7f" + "ff" * 7)]),
        ([2**64 - 1], "uint64", [(str(2**64 - 1), "ff" * 8)]),
        ([1.0], "float16", [("1.0", "3c00")]),
        ([0.1], "float64", [("0.1", "3fb999999999999a")]),
        ([0.0, -0.0], "float32", [("0.0", "00000000"), ("-0.0", "80000000")]),
        ([INF, -INF], "float32", [("inf", "7f800000"), ("-inf", "ff800000")]),
        ([NAN], "float32", [("nan", "7fc00000")]),
        ([1 - 2j, 0.5j], "complex64", [("1.0-2.0j", "c00000003f800000"), ("0.0+0.5j", "3f00000000000000")]),
        ([[1], [2]], "int16", [("1", "0001"), ("2", "0002")]),
        ([], "float32", []),
    ],
)
def test_csv_has_value_and_bits(values: Any, dtype: str, expected: list[tuple[str, str]]) -> None:
    assert elements(draw("x", values, dtype)) == expected


@pytest.mark.parametrize("value", [complex(1, NAN), complex(INF, -INF)])
def test_csv_writes_complex_numbers_that_are_not_finite(value: complex) -> None:
    ((text, _),) = elements(draw("x", [value], "complex128"))
    assert repr(complex(text)) == repr(value)


def test_csv_keeps_the_bits_of_bfloat16() -> None:
    assert elements(Draw("x", "bfloat16", (1,), b"\x80\x3f")) == [("1.0", "3f80")]


@given(st.lists(st.binary(min_size=4, max_size=4), max_size=5))
def test_bits_in_csv_are_the_bits_of_the_draw(patterns: list[bytes]) -> None:
    found = elements(Draw("x", "float32", (len(patterns),), b"".join(patterns)))
    assert [bytes.fromhex(bits)[::-1] for _, bits in found] == patterns
    for (value, _), pattern in zip(found, patterns, strict=True):
        (number,) = np.frombuffer(pattern, "<f4")
        assert np.isnan(number) if value == "nan" else struct.pack("<f", float(value)) == pattern


@pytest.mark.parametrize("name", ['a,b "c"', "two\nlines", "Würfel ≠", "a;b|c"])
def test_names_in_csv_are_kept_whole(name: str) -> None:
    (row,) = rows_of(column(run(1, draw(name, 1)), name=name))
    assert (row["experiment"], row["draw"]) == (name, name)


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(1)", " =1"])
def test_names_that_look_like_formulas_stay_text(name: str) -> None:
    made = column(run(1, draw(name, [-1.5])), name=name)
    (row,) = rows_of(made)
    assert (row["experiment"], row["draw"]) == (f"'{name}", f"'{name}")
    assert (row["value"], row["element"]) == ("-1.5", "0"), "a number stays a number"
    head, line = to_tsv(Lab.of([made]), [(name, 0)]).splitlines()
    assert head.split("\t")[0] == line.split("\t")[0] == f"'{name}"
    assert line.split("\t")[1:] == ["0", "-1.5"]


@given(hostile_labs())
def test_csv_of_any_names_comes_back(lab: Lab) -> None:
    (made,) = lab.columns
    rows = list(csv.reader(io.StringIO(to_csv(lab).decode(), newline="")))[1:]
    assert [without_mark(row[1]) for row in rows] == [in_lines(made.name)]
    assert [without_mark(row[4]) for row in rows] == [in_lines(made.runs[0].draws[0].label)]


@given(hostile_labs())
def test_nothing_in_a_table_steers(lab: Lab) -> None:
    label = lab.columns[0].runs[0].draws[0].label
    for text in (markdown_of(lab), to_csv(lab).decode(), to_tsv(lab, [(label, 0)])):
        steering = {letter for letter in text if unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"}}
        assert steering <= {"\n", "\t"}
    assert [line.count("\t") for line in to_tsv(lab, [(label, 0)]).splitlines()] == [2, 2]


def test_csv_of_many_draws_without_values_is_quick() -> None:
    def write(lab: Lab) -> None:
        assert to_csv(lab).count(b"\n") == 2

    def empty(count: int) -> Lab:
        return Lab.of([column(run(1, *[Draw(f"x{number}", "float32", (0,), b"") for number in range(count)]))])

    assert_grows_gently(write, empty(50_000), empty(200_000))


def test_csv_of_nothing_is_its_heads() -> None:
    assert rows_of() == rows_of(column()) == []
    assert to_csv(Lab.of([])).startswith(b"column,experiment,run,")


def test_csv_has_a_row_for_a_run_that_drew_nothing() -> None:
    rows = rows_of(column(run(1, draw("x", 1)), run(2, outcome=Outcome.TIMED_OUT)))
    assert [(row["run"], row["outcome"], row["draw"], row["bits"]) for row in rows] == [
        ("1", "finished", "x", "0x3f800000"),
        ("2", "timed out", "", ""),
    ]


# --- Markdown ----------------------------------------------------------------------------------


def markdown(*columns: Column) -> list[str]:
    return markdown_of(Lab.of(columns)).splitlines()


def markdown_of(lab: Lab) -> str:
    return to_markdown(lab, analyse(lab.columns)).decode()


def table(*ended: Run) -> list[str]:
    return [line for line in markdown(column(*ended)) if line.startswith("|")]


def test_markdown_says_what_a_reader_needs() -> None:
    python = interpreter("python", "3.11.7", numpy="2.0")
    ended = (
        *runs({"op1-1": [1, 2], "op2-1": [3, 4]}, {"op1-1": [1, 5], "op2-1": [3, 4]}),
        run(3, outcome=Outcome.FAILED, problem="line 2: ValueError: no", details="Traceback\nValueError: no"),
    )
    shown = column(*ended, name="A name", interpreter=python, script="import random\nprint('`' + '```')\n")
    lab = Lab.of([shown])
    assert markdown_of(lab).splitlines() == [
        "### A name",
        "",
        "**op2 repeats, op1 does not.** 1 of 3 runs did not finish.",
        "",
        "| draw | verdict | run 1 | run 2 | run 3 |",
        "| --- | --- | --- | --- | --- |",
        "| op1-1 | ≠ 2 of 2 differ | **A** [1. 2.] | **B** [1. 5.] | × |",
        "| op2-1 | = repeats | **C** [3. 4.] | **C** [3. 4.] | × |",
        "",
        "- Run 3 failed: line 2: ValueError: no.",
        "- op1-1, op2-1: What moves it has not been tried yet.",
        "",
        "```",
        "Traceback",
        "ValueError: no",
        "```",
        "",
        "<details><summary>script</summary>",
        "",
        "````python",
        "import random",
        "print('`' + '```')",
        "````",
        "",
        "</details>",
        "",
        f"Equal letters: equal bits. {provenance(lab)}",
    ]


def test_markdown_has_the_fix_and_its_diff() -> None:
    diff = "--- a/t.py\n+++ b/t.py\n@@ -1 +1 @@\n-f()\n+f(seed=1)\n"
    source = InfluenceSource(id="s1", kind="taken", library="python", state="global", door="random", line=1)
    influence = Influence(
        sources=(source,),
        draws=tuple(MovedDraw(label=label, repeats=False, moved_by=("s1",)) for label in "xy"),
        fix=Fix(edits=(Edit(line=1, text="f(seed=1)\n"),), diff=diff, settings=("A=1",), repeated=5, of=5, proved=True,
                labels=("x",)),
        trials=(Fix(edits=(Edit(line=1, text="g()\n"),), repeated=2, of=5),),
        no_fix=(NoFix(code="threads", labels=("y",)),),
        runs=9,
    )  # fmt: skip
    made = msgspec.structs.replace(column(*runs({"x": 1, "y": 1}, {"x": 2, "y": 2})), influence=influence)
    text = markdown_of(Lab.of([made]))
    assert "**One seed is missing: x and y change.** With one line and one setting, all but y repeats" in text
    expected = (
        "**The smallest fix: one line and one setting**: "
        "proved: in 5 cold runs of the changed script, 1 draw repeats to the bit.\n\n"
        "Start it as: A=1 python script.py\n\n"
        f"```diff\n{diff}```\n\n"
        "- Tried before, and not enough: one line. 2 of 5 cold runs drew the same.\n"
        "- y has no fix. Several threads"
    )
    assert expected in text


def test_markdown_of_several_columns_begins_with_what_they_show_together() -> None:
    repeats, differs = runs({"op1-1": 1}, {"op1-1": 1}), runs({"op1-1": 1}, {"op1-1": 2})
    lines = markdown(column(*repeats, name="A"), column(*differs, name="B"))
    assert lines[0] == "**op1 repeats only with: A.**"


def test_markdown_of_many_runs_has_the_letters_of_all_and_the_values_of_the_first() -> None:
    ended = runs(*({"x": number % 2} for number in range(50)))
    head, _, row = table(*ended)
    assert head == "| draw | verdict | letters of 50 runs | run 1 |"
    assert row.split(" | ")[2:] == [" ".join(["A", "B"] * 20) + " …", "**A** 0. |"]


def test_digits_in_markdown_tell_values_apart() -> None:
    (row,) = table(*runs({"x": 0.1 + 0.2}, {"x": 0.3}, dtype="float64"))[2:]
    assert row.split(" | ")[2:] == ["**A** 0.30000000000000004", "**B** 0.3 |"]


def test_letters_in_markdown_are_shared_by_all_columns() -> None:
    lines = markdown(column(*runs({"x": 1}), name="A"), column(*runs({"y": 2, "z": 1}), name="B"))
    assert [line for line in lines if line.startswith(("###", "| x", "| y", "| z"))] == [
        "### A",
        "| x | · one run | **A** 1. |",
        "### B",
        "| y | · one run | **B** 2. |",
        "| z | · one run | **A** 1. |",
    ]


@pytest.mark.parametrize("label", ["a|b", "|", "a||b", "||"])
def test_markdown_cells_escape_pipes(label: str) -> None:
    row = table(*runs({label: 1}))[2]
    assert row.replace("\\|", "").count("|") == 4
    assert row.startswith(f"| {label.replace('|', chr(92) + '|')} |")


def test_markdown_rows_stay_on_one_line() -> None:
    assert [row.count("|") for row in table(*runs({"two\nlines": 1}))] == [4, 4, 4]


def test_a_label_that_a_run_lacks_is_crossed_out() -> None:
    assert table(*runs({"x": 1}, {}))[2] == "| x | · one run | **A** 1. | × |"


def test_long_draws_are_cut_and_stay_on_one_line() -> None:
    row = table(run(1, draw("x", np.arange(1000), "int64"), draw("y", np.zeros((30, 30)))))[2]
    assert row == "| x | · one run | **A** [0 1 ... 998 999] |"
    assert len(table(run(1, draw("y", np.zeros((30, 30)))))) == 3


def test_a_column_without_runs_has_no_rows() -> None:
    assert table() == []


def test_a_column_without_runs_has_no_empty_headline() -> None:
    assert "****" not in markdown(column())


def test_markdown_of_nothing_says_when_it_was_made() -> None:
    lab = Lab.of([])
    assert markdown_of(lab) == f"Equal letters: equal bits. {provenance(lab)}\n"


@pytest.mark.parametrize("lines", [1, 2, 5, None])
def test_the_head_of_csv_is_how_it_begins(lines: int | None) -> None:
    lab = Lab.of([column(*runs({"x": [1, 2]}, {"x": [3, 4]}))])
    assert csv_head(lab, lines).splitlines() == to_csv(lab).splitlines()[:lines]


def test_names_in_markdown_are_letters_and_nothing_more() -> None:
    hostile = column(
        *runs({"__init__": 1}, {"__init__": 1}), name="a\n\n**Every draw repeats.** <b>", script="x = '\u2028'\n"
    )
    lines = markdown(hostile)
    assert lines[0] == r"### a \*\*Every draw repeats.\*\* \<b\>"
    assert any(line.startswith(r"| \_\_init\_\_ |") for line in lines)
    assert r"x = '\u2028'" in markdown_of(Lab.of([hostile])).split("\n")


def test_the_last_line_tells_of_columns_that_were_run_only() -> None:
    old, new = (Interpreter(executable="python", python=version) for version in ("3.7.1", "3.11.7"))
    lab = Lab.of([column(interpreter=old), column(*runs({"x": 1}, {"x": 1}), interpreter=new)])
    assert "3.7.1" not in provenance(lab)
    assert "2 runs" in provenance(lab)


def test_the_last_line_names_devices_only_of_libraries_that_have_them() -> None:
    graph, numpy = (
        column(*runs({"x": 1}, {"x": 1}), experiment=FAMILIES[name].default) for name in ("tensorflow-graph", "numpy")
    )
    assert "device auto" in provenance(Lab.of([graph, numpy]))
    assert "device" not in provenance(Lab.of([numpy]))


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ([1], "1 run"),
        ([2], "2 runs"),
        ([1, 1], "1 run each"),
        ([3, 3], "3 runs each"),
        ([2, 1], "1 or 2 runs each"),
        ([1, 2, 3], "1, 2 or 3 runs each"),
        ([3, 0], "3 runs"),
    ],
)
def test_the_last_line_counts_the_runs_of_each_column(counts: list[int], said: str) -> None:
    lab = Lab.of(column(*(run(index, draw("x", 1)) for index in range(1, count + 1))) for count in counts)
    assert provenance(lab).split(" · ")[1] == said


def test_the_last_line_of_what_was_not_run_counts_nothing() -> None:
    lab = Lab.of([column()])
    assert provenance(lab) == f"{lab.created.date().isoformat()} · seedlab {__version__}"


# --- texts -------------------------------------------------------------------------------------


def test_texts_in_tables() -> None:
    made = column(
        run(1, text_draw("line 3", "=1 | loss\n0.5")), run(2, text_draw("line 3", "=1 | loss\n0.75")), name="A"
    )
    first, second = rows_of(made)
    assert (first["draw"], first["element"], first["dtype"], first["value"], first["bits"]) == (
        "line 3", "0", "text", "'=1 | loss\n0.5", "",
    )  # fmt: skip
    assert without_mark(second["value"]) == "=1 | loss\n0.75"
    lab = Lab.of([made])
    assert to_tsv(lab, [("line 3", 0)]).splitlines()[1:] == ["line 3\t0\t'=1 | loss\\n0.5\t'=1 | loss\\n0.75"]
    table = to_markdown(lab, analyse(lab.columns)).decode()
    assert "| line 3 | ≠ 2 of 2 differ | **A** 0.5 | **B** 0.75 |" in table
    assert "Equal letters: equal bits, or equal text." in table


def test_a_text_is_no_markup_and_no_new_line_of_a_table() -> None:
    made = column(run(1, text_draw("x", "a | **b** <i>\nc")), name="A")
    assert "**A** a \\| \\*\\*b\\*\\* \\<i\\> …" in to_markdown(Lab.of([made]), analyse([made])).decode()
