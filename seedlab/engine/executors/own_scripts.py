"""Reads a person's own program, to find what can be imported before it and what rules that out.

Whether a fork of a process that has imported these modules shows the same as a fresh process is not read here: cold
runs, the witnesses, prove it. What is read is only what would make it pointless, or change what an import does.
"""

import ast
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from seedlab.engine.child_environment import child_environment
from seedlab.libraries.all_capabilities import all_capabilities
from seedlab.study.syntax import syntax_of

_MAX_FILES = 200
_MAX_BYTES = 1_000_000
_HARMLESS_CALLS = frozenset({
    "getLogger", "TypeVar", "NewType", "namedtuple", "compile", "Path", "dirname", "basename", "join", "abspath",
    "resolve", "expanduser", "frozenset", "tuple", "dict", "list", "set", "int", "float", "str", "range", "len",
})  # fmt: skip
"""Functions that many files call before they import; none changes what an import does."""
_ASKED_LATE = frozenset({"keras"})
"""Modules that are attributes of others, which import them when they are first used: ``tf.keras``."""


class Imports(NamedTuple):
    """What can be imported before a program, and why nothing can."""

    modules: tuple[str, ...]
    """The modules, in order."""
    variables: tuple[tuple[str, str], ...] = ()
    """Variables of the environment that the program sets before these imports, with their values."""
    reason: str = ""
    """Why it must be started cold, as a clause; empty where it need not be."""


class _Event(NamedTuple):
    module: str
    """The prepared module that is imported; empty where something else is done."""
    where: str
    variables: tuple[tuple[str, str], ...] = ()
    """The variables that are set, where that is all that is done."""


_Stamp = tuple[tuple[str, int], ...]
_read: dict[tuple[str, str, str], tuple[_Stamp, Imports]] = {}
"""What was read of each program, with when its files were changed."""


def imports_of_program(path: str, root: str, script: str) -> Imports:
    """Return the imports of the program in ``path``, whose text is ``script`` and whose modules lie below ``root``."""
    key = path, root, script
    known = _read.get(key)
    if known is not None and known[0] == _stamp(file for file, _ in known[0]):
        return known[1]
    if len(_read) >= _MAX_FILES:
        _read.clear()
    files, imports = _imports(path, root, script)
    _read[key] = _stamp(files), imports
    return imports


def stamp_of_program(path: str, root: str, script: str) -> tuple[tuple[str, int], ...]:
    """Return which files of its own a program imports, and when each was changed, in nanoseconds since 1970."""
    imports_of_program(path, root, script)
    return _read[path, root, script][0]


def _stamp(files: Iterable[str]) -> _Stamp:
    found = []
    for file in files:
        try:
            found.append((file, os.stat(file).st_mtime_ns))
        except OSError:
            found.append((file, 0))
    return tuple(found)


def _imports(path: str, root: str, script: str) -> tuple[Iterable[str], Imports]:
    late = {module: stated.late for stated in all_capabilities() for module in stated.prepares}
    reading = _Reading(root, frozenset(late))
    events = list(reading.events(path, script))
    named = dict.fromkeys(event.module for event in events if event.module)
    modules = dict.fromkeys(each for name in named for each in (name, *late[name.partition(".")[0]]))
    if reading.asks_late:
        # Keras is imported when it is first asked of TensorFlow, wherever that is.
        modules.update(dict.fromkeys(reading.asks_late))
    files = sorted(reading.seen)
    first: str | None = None
    variables: dict[str, str] = {}
    waiting: dict[str, str] = {}
    imported: set[str] = set()
    for event in events:
        if event.variables:
            waiting.update(event.variables)
        elif not event.module:
            first = first or event.where
        elif event.module not in imported:
            if first is not None:
                reason = f"{first}: it does something before it imports {event.module}"
                return files, Imports((), reason=reason)
            imported.add(event.module)
            variables.update(waiting)
    if not modules:
        return files, Imports((), reason="it imports nothing that takes time")
    return files, Imports(tuple(modules), tuple(sorted(variables.items())))


def names_beside(root: str) -> frozenset[str]:
    """Return the names of the modules and packages in the folder ``root``; empty when it cannot be read."""
    try:
        with os.scandir(root) as entries:
            return frozenset(
                entry.name.partition(".")[0]
                for entry in entries
                if entry.is_dir() or entry.name.endswith((".py", ".pyc", ".so", ".pyd"))
            )
    except OSError:
        return frozenset()


class _Reading:
    """Follows a program's imports through its own files, in the order in which they are executed."""

    def __init__(self, root: str, prepared: frozenset[str]) -> None:
        self._root = root
        self._prepared = prepared
        self.seen: set[str] = set()
        """The files that were read."""
        self.asks_late: set[str] = set()
        """Prepared modules that are imported when an attribute of another one is first used."""

    def events(self, path: str, text: str) -> Iterator[_Event]:
        """Yield what happens when the file ``path`` is executed, as far as it concerns imports."""
        self.seen.add(path)
        tree = syntax_of(text)
        if tree is None:
            yield _Event("", "it is not Python that seedlab can read")
            return
        name = os.path.basename(path)
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in _ASKED_LATE and node.attr in self._prepared:
                self.asks_late.add(node.attr)
        yield from self._statements(tree.body, name)

    def _statements(self, body: list[ast.stmt], name: str) -> Iterator[_Event]:
        for statement in body:
            if isinstance(statement, ast.Import):
                for alias in statement.names:
                    yield from self._imported(alias.name)
            elif isinstance(statement, ast.ImportFrom):
                base = "." * statement.level + (statement.module or "")
                yield from self._imported(base)
                for alias in statement.names:
                    yield from self._imported(f"{base}.{alias.name}", is_certain=False)
            elif isinstance(statement, ast.Try):
                yield from self._statements(statement.body, name)
            elif (variables := _variables_set(statement)) is not None:
                yield _Event("", "", variables)
            elif not _is_harmless(statement):
                yield _Event("", f"{name}, line {statement.lineno}")

    def _imported(self, module: str, *, is_certain: bool = True) -> Iterator[_Event]:
        top = module.partition(".")[0]
        if top in self._prepared:
            if is_certain:
                yield _Event(module, "")
            elif module == "tensorflow.keras" and "keras" in self._prepared:
                yield _Event("keras", "")
            return
        for path in self._files(module.lstrip(".")):
            if str(path) not in self.seen and len(self.seen) < _MAX_FILES:
                try:
                    if path.stat().st_size > _MAX_BYTES:
                        continue
                    text = path.read_text(encoding="utf-8", errors="replace")
                except OSError:
                    continue
                yield from self.events(str(path), text)

    def _files(self, module: str) -> list[Path]:
        """Return the own files that are executed when ``module`` is imported."""
        parts = [part for part in module.split(".") if part]
        bases = [Path(self._root, *parts[:count]) for count in range(1, len(parts) + 1)]
        paths = [path for base in bases for path in (base / "__init__.py", base.with_name(f"{base.name}.py"))]
        return [path for path in paths if path.is_file()]


def _variables_set(statement: ast.stmt) -> tuple[tuple[str, str], ...] | None:
    """Return the variables that ``statement`` sets to texts that it names; None where it does anything else."""
    match statement:
        case ast.Assign(
            targets=[ast.Subscript(value=place, slice=ast.Constant(value=str(name)))],
            value=ast.Constant(value=str(value)),
        ) if _is_environment(place):
            return ((name, value),)
        case ast.Expr(
            value=ast.Call(
                func=ast.Attribute(value=place, attr="setdefault"),
                args=[ast.Constant(value=str(name)), ast.Constant(value=str(value))],
                keywords=[],
            )
        ) if _is_environment(place):
            return ((name, child_environment().get(name, value)),)
    return None


def _is_environment(place: ast.expr) -> bool:
    match place:
        case ast.Attribute(value=ast.Name(id="os"), attr="environ") | ast.Name(id="environ"):
            return True
    return False


def _is_harmless(statement: ast.stmt) -> bool:
    """Return True for statements that do nothing but give names to things."""
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef() | ast.Pass():
            return True
        case ast.Expr(value=ast.Constant()):
            return True
        case ast.Assign(targets=targets, value=value) if all(isinstance(target, ast.Name) for target in targets):
            return all(_is_harmless_call(node) for node in ast.walk(value))
        case ast.AnnAssign(target=ast.Name(), value=value):
            return value is None or all(_is_harmless_call(node) for node in ast.walk(value))
        case ast.If(test=ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING")):
            return True
        case ast.If(test=ast.Compare(left=ast.Name(id="__name__"))):
            # Where it is the script's own, what it does comes after the imports above it; imports in it come later.
            return True
    return False


def _is_harmless_call(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return name in _HARMLESS_CALLS
        case ast.Await() | ast.Yield() | ast.YieldFrom() | ast.NamedExpr():
            return False
    return True
