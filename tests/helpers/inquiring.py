"""Inquiries in tests: real runs of real files, in an engine's executor."""

import asyncio
import sys
import textwrap
from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec.structs import replace

from seedlab.engine.batch import Batch
from seedlab.engine.executors.auto import AutoExecutor
from seedlab.engine.executors.choice import prepared_imports
from seedlab.engine.request import Limits, Plan, RunRequest
from seedlab.inquiry.influence import Inquiry
from seedlab.results.influence import Influence, MovedDraw
from seedlab.results.run import Run

COLD = "runs as they are"


def request_of(folder: Path, script: str, name: str = "script.py") -> RunRequest:
    """Return the request for ``script``, dedented and written into ``folder``."""
    path = folder / name
    path.write_text(textwrap.dedent(script), encoding="utf-8")
    return RunRequest(
        script=path.read_text(encoding="utf-8"),
        executable=sys.executable,
        path=str(path),
        name=str(path),
        folder=str(folder),
        limits=Limits(timeout_s=60),
    )


async def inquire(
    executor: AutoExecutor,
    request: RunRequest,
    *,
    labels: Sequence[str] = (),
    free: int = 2,
    most_plans: int = 1000,
    proof: int = 0,
    on_more: Callable[[Influence], None] = lambda _: None,
    is_private: bool = True,
) -> Inquiry:
    """Return the inquiry into ``request``, after ``free`` cold runs as they are and at most ``most_plans`` plans.

    Without ``is_private``, those runs write into the folder, as they do in the window.
    With ``proof``, the fix is looked for, and executed so many times. ``on_more`` is called with what is known each
    time that a run has shown more.
    """
    runs: list[Run] = []
    # One after the other, as a first run is watched alone: what it leaves is there when the next one begins.
    first = Plan.repeat(replace(request, cold_reason=COLD, audits=True, is_private=is_private), free, jobs=1)
    await Batch(first, executor, lambda _, run: runs.append(run)).run()
    inquiry = Inquiry(
        request,
        runs,
        modules=prepared_imports(request),
        labels=labels,
        proof=proof,
        changes_folder=any(run.effects is None or run.effects.changed_folder for run in runs),
    )

    def note(request: RunRequest, run: Run) -> None:
        if inquiry.note(request, run):
            on_more(inquiry.influence)

    for _ in range(most_plans):
        plan = inquiry.next_plan()
        if plan is None:
            break
        await Batch(plan, executor, note).run()
    return inquiry


def inquired(
    folder: Path,
    script: str,
    *,
    labels: Sequence[str] = (),
    most_plans: int = 1000,
    proof: int = 0,
    arguments: Sequence[str] = (),
    on_more: Callable[[Influence], None] = lambda _: None,
    is_private: bool = True,
    timeout_s: float = 60,
) -> Inquiry:
    """Return the inquiry into ``script``, which is written into ``folder``."""

    async def work() -> Inquiry:
        executor = AutoExecutor()
        try:
            limits = Limits(timeout_s=timeout_s)
            request = replace(request_of(folder, script), arguments=tuple(arguments), limits=limits)
            return await inquire(
                executor,
                request,
                labels=labels,
                most_plans=most_plans,
                proof=proof,
                on_more=on_more,
                is_private=is_private,
            )
        finally:
            await executor.close()

    return asyncio.run(work())


def draw_of(influence: Influence, label: str) -> MovedDraw:
    return next(draw for draw in influence.draws if draw.label == label)


def lines_moving(influence: Influence, label: str) -> list[int | str | None]:
    """Return the lines of the sources that move the draw ``label``; of another file, with its name."""
    moved = draw_of(influence, label).moved_by
    return [
        source.line if source.file is None else f"{source.file}:{source.line}"
        for source in influence.sources
        if source.id in moved
    ]


def helping(influence: Influence, label: str) -> tuple[str, ...] | None:
    """Return what has to be held for the draw ``label`` to repeat; None where seeds alone decide."""
    return next((item.helped_by for item in influence.residual if item.label == label), None)
