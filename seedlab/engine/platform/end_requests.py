"""The signals by which a person or the system asks this process to end, under the names that Python has for them."""

import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
"""The last one is Windows' own: Ctrl+Break, a console that is closed, and the end of a session."""


@contextmanager
def interruptions(callback: Callable[[int], None]) -> Iterator[None]:
    """Call ``callback`` at each request to end while the block lasts, as `Platform.interruptions` says."""
    # Not by the event loop, which afterwards leaves Python's own handlers there, whatever there was before.
    with _handling(lambda number, _: callback(_status(number))):
        yield


@contextmanager
def end_requests() -> Iterator[int]:
    """Yield the descriptor of a socket that each request to end makes readable, as `Platform.end_requests` says."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        theirs.setblocking(False)
        # Handlers that do nothing keep the signals from ending the process; Python then writes to the socket.
        with _handling(lambda *_: None):
            descriptor = signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
            try:
                yield ours.fileno()
            finally:
                signal.set_wakeup_fd(descriptor)


def _status(number: int) -> int:
    # A console that was closed is a terminal that was closed; other systems call that SIGHUP, which is 1.
    return 129 if number == getattr(signal, "SIGBREAK", None) else 128 + number


@contextmanager
def _handling(handler: Callable[[int, object], None]) -> Iterator[None]:
    before = {number: signal.getsignal(number) for name in _NAMES if (number := getattr(signal, name, None))}
    # Whoever started this process may have it ignore some of them, and so it stays.
    heard = [number for number, handler_before in before.items() if handler_before is not signal.SIG_IGN]
    for number in heard:
        signal.signal(number, handler)
    try:
        yield
    finally:
        for number in heard:
            signal.signal(number, before[number])
