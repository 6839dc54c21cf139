"""An experiment: one library, and a value for each of its choices."""

from collections.abc import Mapping
from types import MappingProxyType

import msgspec

MAX_RUNS = 10_000
MAX_SAMPLE_SIZE = 1_000_000
MAX_DRAWS = 100
MAX_VALUES = 50_000_000
"""The most values that all runs of a batch may draw together: about 400 MB."""

Choice = bool | int | float | str | None
"""The value of a choice: one that JSON can hold without conversion."""


class Experiment(msgspec.Struct, frozen=True):
    """The choices that determine what one script does. `Experiment.of` makes one.

    The library states which choices there are and which values they take (`seedlab.study.family.Family`).
    """

    library: str
    """Name of the library, such as ``"tensorflow-graph"``."""
    choices: tuple[tuple[str, Choice], ...] = ()
    """Name and value of each choice, sorted by name."""

    @classmethod
    def of(cls, library: str, choices: Mapping[str, Choice]) -> "Experiment":
        """Return the experiment of ``library`` with exactly these ``choices``."""
        return cls(library, tuple(sorted(choices.items())))

    @property
    def chosen(self) -> Mapping[str, Choice]:
        """The value of each choice by its name; read-only."""
        return MappingProxyType(dict(self.choices))

    def __getitem__(self, name: str) -> Choice:
        """Return the value of the choice ``name``. Raises KeyError where the library has no such choice."""
        return dict(self.choices)[name]

    def get(self, name: str) -> Choice:
        """Return the value of the choice ``name``; None where the library has no such choice."""
        return dict(self.choices).get(name)

    def number(self, name: str) -> int:
        """Return the value of the choice ``name`` as a whole number.

        Raises KeyError where the library has no such choice, TypeError where its value is not a whole number.
        """
        value = self[name]
        if not isinstance(value, int):
            raise TypeError(f"{name} is {value!r}, not a whole number")
        return value

    def choose(self, **choices: Choice) -> "Experiment":
        """Return this experiment with other values for some of its choices."""
        return Experiment.of(self.library, {**dict(self.choices), **choices})
