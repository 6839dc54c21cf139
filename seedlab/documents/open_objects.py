"""JSON objects that a newer seedlab may have given more fields: these are kept, to be written again."""

from typing import Any, Generic, TypeVar

import msgspec

from seedlab.documents import limits
from seedlab.documents.decoding import WrongError, decode
from seedlab.results.extra import Extra

_Struct = TypeVar("_Struct", bound=msgspec.Struct)
_FIELDS = msgspec.json.Decoder(dict[str, msgspec.Raw])


class ExtraCounter:
    """Counts the unknown fields of one document."""

    def __init__(self) -> None:
        self._count = 0

    def add(self, count: int, path: str) -> None:
        """Raise `WrongError` when there are more than memory should hold."""
        self._count += count
        if self._count > limits.MAX_EXTRA:
            raise WrongError(f"there are more than {limits.MAX_EXTRA:,} unknown fields up to here", path)


class OpenObject(Generic[_Struct]):
    """One kind of object, as the struct ``kinds[0]``; several structs are told apart by their tag."""

    def __init__(self, *kinds: type[_Struct]) -> None:
        # A decoder that refuses unknown fields tells at once that there are none; nearly always that is so.
        closed = [_closed(kind) for kind in kinds]
        self._closed: msgspec.json.Decoder[_Struct] = msgspec.json.Decoder(_union(closed))
        self._open: msgspec.json.Decoder[_Struct] = msgspec.json.Decoder(_union(kinds))
        self._known = {kind: {*kind.__struct_encode_fields__, *_tag_field(kind)} for kind in (*kinds, *closed)}

    def read(self, data: bytes | msgspec.Raw, path: str, counter: ExtraCounter) -> tuple[_Struct, Extra]:
        """Return the object ``data`` at ``path``, and what is unknown in it. Raises `WrongError`."""
        try:
            return self._closed.decode(data), ()
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            found = decode(self._open.decode, data, path)
        fields = decode(_FIELDS.decode, data, path)
        unknown = sorted(fields.keys() - self._known[type(found)])
        counter.add(len(unknown), path)
        return found, tuple((name, bytes(fields[name])) for name in unknown)


def _closed(kind: type[_Struct]) -> type[_Struct]:
    """Return ``kind`` as a struct that takes no unknown fields."""
    make: Any = type(kind)
    closed: type[_Struct] = make(kind.__name__, (kind,), {"__module__": kind.__module__}, forbid_unknown_fields=True)
    return closed


def _union(kinds: Any) -> Any:
    first, *others = kinds
    for other in others:
        first = first | other
    return first


def _tag_field(kind: type[msgspec.Struct]) -> list[str]:
    field = kind.__struct_config__.tag_field
    return [] if field is None else [field]
