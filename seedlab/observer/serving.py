"""Serves a seedlab elsewhere over standard input and output, on the host that is to execute runs: `Host` of `hosting`.

The packed file has come over standard input too, and has begun to execute there before anything was written anywhere.
What is written to standard output begins with `GREETING`. All that follows, in both directions, is frames: a header
(`HEADER`: a kind, a number, the size of the rest; little-endian), then JSON in ASCII or bytes. From there:

    j  {…}                                 start the job with that number (`hosting`)
    h  {"prepared": 1, "job": {…}}         hand the run with that number over to the prepared process 1
    x  why                                 end the run or process with that number
    t  bytes                               a tar, to be unpacked in a folder of its own
    l  {"states": ["/a"], "exists": ["/b"]} look at folders and files
    p                                      say how much room there is

and from here, of the run or the process with that number:

    s  {…}                                 started
    o  e  r  a  bytes                      standard output, standard error, report, answers of a prepared process
    z  {…}                                 ended
    f  {"cores": 2, …}                     `facts`, at the beginning and whenever room is asked for
    y  {…}                                 the answer to a tar or a look

When standard input ends, or nothing has come for a while although something should have, all runs are ended, the
temporary folder is removed, and this process ends.
"""

import hashlib
import io
import json
import os
import selectors
import signal
import struct
import sys
import tarfile
import time

from . import hosting

GREETING = b"seedlab-host:1\n"
HEADER = struct.Struct("<cII")
MAX_FRAME = 64 * 2**20
MOST_WAITING = 2**20
"""The bytes that may wait to be written before output of runs is read no more."""
MAX_ENTRIES = 20000
EVENTS = {"started": b"s", "stdout": b"o", "stderr": b"e", "report": b"r", "answer": b"a", "ended": b"z"}


class Gone(Exception):
    """Nobody is there any more."""


def serve(quiet_s):
    """Serve until standard input ends, or nothing has come for ``quiet_s`` seconds."""
    # Where the packed file begins to execute, this is its text.
    packed = sys.modules["__main__"].packed
    for name in ("SIGTERM", "SIGHUP"):
        signal.signal(getattr(signal, name), leave)
    server = Server(packed, float(quiet_s))
    try:
        server.serve()
    except Gone:
        pass
    finally:
        for name in ("SIGTERM", "SIGHUP"):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
        server.close()


def leave(*_):
    raise Gone


class Server:
    """The two ends of the connection, and the host."""

    def __init__(self, packed, quiet_s, reading=0, writing=1):
        self._reading, self._writing = reading, writing
        self._quiet_s = quiet_s
        self._heard = time.monotonic()
        self._in = bytearray()
        self._out = bytearray()
        self._is_waiting = self._is_gone = False
        self._host = hosting.Host(packed, self._tell)

    def serve(self):
        """Take and carry out what is asked for. Raise `Gone` when nobody is there any more."""
        os.set_blocking(self._reading, False)
        os.set_blocking(self._writing, False)
        self._host.selector.register(self._reading, selectors.EVENT_READ, self._receive)
        self._out += GREETING
        self._send(b"f", 0, facts())
        while True:
            self._flush()
            if self._is_gone or time.monotonic() - self._heard > self._quiet_s:
                raise Gone
            self._host.step(min(1.0, self._quiet_s))

    def close(self):
        self._is_gone = True
        # The host goes on to wait for the ends of its runs, and nobody is heard any more.
        for descriptor in (self._reading, self._writing):
            if descriptor in self._host.selector.get_map():
                self._host.selector.unregister(descriptor)
        self._host.close()

    def _receive(self):
        try:
            data = os.read(self._reading, 2**20)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            raise Gone
        self._heard = time.monotonic()
        self._in += data
        while len(self._in) >= HEADER.size:
            kind, number, size = HEADER.unpack_from(self._in)
            if size > MAX_FRAME:
                raise Gone
            if len(self._in) < HEADER.size + size:
                return
            payload = bytes(self._in[HEADER.size : HEADER.size + size])
            del self._in[: HEADER.size + size]
            self._take(kind, number, payload)

    def _take(self, kind, number, payload):
        if kind == b"j":
            self._host.start(number, json.loads(payload.decode("ascii")))
        elif kind == b"h":
            asked = json.loads(payload.decode("ascii"))
            self._host.hand_over(number, asked["prepared"], asked["job"])
        elif kind == b"x":
            self._host.end(number, payload.decode("ascii"))
        elif kind == b"t":
            self._send(b"y", number, unpack(payload, os.path.join(self._host.folder, "sent-%d" % number)))
        elif kind == b"l":
            self._send(b"y", number, look(json.loads(payload.decode("ascii"))))
        elif kind == b"p":
            self._send(b"f", number, facts())

    def _tell(self, number, event, value):
        self._send(EVENTS[event], number, value)

    def _send(self, kind, number, value):
        if self._is_gone:
            return
        payload = value if isinstance(value, bytes) else json.dumps(value).encode("ascii")
        self._out += HEADER.pack(kind, number, len(payload))
        self._out += payload
        if len(self._out) > MOST_WAITING:
            self._flush()

    def _flush(self):
        """Write what waits, as far as it is taken; read no more from runs while too much waits."""
        try:
            while self._out:
                sent = os.write(self._writing, self._out[: 256 * 1024])
                del self._out[:sent]
        except BlockingIOError:
            pass
        except OSError:
            self._is_gone = True
            return
        if bool(self._out) is not self._is_waiting:
            self._is_waiting = bool(self._out)
            if self._is_waiting:
                self._host.selector.register(self._writing, selectors.EVENT_WRITE, lambda: None)
            else:
                self._host.selector.unregister(self._writing)
        if len(self._out) > MOST_WAITING:
            self._host.pause()
        else:
            self._host.resume()


def facts():
    """Return what there is to know of this host."""
    return {
        "python": "%d.%d.%d" % sys.version_info[:3],
        # On macOS, system libraries that TensorFlow loads do not survive a fork.
        "can_fork": sys.platform.startswith("linux"),
        "cores": hosting.cores(),
        "available": hosting.available_bytes(),
        "folder": hosting.portable(os.getcwd()),
        "home": hosting.portable(os.path.expanduser("~")),
    }


def unpack(data, folder):
    """Unpack a tar in ``folder``, which is made, and return where that is."""
    try:
        os.mkdir(folder, 0o700)
        with tarfile.open(fileobj=io.BytesIO(data), encoding="utf-8", errors="surrogateescape") as packed:
            # Python warns without a filter; the tar is seedlab's own.
            options = {"filter": "fully_trusted"} if hasattr(tarfile, "fully_trusted_filter") else {}
            for member in packed:
                member.name, member.linkname = hosting.native(member.name), hosting.native(member.linkname)
                packed.extract(member, folder, **options)
    except (OSError, tarfile.TarError) as error:
        return {"error": "%s" % (error,)}
    return {"folder": hosting.portable(folder)}


def look(asked):
    """Return the state of each of the folders, as a digest or null, and whether each of the paths is there."""
    return {
        "states": [state_of(hosting.native(folder)) for folder in asked["states"]],
        "exists": [os.path.lexists(hosting.native(path)) for path in asked["exists"]],
    }


def state_of(folder):
    """Return a digest of what is below ``folder``, and when it was changed; null where there is too much of it."""
    found = []
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in folders + sorted(names):
            path = os.path.join(place, name)
            try:
                status = os.lstat(path)
            except OSError:
                continue
            # The times of a folder change with its files, of which each is there itself.
            times = [] if name in folders else [status.st_mtime_ns, status.st_size]
            found.append([hosting.portable(path), status.st_ino] + times)
        if len(found) > MAX_ENTRIES:
            return None
    return hashlib.sha256(json.dumps(found).encode("ascii")).hexdigest()
