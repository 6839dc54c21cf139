"""Values as JSON has them, and back to the bit."""

import json
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from seedlab.documents.draw_values import WrongValuesError, data_of, decode_values, is_known_dtype, json_values
from seedlab.results.run import Draw
from tests.helpers.values import draw

INF, NAN = float("inf"), float("nan")
BITS = ["uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64"]
FLOATS = ["float16", "float32", "float64", "complex64", "complex128"]


def restored(dtype: str, values: list[Any]) -> np.ndarray:
    """What any reader of JSON and NumPy makes of ``values``."""
    target = np.dtype(dtype)
    if target.kind in "biu":
        return np.array(values, target)
    part = np.empty(0, target).real.dtype
    return np.array([float(value) for value in values], part).view(target)


def without_payload(array: np.ndarray) -> bytes:
    """The bytes, with one NaN for all NaNs."""
    parts = array.ravel().view(np.empty(0, array.dtype).real.dtype).copy()
    parts[np.isnan(parts)] = np.nan
    return parts.tobytes()


def assert_round_trips(dtype: str, data: bytes) -> None:
    drawn = Draw("x", dtype, (len(data) // np.dtype(dtype).itemsize,), data)
    text = msgspec.json.encode(json_values(drawn))
    back = restored(dtype, json.loads(text))
    ours = np.frombuffer(data_of(dtype, decode_values(dtype, text)), dtype)
    assert (back.dtype, back.shape) == (np.dtype(dtype), drawn.shape)
    if back.dtype.kind in "fc":
        assert without_payload(back) == without_payload(ours) == without_payload(drawn.array)
    else:
        assert back.tobytes() == ours.tobytes() == data


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


def test_every_float16_and_bfloat16_round_trips() -> None:
    data = np.arange(2**16, dtype="<u2")
    assert_round_trips("float16", data.tobytes())
    finite = data[(data & 0x7F80) != 0x7F80].tobytes()
    text = msgspec.json.encode(json_values(Draw("x", "bfloat16", (len(finite) // 2,), finite)))
    assert data_of("bfloat16", decode_values("bfloat16", text)) == finite


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_ends_of_the_floats_round_trip(dtype: str) -> None:
    kind = np.finfo(dtype)
    one = np.array(1, dtype)
    ends = [kind.max, kind.min, kind.tiny, kind.smallest_subnormal, -kind.smallest_subnormal, 0.0, -0.0, np.pi]
    assert_round_trips(dtype, np.array([*ends, np.nextafter(one, 0), np.nextafter(one, 2)], dtype).tobytes())


def test_a_float_whose_shortest_text_rounds_twice_round_trips() -> None:
    # Read as a float64 and then rounded, 7.038531e-26 gives the float32 above.
    data = np.array([0x15AE43FD, 0x95AE43FD], "<u4").tobytes()
    assert str(np.frombuffer(data, "<f4")[0]) == "7.038531e-26"
    assert_round_trips("float32", data)
    assert_round_trips("complex64", data)


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
        ([NAN, -NAN, INF, -INF], "float64", ["nan", "nan", "inf", "-inf"]),
        ([], "float64", []),
        ([complex(1, -2), complex(NAN, INF)], "complex64", [1.0, -2.0, "nan", "inf"]),
        ([[complex(0.1, -0.0)]], "complex128", [0.1, -0.0]),
    ],
)
def test_values_are_flat_and_shortest(values: Any, dtype: str, written: list[object]) -> None:
    drawn = draw("x", values, dtype)
    assert repr(json_values(drawn)) == repr(written)
    if not any(value == "nan" for value in written):
        assert data_of(dtype, written) == drawn.data


def test_bfloat16_is_written_as_the_numbers_that_it_holds() -> None:
    assert json_values(Draw("x", "bfloat16", (2,), b"\x80\x3f\xc0\xff")) == [1.0, "nan"]


@pytest.mark.skipif(np.finfo(np.longdouble).nmant <= 52, reason="long double is double here")
def test_extended_floats_are_written_to_the_bit() -> None:
    value = np.nextafter(np.longdouble(1), np.longdouble(2))
    (written,) = json_values(draw("x", [value], value.dtype.name))
    assert np.longdouble(str(written)) == value
    with pytest.raises(WrongValuesError, match="bytes"):
        data_of(value.dtype.name, [written])


# --- what is refused ---------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [*BITS, *FLOATS, "bool", "bfloat16"])
def test_dtypes_of_numbers_are_known(dtype: str) -> None:
    assert is_known_dtype(dtype)


@pytest.mark.parametrize(
    "dtype",
    ["", "O", "object", "S5", "str", "void", "V8", "datetime64", "timedelta64", "<f4", ">f4", "f4", "float", "int",
     "half", "longdouble", "float8", "int0", "bool8", "int128", "float999", "bfloat", "float32,float32", "(2,)f4",
     "float32\n", "\u0664", "float3\u0662", "datetime64[ns]", "b", "?", "uint", "complex", "float32" * 1000],
)  # fmt: skip
def test_other_dtypes_are_not(dtype: str) -> None:
    assert not is_known_dtype(dtype)


@pytest.mark.parametrize(
    ("dtype", "values", "index", "reason"),
    [
        ("int8", [0, 127, 128], 2, "not a value of int8"),
        ("int8", [-129], 0, "not a value of int8"),
        ("uint64", [0, -1], 1, "not a value of uint64"),
        ("uint64", [2**64], 0, "not a value of uint64"),
        ("int64", [2**63, -(2**64)], 0, "not a value of int64"),
        ("float32", [0.0, 1e39], 1, "too large for float32"),
        ("float16", [65520.0], 0, "too large for float16"),
        ("complex64", [0.0, -1e39], 1, "too large for float32"),
        ("bfloat16", [1.0, 1.0000001], 1, "not a value of bfloat16"),
    ],
)
def test_a_value_outside_of_its_dtype_is_told_with_its_place(
    dtype: str, values: list[Any], index: int, reason: str
) -> None:
    with pytest.raises(WrongValuesError, match=reason) as caught:
        data_of(dtype, values)
    assert caught.value.index == index


@pytest.mark.parametrize(
    ("dtype", "written", "place"),
    [
        ("bool", b"[true,1]", "$[1]"),
        ("int64", b"[1,true]", "$[1]"),
        ("int64", b"[1.5]", "$[0]"),
        ("uint8", b'["1"]', "$[0]"),
        ("float32", b'[1,"infinity"]', "$[1]"),
        ("float32", b"[null]", "$[0]"),
        ("float64", b"[1e999]", "$[0]"),
        ("float64", b"{}", "array"),
        ("complex64", b"[[1,2]]", "$[0]"),
    ],
)
def test_a_value_of_another_kind_is_told_with_its_place(dtype: str, written: bytes, place: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=place.replace("$", r"\$").replace("[", r"\[")):
        decode_values(dtype, written)
