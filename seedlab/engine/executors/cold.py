"""The cold start: a new interpreter for each run, as ``python script.py`` starts one; the reference for all others."""

import asyncio
from functools import partial

from msgspec.structs import replace

from seedlab.engine.desk import DESK
from seedlab.engine.executors.executor import Capacity, Readiness, Start
from seedlab.engine.executors.outcome import ScriptFiles, local_capacity, observed
from seedlab.engine.observer_commands import run_command
from seedlab.engine.platform import PLATFORM
from seedlab.engine.platform.interface import Exit, NoViewError, Sinks
from seedlab.engine.private_views import COPIED, copied, views_of
from seedlab.engine.request import RunRequest
from seedlab.errors import RunRefusedError
from seedlab.libraries.all_capabilities import cold_bytes
from seedlab.results.run import Outcome, Run, unfinished


class ColdExecutor:
    """Starts each run in a new interpreter, and keeps nothing between runs."""

    def __init__(self) -> None:
        self._has_views = True
        """False once the system has refused a private view of a folder."""

    def prepare(self, request: RunRequest) -> None:
        """Do nothing, because a cold start uses nothing that was prepared."""

    async def run(self, request: RunRequest) -> Run:
        if request.is_private and self._has_views:
            try:
                return await self._observed(request, sees_privately=True)
            except NoViewError:
                self._has_views = False
        if not request.is_private:
            return await self._observed(request)
        return await self._run_in_copies(request)

    async def _observed(self, request: RunRequest, *, sees_privately: bool = False) -> Run:
        execute = partial(self._execute, request, sees_privately=sees_privately)
        return await observed(request, Start.COLD, execute)

    async def _run_in_copies(self, request: RunRequest) -> Run:
        with DESK.folder() as place:
            try:
                moved = await asyncio.to_thread(copied, request, place)
            except RunRefusedError as error:
                return unfinished(request.index, Outcome.FAILED, error.what)
            run = await self._observed(moved)
        return replace(run, notes=(*run.notes, COPIED))

    async def _execute(
        self, request: RunRequest, files: ScriptFiles, sinks: Sinks, *, sees_privately: bool = False
    ) -> Exit:
        return await PLATFORM.execute(
            run_command(request, str(files.script), str(files.lost_mark)),
            sinks,
            environment=request.environment,
            folder=request.folder,
            max_processes=request.limits.max_processes,
            views=views_of(request, files.place) if sees_privately else (),
            on_viewed=files.viewed.append,
        )

    def capacity(self, request: RunRequest) -> Capacity:
        return local_capacity(cold_bytes(request.script))

    def readiness(self, request: RunRequest) -> tuple[Readiness, str]:  # noqa: ARG002
        return Readiness.COLD, ""

    async def close(self) -> None:
        """Do nothing, because no process waits for runs."""
