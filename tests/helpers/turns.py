"""Turns among the processes that execute tests: one that measures time has the machine to itself.

Tests take a lock together, those that are alone take it for themselves. A second lock, which everybody holds while they
wait, lets none that comes later overtake.
"""

import contextlib
import fcntl
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

_SESSION = "PYTEST_XDIST_TESTRUNUID"
"""The variable that names the run of tests, in each of its processes; not set where there is only one."""


@contextlib.contextmanager
def turn(*, alone: bool) -> Iterator[None]:
    """Wait for a turn, which lasts as long as the block; with ``alone``, no other test is executed meanwhile."""
    session = os.environ.get(_SESSION)
    if session is None:
        yield
        return
    with contextlib.ExitStack() as stack:
        place = Path(tempfile.gettempdir(), f"seedlab-tests-{session}")
        place.mkdir(exist_ok=True)
        waiting, executing = (stack.enter_context((place / name).open("w")) for name in ("waiting", "executing"))
        fcntl.flock(waiting, fcntl.LOCK_EX)
        fcntl.flock(executing, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        fcntl.flock(waiting, fcntl.LOCK_UN)
        yield
