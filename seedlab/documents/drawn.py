"""Reads draws, which documents of every version hold as flat values with a dtype and a shape."""

import math
from functools import partial
from typing import Annotated, Any, Protocol

import msgspec
import numpy as np
from msgspec import Meta

from seedlab.documents import limits
from seedlab.documents.decoding import WrongError, decode
from seedlab.documents.draw_values import (
    WrongValuesError,
    data_of,
    decode_values,
    is_known_dtype,
    json_values,
    values_in,
)
from seedlab.phrases import noted_plural, plural, sentence
from seedlab.results.run import TEXT, Draw

_MAX_DIMENSIONS = 64
_MAX_SHAPE_BYTES = 1_000
_SHAPE = msgspec.json.Decoder(
    Annotated[list[Annotated[int, Meta(ge=0, le=limits.MAX_VALUES)]], Meta(max_length=_MAX_DIMENSIONS)]
)
_TEXT = msgspec.json.Decoder(tuple[str])
_PLAIN = {"float32", "float64"}
"""The dtypes whose finite values are JSON numbers that give the same bits back (tests/documents/test_writing.py)."""


class WrittenDraw(Protocol):
    """The fields of a draw in a document of any version."""

    label: str
    dtype: str
    shape: msgspec.Raw
    values: msgspec.Raw
    line: int | None
    events_before: int
    data: bytes | None


def are_enough(numbers: list[Any], draw: Draw) -> bool:
    """Return True if the bytes of ``draw`` come back from its JSON values alone; those of an unusual NaN do not."""
    if draw.dtype in _PLAIN and np.isfinite(draw.array).all():
        return True
    try:
        return data_of(draw.dtype, numbers) == draw.data
    except WrongValuesError:
        return False


class DrawReader:
    """Reads the draws of one document, and limits how many values they have together.

    Only with ``has_texts`` may they be texts.
    """

    def __init__(self, *, has_texts: bool = False) -> None:
        self._has_texts = has_texts
        self._values = 0

    def draw(self, written: WrittenDraw, events: int, path: str) -> Draw:
        """Return the draw ``written`` at ``path``, in a run whose trace has ``events`` events. Raises `WrongError`."""
        is_text = self._has_texts and written.dtype == TEXT
        if not is_text and not is_known_dtype(written.dtype):
            raise WrongError(
                sentence("there is no dtype “{dtype}” of numbers", dtype=written.dtype[:40]), f"{path}.dtype"
            )
        if written.events_before > events:
            what = plural("the trace has {count} event", "the trace has {count} events", events)
            raise WrongError(what, f"{path}.events_before")
        shape = _shape(written.shape, f"{path}.shape")
        self._values += math.prod(shape)
        if self._values > limits.MAX_VALUES:
            raise WrongError(
                sentence("there are more than {most:,} values up to here", most=limits.MAX_VALUES), f"{path}.shape"
            )
        if is_text:
            data = _text(written, shape, path)
            return Draw(written.label, TEXT, (), data, written.line, written.events_before)
        numbers = _numbers(written, values_in(written.dtype, math.prod(shape)), f"{path}.values")
        data = written.data if written.data is not None else _data(written.dtype, numbers, f"{path}.values")
        draw = Draw(written.label, written.dtype, shape, data, written.line, written.events_before)
        try:
            # NumPy refuses some shapes, and bytes that are not as many as the shape takes.
            _ = draw.array
        except ValueError as error:
            raise WrongError(str(error), f"{path}.shape" if written.data is None else f"{path}.data") from error
        if written.data is not None and json_values(draw) != numbers:
            raise WrongError(sentence("these are not the bytes of the values"), f"{path}.data")
        return draw


def _shape(written: msgspec.Raw, path: str) -> tuple[int, ...]:
    text = bytes(written)
    if len(text) > _MAX_SHAPE_BYTES:
        raise WrongError(sentence("there are too many dimensions"), path)
    return tuple(decode(_SHAPE.decode, text, path))


def _text(written: WrittenDraw, shape: tuple[int, ...], path: str) -> bytes:
    """Return the bytes of a draw that is text: its only value."""
    if shape:
        raise WrongError(sentence("a text has no dimensions"), f"{path}.shape")
    if written.data is not None:
        raise WrongError(sentence("a text has no bytes besides"), f"{path}.data")
    (text,) = decode(_TEXT.decode, bytes(written.values), f"{path}.values")
    return text.encode()


def _numbers(written: WrittenDraw, count: int, path: str) -> list[Any]:
    text = bytes(written.values)
    # Commas are counted before anything is decoded: a list takes several times the memory of its text.
    if text.count(b",") == max(0, count - 1):
        numbers = decode(partial(decode_values, written.dtype), text, path)
        if len(numbers) == count:
            return numbers
    one, many = noted_plural(
        "the shape takes {count:,} value, and there are more or fewer",
        "the shape takes {count:,} values, and there are more or fewer",
    )
    raise WrongError(plural(one, many, count), path)


def _data(dtype: str, numbers: list[Any], path: str) -> bytes:
    try:
        return data_of(dtype, numbers)
    except WrongValuesError as error:
        place = path if error.index is None else f"{path}[{error.index}]"
        raise WrongError(error.reason, place) from error
