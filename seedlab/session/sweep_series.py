"""The draws of sweeps as series, for whoever looks at their distribution."""

import msgspec
import numpy as np

from seedlab.analysis.series import Series
from seedlab.messages.sweeps import are_seeds
from seedlab.session.sweep_store import Numbers, SweepResults, named_element


class SweepSource(msgspec.Struct, frozen=True):
    """The draw ``name`` in sweeps; ``name`` is a label, or one with the position of an element: ``weights[3]``."""

    name: str
    results: tuple[SweepResults, ...]

    @property
    def label(self) -> str:
        return self.name

    @property
    def makers(self) -> tuple[str, ...]:
        return tuple(each.about.name for each in self.results)

    def labels(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(label for each in self.results for label in each.labels()))

    def series(self, maker: int, label: str) -> Series:
        results = self.results[maker]
        label_alone, element = named_element(label, results.labels())
        return series_of(results, results.numbers(label_alone, element), label)


def series_of(results: SweepResults, numbers: Numbers, label: str) -> Series:
    """Return ``numbers`` of ``results`` as the series called ``label``."""
    return Series(
        label=label,
        maker=results.about.name,
        kind="run" if not results.about.turns else "seed" if are_seeds(results.about.sources) else "value",
        points=numbers.points,
        values=numbers.values,
        own=own_position(results, numbers),
    )


def own_position(results: SweepResults, numbers: Numbers) -> int | None:
    """Return the position of the run with the script's own seeds; None where there is none."""
    own = results.about.own
    if own is None or not len(numbers.values) or numbers.points.shape[1] != len(own):
        return None
    found = np.flatnonzero((numbers.points == np.array(own)).all(axis=1))
    return int(found[0]) if found.size else None
