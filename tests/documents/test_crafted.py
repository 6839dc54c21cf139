"""Documents that were made to take much more memory or time than their size tells."""

import os
import re
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from seedlab.documents import embedding
from seedlab.documents.embedding import embed_in_png, embed_in_svg, extract
from seedlab.errors import DocumentError
from tests.helpers.documents import SVG, png

MB = 2**20
READING = """
import os, resource, sys, time
from pathlib import Path
from seedlab.documents.files import read_lab
from seedlab.errors import DocumentError

def read(path):
    used = int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
    start = time.process_time()
    try:
        read_lab(path)
        said = "read"
    except DocumentError as error:
        said = "refused"
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - used
    print(path.name, said, grown, path.stat().st_size, time.process_time() - start, flush=True)

for name in sys.argv[1:]:
    # Each in a process of its own, whose peak of memory is its own.
    child = os.fork()
    if not child:
        try:
            read(Path(name))
        finally:
            os._exit(0)
    os.waitpid(child, 0)
"""
DRAW = '{"label":"%d","dtype":"bool","shape":[0],"values":[]}'
REPEATED = {
    "notes": ('"notes":[', '"%d"', "]"),
    "draws": ('"draws":[', DRAW, "]"),
    "labels": ('"draws":[', DRAW.replace("[0]", "[1]").replace("[]", "[true]"), "]"),
    "devices": ('"devices":[', '{"name":"%d"}', "]"),
    "unknown": ("", '"%d":0', ""),
}
OF_VERSION = {
    1: {
        **REPEATED,
        "trace": ('"trace":[', '{"event":"set","line":1,"on":"%d","seed":1}', "]"),
        "uses": ('"trace":[', '{"event":"use","line":1,"on":"%d","op_seed":1,"seeds":[1,2]}', "]"),
    },
    2: {
        **REPEATED,
        "trace": ('"trace":[', '{"event":"source","kind":"set","library":"","state":"%d","door":""}', "]"),
        "uses": ('"trace":[', '{"event":"use","library":"","state":"","door":"%d","seeds":[1,2]}', "]"),
        "packages": ('"packages":{', '"%d":"1"', "}"),
        "choices": ('"experiment":{"library":"x",', '"%d":0', "}"),
        "moved_by": ('"draws":[{"label":"","repeats":true,"moved_by":["s",', '"s"', "]}]"),
        "moved": ('"draws":[', '{"label":"%d","repeats":true}', "]"),
        "residual": ('"residual":[', '{"label":"%d"}', "]"),
        "settings": ('"fix":{"repeated":1,"of":1,"settings":[', '"%d"', "]}"),
        "edits": ('"fix":{"repeated":1,"of":1,"edits":[', '{"line":1,"text":"%d"}', "]}"),
        "sources": ('"sources":[', '{"id":"%d","kind":"set","library":"","state":"","door":""}', "]"),
        "parts": (
            '"sources":[{"id":"s","kind":"set","library":"","state":"","door":"","parts":[',
            '{"library":"","state":"","door":"%d"}',
            "]}]",
        ),
    },
}
KINDS = [(version, kind) for version, kinds in OF_VERSION.items() for kind in kinds]
INFLUENCES = {"moved_by", "moved", "residual", "settings", "edits", "sources", "parts"}


def document(version: int, kind: str, size: int) -> bytes:
    """A document of about ``size`` bytes, nearly all of which are things of one ``kind``."""
    start, item, end = OF_VERSION[version][kind]
    # The same again and again can be packed most tightly; some names have to differ.
    if kind in {"labels", "packages", "unknown", "choices", "sources"}:
        items = [item.replace("%d", str(number)) for number in range(size // (len(item) + 6))]
    else:
        items = [item.replace("%d", "7")] * (size // len(item))
    many = start + ",".join(items) + end
    run = {"index": "1", "outcome": '"finished"', "seconds": "0", "text": '""', "draws": "[]", "trace": "[]"}
    column = {"name": '""', "experiment": "null", "script": '""', "interpreter": "null"}
    if kind in INFLUENCES:
        source = '"sources":[{"id":"s","kind":"set","library":"","state":"","door":""}],' if kind == "moved_by" else ""
        column["influence"] = f'{{"runs":1,{source}{many}}}'
    elif kind in {"devices", "packages"}:
        column["interpreter"] = f'{{"executable":"","python":"",{many}}}'
    elif kind == "choices":
        column["experiment"] = many.removeprefix('"experiment":')
    else:
        run = {name: value for name, value in run.items() if not many.startswith(f'"{name}"')}
        run[""] = many
    column["runs"] = f"[{_object(run)}]"
    head = {"format": '"seedlab"', "version": str(version), "created": '"2024-05-06T07:08:09Z"'}
    return _object({**head, "experiments": f"[{_object(column)}]"}).encode()


def _object(members: dict[str, str]) -> str:
    return "{" + ",".join(f'"{name}":{value}' if name else value for name, value in members.items()) + "}"


def in_png(packed: bytes) -> bytes:
    """A picture with a document that was packed by somebody else."""
    return png(_chunk(b"seedlab\0\1\0\0\0" + packed))


def _chunk(content: bytes) -> bytes:
    return len(content).to_bytes(4, "big") + b"iTXt" + content + zlib.crc32(b"iTXt" + content).to_bytes(4, "big")


class Read:
    """What came of reading one file: all sizes in bytes."""

    def __init__(self, line: str) -> None:
        _, self.said, grown, size, seconds = line.split()
        self.grown, self.size, self.seconds = int(grown), int(size), float(seconds)


def read_all(folder: Path, files: dict[str, bytes]) -> dict[str, Read]:
    for name, data in files.items():
        (folder / name).write_bytes(data)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-c", READING, *(str(folder / name) for name in files)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.stderr == ""
    return {line.split()[0]: Read(line) for line in done.stdout.splitlines()}


def test_a_document_takes_memory_and_time_by_its_size(tmp_path: Path) -> None:
    files = {f"{kind} {version}".replace(" ", "-"): document(version, kind, MB) for version, kind in KINDS}
    for name, found in read_all(tmp_path, files).items():
        assert found.size > MB // 2, name
        assert found.grown < 60 * found.size + 50 * MB, f"{name}: {found.grown // MB} MB"
        assert found.seconds < 6, f"{name}: {found.seconds} s"


def test_a_small_picture_cannot_hold_very_much(tmp_path: Path) -> None:
    kinds = [(1, "notes"), (1, "uses"), (2, "notes"), (2, "draws"), (2, "devices"), (2, "moved_by")]
    files = {f"{kind}-{version}": in_png(zlib.compress(document(version, kind, 20 * MB))) for version, kind in kinds}
    for name, found in read_all(tmp_path, files).items():
        assert found.size < MB
        assert (found.said, found.grown < 30 * MB) == ("refused", True), f"{name}: {found.said}, {found.grown // MB} MB"
        assert found.seconds < 2, f"{name}: {found.seconds} s"


def test_as_much_as_a_small_picture_can_hold_is_read_in_bounded_memory(tmp_path: Path) -> None:
    most = {"notes": 2_400_000 * 4, "draws": 240_000 * 55, "uses": 240_000 * 70, "moved_by": 2_400_000 * 4}
    files = {kind: in_png(zlib.compress(document(2, kind, size))) for kind, size in most.items()}
    for name, found in read_all(tmp_path, files).items():
        assert found.grown < 300 * MB, f"{name}: {found.said}, {found.grown // MB} MB"
        assert found.seconds < 10, f"{name}: {found.seconds} s"


@pytest.mark.parametrize("embed", [embed_in_png, embed_in_svg])
def test_a_picture_is_packed_so_that_it_can_be_opened(monkeypatch: pytest.MonkeyPatch, embed: object) -> None:
    assert callable(embed)
    picture = png() if embed is embed_in_png else SVG
    made = document(2, "draws", MB)
    packed = embed(picture, made)
    for name, value in (("UNPACKED_BYTES", MB // 2), ("UNPACKED_OBJECTS", 1_000), ("UNPACKED_TEXTS", 20_000)):
        with monkeypatch.context() as patched:
            patched.setattr(embedding, name, value)
            with pytest.raises(DocumentError, match="more in its data than their size tells"):
                extract(packed, "figure")
            looser = embed(picture, made)
            assert len(looser) > len(packed)
            assert extract(looser, "figure") == made
    assert extract(packed, "figure") == made


def test_what_cannot_be_packed_so_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding, "UNPACKED_OBJECTS", 1_000)
    with pytest.raises(DocumentError, match=re.escape("Save it as a .seedlab file")):
        embed_in_png(png(), b"{" * 20_000)
