"""The interface between the engine and an operating system: it starts processes and ends them without leftovers.

Only its implementations know about pipes, descriptors, process groups and signals.
"""

import asyncio
import os
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from pathlib import Path
from typing import BinaryIO, Protocol

import msgspec

from seedlab.phrases import recorded

Sink = Callable[[bytes], None]
"""A function that takes the output of a process in pieces of any size; it is called in the event loop's thread."""
Command = Callable[[str], Sequence[str]]
"""A function from the address of a process's channel to its command line; the address is empty without a channel."""
Environment = Sequence[tuple[str, str | None]]
"""Variables to add to those of `child_environment`; a value of None removes the variable."""


class RunLostError(Exception):
    """A run ended without an exit status; the text gives the reason as a clause, such as "started too many…"."""


class NotListeningError(RunLostError):
    """A prepared process accepts no more requests."""


class NoViewError(Exception):
    """The system gives no private views of folders; the text gives the reason."""


class View(msgspec.Struct, frozen=True):
    """A private view of a folder: what a process changes there, nobody else sees."""

    folder: str
    upper: str
    """An empty folder, for what is changed."""
    replaced: tuple[tuple[str, str], ...] = ()
    """Files in the folder that the process sees with other contents, and the files that have these."""


class ViewedFolder(msgspec.Struct, frozen=True):
    """A folder as a process sees it privately, which can still be read when the process has ended."""

    folder: str
    path: str
    """Where this process finds it, until it is closed."""
    close: Callable[[], None]


def place_seen(folder: str, viewed: Sequence[ViewedFolder]) -> str:
    """Return where ``folder`` is found as a process saw it that sees the folders ``viewed`` privately."""
    for each in viewed:
        if folder == each.folder or folder.startswith(each.folder.rstrip(os.sep) + os.sep):
            return os.path.normpath(os.path.join(each.path, os.path.relpath(folder, each.folder)))
    return folder


class Exit(msgspec.Struct, frozen=True):
    """The way a process ended: with a status, by a signal or, on Windows, by an exception that nobody handled."""

    status: int = 0
    signal: str = ""
    """The name of the signal; empty when there was none."""
    exception: str = ""
    """What Windows ended it for, as in "an access violation"; empty when it did not."""
    is_fault: bool = False
    """True for what a program brings upon itself, such as a segmentation fault."""
    hint: str = ""
    """The likely cause of the signal or the exception, as a clause; often empty."""
    killed: int = 0
    """The number of processes that it had left running, and that were killed."""

    @property
    def ended_by(self) -> str:
        """What ended it, to go on after "was ended by"; empty when it ended by itself."""
        if self.signal:
            return recorded("the signal {signal}", signal=self.signal)
        if not self.exception:
            return ""
        status = f"0x{self.status:08X}"
        return recorded("Windows for {exception} ({status})", exception=self.exception, status=status)

    @property
    def is_success(self) -> bool:
        """True when it ended by itself with the status 0."""
        return self.status == 0


class Sinks(msgspec.Struct, frozen=True):
    """The functions that take the output of a run."""

    stdout: Sink
    stderr: Sink
    report: Sink | None = None
    """None for a process that sends no report."""
    stdout_gap: Callable[[int], None] = lambda _: None
    """Takes the number of bytes that were dropped before what comes next."""
    stderr_gap: Callable[[int], None] = lambda _: None
    report_cut: Callable[[], None] = lambda: None
    """Called when the rest of the report cannot be read, because somebody has changed what holds it."""


class PreparedChannel(Protocol):
    """The conversation with a process that waits for requests. Messages are lines of JSON."""

    @property
    def process(self) -> int:
        """The process ID."""

    async def exited(self) -> Exit:
        """Wait for the end of the process."""

    async def receive(self) -> bytes:
        """Return the next bytes of its answers; empty once it has closed the conversation."""

    def hand_over(self, sinks: Sinks, message: bytes) -> AbstractAsyncContextManager[None]:
        """Send ``message`` with new channels for the output of a run.

        When the block ends normally, the remaining output is read first; when it raises, the channels are closed at
        once. Raise `NotListeningError` when the process accepts no more requests.
        """


class Conversation(Protocol):
    """A program whose standard input and output are the two directions of a conversation."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def exited(self) -> Exit:
        """Wait for the end of the program."""


class Platform(Protocol):
    """One operating system."""

    @property
    def can_fork(self) -> bool:
        """True where a process that has imported TensorFlow can be forked safely."""

    def cores(self) -> int:
        """Return the number of processor cores that this process may use."""

    def available_bytes(self) -> int:
        """Return the memory that is available without swapping, in bytes."""

    def try_lock(self, path: str) -> BinaryIO | None:
        """Lock the file ``path``, which is made when it is missing; return None where somebody else has locked it.

        It is locked until what is returned is closed, or the process ends, however it ends. Raise OSError when the
        file cannot be opened.
        """

    async def execute(
        self,
        command: Command,
        sinks: Sinks,
        *,
        environment: Environment,
        folder: str | None,
        max_processes: int,
        views: Sequence[View] = (),
        on_viewed: Callable[[ViewedFolder], None] = lambda viewed: viewed.close(),
    ) -> Exit:
        """Execute ``command`` to its end, without standard input, in ``folder``.

        When this returns or raises, the process and all that it started have ended. They also end when this process
        ends, in whatever way. Raise OSError when the command cannot be started, and `RunLostError` when there are more
        than ``max_processes`` of them. With ``views``, the process sees these folders privately, and ``on_viewed``
        takes each of them once it has been started; raise `NoViewError` where the system cannot give that.
        """

    def prepared(
        self, command: Command, stderr: Sink, *, environment: Environment, folder: str | None, has_runs: bool
    ) -> AbstractAsyncContextManager[PreparedChannel]:
        """Start a process in ``folder`` that waits for requests, and end it when the block is left.

        It also ends when this process ends. With ``has_runs`` runs are its children, and it sees to what they leave
        running. Raise OSError when the command cannot be started.
        """

    def conversing(self, command: Sequence[str], stderr: Sink) -> AbstractAsyncContextManager[Conversation]:
        """Start ``command`` to talk with it, and end it and all that it started when the block is left.

        It also ends when this process ends. Raise OSError when it cannot be started.
        """

    async def watched(self, process: int, exited: asyncio.Future[Exit], *, max_processes: int) -> Exit:
        """Wait for the end of a group's leader. Raise `RunLostError` when the group exceeds ``max_processes``."""

    async def end(self, process: int, exited: asyncio.Future[Exit]) -> None:
        """End a process and all that it started, first by asking, then by force, even if it has itself ended."""

    def exit_of(self, status: int, killed: int) -> Exit:
        """Return the meaning of the exit status that another process reported for its child.

        ``killed`` is the number of processes that the child had left running, and that were killed.
        """

    def close(self) -> None:
        """End the process that starts runs, unless there are any; a run that comes later starts it again."""

    def make_private(self, folder: Path) -> None:
        """Let nobody else write to ``folder``. Raise OSError when it belongs to somebody else."""

    def interruptions(self, callback: Callable[[int], None]) -> AbstractContextManager[None]:
        """Call ``callback`` whenever this process is asked to end while the block lasts.

        It is asked by Ctrl+C, by the system or by the end of its terminal, and ``callback`` takes the exit status by
        which a shell is told of that: 130 for Ctrl+C. It is called in the main thread, between any two instructions,
        whether an event loop runs there or not, and what it raises is raised there. The block is left in that thread
        too. What a process was started to ignore, it goes on to ignore.
        """

    def end_requests(self) -> AbstractContextManager[int]:
        """Yield the descriptor of a socket that becomes readable whenever this process is asked to end, as above.

        This is for programs whose main thread waits in the event loop of a window, in which Python calls nothing.
        """
