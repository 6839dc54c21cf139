"""Reading the syntax of a script that may hold anything."""

import ast
import warnings

import msgspec

from seedlab.phrases import sentence


class SyntaxProblem(msgspec.Struct, frozen=True):
    """Where a text is no Python, and why."""

    line: int
    """From 1."""
    start: int
    """The first letter of the line that is wrong, from 0."""
    end: int
    """The letter after the last one that is wrong; not after ``start`` where that is not known."""
    text: str
    """What Python's parser says."""


def problem_in(source: str) -> SyntaxProblem | None:
    """Return the first thing in ``source`` that the Python of seedlab itself cannot read; None where it reads all."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(source)
    except SyntaxError as error:
        start = max((error.offset or 1) - 1, 0)
        is_one_line = error.end_lineno in {None, error.lineno}
        end = (error.end_offset or 0) - 1 if is_one_line else 0
        return SyntaxProblem(error.lineno or 1, start, end, error.msg)
    except (ValueError, RecursionError, MemoryError, SystemError) as error:
        return SyntaxProblem(1, 0, 0, str(error) or sentence("nested too deeply"))
    return None


def syntax_of(source: str) -> ast.Module | None:
    """Return the syntax tree of ``source``; None where it is not Python, or nested too deeply for Python's parser."""
    try:
        return ast.parse(source)
    # SystemError, too: some releases of Python count wrongly how deep they are when they give up.
    except (SyntaxError, ValueError, RecursionError, MemoryError, SystemError):
        return None
