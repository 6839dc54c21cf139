"""What the engine asks of an operating system: processes with channels, and an end that leaves nothing.

Nothing of pipes, descriptors, process groups or signals is known outside of what implements this.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from typing import Protocol

import msgspec

Sink = Callable[[bytes], None]
"""Takes what a process wrote, in pieces of any size, in the event loop's thread."""
Command = Callable[[str], Sequence[str]]
"""Makes the command line for the address at which the process finds its channel; empty where it has none."""
Environment = Sequence[tuple[str, str | None]]
"""Variables that are added to this process's environment, or removed from it where the value is None."""


class RunLostError(Exception):
    """A run has no exit to tell of; the text says why, as a clause for a person."""


class NotListeningError(RunLostError):
    """A prepared process takes no more requests."""


class Exit(msgspec.Struct, frozen=True):
    """How a process ended: with a status, or by a signal."""

    status: int = 0
    signal: str = ""
    """The signal's name; empty where the process ended by itself."""
    hint: str = ""
    """What that signal may come from, as a clause; often empty."""


class Sinks(msgspec.Struct, frozen=True):
    """Where the output of a run goes."""

    stdout: Sink
    stderr: Sink
    report: Sink | None = None
    """None for a process that has nothing to report."""


class PreparedChannel(Protocol):
    """The conversation with a process that waits for requests. Messages are lines of JSON."""

    @property
    def process(self) -> int:
        """Its number."""

    async def exited(self) -> Exit:
        """Wait for the end of the process."""

    async def receive(self) -> bytes:
        """Return some of what it answered; nothing once it will answer no more."""

    def hand_over(self, sinks: Sinks, message: bytes) -> AbstractAsyncContextManager[None]:
        """Send ``message`` with new channels for the output of a run.

        When the block ends in peace what was written last is read, else the channels are closed at once. Raises
        `NotListeningError` when the process takes no more of them.
        """


class Platform(Protocol):
    """One operating system."""

    @property
    def can_fork(self) -> bool:
        """A process that has imported TensorFlow may be forked."""

    def cores(self) -> int:
        """Return how many cores this process may use."""

    def available_bytes(self) -> int:
        """Return the memory that can be had without swapping."""

    async def execute(
        self, command: Command, sinks: Sinks, *, environment: Environment, folder: str | None, max_processes: int
    ) -> Exit:
        """Execute ``command`` to its end, without standard input, in ``folder``.

        However this ends, the process and all that it started have ended. Raises OSError when the command
        cannot be started, `RunLostError` when there are more than ``max_processes`` of them.
        """

    def prepared(
        self, command: Command, stderr: Sink, *, environment: Environment
    ) -> AbstractAsyncContextManager[PreparedChannel]:
        """Start a process that waits for requests. However the block is left, it has ended afterwards.

        Raises OSError when the command cannot be started.
        """

    async def watched(self, process: int, exited: asyncio.Future[Exit], *, max_processes: int) -> Exit:
        """Wait for a process that leads others. Raises `RunLostError` when these are more than ``max_processes``."""

    async def end(self, process: int, exited: asyncio.Future[Exit]) -> None:
        """End a process and all that it started: asked first, then by force, also when it has already gone."""

    def exit_of(self, status: int) -> Exit:
        """Return what a status means that another process reported of its child."""

    def interruptions(self, callback: Callable[[], None]) -> AbstractContextManager[None]:
        """Call ``callback`` in the event loop's thread when a person presses Ctrl+C, for as long as the block lasts."""
