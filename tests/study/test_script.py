"""Scripts, written line by line."""

import io

import pytest

from seedlab.study.script import Script, ScriptWriter


def test_blocks_indent_and_end() -> None:
    writer = ScriptWriter()
    with writer.block("with a:"):
        with writer.block("with b:"):
            writer.line("c")
        writer.line("d")
    writer.line("e")
    assert writer.script().text == "with a:\n    with b:\n        c\n    d\ne\n"


def test_an_empty_line_has_no_blanks_at_any_depth() -> None:
    writer = ScriptWriter()
    with writer.block("with a:"):
        writer.line()
        writer.line("b")
    assert writer.script().lines == ["with a:", "", "    b"]


def test_seed_lines_count_from_one_and_know_their_depth() -> None:
    writer = ScriptWriter()
    writer.seed_line("seed(1)")
    with writer.block("with a:"):
        writer.line()
        writer.seed_line("seed(2)")
    script = writer.script()
    assert script.seed_lines == (1, 4)
    assert [script.lines[number - 1].strip() for number in script.seed_lines] == ["seed(1)", "seed(2)"]


def test_scripts_are_equal_when_text_and_seed_lines_are() -> None:
    assert Script("a\n", (1,)) == Script("a\n", (1,))
    assert Script("a\n", (1,)) != Script("a\n")


@pytest.mark.parametrize("text", ["", "a", "a\n", "a\r\nb\rc\nd", "a\x0cb\u2028c\x85d\n", "\n\n", "\r"])
def test_lines_are_counted_as_python_counts_them(text: str) -> None:
    # With universal newlines, as Python reads a source file.
    expected = io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8").read().split("\n")
    assert Script(text).lines == (expected if expected[-1] else expected[:-1])
