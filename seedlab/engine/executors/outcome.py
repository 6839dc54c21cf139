"""The part that all ways to start share: executing a script within limits and making a run of what happened."""

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
"""The name of the file that is written for a script without a path."""

Execute = Callable[[str, Sinks], Awaitable[Exit]]
"""A function that executes the script at a path, sends its output to the sinks, and returns how it ended."""


async def observed(request: RunRequest, start: Start, execute: Execute) -> Run:
    """Execute ``request`` within its limits and return the run.

    Whatever goes wrong becomes the run's problem; the draws until then are kept.
    """
    started = time.monotonic()
    kept_bytes = request.limits.output_bytes
    report, output, errors = Report(), BoundedText(kept_bytes, kept_bytes), BoundedText(kept_bytes, kept_bytes)
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
        # Rounded to microseconds, the precision of a document.
        seconds=round(time.monotonic() - started, 6),
        text=output.text(),
        draws=report.draws,
        trace=report.trace,
        start=start.value,
        problem=problem,
        details="" if outcome is Outcome.FINISHED else _details(errors.text(), str(script.parent)),
        notes=tuple(report.notes),
    )


def runs_at_once() -> int:
    """Return the number of runs that can sensibly go on at once on this machine: one a core."""
    return PLATFORM.cores()


def local_capacity(run_bytes: int) -> Capacity:
    """Return the room on this machine for runs that take ``run_bytes`` of memory each."""
    return Capacity(runs_at_once(), run_bytes, PLATFORM.available_bytes())


@contextmanager
def _script_file(request: RunRequest) -> Iterator[Path]:
    """Yield the file to execute: the request's path, or a file in a temporary folder that is removed afterwards."""
    if request.path is not None:
        yield Path(request.path).absolute()
        return
    with tempfile.TemporaryDirectory(prefix="seedlab-", ignore_cleanup_errors=True) as folder:
        script = Path(folder, SCRIPT_NAME)
        script.write_text(request.script, encoding="utf-8")
        yield script


def _outcome(exited: Exit, report: Report, errors: str) -> tuple[Outcome, str]:
    """Return the outcome and the problem of a run; a non-zero exit status counts more than what was reported."""
    if exited.signal:
        hint = f"; {exited.hint}" if exited.hint else ""
        return Outcome.FAILED, f"was ended by the signal {exited.signal}{hint}"
    if exited.status > 0:
        last = errors.strip().splitlines()[-1:] or ["nothing was written to standard error"]
        return Outcome.FAILED, report.error or f"ended with exit status {exited.status}: {last[0]}"
    return Outcome.FINISHED, ""


def _details(errors: str, folder: str) -> str:
    """Return the last 40 lines of standard error, without the temporary folder in front of the script's name."""
    return "\n".join(errors.replace(folder + os.sep, "").strip().splitlines()[-40:])
