"""Causes in words: what was tried is told, and of what was not, nothing is claimed."""

import pytest
from msgspec.structs import replace

from seedlab.analysis.causes import NOT_TRIED, tried_annotations, tried_explanations
from seedlab.messages.findings import finding_text
from seedlab.messages.influence import cause_texts
from seedlab.results.influence import Influence, InfluenceSource, MovedDraw
from tests.helpers.values import draw

SET = InfluenceSource(id="s1", kind="set", library="python", state="global", door="random.seed", line=1, seed=0)
LEAK = InfluenceSource(id="s2", kind="taken", library="numpy", state="global", door="numpy.random", line=2)
DRAWS = [draw("x", 1)]


@pytest.mark.parametrize("repeats", [True, False])
@pytest.mark.parametrize("sources", [(), (SET,), (SET, LEAK)])
def test_of_an_experiment_that_goes_on_nothing_is_claimed_but_what_was_seen(
    sources: tuple[InfluenceSource, ...], *, repeats: bool
) -> None:
    open_sources = tuple(replace(each, untried="it was not tried yet") for each in sources)
    moved = MovedDraw(label="x", repeats=repeats)
    influence = Influence(sources=open_sources, draws=(moved,), runs=4, is_partial=True)
    (told,) = tried_explanations(DRAWS, influence)
    assert told.findings == (NOT_TRIED,)
    notes = [finding_text(finding) for note in tried_annotations(influence) for finding in note.findings]
    assert set(notes) <= {"what it moves was not tried"}
    if sources:
        (sentence, *_) = cause_texts(["x"], moved, open_sources, ())
        assert "not all sources were tried" in sentence


def test_what_was_seen_is_told_though_the_experiment_goes_on() -> None:
    moved = MovedDraw(label="x", repeats=False, moved_by=("s2",))
    influence = Influence(sources=(replace(SET, untried="not yet"), LEAK), draws=(moved,), runs=4, is_partial=True)
    (told,) = tried_explanations(DRAWS, influence)
    assert told.findings[0].code == "cause.leak"


def test_once_all_was_tried_it_is_told_that_nothing_was_seen() -> None:
    influence = Influence(sources=(SET,), draws=(MovedDraw(label="x", repeats=False),), runs=9)
    (told,) = tried_explanations(DRAWS, influence)
    assert "no source was seen to move it" in finding_text(told.findings[0])


def test_a_seed_that_was_seen_to_move_a_draw_is_not_denied_where_it_does_not_tell_why_the_draw_changes() -> None:
    # Such as weights that each run goes on with where the last one left them.
    influence = Influence(sources=(SET,), draws=(MovedDraw(label="x", repeats=False, moved_by=("s1",)),), runs=9)
    (told,) = tried_explanations(DRAWS, influence)
    text = finding_text(told.findings[0])
    assert "why is not known: it is moved by the seed 0 that random.seed() sets at line 1 alone" in text
    assert "no source was seen to move it" not in text
