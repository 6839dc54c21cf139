"""The experiment that finds which source moves which draw: all are held, and one at a time is turned.

1. Runs as they are show the sources, and which draws repeat.
2. Runs with every leak held: what still differs has a cause that is no seed. Parts of the surroundings are held one at
   a time then; those that help stay held.
3. Runs with one source turned to another value, three times each: the draws that change are moved by it.
"""

from collections.abc import Generator, Iterable, Sequence
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from seedlab.engine.request import Limits, Plan, RunRequest
from seedlab.inquiry.holds import CLOCKS, FOLDER, LATER, SOURCES, Hold, needed_to_confirm, worth_trying
from seedlab.inquiry.sources import FoundSource, in_some_order, site_of, sources_of
from seedlab.phrases import recorded
from seedlab.results.influence import Influence, InfluenceSource, MovedDraw, Residual, SharedState
from seedlab.results.run import Draw, Outcome, Run
from seedlab.results.trace import Seed, Shared, Source, reads_clock

if TYPE_CHECKING:
    from seedlab.inquiry.fixing import Fixing

PROOF = 5
"""The number of cold runs of a changed script, where nobody asks for another number."""
LEAST_PROOF = 2
"""One run cannot differ."""
TURNS = 3
"""The number of values that each source is turned to."""
MANY = 12
"""The number of sources from which on they are turned in halves first."""
HELD = 4
"""The number of held runs from which on the share of a value is told."""
MORE_TURNS = 9
"""The number of values that a leak is turned to where a draw differs and nothing is seen to move it."""
AGAIN = recorded("held runs that are equal are made again in fresh interpreters")
HELD_AGAIN = 6
"""The number of further held runs where a draw differs in the runs as they are and nothing is seen to move it."""
AFTER_ANOTHER = recorded("it finds what an earlier run has left in the folder")
NOT_REACHED = recorded("the runs that should try it did not come to it")
_MIN_TIMEOUT_S = 20.0
_SLOWER = 3
"""How many times as long as a free run a run may take in which something is held."""
_FEW = 6
"""The number of values, all different, that a draw must have taken to be known as one that can take many."""

Identity = object
_Steps = Generator[list[RunRequest], list[Run], None]
_Based = Generator[list[RunRequest], list[Run], tuple[RunRequest, list[Run]]]
"""Steps that return the request to go on from, and its runs."""


class _Turning:
    """Groups of sources, each of which is turned to the values ``numbers``, while they are."""

    def __init__(self, groups: Sequence[list[FoundSource]], numbers: Sequence[int], held: Run) -> None:
        self.groups = groups
        self.numbers = numbers
        self.held = held
        """What it is compared with."""
        self.turned: dict[int, list[Run]] = {}
        """The runs of each group, by its position, once all of them were made."""
        self.verdicts: dict[int, dict[str, list[bool]]] = {}
        """For each group, the draws by their labels: True for each of its runs in which the draw changed."""


class Inquiry:
    """One script's experiment. Ask for `next_plan`, `note` each of its runs, and ask again, until it is None.

    Nothing is executed here, so that whoever drives it can show progress, and stop at any time.
    """

    def __init__(
        self,
        request: RunRequest,
        free: Iterable[Run],
        *,
        modules: Iterable[str] = (),
        labels: Sequence[str] = (),
        jobs: int | None = None,
        proof: int = 0,
        changes_folder: bool = True,
    ) -> None:
        """``request`` is one of the ``free`` runs' requests, and ``modules`` are what its script imports.

        ``changes_folder`` is False where a run of it was seen to leave its folder as it was.

        With ``labels``, only draws with these labels are looked at. With ``proof``, the fix is looked for too, and each
        that may be it is executed so many times.
        """
        self.free = tuple(run for run in free if run.outcome is Outcome.FINISHED)
        slowest = max((run.seconds for run in self.free), default=0.0)
        timeout_s = min(request.limits.timeout_s, max(_SLOWER * slowest, _MIN_TIMEOUT_S))
        self._base = replace(
            request,
            cold_reason="",
            audits=False,
            is_private=request.path is not None,
            holds=(SOURCES,),
            limits=_limited(request.limits, timeout_s),
        )
        self._request = replace(request, cold_reason="")
        self._modules = tuple(modules)
        self._proof = proof
        self._changes_folder = changes_folder and request.path is not None
        self._fixing: Fixing | None = None
        self._labels = frozenset(labels)
        self._jobs = jobs
        self._index = 0
        self.runs = len(self.free)
        """How many runs the experiment took so far, the free ones included."""
        self.problem = ""
        """Why nothing more can be found, as a clause; empty where all was found."""
        self.is_over = False
        self.sources: tuple[FoundSource, ...] = sources_of(self.free)
        self.residual: dict[str, tuple[str, ...]] = {}
        """The draws that differ while every leak is held, each with the holds under which it repeats."""
        self.changed: tuple[str, ...] = ()
        """The files that a run changes in its folder, by their names, as far as that was looked at."""
        self.problem_after = ""
        """Why a run does not finish in the folder that an earlier one has left; empty where none was seen to fail."""
        self.could_not_be_tried: list[str] = []
        """The names of the holds under which the script did not finish."""
        self._moved: dict[str, dict[str, bool]] = {}
        """For each source that was turned, by its id, each draw by its label: whether it moves it."""
        self._missing: dict[str, set[str]] = {}
        self._untried: dict[str, str] = {}
        self._made_from: dict[str, set[str]] = {}
        self._seen: dict[str, dict[Identity, int]] = {}
        """How often each value of each draw was seen in runs of which no two are meant to be equal."""
        self._reference: dict[str, Draw] = {}
        self._shared: dict[tuple[str, str], SharedState] = {}
        for run in self.free:
            self._note_threads(run)
        self._turning: _Turning | None = None
        """The sources that are turned in the plan that was returned last."""
        self._steps = self._experiment()
        self._requested: list[RunRequest] = []
        self._made: dict[int, Run] = {}
        self._has_begun = False

    # Driving.

    def first_requests(self) -> tuple[RunRequest, RunRequest]:
        """Return the first two requests, for which processes can be prepared before the free runs have ended."""
        return replace(self._base, index=1), replace(self._base, index=2)

    def next_plan(self) -> Plan | None:
        """Return what to execute next; None when the experiment is over."""
        try:
            if not self._has_begun:
                self._has_begun = True
                asked = next(self._steps)
            else:
                asked = self._steps.send([self._made[request.index] for request in self._requested])
        except StopIteration:
            self.is_over = True
            return None
        self._requested, self._made = [], {}
        for request in asked:
            self._index += 1
            self._requested.append(replace(request, index=self._index))
        return Plan(tuple(self._requested), self._jobs)

    def note(self, request: RunRequest, run: Run) -> bool:
        """Take a run of the plan that was returned last. Return True where it shows what a source moves."""
        self._made[request.index] = run
        self._note_threads(run)
        self.runs += 1 + request.earlier_runs
        return self._turning is not None and self._look(self._turning, request)

    def _look(self, turning: "_Turning", request: RunRequest) -> bool:
        """Compare the turns of the group that ``request`` belongs to, if all of them were made."""
        turns = len(turning.numbers)
        place = (request.index - self._requested[0].index) // turns
        made = [self._made.get(each.index) for each in self._requested[place * turns : (place + 1) * turns]]
        runs = [run for run in made if run is not None]
        if len(runs) < turns or any(run.outcome is Outcome.CANCELLED for run in runs):
            return False
        group = turning.groups[place]
        verdict = self._compare(group, runs, turning.held)
        turning.turned[place], turning.verdicts[place] = runs, verdict
        is_certain = len(group) == 1 and not any(sum(changed) == 1 for changed in verdict.values())
        return is_certain and self._settle(group, runs, verdict)

    def _settle(self, group: Iterable[FoundSource], runs: Iterable[Run], verdict: dict[str, list[bool]]) -> bool:
        """Take note of what each source of ``group`` moves. Return True where anything is known of it now."""
        reached = {site_of(event) for run in runs for event in run.trace if isinstance(event, Source)}
        for source in group:
            if not reached.intersection(source.sites) and source.source.id not in self._moved:
                # As where the script finds a file that its first run has written.
                self._untried.setdefault(source.source.id, NOT_REACHED)
                continue
            known = self._moved.setdefault(source.source.id, {})
            known.update({label: any(changed) or known.get(label, False) for label, changed in verdict.items()})
        return bool(verdict)

    def _note_threads(self, run: Run) -> None:
        for event in run.trace:
            if isinstance(event, Shared):
                known = self._shared.get((event.library, event.state))
                if known is None or known.threads < event.threads:
                    self._shared[event.library, event.state] = SharedState(
                        library=event.library, state=event.state, door=event.door, threads=event.threads
                    )

    @property
    def expected(self) -> int:
        """The number of runs that the experiment will take, as far as that is known."""
        if self.is_over:
            return self.runs
        # One that finds what another has left, and two with the fix.
        after = 2 * (1 + 2 * bool(self._proof)) * self._changes_folder
        return max(self.runs, len(self.free) + 2 + TURNS * len(self.sources) + self._proof + after)

    # The experiment.

    def _experiment(self) -> _Steps:
        if not self.free:
            self.problem = recorded("no run of the script has finished")
            return
        yield from self._find_causes()
        if self._proof and not self.problem:
            # Only now: LibCST takes as long to import as half a window.
            from seedlab.inquiry.fixing import Fixing

            while self._fixing is None or self._fixing.refuted:
                self._fixing = None
                self._fixing = Fixing(
                    self._request,
                    self.free,
                    self.sources,
                    self.influence,
                    proof=self._proof,
                    changes_folder=self._changes_folder,
                )
                yield from self._fixing.steps()
                # That these repeated while something was held was chance: why they differ is not known.
                self.residual.update(dict.fromkeys(self._fixing.refuted, ()))

    def _find_causes(self) -> _Steps:
        first = yield [self._base, self._base]
        failed = next((run for run in first if run.outcome is not Outcome.FINISHED), None)
        if failed is not None:
            self.problem = recorded("a run with every source held did not finish: {problem}", problem=failed.problem)
            return
        self.sources = sources_of((*self.free, *first))
        base, held = yield from self._hold_surroundings(first)
        base, held = yield from self._turn_clock(base, held)
        yield from self._turn_folder(base, held)
        for run in self.free:
            self._see(run)
        yield from self._turn_all(base, held, self.sources)
        if self._unmoved(held):
            # Held runs may have been equal by chance, those before anything else was held, too.
            more = yield [replace(self._base, cold_reason=AGAIN)] * HELD_AGAIN
            first = [*first, *_finished(more)]
            if set(self._differing(first)) - self.residual.keys():
                base, held = yield from self._hold_surroundings(first)
                yield from self._turn_all(base, held, self.sources)
        if self._unmoved(held):
            # So may turned ones, of a draw that takes few values.
            leaks = [found for found in self.sources if found.source.kind == "taken"]
            yield from self._turn_all(base, held, leaks, range(TURNS + 1, MORE_TURNS + 1))

    def _unmoved(self, held: Sequence[Run]) -> list[str]:
        """Return the draws that differ in the runs as they are, or from held ones, though no leak is known to do it."""
        leaks = {found.source.id for found in self.sources if found.source.kind == "taken" or found.source.varies}
        moved = {label for name in leaks for label, moves in self._moved.get(name, {}).items() if moves}
        moved |= {label for label, names in self._missing.items() if leaks.intersection(names)}
        differing = self._differing((*self.free, *held))
        return [label for label in differing if label not in moved and label not in self.residual]

    def _hold_surroundings(self, held: list[Run]) -> _Based:
        """Find what repeats what still differs. Return the request in which that is held, and its runs."""
        base = self._base
        differing = self._differing(held)
        if not differing:
            return base, held
        if len(held) < HELD:
            more = yield [base] * (HELD - len(held))
            held = [*held, *_finished(more)]
            differing = self._differing(held)
            if not self._moved:
                # Seeds that come from the clock may have been the same until now.
                self.sources = sources_of((*self.free, *held))
        # What another time of day has shown, or another folder, is not tried again.
        shown = {label: helped for label, helped in self.residual.items() if {LATER.name, FOLDER}.intersection(helped)}
        self.residual = {**shown, **dict.fromkeys(differing, ())}
        working: list[Hold] = []
        staying: list[Hold] = []
        for hold in worth_trying((*self.free, *held), self._modules, base):
            remaining = self._differing(held)
            if not remaining:
                break
            found = yield from self._helped(hold.on(base), held, remaining)
            if found is None:
                if hold.name not in self.could_not_be_tried:
                    self.could_not_be_tried.append(hold.name)
                continue
            working.append(hold)
            runs, helped = found
            if helped:
                yield from self._credit(hold, helped, staying, held)
                base, held = hold.on(base), runs
                working.remove(hold)
                staying.append(hold)
        remaining = self._differing(held)
        if remaining and len(working) > 1:
            base, held = yield from self._hold_together(base, held, working, remaining)
        return base, held

    def _turn_clock(self, base: RunRequest, held: list[Run]) -> _Based:
        """Find what the clock moves although runs that were made in one second do not show it."""
        if not any(reads_clock(run.trace) for run in (*self.free, *held)):
            return base, held
        early = base if CLOCKS.name in base.holds else CLOCKS.on(base)
        late = LATER.on(early)
        runs = _finished((yield [early, late]))
        suspected = self._moved_by_clock(runs, held)
        if not suspected:
            return base, held
        runs += _finished((yield [early, late]))
        moved = suspected.intersection(self._moved_by_clock(runs[2:], held))
        steady = self._equal(runs[::2]).keys() & self._equal(runs[1::2]).keys()
        if len(runs) < 4 or not moved & steady:
            return base, held
        self.residual.update(dict.fromkeys(sorted(moved & steady), (LATER.name,)))
        self.sources = sources_of((*self.free, *held, *runs))
        return early, runs[::2]

    def _turn_folder(self, base: RunRequest, held: Sequence[Run]) -> _Steps:
        """Find what is moved by what an earlier run has left in the folder, which all others find as it is."""
        if not self._changes_folder:
            return
        limits = _limited(base.limits, 2 * base.limits.timeout_s)
        after = replace(base, earlier_runs=1, audits=True, cold_reason=AFTER_ANOTHER, limits=limits)
        runs: list[Run] = []
        for _ in range(2):
            made = yield [after]
            runs = _finished(made)
            if runs:
                break
            self.problem_after = made[0].problem
        if not runs:
            return
        self.problem_after = ""
        self.changed = () if runs[0].effects is None else runs[0].effects.changed
        if not self._moved_by_folder(runs, held):
            return
        # More of both, as they may be equal by chance; and those in new interpreters too, as nothing else may differ.
        cold = replace(base, cold_reason=AGAIN)
        more = yield [after, after, cold, cold, cold]
        runs, held = [*runs, *_finished(more[:2])], [*held, *_finished(more[2:])]
        moved = self._moved_by_folder(runs, held)
        if len(runs) < 2 or not moved:
            return
        for label in moved:
            self.residual[label] = (*self.residual.get(label, ()), FOLDER)

    def _moved_by_folder(self, after: Sequence[Run], held: Sequence[Run]) -> list[str]:
        """Return the draws that are the same in all ``held`` runs, or in none, and something else in each ``after``.

        They need not be the same in those: what an earlier run has left differs where nothing was held in that.
        """
        before, now = self._by_label(held), [self._by_label([run]) for run in after]
        labels = dict.fromkeys(label for found in (before, *now) for label in found)
        steady = [label for label in labels if label not in before or _are_equal(before[label], len(held))]
        return [
            label
            for label in steady
            if all(_identity(found.get(label)) != _identity(before.get(label)) for found in now)
        ]

    def _moved_by_clock(self, runs: Sequence[Run], held: Sequence[Run]) -> set[str]:
        """Return the draws that repeat in the runs as they are and in ``held`` ones, and differ among ``runs``."""
        if len(runs) < 2:
            # At one of both times no run finished.
            return set()
        return set(self._differing(runs)) & self._equal(self.free).keys() & self._equal(held).keys()

    def _credit(
        self, hold: Hold, helped: Sequence[str], staying: Sequence[Hold], without: list[Run]
    ) -> Generator[list[RunRequest], list[Run], None]:
        """Take note that ``hold`` repeats the draws ``helped``, and which of those that are held anyway it needs."""
        needed: dict[str, list[Hold]] = {label: [*staying, hold] for label in helped}
        for other in staying:
            fewer = [each for each in (*staying, hold) if each is not other]
            found = yield from self._helped(_all_on(fewer, self._base), without, helped)
            for label in found[1] if found is not None else ():
                needed[label].remove(other)
        for label, holds in needed.items():
            self.residual[label] = tuple(each.name for each in holds)

    def _helped(
        self, request: RunRequest, without: list[Run], differing: Sequence[str]
    ) -> Generator[list[RunRequest], list[Run], tuple[list[Run], list[str]] | None]:
        """Return runs of ``request`` and which ``differing`` draws repeat in them; None where it does not finish."""
        runs = _finished((yield [request, request]))
        if len(runs) < 2:
            return None
        equal = [label for label in differing if label in self._equal(runs)]
        if equal:
            known = [[draw.identity for run in without for draw in run.draws if draw.label == label] for label in equal]
            needed = max(needed_to_confirm(identities) for identities in known)
            runs += _finished((yield [request] * (needed - len(runs)))) if needed > len(runs) else []
            equal = [label for label in equal if label in self._equal(runs)]
        return runs, equal

    def _hold_together(self, base: RunRequest, held: list[Run], holds: list[Hold], remaining: Sequence[str]) -> _Based:
        """Find whether several of ``holds`` help together where none did alone, and which of them are needed."""
        found = yield from self._helped(_all_on(holds, base), held, remaining)
        if found is None or not found[1]:
            return base, held
        needed, (runs, helped) = list(holds), found
        for hold in holds:
            fewer = [other for other in needed if other is not hold]
            without = yield from self._helped(_all_on(fewer, base), held, helped)
            if without is not None and set(helped) <= set(without[1]):
                needed, runs = fewer, without[0]
        for label in helped:
            self.residual[label] = tuple(hold.name for hold in needed)
        return _all_on(needed, base), runs

    def _turn_all(
        self,
        base: RunRequest,
        held_runs: Sequence[Run],
        sources: Sequence[FoundSource],
        numbers: Sequence[int] = range(1, TURNS + 1),
    ) -> _Steps:
        self._reference = {label: draws[0] for label, draws in self._equal(held_runs).items()}
        held = held_runs[0]
        self._see(held)
        groups = [[source] for source in sources]
        if len(groups) >= MANY:
            middle = len(sources) // 2
            groups = [list(sources[:middle]), list(sources[middle:])]
        while groups:
            # What the turns of each group show is seen in `note`, as they come.
            self._turning = turning = _Turning(groups, numbers, held)
            yield [_turned(base, group, number) for group in groups for number in numbers]
            self._turning = None
            doubtful = [
                (place, number)
                for place, verdict in turning.verdicts.items()
                for number in range(len(numbers))
                if any(changed[number] and sum(changed) == 1 for changed in verdict.values())
            ]
            again = (
                yield [_turned(base, groups[place], numbers[number]) for place, number in doubtful] if doubtful else []
            )
            for (place, number), run in zip(doubtful, again, strict=True):
                self._confirm(turning.verdicts[place], number, turning.turned[place][number], run)
            split: list[list[FoundSource]] = []
            for place, group in enumerate(groups):
                verdict = turning.verdicts[place]
                if len(group) == 1 or not any(any(changed) for changed in verdict.values()):
                    self._settle(group, turning.turned.get(place, ()), verdict)
                else:
                    middle = len(group) // 2
                    split += [group[:middle], group[middle:]]
            groups = split

    def _compare(self, group: list[FoundSource], runs: Sequence[Run], held: Run) -> dict[str, list[bool]]:
        """Return for each draw whether it changed in each of ``runs``, in which ``group`` was turned."""
        changed: dict[str, list[bool]] = {label: [] for label in self._reference}
        finished = _finished(runs)
        names = {source.source.id for source in group}
        if not finished:
            if len(group) == 1:
                self._untried[group[0].source.id] = recorded(
                    "with another value the script did not finish: {problem}", problem=runs[0].problem
                )
                return {}
            # Taken for moving all, so that its halves are tried.
            return {label: [True] * len(runs) for label in self._reference}
        for run in runs:
            if run.outcome is not Outcome.FINISHED:
                for turns in changed.values():
                    turns.append(False)
                continue
            self._see(run)
            drawn = {draw.label: draw.identity for draw in run.draws}
            for label, draw in self._reference.items():
                changed[label].append(drawn.get(label) != draw.identity)
                if label not in drawn and len(group) == 1:
                    self._missing.setdefault(label, set()).update(names)
            for label in drawn.keys() - self._reference.keys() - self.residual.keys():
                if len(group) == 1 and self._is_looked_at(label):
                    self._missing.setdefault(label, set()).update(names)
            if len(group) == 1:
                self._follow_seeds(group[0], run, held)
        return changed

    @staticmethod
    def _confirm(verdict: dict[str, list[bool]], number: int, first: Run, again: Run) -> None:
        """Take back what changed in one turn alone, unless the same value gave the same again."""
        before = {draw.label: draw.identity for draw in first.draws}
        after = {draw.label: draw.identity for draw in again.draws}
        for label, changed in verdict.items():
            if changed[number] and sum(changed) == 1 and before.get(label) != after.get(label):
                changed[number] = False

    def _follow_seeds(self, turned: FoundSource, run: Run, held: Run) -> None:
        """Take note of the seeds that are others because ``turned`` was: they are made from it."""
        before, after = _seeds_at_sites(held), _seeds_at_sites(run)
        for other in self.sources:
            if other is not turned and other.source.kind == "set":
                sites = [site for site in other.sites if site in before and site in after]
                if any(in_some_order(before[site]) != in_some_order(after[site]) for site in sites):
                    self._made_from.setdefault(other.source.id, set()).add(turned.source.id)

    # What was found.

    @property
    def influence(self) -> Influence:
        """What is known so far."""
        labels = dict.fromkeys(draw.label for run in self.free for draw in run.draws if self._is_looked_at(draw.label))
        labels.update(dict.fromkeys((*self._missing, *self.residual)))
        fix = None if self._fixing is None else self._fixing.fix
        is_folder_told = any(FOLDER in helped for helped in self.residual.values()) or (
            fix is not None and fix.same_folder
        )
        return Influence(
            sources=tuple(self._source(found) for found in self.sources),
            draws=tuple(self._draw(label) for label in labels),
            residual=tuple(Residual(label=label, helped_by=helped) for label, helped in self.residual.items()),
            runs=self.runs,
            fix=fix,
            trials=() if self._fixing is None else tuple(self._fixing.trials),
            no_fix=() if self._fixing is None else self._fixing.no_fix,
            shared=tuple(self._shared.values()),
            changed=self.changed if is_folder_told else (),
            is_partial=not self.is_over or bool(self.problem),
        )

    def _source(self, found: FoundSource) -> InfluenceSource:
        name = found.source.id
        made_from = self._made_from.get(name, set())
        return replace(
            found.source,
            made_from=tuple(other.source.id for other in self.sources if other.source.id in made_from),
            untried=self._untried.get(name, "" if name in self._moved else recorded("it was not tried yet")),
        )

    def _draw(self, label: str) -> MovedDraw:
        known = [(found.source, self._moved.get(found.source.id, {}).get(label)) for found in self.sources]
        missing = self._missing.get(label, set())
        # What decides whether it is drawn at all moves it, too.
        moved = tuple(source.id for source, moves in known if moves or source.id in missing)
        is_few = self._takes_few_values(label)
        leaks = any(source.kind == "taken" or source.varies for source, _ in known if source.id in moved)
        free = [[draw.identity for draw in run.draws if draw.label == label] for run in self.free]
        return MovedDraw(
            label=label,
            repeats=all(found == free[0] for found in free) and not leaks and label not in self.residual,
            moved_by=moved,
            unexplained=label in self.residual and not self.residual[label],
            not_seen=tuple(source.id for source, moves in known if moves is False and is_few),
            missing=tuple(sorted(missing)),
        )

    def _takes_few_values(self, label: str) -> bool:
        """Return True where a draw may stay the same by chance though its source has changed.

        A value that came up twice in runs that should differ says so; one of floats does not, unless it came up twice.
        """
        seen = self._seen.get(label, {})
        draw = self._reference.get(label)
        if draw is None:
            return False
        is_fine = draw.dtype.startswith(("float", "complex", "bfloat")) or sum(draw.shape) > 3
        return not (is_fine or len(seen) >= _FEW)

    def _see(self, run: Run) -> None:
        for draw in run.draws:
            seen = self._seen.setdefault(draw.label, {})
            seen[draw.identity] = seen.get(draw.identity, 0) + 1

    def _is_looked_at(self, label: str) -> bool:
        return not self._labels or label in self._labels

    def _equal(self, runs: Sequence[Run]) -> dict[str, list[Draw]]:
        """Return the draws that are the same in all ``runs``, by their labels."""
        return {label: draws for label, draws in self._by_label(runs).items() if _are_equal(draws, len(runs))}

    def _differing(self, runs: Sequence[Run]) -> list[str]:
        return [label for label, draws in self._by_label(runs).items() if not _are_equal(draws, len(runs))]

    def _by_label(self, runs: Sequence[Run]) -> dict[str, list[Draw]]:
        found: dict[str, list[Draw]] = {}
        for run in runs:
            for draw in run.draws:
                if self._is_looked_at(draw.label):
                    found.setdefault(draw.label, []).append(draw)
        return found


def _are_equal(draws: Sequence[Draw], runs: int) -> bool:
    return len(draws) == runs and len({draw.identity for draw in draws}) == 1


def _identity(draws: Sequence[Draw] | None) -> Identity:
    return draws[0].identity if draws else None


def _finished(runs: Iterable[Run]) -> list[Run]:
    return [run for run in runs if run.outcome is Outcome.FINISHED]


def _turned(base: RunRequest, group: Iterable[FoundSource], number: int) -> RunRequest:
    turns = tuple(f"{number} {site}" for source in group for site in source.sites)
    return replace(base, turns=turns)


def _all_on(holds: Iterable[Hold], request: RunRequest) -> RunRequest:
    for hold in holds:
        request = hold.on(request)
    return request


def _seeds_at_sites(run: Run) -> dict[str, list[Seed]]:
    found: dict[str, list[Seed]] = {}
    for event in run.trace:
        if isinstance(event, Source) and event.kind == "set":
            found.setdefault(site_of(event), []).append(event.seed)
    return found


def _limited(limits: Limits, timeout_s: float) -> Limits:
    return msgspec.structs.replace(limits, timeout_s=timeout_s)
