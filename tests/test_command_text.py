"""Command lines as a person types them, on both kinds of systems."""

import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seedlab.command_text import OpenEscapeError, OpenQuoteError, divided, joined

_WORDS = st.lists(st.text(st.sampled_from("ab \\\"\t'")))


@pytest.mark.parametrize("on_windows", [False, True])
@given(words=_WORDS)
def test_what_is_joined_is_divided_again(on_windows: bool, words: list[str]) -> None:
    assert divided(joined(words, on_windows=on_windows), on_windows=on_windows) == words


@pytest.mark.parametrize(
    ("text", "words"),
    # The examples of "Parsing C command-line arguments", and paths.
    [
        (r'"abc" d e', ["abc", "d", "e"]),
        (r'a\\b d"e f"g h', [r"a\\b", "de fg", "h"]),
        (r"a\\\"b c d", [r"a\"b", "c", "d"]),
        (r'a\\\\"b c" d e', [r"a\\b c", "d", "e"]),
        (r'a"b"" c d"', ['ab" c d']),
        (r"--out C:\temp\x.csv", ["--out", r"C:\temp\x.csv"]),
        (r'"C:\My Files\x" \\server\share', [r"C:\My Files\x", r"\\server\share"]),
    ],
)
def test_windows_divides_as_its_c_library_does(text: str, words: list[str]) -> None:
    assert divided(text, on_windows=True) == words


def test_windows_quotes_only_what_needs_it() -> None:
    words = ["train.py", "--name", "two words", r"C:\data\x"]
    assert joined(words, on_windows=True) == subprocess.list2cmdline(words)
    assert joined(words, on_windows=True) == r'train.py --name "two words" C:\data\x'


def test_what_is_open_is_told() -> None:
    for on_windows in (False, True):
        with pytest.raises(OpenQuoteError):
            divided('a "b', on_windows=on_windows)
    with pytest.raises(OpenEscapeError):
        divided("a\\", on_windows=False)
    assert divided("a\\", on_windows=True) == ["a\\"]
