"""The inquiries of a session, one at a time: one that was asked for, or those that follow experiments by themselves."""

from collections.abc import Callable, Hashable

import msgspec

from seedlab.inquiry.influence import Inquiry
from seedlab.results.influence import Influence
from seedlab.study.lab import Column


class Inquiring:
    """What is under way, and what earlier inquiries have found."""

    def __init__(self) -> None:
        self.inquiry: Inquiry | None = None
        """The experiment that looks for causes, while it goes on."""
        self.key = 0
        """The key of the column that it looks at."""
        self.is_unasked = False
        """True while it was begun by itself: it gives way to whatever is asked for."""
        self._waiting: Callable[[], None] | None = None
        self._known: dict[Hashable, Influence] = {}
        self._programs: dict[int, Hashable] = {}

    def begin(self, inquiry: Inquiry, key: int, *, is_unasked: bool) -> None:
        """Take note that ``inquiry`` goes on."""
        self.inquiry, self.key, self.is_unasked = inquiry, key, is_unasked

    def give_way(self, action: Callable[[], None]) -> None:
        """Do ``action`` once what was begun by itself has ended."""
        self._waiting = action

    def end(self, column: Column | None, *, is_complete: bool) -> Callable[[], None] | None:
        """Take note that the inquiry is over; return what waited for that.

        What it has found of ``column`` is remembered where it ``is_complete``.
        """
        if self.inquiry is not None and column is not None and is_complete and not self.inquiry.problem:
            self._known[basis_of(column)] = self.inquiry.influence
        self.inquiry = None
        self.is_unasked = False
        waiting, self._waiting = self._waiting, None
        return waiting

    def known(self, column: Column) -> Influence | None:
        """Return what was found of a column with the same script and interpreter; None where nothing was."""
        return self._known.get(basis_of(column))

    def remember_program(self, key: int, program: Hashable) -> None:
        """Take note of the ``program``, with its modules, that the influence of the column ``key`` was found for."""
        self._programs[key] = program

    def holds_for(self, key: int, program: Hashable) -> bool:
        """Return True where the influence of the column ``key`` was found in this session, for the same ``program``."""
        return self._programs.get(key) == program


def basis_of(column: Column) -> Hashable:
    """Return all that the influence of an experiment depends on."""
    interpreter = column.interpreter
    return column.script, None if interpreter is None else msgspec.structs.replace(interpreter, extra=())
