"""What is to be executed: one run as a request, and many as a plan. Plain values, which any executor can take."""

from collections.abc import Iterable

import msgspec

DEFAULT_TIMEOUT_S = 60.0


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What one run may take before it is ended, and how much of its output is kept."""

    timeout_s: float = DEFAULT_TIMEOUT_S
    max_processes: int = 256
    """In one run's group: a script that starts more is taken for a fork bomb."""
    output_bytes: int = 64 * 1024
    """Kept of the beginning, and as much of the end, of standard output and of standard error."""


class RunRequest(msgspec.Struct, frozen=True, kw_only=True):
    """One run to make."""

    script: str
    """Python source."""
    executable: str
    """Path of the Python that executes it."""
    path: str | None = None
    """The file that holds ``script`` and is executed where it stands; None for a file in a folder of its own."""
    folder: str | None = None
    """The folder to work in; None for the engine's own."""
    arguments: tuple[str, ...] = ()
    """What the script finds in ``sys.argv`` after its own name."""
    environment: tuple[tuple[str, str | None], ...] = ()
    """Variables that are added to the engine's environment, or removed from it where the value is None."""
    index: int = 1
    """1-based number of the run in its column."""
    key: int = 0
    """Whose run it is: a column, or another purpose. `Batch.skip` takes it."""
    limits: Limits = Limits()
    holds: tuple[str, ...] = ()
    """Sources of randomness that are held still."""
    turns: tuple[str, ...] = ()
    """Sources of randomness that are turned to other values."""


class Plan(msgspec.Struct, frozen=True):
    """Requests to execute and deliver in order, several of them at once."""

    requests: tuple[RunRequest, ...]
    jobs: int | None = None
    """Runs at once; None for as many as the executor has room for."""

    @classmethod
    def repeat(cls, request: RunRequest, runs: int, first_index: int = 1, *, jobs: int | None = None) -> "Plan":
        """Return the plan of ``runs`` times the same, numbered from ``first_index``."""
        indices = range(first_index, first_index + runs)
        return cls(tuple(msgspec.structs.replace(request, index=index) for index in indices), jobs)

    @classmethod
    def joined(cls, plans: Iterable["Plan"], *, jobs: int | None = None) -> "Plan":
        """Return one plan of all requests of ``plans``, one plan after the other, up to ``jobs`` at once."""
        return cls(tuple(request for plan in plans for request in plan.requests), jobs)
