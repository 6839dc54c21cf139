"""Writing a lab as a document of the newest version, so that it comes back to the bit."""

import math
from collections.abc import Sequence
from typing import Any, TypeAlias

import msgspec

from seedlab import __version__
from seedlab.analysis.comparison import rows_of
from seedlab.analysis.rows import Row
from seedlab.documents import limits
from seedlab.documents.draw_values import json_values
from seedlab.documents.drawn import are_enough
from seedlab.documents.interpreters import packages_of
from seedlab.documents.json_text import JsonText
from seedlab.documents.reading import FORMAT, NEWEST_VERSION
from seedlab.documents.version2_influence import written_influence
from seedlab.documents.version2_program import written_program
from seedlab.errors import DocumentError
from seedlab.libraries.registry import FAMILIES
from seedlab.phrases import sentence
from seedlab.results.environment import Interpreter
from seedlab.results.run import Draw, Run
from seedlab.results.trace import Event, Shared, Source, Use
from seedlab.study.lab import Column, Lab, Scene

_SELDOM = ("stack", "through")
"""Fields of an event that are left out where they are empty, as they are in most."""
Rows: TypeAlias = Sequence[Sequence[Row]]
"""The rows of the comparison of each column."""


def to_document(lab: Lab, rows: Rows | None = None) -> bytes:
    """Return what `to_json` does. Raises `DocumentError` where it would be too large to be opened again."""
    values = sum(math.prod(draw.shape) for column in lab.all_columns for run in column.runs for draw in run.draws)
    advice = sentence("Leave out columns or runs, or export a table.")
    if values > limits.MAX_VALUES:
        what = sentence(
            "The lab has {values:,} values, and a document holds at most {most:,}.",
            values=values,
            most=limits.MAX_VALUES,
        )
        raise DocumentError(what, advice)
    lengths = [len(text) for c in lab.all_columns for text in (c.script, c.next_script or "")]
    longest, scripts = max(lengths, default=0), sum(lengths)
    if longest > limits.MAX_SCRIPT or scripts > limits.MAX_SCRIPTS:
        raise DocumentError(
            sentence(
                "A script has at most {most:,} characters in a document, and all together {most_in_all:,}: "
                "there are {longest:,}, and {scripts:,}.",
                most=limits.MAX_SCRIPT,
                most_in_all=limits.MAX_SCRIPTS,
                longest=longest,
                scripts=scripts,
            ),
            advice,
        )
    data = to_json(lab, rows)
    if len(data) > limits.MAX_BYTES:
        what = sentence(
            "The document would have {size:,} MB, and at most {most:,} MB can be opened again.",
            size=len(data) // 2**20,
            most=limits.MAX_BYTES // 2**20,
        )
        raise DocumentError(what, advice)
    return data


def to_json(lab: Lab, rows: Rows | None = None) -> bytes:
    """Return ``lab`` as a document: UTF-8 JSON, with the values of each draw flat, in row-major order, to the bit.

    ``rows`` are those of its columns; they are made here where it is None.
    """
    rows = rows if rows is not None else [rows_of(column.runs) for column in lab.columns]
    # Pieces must be collected in the order of the members, as here: they are inserted in that order.
    text = JsonText()
    return text.text(
        {
            "format": FORMAT,
            "version": NEWEST_VERSION,
            "created": lab.created,
            "seedlab": __version__,
            "view": text.members(lab.view),
            "experiments": [
                _column(column, compared, text) for column, compared in zip(lab.columns, rows, strict=True)
            ],
            # Older ones without scenes are written as they were.
            **({"scenes": [_scene(scene, text) for scene in lab.scenes]} if lab.scenes else {}),
            **text.extra_members(lab.extra),
        }
    )


def _scene(scene: Scene, text: JsonText) -> dict[str, Any]:
    return {
        "title": scene.title,
        "notes": scene.notes,
        "is_covered": scene.is_covered,
        "is_fresh": scene.is_fresh,
        "view": text.members(scene.view),
        "experiments": [_column(column, rows_of(column.runs), text) for column in scene.columns],
        **text.extra_members(scene.extra),
    }


def _column(column: Column, rows: Sequence[Row], text: JsonText) -> dict[str, Any]:
    experiment, interpreter = column.experiment, column.interpreter
    device = None if experiment is None else FAMILIES[experiment.library].device(experiment)
    written: dict[str, Any] = {
        "name": _writable(column.name),
        "experiment": None if experiment is None else {"library": experiment.library, **experiment.chosen},
        "script": column.script,
        "interpreter": None if interpreter is None else _interpreter(interpreter, device, text),
        "runs": [_run(run, text) for run in column.runs],
        # For people who read the document without seedlab.
        "comparison": [
            {"label": row.label, "runs": row.runs, "distinct": row.distinct, "verdict": row.verdict.value}
            for row in rows
        ],
    }
    if column.influence is not None:
        written["influence"] = written_influence(column.influence, text)
    if column.program is not None:
        written["program"] = written_program(column.program, text)
    if column.next_program is not None:
        written["next_program"] = written_program(column.next_program, text)
    if column.next_script is not None:
        written["next_script"] = column.next_script
    return {**written, **text.extra_members(column.extra)}


def _interpreter(interpreter: Interpreter, device: object, text: JsonText) -> dict[str, Any]:
    return {
        "executable": _writable(interpreter.executable),
        "python": interpreter.python,
        "packages": packages_of(interpreter),
        "device": device,
        "devices": [text.members(found) for found in interpreter.devices],
        "no_gpu_reason": interpreter.no_gpu_reason,
        "problem": interpreter.problem,
        **text.extra_members(interpreter.extra),
    }


def _writable(name: str) -> str:
    """Return ``name`` with those characters escaped that file systems allow and UTF-8 does not."""
    return name.encode("utf-8", "backslashreplace").decode()


def _run(run: Run, text: JsonText) -> dict[str, Any]:
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
        "draws": [_draw(draw, text) for draw in run.draws],
        "trace": [_event(event, text) for event in run.trace],
        **text.extra_members(run.extra),
    }


def _draw(draw: Draw, text: JsonText) -> dict[str, Any]:
    if draw.is_text:
        written: dict[str, Any] = {
            "label": draw.label,
            "dtype": draw.dtype,
            "shape": draw.shape,
            # One value, as of every draw of this shape.
            "values": [draw.text],
            "line": draw.line,
            "events_before": draw.events_before,
        }
        return {**written, **_file_of(draw), **text.extra_members(draw.extra)}
    numbers = json_values(draw)
    written = {
        "label": draw.label,
        "dtype": draw.dtype,
        "shape": draw.shape,
        # The values of a draw stand on one line.
        "values": text.verbatim(msgspec.json.encode(numbers)),
        "line": draw.line,
        "events_before": draw.events_before,
    }
    if not are_enough(numbers, draw):
        written["data"] = draw.data
    return {**written, **_file_of(draw), **text.extra_members(draw.extra)}


def _file_of(draw: Draw) -> dict[str, Any]:
    """Return the member that only a draw from a file has."""
    return {} if draw.file is None else {"file": draw.file}


def _event(event: Event, text: JsonText) -> dict[str, Any]:
    members = {name: value for name, value in text.members(event).items() if value or name not in _SELDOM}
    kinds = {Source: "source", Use: "use", Shared: "shared"}
    return {"event": kinds[type(event)], **members}
