"""Which lines of a script a printed value comes from, by following the names in its source."""

import ast

import msgspec

_COMPOUND = (ast.With, ast.For, ast.While, ast.If, ast.Try, ast.FunctionDef, ast.ClassDef)


class _Statement(msgspec.Struct, frozen=True):
    node: ast.stmt
    lines: range
    assigns: frozenset[str]


class Sources:
    """The assignments of one script. A script that Python cannot parse has none."""

    def __init__(self, script: str) -> None:
        try:
            tree = ast.parse(script)
        except SyntaxError:
            tree = ast.Module([], [])
        self._statements = [_statement(node) for node in ast.walk(tree) if isinstance(node, ast.stmt)]

    def of_line(self, line: int | None) -> set[int]:
        """All 1-based lines whose work flows into what is printed at ``line``."""
        found: set[int] = set()
        waiting = [s for s in self._statements if line in s.lines and not isinstance(s.node, _COMPOUND)]
        seen: set[int] = set()
        while waiting:
            statement = waiting.pop()
            if id(statement) in seen:
                continue
            seen.add(id(statement))
            found.update(statement.lines)
            for name in _names(statement.node):
                # The last assignment above the use; a function or loop may have it below.
                known = [s for s in self._statements if name in s.assigns]
                above = [s for s in known if s.lines.start < statement.lines.start]
                waiting += (above or known)[-1:]
        return found


def _statement(node: ast.stmt) -> _Statement:
    assigns: set[str] = set()
    match node:
        case ast.Assign(targets=targets):
            assigns.update(*(_names(target) for target in targets))
        case ast.AugAssign(target=target) | ast.AnnAssign(target=target) | ast.For(target=target):
            assigns = _names(target)
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            assigns = {name}
    return _Statement(node, range(node.lineno, (node.end_lineno or node.lineno) + 1), frozenset(assigns))


def _names(node: ast.AST) -> set[str]:
    return {child.id for child in ast.walk(node) if isinstance(child, ast.Name)}
