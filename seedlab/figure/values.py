"""The values of one draw in all runs, as they are drawn; runs that are added cost only themselves."""

import numpy as np

from seedlab.results.run import Draw, Run

MAX_IMAGE_ELEMENTS = 256
"""Elements of a run that a map shows: with more, evenly spaced ones stand for all."""

LARGEST = 1e300
"""A plot cannot span more than the largest double: beyond this, values stand at its edge."""


class Values:
    """Grows with the runs of one column; runs that are not the earlier ones and more start it anew."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._start()

    def _start(self) -> None:
        self._runs: tuple[Run, ...] = ()
        self._image = np.empty((0, 0), np.float32)
        self._imaged = 0
        self.draws: list[Draw | None] = []
        """For each run; None where the run has no such draw."""
        self.arrays: list[np.ndarray | None] = []
        """Likewise: float64, flat."""
        self.count = 0
        self.most_elements = 0
        self.not_finite = 0
        self.low = self.high = 0.0
        """Of the finite values."""

    @property
    def has_range(self) -> bool:
        return self.count > self.not_finite

    def seen(self, count: int | None) -> "Values":
        """Of the first ``count`` runs alone."""
        values = Values(self._label)
        values.update(self._runs[:count])
        return values

    def update(self, runs: tuple[Run, ...]) -> None:
        old = self._runs
        if not (len(old) <= len(runs) and (not old or (old[0] is runs[0] and old[-1] is runs[len(old) - 1]))):
            self._start()
            old = ()
        self._runs = runs
        for run in runs[len(old) :]:
            draw = run.draw(self._label)
            self.draws.append(draw)
            self.arrays.append(None if draw is None else self._added(_drawable(draw.array.ravel())))

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
        """Bring the image up to the last run; what it has already costs nothing again."""
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
        """float32, shape (elements, runs); NaN where a run has no such element."""
        self._fill_image()
        return self._image[: len(self.arrays)].T


def _drawable(array: np.ndarray) -> np.ndarray:
    """As float64; of complex numbers the magnitude."""
    return np.abs(array) if array.dtype.kind == "c" else array.astype(np.float64, copy=False)
