"""The cold start: a new interpreter for each run, as ``python script.py`` starts one; the reference for all others."""

from seedlab.engine.executors.executor import Capacity, Readiness, Start
from seedlab.engine.executors.outcome import ScriptFiles, local_capacity, observed
from seedlab.engine.observer_commands import run_command
from seedlab.engine.platform import PLATFORM
from seedlab.engine.platform.interface import Exit, Sinks
from seedlab.engine.request import RunRequest
from seedlab.libraries.all_capabilities import cold_bytes
from seedlab.results.run import Run


class ColdExecutor:
    """Starts each run in a new interpreter, and keeps nothing between runs."""

    def prepare(self, request: RunRequest) -> None:
        """Do nothing, because a cold start uses nothing that was prepared."""

    async def run(self, request: RunRequest) -> Run:
        async def execute(files: ScriptFiles, sinks: Sinks) -> Exit:
            return await PLATFORM.execute(
                run_command(request, str(files.script), str(files.lost_mark)),
                sinks,
                environment=request.environment,
                folder=request.folder,
                max_processes=request.limits.max_processes,
            )

        return await observed(request, Start.COLD, execute)

    def capacity(self, request: RunRequest) -> Capacity:
        return local_capacity(cold_bytes(request.script))

    def readiness(self, request: RunRequest) -> tuple[Readiness, str]:  # noqa: ARG002
        return Readiness.COLD, ""

    async def close(self) -> None:
        """Do nothing, because no process waits for runs."""
