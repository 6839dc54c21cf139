"""Where the rows of the drawing stand, by their positions."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate


class RowPlaces:
    """Rows below one another, without gaps; all lengths are in pixels of the scene."""

    def __init__(self, top: float, heights: Sequence[float], heads: Sequence[float]) -> None:
        """Place rows of the given heights from ``top`` down; ``heads`` are the heights of verdict and reason."""
        self.heights = heights
        self.heads = heads
        # There is one more than there are rows: the end of the last one.
        self._tops = list(accumulate(heights, initial=top))

    @property
    def bottom(self) -> float:
        return self._tops[-1]

    def top(self, position: int) -> float:
        """Return where the row at ``position`` begins."""
        return self._tops[position]

    def at(self, y: float) -> int | None:
        """Return the position of the row at ``y``; None above the first and below the last."""
        position = bisect_right(self._tops, y) - 1
        return position if 0 <= position < len(self.heights) else None

    def between(self, top: float, bottom: float) -> range:
        """Return the positions of all rows that have a part between ``top`` and ``bottom``."""
        first = max(bisect_right(self._tops, top) - 1, 0)
        return range(first, max(min(bisect_left(self._tops, bottom), len(self.heights)), first))
