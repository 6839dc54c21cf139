"""A process that has imported what scripts will import, and waits: seen from the engine's side.

Its states:

    PREPARING ──ready──▶ READY ──closed, killed or died──▶ ENDED
        └───────────died at import, or closed──────────────▲
"""

import asyncio
import contextlib
import enum
import itertools
import json
import os
import signal
import socket
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from seedlab.engine.packing import observer_file
from seedlab.engine.platform.posix import BoundedText, OutputPipe, RunLostError, end_group, output_pipes, spawn, watched


class PreparedState(enum.Enum):
    """How far a prepared process is."""

    PREPARING = "preparing"
    READY = "ready"
    ENDED = "ended"


class PreparedError(RunLostError):
    """The prepared process is gone, or never got ready."""


class _Answer(msgspec.Struct):
    ready: bool = False
    threads: int = 1
    started: int = 0
    pid: int = 0
    ended: int = 0
    status: int = 0


class _Child:
    """One run of a fork parent, as far as it is known."""

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        self.pid: asyncio.Future[int] = loop.create_future()
        self.status: asyncio.Future[int] = loop.create_future()

    def fail(self, error: PreparedError) -> None:
        for future in (self.pid, self.status):
            if not future.done():
                future.set_exception(error)
                # Nobody may be waiting for it any more.
                future.exception()


class PreparedProcess:
    """``forks`` makes it the parent of many runs; else it is a spare, which becomes one run."""

    def __init__(
        self, executable: str, modules: Sequence[str], *, forks: bool, on_state: Callable[[], None] = lambda: None
    ) -> None:
        self._command = [executable, str(observer_file()), "fork" if forks else "spare"]
        self._modules = list(modules)
        self._forks = forks
        self._on_state = on_state
        self._children: dict[int, _Child] = {}
        self._numbers = itertools.count(1)
        self._errors = BoundedText()
        self.spawned = asyncio.Event()
        """Set when the process is there, long before it is ready."""
        self._ready = asyncio.Event()
        self._close = asyncio.Event()
        self._process: asyncio.subprocess.Process | None = None
        self.state = PreparedState.PREPARING
        self.problem = ""
        """Why it has ended, as a clause."""
        self._ours, self._theirs = socket.socketpair()
        self._ours.setblocking(False)
        self._life = asyncio.create_task(self._live())

    async def wait_ready(self) -> None:
        """Wait until it is ready. Raises `PreparedError` when it ended instead."""
        await self._ready.wait()
        if self.state is PreparedState.ENDED:
            raise PreparedError(self.problem)

    async def execute(self, script: Path, stdout: OutputPipe, stderr: OutputPipe, report: OutputPipe) -> int:
        """Execute ``script`` and return its exit status, negative for a signal.

        However this ends, the run's process group has ended afterwards. Raises `PreparedError` when the
        prepared process ends first.
        """
        await self.wait_ready()
        pipes = (stdout, stderr, report)
        number = next(self._numbers)
        request = {"run": number, "script": str(script), "folder": os.getcwd()}
        child = self._children[number] = _Child()
        try:
            self._send(msgspec.json.encode(request) + b"\n", [pipe.descriptor for pipe in pipes])
            for pipe in pipes:
                pipe.handed_over()
            if not self._forks:
                return await self._be_the_run()
            pid = await asyncio.shield(child.pid)
            return await watched(pid, asyncio.shield(child.status))
        finally:
            await asyncio.shield(self._end_child(number, child) if self._forks else self.close())

    async def close(self) -> None:
        """End the process and all its runs; safe to call again."""
        self._close.set()
        await asyncio.shield(self._life)

    def _send(self, data: bytes, descriptors: list[int]) -> None:
        if self.state is not PreparedState.READY:
            raise PreparedError(self.problem)
        try:
            socket.send_fds(self._ours, [data], descriptors)
        except OSError as error:
            raise PreparedError("the prepared interpreter does not answer") from error

    async def _be_the_run(self) -> int:
        assert self._process is not None
        return await watched(self._process.pid, asyncio.ensure_future(self._process.wait()))

    async def _end_child(self, number: int, child: _Child) -> None:
        if not child.pid.done():
            # It was asked for and will be told of: only then is there something to end.
            with contextlib.suppress(TimeoutError, PreparedError):
                async with asyncio.timeout(5):
                    await asyncio.shield(child.pid)
        if child.pid.done() and child.pid.exception() is None:
            await end_group(child.pid.result(), child.status)
        self._children.pop(number, None)

    # From here on: the life of the process, one task from its start to its end.

    async def _live(self) -> None:
        try:
            async with output_pipes(lambda _: None, self._errors.add) as (stdout, stderr):
                prepare = json.dumps({"modules": self._modules})
                command = [*self._command, f"fd:{self._theirs.fileno()}", prepare]
                async with spawn(command, stdout, stderr, pass_fds=[self._theirs.fileno()]) as self._process:
                    self._theirs.close()
                    self.spawned.set()
                    await self._listen_until_over(self._process)
        except OSError as error:
            self.problem = f"the interpreter cannot be started: {error.strerror}"
        finally:
            self._ours.close()
            self._theirs.close()
            self._end()

    async def _listen_until_over(self, process: asyncio.subprocess.Process) -> None:
        over = [asyncio.create_task(work) for work in (self._listen(), process.wait(), self._close.wait())]
        listening, exiting, _closing = over
        try:
            # A spare closes its socket when it becomes a run; then only its exit counts.
            waiting = set(over)
            while not (exiting.done() or self._close.is_set()):
                await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                waiting.discard(listening)
        finally:
            for task in over:
                task.cancel()
            await asyncio.gather(*over, return_exceptions=True)
        status = process.returncode
        if status is not None and status < 0:
            self.problem = f"the prepared interpreter was ended by the signal {signal.Signals(-status).name}"
        elif status is not None:
            last = self._errors.text().strip().splitlines()[-1:]
            self.problem = "the prepared interpreter ended" + (f": {last[0]}" if last else "")
        else:
            self.problem = "the prepared interpreter was closed"

    async def _listen(self) -> None:
        loop = asyncio.get_running_loop()
        rest = b""
        while data := await loop.sock_recv(self._ours, 65536):
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                self._take(msgspec.json.decode(line, type=_Answer))

    def _take(self, answer: _Answer) -> None:
        if answer.ready:
            self.state = PreparedState.READY
            self._ready.set()
            self._on_state()
        child = self._children.get(answer.started or answer.ended)
        if child is None:
            return
        if answer.started and not child.pid.done():
            child.pid.set_result(answer.pid)
        if answer.ended and not child.status.done():
            child.status.set_result(answer.status)

    def _end(self) -> None:
        self.state = PreparedState.ENDED
        self._ready.set()
        for child in self._children.values():
            child.fail(PreparedError(self.problem))
        self._on_state()
