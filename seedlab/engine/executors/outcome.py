"""Turning what happened to a process into a run; what all ways to start have in common."""

import asyncio
import os
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from seedlab.engine.bounded_text import BoundedText
from seedlab.engine.executors.executor import Capacity, Start
from seedlab.engine.platform import PLATFORM
from seedlab.engine.platform.interface import Exit, RunLostError, Sinks
from seedlab.engine.protocol import Report
from seedlab.engine.request import RunRequest
from seedlab.errors import SeedlabError
from seedlab.results.run import Outcome, Run

SCRIPT_NAME = "script.py"

Execute = Callable[[str, Sinks], Awaitable[Exit]]
"""Execute the script at a path, with its output going to the sinks, and return how it ended."""


async def observed(request: RunRequest, start: Start, execute: Execute) -> Run:
    """Execute ``request`` within its limits and return the run.

    Whatever goes wrong becomes the run's problem; what it had drawn until then is kept.
    """
    started = time.monotonic()
    kept = request.limits.output_bytes
    report, output, errors = Report(), BoundedText(kept, kept), BoundedText(kept, kept)
    timeout_s = request.limits.timeout_s
    with _script_file(request) as script:
        try:
            async with asyncio.timeout(timeout_s):
                exited = await execute(str(script), Sinks(output.add, errors.add, report.add))
            outcome, problem = _outcome(exited, report, errors.text())
        except TimeoutError:
            outcome, problem = Outcome.TIMED_OUT, f"did not end within {timeout_s:g} seconds"
        except RunLostError as error:
            outcome, problem = Outcome.FAILED, str(error)
        except SeedlabError as error:
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
        start=start.value,
        problem=problem,
        details="" if outcome is Outcome.FINISHED else _details(errors.text(), str(script.parent)),
        notes=tuple(report.notes),
    )


def local_capacity(run_bytes: int) -> Capacity:
    """Return the room on this machine for runs that take ``run_bytes``."""
    return Capacity(PLATFORM.cores(), run_bytes, PLATFORM.available_bytes())


@contextmanager
def _script_file(request: RunRequest) -> Iterator[Path]:
    """Yield the file to execute: the request's own, or one in a folder of its own, removed with all that is in it."""
    if request.path is not None:
        yield Path(request.path).absolute()
        return
    with tempfile.TemporaryDirectory(prefix="seedlab-", ignore_cleanup_errors=True) as folder:
        script = Path(folder, SCRIPT_NAME)
        script.write_text(request.script, encoding="utf-8")
        yield script


def _outcome(exited: Exit, report: Report, errors: str) -> tuple[Outcome, str]:
    """A non-zero exit beats whatever was reported before it."""
    if exited.signal:
        hint = f"; {exited.hint}" if exited.hint else ""
        return Outcome.FAILED, f"was ended by the signal {exited.signal}{hint}"
    if exited.status > 0:
        last = errors.strip().splitlines()[-1:] or ["nothing was written to standard error"]
        return Outcome.FAILED, report.error or f"ended with exit status {exited.status}: {last[0]}"
    return Outcome.FINISHED, ""


def _details(errors: str, folder: str) -> str:
    """The end of standard error, with the script under the name that a person knows it by."""
    return "\n".join(errors.replace(folder + os.sep, "").strip().splitlines()[-40:])
