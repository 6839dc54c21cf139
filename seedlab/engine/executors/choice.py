"""The rule that chooses how a run is started, with its reason.

Under auto, a script without a file of its own may be started in a process that has already imported its modules if
nothing in its source could tell that process from a fresh one. It may import only modules that are known to be safe,
before it does anything else. It may use neither the builtins that show the hash secret, the address layout or the
process itself, nor the attributes that libraries name as telling, nor sets, whose order depends on hashes. Anything
unknown is not allowed. A person's own file may, where `own_scripts` finds nothing against it: witnesses prove it.
"""

import ast
import functools
from typing import NamedTuple

from seedlab.engine.executors.executor import Start
from seedlab.engine.executors.own_scripts import imports_of_program
from seedlab.engine.request import RunRequest
from seedlab.libraries.all_capabilities import all_capabilities
from seedlab.phrases import recorded
from seedlab.study.capabilities import Capabilities
from seedlab.study.syntax import syntax_of

_TELLING_NAMES = frozenset({
    "hash", "id", "set", "frozenset", "vars", "dir", "globals", "locals", "object", "open", "input", "exec", "eval",
    "compile", "breakpoint", "memoryview", "type", "super", "getattr", "setattr", "delattr", "repr",
})  # fmt: skip


PLAIN = recorded("nothing but what it prints is observed")
PRIVATE = recorded("its files are compared as it sees them privately")


class StartChoice(NamedTuple):
    """The way to start one run; ``reason`` says why it is cold although auto was asked for, and is else empty."""

    way: Start
    reason: str = ""


def choose(wanted: Start, request: RunRequest, *, can_fork: bool, hindrance: str = "") -> StartChoice:
    """Return how ``request`` is started when ``wanted`` was asked for.

    ``can_fork`` is True where the platform can fork. ``hindrance`` says why an earlier attempt to prepare the
    script's imports failed, as a clause; it is empty when none did.
    """
    if request.fixes_addresses:
        return StartChoice(Start.COLD, recorded("its addresses are the same each time"))
    if request.earlier_runs:
        return StartChoice(Start.COLD, recorded("it finds what an earlier run has left in the folder"))
    if request.is_plain:
        return StartChoice(Start.COLD, PLAIN)
    if request.is_private and request.compares:
        return StartChoice(Start.COLD, "" if wanted is Start.COLD else request.cold_reason or PRIVATE)
    match wanted, request.cold_reason or why_cold(request) or hindrance:
        case Start.AUTO, "":
            return StartChoice(Start.FORK if can_fork else Start.SPARE)
        case Start.AUTO, reason:
            return StartChoice(Start.COLD, reason)
        case _:
            return StartChoice(wanted)


def why_cold(request: RunRequest) -> str:
    """Return why ``request`` must be started cold, as a clause to show; empty when it need not be.

    A script without a file is proved by being read; for a person's own file, witnesses prove it.
    """
    if request.path is None:
        return _study(request.script, all_capabilities()).reason
    return imports_of_program(request.path, request.root, request.script).reason


def prepared_variables(request: RunRequest) -> tuple[tuple[str, str], ...]:
    """Return the variables that the program of ``request`` sets before these imports, with their values."""
    return () if request.path is None else imports_of_program(request.path, request.root, request.script).variables


def prepared_imports(request: RunRequest) -> tuple[str, ...]:
    """Return the modules to import for ``request`` beforehand, in order; empty when there are none.

    They are the modules that the script names, and those that these would import only when first used.
    """
    if request.path is None:
        return _study(request.script, all_capabilities()).imports
    return imports_of_program(request.path, request.root, request.script).modules


class _Study(NamedTuple):
    reason: str
    imports: tuple[str, ...]


@functools.lru_cache(maxsize=64)
def _study(script: str, capabilities: tuple[Capabilities, ...]) -> _Study:
    safe = frozenset(module for stated in capabilities for module in stated.safe_modules)
    telling = frozenset(name for stated in capabilities for name in stated.telling_attributes)
    late = {module: stated.late for stated in capabilities for module in stated.prepares}
    tree = syntax_of(script)
    if tree is None:
        return _Study(recorded("it is not Python that seedlab can read"), ())
    named = [name for node in tree.body for name in _imported(node) if name.partition(".")[0] in late]
    imports = dict.fromkeys(module for name in named for module in (name, *late[name.partition(".")[0]]))
    reason = _why_tree(tree, safe, telling, frozenset(late))
    if not reason and not imports:
        reason = recorded("it imports nothing that takes time")
    return _Study(reason, tuple(imports))


def _why_tree(tree: ast.Module, safe: frozenset[str], telling: frozenset[str], prepared: frozenset[str]) -> str:
    for node in ast.walk(tree):
        reason = _why_node(node, safe, telling)
        if reason:
            return recorded("line {line}: {reason}", line=getattr(node, "lineno", "?"), reason=reason)
    is_first = True
    for statement in tree.body:
        is_import = isinstance(statement, ast.Import | ast.ImportFrom)
        imported = set[str]().union(*(_modules_of(node) for node in ast.walk(statement))) & prepared
        if imported and not (is_import and is_first):
            return recorded("line {line}: it does something before it imports", line=statement.lineno)
        is_first = is_first and (is_import or _is_text(statement))
    return ""


def _modules_of(node: ast.AST) -> set[str]:
    """Return the top-level modules that an import names."""
    return {name.partition(".")[0] or "." for name in _imported(node)}


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [node.module or "."]
    return []


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _why_node(node: ast.AST, safe: frozenset[str], telling: frozenset[str]) -> str:
    unknown = _modules_of(node) - safe
    if unknown:
        return recorded("it imports {names}", names=", ".join(sorted(unknown)))
    match node:
        case ast.Name(id=name) if name in _TELLING_NAMES or name.startswith("__"):
            return recorded("it uses {name}, which can tell a fork from a fresh process", name=name)
        case ast.Attribute(attr=name) if name.startswith("_") or name in telling:
            return recorded("it uses .{name}, which can tell a fork from a fresh process", name=name)
        case ast.ImportFrom(names=names) if any(n.name == "*" or n.name in telling for n in names):
            return recorded("it imports names that can tell a fork from a fresh process")
        case ast.Set() | ast.SetComp():
            return recorded("it uses a set, whose order goes by the hash secret")
        case ast.ClassDef() | ast.AsyncFunctionDef():
            return recorded("it defines classes or coroutines")
    return ""
