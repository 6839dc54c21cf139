"""Results of sweeps by hand: made, not executed, as many as one likes."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seedlab.session.sweep_store import _SCHEMA, FORMAT, About, SweepResults, SweepStore
from tests.helpers.interpreters import interpreter

PART = 8_192


def sweep_results(
    folder: Path,
    draws: Mapping[str, npt.ArrayLike],
    *,
    name: str = "train.py",
    seeds: Sequence[int] | None = None,
    own: int | None = 42,
    turns: tuple[str, ...] = ("seed=42",),
) -> SweepResults:
    """The results of one number for each draw and seed, written in parts of several thousand rows."""
    arrays = {label: np.asarray(values, np.float64) for label, values in draws.items()}
    count = max(len(values) for values in arrays.values())
    points = np.arange(count) if seeds is None else np.asarray(seeds, np.int64)
    about = About(
        name=name,
        key=name,
        turns=turns,
        seeds=(f"0..{count - 1}",) if turns else (),
        own=None if own is None else (own,),
        interpreter=interpreter("/usr/bin/python3", "3.11.7", numpy="2.4.6"),
        created="2026-11-29T10:00:00",
    )
    SweepStore.open(folder, about, None).close()
    assert about.format == FORMAT
    for number, first in enumerate(range(0, count, PART), 1):
        rows = slice(first, min(first + PART, count))
        _write(folder / f"{number:06d}.arrow", points[rows], {label: each[rows] for label, each in arrays.items()})
    return SweepResults(folder)


def _write(path: Path, points: npt.NDArray[np.int64], draws: Mapping[str, npt.NDArray[np.float64]]) -> None:
    count, many = len(points), len(draws)
    values = np.column_stack(list(draws.values())).ravel()
    kinds = {"label": pa.array(list(draws) * count), "number": pa.array(values)}
    data = pa.array([value.tobytes() for value in values])
    fields = _SCHEMA.field("draws").type.value_type
    size = count * many
    flat = pa.StructArray.from_arrays(
        [
            kinds["label"],
            pa.array(["float64"] * size),
            pa.ListArray.from_arrays(pa.array(np.zeros(size + 1, np.int32)), pa.array([], pa.int64())),
            data,
            pa.array(np.zeros(size, bool)),
            kinds["number"],
            pa.array(np.ones(size, np.int32)),
            pa.nulls(size, pa.int32()),
            pa.nulls(size, pa.string()),
        ],
        fields=list(fields),
    )
    offsets = pa.array(np.arange(count + 1, dtype=np.int32))
    table = pa.Table.from_arrays(
        [
            pa.array(np.arange(1, count + 1)),
            pa.ListArray.from_arrays(offsets, pa.array(points.astype(np.int64))),
            pa.array(["finished"] * count),
            pa.array(["fork"] * count),
            pa.array(np.full(count, 0.1)),
            pa.array([""] * count),
            pa.ListArray.from_arrays(pa.array(np.arange(0, size + 1, many, dtype=np.int32)), flat),
        ],
        schema=_SCHEMA,
    )
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, _SCHEMA) as writer:
        writer.write_table(table)
