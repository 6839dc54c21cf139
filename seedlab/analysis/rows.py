"""Rows: the verdict on one label's draws, from run to run.

Two draws are identical when their dtype, shape and bytes are; anything else is only a remark. Of texts only what was
printed can be equal.
"""

import enum
import math
from collections.abc import Sequence

import msgspec
import numpy as np
from msgspec.structs import replace

from seedlab.evidence.finding import Finding
from seedlab.results.printed_text import LineDifference, Numbers, has_number, line_difference, split_numbers
from seedlab.results.run import Draw


class Verdict(enum.Enum):
    """Tells whether the draws of one row repeat from run to run."""

    REPEATS = "repeats"
    DIFFERS = "differs"
    ONE_RUN = "one run"
    NOT_COMPARABLE = "not comparable"

    @property
    def sign(self) -> str:
        """One character that shows the verdict without colour."""
        return _SIGNS[self]


_SIGNS: dict[Verdict, str] = {
    Verdict.REPEATS: "=",
    Verdict.DIFFERS: "≠",
    Verdict.ONE_RUN: "·",
    Verdict.NOT_COMPARABLE: "?",
}


MOST_MISSING = 6
"""The most runs without a label that are named."""


class Row(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One label across the runs."""

    label: str
    verdict: Verdict
    runs: int
    """The number of runs that have the label."""
    distinct: int
    """The number of distinct values among them."""
    missing: int = 0
    """The number of finished runs without the label."""
    missing_in: tuple[int, ...] = ()
    """The indices of these runs; of many, those of the first `MOST_MISSING`."""
    mismatch: Finding | None = None
    """Why the runs cannot be compared: which run has another shape or dtype."""
    largest_difference: float | None = None
    """The largest over all runs and elements; None unless the values are finite real numbers that differ."""
    same_values_reordered: bool = False
    """True where the runs differ only in the order of their elements."""
    text: Finding | None = None
    """What the comparison of texts has found; None where the draws are no texts."""

    @property
    def first_difference(self) -> tuple[int, int]:
        """The place at which the first text that differs does: its 1-based line, its 0-based character in that line."""
        line, at = (None, None) if self.text is None else (self.text.get("line"), self.text.get("at"))
        return (line, at) if isinstance(line, int) and isinstance(at, int) else (1, 0)


class RowTally:
    """One label across the runs added so far.

    ``finished`` are the indices of all finished runs so far, with or without the label. It grows: the index of a
    finished run is in it when its draws are added.
    """

    def __init__(self, label: str, finished: Sequence[int]) -> None:
        self._label = label
        self._finished = finished
        self._followed = 0
        """The number of finished runs up to the last one with the label."""
        self._missing = 0
        """The number of those that do not have it."""
        self._missing_in: tuple[int, ...] = ()
        """The indices of the first of those."""
        self._runs = 0
        self._first_index = 0
        self._identities: set[object] = set()
        self._first: Draw | None = None
        self._mismatch: Finding | None = None
        self._differences: _Differences | _TextDifferences | None = None
        self._equal: Finding | None = None
        """What is found while all texts are equal, once that was asked for."""
        self.most_elements = 0
        """The number of elements of the largest draw."""

    def add(self, index: int, draw: Draw, *, is_finished: bool) -> None:
        """Count ``draw`` of the run with ``index``, which is the last of the finished ones where it ended well."""
        # A label that a run has twice is followed already.
        if is_finished and self._followed < len(self._finished):
            self._missing, self._missing_in = self._missing_before(len(self._finished) - 1)
            self._followed = len(self._finished)
        self._runs += 1
        self.most_elements = max(self.most_elements, math.prod(draw.shape))
        identity = draw.identity
        is_known = identity in self._identities
        self._identities.add(identity)
        if self._first is None:
            self._first, self._first_index = draw, index
        elif (draw.dtype, draw.shape) != (self._first.dtype, self._first.shape):
            self._mismatch = self._mismatch or Finding.of(
                "row.mismatch",
                run=index,
                dtype=draw.dtype,
                shape=draw.shape,
                first_run=self._first_index,
                first_dtype=self._first.dtype,
                first_shape=self._first.shape,
            )
        elif not is_known:
            # Only now, because most draws never differ, and looking at the elements of a large one takes seconds.
            if self._differences is None:
                self._differences = (_TextDifferences if draw.is_text else _Differences)(self._first)
            self._differences.add(draw)

    def _missing_before(self, end: int) -> tuple[int, tuple[int, ...]]:
        """Return how many of the first ``end`` finished runs do not have the label, and the indices of the first."""
        start, room = self._followed, MOST_MISSING - len(self._missing_in)
        found = self._finished[start : min(end, start + room)]
        return self._missing + end - start, (*self._missing_in, *found)

    def row(self) -> Row:
        """Return the row of all runs added so far."""
        missing, missing_in = self._missing_before(len(self._finished))
        row = Row(
            label=self._label,
            verdict=Verdict.ONE_RUN,
            runs=self._runs,
            distinct=len(self._identities),
            missing=missing,
            missing_in=missing_in,
            mismatch=self._mismatch,
        )
        if self._mismatch is not None:
            return replace(row, verdict=Verdict.NOT_COMPARABLE)
        if self._runs < 2 or self._first is None:
            return row
        if self._differences is None:
            if self._equal is None:
                self._equal = _equal_text(self._first)
            return replace(row, verdict=Verdict.REPEATS, text=self._equal)
        return replace(
            row,
            verdict=Verdict.DIFFERS,
            largest_difference=self._differences.largest(),
            same_values_reordered=self._differences.is_reordered,
            text=self._differences.text,
        )


class _Differences:
    """How far draws of one dtype and shape are apart, element by element."""

    def __init__(self, first: Draw) -> None:
        self._low = self._high = first.array.ravel()
        self._is_finite = _is_finite(self._low)
        self._largest: float | None = None
        self._is_known = False
        # A single element has no other order.
        self._sorted = _sorted_bits(first) if self._low.size > 1 else None

    @property
    def text(self) -> Finding | None:
        return None

    @property
    def is_reordered(self) -> bool:
        """True where all draws have the same elements in another order."""
        return self._sorted is not None

    def add(self, draw: Draw) -> None:
        values = draw.array.ravel()
        self._is_known = False
        self._is_finite = self._is_finite and _is_finite(values)
        if self._is_finite:
            self._low, self._high = np.minimum(self._low, values), np.maximum(self._high, values)
        if self._sorted is not None and not (_sorted_bits(draw) == self._sorted).all():
            self._sorted = None

    def largest(self) -> float | None:
        """Return the largest difference of any two draws in one element; None where it cannot be computed."""
        if not self._is_known:
            self._largest, self._is_known = self._compute_largest(), True
        return self._largest

    def _compute_largest(self) -> float | None:
        if not self._is_finite or not self._low.size:
            return None
        if self._low.dtype.kind in "iu":
            # Modulo 2**64 the difference of any two 64-bit integers, the larger first, is exact.
            return float((self._high.astype(np.uint64) - self._low.astype(np.uint64)).max())
        with np.errstate(over="ignore"):
            return float((self._high.astype(np.float64) - self._low.astype(np.float64)).max())


class _TextDifferences:
    """How far texts are apart: in their numbers alone, or in more."""

    def __init__(self, first: Draw) -> None:
        self._first = first.text
        self._numbers: Numbers | None = split_numbers(self._first)
        """The numbers of the first text; None where another one differs in more than its numbers."""
        self._low = self._high = np.array(self._numbers.values, np.float64)
        self._differing = np.zeros(len(self._low), bool)
        self._lines: LineDifference | None = None
        """The lines in which the first text that differs does."""

    @property
    def is_reordered(self) -> bool:
        return False

    @property
    def text(self) -> Finding:
        """What has been found."""
        lines = self._lines
        assert lines is not None, "a text was added"
        is_of_many = "\n" in self._first
        if self._numbers is not None and self._differing.any():
            code = "text.numbers-differ-in-lines" if is_of_many else "text.numbers-differ"
        else:
            code = "text.lines-differ" if is_of_many else "text.differs"
        return Finding.of(
            code,
            numbers=len(self._differing),
            differing=int(self._differing.sum()),
            largest=self.largest(),
            line=lines.first,
            lines_differing=lines.count,
            at=lines.at,
            one=lines.one,
            other=lines.other,
        )

    def add(self, draw: Draw) -> None:
        text = draw.text
        self._lines = self._lines or line_difference(self._first, text)
        if self._numbers is None:
            return
        numbers = split_numbers(text)
        if numbers.template != self._numbers.template:
            self._numbers = None
            return
        values = np.array(numbers.values, np.float64)
        first = np.array(self._numbers.values, np.float64)
        self._differing = self._differing | ((values != first) & ~(np.isnan(values) & np.isnan(first)))
        self._low, self._high = np.minimum(self._low, values), np.maximum(self._high, values)

    def largest(self) -> float | None:
        """Return the largest difference of any two texts in one number; None where it cannot be computed."""
        if self._numbers is None or not self._differing.any():
            return None
        low, high = self._low[self._differing], self._high[self._differing]
        if not (np.isfinite(low).all() and np.isfinite(high).all()):
            return None
        with np.errstate(over="ignore"):
            return float((high - low).max())


def _equal_text(first: Draw) -> Finding | None:
    """Return what is found where all draws equal ``first``; None where they are no texts."""
    if not first.is_text:
        return None
    return Finding.of("text.equal-digits" if has_number(first.text) else "text.equal")


def _is_finite(values: np.ndarray) -> bool:
    """Return True where all are real numbers between which there is a difference."""
    return values.dtype.kind in "iuf" and bool(np.isfinite(values).all())


def _sorted_bits(draw: Draw) -> np.ndarray:
    """Return the elements in an order that depends on their bits alone."""
    size = len(draw.data) // max(draw.array.size, 1)
    if not size:
        return np.empty(0)
    if size in {1, 2, 4, 8}:
        return np.sort(np.frombuffer(draw.data, f"<u{size}"))
    return np.sort(np.frombuffer(draw.data, [(f"part{part}", "<u8") for part in range(size // 8)]))
