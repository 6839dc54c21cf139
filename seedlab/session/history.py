"""The changes of the columns, which can be undone and redone."""

from seedlab.session.arrangement import Arrangement

MAX_STEPS = 50


class History:
    """The arrangements before and after the current one. Undoing does not take back runs or choices made since."""

    def __init__(self) -> None:
        self._earlier: list[Arrangement] = []
        self._later: list[Arrangement] = []
        self._step = ""
        """What was recorded last, where more of the same belongs to it; else empty."""

    @property
    def can_undo(self) -> bool:
        """True when there is an earlier arrangement."""
        return bool(self._earlier)

    @property
    def can_redo(self) -> bool:
        """True when something was undone and nothing else was done since."""
        return bool(self._later)

    def record(self, before: Arrangement, step: str = "") -> None:
        """Remember ``before``, which is about to be replaced, and forget what was undone.

        Changes that are recorded in succession with the same ``step``, such as letters that are typed, are one.
        """
        if not step or step != self._step:
            self._earlier = [*self._earlier[-(MAX_STEPS - 1) :], before]
        self._later = []
        self._step = step

    def end_step(self, present: Arrangement) -> bool:
        """Let what is recorded next be a change of its own; return False where it would have been anyway.

        A step that led back to where it began is none.
        """
        was_open, self._step = bool(self._step), ""
        if was_open and self._earlier and self._earlier[-1] == present:
            self._earlier.pop()
        return was_open

    def undo(self, present: Arrangement) -> Arrangement:
        """Return the arrangement before ``present``, with the runs made since. Raise IndexError when there is none."""
        self._step = ""
        earlier = self._earlier.pop()
        self._later.append(present)
        return present.back_to(earlier)

    def redo(self, present: Arrangement) -> Arrangement:
        """Return the arrangement that the last undo took back. Raise IndexError when there is none."""
        self._step = ""
        later = self._later.pop()
        self._earlier.append(present)
        return present.back_to(later)

    def clear(self) -> None:
        """Forget everything, because the columns were replaced by others."""
        self._earlier, self._later, self._step = [], [], ""
