"""What the drawing shows, and what it reports about a place."""

import msgspec

from seedlab.analysis.analyst import Analysis
from seedlab.session.shown import ShownColumn


class FigureState(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the drawing shows."""

    columns: tuple[ShownColumn, ...]
    analysis: Analysis = Analysis()
    """The analysis of ``columns``, with as many columns as they are."""
    current: int = 0
    """The column that is edited, and that ``why`` shows."""
    look: str = "auto"
    """``lines``, ``values``, ``map``, ``why``, or ``auto``: lines where they can be told apart, else a map."""
    uncovered: int | None = None
    """The number of visible runs in each column; None for all."""
    planned: int = 0
    """How many runs each column will have when those that go on have ended; 0 where none go on."""
    script: bool = True
    heading: str = ""
    """What stands above the headline: the title of a scene; empty for none."""
    is_on_stage: bool = False
    """True where as much of the height as can be belongs to the plots."""

    @property
    def is_why(self) -> bool:
        """True where causes are shown, not values: they are asked for, and some are known."""
        return self.look == "why" and bool(self.columns) and self.columns[self.current].column.influence is not None

    @property
    def values_look(self) -> str:
        """The look of values."""
        return "auto" if self.look == "why" else self.look

    @property
    def is_covered(self) -> bool:
        """True while the verdicts are hidden, because runs are covered or more are to come."""
        return self.uncovered is not None


class Hit(msgspec.Struct, frozen=True):
    """The draw or the line of a script at one place of the drawing, and what belongs to it."""

    text: str
    """The text of the tool tip; may be empty."""
    column: int
    label: str = ""
    lines: tuple[int, ...] = ()
    """The lines of the column's script that explain the draw, or the line that was hit."""
    labels: tuple[str, ...] = ()
    """The labels of the draws that the line explains, or of the draw that was hit."""
