"""The document: a lab as versioned JSON, written so that it comes back to the bit, and read as data only.

Reading executes nothing, opens nothing that the document names, and takes memory in proportion to its bytes.
"""

import codecs
import datetime
import math
from collections.abc import Callable
from functools import partial
from typing import Annotated, Any, TypeVar

import msgspec
import numpy as np
from msgspec import Meta

from seedlab import __version__
from seedlab.analysis.comparison import compare
from seedlab.documents.draw_values import (
    WrongValuesError,
    data_of,
    decode_values,
    is_known_dtype,
    json_values,
    values_in,
)
from seedlab.errors import ChoiceError, DocumentError
from seedlab.libraries.registry import FAMILIES, script_of
from seedlab.results.environment import Device, Interpreter, Package
from seedlab.results.run import Draw, Outcome, Run
from seedlab.results.trace import Trace
from seedlab.study.experiment import MAX_RUNS, MAX_VALUES, Experiment
from seedlab.study.lab import Column, Lab, View
from seedlab.study.script import MAX_SCRIPT

FORMAT = "seedlab"
FORMAT_VERSION = 1
MAX_BYTES = 256 * 1024 * 1024
"""Of a document that is read."""
MAX_COLUMNS = 1_000
MAX_SCRIPTS = 4 * MAX_SCRIPT
"""Characters of all scripts together."""
_MAX_DIMENSIONS = 64
_MAX_SHAPE_BYTES = 1_000
_MAX_LINE = 2**31 - 1
_MAX_REASON = 200
_Decoded = TypeVar("_Decoded")


# --- writing -----------------------------------------------------------------------------------

_PLAIN = {"float32", "float64"}
"""Of these, every finite value is one JSON number that gives the same bits back (tests/documents/test_document.py)."""
_NO_VALUES = b'"values": []'


def to_document(lab: Lab) -> bytes:
    """`to_json`, for a file that is to be opened again. Raises `DocumentError` where it would be too large for that."""
    values = sum(math.prod(draw.shape) for column in lab.columns for run in column.runs for draw in run.draws)
    advice = "Leave out columns or runs, or export a table."
    if values > MAX_VALUES:
        raise DocumentError(f"The lab has {values:,} values, and a document holds at most {MAX_VALUES:,}.", advice)
    longest, scripts = max((len(c.script) for c in lab.columns), default=0), sum(len(c.script) for c in lab.columns)
    if longest > MAX_SCRIPT or scripts > MAX_SCRIPTS:
        what = f"A script has at most {MAX_SCRIPT:,} characters in a document, and all together {MAX_SCRIPTS:,}"
        raise DocumentError(f"{what}: there are {longest:,}, and {scripts:,}.", advice)
    data = to_json(lab)
    if len(data) > MAX_BYTES:
        size = f"{len(data) // 2**20:,} MB, and at most {MAX_BYTES // 2**20:,} MB can be opened again"
        raise DocumentError(f"The document would have {size}.", advice)
    return data


def to_json(lab: Lab) -> bytes:
    """The document: UTF-8 JSON, values flat in row-major order, to the bit."""
    values: list[bytes] = []
    document = {
        "format": FORMAT,
        "version": FORMAT_VERSION,
        "created": lab.created,
        "seedlab": __version__,
        "view": lab.view,
        "experiments": [_column(column, values) for column in lab.columns],
    }
    # Values stand on one line for each draw. In a string the quotes of the key would be escaped.
    first, *rest = msgspec.json.format(msgspec.json.encode(document), indent=1).split(_NO_VALUES)
    pieces = [first]
    for written, after in zip(values, rest, strict=True):
        pieces += [b'"values": ', written, after]
    return b"".join([*pieces, b"\n"])


def _column(column: Column, values: list[bytes]) -> dict[str, Any]:
    comparison = compare(column.runs)
    return {
        "name": _writable(column.name),
        "experiment": None if column.experiment is None else _Experiment.of(column.experiment),
        "script": column.script,
        "interpreter": _interpreter(column),
        "runs": [_run(run, values) for run in column.runs],
        "comparison": [
            {"label": row.label, "runs": row.runs, "distinct": row.distinct, "verdict": row.verdict.value}
            for row in comparison.rows
        ],
    }


def _interpreter(column: Column) -> dict[str, Any] | None:
    interpreter = column.interpreter
    if interpreter is None:
        return None
    return {
        "executable": _writable(interpreter.executable),
        "python": interpreter.python,
        "numpy": interpreter.version("numpy"),
        "tensorflow": interpreter.version("tensorflow"),
        "device": None if column.experiment is None else column.experiment.get("device") or "auto",
        "devices": interpreter.devices,
        "no_gpu_reason": interpreter.no_gpu_reason,
        "problem": interpreter.problem,
    }


def _writable(name: str) -> str:
    """``name``, with what a file system allows and UTF-8 does not escaped."""
    return name.encode("utf-8", "backslashreplace").decode()


def _run(run: Run, values: list[bytes]) -> dict[str, Any]:
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
        "draws": [_draw(draw, values) for draw in run.draws],
        "trace": run.trace,
    }


def _draw(draw: Draw, values: list[bytes]) -> dict[str, Any]:
    numbers = json_values(draw)
    values.append(msgspec.json.encode(numbers))
    written: dict[str, Any] = {
        "label": draw.label,
        "dtype": draw.dtype,
        "shape": draw.shape,
        "values": (),
        "line": draw.line,
        "events_before": draw.events_before,
    }
    if not _are_enough(numbers, draw):
        written["data"] = draw.data
    return written


def _are_enough(numbers: list[Any], draw: Draw) -> bool:
    """Whether the bytes of ``draw`` come back from its values alone; those of an unusual NaN do not."""
    if draw.dtype in _PLAIN and np.isfinite(draw.array).all():
        return True
    try:
        return data_of(draw.dtype, numbers) == draw.data
    except WrongValuesError:
        return False


# --- reading -----------------------------------------------------------------------------------

_Count = Annotated[int, Meta(ge=0, le=_MAX_LINE)]
_Line = Annotated[int, Meta(ge=0, le=_MAX_LINE)] | None


class _Draw(msgspec.Struct):
    label: str
    dtype: str
    shape: msgspec.Raw
    values: msgspec.Raw
    line: _Line = None
    events_before: _Count = 0
    data: bytes | None = None


class _Run(msgspec.Struct):
    index: Annotated[int, Meta(ge=1, le=MAX_RUNS)]
    outcome: Outcome
    seconds: Annotated[float, Meta(ge=0)]
    text: str
    draws: list[_Draw]
    trace: Trace
    start: str = "cold"
    start_reason: str = ""
    problem: str = ""
    details: str = ""
    notes: tuple[str, ...] = ()


class _Experiment(msgspec.Struct, forbid_unknown_fields=True):
    """The choices as version 1 has them, whatever the library."""

    library: str
    placement: str
    graph_seed: int = 0
    op_seed: int | None = None
    device: str = "auto"
    sample_size: int = 3
    draws_per_op: int = 2
    sessions: int = 1
    distribution: str = "normal"

    @classmethod
    def of(cls, experiment: Experiment) -> "_Experiment":
        return cls(experiment.library, **experiment.chosen)  # type: ignore[arg-type]

    def experiment(self) -> Experiment:
        choices = msgspec.structs.asdict(self)
        family = FAMILIES.get(choices.pop("library"))
        known = [control.name for control in family.controls] if family is not None else []
        return Experiment.of(self.library, {name: choices[name] for name in known})


class _Interpreter(msgspec.Struct):
    executable: str
    python: str
    numpy: str = ""
    tensorflow: str = ""
    devices: tuple[Device, ...] = ()
    no_gpu_reason: str = ""
    problem: str = ""

    def interpreter(self) -> Interpreter:
        found = (Package("tensorflow", "TensorFlow", self.tensorflow), Package("numpy", "NumPy", self.numpy))
        return Interpreter(
            executable=self.executable,
            python=self.python,
            packages=tuple(package for package in found if package.version),
            devices=self.devices,
            no_gpu_reason=self.no_gpu_reason,
            problem=self.problem,
        )


class _Column(msgspec.Struct):
    name: str
    experiment: _Experiment | None
    script: Annotated[str, Meta(max_length=MAX_SCRIPT)]
    interpreter: _Interpreter | None
    runs: Annotated[list[_Run], Meta(max_length=MAX_RUNS)]


class _Document(msgspec.Struct):
    created: Annotated[datetime.datetime, Meta(tz=True)]
    experiments: Annotated[list[_Column], Meta(max_length=MAX_COLUMNS)]
    view: View = View()


class _Head(msgspec.Struct):
    format: str = ""
    version: int | None = None


_HEAD = msgspec.json.Decoder(_Head)
_DOCUMENT = msgspec.json.Decoder(_Document)
_SHAPE = msgspec.json.Decoder(
    Annotated[list[Annotated[int, Meta(ge=0, le=MAX_VALUES)]], Meta(max_length=_MAX_DIMENSIONS)]
)


class _WrongError(Exception):
    """What is wrong, and at which JSON path; without a path, all of it is no document."""

    def __init__(self, reason: str, path: str = "") -> None:
        super().__init__(reason, path)
        self.reason = reason
        self.path = path


def from_json(data: bytes, name: str) -> Lab:
    """The lab in the document ``data``. Raises `DocumentError`, which says of ``name`` what is wrong and where."""
    try:
        # Some editors begin a text with a mark of its encoding.
        return _Reader().lab(data.removeprefix(codecs.BOM_UTF8))
    except _WrongError as error:
        reason = "".join(letter if letter.isprintable() else "\ufffd" for letter in error.reason[:_MAX_REASON])
        if error.path:
            what = f"{name} cannot be read: at {error.path}, {reason}."
            advice = "Export it once more where it was made, or mend it there in a text editor."
        else:
            what = f"{name} is not a document that can be read: {reason}."
            advice = "Open a .seedlab file, or a picture that seedlab exported."
        raise DocumentError(what, advice) from error
    except _NewerError as error:
        raise DocumentError(
            f"{name} was made by a newer seedlab: its format is version {error.version}, and this one reads version "
            f"{FORMAT_VERSION}.",
            "Update seedlab.",
        ) from error


class _NewerError(Exception):
    def __init__(self, version: int) -> None:
        super().__init__(version)
        self.version = version


class _Reader:
    """Turns JSON into a lab, and counts the values as they come."""

    def __init__(self) -> None:
        self._values = 0

    def lab(self, data: bytes) -> Lab:
        if len(data) > MAX_BYTES:
            raise _WrongError(f"it has more than {MAX_BYTES // 2**20} MB")
        self._check_head(data)
        document = _decode(_DOCUMENT.decode, data)
        if not 0 <= document.view.current < max(1, len(document.experiments)):
            raise _WrongError("there is no such column", "$.view.current")
        if sum(len(column.script) for column in document.experiments) > MAX_SCRIPTS:
            raise _WrongError(f"the scripts have more than {MAX_SCRIPTS:,} characters", "$.experiments")
        columns = tuple(
            self._column(column, f"$.experiments[{number}]") for number, column in enumerate(document.experiments)
        )
        return Lab(columns=columns, created=document.created, view=document.view)

    def _check_head(self, data: bytes) -> None:
        head = _decode(_HEAD.decode, data)
        if head.format != FORMAT:
            raise _WrongError("it is JSON of another kind")
        if head.version is None or head.version < 1:
            raise _WrongError("the version has to be a whole number from 1", "$.version")
        if head.version > FORMAT_VERSION:
            raise _NewerError(head.version)

    def _column(self, column: _Column, path: str) -> Column:
        runs = []
        seen: set[int] = set()
        for number, run in enumerate(column.runs):
            if run.index in seen:
                raise _WrongError(f"there is a run {run.index} before", f"{path}.runs[{number}].index")
            seen.add(run.index)
            runs.append(self._run(run, f"{path}.runs[{number}]"))
        return Column(
            name=column.name,
            experiment=None if column.experiment is None else column.experiment.experiment(),
            script=column.script,
            interpreter=None if column.interpreter is None else column.interpreter.interpreter(),
            runs=tuple(runs),
            trusted=_is_own_script(column, path),
        )

    def _run(self, run: _Run, path: str) -> Run:
        for number, event in enumerate(run.trace):
            if event.line is not None and not 0 <= event.line <= _MAX_LINE:
                raise _WrongError("there is no such line", f"{path}.trace[{number}].line")
        return Run(
            index=run.index,
            outcome=run.outcome,
            seconds=run.seconds,
            text=run.text,
            draws=tuple(
                self._draw(draw, len(run.trace), f"{path}.draws[{number}]") for number, draw in enumerate(run.draws)
            ),
            trace=run.trace,
            start=run.start,
            start_reason=run.start_reason,
            problem=run.problem,
            details=run.details,
            notes=run.notes,
        )

    def _draw(self, written: _Draw, events: int, path: str) -> Draw:
        if not is_known_dtype(written.dtype):
            raise _WrongError(f"there is no dtype “{written.dtype[:40]}” of numbers", f"{path}.dtype")
        if written.events_before > events:
            raise _WrongError(f"the trace has {events} events", f"{path}.events_before")
        shape = _shape(written.shape, f"{path}.shape")
        self._values += math.prod(shape)
        if self._values > MAX_VALUES:
            raise _WrongError(f"there are more than {MAX_VALUES:,} values up to here", f"{path}.shape")
        numbers = _numbers(written, values_in(written.dtype, math.prod(shape)), f"{path}.values")
        data = written.data if written.data is not None else _data(written.dtype, numbers, f"{path}.values")
        draw = Draw(written.label, written.dtype, shape, data, written.line, written.events_before)
        try:
            # NumPy refuses some shapes, and bytes that are not as many as the shape takes.
            _ = draw.array
        except ValueError as error:
            raise _WrongError(str(error), f"{path}.shape" if written.data is None else f"{path}.data") from error
        if written.data is not None and json_values(draw) != numbers:
            raise _WrongError("these are not the bytes of the values", f"{path}.data")
        return draw


def _is_own_script(column: _Column, path: str) -> bool:
    """Whether the script is the one that seedlab writes for the experiment, which must be one that can be run."""
    if column.experiment is None:
        return False
    try:
        return script_of(column.experiment.experiment()).text == column.script
    except ChoiceError as error:
        raise _WrongError(error.what.rstrip("."), f"{path}.experiment.{error.field}") from error


def _shape(written: msgspec.Raw, path: str) -> tuple[int, ...]:
    text = bytes(written)
    if len(text) > _MAX_SHAPE_BYTES:
        raise _WrongError("these are too many dimensions", path)
    return tuple(_decode(_SHAPE.decode, text, path))


def _numbers(written: _Draw, count: int, path: str) -> list[Any]:
    text = bytes(written.values)
    # Commas are counted first: a list takes several times the memory of its text.
    if text.count(b",") == max(0, count - 1):
        numbers = _decode(partial(decode_values, written.dtype), text, path)
        if len(numbers) == count:
            return numbers
    raise _WrongError(f"the shape takes {count:,} values, and there are more or fewer", path)


def _data(dtype: str, numbers: list[Any], path: str) -> bytes:
    try:
        return data_of(dtype, numbers)
    except WrongValuesError as error:
        place = path if error.index is None else f"{path}[{error.index}]"
        raise _WrongError(error.reason, place) from error


def _decode(decode: Callable[[bytes], _Decoded], data: bytes, path: str = "$") -> _Decoded:
    try:
        return decode(data)
    except msgspec.ValidationError as error:
        reason, _, place = str(error).rpartition(" - at `$")
        # Without a place it is the whole that is wrong.
        reason, place = (reason, path + place.rstrip("`")) if reason else (place, path)
        raise _WrongError(reason[0].lower() + reason[1:], "" if place == "$" else place) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _WrongError(f"it is not whole JSON ({error})") from error
    except RecursionError as error:
        raise _WrongError("it is nested too deeply") from error
