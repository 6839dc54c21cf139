"""The evidence: all that is known of one draw, for a rule to judge."""

from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Protocol, cast

import msgspec

from seedlab.evidence.finding import Finding, Note
from seedlab.evidence.trace_index import TraceIndex, last_below
from seedlab.results.environment import Interpreter
from seedlab.results.run import Draw
from seedlab.study.experiment import Choice


class Flow:
    """What flows into the values that one line prints: lines, names in their source, and events seen at them."""

    def __init__(self, trace: TraceIndex, lines: frozenset[int], names: frozenset[str]) -> None:
        self.lines = lines
        """1-based lines of the script."""
        self.names = names
        """Full dotted names that the source reads, such as ``"numpy.random.rand"``."""
        self._trace = trace
        self._reads: dict[str, bool] = {}
        self._positions: dict[tuple[str, str, str], list[Sequence[int]]] = {}

    def last_before(self, end: int, library: str, sorts: Sequence[str], *kinds: str) -> int | None:
        """Return the position of the last event before ``end`` at these lines; None where there is none.

        Only events of these ``kinds`` count, on states of ``library`` that are of these ``sorts``.
        """
        keys = [(library, sort, kind) for sort in sorts for kind in kinds]
        found = [last_below(positions, end) for key in keys for positions in self._positions_of(key)]
        return max((position for position in found if position is not None), default=None)

    def _positions_of(self, key: tuple[str, str, str]) -> list[Sequence[int]]:
        if key not in self._positions:
            self._positions[key] = self._trace.at_lines(self.lines, *key)
        return self._positions[key]

    def reads(self, module: str, apart_from: frozenset[str]) -> bool:
        """Return True where the source reads something of ``module`` that is not one of the names ``apart_from``."""
        if module not in self._reads:
            start = f"{module}."
            found = (name.removeprefix(start).partition(".")[0] for name in self.names if name.startswith(start))
            self._reads[module] = any(name not in apart_from for name in found)
        return self._reads[module]


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one draw of one run."""

    draw: Draw
    number: int
    """0-based place of the draw among the draws of its run."""
    op: str
    """The op that the draw's label names; empty where it names none."""
    trace: TraceIndex
    flow: Flow
    repeats: bool | None = None
    """True where the value is the same in all runs, False where it differs, None where that is not known."""
    runs: int = 0
    """How many runs have a draw with this label."""
    distinct: int = 0
    """How many distinct values these have."""
    interpreter: Interpreter | None = None
    settings: Mapping[str, Choice] = {}
    """The choices of the experiment, where the script is one of seedlab's own."""

    @property
    def device(self) -> str | None:
        """The device that was chosen; None where there was nothing to choose."""
        device = self.settings.get("device")
        return None if device is None else str(device)

    @property
    def end(self) -> int:
        """The position in the trace at which the draw was printed: earlier events have lower positions."""
        return min(max(self.draw.events_before, 0), len(self.trace.trace))


class Rules(Protocol):
    """The rules of one library: its module ``rules``. They look only at the events of their own library."""

    def explain(self, evidence: Evidence) -> Finding | None:
        """Return why the draw repeats or not; None where this library knows no reason."""

    def annotate(self, position: int, trace: TraceIndex) -> Note | None:
        """Return what the event at ``position`` did; None where it is another library's."""


def rules_in(module: ModuleType) -> Rules:
    """Return ``module`` with the type that it must have; nothing is checked."""
    return cast("Rules", module)
