"""Writes JSON text that is laid out for people, with pieces of text that are inserted verbatim."""

import re
from typing import Any

import msgspec

from seedlab.results.extra import Extra

_PLACE = msgspec.Raw(b"-0E-0")
"""The placeholder of a piece: a number that no encoder writes in this form.

At the end of a line it cannot be within a string, which ends with a quote.
"""
_AT_END = re.compile(rb"-0E-0(?=,?\n)")


class JsonText:
    """Collects the pieces of one text, in the order in which they will stand in it."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def verbatim(self, piece: bytes) -> msgspec.Raw:
        """Return a placeholder for the JSON text ``piece``, to be the value of a member of an object."""
        self._pieces.append(piece)
        return _PLACE

    def extra_members(self, extra: Extra) -> dict[str, Any]:
        """Return ``extra``, which a newer seedlab has written, as the last members of an object."""
        return {name: self.verbatim(value) for name, value in extra}

    def members(self, struct: msgspec.Struct) -> dict[str, Any]:
        """Return the fields of ``struct`` as members of an object, with those in its ``extra`` as the last."""
        fields = {name: getattr(struct, name) for name in struct.__struct_fields__}
        extra: Extra = fields.pop("extra")
        return {**fields, **self.extra_members(extra)}

    def text(self, document: object) -> bytes:
        """Return ``document`` as UTF-8 JSON, with each member and each piece on one line."""
        first, *rest = _AT_END.split(msgspec.json.format(msgspec.json.encode(document), indent=1))
        parts = [first]
        for piece, after in zip(self._pieces, rest, strict=True):
            parts += [piece, after]
        return b"".join([*parts, b"\n"])
