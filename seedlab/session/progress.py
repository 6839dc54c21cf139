"""How far the runs are that were asked for last, and how they ended."""

import time
from collections.abc import Collection, Mapping
from typing import Protocol

from seedlab.engine.batch import BatchEnd
from seedlab.results.run import Run
from seedlab.session.arrangement import Arrangement


class Host(Protocol):
    """The session, as far as progress depends on it."""

    arrangement: Arrangement
    is_busy: bool


class Progress:
    """Counts the runs that were asked for last; nothing once others are shown in their place."""

    def __init__(self, host: Host) -> None:
        self.last_end: BatchEnd | None = None
        """How they ended; None while they go on and before the first ones."""
        self._host = host
        self._asked = self._done = 0
        self._began = self._ended = 0.0
        self._counted: Mapping[int, tuple[Run, ...]] = {}
        """The runs of each column that was run last, as they ended."""

    @property
    def asked(self) -> int:
        """The number of runs that were asked for."""
        return 0 if self._is_of_others else self._asked

    @property
    def done(self) -> int:
        """The number of runs that have ended."""
        return 0 if self._is_of_others else self._done

    @property
    def seconds(self) -> float:
        """The time since the start of the runs, until now or until their end."""
        until = time.monotonic() if self._host.is_busy else self._ended
        return 0.0 if self._is_of_others else max(until - self._began, 0.0)

    @property
    def to_come(self) -> int:
        """The number of runs that are still to come: 0 only when all have ended."""
        return max(self._asked - self._done, 1) if self._host.is_busy else 0

    @property
    def _is_of_others(self) -> bool:
        if self._host.is_busy:
            return False
        shown = {lane.key: lane.column.runs for lane in self._host.arrangement.lanes}
        return any(shown.get(key) is not runs for key, runs in self._counted.items())

    def begin(self) -> None:
        """Take note that runs begin now."""
        self._began = time.monotonic()
        self.last_end = None

    def count(self, asked: int, done: int) -> None:
        """Have ``asked`` runs, of which ``done`` have ended."""
        self._asked, self._done = asked, done

    def add(self, *, asked: int = 0, done: int = 0) -> None:
        """Add to what is counted; fewer are asked for where some are left out."""
        self._asked += asked
        self._done += done

    def end(self, end: BatchEnd, keys: Collection[int]) -> None:
        """Take note that the runs of the columns ``keys`` have all ended."""
        self._counted = {lane.key: lane.column.runs for lane in self._host.arrangement.lanes if lane.key in keys}
        self._ended = time.monotonic()
        self.last_end = end
