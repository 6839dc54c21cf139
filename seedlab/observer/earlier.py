"""Executes a script some times before the run that is asked for, which then finds what they have left in the folder."""

import os
import subprocess
import sys

from . import plain_json


def execute(observer, address, request):
    """Execute the ``request``, JSON, as often as it says with nobody to report to, and once to report to ``address``.

    In the earlier ones nothing is held: names that are made of entropy, or of the clock, are others there. The last one
    takes the place of this process, and so begins as if nothing had been before it.
    """
    details = plain_json.read(request)
    before = plain_json.write(dict(details, earlier=0, holds=[], turns=[], audits=False))
    once = request.replace('"earlier": %d' % details["earlier"], '"earlier": 0')
    for _ in range(details["earlier"]):
        command = [sys.executable, observer, "run", "file:" + os.devnull, before]
        with open(os.devnull, "r+b") as nowhere:
            subprocess.call(command, stdin=nowhere, stdout=nowhere, stderr=nowhere)  # noqa: S603
    command = [sys.executable, observer, "run", address, once]
    if os.name == "nt":  # There, who waits for a process does not wait for the one that takes its place.
        sys.exit(subprocess.call(command))  # noqa: S603
    os.execv(sys.executable, command)  # noqa: S606
