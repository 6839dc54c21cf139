"""Version 2 of the document, read. What a newer seedlab has added to its objects is kept; only choices are not open."""

import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from seedlab.documents.columns import check_indices, check_lab, is_written_by_seedlab
from seedlab.documents.decoding import WrongError
from seedlab.documents.drawn import DrawReader
from seedlab.documents.interpreters import interpreter_of
from seedlab.documents.limits import MAX_COLUMNS, MAX_RUNS, MAX_SCRIPT, Count, Line
from seedlab.documents.open_objects import ExtraCounter, OpenObject
from seedlab.documents.version2_influence import read_influence
from seedlab.libraries.registry import FAMILIES
from seedlab.results.environment import Device, Interpreter
from seedlab.results.run import Draw, Outcome, Run
from seedlab.results.trace import Event, Seed, Source, Use
from seedlab.study.experiment import Choice, Experiment
from seedlab.study.lab import Column, Lab, View

_PASSED_OVER = msgspec.Raw(b"null")
"""Stands for what is written for other readers of the document, and not read."""


class _Document(msgspec.Struct):
    created: Annotated[datetime.datetime, Meta(tz=True)]
    experiments: Annotated[list[msgspec.Raw], Meta(max_length=MAX_COLUMNS)]
    view: msgspec.Raw = msgspec.Raw(b"{}")
    format: msgspec.Raw = _PASSED_OVER
    version: msgspec.Raw = _PASSED_OVER
    seedlab: msgspec.Raw = _PASSED_OVER


class _View(msgspec.Struct):
    look: Literal["auto", "lines", "values", "map"] = "auto"
    current: int = 0


class _Column(msgspec.Struct):
    name: str
    experiment: dict[str, Choice] | None
    script: Annotated[str, Meta(max_length=MAX_SCRIPT)]
    interpreter: msgspec.Raw
    runs: Annotated[list[msgspec.Raw], Meta(max_length=MAX_RUNS)]
    influence: msgspec.Raw = msgspec.Raw(b"null")
    comparison: msgspec.Raw = _PASSED_OVER


class _Interpreter(msgspec.Struct):
    executable: str
    python: str
    packages: dict[str, str] = {}
    devices: list[msgspec.Raw] = []
    no_gpu_reason: str = ""
    problem: str = ""
    device: msgspec.Raw = _PASSED_OVER


class _Device(msgspec.Struct):
    name: str
    about: str = ""


class _Run(msgspec.Struct):
    index: Annotated[int, Meta(ge=1, le=MAX_RUNS)]
    outcome: Outcome
    seconds: Annotated[float, Meta(ge=0)]
    text: str
    draws: list[msgspec.Raw]
    trace: list[msgspec.Raw]
    start: str = "cold"
    start_reason: str = ""
    problem: str = ""
    details: str = ""
    notes: tuple[str, ...] = ()


class _Draw(msgspec.Struct):
    label: str
    dtype: str
    shape: msgspec.Raw
    values: msgspec.Raw
    line: Line = None
    events_before: Count = 0
    data: bytes | None = None


class _Source(msgspec.Struct, tag="source", tag_field="event"):
    kind: Literal["set", "taken"]
    library: str
    state: str
    door: str
    file: str | None = None
    line: Line = None
    seed: Seed = None


class _Use(msgspec.Struct, tag="use", tag_field="event"):
    library: str
    state: str
    door: str
    seeds: tuple[int, int]
    file: str | None = None
    line: Line = None
    op_seed: Seed = None


_DOCUMENT = OpenObject(_Document)
_VIEW = OpenObject(_View)
_COLUMN = OpenObject(_Column)
_INTERPRETER = OpenObject(_Interpreter)
_DEVICE = OpenObject(_Device)
_RUN = OpenObject(_Run)
_DRAW = OpenObject(_Draw)
_EVENT: OpenObject[Any] = OpenObject(_Source, _Use)
_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])
_IS_NULL = b"null"


def read(data: bytes) -> Lab:
    """Return the lab in ``data``, a document of version 2. Raises `WrongError`."""
    return _Reader().lab(data)


class _Reader:
    def __init__(self) -> None:
        self._draws = DrawReader()
        self._counter = ExtraCounter()

    def lab(self, data: bytes) -> Lab:
        document, extra = _DOCUMENT.read(data, "$", self._counter)
        view, view_extra = _VIEW.read(document.view, "$.view", self._counter)
        columns = tuple(
            self._column(column, f"$.experiments[{number}]") for number, column in enumerate(document.experiments)
        )
        check_lab(view.current, [column.script for column in columns])
        return Lab(
            columns=columns,
            created=document.created,
            view=View(look=view.look, current=view.current, extra=view_extra),
            extra=extra,
        )

    def _column(self, data: msgspec.Raw, path: str) -> Column:
        column, extra = _COLUMN.read(data, path, self._counter)
        runs = tuple(self._run(run, f"{path}.runs[{number}]") for number, run in enumerate(column.runs))
        check_indices([run.index for run in runs], path)
        experiment = None if column.experiment is None else _experiment(column.experiment, f"{path}.experiment")
        interpreter, influence = column.interpreter, column.influence
        return Column(
            name=column.name,
            experiment=experiment,
            script=column.script,
            interpreter=None if _is_null(interpreter) else self._interpreter(interpreter, f"{path}.interpreter"),
            runs=runs,
            trusted=is_written_by_seedlab(experiment, column.script, path),
            influence=None
            if _is_null(influence)
            else read_influence(influence, column.script, f"{path}.influence", self._counter),
            extra=extra,
        )

    def _interpreter(self, data: msgspec.Raw, path: str) -> Interpreter:
        written, extra = _INTERPRETER.read(data, path, self._counter)
        return interpreter_of(
            executable=written.executable,
            python=written.python,
            packages=written.packages,
            devices=tuple(
                self._device(device, f"{path}.devices[{number}]") for number, device in enumerate(written.devices)
            ),
            no_gpu_reason=written.no_gpu_reason,
            problem=written.problem,
            extra=extra,
        )

    def _device(self, data: msgspec.Raw, path: str) -> Device:
        device, extra = _DEVICE.read(data, path, self._counter)
        return Device(device.name, device.about, extra)

    def _run(self, data: msgspec.Raw, path: str) -> Run:
        run, extra = _RUN.read(data, path, self._counter)
        draws, trace = enumerate(run.draws), enumerate(run.trace)
        return Run(
            index=run.index,
            outcome=run.outcome,
            seconds=run.seconds,
            text=run.text,
            draws=tuple(self._draw(draw, len(run.trace), f"{path}.draws[{number}]") for number, draw in draws),
            trace=tuple(self._event(event, f"{path}.trace[{number}]") for number, event in trace),
            start=run.start,
            start_reason=run.start_reason,
            problem=run.problem,
            details=run.details,
            notes=run.notes,
            extra=extra,
        )

    def _draw(self, data: msgspec.Raw, events: int, path: str) -> Draw:
        written, extra = _DRAW.read(data, path, self._counter)
        draw = self._draws.draw(written, events, path)
        return msgspec.structs.replace(draw, extra=extra) if extra else draw

    def _event(self, data: msgspec.Raw, path: str) -> Event:
        event, extra = _EVENT.read(data, path, self._counter)
        fields = {name: getattr(event, name) for name in event.__struct_fields__}
        return Source(**fields, extra=extra) if isinstance(event, _Source) else Use(**fields, extra=extra)


def _is_null(data: msgspec.Raw) -> bool:
    return bytes(data) == _IS_NULL


def _experiment(written: dict[str, Choice], path: str) -> Experiment:
    """Return the experiment; choices that an earlier seedlab did not have are at their defaults."""
    if "library" not in written:
        raise WrongError("object missing required field `library`", path)
    library = written.pop("library")
    if not isinstance(library, str):
        raise WrongError("expected `str`", f"{path}.library")
    family = FAMILIES.get(library)
    return Experiment.of(library, written) if family is None else family.experiment(**written)
