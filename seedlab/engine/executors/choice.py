"""Which scripts may be started in a process that has already imported, and why others may not.

A script passes when everything that it could tell such a process from a fresh one by is absent from its source:
only modules that are known to be safe, imported first; none of the builtins that show the hash secret, the address
layout or the process itself; no sets, whose order goes by hashes. What is not known is not allowed.
"""

import ast

SAFE_MODULES = frozenset({"math", "random", "numpy", "tensorflow"})
"""Importing them earlier than the script does changes nothing that it draws: tests/engine/test_fidelity.py."""
PREPARED_MODULES = frozenset({"random", "numpy", "tensorflow"})
"""Worth importing before the script is known."""
_TELLING_NAMES = frozenset({
    "hash", "id", "set", "frozenset", "vars", "dir", "globals", "locals", "object", "open", "input", "exec", "eval",
    "compile", "breakpoint", "memoryview", "type", "super", "getattr", "setattr", "delattr", "repr",
})  # fmt: skip
_TELLING_ATTRIBUTES = frozenset({
    # Of numpy and tensorflow: files, devices, processes, and settings that count from the import on.
    "config", "environ", "load", "fromfile", "memmap", "save", "savez", "data", "io", "train", "keras", "estimator",
    "profiler", "debugging", "sysconfig", "ctypeslib", "ctypes", "distutils", "f2py", "testing", "show_config", "lib",
})  # fmt: skip


def why_cold(script: str) -> str:
    """Why ``script`` must be started cold, as a clause for a person; empty when it need not."""
    try:
        tree = ast.parse(script)
    except SyntaxError:
        return "it is not Python that seedlab can read"
    for node in ast.walk(tree):
        reason = _why_node(node)
        if reason:
            return f"line {getattr(node, 'lineno', '?')}: {reason}"
    is_first = True
    for statement in tree.body:
        is_import = isinstance(statement, ast.Import | ast.ImportFrom)
        imported = set[str]().union(*(modules_of(node) for node in ast.walk(statement))) & PREPARED_MODULES
        if imported and not (is_import and is_first):
            return f"line {statement.lineno}: it does something before it imports"
        is_first = is_first and (is_import or _is_text(statement))
    return ""


def prepared_imports(script: str) -> tuple[str, ...]:
    """The modules to import for ``script`` beforehand, as it names them and in its order; none if it has none."""
    try:
        tree = ast.parse(script)
    except SyntaxError:
        return ()
    names = [name for node in tree.body for name in _imported(node) if name.partition(".")[0] in PREPARED_MODULES]
    return tuple(dict.fromkeys(names))


def modules_of(node: ast.AST) -> set[str]:
    """The top-level modules that an import names."""
    return {name.partition(".")[0] or "." for name in _imported(node)}


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [node.module or "."]
    return []


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _why_node(node: ast.AST) -> str:
    unknown = modules_of(node) - SAFE_MODULES
    if unknown:
        return f"it imports {', '.join(sorted(unknown))}"
    match node:
        case ast.Name(id=name) if name in _TELLING_NAMES or name.startswith("__"):
            return f"it uses {name}, which can tell a fork from a fresh process"
        case ast.Attribute(attr=name) if name.startswith("_") or name in _TELLING_ATTRIBUTES:
            return f"it uses .{name}, which can tell a fork from a fresh process"
        case ast.ImportFrom(names=names) if any(n.name == "*" or n.name in _TELLING_ATTRIBUTES for n in names):
            return "it imports names that can tell a fork from a fresh process"
        case ast.Set() | ast.SetComp():
            return "it uses a set, whose order goes by the hash secret"
        case ast.ClassDef() | ast.AsyncFunctionDef():
            return "it defines classes or coroutines"
    return ""
