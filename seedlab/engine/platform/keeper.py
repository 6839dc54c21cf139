"""The engine's side of the keeper: the process that starts all others, and sees to it that none stays.

`seedlab.observer.keeping` is the other side, and says what is sent.
"""

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence

from seedlab.engine.platform.exits import exit_by_signal, nameless
from seedlab.engine.platform.interface import Exit, NoViewError, RunLostError, View
from seedlab.errors import SeedlabError
from seedlab.observer.control import MAX_DESCRIPTORS
from seedlab.phrases import recorded

TERMINATE_GRACE_S = 0.1
"""The time between asking a process to end and killing it, in seconds: Stop has to answer within 0.2 s."""
KILL_GRACE_S = 2
"""How long a warden may take to end what is left of a process, in seconds, before it is killed itself."""
_CLOSED_AT_EXEC = getattr(socket, "MSG_CMSG_CLOEXEC", 0)
SEND_GRACE_S = 5
"""How long the keeper may take to read a request, in seconds, before it is replaced."""


class KeeperLostError(RunLostError):
    """The keeper, or a warden, was ended before it had started a process."""


class Keeper:
    """Starts workers by a process of its own, which is made when it is first needed. Any thread may use it."""

    def __init__(self, command: Callable[[str], Sequence[str]]) -> None:
        """``command`` returns the command line of the keeper's process for the address of its control socket."""
        self._command = command
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._workers = 0

    def start(
        self,
        command: Sequence[str],
        descriptors: Sequence[int],
        *,
        environment: Mapping[str, str],
        folder: str | None,
        adopts: bool = False,
        first: int = 1,
        views: Sequence[View] = (),
    ) -> "Worker":
        """Begin to start a process, and return it.

        Raise `RunLostError` when the keeper cannot be started, and what ``command`` raises where there is none.
        ``descriptors`` become its descriptors from ``first`` on. With ``adopts`` it adopts its orphaned descendants.
        """
        ours, theirs = socket.socketpair()
        message = json.dumps(
            {
                "command": [_portable(part) for part in command],
                "environment": {_portable(name): _portable(value) for name, value in environment.items()},
                "folder": _portable(os.path.abspath(folder or os.getcwd())),
                "adopts": adopts,
                "first": first,
                "views": [_portable_view(view) for view in views],
                "descriptors": len(descriptors) + 1,
            }
        )
        with theirs:
            try:
                with self._lock:
                    self._send(message.encode("ascii") + b"\n", [theirs.fileno(), *descriptors])
                    self._workers += 1
            except OSError as error:
                ours.close()
                raise RunLostError(
                    recorded("could not be started: the process that starts runs does not answer")
                ) from error
            except SeedlabError:
                ours.close()
                raise
        return Worker(ours, self._release)

    def close(self) -> None:
        """End the keeper's process, unless workers need it; it is made again when it is needed again."""
        with self._lock:
            if not self._workers:
                self._stop()

    def _release(self) -> None:
        with self._lock:
            self._workers -= 1

    def _send(self, message: bytes, descriptors: list[int]) -> None:
        for is_last in (False, True):
            control = self._control or self._start()
            try:
                sent = socket.send_fds(control, [message], descriptors)
                control.sendall(message[sent:])
                return
            except OSError:
                # It was killed, or does not read any more.
                self._stop()
                if is_last:
                    raise

    def _start(self) -> socket.socket:
        control, theirs = socket.socketpair()
        control.settimeout(SEND_GRACE_S)
        with theirs, contextlib.ExitStack() as unstarted:
            unstarted.callback(control.close)
            address = f"fd:{theirs.fileno()}"
            # In a group of its own, so that Ctrl+C in a terminal reaches the engine alone.
            self._process = subprocess.Popen(  # noqa: S603 - it is seedlab's own command.
                self._command(address),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                process_group=0,
            )
            unstarted.pop_all()
        self._control = control
        return control

    def _stop(self) -> None:
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            try:
                self._process.wait(KILL_GRACE_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._control = self._process = None


class Worker:
    """A process that the keeper starts, in a group of its own. Use it in one event loop's thread."""

    def __init__(self, channel: socket.socket, on_close: Callable[[], None]) -> None:
        self._channel = channel
        self._on_close = on_close
        self._rest = b""
        self._loop = asyncio.get_running_loop()
        self._started: asyncio.Future[None] = self._loop.create_future()
        self.exited: asyncio.Future[Exit] = self._loop.create_future()
        """The way in which the process ended, once it and all that it left running have ended."""
        self.process = 0
        """The process ID, once `wait_started` has returned."""
        self._folders: list[int] = []
        self._warden = 0
        self._is_closed = False
        channel.setblocking(False)
        self._loop.add_reader(channel, self._read)

    async def wait_started(self) -> None:
        """Wait until the process runs. Raise OSError when it cannot be started, and `NoViewError`."""
        await asyncio.shield(self._started)

    def taken_folders(self) -> list[int]:
        """Return descriptors of the folders that the process, which runs, sees privately; the caller closes them."""
        folders, self._folders = self._folders, []
        return folders

    async def close(self) -> None:
        """End the process, first by asking, then by force, and all that it started; a second call does nothing."""
        if self._is_closed:
            return
        self._is_closed = True
        if self.process and not self.exited.done():
            signal_process(self.process, signal.SIGTERM)
            await asyncio.wait([self.exited], timeout=TERMINATE_GRACE_S)
        if not self.exited.done():
            # The warden takes this as the wish to end everything.
            with contextlib.suppress(OSError):
                self._channel.shutdown(socket.SHUT_WR)
            await asyncio.wait([self.exited], timeout=KILL_GRACE_S)
        if not self.exited.done() and self.process:
            # The warden does not do its work: perhaps somebody has stopped it.
            signal_process(self.process, signal.SIGKILL)
            signal_process(self._warden, signal.SIGKILL)
            await asyncio.wait([self.exited], timeout=KILL_GRACE_S)
        self._loop.remove_reader(self._channel)
        self._channel.close()
        for descriptor in self.taken_folders():
            os.close(descriptor)
        self._on_close()

    def _read(self) -> None:
        try:
            data, descriptors, _, _ = socket.recv_fds(self._channel, 4096, MAX_DESCRIPTORS, _CLOSED_AT_EXEC)
            self._folders += descriptors
        except BlockingIOError:
            return
        except OSError:
            data = b""
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self._take(*line.split())
        if not data:
            self._loop.remove_reader(self._channel)
            self._lose()

    def _take(self, event: bytes, first: bytes, second: bytes = b"0") -> None:
        if event == b"started":
            self.process, self._warden = int(first), int(second)
            self._started.set_result(None)
        elif event == b"ended":
            self.exited.set_result(exit_of(int(first), int(second)))
        elif event == b"unviewed":
            self._fail(NoViewError(os.strerror(int(first))))
        else:
            self._fail(OSError(int(first), os.strerror(int(first))))

    def _lose(self) -> None:
        """Take note that the warden is gone; without it, the process is gone too."""
        self._fail(KeeperLostError(recorded("could not be started: the process that starts runs was ended")))
        if not self.exited.done():
            self.exited.set_result(exit_of(-signal.SIGKILL))

    def _fail(self, error: Exception) -> None:
        if not self._started.done():
            self._started.set_exception(error)
            # Retrieved, so that asyncio does not log an exception that nobody waits for any more.
            self._started.exception()


def exit_of(status: int, killed: int = 0) -> Exit:
    """Return the meaning of an exit status, which is negative for a signal.

    ``killed`` is the number of processes that had to be killed after the end.
    """
    if status >= 0:
        return Exit(status, killed=killed)
    try:
        return exit_by_signal(-status, killed, signal.Signals(-status).name)
    except ValueError:
        return exit_by_signal(-status, killed, nameless(-status))


def signal_process(process: int, number: signal.Signals) -> None:
    """Send a signal to the group that ``process`` leads, and to ``process``, which may have left it."""
    for send in (os.killpg, os.kill):
        try:
            send(process, number)
        except (ProcessLookupError, PermissionError):
            continue


def _portable_view(view: View) -> dict[str, object]:
    replaced = [[_portable(path), _portable(source)] for path, source in view.replaced]
    return {"folder": _portable(view.folder), "upper": _portable(view.upper), "replaced": replaced}


def _portable(text: str) -> str:
    """Return ``text``, which stands for bytes of this process's file system, as it stands for them in UTF-8."""
    return os.fsencode(text).decode("utf-8", "surrogateescape")
