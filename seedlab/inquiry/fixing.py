"""The smallest fix: the fewest edits and settings under which draws repeat, executed cold before it is offered.

Each library states what a person would write for its sources (`seedlab.study.remedies`). What moves the draws is known
from the experiment before, so that the needed set follows; plain runs of the changed script, in which no door is
observed, decide whether it holds.
"""

import itertools
import re
from collections import Counter
from collections.abc import Collection, Generator, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from seedlab.engine.request import RunRequest
from seedlab.inquiry.candidates import Candidate, Candidates, Need
from seedlab.inquiry.changed_texts import changed_texts, edits_of, unified_diff
from seedlab.inquiry.holds import FOLDER
from seedlab.inquiry.sources import FoundSource
from seedlab.results.influence import Edit, Fix, Influence, NoFix
from seedlab.results.run import Draw, Outcome, Run

PARALLEL = frozenset({"deterministic tf.data", "op determinism", "one thread"})
"""The holds that help what is computed in parallel: what repeats then may still differ, seldom."""
_MOST_CANDIDATES = 12
"""The most candidates of which all sets are looked at; of more, the best are taken one by one."""
_MOST_TRIALS = 4

_Steps = Generator[list[RunRequest], list[Run], None]


class Trial(NamedTuple):
    """Candidates that are tried together."""

    candidates: tuple[Candidate, ...]

    @property
    def cost(self) -> tuple[int, int, int, int]:
        """What the first trial has least of: places passed by, edits and settings, lines, and how unusual they are."""
        return (
            int(self.passes_by),
            sum(each.edits for each in self.candidates),
            sum(each.lines for each in self.candidates),
            sum(each.rank for each in self.candidates),
        )

    @property
    def passes_by(self) -> bool:
        """True where a place of the script's own for a seed is passed by."""
        return any(each.passes_by for each in self.candidates)


class Fixing:
    """The search for one script's fix."""

    def __init__(
        self,
        request: RunRequest,
        free: Sequence[Run],
        sources: Sequence[FoundSource],
        influence: Influence,
        *,
        proof: int,
        changes_folder: bool = False,
    ) -> None:
        """``request`` is that of a run as the script is; ``influence`` says what moves which draw.

        A fix must hold in ``proof`` runs. With ``changes_folder``, it is also seen what runs do that find what an
        earlier run with the fix has left.
        """
        self.fix: Fix | None = None
        self.trials: list[Fix] = []
        """What did not hold."""
        self.no_fix: tuple[NoFix, ...] = ()
        self.refuted: frozenset[str] = frozenset()
        """The draws that were said to repeat under settings alone, and did not: the search ends there."""
        self._request = request
        self._influence = influence
        self._proof = proof
        self._changes_folder = changes_folder
        self._free = free
        self._labels = [[draw.label for draw in run.draws] for run in free]
        may_be_missing = {draw.label for draw in influence.draws if draw.missing}
        self._always = set(self._labels[0] if free else ()).intersection(*self._labels) - may_be_missing
        """The draws that every run has."""
        self._candidates = Candidates(request, free, sources, influence)

    def steps(self) -> _Steps:
        """Yield the requests of each trial, until one holds."""
        doubtful, seldom = self._doubtful(), self._seldom()
        yield from self._try(self._needs() | doubtful, seldom)
        if self.fix is None and (doubtful or seldom) and not self.refuted:
            # What is not known of some draws is no reason to leave the others.
            yield from self._try(self._needs())

    def _try(self, needs: set[Need], hoped: Collection[str] = ()) -> _Steps:
        """Yield the requests of each trial for ``needs``, until one holds, also for the draws ``hoped``."""
        self.no_fix = tuple(self._hopeless(needs, hoped))
        hopeless = {label for item in self.no_fix for label in item.labels}
        needs = {need for need in needs if need.label not in hopeless}
        asked = tuple(draw.label for draw in self._influence.draws if draw.label not in hopeless)
        if not needs:
            return
        holding: list[tuple[Trial, Fix, RunRequest, list[dict[str, object]]]] = []
        for trial in itertools.islice(self._in_order(needs), _MOST_TRIALS):
            texts = changed_texts((each.splices for each in trial.candidates), self._candidates.texts)
            if texts is None:
                continue
            request = self._plain(trial, texts)
            runs = yield [request] * self._proof
            edits = tuple(edits_of(texts, self._candidates.texts))
            drawn = [self._values(run, edits) for run in runs if run.outcome is Outcome.FINISHED]
            fix = self._judged(trial, texts, edits, drawn, asked)
            if fix.repeated == fix.of:
                fix = replace(fix, same_folder=(yield from self._goes_on(request, edits, drawn[0], asked)))
                holding.append((trial, fix, request, drawn))
                if not fix.same_folder or self._is_folder_known:
                    break
                # Without it, runs did not go on from each other: another one may leave that so.
                continue
            self.trials.append(fix)
            self.refuted = frozenset(self._refuted(trial, drawn, needs))
            if self.refuted:
                return
        if holding:
            trial, self.fix, request, drawn = min(holding, key=lambda each: each[1].same_folder)
            yield from self._mend_others(trial, self.fix, request, drawn)

    @property
    def _is_folder_known(self) -> bool:
        """True where draws are known to go on from what an earlier run has left."""
        return any(FOLDER in item.helped_by for item in self._influence.residual)

    def _goes_on(
        self, request: RunRequest, edits: Sequence[Edit], known: Mapping[str, object], asked: Sequence[str]
    ) -> Generator[list[RunRequest], list[Run], bool]:
        """Return True where runs after another one do not finish, or do not draw what is ``known``."""
        if not self._changes_folder:
            return False
        limits = replace(request.limits, timeout_s=2 * request.limits.timeout_s)
        runs = yield [replace(request, earlier_runs=1, limits=limits)] * 2
        drawn = [self._values(run, edits) for run in runs if run.outcome is Outcome.FINISHED]
        # In both, as it may be chance in one.
        return not drawn or any(all(values.get(each) != known.get(each) for values in drawn) for each in asked)

    def _mend_others(self, trial: Trial, fix: Fix, request: RunRequest, drawn: Sequence[dict[str, object]]) -> _Steps:
        """Take out of what has no fix what prints a name that is given a number, and repeats now."""
        names = [each.numbered for each in trial.candidates if each.numbered]
        lines = self._request.script.splitlines()
        printing = {
            draw.label
            for run in self._free
            for draw in run.draws
            if draw.line is not None and any(_has_word(lines[draw.line - 1 : draw.line], name) for name in names)
        }
        before = [{draw.label: draw.identity for draw in run.draws} for run in self._free]
        hopeless = {label for item in self.no_fix for label in item.labels} & self._always & printing
        differing = {label for label in hopeless if len({values[label] for values in before}) > 1}
        repeating = _repeating(differing, drawn)
        if not repeating:
            return
        # As many again, for they may be equal by chance.
        runs = yield [request] * self._proof
        more = [self._values(run, fix.edits) for run in runs if run.outcome is Outcome.FINISHED]
        mended = _repeating(repeating, [*drawn, *more]) if len(more) == len(runs) else set()
        known = mended.union(fix.labels)
        self.fix = replace(fix, labels=tuple(draw.label for draw in self._influence.draws if draw.label in known))
        left = [replace(item, labels=tuple(each for each in item.labels if each not in mended)) for item in self.no_fix]
        self.no_fix = tuple(item for item in left if item.labels)

    @staticmethod
    def _refuted(trial: Trial, drawn: Sequence[dict[str, object]], needs: set[Need]) -> Iterator[str]:
        """Yield the draws that differ in runs of ``trial``, though its settings are all that they need."""
        settings = {each.what for each in trial.candidates if each.settings or each.is_by_hand}
        for label in {need.label for need in needs}:
            is_held = {need.what for need in needs if need.label == label} <= settings
            if is_held and len({values[label] for values in drawn if label in values}) > 1:
                yield label

    def _needs(self) -> set[Need]:
        found = needs_of(self._influence)
        return found | self._candidates.needs_of_holds(found)

    def _doubtful(self) -> set[Need]:
        """Return for each draw of which nothing is known the seeds that differ from run to run, as possible causes."""
        varying = [source.id for source in self._influence.sources if source.varies]
        return {Need(name, draw.label) for draw in self._influence.draws if draw.unexplained for name in varying}

    def _seldom(self) -> set[str]:
        """Return the draws that some runs as they are lack, and that no source is known to move.

        They may be the end of a loop, and go as soon as what moves its other draws is seen to.
        """
        known = {need.label for need in self._needs()} | {item.label for item in self._influence.residual}
        drawn = set[str]().union(*self._labels)
        return {draw.label for draw in self._influence.draws if not draw.repeats} & drawn - self._always - known

    def _hopeless(self, needs: set[Need], hoped: Collection[str]) -> Iterator[NoFix]:
        """Yield the draws that nothing can be written for, with the reason, but for those that are ``hoped`` for."""
        reasons: dict[tuple[str, str], list[str]] = {}
        by_label: dict[str, set[Need]] = {}
        for need in needs:
            by_label.setdefault(need.label, set()).add(need)
        for draw in self._influence.draws:
            if draw.repeats or draw.label in hoped:
                continue
            shared = next((each for each in self._influence.shared if self._may_decide(each.library, draw.label)), None)
            if not by_label.get(draw.label):
                code = "threads" if shared is not None else "unknown"
                reasons.setdefault((code, ""), []).append(draw.label)
                continue
            covered = self._candidates.coverable(by_label[draw.label])
            missing = sorted(by_label[draw.label] - covered)
            if missing:
                code = self._candidates.why_hopeless(missing[0].what)
                is_source = any(source.id == missing[0].what for source in self._influence.sources)
                reasons.setdefault((code, missing[0].what if is_source else ""), []).append(draw.label)
        for (code, source), labels in reasons.items():
            yield NoFix(code=code, labels=tuple(labels), source=source)

    def _may_decide(self, library: str, label: str) -> bool:
        """Return True where threads that share a state of ``library`` may decide on the draw ``label``."""
        moved = next(draw.moved_by for draw in self._influence.draws if draw.label == label)
        of_library = {source.id for source in self._influence.sources if source.library == library}
        return not moved or bool(of_library.intersection(moved))

    def _in_order(self, needs: set[Need]) -> Iterator[Trial]:
        """Yield sets of candidates that cover ``needs``, the smallest first, then the smallest with more beside it."""
        candidates = self._candidates.for_needs(needs)
        found = sorted(self._covering(needs, candidates), key=lambda trial: trial.cost)[:2]
        # Places of the script's own for a seed may be of no use.
        others = self._covering(needs, [each for each in candidates if not each.is_default])
        found += [trial for trial in sorted(others, key=lambda trial: trial.cost)[:1] if trial not in found]
        yield from found
        if not found:
            return
        smallest = found[0]
        # What it may do by the way, it may not.
        missing = [each for each in self._candidates.holdings(needs) if each not in smallest.candidates]
        if missing:
            yield Trial((*smallest.candidates, *missing))
        for more in self._candidates.escalations():
            if not any(each.what == more.what for each in smallest.candidates):
                smallest = Trial((*smallest.candidates, *self._candidates.with_needs(more, smallest.candidates)))
                yield smallest

    @staticmethod
    def _covering(needs: set[Need], candidates: Sequence[Candidate]) -> Iterator[Trial]:
        """Yield the sets of as few of ``candidates`` as cover ``needs``."""
        forced = [
            each
            for each in candidates
            if any(sum(need in other.covers for other in candidates) == 1 for need in needs & each.covers)
        ]
        uncovered = needs - _covered(forced)
        others = [each for each in candidates if each not in forced and each.covers & uncovered]
        if not uncovered:
            yield Trial(tuple(forced))
            return
        if len(others) > _MOST_CANDIDATES:
            yield Trial((*forced, *_greedy(others, uncovered)))
            return
        for count in range(1, len(others) + 1):
            some = False
            for chosen in itertools.combinations(others, count):
                if uncovered <= _covered(chosen):
                    some = True
                    yield Trial((*forced, *chosen))
            if some:
                return

    def _plain(self, trial: Trial, texts: dict[str | None, str]) -> RunRequest:
        """Return the request for a cold run of the script with ``texts``, in which nothing is observed."""
        settings = tuple(setting for each in trial.candidates for setting in each.settings)
        files = self._candidates.texts
        return replace(
            self._request,
            script=texts.get(None, self._request.script),
            changes=tuple((files.path(file), text) for file, text in texts.items() if file is not None),
            environment=(*self._request.environment, *settings),
            is_private=self._request.path is not None,
            is_plain=True,
            audits=False,
            holds=(),
            turns=(),
        )

    def _values(self, run: Run, edits: Sequence[Edit]) -> dict[str, object]:
        """Return what ``run`` of a changed script drew, by the labels that the script as it is gives its draws.

        A text without a name is called by its line, which an edit moves.
        """
        labels = [_as_before(draw, edits) for draw in run.draws]
        for known in self._labels:
            if [_without_line(label) for label in known] == [_without_line(label) for label in labels]:
                labels = known
                break
        return {label: draw.identity for label, draw in zip(labels, run.draws, strict=True)}

    def _judged(
        self,
        trial: Trial,
        texts: dict[str | None, str],
        edits: tuple[Edit, ...],
        drawn: Sequence[dict[str, object]],
        asked: Sequence[str],
    ) -> Fix:
        # A loop may end sooner than it did: its last draws are missing in all runs then, or in none.
        needed = self._always.intersection(asked)
        whole = [tuple(map(values.get, asked)) for values in drawn if needed <= values.keys()]
        repeated = max(Counter(whole).values(), default=0)
        labels = tuple(label for label in asked if any(label in values for values in drawn))
        settings = tuple(f"{name}={value}" for each in trial.candidates for name, value in each.settings)
        holds = {each.what for each in trial.candidates}
        is_raced = bool(self._influence.shared) or any(each.is_decided_by_threads for each in trial.candidates)
        is_sure = not is_raced and not PARALLEL.intersection(holds)
        return Fix(
            edits=edits,
            settings=settings,
            diff=unified_diff(texts, self._candidates.texts),
            repeated=repeated,
            of=self._proof,
            proved=repeated == self._proof and is_sure,
            labels=labels,
        )


def needs_of(influence: Influence) -> set[Need]:
    """Return what has to be seen to for each draw that does not repeat: the leaks that move it, and holds."""
    by_id = {source.id: source for source in influence.sources}
    found = set()
    for draw in influence.draws:
        for name in draw.moved_by if not draw.repeats else ():
            if by_id[name].kind == "taken" or by_id[name].varies:
                found.add(Need(name, draw.label))
    for item in influence.residual:
        found.update(Need(hold, item.label) for hold in item.helped_by)
    return found


def _has_word(lines: Sequence[str], word: str) -> bool:
    return any(re.search(rf"\b{re.escape(word)}\b", line) for line in lines)


def _repeating(labels: Iterable[str], drawn: Sequence[dict[str, object]]) -> set[str]:
    """Return those of ``labels`` that are the same in all runs that have ``drawn``."""
    return {
        label
        for label in labels
        if all(label in values for values in drawn) and len({values[label] for values in drawn}) == 1
    }


def _as_before(draw: Draw, edits: Iterable[Edit]) -> str:
    """Return the label of ``draw``, with the line that it had before ``edits`` where it is called by its line."""
    if draw.line is None or not re.search(rf"\bline {draw.line}( #[0-9]+)?$", draw.label):
        return draw.label
    before = _line_before(draw.line, [edit for edit in edits if edit.file is None])
    return re.sub(r"\bline [0-9]+(?=( #[0-9]+)?$)", f"line {before}", draw.label)


def _line_before(line: int, edits: Iterable[Edit]) -> int:
    """Return which line of the script became ``line`` by ``edits``, which are in their order."""
    moved = 0
    for edit in edits:
        begin, count = edit.line + moved, len(edit.text.splitlines())
        if line < begin:
            break
        if line < begin + count:
            return edit.line + min(line - begin, max(edit.replaces - 1, 0))
        moved += count - edit.replaces
    return line - moved


def _without_line(label: str) -> str:
    return re.sub(r"\bline [0-9]+", "line", label)


def _covered(candidates: Iterable[Candidate]) -> set[Need]:
    return {need for each in candidates for need in each.covers}


def _greedy(candidates: Sequence[Candidate], needs: set[Need]) -> list[Candidate]:
    chosen: list[Candidate] = []
    while needs:
        best = max(candidates, key=lambda each: (len(each.covers & needs), -each.edits, -each.lines, -each.rank))
        if not best.covers & needs:
            break
        chosen.append(best)
        needs = needs - best.covers
    return chosen
