"""The cold start: a new interpreter for each run, as ``python script.py`` starts one. The reference."""

from seedlab.engine.executors.executor import Capacity, Readiness, Start
from seedlab.engine.executors.outcome import local_capacity, observed
from seedlab.engine.observer_commands import run_command
from seedlab.engine.platform import PLATFORM
from seedlab.engine.platform.interface import Exit, Sinks
from seedlab.engine.request import RunRequest
from seedlab.libraries.capabilities import cold_bytes
from seedlab.results.run import Run


class ColdExecutor:
    """Prepares nothing, and keeps nothing between runs."""

    def prepare(self, request: RunRequest) -> None:
        """Do nothing: every run begins from nothing."""

    async def run(self, request: RunRequest) -> Run:
        async def execute(script: str, sinks: Sinks) -> Exit:
            return await PLATFORM.execute(
                run_command(request, script),
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
        """Do nothing: no process waits."""
