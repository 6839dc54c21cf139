"""What one press sets side by side, whatever the names of a library's choices are."""

from seedlab.study.comparing import over_placements, over_seeds
from seedlab.study.controls import Placement, Station, TimelineControl
from seedlab.study.experiment import Experiment

NOWHERE = Placement("nowhere", "nowhere", "No seed is set.")
START = Placement("start", "at the start", "The seed is set at the start.")
SHORT = TimelineControl(name="place", default="start", unset=NOWHERE, timeline=(START, Station("draw")))
REACHING = TimelineControl(name="place", default="start", unset=NOWHERE, timeline=(START,), reaching="start")


def experiment(place: str, key: int) -> Experiment:
    return Experiment.of("made-up", {"place": place, "key": key})


def test_one_placement_is_compared_alone() -> None:
    assert over_placements(SHORT).experiments(experiment("nowhere", 3)) == (experiment("start", 3),)


def test_two_seeds_are_set_where_the_timeline_says_that_they_reach_every_draw() -> None:
    comparison = over_seeds(REACHING, "key", title="keys")
    assert comparison.title == "Compare two keys"
    assert comparison.experiments(experiment("nowhere", 1)) == (experiment("start", 1), experiment("start", 0))


def test_without_such_a_place_two_seeds_are_compared_only_where_one_is_set() -> None:
    comparison = over_seeds(SHORT, "key", title="keys")
    assert comparison.experiments(experiment("nowhere", 3)) == ()
    assert comparison.experiments(experiment("start", 3)) == (experiment("start", 3), experiment("start", 1))
