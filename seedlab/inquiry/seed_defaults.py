"""Where a seed that was not given gets its value: the options, settings and parameters that are None unless set."""

import re
from collections.abc import Iterator

import libcst as cst

from seedlab.inquiry.rewriting import FoundCall, SourceText, Splice, named_argument, text_of

_OPTIONS = ("add_argument", "option", "add_option")
_FLAGS = ("DEFINE_integer", "DEFINE_float", "DEFINE_string")
_READERS = ("get", "getenv", "getattr", "pop")


def seed_name(call: FoundCall, keyword: str = "") -> str:
    """Return the name of what ``call`` is given as its seed, ``seed`` of ``args.SEED``; empty where it has none."""
    given = SourceText.given(call.node, keyword)
    return "" if given is None else _name(given.value).lower()


def defaults(source: SourceText, name: str, value: int) -> Iterator[tuple[Splice, ...]]:
    """Yield how ``name``, in lower case, becomes ``value`` where it would be None, each place by itself.

    Those come first that a person would write: of options, then of settings, then of parameters. SEED is often handed
    on as seed.
    """
    value = that_counts(source, name, value)
    for call in source.nodes(cst.Call):
        yield from _of_option(source, call, name, str(value))
    for bound, given in _bindings(source):
        none = _none_of(given)
        if none is not None and bound.lower() == name:
            yield (source.replaced(none, str(value)),)


def that_counts(source: SourceText, name: str, value: int) -> int:
    """Return ``value``, or 1 for 0 where the file asks ``if name``, in lower case: 0 is the same as None to that."""
    tests = [source.code(node.test) for node in (*source.nodes(cst.If), *source.nodes(cst.IfExp))]
    is_asked = any(re.search(rf"\b{re.escape(name)}\b", test.lower()) and "None" not in test for test in tests)
    return value or int(is_asked)


def _bindings(source: SourceText) -> Iterator[tuple[str, cst.CSTNode | None]]:
    """Yield what is given a value at one place, with the value."""
    for node in source.nodes(cst.Assign):
        yield from ((_name(each.target), node.value) for each in node.targets)
    for node in source.nodes(cst.AnnAssign):
        yield _name(node.target), node.value
    for node in source.nodes(cst.DictElement):
        yield text_of(node.key) or "", node.value
    for node in source.nodes(cst.Arg):
        yield "" if node.keyword is None else node.keyword.value, node.value
    for node in source.nodes(cst.Param):
        yield node.name.value, node.default


def _of_option(source: SourceText, call: cst.Call, name: str, value: str) -> Iterator[tuple[Splice, ...]]:
    """Yield how the option ``name`` gets the default ``value``, where ``call`` declares it without one."""
    function = FoundCall(call, ()).last_name
    texts = [text for each in call.args if each.keyword is None and (text := text_of(each.value)) is not None]
    if function in _FLAGS:
        if [text.lower() for text in texts[:1]] == [name] and len(call.args) > 1 and _is_none(call.args[1].value):
            yield (source.replaced(call.args[1].value, value),)
        return
    stored = named_argument(call, "dest")
    if stored is not None:
        texts = [text_of(stored.value) or ""]
    if function not in _OPTIONS or name not in {text.lstrip("-").replace("-", "_").lower() for text in texts}:
        return
    given = named_argument(call, "default")
    if given is None:
        yield tuple(source.with_seed(FoundCall(call, ()), value, "default"))
    elif _is_none(given.value):
        yield (source.replaced(given.value, value),)


def _is_none(node: cst.CSTNode | None) -> bool:
    return isinstance(node, cst.Name) and node.value == "None"


def _none_of(node: cst.CSTNode | None) -> cst.CSTNode | None:
    """Return the None that ``node`` stands for: itself, or the default of a field, ``field(default=None)``."""
    if isinstance(node, cst.Call):
        given = named_argument(node, "default") or next((each for each in node.args if each.keyword is None), None)
        node = None if given is None else given.value
    return node if _is_none(node) else None


def _name(node: cst.CSTNode) -> str:
    """Return the last name of ``node``: seed of ``a.seed``, ``a["seed"]``, ``a.get("seed")`` and ``int(seed)``."""
    match node:
        case cst.Name(value="None"):
            return ""
        case cst.Name(value=name) | cst.Attribute(attr=cst.Name(value=name)):
            return name
        case cst.Subscript(slice=[cst.SubscriptElement(slice=cst.Index(value=index))]):
            return text_of(index) or ""
        case cst.Call(args=[first, *others]):
            texts = [text_of(each.value) for each in (first, *others[:1])]
            is_read = FoundCall(node, ()).last_name in _READERS
            return next((text for text in texts if text), "") if is_read else _name(first.value)
    return ""
