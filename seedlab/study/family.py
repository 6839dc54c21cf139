"""A family: one library's kind of experiment, with its choices and the way its script is written."""

from collections.abc import Callable, Mapping

import msgspec

from seedlab.errors import ChoiceError
from seedlab.phrases import noted_plural, plural, sentence, shortened
from seedlab.study.controls import (
    ChoiceControl,
    Control,
    DeviceControl,
    IntegerControl,
    Placement,
    Station,
    TimelineControl,
    counted,
)
from seedlab.study.experiment import MAX_RUNS, MAX_VALUES, Choice, Experiment
from seedlab.study.script import Script, ScriptWriter


class Family(msgspec.Struct, frozen=True, kw_only=True):
    """What a library states about its experiments."""

    name: str
    title: str
    order: int
    """Position in lists of libraries."""
    package: str | None
    """The package that the interpreter must have; None where Python itself is enough."""
    controls: tuple[Control, ...]
    """Every choice that can be made, in the order in which a person reads them."""
    write_script: Callable[[Experiment], Script]
    """Return the script of an experiment that has passed `check`; pure."""
    count_values: Callable[[Experiment], int]
    """Return how many values one run of the experiment draws."""
    environment: Callable[[Experiment], tuple[tuple[str, str | None], ...]] = lambda _: ()
    """Return the variables under which the script is started, None for one that is removed; pure."""
    also_needs: Callable[[Experiment], str | None] = lambda _: None
    """Return another package that the interpreter must have for an experiment; None where it needs no other."""
    restrict: Callable[[Experiment], None] = lambda _: None
    """Raise a `ChoiceError` where choices that are possible each by itself do not go together."""
    formerly: Mapping[str, Mapping[str, Choice]] = {}
    """Earlier names of the library, as documents have them, each with the choices that it stood for."""
    seed: str | None = None
    """The name of the control of the seed that the timeline places; None where there is none."""
    doors: tuple[str, ...] = ()
    """The doors at which the script's sources are seen; each is owned by one library's doors.py."""

    @property
    def default(self) -> Experiment:
        """The experiment with every choice at its default."""
        return Experiment.of(self.name, {control.name: control.default for control in self.controls})

    def experiment(self, **choices: Choice) -> Experiment:
        """Return the default experiment with ``choices`` in the place of its own."""
        return self.default.choose(**choices)

    def control(self, name: str) -> Control | None:
        """Return the control of the choice ``name``; None where there is none."""
        return next((control for control in self.controls if control.name == name), None)

    @property
    def timeline(self) -> TimelineControl:
        """The control that places the seed."""
        return next(control for control in self.controls if isinstance(control, TimelineControl))

    @property
    def placements(self) -> tuple[Placement, ...]:
        """All placements; the one that sets no seed comes first."""
        return self.timeline.placements

    @property
    def second(self) -> str | None:
        """The name of the first choice that is neither the timeline nor the seed; None where there is no other."""
        others = (control.name for control in self.controls if control is not self.timeline)
        return next((name for name in others if name != self.seed), None)

    def device(self, experiment: Experiment) -> Choice:
        """Return the device that ``experiment`` chooses; None where there is no such choice."""
        return next((experiment[control.name] for control in self.controls if isinstance(control, DeviceControl)), None)

    def check(self, experiment: Experiment) -> None:
        """Raise a `ChoiceError` that names the first choice of ``experiment`` that cannot be run."""
        chosen = experiment.chosen
        for control in self.controls:
            if control.name not in chosen:
                raise ChoiceError(
                    control.name, sentence("{title} is not chosen.", title=control.title), sentence("Choose it.")
                )
            control.check(chosen[control.name])
        unknown = [name for name in chosen if self.control(name) is None]
        if unknown:
            raise self.unknown(unknown[0])
        self.restrict(experiment)

    def unknown(self, name: str) -> ChoiceError:
        """Return the error that says there is no choice ``name``."""
        what = sentence("{title} has no {name} to choose.", title=self.title, name=shortened(name.replace("_", " ")))
        return ChoiceError(name, what, sentence("Leave that choice out."))

    def check_batch(self, experiment: Experiment, runs: int) -> None:
        """Raise a `ChoiceError` when ``experiment`` cannot be run, or cannot be run ``runs`` times.

        There may be 1 to `MAX_RUNS` runs, which may draw `MAX_VALUES` values together.
        """
        self.check(experiment)
        check_runs(runs)
        values = runs * self.count_values(experiment)
        if values > MAX_VALUES:
            raise ChoiceError(
                "runs",
                plural(
                    "{count} run would draw {values:,} values; seedlab holds at most {most:,} at once.",
                    "{count} runs would draw {values:,} values; seedlab holds at most {most:,} at once.",
                    runs,
                    values=values,
                    most=MAX_VALUES,
                ),
                sentence("Choose fewer runs, fewer draws or fewer values per draw."),
            )


def check_runs(runs: int) -> None:
    """Raise a `ChoiceError` when ``runs`` runs of a script are none, or more than a document holds."""
    if type(runs) is not int or not 1 <= runs <= MAX_RUNS:
        raise ChoiceError(
            "runs",
            sentence("The number of runs cannot be {runs}.", runs=runs),
            sentence("Choose from 1 to {most} runs.", most=MAX_RUNS),
        )


SEED = "graph_seed"
"""The name of the control that `seed_control` makes."""
NOT_SET = Placement(
    "none", sentence("not set"), sentence("No seed is set: every run starts from the system's randomness.")
)


# --- what the libraries without graphs have in common --------------------------------------------


def seed_twice_timeline(state: str) -> TimelineControl:
    """Return a timeline that sets the seed once, or again between two halves of draws.

    ``state`` names, in a sentence, what the seed is set on.
    """
    return TimelineControl(
        default="again",
        unset=NOT_SET,
        timeline=(
            Placement(
                "once",
                sentence("once, at the start"),
                sentence("The seed is set once: {state} goes on from draw to draw.", state=state),
            ),
            Station(sentence("first half of the draws")),
            Placement(
                "again",
                sentence("again, half way"),
                sentence("The seed is set a second time: {state} starts over.", state=state),
                also=("once",),
            ),
            Station(sentence("second half of the draws")),
        ),
        reaching="again",
    )


def seed_control(*, title: str, about: str, minimum: int, maximum: int) -> IntegerControl:
    """Return the control of the seed, which is set where the placement is."""
    return IntegerControl(
        name=SEED, title=title, about=about, default=0, minimum=minimum, maximum=maximum,
        naming=lambda value: sentence("seed {value}", value=value), metavar="SEED",
    )  # fmt: skip


def size_control(maximum: int) -> IntegerControl:
    """Return the control of how many values one draw has."""
    return IntegerControl(
        name="sample_size", title=sentence("Values per draw"),
        about=sentence("How many values one draw returns."), default=3,
        minimum=1, maximum=maximum, naming=counted(*noted_plural("{count} value", "{count} values")),
    )  # fmt: skip


def draws_control(maximum: int, *, default: int, title: str, about: str) -> IntegerControl:
    """Return the control of how many draws are made."""
    return IntegerControl(
        name="draws_per_op", title=title, about=about, default=default, minimum=1, maximum=maximum,
        naming=counted(*noted_plural("{count} draw", "{count} draws")),
    )  # fmt: skip


def half_draws_control(maximum: int) -> IntegerControl:
    """Return the control of how many draws each half has."""
    about = sentence("How many draws there are before the half way point, and after it.")
    return draws_control(maximum, default=3, title=sentence("Draws per half"), about=about)


def count_half_values(experiment: Experiment) -> int:
    """Return how many values the two halves of ``experiment`` draw together."""
    size = experiment.number("sample_size") if "sample_size" in experiment.chosen else 1
    return 2 * experiment.number("draws_per_op") * size


SHUFFLE = "shuffle"


def drawn_control(about: str) -> ChoiceControl:
    """Return the control of whether values are drawn, or a shuffle in place; ``about`` is a sentence."""
    return ChoiceControl(
        name="drawn", title=sentence("What is drawn"), about=about, default="values", choices=("values", SHUFFLE),
        naming=lambda value: sentence("shuffled in place") if value == SHUFFLE else sentence("values"),
    )  # fmt: skip


def is_shuffled(experiment: Experiment) -> bool:
    """Return True where each draw of ``experiment`` shuffles ``numbers`` in place."""
    return experiment["drawn"] == SHUFFLE


def write_halves(
    writer: ScriptWriter, experiment: Experiment, seed: str, draw: Callable[[int], str], unseeded: str = ""
) -> Script:
    """Return a script of two halves of numbered draws.

    ``draw`` gives the expression of each draw by its number, from 1; where that shuffles, ``numbers`` are printed.
    ``seed`` is the statement that is written at the placement, and ``unseeded`` takes its place when no seed is set.
    """
    placement, draws = experiment["placement"], experiment.number("draws_per_op")
    if placement != NOT_SET.name:
        writer.seed_line(seed)
    elif unseeded:
        writer.line(unseeded)
    for number in range(1, 2 * draws + 1):
        if number == draws + 1 and placement == "again":
            writer.seed_line(seed)
        if is_shuffled(experiment):
            writer.line(draw(number))
            writer.line(f'print("{number}:", numbers)')
        else:
            writer.line(f'print("{number}:", {draw(number)})')
    return writer.script()
