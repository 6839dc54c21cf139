"""Running scripts in tests: real ones through the cold launcher, and a fake launcher for scheduling."""

import asyncio
import sys
import textwrap
from collections.abc import Callable

from seedlab.engine.batch import Batch, BatchRequest
from seedlab.engine.executors.cold import ColdLauncher, RunRequest
from seedlab.results.run import Outcome, Run


def run_script(script: str, *, executable: str = sys.executable, timeout_s: float = 60.0) -> Run:
    """One cold run of ``script``, dedented."""
    request = RunRequest(1, textwrap.dedent(script), executable, timeout_s)
    return asyncio.run(ColdLauncher().launch(request))


def run_batch(script: str, runs: int, *, executable: str = sys.executable) -> tuple[Run, ...]:
    """``runs`` cold runs of ``script``, as many at once as there are cores."""
    ended: list[Run] = []
    request = BatchRequest(script=script, executable=executable, runs=runs)

    async def run() -> None:
        await Batch(request, ColdLauncher(), ended.append).run()

    asyncio.run(run())
    return tuple(ended)


class FakeLauncher:
    """Ends runs when told to, in whatever order; knows which were started and which were cancelled."""

    def __init__(self) -> None:
        self.started: list[int] = []
        self.cancelled: list[int] = []
        self.at_once = 0
        self.most_at_once = 0
        self.on_start: Callable[[int], None] = lambda _index: None
        self._endings: dict[int, asyncio.Future[Outcome]] = {}

    def end(self, index: int, outcome: Outcome = Outcome.FINISHED) -> None:
        self._endings[index].set_result(outcome)

    def break_down(self, index: int, error: Exception) -> None:
        self._endings[index].set_exception(error)

    def memory_bytes(self, _script: str) -> int:
        return 1000

    async def close(self) -> None:
        assert self.at_once == 0

    async def launch(self, request: RunRequest) -> Run:
        self.started.append(request.index)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self._endings[request.index] = asyncio.get_running_loop().create_future()
        self.on_start(request.index)
        try:
            outcome = await self._endings[request.index]
        except asyncio.CancelledError:
            self.cancelled.append(request.index)
            raise
        finally:
            self.at_once -= 1
        return Run(index=request.index, outcome=outcome, seconds=0.0, text="", draws=(), trace=())
