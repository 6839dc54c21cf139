"""The sources that a person names to have them turned."""

import pytest

from seedlab.errors import ChoiceError
from seedlab.inquiry.sources import FoundSource, sources_of
from seedlab.inquiry.turning import name_of, turned_by
from seedlab.results.run import Outcome, Run
from seedlab.results.trace import Seed, Source


def found_in(*events: tuple[str, int, Seed], file: str | None = None) -> tuple[FoundSource, ...]:
    """The sources of a run that has set, or where the seed is None taken, through these doors at these lines."""
    trace = tuple(
        Source(
            kind="taken" if seed is None else "set", library="x", state=door, door=door, file=file, line=line, seed=seed
        )
        for door, line, seed in events
    )
    return sources_of([Run(index=1, outcome=Outcome.FINISHED, seconds=1.0, text="", draws=(), trace=trace)])


def test_a_seed_is_turned_wherever_it_is_set() -> None:
    found = found_in(("random.seed", 2, 42), ("numpy.random.seed", 3, 42), ("random.Random", 4, 7))
    turned = turned_by("seed=42", found)
    assert [source.line for source in turned.sources] == [2, 3]
    assert turned.seed == 42
    assert turned.turns(5) == ("=5 set random.seed :2", "=5 set numpy.random.seed :3")


def test_without_a_name_it_is_the_only_seed() -> None:
    found = found_in(("random.seed", 2, 42), ("numpy.random.seed", 3, 42), ("numpy.random.default_rng", 5, None))
    assert turned_by("", found).seed == 42


@pytest.mark.parametrize("text", ["numpy.random.default_rng@5", "default_rng@5"])
def test_a_source_is_named_by_its_door_and_line_also_in_short(text: str) -> None:
    found = found_in(("random.seed", 2, 42), ("numpy.random.default_rng", 5, None))
    turned = turned_by(text, found)
    assert turned.sites == ("taken numpy.random.default_rng :5",)
    assert turned.seed is None


def test_a_source_in_a_module_beside_is_named_with_its_file() -> None:
    found = found_in(("random.seed", 2, 42), file="data/load.py")
    assert name_of(found[0].source) == "random.seed@data/load.py:2"
    assert turned_by(name_of(found[0].source), found).seed == 42
    with pytest.raises(ChoiceError):
        turned_by("random.seed@2", found)


@pytest.mark.parametrize(
    ("text", "events", "word"),
    [
        ("", [("a", 1, 1), ("b", 2, 2)], "more than one seed"),
        ("", [("a", 1, None)], "sets no seed"),
        ("", [], "no seed"),
        ("seed=3", [("a", 1, 1)], "No source"),
        ("a@2", [("a", 1, 1)], "No source"),
        ("seed", [("a", 1, 1)], "cannot be"),
        ("seed=1", [("a", 1, 1), ("a", 1, 2)], "several seeds"),
    ],
)
def test_what_cannot_be_turned_is_refused_with_what_can(
    text: str, events: list[tuple[str, int, Seed]], word: str
) -> None:
    with pytest.raises(ChoiceError, match=word) as raised:
        turned_by(text, found_in(*events))
    assert raised.value.field == "turn"


def test_the_error_names_what_there_is_to_turn() -> None:
    with pytest.raises(ChoiceError) as raised:
        turned_by("seed=9", found_in(("random.seed", 2, 42), ("numpy.random.default_rng", 5, None)))
    assert "random.seed@2 (seed 42), numpy.random.default_rng@5 (no seed)" in str(raised.value)
