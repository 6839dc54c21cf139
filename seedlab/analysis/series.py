"""The numbers of one draw in many runs, with the run or the seed that each belongs to."""

from collections.abc import Mapping, Sequence
from typing import Literal, Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from seedlab.results.run import Draw, Run

Kind = Literal["run", "seed", "value"]
"""What tells the runs apart: their number, or the seeds that they were given."""
MOST_TEXT_NUMBERS = 8
"""The most numbers in a text of which one is a value: a longer text is no printed number."""


class Series(msgspec.Struct, frozen=True, kw_only=True):
    """The numbers of one draw of one maker. All arrays have a row for each number, grouped by run."""

    label: str
    maker: str
    """The name of the column or of the sweep that made the runs."""
    kind: Kind
    points: NDArray[np.int64]
    """The number of the run, or its seeds: int64, shape (numbers, axes)."""
    values: NDArray[np.float64]
    """float64, shape (numbers,); NaN where a run has no number."""
    elements: NDArray[np.int64] | None = None
    """The position of each number in its draw, int64, shape (numbers,); None where each draw is a single one."""
    own: int | None = None
    """The row with the seed that the script has itself; None where there is none."""

    @property
    def is_single(self) -> bool:
        """True where each run has one number at most, so that rows are runs."""
        return self.elements is None


class Source(Protocol):
    """Where the series of a distribution come from. Its methods take long, and are called outside the window's thread.

    It holds values alone.
    """

    @property
    def label(self) -> str:
        """The draw that is looked at."""

    @property
    def makers(self) -> tuple[str, ...]:
        """The names of the columns or sweeps."""

    def labels(self) -> tuple[str, ...]:
        """Return the labels of all draws that the makers have."""

    def series(self, maker: int, label: str) -> Series:
        """Return the numbers that the maker at that position has of ``label``; none where it has no such draw."""


class MadeColumn(msgspec.Struct, frozen=True):
    """One column of the window, with the runs that count."""

    name: str
    runs: tuple[Run, ...]
    own: Mapping[str, str] = {}
    """What it calls a row, where that is another label."""


class ColumnsSource(msgspec.Struct, frozen=True):
    """The draw ``label`` in the ordinary runs of columns."""

    label: str
    columns: tuple[MadeColumn, ...]

    @property
    def makers(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    def labels(self) -> tuple[str, ...]:
        names: dict[str, None] = {}
        for column in self.columns:
            rows = {own: row for row, own in column.own.items()}
            for run in column.runs:
                names.update(dict.fromkeys(rows.get(draw.label, draw.label) for draw in run.draws))
        return tuple(names)

    def has_numbers(self) -> bool:
        """Return True where a run has a number of the draw; takes no time."""
        for column in self.columns:
            label = column.own.get(self.label, self.label)
            draws = (draw for run in column.runs for draw in run.draws if draw.label == label)
            if any(_numbers(draw).size for draw in draws):
                return True
        return False

    def series(self, maker: int, label: str) -> Series:
        column = self.columns[maker]
        return series_of_runs(column.runs, column.own.get(label, label), column.name, shown_as=label)


def series_of_runs(runs: Sequence[Run], label: str, maker: str, shown_as: str = "") -> Series:
    """Return the numbers that ``runs`` drew under ``label``; of a draw with many elements, all of them."""
    numbers: list[int] = []
    arrays: list[NDArray[np.float64]] = []
    for run in runs:
        draw = next((draw for draw in run.draws if draw.label == label), None)
        if draw is not None and (array := _numbers(draw)).size:
            numbers.append(run.index)
            arrays.append(array)
    sizes = np.array([array.size for array in arrays], np.int64)
    values = np.concatenate(arrays) if arrays else np.empty(0)
    points = np.repeat(np.array(numbers, np.int64), sizes)[:, np.newaxis]
    is_single = bool((sizes <= 1).all())
    elements = None if is_single else np.concatenate([np.arange(size) for size in sizes])
    return Series(label=shown_as or label, maker=maker, kind="run", points=points, values=values, elements=elements)


def _numbers(draw: Draw) -> NDArray[np.float64]:
    """Return the values as float64, flat; for complex numbers their magnitudes, of a long text none."""
    array = draw.array.ravel()
    if (draw.is_text and array.size > MOST_TEXT_NUMBERS) or array.dtype.kind not in "biufc":
        return np.empty(0)
    return np.abs(array).astype(np.float64) if array.dtype.kind == "c" else array.astype(np.float64)
