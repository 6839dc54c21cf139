"""The signals by which a person or the system asks this process to end."""

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")


def end_signals() -> list[signal.Signals]:
    """Return the signals that ask for the end, without those that whoever started this process has it ignore."""
    there = [signal.Signals[name] for name in _NAMES if hasattr(signal, name)]
    return [number for number in there if signal.getsignal(number) is not signal.SIG_IGN]


def exit_status(number: int) -> int:
    """Return the exit status by which a shell is told of a signal."""
    return 128 + number


@contextmanager
def end_requests() -> Iterator[socket.socket]:
    """Yield a socket that becomes readable with each of `end_signals`. Call this in the main thread."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        theirs.setblocking(False)
        # Handlers that do nothing keep the signals from ending the process; Python then writes to the socket.
        before = [(number, signal.signal(number, lambda *_: None)) for number in end_signals()]
        descriptor = signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
        try:
            yield ours
        finally:
            signal.set_wakeup_fd(descriptor)
            for number, handler in before:
                signal.signal(number, handler)
