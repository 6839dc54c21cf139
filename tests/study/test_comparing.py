"""What stands side by side, whatever the names of a library's choices are."""

from seedlab.study.comparing import laid_out
from seedlab.study.controls import ChoiceControl, IntegerControl, Placement, Station, TimelineControl
from seedlab.study.experiment import Experiment
from seedlab.study.family import Family
from seedlab.study.script import Script, ScriptWriter

NOWHERE = Placement("nowhere", "nowhere", "No seed is set.")
START = Placement("start", "at the start", "The seed is set at the start.")


def write_script(experiment: Experiment) -> Script:
    writer = ScriptWriter()
    if experiment["place"] == "start":
        writer.seed_line(f"seed({experiment['key']})")
    if experiment["count"] is not None:
        writer.line(f"print({experiment['count']})")
    return writer.script()


def family(reaching: str | None = None) -> Family:
    timeline = TimelineControl(
        name="place", default="start", unset=NOWHERE, timeline=(START, Station("draw")), reaching=reaching
    )
    key = IntegerControl(name="key", title="Key", about="The key.", default=0, minimum=0, maximum=9)
    count = IntegerControl(
        name="count", title="Count", about="How many.", default=None, optional=True, minimum=0, maximum=9
    )
    return Family(
        name="made-up",
        title="Made up",
        order=0,
        package=None,
        controls=(
            timeline,
            key,
            count,
            ChoiceControl(name="idle", title="Idle", about="Does nothing.", default="a", choices=("a", "b")),
        ),
        write_script=write_script,
        count_values=lambda _: 1,
        seed="key",
    )


def experiment(place: str, key: int = 0, count: int | None = None) -> Experiment:
    return Experiment.of("made-up", {"place": place, "key": key, "count": count, "idle": "a"})


def beside(choice: str, chosen: Experiment, reaching: str | None = None) -> tuple[Experiment, ...]:
    return laid_out(family(reaching), chosen, choice, None)


def test_one_placement_is_compared_with_none() -> None:
    assert beside("place", experiment("nowhere", 3)) == (experiment("start", 3), experiment("nowhere", 3))


def test_two_seeds_are_set_where_the_timeline_says_that_they_reach_every_draw() -> None:
    assert beside("key", experiment("nowhere", 1), "start") == (experiment("start", 1), experiment("start", 0))


def test_without_such_a_place_two_seeds_are_compared_only_where_one_is_set() -> None:
    assert beside("key", experiment("nowhere", 3)) == ()
    assert beside("key", experiment("start", 3)) == (experiment("start", 3), experiment("start", 1))


def test_a_number_that_may_be_none_is_compared_with_none() -> None:
    assert [each["count"] for each in beside("count", experiment("start", count=7))] == [7, None]
    assert [each["count"] for each in beside("count", experiment("start"))] == [1, None]


def test_what_changes_no_script_and_what_there_is_not_lay_nothing_out() -> None:
    assert beside("idle", experiment("start"), "start") == ()
    assert beside("unheard of", experiment("start")) == ()


def test_the_second_choice_is_neither_the_timeline_nor_the_seed() -> None:
    assert family().second == "count"
