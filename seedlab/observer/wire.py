"""The frames of a report, and the writing of them.

A frame is a header of 12 bytes (`HEADER`: the magic, the size of the head, the size of the payload; little-endian),
then the head, a JSON object in ASCII, then the payload: the bytes of a draw's values, the UTF-8 of a text, and empty
for all other events.

    {"event": "source", "kind": "set", "library": "tensorflow", "state": "graph 1", "door": "tf.Graph.seed",
     "file": null, "line": 5, "seed": 0, "stack": [["model.py", 5, "build"], [null, 9, "<module>"]],
     "through": "keras.src.utils.rng_utils.set_random_seed"}        the last two only where there is something to say
    {"event": "use", "library": "tensorflow", "state": "graph 1", "door": "tf.random_seed.get_seed",
     "file": null, "line": 6, "op_seed": null, "seeds": [0, 3]}        "through" like above
    {"event": "shared", "library": "python", "state": "global", "door": "random", "file": null, "line": 5, "threads": 2}
    {"event": "draw", "line": 9, "label": "op1-1", "dtype": "float32", "shape": [3],
     "printed": "op1-1: [0.1", "size": 22, "is_direct": true}
    {"event": "text", "line": 6, "label": "", "is_alone": true,
     "printed": "loss: 0.51\\n", "size": 11, "is_direct": true}
    {"event": "printed", "printed": "\\n", "size": 1, "is_direct": true}    nothing to compare
    {"event": "unread", "line": 6, "why": "long"}                       printed, and not read: too "long", or too "many"
    {"event": "raised", "line": 10, "error": "ValueError: no"}          the script ended with this exception
    {"event": "blind", "door": "numpy.random.seed", "why": "..."}       seeds set there could not be observed
    {"event": "effect", "kind": "written", "what": "/path"}             see `effects`; only where that is asked for
    {"event": "unwatched"}                                              this Python has no audit events
    {"event": "unviewed"}                                               no private view of a folder: nothing is executed
    {"event": "cut"}                                                    the report grew too long to go on

"printed" is the beginning of what a call of print wrote to standard output, a character for each byte, "size" the
number of bytes of the whole, and "is_direct" says that no object of the script stands between. All three are left out
where it went elsewhere, and for the second value of one print.
"""

import _thread
import os
import struct
import sys

from . import plain_json
from .texts import encodable

MAGIC = b"sdl\x02"
HEADER = struct.Struct("<4sII")
MAX_HEAD_BYTES = 64 * 1024
MAX_REPORT_BYTES = 256 * 1024 * 1024
MAX_LABEL = 200
"""The largest number of characters in a label, and in the section before it."""
MAX_PRINTED = 200
"""The number of bytes that are reported of what a call of print wrote."""
MAX_TEXT = 64 * 1024
"""The largest number of characters of a text that is compared by itself."""
MAX_TEXTS = 20_000
"""The largest number of such texts in a run."""
ATOMIC_BYTES = 4096 if sys.platform.startswith("linux") else 512
"""PIPE_BUF (pipe(7)): at most this many bytes are written to a pipe whole or not at all. POSIX grants 512."""


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
        # Nobody else has numbers this high when a process begins.
        moved = 200
        while identity(moved) is not None:
            moved += 1
        os.dup2(descriptor, moved, False)
        os.close(descriptor)
        return moved
    moved = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 200)
    os.close(descriptor)
    return moved


def frame(message, payload_bytes=0):
    """Return the header and the head of the frame for ``message``, without its payload."""
    text = plain_json.write(message)
    if "\\ud" in text:
        # Perhaps a lone surrogate, which readers of JSON refuse.
        values = {name: encodable(value) if isinstance(value, str) else value for name, value in message.items()}
        text = plain_json.write(values)
    head = text.encode("ascii")
    return HEADER.pack(MAGIC, len(head), payload_bytes) + head


class Writer:
    """Writes frames to a descriptor; any thread and signal handler may use it.

    After ``max_bytes``, one last frame says that the rest was left out, so that a script that prints for ever cannot
    fill the memory of the reader. A script may close descriptors that it did not open, and then open files of its own
    under the same numbers: nothing is written to these, and the file ``lost_mark`` says that something is missing.
    """

    def __init__(self, descriptor, max_bytes=MAX_REPORT_BYTES, lost_mark=None):
        self._descriptor = descriptor
        self._identity = identity(descriptor)
        self._lost_mark = lost_mark
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
        if identity(self._descriptor) != self._identity:
            self._lose()
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
            if identity(self._descriptor) != self._identity:
                self._lose()
            # Else the reader is gone.
            self._left = 0
            return False
        return True

    def _lose(self):
        self._left = 0
        if self._lost_mark is not None:
            try:
                os.close(os.open(self._lost_mark, os.O_WRONLY | os.O_CREAT, 0o600))
            except OSError:
                pass


def identity(descriptor):
    """Return what tells the open file of ``descriptor`` from others; None when it is closed."""
    try:
        status = os.fstat(descriptor)
    except OSError:
        return None
    return status.st_dev, status.st_ino
