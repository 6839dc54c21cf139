"""The changes of the columns, which can be undone and redone."""

from seedlab.session.arrangement import Arrangement

MAX_STEPS = 50


class History:
    """The arrangements before and after the current one. Undoing does not take back runs or choices made since."""

    def __init__(self) -> None:
        self._earlier: list[Arrangement] = []
        self._later: list[Arrangement] = []

    @property
    def can_undo(self) -> bool:
        """True when there is an earlier arrangement."""
        return bool(self._earlier)

    @property
    def can_redo(self) -> bool:
        """True when something was undone and nothing else was done since."""
        return bool(self._later)

    def record(self, before: Arrangement) -> None:
        """Remember ``before``, which is about to be replaced, and forget what was undone."""
        self._earlier = [*self._earlier[-(MAX_STEPS - 1) :], before]
        self._later = []

    def undo(self, present: Arrangement) -> Arrangement:
        """Return the arrangement before ``present``, with the runs made since. Raise IndexError when there is none."""
        earlier = self._earlier.pop()
        self._later.append(present)
        return present.back_to(earlier)

    def redo(self, present: Arrangement) -> Arrangement:
        """Return the arrangement that the last undo took back. Raise IndexError when there is none."""
        later = self._later.pop()
        self._earlier.append(present)
        return present.back_to(later)

    def clear(self) -> None:
        """Forget everything, because the columns were replaced by others."""
        self._earlier, self._later = [], []
