"""One kind of attack: what is made and what is done with it, and what came of all of them."""

import random
import sys
import traceback
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType

from seedlab.errors import SeedlabError

_EXECUTING = {
    "exec", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.startfile", "os.system", "pty.spawn",
    "socket.connect", "subprocess.Popen",
}  # fmt: skip
"""The audit events (PEP 578) of code that is executed, processes that are started and connections that are made."""


class Counts:
    """What came of the mutants of one kind."""

    def __init__(self) -> None:
        self.mutants = self.read = self.refused = 0
        self.foreign: list[str] = []
        """The traceback of each exception that is none of seedlab's own."""
        self.half_written: list[str] = []
        self.executions: list[str] = []
        self.peak_bytes = 0
        """The largest peak of memory."""
        self.largest = 0
        """The bytes of the largest mutant."""

    @property
    def faults(self) -> list[str]:
        """What must not happen, as text."""
        return [*self.foreign, *self.half_written, *self.executions]


class Attack:
    """Mutants that ``make`` makes, and ``use`` uses as a person would.

    ``use`` returns the names of the files that it left half-written; both may be called with any number of mutants.
    """

    def __init__(
        self, name: str, make: Callable[[random.Random], bytes], use: Callable[[bytes, "Opening"], list[str]]
    ) -> None:
        self.name = name
        self._make = make
        self._use = use

    def carried_out(self, count: int, seed: int = 0) -> Counts:
        """Return what came of ``count`` mutants, which are the same for the same ``seed``."""
        counts = Counts()
        opening = Opening(counts)
        tracemalloc.start()
        try:
            for number in range(count):
                mutant = self._make(random.Random(f"{self.name} {seed} {number}"))
                self._one(mutant, counts, opening)
        finally:
            tracemalloc.stop()
        return counts

    def _one(self, mutant: bytes, counts: Counts, opening: "Opening") -> None:
        counts.mutants += 1
        tracemalloc.clear_traces()
        before, _ = tracemalloc.get_traced_memory()
        try:
            counts.half_written += self._use(mutant, opening)
            counts.read += 1
        except SeedlabError:
            counts.refused += 1
        except Exception:  # noqa: BLE001  # What is not seedlab's own is what is looked for.
            counts.foreign.append(traceback.format_exc())
        _, peak = tracemalloc.get_traced_memory()
        counts.peak_bytes = max(counts.peak_bytes, peak - before)
        counts.largest = max(counts.largest, len(mutant))


class Opening:
    """Watches what is executed while something is opened."""

    _watching: "Opening | None" = None
    _is_hooked = False

    def __init__(self, counts: Counts) -> None:
        self._counts = counts
        if not Opening._is_hooked:
            Opening._is_hooked = True
            sys.addaudithook(_on_event)

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Count everything that is executed while the block lasts."""
        Opening._watching = self
        try:
            yield
        finally:
            Opening._watching = None

    @classmethod
    def on_event(cls, event: str, arguments: tuple[object, ...]) -> None:
        """Take note of an audit event."""
        if cls._watching is not None and event in _EXECUTING and not _is_import(arguments):
            cls._watching._counts.executions.append(f"{event} {arguments}")


def _is_import(arguments: tuple[object, ...]) -> bool:
    """Return True for code that stands in a file, as that of a module does which is imported when first used."""
    return len(arguments) == 1 and isinstance(arguments[0], CodeType) and Path(arguments[0].co_filename).is_file()


def _on_event(event: str, arguments: tuple[object, ...]) -> None:
    Opening.on_event(event, arguments)
