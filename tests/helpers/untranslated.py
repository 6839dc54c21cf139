"""Finds the texts in the source that look as if people read them, and that no translation reaches."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

PACKAGE = Path(__file__).parents[2] / "seedlab"
MECHANISM = {"sentence", "plural", "noted", "noted_plural", "recorded", "meaning"}
_LITERALS = {"sentence": 1, "plural": 2, "noted": 1, "noted_plural": 2, "recorded": 1, "meaning": 2}
"""How many literal arguments each function of the mechanism begins with."""
_WORDS = re.compile(r"[A-Za-z].* .*[A-Za-z]|^[A-Z][a-z]+[…?]?$", re.DOTALL)
"""Several words, or one that begins as a label does."""
_OTHERS = {"observer", "doors.py"}
"""What executes in other Pythons, which have no catalogue: it has no words for people."""
_UNREAD_CALLS = {
    # Programs, patterns, names and looks.
    "compile", "sub", "match", "fullmatch", "search", "finditer", "findall", "split", "partition", "rpartition",
    "replace", "line", "block", "exec", "eval", "removeprefix", "removesuffix", "startswith", "endswith",
    "cast", "TypeVar",
    "setStyleSheet", "setProperty", "setObjectName", "QKeySequence", "getLogger", "strftime", "system_command",
    # What is written to the log, or raised for whoever changes the program.
    "debug", "info", "warning", "error", "exception", "critical", "log",
    "ValueError", "TypeError", "KeyError", "AssertionError", "NotImplementedError", "RuntimeError", "AttributeError",
}  # fmt: skip


class Literal(NamedTuple):
    """A literal text that no translation reaches."""

    file: str
    line: int
    text: str


def sources() -> Iterator[Path]:
    """Yield the modules whose texts people may read."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if not _OTHERS & {*path.relative_to(PACKAGE).parts}:
            yield path


def unreached(path: Path, root: Path = PACKAGE) -> Iterator[Literal]:
    """Yield the texts in ``path`` that look like words for people and are no literal of the mechanism."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = {id(node) for node in _read_by_nobody(tree)}
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        text = _text_of(node)
        if text is not None and _WORDS.search(text):
            yield Literal(str(path.relative_to(root)), getattr(node, "lineno", 0), text)


def misused(path: Path, root: Path = PACKAGE) -> Iterator[Literal]:
    """Yield calls of the mechanism in ``path`` that cannot be found by reading: f-strings, and choices among literals.

    Within an f-string they are not seen either, before Python 3.12.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            inner = [each for each in ast.walk(node) if isinstance(each, ast.Call)]
            for call in inner:
                if _name(call) in MECHANISM and any(isinstance(each, ast.Constant) for each in call.args[:1]):
                    yield Literal(str(path.relative_to(root)), node.lineno, ast.unparse(call))
        if not isinstance(node, ast.Call) or _name(node) not in MECHANISM:
            continue
        for argument in node.args[: _LITERALS[_name(node)]]:
            is_glued = isinstance(argument, ast.JoinedStr | ast.BinOp)
            is_choice = isinstance(argument, ast.IfExp) and any(isinstance(e, ast.Constant) for e in ast.walk(argument))
            if is_glued or is_choice:
                yield Literal(str(path.relative_to(root)), node.lineno, ast.unparse(argument))


def _text_of(node: ast.AST) -> str | None:
    """Return the text of a literal, with the parts of an f-string that are filled in as ``{}``; None for no literal."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return None


def _read_by_nobody(tree: ast.Module) -> Iterator[ast.AST]:
    """Yield what is no text for people by where it stands, and what the mechanism has."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            yield from node.values
        elif isinstance(node, ast.Assert) and node.msg is not None:
            yield from ast.walk(node.msg)
        elif isinstance(node, ast.Compare):
            for each in (node.left, *node.comparators):
                yield from ast.walk(each)
        elif isinstance(node, ast.Subscript):
            yield from ast.walk(node.slice)
        elif isinstance(node, ast.Dict):
            for key in filter(None, node.keys):
                yield from ast.walk(key)
        elif isinstance(node, ast.Call) and _name(node) in MECHANISM:
            for each in node.args[: _LITERALS[_name(node)]]:
                yield each
        elif isinstance(node, ast.Call) and _name(node) in _UNREAD_CALLS:
            for each in node.args:
                yield from ast.walk(each)
        for annotation in (getattr(node, "annotation", None), getattr(node, "returns", None)):
            if isinstance(annotation, ast.AST):
                yield from ast.walk(annotation)


def _name(call: ast.Call) -> str:
    function = call.func
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
