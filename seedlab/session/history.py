"""The changes of the columns and of the scenes, which can be undone and redone."""

import msgspec
from msgspec.structs import replace

from seedlab.session.arrangement import Arrangement
from seedlab.study.lab import Scene

MAX_STEPS = 50


class Moment(msgspec.Struct, frozen=True):
    """All that undoing brings back."""

    arrangement: Arrangement
    scenes: tuple[Scene, ...] = ()
    at: int | None = None
    """The 0-based position of the scene that is shown; None for none."""

    def back_to(self, earlier: "Moment") -> "Moment":
        """Return ``earlier`` with the runs and choices made since."""
        return replace(earlier, arrangement=self.arrangement.back_to(earlier.arrangement))


class History:
    """The moments before and after the current one. Undoing does not take back runs or choices made since."""

    def __init__(self) -> None:
        self._earlier: list[Moment] = []
        self._later: list[Moment] = []
        self._step = ""
        """What was recorded last, where more of the same belongs to it; else empty."""

    @property
    def can_undo(self) -> bool:
        """True when there is an earlier moment."""
        return bool(self._earlier)

    @property
    def can_redo(self) -> bool:
        """True when something was undone and nothing else was done since."""
        return bool(self._later)

    def record(self, before: Moment, step: str = "") -> None:
        """Remember ``before``, which is about to be replaced, and forget what was undone.

        Changes that are recorded in succession with the same ``step``, such as letters that are typed, are one.
        """
        if not step or step != self._step:
            self._earlier = [*self._earlier[-(MAX_STEPS - 1) :], before]
        self._later = []
        self._step = step

    def end_step(self, present: Moment) -> bool:
        """Let what is recorded next be a change of its own; return False where it would have been anyway.

        A step that led back to where it began is none.
        """
        was_open, self._step = bool(self._step), ""
        if was_open and self._earlier and self._earlier[-1] == present:
            self._earlier.pop()
        return was_open

    def undo(self, present: Moment) -> Moment:
        """Return the moment before ``present``, with the runs made since. Raise IndexError when there is none."""
        self._step = ""
        earlier = self._earlier.pop()
        self._later.append(present)
        return present.back_to(earlier)

    def redo(self, present: Moment) -> Moment:
        """Return the moment that the last undo took back. Raise IndexError when there is none."""
        self._step = ""
        later = self._later.pop()
        self._earlier.append(present)
        return present.back_to(later)

    def clear(self) -> None:
        """Forget everything, because the columns were replaced by others."""
        self._earlier, self._later, self._step = [], [], ""
