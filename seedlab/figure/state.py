"""What the drawing is to show, and what it answers about a place."""

import msgspec

from seedlab.analysis.analyst import Analysis
from seedlab.session.shown import ShownColumn


class FigureState(msgspec.Struct, frozen=True, kw_only=True):
    """All that the drawing shows."""

    columns: tuple[ShownColumn, ...]
    analysis: Analysis = Analysis()
    """What is known of the columns' experiments and runs; what is not analysed yet is not drawn."""
    look: str = "auto"
    """``lines``, ``values``, ``map``, or ``auto``: lines where they can be told apart, else a map."""
    uncovered: int | None = None
    """How many runs of each column may be seen; None for all."""
    script: bool = True

    @property
    def is_covered(self) -> bool:
        """Return True while the verdicts may not be seen: runs are covered, or more are to come."""
        return self.uncovered is not None


class Hit(msgspec.Struct, frozen=True):
    """What is at one place of the drawing, and what belongs to it."""

    text: str
    """For a person; may be empty."""
    column: int
    label: str = ""
    lines: tuple[int, ...] = ()
    """Lines of the column's script that explain the draw, or the line that was hit."""
    labels: tuple[str, ...] = ()
    """Draws that the line explains, or the draw that was hit."""
