"""Which lines of a script a printed value comes from, by following the names in its source."""

import ast

import msgspec

_STATES = {"random": "python", "numpy": "numpy"}
"""Modules with a hidden generator, and what the seed trace calls it."""


class _Statement(msgspec.Struct, frozen=True):
    node: ast.stmt
    lines: range
    assigns: frozenset[str]
    reads: frozenset[str]

    @property
    def is_block(self) -> bool:
        """It contains statements of its own."""
        return isinstance(getattr(self.node, "body", None), list) or isinstance(self.node, ast.Match)


class Sources:
    """The assignments of one script. A script that Python cannot parse has none."""

    def __init__(self, script: str) -> None:
        try:
            tree = ast.parse(script)
        # A script may also be nested too deeply for Python's parser, or hold what is no text.
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            tree = ast.Module([], [])
        found = [_statement(node) for node in ast.walk(tree) if isinstance(node, ast.stmt)]
        self._statements = sorted(found, key=lambda statement: statement.lines.start)
        self._states = {name: state for statement in found for name, state in _imported_states(statement.node)}

    def of_line(self, line: int | None) -> set[int]:
        """All 1-based lines whose work flows into what is printed at ``line``."""
        return {number for statement in self._flowing_into(line) for number in statement.lines}

    def modules_of_line(self, line: int | None) -> set[str]:
        """Which hidden generators the source of what is printed at ``line`` names: ``"python"``, ``"numpy"``."""
        names = {name for statement in self._flowing_into(line) for name in statement.reads}
        # Without an import in sight, the usual names.
        usual = {"random": "python", "np": "numpy", "numpy": "numpy"}
        return {state for name in names if (state := self._states.get(name) or usual.get(name)) is not None}

    def _flowing_into(self, line: int | None) -> list[_Statement]:
        waiting = [s for s in self._statements if line in s.lines and not s.is_block]
        found: list[_Statement] = []
        while waiting:
            statement = waiting.pop()
            if any(statement is other for other in found):
                continue
            found.append(statement)
            for name in statement.reads:
                # The last assignment above the use; a function or loop may have it below.
                known = [s for s in self._statements if name in s.assigns]
                above = [s for s in known if s.lines.start < statement.lines.start]
                waiting += (above or known)[-1:]
        return found


def _statement(node: ast.stmt) -> _Statement:
    targets: list[ast.AST] = []
    names: set[str] = set()
    match node:
        case ast.Assign():
            targets = [*node.targets]
        case ast.AnnAssign() | ast.For() | ast.AsyncFor():
            targets = [node.target]
        case ast.AugAssign():
            names = _names(node.target)
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            names = {node.name}
    assigned = names.union(*(_names(target) for target in targets))
    # What stands on the left is set, not read, unless the same statement reads it as well: x = x + 1.
    read = {child.id for child in ast.walk(node) if isinstance(child, ast.Name) and isinstance(child.ctx, ast.Load)}
    if isinstance(node, ast.AugAssign):
        read |= names
    lines = range(node.lineno, (node.end_lineno or node.lineno) + 1)
    return _Statement(node, lines, frozenset(assigned), frozenset(read))


def _imported_states(node: ast.stmt) -> list[tuple[str, str]]:
    """Names that an import binds to a module with a hidden generator, or to something of it."""
    if isinstance(node, ast.Import):
        pairs = [(alias.asname or alias.name.partition(".")[0], alias.name) for alias in node.names]
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        pairs = [(alias.asname or alias.name, node.module) for alias in node.names]
    else:
        return []
    return [(name, state) for name, module in pairs if (state := _STATES.get(module.partition(".")[0])) is not None]


def _names(node: ast.AST) -> set[str]:
    return {child.id for child in ast.walk(node) if isinstance(child, ast.Name)}
