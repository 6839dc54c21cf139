"""The keeper, which starts the engine's processes, and a warden for each, which ends all that a process leaves.

    engine ── keeper ── warden ── a run, a spare, a fork parent or a probe ── whatever that starts

The keeper is a small process, so that forking it takes little, and apart from the engine's, because adopting
processes would have the engine adopt what has nothing to do with runs. Each request is a line of JSON:

    {"command": ["python", "script.py"], "environment": {}, "folder": "/path" or null, "adopts": false,
     "descriptors": 4, "first": 1, "views": []}

It comes with as many descriptors as it says: the channel of the warden, then what the process is to have as its
descriptors from "first" on, which is 1 where it is left out.
The warden writes lines to its channel:

    failed 2              the command could not be started, with the error's number
    unviewed 1            nor could its views be made, which `views` describes
    started 4711 4710     the process has been started, and who its warden is; with descriptors of the folders that it
                          sees privately
    ended -9 2            it has ended, with its exit status or, negative, a signal; two more had to be ended then

When the other end of the channel is closed, because the engine wants no more of the process or is gone, the warden
ends it at once. When the warden is gone, the process ends too, where the system can see to that.
"""

import array
import gc
import os
import select
import signal
import socket

from . import leftovers
from .control import Control, Stop

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36  # include/uapi/linux/prctl.h
OUT_OF_THE_WAY = 64


def keep(address):
    """Start processes as they are requested at the control socket ``address``, until it is closed."""
    control = Control(int(address.partition(":")[2]))
    prctl = find_prctl()
    # What is not touched need not be copied for each warden.
    gc.disable()
    if hasattr(gc, "freeze"):  # From Python 3.7 on.
        gc.freeze()
    # The wardens end by themselves, and nobody asks how.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        while True:
            request, descriptors = control.take()
            if os.fork() == 0:
                try:
                    control.close()
                    watch_over(request, descriptors, prctl)
                finally:
                    os._exit(0)
            for descriptor in descriptors:
                os.close(descriptor)
    except Stop:
        os._exit(0)


def find_prctl():
    """Return the function of Linux that sets how a process relates to others; elsewhere one that does nothing."""
    try:
        import ctypes

        return ctypes.CDLL(None).prctl
    except (ImportError, OSError, AttributeError):
        return lambda *_: -1


def watch_over(request, descriptors, prctl):
    """Start the process of ``request``, wait for its end, end what it left, and tell of all that at the channel."""
    channel = socket.socket(fileno=descriptors[0])
    channel.setblocking(True)
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(writing)
    try:
        pid, folders = start(request, descriptors[1:], prctl)
    except Unviewed as error:
        tell(channel, "unviewed %d" % error.args[0])
        return
    except OSError as error:
        tell(channel, "failed %d" % (error.errno or 0))
        return
    for descriptor in descriptors[1:]:
        os.close(descriptor)
    tell(channel, "started %d %d" % (pid, os.getpid()), folders)
    for folder in folders:
        os.close(folder)
    status = wait_for(pid, channel, reading)
    killed = leftovers.end_children(lambda _: True, leftovers.GRACE_S if status >= 0 else 0)
    # For systems that do not let it adopt.
    leftovers.send_group(pid, signal.SIGKILL)
    tell(channel, "ended %d %d" % (status, killed))


def tell(channel, line, descriptors=()):
    data = (line + "\n").encode("ascii")
    try:
        if descriptors:
            rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors))]
            # A line of this size is sent whole.
            channel.sendmsg([data], rights)
        else:
            channel.sendall(data)
    except OSError:
        pass  # The engine is gone.


def wait_for(pid, channel, wake):
    """Wait for the end of the process ``pid`` and return its status; end it when ``channel`` is closed."""
    while True:
        readable, _, _ = select.select([channel, wake], [], [])
        if wake in readable:
            os.read(wake, 4096)
            status = reaped_status(pid)
            if status is not None:
                return status
        if channel in readable:
            leftovers.send_group(pid, signal.SIGKILL)
            leftovers.send(pid, signal.SIGKILL)  # It may have left its group.
            return status_of(os.waitpid(pid, 0)[1])


def reaped_status(pid):
    """Wait for all children that have ended; return the status of ``pid`` if it is one of them, else None."""
    while True:
        found, status = os.waitpid(-1, os.WNOHANG)
        if found == pid:
            return status_of(status)
        if not found:
            return None


def status_of(status):
    return -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)


class Unviewed(Exception):
    """A process could not be given its private views; the argument is the error's number."""


def start(request, descriptors, prctl):
    """Start a process in a group of its own; return its ID, and descriptors of the folders that it sees privately.

    Raise OSError when it cannot be started, and `Unviewed` when it cannot be given its private views.
    """
    import fcntl

    reading, writing = os.pipe()
    pair = socket.socketpair() if request.get("views") else None
    warden = os.getpid()
    pid = os.fork()
    if pid == 0:
        failed = writing
        try:
            os.setpgid(0, 0)
            prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
            if os.getppid() != warden:
                os._exit(1)
            if request["adopts"]:
                # Unlike a handler, this outlives the exec.
                prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
            # Python ignores these, and what is ignored stays so in the process; handlers do not.
            for name in ("SIGPIPE", "SIGXFSZ", "SIGXFZ"):
                if hasattr(signal, name):
                    signal.signal(getattr(signal, name), signal.SIG_DFL)
            failed = fcntl.fcntl(writing, fcntl.F_DUPFD_CLOEXEC, OUT_OF_THE_WAY)
            viewed = pair and fcntl.fcntl(pair[1].fileno(), fcntl.F_DUPFD_CLOEXEC, OUT_OF_THE_WAY)
            moved = [fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, OUT_OF_THE_WAY) for descriptor in descriptors]
            for number, descriptor in enumerate(moved):
                os.dup2(descriptor, number + request.get("first", 1))
            if viewed:
                from . import views

                try:
                    Control(viewed).send(views.enter(request["views"]))
                except (views.ViewError, OSError) as error:
                    os.write(failed, b"unviewed %d" % (error.args[0] or 0))
                    os._exit(127)
            if request["folder"] is not None:
                os.chdir(request["folder"])
            os.execvpe(request["command"][0], request["command"], request["environment"])  # noqa: S606
        except OSError as error:
            os.write(failed, str(error.errno).encode("ascii"))
        finally:
            os._exit(127)
    os.close(writing)
    if pair:
        pair[1].close()
    problem = os.read(reading, 32)
    os.close(reading)
    if problem:
        os.waitpid(pid, 0)
        if problem.startswith(b"unviewed"):
            raise Unviewed(int(problem.split()[1]))
        raise OSError(int(problem), "")
    return pid, Control(pair[0].detach()).take()[1] if pair else []
