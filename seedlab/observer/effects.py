"""Tells what a script does outside its process, as Python's audit events say (PEP 578, Python 3.8 on).

What a library does while it is imported is its own affair; what native code does is not seen.
"""

import os
import sys
from _thread import get_ident

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
MAX_EFFECTS = 1000
MAX_TEXT = 1000
_PATH_EVENTS = {
    # The position of the path that is written to or removed, by event (Library Reference, "Audit events table").
    "os.mkdir": ("written", 0),
    "os.rename": ("written", 1),
    "os.link": ("written", 1),
    "os.symlink": ("written", 1),
    "os.truncate": ("written", 0),
    "os.remove": ("removed", 0),
    "os.rmdir": ("removed", 0),
    "sqlite3.connect": ("written", 0),
}
_STARTING = {"subprocess.Popen", "os.exec", "os.posix_spawn", "os.spawn", "os.startfile"}


def watch_effects(observer):
    """Report each effect of the script once, from now on. Where Python has no audit events, say that."""
    if not hasattr(sys, "addaudithook"):
        observer.write({"event": "unwatched"})
        return
    sys.addaudithook(Watch(observer).on_event)


class Watch:
    """Takes audit events, which come from all threads and in the middle of anything."""

    def __init__(self, observer):
        self._observer = observer
        self._pid = os.getpid()
        self._seen = set()
        self._busy = set()

    def on_event(self, event, arguments):
        """Report the effect that ``event`` stands for, if it is one."""
        thread = get_ident()
        if thread in self._busy or os.getpid() != self._pid:
            return
        # What is done here raises events too.
        self._busy.add(thread)
        try:
            effect = effect_of(event, arguments)
            is_new = effect is not None and effect not in self._seen and len(self._seen) < MAX_EFFECTS
            if is_new and self._observer.places.is_of_script():
                self._seen.add(effect)
                self._observer.write({"event": "effect", "kind": effect[0], "what": effect[1]})
        except Exception:  # noqa: S110 - a path may be any object: what cannot be told must not end the script.
            pass
        finally:
            self._busy.discard(thread)


def effect_of(event, arguments):
    """Return (kind, what) for an audit event, or None where it has no effect outside the process."""
    if event == "open":
        path, mode, flags = arguments[:3]
        is_writing = any(letter in mode for letter in "wax+") if isinstance(mode, str) else bool((flags or 0) & WRITING)
        # What is written to a folder is a file without a name in it (open(2), O_TMPFILE).
        is_file = is_writing and not isinstance(path, int) and not os.path.isdir(path)
        return ("written", full_path(path)) if is_file else None
    if event in _PATH_EVENTS:
        kind, position = _PATH_EVENTS[event]
        path = arguments[position]
        if isinstance(path, int) or path == ":memory:":
            return None
        # The event comes before the action, which fails where there is nothing to remove, or a folder already.
        fails = os.path.lexists(path) if event == "os.mkdir" else kind == "removed" and not os.path.lexists(path)
        return None if fails else (kind, full_path(path))
    if event in ("socket.connect", "socket.sendto"):
        return ("connected", address_text(arguments[1]))
    if event in _STARTING:
        return ("started", text_of_path(arguments[1] if event == "os.spawn" else arguments[0]))
    if event == "os.system":
        return ("started", text_of_path(arguments[0]))
    return None


def full_path(path):
    return os.path.abspath(text_of_path(path))[:MAX_TEXT]


def text_of_path(path):
    return os.fsdecode(path)[:MAX_TEXT]


def address_text(address):
    """Return an address as people write it: host and port, or the path of a local socket."""
    if isinstance(address, tuple) and len(address) >= 2:
        return ("%s:%s" % (address[0], address[1]))[:MAX_TEXT]
    return text_of_path(address)
