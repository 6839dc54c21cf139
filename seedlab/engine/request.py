"""Requests, each for one run, and plans of many requests: plain values, which any executor can take."""

import os
from collections.abc import Callable, Iterable

import msgspec

DEFAULT_TIMEOUT_S = 60.0


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """The limits at which a run is ended, and how much of its output is kept."""

    timeout_s: float = DEFAULT_TIMEOUT_S
    """The longest duration of a run, in seconds."""
    max_processes: int = 256
    """The largest number of processes in a run's group: a script that starts more is taken for a fork bomb."""
    output_bytes: int = 64 * 1024
    """The number of bytes kept from the beginning and from the end, each, of standard output and standard error."""


class RunRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A request for one run."""

    script: str
    """The Python source to execute."""
    executable: str
    """The path of the Python that executes the script, or ``ssh://host/path`` of one on another host."""
    path: str | None = None
    """The file that holds ``script`` and is executed in place; None to write a temporary file.

    In a private view it has the text of ``script`` whatever it has elsewhere."""
    name: str | None = None
    """What the script finds in ``sys.argv[0]``; None for its path."""
    module: str | None = None
    """The dotted name by which ``path`` is executed, as by ``python -m``; None to execute it as a file."""
    folder: str | None = None
    """The working directory; None for that of the engine."""
    host_folder: str | None = None
    """The folder that holds the script, and in which it works, where the executable is on another host; None where
    the folder here has to be sent there."""
    arguments: tuple[str, ...] = ()
    """The elements of ``sys.argv`` after the script's name."""
    environment: tuple[tuple[str, str | None], ...] = ()
    """Variables to add to those of `child_environment`; a value of None removes the variable."""
    index: int = 1
    """The number of the run in its column, from 1."""
    key: int = 0
    """The number of the column, or of another purpose, that the run belongs to; `Batch.skip` takes it."""
    limits: Limits = Limits()
    is_result: bool = False
    """True where what asks for the run keeps it before another one takes its place."""
    start: str = ""
    """The value of the `Start` by which this run is started; empty for that of the executor."""
    cold_reason: str = ""
    """Why this run is to be started cold although auto was asked for, as a clause; empty where it need not be."""
    is_private: bool = False
    """True to execute the run in a private view of its folder, where what it changes is seen by nobody else."""
    changes: tuple[tuple[str, str], ...] = ()
    """Other files that have another text in the run's private view: their absolute paths, each with its text."""
    is_plain: bool = False
    """True to observe nothing but what is printed and the files that are compared; only a cold run can be so."""
    compares: tuple[str, ...] = ()
    """Files that are read as draws after the run, or patterns of their names, relative to the working directory."""
    audits: bool = False
    """True to tell what the run does outside its own process: its effects."""
    holds: tuple[str, ...] = ()
    """What the observer holds: ``"sources"`` for every source that takes entropy, and parts of the surroundings."""
    turns: tuple[str, ...] = ()
    """The sources of randomness that get another value than usual, as in `seedlab.observer.held.HeldValues`."""
    earlier_runs: int = 0
    """How often the script is executed before, in the same private view and with nothing held, so that the run finds
    what that leaves there; only a cold one can."""
    fixes_addresses: bool = False
    """True to start the process with the same layout of addresses each time; only a cold one can have it."""

    @property
    def root(self) -> str:
        """The folder that Python puts first on the path; empty for a script without a path."""
        if self.path is None:
            return ""
        if self.module is not None:
            return self.folder or os.getcwd()
        return os.path.dirname(os.path.realpath(self.path))


class Plan(msgspec.Struct, frozen=True):
    """Requests to execute, several at once, and to deliver in order."""

    requests: tuple[RunRequest, ...]
    jobs: int | None = None
    """The largest number of runs at once; None for as many as the executor has room for."""

    @classmethod
    def repeat(cls, request: RunRequest, runs: int, first_index: int = 1, *, jobs: int | None = None) -> "Plan":
        """Return the plan that repeats ``request`` ``runs`` times, numbered from ``first_index``."""
        indices = range(first_index, first_index + runs)
        return cls(tuple(msgspec.structs.replace(request, index=index) for index in indices), jobs)

    @classmethod
    def joined(cls, plans: Iterable["Plan"], *, jobs: int | None = None) -> "Plan":
        """Return one plan with the requests of all ``plans``, one plan after the other."""
        return cls(tuple(request for plan in plans for request in plan.requests), jobs)


MakePlan = Callable[[], Plan | None]
"""A function that makes a plan; it returns None where nothing is left to execute."""
