"""Finds and ends the processes that a script has left running.

On Linux a process can adopt all descendants whose own parents have ended, whatever session or group they moved to
(prctl(2), PR_SET_CHILD_SUBREAPER). So whatever a script started becomes, sooner or later, a child of whoever adopts.
"""

import os
import signal
import time

GRACE_S = 0.05
"""How long processes that outlive their script may take to end by themselves, in seconds, as helpers often do."""
LOOK_AGAIN_S = 0.002


def children():
    """Return the IDs of this process's children, with those that it has adopted; empty where Linux cannot tell."""
    # Linux gives orphans to the first thread, which is also the one that forks.
    try:
        with open("/proc/self/task/%d/children" % os.getpid()) as file:
            return [int(pid) for pid in file.read().split()]
    except OSError:
        return []


def start_of(pid):
    """Return when the process ``pid`` was started, in clock ticks since boot; 0 when it is gone."""
    try:
        with open("/proc/%d/stat" % pid, "rb") as file:
            # The name, in parentheses, may hold anything; the start is field 22 (proc(5)).
            return int(file.read().rpartition(b")")[2].split()[19])
    except OSError:
        return 0


def end_children(is_left, grace_s=GRACE_S):
    """End the children for which ``is_left`` returns True, and what they started; return how many had to be killed.

    They are killed when they have not ended by themselves within ``grace_s``.
    """
    killed = set()
    until = time.monotonic() + grace_s
    while True:
        left = [pid for pid in children() if is_left(pid) and not is_reaped(pid)]
        if not left:
            return len(killed)
        if time.monotonic() >= until:
            for pid in left:
                # Those that it started are adopted, and come next.
                send(pid, signal.SIGKILL)
                killed.add(pid)
        time.sleep(LOOK_AGAIN_S)


def is_reaped(pid):
    """Return True, after waiting for it, when the child ``pid`` has ended."""
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    except OSError:
        return True


def send(pid, number):
    """Send a signal to a process, if it is still there."""
    try:
        os.kill(pid, number)
    except OSError:
        pass


def send_group(group, number):
    """Send a signal to a process group, if it is still there."""
    try:
        os.killpg(group, number)
    except OSError:
        pass
