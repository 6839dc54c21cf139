"""The document: its form, and that values come back to the bit."""

import datetime
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from seedlab import __version__
from seedlab.model.families import script_of
from seedlab.model.interpreter import Device, Interpreter
from seedlab.model.lab import Lab, json_values, to_json
from seedlab.model.presets import PRESETS
from seedlab.model.run import Draw, Outcome
from seedlab.model.seed_trace import SeedSet, SeedUsed
from tests.helpers.values import column, draw, run, runs

INF, NAN = float("inf"), float("nan")


def document(lab: Lab) -> dict[str, Any]:
    decoded = msgspec.json.decode(to_json(lab))
    assert isinstance(decoded, dict)
    return decoded


def draws_in(lab: Lab) -> list[dict[str, Any]]:
    return [
        drawn for experiment in document(lab)["experiments"] for ended in experiment["runs"] for drawn in ended["draws"]
    ]


# --- the form ----------------------------------------------------------------------------------


def test_the_document_has_the_documented_form() -> None:
    preset = PRESETS["before-graph"]
    script = script_of(preset.experiment).text
    trace = (SeedSet(5, "default graph", 0), SeedUsed(7, "graph 1", None, None), SeedUsed(8, "graph 1", 1, (0, 1)))
    first = run(1, draw("op1-1", [0.5, -1.5], line=10, events_before=3), trace=trace, text="op1-1: [0.5 -1.5]\n")
    second = run(2, outcome=Outcome.FAILED, problem="line 9: no", details="Traceback", notes=("a note",))
    python = Interpreter(
        executable="/bin/python", python="3.11.7", numpy="2.0", tensorflow="2.21.0", devices=(Device("CPU:0"),)
    )
    made = column(first, second, name="before", script=script, experiment=preset.experiment, interpreter=python)
    created = datetime.datetime(2024, 5, 6, 7, 8, 9, tzinfo=datetime.UTC)
    assert document(Lab(columns=(made,), created=created)) == {
        "format": "seedlab",
        "version": 1,
        "created": "2024-05-06T07:08:09Z",
        "seedlab": __version__,
        "experiments": [
            {
                "name": "before",
                "experiment": {
                    "library": "tensorflow-graph",
                    "placement": "before-graph",
                    "graph_seed": 0,
                    "op_seed": 1,
                    "device": "auto",
                    "sample_size": 3,
                    "draws_per_op": 2,
                    "sessions": 1,
                    "distribution": "normal",
                },
                "script": script,
                "interpreter": {
                    "executable": "/bin/python",
                    "python": "3.11.7",
                    "numpy": "2.0",
                    "tensorflow": "2.21.0",
                    "device": "auto",
                },
                "runs": [
                    {
                        "index": 1,
                        "outcome": "finished",
                        "start": "cold",
                        "start_reason": "",
                        "seconds": 0.5,
                        "text": "op1-1: [0.5 -1.5]\n",
                        "problem": "",
                        "details": "",
                        "notes": [],
                        "draws": [
                            {
                                "label": "op1-1",
                                "dtype": "float32",
                                "shape": [2],
                                "values": [0.5, -1.5],
                                "line": 10,
                                "events_before": 3,
                            }
                        ],
                        "trace": [
                            {"event": "set", "line": 5, "on": "default graph", "seed": 0},
                            {"event": "use", "line": 7, "on": "graph 1", "op_seed": None, "seeds": None},
                            {"event": "use", "line": 8, "on": "graph 1", "op_seed": 1, "seeds": [0, 1]},
                        ],
                    },
                    {
                        "index": 2,
                        "outcome": "failed",
                        "start": "cold",
                        "start_reason": "",
                        "seconds": 0.5,
                        "text": "",
                        "problem": "line 9: no",
                        "details": "Traceback",
                        "notes": ["a note"],
                        "draws": [],
                        "trace": [],
                    },
                ],
                "comparison": [{"label": "op1-1", "runs": 1, "distinct": 1, "verdict": "one run"}],
            }
        ],
    }


def test_a_persons_own_script_has_no_experiment_and_perhaps_no_interpreter() -> None:
    (written,) = document(Lab.of([column(name="own.py", script="print(1)\n")]))["experiments"]
    assert (written["experiment"], written["interpreter"]) == (None, None)
    assert (written["runs"], written["comparison"]) == ([], [])
    python = Interpreter(executable="python", python="3.6.0")
    (written,) = document(Lab.of([column(interpreter=python)]))["experiments"]
    assert written["interpreter"]["device"] is None


def test_the_comparison_counts_runs_and_distinct_values() -> None:
    (written,) = document(Lab.of([column(*runs({"x": 1}, {"x": 2}, {"x": 2}))]))["experiments"]
    assert written["comparison"] == [{"label": "x", "runs": 3, "distinct": 2, "verdict": "differs"}]


def test_the_columns_keep_their_order_and_the_lab_its_time() -> None:
    lab = Lab.of(column(name=name) for name in "cab")
    assert [written["name"] for written in document(lab)["experiments"]] == ["c", "a", "b"]
    assert lab.created.tzinfo is datetime.UTC
    assert datetime.datetime.fromisoformat(document(lab)["created"]) == lab.created


def test_a_seed_is_written_however_large_it_is() -> None:
    # numpy advises default_rng(secrets.randbits(128)).
    events = (SeedSet(1, "generator 1", 2**128 - 1), SeedSet(2, "python", "'text'"), SeedSet(None, "numpy", None))
    ((ended,),) = [written["runs"] for written in document(Lab.of([column(run(1, trace=events))]))["experiments"]]
    assert [event["seed"] for event in ended["trace"]] == [2**128 - 1, "'text'", None]


def test_the_document_is_readable_text() -> None:
    data = to_json(Lab.of([column(*runs({"Würfel": 1}), name="≠")]))
    assert data.endswith(b"\n")
    assert "Würfel" in data.decode()
    assert len(data.splitlines()) > 20


# --- values ------------------------------------------------------------------------------------

BITS = ["uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64"]
FLOATS = ["float16", "float32", "float64", "complex64", "complex128"]


def restored(dtype: str, shape: list[int], values: list[Any]) -> np.ndarray:
    """What a reader of the document makes of ``values``."""
    target = np.dtype(dtype)
    if target.kind in "biu":
        return np.array(values, target).reshape(shape)
    part = np.empty(0, target).real.dtype
    return np.array([float(value) for value in values], part).view(target).reshape(shape)


def without_payload(array: np.ndarray) -> bytes:
    """The bytes, with one NaN for all NaNs."""
    parts = array.ravel().view(np.empty(0, array.dtype).real.dtype).copy()
    parts[np.isnan(parts)] = np.nan
    return parts.tobytes()


def assert_round_trips(dtype: str, data: bytes) -> None:
    drawn = Draw("x", dtype, (len(data) // np.dtype(dtype).itemsize,), data)
    (written,) = draws_in(Lab.of([column(run(1, drawn))]))
    back = restored(written["dtype"], written["shape"], written["values"])
    assert (back.dtype, back.shape) == (np.dtype(dtype), drawn.shape)
    if back.dtype.kind in "fc":
        assert without_payload(back) == without_payload(drawn.array)
    else:
        assert back.tobytes() == data


@pytest.mark.parametrize("dtype", [*BITS, *FLOATS])
@given(st.binary(max_size=64))
@example(b"\0" * 16)
@example(b"\xff" * 16)
@example((b"\xff" * 7 + b"\x7f") * 2)
@example((b"\0" * 7 + b"\x80") * 2)
def test_any_bytes_round_trip(dtype: str, data: bytes) -> None:
    assert_round_trips(dtype, data[: len(data) // np.dtype(dtype).itemsize * np.dtype(dtype).itemsize])


@given(st.lists(st.booleans(), max_size=8))
def test_booleans_round_trip(values: list[bool]) -> None:
    assert_round_trips("bool", bytes(values))


def test_every_float16_round_trips() -> None:
    assert_round_trips("float16", np.arange(2**16, dtype="<u2").tobytes())


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_ends_of_the_floats_round_trip(dtype: str) -> None:
    kind = np.finfo(dtype)
    one = np.array(1, dtype)
    ends = [kind.max, kind.min, kind.tiny, kind.smallest_subnormal, -kind.smallest_subnormal, 0.0, -0.0, np.pi]
    assert_round_trips(dtype, np.array([*ends, np.nextafter(one, 0), np.nextafter(one, 2)], dtype).tobytes())


@pytest.mark.parametrize(
    ("values", "dtype", "written"),
    [
        ([True, False], "bool", [True, False]),
        ([-(2**63), 2**63 - 1], "int64", [-(2**63), 2**63 - 1]),
        ([0, 2**64 - 1], "uint64", [0, 2**64 - 1]),
        ([[1, 2], [3, 4]], "int8", [1, 2, 3, 4]),
        (0.1, "float32", [0.1]),
        (0.1, "float16", [0.1]),
        ([1 / 3], "float64", [0.3333333333333333]),
        ([NAN, -NAN, INF, -INF], "float32", ["nan", "nan", "inf", "-inf"]),
        ([], "float64", []),
        ([complex(1, -2), complex(NAN, INF)], "complex64", [1.0, -2.0, "nan", "inf"]),
        ([[complex(0.1, -0.0)]], "complex128", [0.1, -0.0]),
    ],
)
def test_values_are_flat_and_shortest(values: Any, dtype: str, written: list[object]) -> None:
    drawn = draw("x", values, dtype)
    assert repr(json_values(drawn)) == repr(written)
    (found,) = draws_in(Lab.of([column(run(1, drawn))]))
    assert repr(found["values"]) == repr(written)
    assert found["shape"] == list(np.shape(values))


def test_the_sign_of_zero_is_written() -> None:
    data = to_json(Lab.of([column(run(1, draw("x", [-0.0])))]))
    assert b"-0.0" in data


def test_bfloat16_is_written_as_the_numbers_that_it_holds() -> None:
    (written,) = draws_in(Lab.of([column(run(1, Draw("x", "bfloat16", (2,), b"\x80\x3f\xc0\xff")))]))
    assert (written["dtype"], written["values"]) == ("bfloat16", [1.0, "nan"])
    halves = np.array([n for n in range(0, 2**16, 7) if n & 0x7F80 != 0x7F80], "<u2")
    values = json_values(Draw("x", "bfloat16", halves.shape, halves.tobytes()))
    assert (np.array(values, "<f4").view("<u4") >> 16).tolist() == halves.tolist()


@pytest.mark.skipif(np.finfo(np.longdouble).nmant <= 52, reason="long double is double here")
def test_extended_floats_are_refused_or_written_to_the_bit() -> None:
    value = np.nextafter(np.longdouble(1), np.longdouble(2))
    (written,) = json_values(draw("x", [value], value.dtype.name))
    assert np.longdouble(str(written)) == value
