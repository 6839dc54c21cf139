"""Executes runs on the machine that this is executed on, for a seedlab that is elsewhere.

It stands alone, without any other module of the observer, so that it can be sent by itself; all that it starts has the
packed file, which comes with it. `execute_here` is one run. `Host` is many at once, and prepared processes, for whoever
has a loop of their own.

What is to be executed is a job, a dict that JSON can hold:

    {"mode": "run", "python": "/path/python", "request": {…}, "text": "print(1)", "environment": {"A": "1", "B": null},
     "folder": "/path" or null, "seconds": 60, "processes": 256}

`mode` and `request` are those of the packed file's command line (`main`), and everything else may be left out:

    python       the Python that executes it; without it the one that executes this
    question     what a probe is asked
    text         the script's text, for a temporary file; without it the request names a file of this machine
    expected     the text that this file must have
    environment  variables in addition to those of this process; null removes one
    folder       the working directory
    seconds      the longest duration, from when the process is there
    processes    the most processes of its group
    prefix       what stands before the command
    private      folders that the run sees privately, so that nobody else sees what it changes there
    changes      files in these folders with other contents, as pairs of a path and Base64
    is_copied    true to copy these folders for the run, where the system has no private views

A temporary file, and the private views, are there for one run alone and are removed after it. Text that comes from file
names holds surrogates for the bytes that are no UTF-8.

Each process belongs to a warden (`keeping`), which ends it and all that it started when this process ends or wants it.
"""

import array
import base64
import importlib.util
import json
import os
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

FOLDER_PREFIX = "seedlab-host-"
SCRIPT_NAME = "script.py"
PIECE_BYTES = 64 * 1024
REPORT_BYTES = 2**20
F_SETPIPE_SZ = 1031  # include/uapi/linux/fcntl.h
TERMINATE_GRACE_S = 0.1
"""The time between asking a process to end and killing it, in seconds."""
KILL_GRACE_S = 2
DRAIN_GRACE_S = 0.5
"""How long the last output of a process may take to arrive after the process has ended, in seconds."""
LOOK_S = 0.1
"""The time between two looks at what limits hold, in seconds."""
KEPT_BYTES = 512 * 1024
"""The number of bytes that `execute_here` keeps of the beginning and of the end of a stream, each."""
MAX_REPORT_BYTES = 257 * 2**20
"""The most bytes of a report that `execute_here` keeps: the observer itself writes less."""
MAX_COPIED_BYTES = 500 * 2**20
MAX_DESCRIPTORS = 16
MAX_ANSWER_BYTES = 64 * 1024

SECONDS, PROCESSES, STOPPED = "seconds", "processes", "stopped"
"""Why a run was ended: its time limit, its number of processes, or that nobody wants it any more."""


class CannotStart(Exception):
    """A job that cannot be executed; the arguments are a word for the reason, and what it concerns."""


def execute_here(packed, job, take=None, is_wanted=lambda: True):
    """Execute ``job``, a single run, in a fresh process on this machine, and return what came of it.

    ``packed`` is the packed observer as bytes. When this returns, all that the run started has ended, and its temporary
    files are gone. What is returned is a dict:

        {"status": 0, "killed": 0, "is_lost": false, "why": "", "what": "", "seconds": 0.1, "place": "/tmp/…",
         "stdout": {"first": b"…", "last": b"…", "dropped": 0}, "stderr": {…}, "report": b"…"}

    ``status`` is negative for a signal, and null where the run did not start; ``killed`` counts what it left running;
    ``is_lost`` says that the script has closed the report. ``why`` is empty, "seconds" or "processes" after a limit,
    "stopped" when ``is_wanted``, which is called now and then, has returned False, else a word why it did not start
    (`CannotStart`), and ``what`` is what that concerns. With ``take``, a function of a stream's name and bytes, output
    goes there as it comes and not into what is returned.
    """
    kept = {"stdout": _Ends(), "stderr": _Ends(), "report": bytearray()}
    result = {"status": None, "killed": 0, "is_lost": False, "why": "", "what": "", "place": ""}
    over = []

    def tell(_number, event, value):
        if event in kept:
            if take is not None:
                take(event, value)
            elif event == "report":
                kept[event] += value[: MAX_REPORT_BYTES - len(kept[event])]
            else:
                kept[event].add(value)
        elif event in ("started", "ended"):
            result.update({name: value[name] for name in value if name in result})
            over.extend([True] if event == "ended" else [])

    host = Host(packed, tell)
    started = time.time()
    try:
        host.start(1, job)
        is_asked = False
        while not over:
            host.step(LOOK_S)
            if not is_asked and not is_wanted():
                is_asked = True
                host.end(1, STOPPED)
    finally:
        host.close()
    result["seconds"] = time.time() - started
    if take is None:
        result.update(stdout=kept["stdout"].parts(), stderr=kept["stderr"].parts(), report=bytes(kept["report"]))
    return result


class _Ends:
    """The first and the last `KEPT_BYTES` of a stream."""

    def __init__(self):
        self._first, self._last, self._dropped = bytearray(), bytearray(), 0

    def add(self, data):
        room = KEPT_BYTES - len(self._first)
        self._first += data[:room]
        self._last += data[room:]
        excess = len(self._last) - KEPT_BYTES
        if excess > 0:
            del self._last[:excess]
            self._dropped += excess

    def parts(self):
        return {"first": bytes(self._first), "last": bytes(self._last), "dropped": self._dropped}


class Host:
    """Runs and prepared processes on this machine, each with a number, in a loop that calls `step`.

    What happens is told by a call of ``tell(number, event, value)``:

        "started"                     {"pid": 4711, "place": "/tmp/…"}
        "stdout" "stderr" "report"    bytes
        "answer"                      bytes that a prepared process has answered (`control`)
        "ended"                       as in `execute_here`; nothing more is told of that number
    """

    def __init__(self, packed, tell):
        self._tell = tell
        self.selector = selectors.DefaultSelector()
        """What `step` waits for; each key has the function that is called, as its data."""
        self._tasks = {}
        self._is_paused = False
        self._looked = 0.0
        self._keeper = self._control = None
        forget_dead_folders()
        self._lock = None
        self.folder = tempfile.mkdtemp(prefix=FOLDER_PREFIX)
        self._lock = _locked(os.path.join(self.folder, "lock"))
        self._observer = os.path.join(self.folder, "observer.py")
        with open(self._observer, "wb") as file:
            file.write(packed)

    # --- what is asked for -------------------------------------------------------------------------

    def start(self, number, job):
        """Start the process of ``job``. What goes wrong is told as its end."""
        task = self._tasks[number] = _Task(number, job)
        try:
            request = self._request(task)
            views = self._views(task)
            self._start(task, request, views)
        except CannotStart as error:
            self._refuse(task, *error.args)
        except OSError as error:
            self._refuse(task, "failed", error.strerror or str(error))

    def hand_over(self, number, prepared, job):
        """Have the prepared process with the number ``prepared`` execute ``job``."""
        task = self._tasks[number] = _Task(number, job)
        parent = self._tasks.get(prepared)
        try:
            if parent is None or parent.control is None or parent.is_over:
                raise CannotStart("gone", "")
            request = self._request(task)
            request["views"] = self._views(task)
            task.parent = parent
            pipes = self._pipes(task, ["stdout", "stderr", "report"])
            try:
                _send(parent.control, json.dumps(request), pipes)
            finally:
                _close_all(pipes)
            parent.children[request["run"]] = task
            # A spare becomes the run itself.
            if parent.job["mode"] == "spare":
                self._begin(task, parent.pid)
        except CannotStart as error:
            self._refuse(task, *error.args)
        except OSError:
            self._refuse(task, "gone", "")

    def end(self, number, why=""):
        """End a run, or a process, and all that it started, first by asking, then by force; its end tells ``why``."""
        task = self._tasks.get(number)
        if task is None or task.is_over:
            return
        task.why = task.why or why
        if task.ask_s is None:
            task.ask_s = time.monotonic()
            if task.pid:
                _signal(task.pid, signal.SIGTERM)

    def close(self):
        """End everything, and remove the temporary folder."""
        self.resume()
        until = time.monotonic() + KILL_GRACE_S
        tasks = list(self._tasks.values())
        for task in tasks:
            task.drops()
            self._shut(task)
        while any(task.channel is not None and not task.is_over for task in tasks) and time.monotonic() < until:
            self.step(LOOK_S)
        for task in list(self._tasks.values()):
            self._forget(task)
        if self._control is not None:
            self._control.close()
        if self._keeper is not None:
            try:
                self._keeper.wait(KILL_GRACE_S)
            except subprocess.TimeoutExpired:
                self._keeper.kill()
                self._keeper.wait()
        self._keeper = self._control = None
        self.selector.close()
        shutil.rmtree(self.folder, ignore_errors=True)
        if self._lock is not None:
            os.close(self._lock)

    def pause(self):
        """Read no more output, so that what writes it has to wait."""
        if not self._is_paused:
            self._is_paused = True
            for task in self._tasks.values():
                for descriptor in task.pipes:
                    self.selector.unregister(descriptor)

    def resume(self):
        """Read output again."""
        if self._is_paused:
            self._is_paused = False
            for task in self._tasks.values():
                for descriptor in task.pipes:
                    self._listen(task, descriptor)

    def step(self, timeout_s):
        """Wait until something happens, for at most ``timeout_s``, and tell of it."""
        if self._tasks:
            timeout_s = min(timeout_s, LOOK_S)
        for key, _ in self.selector.select(timeout_s):
            # What was called before it may have closed it.
            if self.selector.get_map().get(key.fd) is key:
                key.data()
        for task in list(self._tasks.values()):
            self._go_on(task)
        now = time.monotonic()
        if now - self._looked >= LOOK_S:
            self._looked = now
            self._look(now)

    # --- starting ----------------------------------------------------------------------------------

    def _request(self, task):
        """Return the request of the task's job, after writing what it needs."""
        request = task.job["request"]
        if task.job["mode"] != "run":
            return request
        request = dict(request)
        task.place = tempfile.mkdtemp(prefix="run-", dir=self.folder)
        if task.job.get("text") is not None:
            request["script"] = os.path.join(task.place, SCRIPT_NAME)
            with open(request["script"], "wb") as file:
                file.write(task.job["text"].encode("utf-8", "surrogateescape"))
        else:
            request["script"] = native(request["script"])
            self._check(task, request["script"])
        request["name"] = request.get("name") or request["script"]
        request["lost_mark"] = task.mark = task.place + ".lost"
        if request.get("folder") is None:
            request["folder"] = os.getcwd()
        elif not os.path.isdir(native(request["folder"])):
            raise CannotStart("no folder", request["folder"])
        else:
            request["folder"] = native(request["folder"])
        if task.job.get("private") and task.job.get("is_copied"):
            self._copy(task, request)
        return request

    def _check(self, task, script):
        if task.job.get("private"):
            return
        try:
            with open(script, "rb") as file:
                text = importlib.util.decode_source(file.read())
        except (OSError, SyntaxError, UnicodeDecodeError):
            raise CannotStart("no script", script)
        expected = task.job.get("expected")
        if expected is not None and text != expected:
            raise CannotStart("other script", script)

    def _views(self, task):
        """Return the private views of the task's job, after writing what they need."""
        if not task.job.get("private") or task.job.get("is_copied"):
            return []
        changes = []
        for number, (path, content) in enumerate(task.job.get("changes", ())):
            source = os.path.join(task.place, "changed-%d" % number)
            with open(source, "wb") as file:
                file.write(base64.b64decode(content))
            changes.append([native(path), source])
        views = []
        for number, folder in enumerate(map(native, task.job["private"])):
            if not os.path.isdir(folder):
                raise CannotStart("no folder", folder)
            upper = os.path.join(task.place, "view-%d" % number)
            os.mkdir(upper, 0o700)
            inside = [each for each in changes if each[0].startswith(folder + os.sep)]
            views.append({"folder": folder, "upper": upper, "replaced": inside})
        return views

    def _copy(self, task, request):
        """Copy the private folders of the task's job, and change ``request`` so that it is executed in the copies."""
        places = []
        for number, folder in enumerate(map(native, task.job["private"])):
            if not os.path.isdir(folder):
                raise CannotStart("no folder", folder)
            if not is_smaller(folder, MAX_COPIED_BYTES):
                raise CannotStart("too large", folder)
            copy = os.path.join(task.place, "copy-%d" % number)
            shutil.copytree(folder, copy, symlinks=True)
            places.append((folder, copy))

        def moved(path):
            for folder, copy in places:
                if path == folder or path.startswith(folder + os.sep):
                    return copy + path[len(folder) :]
            return path

        for path, content in task.job.get("changes", ()):
            with open(moved(native(path)), "wb") as file:
                file.write(base64.b64decode(content))
        if os.path.isabs(request["name"]):
            request["name"] = moved(request["name"])
        request["script"], request["folder"] = moved(request["script"]), moved(request["folder"])

    def _start(self, task, request, views):
        mode = task.job["mode"]
        is_prepared = mode in ("fork", "spare")
        names = ["stdout", "stderr"] + (["report"] if mode == "run" else [])
        address = task.job["question"] if mode == "probe" else "fd:3"
        python = native(task.job.get("python") or sys.executable)
        command = list(task.job.get("prefix", ()))
        command += [python, self._observer, mode, address, json.dumps(request)]
        environment = dict(os.environ)
        for name, value in task.job.get("environment", {}).items():
            if value is None:
                environment.pop(native(name), None)
            else:
                environment[native(name)] = native(value)
        folder = native(task.job["folder"]) if task.job.get("folder") is not None else os.getcwd()
        if task.job.get("is_copied"):
            folder = request["folder"]
        if not os.path.isdir(folder):
            raise CannotStart("no folder", folder)
        message = {
            "command": [portable(part) for part in command],
            "environment": {portable(name): portable(value) for name, value in environment.items()},
            "folder": portable(folder),
            "adopts": mode == "fork",
            "views": [
                {
                    "folder": portable(view["folder"]),
                    "upper": portable(view["upper"]),
                    "replaced": [[portable(path), portable(source)] for path, source in view["replaced"]],
                }
                for view in views
            ],
        }
        ours, theirs = socket.socketpair()
        descriptors = self._pipes(task, names)
        try:
            if is_prepared:
                task.control, theirs_too = socket.socketpair()
                descriptors.append(theirs_too.detach())
            message["descriptors"] = len(descriptors) + 1
            self._ask_keeper(json.dumps(message), [theirs.fileno()] + descriptors)
        except OSError:
            ours.close()
            raise CannotStart("lost", "")
        finally:
            theirs.close()
            _close_all(descriptors)
        task.channel = ours
        ours.setblocking(False)
        self.selector.register(ours, selectors.EVENT_READ, lambda: self._hear_warden(task))
        if task.control is not None:
            self.selector.register(task.control, selectors.EVENT_READ, lambda: self._hear_answers(task))

    def _ask_keeper(self, message, descriptors):
        for is_last in (False, True):
            try:
                if self._control is None:
                    self._start_keeper()
                _send(self._control, message, descriptors)
                return
            except OSError:
                # It was killed.
                if self._control is not None:
                    self._control.close()
                self._control = None
                if is_last:
                    raise

    def _start_keeper(self):
        self._control, theirs = socket.socketpair()
        with theirs:
            options = ["-I", "-S", "-X", "utf8"]
            self._keeper = subprocess.Popen(  # noqa: S603
                [sys.executable] + options + [self._observer, "keep", "fd:%d" % theirs.fileno(), "null"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
                # Python 3.6 has no option for UTF-8. What the keeper starts has the environment of its message.
                env=dict(os.environ, LC_ALL="C.UTF-8"),
            )

    def _pipes(self, task, names):
        """Make a pipe for each of ``names``, listen to it, and return the ends to write to."""
        writing_ends = []
        for name in names:
            reading, writing = os.pipe()
            os.set_blocking(reading, False)
            if name == "report":
                try:
                    import fcntl

                    fcntl.fcntl(reading, F_SETPIPE_SZ, REPORT_BYTES)
                except (ImportError, OSError):
                    pass  # Linux alone has it, and limits the memory of one user's pipes.
            task.pipes[reading] = name
            writing_ends.append(writing)
            if not self._is_paused:
                self._listen(task, reading)
        return writing_ends

    # --- listening ---------------------------------------------------------------------------------

    def _listen(self, task, descriptor):
        self.selector.register(descriptor, selectors.EVENT_READ, lambda: self._read(task, descriptor))

    def _read(self, task, descriptor):
        name = task.pipes[descriptor]
        try:
            data = os.read(descriptor, REPORT_BYTES if name == "report" else PIECE_BYTES)
        except BlockingIOError:
            return
        if data:
            self._tell(task.number, name, data)
        else:
            self._close_pipe(task, descriptor)

    def _close_pipe(self, task, descriptor):
        del task.pipes[descriptor]
        if not self._is_paused:
            self.selector.unregister(descriptor)
        os.close(descriptor)

    def _hear_warden(self, task):
        try:
            data, ancillary, _, _ = task.channel.recvmsg(
                4096, socket.CMSG_SPACE(MAX_DESCRIPTORS * array.array("i").itemsize)
            )
        except BlockingIOError:
            return
        except OSError:
            data, ancillary = b"", []
        for _, _, payload in ancillary:
            # The folders as the process sees them privately, which nobody here reads.
            received = array.array("i")
            received.frombytes(payload[: len(payload) - len(payload) % received.itemsize])
            _close_all(received)
        lines = (task.rest + data).split(b"\n")
        task.rest = lines.pop()
        for line in lines:
            words = line.split()
            if words[0] == b"started":
                task.warden = int(words[2])
                self._begin(task, int(words[1]))
            elif words[0] == b"ended":
                self._exit(task, int(words[1]), int(words[2]))
            elif words[0] == b"unviewed":
                task.why, task.what = "unviewed", os.strerror(int(words[1]))
                self._exit(task, None, 0)
            else:
                task.why, task.what = "failed", os.strerror(int(words[1]))
                self._exit(task, None, 0)
        if not data:
            self.selector.unregister(task.channel)
            if not task.is_over:
                # The warden is gone, and without it the process.
                if task.pid:
                    self._exit(task, -signal.SIGKILL, 0)
                else:
                    task.why = "lost"
                    self._exit(task, None, 0)

    def _begin(self, task, pid):
        task.pid = pid
        if task.job.get("seconds") is not None:
            task.limit_s = time.monotonic() + task.job["seconds"]
        if task.ask_s is not None:
            _signal(pid, signal.SIGTERM)
        self._tell(task.number, "started", {"pid": pid, "place": task.place})

    def _hear_answers(self, task):
        try:
            data = os.read(task.control.fileno(), 65536)
        except OSError:
            data = b""
        if not data:
            self.selector.unregister(task.control)
            return
        self._tell(task.number, "answer", data)
        lines = (task.answers + data).split(b"\n")
        # Longer ones come from a module that writes to a descriptor that it did not open.
        task.answers = lines.pop()[-MAX_ANSWER_BYTES:]
        for line in lines:
            try:
                answer = json.loads(line.decode("utf-8"))
                child = task.children.get(answer.get("started") or answer.get("ended"))
                if child is None or child.is_over:
                    continue
                if answer.get("started"):
                    self._begin(child, int(answer["pid"]))
                else:
                    self._exit(child, int(answer["status"]), int(answer["killed"]))
            except (ValueError, AttributeError, KeyError, TypeError):
                continue

    # --- ending ------------------------------------------------------------------------------------

    def _exit(self, task, status, killed):
        """Take note that a process has ended, with all that it started."""
        if task.is_over:
            return
        task.is_over, task.status, task.killed = True, status, killed
        task.drain_s = time.monotonic() + DRAIN_GRACE_S
        for child in list(task.children.values()):
            if not child.is_over and child.pid:
                # A spare is its own run; the children of a parent that is gone are gone too.
                self._exit(child, status if task.job["mode"] == "spare" else -signal.SIGKILL, killed)
            elif not child.is_over:
                child.why = "gone"
                self._exit(child, None, 0)

    def _refuse(self, task, why, what):
        task.why, task.what = why, what
        task.drops()
        self._exit(task, None, 0)

    def _go_on(self, task):
        """Do for a task what is due now."""
        now = time.monotonic()
        if task.is_over:
            if self._is_paused:
                task.drain_s = now + DRAIN_GRACE_S
            if not task.pipes or task.is_dropped or now >= task.drain_s:
                self._forget(task)
                ended = {"status": task.status, "killed": task.killed, "is_lost": task.is_lost, "why": task.why}
                self._tell(task.number, "ended", dict(ended, what=task.what, place=task.place))
        elif task.ask_s is not None and now >= task.ask_s + TERMINATE_GRACE_S:
            if now < task.ask_s + TERMINATE_GRACE_S + KILL_GRACE_S:
                self._shut(task)
            else:
                # The warden does not do its work: perhaps somebody has stopped it.
                for pid in (task.pid, task.warden):
                    if pid:
                        _signal(pid, signal.SIGKILL)

    def _shut(self, task):
        """End a task by force."""
        if task.channel is not None:
            try:
                task.channel.shutdown(socket.SHUT_WR)
            except OSError:
                pass  # The warden is gone.
        elif task.pid and not task.is_over:
            _signal(task.pid, signal.SIGKILL)

    def _look(self, now):
        """End what exceeds its limits."""
        for task in list(self._tasks.values()):
            if task.is_over or task.ask_s is not None or not task.pid:
                continue
            if task.limit_s is not None and now >= task.limit_s:
                self.end(task.number, SECONDS)
            elif task.job.get("processes") is not None and process_count(task.pid) > task.job["processes"]:
                self.end(task.number, PROCESSES)

    def _forget(self, task):
        self._tasks.pop(task.number, None)
        if task.parent is not None:
            task.parent.children = {run: child for run, child in task.parent.children.items() if child is not task}
        for descriptor in list(task.pipes):
            self._close_pipe(task, descriptor)
        for each in (task.channel, task.control):
            if each is not None:
                if each.fileno() in self.selector.get_map():
                    self.selector.unregister(each)
                each.close()
        task.is_lost = bool(task.mark) and os.path.exists(task.mark)
        if task.is_lost:
            os.unlink(task.mark)
        if task.place:
            shutil.rmtree(task.place, ignore_errors=True)


class _Task:
    """A process, or a run that was handed over to a prepared one."""

    def __init__(self, number, job):
        self.number, self.job = number, job
        self.parent = self.channel = self.control = None
        self.children = {}
        self.pipes = {}
        self.rest = self.answers = b""
        self.place = self.mark = self.why = self.what = ""
        self.pid = self.warden = self.killed = 0
        self.status = self.limit_s = self.ask_s = None
        self.drain_s = 0.0
        self.is_over = self.is_lost = self.is_dropped = False

    def drops(self):
        """Take note that nobody wants what is left of its output."""
        self.is_dropped = True


# --- the machine ----------------------------------------------------------------------------------


def process_count(group):
    """Return the number of processes in a group; 0 where Linux cannot tell."""
    count = 0
    try:
        names = os.listdir("/proc")
    except OSError:
        return 0
    for name in names:
        if name.isdigit():
            try:
                count += os.getpgid(int(name)) == group
            except OSError:
                pass
    return count


def cores():
    """Return the number of processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def available_bytes():
    """Return the memory that is available without swapping, in bytes; None where the system does not tell."""
    try:
        with open("/proc/meminfo") as file:
            for line in file:
                if line.startswith("MemAvailable:"):
                    return int(line.split()[1]) * 1024
    except (OSError, ValueError, IndexError):
        pass
    return None


def is_smaller(folder, size):
    """Return True when the files below ``folder`` have at most ``size`` bytes together."""
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                size -= os.lstat(os.path.join(place, name)).st_size
            except OSError:
                pass
            if size < 0:
                return False
    return True


def native(text):
    """Return ``text``, which stands for bytes in UTF-8, as it stands for them in this process's file system."""
    return os.fsdecode(text.encode("utf-8", "surrogateescape"))


def portable(text):
    """Return ``text``, which stands for bytes of this process's file system, as it stands for them in UTF-8."""
    return os.fsencode(text).decode("utf-8", "surrogateescape")


def forget_dead_folders():
    """Remove the folders of processes that were ended before they could do so themselves."""
    place = tempfile.gettempdir()
    try:
        names = [name for name in os.listdir(place) if name.startswith(FOLDER_PREFIX)]
    except OSError:
        return
    for name in names:
        folder = os.path.join(place, name)
        try:
            if os.lstat(folder).st_uid != os.getuid() or not os.path.isfile(os.path.join(folder, "lock")):
                continue
        except OSError:
            continue
        lock = _locked(os.path.join(folder, "lock"))
        if lock is not None:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)


def _locked(path):
    """Return a descriptor of the file ``path`` that is locked until it is closed; None where that cannot be had."""
    try:
        import fcntl

        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except (ImportError, OSError):
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def _signal(process, number):
    """Send a signal to the group that ``process`` leads, and to ``process``, which may have left it."""
    for send in (os.killpg, os.kill):
        try:
            send(process, number)
        except OSError:
            pass


def _send(control, message, descriptors):
    """Send the line ``message`` with ``descriptors``."""
    data = message.encode("ascii") + b"\n"
    sent = control.sendmsg([data], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors))])
    if sent < len(data):
        control.sendall(data[sent:])


def _close_all(descriptors):
    for descriptor in descriptors:
        os.close(descriptor)
