"""What a person could write into one script, one edit at a time, each with what it would mend."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeGuard

import msgspec
from msgspec.structs import replace

from seedlab.engine.request import RunRequest
from seedlab.inquiry.changed_texts import Texts
from seedlab.inquiry.holds import FOLDER
from seedlab.inquiry.rewriting import FoundCall, SourceText, Splice
from seedlab.inquiry.seed_defaults import defaults, seed_name, that_counts
from seedlab.inquiry.sources import FoundSource, site_of
from seedlab.libraries.registry import LIBRARIES
from seedlab.results.influence import Influence, InfluenceSource
from seedlab.results.run import Run
from seedlab.results.trace import Seed, Source
from seedlab.study.remedies import Argument, Holding, Hopeless, Remedy, SeedArgument, Seeding, State

_NUMBER = re.compile(r" \d+$")
_KERAS = "keras"
_SHOWING = frozenset({"print", "debug", "info", "warning"})
MOST_COUNTED = 2**31
"""Seeds that are given to other functions, or counted, stay below: every library takes these."""
NO_PLACE, NOT_KNOWN = "no-place", "unknown"


class Need(NamedTuple):
    """A source, by its id, or a hold, by its name, that has to be seen to for one draw to repeat."""

    what: str
    label: str


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """One edit, or one setting, or one thing that is to be seen to by hand."""

    what: str
    """Where it keeps the surroundings the same, the name of the hold; else the function that it is about."""
    covers: frozenset[Need]
    splices: Mapping[str | None, tuple[Splice, ...]] = {}
    """For each file, by its path relative to the script; None for the script itself."""
    settings: tuple[tuple[str, str], ...] = ()
    numbered: str = ""
    """The name that it gives a number to, by which seeds are given; empty where it gives none."""
    is_by_hand: bool = False
    """True where it is neither, but something that a person has to see to before each run."""
    edits: int = 1
    lines: int = 1
    rank: int = 0
    """A person would write the one with the lower number, of two that are as small."""
    is_default: bool = False
    """True where it gives a value to a seed that the script asks for, in a place that may turn out to be of no use."""
    is_decided_by_threads: bool = False
    """True where threads take seeds one after the other: which gets which may be another one in each run."""
    passes_by: bool = False
    """True where it stands beside a place of the script's own for a seed, which another candidate uses."""


class _Existing(NamedTuple):
    """A call in the script that sets the seed of some states for all that comes after."""

    call: FoundCall
    file: str | None
    order: int
    """The position in the trace of the first event that it caused."""
    seeding: Seeding
    seed: Seed


class _Counter(NamedTuple):
    """A counter at the beginning of a file, from which each of its generators takes a seed of its own."""

    name: str
    at: int
    """The character that it stands before."""
    splices: tuple[Splice, ...]
    lines: int


class _Waiting(NamedTuple):
    """A call in the script that would set a seed, had it been given one."""

    call: FoundCall
    file: str | None
    seeding: Seeding | None
    leaks: frozenset[str]
    """The sources without a seed that it would seed."""


class Candidates:
    """Makes the candidates of one script, from what its runs have shown."""

    def __init__(
        self, request: RunRequest, free: Sequence[Run], sources: Sequence[FoundSource], influence: Influence
    ) -> None:
        self.texts = Texts(request)
        self._influence = influence
        self._trace = free[0].trace if free else ()
        self._sources = {source.id: source for source in influence.sources}
        self._sites = {found.source.id: frozenset(found.sites) for found in sources}
        self._remedies = [remedy for library in LIBRARIES.libraries for remedy in _stated(library.part("remedies"))]
        self._reseeding = {name for each in self._remedies if isinstance(each, Seeding) for name in _names(each)}
        self._moved = {
            source.id: [draw.label for draw in influence.draws if source.id in draw.moved_by]
            for source in influence.sources
        }
        self._held = {item.label: item.helped_by for item in influence.residual}
        self._existing = list(self._existing_seeds())
        self._numbers: Counter[str] = Counter()
        self._counters: dict[str | None, _Counter] = {}
        self._made: dict[frozenset[Need], list[Candidate]] = {}

    # What the search asks for.

    def for_needs(self, needs: set[Need]) -> list[Candidate]:
        """Return the candidates that cover any of ``needs``."""
        key = frozenset(needs)
        if key not in self._made:
            self._numbers.clear()
            self._counters.clear()
            defaults = list(self._defaults(needs))
            seedings = self._seedings(needs, passes_by=bool(defaults))
            found = [*defaults, *seedings, *self._arguments(needs), *self._named(needs), *self.holdings(needs)]
            self._made[key] = [each for each in found if each.covers]
        return self._made[key]

    def coverable(self, needs: Iterable[Need]) -> set[Need]:
        """Return those of ``needs`` that some candidate covers."""
        return {need for each in self.for_needs(set(needs)) for need in each.covers}

    def why_hopeless(self, what: str) -> str:
        """Return the code of the reason why nothing can be written for the source or hold ``what``."""
        found = self._sources.get(what)
        for remedy in self._remedies:
            if not isinstance(remedy, Hopeless):
                continue
            if found is None and remedy.hold == what:
                return remedy.code
            if found is not None and found.door in remedy.doors:
                called = found.through.rpartition(".")[2]
                if not remedy.through or called in remedy.through:
                    return remedy.code
        return NO_PLACE

    def needs_of_holds(self, needs: set[Need]) -> set[Need]:
        """Return what else has to be seen to where some holds of ``needs`` become statements: seeds they insist on."""
        found: set[Need] = set()
        for remedy in self._remedies:
            if isinstance(remedy, Holding) and remedy.seeds:
                labels = {need.label for need in needs if need.what == remedy.hold}
                leaks = [name for name, each in self._sources.items() if self._is_leak_of(each, remedy.seeds)]
                found.update(Need(name, label) for name in leaks for label in labels)
        return found

    def escalations(self) -> Iterator[Candidate]:
        """Yield what may be tried beside the smallest fix where that does not hold."""
        imported = {source.library for source in self._influence.sources}
        for remedy in self._remedies:
            if isinstance(remedy, Holding) and remedy.is_escalation and "tensorflow" in imported:
                made = self._held_by(remedy, frozenset({Need(remedy.hold, "")}))
                if made is not None:
                    yield made

    def with_needs(self, more: Candidate, chosen: Sequence[Candidate]) -> list[Candidate]:
        """Return ``more``, with what it insists on where none of ``chosen`` does that."""
        needs = self.needs_of_holds({Need(more.what, "")})
        covered = {need.what for each in chosen for need in each.covers}
        missing = {need for need in needs if need.what not in covered}
        seedings = self._seedings(missing) if missing else []
        best = min(seedings, key=lambda each: (-len(each.covers), each.rank), default=None)
        return [more] if best is None else [more, best]

    # Seeds for whole states.

    def _seedings(self, needs: set[Need], *, passes_by: bool = False) -> list[Candidate]:
        """Return the statements that seed any of ``needs``, in the order in which they are needed.

        ``passes_by`` says of those of them that are new that they pass by a place of the script's own.
        """
        found: list[tuple[int, Candidate]] = []
        for remedy in self._remedies:
            if not isinstance(remedy, Seeding) or not self._is_at_hand(remedy):
                continue
            leaks = self._leaks(needs, remedy)
            groups = self._by_graph(leaks) if remedy.in_graph else [leaks] if leaks else []
            for group in groups:
                made = self._seeding(remedy, group, needs, passes_by)
                if made is not None:
                    found.append((min(map(self._order, group)), made))
        return [made for _, made in sorted(found, key=lambda each: each[0])]

    def _seeding(self, remedy: Seeding, leaks: set[str], needs: set[Need], passes_by: bool) -> Candidate | None:
        """Return the statement that seeds ``leaks``, as an edit of what there is or as a new line."""
        covers = frozenset(self._with_made_from(need for need in needs if need.what in leaks)) & needs
        order = min(self._order(name) for name in leaks)
        rank = self._rank(remedy, leaks)
        function = remedy.functions[0]
        if remedy.in_graph:
            splices = self._before_op(remedy, min(leaks, key=self._order))
            return None if splices is None else Candidate(what=function, covers=covers, splices=splices, rank=rank)
        before = [each for each in self._existing if each.order < order and each.seeding is not remedy]
        for each in reversed([each for each in before if _is_for_all(each.seed)]):
            made = self._widened(remedy, each.call, each.file, each.seeding)
            if made is not None:
                return Candidate(what=function, covers=covers, splices={each.file: made[0]}, lines=made[1], rank=rank)
        found = self._new_statement(remedy.functions, str(self._own_seed()), order, covers, rank, moves=remedy)
        return found and replace(found, passes_by=passes_by)

    def _widened(
        self, remedy: Seeding, call: FoundCall, file: str | None, seeding: Seeding
    ) -> tuple[tuple[Splice, ...], int] | None:
        """Return how ``remedy`` takes the seed that ``call`` gives to the states of ``seeding``, and how many lines."""
        source = self.texts.source(file)
        assert source is not None
        spelling = source.spelled(remedy.functions, source.end_of(call))
        if spelling is None:
            return None
        if set(seeding.states) < set(remedy.states) and not spelling.imports:
            return tuple(source.with_function(call, spelling.text)), 1
        statement, seed = source.statement_of(call), source.argument(call, "")
        if statement is None or seed is None or not source.is_whole_statement(call):
            return None
        code = _lines(spelling.imports, f"{spelling.text}({seed})")
        return tuple(source.after(statement, code)), 1 + bool(spelling.imports)

    def _new_statement(
        self,
        functions: Sequence[str],
        arguments: str,
        order: int,
        covers: frozenset[Need],
        rank: int,
        *,
        moves: Seeding | None = None,
        what: str = "",
    ) -> Candidate | None:
        """Return a call of one of ``functions`` at the beginning of the script, before the event ``order``.

        With ``moves``, a statement of the script that does the same too late is moved there.
        """
        source = self.texts.source(None)
        if source is None:
            return None
        at, last = source.beginning(self._line_of(order))
        spelling = source.spelled(functions, at)
        if spelling is None:
            return None
        splices: list[Splice] = []
        text = f"{spelling.text}({arguments})"
        late = None if moves is None else self._late(moves, order)
        if late is not None:
            statement, seed = source.statement_of(late.call), source.argument(late.call, "")
            if statement is not None and seed is not None and source.is_at_top(statement) and source.is_constant(seed):
                splices += source.removed(statement)
                text = f"{spelling.text}({seed})"
        splices += source.at_beginning(last, _lines(spelling.imports, text))
        lines = 1 + bool(spelling.imports)
        found: dict[str | None, tuple[Splice, ...]] = {None: tuple(splices)}
        return Candidate(what=what or functions[0], covers=covers, splices=found, lines=lines, rank=rank)

    def _late(self, seeding: Seeding, order: int) -> _Existing | None:
        """Return the script's own call of ``seeding`` that comes after the event ``order``."""
        late = [each for each in self._existing if each.seeding is seeding and each.order > order and each.file is None]
        return late[0] if len(late) == 1 else None

    def _in_vain(self, seeding: Seeding, file: str | None) -> _Existing | None:
        """Return the call of ``seeding`` in ``file`` that moves no draw, as it was made for another graph."""
        for each in self._existing:
            if each.seeding is seeding and each.file == file:
                names = [name for name, sites in self._sites.items() if site_of(self._event(each)) in sites]
                if not any(self._moved[name] for name in names):
                    return each
        return None

    def _before_op(self, remedy: Seeding, leak: str) -> dict[str | None, tuple[Splice, ...]] | None:
        source_of_leak = self._sources[leak]
        source = self.texts.source(source_of_leak.file)
        if source is None or source_of_leak.line is None:
            return None
        spelling = source.spelled(remedy.functions, source.start_of_line(source_of_leak.line))
        if spelling is None or spelling.imports:
            return None
        text = f"{spelling.text}({self._own_seed()})"
        splices = source.before(source_of_leak.line, text)
        vain = self._in_vain(remedy, source_of_leak.file) or self._late(remedy, self._order(leak))
        if vain is not None and vain.file == source_of_leak.file:
            statement, seed = source.statement_of(vain.call), source.argument(vain.call, "")
            is_movable = statement is not None and source.is_removable(statement)
            if statement is not None and is_movable and seed is not None and source.is_constant(seed):
                splices = [*source.removed(statement), *source.before(source_of_leak.line, f"{spelling.text}({seed})")]
        return {source_of_leak.file: tuple(splices)} if splices else None

    def _existing_seeds(self) -> Iterator[_Existing]:
        """Yield the calls of the person's files that seed whole states, in the order in which they were reached."""
        seen: set[tuple[str | None, int, str]] = set()
        seedings = [remedy for remedy in self._remedies if isinstance(remedy, Seeding)]
        for order, event in enumerate(self._trace):
            if not isinstance(event, Source) or event.kind != "set" or event.line is None or event.seed is None:
                continue
            source = self.texts.source(event.file)
            if source is None:
                continue
            for call in source.calls_at(event.line):
                for seeding in seedings:
                    if set(call.names) & set(_names(seeding)):
                        key = event.file, source.end_of(call), seeding.functions[0]
                        if key not in seen:
                            seen.add(key)
                            yield _Existing(call, event.file, order, seeding, event.seed)

    # The default of a seed that the script asks for.

    def _defaults(self, needs: set[Need]) -> Iterator[Candidate]:
        """Yield what gives a seed to the script's own calls that got none, or that a guard left out without one."""
        waiting: dict[str, list[_Waiting]] = {}
        for name, each in self._waiting(needs):
            waiting.setdefault(name, []).append(each)
        for name, calls in waiting.items():
            leaks = frozenset[str]().union(*(each.leaks for each in calls))
            places = [
                (file, splices)
                for file in self._files()
                if (source := self.texts.source(file)) is not None
                for splices in defaults(source, name, self._own_seed())
            ]
            for rank, (file, splices) in enumerate(places if leaks else ()):
                covers = frozenset(self._with_made_from(need for need in needs if need.what in leaks)) & needs
                yield Candidate(what=name, covers=covers, splices={file: splices}, rank=rank, is_default=True)
                yield from self._wider_defaults(needs, calls, covers, (file, splices), rank)

    def _wider_defaults(
        self,
        needs: set[Need],
        calls: Sequence[_Waiting],
        covers: frozenset[Need],
        default: tuple[str | None, tuple[Splice, ...]],
        rank: int,
    ) -> Iterator[Candidate]:
        """Yield the default of a seed together with what gives this seed to more than ``calls`` do."""
        seeded = {need.what for need in covers}
        for remedy in self._remedies:
            if not isinstance(remedy, Seeding) or remedy.in_graph or not self._is_at_hand(remedy):
                continue
            leaks = self._leaks(needs, remedy) - seeded
            for each in reversed(calls if leaks else ()):
                made = None if each.seeding is None else self._widened(remedy, each.call, each.file, each.seeding)
                if made is not None:
                    edits = {default[0]: default[1]}
                    edits[each.file] = (*edits.get(each.file, ()), *made[0])
                    more = frozenset(self._with_made_from(need for need in needs if need.what in leaks)) & needs
                    lines, rank_of_all = 1 + made[1], rank + self._rank(remedy, leaks)
                    what = remedy.functions[0]
                    yield Candidate(
                        what=what,
                        covers=covers | more,
                        splices=edits,
                        edits=2,
                        lines=lines,
                        rank=rank_of_all,
                        is_default=True,
                    )
                    break

    def _waiting(self, needs: set[Need]) -> Iterator[tuple[str, _Waiting]]:
        """Yield the calls that would seed any of ``needs``, each with the name of the seed that it waits for."""
        seedings = [remedy for remedy in self._remedies if isinstance(remedy, Seeding) and not remedy.in_graph]
        for id_ in dict.fromkeys(need.what for need in sorted(needs) if need.what in self._sources):
            found = self._sources[id_]
            source = self.texts.source(found.file)
            if source is None or found.kind != "taken":
                continue
            for remedy in self._remedies:
                if isinstance(remedy, SeedArgument) and found.door in remedy.doors and found.line is not None:
                    for call in self._calls_of(source, found, remedy):
                        seeding = next((each for each in seedings if found.door in _names(each)), None)
                        name = seed_name(call, remedy.keyword)
                        if name:
                            yield name, _Waiting(call, found.file, seeding, frozenset({id_}))
        reached = {(event.file, event.line) for event in self._trace}
        for file in self._files():
            source = self.texts.source(file)
            if source is None:
                continue
            for call in source.calls():
                is_reached = any((file, line) in reached for line in source.lines_of(call))
                for seeding in () if is_reached else seedings:
                    name = seed_name(call) if set(call.names) & set(_names(seeding)) else ""
                    if name:
                        yield name, _Waiting(call, file, seeding, frozenset(self._leaks(needs, seeding)))

    # Seeds at one call.

    def _arguments(self, needs: set[Need]) -> Iterator[Candidate]:
        names = dict.fromkeys(need.what for need in sorted(needs) if need.what in self._sources)
        # Those that take seeds from a counter come first: single ones get what it does not come to.
        for name in sorted(names, key=lambda name: self._sources[name].count == 1):
            found = self._sources[name]
            if found.kind == "taken":
                covers = {need for need in needs if need.what == name}
            else:
                # What this seed is made from, and what holds it, moves these draws no more.
                labels = {*self._moved[name], *(draw.label for draw in self._influence.draws if draw.unexplained)}
                origins = {name, *found.made_from}
                covers = {
                    need
                    for need in needs
                    if need.label in labels and (need.what in origins or self._is_mended_by_number(need.what))
                }
            for remedy in self._remedies:
                if isinstance(remedy, SeedArgument) and found.door in remedy.doors:
                    made = self._argument(remedy, found, frozenset(covers))
                    if made is not None:
                        yield made
                        break

    def _named(self, needs: set[Need]) -> Iterator[Candidate]:
        """Yield what gives a number to a name that seeds are given by, where these differ from run to run."""
        sources: dict[tuple[str | None, str], dict[str, FoundCall]] = {}
        for name in dict.fromkeys(need.what for need in sorted(needs) if self._is_set_anew(need.what)):
            found = self._sources[name]
            source = self.texts.source(found.file)
            if source is None or found.line is None or found.count > 1:
                continue
            calls = [call for call in source.calls_at(found.line) if self._takes_seed(call, found.door)]
            given = {source.argument(call, "") or "" for call in calls}
            if len(given) == 1:
                sources.setdefault((found.file, given.pop()), {})[name] = calls[0]
        for (file, given_name), set_anew in sources.items():
            source = self.texts.source(file)
            if source is None or not given_name.isidentifier():
                continue
            if not source.is_read_by(given_name, self._is_about_seeds):
                # It is more than a seed, and something else would come of the script.
                continue
            values = {source.value_named(given_name, call) for call in set_anew.values()}
            value = values.pop()
            if values or value is None:
                continue
            labels = {label for each in set_anew for label in self._moved[each]}
            made_from = set[str]().union(*(self._sources[each].made_from for each in set_anew))
            origins = made_from.union(set_anew)
            covers = {
                need
                for need in needs
                if need.label in labels and (need.what in origins or self._is_mended_by_number(need.what))
            }
            seed = that_counts(source, given_name.lower(), self._own_seed())
            edits = {file: (source.replaced(value, str(seed)),)}
            # A source that it is made from would be given a seed itself.
            rank = 2 if made_from else 0
            yield Candidate(what=given_name, covers=frozenset(covers), splices=edits, rank=rank, numbered=given_name)

    def _is_mended_by_number(self, hold: str) -> bool:
        """Return True where a seed that is a number, and the same in each run, may do what ``hold`` does."""
        return hold not in self._sources and hold != FOLDER

    def _is_about_seeds(self, call: FoundCall) -> bool:
        """Return True where ``call`` takes seeds, or shows what it is given."""
        takers = {
            name.rpartition(".")[2]
            for each in self._remedies
            if isinstance(each, Seeding | SeedArgument)
            for name in (*each.functions, *(each.doors if isinstance(each, SeedArgument) else each.aliases))
        }
        return call.last_name in takers | _SHOWING

    def _takes_seed(self, call: FoundCall, door: str) -> bool:
        """Return True where ``call`` is one that ``door`` stands for."""
        stated = [each for each in self._remedies if isinstance(each, SeedArgument) and door in each.doors]
        names = {name.rpartition(".")[2] for each in stated for name in each.functions}
        return call.last_name in names | {door.rpartition(".")[2]}

    def _argument(self, remedy: SeedArgument, found: InfluenceSource, covers: frozenset[Need]) -> Candidate | None:
        source = self.texts.source(found.file)
        calls = [] if source is None or found.line is None else self._calls_of(source, found, remedy)
        if source is None or not calls or found.line is None:
            return None
        lines = 1
        splices: list[Splice] = []
        name, made = "", remedy.becomes or calls[0].last_name
        is_counted = found.count > len(calls) and not remedy.keyword
        if is_counted:
            # Each of the generators that are made there gets a seed of its own.
            counter = self._counter(source, found, made)
            if counter is None:
                return None
            name = counter.name
            splices += counter.splices
            lines += counter.lines
            self._numbers[found.door] += found.count
        for call in calls:
            value = f"next({name})" if name else str(self._next_seed(found.door, made))
            given = source.argument(call, remedy.keyword)
            if given is not None and given != "None" and found.kind == "taken":
                value = f"{value} if {{}} is None else {{}}"
            splices += source.with_seed(call, value, remedy.keyword, remedy.becomes)
        edits = {found.file: tuple(splices)}
        # Of a state's seed and one at the call, the state's would be written.
        is_decided = is_counted and self._is_reached_by_threads(found)
        return Candidate(
            what=found.door, covers=covers, splices=edits, lines=lines, rank=1, is_decided_by_threads=is_decided
        )

    def _counter(self, source: SourceText, found: InfluenceSource, made: str) -> _Counter | None:
        """Return the counter that ``found`` takes its seeds from: one of its file, where it stands before it."""
        at, last = source.beginning(found.line if found.line and source.is_line_at_top(found.line) else None)
        known = self._counters.get(found.file)
        if known is not None and known.at <= at:
            return known
        spelling = source.spelled(("itertools.count",), at)
        if spelling is None:
            return None
        name = source.unused("seeds" if known is None else "earlier_seeds")
        code = _lines(spelling.imports, f"{name} = {spelling.text}({self._first_seed(found.door, made)})")
        counter = _Counter(name, at, tuple(source.at_beginning(last, code)), 1 + bool(spelling.imports))
        self._counters[found.file] = counter
        return counter

    def _is_reached_by_threads(self, found: InfluenceSource) -> bool:
        """Return True where calls that lead to ``found`` begin in a function, and not at the top of the script."""
        sites = self._sites[found.id]
        for event in self._trace:
            if not isinstance(event, Source) or site_of(event) not in sites or event.line is None:
                continue
            if event.stack:
                is_at_top = event.stack[-1][2] == "<module>"
            else:
                source = self.texts.source(event.file)
                is_at_top = source is None or not source.is_in_function(event.line)
            if not is_at_top:
                return True
        return False

    def _calls_of(self, source: SourceText, found: InfluenceSource, remedy: SeedArgument) -> list[FoundCall]:
        """Return the calls at the line of ``found`` that its seed is given to, in the order in which they stand."""
        assert found.line is not None
        calls = source.calls_at(found.line)[::-1]
        named = {function.rpartition(".")[2] for function in remedy.functions}
        through = found.through.rpartition(".")[2]
        exact = [call for call in calls if set(call.names) & set(remedy.functions)]
        alike = [call for call in calls if call.last_name in named or (through and call.last_name == through)]
        given = [call for call in calls if not remedy.functions and source.argument(call, remedy.keyword) is not None]
        return exact or alike[-1:] or given[-1:]

    def _next_seed(self, door: str, function: str) -> int:
        """Return the person's own seed, or the next number that no other call of ``door`` or ``function`` has."""
        used = self._used(door, function)
        seed = self._own_seed() + self._numbers[door]
        while seed in used:
            self._numbers[door] += 1
            seed += 1
        self._numbers[door] += 1
        return seed

    def _first_seed(self, door: str, function: str) -> int:
        """Return the number from which on no other call of ``door`` or ``function`` has one."""
        first = self._next_seed(door, function)
        later = max([first, *(seed + 1 for seed in self._used(door, function) if isinstance(seed, int))])
        if later < MOST_COUNTED:
            self._numbers[door] += later - first
            first = later
        self._numbers[door] -= 1
        return first

    def _used(self, door: str, function: str) -> set[Seed]:
        return {
            each.seed
            for each in self._influence.sources
            if each.kind == "set" and (each.door == door or each.door.endswith(f".{function}"))
        }

    # The surroundings.

    def holdings(self, needs: set[Need]) -> Iterator[Candidate]:
        """Yield what keeps parts of the surroundings the same that any of ``needs`` is about."""
        for remedy in self._remedies:
            if not isinstance(remedy, Holding | Argument):
                continue
            labels = {need.label for need in needs if need.what == remedy.hold}
            # A seed that differs from run to run does not where the draw repeats while nothing but this is held.
            alone = {label for label in labels if self._held.get(label) == (remedy.hold,)}
            covers = frozenset(
                need
                for need in needs
                if need.what == remedy.hold or (need.label in alone and self._is_set_anew(need.what))
            )
            if labels:
                made = self._held_by(remedy, covers)
                if made is not None:
                    yield made

    def _held_by(self, remedy: Holding | Argument, covers: frozenset[Need]) -> Candidate | None:
        if isinstance(remedy, Argument):
            return self._deterministic(remedy, covers)
        if remedy.is_by_hand:
            return Candidate(what=remedy.hold, covers=covers, is_by_hand=True, edits=0, lines=0)
        if remedy.setting is not None:
            return Candidate(what=remedy.hold, covers=covers, settings=(remedy.setting,), rank=2)
        return self._new_statement(remedy.functions, remedy.arguments, 0, covers, 2, what=remedy.hold)

    def _deterministic(self, remedy: Argument, covers: frozenset[Need]) -> Candidate | None:
        splices: dict[str | None, tuple[Splice, ...]] = {}
        for file in self._files():
            source = self.texts.source(file)
            if source is None:
                continue
            calls = [
                call for call in source.calls_with(remedy.name) if source.argument(call, remedy.name) != remedy.value
            ]
            found = [splice for call in calls for splice in source.with_argument(call, remedy.name, remedy.value)]
            found += source.assigned(remedy.name, remedy.value)
            if found:
                splices[file] = tuple(found)
        count = sum(map(len, splices.values()))
        if not count:
            return None
        return Candidate(what=remedy.hold, covers=covers, splices=splices, edits=count, lines=count)

    # What the runs have shown.

    def _is_set_anew(self, what: str) -> bool:
        """Return True where ``what`` is a seed that the script sets, and another one in each run."""
        found = self._sources.get(what)
        return found is not None and found.kind == "set" and found.varies

    def _is_at_hand(self, remedy: Seeding) -> bool:
        """Return True where the script has the package that ``remedy`` calls a function of, or its states."""
        if any(library == remedy.package for library, _ in remedy.states):
            return True
        libraries = {source.library for source in self._influence.sources}
        return remedy.package in libraries or any(
            (source := self.texts.source(file)) is not None and source.imports_package(remedy.functions)
            for file in self._files()
        )

    def _files(self) -> Iterable[str | None]:
        """Return the person's own files that took part, or are imported; None is the script itself."""
        return self.texts.with_imported([None, *(event.file for event in self._trace)])

    def _leaks(self, needs: Iterable[Need], seeding: Seeding) -> set[str]:
        """Return the sources of ``needs`` that ``seeding`` seeds, but for calls that take a new seed after it."""
        found = {need.what for need in needs if need.what in self._sources}
        return {
            name
            for name in found
            if self._is_leak_of(self._sources[name], seeding.states) and self._sources[name].door not in self._reseeding
        }

    @staticmethod
    def _is_leak_of(source: InfluenceSource, states: Iterable[State]) -> bool:
        return source.kind == "taken" and (source.library, _NUMBER.sub("", source.state)) in set(states)

    def _by_graph(self, leaks: set[str]) -> list[set[str]]:
        graphs: dict[str, set[str]] = {}
        for name in sorted(leaks):
            graphs.setdefault(self._sources[name].state, set()).add(name)
        return list(graphs.values())

    def _with_made_from(self, needs: Iterable[Need]) -> set[Need]:
        """Return ``needs``, with the seeds that are the same in each run once these are seen to."""
        found = set(needs)
        names = {need.what for need in found}
        for other in self._influence.sources:
            if other.made_from and names.issuperset(other.made_from):
                found.update(Need(other.id, label) for label in self._moved[other.id])
        return found

    def _rank(self, remedy: Seeding, leaks: Iterable[str]) -> int:
        is_of_keras = any(self._sources[name].used_by for name in leaks)
        if remedy.package == _KERAS:
            return 0 if is_of_keras else 2
        return 1 if is_of_keras else 0

    def _order(self, name: str) -> int:
        """Return the position in the trace of the first event of the source ``name``; at the end where it has none."""
        sites = self._sites[name]
        for order, event in enumerate(self._trace):
            if isinstance(event, Source) and site_of(event) in sites:
                return order
        return len(self._trace)

    def _line_of(self, order: int) -> int | None:
        """Return the line at the top of the script from which the event ``order`` was reached; None if not known."""
        source = self.texts.source(None)
        if order >= len(self._trace) or source is None:
            return None
        event = self._trace[order]
        frames = getattr(event, "stack", ()) or ((event.file, event.line, ""),)
        file, line, function = frames[-1]
        if file is not None or line is None:
            return None
        return line if function == "<module>" or source.is_line_at_top(line) else None

    def _own_seed(self) -> int:
        """Return the seed that the person has chosen; 0 where there is none that every library takes."""
        seeds = [each.seed for each in self._existing if not self._varies(each)]
        seeds += [each.seed for each in self._influence.sources if each.kind == "set" and not each.varies]
        return next((seed for seed in seeds if _is_for_all(seed)), 0)

    def _event(self, existing: _Existing) -> Source:
        event = self._trace[existing.order]
        assert isinstance(event, Source)
        return event

    def _varies(self, existing: _Existing) -> bool:
        site = site_of(self._event(existing))
        return any(site in self._sites[name] and source.varies for name, source in self._sources.items())


def _is_for_all(seed: Seed) -> TypeGuard[int]:
    """Return True for a seed that every library takes."""
    return isinstance(seed, int) and 0 <= seed < MOST_COUNTED


def _stated(part: object) -> Sequence[Remedy]:
    return getattr(part, "REMEDIES", ())


def _names(seeding: Seeding) -> tuple[str, ...]:
    return (*seeding.functions, *seeding.aliases)


def _lines(*texts: str) -> str:
    return "\n".join(text for text in texts if text)
