"""Version 1 for ever: files that it wrote are read as they were, by what stands in ``version1/expected.json``."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from seedlab.documents.files import read_lab
from seedlab.documents.interpreters import packages_of
from seedlab.documents.reading import from_json
from seedlab.documents.writing import to_json
from seedlab.errors import DocumentError
from seedlab.results.run import Run
from seedlab.results.trace import Event, Source, Use
from seedlab.study.experiment import Experiment
from seedlab.study.lab import Column, Lab

FOLDER = Path(__file__).parent / "version1"
EXPECTED: dict[str, Any] = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))
READ = [name for name, expected in EXPECTED.items() if "refused" not in expected]

# --- today's values as the reader of version 1 had them ------------------------------------------

FIXED = {
    "tensorflow-graph": {},
    "python-random": {"op_seed": None, "device": "auto", "sample_size": 1, "sessions": 1, "distribution": "normal"},
    "numpy-legacy": {"op_seed": None, "device": "auto", "sessions": 1, "distribution": "normal"},
    "numpy-generator": {"op_seed": None, "device": "auto", "sessions": 1, "distribution": "normal"},
}


NAMES = {"global": "numpy-legacy", "default-rng": "numpy-generator"}
"""What NumPy's two libraries were called, by what the one library of today draws from."""
NEW = {"generator", "seeded", "drawn", "extra"}
"""The choices that libraries have got since."""


def choices_of_then(experiment: Experiment) -> dict[str, Any]:
    library = NAMES[str(experiment["generator"])] if experiment.library == "numpy" else experiment.library
    chosen = {name: value for name, value in experiment.choices if name not in NEW}
    return {"library": library, **FIXED[library], **chosen}


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def lab_of_then(lab: Lab) -> dict[str, Any]:
    return {
        "created": lab.created.isoformat(),
        "view": {"look": lab.view.look, "current": lab.view.current},
        "columns": [column_of_then(column) for column in lab.columns],
    }


def column_of_then(column: Column) -> dict[str, Any]:
    experiment, interpreter = column.experiment, column.interpreter
    return {
        "name": column.name,
        "experiment": None if experiment is None else choices_of_then(experiment),
        "script": sha256(column.script.encode()),
        "trusted": column.trusted,
        "interpreter": None
        if interpreter is None
        else {
            "executable": interpreter.executable,
            "python": interpreter.python,
            "numpy": packages_of(interpreter).get("numpy", ""),
            "tensorflow": packages_of(interpreter).get("tensorflow", ""),
            "devices": [{"name": device.name, "about": device.about} for device in interpreter.devices],
            "no_gpu_reason": interpreter.no_gpu_reason,
            "problem": interpreter.problem,
        },
        "runs": [run_of_then(run) for run in column.runs],
    }


def run_of_then(run: Run) -> dict[str, Any]:
    return {
        "index": run.index,
        "outcome": run.outcome.value,
        "start": run.start,
        "start_reason": run.start_reason,
        "seconds": run.seconds,
        "text": sha256(run.text.encode()),
        "problem": run.problem,
        "details": run.details,
        "notes": list(run.notes),
        "draws": [
            {
                "label": draw.label,
                "dtype": draw.dtype,
                "shape": list(draw.shape),
                "data": sha256(draw.data),
                "line": draw.line,
                "events_before": draw.events_before,
            }
            for draw in run.draws
        ],
        "trace": [event_of_then(event) for event in run.trace],
    }


ON = {("python", "random.seed"): "python", ("numpy", "numpy.random.seed"): "numpy"}


def event_of_then(event: Event) -> dict[str, Any]:
    assert event.file is None
    if event.door == "tf.random_seed.get_seed":
        assert event.library == "tensorflow"
        asked: dict[str, Any] = {"event": "use", "line": event.line, "on": event.state}
        if isinstance(event, Source):
            assert event.kind == "taken"
            return {**asked, "op_seed": None, "seeds": None}
        assert isinstance(event, Use)
        return {**asked, "op_seed": event.op_seed, "seeds": list(event.seeds)}
    assert isinstance(event, Source)
    assert event.kind == ("taken" if event.seed is None and event.library != "tensorflow" else "set")
    doors = {"python": {"random.seed"}, "numpy": {"numpy.random.seed", "numpy.random.default_rng"}}
    assert event.door in doors.get(event.library, {"tf.Graph.seed", "tf.random.set_seed"})
    assert (event.door == "tf.random.set_seed") == (event.state == "eager")
    assert (event.door == "numpy.random.default_rng") == event.state.startswith("generator ")
    on = ON.get((event.library, event.door), event.state)
    assert (on != event.state) == (event.state == "global")
    return {"event": "set", "line": event.line, "on": on, "seed": event.seed}


@pytest.mark.parametrize("name", READ)
def test_a_file_is_read_as_it_was(name: str) -> None:
    assert lab_of_then(read_lab(FOLDER / name)) == EXPECTED[name]


@pytest.mark.parametrize("name", READ)
def test_what_is_read_comes_back_from_the_newest_version(name: str) -> None:
    lab = read_lab(FOLDER / name)
    data = to_json(lab)
    assert json.loads(data)["version"] == 2
    assert from_json(data, name) == lab
    assert to_json(from_json(data, name)) == data


def test_a_picture_without_data_is_refused_as_it_was() -> None:
    refused = [name for name, expected in EXPECTED.items() if "refused" in expected]
    assert refused == ["picture-without-data.png"]
    for name in refused:
        with pytest.raises(DocumentError) as caught:
            read_lab(FOLDER / name)
        assert caught.value.what.replace(str(FOLDER / name), name) == EXPECTED[name]["refused"]


def test_every_file_is_expected() -> None:
    files = {path.name for path in FOLDER.iterdir()} - {"README.md", "expected.json"}
    assert files == set(EXPECTED)


# --- what is refused, and where ----------------------------------------------------------------

SET = {"event": "set", "line": None, "on": "python", "seed": 1}
RUN = {"index": 1, "outcome": "finished", "seconds": 1, "text": "", "trace": [], "draws": []}
DRAW = {"label": "x", "dtype": "float32", "shape": [2], "values": [0.5, "nan"]}


def document(**changes: Any) -> dict[str, Any]:
    column = {"name": "c", "experiment": None, "script": "", "interpreter": None, "runs": [], **changes}
    return {"format": "seedlab", "version": 1, "created": "2024-05-06T07:08:09Z", "experiments": [column]}


def made(**choices: Any) -> dict[str, Any]:
    return document(experiment=choices)


def ran(**changes: Any) -> dict[str, Any]:
    return document(runs=[{**RUN, **changes}])


def drew(**changes: Any) -> dict[str, Any]:
    return ran(draws=[{**DRAW, **changes}])


def traced(**event: Any) -> dict[str, Any]:
    return ran(trace=[event])


EXPERIMENT, FIRST = "$.experiments[0].experiment", "$.experiments[0].runs[0]"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (made(library="os", placement="none"), f"{EXPERIMENT}.library, There is no library “os”"),
        (made(library="python-random"), f"{EXPERIMENT}, object missing required field `placement`"),
        (made(library="python-random", placement="before"), f"{EXPERIMENT}.placement"),
        (made(library="python-random", placement="none", graph_seed=2**63, sample_size=1), f"{EXPERIMENT}.graph_seed"),
        # What it left out was three values a draw, which is what Python's random could not draw.
        (made(library="python-random", placement="none"), f"{EXPERIMENT}.sample_size, Python random has no"),
        (made(library="numpy-legacy", placement="none", sessions=2), f"{EXPERIMENT}.sessions"),
        (made(library="numpy-generator", placement="none", op_seed=1), f"{EXPERIMENT}.op_seed"),
        (made(library="numpy-generator", placement="none", device="CPU:0"), f"{EXPERIMENT}.device"),
        (made(library="tensorflow-graph", placement="none", seeds=1), "unknown field `seeds`"),
        (ran(outcome="exploded"), f"{FIRST}.outcome, invalid enum value 'exploded'"),
        (ran(seconds=-1), f"{FIRST}.seconds"),
        (ran(index=10_001), f"{FIRST}.index, expected `int` <= 10000"),
        (document(runs=[RUN, RUN]), "$.experiments[0].runs[1].index, an earlier run has the index 1 as well"),
        (document(script="#" * 1_000_001), "$.experiments[0].script"),
        (traced(event="set", line=2**31, on="python", seed=1), f"{FIRST}.trace[0].line, there is no such line"),
        (traced(event="set", line=1, on="python"), f"{FIRST}.trace[0], object missing required field `seed`"),
        (traced(event="source", line=1, on="python", seed=1), f"{FIRST}.trace[0].event, invalid value 'source'"),
        (traced(event="use", line=1, on="graph 1", op_seed=1, seeds=[1]), f"{FIRST}.trace[0].seeds"),
        (drew(dtype="object"), f"{FIRST}.draws[0].dtype, there is no dtype “object”"),
        (drew(shape=[1]), f"{FIRST}.draws[0].values, the shape takes 1 value, and"),
        (drew(shape=[3]), f"{FIRST}.draws[0].values, the shape takes 3 values"),
        (drew(values=[1e39, 0]), f"{FIRST}.draws[0].values[0], this is too large for float32"),
        (drew(data="AAAA"), f"{FIRST}.draws[0].data"),
        (drew(events_before=1), f"{FIRST}.draws[0].events_before, the trace has 0 events"),
        (ran(trace=[SET], draws=[{**DRAW, "events_before": 2}]), "draws[0].events_before, the trace has 1 event"),
        (drew(line=-1), f"{FIRST}.draws[0].line"),
        ({**document(), "view": {"current": 1}}, "$.view.current, there is no such column"),
        ({**document(), "experiments": document()["experiments"] * 1001}, "$.experiments, expected `array` of length"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_with_its_path(written: dict[str, Any], said: str) -> None:
    with pytest.raises(DocumentError) as caught:
        from_json(json.dumps(written).encode(), "a-name")
    assert said in caught.value.what


def test_what_nobody_knew_is_passed_over() -> None:
    plain = from_json(json.dumps(drew()).encode(), "plain")
    assert from_json(json.dumps({**drew(colour=1), "mood": [1]}).encode(), "more") == plain


def test_a_state_that_no_seedlab_wrote_belongs_to_no_library() -> None:
    document = json.loads((FOLDER / "preset-random.json").read_bytes())
    for run in document["experiments"][0]["runs"]:
        run["trace"] = [{"event": "set", "line": 3, "on": "keras 1", "seed": 3}]
        for draw in run["draws"]:
            draw["events_before"] = 1
    lab = from_json(json.dumps(document).encode(), "it")
    (event,) = lab.columns[0].runs[0].trace
    assert isinstance(event, Source)
    assert (event.kind, event.library, event.state, event.seed) == ("set", "unknown", "keras 1", 3)
