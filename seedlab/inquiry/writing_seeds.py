"""Writes another seed into a script, in the place of its own, so that a column can be made of it."""

import ast
from collections.abc import Iterable, Sequence

from seedlab.results.influence import InfluenceSource
from seedlab.study.syntax import syntax_of


def with_seed(script: str, sources: Sequence[InfluenceSource], own: int, seed: int) -> str | None:
    """Return ``script`` with ``seed`` in the place of its ``own``, which ``sources`` set; None where that is not clear.

    It is written where the number stands in the statements that set it, once in each; or, where these have a name
    instead, where the number is given that name, or is the default of that parameter or option. A module beside is
    never written.
    """
    tree = syntax_of(script)
    lines = {source.line for source in sources if source.file is None and source.line is not None}
    # Python ends lines at other characters, too, and then counts otherwise.
    if (
        tree is None
        or len(lines) == 0
        or len(lines) < len({(each.file, each.line) for each in sources})
        or "\r" in script
    ):
        return None
    numbers = list(_numbers(tree, own))
    found: set[_Number] = set()
    for line in lines:
        here = [at for at in numbers if at[0] <= line <= at[3]]
        if not here:
            names = _names_at(tree, line)
            here = [at for at in numbers if at[5] in names]
        if len(here) != 1:
            return None
        found.update(here)
    text = script.encode("utf-8").split(b"\n")
    for _, row, start, _, end, _ in sorted(found, key=lambda at: at[1:3], reverse=True):
        line_text = text[row - 1]
        text[row - 1] = line_text[:start] + str(seed).encode("ascii") + line_text[end:]
    return b"\n".join(text).decode("utf-8")


_Number = tuple[int, int, int, int, int, str]
"""The first line of its statement, its own line and first byte there, the last line of its statement, its end, and the
name that it is given; empty where it is given none."""


def _numbers(tree: ast.Module, number: int) -> Iterable[_Number]:
    """Yield where ``number`` stands in the simple statements of ``tree``, and as the default of a parameter."""
    for statement in ast.walk(tree):
        if isinstance(statement, ast.stmt):
            for node in _own_nodes(statement):
                value = node.operand if isinstance(node, ast.UnaryOp) else node
                is_it = isinstance(value, ast.Constant) and type(value.value) is int
                if is_it and ast.literal_eval(node) == number and node.end_col_offset is not None:
                    last = statement.end_lineno if not hasattr(statement, "body") else statement.lineno
                    at = statement.lineno, node.lineno, node.col_offset, last or statement.lineno
                    yield (*at, node.end_col_offset, _name_of(statement, node))


def _name_of(statement: ast.stmt, node: ast.expr) -> str:
    """Return the name that ``node`` is given in ``statement``: a variable's, a parameter's, or an option's."""
    if isinstance(statement, ast.Assign) and statement.value is node and len(statement.targets) == 1:
        target = statement.targets[0]
        return target.id if isinstance(target, ast.Name) else target.attr if isinstance(target, ast.Attribute) else ""
    if isinstance(statement, ast.AnnAssign) and statement.value is node and isinstance(statement.target, ast.Name):
        return statement.target.id
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
        given = statement.args
        positional = [*given.posonlyargs, *given.args]
        named = [*zip(positional[len(positional) - len(given.defaults) :], given.defaults, strict=True)]
        named += [(arg, default) for arg, default in zip(given.kwonlyargs, given.kw_defaults, strict=True) if default]
        return next((arg.arg for arg, default in named if default is node), "")
    for call in ast.walk(statement):
        if isinstance(call, ast.Call) and any(word.arg == "default" and word.value is node for word in call.keywords):
            texts = [each.value for each in call.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
            return max(texts, key=len).lstrip("-").replace("-", "_") if texts else ""
    return ""


def _names_at(tree: ast.Module, line: int) -> set[str]:
    """Return the names, and the names of attributes, in the innermost statements at ``line``."""
    found: set[str] = set()
    for statement in ast.walk(tree):
        if not isinstance(statement, ast.stmt) or hasattr(statement, "body"):
            continue
        if statement.lineno <= line <= (statement.end_lineno or statement.lineno):
            nodes = list(ast.walk(statement))
            found.update(node.id for node in nodes if isinstance(node, ast.Name))
            found.update(node.attr for node in nodes if isinstance(node, ast.Attribute))
    return found


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
