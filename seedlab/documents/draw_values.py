"""Converts the values of a draw to JSON, and back to the bit.

The values are flat, in row-major order. A complex number is its real part, then its imaginary part. A value that is
not finite is "nan", "inf" or "-inf".
"""

import functools
import math
import re
from typing import Any, Literal

import msgspec
import numpy as np

from seedlab.phrases import sentence
from seedlab.results.run import Draw

NonFinite = Literal["nan", "inf", "-inf"]
_DTYPE = re.compile(r"bool|bfloat16|(u?int|float|complex)[0-9]{1,3}")


class WrongValuesError(Exception):
    """Values do not fit their dtype; ``index`` is the 0-based place of the first that does not, None for all."""

    def __init__(self, reason: str, index: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.index = index


# --- to JSON -----------------------------------------------------------------------------------


def json_values(draw: Draw) -> list[Any]:
    """Return the values of ``draw`` for JSON. Each comes back to the bit, except for the payload of a NaN."""
    array = draw.array.ravel()
    if array.dtype.kind == "c":
        array = array.view(array.real.dtype)
    if array.dtype.kind in "biu":
        return list(array.tolist())
    if array.dtype.itemsize == 8:
        return [value if math.isfinite(value) else str(value) for value in array.tolist()]
    return [_json_float(value) for value in array]


def _json_float(value: np.floating[Any]) -> float | str:
    if not math.isfinite(value):
        return str(float(value))
    if value.itemsize > 8:
        # An extended float does not fit into JSON's numbers.
        return str(value)
    # NumPy's text is the shortest that gives the same bits back when it is read in the value's own dtype.
    # Readers of JSON make a float64 of it first, which rounds twice: 7.038531e-26 comes back as its neighbour.
    shortest = float(str(value))
    return shortest if type(value)(shortest) == value else float(value)


# --- from JSON ---------------------------------------------------------------------------------


def is_known_dtype(dtype: str) -> bool:
    """Return True if ``dtype`` is the full name of a dtype of numbers, not of objects or text, and not an alias."""
    return _DTYPE.fullmatch(dtype) is not None and _is_numpys(dtype)


@functools.cache
def _is_numpys(dtype: str) -> bool:
    try:
        return dtype == "bfloat16" or np.dtype(dtype).name == dtype
    except TypeError:
        return False


def values_in(dtype: str, size: int) -> int:
    """Return how many JSON values ``size`` elements of ``dtype`` take."""
    return 2 * size if dtype.startswith("complex") else size


def decode_values(dtype: str, written: bytes) -> list[Any]:
    """Return the values in the JSON array ``written``, as the types that ``dtype`` allows. Raises as msgspec does."""
    return _decoder(dtype).decode(written)


@functools.cache
def _decoder(dtype: str) -> msgspec.json.Decoder[list[Any]]:
    # They are made once, because a document may have very many draws.
    if dtype == "bool":
        return msgspec.json.Decoder(list[bool])
    if dtype.startswith(("int", "uint")):
        return msgspec.json.Decoder(list[int])
    if _part(dtype).itemsize > 8:
        return msgspec.json.Decoder(list[str])
    return msgspec.json.Decoder(list[float | NonFinite])


def data_of(dtype: str, values: list[Any]) -> bytes:
    """Return the bytes of a draw with these ``values``, row-major and little-endian. Raises `WrongValuesError`."""
    part = _part(dtype)
    if part.kind in "biu":
        array = _whole_numbers(part, values)
    elif part.itemsize > 8:
        raise WrongValuesError(sentence("{dtype} has to come with its bytes, as “data”", dtype=dtype))
    else:
        array = _floats(part, values)
    if dtype == "bfloat16":
        return _bfloat16(array)
    return array.astype(part.newbyteorder("<"), copy=False).tobytes()


@functools.cache
def _part(dtype: str) -> np.dtype[Any]:
    """Return the dtype of one JSON value: a complex number's real part, or the float32 that bfloat16 is widened to."""
    if dtype == "bfloat16":
        return np.dtype(np.float32)
    return np.empty(0, dtype).real.dtype


def _whole_numbers(part: np.dtype[Any], values: list[Any]) -> np.ndarray:
    try:
        return np.array(values, part)
    except OverflowError:
        limits = np.iinfo(part)
        index = next(index for index, value in enumerate(values) if not limits.min <= value <= limits.max)
        raise WrongValuesError(sentence("this is not a value of {name}", name=part.name), index) from None


def _floats(part: np.dtype[Any], values: list[Any]) -> np.ndarray:
    wide = np.array([float(value) for value in values], np.float64)
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        array = wide.astype(part)
    _refuse(np.isfinite(wide) & ~np.isfinite(array), sentence("this is too large for {name}", name=part.name))
    return array


def _bfloat16(array: np.ndarray) -> bytes:
    words = array.view(np.uint32)
    _refuse((words & 0xFFFF) != 0, sentence("this is not a value of bfloat16"))
    return (words >> 16).astype("<u2").tobytes()


def _refuse(wrong: np.ndarray, reason: str) -> None:
    if wrong.any():
        raise WrongValuesError(reason, int(wrong.argmax()))
