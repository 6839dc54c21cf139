"""A finding: what a rule has found, as a code with parameters; `seedlab.messages` has the words."""

import enum
from collections.abc import Callable

import msgspec

from seedlab.results.influence import InfluenceSource, MovedDraw, SharedState

Parameter = (
    int
    | float
    | str
    | None
    | tuple[int, ...]
    | tuple[str, ...]
    | InfluenceSource
    | tuple[InfluenceSource, ...]
    | MovedDraw
    | tuple[SharedState, ...]
)


class Seeding(enum.Enum):
    """What a finding says about the seed of a draw."""

    SEEDED = "seeded"
    """The draw should repeat from run to run."""
    UNSEEDED = "unseeded"
    """The draw starts from the system, anew in every run."""
    UNKNOWN = "unknown"


class Finding(msgspec.Struct, frozen=True):
    """One thing that was found. Findings that would be put in the same words are equal and have the same hash."""

    code: str
    """Library and kind, such as ``"tensorflow.graph-seed"``."""
    named: tuple[tuple[str, Parameter], ...] = ()
    """Name and value of each parameter, sorted by name."""
    lines: tuple[int, ...] = ()
    """1-based lines of the script that it is about."""
    seeding: Seeding = Seeding.UNKNOWN
    is_observed: bool = True
    """True where an event of the trace led to the finding, False where only names in the source did."""

    @classmethod
    def of(
        cls,
        code: str,
        /,
        *,
        lines: tuple[int, ...] = (),
        seeding: Seeding = Seeding.UNKNOWN,
        is_observed: bool = True,
        **parameters: Parameter,
    ) -> "Finding":
        """Return the finding ``code`` with ``parameters``."""
        return cls(code, tuple(sorted(parameters.items())), lines, seeding, is_observed)

    @property
    def parameters(self) -> dict[str, Parameter]:
        """Each parameter by its name."""
        return dict(self.named)

    def __getitem__(self, name: str) -> Parameter:
        """Return the parameter ``name``. Raises KeyError where the finding has none."""
        return dict(self.named)[name]

    def get(self, name: str) -> Parameter:
        """Return the parameter ``name``; None where the finding has none."""
        return dict(self.named).get(name)


Wording = str | Callable[[Finding], str]
"""How one code is put in words: a template over the parameters, or a function where that is not enough."""


class AnnotationKind(enum.Enum):
    """What a line did: set a seed, set one in vain, made an op with a pair, or one without."""

    SET = "set"
    UNUSED = "unused"
    USED = "used"
    SYSTEM = "system"


class Note(msgspec.Struct, frozen=True):
    """What one event of the trace did."""

    kind: AnnotationKind
    finding: Finding
