"""Starting one run: the interface of all ways to start, and the cold start, which is the reference."""

import asyncio
import json
import os
import signal
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import msgspec

from seedlab.engine.packing import observer_file
from seedlab.engine.platform.posix import BoundedText, OutputPipe, RunLostError, execute, output_pipes
from seedlab.engine.protocol import Report
from seedlab.results.run import Outcome, Run

DEFAULT_TIMEOUT_S = 60.0
COLD_BYTES = {"tensorflow": 700 * 2**20, "numpy": 60 * 2**20, "": 20 * 2**20}
"""Resident memory of a run that imports it: 650, 45 and 15 MB with TensorFlow 2.21 and NumPy 2.4, rounded up."""
SCRIPT_NAME = "script.py"


class RunRequest(msgspec.Struct, frozen=True):
    """One run to make."""

    index: int
    """1-based position in its batch."""
    script: str
    """Python source."""
    executable: str
    """Path of the Python that executes it."""
    timeout_s: float = DEFAULT_TIMEOUT_S


class Launcher(Protocol):
    """A way to start runs."""

    async def launch(self, request: RunRequest) -> Run:
        """Execute one run to its end and tell what happened to it.

        Never raises for what a script does. Cancelling the call ends the run's processes before the
        cancellation goes on.
        """

    def memory_bytes(self, script: str) -> int:
        """About what one more run of ``script`` takes."""

    async def close(self) -> None:
        """End all processes that wait for runs."""


Execute = Callable[[Path, OutputPipe, OutputPipe, OutputPipe], Awaitable[int]]
"""Execute the script at a path, writing to standard output, standard error and report; gives its exit status."""


async def launch(request: RunRequest, start: str, execute_script: Execute) -> Run:
    """What all ways to start have in common: the script's file, the pipes, the time limit, the outcome.

    Whatever goes wrong becomes the run's problem; what it had drawn until then is kept.
    """
    started = time.monotonic()
    report, output, errors = Report(), BoundedText(), BoundedText()
    with _script_file(request.script) as script:
        try:
            async with asyncio.timeout(request.timeout_s), output_pipes(output.add, errors.add, report.add) as pipes:
                status = await execute_script(script, *pipes)
            outcome, problem = _outcome(status, report, errors.text())
        except TimeoutError:
            outcome, problem = Outcome.TIMED_OUT, f"did not end within {request.timeout_s:g} seconds"
        except RunLostError as error:
            outcome, problem = Outcome.FAILED, str(error)
        except OSError as error:
            outcome, problem = Outcome.FAILED, f"{request.executable} cannot be started: {error.strerror}"
    return Run(
        index=request.index,
        outcome=outcome,
        # To the microsecond, as a document holds it.
        seconds=round(time.monotonic() - started, 6),
        text=output.text(),
        draws=report.draws,
        trace=report.trace,
        start=start,
        problem=problem,
        details="" if outcome is Outcome.FINISHED else _details(errors.text(), str(script.parent)),
        notes=tuple(report.notes),
    )


class ColdLauncher:
    """A new interpreter for each run, as ``python script.py`` starts one."""

    async def launch(self, request: RunRequest) -> Run:
        async def execute_cold(script: Path, stdout: OutputPipe, stderr: OutputPipe, report: OutputPipe) -> int:
            wish = json.dumps({"run": request.index, "script": str(script)})
            command = [request.executable, str(observer_file()), "run", f"fd:{report.descriptor}", wish]
            return await execute(command, stdout, stderr, report=report)

        return await launch(request, "cold", execute_cold)

    def memory_bytes(self, script: str) -> int:
        return COLD_BYTES["tensorflow" if "tensorflow" in script else "numpy" if "numpy" in script else ""]

    async def close(self) -> None:
        """Nothing waits."""


@contextmanager
def _script_file(source: str) -> Iterator[Path]:
    """A folder of its own with the script in it, removed afterwards with all that the script left there."""
    with tempfile.TemporaryDirectory(prefix="seedlab-", ignore_cleanup_errors=True) as folder:
        script = Path(folder, SCRIPT_NAME)
        script.write_text(source, encoding="utf-8")
        yield script


def _outcome(status: int, report: Report, errors: str) -> tuple[Outcome, str]:
    """A non-zero exit beats whatever was reported before it."""
    if status < 0:
        name = signal.Signals(-status).name
        hint = "; perhaps memory ran out" if name == "SIGKILL" else ""
        return Outcome.FAILED, f"was ended by the signal {name}{hint}"
    if status > 0:
        last = errors.strip().splitlines()[-1:] or ["nothing was written to standard error"]
        return Outcome.FAILED, report.error or f"ended with exit status {status}: {last[0]}"
    return Outcome.FINISHED, ""


def _details(errors: str, folder: str) -> str:
    """The end of standard error, with the script under the name that a person knows it by."""
    return "\n".join(errors.replace(folder + os.sep, "").strip().splitlines()[-40:])
