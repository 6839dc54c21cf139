"""Starting one run: the interface of all ways to start, and the cold start, which is the reference."""

import asyncio
import os
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import msgspec

from seedlab.engine import worker
from seedlab.engine.process import BoundedText, execute, output_pipes
from seedlab.engine.protocol import Report
from seedlab.model.run import Outcome, Run

DEFAULT_TIMEOUT_S = 60.0
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


class ColdLauncher:
    """A new interpreter for each run, as ``python script.py`` starts one."""

    name = "cold"

    async def launch(self, request: RunRequest) -> Run:
        started = time.monotonic()
        report, output, errors = Report(), BoundedText(), BoundedText()
        timed_out = False
        with _script_file(request.script) as script:
            try:
                async with asyncio.timeout(request.timeout_s):
                    status = await _execute(request.executable, script, report, output, errors)
            except TimeoutError:
                timed_out, status = True, 0
            except OSError as error:
                errors.add(f"{request.executable} cannot be started: {error.strerror}".encode())
                status = 127
        outcome, problem = _outcome(status, timed_out, request.timeout_s, report, errors.text())
        return Run(
            index=request.index,
            outcome=outcome,
            seconds=time.monotonic() - started,
            text=output.text(),
            draws=report.draws,
            trace=report.trace,
            start=self.name,
            problem=problem,
            details="" if outcome is Outcome.FINISHED else _details(errors.text(), str(script.parent)),
            notes=tuple(report.notes),
        )


@contextmanager
def _script_file(source: str) -> Iterator[Path]:
    """A folder of its own with the script in it, removed afterwards with all that the script left there."""
    with tempfile.TemporaryDirectory(prefix="seedlab-", ignore_cleanup_errors=True) as folder:
        script = Path(folder, SCRIPT_NAME)
        script.write_text(source, encoding="utf-8")
        yield script


async def _execute(executable: str, script: Path, report: Report, output: BoundedText, errors: BoundedText) -> int:
    """Execute ``script`` and return its exit status, negative for a signal."""
    async with output_pipes(output.add, errors.add, report.add) as (stdout, stderr, reporting):
        command = [executable, worker.__file__, str(reporting.descriptor), str(script)]
        return await execute(command, stdout, stderr, others=[reporting])


def _outcome(status: int, timed_out: bool, timeout_s: float, report: Report, errors: str) -> tuple[Outcome, str]:
    """A non-zero exit beats whatever was reported before it."""
    if timed_out:
        return Outcome.TIMED_OUT, f"did not end within {timeout_s:g} seconds"
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
