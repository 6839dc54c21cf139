"""The document read: a lab comes back whole, and whatever else is read is refused with its place."""

import json
import math
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seedlab.analysis.summary import summarise
from seedlab.documents import limits
from seedlab.documents.limits import MAX_COLUMNS
from seedlab.documents.reading import from_json
from seedlab.documents.writing import to_document, to_json
from seedlab.errors import DocumentError
from seedlab.libraries.presets import PRESETS
from seedlab.libraries.registry import script_of
from seedlab.results.environment import Interpreter
from seedlab.results.run import Draw
from seedlab.study.experiment import MAX_RUNS, MAX_VALUES
from seedlab.study.lab import Lab, View
from seedlab.study.script import MAX_SCRIPT
from tests.helpers.documents import CREATED, influenced_lab, plain, talk, whole_lab
from tests.helpers.values import column, run, runs, text_draw

_VERSION1 = Path(__file__).parent / "version1"

# --- reading it back ---------------------------------------------------------------------------


def back(lab: Lab) -> Lab:
    return from_json(to_json(lab), "lab.seedlab")


@pytest.mark.parametrize("lab", [whole_lab(), influenced_lab(), talk()])
def test_a_lab_comes_back_whole(lab: Lab) -> None:
    assert back(lab) == lab
    assert to_json(back(lab)) == to_json(lab)


def test_a_lab_of_nothing_comes_back() -> None:
    lab = Lab.of([])
    assert back(lab) == lab


NUMBERS = ["bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
           "float16", "bfloat16", "float32", "float64", "complex64", "complex128"]  # fmt: skip


@st.composite
def draws(drawing: st.DrawFn) -> Draw:
    dtype = drawing(st.sampled_from(NUMBERS))
    shape = tuple(drawing(st.lists(st.integers(0, 3), max_size=3)))
    size = math.prod(shape) * (2 if dtype == "bfloat16" else np.dtype(dtype).itemsize)
    data = drawing(st.binary(min_size=size, max_size=size))
    return Draw(
        drawing(st.text(max_size=5)), dtype, shape, bytes(byte & 1 for byte in data) if dtype == "bool" else data
    )


@given(st.lists(draws(), max_size=5))
def test_draws_of_any_bytes_come_back_to_the_bit(made: list[Draw]) -> None:
    lab = Lab(columns=(column(run(1, *made)),), created=CREATED)
    assert back(lab).columns[0].runs == lab.columns[0].runs


@given(st.text())
def test_texts_come_back(text: str) -> None:
    lab = Lab(columns=(column(run(1, text_draw("line 1", text, line=1))),), created=CREATED)
    assert back(lab).columns[0].runs == lab.columns[0].runs


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"values": "text"}, "draws[0].values"),
        ({"values": []}, "draws[0].values"),
        ({"values": ["a", "b"]}, "draws[0].values"),
        ({"values": [1]}, "draws[0].values"),
        ({"shape": [1]}, "a text has no dimensions"),
        ({"data": "YQ=="}, "a text has no bytes besides"),
        ({"dtype": "str"}, "there is no dtype"),
    ],
)
def test_a_text_that_is_wrong_is_refused(changes: dict[str, object], said: str) -> None:
    document = plain(Lab(columns=(column(run(1, text_draw("line 1", "a"))),), created=CREATED))
    document["experiments"][0]["runs"][0]["draws"][0].update(changes)
    refused(document, said)


def test_version_1_has_no_texts() -> None:
    document = json.loads((_VERSION1 / "own-dtypes.json").read_bytes())
    drawn = document["experiments"][0]["runs"][0]["draws"][0]
    drawn.update({"dtype": "text", "shape": [], "values": ["a"]})
    drawn.pop("data", None)
    refused(document, "there is no dtype “text” of numbers")


def test_booleans_that_are_neither_come_back_to_the_bit() -> None:
    lab = Lab.of([column(run(1, Draw("x", "bool", (3,), b"\0\1\2")))])
    assert back(lab).columns[0].runs == lab.columns[0].runs


@pytest.mark.skipif(np.finfo(np.longdouble).nmant <= 52, reason="long double is double here")
@pytest.mark.parametrize("kind", [np.longdouble, np.clongdouble])
def test_extended_floats_come_back_to_the_bit(kind: type[Any]) -> None:
    dtype = np.dtype(kind)
    values = np.array([1, math.nan, -math.inf, 0.1], dtype)
    values[0] += np.finfo(np.longdouble).eps
    lab = Lab.of([column(run(1, Draw("x", dtype.name, (4,), values.tobytes())))])
    assert plain(lab)["experiments"][0]["runs"][0]["draws"][0]["values"][0] == str(values[0].real)
    assert back(lab).columns[0].runs == lab.columns[0].runs


def test_microseconds_are_kept() -> None:
    (ended,) = back(Lab.of([column(msgspec.structs.replace(run(1), seconds=1.23456789))])).columns[0].runs
    assert ended.seconds == 1.234568


def test_what_an_older_document_does_not_say_is_left_open() -> None:
    document = plain(whole_lab())
    del document["view"], document["seedlab"]
    written = document["experiments"][0]
    del written["comparison"]
    for name in ("packages", "devices", "no_gpu_reason", "problem", "device"):
        del written["interpreter"][name]
    for ended in written["runs"]:
        for name in ("start", "start_reason", "notes", "problem", "details"):
            del ended[name]
        for drawn in ended["draws"]:
            del drawn["line"], drawn["events_before"]
    lab = from_json(msgspec.json.encode(document), "old")
    assert lab.view == View()
    assert lab.columns[0].interpreter == Interpreter(executable="/bin/python", python="3.11.7")
    assert [ended.start for ended in lab.columns[0].runs] == ["cold", "cold"]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf", b"\r\n "])
def test_a_mark_and_white_space_before_the_text_are_no_matter(mark: bytes) -> None:
    assert from_json(mark + to_json(whole_lab()), "marked") == whole_lab()


# --- trust -------------------------------------------------------------------------------------

OWN = 'import os\nos.system("touch ran")\n'


def trusted(**changes: object) -> bool:
    """Whether a column with the script of its experiment is trusted after ``changes`` to the document."""
    document = plain(whole_lab())
    document["experiments"][0].update(changes)
    return from_json(msgspec.json.encode(document), "changed").columns[0].trusted


def test_only_the_script_that_seedlab_writes_for_the_experiment_is_trusted() -> None:
    script = script_of(PRESETS["before-graph"].experiment).text
    assert trusted()
    assert trusted(name="another name")
    assert not trusted(script=OWN)
    assert not trusted(script=script + OWN)
    assert not trusted(script=script + " ")
    assert not trusted(script=script.replace("\n", "\r\n"))
    assert not trusted(script="")
    assert not trusted(experiment=None)
    assert not trusted(experiment=None, script=OWN, trusted=True)


def test_a_persons_own_script_is_no_longer_trusted_once_it_came_with_a_document() -> None:
    lab = Lab.of([column(name="own.py", script="print('x:', 1)\n")])
    (read,) = back(lab).columns
    assert lab.columns[0].trusted
    assert read == msgspec.structs.replace(lab.columns[0], trusted=False)
    assert not back(back(lab)).columns[0].trusted


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("library", "os", "There is no library “os”"),
        ("placement", "after-op; import os", "There is no placement"),
        ("device", 'CPU:0"):\n    import os #', "There is no device"),
        ("device", "CPU:0\n", "There is no device"),
        ("distribution", "normal(); import os", "Distribution cannot be"),
        ("graph_seed", 2**63, "Graph seed cannot be"),
        ("sample_size", 0, "Values per draw cannot be 0"),
        ("sessions", 10**9, "cannot be 1000000000"),
    ],
)
def test_a_choice_that_could_not_be_made_is_refused(field: str, value: object, said: str) -> None:
    document = plain(whole_lab())
    document["experiments"][0]["experiment"][field] = value
    refused(document, f"$.experiments[0].experiment.{field}", said)


def test_reading_executes_nothing_and_opens_nothing(tmp_path: Path) -> None:
    document = plain(whole_lab())
    for written in document["experiments"]:
        written["script"] = OWN
        written["name"] = str(tmp_path / "named.py")
        written["interpreter"] = {"executable": str(tmp_path / "python"), "python": "3"}
    (tmp_path / "hostile.json").write_bytes(msgspec.json.encode(document))
    (tmp_path / "harmless.json").write_bytes(to_json(whole_lab()))
    program = (
        "import sys\nfrom pathlib import Path\nfrom seedlab.documents.reading import from_json\n"
        "harmless, hostile = (Path(name).read_bytes() for name in ('harmless.json', 'hostile.json'))\n"
        "from_json(harmless, 'once, so that all is imported')\n"
        "events = []\nsys.addaudithook(lambda event, arguments: events.append((event, arguments)))\n"
        "lab = from_json(hostile, 'hostile')\nseen = list(events)\n"
        "print([column.trusted for column in lab.columns], seen)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "[False, False] []\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["harmless.json", "hostile.json"]


# --- what is refused, and where ----------------------------------------------------------------


def refused(document: object, *said: str) -> None:
    """Assert that ``document``, values or bytes, is refused by name, with all of ``said``."""
    data = document if isinstance(document, bytes) else json.dumps(document).encode()
    with pytest.raises(DocumentError) as caught:
        from_json(data, "a-name.seedlab")
    assert caught.value.what.startswith("a-name.seedlab ")
    assert caught.value.what.endswith(".")
    assert len(caught.value.what) < 400
    assert caught.value.what.isprintable()
    for text in said:
        assert text in str(caught.value)


def at(document: Any, path: str) -> tuple[Any, str | int]:
    """What holds the value at ``path``, and its key or index there."""
    *steps, last = [
        int(step) if step.isdigit() else step for step in path.replace("]", "").replace("[", ".").split(".")
    ]
    for step in steps:
        document = document[step]
    return document, last


RUN = "experiments[0].runs[0]"
DRAW = f"{RUN}.draws[0]"


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("version", "1", "expected `int | null`, got `str`"),
        ("version", 1.5, "got `float`"),
        ("version", True, "got `bool`"),
        ("version", 0, "a whole number from 1"),
        ("version", None, "a whole number from 1"),
        ("created", "yesterday", "invalid RFC3339"),
        ("created", "2024-05-06T07:08:09", "expected `datetime` with a timezone component"),
        ("view.look", "cube", "invalid enum value 'cube'"),
        ("view.current", 2, "there is no such column"),
        ("view.current", -1, "there is no such column"),
        ("experiments", {}, "expected `array`"),
        ("experiments[1]", None, "expected `object`"),
        ("experiments[0].name", 3, "expected `str`"),
        ("experiments[0].script", None, "expected `str`"),
        ("experiments[0].experiment.seeds", 1, "has no seeds to choose"),
        ("experiments[0].interpreter.python", None, "expected `str`"),
        ("experiments[0].interpreter.devices[1]", "GPU", "expected `object`"),
        ("experiments[0].runs", {}, "expected `array`"),
        (f"{RUN}.index", 0, "expected `int` >= 1"),
        (f"{RUN}.index", MAX_RUNS + 1, "expected `int` <= 10000"),
        ("experiments[0].runs[1].index", 1, "an earlier run has the index 1 as well"),
        (f"{RUN}.outcome", "exploded", "invalid enum value 'exploded'"),
        (f"{RUN}.outcome", "\x1b[31m" * 1000, "invalid enum value"),
        (f"{RUN}.seconds", -1, ">= 0"),
        (f"{RUN}.seconds", "nan", "expected `float`"),
        (f"{RUN}.notes[1]", 1, "expected `str`"),
        (f"{RUN}.trace[0].event", "reset", "invalid value 'reset'"),
        (f"{RUN}.trace[0].line", -1, "expected `int` >= 0"),
        (f"{RUN}.trace[3].line", 2**40, "<= 2147483647"),
        (f"{RUN}.trace[1].kind", "lost", "invalid enum value 'lost'"),
        (f"{RUN}.trace[1].file", 1, "expected `str | null`"),
        ("experiments[0].experiment", [], "expected `object | null`"),
        ("experiments[0].experiment.library", None, "expected `str`"),
        ("experiments[0].interpreter.packages", {"numpy": 2}, "expected `str`"),
        (f"{RUN}.trace[4].seeds", [0, 1, 2], "length 2"),
        (f"{RUN}.trace[4].op_seed", 1.5, "got `float`"),
        (f"{DRAW}.line", -1, "expected `int` >= 0"),
        (f"{DRAW}.events_before", 7, "the trace has 6 events"),
        (f"{DRAW}.dtype", "object", "there is no dtype “object” of numbers"),
        (f"{DRAW}.dtype", "O" * 1000, "there is no dtype"),
        (f"{DRAW}.dtype", "<f4", "there is no dtype"),
        (f"{DRAW}.shape", 4, "expected `array`"),
        (f"{DRAW}.shape", [1] * 500, "too many dimensions"),
        (f"{DRAW}.shape", [1] * 65, "length <= 64"),
        (f"{DRAW}.shape[1]", -2, "expected `int` >= 0"),
        (f"{DRAW}.shape[1]", 2.0, "got `float`"),
        (f"{DRAW}.shape", [MAX_VALUES, MAX_VALUES, MAX_VALUES], "more than 50,000,000 values"),
        (f"{DRAW}.shape[0]", 2**70, "<= 50000000"),
        (f"{RUN}.draws[4].shape", [0, MAX_VALUES, MAX_VALUES, MAX_VALUES], "too big"),
        (f"{DRAW}.values", None, "the shape takes 4 values"),
        (f"{RUN}.draws[4].values", None, "expected `array`"),
        (f"{DRAW}.values[3]", "infinite", "invalid enum value"),
        (f"{DRAW}.values[1]", None, "got `null`"),
        (f"{DRAW}.values[1]", 1e39, "too large for float32"),
        (f"{DRAW}.data", "AAAA", "buffer size"),
        (f"{DRAW}.data", "AAAAAA==", "reshape"),
        (f"{DRAW}.data", "A" * 22 + "==", "not the bytes"),
        (f"{DRAW}.data", "?", "base64"),
        (f"{RUN}.draws[1].values[2]", 256, "not a value of uint8"),
        (f"{RUN}.draws[1].values[2]", 2**70, ""),
        (f"{RUN}.draws[1].values[0]", True, "got `bool`"),
        (f"{RUN}.draws[3].values[0]", 1.00001, "not a value of bfloat16"),
    ],
)
def test_what_is_wrong_is_told_with_its_path(path: str, value: object, said: str) -> None:
    document = plain(whole_lab())
    holder, key = at(document, path)
    holder[key] = value
    refused(document, f"$.{path}", said)


@pytest.mark.parametrize("values", [[], [0.5], [0.5] * 3, [0.5] * 5, [[0.5, 0.5], [0.5, 0.5]], ["0,5", "0,5"]])
def test_values_that_are_not_as_many_as_the_shape_takes_are_refused(values: list[object]) -> None:
    document = plain(whole_lab())
    holder, key = at(document, f"{DRAW}.values")
    holder[key] = values
    refused(document, f"$.{DRAW}.values")


def test_bytes_that_are_not_those_of_the_values_are_refused() -> None:
    odd = Draw("x", "float32", (1,), b"\x01\x00\xc0\xff")
    document = plain(Lab.of([column(run(1, odd))]))
    holder, _ = at(document, f"{DRAW}.values")
    for data in ("AACAPw==", "AQDA", "AQDA/wAAAAA=", ""):
        holder["data"] = data
        refused(document, f"$.{DRAW}")


@pytest.mark.parametrize(
    "path",
    ["experiments", "created", "experiments[0].name", "experiments[0].experiment.library", f"{RUN}.index",
     f"{RUN}.draws", f"{RUN}.trace[0].door", f"{DRAW}.label", f"{DRAW}.dtype", f"{DRAW}.shape", f"{DRAW}.values"],
)  # fmt: skip
def test_what_is_missing_is_told_with_its_path(path: str) -> None:
    document = plain(whole_lab())
    holder, key = at(document, path)
    del holder[key]
    refused(document, f"missing required field `{key}`")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "not whole JSON"),
        (b"hello", "not whole JSON"),
        (b"%PDF-1.7", "not whole JSON"),
        (b"[]", "expected `object`"),
        (b"null", "expected `object`"),
        (b"{}", "JSON of another kind"),
        (b'{"format": "other", "version": 1}', "JSON of another kind"),
        (b'{"format": 1}', "$.format"),
        (b'{"format": "seedlab"}', "$.version"),
        (b'{"format": "seedlab", "version": 2}', "missing required field `created`"),
        (b'{"format": "seedlab", "version": 2, "created": NaN}', "not whole JSON"),
        (b'{"x":' * 1_000_000, "nested too deeply"),
        (b'{"format": "seedlab", "version": 2, "experiments": ' + b"[" * 1_000_000, "nested too deeply"),
        (b'{"format": "\xff"}', "not whole JSON"),
        (b"\xff\xfe{\0}\0", "not whole JSON"),
        (b'{"format": "seedlab", "version": 99999999999999999999999}', "newer seedlab"),
    ],
)
def test_what_is_no_document_is_refused(data: bytes, said: str) -> None:
    refused(data, said)


def test_a_newer_format_is_told_apart_whatever_else_it_holds() -> None:
    refused({"format": "seedlab", "version": 3, "columns": {"x": 1}}, "made by a newer seedlab", "Update seedlab.")


@pytest.mark.parametrize("number", ["1e999", "-1e999", "9" * 400])
def test_numbers_beyond_all_floats_are_refused(number: str) -> None:
    text = to_json(whole_lab()).replace(b"0.123456", number.encode())
    refused(text, f"$.{RUN}.seconds", "out of range")
    text = to_json(whole_lab()).replace(b"[0.5,-1.5", f"[{number},-1.5".encode())
    refused(text, f"$.{DRAW}.values[0]", "out of range")


def test_text_that_is_not_utf8_is_refused_wherever_it_stands() -> None:
    data = to_json(whole_lab())
    place = data.index("Würfel".encode()) + 1
    refused(data[:place] + b"\xff" + data[place + 1 :], "not whole JSON")


def test_every_beginning_of_a_document_is_refused() -> None:
    data = to_json(whole_lab()).rstrip()
    for end in range(len(data)):
        with pytest.raises(DocumentError):
            from_json(data[:end], "cut")
    assert from_json(data, "whole") == whole_lab()


# --- bounds ------------------------------------------------------------------------------------


def test_too_many_bytes_are_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    data = to_json(whole_lab())
    monkeypatch.setattr(limits, "MAX_BYTES", len(data))
    assert from_json(data, "just") == whole_lab()
    monkeypatch.setattr(limits, "MAX_BYTES", len(data) - 1)
    refused(data, "more than")
    with pytest.raises(DocumentError, match="can be opened again"):
        to_document(whole_lab())


def test_too_many_columns_and_runs_are_refused() -> None:
    bare = plain(Lab.of([column()]))
    bare["experiments"] *= MAX_COLUMNS
    assert len(from_json(json.dumps(bare).encode(), "many").columns) == MAX_COLUMNS
    bare["experiments"] += bare["experiments"][:1]
    refused(bare, "$.experiments", "length <= 1000")
    ran = plain(Lab.of([column(run(1))]))
    ran["experiments"][0]["runs"] *= MAX_RUNS + 1
    refused(ran, "$.experiments[0].runs", "length <= 10000")


def test_values_are_counted_over_the_whole_document(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Lab.of([column(*runs({"x": [1, 2]}, {"x": [1, 2]})), column(*runs({"x": [[1], [2]]}))])
    monkeypatch.setattr(limits, "MAX_VALUES", 6)
    assert to_document(lab) == to_json(lab)
    assert len(back(lab).columns) == 2
    monkeypatch.setattr(limits, "MAX_VALUES", 5)
    refused(to_json(lab), "$.experiments[1].runs[0].draws[0].shape", "more than 5 values")
    with pytest.raises(DocumentError, match="has 6 values"):
        to_document(lab)


def test_a_document_that_is_written_can_be_read() -> None:
    assert from_json(to_document(whole_lab()), "x") == whole_lab()


# --- anything at all ---------------------------------------------------------------------------

KEYS = ["format", "version", "created", "view", "look", "current", "experiments", "name", "experiment", "script",
        "interpreter", "runs", "index", "outcome", "seconds", "text", "draws", "trace", "label", "dtype", "shape",
        "values", "data", "line", "event", "on", "kind", "state", "door", "seed", "seeds", "library", "placement",
        "influence", "sources", "moved_by", "fix", "edits", "replaces", "repeated", "of", "proved", "id", "parts",
        "unknown"]  # fmt: skip
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([-1, 0, 2**31, 2**63, 2**64, 10**400, MAX_VALUES, MAX_VALUES + 1]),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(
        ["nan", "inf", "float32", "bool", "object", "O", "finished", "set", "use", "source", "taken", "seedlab", "AAAA"]
    ),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6),
    max_leaves=12,
)


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place inside ``value``, as what holds it and its key or index."""
    for key in list(value) if isinstance(value, dict) else range(len(value)):
        yield value, key
        if isinstance(value[key], dict | list):
            yield from places(value[key])


LABS = [whole_lab(), influenced_lab(), talk()]


def read_or_refuse(data: bytes) -> None:
    """Assert that ``data`` is refused, or is a lab that all else can work with."""
    try:
        lab = from_json(data, "fuzz")
    except DocumentError:
        return
    assert from_json(to_json(lab), "again") == lab
    for made in lab.columns:
        summarise(made)
        assert not made.trusted or (made.experiment and script_of(made.experiment).text == made.script)


@given(VALUES)
@settings(max_examples=200)
def test_any_json_is_read_or_refused(value: object) -> None:
    read_or_refuse(json.dumps(value).encode())
    for version in (1, 2):
        head = {"format": "seedlab", "version": version, "created": "2024-05-06T07:08:09Z"}
        read_or_refuse(json.dumps({**head, "experiments": value}).encode())


@given(st.data())
@settings(max_examples=400)
def test_a_document_with_changed_values_is_read_or_refused(data: st.DataObject) -> None:
    document = plain(data.draw(st.sampled_from(LABS)))
    for place in data.draw(st.lists(st.integers(0, 400), min_size=1, max_size=3)):
        holder, key = list(places(document))[place % sum(1 for _ in places(document))]
        match data.draw(st.sampled_from(["replace", "delete", "swap", "repeat"])):
            case "replace":
                holder[key] = data.draw(VALUES)
            case "delete":
                del holder[key]
            case "swap":
                other, there = data.draw(st.sampled_from(list(places(plain(whole_lab())))))
                holder[key] = other[there]
            case "repeat" if isinstance(holder, list):
                holder.insert(key, holder[key])
            case _:
                holder[key] = [holder[key]]
    read_or_refuse(json.dumps(document).encode())


@pytest.mark.parametrize("lab", LABS)
def test_a_document_without_any_one_of_its_parts_is_read_or_refused(lab: Lab) -> None:
    for number in range(sum(1 for _ in places(plain(lab)))):
        document = plain(lab)
        holder, key = list(places(document))[number]
        del holder[key]
        read_or_refuse(json.dumps(document).encode())


DATA = to_json(whole_lab())


@given(st.lists(st.tuples(st.integers(0, len(DATA) - 1), st.binary(max_size=3)), min_size=1, max_size=4))
@settings(max_examples=300)
def test_a_document_with_changed_bytes_is_read_or_refused(changes: list[tuple[int, bytes]]) -> None:
    data = bytearray(DATA)
    for place, new in changes:
        data[place : place + 1] = new
    read_or_refuse(bytes(data))


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    read_or_refuse(data)


def test_scripts_that_nobody_could_lay_out_are_refused_and_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_SCRIPTS", 2 * MAX_SCRIPT - 1)
    longest = column(script="#" * MAX_SCRIPT)
    assert len(from_json(to_document(Lab.of([longest])), "a").columns[0].script) == MAX_SCRIPT
    with pytest.raises(DocumentError, match="1,000,000"):
        to_document(Lab.of([longest, longest]))
    with pytest.raises(DocumentError, match="the scripts have more than"):
        from_json(to_json(Lab.of([longest, longest])), "a")
    edited = Lab.of([msgspec.structs.replace(longest, next_script=longest.script)])
    with pytest.raises(DocumentError, match="2,000,000"):
        to_document(edited)
    with pytest.raises(DocumentError, match="the scripts have more than"):
        from_json(to_json(edited), "a")
    too_long = Lab.of([column(script="#" * (MAX_SCRIPT + 1))])
    with pytest.raises(DocumentError, match="1,000,001"):
        to_document(too_long)
    with pytest.raises(DocumentError, match=r"experiments\[0\].script"):
        from_json(to_json(too_long), "a")
