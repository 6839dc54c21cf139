"""The article's five experiments and every value that it printed."""

import functools
from decimal import Decimal

import msgspec

from seedlab.libraries.registry import experiment_of
from seedlab.resource_files import resource
from seedlab.study.experiment import Experiment

SeedPair = tuple[int, int]


class Published(msgspec.Struct, frozen=True):
    """What the article printed for one experiment."""

    claim: str
    runs: tuple[dict[str, tuple[str, ...]], ...]
    """For each run, the printed decimals in row-major order, by label."""
    seeds: dict[str, SeedPair | None] = {}
    """The pair of seeds that each op had there, by the name of the op; None where it had none."""

    def fixed(self, label: str) -> tuple[Decimal, ...] | None:
        """Return the decimals printed under ``label``; None where the published runs disagree or have none."""
        printed = {run.get(label) for run in self.runs}
        only = printed.pop() if len(printed) == 1 else None
        return None if only is None else tuple(Decimal(text) for text in only)


class Preset(msgspec.Struct, frozen=True):
    """A named experiment of the article."""

    name: str
    title: str
    experiment: Experiment

    @property
    def published(self) -> Published:
        """What the article printed for this experiment."""
        return _article().presets[self.name]


class _Article(msgspec.Struct):
    about: str
    presets: dict[str, Published]


@functools.cache
def _article() -> _Article:
    return msgspec.json.decode(resource("article.json").read_bytes(), type=_Article)


def _tensorflow(placement: str, sessions: int = 1) -> Experiment:
    return experiment_of("tensorflow-graph", placement=placement, sessions=sessions)


PRESETS = {
    preset.name: preset
    for preset in (
        Preset(
            "random",
            "Python random, seeded twice",
            experiment_of("python-random"),
        ),
        Preset(
            "numpy",
            "NumPy global state, seeded twice",
            experiment_of("numpy-legacy"),
        ),
        Preset("after-graph", "TensorFlow, seed set after the graph", _tensorflow("after-graph", sessions=2)),
        Preset("before-graph", "TensorFlow, seed set before the graph", _tensorflow("before-graph")),
        Preset("after-op", "TensorFlow, seed set after the op", _tensorflow("after-op")),
    )
}


def preset_of(experiment: Experiment) -> Preset | None:
    """Return the preset that makes exactly the choices of ``experiment``; None where there is none."""
    return next((preset for preset in PRESETS.values() if preset.experiment == experiment), None)
