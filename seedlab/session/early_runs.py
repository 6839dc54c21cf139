"""The runs that have ended before it is their turn to be shown, which must not be lost until then."""

from seedlab.results.run import Run
from seedlab.session.arrangement import Lane


class EarlyRuns:
    """The early runs of each column, by its key."""

    def __init__(self) -> None:
        self._runs: dict[int, list[Run]] = {}
        self._merged: dict[int, tuple[tuple[Run, ...], tuple[Run, ...]]] = {}
        """The runs that a column shows, and these with its early ones."""

    def __bool__(self) -> bool:
        return bool(self._runs)

    def add(self, key: int, run: Run) -> None:
        """Take ``run`` of the column ``key``."""
        self._set(key, [*self._runs.get(key, ()), run])

    def remove(self, key: int, index: int) -> None:
        """Let go of the run ``index`` of the column ``key``, if it was early: it is its turn."""
        self._set(key, [early for early in self._runs.get(key, ()) if early.index != index])

    def with_shown(self, lane: Lane) -> tuple[Run, ...]:
        """Return all runs of ``lane`` that have ended: the same object until there are more."""
        shown, early = lane.column.runs, self._runs.get(lane.key)
        if early is None:
            return shown
        merged = self._merged.get(lane.key)
        if merged is None or merged[0] is not shown:
            merged = self._merged[lane.key] = (shown, (*shown, *sorted(early, key=lambda run: run.index)))
        return merged[1]

    def _set(self, key: int, runs: list[Run]) -> None:
        self._merged.pop(key, None)
        if runs:
            self._runs[key] = runs
        else:
            self._runs.pop(key, None)
