"""The results of sweeps as JSON, in pieces, so that any number of runs takes the same memory."""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from seedlab.documents.draw_values import json_values
from seedlab.results.run import Draw
from seedlab.session.sweep_store import FORMAT, SweepResults

_ENCODER = msgspec.json.Encoder()


def json_pieces(results: Sequence[SweepResults]) -> Iterator[bytes]:
    """Yield a JSON document of the sweeps ``results``, piece by piece; values are as in other documents of seedlab."""
    head = {"format": "seedlab sweeps", "version": FORMAT}
    yield _ENCODER.encode(head).removesuffix(b"}") + b',"sweeps":['
    for at, each in enumerate(results):
        about = msgspec.to_builtins(each.about)
        about.pop("format")
        if about["interpreter"] is not None:
            about["interpreter"].pop("extra")
        yield b"," * (at > 0) + _ENCODER.encode(about).removesuffix(b"}") + b',"runs":['
        is_first, number = True, 0
        for part in each.parts():
            for batch in part.to_batches(max_chunksize=256):
                for row in batch.to_pylist():
                    number += 1
                    yield (b"\n" if is_first else b",\n") + _ENCODER.encode({"index": number, **_run(row)})
                    is_first = False
        yield b"]}"
    yield b"]}\n"


def _run(row: dict[str, Any]) -> dict[str, Any]:
    found = {name: row[name] for name in ("point", "outcome", "start", "seconds") if row[name] != ""}
    if row["problem"]:
        found["problem"] = row["problem"]
    return {**found, "draws": [_draw(draw) for draw in row["draws"]]}


def _draw(row: dict[str, Any]) -> dict[str, Any]:
    found = {name: row[name] for name in ("label", "dtype", "shape", "line", "file") if row[name] is not None}
    if row["is_digest"]:
        return {**found, "sha256": row["data"].hex()}
    draw = Draw(row["label"], row["dtype"], tuple(row["shape"]), row["data"])
    return {**found, "values": [draw.text] if draw.is_text else json_values(draw)}
