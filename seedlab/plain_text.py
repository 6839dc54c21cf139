"""Makes text from outside harmless, with one function for each kind of output.

Labels, errors, names of files and columns, and scripts are written by others. What would steer an output instead of
being shown in it is written as the escape that Python has for it: ``\\x1b``, ``\\u202e``. The rest stays as it is.
"""

import re

_DIRECTIONS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
"""What changes the direction of the text that follows, so that it reads other than it is."""
_LINE_ENDS = "\u2028\u2029"
_NO_TEXT = "\ud800-\udfff\ufdd0-\ufdef\ufff9-\ufffb\ufffe\uffff" + "".join(
    chr(plane * 0x10000 + last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF)
)
"""Halves of characters, which no encoding has, and what Unicode keeps out of text; XML forbids most of it."""
_MORE = _DIRECTIONS + _LINE_ENDS + _NO_TEXT
_STEERING = re.compile(f"[\0-\x1f\x7f-\x9f{_MORE}]")
_STEERING_IN_LINES = re.compile(f"[\0-\x08\x0b-\x1f\x7f-\x9f{_MORE}]")
"""The same without the line feed and the tab."""
_CARRIAGE_RETURNS = re.compile("\r\n?")
_MARKDOWN = re.compile(r"([\\`*_~<>&\[\]#|])")
_FORMULA = re.compile(r"'*(?:\s*[=+\-@＝＋－＠]|[\t\n])")
"""The beginning of a cell that spreadsheets take for a formula, after any number of apostrophes (OWASP, "CSV
Injection"); also that of a cell which only began so when its white space was removed."""


def on_one_line(text: str) -> str:
    """Return ``text`` with all that steers escaped, the ends of lines included: a name, a label, a sentence."""
    return _STEERING.sub(_escape, text)


def in_lines(text: str) -> str:
    """Return ``text`` with all that steers escaped, but with its lines and tabs: a script, a traceback."""
    return _STEERING_IN_LINES.sub(_escape, _CARRIAGE_RETURNS.sub("\n", text))


def _escape(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode()


# --- for each kind of output -------------------------------------------------------------------

terminal_line = on_one_line
"""For one line, or one cell of a table, in a terminal: no sequence moves the cursor or renames the window."""
terminal_lines = in_lines
window_line = on_one_line
"""For one line of the window, and of the pictures that are drawn like it, whose SVG stays XML."""
window_lines = in_lines
xml_text = in_lines
"""For text in XML, still without its entities: XML 1.0 allows no control characters but line ends and tabs."""


def markdown_text(text: str) -> str:
    """Return ``text`` for one line of Markdown, where it is letters and nothing more."""
    return _MARKDOWN.sub(r"\\\1", on_one_line(text))


def markdown_code(text: str) -> str:
    """Return ``text`` for a fenced block of Markdown, whose fence has to be longer than any in the text."""
    return in_lines(text)


def csv_cell(text: str) -> str:
    """Return ``text`` for a cell of CSV that holds text; its lines and tabs stay, in the quotes that CSV has for them.

    A spreadsheet takes a cell that begins like ``=1+1``, ``+1``, ``-1`` or ``@SUM(1)`` for a formula. Such a text gets
    an apostrophe in front, which spreadsheets take for the mark of a text. A reader gets the text back with
    `without_mark`.
    """
    return _marked(in_lines(text))


def tsv_cell(text: str) -> str:
    """Return ``text`` for a cell between tabs, as `csv_cell` does, but on one line and without tabs."""
    return _marked(on_one_line(text))


def _marked(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) else text


def without_mark(cell: str) -> str:
    """Return the text of a ``cell`` that `csv_cell` or `tsv_cell` has made, without the apostrophe before a formula."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
