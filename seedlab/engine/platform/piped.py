"""A platform without inherited descriptors: asyncio's pipes for the output, a file for the report, and a job.

All that Windows needs stands here but the calls of Windows itself, which are behind `Job`; so it is tested elsewhere,
too. A spare reads its request from its standard input, as `seedlab.observer.lines` says.
"""

import asyncio
import contextlib
import json
import secrets
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, Protocol

from seedlab.engine.child_environment import child_environment
from seedlab.engine.platform.divided_output import DividedOutput
from seedlab.engine.platform.end_requests import end_requests, interruptions
from seedlab.engine.platform.exits import exit_on_windows
from seedlab.engine.platform.followed_file import POLL_S, CutError, FollowedFile, Following
from seedlab.engine.platform.interface import (
    Command,
    Environment,
    Exit,
    NotListeningError,
    NoViewError,
    RunLostError,
    Sink,
    Sinks,
    View,
    ViewedFolder,
)
from seedlab.observer.leftovers import GRACE_S
from seedlab.phrases import recorded

WATCH_INTERVAL_S = 0.1
"""The time between two counts of the processes of a job, in seconds."""
DRAIN_GRACE_S = 0.5
"""How long the last output of a process may take to arrive after the process has ended, in seconds."""
KILL_GRACE_S = 2
"""How long the processes of a job may take to be gone once they were ended, in seconds."""
LOOK_AGAIN_S = 0.005
READ_ON_S = 0.1
"""How long the rest of a report is read after a run was ended by force, in seconds: Stop answers within 0.2 s."""


class Job(Protocol):
    """A process with all that it starts. It ends when this process ends, in whatever way."""

    options: Mapping[str, Any]
    """What the process is started with, as keywords of `subprocess.Popen`."""

    def adopt(self, process: int) -> None:
        """Take the process that was started with `options`, before it executes anything. Raise OSError."""

    def limit(self, processes: int) -> None:
        """Let there be no more than about ``processes``, however fast they come."""

    def count(self) -> int:
        """Return the number of processes that there are now."""

    def end(self) -> None:
        """End all processes at once; calling it again does no harm."""

    def close(self) -> None:
        """End all processes, and give back what the system keeps for the job."""


class PipedPlatform:
    """A platform whose processes write to pipes of asyncio and report to files."""

    can_fork = False

    def __init__(self, make_job: Callable[[], Job]) -> None:
        self.make_job = make_job
        self._children: dict[int, _Child] = {}

    async def execute(
        self,
        command: Command,
        sinks: Sinks,
        *,
        environment: Environment,
        folder: str | None,
        max_processes: int,
        views: Sequence[View] = (),
        on_viewed: Callable[[ViewedFolder], None] = lambda viewed: viewed.close(),  # noqa: ARG002
    ) -> Exit:
        if views:
            raise NoViewError(recorded("this system has no private views of folders"))
        async with _reported(sinks) as address:
            outputs = DividedOutput(sinks.stdout), DividedOutput(sinks.stderr)
            async with self._started(command(address), outputs, environment, folder) as child:
                exited = asyncio.shield(child.exited)
                return await self.watched(child.process, exited, max_processes=max_processes)

    @asynccontextmanager
    async def prepared(
        self, command: Command, stderr: Sink, *, environment: Environment, folder: str | None, has_runs: bool
    ) -> AsyncIterator["PipedChannel"]:
        if has_runs:
            raise RunLostError(recorded("cannot fork here"))
        with _file("answers") as answers:
            outputs = DividedOutput(lambda _: None), DividedOutput(stderr)
            parts = command(answers.address.replace("file:", "stdin:", 1))
            async with self._started(parts, outputs, environment, folder, has_input=True) as child:
                yield PipedChannel(child, answers, outputs)

    @asynccontextmanager
    async def conversing(self, command: Sequence[str], stderr: Sink) -> AsyncIterator["PipedConversation"]:
        pipe = asyncio.subprocess.PIPE
        job = self.make_job()
        try:
            process = await asyncio.create_subprocess_exec(
                *command, stdin=pipe, stdout=pipe, stderr=pipe, env=child_environment(()), **job.options
            )
            try:
                job.adopt(process.pid)
            except BaseException:
                process.kill()
                raise
            talk = PipedConversation(process, stderr)
            try:
                yield talk
            finally:
                job.end()
                await asyncio.shield(talk.close())
        finally:
            job.close()

    @asynccontextmanager
    async def _started(
        self,
        command: Sequence[str],
        outputs: tuple[DividedOutput, DividedOutput],
        environment: Environment,
        folder: str | None,
        *,
        has_input: bool = False,
    ) -> AsyncIterator["_Child"]:
        """Start a process in a job of its own, and end both when the block is left."""
        loop = asyncio.get_running_loop()
        job = self.make_job()
        child = _Child(job, outputs)
        try:
            await loop.subprocess_exec(
                lambda: child,
                *command,
                stdin=asyncio.subprocess.PIPE if has_input else asyncio.subprocess.DEVNULL,
                cwd=folder,
                env=child_environment(environment),
                **job.options,
            )
            child.begin()
            self._children[child.process] = child
            yield child
        finally:
            # Shielded, because a second cancellation must not leave the job alive.
            await asyncio.shield(child.close())
            self._children.pop(child.process, None)

    async def watched(self, process: int, exited: asyncio.Future[Exit], *, max_processes: int) -> Exit:
        child = self._children.get(process)
        if child is not None:
            # Room for those that are ended at once, and for a console of theirs, before the next look.
            child.job.limit(max_processes + 8)
        try:
            while not exited.done():
                await asyncio.wait([exited], timeout=WATCH_INTERVAL_S)
                if not exited.done() and child is not None and child.job.count() > max_processes:
                    raise RunLostError(recorded("started more than {most} processes and was ended", most=max_processes))
            return exited.result()
        finally:
            exited.cancel()

    async def end(self, process: int, exited: asyncio.Future[Exit]) -> None:
        child = self._children.get(process)
        if child is not None and not exited.done():
            child.job.end()
            await asyncio.wait([exited], timeout=KILL_GRACE_S)

    def exit_of(self, status: int, killed: int) -> Exit:
        return exit_on_windows(status, killed)

    def close(self) -> None:
        """Do nothing: each process is started by this one."""

    def interruptions(self, callback: Callable[[int], None]) -> AbstractContextManager[None]:
        return interruptions(callback)

    def end_requests(self) -> AbstractContextManager[int]:
        return end_requests()


class PipedConversation:
    """A program that is spoken to by its standard input and output."""

    def __init__(self, process: asyncio.subprocess.Process, stderr: Sink) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        self.reader, self.writer = process.stdout, process.stdin
        self._errors = asyncio.create_task(_pass_on(process.stderr, stderr))
        self._ending = asyncio.create_task(process.wait())

    async def exited(self) -> Exit:
        return exit_on_windows(await asyncio.shield(self._ending))

    async def close(self) -> None:
        """Read to the end of the errors, and wait for the end of the program, which was ended."""
        self.writer.close()
        _, unfinished = await asyncio.wait([self._errors, self._ending], timeout=KILL_GRACE_S)
        for task in unfinished:
            task.cancel()


async def _pass_on(reader: asyncio.StreamReader, sink: Sink) -> None:
    while data := await reader.read(2**16):
        sink(data)


class PipedChannel:
    """A spare, which reads one request from its standard input and appends its answers to a file."""

    def __init__(self, child: "_Child", answers: FollowedFile, outputs: tuple[DividedOutput, DividedOutput]) -> None:
        self._child = child
        self._answers = answers
        self._outputs = outputs
        self._is_answered = False

    @property
    def process(self) -> int:
        return self._child.process

    async def exited(self) -> Exit:
        return await asyncio.shield(self._child.exited)

    async def receive(self) -> bytes:
        # A spare has one thing to say: that it is ready. Then nobody need look any more.
        while not self._is_answered:
            is_over = self._child.exited.done()
            try:
                data = self._answers.read()
            except CutError:
                break
            if data or is_over:
                self._is_answered = data.endswith(b"\n") or is_over
                return data
            await asyncio.wait([self._child.exited], timeout=POLL_S)
        await self.exited()
        return b""

    @asynccontextmanager
    async def hand_over(self, sinks: Sinks, message: bytes) -> AsyncIterator[None]:
        mark = secrets.token_hex(16)
        async with _reported(sinks) as address:
            for output, sink in zip(self._outputs, (sinks.stdout, sinks.stderr), strict=True):
                output.expect(mark.encode("ascii"), sink)
            if self._child.exited.done() or self._child.input.is_closing():
                raise NotListeningError(recorded("the prepared interpreter does not answer"))
            place = json.dumps({"report": address, "mark": mark}).encode("ascii")
            self._child.input.write(place + b"\n" + message + b"\n")
            yield
            if self._child.exited.done() and not any(output.is_marked for output in self._outputs):
                raise NotListeningError(recorded("the prepared interpreter ended before it took its request"))


class _Child(asyncio.SubprocessProtocol):
    """A process with its pipes and its job.

    asyncio's own `Process` is not used: it does not report the end of a child until all of its pipes are closed, and a
    grandchild may keep one open for ever.
    """

    def __init__(self, job: Job, outputs: tuple[DividedOutput, DividedOutput]) -> None:
        loop = asyncio.get_running_loop()
        self.job = job
        self.process = 0
        """The process ID, once it was started."""
        self.exited: asyncio.Future[Exit] = loop.create_future()
        """The way in which the process ended, once it and all that it left running have ended."""
        self._outputs = outputs
        self._transport: asyncio.SubprocessTransport | None = None
        self._returned: asyncio.Future[int] = loop.create_future()
        self._drained = {1: asyncio.Event(), 2: asyncio.Event()}
        self._lost = asyncio.Event()
        self._ending: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Let the process, which was started, begin. Raise OSError where its job cannot take it."""
        assert self._transport is not None
        self.job.adopt(self.process)
        self._ending = asyncio.create_task(self._see_to_its_end())

    @property
    def input(self) -> asyncio.WriteTransport:
        assert self._transport is not None
        writing = self._transport.get_pipe_transport(0)
        assert isinstance(writing, asyncio.WriteTransport)
        return writing

    async def close(self) -> None:
        """End the process and all that it started; what it had written before it ended by itself is passed on."""
        is_over = self.exited.done()
        self.job.end()
        if self._ending is not None and not is_over:
            await asyncio.wait([self.exited], timeout=KILL_GRACE_S)
        if is_over:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(DRAIN_GRACE_S):
                    for drained in self._drained.values():
                        await drained.wait()
        if self._ending is not None:
            self._ending.cancel()
        self.job.close()
        if self._transport is not None:
            # It kills the process where that has not ended, for want of a job perhaps.
            self._transport.close()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(KILL_GRACE_S):
                    await self._lost.wait()
        if not self.exited.done():
            # Nobody is to wait for what the system does not tell.
            self.exited.set_result(Exit(1))

    async def _see_to_its_end(self) -> None:
        status = await self._returned
        left = 0
        # Where the system cannot count them, they are ended all the same.
        with contextlib.suppress(OSError):
            # Helpers often end a moment after whoever started them; what was ended by a fault has none to wait for.
            left = await self._left_after(0 if exit_on_windows(status).ended_by else GRACE_S)
        self.job.end()
        with contextlib.suppress(OSError):
            await self._left_after(KILL_GRACE_S)
        if not self.exited.done():
            self.exited.set_result(exit_on_windows(status, left))

    async def _left_after(self, grace_s: float) -> int:
        """Return how many processes there are when all have ended, or at the latest after ``grace_s`` seconds."""
        loop = asyncio.get_running_loop()
        until = loop.time() + grace_s
        while (left := self.job.count()) and (left_s := until - loop.time()) > 0:
            await asyncio.wait([self.exited], timeout=min(LOOK_AGAIN_S, left_s))
        return left

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.SubprocessTransport)
        self._transport = transport
        self.process = transport.get_pid()

    def pipe_data_received(self, fd: int, data: bytes | str) -> None:
        assert not isinstance(data, str)
        # A loop may give its own buffer, and use it again.
        self._outputs[fd - 1].add(bytes(data))

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:  # noqa: ARG002
        if fd in self._drained:
            self._drained[fd].set()

    def process_exited(self) -> None:
        assert self._transport is not None
        status = self._transport.get_returncode()
        if not self._returned.done():
            self._returned.set_result(0 if status is None else status)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self._lost.set()


@asynccontextmanager
async def _reported(sinks: Sinks) -> AsyncIterator[str]:
    """Yield the address of a new file for a report, which is passed on as it grows; empty where no report is wanted."""
    if sinks.report is None:
        yield ""
        return
    with _file("report") as file:
        following = Following(file, sinks.report, sinks.report_cut)
        try:
            yield file.address
        except BaseException:
            await following.finish(READ_ON_S)
            raise
        else:
            await following.finish()
        finally:
            await following.stop()


@contextmanager
def _file(name: str) -> Iterator[FollowedFile]:
    """Make an empty file in a new temporary folder, which is removed afterwards."""
    # Imported late, because it needs the platform.
    from seedlab.engine.desk import DESK

    with DESK.folder() as folder, FollowedFile(Path(folder) / name) as file:
        yield file
