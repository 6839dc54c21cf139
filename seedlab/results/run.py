"""What happened to one run: a frozen value, apart from whatever executed it."""

import enum
from typing import Final

import msgspec
import numpy as np

from seedlab.phrases import recorded
from seedlab.results.effects import Effects
from seedlab.results.extra import Extra
from seedlab.results.printed_text import numbers_in
from seedlab.results.trace import Trace

TEXT: Final = "text"
"""The dtype of a draw that is known as text alone."""


class Outcome(enum.Enum):
    """How a run ended; each run has exactly one."""

    FINISHED = "finished"
    FAILED = "failed"
    TIMED_OUT = "timed out"
    CANCELLED = "cancelled"


class Draw(msgspec.Struct, frozen=True):
    """One value that was printed or read from a file: its bits, or, of what is only known as text, that as compared."""

    label: str
    dtype: str
    """NumPy's name of the dtype, ``"float32"``; also ``"bfloat16"``, which NumPy alone does not have, and `TEXT`."""
    shape: tuple[int, ...]
    data: bytes
    """Row-major, little-endian; of a text, UTF-8."""
    line: int | None = None
    """1-based line of the script that printed it; None for all that a stream has besides, and for what a file has."""
    events_before: int = 0
    """The number of events in the run's trace that came before it."""
    file: str | None = None
    """The file that it was read from after the run, relative to the run's folder; None for what was printed."""
    extra: Extra = ()

    @property
    def identity(self) -> tuple[str, tuple[int, ...], bytes]:
        """A key that is equal for two draws exactly when their dtype, shape and bytes are equal."""
        return (self.dtype, self.shape, self.data)

    @property
    def is_text(self) -> bool:
        return self.dtype == TEXT

    @property
    def text(self) -> str:
        """The text of a draw that is text. Raises ValueError where its bytes are not UTF-8."""
        return self.data.decode()

    @property
    def array(self) -> np.ndarray:
        """The values as a read-only array of ``shape``; bfloat16 is widened, without loss, to float32.

        Those of a text are the numbers in it.
        """
        if self.is_text:
            numbers = np.array(numbers_in(self.text), np.float64)
            numbers.flags.writeable = False
            return numbers
        if self.dtype == "bfloat16":
            halves = np.frombuffer(self.data, np.dtype("<u2")).astype(np.uint32)
            return (halves << 16).view(np.float32).reshape(self.shape)
        return np.frombuffer(self.data, np.dtype(self.dtype).newbyteorder("<")).reshape(self.shape)


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One fresh process that executed a script."""

    index: int
    """1-based position in its batch."""
    outcome: Outcome
    seconds: float
    """Wall time from asking for the process to its end."""
    text: str
    """Standard output, decoded as UTF-8, with all other bytes escaped; the middle of a long one is cut out."""
    draws: tuple[Draw, ...]
    trace: Trace
    start: str = "cold"
    """How the process was started: ``"cold"``, ``"spare"`` or ``"fork"``."""
    start_reason: str = ""
    """Why it was started cold where a faster way was asked for; a clause."""
    problem: str = ""
    """Why the run did not finish, in one line for a person."""
    details: str = ""
    """The script's traceback, or the last lines of standard error."""
    effects: Effects | None = None
    """What the run did outside its process; None where it was not watched. It is not written into documents."""
    notes: tuple[str, ...] = ()
    """What a reader must know however the run ended, such as that a seed could not be observed."""
    extra: Extra = ()

    def with_start_reason(self, reason: str) -> "Run":
        """Return this run with ``reason`` as the reason for its cold start."""
        return msgspec.structs.replace(self, start_reason=reason)


NOT_STARTED: Final = recorded("was not started")
"""The problem of a run that was cancelled before it began."""


def unfinished(index: int, outcome: Outcome, problem: str, start: str = "cold") -> Run:
    """Return a run that never began to execute its script."""
    return Run(index=index, outcome=outcome, seconds=0.0, text="", draws=(), trace=(), start=start, problem=problem)
