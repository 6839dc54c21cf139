"""Version 1 of the document: how it was written, and what it means today.

The structs must never change; only the code that makes today's values of them, from `_Migration` on, follows the
program. Fields that are not listed here were ignored by the program that had this version, and still are.
"""

import datetime
import re
from collections.abc import Mapping
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
from seedlab.documents.decoding import WrongError, decode
from seedlab.documents.drawn import DrawReader
from seedlab.documents.interpreters import interpreter_of
from seedlab.libraries.registry import LIBRARIES, experiment_of
from seedlab.phrases import sentence
from seedlab.results.environment import Device, Interpreter
from seedlab.results.run import Outcome, Run
from seedlab.results.trace import Event, Source, Use
from seedlab.study.experiment import Experiment
from seedlab.study.lab import Column, Lab, View

_MAX_COLUMNS = 1_000
_MAX_RUNS = 10_000
_MAX_SCRIPT = 1_000_000
_MAX_LINE = 2**31 - 1
_Count = Annotated[int, Meta(ge=0, le=_MAX_LINE)]
_Line = Annotated[int, Meta(ge=0, le=_MAX_LINE)] | None
_Seed = int | str | None


class _Draw(msgspec.Struct):
    label: str
    dtype: str
    shape: msgspec.Raw
    values: msgspec.Raw
    line: _Line = None
    events_before: _Count = 0
    data: bytes | None = None


class _Set(msgspec.Struct, tag="set", tag_field="event"):
    """A seed was set on ``"default graph"``, ``"graph 1"``, ``"eager"``, ``"python"``, ``"numpy"``, ``"generator 1"``.

    Without a seed, the library seeds itself from the system.
    """

    line: int | None
    on: str
    seed: _Seed


class _Use(msgspec.Struct, tag="use", tag_field="event"):
    """An op asked for its seeds; None instead of the pair when it draws from the system."""

    line: int | None
    on: str
    op_seed: _Seed
    seeds: tuple[int, int] | None


class _Run(msgspec.Struct):
    index: Annotated[int, Meta(ge=1, le=_MAX_RUNS)]
    outcome: Literal["finished", "failed", "timed out", "cancelled"]
    seconds: Annotated[float, Meta(ge=0)]
    text: str
    draws: list[_Draw]
    trace: list[_Set | _Use]
    start: str = "cold"
    start_reason: str = ""
    problem: str = ""
    details: str = ""
    notes: tuple[str, ...] = ()


class _Experiment(msgspec.Struct, forbid_unknown_fields=True):
    """One set of choices for every library; those that a library does not have are at a fixed value."""

    library: str
    placement: str
    graph_seed: int = 0
    op_seed: int | None = None
    device: str = "auto"
    sample_size: int = 3
    draws_per_op: int = 2
    sessions: int = 1
    distribution: str = "normal"


_FIXED: Mapping[str, Mapping[str, str | int | None]] = {
    "tensorflow-graph": {},
    "python-random": {
        "op_seed": None, "device": "auto", "sample_size": 1, "sessions": 1, "distribution": "normal",
    },
    "numpy-legacy": {"op_seed": None, "device": "auto", "sessions": 1, "distribution": "normal"},
    "numpy-generator": {"op_seed": None, "device": "auto", "sessions": 1, "distribution": "normal"},
}  # fmt: skip
"""The libraries of version 1, each with the values of the choices that it does not have."""


class _Device(msgspec.Struct):
    name: str
    about: str = ""


class _Interpreter(msgspec.Struct):
    executable: str
    python: str
    numpy: str = ""
    tensorflow: str = ""
    devices: tuple[_Device, ...] = ()
    no_gpu_reason: str = ""
    problem: str = ""


class _Column(msgspec.Struct):
    name: str
    experiment: _Experiment | None
    script: Annotated[str, Meta(max_length=_MAX_SCRIPT)]
    interpreter: _Interpreter | None
    runs: Annotated[list[_Run], Meta(max_length=_MAX_RUNS)]


class _View(msgspec.Struct):
    look: Literal["auto", "lines", "values", "map"] = "auto"
    current: int = 0


class _Document(msgspec.Struct):
    created: Annotated[datetime.datetime, Meta(tz=True)]
    experiments: Annotated[list[_Column], Meta(max_length=_MAX_COLUMNS)]
    view: _View = msgspec.field(default_factory=_View)


_DOCUMENT = msgspec.json.Decoder(_Document)


def read(data: bytes) -> Lab:
    """Return the lab in ``data``, a document of version 1. Raises `WrongError`."""
    document = decode(_DOCUMENT.decode, data)
    check_current(document.view.current, len(document.experiments))
    check_scripts(column.script for column in document.experiments)
    return _Migration().lab(document)


class _Migration:
    """Makes today's values of a decoded document."""

    def __init__(self) -> None:
        self._draws = DrawReader()

    def lab(self, document: _Document) -> Lab:
        columns = tuple(
            self._column(column, f"$.experiments[{number}]") for number, column in enumerate(document.experiments)
        )
        view = View(look=document.view.look, current=document.view.current)
        return Lab(columns=columns, created=document.created, view=view)

    def _column(self, column: _Column, path: str) -> Column:
        check_indices([run.index for run in column.runs], path)
        runs = tuple(self._run(run, f"{path}.runs[{number}]") for number, run in enumerate(column.runs))
        experiment = None if column.experiment is None else _experiment(column.experiment, f"{path}.experiment")
        return Column(
            name=column.name,
            experiment=experiment,
            script=column.script,
            interpreter=None if column.interpreter is None else _interpreter(column.interpreter),
            runs=runs,
            trusted=is_written_by_seedlab(experiment, column.script),
        )

    def _run(self, run: _Run, path: str) -> Run:
        for number, event in enumerate(run.trace):
            if event.line is not None and not 0 <= event.line <= _MAX_LINE:
                raise WrongError(sentence("there is no such line"), f"{path}.trace[{number}].line")
        return Run(
            index=run.index,
            outcome=Outcome(run.outcome),
            seconds=run.seconds,
            text=run.text,
            draws=tuple(
                self._draws.draw(draw, len(run.trace), f"{path}.draws[{number}]")
                for number, draw in enumerate(run.draws)
            ),
            trace=tuple(_event(event) for event in run.trace),
            start=run.start,
            start_reason=run.start_reason,
            problem=run.problem,
            details=run.details,
            notes=run.notes,
        )


def _experiment(written: _Experiment, path: str) -> Experiment:
    choices = msgspec.structs.asdict(written)
    del choices["library"]
    fixed = _FIXED.get(written.library)
    if fixed is None:
        raise wrong_choice(LIBRARIES.no_library(written.library), path)
    experiment = experiment_of(written.library, **{name: value for name, value in choices.items() if name not in fixed})
    check_experiment(experiment, path)
    for name, value in fixed.items():
        if choices[name] != value:
            raise wrong_choice(LIBRARIES.family_of(experiment).unknown(name), path)
    return experiment


def _interpreter(written: _Interpreter) -> Interpreter:
    return interpreter_of(
        executable=written.executable,
        python=written.python,
        packages={"tensorflow": written.tensorflow, "numpy": written.numpy},
        devices=tuple(Device(device.name, device.about) for device in written.devices),
        no_gpu_reason=written.no_gpu_reason,
        problem=written.problem,
    )


_GRAPH = re.compile(r"default graph|graph \d+")


def _event(event: _Set | _Use) -> Event:
    if isinstance(event, _Set):
        return _set(event)
    door = "tf.random_seed.get_seed"
    if event.seeds is None:
        return Source(kind="taken", library="tensorflow", state=event.on, door=door, line=event.line)
    return Use(
        library="tensorflow", state=event.on, door=door, line=event.line, op_seed=event.op_seed, seeds=event.seeds
    )


def _set(event: _Set) -> Source:
    match event.on.split(" ")[0]:
        case "python" if event.on == "python":
            library, state, door = "python", "global", "random.seed"
        case "numpy" if event.on == "numpy":
            library, state, door = "numpy", "global", "numpy.random.seed"
        case "generator":
            library, state, door = "numpy", event.on, "numpy.random.default_rng"
        case "eager" if event.on == "eager":
            library, state, door = "tensorflow", event.on, "tf.random.set_seed"
        case _ if _GRAPH.fullmatch(event.on):
            library, state, door = "tensorflow", event.on, "tf.Graph.seed"
        case _:
            # No seedlab wrote it: it belongs to no library that a rule could know.
            library, state, door = "unknown", event.on, "unknown"
    is_taken = event.seed is None and library in {"python", "numpy"}
    kind: Literal["set", "taken"] = "taken" if is_taken else "set"
    return Source(kind=kind, library=library, state=state, door=door, line=event.line, seed=event.seed)
