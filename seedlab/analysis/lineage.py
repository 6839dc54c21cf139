"""Which lines of a script a printed value comes from, by following the names in its source."""

import ast

import msgspec

_STATES = {"random": "python", "numpy.random": "numpy"}
"""Modules with a hidden generator, and what the seed trace calls it."""
_OWN_STATE = {"Random", "SystemRandom", "RandomState", "Generator", "default_rng", "SeedSequence"}
"""What of them has a state of its own."""
_USUAL = {"random": "random", "np": "numpy", "numpy": "numpy"}
"""What a name means that no import in sight binds."""
_CHANGES = {"append", "extend", "insert", "add", "update"}
"""Methods that put into a container what is then printed."""


class _Statement(msgspec.Struct, frozen=True):
    node: ast.stmt
    lines: range
    assigns: frozenset[str]
    reads: frozenset[str]
    changes: frozenset[str]
    """What is changed in its place: a list that is shuffled, or appended to."""

    @property
    def is_block(self) -> bool:
        """It contains statements of its own."""
        return isinstance(getattr(self.node, "body", None), list) or isinstance(self.node, ast.Match)


class Sources:
    """The assignments of one script. A script that Python cannot parse has none."""

    def __init__(self, script: str) -> None:
        try:
            tree = ast.parse(script.removeprefix("\ufeff"))
        # A script may also be nested too deeply for Python's parser, or hold what is no text.
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            tree = ast.Module([], [])
        found = [_statement(node) for node in ast.walk(tree) if isinstance(node, ast.stmt)]
        self._statements = sorted(found, key=lambda statement: statement.lines.start)
        self._found: dict[int | None, list[_Statement]] = {}
        self._modules: dict[int | None, set[str]] = {}
        self._imported = {name: path for statement in found for name, path in _imported(statement.node)}

    def of_line(self, line: int | None) -> set[int]:
        """All 1-based lines whose work flows into what is printed at ``line``."""
        return {number for statement in self._flowing_into(line) for number in statement.lines}

    def modules_of_line(self, line: int | None) -> set[str]:
        """Which hidden generators the source of what is printed at ``line`` names: ``"python"``, ``"numpy"``."""
        if line not in self._modules:
            paths = {path for statement in self._flowing_into(line) for path in _paths(statement.node)}
            self._modules[line] = {state for path in paths if (state := self._state_of(path)) is not None}
        return self._modules[line]

    def _state_of(self, path: str) -> str | None:
        """Of ``np.random.rand``, of ``rand`` where it was imported from there; not of ``np.array``."""
        root, dot, rest = path.partition(".")
        module, _, name = f"{self._imported.get(root) or _USUAL.get(root, root)}{dot}{rest}".rpartition(".")
        # A function of the module, or a method of one of its results.
        while module and module not in _STATES:
            module, _, name = module.rpartition(".")
        return None if name in _OWN_STATE else _STATES.get(module)

    def _flowing_into(self, line: int | None) -> list[_Statement]:
        # One line of a loop prints thousands of draws.
        if line not in self._found:
            self._found[line] = self._followed(line)
        return self._found[line]

    def _followed(self, line: int | None) -> list[_Statement]:
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
                waiting += [s for s in self._statements if name in s.changes and s.lines.start < statement.lines.start]
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
    return _Statement(node, lines, frozenset(assigned), frozenset(read), frozenset(_changed(node)))


def _changed(node: ast.stmt) -> set[str]:
    match node:
        case ast.Expr(ast.Call(ast.Attribute(attr="shuffle") | ast.Name("shuffle"), [ast.Name(name), *_])):
            return {name}
        case ast.Expr(ast.Call(ast.Attribute(ast.Name(name), method))) if method in _CHANGES:
            return {name}
    return set()


def _paths(node: ast.AST) -> set[str]:
    """The dotted names that are read: ``np.random.rand``, and ``x``."""
    found = set()
    # Not by recursion: a long sum is a deep tree.
    waiting = [node]
    while waiting:
        inner = waiting.pop()
        parts: list[str] = []
        while isinstance(inner, ast.Attribute):
            parts.append(inner.attr)
            inner = inner.value
        if isinstance(inner, ast.Name):
            found.add(".".join([inner.id, *reversed(parts)]))
        waiting += ast.iter_child_nodes(inner)
    return found


def _imported(node: ast.stmt) -> list[tuple[str, str]]:
    """Names that an import binds, and the dotted name of what they stand for."""
    if isinstance(node, ast.Import):
        roots = [(alias.name.partition(".")[0], alias) for alias in node.names]
        return [(alias.asname, alias.name) if alias.asname else (root, root) for root, alias in roots]
    if isinstance(node, ast.ImportFrom):
        module = f"{'.' * node.level}{node.module or ''}"
        return [(alias.asname or alias.name, f"{module}.{alias.name}") for alias in node.names]
    return []


def _names(node: ast.AST) -> set[str]:
    return {child.id for child in ast.walk(node) if isinstance(child, ast.Name)}
