"""What an inquiry says of draws that the surroundings move, in a world of which all is known."""

from collections.abc import Callable

from seedlab.engine.request import RunRequest
from seedlab.inquiry.influence import Inquiry
from seedlab.results.run import Outcome, Run
from seedlab.results.trace import Source
from tests.helpers.values import text_draw

CLOCK_READ = Source(kind="taken", library="system", state="clock", door="time.time", line=1)

World = Callable[[RunRequest, int], dict[str, str]]
"""What each draw of a run is, by its label; the number counts the runs, the free ones included."""


def inquired(
    world: World, free: int = 2, *, reads_clock: bool = False, proof: int = 0, path: str | None = None
) -> Inquiry:
    made = 0
    trace = (CLOCK_READ,) if reads_clock else ()

    def run(request: RunRequest) -> Run:
        nonlocal made
        made += 1
        draws = tuple(text_draw(label, text) for label, text in world(request, made).items())
        return Run(index=request.index, outcome=Outcome.FINISHED, seconds=0.1, text="", draws=draws, trace=trace)

    request = RunRequest(script="", executable="python", path=path)
    inquiry = Inquiry(request, [run(request) for _ in range(free)], proof=proof)
    while (plan := inquiry.next_plan()) is not None:
        for each in plan.requests:
            inquiry.note(each, run(each))
    return inquiry


def has_fixed_hashes(request: RunRequest) -> bool:
    return ("PYTHONHASHSEED", "0") in request.environment


def test_a_draw_that_was_equal_by_chance_before_a_hold_helped_another_one_is_held_against_it_too() -> None:
    def world(request: RunRequest, number: int) -> dict[str, str]:
        if has_fixed_hashes(request):
            return {"often": "0", "seldom": "0"}
        # Equal in the four held runs that are made before any hold is tried.
        return {"often": str(number), "seldom": "1" if 3 <= number <= 6 else str(number % 3)}

    found = inquired(world)
    assert found.residual == {"often": ("hash secret",), "seldom": ("hash secret",)}
    assert [(draw.repeats, draw.unexplained) for draw in found.influence.draws] == [(False, False)] * 2


def test_a_hold_that_helped_is_remembered_where_another_draw_is_looked_at_again() -> None:
    def world(request: RunRequest, number: int) -> dict[str, str]:
        fixed = has_fixed_hashes(request)
        # It differs between the runs as they are, and for no reason that can be held.
        return {"often": "0" if fixed else str(number), "never": str(number) if number <= 2 else "0"}

    found = inquired(world)
    assert found.residual["often"] == ("hash secret",)


def test_the_clock_is_held_before_what_no_run_shows_a_sign_of() -> None:
    def world(request: RunRequest, number: int) -> dict[str, str]:
        # Few values, which the clock decides: with any other hold they may well agree for a while.
        return {"best": "0" if "clock" in request.holds or has_fixed_hashes(request) else str(number % 2)}

    assert inquired(world, reads_clock=True).residual == {"best": ("clock",)}
    assert inquired(world).residual == {"best": ("hash secret",)}


def test_a_hold_is_taken_back_where_plain_runs_under_it_differ() -> None:
    def world(request: RunRequest, number: int) -> dict[str, str]:
        # Watched runs under the hold agree by chance; the cold ones of the fix do not.
        agrees = has_fixed_hashes(request) and not request.is_plain
        return {
            "seldom": "0" if agrees else str(number % 3),
            "hashed": "0" if has_fixed_hashes(request) else str(number),
        }

    found = inquired(world, proof=3)
    told = found.influence
    assert {item.label: item.helped_by for item in told.residual} == {"seldom": (), "hashed": ("hash secret",)}
    assert [(draw.label, draw.unexplained) for draw in told.draws] == [("seldom", True), ("hashed", False)]
    assert [(reason.code, reason.labels) for reason in told.no_fix] == [("unknown", ("seldom",))]
    assert told.fix is not None
    assert told.fix.settings == ("PYTHONHASHSEED=0",)
    assert told.fix.labels == ("hashed",)


def in_folder(world: World) -> Inquiry:
    return inquired(world, path="/nowhere/script.py")


def test_the_folder_is_a_cause_where_runs_after_another_one_agree_and_the_others_do() -> None:
    found = in_folder(lambda request, _: {"step": str(request.earlier_runs), "other": "0"})
    assert found.residual == {"step": ("folder",)}
    assert [draw.repeats for draw in found.influence.draws] == [False, True]


def test_a_draw_that_differs_by_chance_is_not_put_down_to_the_folder() -> None:
    # The only run that is made after another one, as long as nothing calls for more, is the fifth.
    assert in_folder(lambda _, number: {"coin": "1" if number == 5 else "0"}).residual == {}
    # Something beside the folder has changed since the first runs that were held.
    drifting = in_folder(lambda _, number: {"coin": "1" if number >= 5 else "0"})
    assert all("folder" not in helped for helped in drifting.residual.values())


def test_how_a_run_is_started_is_not_put_down_to_the_folder() -> None:
    found = in_folder(lambda request, number: {"modules": "many" if request.cold_reason and number > 2 else "few"})
    assert all("folder" not in helped for helped in found.residual.values())


def test_what_the_folder_was_found_to_move_stays_known_where_held_runs_are_made_again() -> None:
    def world(request: RunRequest, number: int) -> dict[str, str]:
        # It differs between the runs as they are, and later on between held ones.
        return {"step": str(request.earlier_runs), "seldom": str(number if number <= 2 or number > 12 else 0)}

    found = in_folder(world)
    assert found.residual["step"] == ("folder",)


def test_a_script_without_a_file_has_no_folder_to_be_moved_by() -> None:
    found = inquired(lambda request, _: {"step": str(request.earlier_runs)})
    assert found.residual == {}
