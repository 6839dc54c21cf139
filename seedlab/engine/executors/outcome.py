"""The part that all ways to start share: executing a script within limits and making a run of what happened."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, Protocol

from seedlab.engine.bounded_text import BoundedText
from seedlab.engine.compared_files import ComparedFiles
from seedlab.engine.desk import DESK
from seedlab.engine.executors.executor import Capacity, Start
from seedlab.engine.platform import PLATFORM
from seedlab.engine.platform.interface import Exit, NoViewError, RunLostError, Sinks, ViewedFolder
from seedlab.engine.printed import COMPARED_BYTES, Prints, stream_text
from seedlab.engine.private_views import check_on_disk
from seedlab.engine.protocol import Report
from seedlab.engine.request import RunRequest
from seedlab.engine.watching import FolderWatch
from seedlab.errors import SeedlabError
from seedlab.phrases import recorded
from seedlab.results.effects import Effect, Effects
from seedlab.results.run import Outcome, Run

SCRIPT_NAME = "script.py"
"""The name of the file that is written for a script without a path."""


class ScriptFiles(NamedTuple):
    """The files of one run."""

    script: Path
    """The script."""
    place: Path
    """A temporary folder of this run's own."""
    lost_mark: Path
    """The file that the observer makes when the script has closed the report, and something could not be reported."""
    viewed: list[ViewedFolder]
    """The folders that the run sees privately; whoever executes it adds them, and they are closed at its end."""
    elsewhere: list[str]
    """Temporary folders of the run on another host; whoever executes it there adds them."""


class Watch(Protocol):
    """Watches what one run does outside its process."""

    async def begin(self) -> None:
        """Look at the folders before the run."""

    async def effects(self, told: list[Effect], viewed: Sequence[ViewedFolder], *, is_complete: bool) -> Effects:
        """Return the effects of the run, which has ended and has ``told`` of some itself.

        It has seen the folders ``viewed`` privately.
        """


Execute = Callable[[ScriptFiles, Sinks], Awaitable[Exit]]
"""A function that executes a script, sends its output to the sinks, and returns how it ended."""
UNVIEWED = recorded("this system gives a prepared process no private view of a folder")
LOST = recorded("the script closed a descriptor that it had not opened, seedlab’s: what it drew after that is missing")


async def _at_once() -> None:
    """Wait for nothing."""


async def observed(
    request: RunRequest,
    start: Start,
    execute: Execute,
    until_ready: Callable[[], Awaitable[None]] = _at_once,
    watch_of: Callable[[RunRequest], Watch] = FolderWatch,
    *,
    is_timed: bool = True,
) -> Run:
    """Execute ``request`` within its limits and return the run.

    The time limit also covers ``until_ready``, the wait for a prepared process. What is wrong with that process before
    the run has begun is passed on. Whatever else goes wrong becomes the run's problem; the draws until then are kept.
    Without ``is_timed``, the time limit is kept where the run is executed, and ``execute`` raises TimeoutError.
    """
    started = time.monotonic()
    killed = 0
    kept_bytes = request.limits.output_bytes
    report, output, errors = Report(), *(BoundedText(COMPARED_BYTES, COMPARED_BYTES) for _ in range(2))
    timeout_s = request.limits.timeout_s
    watch = watch_of(request) if request.audits else None
    compared = ComparedFiles(request) if request.compares else None
    effects = None
    with _script_files(request) as files:
        try:
            if watch is not None:
                await watch.begin()
            if compared is not None:
                await compared.begin()
            async with asyncio.timeout(timeout_s if is_timed else None):
                await until_ready()
                check_on_disk(request)
                started = time.monotonic()
                sinks = Sinks(output.add, errors.add, report.add, output.add_gap, errors.add_gap, report.add_cut_off)
                exited = await execute(files, sinks)
            outcome, problem = _outcome(exited, report, errors.text())
            killed = exited.killed
        except TimeoutError:
            outcome, problem = Outcome.TIMED_OUT, recorded("did not end within {limit:g} seconds", limit=timeout_s)
        except RunLostError as error:
            outcome, problem = Outcome.FAILED, str(error)
        except SeedlabError as error:
            outcome, problem = Outcome.FAILED, error.clause
        except OSError as error:
            outcome, problem = (
                Outcome.FAILED,
                recorded(
                    "{executable} cannot be started: {reason}", executable=request.executable, reason=error.strerror
                ),
            )
        if report.is_unviewed:
            raise NoViewError(UNVIEWED)
        if outcome is Outcome.FINISHED:
            _add_streams(report, output, errors)
            if compared is not None:
                await compared.add_to(report, files.viewed)
        notes = [*report.notes, *([LOST] if files.lost_mark.exists() else []), *_killed_notes(killed)]
        if watch is not None:
            effects = await watch.effects(report.effects, files.viewed, is_complete=report.all_effects)
    return Run(
        index=request.index,
        outcome=outcome,
        # Rounded to microseconds, the precision of a document.
        seconds=round(time.monotonic() - started, 6),
        text=output.text(kept_bytes),
        draws=report.draws,
        trace=report.trace,
        start=start.value,
        problem=problem,
        details="" if outcome is Outcome.FINISHED else _details(errors.text(kept_bytes), request, files),
        effects=effects,
        notes=tuple(notes),
    )


def _add_streams(report: Report, output: BoundedText, errors: BoundedText) -> None:
    """Add what the streams of a run have besides what its script printed itself, and a note where that was cut.

    Those of a run that did not finish end anywhere, and with the error that is told of it.
    """
    besides = {"standard output": stream_text(output, report.printed), "standard error": stream_text(errors, Prints())}
    for name, (text, is_cut) in besides.items():
        if text:
            report.add_stream(name, text)
        if is_cut:
            report.add_cut(name, is_compared=bool(text))


def runs_at_once() -> int:
    """Return the number of runs that can sensibly go on at once on this machine: one a core."""
    return PLATFORM.cores()


def local_capacity(run_bytes: int) -> Capacity:
    """Return the room on this machine for runs that take ``run_bytes`` of memory each."""
    return Capacity(runs_at_once(), run_bytes, PLATFORM.available_bytes())


@contextmanager
def _script_files(request: RunRequest) -> Iterator[ScriptFiles]:
    """Yield the files of the run: the request's path or a temporary file, and a mark that does not exist yet.

    What is temporary is in a folder that nobody else uses, and is removed afterwards.
    """
    with DESK.folder() as folder:
        mark = Path(f"{folder}.lost")
        if request.path is not None:
            script = Path(request.path).absolute()
        else:
            script = folder / SCRIPT_NAME
            # As bytes, so that its lines end as they do in the request.
            script.write_bytes(request.script.encode("utf-8"))
        viewed: list[ViewedFolder] = []
        try:
            yield ScriptFiles(script, folder, mark, viewed, [])
        finally:
            for each in viewed:
                each.close()
            mark.unlink(missing_ok=True)


def _killed_notes(killed: int) -> list[str]:
    """Return a note on the processes that were left running and had to be killed, if there were any."""
    if not killed:
        return []
    return [
        recorded("1 process was left running and has been ended")
        if killed == 1
        else recorded("{killed} processes were left running and have been ended", killed=killed)
    ]


def _outcome(exited: Exit, report: Report, errors: str) -> tuple[Outcome, str]:
    """Return the outcome and the problem of a run; a non-zero exit status counts more than what was reported."""
    if exited.ended_by and exited.hint:
        return Outcome.FAILED, recorded("was ended by {what}; {hint}", what=exited.ended_by, hint=exited.hint)
    if exited.ended_by:
        return Outcome.FAILED, recorded("was ended by {what}", what=exited.ended_by)
    if exited.status > 0:
        last = errors.strip().splitlines()[-1:] or [recorded("nothing was written to standard error")]
        return Outcome.FAILED, report.error or recorded(
            "ended with exit status {status}: {last}", status=exited.status, last=last[0]
        )
    return Outcome.FINISHED, ""


def _details(errors: str, request: RunRequest, files: ScriptFiles) -> str:
    """Return the last 40 lines of standard error, without the temporary folder of a script that has no path."""
    for folder in files.elsewhere or ([str(files.script.parent)] if request.path is None else []):
        errors = errors.replace(folder + os.sep, "")
    return "\n".join(errors.strip().splitlines()[-40:])
