"""The sources of randomness that runs have shown, grouped as a person sees them: by their statement."""

from collections.abc import Iterable

import msgspec

from seedlab.results.influence import InfluenceSource, SourcePart
from seedlab.results.run import Run
from seedlab.results.trace import CLOCK, PYTHON_GLOBAL, Seed, Source, Use

MAX_USED_BY = 20


class FoundSource(msgspec.Struct, frozen=True):
    """A source, and the sites at which it is held and turned."""

    source: InfluenceSource
    sites: tuple[str, ...]
    seeds: tuple[tuple[Seed, ...], ...]
    """The seeds that were set in each run that has shown it, in the order of the runs."""


class _Group:
    def __init__(self, first: Source, file: str | None, line: int | None, called: str) -> None:
        self.first = first
        self.file, self.line, self.called = file, line, called
        self.sites: dict[str, Source] = {}
        self.counts: dict[int, int] = {}
        self.seeds: dict[int, list[Seed]] = {}
        self.used_by: dict[str, None] = {}


_Key = tuple[str, str | None, int | None, str]


def site_of(event: Source) -> str:
    """Return the name of the site of ``event``, as `seedlab.observer.held.site_of` writes it."""
    line = "" if event.line is None else event.line
    return f"{event.kind} {event.door} {event.file or ''}:{line}"


def place_of(event: Source) -> tuple[str | None, int | None, str]:
    """Return the file and line of the statement that a person takes for the source, and what this calls.

    For a seed that is set in a function which exists to set seeds, by its name, that is the call of this function.
    """
    called = event.through
    for file, line, function in event.stack:
        if "seed" not in function.lower() or event.kind != "set":
            return file, line, called
        called = function
    return event.file, event.line, event.through


def sources_of(runs: Iterable[Run]) -> tuple[FoundSource, ...]:
    """Return the sources that any of ``runs`` has shown, in the order in which they were first seen.

    Sets of equal value made by one statement, calls included, are one source with parts. The clock is none.
    """
    groups: dict[_Key, _Group] = {}
    of_site: dict[str, _Group] = {}
    for number, run in enumerate(runs):
        last: _Group | None = None
        for event in run.trace:
            if isinstance(event, Use) and event.state == PYTHON_GLOBAL and last is not None and event.through:
                last.used_by[event.through] = None
            if not isinstance(event, Source) or event.state == CLOCK or (event.kind == "set" and event.seed is None):
                continue
            site, (file, line, called) = site_of(event), place_of(event)
            group = of_site.get(site)
            if group is None:
                # A statement that sets two different seeds has two sources.
                told = f"{event.seed}" if event.kind == "set" else event.door
                group = groups.setdefault((event.kind, file, line, told), _Group(event, file, line, called))
                of_site[site] = group
                group.sites[site] = event
            group.counts[number] = group.counts.get(number, 0) + (site == next(iter(group.sites)))
            group.seeds.setdefault(number, []).append(event.seed)
            if (event.library, event.state) == ("python", "global"):
                last = group
    # Two groups may have got the same key only by name; each site belongs to one.
    return tuple(_found(f"s{number}", group) for number, group in enumerate(groups.values(), 1))


def in_some_order(seeds: Iterable[Seed]) -> list[Seed]:
    """Return ``seeds`` in an order that does not depend on which thread was first to set one."""
    return sorted(seeds, key=lambda seed: (str(type(seed)), str(seed)))


def _found(name: str, group: _Group) -> FoundSource:
    first = group.first
    others = list(group.sites.values())
    parts = tuple(
        SourcePart(library=each.library, state=each.state, door=each.door, file=each.file, line=each.line)
        for each in others
    )
    seeds = tuple(tuple(found) for found in group.seeds.values())
    source = InfluenceSource(
        id=name,
        kind=first.kind,
        library=first.library,
        state=first.state,
        door=first.door,
        file=group.file,
        line=group.line,
        seed=first.seed,
        count=max(group.counts.values()),
        others=max(len(set(found)) for found in seeds) - 1 if first.kind == "set" else 0,
        parts=parts if len(parts) > 1 else (),
        through=group.called,
        used_by=tuple(group.used_by)[:MAX_USED_BY],
        varies=first.kind == "set" and len({tuple(in_some_order(found)) for found in seeds}) > 1,
    )
    return FoundSource(source, tuple(group.sites), seeds)
