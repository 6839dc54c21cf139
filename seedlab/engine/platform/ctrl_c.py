"""Ctrl+C, which Python knows on every platform by the same name."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def interruptions(callback: Callable[[], None]) -> Iterator[None]:
    """Call ``callback`` whenever Ctrl+C is pressed while the block lasts, as `Platform.interruptions` says."""
    before = signal.getsignal(signal.SIGINT)
    if before is signal.SIG_IGN:
        yield
        return
    # Not by the event loop, which afterwards leaves Python's own handler there, whatever there was before.
    signal.signal(signal.SIGINT, lambda *_: callback())
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
