"""Ctrl+C while a command makes and writes results."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Interruption:
    """Counts how often Ctrl+C was pressed: what is to end asks for the count, or is called.

    `press` is for `Platform.interruptions`, which calls it in the main thread, between any two instructions.
    """

    def __init__(self) -> None:
        self.times = 0
        self._callback: Callable[[], object] | None = None
        self._raises_at: int | None = None

    def press(self) -> None:
        """Count one more press, and do what the innermost block says."""
        self.times += 1
        if self._raises_at is not None and self.times >= self._raises_at:
            # Only once: what cleans up as the exception passes is not to be interrupted again.
            self._raises_at = None
            raise KeyboardInterrupt
        if self._callback is not None:
            self._callback()

    def check(self, times: int) -> None:
        """Raise KeyboardInterrupt when Ctrl+C was pressed at least ``times`` times."""
        if self.times >= times:
            raise KeyboardInterrupt

    @contextmanager
    def calling(self, callback: Callable[[], object]) -> Iterator[None]:
        """Call ``callback`` at each press while the block lasts, and at once when there was one before."""
        self._callback = callback
        try:
            if self.times:
                callback()
            yield
        finally:
            self._callback = None

    @contextmanager
    def raising(self, times: int) -> Iterator[None]:
        """Raise KeyboardInterrupt in the block when the press number ``times``, or a later one, comes.

        That is only for a block that calls nothing which would keep the exception to itself, as Qt does.
        """
        self._raises_at = times
        try:
            yield
        finally:
            self._raises_at = None
