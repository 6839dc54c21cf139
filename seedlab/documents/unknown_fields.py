"""Decodes objects to which a newer seedlab may have added fields, and keeps these so that they can be written again.

Nearly always there are none, which a decoder that refuses unknown fields finds in one pass.
"""

import functools
import operator
import types
from collections.abc import Mapping
from typing import Annotated, Any, Generic, TypeVar, Union, get_args, get_origin

import msgspec

from seedlab.documents import limits
from seedlab.documents.decoding import WrongError, decode
from seedlab.phrases import sentence
from seedlab.results.extra import Extra

_Struct = TypeVar("_Struct", bound=msgspec.Struct)
_FIELDS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_ITEMS = msgspec.json.Decoder(list[msgspec.Raw])
_ABSENT = msgspec.Raw(b"")


class Unknown:
    """The unknown fields of one object, and of the objects in it."""

    def __init__(self, extra: Extra = (), inside: Mapping[str, "tuple[Unknown, ...]"] | None = None) -> None:
        self.extra = extra
        self._inside = inside or {}

    def at(self, name: str, number: int = 0) -> "Unknown":
        """Return the unknown fields of the object in the field ``name``, or in the item ``number`` of that field."""
        items = self._inside.get(name, ())
        return items[number] if number < len(items) else _NOTHING

    def __bool__(self) -> bool:
        return bool(self.extra or self._inside)


_NOTHING = Unknown()


class OpenDecoder(Generic[_Struct]):
    """Decodes JSON objects as the struct ``kind``, whose fields may be structs, or lists of structs, in turn."""

    def __init__(self, kind: type[_Struct]) -> None:
        self._closed: msgspec.json.Decoder[_Struct] = msgspec.json.Decoder(_closed(kind))
        self._open: msgspec.json.Decoder[_Struct] = msgspec.json.Decoder(kind)
        self._kind = kind

    def decode(self, data: bytes) -> tuple[_Struct, Unknown]:
        """Return the struct in ``data``, and its unknown fields. Raises `WrongError`."""
        try:
            return self._closed.decode(data), _NOTHING
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            # The parts take little memory only where all is known to have the right types: hence this comes first.
            found = decode(self._open.decode, data)
        return found, _Search().unknown(data, (self._kind,))


class _Search:
    """Finds the unknown fields of one document."""

    def __init__(self) -> None:
        self._count = 0

    def unknown(self, data: bytes | msgspec.Raw, kinds: tuple[type[msgspec.Struct], ...]) -> Unknown:
        """Return the unknown fields in ``data``, an object that was read as one of ``kinds``."""
        parts = decode(_parts(kinds).decode, data)
        known = {name: part for name in parts.__struct_fields__ if (part := getattr(parts, name)) is not _ABSENT}
        # Each field has a colon. They are counted first: a dictionary takes many times the memory of its text.
        more = _colons(data) - sum(map(_colons, known.values())) - len(known)
        self._count += more
        if self._count > limits.MAX_EXTRA:
            raise WrongError(sentence("there are more than {most:,} unknown fields", most=limits.MAX_EXTRA), "$")
        fields = decode(_FIELDS.decode, data) if more else known
        nested = _nested(_kind_of(known, kinds))
        inside = {name: self._inside(known[name], kinds) for name, kinds in nested.items() if kinds and name in known}
        inside = {name: items for name, items in inside.items() if any(items)}
        extra = tuple((name, bytes(fields[name])) for name in sorted(fields.keys() - nested.keys()))
        return Unknown(extra, inside) if extra or inside else _NOTHING

    def _inside(self, data: msgspec.Raw, kinds: tuple[type[msgspec.Struct], ...]) -> tuple[Unknown, ...]:
        start = bytes(memoryview(data)[:1])
        if start == b"[":
            return tuple(self.unknown(item, kinds) for item in decode(_ITEMS.decode, data))
        return (self.unknown(data, kinds),) if start == b"{" else ()


def _kind_of(fields: Mapping[str, msgspec.Raw], kinds: tuple[type[msgspec.Struct], ...]) -> type[msgspec.Struct]:
    """Return which of ``kinds`` the object with ``fields`` was read as; several are distinguished by their tags."""
    tagged = {kind.__struct_config__.tag: kind for kind in kinds}
    field = kinds[0].__struct_config__.tag_field
    return kinds[0] if field is None else tagged[msgspec.json.decode(fields[field], type=str)]


def _colons(data: bytes | msgspec.Raw) -> int:
    return bytes(data).count(b":")


@functools.cache
def _parts(kinds: tuple[type[msgspec.Struct], ...]) -> msgspec.json.Decoder[msgspec.Struct]:
    """Return a decoder of the fields that are known of any of ``kinds``, as they are written."""
    names = {name for kind in kinds for name in _nested(kind)}
    return msgspec.json.Decoder(msgspec.defstruct("Parts", [(name, msgspec.Raw, _ABSENT) for name in names]))


@functools.cache
def _nested(kind: type[msgspec.Struct]) -> Mapping[str, tuple[type[msgspec.Struct], ...]]:
    """Return the fields that are known of ``kind``, each with the structs that it may be, or be a list of."""
    tag = kind.__struct_config__.tag_field
    known = {field.encode_name: tuple(_structs_in(field.type)) for field in msgspec.structs.fields(kind)}
    return known if tag is None else {tag: (), **known}


def _structs_in(annotation: Any) -> list[type[msgspec.Struct]]:
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        return [annotation]
    return [kind for part in get_args(annotation) for kind in _structs_in(part)]


def _closed(annotation: Any) -> Any:
    """Return ``annotation`` with a struct that refuses unknown fields in the place of each struct in it."""
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        config = annotation.__struct_config__
        # Both defaults are given, at least one of which is unset: the stubs do not know that this is allowed.
        make: Any = msgspec.field
        fields = [
            (field.name, _closed(field.type), make(default=field.default, default_factory=field.default_factory))
            for field in msgspec.structs.fields(annotation)
        ]
        return msgspec.defstruct(
            annotation.__name__, fields, bases=(annotation,), forbid_unknown_fields=True,
            tag=config.tag, tag_field=config.tag_field,
        )  # fmt: skip
    if not _structs_in(annotation):
        return annotation
    if get_origin(annotation) is Annotated:
        return Annotated[_closed(annotation.__origin__), *annotation.__metadata__]
    parts = [_closed(part) for part in get_args(annotation)]
    if get_origin(annotation) in {Union, types.UnionType}:
        return functools.reduce(operator.or_, parts)
    return get_origin(annotation)[tuple(parts)]
