"""The scenes of a talk: taken, put in order, and shown one after the other."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from seedlab.documents.programs import column_of_script
from seedlab.engine.batch import BatchEnd
from seedlab.engine.executors.executor import Readiness
from seedlab.errors import InterpreterError
from seedlab.session.arrangement import Arrangement
from seedlab.session.change import Change
from seedlab.session.open_document import OpenDocument
from seedlab.session.session import Session
from seedlab.session.settings import Settings
from seedlab.study.lab import Column, Lab, Scene
from tests.helpers.comparisons import placement_column, three_placements
from tests.helpers.engines import StandingEngine, run_of
from tests.helpers.interpreters import interpreter

PYTHON = interpreter("/bin/python", "3.11", numpy="2", tensorflow="2.21.0")


@pytest.fixture
def engine() -> StandingEngine:
    return StandingEngine()


@pytest.fixture
def session(engine: StandingEngine) -> Session:
    made = Session(Settings(), engine, arrangement=Arrangement.of_columns([placement_column("before-graph")]))
    made.on_interpreter_found(PYTHON)
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


def shown_title(session: Session) -> str:
    return "" if session.showing.scene is None else session.showing.scene.title


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


def test_what_a_fresh_scene_needs_is_prepared_while_the_one_before_it_is_seen(
    talk: Session, engine: StandingEngine
) -> None:
    talk.talk.show(1)
    assert not engine.ahead
    talk.talk.change(2, is_fresh=True)
    (request,) = engine.ahead
    assert request.script == talk.talk.scenes[2].columns[0].script
    talk.on_ahead_changed(Readiness.READY)
    assert talk.preparing.ahead is Readiness.READY
    talk.talk.change(1, is_fresh=True)
    talk.talk.show(1)
    engine.prepare_ahead([])
    talk.talk.change(2, notes="…")
    assert not engine.ahead, "runs go on, and nothing is imported beside them"
    talk.on_plan_ended(BatchEnd.COMPLETED)
    assert list(engine.ahead) == [request]


def test_a_fresh_scene_waits_for_the_runs_of_the_one_before_to_end(talk: Session, engine: StandingEngine) -> None:
    for at in (0, 2):
        talk.talk.change(at, is_fresh=True)
    talk.talk.show(0)
    first = engine.take_requests()
    talk.talk.show(2)
    assert engine.was_stopped
    assert engine.plan is None, "one plan at a time"
    assert talk.has_runs, "until then its saved runs are seen"
    talk.on_plan_ended(BatchEnd.CANCELLED)
    second = engine.take_requests()
    assert {request.script for request in second} == {talk.talk.scenes[2].columns[0].script}
    assert {request.key for request in second}.isdisjoint({request.key for request in first})


def test_a_scene_that_is_left_meanwhile_is_not_run(talk: Session, engine: StandingEngine) -> None:
    for at in (0, 2):
        talk.talk.change(at, is_fresh=True)
    talk.talk.show(0)
    engine.take_requests()
    talk.talk.show(2)
    talk.talk.show(1)
    talk.on_plan_ended(BatchEnd.CANCELLED)
    assert engine.plan is None
    assert (talk.talk.at, talk.uncovered, talk.is_busy) == (1, 0, False)


def test_before_the_interpreter_has_answered_a_fresh_scene_shows_what_was_saved(engine: StandingEngine) -> None:
    session = Session(Settings(), engine, arrangement=Arrangement.of_columns([placement_column("before-graph")]))
    scene = Scene(title="one", columns=(placement_column("before-graph"),), is_covered=True, is_fresh=True)
    session.show_lab(Lab(columns=scene.columns, created=session.created, scenes=(scene, scene)))
    session.talk.show(0)
    assert (session.has_runs, session.uncovered, session.message) == (True, 0, "")
    session.on_interpreter_found(PYTHON)
    assert session.is_busy
    assert not session.has_runs
    # Whoever has begun to see the saved runs sees these to the end.
    other = Session(Settings(), engine, arrangement=session.arrangement)
    other.show_lab(Lab(columns=scene.columns, created=other.created, scenes=(scene, scene)))
    other.talk.show(0)
    other.talk.go_on()
    other.on_interpreter_found(PYTHON)
    assert (other.is_busy, other.has_runs, other.uncovered) == (False, True, 1)


def test_a_fresh_scene_that_cannot_be_run_shows_what_was_saved_and_says_why(
    talk: Session, engine: StandingEngine
) -> None:
    talk.on_interpreter_found(interpreter("/bin/other", "3.11"))
    talk.talk.change(0, is_fresh=True)
    talk.talk.show(0)
    assert engine.plan is None
    assert talk.arrangement.lane.column.runs == talk.talk.scenes[0].columns[0].runs
    assert "tensorflow" in talk.message.lower()


def test_a_script_that_a_person_has_agreed_to_is_not_asked_about_again(talk: Session, engine: StandingEngine) -> None:
    foreign = Column(name="own", experiment=None, script="print('x:', 1)\n", trusted=False)
    talk.talk.change(0, columns=(foreign,), is_fresh=True)
    needed = talk.talk.show(0)
    assert needed is not None
    assert engine.plan is None
    assert talk.runs.trust(needed) is None
    engine.take_requests()
    talk.on_plan_ended(BatchEnd.COMPLETED)
    talk.talk.show(1)
    assert talk.talk.show(0) is None
    assert engine.plan is not None


def test_what_is_done_to_scenes_is_undone(talk: Session) -> None:
    scenes = talk.talk.scenes
    talk.talk.show(1)
    talk.talk.remove(0)
    talk.talk.change(0, title="3")
    talk.talk.change(0, title="3")
    assert ([scene.title for scene in talk.talk.scenes], talk.talk.at) == (["3", "last"], 0)
    for _ in range(2):
        talk.undo()
    assert talk.talk.scenes == scenes
    assert talk.talk.at == 1
    talk.redo()
    assert [scene.title for scene in talk.talk.scenes] == ["three", "last"]
    for _ in range(2):
        talk.undo()
    assert names(talk) == ["after graph"]
    assert talk.talk.scene is None


def test_fresh_runs_of_a_scene_need_not_be_saved_but_other_results_do(talk: Session, engine: StandingEngine) -> None:
    talk.talk.change(0, is_fresh=True)
    document = OpenDocument(talk.showing.lab_to_save, None)
    document.let_go()
    talk.talk.show(0)
    for request in engine.take_requests():
        talk.on_run_ended(request, run_of(request))
    talk.on_plan_ended(BatchEnd.COMPLETED)
    assert not document.is_dirty
    talk.arrange(Arrangement.of_columns([placement_column("after-op", runs=2)]))
    assert document.is_dirty


def covering_talk(engine: StandingEngine) -> Session:
    """A session whose talk has a covered scene between two open ones, and no interpreter yet."""
    session = Session(Settings(), engine, arrangement=Arrangement.of_columns([placement_column("after-graph")]))
    scenes = (
        Scene(title="open", columns=(placement_column("before-graph"),)),
        Scene(title="covered", columns=(placement_column("after-op"),), is_covered=True),
        Scene(title="fresh", columns=(placement_column("after-op"),), is_fresh=True),
    )
    session.show_lab(
        Lab(columns=(placement_column("after-graph"),), created=session.created, scenes=scenes),
    )
    return session


def test_another_text_or_program_than_was_agreed_to_is_asked_about(talk: Session, engine: StandingEngine) -> None:
    agreed = Column(name="own", experiment=None, script="print('x:', 1)\n", trusted=False)
    edited = replace(agreed, next_script="import os; os.system('evil')\n")
    talk.talk.change(0, columns=(agreed,), is_fresh=True)
    talk.talk.change(1, columns=(edited,), is_fresh=True, is_covered=False)
    needed = talk.talk.show(0)
    assert needed is not None
    talk.runs.trust(needed)
    engine.take_requests()
    talk.on_plan_ended(BatchEnd.COMPLETED)
    assert talk.talk.show(1) is not None
    assert engine.plan is None


def test_only_the_scene_that_waits_is_run_and_only_while_it_is_shown(engine: StandingEngine) -> None:
    for leave in (Session.undo, lambda s: s.runs.stop(), lambda s: s.talk.remove(2), lambda s: s.talk.show(0)):
        session = covering_talk(engine)
        session.talk.show(2)
        leave(session)
        session.on_interpreter_found(PYTHON)
        assert not session.is_busy
        assert session.has_runs, "nothing was cleared"
    session = covering_talk(engine)
    session.talk.show(2)
    session.on_interpreter_found(PYTHON)
    assert session.is_busy


def test_a_scene_that_had_to_wait_asks_about_its_script_then(engine: StandingEngine) -> None:
    session = covering_talk(engine)
    foreign = Column(name="own", experiment=None, script="print('x:', 1)\n", trusted=False)
    session.talk.change(2, columns=(foreign,))
    seen: list[Change] = []
    session.listeners.append(seen.append)
    assert session.talk.show(2) is None
    session.on_interpreter_found(PYTHON)
    assert engine.plan is None
    assert session.showing.needs_trust is not None
    assert any(Change.TRUST in change for change in seen)
    session.runs.trust(session.showing.needs_trust)
    assert engine.plan is not None


def test_a_python_that_fails_takes_no_scene_away_while_another_one_works(talk: Session, engine: StandingEngine) -> None:
    for at in (0, 2):
        talk.talk.change(at, is_fresh=True)
    talk.talk.show(0)
    engine.take_requests()
    talk.talk.show(2)
    talk.on_interpreter_failed(InterpreterError("No.", "Choose another one."))
    talk.on_plan_ended(BatchEnd.CANCELLED)
    assert engine.plan is not None


def test_stopping_ends_a_scene_that_waits_too(talk: Session, engine: StandingEngine) -> None:
    for at in (0, 2):
        talk.talk.change(at, is_fresh=True)
    talk.talk.show(0)
    engine.take_requests()
    talk.talk.show(2)
    talk.runs.stop()
    talk.on_plan_ended(BatchEnd.CANCELLED)
    assert engine.plan is None
    assert not talk.is_busy


def test_undo_covers_and_uncovers_with_the_scenes(engine: StandingEngine) -> None:
    session = covering_talk(engine)
    session.on_interpreter_found(PYTHON)
    session.talk.show(0)
    session.talk.take("between")
    session.talk.show(2)
    assert (session.uncovered, session.settings.guess) == (0, True)
    session.undo()
    assert (session.uncovered, session.settings.guess) == (None, False)
    session.redo()
    assert (session.uncovered, session.settings.guess) == (0, True)


def test_the_documents_own_columns_are_saved_while_a_scene_is_shown(engine: StandingEngine) -> None:
    session = covering_talk(engine)
    session.on_interpreter_found(PYTHON)
    own = session.lab().columns
    document = OpenDocument(session.showing.lab_to_save, None)
    document.let_go()
    session.talk.show(0)
    assert session.lab().columns != own
    assert session.showing.lab_to_save().columns == own
    assert session.showing.keys_to_save != session.arrangement.keys
    assert document.title == ""
    session.runs.once_more()
    for request in engine.take_requests():
        session.on_run_ended(request, run_of(request))
    session.on_plan_ended(BatchEnd.COMPLETED)
    assert session.showing.is_changed
    assert session.showing.lab_to_save().columns == session.lab().columns, "what was changed is what is seen"
    assert document.title == "not saved*"
    session.talk.show(1)
    assert "Take it again" in session.news
    assert session.showing.lab_to_save().columns == own


def test_results_of_the_documents_own_columns_stay_unsaved_while_a_scene_is_shown(engine: StandingEngine) -> None:
    session = covering_talk(engine)
    session.on_interpreter_found(PYTHON)
    document = OpenDocument(session.showing.lab_to_save, None)
    document.let_go()
    session.runs.run()
    for request in engine.take_requests():
        session.on_run_ended(request, run_of(request))
    session.on_plan_ended(BatchEnd.COMPLETED)
    assert document.is_dirty
    session.talk.show(0)
    assert document.is_dirty


def test_what_is_chosen_in_a_scene_has_no_more_its_title(talk: Session) -> None:
    talk.talk.show(0)
    assert shown_title(talk) == "one"
    talk.editing.choose(graph_seed=7)
    assert shown_title(talk) == ""


def test_the_rest_of_a_program_is_left_out_when_another_scene_is_shown(
    talk: Session, engine: StandingEngine, tmp_path: Path
) -> None:
    script = tmp_path / "train.py"
    script.write_text("print('x:', 1)\n", encoding="utf-8")
    talk.talk.change(0, columns=(column_of_script(str(script), folder=str(tmp_path)),), is_fresh=True)
    talk.talk.change(2, is_fresh=True)
    talk.talk.show(0)
    (watched,) = engine.take_requests()
    # It has ended, and the news is under way when the next scene is asked for.
    talk.on_run_ended(watched, run_of(watched))
    talk.talk.show(2)
    talk.on_plan_ended(BatchEnd.COMPLETED)
    assert {request.script for request in engine.take_requests()} == {talk.talk.scenes[2].columns[0].script}


def test_what_was_said_of_one_scene_is_not_said_of_the_next(talk: Session) -> None:
    talk.on_interpreter_found(interpreter("/bin/other", "3.11"))
    talk.talk.change(0, is_fresh=True)
    talk.talk.show(0)
    assert "tensorflow" in talk.message.lower()
    talk.talk.show(1)
    assert talk.message == ""
