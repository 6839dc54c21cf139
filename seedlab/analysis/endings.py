"""What is known of the runs of one experiment besides their values: how they ended, and what they told."""

from collections.abc import Iterable

import msgspec

from seedlab.results.run import Outcome, Run


class Problem(msgspec.Struct, frozen=True):
    """Something that went wrong in some runs, or that must be known of them."""

    outcome: Outcome
    """How the runs ended; `Outcome.FINISHED` for what must be known of runs however they ended."""
    text: str
    """The text that the runs themselves gave."""
    runs: tuple[int, ...]
    """The indices of the runs."""


class Endings(msgspec.Struct, frozen=True, kw_only=True):
    """How the runs of one experiment ended."""

    runs: int
    """The number of runs."""
    unfinished: int
    """The number of runs that did not end well."""
    first_unfinished: Run | None
    last_drawn: Run | None
    """The last run with draws."""
    last_traced: Run | None
    """The last run with a trace."""
    problems: tuple[Problem, ...]
    details: str
    """The traceback, or the last lines of standard error, of the first run that has any."""


def endings_of(runs: Iterable[Run]) -> Endings:
    """Return how ``runs`` ended."""
    tally = EndingTally()
    for run in runs:
        tally.add(run)
    return tally.endings()


class EndingTally:
    """Endings that take their runs one by one."""

    def __init__(self) -> None:
        self._runs = self._unfinished = 0
        self._first_unfinished: Run | None = None
        self._last_drawn: Run | None = None
        self._last_traced: Run | None = None
        self._details = ""
        self._told: dict[tuple[Outcome, str], list[int]] = {}
        """The indices of the runs by what happened to them."""
        self._problems: dict[tuple[Outcome, str], Problem] = {}
        """The problems in the same order, as they were when `endings` was called last."""
        self._changed: dict[tuple[Outcome, str], None] = {}
        """What happened to runs that were added since then."""

    def add(self, run: Run) -> None:
        """Count ``run``, which may have ended in any way."""
        self._runs += 1
        if run.outcome is not Outcome.FINISHED:
            self._unfinished += 1
            self._first_unfinished = self._first_unfinished or run
            self._tell(run.outcome, run.problem, run.index)
        for note in run.notes:
            self._tell(Outcome.FINISHED, note, run.index)
        if run.draws:
            self._last_drawn = run
        if run.trace:
            self._last_traced = run
        self._details = self._details or run.details

    def _tell(self, outcome: Outcome, text: str, index: int) -> None:
        self._told.setdefault((outcome, text), []).append(index)
        self._changed[outcome, text] = None

    def endings(self) -> Endings:
        """Return the endings of all runs added so far."""
        for outcome, text in self._changed:
            self._problems[outcome, text] = Problem(outcome, text, tuple(self._told[outcome, text]))
        self._changed = {}
        return Endings(
            runs=self._runs,
            unfinished=self._unfinished,
            first_unfinished=self._first_unfinished,
            last_drawn=self._last_drawn,
            last_traced=self._last_traced,
            problems=tuple(self._problems.values()),
            details=self._details,
        )
