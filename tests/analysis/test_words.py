"""The analysis has no words: it gives codes and parameters, and `seedlab.messages` has the words for them."""

import ast
import enum
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

import seedlab.analysis

MODULES = sorted(Path(seedlab.analysis.__file__).parent.glob("*.py"))
NAMES = {"labels.py", "lineage.py"}
"""What takes apart or puts together names as a script writes them."""


def texts_of(path: Path) -> Iterator[ast.expr]:
    """Texts with a space, and texts that are joined, outside docstrings, assertions and enumerations."""
    module = importlib.import_module(f"seedlab.analysis.{path.stem}")
    waiting: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.ClassDef) and issubclass(getattr(module, node.name), enum.Enum):
            continue
        if isinstance(node, ast.Assert) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            continue
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value
        is_joined = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "join"
        if isinstance(node, ast.expr) and (is_text or is_joined):
            yield node
        waiting.extend(ast.iter_child_nodes(node))


@pytest.mark.parametrize("path", [path for path in MODULES if path.name not in NAMES], ids=lambda p: p.stem)
def test_no_text_is_put_together_in_the_analysis(path: Path) -> None:
    assert [ast.unparse(text) for text in texts_of(path)] == []
