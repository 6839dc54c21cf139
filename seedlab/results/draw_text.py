"""A draw, or one element of it, as text; and where two of them differ."""

import re

import msgspec
import numpy as np

from seedlab.results.run import Draw

_LONGEST_LINE = 100
"""The most characters of a line that are shown."""


def brief_text(draw: Draw) -> str:
    """Return the values on one line, without the middle of a long draw.

    Each number has as many digits as it takes to tell it from its neighbours in the draw's dtype. Of a text it is the
    first line.
    """
    if draw.is_text:
        return brief_line(draw)
    text = np.array2string(draw.array, threshold=6, edgeitems=2, max_line_width=1000, separator=" ", floatmode="unique")
    return re.sub(r"(?<=\[) | (?=\])", "", " ".join(text.split()))


def brief_line(draw: Draw, number: int = 1, at: int = 0, most: int = _LONGEST_LINE) -> str:
    """Return ``most`` characters of the line with the 1-based ``number`` of a text; empty where it has no such line.

    What stands ``at`` the 0-based character is in what is shown.
    """
    lines = draw.text.split("\n")
    line = lines[number - 1].rstrip() if number <= len(lines) else ""
    start = max(0, min(at - most // 2, len(line) - most))
    end = start + most
    shown = f"{'…' if start else ''}{line[start:end]}{'…' if end < len(line) else ''}".strip()
    return f"{shown} …" if number == 1 and len(lines) > 1 else shown


def excerpt(draw: Draw, number: int, most: int) -> str:
    """Return at most ``most`` lines of a text, with the one of the 1-based ``number`` among them."""
    lines = draw.text.split("\n")
    start = max(0, min(number - 1 - most // 4, len(lines) - most))
    shown = [line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]}…" for line in lines[start : start + most]]
    return "\n".join([*(["…"] if start else []), *shown, *(["…"] if start + most < len(lines) else [])])


def common_beginning(text: str, other: str) -> int:
    """Return the length of the longest beginning that two texts have in common."""
    pairs = enumerate(zip(text, other, strict=False))
    return next((at for at, (one, two) in pairs if one != two), min(len(text), len(other)))


def first_difference(one: Draw, other: Draw) -> int:
    """Return the row-major position of the first element whose bits differ; both have the same dtype and shape."""
    size = len(one.data) // max(one.array.size, 1)
    elements = [np.frombuffer(draw.data, np.uint8).reshape(-1, size) for draw in (one, other)]
    return int((elements[0] != elements[1]).any(axis=1).argmax())


def value_text(draw: Draw, element: int) -> str:
    """Return one element as NumPy prints it: the shortest text that gives the same bits back."""
    return str(draw.array.ravel()[element])


def value_bits(draw: Draw, element: int) -> str:
    """Return the bits of one element in hex, most significant first."""
    size = len(draw.data) // max(draw.array.size, 1)
    return draw.data[element * size : (element + 1) * size][::-1].hex()


def element_text(draw: Draw, position: int) -> str:
    """Return one element with its row-major position, from 0 on, such as ``[17] 0.25``."""
    size = len(draw.data) // draw.array.size
    element = msgspec.structs.replace(draw, shape=(), data=draw.data[position * size : (position + 1) * size])
    return f"[{position}] {brief_text(element)}"
