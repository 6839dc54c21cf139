"""Observes and holds the entropy of the system and the clock, and renews what a forked child would share."""

import os
import sys

CLOCKS = ("time", "perf_counter", "monotonic", "process_time", "thread_time")
"""The functions of ``time`` that return seconds; each has a twin that returns nanoseconds (from Python 3.7 on)."""
CLOCK = "clock"
"""The hold under which the clock goes on by the same step at each call."""
LATER = "later-clock"
"""The hold under which it does so weeks later."""
LATER_NS = 30 * 24 * 3600 * 10**9 + 12345678901234
STEP_NS = 1000000
START_NS = 1700000000 * 10**9


def watch_urandom(module, observer):
    """Observe ``os.urandom``, which ``uuid.uuid4`` asks as well."""
    urandom = module.urandom

    def observed(size):
        if observer.is_quiet or not observer.places.is_asked_by_user():
            return urandom(size)
        value = observer.value("taken", "os.urandom")
        observer.source("taken", "system", "entropy", "os.urandom")
        return urandom(size) if value is None else value.bytes(size)

    module.urandom = observer.stand_in(urandom, observed)


def watch_clock(module, observer):
    """Observe the clocks of ``time``, where the user's own code reads them; each line is reported once."""
    seen = set()
    ticks = [0]

    def watch(name, read, is_seconds):
        def observed():
            if not observer.places.is_called_by_user():
                return read()
            place = (name,) + observer.places.nearest()
            if place not in seen:
                seen.add(place)
                observer.source("taken", "system", "clock", "time." + name)
            if CLOCK not in observer.holds:
                return read()
            ticks[0] += 1
            now = START_NS + ticks[0] * STEP_NS + (LATER_NS if LATER in observer.holds else 0)
            return now / 1e9 if is_seconds else now

        setattr(module, name, observer.stand_in(read, observed))

    for name in CLOCKS:
        for each in (name, name + "_ns"):
            if hasattr(module, each):
                watch(each, getattr(module, each), each == name)


def renew_authkey():
    """Draw anew the key that is drawn once, at import (Lib/multiprocessing/process.py, _MainProcess)."""
    process = sys.modules.get("multiprocessing.process")
    if process is not None:
        process.current_process().authkey = os.urandom(32)


DOORS = (
    ("os.urandom", ("os",), watch_urandom),
    ("time.time", ("time",), watch_clock),
)
RENEWALS = {"multiprocessing.process": renew_authkey}
