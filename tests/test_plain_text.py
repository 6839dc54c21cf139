"""Text from outside made harmless: nothing steers an output, and what is no danger stays as it is."""

import csv
import io
import unicodedata
from collections.abc import Callable
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seedlab import plain_text
from seedlab.plain_text import csv_cell, in_lines, markdown_code, markdown_text, on_one_line, tsv_cell, without_mark

ALL = [plain_text.terminal_line, plain_text.terminal_lines, plain_text.window_line, plain_text.window_lines,
       plain_text.xml_text, markdown_text, markdown_code, csv_cell, tsv_cell]  # fmt: skip
ANYTHING = st.text(st.characters(exclude_categories=()))
"""All of Unicode, with the halves of characters."""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J\x1b]0;title\x07", r"\x1b[2J\x1b]0;title\x07"),
        ("a\x00b\x7fc\x9bd\r", r"a\x00b\x7fc\x9bd\r"),
        ("two\nlines\tand a tab", r"two\nlines\tand a tab"),
        ("\u202egnp.exe", r"\u202egnp.exe"),
        ("\u2066x\u2069\u2028\u2029", r"\u2066x\u2069\u2028\u2029"),
        ("caf\udce9.py", r"caf\udce9.py"),
        ("\ufffe\uffff\U0001ffff", r"\ufffe\uffff\U0001ffff"),
        ("Würfel ≠ 骰子 👩\u200d🔬 \\x1b", "Würfel ≠ 骰子 👩\u200d🔬 \\x1b"),
    ],
)
def test_what_steers_is_written_as_its_escape(text: str, shown: str) -> None:
    assert on_one_line(text) == shown


def test_lines_and_tabs_stay_where_there_may_be_some() -> None:
    assert in_lines("if x:\r\n\ty\rz\x0c\n") == "if x:\n\ty\nz\\x0c\n"


@given(ANYTHING)
def test_nothing_that_steers_is_left_for_any_output(text: str) -> None:
    for harmless in ALL:
        shown = harmless(text)
        left = {letter for letter in shown if unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"}}
        assert left <= {"\n", "\t"}
        assert not left or harmless in {plain_text.in_lines, csv_cell, markdown_code}
        assert not any(unicodedata.bidirectional(letter) in OVERRIDING for letter in shown)
        shown.encode()


OVERRIDING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


@pytest.mark.parametrize("harmless", [on_one_line, in_lines])
@given(ANYTHING)
def test_what_was_made_harmless_stays_as_it_is(harmless: Callable[[str], str], text: str) -> None:
    assert harmless(harmless(text)) == harmless(text)


@given(ANYTHING)
def test_any_text_is_valid_in_xml(text: str) -> None:
    harmless = plain_text.xml_text(text)
    assert ElementTree.fromstring(f"<a>{escape(harmless)}</a>".encode()).text in {harmless, None}


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(1)", " =1", "'=1", "''@x", "＝1", '=HYPERLINK("http://x","y")', "-"],
)
def test_a_text_that_looks_like_a_formula_is_marked_as_text(text: str) -> None:
    for cell in (csv_cell, tsv_cell):
        assert cell(text).startswith("'")
        assert without_mark(cell(text)) == text
    for end in "\t\n":
        assert csv_cell(end + text) == f"'{end}{text}"


@pytest.mark.parametrize("text", ["", "x", "op1-1", "'quoted'", "a=1", "1+1", "session 1/x @ 2", " x"])
def test_other_texts_are_not_marked(text: str) -> None:
    assert csv_cell(text) == tsv_cell(text) == text


@given(ANYTHING)
def test_the_mark_is_taken_away_again(text: str) -> None:
    assert without_mark(csv_cell(text)) == in_lines(text)
    assert without_mark(tsv_cell(text)) == on_one_line(text)


@given(st.lists(st.lists(ANYTHING, min_size=2, max_size=2), max_size=3))
def test_cells_come_back_from_csv(rows: list[list[str]]) -> None:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows([list(map(csv_cell, row)) for row in rows])
    read = list(csv.reader(io.StringIO(written.getvalue(), newline="")))
    assert [[without_mark(cell) for cell in row] for row in read] == [list(map(in_lines, row)) for row in rows]
