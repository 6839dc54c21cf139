"""Which lines of a script a printed value comes from, by following the names in its source.

Nothing here depends on a library: each states which names usually stand for it. The answer for a line is kept. In a
script in which very much flows into very many lines, only so much is followed; the lineage of the remaining lines is
empty.
"""

import ast
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

import msgspec

from seedlab.libraries.all_capabilities import usual_names
from seedlab.study.syntax import syntax_of

_CHANGES = {"append", "extend", "insert", "add", "update"}
"""The methods that put something into a container."""
_MOST_STEPS = 1_000_000
"""The most names and lines that are followed for all lines of one script together: about a second."""


class Lineage(msgspec.Struct, frozen=True):
    """The lines and names that flow into what one line prints."""

    lines: frozenset[int] = frozenset()
    """1-based lines of the script."""
    names: frozenset[str] = frozenset()
    """The full dotted names that these lines read: ``np.random.rand`` is ``"numpy.random.rand"``."""


_NOTHING = Lineage()


class _Statement:
    def __init__(self, node: ast.stmt) -> None:
        self.node = node
        self.lines = range(node.lineno, (node.end_lineno or node.lineno) + 1)
        self.assigns = _assigned(node)
        self.changes = _changed(node)
        """The names whose values it changes in place, such as a list that is shuffled or appended to."""

    @property
    def is_block(self) -> bool:
        """True where it contains other statements."""
        return isinstance(getattr(self.node, "body", None), list) or isinstance(self.node, ast.Match)

    @cached_property
    def reads(self) -> frozenset[str]:
        # A name on the left is set, not read, unless the same statement reads it as well: x = x + 1.
        names = (child for child in ast.walk(self.node) if isinstance(child, ast.Name))
        read = frozenset(name.id for name in names if isinstance(name.ctx, ast.Load))
        return read | self.assigns if isinstance(self.node, ast.AugAssign) else read

    @cached_property
    def paths(self) -> frozenset[str]:
        return frozenset(_paths(self.node))


class Assignments:
    """The assignments of one script. A script that Python cannot parse has none."""

    def __init__(self, script: str) -> None:
        tree = syntax_of(script.removeprefix("\ufeff")) or ast.Module([], [])
        found = [_Statement(node) for node in ast.walk(tree) if isinstance(node, ast.stmt)]
        found.sort(key=lambda statement: statement.lines.start)
        imported = {name: path for statement in found for name, path in _imported(statement.node)}
        self._meant = {**usual_names(), **imported}
        """What names stand for: what an import binds them to, or what they usually mean."""
        self._at_line: dict[int, list[_Statement]] = defaultdict(list)
        self._assigning, self._changing = _Places(), _Places()
        for statement in found:
            if not statement.is_block:
                for line in statement.lines:
                    self._at_line[line].append(statement)
            self._assigning.add(statement, statement.assigns)
            self._changing.add(statement, statement.changes)
        self._known: dict[int, Lineage] = {}
        self._steps_left = _MOST_STEPS

    def of_line(self, line: int | None) -> Lineage:
        """Return the lineage of what is printed at the 1-based ``line``."""
        if line is None or line not in self._at_line:
            return _NOTHING
        if line not in self._known:
            self._known[line] = self._follow(line)
        return self._known[line]

    def _follow(self, line: int) -> Lineage:
        found = self._flowing_into(line)
        if found is None:
            return _NOTHING
        lines = frozenset(number for statement in found for number in statement.lines)
        return Lineage(lines, frozenset(self._full_name(path) for statement in found for path in statement.paths))

    def _full_name(self, path: str) -> str:
        root, dot, rest = path.partition(".")
        return f"{self._meant.get(root, root)}{dot}{rest}"

    def _flowing_into(self, line: int) -> list[_Statement] | None:
        """Return the statements whose work flows into ``line``; None where there are too many to follow."""
        waiting = list(self._at_line[line])
        found: dict[int, _Statement] = {}
        # For each name, how many of the statements that change it are already known to flow in.
        changes_seen: dict[str, int] = defaultdict(int)
        while waiting:
            statement = waiting.pop()
            if id(statement) in found:
                continue
            found[id(statement)] = statement
            self._steps_left -= len(statement.reads) + len(statement.lines)
            if self._steps_left < 0:
                return None
            start = statement.lines.start
            for name in statement.reads:
                # The last assignment above the use; a function or loop may have it below.
                above = self._assigning.above(name, start)
                waiting += self._assigning.between(name, above - 1, above) or self._assigning.last(name)
                above = self._changing.above(name, start)
                waiting += self._changing.between(name, changes_seen[name], above)
                changes_seen[name] = max(changes_seen[name], above)
        return list(found.values())


class _Places:
    """The statements that do something to a name, in the order of their lines."""

    def __init__(self) -> None:
        self._statements: dict[str, list[_Statement]] = {}
        self._starts: dict[str, list[int]] = {}

    def add(self, statement: _Statement, names: Iterable[str]) -> None:
        for name in names:
            self._statements.setdefault(name, []).append(statement)
            self._starts.setdefault(name, []).append(statement.lines.start)

    def above(self, name: str, line: int) -> int:
        """Return how many of the statements start above ``line``."""
        return bisect_left(self._starts.get(name, ()), line)

    def between(self, name: str, first: int, end: int) -> list[_Statement]:
        return self._statements.get(name, [])[first:end] if 0 <= first < end else []

    def last(self, name: str) -> list[_Statement]:
        """Return the last of the statements alone; none where there is none."""
        return self._statements.get(name, [])[-1:]


def _assigned(node: ast.stmt) -> frozenset[str]:
    match node:
        case ast.Assign():
            return frozenset(name for target in node.targets for name in _names(target))
        case ast.AnnAssign() | ast.For() | ast.AsyncFor() | ast.AugAssign():
            return frozenset(_names(node.target))
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return frozenset({node.name})
    return frozenset()


def _changed(node: ast.stmt) -> frozenset[str]:
    match node:
        case ast.Expr(ast.Call(ast.Attribute(attr="shuffle") | ast.Name("shuffle"), [ast.Name(name), *_])):
            return frozenset({name})
        case ast.Expr(ast.Call(ast.Attribute(ast.Name(name), method))) if method in _CHANGES:
            return frozenset({name})
    return frozenset()


def _paths(node: ast.AST) -> set[str]:
    """Return the dotted names that ``node`` reads, such as ``np.random.rand`` and ``x``."""
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
    """Return the names that an import binds, each with the dotted name of what it stands for."""
    if isinstance(node, ast.Import):
        roots = [(alias.name.partition(".")[0], alias) for alias in node.names]
        return [(alias.asname, alias.name) if alias.asname else (root, root) for root, alias in roots]
    if isinstance(node, ast.ImportFrom):
        module = f"{'.' * node.level}{node.module or ''}"
        return [(alias.asname or alias.name, f"{module}.{alias.name}") for alias in node.names]
    return []


def _names(node: ast.AST) -> set[str]:
    return {child.id for child in ast.walk(node) if isinstance(child, ast.Name)}
