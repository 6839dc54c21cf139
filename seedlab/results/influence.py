"""Influence: which source moves which draw, found by turning one source at a time, and the fix that follows.

All values are frozen. A document says that they were found by experiment, but not by which steps.
"""

from typing import Literal

import msgspec

from seedlab.results.extra import Extra
from seedlab.results.trace import Seed


class SourcePart(msgspec.Struct, frozen=True, kw_only=True):
    """One of several states that a single statement of the script set to the same value."""

    library: str
    state: str
    door: str
    file: str | None = None
    line: int | None = None
    extra: Extra = ()


class InfluenceSource(msgspec.Struct, frozen=True, kw_only=True):
    """One place where randomness enters, with a name by which draws refer to it."""

    id: str
    """Unique within the influence, such as ``"s1"``."""
    kind: Literal["set", "taken"]
    library: str
    state: str
    door: str
    file: str | None = None
    """None for the script itself, else a path relative to it."""
    line: int | None = None
    """1-based line; for the state that a library starts with, the line that first used it. None where no line did."""
    seed: Seed = None
    count: int = 1
    """How many times it was seen in a run."""
    others: int = 0
    """How many other seeds it was given besides ``seed`` in a run, as a loop gives it."""
    parts: tuple[SourcePart, ...] = ()
    """The states that it consists of, where one statement set several."""
    through: str = ""
    """The function of a library through which it was reached; empty where the line itself reached it."""
    varies: bool = False
    """True where the runs as they are set different seeds."""
    made_from: tuple[str, ...] = ()
    """Ids of the sources that, turned, changed the seed that is set here: the seed is made from them."""
    used_by: tuple[str, ...] = ()
    """What took seeds from it by itself, such as Keras' ``"Dense/GlorotUniform"``."""
    untried: str = ""
    """Why it could not be turned; empty where it was."""
    extra: Extra = ()


class MovedDraw(msgspec.Struct, frozen=True, kw_only=True):
    """One draw, and the sources that move it."""

    label: str
    repeats: bool
    """True where the free runs all drew the same."""
    moved_by: tuple[str, ...] = ()
    """Ids of the sources."""
    unexplained: bool = False
    """True where it differs for another reason than the sources."""
    not_seen: tuple[str, ...] = ()
    """Ids of sources that did not move it in their turns, though it may take so few values that this can be chance."""
    missing: tuple[str, ...] = ()
    """Ids of sources under whose turns it was not drawn at all, or was drawn though it is not else."""
    extra: Extra = ()


class Residual(msgspec.Struct, frozen=True, kw_only=True):
    """A draw that differed although every source was held."""

    label: str
    helped_by: tuple[str, ...] = ()
    """The environment holds under which it repeated, such as ``"deterministic tf.data"``."""
    extra: Extra = ()


class Edit(msgspec.Struct, frozen=True, kw_only=True):
    """Lines of the script, or of another file, to be replaced by others."""

    file: str | None = None
    line: int
    """1-based line that the new text begins at."""
    replaces: int = 0
    """How many lines the text takes the place of; 0 inserts it before ``line``."""
    text: str
    extra: Extra = ()


class Fix(msgspec.Struct, frozen=True, kw_only=True):
    """The smallest change under which the draws repeat."""

    edits: tuple[Edit, ...] = ()
    settings: tuple[str, ...] = ()
    """What has to be set outside of the script."""
    diff: str = ""
    """The edits as a unified diff."""
    repeated: int
    """How many cold runs of the changed script drew the same."""
    of: int
    """How many cold runs there were."""
    proved: bool = False
    """True where all of them repeated and nothing was seen that could make them differ another time."""
    same_folder: bool = False
    """True where draws repeat only while each run finds its folder as the first did."""
    labels: tuple[str, ...] = ()
    """The draws that it was asked to make repeat, with those that repeat anyway."""
    extra: Extra = ()

    @property
    def is_change(self) -> bool:
        """True where something of it can be carried out for the person: an edit, or a setting."""
        return bool(self.edits or self.settings)


class NoFix(msgspec.Struct, frozen=True, kw_only=True):
    """Why some draws cannot be made to repeat by a change of the script, or by a setting."""

    code: str
    """Such as ``"clock"``, ``"threads"``, ``"no-place"`` or ``"unknown"``; libraries have codes of their own."""
    labels: tuple[str, ...]
    source: str = ""
    """The id of the source that no seed reaches; empty where it is none."""
    extra: Extra = ()


class SharedState(msgspec.Struct, frozen=True, kw_only=True):
    """A state that several threads were seen to draw from."""

    library: str
    state: str
    door: str
    threads: int
    """The largest number of them in one run."""
    extra: Extra = ()


class Influence(msgspec.Struct, frozen=True, kw_only=True):
    """What the experiment on one column's script found."""

    sources: tuple[InfluenceSource, ...] = ()
    draws: tuple[MovedDraw, ...] = ()
    residual: tuple[Residual, ...] = ()
    fix: Fix | None = None
    """None where no change was seen to work, or none is needed."""
    trials: tuple[Fix, ...] = ()
    """Smaller changes, which were tried before and did not make all repeat."""
    no_fix: tuple[NoFix, ...] = ()
    """The draws for which there is none."""
    runs: int
    """How many runs the experiment took."""
    shared: tuple[SharedState, ...] = ()
    """States from which several threads draw: what they decide can differ, however often it repeated."""
    changed: tuple[str, ...] = ()
    """The first of the files that a run changes in its folder, by their names, where what an earlier run has left there
    moves draws."""
    is_partial: bool = False
    """True where not all was tried: the experiment goes on, or ended before."""
    extra: Extra = ()

    @property
    def is_fix_known(self) -> bool:
        """True where a fix was looked for, or none is needed."""
        is_needed = any(not draw.repeats for draw in self.draws)
        return not is_needed or self.fix is not None or bool(self.no_fix or self.trials)
