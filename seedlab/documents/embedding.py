"""A document inside a picture: a chunk of a PNG, or an element of an SVG.

It is found by the content of the file, whatever the file's name.
"""

import base64
import binascii
import re
import struct
import zlib
from collections.abc import Iterator
from xml.parsers import expat

from seedlab.documents.limits import (
    BYTES_PER_OBJECT,
    BYTES_PER_TEXT,
    MAX_BYTES,
    UNPACKED_BYTES,
    UNPACKED_OBJECTS,
    UNPACKED_TEXTS,
    UNPACKED_TIMES,
)
from seedlab.errors import DocumentError
from seedlab.phrases import sentence

KEYWORD = "seedlab"
"""The name of the PNG's chunk and of the SVG's element."""
MAX_SVG_BYTES = 64 * 1024 * 1024
"""The largest SVG that is read. Expat scans an unfinished tag again with each megabyte: more could take a minute."""
_MAX_ELEMENTS = 2_000_000
_ADVICE = sentence("Open a .seedlab file, or a picture that seedlab exported.")


def embed_in_png(png: bytes, document: bytes) -> bytes:
    """Return ``png`` with ``document`` in a compressed ``iTXt`` chunk before its end.

    Raises `DocumentError` where ``png`` is not a whole PNG, or the document could not be opened again.
    """
    # Keyword, "compressed", "by zlib", no language, no translated keyword (PNG specification, 11.3.3.4).
    chunk = b"iTXt" + KEYWORD.encode() + b"\0\1\0\0\0" + _packed(document)
    end = _end_of(png)
    return png[:end] + struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) + png[end:]


def embed_in_svg(svg: bytes, document: bytes) -> bytes:
    """Return ``svg`` with ``document`` in a ``metadata`` element as the first child of its root.

    Raises `DocumentError` where ``svg`` is not an SVG, or where the result would be too large to be opened again.
    """
    root = _ROOT.match(svg, _start_of_root(svg))
    if root is None:
        raise DocumentError(sentence("The picture is not an SVG."), _ADVICE)
    name = root["prefix"] + b"metadata"
    text = base64.encodebytes(_packed(document))
    if len(svg) + len(text) > MAX_SVG_BYTES - 100:
        what = sentence(
            "The picture and its data would have more than the {most} MB that can be opened again.",
            most=MAX_SVG_BYTES // 2**20,
        )
        raise DocumentError(what, sentence("Export a .png, or leave out columns or runs."))
    element = b'<%s id="%s">\n%s</%s>' % (name, KEYWORD.encode(), text, name)
    if root["empty"]:
        tag = root[0][:-2] + b">"
        return svg[: root.start()] + tag + element + b"</%ssvg>" % root["prefix"] + svg[root.end() :]
    return svg[: root.end()] + element + svg[root.end() :]


def extract(data: bytes, name: str) -> bytes:
    """Return the document in ``data``, which is a PNG, an SVG, or the document itself.

    Raises `DocumentError` that mentions ``name``, where the picture is damaged or has no document.
    """
    try:
        if data.startswith(_PNG):
            found = _texts_in_png(data)
        elif _XML.match(data):
            found = _texts_in_svg(data)
        else:
            return data
        if not found:
            raise DocumentError(
                sentence(
                    "{name} is a picture without data: it was exported without them, or has lost them on its way here.",
                    name=name,
                ),
                sentence("Ask for the .seedlab file, or for the picture as seedlab wrote it."),
            )
        if len(found) > 1:
            raise _DamagedError(sentence("it has {count} documents, not one", count=len(found)))
        return _decompressed(found[0])
    except _DamagedError as error:
        raise DocumentError(sentence("{name} cannot be read: {error}.", name=name, error=error), _ADVICE) from error


class _DamagedError(Exception):
    """A picture is damaged; the message is a clause that says how."""


# --- packing -----------------------------------------------------------------------------------

_PIECE = 64 * 1024
_WAYS = (
    (zlib.Z_DEFAULT_COMPRESSION, zlib.Z_DEFAULT_STRATEGY),
    (zlib.Z_DEFAULT_COMPRESSION, zlib.Z_HUFFMAN_ONLY),
    (zlib.Z_NO_COMPRESSION, zlib.Z_DEFAULT_STRATEGY),
)
"""The ways to pack, each a level and a strategy, from the tightest on: in the second, a byte takes at least a bit."""


class _Contents:
    """What a packed document has in it, counted while it is unpacked, so that nothing is built of too much."""

    def __init__(self) -> None:
        self.bytes = 0
        self._objects = 0
        self._quotes = 0

    def add(self, piece: bytes) -> None:
        self.bytes += len(piece)
        # Those within texts count as well: nearly always there are few.
        self._objects += piece.count(b"{")
        self._quotes += piece.count(b'"')

    def fit(self, size: int) -> bool:
        """Return True where a document packed in ``size`` bytes may have so much in it."""
        return (
            self.bytes <= max(UNPACKED_BYTES, UNPACKED_TIMES * size)
            and self._objects <= max(UNPACKED_OBJECTS, size // BYTES_PER_OBJECT)
            and self._quotes // 2 <= max(UNPACKED_TEXTS, size // BYTES_PER_TEXT)
        )


def _packed(document: bytes) -> bytes:
    """Return ``document`` packed, but not so tightly that it would be refused; see `limits.UNPACKED_BYTES`."""
    contents = _Contents()
    for start in range(0, len(document), _PIECE):
        contents.add(document[start : start + _PIECE])
    for level, strategy in _WAYS:
        compressor = zlib.compressobj(level, strategy=strategy)
        packed = compressor.compress(document) + compressor.flush()
        if contents.fit(len(packed)):
            return packed
    raise DocumentError(
        sentence("The document has too much in it for a picture."), sentence("Save it as a .seedlab file.")
    )


def _decompressed(data: bytes) -> bytes:
    """Unpack ``data``, in memory that is bounded however tightly it was packed."""
    return zlib.decompress(data, bufsize=_counted(data).bytes or 1)


def _counted(data: bytes) -> _Contents:
    """Return what is packed in ``data``. Raise `_DamagedError` where it is damaged, or too much."""
    decompressor, contents = zlib.decompressobj(), _Contents()
    try:
        for start in range(0, len(data), _PIECE):
            rest = data[start : start + _PIECE]
            while rest and not decompressor.eof:
                contents.add(decompressor.decompress(rest, 16 * _PIECE))
                if contents.bytes > MAX_BYTES:
                    raise _DamagedError(sentence("its data have more than {most} MB", most=MAX_BYTES // 2**20))
                if not contents.fit(len(data)):
                    raise _DamagedError(sentence("there is much more in its data than their size tells"))
                rest = decompressor.unconsumed_tail
            if decompressor.unused_data or (decompressor.eof and start + _PIECE < len(data)):
                raise _DamagedError(sentence("its data are damaged"))
    except zlib.error as error:
        raise _DamagedError(sentence("its data are damaged")) from error
    if not decompressor.eof:
        raise _DamagedError(sentence("its data are damaged"))
    return contents


# --- PNG ---------------------------------------------------------------------------------------

_PNG = b"\x89PNG\r\n\x1a\n"


def _chunks(png: bytes) -> Iterator[tuple[int, bytes, memoryview]]:
    """Yield position, type and content of each chunk up to the end."""
    view, start, kind = memoryview(png), len(_PNG), b""
    while kind != b"IEND":
        if len(png) < start + 12:
            raise _DamagedError(sentence("it ends in the middle"))
        (length,) = struct.unpack_from(">I", png, start)
        end = start + 8 + length
        if len(png) < end + 4:
            raise _DamagedError(sentence("it ends in the middle"))
        kind = png[start + 4 : start + 8]
        if struct.unpack_from(">I", png, end) != (zlib.crc32(view[start + 4 : end]),):
            raise _DamagedError(sentence("a checksum in it is wrong"))
        yield start, kind, view[start + 8 : end]
        start = end + 4


def _end_of(png: bytes) -> int:
    """Return where the last chunk begins."""
    try:
        return max(start for start, _, _ in _chunks(png))
    except _DamagedError as error:
        raise DocumentError(sentence("The picture is not a PNG: {error}.", error=error), _ADVICE) from error


def _texts_in_png(png: bytes) -> list[bytes]:
    mark = KEYWORD.encode() + b"\0"
    return [
        _text_of(bytes(content[len(mark) :]))
        for _, kind, content in _chunks(png)
        if kind == b"iTXt" and content[: len(mark)] == mark
    ]


def _text_of(content: bytes) -> bytes:
    """Return the compressed text in what follows the keyword."""
    flags, rest = content[:2], content[2:].split(b"\0", 2)
    if flags != b"\1\0" or len(rest) != 3:
        raise _DamagedError(sentence("its data are written in another way than seedlab's"))
    return rest[2]


# --- SVG ---------------------------------------------------------------------------------------

_XML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<")
_NAMESPACE = "http://www.w3.org/2000/svg"
_ROOT = re.compile(rb"""<(?P<prefix>(?:[\w.-]+:)?)svg(?:[^>"'/]|"[^"]*"|'[^']*')*(?P<empty>/?)>""")


def _start_of_root(svg: bytes) -> int:
    """Return where the tag of the root element begins. Raises `DocumentError` where ``svg`` is not XML."""
    found: list[int] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda _name, _attributes: found.append(parser.CurrentByteIndex)
    try:
        parser.Parse(svg, True)
    except expat.ExpatError as error:
        raise DocumentError(sentence("The picture is not an SVG: {error}.", error=error), _ADVICE) from error
    return found[0]


def _texts_in_svg(svg: bytes) -> list[bytes]:
    if len(svg) > MAX_SVG_BYTES:
        raise _DamagedError(sentence("it has more than {most} MB", most=MAX_SVG_BYTES // 2**20))
    return [_from_base64(text) for text in _Metadata().texts(svg)]


def _from_base64(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise _DamagedError(sentence("its data are damaged")) from error


class _Metadata:
    """Collects the text of seedlab's elements; nothing is expanded, and nothing is fetched."""

    def __init__(self) -> None:
        self._depth = 0
        self._elements = 0
        self._text: list[str] | None = None
        """The text of such an element so far; None outside one."""
        self._texts: list[str] = []

    def texts(self, svg: bytes) -> list[str]:
        # UTF-8 whatever the text declares: seedlab writes no other encoding, and no codec is looked up for one.
        parser = expat.ParserCreate("utf-8", " ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._on_doctype
        parser.StartElementHandler = self._on_start
        parser.EndElementHandler = self._on_end
        parser.CharacterDataHandler = self._on_text
        try:
            parser.Parse(svg, True)
        except expat.ExpatError as error:
            raise _DamagedError(sentence("it is not whole XML ({error})", error=error)) from error
        return self._texts

    def _on_doctype(self, *_: object) -> None:
        # Its entities could grow without end, and name other files.
        raise _DamagedError(sentence("it has a document type declaration, which seedlab neither writes nor reads"))

    def _on_start(self, name: str, attributes: dict[str, str]) -> None:
        if self._depth == 0 and name != f"{_NAMESPACE} svg":
            raise _DamagedError(sentence("it is XML, but not an SVG"))
        if self._depth == 1 and name == f"{_NAMESPACE} metadata" and attributes.get("id") == KEYWORD:
            self._text = []
        self._depth += 1
        self._elements += 1
        if self._elements > _MAX_ELEMENTS:
            raise _DamagedError(sentence("it has more than {most:,} elements", most=_MAX_ELEMENTS))

    def _on_end(self, _name: str) -> None:
        self._depth -= 1
        if self._depth == 1 and self._text is not None:
            self._texts.append("".join(self._text))
            self._text = None

    def _on_text(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)
