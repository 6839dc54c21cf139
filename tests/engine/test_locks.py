"""Locks of files: what holds one, and for how long."""

import subprocess
import sys
from pathlib import Path

from seedlab.engine.platform import PLATFORM

HOLDING = "import sys; print(flush=True); sys.stdin.read()"
FORKING = """
import os, sys
from seedlab.engine.platform import PLATFORM

lock = PLATFORM.try_lock(sys.argv[1])
child = os.fork()
if child == 0:
    lock.close()
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
assert PLATFORM.try_lock(sys.argv[1]) is None
lock.close()
assert PLATFORM.try_lock(sys.argv[1]) is not None
"""


def test_a_lock_that_is_let_go_is_free_though_a_process_was_being_started(tmp_path: Path) -> None:
    # Until it executes its program, a process that is being started has all that is open here.
    path = str(tmp_path / "lock")
    lock = PLATFORM.try_lock(path)
    assert lock is not None
    with subprocess.Popen(
        [sys.executable, "-c", HOLDING],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        pass_fds=[lock.fileno()],
    ) as holding:
        assert holding.stdout is not None
        holding.stdout.readline()
        assert PLATFORM.try_lock(path) is None
        lock.close()
        again = PLATFORM.try_lock(path)
        holding.communicate()
    assert again is not None
    again.close()


def test_a_lock_is_kept_when_a_child_that_was_forked_closes_its_own(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", FORKING, str(tmp_path / "lock")], check=True)
