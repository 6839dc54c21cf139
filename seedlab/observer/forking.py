"""The parent process that forks a child for each run."""

import os
import select
import signal
import socket
import sys
import warnings

from . import leftovers
from .control import Control, Stop, take_one

HUGE_PAGE = 2 * 2**20
MADV_COLLAPSE = 25  # include/uapi/asm-generic/mman-common.h


def gather_memory():
    """Move the imported modules to huge pages, so that a fork copies a few hundred page table entries, not 50,000.

    This works on Linux 6.1 and later (mm/khugepaged.c, madvise_collapse). Elsewhere, and for mappings that cannot be
    moved, it does nothing.
    """
    try:
        # ctypes is not imported just for this: NumPy and TensorFlow import it anyway.
        madvise = sys.modules["ctypes"].CDLL(None).madvise
        void_p, size_t = sys.modules["ctypes"].c_void_p, sys.modules["ctypes"].c_size_t
        with open("/proc/self/maps") as maps:
            lines = maps.read().splitlines()
    except (ImportError, KeyError, OSError, AttributeError):
        return
    for line in lines:
        fields = line.split()
        is_anonymous = len(fields) == 5 or fields[5] == "[heap]"
        if is_anonymous and fields[1].startswith("rw"):
            start, end = (int(address, 16) for address in fields[0].split("-"))
            start, end = -(-start // HUGE_PAGE) * HUGE_PAGE, end // HUGE_PAGE * HUGE_PAGE
            if end > start:
                madvise(void_p(start), size_t(end - start), MADV_COLLAPSE)


class Parent:
    """Forks a child for each run, one ahead of its request, and reports how each run ended.

    The child that was forked ahead needs only its request, so that its run begins without the delay of a fork.
    """

    def __init__(self, control, renewals):
        """Serve ``control``; ``renewals`` draw again, in each child, what a fresh process would draw at its start."""
        self._control = control
        self._renewals = renewals
        self._runs = {}
        self._ahead = None
        self._own = set(leftovers.children())
        self._wake_reading, self._wake_writing = os.pipe()
        os.set_blocking(self._wake_reading, False)
        os.set_blocking(self._wake_writing, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._wake_writing)

    def serve(self):
        """Fork children on request; return only in a child, with the descriptor of its report and its request."""
        while True:
            if self._ahead is None and not self._runs and not self._is_asked():
                child = self._fork_ahead()
                if child is not None:
                    return child
            readable, _, _ = select.select([self._control, self._wake_reading], [], [])
            if self._wake_reading in readable:
                os.read(self._wake_reading, 4096)
                self._reap()
            if self._control in readable:
                child = self._hand_over(*self._control.take())
                if child is not None:
                    return child

    def _is_asked(self):
        """Return True when a request waits, which must be answered before forking ahead."""
        return bool(select.select([self._control], [], [], 0)[0])

    def _fork_ahead(self):
        """Fork a child. Return None in the parent; in the child, wait and return what `take_one` returns."""
        ours, theirs = socket.socketpair()
        with warnings.catch_warnings():
            # Python 3.12 and later warn about OpenBLAS's threads, but OpenBLAS ends and restarts them around a fork.
            warnings.simplefilter("ignore", DeprecationWarning)
            pid = os.fork()
        if pid == 0:
            os.setpgid(0, 0)
            ours.close()
            self._forget()
            # The hash secret and the address layout cannot be renewed: `choice` keeps away scripts that see them.
            for renewal in self._renewals:
                renewal()
            try:
                return take_one(Control(theirs.detach()), confirms=True)
            except Stop:
                os._exit(0)
        try:
            # Done in both processes, so that the group certainly exists when the engine hears of the child.
            os.setpgid(pid, pid)
        except OSError:
            pass  # The child has already ended.
        theirs.close()
        self._ahead = (pid, Control(ours.detach()))
        return None

    def _hand_over(self, request, descriptors):
        """Have the waiting child become the run; return what `_fork_ahead` returns."""
        while True:
            if self._ahead is None:
                child = self._fork_ahead()
                if child is not None:
                    return child
            (pid, channel), self._ahead = self._ahead, None
            try:
                channel.send(descriptors, **request)
                # A child that is being killed may still take what is sent, and never read it.
                channel.wait_until_confirmed()
                break
            except Stop:
                os.waitpid(pid, 0)
            finally:
                channel.close()
        for descriptor in descriptors:
            os.close(descriptor)
        self._runs[pid] = request["run"]
        self._control.send(started=request["run"], pid=pid)
        return None

    def _forget(self):
        """Undo, in the child, the parent's signal handling and close its descriptors."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.close(self._wake_reading)
        os.close(self._wake_writing)
        self._control.close()

    def _reap(self):
        """Report the runs that have ended, after ending what they left running."""
        for pid in list(self._runs):
            found, status = os.waitpid(pid, os.WNOHANG)
            if found:
                run = self._runs.pop(pid)
                code = -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
                killed = self._end_leftovers(pid, leftovers.GRACE_S if code >= 0 else 0)
                self._control.send(ended=run, status=code, killed=killed)

    def _end_leftovers(self, ended, grace_s):
        """End what the run ``ended`` left, and what earlier runs left; return how many processes had to be killed.

        What may belong to a run that still goes on stays until that run has ended too.
        """
        own = self._own.union(self._runs, [] if self._ahead is None else [self._ahead[0]])

        def is_left(pid):
            if pid in own:
                return False
            try:
                if os.getpgid(pid) == ended:
                    return True
            except OSError:
                pass
            start = leftovers.start_of(pid)
            return all(leftovers.start_of(run) > start for run in self._runs)

        killed = leftovers.end_children(is_left, grace_s)
        leftovers.send_group(ended, signal.SIGKILL)
        return killed

    def kill_children(self):
        """Kill all runs and their process groups."""
        # The waiting child ends by itself, when its channel is closed.
        for pid in self._runs:
            leftovers.send_group(pid, signal.SIGKILL)
            leftovers.send(pid, signal.SIGKILL)  # It may have left its group.
