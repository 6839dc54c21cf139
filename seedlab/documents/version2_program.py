"""What version 2 of the document says of a person's own script, and where it ran."""

import os
from typing import Annotated

import msgspec
from msgspec import Meta

from seedlab.documents.json_text import JsonText
from seedlab.documents.limits import MAX_SCRIPT
from seedlab.results.extra import Extra
from seedlab.study.program import ChangedFile, Program

_MAX_TEXTS = 10_000
_Texts = Annotated[tuple[str, ...], Meta(max_length=_MAX_TEXTS)]


class _WrittenChange(msgspec.Struct):
    text: Annotated[str, Meta(max_length=MAX_SCRIPT)]
    file: str | None = None


class WrittenProgram(msgspec.Struct):
    """What a document says of a program. The home folder of whoever wrote it is not named."""

    path: str
    name: str
    folder: str
    host_folder: str = ""
    is_module: bool = False
    arguments: _Texts = ()
    environment: Annotated[tuple[tuple[str, str], ...], Meta(max_length=_MAX_TEXTS)] = ()
    compares: _Texts = ()
    changes: Annotated[tuple[_WrittenChange, ...], Meta(max_length=_MAX_TEXTS)] = ()


def written_program(program: Program, text: JsonText) -> dict[str, object]:
    """Return what a document says of ``program``; what has its default is left out."""
    written = WrittenProgram(
        path=_without_home(program.path),
        name=_without_home(program.name),
        folder=_without_home(program.folder),
        host_folder=_encodable(program.host_folder),
        is_module=program.is_module,
        arguments=program.arguments,
        environment=program.environment,
        compares=program.compares,
        changes=tuple(_WrittenChange(each.text, each.file) for each in program.changes),
    )
    found: dict[str, object] = msgspec.to_builtins(written)
    required = ("path", "name", "folder")
    known = {name: value for name, value in found.items() if name in required or value}
    return {**known, **text.extra_members(program.extra)}


def read_program(written: WrittenProgram, extra: Extra) -> Program:
    """Return the program that a document tells of; its file may not be there."""
    return Program(
        path=os.path.expanduser(written.path),
        name=os.path.expanduser(written.name),
        is_module=written.is_module,
        folder=os.path.expanduser(written.folder),
        # Its home folders are not those of this machine.
        host_folder=written.host_folder,
        arguments=written.arguments,
        environment=written.environment,
        compares=written.compares,
        changes=tuple(ChangedFile(file=each.file, text=each.text) for each in written.changes),
        extra=extra,
    )


def _without_home(path: str) -> str:
    home = os.path.expanduser("~").rstrip(os.sep)
    shown = "~" + path[len(home) :] if home and (path == home or path.startswith(home + os.sep)) else path
    return _encodable(shown)


def _encodable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()
