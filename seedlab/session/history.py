"""What was done to the columns, so that it can be undone and done again."""

from seedlab.session.arrangement import Arrangement

MAX_STEPS = 50


class History:
    """Arrangements before and after the present one. Runs and choices made since are not taken back."""

    def __init__(self) -> None:
        self._earlier: list[Arrangement] = []
        self._later: list[Arrangement] = []

    @property
    def can_undo(self) -> bool:
        """There is an earlier arrangement."""
        return bool(self._earlier)

    @property
    def can_redo(self) -> bool:
        """Something was undone, and nothing else done since."""
        return bool(self._later)

    def record(self, before: Arrangement) -> None:
        """Remember ``before``, which is about to be replaced; what was undone is forgotten."""
        self._earlier = [*self._earlier[-(MAX_STEPS - 1) :], before]
        self._later = []

    def undo(self, present: Arrangement) -> Arrangement:
        """Return the arrangement before ``present``, with what was run since. Raises IndexError without one."""
        earlier = self._earlier.pop()
        self._later.append(present)
        return present.back_to(earlier)

    def redo(self, present: Arrangement) -> Arrangement:
        """Return the arrangement that the last undo took back. Raises IndexError without one."""
        later = self._later.pop()
        self._earlier.append(present)
        return present.back_to(later)

    def clear(self) -> None:
        """Forget everything: other columns have come."""
        self._earlier, self._later = [], []
