"""Reading the syntax of a script that may hold anything."""

import ast


def syntax_of(source: str) -> ast.Module | None:
    """Return the syntax tree of ``source``; None where it is not Python, or nested too deeply for Python's parser."""
    try:
        return ast.parse(source)
    # SystemError, too: some releases of Python count wrongly how deep they are when they give up.
    except (SyntaxError, ValueError, RecursionError, MemoryError, SystemError):
        return None
