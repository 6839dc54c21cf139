"""JSON text in the making, laid out for people, with pieces of text that stand in it as they are."""

import re
from typing import Any

import msgspec

from seedlab.results.extra import Extra

_PLACE = msgspec.Raw(b"-0E-0")
"""A number as no encoder writes it. At the end of a line it cannot be within a string, which ends with a quote."""
_AT_END = re.compile(rb"-0E-0(?=,?\n)")


class JsonText:
    """Collects the pieces in the order in which they will stand in the text."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def verbatim(self, piece: bytes) -> msgspec.Raw:
        """Return what stands for the JSON text ``piece``, as a member of an object."""
        self._pieces.append(piece)
        return _PLACE

    def opened(self, extra: Extra) -> dict[str, Any]:
        """Return the members that a newer seedlab has written, to be the last ones of their object."""
        return {name: self.verbatim(value) for name, value in extra}

    def members(self, struct: msgspec.Struct) -> dict[str, Any]:
        """Return the members of ``struct``, whose ``extra`` are what a newer seedlab has written."""
        fields = {name: getattr(struct, name) for name in struct.__struct_fields__}
        extra: Extra = fields.pop("extra")
        return {**fields, **self.opened(extra)}

    def text(self, document: object) -> bytes:
        """Return ``document`` as UTF-8 JSON, one member on a line, and one piece on a line."""
        first, *rest = _AT_END.split(msgspec.json.format(msgspec.json.encode(document), indent=1))
        parts = [first]
        for piece, after in zip(self._pieces, rest, strict=True):
            parts += [piece, after]
        return b"".join([*parts, b"\n"])
