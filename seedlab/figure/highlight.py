"""Syntax highlighting of scripts, by Python's own tokenizer."""

import functools
import keyword
import tokenize
from collections.abc import Iterator
from tokenize import TokenInfo

from seedlab.figure.theme import Theme
from seedlab.study.script import Script

Span = tuple[str, str]
"""A part of one line, and its colour as #rrggbb."""
# Before Python 3.12, a string with expressions in it is one token of the kind STRING.
_STRINGS = {tokenize.STRING} | {
    getattr(tokenize, f"FSTRING_{part}", tokenize.STRING) for part in ("START", "MIDDLE", "END")
}


@functools.lru_cache(maxsize=64)
def highlighted(source: str, theme: Theme) -> list[list[Span]]:
    """Return the spans of each line of ``source``; joined, they are exactly that line."""
    lines = Script(source).lines
    spans: list[list[Span]] = [[] for _ in lines]
    ends = [0] * len(lines)
    for token in _tokens(lines):
        colour = _colour(token, theme)
        (first, start), (last, end) = token.start, token.end
        if colour == theme.text:
            continue
        for row in range(first - 1, min(last, len(lines))):
            line = lines[row]
            # After lines that are joined, some releases of Python count columns from elsewhere.
            left = max(start if row == first - 1 else 0, ends[row])
            right = max(end if row == last - 1 else len(line), left)
            spans[row] += _plain(line[ends[row] : left], theme)
            if left < right:
                spans[row].append((line[left:right], colour))
            ends[row] = right
    for row, line in enumerate(lines):
        spans[row] += _plain(line[ends[row] :], theme)
    return spans


def _plain(text: str, theme: Theme) -> list[Span]:
    """Return ``text`` as spans, the blanks before it as one of their own."""
    blanks = len(text) - len(text.lstrip())
    return [(part, theme.text) for part in (text[:blanks], text[blanks:]) if part]


def _tokens(lines: list[str]) -> Iterator[TokenInfo]:
    """Yield the tokens of ``lines``, up to where they are no Python."""
    try:
        yield from tokenize.generate_tokens(iter([f"{line}\n" for line in lines] + [""]).__next__)
    except (tokenize.TokenError, SyntaxError, ValueError, SystemError):
        # Python 3.12.1 raises a SystemError at a null character.
        return


def _colour(token: TokenInfo, theme: Theme) -> str:
    if token.type in _STRINGS:
        return theme.string
    if token.type == tokenize.NUMBER:
        return theme.number
    if token.type == tokenize.COMMENT:
        return theme.muted
    return theme.keyword if token.type == tokenize.NAME and keyword.iskeyword(token.string) else theme.text
