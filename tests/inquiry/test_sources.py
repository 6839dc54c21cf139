"""Sources, as runs show them."""

from msgspec.structs import replace

from seedlab.inquiry.sources import sources_of
from seedlab.messages.influence import mark_text, source_text
from seedlab.results.run import Outcome, Run
from seedlab.results.trace import Source, Use


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


def test_of_a_loop_that_sets_seeds_it_is_told_that_there_are_more() -> None:
    (found,) = sources_of([run_with(1, 2, 3, 3), run_with(1, 2, 3, 3)])
    assert (found.source.seed, found.source.others) == (1, 2)
    assert source_text(found.source).startswith("the seed 1 and 2 more that ")
    assert mark_text(found.source) == "seed 1 and 2 more"
    (once,) = sources_of([run_with(1, 1), run_with(1, 1)])
    assert (once.source.others, mark_text(once.source)) == (0, "seed 1")


def test_what_takes_its_seed_from_pythons_state_by_itself_is_named() -> None:
    first_use = Source(kind="taken", library="python", state="global", door="random", line=3)
    taken = [
        Use(
            library="keras",
            state="python global",
            door="keras.make_default_seed",
            line=line,
            seeds=(7, 0),
            through=name,
        )
        for line, name in ((3, "Dense/GlorotUniform"), (4, "Dropout"), (4, "Dropout"))
    ]
    (found,) = sources_of([replace(run_with(), trace=(first_use, *taken))])
    assert found.source.used_by == ("Dense/GlorotUniform", "Dropout")
