"""A draw as text on one line."""

import re

import msgspec
import numpy as np

from seedlab.results.run import Draw


def brief_text(draw: Draw) -> str:
    """Return the values on one line, without the middle of a long draw.

    Each number has as many digits as it takes to tell it from its neighbours in the draw's dtype.
    """
    text = np.array2string(draw.array, threshold=6, edgeitems=2, max_line_width=1000, separator=" ", floatmode="unique")
    return re.sub(r"(?<=\[) | (?=\])", "", " ".join(text.split()))


def first_difference(one: Draw, other: Draw) -> int:
    """Return the row-major position of the first element whose bits differ; both have the same dtype and shape."""
    size = len(one.data) // max(one.array.size, 1)
    elements = [np.frombuffer(draw.data, np.uint8).reshape(-1, size) for draw in (one, other)]
    return int((elements[0] != elements[1]).any(axis=1).argmax())


def element_text(draw: Draw, position: int) -> str:
    """Return one element with its row-major position, from 0 on, such as ``[17] 0.25``."""
    size = len(draw.data) // draw.array.size
    element = msgspec.structs.replace(draw, shape=(), data=draw.data[position * size : (position + 1) * size])
    return f"[{position}] {brief_text(element)}"
