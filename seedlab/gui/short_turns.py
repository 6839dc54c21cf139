"""Short turns at Python's lock, while a thread beside the window's computes for long."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_TURN_S = 0.0005

_lock = threading.Lock()
_blocks = 0
_usual_s = 0.0


@contextmanager
def short_turns() -> Iterator[None]:
    """Have a thread that wants Python's lock wait for half a millisecond at most while such a block goes on anywhere.

    The window's thread wants it at each method of ours that Qt calls, some sixty times while it draws, and Python's
    own 5 ms each came to 300 ms (`sys.setswitchinterval`).
    """
    _count(1)
    try:
        yield
    finally:
        _count(-1)


def _count(change: int) -> None:
    global _blocks, _usual_s  # noqa: PLW0603  # The interval is one for the whole process.
    with _lock:
        if _blocks == 0:
            _usual_s = sys.getswitchinterval()
        _blocks += change
        sys.setswitchinterval(_TURN_S if _blocks else _usual_s)
