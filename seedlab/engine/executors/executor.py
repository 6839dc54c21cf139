"""The interface of all executors: whoever executes runs, here or on another host."""

import enum
from typing import Protocol

import msgspec

from seedlab.engine.request import RunRequest
from seedlab.results.run import Run


class Start(enum.Enum):
    """How runs are started."""

    AUTO = "auto"
    COLD = "cold"
    SPARE = "spare"
    FORK = "fork"


class Readiness(enum.Enum):
    """What a person who is about to press Run should know."""

    COLD = "cold"
    PREPARING = "preparing"
    READY = "ready"


class Capacity(msgspec.Struct, frozen=True):
    """How much room there is where the runs are executed."""

    runs: int
    """How many may well go on at once: the cores there."""
    run_bytes: int
    """About what one more takes."""
    available_bytes: int
    """The memory that can be had there without swapping."""


class Executor(Protocol):
    """Executes requests, and keeps what is prepared from one batch to the next."""

    def prepare(self, request: RunRequest) -> None:
        """Begin whatever makes runs like ``request`` start sooner; returns at once."""

    async def run(self, request: RunRequest) -> Run:
        """Execute one run to its end and return what happened to it.

        Never raises for what a script does. Cancelling the call ends the run's processes before the
        cancellation goes on.
        """

    def capacity(self, request: RunRequest) -> Capacity:
        """Return the room there is now for runs like ``request``; those that go on are not subtracted."""

    def readiness(self, request: RunRequest) -> tuple[Readiness, str]:
        """Return whether a run could start at once, and the way it would start; where it is cold, why."""

    async def close(self) -> None:
        """End all processes that wait for runs, and whatever runs in them."""
