"""The conversation of a waiting process with the engine, and of a fork parent with its waiting child.

The requests that arrive at the control socket are JSON lines as in `main`, each with three descriptors: standard
output, standard error and report. The answers are JSON lines too:

    {"ready": true, "threads": 1, "names": ["os", "sys"]}
                                         with the top-level modules that have been imported
    {"started": 1, "pid": 4711}          fork only
    {"ended": 1, "status": 0, "killed": 0}
                                         fork only; the status of a signal is negative; "killed" counts the processes
                                         that were left running

When the socket is closed, all children are killed and the process ends.
"""

import array
import os
import socket

from . import plain_json
from .stop import Stop

STANDARD_OUTPUT, STANDARD_ERROR = 1, 2
MAX_DESCRIPTORS = 16
"""The largest number of descriptors in one message."""


class Control:
    """One end of a conversation."""

    def __init__(self, fd):
        self._rest = b""
        self._descriptors = array.array("i")
        self._socket = socket.socket(fileno=fd)
        self._socket.setblocking(True)
        os.set_inheritable(fd, False)

    def fileno(self):
        return self._socket.fileno()

    def send(self, descriptors=(), **message):
        """Send ``message`` as a line, with ``descriptors``. Raise `Stop` when the other end is closed."""
        data = plain_json.write(message).encode("ascii") + b"\n"
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors))] if descriptors else []
        try:
            sent = self._socket.sendmsg([data], rights)
            # Nothing is sent when nothing is left, because the receiver may have closed its end by now.
            if sent < len(data):
                self._socket.sendall(data[sent:])
        except OSError:
            raise Stop

    def take(self):
        """Return the next request and its descriptors. Raise `Stop` when the other end is closed.

        What was received of the requests after it is kept for the next call.
        """
        size = array.array("i").itemsize
        while b"\n" not in self._rest:
            try:
                part, ancillary, _, _ = self._socket.recvmsg(65536, socket.CMSG_SPACE(MAX_DESCRIPTORS * size))
            except OSError:
                raise Stop
            if not part:
                raise Stop
            self._rest += part
            for level, kind, payload in ancillary:
                if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                    self._descriptors.frombytes(payload[: len(payload) - len(payload) % size])
        line, _, self._rest = self._rest.partition(b"\n")
        request = plain_json.read(line.decode("utf-8"))
        count = request.get("descriptors", len(self._descriptors))
        taken, self._descriptors = self._descriptors[:count], self._descriptors[count:]
        for descriptor in taken:
            os.set_inheritable(descriptor, False)
        return request, list(taken)

    def confirm(self):
        """Tell the other end that its request has arrived."""
        try:
            self._socket.sendall(b"\n")
        except OSError:
            raise Stop

    def wait_until_confirmed(self):
        """Wait until the other end has its request. Raise `Stop` when it ended before that."""
        try:
            if self._socket.recv(1):
                return
        except OSError:
            pass
        raise Stop

    def close(self):
        self._socket.close()


def take_over(request, descriptors):
    """Make ``descriptors`` this process's output; return the descriptor of the report and the request."""
    stdout, stderr, report = descriptors
    os.dup2(stdout, STANDARD_OUTPUT)
    os.dup2(stderr, STANDARD_ERROR)
    os.close(stdout)
    os.close(stderr)
    return report, request


def take_one(control, confirms=False):
    """Wait for the only request of this process; return the descriptor of its report and the request.

    With ``confirms``, whoever asked is told that the request has arrived.
    """
    request, descriptors = control.take()
    if confirms:
        control.confirm()
    control.close()
    return take_over(request, descriptors)
