"""How runs ended, counted run by run."""

from seedlab.analysis.endings import Endings, EndingTally, Problem, endings_of
from seedlab.results.run import Outcome
from tests.helpers.values import draw, run, seed_set

ENDED = [
    run(1, draw("x", 1), trace=(seed_set(1, "python", 3),), notes=("blind",)),
    run(2, outcome=Outcome.FAILED, problem="no", details="first"),
    run(3, draw("x", 1), outcome=Outcome.TIMED_OUT, problem="no end", details="second"),
    run(4, outcome=Outcome.FAILED, problem="no", notes=("blind",)),
]


def test_the_endings_hold_what_is_told_of_all_runs() -> None:
    assert endings_of(ENDED) == Endings(
        runs=4,
        unfinished=3,
        first_unfinished=ENDED[1],
        last_drawn=ENDED[2],
        last_traced=ENDED[0],
        problems=(
            Problem(Outcome.FINISHED, "blind", (1, 4)),
            Problem(Outcome.FAILED, "no", (2, 4)),
            Problem(Outcome.TIMED_OUT, "no end", (3,)),
        ),
        details="first",
    )


def test_endings_that_grew_are_those_that_are_made_at_once() -> None:
    tally = EndingTally()
    made = [tally.endings()]
    for ended in ENDED:
        tally.add(ended)
        made.append(tally.endings())
    assert made == [endings_of(ENDED[:count]) for count in range(5)]
