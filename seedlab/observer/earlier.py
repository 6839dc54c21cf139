"""Executes a script some times before the run that is asked for, which then finds what they have left in the folder."""

import os
import subprocess
import sys


def execute(observer, address, request, times):
    """Execute ``request``, as JSON, ``times`` times with nobody to report to, and once to report to ``address``.

    The last one takes the place of this process, and so begins as if nothing had been before it.
    """
    once = request.replace('"earlier": %d' % times, '"earlier": 0')
    for _ in range(times):
        command = [sys.executable, observer, "run", "file:" + os.devnull, once]
        with open(os.devnull, "r+b") as nowhere:
            subprocess.call(command, stdin=nowhere, stdout=nowhere, stderr=nowhere)  # noqa: S603
    command = [sys.executable, observer, "run", address, once]
    if os.name == "nt":  # There, who waits for a process does not wait for the one that takes its place.
        sys.exit(subprocess.call(command))  # noqa: S603
    os.execv(sys.executable, command)  # noqa: S606
