"""A draw of one script in two interpreters, for a library to say what differs between the versions that these have."""

from types import ModuleType
from typing import Protocol, cast

import msgspec

from seedlab.evidence.finding import Finding
from seedlab.results.environment import Interpreter
from seedlab.results.influence import InfluenceSource


class Counterpart(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one draw in one of the two interpreters."""

    op: str
    """The op that the draw's label names; empty where it names none."""
    interpreter: Interpreter
    findings: tuple[Finding, ...] = ()
    """Why it repeats or not."""
    moved_by: tuple[InfluenceSource, ...] | None = None
    """The sources that move it; None where that was not tried of all, or may have been missed by chance."""

    def release(self, package: str) -> tuple[int, ...]:
        """Return the release of ``package`` as numbers, such as ``(2, 21, 0)``; empty where it is not there."""
        parts = self.interpreter.version(package).split(".")
        return tuple(int(part) for part in parts if part.isdecimal())


class Versions(Protocol):
    """The rules that a library knows of its versions: its module ``versions``."""

    def between(self, older: Counterpart, newer: Counterpart) -> Finding | None:
        """Return the rule that differs and was seen to act on this draw; None where the library knows none.

        The finding has the parameter ``ops``, to which the ops of further draws are added, and what else its words need
        of the first one.
        """


def versions_in(module: ModuleType) -> Versions:
    """Return ``module`` with the type that it must have; nothing is checked."""
    return cast("Versions", module)
