"""The lab: columns with their runs, and the JSON document that they are written to."""

import datetime
import math
from collections.abc import Iterable
from typing import Any

import msgspec
import numpy as np

from seedlab import __version__
from seedlab.model.comparison import compare
from seedlab.model.experiment import Experiment
from seedlab.model.interpreter import Interpreter
from seedlab.model.run import Draw, Run

FORMAT = "seedlab"
FORMAT_VERSION = 1


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """One experiment with its runs in the side-by-side view."""

    name: str
    experiment: Experiment | None
    """None where the script is a person's own."""
    script: str
    """The source that the runs executed."""
    interpreter: Interpreter | None = None
    """None until one was asked."""
    runs: tuple[Run, ...] = ()


class Lab(msgspec.Struct, frozen=True, kw_only=True):
    """Columns side by side, and when they were put there."""

    columns: tuple[Column, ...]
    created: datetime.datetime
    """With its time zone."""

    @classmethod
    def of(cls, columns: Iterable[Column]) -> "Lab":
        return cls(columns=tuple(columns), created=datetime.datetime.now(datetime.UTC).replace(microsecond=0))


def to_json(lab: Lab) -> bytes:
    """The document: UTF-8 JSON, values flat in row-major order, to the bit (NaN's payload aside)."""
    document = {
        "format": FORMAT,
        "version": FORMAT_VERSION,
        "created": lab.created,
        "seedlab": __version__,
        "experiments": [_column(column) for column in lab.columns],
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=1) + b"\n"


def _column(column: Column) -> dict[str, Any]:
    comparison = compare(column.runs)
    return {
        "name": column.name,
        "experiment": column.experiment,
        "script": column.script,
        "interpreter": _interpreter(column),
        "runs": [_run(run) for run in column.runs],
        "comparison": [
            {"label": row.label, "runs": row.runs, "distinct": row.distinct, "verdict": row.verdict.value}
            for row in comparison.rows
        ],
    }


def _interpreter(column: Column) -> dict[str, Any] | None:
    if column.interpreter is None:
        return None
    return {
        "executable": column.interpreter.executable,
        "python": column.interpreter.python,
        "numpy": column.interpreter.numpy,
        "tensorflow": column.interpreter.tensorflow,
        "device": None if column.experiment is None else column.experiment.device,
    }


def _run(run: Run) -> dict[str, Any]:
    return {
        "index": run.index,
        "outcome": run.outcome.value,
        "start": run.start,
        "start_reason": run.start_reason,
        "seconds": round(run.seconds, 6),
        "text": run.text,
        "problem": run.problem,
        "details": run.details,
        "notes": run.notes,
        "draws": [_draw(draw) for draw in run.draws],
        "trace": run.trace,
    }


def _draw(draw: Draw) -> dict[str, Any]:
    return {
        "label": draw.label,
        "dtype": draw.dtype,
        "shape": draw.shape,
        "values": json_values(draw),
        "line": draw.line,
        "events_before": draw.events_before,
    }


def json_values(draw: Draw) -> list[Any]:
    """Flat, row-major; complex numbers as real part, imaginary part. Non-finite as "nan", "inf", "-inf"."""
    array = draw.array.ravel()
    if array.dtype.kind in "biu":
        return list(array.tolist())
    if array.dtype.kind == "c":
        array = array.view(array.real.dtype)
    return [_json_float(value) for value in array]


def _json_float(value: np.floating[Any]) -> float | str:
    if math.isfinite(value):
        # NumPy's text is the shortest that gives the same bits back in the value's own dtype.
        # Only an extended float does not fit into JSON's numbers: it is written as that text.
        return float(str(value)) if value.itemsize <= 8 else str(value)
    return str(float(value))
