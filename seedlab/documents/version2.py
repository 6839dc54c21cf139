"""Reads version 2 of the document. Fields that a newer seedlab has added are kept, except among the choices."""

import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from seedlab.documents.columns import (
    check_current,
    check_experiment,
    check_indices,
    check_scripts,
    is_written_by_seedlab,
    wrong_choice,
)
from seedlab.documents.decoding import WrongError
from seedlab.documents.drawn import DrawReader
from seedlab.documents.interpreters import interpreter_of
from seedlab.documents.limits import (
    MAX_COLUMNS,
    MAX_DEVICES,
    MAX_PACKAGES,
    MAX_RUNS,
    MAX_SCENES,
    MAX_SCRIPT,
    MAX_STACK,
    Count,
    Line,
)
from seedlab.documents.unknown_fields import OpenDecoder, Unknown
from seedlab.documents.version2_influence import WrittenInfluence, read_influence
from seedlab.documents.version2_program import WrittenProgram, read_program
from seedlab.errors import ChoiceError
from seedlab.libraries.registry import experiment_of
from seedlab.results.environment import Device, Interpreter
from seedlab.results.run import Draw, Outcome, Run
from seedlab.results.trace import Event, Seed, Shared, Source, Use
from seedlab.study.experiment import Choice, Experiment
from seedlab.study.lab import Column, Lab, Scene, View

_IGNORED = msgspec.Raw(b"null")
"""The default of fields that are written for other readers of the document and ignored here."""


class _Draw(msgspec.Struct):
    label: str
    dtype: str
    shape: msgspec.Raw
    values: msgspec.Raw
    line: Line = None
    events_before: Count = 0
    data: bytes | None = None
    file: str | None = None


class _Source(msgspec.Struct, tag="source", tag_field="event"):
    kind: Literal["set", "taken"]
    library: str
    state: str
    door: str
    file: str | None = None
    line: Line = None
    seed: Seed = None
    stack: Annotated[tuple[tuple[str | None, int, str], ...], Meta(max_length=MAX_STACK)] = ()
    through: str = ""


class _Use(msgspec.Struct, tag="use", tag_field="event"):
    library: str
    state: str
    door: str
    seeds: tuple[int, int]
    file: str | None = None
    line: Line = None
    op_seed: Seed = None
    through: str = ""


class _Shared(msgspec.Struct, tag="shared", tag_field="event"):
    library: str
    state: str
    door: str
    threads: Count
    file: str | None = None
    line: Line = None


class _Run(msgspec.Struct):
    index: Annotated[int, Meta(ge=1, le=MAX_RUNS)]
    outcome: Outcome
    seconds: Annotated[float, Meta(ge=0)]
    text: str
    draws: list[_Draw]
    trace: list[_Source | _Use | _Shared]
    start: str = "cold"
    start_reason: str = ""
    problem: str = ""
    details: str = ""
    notes: tuple[str, ...] = ()


class _Device(msgspec.Struct):
    name: str
    about: str = ""


class _Interpreter(msgspec.Struct):
    executable: str
    python: str
    packages: Annotated[dict[str, str], Meta(max_length=MAX_PACKAGES)] = {}
    devices: Annotated[list[_Device], Meta(max_length=MAX_DEVICES)] = []
    no_gpu_reason: str = ""
    problem: str = ""
    device: msgspec.Raw = _IGNORED


class _Column(msgspec.Struct):
    name: str
    experiment: dict[str, Choice] | None
    script: Annotated[str, Meta(max_length=MAX_SCRIPT)]
    interpreter: _Interpreter | None
    runs: Annotated[list[_Run], Meta(max_length=MAX_RUNS)]
    influence: WrittenInfluence | None = None
    program: WrittenProgram | None = None
    next_program: WrittenProgram | None = None
    next_script: Annotated[str, Meta(max_length=MAX_SCRIPT)] | None = None
    comparison: msgspec.Raw = _IGNORED


class _View(msgspec.Struct):
    look: Literal["auto", "lines", "values", "map", "why"] = "auto"
    current: int = 0


class _Scene(msgspec.Struct):
    title: str
    experiments: Annotated[list[_Column], Meta(min_length=1, max_length=MAX_COLUMNS)]
    view: _View = msgspec.field(default_factory=_View)
    notes: str = ""
    is_covered: bool = False
    is_fresh: bool = False


class _Document(msgspec.Struct):
    created: Annotated[datetime.datetime, Meta(tz=True)]
    experiments: Annotated[list[_Column], Meta(max_length=MAX_COLUMNS)]
    view: _View = msgspec.field(default_factory=_View)
    scenes: Annotated[list[_Scene], Meta(max_length=MAX_SCENES)] = []
    format: msgspec.Raw = _IGNORED
    version: msgspec.Raw = _IGNORED
    seedlab: msgspec.Raw = _IGNORED


_DOCUMENT = OpenDecoder(_Document)


def read(data: bytes) -> Lab:
    """Return the lab in ``data``, a document of version 2. Raises `WrongError`."""
    document, unknown = _DOCUMENT.decode(data)
    check_current(document.view.current, len(document.experiments))
    for number, scene in enumerate(document.scenes):
        check_current(scene.view.current, len(scene.experiments), f"$.scenes[{number}]")
    parts = (document.experiments, *(scene.experiments for scene in document.scenes))
    check_scripts(column.script + (column.next_script or "") for columns in parts for column in columns)
    return _Reader().lab(document, unknown)


def _view(view: _View, unknown: Unknown) -> View:
    return View(view.look, view.current, unknown.at("view").extra)


class _Reader:
    """Makes a lab of a decoded document and the unknown fields of each of its parts."""

    def __init__(self) -> None:
        self._draws = DrawReader(has_texts=True)

    def lab(self, document: _Document, unknown: Unknown) -> Lab:
        return Lab(
            columns=self._columns(document.experiments, "$", unknown),
            created=document.created,
            view=_view(document.view, unknown),
            scenes=tuple(
                self._scene(scene, f"$.scenes[{number}]", unknown.at("scenes", number))
                for number, scene in enumerate(document.scenes)
            ),
            extra=unknown.extra,
        )

    def _scene(self, scene: _Scene, path: str, unknown: Unknown) -> Scene:
        return Scene(
            title=scene.title,
            columns=self._columns(scene.experiments, path, unknown),
            view=_view(scene.view, unknown),
            notes=scene.notes,
            is_covered=scene.is_covered,
            is_fresh=scene.is_fresh,
            extra=unknown.extra,
        )

    def _columns(self, columns: list[_Column], path: str, unknown: Unknown) -> tuple[Column, ...]:
        return tuple(
            self._column(column, f"{path}.experiments[{number}]", unknown.at("experiments", number))
            for number, column in enumerate(columns)
        )

    def _column(self, column: _Column, path: str, unknown: Unknown) -> Column:
        check_indices([run.index for run in column.runs], path)
        runs = tuple(
            self._run(run, f"{path}.runs[{number}]", unknown.at("runs", number))
            for number, run in enumerate(column.runs)
        )
        experiment = None if column.experiment is None else _experiment(column.experiment, f"{path}.experiment")
        interpreter, influence, program, next_program = None, None, None, None
        if column.program is not None:
            program = read_program(column.program, unknown.at("program").extra)
        if column.next_program is not None:
            next_program = read_program(column.next_program, unknown.at("next_program").extra)
        if column.interpreter is not None:
            interpreter = _interpreter(column.interpreter, unknown.at("interpreter"))
        if column.influence is not None:
            influence = read_influence(column.influence, column.script, f"{path}.influence", unknown.at("influence"))
        return Column(
            name=column.name,
            experiment=experiment,
            script=column.script,
            interpreter=interpreter,
            runs=runs,
            trusted=column.next_script is None and is_written_by_seedlab(experiment, column.script),
            influence=influence,
            program=program,
            next_program=next_program,
            next_script=column.next_script,
            extra=unknown.extra,
        )

    def _run(self, run: _Run, path: str, unknown: Unknown) -> Run:
        return Run(
            index=run.index,
            outcome=run.outcome,
            seconds=run.seconds,
            text=run.text,
            draws=tuple(
                self._draw(draw, len(run.trace), f"{path}.draws[{number}]", unknown.at("draws", number))
                for number, draw in enumerate(run.draws)
            ),
            trace=tuple(_event(event, unknown.at("trace", number)) for number, event in enumerate(run.trace)),
            start=run.start,
            start_reason=run.start_reason,
            problem=run.problem,
            details=run.details,
            notes=run.notes,
            extra=unknown.extra,
        )

    def _draw(self, written: _Draw, events: int, path: str, unknown: Unknown) -> Draw:
        draw = self._draws.draw(written, events, path)
        if unknown or written.file is not None:
            return msgspec.structs.replace(draw, file=written.file, extra=unknown.extra)
        return draw


def _event(event: _Source | _Use | _Shared, unknown: Unknown) -> Event:
    fields = msgspec.structs.asdict(event)
    # What is decoded is of a class derived from these, which takes note of unknown fields.
    kind = Source if isinstance(event, _Source) else Use if isinstance(event, _Use) else Shared
    return kind(**fields, extra=unknown.extra)


def _interpreter(written: _Interpreter, unknown: Unknown) -> Interpreter:
    return interpreter_of(
        executable=written.executable,
        python=written.python,
        packages=written.packages,
        devices=tuple(
            Device(device.name, device.about, unknown.at("devices", number).extra)
            for number, device in enumerate(written.devices)
        ),
        no_gpu_reason=written.no_gpu_reason,
        problem=written.problem,
        extra=unknown.extra,
    )


def _experiment(written: dict[str, Choice], path: str) -> Experiment:
    """Return the experiment ``written``; choices that an earlier seedlab did not have are at their defaults."""
    if "library" not in written:
        raise WrongError("object missing required field `library`", path)
    library = written.pop("library")
    if not isinstance(library, str):
        raise WrongError("expected `str`", f"{path}.library")
    try:
        experiment = experiment_of(library, **written)
    except ChoiceError as error:
        raise wrong_choice(error, path) from None
    check_experiment(experiment, path)
    return experiment
