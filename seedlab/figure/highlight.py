"""Syntax highlighting of scripts, by Pygments."""

import functools

from pygments.lexers.python import PythonLexer
from pygments.token import Comment, Keyword, Number, String, _TokenType, is_token_subtype

from seedlab.figure.theme import Theme

Span = tuple[str, str]
"""A part of one line, and its colour as #rrggbb."""


@functools.lru_cache(maxsize=64)
def highlighted(source: str, theme: Theme) -> list[list[Span]]:
    """Return the spans of each line of ``source``; joined, they are exactly that line."""
    lines: list[list[Span]] = [[]]
    lexer = PythonLexer(stripnl=False, ensurenl=False)
    for kind, text in lexer.get_tokens(source):
        first, *rest = text.split("\n")
        for part, is_next in ((first, False), *((part, True) for part in rest)):
            if is_next:
                lines.append([])
            if part:
                lines[-1].append((part, _colour(kind, theme)))
    return lines


def _colour(kind: _TokenType, theme: Theme) -> str:
    colours = ((Keyword, theme.keyword), (String, theme.string), (Number, theme.number), (Comment, theme.muted))
    return next((colour for token, colour in colours if is_token_subtype(kind, token)), theme.text)
