"""The values of one draw in all runs, in the form in which they are drawn.

Adding runs takes time only for the runs that are new.
"""

from collections.abc import Sequence

import numpy as np

from seedlab.analysis.analyst import Draws
from seedlab.figure.text_look import is_plotted
from seedlab.results.run import Draw

MAX_IMAGE_ELEMENTS = 256
"""The most elements of a run that a map shows; of more, evenly spaced ones stand for all."""
LARGEST = 1e300
"""A plot cannot span more than the largest double, so values beyond this stand at its edge."""


class Values:
    """The values of one draw, which grow with the runs of its column.

    They start anew when the runs do not continue the earlier ones.
    """

    def __init__(self) -> None:
        self._start(())

    def _start(self, known: Sequence[Draw | None]) -> None:
        self._known = known
        self._image = np.empty((0, 0), np.float32)
        self._imaged = 0
        self.draws: list[Draw | None] = []
        """The draw of each run; None where the run has no such draw."""
        self.arrays: list[np.ndarray | None] = []
        """The values of each run, float64, flat; None where the run has no such draw."""
        self.count = 0
        self.most_elements = 0
        self.not_finite = 0
        self.low = self.high = 0.0
        """The least and the greatest finite value; both 0 where there is none."""

    @property
    def has_range(self) -> bool:
        return self.count > self.not_finite

    def seen(self, count: int | None) -> "Values":
        """Return the values of only the first ``count`` runs."""
        values = Values()
        values._add(self.draws[:count])
        return values

    def update(self, draws: Draws) -> None:
        """Bring the values up to date with ``draws``, which has one draw for each run."""
        if draws.known is not self._known or len(draws) < len(self.draws):
            self._start(draws.known)
        self._add(draws[len(self.draws) :])

    def _add(self, draws: Sequence[Draw | None]) -> None:
        for draw in draws:
            self.draws.append(draw)
            self.arrays.append(None if draw is None else self._added(_drawable(draw)))

    def _added(self, array: np.ndarray) -> np.ndarray:
        is_finite = np.isfinite(array)
        finite = array if is_finite.all() else array[is_finite]
        if finite.size:
            low, high = (min(max(float(end), -LARGEST), LARGEST) for end in (finite.min(), finite.max()))
            self.low, self.high = (min(self.low, low), max(self.high, high)) if self.has_range else (low, high)
        self.count += array.size
        self.most_elements = max(self.most_elements, array.size)
        self.not_finite += array.size - finite.size
        return array

    def _fill_image(self) -> None:
        """Add the runs that the image does not have yet."""
        elements = min(self.most_elements, MAX_IMAGE_ELEMENTS)
        runs = len(self.arrays)
        if self._image.shape[1] != elements or runs > len(self._image):
            grown = np.full((max(64, 2 * runs), elements), np.nan, np.float32)
            if self._image.shape[1] == elements:
                grown[: len(self._image)] = self._image
            else:
                self._imaged = 0
            self._image = grown
        picked = np.linspace(0, self.most_elements - 1, elements).astype(int)
        for run in range(self._imaged, runs):
            array = self.arrays[run]
            if array is not None:
                shown = picked[picked < array.size]
                with np.errstate(over="ignore"):
                    self._image[run, : len(shown)] = array[shown]
        self._imaged = runs

    def image(self) -> np.ndarray:
        """Return the values as float32, shape (elements, runs); NaN where a run has no such element."""
        self._fill_image()
        return self._image[: len(self.arrays)].T


def _drawable(draw: Draw) -> np.ndarray:
    """Return the values as float64, flat; for complex numbers their magnitudes, of a long text none."""
    if draw.is_text and not is_plotted(draw):
        return np.empty(0)
    array = draw.array.ravel()
    return np.abs(array) if array.dtype.kind == "c" else array.astype(np.float64, copy=False)
