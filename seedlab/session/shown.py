"""The columns as they are shown: each with its name, its current script, and notes about its runs."""

from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from seedlab.libraries.registry import script_of
from seedlab.messages.columns import origin_text
from seedlab.session.arrangement import Lane
from seedlab.study.lab import Column
from seedlab.study.script import Script

if TYPE_CHECKING:
    from seedlab.session.session import Session


class ShownColumn(msgspec.Struct, frozen=True, kw_only=True):
    """One column, prepared for showing."""

    name: str
    column: Column
    """The column that was run, with its runs."""
    script: Script
    """The script of the current choice."""
    is_stale: bool = False
    """True when the runs belong to an earlier choice than ``script``."""
    origin: str = ""
    """The interpreter that made the runs, in words; empty when it needs no mention."""


def shown_columns(session: "Session") -> tuple[ShownColumn, ...]:
    """Return the columns of ``session`` from left to right."""
    lanes, names = session.arrangement.lanes, session.arrangement.names
    return tuple(
        _shown(lane, name, is_foreign=session.is_foreign(lane)) for lane, name in zip(lanes, names, strict=True)
    )


def _shown(lane: Lane, name: str, *, is_foreign: bool) -> ShownColumn:
    drawn_by = lane.column.interpreter
    origin = origin_text(drawn_by) if is_foreign and drawn_by is not None else ""
    script = Script(lane.column.script) if lane.chosen is None else script_of(lane.chosen)
    return ShownColumn(
        name=name,
        column=replace(lane.column, name=name),
        script=script,
        is_stale=lane.is_stale,
        origin=origin,
    )
