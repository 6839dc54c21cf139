"""The sweep of one script: what is executed, in which order, and what is kept of it.

1. The script as it is, once, watched: which sources it has, and what it does outside its folder.
2. Witnesses: cold runs of two points, one of them twice, and faster runs of the same two. What differs between the
   equal cold ones has a cause that no seed decides; where a faster run shows something else, all others are cold.
3. Each point that has no run yet, in order. Every run sees the folder privately, with all other sources held.
"""

import math
import os
from collections.abc import Callable, Generator, Hashable, Iterable
from itertools import islice

import msgspec
import numpy as np
from msgspec.structs import replace

from seedlab.analysis.witnesses import disagreement
from seedlab.engine.executors.own_scripts import stamp_of_program
from seedlab.engine.request import Plan, RunRequest
from seedlab.errors import ChoiceError
from seedlab.inquiry.holds import HASHES, SOURCES
from seedlab.inquiry.sources import site_of, sources_of
from seedlab.inquiry.turning import Turned, name_of, told_text, turned_by
from seedlab.libraries.all_capabilities import cold_bytes
from seedlab.libraries.registry import FAMILIES, check, script_of
from seedlab.messages.sweeps import changed_error, look_failed_text, no_draw_error
from seedlab.phrases import recorded, sentence
from seedlab.results.effects import Effects
from seedlab.results.environment import Interpreter
from seedlab.results.run import Outcome, Run
from seedlab.results.trace import Source
from seedlab.session.sweep_folders import key_of
from seedlab.session.sweep_store import About, SweepResults, SweepStore, named_element, unwritable, utf8
from seedlab.study.controls import IntegerControl
from seedlab.study.experiment import Experiment
from seedlab.study.lab import now
from seedlab.study.program import Program
from seedlab.study.sweep import LEAST, MOST, Point, Sweep

CHUNK = 2048
"""The number of runs in a plan: a million requests at once would take a gigabyte."""
MIN_WITNESSED = 8
"""The number of points from which on some are started in a faster way than cold."""
LEAST_FOR_INTERVAL = 30
"""An interval is not trusted before so many runs."""
WATCHED = recorded("the first run of a script of yours is watched")
WITNESS = recorded("it is a witness of the faster ones")
FEW = recorded("fewer than {least} runs are all cold", least=MIN_WITNESSED)

_Asked = list[tuple[Point | None, RunRequest]]
_Steps = Generator[_Asked, list[Run], None]


class Cost(msgspec.Struct, frozen=True):
    """What the runs that are still to be made will cost."""

    runs: int
    seconds: float
    """The seconds that they will take, as far as one can say from those that were made."""
    memory_bytes: int
    """The memory that those which go on at once may take together."""


class Stopping(msgspec.Struct, frozen=True):
    """When a sweep stops before all points have their runs."""

    label: str = ""
    """The draw whose mean is looked at."""
    width: float = math.inf
    """The width of the 95 % interval of its mean at which that is known well enough."""
    at_most_s: float = math.inf


class Sweeping:
    """Drives one sweep. Ask for `next_plan`, `keep` each of its runs as it ends, and ask again, until it is None."""

    def __init__(
        self,
        request: RunRequest,
        sweep: Sweep,
        interpreter: Interpreter,
        *,
        name: str,
        open_store: Callable[[About], SweepStore],
        experiment: Experiment | None = None,
        program: Program | None = None,
        jobs: int | None = None,
        is_cold: bool = False,
        agrees: bool = False,
        whole: Iterable[str] = (),
        stopping: Stopping | None = None,
    ) -> None:
        """``request`` is of one run as it is: of ``experiment``, of ``program``, or of a script without a file.

        With ``is_cold`` all runs are started cold anyway.
        ``open_store`` is called once it is known what is turned. Draws with the labels ``whole`` are kept however large
        they are. Unless somebody ``agrees``, a program that does something outside its folder gets one run. Raise
        `ChoiceError` where the sweep makes no sense.
        """
        sweep.check()
        self.sweep = sweep
        self.store: SweepStore | None = None
        self.effects: Effects | None = None
        """What the program does outside its folder, where nobody has agreed to that."""
        self.problem = ""
        """Why no more can be made, as a sentence."""
        self.cold_reason = ""
        """Why all runs are started cold; empty where they need not be."""
        self.noisy: tuple[str, ...] = ()
        """Draws that differed between two runs of the same point: something else than the seed decides them, too."""
        self.known = 0
        """The number of points that had their runs before."""
        self.done = 0
        """The number of points that have got their runs now."""
        self.failed = 0
        self.refused = 0
        """The number of runs that could not be begun."""
        self.refusal = ""
        """Why they could not, as a clause."""
        self.missed: dict[str, int] = {}
        """Where a run has set the script's own seed all the same, and in how many runs that was seen."""
        self.is_measured = False
        """True once runs were made in the way in which the rest will be."""
        self.is_enough = False
        """True once the interval is narrow enough."""
        self._request = replace(request, cold_reason="")
        self._interpreter, self._name = interpreter, name
        self._experiment, self._program = experiment, program
        self._jobs, self._agrees, self._whole = jobs, agrees, tuple(whole)
        self._is_cold = is_cold
        self._stopping = stopping or Stopping()
        self._open_store = open_store
        self._turned: tuple[Turned, ...] = ()
        self._choices = tuple(self._choice_of(axis.turn) for axis in sweep.axes) if experiment is not None else ()
        self._own: Point | None = None
        self._mean = _RunningMean()
        self._held: tuple[str, ...] = ()
        self._known_sites: frozenset[str] = frozenset()
        """Where the first run has set seeds, or taken entropy."""
        self._stamp = self._stamp_now()
        self._steps = self._all_steps()
        self._asked: dict[int, tuple[Point | None, RunRequest]] = {}
        self._made: dict[int, Run] = {}
        self._begun = False
        self._index = 0
        self._took: list[float] = []
        self._check_experiment()

    # Driving.

    def next_plan(self) -> Plan | None:
        """Return what to execute next; None when the sweep is over. Raise `SeedlabError` where it cannot go on."""
        try:
            if self._begun:
                asked = self._steps.send([self._made[index] for index in sorted(self._asked)])
            else:
                self._begun = True
                asked = next(self._steps)
        except StopIteration:
            return None
        self._asked, self._made = {}, {}
        for point, request in asked:
            self._index += 1
            self._asked[self._index] = (point, replace(request, index=self._index))
        return Plan(tuple(request for _, request in self._asked.values()), self._jobs)

    def keep(self, request: RunRequest, run: Run) -> None:
        """Take ``run`` as it has ended, and keep it. Raise `DocumentError` where it cannot be kept."""
        self._made[request.index] = run
        point, _ = self._asked[request.index]
        if run.outcome is Outcome.CANCELLED:
            return
        self._took.append(run.seconds)
        if point is None or self.store is None:
            return
        if self._stamp_now() != self._stamp:
            # It may have executed something else than those before.
            raise changed_error(self._name)
        self._look_for_missed(run)
        self.store.add(point, run, self._whole)
        self.done += 1
        self.failed += run.outcome is not Outcome.FINISHED
        self._look_whether_enough(run)

    def _stamp_now(self) -> Hashable:
        """Return when the script and its modules were changed, as far as they can be known without executing it."""
        request = self._request
        if request.path is None:
            return ()
        try:
            time = os.stat(request.path).st_mtime_ns
        except OSError:
            time = 0
        return time, stamp_of_program(request.path, request.root, request.script)

    def _look_for_missed(self, run: Run) -> None:
        """Take note of places that the first run did not come to, at which the own seed is set all the same."""
        owns = [each.seed for each in self._turned if each.seed is not None]
        for event in run.trace:
            if not isinstance(event, Source) or event.kind != "set" or type(event.seed) is not int:
                continue
            if event.seed in owns and site_of(event) not in self._known_sites:
                place = f"{event.line}" if event.file is None else f"{event.file}:{event.line}"
                name = f"{event.door}@{place}"
                self.missed[name] = self.missed.get(name, 0) + 1

    def note(self, request: RunRequest, run: Run) -> None:
        """Take a run that was never begun: because it was called off, or for lack of memory."""
        if request.index in self._made:
            return
        self._made[request.index] = run
        if run.outcome is not Outcome.CANCELLED:
            self.refused += 1
            self.refusal = run.problem

    @property
    def request(self) -> RunRequest:
        """The request of one run as it is."""
        return self._request

    @property
    def total(self) -> int:
        """The number of points that have no run yet, as far as that is known."""
        return max(self.sweep.count - self.known, self.done)

    def cost(self, at_once: int) -> Cost:
        """Return what is left to do, from the runs that were made; ``at_once`` is how many of them go on together."""
        runs = self.total - self.done
        recent = self._took[-64:]
        each = sum(recent) / len(recent) if recent else 0.0
        together = max(min(at_once, runs), 1)
        return Cost(runs, each * runs / together, together * cold_bytes(self._request.script))

    # The steps.

    def _all_steps(self) -> _Steps:
        base = self._request
        if self._experiment is None:
            looked = yield [(None, replace(base, is_private=base.path is not None, audits=True, cold_reason=WATCHED))]
            run = looked[0]
            if run.outcome is not Outcome.FINISHED:
                self.problem = look_failed_text(run.problem)
                return
            if run.effects is not None and run.effects.outside and not self._agrees:
                self.effects = run.effects
                return
            self._turn(run)
        else:
            self._own = tuple(self._experiment.number(choice) for choice in self._choices) if self._choices else None
        self.store = self._open_store(self._about())
        self.noisy = self.store.about.noisy
        done = self.store.done()
        self._remember_mean()
        points = [point for point in self._points() if point not in done]
        self.known = max(self.sweep.count - len(points), 0)
        if self._experiment is None and base.path is not None:
            if len(points) < MIN_WITNESSED:
                self.cold_reason = FEW
                yield from self._look_for_noise(points)
            else:
                yield from self._witness(points)
        elif self._experiment is not None and points:
            # What one takes says what all will.
            first = yield [(points[0], self._request_of(points[0]))]
            self._check_draws(first[0])
            del points[0]
        self.is_measured = True
        rest = iter(points)
        while chunk := list(islice(rest, CHUNK)):
            if self.is_enough:
                return
            yield [(point, self._request_of(point)) for point in chunk]

    def _points(self) -> Iterable[Point]:
        """Return the points, the script's own first."""
        if self._own is not None:
            yield self._own
        yield from (point for point in self.sweep.points() if point != self._own)

    def _turn(self, run: Run) -> None:
        found = sources_of([run])
        self._known_sites = frozenset(site for each in found for site in each.sites)
        self._check_draws(run)
        self._turned = tuple(turned_by(axis.turn, found) for axis in self.sweep.axes)
        sites = [site for turned in self._turned for site in turned.sites]
        self._held = tuple(told_text(each.source) for each in found if not set(each.sites) & set(sites))
        if len(set(sites)) < len(sites):
            raise ChoiceError(
                "turn", sentence("The same source is turned twice."), sentence("Turn two sources that are different.")
            )
        # What is larger cannot be one of the values.
        owns = [seed if seed is None or LEAST <= seed <= MOST else None for seed in (t.seed for t in self._turned)]
        self._own = tuple(seed for seed in owns if seed is not None) if owns and None not in owns else None

    def _look_for_noise(self, points: list[Point]) -> _Steps:
        """Find which draws are not the same at the same point, and remove it from ``points``."""
        if self.sweep.axes and points:
            request = self._request_of(points[0])
            runs = yield [(points[0], request), (None, request)]
            del points[0]
            self._note_noise(runs[0], runs[1])

    def _note_noise(self, one: Run, other: Run) -> None:
        assert self.store is not None
        if one.outcome is not Outcome.FINISHED or other.outcome is not Outcome.FINISHED:
            return
        self.noisy = tuple(dict.fromkeys((*self.noisy, *map(utf8, _differing(one, other)))))
        try:
            self.store.write_about(replace(self.store.about, noisy=self.noisy))
        except OSError as error:
            raise unwritable(self.store.folder, error) from error

    def _check_draws(self, run: Run) -> None:
        """Raise `ChoiceError` where a draw that was named is none of ``run``, before all the others are made."""
        labels = [draw.label for draw in run.draws]
        missing = next((label for label in self._whole if label not in labels), None)
        if missing is not None and run.outcome is Outcome.FINISHED:
            raise no_draw_error(missing, self._name, labels)

    def _witness(self, points: list[Point]) -> _Steps:
        """Find whether runs may be started in a faster way, and remove from ``points`` those that got their runs."""
        first, second = points[:2]
        cold = [replace(self._request_of(point), cold_reason=WITNESS) for point in (first, second, first)]
        if not self.sweep.axes:
            # Of the script as it is no two runs need be equal.
            runs = yield [*zip(points[:2], cold[:2], strict=True)]
            if self._is_cold:
                del points[:2]
                return
            faster = yield [(None, self._request_of(point)) for point in points[2:5]]
            found = disagreement((*runs, *faster))
            del points[:2]
            if found is not None:
                self.cold_reason = _other_text(found.label)
            return
        runs = yield [(first, cold[0]), (second, cold[1]), (None, cold[2])]
        del points[:2]
        self._note_noise(runs[0], runs[2])
        if self._is_cold:
            return
        faster = yield [(None, self._request_of(point)) for point in (first, second)]
        for witness, run in zip(runs, faster, strict=False):
            others = [label for label in _differing(witness, run) if utf8(label) not in self.noisy]
            if run.outcome is not witness.outcome or others:
                self.cold_reason = _other_text(others[0] if others else "")
                return

    def _request_of(self, point: Point) -> RunRequest:
        base = replace(self._request, cold_reason=self.cold_reason)
        if self._experiment is not None:
            if not self._choices:
                return base
            chosen = self._experiment.choose(**dict(zip(self._choices, point, strict=True)))
            environment = FAMILIES[chosen.library].environment(chosen)
            return replace(base, script=script_of(chosen).text, environment=environment)
        base = replace(base, is_private=base.path is not None)
        if not self._turned:
            return base
        turns = [turn for turned, value in zip(self._turned, point, strict=True) for turn in turned.turns(value)]
        held = replace(base, holds=(SOURCES,), turns=tuple(turns))
        is_set = any(name == "PYTHONHASHSEED" and value is not None for name, value in base.environment)
        return held if is_set else HASHES.on(held)

    def _about(self) -> About:
        request, program = self._request, self._program
        stamp = () if request.path is None else stamp_of_program(request.path, request.root, request.script)
        interpreter = replace(self._interpreter, devices=(), no_gpu_reason="", problem="", extra=())
        asked = zip(self.sweep.axes, self._turned, strict=False)
        turns = self._choices or tuple(axis.turn or _name_of(turned) for axis, turned in asked)
        places = [turned.sites for turned in self._turned] or self._choices
        # In an experiment, the seeds that are turned are no part of what all runs have in common.
        script = self._experiment if self._experiment is not None else request.script
        if self._experiment is not None and self._choices:
            script = self._experiment.choose(**dict.fromkeys(self._choices, 0))
        bare = None if program is None else replace(program, extra=())
        return About(
            name=utf8(self._name),
            key=key_of(script, bare, interpreter, stamp, places),
            turns=turns,
            seeds=tuple(axis.seeds.text for axis in self.sweep.axes),
            own=self._own,
            sources=tuple(turned.sources for turned in self._turned),
            held=self._held,
            interpreter=self._interpreter,
            created=now().isoformat(timespec="seconds"),
        )

    # Experiments.

    def _choice_of(self, turn: str) -> str:
        """Return the name of the choice that ``turn`` means. Raise `ChoiceError` where that is no seed of it."""
        assert self._experiment is not None
        family = FAMILIES[self._experiment.library]
        name = turn.replace("-", "_") or family.seed or ""
        control = family.control(name)
        seeds = [each.name for each in family.controls if isinstance(each, IntegerControl) and "seed" in each.name]
        if not isinstance(control, IntegerControl) or name not in seeds:
            what = (
                sentence("{title} has no seed “{turn}” to turn.", title=family.title, turn=turn)
                if turn
                else sentence("{title} has no seed to turn.", title=family.title)
            )
            names = ", ".join(each.replace("_", "-") for each in seeds)
            raise ChoiceError(
                "turn",
                what,
                sentence("Choose from: {names}.", names=names) if names else sentence("Turn one of a script of yours."),
            )
        return name

    def _check_experiment(self) -> None:
        """Raise `ChoiceError` where a value of an axis cannot be chosen, or changes nothing."""
        if self._experiment is None:
            return
        for choice, axis in zip(self._choices, self.sweep.axes, strict=True):
            values = axis.seeds.values
            for value in {min(values), max(values)}:
                check(self._experiment.choose(**{choice: value}))
            least, most = (self._experiment.choose(**{choice: value}) for value in (min(values), max(values)))
            if least != most and script_of(least).text == script_of(most).text:
                what = sentence(
                    "The script does not use its {choice}: it is not set anywhere.", choice=choice.replace("_", " ")
                )
                raise ChoiceError("turn", what, sentence("Choose where the seed is set with --placement."))

    def _remember_mean(self) -> None:
        """Begin with the mean of those runs that were made before."""
        assert self.store is not None
        if self._stopping.label:
            results = SweepResults(self.store.folder, self.sweep)
            label, element = named_element(self._stopping.label, results.labels())
            known = results.numbers(label, element)
            for number in known.values[np.isfinite(known.values)].tolist():
                self._mean.add(number)
            self.is_enough = self._mean.is_known(self._stopping.width)

    def _look_whether_enough(self, run: Run) -> None:
        stopping = self._stopping
        if not stopping.label or run.outcome is not Outcome.FINISHED:
            return
        label, element = named_element(stopping.label, [draw.label for draw in run.draws])
        draw = next((draw for draw in run.draws if draw.label == label), None)
        if draw is not None and draw.array.size > element and draw.array.dtype.kind in "biuf":
            self._mean.add(float(draw.array.reshape(-1)[element]))
        self.is_enough = self._mean.is_known(stopping.width)


def _name_of(turned: Turned) -> str:
    """Return the name by which `turned_by` finds what is turned, where a person has given none."""
    return f"seed={turned.seed}" if turned.seed is not None else name_of(turned.sources[0])


class _RunningMean:
    """The mean of numbers that come one by one (Welford, 1962)."""

    def __init__(self) -> None:
        self.count = 0
        self.mean = self._squares = 0.0

    def add(self, number: float) -> None:
        if not math.isfinite(number):
            return
        self.count += 1
        before = number - self.mean
        self.mean += before / self.count
        self._squares += before * (number - self.mean)

    def is_known(self, width: float) -> bool:
        """Return True where the normal 95 % interval of the mean is at most ``width`` wide."""
        if self.count < LEAST_FOR_INTERVAL:
            return False
        return 2 * 1.96 * math.sqrt(self._squares / (self.count - 1) / self.count) <= width


def _differing(one: Run, other: Run) -> list[str]:
    """Return the labels of the draws in which two runs differ."""
    draws = [{draw.label: draw.identity for draw in run.draws} for run in (one, other)]
    return [label for label in dict.fromkeys((*draws[0], *draws[1])) if draws[0].get(label) != draws[1].get(label)]


def _other_text(label: str) -> str:
    return (
        recorded("a faster run drew another “{label}” than a cold one", label=label)
        if label
        else recorded("a faster run ended otherwise")
    )
