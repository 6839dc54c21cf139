"""The interface of all executors, which execute runs here or on another host."""

import enum
from typing import Protocol

import msgspec

from seedlab.engine.request import RunRequest
from seedlab.results.run import Run


class Start(enum.Enum):
    """The ways to start runs; `AUTO` chooses one of the others for each run."""

    AUTO = "auto"
    COLD = "cold"
    SPARE = "spare"
    FORK = "fork"


class Readiness(enum.Enum):
    """How soon a run could start: cold, after the preparation that is going on, or at once."""

    COLD = "cold"
    PREPARING = "preparing"
    READY = "ready"


class Capacity(msgspec.Struct, frozen=True):
    """The room for runs on the machine that executes them."""

    runs: int
    """The number of runs that can sensibly go on at once: the number of cores."""
    run_bytes: int
    """The approximate memory that one more run takes, in bytes."""
    available_bytes: int
    """The memory that is available without swapping, in bytes."""


class Executor(Protocol):
    """Executes requests, and keeps prepared processes from one batch to the next."""

    def prepare(self, request: RunRequest) -> None:
        """Begin to prepare whatever makes runs like ``request`` start sooner, and return at once."""

    async def run(self, request: RunRequest) -> Run:
        """Execute one run to its end and return what happened to it.

        Nothing that a script does raises an exception here. Cancelling the call ends the run's processes before
        the cancellation goes on.
        """

    def capacity(self, request: RunRequest) -> Capacity:
        """Return the room that there is now for runs like ``request``, without subtracting the current runs."""

    def readiness(self, request: RunRequest) -> tuple[Readiness, str]:
        """Return how soon a run could start, and the way it would start or, when it is cold, the reason."""

    async def close(self) -> None:
        """End all processes that wait for runs, and the runs in them."""
