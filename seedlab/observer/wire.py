"""The report's frames, as they are written.

A frame is a header of 12 bytes (`HEADER`: the magic, the size of the head, the size of the payload; little-endian),
then the head, a JSON object in ASCII, then the payload, which only draws have: their values' bytes.

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
"""Characters of a label, and of the section that stands before it."""
ATOMIC_BYTES = 4096
"""PIPE_BUF of Linux: what is no longer is written to a pipe whole or not at all."""


def report_descriptor(address):
    """Return a descriptor to write to ``address``. Raises ValueError for an address of an unknown kind."""
    kind, _, place = address.partition(":")
    if kind == "fd":
        return int(place)
    if kind == "file":
        return os.open(place, os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o600)
    raise ValueError("no such address: %r" % (address,))


def out_of_the_way(descriptor):
    """Move ``descriptor`` up: the first file that a script opens gets the number that it always gets."""
    try:
        import fcntl
    except ImportError:
        os.set_inheritable(descriptor, False)
        return descriptor
    moved = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 200)
    os.close(descriptor)
    return moved


def frame(message, payload_bytes=0):
    """Return header and head of the frame of ``message``."""
    head = plain_json.write(message).encode("ascii")
    return HEADER.pack(MAGIC, len(head), payload_bytes) + head


class Writer:
    """Writes frames to a descriptor, from whatever thread and signal handler.

    The first ``max_bytes`` are written; after that one last frame says that the rest was left out, so that a
    script that prints for ever cannot fill the memory of who reads.
    """

    def __init__(self, descriptor, max_bytes=MAX_REPORT_BYTES):
        self._descriptor = descriptor
        self._pid = os.getpid()
        self._left = max_bytes
        self._lock = _thread.RLock()
        self._is_writing = False
        self._late = []

    def write(self, message, payload=None):
        """Write the frame of ``message``; ``payload`` is a memoryview of bytes."""
        # A child that the script forks shares the descriptor; its draws are not this run's.
        if os.getpid() != self._pid:
            return
        with self._lock:
            if self._is_writing:
                # In a signal handler, between two parts of a frame: it has to wait until that one is whole.
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
            # An exception out of a signal handler would have left half a frame, after which nothing can be read.
            self._left = left

    def _send(self, data):
        view = memoryview(data)
        try:
            while view:
                view = view[os.write(self._descriptor, view) :]
        except OSError as error:
            if error.__traceback__.tb_next is not None:
                raise  # It comes out of a signal handler of the script's: a TimeoutError is an OSError too.
            # Nobody reads any more, or the script closed what it did not open.
            self._left = 0
            return False
        return True
