"""Where the parts of a cell stand, and how large they are."""

import msgspec
from PySide6.QtCore import QRectF

from seedlab.figure.theme import Theme

HEAD, LETTERS, LINE = 20, 22, 17
"""The heights of the verdict, of the letters and of a listed value, in pixels at zoom 1."""
CHIP = 18
"""The height of a letter's ground, in pixels at zoom 1."""
INSET = 20
"""The room at the left of the letters for the sign of the verdict, where it stands in line with them."""
BASE_OF_HEAD, BASE_OF_LINE = 0.75, 0.72
"""Where the letters of the first line of a head, and those of a listed line, stand: the share of the height above."""


class CellPlaces(msgspec.Struct, frozen=True, kw_only=True):
    """Where the parts of one cell stand: the head in the coordinates of the item, all else right of the inset."""

    theme: Theme
    width: float
    height: float
    head: float
    """The height of the verdict and the reason."""
    inset: float
    runs: int
    """How many runs are shown."""
    slots: int
    """How many have room side by side."""

    @property
    def room(self) -> float:
        """The width of all runs."""
        return self.width - self.inset

    @property
    def step(self) -> float:
        """The width of one run."""
        return self.room / self.slots

    @property
    def band(self) -> QRectF:
        """Where the letters stand."""
        return QRectF(0, self.head + 2, self.room, self.theme.px(CHIP))

    @property
    def plot(self) -> QRectF:
        """Where the values stand."""
        top = self.head + self.theme.px(LETTERS)
        return QRectF(0, top, self.room, max(self.height - top - self.theme.unit, 1))

    def line_at(self, y: float) -> int:
        """Return the 0-based number of the listed line at ``y``; a negative one above them all."""
        return int((y - self.plot.top()) // self.theme.px(LINE))

    @property
    def below_head(self) -> QRectF:
        """Where letters and values stand."""
        return QRectF(0, self.head, self.room, self.height - self.head)
