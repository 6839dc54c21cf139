"""A sweep as it was asked for: all that its runs need, so that it can be begun, and begun again."""

from pathlib import Path

import msgspec

from seedlab.engine.executors.executor import Start
from seedlab.engine.request import RunRequest
from seedlab.results.environment import Interpreter
from seedlab.session.settings import Settings
from seedlab.session.sweep_folders import opened
from seedlab.session.sweeping import Stopping, Sweeping
from seedlab.study.lab import Column
from seedlab.study.sweep import Sweep


class AskedSweep(msgspec.Struct, frozen=True, kw_only=True):
    """The sweep of one column."""

    column: Column
    """What is swept, without runs."""
    request: RunRequest
    """That of one run of it as it is."""
    interpreter: Interpreter
    sweep: Sweep
    settings: Settings
    folder: Path | None = None
    """Where its results are kept; None where seedlab keeps those of all sweeps."""
    whole: tuple[str, ...] = ()
    stopping: Stopping = Stopping()
    is_cold: bool = False
    """True where no run can be started in a faster way."""

    @property
    def start(self) -> Start:
        return Start(self.settings.start)

    def sweeping(self, *, agrees: bool) -> Sweeping:
        """Return what makes it; ``agrees`` is as for `Sweeping`. Raise `SeedlabError` where it makes no sense."""
        return Sweeping(
            self.request,
            self.sweep,
            self.interpreter,
            name=self.column.name,
            open_store=lambda about: opened(about, self.folder),
            experiment=self.column.experiment,
            program=self.column.program,
            jobs=self.settings.jobs,
            is_cold=self.is_cold or self.start is Start.COLD,
            agrees=agrees,
            whole=self.whole,
            stopping=self.stopping,
        )
