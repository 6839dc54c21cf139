"""Documents inside pictures: found again to the byte, and nothing else taken for one."""

import base64
import os
import re
import struct
import subprocess
import sys
import zlib
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seedlab.documents import embedding
from seedlab.documents.embedding import embed_in_png, embed_in_svg, extract
from seedlab.documents.files import read_lab
from seedlab.documents.reading import from_json
from seedlab.documents.writing import to_json
from seedlab.errors import DocumentError
from tests.helpers.documents import PNG_SIGNATURE, SVG, png, png_chunk, whole_lab

DOCUMENT = to_json(whole_lab())
PNG = embed_in_png(png(), DOCUMENT)
PICTURES = {"png": PNG, "svg": embed_in_svg(SVG, DOCUMENT)}
SVG_NAMESPACE = "{http://www.w3.org/2000/svg}"


def refused(data: bytes, said: str) -> None:
    with pytest.raises(DocumentError) as caught:
        extract(data, "picture.xyz")
    assert caught.value.what.startswith("picture.xyz ")
    assert caught.value.what.isprintable()
    assert said in caught.value.what


def itxt(content: bytes, keyword: bytes = b"seedlab\0", head: bytes = b"\1\0\0\0") -> bytes:
    return png_chunk(b"iTXt", keyword + head + content)


def svg_of(text: bytes, attributes: bytes = b'id="seedlab"', before: bytes = b"") -> bytes:
    return b'%s<svg xmlns="http://www.w3.org/2000/svg"><metadata %s>%s</metadata></svg>' % (before, attributes, text)


def packed(data: bytes) -> bytes:
    return base64.b64encode(zlib.compress(data))


# --- in and out --------------------------------------------------------------------------------


@pytest.mark.parametrize("document", [DOCUMENT, b"", b"{}", "≠\0".encode(), os.urandom(100_000)], ids=len)
def test_a_document_comes_back_to_the_byte(document: bytes) -> None:
    assert extract(embed_in_png(png(), document), "x") == document
    assert extract(embed_in_svg(SVG, document), "x") == document


@pytest.mark.parametrize("form", ["png", "svg"])
def test_embedding_is_always_the_same(form: str) -> None:
    again = embed_in_png(png(), DOCUMENT) if form == "png" else embed_in_svg(SVG, DOCUMENT)
    assert again == PICTURES[form]
    assert len(again) < len(DOCUMENT), "it is compressed"


def test_a_png_gets_one_chunk_before_its_end() -> None:
    plain = png()
    end = len(png_chunk(b"IEND", b""))
    assert PNG.startswith(plain[:-end])
    assert PNG.endswith(plain[-end:])
    chunk = PNG[len(plain) - end : -end]
    assert chunk[4:20] == b"iTXtseedlab\0\1\0\0\0"
    assert chunk == itxt(zlib.compress(DOCUMENT))


def test_an_svg_gets_one_element_as_the_first_of_its_root() -> None:
    element = re.search(rb'<metadata id="seedlab">[^<]*</metadata>', PICTURES["svg"])
    assert element is not None
    assert PICTURES["svg"].replace(element[0], b"") == SVG
    root = ElementTree.fromstring(PICTURES["svg"])
    assert [child.tag.removeprefix(SVG_NAMESPACE) for child in root] == ["metadata", "title", "g"]


@pytest.mark.parametrize(
    "svg",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg"/>',
        b'<svg xmlns="http://www.w3.org/2000/svg" />',
        b'<svg a="/>" xmlns="http://www.w3.org/2000/svg" b=\'>"\'></svg>',
        b'<s:svg xmlns:s="http://www.w3.org/2000/svg"><s:rect/></s:svg>',
        b'<s:svg xmlns:s="http://www.w3.org/2000/svg"/>',
        b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- <svg> -->\n<svg\n xmlns="http://www.w3.org/2000/svg"\n>\n</svg>\n',
    ],
)
def test_roots_are_found_however_they_are_written(svg: bytes) -> None:
    embedded = embed_in_svg(svg, DOCUMENT)
    assert extract(embedded, "x") == DOCUMENT
    first, *rest = ElementTree.fromstring(embedded)
    assert first.tag == f"{SVG_NAMESPACE}metadata"
    assert [child.tag for child in rest] == [child.tag for child in ElementTree.fromstring(svg)]


@pytest.mark.parametrize("data", [b"", b"<svg", b"not a picture", b'<html xmlns="x"></html>', b"<a><svg/></a>"])
def test_nothing_is_embedded_in_what_is_no_picture(data: bytes) -> None:
    for embed in (embed_in_png, embed_in_svg):
        with pytest.raises(DocumentError):
            embed(data, DOCUMENT)


def test_what_would_be_too_large_to_open_again_is_not_embedded(monkeypatch: pytest.MonkeyPatch) -> None:
    size = len(PICTURES["svg"])
    monkeypatch.setattr(embedding, "MAX_SVG_BYTES", size + 100)
    assert extract(embed_in_svg(SVG, DOCUMENT), "x") == DOCUMENT
    monkeypatch.setattr(embedding, "MAX_SVG_BYTES", size)
    with pytest.raises(DocumentError, match="can be opened again"):
        embed_in_svg(SVG, DOCUMENT)
    monkeypatch.setattr(embedding, "MAX_SVG_BYTES", size - 1)
    refused(PICTURES["svg"], "more than")


def test_what_is_no_picture_is_left_as_it_is() -> None:
    for data in (DOCUMENT, b"", b"hello", b"\x89PNG", b"  {", b"\xff\xd8\xff\xe0JFIF", b"%PDF-1.7"):
        assert extract(data, "x") == data


def test_white_space_in_an_svgs_data_is_no_matter() -> None:
    text = packed(DOCUMENT)
    spread = b"\n\t ".join(text[start : start + 40] for start in range(0, len(text), 40))
    assert extract(svg_of(b"<!-- note -->\n  " + spread + b"\n"), "x") == DOCUMENT
    assert extract(svg_of(text, b"id='seedlab' class='x'"), "x") == DOCUMENT


def test_what_follows_a_png_is_no_matter() -> None:
    assert extract(PNG + b"anything", "x") == DOCUMENT
    assert extract(png(png_chunk(b"tIME", b"1234567"), itxt(zlib.compress(DOCUMENT))), "x") == DOCUMENT


# --- pictures that are refused -----------------------------------------------------------------


@pytest.mark.parametrize(
    "picture",
    [
        png(),
        png(itxt(zlib.compress(DOCUMENT), keyword=b"seedlab2\0")),
        png(itxt(zlib.compress(DOCUMENT), keyword=b"Seedlab\0")),
        png(png_chunk(b"tEXt", b"seedlab\0" + DOCUMENT)),
        SVG,
        svg_of(packed(DOCUMENT), b'id="other"'),
        svg_of(packed(DOCUMENT), b""),
        b'<svg xmlns="http://www.w3.org/2000/svg"><g>%s</g></svg>' % svg_of(packed(DOCUMENT)),
        b'<svg xmlns="http://www.w3.org/2000/svg"><metadata xmlns="" id="seedlab">AA</metadata></svg>',
    ],
)
def test_a_picture_without_a_document_says_so(picture: bytes) -> None:
    refused(picture, "is a picture without data")


@pytest.mark.parametrize(
    ("chunks", "said"),
    [
        ([itxt(zlib.compress(b"{}"))] * 2, "2 documents"),
        ([itxt(DOCUMENT, head=b"\0\0\0\0")], "another way"),
        ([itxt(zlib.compress(b"{}"), head=b"\1\1\0\0")], "another way"),
        ([itxt(b"", head=b"")], "another way"),
        ([itxt(b"", head=b"\1\0")], "another way"),
        ([itxt(b"", head=b"\1\0\0")], "another way"),
        ([itxt(b"")], "damaged"),
        ([itxt(b"garbage")], "damaged"),
        ([itxt(zlib.compress(DOCUMENT)[:-1])], "damaged"),
        ([itxt(zlib.compress(DOCUMENT)[:-1] + b"x")], "damaged"),
        ([itxt(zlib.compress(DOCUMENT) + b"x")], "damaged"),
        ([itxt(zlib.compress(DOCUMENT)[2:])], "damaged"),
    ],
)
def test_a_png_with_damaged_data_is_refused(chunks: list[bytes], said: str) -> None:
    refused(png(*chunks), said)


@pytest.mark.parametrize(
    ("svg", "said"),
    [
        (svg_of(b""), "damaged"),
        (svg_of(b"?"), "damaged"),
        (svg_of("A≠A=".encode()), "damaged"),
        (svg_of(b"AAA"), "damaged"),
        (svg_of(base64.b64encode(b"garbage")), "damaged"),
        (svg_of(packed(DOCUMENT)[:-8]), "damaged"),
        (svg_of(packed(DOCUMENT) + packed(DOCUMENT)), "damaged"),
        (svg_of(packed(b"{}") + b'</metadata><metadata id="seedlab">' + packed(b"{}")), "2 documents"),
        (svg_of(packed(DOCUMENT)) + b"<svg/>", "not whole XML"),
        (svg_of(packed(DOCUMENT))[:-1], "not whole XML"),
        (svg_of(b"&data;"), "not whole XML"),
        (svg_of(b"\xff"), "not whole XML"),
        (svg_of(packed(DOCUMENT)).replace(b"www.w3.org/2000/svg", b"example.org"), "not an SVG"),
        (b"<html></html>", "not an SVG"),
        (b"<", "not whole XML"),
    ],
)
def test_an_svg_with_damaged_data_is_refused(svg: bytes, said: str) -> None:
    refused(svg, said)


@pytest.mark.parametrize(
    "doctype",
    [
        b"<!DOCTYPE svg>",
        b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">',
        b'<!DOCTYPE svg SYSTEM "file:///etc/passwd">',
        b'<!DOCTYPE svg [<!ENTITY data SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY data "&a;&a;&a;">]>',
        b'<!DOCTYPE svg [<!ENTITY %% p SYSTEM "http://127.0.0.1:1/x"> %%p;]>'.replace(b"%%", b"%"),
    ],
)
def test_a_document_type_is_refused_with_all_its_entities(doctype: bytes) -> None:
    refused(svg_of(b"&data;", before=doctype), "document type declaration")
    refused(b'<?xml version="1.0"?>\n' + svg_of(packed(DOCUMENT), before=doctype), "document type declaration")


@pytest.mark.parametrize("encoding", [b"utf-16", b"idna", b"hex", b"nothing", b"latin-1"])
def test_an_encoding_that_is_declared_is_not_looked_up(encoding: bytes) -> None:
    declared = b'<?xml version="1.0" encoding="%s"?>' % encoding
    assert extract(svg_of(packed(DOCUMENT), before=declared), "x") == DOCUMENT


def test_an_svg_of_too_many_elements_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding, "_MAX_ELEMENTS", 6)
    assert extract(PICTURES["svg"].replace(b"<rect", b"<!-- <rect -->\n<rect"), "x") == DOCUMENT
    refused(PICTURES["svg"].replace(b"<title", b"<g/><title"), "more than 6 elements")


@pytest.mark.parametrize("form", ["png", "svg"])
def test_a_document_in_a_picture_may_be_as_large_as_any(monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    monkeypatch.setattr(embedding, "MAX_BYTES", len(DOCUMENT))
    assert extract(PICTURES[form], "x") == DOCUMENT
    for fewer in (1, 100):
        monkeypatch.setattr(embedding, "MAX_BYTES", len(DOCUMENT) - fewer)
        refused(PICTURES[form], "its data have more than 0 MB")


def test_a_deeply_nested_svg_is_refused_or_read() -> None:
    depth = 200_000
    nested = svg_of(packed(DOCUMENT)).replace(b"</svg>", b"<g>" * depth + b"</g>" * depth + b"</svg>")
    assert extract(nested, "x") == DOCUMENT
    refused(nested[:-depth], "not whole XML")


# --- every way to damage a picture -------------------------------------------------------------


def borders(picture: bytes) -> list[int]:
    """Where the parts of the chunks of a PNG begin: length, type, content, checksum."""
    found, start = [], len(PNG_SIGNATURE)
    while start < len(picture):
        (length,) = struct.unpack_from(">I", picture, start)
        found += [start, start + 4, start + 8, start + 8 + length]
        start += 12 + length
    return found


def test_a_png_cut_at_any_border_is_refused() -> None:
    assert len(borders(PNG)) == 16
    for border in borders(PNG):
        for end in (border, border + 1):
            refused(PNG[:end], "ends in the middle")
            refused(PNG[: end - 1] if border > len(PNG_SIGNATURE) else PNG_SIGNATURE, "ends in the middle")


def test_a_chunk_that_claims_any_other_length_is_refused() -> None:
    starts = borders(PNG)[::4]
    for start in starts:
        for length in (0, 1, 2**16, 2**31 - 1, 2**32 - 1):
            claimed = PNG[:start] + struct.pack(">I", length) + PNG[start + 4 :]
            if claimed != PNG:
                with pytest.raises(DocumentError):
                    extract(claimed, "x")


def test_every_wrong_checksum_is_refused() -> None:
    for checksum in borders(PNG)[3::4]:
        for byte in range(checksum, checksum + 4):
            refused(PNG[:byte] + bytes([PNG[byte] ^ 1]) + PNG[byte + 1 :], "checksum")


def test_every_flipped_bit_of_a_png_is_refused() -> None:
    for place in range(len(PNG)):
        flipped = PNG[:place] + bytes([PNG[place] ^ (1 << place % 8)]) + PNG[place + 1 :]
        with pytest.raises(DocumentError):
            from_json(extract(flipped, "x"), "x")


@pytest.mark.parametrize("form", ["png", "svg"])
@given(st.data())
@settings(max_examples=200)
def test_a_picture_with_changed_bytes_is_read_or_refused(form: str, data: st.DataObject) -> None:
    picture = bytearray(PICTURES[form])
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(picture)))
        length = data.draw(st.sampled_from([0, 1, 1, 4, 100, len(picture)]))
        picture[start : start + length] = data.draw(st.binary(max_size=6))
    try:
        found = extract(bytes(picture), "x")
    except DocumentError:
        return
    assert found in (DOCUMENT, bytes(picture)), "a changed document has another checksum"


@given(st.binary(max_size=100))
def test_any_chunks_and_any_text_are_read_or_refused(data: bytes) -> None:
    for picture in (PNG_SIGNATURE + data, png(itxt(data)), png(png_chunk(b"iTXt", data)), svg_of(data), b"<" + data):
        with pytest.raises(DocumentError):
            extract(picture, "x")


# --- memory ------------------------------------------------------------------------------------

BOMBS = """
import resource, sys, zlib, base64
from pathlib import Path
from seedlab.errors import DocumentError
from seedlab.documents.files import read_lab
from tests.helpers.documents import png
from tests.documents.test_embedding import itxt, svg_of

# Five gigabytes of zeros in five megabytes.
compressor = zlib.compressobj()
start = compressor.compress(bytes(2**20)) + compressor.flush(zlib.Z_FULL_FLUSH)
block = compressor.compress(bytes(2**20)) + compressor.flush(zlib.Z_FULL_FLUSH)
zeros = start + block * 5_000

def document(version, shape, values, more=b""):
    return b'''{"format": "seedlab", "version": %d, "created": "2024-05-06T07:08:09Z", "experiments": [
    {"name": "", "experiment": null, "script": "", "interpreter": null, "runs": [{"index": 1, "outcome": "finished",
    "seconds": 0, "text": "", "trace": [], "draws": [
    {"label": "", "dtype": "complex128", "shape": [%s], "values": [%s]%s}]}]}]}''' % (version, shape, values, more)

bombs = {
    "png": png(itxt(zeros)),
    "svg": svg_of(base64.b64encode(zeros)),
    "nested": b"[" * 100_000_000,
}
for version in 1, 2:
    bombs |= {
        f"shape {version}": document(version, b"50000000", b"0,0"),
        f"shapes {version}": document(version, b"4000000000,4000000000", b"0,0"),
        f"dimensions {version}": document(version, b"1," * 20_000_000 + b"1", b"0,0"),
        f"values {version}": document(version, b"1", b"0," * 50_000_000 + b"0"),
        f"nested values {version}": document(version, b"1", b"[" * 50_000_000),
        f"no draws {version}": document(version, b"1", b"0,0", b"}," + b"0," * 50_000_000 + b'{"label": ""'),
    }
bombs["unknown"] = document(2, b"1", b"0,0", b"".join(b',"%d":0' % number for number in range(10_000_000)))
for name, data in bombs.items():
    Path(name).write_bytes(data)
sparse = open("sparse", "wb")
sparse.truncate(2**40)
sparse.close()
names = [*bombs, "sparse"]
del bombs, data, zeros
used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + 700 * 2**20, resource.RLIM_INFINITY))
for name in names:
    try:
        read_lab(Path(name))
    except DocumentError as error:
        print(name, "refused")
"""


def test_what_would_fill_the_memory_is_refused_in_little_of_it(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-c", BOMBS]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, env=environment)
    assert done.stderr == ""
    kinds = ["shape", "shapes", "dimensions", "values", "nested values", "no draws"]
    names = [
        "png",
        "svg",
        "nested",
        *(f"{kind} {version}" for version in (1, 2) for kind in kinds),
        "unknown",
        "sparse",
    ]
    assert done.stdout.splitlines() == [f"{name} refused" for name in names]


# --- files -------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [DOCUMENT, *PICTURES.values()], ids=["json", *PICTURES])
@pytest.mark.parametrize("name", ["lab.seedlab", "lab.png", "lab.svg", "lab"])
def test_a_file_is_known_by_its_content(tmp_path: Path, data: bytes, name: str) -> None:
    (tmp_path / name).write_bytes(data)
    assert read_lab(tmp_path / name) == whole_lab()
    (tmp_path / "link").symlink_to(name)
    assert read_lab(tmp_path / "link") == whole_lab()


def unreadable(path: Path, said: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read_lab(path)
    assert caught.value.what.startswith(f"{path} cannot be read: {said}")


def test_what_is_no_file_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to("loop")
    open_before = set(os.listdir("/proc/self/fd"))
    unreadable(tmp_path / "pipe", "it is not a file")
    unreadable(tmp_path, "Is a directory")
    unreadable(Path("/dev/zero"), "it is not a file")
    unreadable(tmp_path / "missing", "No such file")
    unreadable(tmp_path / "missing" / "deeper", "No such file")
    unreadable(tmp_path / "loop", "Too many levels")
    unreadable(tmp_path / ("x" * 300), "File name too long")
    # What an earlier test has left open may be collected meanwhile.
    assert set(os.listdir("/proc/self/fd")) <= open_before


def test_a_file_that_is_too_large_is_refused_by_its_size(tmp_path: Path) -> None:
    with open(tmp_path / "large", "wb") as file:
        file.truncate(256 * 2**20 + 1)
    unreadable(tmp_path / "large", "it has more than 256 MB")


def test_what_is_wrong_in_a_file_is_told_with_its_path(tmp_path: Path) -> None:
    path = tmp_path / "lab.png"
    path.write_bytes(embed_in_png(png(), DOCUMENT.replace(b'"finished"', b'"exploded"')))
    unreadable(path, "at $.experiments[0].runs[0].outcome, invalid enum value 'exploded'.")
