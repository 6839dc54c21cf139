"""Draws and runs as values."""

import numpy as np
import pytest
from msgspec.structs import replace

from seedlab.results.run import Draw
from tests.helpers.values import draw


@pytest.mark.parametrize("dtype", ["bool", "int8", "uint64", "float16", "float32", "float64", "complex64"])
@pytest.mark.parametrize("shape", [(), (0,), (4,), (2, 2), (1, 4, 1)])
def test_the_array_of_a_draw_has_its_dtype_shape_and_values(dtype: str, shape: tuple[int, ...]) -> None:
    values = np.arange(np.prod(shape, dtype=int)).reshape(shape).astype(dtype)
    array = draw("x", values, dtype).array
    assert (array.dtype, array.shape, array.tolist()) == (np.dtype(dtype), shape, values.tolist())


def test_data_is_little_endian_and_row_major() -> None:
    assert Draw("x", "int16", (2, 2), bytes([1, 0, 2, 0, 3, 0, 0, 1])).array.tolist() == [[1, 2], [3, 256]]


def test_the_array_cannot_be_written_to() -> None:
    with pytest.raises(ValueError, match="read-only"):
        draw("x", [1.0]).array[0] = 2.0


def test_bfloat16_is_widened_without_loss() -> None:
    halves = np.array([0x3F80, 0xBF80, 0x0001, 0x7F80, 0x8000, 0x4049], "<u2")
    array = Draw("x", "bfloat16", (2, 3), halves.tobytes()).array
    assert (array.dtype, array.shape) == (np.dtype("float32"), (2, 3))
    assert (array.ravel().view(np.uint32) >> 16).tolist() == halves.tolist()
    assert array[0, :2].tolist() == [1.0, -1.0]


def test_identity_is_dtype_shape_and_bytes_alone() -> None:
    drawn = draw("x", [1.0], line=1)
    assert drawn.identity == replace(drawn, label="y", line=2, events_before=3).identity
    for other in (draw("x", [1], "int32"), draw("x", [[1.0]]), draw("x", [1.5])):
        assert drawn.identity != other.identity
