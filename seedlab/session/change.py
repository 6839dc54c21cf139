"""The parts of a session that change, which are told to those who listen."""

import enum


class Change(enum.Flag):
    """The parts of a session that have changed."""

    COLUMNS = enum.auto()
    """The columns: their number, order, names and choices, and which one is current."""
    RUNS = enum.auto()
    EARLY = enum.auto()
    """A run has ended that is shown only once those before it have."""
    LOOK = enum.auto()
    """The look of values, and which runs are covered."""
    BUSY = enum.auto()
    """Runs have begun, or all have ended."""
    PROGRESS = enum.auto()
    INTERPRETER = enum.auto()
    READINESS = enum.auto()
    SETTINGS = enum.auto()
    QUESTION = enum.auto()
    """Something has to be asked before more runs are made, or that has been answered."""
    MESSAGE = enum.auto()
    TALK = enum.auto()
    """The scenes of a talk, and which one is shown."""
    TRUST = enum.auto()
    """A script has to be seen before what was asked for earlier can run."""
    NEWS = enum.auto()
    """Something has become known that needs no attention at once."""
