"""Sources, as runs show them."""

from seedlab.inquiry.sources import sources_of
from seedlab.results.run import Outcome, Run
from seedlab.results.trace import Source


def run_with(*seeds: int) -> Run:
    trace = tuple(
        Source(kind="set", library="python", state="generator 1", door="random.Random", line=5, seed=seed)
        for seed in seeds
    )
    return Run(index=1, outcome=Outcome.FINISHED, seconds=1.0, text="", draws=(), trace=trace)


def test_a_source_varies_where_runs_set_other_seeds() -> None:
    (found,) = sources_of([run_with(1, 2), run_with(1, 3)])
    assert found.source.varies


def test_the_order_in_which_threads_set_their_seeds_is_no_other_seed() -> None:
    (found,) = sources_of([run_with(1, 2, 3), run_with(3, 1, 2)])
    assert not found.source.varies
