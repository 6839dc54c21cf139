"""Scripts, written line by line."""

from seedlab.model.script import Script, ScriptWriter


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
