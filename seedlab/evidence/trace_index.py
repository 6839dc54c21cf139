"""An index of a trace, which answers each question that rules ask in logarithmic time."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import accumulate

from seedlab.results.trace import Event, Seed, Shared, Source, Trace

Key = tuple[str, str, str]
"""Library, state and kind: ``"set"``, ``"taken"``, ``"use"`` or ``"shared"``."""


def kind_of(event: Event) -> str:
    """Return ``"set"``, ``"taken"``, ``"use"`` or ``"shared"``."""
    if isinstance(event, Source):
        return event.kind
    return "shared" if isinstance(event, Shared) else "use"


def sort_of(state: str) -> str:
    """Return ``state`` without its number: ``"generator"`` for ``"generator 12"``."""
    name, _, number = state.rpartition(" ")
    return name if number.isdecimal() and name else state


def line_of(event: Event) -> int | None:
    """Return the 1-based line of the script at which ``event`` happened; None outside the script."""
    return event.line if event.file is None else None


class TraceIndex:
    """One run's trace, indexed once. Positions are 0-based places in the trace.

    ``events_before`` holds, for each draw in order, how many events came before it.
    """

    def __init__(self, trace: Trace, events_before: Iterable[int] = ()) -> None:
        self.trace = trace
        self._positions: dict[Key, list[int]] = defaultdict(list)
        self._by_line: dict[Key, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
        self._is_again: list[bool] = []
        # Draws come in order; where those of a document do not, the highest count so far is taken.
        self._events_before = list(accumulate(events_before, max))
        self._first_seeds: dict[str, list[int]] = defaultdict(list)
        given: set[tuple[str, str]] = set()
        seen: set[tuple[str, str, Seed]] = set()
        for position, event in enumerate(trace):
            self._positions[event.library, event.state, kind_of(event)].append(position)
            line = line_of(event)
            if line is not None:
                key = (event.library, sort_of(event.state), kind_of(event))
                self._by_line[key][line].append(position)
            is_again = False
            if isinstance(event, Source) and event.seed is not None:
                state = (event.library, event.state)
                is_again = (*state, event.seed) in seen
                seen.add((*state, event.seed))
                if state not in given:
                    given.add(state)
                    self._first_seeds[event.library].append(position)
            self._is_again.append(is_again)

    def first_seeds(self, library: str) -> Sequence[int]:
        """Return, for each state of ``library`` that was given a seed, the position of its first one, in order."""
        return self._first_seeds.get(library, ())

    def has_state(self, library: str, state: str) -> bool:
        """Return True where any event is about ``state`` of ``library``."""
        return any((library, state, kind) in self._positions for kind in ("set", "taken", "use"))

    def last_before(self, end: int, library: str, state: str, *kinds: str) -> int | None:
        """Return the last position before ``end`` of an event of these ``kinds``; None where there is none."""
        found = [last_below(self._positions.get((library, state, kind), ()), end) for kind in kinds]
        return max((position for position in found if position is not None), default=None)

    def positions(self, library: str, state: str, kind: str) -> Sequence[int]:
        """Return the positions of all events of ``kind``, in order."""
        return self._positions.get((library, state, kind), ())

    def at_lines(self, lines: frozenset[int], library: str, sort: str, kind: str) -> list[Sequence[int]]:
        """Return the positions of such events for each of ``lines`` that has any, in order within each line."""
        by_line = self._by_line.get((library, sort, kind), {})
        # Go through the smaller of the two.
        shared = [line for line in by_line if line in lines] if len(by_line) < len(lines) else lines & by_line.keys()
        return [by_line[line] for line in shared]

    def is_again(self, position: int) -> bool:
        """Return True where the event set a seed that was set on the same state before."""
        return self._is_again[position]

    def draws_since(self, position: int, number: int) -> int:
        """Return how many draws, up to and including the 0-based ``number``, came after the event at ``position``."""
        return max(number + 1 - bisect_right(self._events_before, position), 0)


def last_below(positions: Sequence[int], end: int) -> int | None:
    """Return the last of the sorted ``positions`` that is less than ``end``; None where there is none."""
    place = bisect_left(positions, end)
    return positions[place - 1] if place else None
