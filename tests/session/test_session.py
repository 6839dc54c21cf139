"""The session alone: its policy with an engine that only takes notes, and a working day with a real one."""

import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from seedlab.documents.files import read_lab
from seedlab.engine.batch import BatchEnd
from seedlab.engine.executors.executor import Start
from seedlab.errors import ChoiceError, RunRefusedError
from seedlab.export.exporting import write_export
from seedlab.libraries.registry import experiment_of
from seedlab.results.environment import Interpreter
from seedlab.results.run import Outcome
from seedlab.session.arrangement import Arrangement
from seedlab.session.change import Change
from seedlab.session.open_document import OpenDocument
from seedlab.session.session import Session
from seedlab.session.settings import Settings
from seedlab.study.experiment import Experiment
from seedlab.study.lab import Column, Lab
from tests.helpers.engines import StandingEngine, UntilIdle, run_of, with_engine
from tests.helpers.values import run

RANDOM = experiment_of("python-random", draws_per_op=1)
PYTHON = Interpreter(executable=sys.executable, python="3")
OTHER_PYTHON = Interpreter(executable="/other/bin/python", python="3.7")


@pytest.fixture
def engine() -> StandingEngine:
    return StandingEngine()


@pytest.fixture
def session(engine: StandingEngine) -> Session:
    made = Session(Settings(runs=2, jobs=1), engine, arrangement=Arrangement.of([RANDOM]))
    made.on_interpreter_found(PYTHON)
    return made


def finish(session: Session, engine: StandingEngine) -> None:
    """Have the engine end each run of its plan, and the plan."""
    for request in engine.take_requests():
        session.on_run_ended(request, run_of(request))
    session.on_plan_ended(BatchEnd.COMPLETED)


def runs_of(session: Session) -> list[int]:
    return [len(lane.column.runs) for lane in session.arrangement.lanes]


def chosen_in(session: Session) -> list[Experiment | None]:
    return [lane.chosen for lane in session.arrangement.lanes]


# --- choices -----------------------------------------------------------------------------------


def test_a_choice_has_one_owner_and_leaves_the_runs(session: Session, engine: StandingEngine) -> None:
    session.runs.run()
    finish(session, engine)
    session.editing.choose(graph_seed=5)
    assert session.experiment["graph_seed"] == 5
    assert session.arrangement.lane.is_stale
    assert runs_of(session) == [2]


def test_another_library_brings_its_defaults(session: Session) -> None:
    session.editing.choose_library("numpy")
    assert session.experiment == experiment_of("numpy")


def test_an_experiment_takes_the_place_of_a_script_and_can_be_undone(session: Session) -> None:
    session.show_lab(Lab.of([Column(name="own.py", experiment=None, script="print('x:', 1)\n")]))
    assert chosen_in(session) == [None]
    session.editing.choose(graph_seed=9)
    assert chosen_in(session) == [RANDOM.choose(graph_seed=9)]
    session.undo()
    assert chosen_in(session) == [None]


def test_what_will_run_is_prepared_also_for_a_script(session: Session, engine: StandingEngine) -> None:
    script = "import numpy\nprint('x:', 1)\n"
    session.show_lab(Lab.of([Column(name="own.py", experiment=None, script=script)]))
    assert engine.prepared is not None
    assert engine.prepared.script == script


# --- what is run, and what may stand together --------------------------------------------------


def test_nothing_runs_before_the_interpreter_has_answered(engine: StandingEngine) -> None:
    session = Session(Settings(), engine, arrangement=Arrangement.of([RANDOM]))
    session.runs.run()
    assert engine.plan is None
    assert session.problem is not None


def test_a_column_is_run_as_often_as_chosen(session: Session, engine: StandingEngine) -> None:
    session.runs.run()
    assert engine.plan is not None
    assert [(request.key, request.index) for request in engine.plan.requests] == [(0, 1), (0, 2)]
    assert session.is_busy
    finish(session, engine)
    assert (session.is_busy, runs_of(session), session.progress.done) == (False, [2], 2)


def test_once_more_adds_a_run_with_the_next_index(session: Session, engine: StandingEngine) -> None:
    session.runs.run()
    finish(session, engine)
    session.runs.once_more()
    assert engine.plan is not None
    assert [request.index for request in engine.plan.requests] == [3]


def test_nothing_is_started_while_runs_go_on(session: Session, engine: StandingEngine) -> None:
    session.runs.run()
    first = engine.plan
    session.runs.run()
    session.runs.once_more()
    session.runs.compare("placement")
    assert engine.plan is first
    assert len(session.arrangement.lanes) == 1


def test_what_cannot_be_run_is_said_and_changes_nothing(session: Session, engine: StandingEngine) -> None:
    session.runs.run()
    finish(session, engine)
    session.editing.choose_experiment(experiment_of("tensorflow-graph"))
    session.runs.run()
    assert engine.plan is None
    assert "tensorflow" in session.message
    assert runs_of(session) == [2]


def test_too_many_runs_are_refused_before_anything_is_asked(engine: StandingEngine) -> None:
    session = Session(Settings(runs=0), engine, arrangement=Arrangement.of([RANDOM]))
    with pytest.raises(ChoiceError):
        session.runs.check()


@pytest.mark.parametrize("runs", [0, -5, 10_001])
def test_a_script_of_a_persons_own_has_a_limit_of_runs_too(engine: StandingEngine, runs: int) -> None:
    own = Column(name="own.py", experiment=None, script="print('x:', 1)\n")
    session = Session(Settings(runs=runs), engine, arrangement=Arrangement.of_columns([own]))
    with pytest.raises(ChoiceError):
        session.runs.check()
    session.on_interpreter_found(PYTHON)
    session.runs.run()
    assert engine.plan is None
    assert isinstance(session.problem, ChoiceError)


def test_the_engine_begins_with_the_start_that_was_saved(engine: StandingEngine) -> None:
    Session(Settings(start="cold"), engine, arrangement=Arrangement.of([RANDOM]))
    assert engine.start is Start.COLD


def test_what_is_prepared_is_what_runs(session: Session, engine: StandingEngine) -> None:
    session.preparing.prepare()
    session.runs.run()
    assert engine.plan is not None
    assert engine.prepared is not None
    assert replace(engine.prepared, is_result=True) == engine.plan.requests[0]


def test_runs_of_two_interpreters_do_not_stand_in_one_column(session: Session, engine: StandingEngine) -> None:
    session.runs.run()
    finish(session, engine)
    session.on_interpreter_found(OTHER_PYTHON)
    session.runs.once_more()
    assert engine.plan is None
    assert isinstance(session.problem, RunRefusedError)
    assert session.is_foreign(session.arrangement.lane)
    session.runs.run()
    assert engine.plan is not None, "a column that is run anew has one interpreter again"


def test_a_script_from_a_document_runs_only_after_it_was_seen(session: Session, engine: StandingEngine) -> None:
    strange = Column(name="strange.py", experiment=None, script="print('x:', 1)\n", trusted=False)
    session.show_lab(replace(session.lab(), columns=(strange,)))
    needed = session.runs.run()
    assert engine.plan is None
    assert needed is not None
    session.runs.trust(needed)
    assert engine.plan is not None


def test_runs_of_a_column_that_was_removed_are_not_made(session: Session, engine: StandingEngine) -> None:
    session.runs.compare("placement")
    key = session.arrangement.lanes[1].key
    session.arrange(session.arrangement.remove(1))
    assert engine.skipped == [key]


def test_undo_while_runs_go_on_says_why_not_until_they_have_ended(session: Session, engine: StandingEngine) -> None:
    session.arrange(session.arrangement.duplicate())
    session.runs.run()
    requests = engine.take_requests()
    session.undo()
    assert len(session.arrangement.lanes) == 2
    assert session.message == "Columns are undone and redone once the runs have ended; Esc ends them."
    for number, request in enumerate(requests, 1):
        session.on_run_ended(request, run(number))
    session.on_plan_ended(BatchEnd.COMPLETED)
    assert session.message == ""
    session.undo()
    assert len(session.arrangement.lanes) == 1


def test_a_document_that_is_opened_stops_what_runs(session: Session, engine: StandingEngine) -> None:
    lab = session.lab()
    session.runs.run()
    session.show_lab(lab)
    assert engine.was_stopped
    assert not session.can_undo


def test_cancelled_runs_are_no_results_unless_they_are_asked_for(engine: StandingEngine) -> None:
    for keeps, count in ((False, 0), (True, 1)):
        session = Session(Settings(runs=1), engine, arrangement=Arrangement.of([RANDOM]), keeps_cancelled=keeps)
        session.on_interpreter_found(PYTHON)
        session.runs.run()
        (request,) = engine.take_requests()
        session.on_run_ended(request, run(1, outcome=Outcome.CANCELLED))
        session.on_plan_ended(BatchEnd.CANCELLED)
        assert runs_of(session) == [count]


def test_runs_that_end_before_it_is_their_turn_are_unsaved_and_not_shown(
    session: Session, engine: StandingEngine
) -> None:
    document = OpenDocument(session.showing.lab_with_early, None)
    session.change_settings(runs=3)
    session.runs.run()
    one, two, three = engine.take_requests()
    for request in (three, two):
        session.on_run_early(request, run_of(request))
    assert runs_of(session) == [0]
    assert [run.index for run in session.showing.lab_with_early().columns[0].runs] == [2, 3]
    was_dirty = document.is_dirty
    document.let_go()
    assert (was_dirty, document.is_dirty) == (True, False)
    for request, shown in ((one, [1]), (two, [1, 2]), (three, [1, 2, 3])):
        session.on_run_ended(request, run_of(request))
        assert [run.index for run in session.lab().columns[0].runs] == shown
        assert [run.index for run in session.showing.lab_with_early().columns[0].runs] == [1, 2, 3]
    session.on_run_early(one, run(1, outcome=Outcome.CANCELLED))
    assert session.showing.lab_with_early() == session.lab()


def test_runs_under_way_belong_to_what_was_chosen_when_they_began(session: Session, engine: StandingEngine) -> None:
    before = session.experiment
    session.runs.run()
    first, *_ = engine.take_requests()
    session.editing.choose(graph_seed=77)
    assert (session.experiment["graph_seed"], session.arrangement.lane.column.script) == (77, first.script)
    session.on_run_ended(first, run_of(first))
    column = session.arrangement.lane.column
    assert (column.experiment, column.script, len(column.runs)) == (before, first.script, 1)
    assert session.arrangement.lane.is_stale


def test_what_was_chosen_meanwhile_is_shown_where_no_run_has_ended(session: Session, engine: StandingEngine) -> None:
    session.runs.run()
    engine.take_requests()
    session.editing.choose(graph_seed=77)
    session.on_plan_ended(BatchEnd.CANCELLED)
    column = session.arrangement.lane.column
    assert (column.experiment, column.runs) == (session.experiment, ())
    assert "77" in column.script


# --- guessing ----------------------------------------------------------------------------------


def test_verdicts_stay_covered_until_the_last_run_is_uncovered(session: Session, engine: StandingEngine) -> None:
    session.set_guess(is_on=True)
    session.runs.run()
    assert session.uncovered == 0
    session.uncover()
    session.uncover()
    assert session.uncovered == 2, "runs are still to come"
    finish(session, engine)
    assert session.uncovered is None


# --- changes -----------------------------------------------------------------------------------


def test_a_face_hears_of_each_change(session: Session, engine: StandingEngine) -> None:
    heard: list[Change] = []
    session.listeners.append(heard.append)
    session.editing.choose(graph_seed=2)
    session.set_look("map")
    session.runs.run()
    finish(session, engine)
    all_heard = Change(0)
    for change in heard:
        all_heard |= change
    wanted = Change.COLUMNS | Change.RUNS | Change.LOOK | Change.BUSY | Change.PROGRESS
    assert all_heard & wanted == wanted


# --- a working day, with real runs -------------------------------------------------------------


def test_a_working_day(tmp_path: Path) -> None:
    """Compare, change, undo, run again, save, open, run once more: nobody needs a window for it."""

    async def day(session: Session, until_idle: UntilIdle) -> None:
        document = OpenDocument(session.lab, tmp_path / "recovery")
        session.runs.compare("placement")
        await until_idle()
        assert session.arrangement.names == ("once, at the start", "again, half way")
        once, again = (lane.column for lane in session.arrangement.lanes)
        assert {run.outcome for run in (*once.runs, *again.runs)} == {Outcome.FINISHED}
        assert [len(column.runs) for column in (once, again)] == [2, 2]
        assert once.runs[0].draws[0].identity == once.runs[1].draws[0].identity
        assert document.is_dirty

        session.arrange(session.arrangement.move(0, 1))
        session.undo()
        assert session.arrangement.names == ("once, at the start", "again, half way")
        session.select(1)
        session.editing.choose(graph_seed=3)
        assert session.arrangement.lane.is_stale
        session.runs.run()
        await until_idle()
        assert session.arrangement.lane.column.runs[0].draws[0].identity != again.runs[0].draws[0].identity

        path = tmp_path / "day.seedlab"
        write_export(session.lab(), path)
        document.note_saved(path, session.lab())
        assert document.title == path.name

        session.show_lab(read_lab(path))
        document.note_opened(path)
        assert document.title == path.name
        session.runs.once_more()
        await until_idle()
        assert [len(lane.column.runs) for lane in session.arrangement.lanes] == [3, 3]
        assert document.title == f"{path.name}*"
        document.close()

    settings = Settings(runs=2, jobs=2, start=Start.COLD.value)
    with_engine(day, settings, Arrangement.of([experiment_of("python-random", draws_per_op=1)]))


def test_choices_that_do_not_go_together_are_refused_and_nothing_is_lost(session: Session) -> None:
    session.editing.choose_library("numpy")
    before = session.experiment
    session.editing.choose(graph_seed=5_000_000_000)
    assert session.experiment == before
    assert isinstance(session.problem, ChoiceError)
    session.editing.choose(generator="default-rng", graph_seed=5_000_000_000)
    session.editing.choose(generator="global")
    assert (session.experiment["generator"], session.experiment["graph_seed"]) == ("default-rng", 5_000_000_000)
    assert "Seed cannot be 5000000000." in session.message


def test_what_cannot_be_run_does_not_take_the_place_of_columns(session: Session, engine: StandingEngine) -> None:
    session.editing.choose_library("python-random")
    session.runs.run()
    finish(session, engine)
    session.editing.choose_library("numpy")
    shown = session.arrangement
    for name in ("/bare/python", "/other/python"):
        session.interpreters[name] = Interpreter(executable=name, python="3.12")
    session.runs.compare("interpreter")
    assert session.arrangement is shown
    assert "has no numpy" in session.message
