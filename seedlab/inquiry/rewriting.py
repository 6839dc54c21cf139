"""Changes of a file's text as a person would make them, found with LibCST; all else stays as it is, to the byte."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

import libcst as cst
from libcst.metadata import CodePosition, CodeRange, MetadataWrapper, PositionProvider

from seedlab.inquiry.edits import lines_of


class Splice(NamedTuple):
    """Text that takes the place of some characters; it is inserted where there are none."""

    start: int
    """The first character that is replaced, from 0."""
    end: int
    text: str


class FoundCall(NamedTuple):
    """A call, and the names that its function is known by."""

    node: cst.Call
    names: tuple[str, ...]
    """In full, as far as imports tell; else as it is written."""

    @property
    def last_name(self) -> str:
        """The last part of the function's name; empty where it is called by another expression than a name."""
        match self.node.func:
            case cst.Name(value=name) | cst.Attribute(attr=cst.Name(value=name)):
                return name
        return ""


class Spelling(NamedTuple):
    """How a function is written at some place."""

    text: str
    imports: str = ""
    """The statement that has to come before; empty where none has."""


_SEED_NAMES = ("seed", "entropy", "a", "x")
"""The names that functions of the libraries give to the first argument where it is a seed."""
_BINDING = (cst.AugAssign, cst.For, cst.CompFor, cst.NamedExpr, cst.AsName, cst.NameItem)
"""What binds a name otherwise than by a statement of its own."""
_SEED_ARGUMENTS = (*_SEED_NAMES, "random_state")
_Imports = cst.Import | cst.ImportFrom
_Small = cst.BaseSmallStatement


class SourceText:
    """The text of one file, and where something can be changed in it."""

    def __init__(self, text: str) -> None:
        """Raise `libcst.ParserSyntaxError` where ``text`` is not Python that LibCST knows."""
        self.text = text
        # Not copied, and without LibCST's own providers of parents and names: those take four times as long.
        wrapper = MetadataWrapper(cst.parse_module(text), unsafe_skip_copy=True)
        self._module = wrapper.module
        self._ranges = wrapper.resolve(PositionProvider)
        self._parents = _parents_in(wrapper.module)
        self._imported: dict[str, set[str]] = {}
        """The names that imports bind, wherever they stand, each with what it is in full."""
        for statement in self.nodes(cst.Import) + self.nodes(cst.ImportFrom):
            for local, full in _bound_by(statement).items():
                self._imported.setdefault(local, set()).add(full)
        self._newline = self._module.default_newline
        self._starts = [0]
        for line in lines_of(text):
            self._starts.append(self._starts[-1] + len(line))
        # What stands after a dot, or names an argument, is no name of the file's own.
        elsewhere = {id(node.attr) for node in self.nodes(cst.Attribute)}
        elsewhere |= {id(node.keyword) for node in self.nodes(cst.Arg) if node.keyword is not None}
        self._words = {node.value for node in self.nodes(cst.Name) if id(node) not in elsewhere}

    # Finding.

    def nodes(self, kind: type) -> list:  # type: ignore[type-arg]
        """Return the parts of the file that are of one kind."""
        return [node for node in self._ranges if isinstance(node, kind)]

    def code(self, node: cst.CSTNode) -> str:
        """Return the text of ``node``."""
        return self._module.code_for_node(node)

    def calls_at(self, line: int) -> list[FoundCall]:
        """Return the calls that ``line`` is a part of, those that begin last first."""
        found = [call for call in self.calls() if line in self.lines_of(call)]
        return sorted(found, key=lambda call: self._start(call.node), reverse=True)

    def calls(self) -> list[FoundCall]:
        """Return all calls."""
        return [FoundCall(node, self._names_of(node.func)) for node in self.nodes(cst.Call)]

    def lines_of(self, call: FoundCall) -> range:
        """Return the lines that ``call`` stands in."""
        return range(self._range(call.node).start.line, self._range(call.node).end.line + 1)

    def calls_with(self, name: str) -> list[FoundCall]:
        """Return all calls that have the argument ``name``."""
        return [call for call in self.calls() if named_argument(call.node, name) is not None]

    def is_whole_statement(self, call: FoundCall) -> bool:
        """Return True where nothing is done with what ``call`` returns."""
        return isinstance(self._parents[call.node], cst.Expr)

    def statement_of(self, call: FoundCall) -> cst.BaseSmallStatement | None:
        """Return the simple statement that ``call`` is a part of; None for one in the head of a compound statement."""
        node: cst.CSTNode = call.node
        while not isinstance(node, _Small):
            if isinstance(node, cst.Module | cst.BaseCompoundStatement):
                return None
            node = self._parents[node]
        return node

    def is_at_top(self, statement: cst.BaseSmallStatement) -> bool:
        """Return True where ``statement`` is executed once, as the file is: in no function, loop or other block."""
        line = self._parents[statement]
        return isinstance(line, cst.SimpleStatementLine) and isinstance(self._parents[line], cst.Module)

    def is_line_at_top(self, line: int) -> bool:
        """Return True where the statement around ``line`` is executed once, as the file is."""
        statement = self._statement_around(line)
        return isinstance(statement, _Small) and self.is_at_top(statement)

    def is_in_function(self, line: int) -> bool:
        """Return True where the statement around ``line`` is executed when a function is called."""
        node = self._statement_around(line)
        while node is not None and not isinstance(node, cst.Module):
            node = self._parents[node]
            if isinstance(node, cst.FunctionDef):
                return True
        return False

    def is_removable(self, statement: cst.BaseSmallStatement) -> bool:
        """Return True where the block of ``statement`` has others, so that it is none without it."""
        line = self._parents[statement]
        if not isinstance(line, cst.SimpleStatementLine):
            return False
        block = self._parents[line]
        return len(line.body) > 1 or isinstance(block, cst.Module) or len(getattr(block, "body", ())) > 1

    def imports(self) -> set[str]:
        """Return the full names of all that the file imports, wherever it does, but for relative imports."""
        return {full for found in self._imported.values() for full in found}

    def imports_package(self, functions: Iterable[str]) -> bool:
        """Return True where the file imports the package of any of ``functions``, or what it is a part of."""
        packages = {function.partition(".")[0] for function in functions}
        return any(full.partition(".")[0] in packages for full in self.imports())

    def argument(self, call: FoundCall, keyword: str) -> str | None:
        """Return the text of the seed that ``call`` is given, the first argument or ``keyword``; None without any."""
        found = self.given(call.node, keyword)
        return None if found is None else self.code(found.value)

    def end_of(self, call: FoundCall) -> int:
        """Return where ``call`` ends: the character after it."""
        return self._end(call.node)

    def start_of_line(self, line: int) -> int:
        """Return the first character of ``line``."""
        return self._starts[line - 1]

    @staticmethod
    def given(call: cst.Call, keyword: str) -> cst.Arg | None:
        """Return the argument of ``call`` that is its seed: ``keyword``, or the first one; None without any."""
        if keyword:
            return named_argument(call, keyword)
        first = next((each for each in call.args if each.keyword is None and not each.star), None)
        return first or next((each for each in call.args if _named(each) in _SEED_NAMES), None)

    def is_constant(self, text: str) -> bool:
        """Return True where ``text`` is a number as it is written, so that it is the same wherever it stands."""
        return text.lstrip("-").isdigit()

    # Spelling.

    def spelled(self, functions: Sequence[str], before: int) -> Spelling | None:
        """Return how one of ``functions``, full names of the same, is written after the imports before ``before``.

        None where it cannot be named without taking a name that the file uses for something else.
        """
        found = [
            Spelling(local + function[len(full) :])
            for function in functions
            for local, full in self._bound(before).items()
            if function == full or function.startswith(full + ".")
        ]
        # As it is imported further down, or in a function.
        found = found or [
            Spelling(local + function[len(full) :], f"import {full}" + ("" if full == local else f" as {local}"))
            for function in functions
            for local, full in self._bound_anywhere().items()
            if function.startswith(full + ".")
        ]
        if found:
            return min(found, key=lambda spelling: len(spelling.text))
        for function in functions:
            package = function.partition(".")[0]
            if package not in self._words:
                return Spelling(function, f"import {package}")
        for function in functions:
            module, _, name = function.rpartition(".")
            if name not in self._words:
                return Spelling(name, f"from {module} import {name}")
        return None

    def unused(self, name: str) -> str:
        """Return ``name``, or with something after it, as no name in the file is spelled so."""
        while name in self._words:
            name += "_"
        return name

    def _bound(self, before: int) -> dict[str, str]:
        """Return the names that imports at the top of the file bind, with what they are in full."""
        found: dict[str, str] = {}
        for statement in self._imports(before):
            found.update(_bound_by(statement))
        return found

    def _bound_anywhere(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for statement in self.nodes(cst.Import):
            found.update(_bound_by(statement))
        return found

    # Splices.

    def replaced(self, node: cst.CSTNode, text: str) -> Splice:
        """Return how ``node`` becomes ``text``."""
        return Splice(self._start(node), self._end(node), text)

    def with_seed(self, call: FoundCall, value: str, keyword: str = "", becomes: str = "") -> list[Splice]:
        """Return how ``call`` is given the seed ``value``; ``{}`` in it stands for what it is given now.

        ``becomes`` is the last part of the name of another function, which takes it instead.
        """
        node, found = call.node, []
        if becomes:
            name = node.func.attr if isinstance(node.func, cst.Attribute) else node.func
            found.append(self.replaced(name, becomes))
        given = self.given(node, keyword)
        if given is not None:
            found.append(self.replaced(given.value, value.replace("{}", self.code(given.value))))
            return found
        text = f"{keyword}={value}" if keyword else value
        if not node.args:
            at = self._offset(self._range(node).end) - 1
            found.append(Splice(at, at, text))
        elif keyword:
            # What stands in parentheses ends after them.
            at = self._end(node.args[-1])
            found.append(Splice(at, at, f", {text}"))
        else:
            at = self._start(node.args[0])
            found.append(Splice(at, at, f"{text}, "))
        return found

    def with_argument(self, call: FoundCall, name: str, value: str) -> list[Splice]:
        """Return how the argument ``name`` of ``call``, which it has, becomes ``value``."""
        given = named_argument(call.node, name)
        assert given is not None
        return [self.replaced(given.value, value)]

    def assigned(self, attribute: str, value: str) -> list[Splice]:
        """Return how what is assigned to any ``attribute`` becomes ``value``."""
        return [
            self.replaced(node.value, value)
            for node in self.nodes(cst.Assign)
            for target in node.targets
            if isinstance(target.target, cst.Attribute) and target.target.attr.value == attribute
        ]

    def value_named(self, name: str, call: FoundCall) -> cst.BaseExpression | None:
        """Return what ``name``, as ``call`` knows it, is bound to by the only statement that gives it no constant.

        None where there are more, or it is bound in another way: by a loop, an import, or from what it was before.
        """
        scope: cst.CSTNode | None = call.node
        while scope is not None:
            scope = self._scope_of(scope)
            bound = [node for node in self.nodes(cst.Name) if node.value == name and self._scope_of(node) is scope]
            found = [value for node in bound for value in self._bound_to(node)]
            values = [value for value in found if value is None or not self._is_plain(value)]
            is_given = any(isinstance(self._parents[node], cst.Param) for node in bound)
            if found or is_given or scope is None:
                return values[0] if len(values) == 1 else None
        return None

    def is_read_by(self, name: str, is_meant: Callable[[FoundCall], bool]) -> bool:
        """Return True where nothing reads ``name`` but calls that are meant, arguments called ``seed`` and the like.

        It may also be returned, and be asked whether it is None.
        """
        calls = {call.node for call in self.calls() if is_meant(call)}
        reads = [
            node for node in self.nodes(cst.Name) if node.value == name and not any(True for _ in self._bound_to(node))
        ]
        return all(self._is_read_so(node, calls) for node in reads)

    def _is_read_so(self, node: cst.Name, calls: Collection[cst.CSTNode]) -> bool:
        child: cst.CSTNode = node
        parent = self._parents[node]
        if isinstance(parent, cst.Param) or (isinstance(parent, cst.Arg) and parent.keyword is node):
            return True
        if isinstance(parent, cst.Attribute) and parent.attr is node:
            return True
        if isinstance(parent, cst.If | cst.IfExp) and parent.test is node:
            return True
        while not isinstance(parent, _Small | cst.BaseCompoundStatement | cst.Module):
            is_seed = isinstance(parent, cst.Arg) and _named(parent) in _SEED_ARGUMENTS
            if parent in calls or is_seed:
                return True
            if isinstance(parent, cst.Comparison):
                return any(self._is_plain(each.comparator) for each in parent.comparisons)
            if isinstance(parent, cst.Call | cst.BinaryOperation):
                return False
            child, parent = parent, self._parents[parent]
        return isinstance(parent, cst.Return) or (isinstance(parent, cst.If) and parent.test is child)

    def _scope_of(self, node: cst.CSTNode) -> cst.CSTNode | None:
        """Return the function that ``node`` is in; None for the file itself."""
        scope = self._parents.get(node)
        while scope is not None and not isinstance(scope, cst.FunctionDef | cst.Lambda):
            scope = self._parents.get(scope)
        return scope

    def _bound_to(self, node: cst.Name) -> Iterator[cst.BaseExpression | None]:
        """Yield what ``node`` is bound to where it stands, None for what is not known; nothing where it is used."""
        target: cst.CSTNode = node
        parent = self._parents[node]
        while isinstance(parent, cst.Element | cst.StarredElement | cst.Tuple | cst.List):
            target, parent = parent, self._parents[parent]
        if isinstance(parent, cst.AssignTarget):
            statement = self._parents[parent]
            assert isinstance(statement, cst.Assign)
            yield statement.value if target is node and len(statement.targets) == 1 else None
        elif isinstance(parent, cst.AnnAssign) and parent.target is node:
            yield parent.value
        elif isinstance(parent, _BINDING) and getattr(parent, "target", target) is target:
            yield None

    @staticmethod
    def _is_plain(value: cst.BaseExpression) -> bool:
        return isinstance(value, cst.Integer) or (isinstance(value, cst.Name) and value.value == "None")

    def with_function(self, call: FoundCall, function: str) -> list[Splice]:
        """Return how ``call`` calls ``function`` instead."""
        return [self.replaced(call.node.func, function)]

    def removed(self, statement: cst.BaseSmallStatement) -> list[Splice]:
        """Return how ``statement``, a line of its own or a part of one, is removed."""
        line = self._parents[statement]
        assert isinstance(line, cst.SimpleStatementLine)
        if len(line.body) > 1:
            place = line.body.index(statement)
            start = self._start(statement) if place == 0 else self._end(line.body[place - 1])
            end = self._start(line.body[1]) if place == 0 else self._end(statement)
            return [Splice(start, end, "")]
        first, last = self._range(line).start.line, self._range(line).end.line
        return [Splice(self._starts[first - 1], self._starts[last], "")]

    def after(self, statement: cst.BaseSmallStatement, code: str) -> list[Splice]:
        """Return how ``code`` is executed right after ``statement``."""
        line = self._parents[statement]
        if not isinstance(line, cst.SimpleStatementLine) or line.body[-1] is not statement:
            end = self._end(statement)
            return [Splice(end, end, "".join(f"; {each}" for each in code.split("\n")))]
        last = self._range(line).end.line
        at = self._starts[last]
        indent = self._indent(self._range(line).start.line)
        text = "".join(f"{indent}{each}{self._newline}" for each in code.split("\n"))
        if at and not self.text[:at].endswith(("\n", "\r")):
            text = self._newline + text[: -len(self._newline)]
        return [Splice(at, at, text)]

    def before(self, line: int, code: str) -> list[Splice]:
        """Return how ``code`` is executed right before the statement that ``line`` is a part of, or its block."""
        statement = self._statement_around(line)
        if statement is None:
            return []
        if isinstance(statement, _Small):
            parent = self._parents[statement]
            is_first = isinstance(parent, cst.SimpleStatementLine) and parent.body[0] is statement
            if not is_first:
                at = self._start(statement)
                return [Splice(at, at, "".join(f"{each}; " for each in code.split("\n")))]
        first = self._range(statement).start.line
        at, indent = self._starts[first - 1], self._indent(first)
        return [Splice(at, at, "".join(f"{indent}{each}{self._newline}" for each in code.split("\n")))]

    def beginning(self, before_line: int | None) -> tuple[int, cst.BaseSmallStatement | None]:
        """Return where the file begins to do something: the character, and the import that comes before.

        That is after the last import at its top before ``before_line``, or, where that is not known, after those that
        nothing but imports, texts and assignments come before.
        """
        last: cst.BaseSmallStatement | None = None
        for statement in self._module.body:
            if before_line is not None and self._range(statement).end.line >= before_line:
                if isinstance(statement, cst.SimpleStatementLine):
                    for each in statement.body:
                        if not isinstance(each, _Imports):
                            break
                        last = each if self._range(each).end.line < before_line or _has_later(statement, each) else last
                break
            if not isinstance(statement, cst.SimpleStatementLine):
                if before_line is None:
                    break
                continue
            for each in statement.body:
                is_text = isinstance(each, cst.Expr) and isinstance(each.value, cst.BaseString)
                if isinstance(each, _Imports) or (is_text and last is None):
                    last = each
                elif before_line is None and not isinstance(each, cst.Assign | cst.AnnAssign | cst.Expr):
                    break
        return (0 if last is None else self._end(last)), last

    def at_beginning(self, last: cst.BaseSmallStatement | None, code: str) -> list[Splice]:
        """Return how ``code`` is executed after ``last``, or before all else."""
        if last is not None:
            return self.after(last, code)
        if not self._module.body:
            return []
        return self.before(self._range(self._module.body[0]).start.line, code)

    def spliced(self, splices: Iterable[Splice]) -> str | None:
        """Return the text with all ``splices``; None where two of them are in each other's way."""
        ordered = sorted(splices, key=lambda splice: (splice.start, splice.end))
        parts, at = [], 0
        for splice in ordered:
            if splice.start < at:
                return None
            parts += [self.text[at : splice.start], splice.text]
            at = splice.end
        return "".join([*parts, self.text[at:]])

    # What the tree knows.

    def _names_of(self, node: cst.CSTNode) -> tuple[str, ...]:
        first, dot, rest = _dotted(node).partition(".")
        return tuple(sorted(f"{full}{dot}{rest}" for full in self._imported.get(first, {first})))

    def _statement_around(self, line: int) -> cst.CSTNode | None:
        """Return the innermost statement that ``line`` is a part of, simple or compound."""
        found = [
            node
            for node in self.nodes(cst.BaseSmallStatement) + self.nodes(cst.BaseCompoundStatement)
            if self._range(node).start.line <= line <= self._range(node).end.line
        ]
        # Of those that begin in the same line, the first: what is seeded there is seeded for all of them.
        return max(
            found, key=lambda node: (self._range(node).start.line, -self._range(node).start.column), default=None
        )

    def _imports(self, before: int) -> list[_Imports]:
        found = [node for node in self.nodes(cst.Import) + self.nodes(cst.ImportFrom) if self._end(node) <= before]
        return [node for node in sorted(found, key=self._start) if self.is_at_top(node)]

    def _range(self, node: cst.CSTNode) -> CodeRange:
        found = self._ranges[node]
        assert isinstance(found, CodeRange)
        return found

    def _offset(self, position: CodePosition) -> int:
        return self._starts[position.line - 1] + position.column

    def _start(self, node: cst.CSTNode) -> int:
        return self._offset(self._range(node).start)

    def _end(self, node: cst.CSTNode) -> int:
        return self._offset(self._range(node).end)

    def _indent(self, line: int) -> str:
        text = self.text[self._starts[line - 1] : self._starts[line]]
        return text[: len(text) - len(text.lstrip())]


def _parents_in(module: cst.Module) -> dict[cst.CSTNode, cst.CSTNode]:
    """Return what each node below ``module`` is a part of."""
    found: dict[cst.CSTNode, cst.CSTNode] = {}
    waiting: list[cst.CSTNode] = [module]
    while waiting:
        node = waiting.pop()
        for child in node.children:
            found[child] = node
            waiting.append(child)
    return found


def _has_later(line: cst.SimpleStatementLine, statement: cst.BaseSmallStatement) -> bool:
    return line.body[-1] is not statement


def named_argument(call: cst.Call, name: str) -> cst.Arg | None:
    """Return the argument that ``call`` gives by ``name``; None without any."""
    return next((each for each in call.args if _named(each) == name), None)


def _named(argument: cst.Arg) -> str:
    return "" if argument.keyword is None else argument.keyword.value


def text_of(node: cst.CSTNode) -> str | None:
    """Return what the text ``node`` says; None where it is no plain text."""
    value = node.evaluated_value if isinstance(node, cst.SimpleString) else None
    return value if isinstance(value, str) else None


def _bound_by(statement: _Imports) -> dict[str, str]:
    found: dict[str, str] = {}
    if isinstance(statement, cst.Import):
        for alias in statement.names:
            full = _dotted(alias.name)
            if alias.asname is None:
                found[full.partition(".")[0]] = full.partition(".")[0]
            else:
                found[_dotted(alias.asname.name)] = full
    elif not isinstance(statement.names, cst.ImportStar) and statement.module is not None and not statement.relative:
        for alias in statement.names:
            full = f"{_dotted(statement.module)}.{_dotted(alias.name)}"
            found[_dotted(alias.asname.name if alias.asname is not None else alias.name)] = full
    return found


def _dotted(node: cst.CSTNode) -> str:
    match node:
        case cst.Name(value=name):
            return name
        case cst.Attribute(value=value, attr=cst.Name(value=name)):
            return f"{_dotted(value)}.{name}"
    return ""
