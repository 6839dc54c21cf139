"""A sample of the corpus; `python -m tests.causes` inquires into all of it."""

from pathlib import Path

from tests.causes.inquiries import results_of
from tests.causes.judging import Judgement
from tests.causes.oracle import compiled, differing, disagreements
from tests.causes.plain import proved
from tests.causes.truth import SCRIPTS, all_truths

# Those of which each is about another door or trap. One of Keras takes as long as all others of the sample together;
# tests of `seedlab why` and of the presets inquire into some.
PLAIN = (
    "random_seed_too_late",
    "seed_from_clock",
    "set_order_and_seed",
    "package_beside",
    "numpy_300_generators",
    "five_sources",
    "text_unseeded",
    "none_as_a_seed",
)


def test_a_sample_is_judged_right(tmp_path: Path) -> None:
    truths, library = all_truths(), compiled(tmp_path)
    results = results_of(PLAIN, tmp_path)
    wrong = [
        (result.name, draw) for result in results for draw in result.draws if draw.judgement is not Judgement.RIGHT
    ]
    assert wrong == []
    # The fix holds in plain runs and is the smallest, or the reason for having none is the right one.
    assert {result.name: result.fix_faults for result in results if result.fix_faults} == {}
    # What differs although the system's entropy is fixed is what no seed is said to decide.
    against = {result.name: disagreements(truths[result.name], result.influence, library, 2) for result in results}
    assert {name: found for name, found in against.items() if found} == {}


def test_fixed_entropy_repeats_what_seeds_decide(tmp_path: Path) -> None:
    truths, library = all_truths(), compiled(tmp_path)
    assert differing(truths["five_sources"], library) == set()
    assert differing(truths["tf_unseeded"], library, 2) == set()
    assert differing(truths["clock_printed"], library) == {"elapsed"}


def test_plain_runs_show_what_is_known() -> None:
    truths = all_truths()
    for name in ("five_sources", "package_beside", "random_leak_that_moves_nothing"):
        assert proved(name, truths[name]) == []


def test_every_script_has_its_truth() -> None:
    truths = all_truths()
    known = {truth.path for truth in truths.values()}
    top = {path.name for path in SCRIPTS.glob("*.py")}
    folders = {f"{path.name}/{path.name}.py" for path in SCRIPTS.iterdir() if path.is_dir() and path.name[0] != "_"}
    assert known == top | folders
    assert len(truths) >= 60
