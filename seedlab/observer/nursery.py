"""Imports what scripts will import, then executes scripts on request: in a child each, or one in its own process.

Handed to other interpreters as a file, beside worker.py: standard library only, Python 3.6 syntax.

    python observe.py fork|spare fd:CONTROL_FD {"modules": ["numpy"], "renew": []}

The control socket takes JSON lines, each with three descriptors (standard output, standard error, report):

    {"run": 1, "script": "/path/script.py", "folder": "/path", "arguments": []}

and gives JSON lines back:

    {"ready": true, "threads": 1}
    {"started": 1, "pid": 4711}          fork only
    {"ended": 1, "status": 0}            fork only; negative for a signal

When the socket is closed, all children are killed and the process ends.

Nothing here executes an op, lists devices or opens a session: TensorFlow forks well only before it did any of that.
"""

import array
import atexit
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import threading
import warnings

STANDARD_OUTPUT, STANDARD_ERROR = 1, 2
HUGE_PAGE = 2 * 2**20
MADV_COLLAPSE = 25  # include/uapi/asm-generic/mman-common.h


class Stop(Exception):
    """The engine has closed the control socket."""


class Control:
    """One end of a conversation: with the engine, or between a parent and the child that waits."""

    def __init__(self, fd):
        self._socket = socket.socket(fileno=fd)
        self._socket.setblocking(True)
        os.set_inheritable(fd, False)

    def fileno(self):
        return self._socket.fileno()

    def say(self, descriptors=(), **message):
        data = json.dumps(message).encode("ascii") + b"\n"
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors))] if descriptors else []
        try:
            sent = self._socket.sendmsg([data], rights)
            # Not with nothing left: whoever was told may have closed its end by now.
            if sent < len(data):
                self._socket.sendall(data[sent:])
        except OSError:
            raise Stop

    def take(self):
        """The next request and its descriptors."""
        size = array.array("i").itemsize
        data, descriptors = b"", array.array("i")
        while not data.endswith(b"\n"):
            try:
                part, ancillary, _, _ = self._socket.recvmsg(65536, socket.CMSG_SPACE(3 * size))
            except OSError:
                raise Stop
            if not part:
                raise Stop
            data += part
            for level, kind, payload in ancillary:
                if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                    descriptors.frombytes(payload[: len(payload) - len(payload) % size])
        return json.loads(data.decode("ascii")), list(descriptors)

    def close(self):
        self._socket.close()


def become_the_run(request, descriptors):
    """Make this process what a fresh one would be, with its output where the engine reads it."""
    stdout, stderr, report = descriptors
    os.dup2(stdout, STANDARD_OUTPUT)
    os.dup2(stderr, STANDARD_ERROR)
    os.close(stdout)
    os.close(stderr)
    os.chdir(request["folder"])
    return report, request["script"], request["arguments"]


def renew():
    """Draw anew, from the system, what a fresh process would have drawn for itself.

    What cannot be renewed, the hash secret and the address layout, is the engine's to know.
    """
    # Since Python 3.7 the random module does this itself after a fork (Lib/random.py, register_at_fork).
    if sys.version_info < (3, 7) and "random" in sys.modules:
        sys.modules["random"].seed()
    # The legacy global state (numpy/random/mtrand.pyx, _rand).
    numpy_random = sys.modules.get("numpy.random")
    if numpy_random is not None:
        numpy_random.set_state(numpy_random.RandomState().get_state())
    # Drawn once when the module is imported (Lib/multiprocessing/process.py, _MainProcess).
    process = sys.modules.get("multiprocessing.process")
    if process is not None:
        process.current_process().authkey = os.urandom(32)


def gather_memory():
    """Have the kernel gather what was imported into huge pages: a fork then copies a few hundred entries, not 50,000.

    Linux 6.1 and later (mm/khugepaged.c, madvise_collapse). Elsewhere, or where a mapping cannot be gathered,
    it changes nothing.
    """
    try:
        # Not imported for this alone: where NumPy or TensorFlow is, it is there.
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
    """Forks a child for each run, one ahead of the request, and tells how each ended.

    The child that waits has nothing left to do but to be told its script: the run begins without the fork's delay.
    """

    def __init__(self, control):
        self._control = control
        self._runs = {}
        self._ahead = None
        self._wake_reading, self._wake_writing = os.pipe()
        os.set_blocking(self._wake_reading, False)
        os.set_blocking(self._wake_writing, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._wake_writing)

    def serve(self):
        """Returns only in a child, with the descriptor of its report and the path of its script."""
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
        """A request waits: it comes before looking ahead."""
        return bool(select.select([self._control], [], [], 0)[0])

    def _fork_ahead(self):
        """In the parent None; in the child, once it was told, what `become_the_run` gives."""
        ours, theirs = socket.socketpair()
        with warnings.catch_warnings():
            # From Python 3.12 on, for OpenBLAS's threads; OpenBLAS ends and restarts them around a fork.
            warnings.simplefilter("ignore", DeprecationWarning)
            pid = os.fork()
        if pid == 0:
            os.setpgid(0, 0)
            ours.close()
            self._forget()
            renew()
            try:
                return serve_one(Control(theirs.detach()))
            except Stop:
                os._exit(0)
        try:
            # In both processes: whoever comes first, the group exists when the engine hears of the child.
            os.setpgid(pid, pid)
        except OSError:
            pass  # The child has already ended.
        theirs.close()
        self._ahead = (pid, Control(ours.detach()))
        return None

    def _hand_over(self, request, descriptors):
        """Have a child become the run; returns as `_fork_ahead` does."""
        while True:
            if self._ahead is None:
                child = self._fork_ahead()
                if child is not None:
                    return child
            (pid, channel), self._ahead = self._ahead, None
            try:
                channel.say(descriptors, **request)
                break
            except Stop:
                # Somebody has ended the child that waited.
                os.waitpid(pid, 0)
            finally:
                channel.close()
        for descriptor in descriptors:
            os.close(descriptor)
        self._runs[pid] = request["run"]
        self._control.say(started=request["run"], pid=pid)
        return None

    def _forget(self):
        """In the child: leave no trace of the parent's own business."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.close(self._wake_reading)
        os.close(self._wake_writing)
        self._control.close()

    def _reap(self):
        for pid in list(self._runs):
            found, status = os.waitpid(pid, os.WNOHANG)
            if found:
                run = self._runs.pop(pid)
                code = -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
                self._control.say(ended=run, status=code)

    def kill_children(self):
        # The child that waits ends by itself, when its channel is closed.
        for pid in self._runs:
            try:
                os.killpg(pid, signal.SIGKILL)
            except OSError:
                pass


def serve_one(control):
    """Wait for the one request of a spare."""
    request, descriptors = control.take()
    control.close()
    return become_the_run(request, descriptors)


def main(mode, address, prepare, worker):
    control = Control(int(address[len("fd:") :]))
    for name in json.loads(prepare)["modules"]:
        importlib.import_module(name)
    # What is imported lives as long as the process: collecting garbage need not look at it in every child.
    gc.collect()
    if hasattr(gc, "freeze"):  # From Python 3.7 on.
        gc.freeze()
    if mode == "fork":
        gather_memory()
    try:
        control.say(ready=True, threads=threading.active_count())
        if mode == "fork":
            parent = Parent(control)
            try:
                run = parent.serve()
            except Stop:
                parent.kill_children()
                raise
        else:
            run = serve_one(control)
    except Stop:
        os._exit(0)
    exit_after(lambda: worker.work(*run))


def exit_after(work):
    """Do ``work``, then end the process as Python ends one, less the dismantling of what was imported beforehand.

    That takes TensorFlow most of a second and shows nothing. What a script can see of the end is kept, in the
    order of Py_FinalizeEx (Python/pylifecycle.c): threads are joined, exit handlers called (the last of them
    releases the script's objects), cycles collected, streams flushed.
    """
    status = 0
    try:
        work()
    except SystemExit as error:
        status = exit_status(error.code)
    for last in (threading._shutdown, atexit._run_exitfuncs, gc.collect, flush):
        try:
            last()
        except BaseException:
            sys.excepthook(*sys.exc_info())
    os._exit(status)


def exit_status(code):
    """What Python makes of the argument of sys.exit (Python/pythonrun.c, handle_system_exit)."""
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 0xFF
    sys.stderr.write("%s\n" % (code,))
    return 1


def flush():
    sys.stdout.flush()
    sys.stderr.flush()
    if "ctypes" in sys.modules:
        sys.modules["ctypes"].CDLL(None).fflush(None)
