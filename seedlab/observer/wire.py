"""The frames of a report, and the writing of them.

A frame is a header of 12 bytes (`HEADER`: the magic, the size of the head, the size of the payload; little-endian),
then the head, a JSON object in ASCII, then the payload: the bytes of a draw's values, and empty for all other events.

    {"event": "source", "kind": "set", "library": "tensorflow", "state": "graph 1", "door": "tf.Graph.seed",
     "file": null, "line": 5, "seed": 0}
    {"event": "use", "library": "tensorflow", "state": "graph 1", "door": "tf.random_seed.get_seed",
     "file": null, "line": 6, "op_seed": null, "seeds": [0, 3]}
    {"event": "unread", "line": 6, "label": "words", "is_text": false}
    {"event": "draw", "line": 9, "label": "op1-1", "dtype": "float32", "shape": [3]}
    {"event": "raised", "line": 10, "error": "ValueError: no"}          the script ended with this exception
    {"event": "blind", "door": "numpy.random.seed", "why": "..."}       seeds set there could not be observed
    {"event": "cut"}                                                    the report grew too long to go on
"""

import _thread
import os
import struct

from . import plain_json

MAGIC = b"sdl\x02"
HEADER = struct.Struct("<4sII")
MAX_HEAD_BYTES = 64 * 1024
MAX_REPORT_BYTES = 256 * 1024 * 1024
MAX_LABEL = 200
"""The largest number of characters in a label, and in the section before it."""
ATOMIC_BYTES = 4096
"""PIPE_BUF of Linux (pipe(7)): at most this many bytes are written to a pipe whole or not at all."""


def report_descriptor(address):
    """Return a descriptor that writes to ``address``. Raise ValueError for an address of an unknown kind."""
    kind, _, place = address.partition(":")
    if kind == "fd":
        return int(place)
    if kind == "file":
        return os.open(place, os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o600)
    raise ValueError("no such address: %r" % (address,))


def out_of_the_way(descriptor):
    """Move ``descriptor`` to a number from 200 on and return it, so that a script's files get their usual numbers."""
    try:
        import fcntl
    except ImportError:
        os.set_inheritable(descriptor, False)
        return descriptor
    moved = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 200)
    os.close(descriptor)
    return moved


def frame(message, payload_bytes=0):
    """Return the header and the head of the frame for ``message``, without its payload."""
    head = plain_json.write(message).encode("ascii")
    return HEADER.pack(MAGIC, len(head), payload_bytes) + head


class Writer:
    """Writes frames to a descriptor; any thread and signal handler may use it.

    After ``max_bytes``, one last frame says that the rest was left out, so that a script that prints for ever cannot
    fill the memory of the reader.
    """

    def __init__(self, descriptor, max_bytes=MAX_REPORT_BYTES):
        self._descriptor = descriptor
        self._pid = os.getpid()
        self._left = max_bytes
        self._lock = _thread.RLock()
        self._is_writing = False
        self._late = []

    def write(self, message, payload=None):
        """Write the frame for ``message``; ``payload`` is a memoryview of bytes."""
        # A child that the script forked shares the descriptor, but its draws do not belong to this run.
        if os.getpid() != self._pid:
            return
        with self._lock:
            if self._is_writing:
                # A signal handler has interrupted the writing of a frame, which must be completed first.
                self._late.append((message, None if payload is None else bytes(payload)))
                return
            self._is_writing = True
            try:
                self._write_frame(message, payload)
                while self._late:
                    self._write_frame(*self._late.pop(0))
            finally:
                self._is_writing = False

    def _write_frame(self, message, payload):
        if self._left <= 0:
            return
        size = 0 if payload is None else len(payload)
        data = frame(message, size)
        if len(data) + size > self._left:
            data, payload, size = frame({"event": "cut"}), None, 0
            self._left = 0
        else:
            self._left -= len(data) + size
        if len(data) + size <= ATOMIC_BYTES:
            self._send(data if payload is None else data + bytes(payload))
            return
        left, self._left = self._left, 0
        if self._send(data) and (payload is None or self._send(payload)):
            # Restored only now: an exception in a signal handler may leave half a frame, and nothing may follow it.
            self._left = left

    def _send(self, data):
        view = memoryview(data)
        try:
            while view:
                view = view[os.write(self._descriptor, view) :]
        except OSError as error:
            if error.__traceback__.tb_next is not None:
                raise  # Raised in a signal handler of the script: a TimeoutError, for example, is an OSError.
            # The reader is gone, or the script closed a descriptor that it did not open.
            self._left = 0
            return False
        return True
