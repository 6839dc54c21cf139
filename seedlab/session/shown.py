"""The columns as they are shown: each with its name, its current script, and notes about its runs."""

import enum
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from seedlab.libraries.registry import script_of
from seedlab.messages.columns import origin_text
from seedlab.session.arrangement import Lane
from seedlab.session.running import lacking
from seedlab.session.texts_on_disk import TextsOnDisk
from seedlab.study.lab import Column
from seedlab.study.script import Script

if TYPE_CHECKING:
    from seedlab.session.session import Session


class Earlier(enum.Enum):
    """What the runs of a column belong to that is no more."""

    CHOICE = enum.auto()
    SETTINGS = enum.auto()
    """They were given something else than the next ones, or are of another file."""
    TEXT = enum.auto()
    """They executed an earlier text of the file."""
    EDIT = enum.auto()
    """They executed the text before it was edited here."""


class ShownColumn(msgspec.Struct, frozen=True, kw_only=True):
    """One column, prepared for showing."""

    name: str
    column: Column
    """The column that was run, with its runs."""
    script: Script
    """The script of the current choice, or the text that the user's own file has now."""
    is_stale: bool = False
    """True when the runs belong to something earlier than ``script``."""
    earlier: Earlier = Earlier.CHOICE
    """What that is, where it is so."""
    lack: str = ""
    """Why it was left out when the others were run, in words; empty where it was not."""
    origin: str = ""
    """The interpreter that made the runs, in words; empty when it needs no mention."""


def shown_columns(session: "Session") -> tuple[ShownColumn, ...]:
    """Return the columns of ``session`` from left to right."""
    lanes, names = session.arrangement.lanes, session.arrangement.names
    return tuple(
        replace(
            _shown(lane, name, session.texts, is_foreign=session.is_foreign(lane)),
            lack=_lack(session, lane),
        )
        for lane, name in zip(lanes, names, strict=True)
    )


def _lack(session: "Session", lane: Lane) -> str:
    """Return why ``lane`` was left out when the others were run, if it still would be."""
    if lane.key not in session.runs.left_out or session.interpreter is None:
        return ""
    return "".join(map(str, lacking([lane], session.interpreter).values()))


def _shown(lane: Lane, name: str, texts: TextsOnDisk, *, is_foreign: bool) -> ShownColumn:
    drawn_by = lane.column.interpreter
    origin = origin_text(drawn_by) if is_foreign and drawn_by is not None else ""
    script = Script(texts.next_text(lane)) if lane.chosen is None else script_of(lane.chosen)
    earlier = Earlier.CHOICE if lane.chosen is not None else Earlier.SETTINGS if lane.is_stale else Earlier.TEXT
    if lane.is_stale and lane.chosen is None and lane.is_edited_since:
        earlier = Earlier.EDIT
    return ShownColumn(
        name=name,
        column=replace(lane.column, name=name),
        script=script,
        is_stale=lane.is_stale or texts.is_outdated(lane),
        earlier=earlier,
        origin=origin,
    )
