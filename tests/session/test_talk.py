"""The scenes of a talk: taken, put in order, and shown one after the other."""

import pytest

from seedlab.session.arrangement import Arrangement
from seedlab.session.session import Session
from seedlab.session.settings import Settings
from seedlab.study.lab import Lab, Scene
from tests.helpers.comparisons import placement_column, three_placements
from tests.helpers.engines import StandingEngine
from tests.helpers.interpreters import interpreter


@pytest.fixture
def engine() -> StandingEngine:
    return StandingEngine()


@pytest.fixture
def session(engine: StandingEngine) -> Session:
    made = Session(Settings(), engine, arrangement=Arrangement.of_columns([placement_column("before-graph")]))
    made.on_interpreter_found(interpreter("/bin/python", "3.11", numpy="2", tensorflow="2.21.0"))
    return made


@pytest.fixture
def talk(session: Session) -> Session:
    """A session whose talk has three scenes: one column, three that are covered, one again."""
    scenes = (
        Scene(title="one", columns=(placement_column("before-graph"),)),
        Scene(title="three", columns=tuple(three_placements()), is_covered=True),
        Scene(title="last", columns=(placement_column("after-op"),), notes="the end"),
    )
    session.show_lab(Lab(columns=(placement_column("after-graph"),), created=session.created, scenes=scenes))
    return session


def names(session: Session) -> list[str]:
    return list(session.arrangement.names)


def test_scenes_are_taken_from_what_is_shown(session: Session) -> None:
    session.set_look("values")
    session.talk.take("first", is_covered=False)
    session.arrange(Arrangement.of_columns(three_placements()))
    session.set_look("map")
    session.talk.take("second", is_covered=True)
    session.talk.show(0)
    session.talk.take("between", is_covered=False)
    assert [scene.title for scene in session.talk.scenes] == ["first", "between", "second"]
    assert [scene.view.look for scene in session.talk.scenes] == ["values", "values", "map"]
    assert [len(scene.columns) for scene in session.talk.scenes] == [1, 1, 3]
    assert session.lab().scenes is session.talk.scenes, "they are saved"


def test_a_remote_goes_through_all_of_a_talk_and_back(talk: Session) -> None:
    shown = []
    for _ in range(8):
        talk.talk.go_on()
        shown.append((talk.talk.at, talk.uncovered))
    # The second is uncovered run by run before the third comes; after the last nothing does.
    assert shown == [(0, None), (1, 0), (1, 1), (1, 2), (1, None), (2, None), (2, None), (2, None)]
    talk.talk.go_back()
    assert (talk.talk.at, talk.uncovered) == (1, 0), "as it was at first"
    talk.talk.go_back()
    talk.talk.go_back()
    assert (talk.talk.at, names(talk)) == (0, ["before graph"])


def test_a_scene_has_its_runs_and_can_be_undone(talk: Session) -> None:
    talk.talk.show(2)
    assert talk.arrangement.lane.column.runs == talk.talk.scenes[2].columns[0].runs
    talk.undo()
    assert names(talk) == ["after graph"]


def test_a_fresh_scene_is_run_when_it_is_shown(talk: Session, engine: StandingEngine) -> None:
    talk.talk.change(0, is_fresh=True)
    talk.talk.go_on()
    assert talk.is_busy
    assert not talk.arrangement.lane.column.runs
    assert engine.plan is not None


def test_scenes_are_moved_removed_and_renamed_around_the_one_that_is_shown(talk: Session) -> None:
    talk.talk.show(1)
    talk.talk.move(2, 0)
    assert ([scene.title for scene in talk.talk.scenes], talk.talk.at) == (["last", "one", "three"], 2)
    talk.talk.remove(0)
    assert ([scene.title for scene in talk.talk.scenes], talk.talk.at) == (["one", "three"], 1)
    talk.talk.change(1, title="all", notes="say")
    assert talk.talk.scene is not None
    assert (talk.talk.scene.title, talk.talk.scene.notes) == ("all", "say")
    talk.talk.remove(1)
    assert (len(talk.talk.scenes), talk.talk.at) == (1, None)
    assert len(talk.arrangement.lanes) == 3, "what it shows stays"


def test_another_document_has_its_own_talk(talk: Session) -> None:
    talk.talk.show(1)
    talk.show_lab(Lab.of([placement_column("after-op")]))
    assert (talk.talk.scenes, talk.talk.at) == ((), None)
    assert talk.talk.go_on() is None
    assert names(talk) == ["after op"]
