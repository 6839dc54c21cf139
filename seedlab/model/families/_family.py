"""What a family states about its library."""

from collections.abc import Callable

import msgspec

from seedlab.model.experiment import Control, Experiment, IntegerControl, Placement, Station
from seedlab.model.script import Script, ScriptWriter


class Family(msgspec.Struct, frozen=True, kw_only=True):
    """One library's kind of experiment: its placements, its controls, and how its script reads."""

    name: str
    title: str
    order: int
    """Position in lists of families."""
    package: str | None
    """The distribution that the interpreter must have beside Python itself."""
    default: Experiment
    timeline: tuple[Placement | Station, ...]
    """Placements and the steps between them, in the order of the script."""
    unset: Placement
    """The placement that sets no seed."""
    controls: tuple[Control, ...]
    write_script: Callable[[Experiment], Script]
    """Pure. Its argument has passed `seedlab.model.families.check`."""

    @property
    def placements(self) -> tuple[Placement, ...]:
        """All placements, the one that sets nothing first."""
        return (self.unset, *(item for item in self.timeline if isinstance(item, Placement)))


NOT_SET = Placement("none", "not set", "No seed is set: every run starts from the system's randomness.")


def seed_twice_timeline(state: str) -> tuple[Placement | Station, ...]:
    """Timeline of the libraries without graphs: seed once, or once more between two halves of draws."""
    return (
        Placement("once", "once, at the start", f"The seed is set once: {state} goes on from draw to draw."),
        Station("first half of the draws"),
        Placement("again", "again, half way", f"The seed is set a second time: {state} starts over.", also=("once",)),
        Station("second half of the draws"),
    )


def draws_control(maximum: int) -> IntegerControl:
    return IntegerControl(
        field="draws_per_op", title="Draws per half", about="Draws before, and after, the half way point.",
        minimum=1, maximum=maximum,
    )  # fmt: skip


def write_halves(writer: ScriptWriter, experiment: Experiment, seed: str, draw: str, unseeded: str = "") -> Script:
    """Two halves of numbered draws of the expression ``draw``, with the statement ``seed`` where placed.

    ``unseeded`` is the statement that must stand in the place of ``seed`` when no seed is set.
    """
    if experiment.placement != "none":
        writer.seed_line(seed)
    elif unseeded:
        writer.line(unseeded)
    for number in range(1, 2 * experiment.draws_per_op + 1):
        if number == experiment.draws_per_op + 1 and experiment.placement == "again":
            writer.seed_line(seed)
        writer.line(f'print("{number}:", {draw})')
    return writer.script()
