"""Writes another seed into a script, in the place of its own, so that a column can be made of it."""

import ast
from collections.abc import Iterable

from seedlab.results.influence import InfluenceSource
from seedlab.study.syntax import syntax_of


def with_seed(script: str, sources: Iterable[InfluenceSource], own: int, seed: int) -> str | None:
    """Return ``script`` with ``seed`` in the place of its ``own``, which ``sources`` set; None where that is not clear.

    It is written where the number stands in the statements that set it, or where it is given the name or the default by
    which they know it, if the number stands nowhere else. Whether that is right, a run shows.
    """
    tree = syntax_of(script)
    if tree is None:
        return None
    lines = {source.line for source in sources if source.file is None and source.line is not None}
    numbers = list(_numbers(tree, own))
    found = [at for at in numbers if any(at[0] <= line <= at[3] for line in lines)]
    if len({line for line in lines if any(at[0] <= line <= at[3] for at in found)}) < len(lines) or not lines:
        # Some take it from elsewhere: there it must be the only one of its value.
        elsewhere = [at for at in numbers if at not in found]
        if len(elsewhere) != 1:
            return None
        found += elsewhere
    text = script.encode("utf-8").split(b"\n")
    for _, row, start, _, end in sorted(found, key=lambda at: at[1:3], reverse=True):
        line = text[row - 1]
        text[row - 1] = line[:start] + str(seed).encode("ascii") + line[end:]
    return b"\n".join(text).decode("utf-8")


_Number = tuple[int, int, int, int, int]
"""The first line of its statement, its own line, its first byte there, the last line of its statement, and its end."""


def _numbers(tree: ast.Module, number: int) -> Iterable[_Number]:
    """Yield where ``number`` stands in the simple statements of ``tree``, and as the default of a parameter."""
    for statement in ast.walk(tree):
        if isinstance(statement, ast.stmt):
            for node in _own_nodes(statement):
                value = node.operand if isinstance(node, ast.UnaryOp) else node
                is_it = isinstance(value, ast.Constant) and type(value.value) is int
                if is_it and ast.literal_eval(node) == number and node.end_col_offset is not None:
                    last = statement.end_lineno if not hasattr(statement, "body") else statement.lineno
                    yield statement.lineno, node.lineno, node.col_offset, last or statement.lineno, node.end_col_offset


def _own_nodes(statement: ast.stmt) -> Iterable[ast.expr]:
    """Yield the numbers in ``statement``, with their signs, but for those in statements within it."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        is_signed = (
            isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant)
        )
        if isinstance(node, ast.Constant) or is_signed:
            assert isinstance(node, ast.expr)
            yield node
            continue
        waiting += [child for child in ast.iter_child_nodes(node) if not isinstance(child, ast.stmt)]
