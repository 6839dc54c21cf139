"""The article's five experiments and every value that it printed."""

import functools
from decimal import Decimal

import msgspec

from seedlab.libraries.registry import experiment_of
from seedlab.phrases import noted
from seedlab.resource_files import resource
from seedlab.study.experiment import Choice
from seedlab.study.preset import Expectation, Preset

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


class _Article(msgspec.Struct):
    about: str
    title: str
    presets: dict[str, Published]


@functools.cache
def _article() -> _Article:
    return msgspec.json.decode(resource("article.json").read_bytes(), type=_Article)


def published(name: str) -> Published:
    """Return what the article printed for its experiment ``name``. Raises KeyError where it has no such one."""
    return _article().presets[name]


def article_title() -> str:
    """Return the title of the article, as its English translation has it."""
    return _article().title


_SIX = ("1", "2", "3", "4", "5", "6")
_STARTS_OVER = Expectation(repeats=_SIX, equal=(("1", "4"), ("2", "5"), ("3", "6")))
_OP2_ALONE = Expectation(repeats=("op2-1", "op2-2"), differs=("op1-1", "op1-2"))
_FOUR = ("op1-1", "op1-2", "op2-1", "op2-2")
_ALL = Expectation(
    repeats=tuple(f"session{number}/{label}" for number in (1, 2) for label in _FOUR),
    equal=tuple((f"session1/{label}", f"session2/{label}") for label in _FOUR),
    unequal=(("session1/op1-1", "session1/op1-2"), ("session1/op2-1", "session1/op2-2")),
)


def _preset(name: str, title: str, expects: Expectation, library: str, **choices: Choice) -> Preset:
    experiment = experiment_of(library, **choices)
    return Preset(name=name, title=title, answer=published(name).claim, expects=expects, experiment=experiment)


ARTICLE = {
    preset.name: preset
    for preset in (
        _preset("random", noted("Does random.seed, set again, start over?"), _STARTS_OVER, "python-random"),
        _preset("numpy", noted("Does np.random.seed, set again, start over?"), _STARTS_OVER, "numpy"),
        _preset(
            "after-graph",
            noted("Does a seed reach the ops when it is set after the graph?"),
            _ALL,
            "tensorflow-graph",
            placement="after-graph",
            sessions=2,
        ),
        _preset(
            "before-graph",
            noted("Does a seed reach the ops when it is set before the graph?"),
            _OP2_ALONE,
            "tensorflow-graph",
            placement="before-graph",
        ),
        _preset(
            "after-op",
            noted("Does a seed reach the ops when it is set after them?"),
            _OP2_ALONE,
            "tensorflow-graph",
            placement="after-op",
        ),
    )
}
