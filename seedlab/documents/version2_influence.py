"""The influence in version 2 of the document: read, bounded, and with what it refers to looked up."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from seedlab.documents.decoding import WrongError
from seedlab.documents.json_text import JsonText
from seedlab.documents.limits import MAX_SCRIPT, Count
from seedlab.documents.open_objects import ExtraCounter, OpenObject
from seedlab.results.influence import Edit, Fix, Influence, InfluenceSource, MovedDraw, Residual, SourcePart
from seedlab.results.trace import Seed
from seedlab.study.script import Script

_MAX_SOURCES = 100_000
_MAX_DRAWS = 1_000_000
_MAX_EDITS = 10_000
_Line = Annotated[int, Meta(ge=1, le=2**31 - 1)]


class _Part(msgspec.Struct):
    library: str
    state: str
    door: str
    file: str | None = None
    line: _Line | None = None


class _Source(msgspec.Struct):
    id: Annotated[str, Meta(min_length=1, max_length=100)]
    kind: Literal["set", "taken"]
    library: str
    state: str
    door: str
    file: str | None = None
    line: _Line | None = None
    seed: Seed = None
    count: Count = 1
    parts: Annotated[list[msgspec.Raw], Meta(max_length=_MAX_SOURCES)] = []


class _Draw(msgspec.Struct):
    label: str
    repeats: bool
    moved_by: tuple[str, ...] = ()
    unexplained: bool = False


class _Residual(msgspec.Struct):
    label: str
    helped_by: tuple[str, ...] = ()


class _Edit(msgspec.Struct):
    line: _Line
    text: Annotated[str, Meta(max_length=MAX_SCRIPT)]
    file: str | None = None
    replaces: Count = 0


class _Fix(msgspec.Struct):
    repeated: Count
    of: Count
    edits: Annotated[list[msgspec.Raw], Meta(max_length=_MAX_EDITS)] = []
    settings: tuple[str, ...] = ()
    diff: str = ""
    proved: bool = False


class _Influence(msgspec.Struct):
    runs: Count
    sources: Annotated[list[msgspec.Raw], Meta(max_length=_MAX_SOURCES)] = []
    draws: Annotated[list[msgspec.Raw], Meta(max_length=_MAX_DRAWS)] = []
    residual: Annotated[list[msgspec.Raw], Meta(max_length=_MAX_DRAWS)] = []
    fix: msgspec.Raw = msgspec.Raw(b"null")


_INFLUENCE = OpenObject(_Influence)
_SOURCE = OpenObject(_Source)
_PART = OpenObject(_Part)
_DRAW = OpenObject(_Draw)
_RESIDUAL = OpenObject(_Residual)
_FIX = OpenObject(_Fix)
_EDIT = OpenObject(_Edit)


def read_influence(data: msgspec.Raw, script: str, path: str, counter: ExtraCounter) -> Influence:
    """Return the influence ``data`` at ``path``, found for ``script``. Raises `WrongError`."""
    return _Reader(script, counter).influence(data, path)


class _Reader:
    def __init__(self, script: str, counter: ExtraCounter) -> None:
        self._lines = len(Script(script).lines)
        self._counter = counter

    def influence(self, data: msgspec.Raw, path: str) -> Influence:
        written, extra = _INFLUENCE.read(data, path, self._counter)
        sources: dict[str, InfluenceSource] = {}
        for number, source in enumerate(written.sources):
            read = self._source(source, f"{path}.sources[{number}]")
            if read.id in sources:
                raise WrongError(f"there is a source “{read.id}” before", f"{path}.sources[{number}].id")
            sources[read.id] = read
        draws = tuple(self._draw(draw, f"{path}.draws[{number}]") for number, draw in enumerate(written.draws))
        for number, draw in enumerate(draws):
            for position, name in enumerate(draw.moved_by):
                if name not in sources:
                    place = f"{path}.draws[{number}].moved_by[{position}]"
                    raise WrongError(f"there is no source “{name[:40]}”", place)
        residual = enumerate(written.residual)
        return Influence(
            sources=tuple(sources.values()),
            draws=draws,
            residual=tuple(self._residual(item, f"{path}.residual[{number}]") for number, item in residual),
            fix=None if bytes(written.fix) == b"null" else self._fix(written.fix, f"{path}.fix"),
            runs=written.runs,
            extra=extra,
        )

    def _source(self, data: msgspec.Raw, path: str) -> InfluenceSource:
        source, extra = _SOURCE.read(data, path, self._counter)
        parts = tuple(self._part(part, f"{path}.parts[{number}]") for number, part in enumerate(source.parts))
        return InfluenceSource(**{**_fields(source), "parts": parts}, extra=extra)

    def _part(self, data: msgspec.Raw, path: str) -> SourcePart:
        part, extra = _PART.read(data, path, self._counter)
        return SourcePart(**_fields(part), extra=extra)

    def _draw(self, data: msgspec.Raw, path: str) -> MovedDraw:
        draw, extra = _DRAW.read(data, path, self._counter)
        return MovedDraw(**_fields(draw), extra=extra)

    def _residual(self, data: msgspec.Raw, path: str) -> Residual:
        residual, extra = _RESIDUAL.read(data, path, self._counter)
        return Residual(**_fields(residual), extra=extra)

    def _fix(self, data: msgspec.Raw, path: str) -> Fix:
        fix, extra = _FIX.read(data, path, self._counter)
        if fix.repeated > fix.of:
            raise WrongError(f"there were {fix.of} runs", f"{path}.repeated")
        if fix.proved and not 0 < fix.repeated == fix.of:
            raise WrongError(f"{fix.repeated} of {fix.of} runs prove nothing", f"{path}.proved")
        edits = tuple(self._edit(edit, f"{path}.edits[{number}]") for number, edit in enumerate(fix.edits))
        return Fix(**{**_fields(fix), "edits": edits}, extra=extra)

    def _edit(self, data: msgspec.Raw, path: str) -> Edit:
        edit, extra = _EDIT.read(data, path, self._counter)
        # What stands in other files is not known here. Text can be inserted after the last line.
        if edit.file is None and edit.line > self._lines + 1:
            raise WrongError(f"the script has {self._lines} lines", f"{path}.line")
        if edit.file is None and edit.line - 1 + edit.replaces > self._lines:
            raise WrongError(f"the script has {self._lines} lines", f"{path}.replaces")
        return Edit(**_fields(edit), extra=extra)


def _fields(struct: msgspec.Struct) -> dict[str, Any]:
    return {name: getattr(struct, name) for name in struct.__struct_fields__}


def written_influence(influence: Influence, text: JsonText) -> dict[str, Any]:
    """Return ``influence`` as an object of the document that ``text`` is."""
    return {
        "sources": [_written_source(source, text) for source in influence.sources],
        "draws": [text.members(draw) for draw in influence.draws],
        "residual": [text.members(residual) for residual in influence.residual],
        "fix": None if influence.fix is None else _written_fix(influence.fix, text),
        "runs": influence.runs,
        **text.opened(influence.extra),
    }


def _written_source(source: InfluenceSource, text: JsonText) -> dict[str, Any]:
    parts = [text.members(part) for part in source.parts]
    return {**text.members(source), "parts": parts}


def _written_fix(fix: Fix, text: JsonText) -> dict[str, Any]:
    edits = [text.members(edit) for edit in fix.edits]
    return {**text.members(fix), "edits": edits}
