"""The lab: columns with their runs, and how they are looked at."""

import datetime
from collections.abc import Iterable
from typing import Literal

import msgspec

from seedlab.results.environment import Interpreter
from seedlab.results.extra import Extra
from seedlab.results.influence import Influence
from seedlab.results.run import Run
from seedlab.study.experiment import Experiment


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """One experiment with its runs in the side-by-side view."""

    name: str
    experiment: Experiment | None
    """None where the script is a person's own."""
    script: str
    """The source that the runs executed."""
    interpreter: Interpreter | None = None
    """None until one was asked."""
    runs: tuple[Run, ...] = ()
    trusted: bool = True
    """False where the script came with a document and is not the one that seedlab itself writes for the
    experiment: it runs only after a person has seen it and agreed."""
    influence: Influence | None = None
    """What moves the draws of ``script``; None until it was asked."""
    extra: Extra = ()


Look = Literal["auto", "lines", "values", "map"]
"""How values are drawn; auto takes lines where they can be told apart, else a map."""


class View(msgspec.Struct, frozen=True):
    """How a lab is looked at."""

    look: Look = "auto"
    current: int = 0
    """Which column is edited, counted from 0."""
    extra: Extra = ()


def now() -> datetime.datetime:
    """To the second, with its time zone."""
    return datetime.datetime.now(datetime.UTC).replace(microsecond=0)


class Lab(msgspec.Struct, frozen=True, kw_only=True):
    """Columns side by side, and when their newest run was made."""

    columns: tuple[Column, ...]
    created: datetime.datetime
    """With its time zone."""
    view: View = View()
    extra: Extra = ()

    @classmethod
    def of(cls, columns: Iterable[Column]) -> "Lab":
        return cls(columns=tuple(columns), created=now())
