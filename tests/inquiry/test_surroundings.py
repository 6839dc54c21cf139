"""What an inquiry says of draws that the surroundings move, in a world of which all is known."""

from collections.abc import Callable

from seedlab.engine.request import RunRequest
from seedlab.inquiry.influence import Inquiry
from seedlab.results.run import Outcome, Run
from tests.helpers.values import text_draw

World = Callable[[RunRequest, int], dict[str, str]]
"""What each draw of a run is, by its label; the number counts the runs, the free ones included."""


def inquired(world: World, free: int = 2) -> Inquiry:
    made = 0

    def run(request: RunRequest) -> Run:
        nonlocal made
        made += 1
        draws = tuple(text_draw(label, text) for label, text in world(request, made).items())
        return Run(index=request.index, outcome=Outcome.FINISHED, seconds=0.1, text="", draws=draws, trace=())

    request = RunRequest(script="", executable="python")
    inquiry = Inquiry(request, [run(request) for _ in range(free)])
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
