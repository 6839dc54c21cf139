"""The lab: columns with their runs, and the way they are viewed."""

import datetime
from collections.abc import Iterable
from typing import Literal

import msgspec

from seedlab.results.environment import Interpreter
from seedlab.results.extra import Extra
from seedlab.results.influence import Influence
from seedlab.results.run import Run
from seedlab.study.experiment import Experiment
from seedlab.study.program import Program


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """One experiment with its runs in the side-by-side view."""

    name: str
    experiment: Experiment | None
    """None where the script is a person's own."""
    script: str
    """The source that the runs executed."""
    program: Program | None = None
    """Where a person's own script lies and what it is given; None for a script that is executed from a copy."""
    next_program: Program | None = None
    """What the next runs are given instead of ``program``, which these runs were given; None where it is the same."""
    next_script: str | None = None
    """What the next runs execute instead of ``script``, where a person has edited it; None where it is the same, and
    where there is a program, which has its changes itself."""
    interpreter: Interpreter | None = None
    """The interpreter that executes the runs; None until one has answered."""
    runs: tuple[Run, ...] = ()
    trusted: bool = True
    """False where the script came with a document and is not the one that seedlab itself writes for the
    experiment: it runs only after a person has seen it and agreed."""
    influence: Influence | None = None
    """What moves the draws of ``script``; None until that has been found out."""
    extra: Extra = ()

    @property
    def edited_text(self) -> str | None:
        """The text that the next runs execute, where it is in no file and no experiment's; None elsewhere."""
        if self.next_script is not None:
            return self.next_script
        program = self.next_program or self.program
        if program is not None:
            return program.changed_script
        return self.script if self.experiment is None else None

    @property
    def command(self) -> tuple[str, ...]:
        """What a person would type after ``python`` to execute the script."""
        return ("script.py",) if self.program is None else self.program.command


Look = Literal["auto", "lines", "values", "map", "why"]
"""The way values are drawn; auto draws lines where they can be told apart, and a map elsewhere."""


class View(msgspec.Struct, frozen=True):
    """The way a lab is viewed."""

    look: Look = "auto"
    current: int = 0
    """The 0-based position of the column that is edited."""
    extra: Extra = ()


def now() -> datetime.datetime:
    """Return the current time in UTC, to the second."""
    return datetime.datetime.now(datetime.UTC).replace(microsecond=0)


class Scene(msgspec.Struct, frozen=True, kw_only=True):
    """One view of a talk."""

    title: str
    columns: tuple[Column, ...]
    view: View = View()
    notes: str = ""
    """What the presenter alone sees."""
    is_covered: bool = False
    """True where values are covered when it is shown, and then uncovered run by run."""
    is_fresh: bool = False
    """True where its columns are run again when it is shown; else it shows the runs that it has."""
    extra: Extra = ()


class Lab(msgspec.Struct, frozen=True, kw_only=True):
    """Columns side by side, when their newest run was made, and the scenes of a talk."""

    columns: tuple[Column, ...]
    created: datetime.datetime
    """The time of the newest run, with its time zone."""
    view: View = View()
    scenes: tuple[Scene, ...] = ()
    extra: Extra = ()

    @property
    def all_columns(self) -> tuple[Column, ...]:
        """The columns, and after them those of the scenes."""
        return (*self.columns, *(column for scene in self.scenes for column in scene.columns))

    def of_scene(self, scene: Scene) -> "Lab":
        """Return what ``scene``, one of these, shows, as a lab of its own."""
        return Lab(columns=scene.columns, created=self.created, view=scene.view)

    @classmethod
    def of(cls, columns: Iterable[Column]) -> "Lab":
        """Return a lab of ``columns`` that is created now."""
        return cls(columns=tuple(columns), created=now())
