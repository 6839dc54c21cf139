"""What a person can write so that draws repeat. Each library states it for its own sources, in ``remedies.py``.

Functions are named in full, as their documentation does. Where a function has several such names, the one that a
script's imports lead to is written.
"""

import msgspec

State = tuple[str, str]
"""A library and one of its states, as in `seedlab.results.trace.Source`; numbered states are named without a number."""


class Seeding(msgspec.Struct, frozen=True, kw_only=True):
    """A statement that gives a seed to all that draws from some states after it."""

    functions: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    """Other names of the same, which older versions have: they are known where they stand, but never written."""
    states: tuple[State, ...]
    package: str
    """The package that has it; it is written only into scripts that import this, or whose states are its own."""
    in_graph: bool = False
    """True where it has to stand in the graph whose ops it seeds, before the first of them."""


class SeedArgument(msgspec.Struct, frozen=True, kw_only=True):
    """A call that takes a seed."""

    doors: tuple[str, ...]
    functions: tuple[str, ...]
    keyword: str = ""
    """The name of the argument; empty where it is the first one, or the only one."""
    becomes: str = ""
    """The last part of the name of the function that takes the seed, where it is another one."""


class Holding(msgspec.Struct, frozen=True, kw_only=True):
    """What keeps a part of the surroundings the same."""

    hold: str
    """The name of the hold, as in `seedlab.inquiry.holds`."""
    setting: tuple[str, str] | None = None
    """A variable of the environment and its value."""
    functions: tuple[str, ...] = ()
    """A function that is called, once and at the beginning, with ``arguments``."""
    arguments: str = ""
    seeds: tuple[State, ...] = ()
    """States that must have a seed where this is done, or their draws are refused."""
    is_by_hand: bool = False
    """True where a person has to see to it, outside of the script."""
    is_escalation: bool = False
    """True where it may be tried though it was not seen to be needed."""


class Argument(msgspec.Struct, frozen=True, kw_only=True):
    """An argument, or an attribute, that keeps a part of the surroundings the same where it is ``value``."""

    hold: str
    name: str
    value: str


class Hopeless(msgspec.Struct, frozen=True, kw_only=True):
    """A source that no seed reaches, or a hold that nothing in a script can do."""

    code: str
    doors: tuple[str, ...] = ()
    through: tuple[str, ...] = ()
    """Last parts of the names of functions through which it was reached; empty where that does not matter."""
    hold: str = ""


Remedy = Seeding | SeedArgument | Holding | Argument | Hopeless
