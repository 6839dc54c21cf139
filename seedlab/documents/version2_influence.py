"""Reads and writes the influence in version 2 of the document, and checks its sizes and references."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from seedlab.documents.decoding import WrongError
from seedlab.documents.json_text import JsonText
from seedlab.documents.limits import MAX_SCRIPT, Count
from seedlab.documents.unknown_fields import Unknown
from seedlab.phrases import noted_plural, plural, sentence
from seedlab.results.influence import (
    Edit,
    Fix,
    Influence,
    InfluenceSource,
    MovedDraw,
    NoFix,
    Residual,
    SharedState,
    SourcePart,
)
from seedlab.results.trace import Seed
from seedlab.study.script import Script

_MAX_SOURCES = 100_000
_MAX_DRAWS = 1_000_000
_MAX_EDITS = 10_000
_MAX_TRIALS = 1_000
_SELDOM = (
    "others", "through", "varies", "made_from", "used_by", "untried", "not_seen", "missing", "same_folder", "labels",
    "source",
)  # fmt: skip
"""Fields that are left out where they are empty."""
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
    others: Count = 0
    parts: Annotated[list[_Part], Meta(max_length=_MAX_SOURCES)] = []
    through: str = ""
    varies: bool = False
    made_from: tuple[str, ...] = ()
    used_by: tuple[str, ...] = ()
    untried: str = ""


class _Draw(msgspec.Struct):
    label: str
    repeats: bool
    moved_by: tuple[str, ...] = ()
    unexplained: bool = False
    not_seen: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


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
    edits: Annotated[list[_Edit], Meta(max_length=_MAX_EDITS)] = []
    settings: tuple[str, ...] = ()
    diff: str = ""
    proved: bool = False
    same_folder: bool = False
    labels: tuple[str, ...] = ()


class _NoFix(msgspec.Struct):
    code: str
    labels: tuple[str, ...] = ()
    source: str = ""


class _Shared(msgspec.Struct):
    library: str
    state: str
    door: str
    threads: Count


class WrittenInfluence(msgspec.Struct):
    """The influence as the document has it."""

    runs: Count
    sources: Annotated[list[_Source], Meta(max_length=_MAX_SOURCES)] = []
    draws: Annotated[list[_Draw], Meta(max_length=_MAX_DRAWS)] = []
    residual: Annotated[list[_Residual], Meta(max_length=_MAX_DRAWS)] = []
    fix: _Fix | None = None
    trials: Annotated[list[_Fix], Meta(max_length=_MAX_TRIALS)] = []
    no_fix: Annotated[list[_NoFix], Meta(max_length=_MAX_DRAWS)] = []
    shared: Annotated[list[_Shared], Meta(max_length=_MAX_SOURCES)] = []
    changed: tuple[str, ...] = ()
    is_partial: bool = False


def read_influence(written: WrittenInfluence, script: str, path: str, unknown: Unknown) -> Influence:
    """Return the influence ``written`` at ``path``, found for ``script``. Raises `WrongError`."""
    _check_names(written, path)
    sources, draws, residual = enumerate(written.sources), enumerate(written.draws), enumerate(written.residual)
    fix, lines = written.fix, len(Script(script).lines)
    return Influence(
        sources=tuple(_source(source, unknown.at("sources", number)) for number, source in sources),
        draws=tuple(MovedDraw(**_fields(draw), extra=unknown.at("draws", number).extra) for number, draw in draws),
        residual=tuple(
            Residual(**_fields(item), extra=unknown.at("residual", number).extra) for number, item in residual
        ),
        fix=None if fix is None else _fix(fix, lines, f"{path}.fix", unknown.at("fix")),
        trials=tuple(
            _fix(trial, lines, f"{path}.trials[{number}]", unknown.at("trials", number))
            for number, trial in enumerate(written.trials)
        ),
        no_fix=tuple(
            NoFix(**_fields(item), extra=unknown.at("no_fix", number).extra)
            for number, item in enumerate(written.no_fix)
        ),
        runs=written.runs,
        shared=tuple(
            SharedState(**_fields(item), extra=unknown.at("shared", number).extra)
            for number, item in enumerate(written.shared)
        ),
        changed=written.changed,
        is_partial=written.is_partial,
        extra=unknown.extra,
    )


def _check_names(written: WrittenInfluence, path: str) -> None:
    known: set[str] = set()
    for number, source in enumerate(written.sources):
        if source.id in known:
            raise WrongError(
                sentence("an earlier source has the id “{id}” as well", id=source.id), f"{path}.sources[{number}].id"
            )
        known.add(source.id)
    for number, draw in enumerate(written.draws):
        for position, name in enumerate(draw.moved_by):
            if name not in known:
                raise WrongError(
                    sentence("there is no source “{name}”", name=name[:40]),
                    f"{path}.draws[{number}].moved_by[{position}]",
                )
    for number, reason in enumerate(written.no_fix):
        if reason.source and reason.source not in known:
            raise WrongError(
                sentence("there is no source “{source}”", source=reason.source[:40]), f"{path}.no_fix[{number}].source"
            )


def _source(source: _Source, unknown: Unknown) -> InfluenceSource:
    parts = enumerate(source.parts)
    made = tuple(SourcePart(**_fields(part), extra=unknown.at("parts", number).extra) for number, part in parts)
    return InfluenceSource(**{**_fields(source), "parts": made}, extra=unknown.extra)


def _fix(fix: _Fix, lines: int, path: str, unknown: Unknown) -> Fix:
    if fix.repeated > fix.of:
        raise WrongError(plural("there was {count} run", "there were {count} runs", fix.of), f"{path}.repeated")
    if fix.proved and not 0 < fix.repeated == fix.of:
        one, many = noted_plural("{repeated} of {count} run proves nothing", "{repeated} of {count} runs prove nothing")
        raise WrongError(plural(one, many, fix.of, repeated=fix.repeated), f"{path}.proved")
    for number, edit in enumerate(fix.edits):
        _check_edit(edit, lines, f"{path}.edits[{number}]")
    edits = enumerate(fix.edits)
    made = tuple(Edit(**_fields(edit), extra=unknown.at("edits", number).extra) for number, edit in edits)
    return Fix(**{**_fields(fix), "edits": made}, extra=unknown.extra)


def _check_edit(edit: _Edit, lines: int, path: str) -> None:
    what = plural("the script has {count} line", "the script has {count} lines", lines)
    # The lines of other files are not known here. Text can be inserted after the last line.
    if edit.file is None and edit.line > lines + 1:
        raise WrongError(what, f"{path}.line")
    if edit.file is None and edit.line - 1 + edit.replaces > lines:
        raise WrongError(what, f"{path}.replaces")


def _fields(struct: msgspec.Struct) -> dict[str, Any]:
    return {name: getattr(struct, name) for name in struct.__struct_fields__}


def written_influence(influence: Influence, text: JsonText) -> dict[str, Any]:
    """Return ``influence`` as an object in the document whose pieces ``text`` collects."""
    return {
        "sources": [_written_source(source, text) for source in influence.sources],
        "draws": [_without_seldom(text.members(draw)) for draw in influence.draws],
        "residual": [text.members(residual) for residual in influence.residual],
        "fix": None if influence.fix is None else _written_fix(influence.fix, text),
        "runs": influence.runs,
        **({"trials": [_written_fix(trial, text) for trial in influence.trials]} if influence.trials else {}),
        **({"no_fix": [_without_seldom(text.members(each)) for each in influence.no_fix]} if influence.no_fix else {}),
        **({"shared": [text.members(item) for item in influence.shared]} if influence.shared else {}),
        **({"changed": influence.changed} if influence.changed else {}),
        **({"is_partial": True} if influence.is_partial else {}),
        **text.extra_members(influence.extra),
    }


def _written_source(source: InfluenceSource, text: JsonText) -> dict[str, Any]:
    parts = [text.members(part) for part in source.parts]
    return {**_without_seldom(text.members(source)), "parts": parts}


def _without_seldom(members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value or name not in _SELDOM}


def _written_fix(fix: Fix, text: JsonText) -> dict[str, Any]:
    edits = [text.members(edit) for edit in fix.edits]
    return {**_without_seldom(text.members(fix)), "edits": edits}
