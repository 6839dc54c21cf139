"""Mutants of documents and of pictures that hold one: they are opened, shown, and written again in every form."""

import functools
import random
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec

from seedlab.analysis.analyst import analyse
from seedlab.documents.embedding import embed_in_png, embed_in_svg
from seedlab.documents.files import read_lab
from seedlab.documents.writing import to_json
from seedlab.export.exporting import write_export
from seedlab.export.tables import to_csv, to_markdown
from seedlab.study.lab import Lab
from tests.attacks.attack import Attack, Opening
from tests.attacks.mutants import json_bytes, mutated_bytes, mutated_json
from tests.helpers.documents import SVG, influenced_lab, png, talk, whole_lab

EXECUTED = "executed"
_SCRIPT = f"open({EXECUTED!r}, 'w').close()\n"
_VERSION1 = Path(__file__).parents[1] / "documents" / "version1"


@functools.cache
def _originals() -> tuple[Any, ...]:
    """Documents of both versions; their scripts leave a file where they are executed."""
    labs = [whole_lab(), influenced_lab(), talk()]
    documents = [to_json(lab) for lab in labs]
    documents += [(_VERSION1 / f"{name}.json").read_bytes() for name in ("own-dtypes", "own-seeds", "preset-after-op")]
    found = [msgspec.json.decode(document) for document in documents]
    for document in found:
        for column in document["experiments"]:
            if column["experiment"] is None:
                column["script"] = _SCRIPT + column["script"]
    return tuple(found)


def document(chance: random.Random) -> bytes:
    """A document of which values, or bytes, were changed."""
    original = chance.choice(_originals())
    if chance.random() < 0.7:
        return json_bytes(mutated_json(original, chance), chance)
    return mutated_bytes(json_bytes(original, chance), chance)


def _picture(embed: Callable[[bytes, bytes], bytes], empty: bytes, chance: random.Random) -> bytes:
    """A picture that was changed, or that holds a document that was."""
    if chance.random() < 0.7:
        return embed(empty, document(chance))
    return mutated_bytes(embed(empty, json_bytes(chance.choice(_originals()), chance)), chance)


def png_picture(chance: random.Random) -> bytes:
    """Return a mutant of a PNG."""
    return _picture(embed_in_png, png(), chance)


def svg_picture(chance: random.Random) -> bytes:
    """Return a mutant of an SVG."""
    return _picture(embed_in_svg, SVG, chance)


def open_and_export(mutant: bytes, opening: Opening) -> list[str]:
    """Open ``mutant``, look at it and write it again; return the files that are there but not whole."""
    with TemporaryDirectory(prefix="seedlab-attack-") as name:
        folder = Path(name)
        source = folder / "mutant"
        source.write_bytes(mutant)
        with opening.watched():
            lab = read_lab(source)
            analyse(lab.columns)
        return [*_executed(), *_written(lab, folder)]


def _markdown(lab: Lab) -> bytes:
    return to_markdown(lab, analyse(lab.columns))


def _executed() -> list[str]:
    executed = Path(EXECUTED)
    if not executed.exists():
        return []
    executed.unlink()
    return ["a script was executed"]


def _written(lab: Lab, folder: Path) -> list[str]:
    """Write ``lab`` in every form without Qt; return what is wrong with the files."""
    wholes: dict[str, Callable[[Lab], bytes]] = {".csv": to_csv, ".md": _markdown, ".json": to_json}
    for ending, whole in wholes.items():
        path = folder / f"written{ending}"
        write_export(lab, path)
        if path.read_bytes() != whole(lab):
            return [f"{path.name} is not whole"]
    if read_lab(folder / "written.json") != lab:
        return ["what was written is not what was read"]
    left = {path.name for path in folder.iterdir()} - {"mutant", *(f"written{ending}" for ending in wholes)}
    return [f"{name} was left behind" for name in left]


ATTACKS = [
    Attack("document", document, open_and_export),
    Attack("PNG with a document", png_picture, open_and_export),
    Attack("SVG with a document", svg_picture, open_and_export),
]
