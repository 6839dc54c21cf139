"""Scripts that are edited: what runs next, what stays, the way back, and what a document keeps."""

import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from seedlab.documents.programs import column_of_script
from seedlab.documents.reading import from_json
from seedlab.documents.writing import to_json
from seedlab.engine.batch import BatchEnd
from seedlab.libraries.registry import script_of
from seedlab.results.environment import Interpreter
from seedlab.session.arrangement import Arrangement
from seedlab.session.open_document import OpenDocument
from seedlab.session.session import Session
from seedlab.session.settings import Settings
from seedlab.session.shown import Earlier, shown_columns
from seedlab.study.lab import Column, Lab
from seedlab.study.program import ChangedFile, Program
from seedlab.study.script import MAX_SCRIPT
from tests.helpers.engines import StandingEngine
from tests.helpers.values import draw, run

PYTHON = Interpreter(executable=sys.executable, python="3")
TEXT = "print('x:', 1)\n"
OTHER = "print('x:', 2)\n"


@pytest.fixture
def engine() -> StandingEngine:
    return StandingEngine()


def session_of(engine: StandingEngine, arrangement: Arrangement | None = None) -> Session:
    made = Session(Settings(runs=2, jobs=2), engine, arrangement=arrangement)
    made.on_interpreter_found(PYTHON)
    return made


@pytest.fixture
def session(engine: StandingEngine) -> Session:
    made = session_of(engine)
    made.editing.choose_library("python-random")
    return made


@pytest.fixture
def program_session(engine: StandingEngine, tmp_path: Path) -> Session:
    path = tmp_path / "train.py"
    path.write_text(TEXT)
    column = column_of_script(str(path), folder=str(tmp_path))
    made = session_of(engine, Arrangement.of_columns([column]))
    made.texts.note(str(path), TEXT)
    return made


def make_runs(session: Session, engine: StandingEngine) -> list[str]:
    """Run the current column; return the texts that the engine was asked to execute."""
    assert session.runs.run() is None
    scripts = []
    while session.is_busy:
        for request in engine.take_requests():
            scripts.append(request.script)
            session.on_run_ended(request, run(request.index, draw("x", 1)))
        session.on_plan_ended(BatchEnd.COMPLETED)
    return scripts


def column_of(session: Session) -> Column:
    return session.arrangement.lane.column


def test_an_edited_experiment_keeps_its_runs_and_is_the_users_own_script_from_then_on(
    session: Session, engine: StandingEngine
) -> None:
    experiment = session.experiment
    make_runs(session, engine)
    session.editing.edit_script(OTHER)
    lane = session.arrangement.lane
    assert (session.is_own_script, lane.origin, session.next_text) == (True, experiment, OTHER)
    assert (column_of(session).experiment, len(column_of(session).runs)) == (experiment, 2)
    shown = shown_columns(session)[0]
    assert (shown.is_stale, shown.earlier, shown.script.text) == (True, Earlier.EDIT, OTHER)
    assert make_runs(session, engine) == [OTHER, OTHER]
    assert (column_of(session).experiment, column_of(session).script, column_of(session).next_script) == (
        None,
        OTHER,
        None,
    )
    assert session.arrangement.names == ("again, half way, edited",)
    assert not shown_columns(session)[0].is_stale


def test_an_experiment_without_runs_is_edited_as_well(session: Session, engine: StandingEngine) -> None:
    session.editing.edit_script(OTHER)
    assert (column_of(session).script, column_of(session).next_script) == (OTHER, None)
    assert make_runs(session, engine) == [OTHER, OTHER]


def test_there_is_a_way_back_to_the_choices(session: Session, engine: StandingEngine) -> None:
    experiment = session.experiment
    make_runs(session, engine)
    session.editing.edit_script(OTHER)
    session.editing.undo_edits()
    lane = session.arrangement.lane
    assert (lane.chosen, lane.origin, column_of(session).next_script, lane.is_stale) == (experiment, None, None, False)
    session.editing.edit_script(OTHER)
    make_runs(session, engine)
    session.editing.undo_edits()
    lane = session.arrangement.lane
    assert (lane.chosen, lane.is_stale, len(lane.column.runs)) == (experiment, True, 2), "the runs of the edited text"
    assert make_runs(session, engine) == [script_of(experiment).text] * 2
    assert column_of(session).experiment == experiment


def test_typing_the_text_of_the_experiment_again_is_a_way_back_too(session: Session) -> None:
    text = session.next_text
    session.editing.edit_script(text + "#")
    assert session.is_own_script
    session.editing.edit_script(text)
    assert not session.is_own_script


def test_what_is_typed_in_succession_is_undone_together(session: Session, engine: StandingEngine) -> None:
    experiment, text = session.experiment, session.next_text
    make_runs(session, engine)
    for letters in ("#", "##", "###"):
        session.editing.edit_script(text + letters)
    session.end_step()
    session.undo()
    assert (session.arrangement.lane.chosen, session.next_text) == (experiment, text)
    assert len(column_of(session).runs) == 2
    session.redo()
    assert (session.is_own_script, session.next_text, len(column_of(session).runs)) == (True, text + "###", 2)
    session.undo()
    assert not session.is_own_script


def test_runs_of_an_edited_text_do_not_stand_for_the_experiment_when_the_edit_is_undone(
    session: Session, engine: StandingEngine
) -> None:
    experiment = session.experiment
    make_runs(session, engine)
    session.editing.edit_script(OTHER)
    make_runs(session, engine)
    session.undo()
    lane = session.arrangement.lane
    assert (lane.chosen, lane.column.experiment, lane.column.script, lane.is_stale) == (experiment, None, OTHER, True)


def test_runs_under_way_are_those_of_the_text_before(session: Session, engine: StandingEngine) -> None:
    text = session.next_text
    assert session.runs.run() is None
    requests = engine.take_requests()
    session.editing.edit_script(OTHER)
    for request in requests:
        session.on_run_ended(request, run(request.index, draw("x", 1)))
    session.on_plan_ended(BatchEnd.COMPLETED)
    assert (column_of(session).script, session.next_text, session.arrangement.lane.is_stale) == (text, OTHER, True)


def test_an_edited_program_runs_as_a_changed_copy_where_it_lies(
    program_session: Session, engine: StandingEngine
) -> None:
    session = program_session
    make_runs(session, engine)
    session.editing.edit_script(OTHER)
    program = session.arrangement.lane.program
    assert program is not None
    assert (program.changes, session.arrangement.lane.is_stale) == ((ChangedFile(text=OTHER),), True)
    assert shown_columns(session)[0].earlier is Earlier.EDIT
    assert session.runs.run() is None
    requests = engine.take_requests()
    assert {(request.script, request.path, request.is_private) for request in requests} == {(OTHER, program.path, True)}
    assert Path(program.path).read_text() == TEXT, "the person's file was written"


def test_a_program_goes_back_to_the_text_of_its_file(program_session: Session, engine: StandingEngine) -> None:
    session = program_session
    make_runs(session, engine)
    session.editing.edit_script(OTHER)
    assert session.arrangement.lane.is_edited
    session.editing.undo_edits()
    assert (session.arrangement.lane.is_edited, session.arrangement.lane.is_stale) == (False, False)
    assert session.next_text == TEXT


def test_an_edited_text_is_saved_and_comes_back_and_is_shown_before_it_runs(
    session: Session, engine: StandingEngine
) -> None:
    experiment = session.experiment
    make_runs(session, engine)
    session.editing.edit_script(OTHER)
    lab = from_json(to_json(session.lab()), "a.seedlab")
    assert (lab.columns[0].next_script, lab.columns[0].experiment) == (OTHER, experiment)
    opened = session_of(engine)
    opened.show_lab(lab)
    assert (opened.next_text, opened.is_own_script, opened.arrangement.lane.origin) == (OTHER, True, experiment)
    needed = opened.runs.run()
    assert needed is not None
    assert needed.script == OTHER
    assert opened.runs.trust(needed) is None
    assert {request.script for request in engine.take_requests()} == {OTHER}


def test_a_copy_of_a_column_is_edited_by_itself(session: Session, engine: StandingEngine) -> None:
    make_runs(session, engine)
    session.arrange(session.arrangement.duplicate())
    session.editing.edit_script(OTHER)
    assert [lane.chosen is None for lane in session.arrangement.lanes] == [False, True]


def test_a_text_that_is_too_long_is_refused_and_nothing_is_lost(session: Session) -> None:
    session.editing.edit_script(OTHER)
    session.editing.edit_script("#" * (MAX_SCRIPT + 1))
    assert "1,000,000" in session.message
    assert session.next_text == OTHER


def test_the_choices_of_an_edited_experiment_come_back_at_the_next_start(session: Session) -> None:
    experiment = session.experiment
    session.editing.edit_script(OTHER)
    arrangement = session.settings_to_save().arrangement()
    assert arrangement is not None
    assert arrangement.lane.chosen == experiment


def test_a_column_that_came_with_a_document_stays_untrusted_when_it_is_edited(engine: StandingEngine) -> None:
    session = session_of(engine)
    column = Column(name="own", experiment=None, script=TEXT)
    session.show_lab(from_json(to_json(Lab.of([column])), "a.seedlab"))
    session.editing.edit_script(OTHER)
    needed = session.runs.run()
    assert needed is not None
    assert needed.script == OTHER
    assert replace(needed, script="").is_as_in_document


def test_runs_under_way_of_an_edited_text_are_never_shown_as_the_experiments(
    session: Session, engine: StandingEngine
) -> None:
    experiment, text = session.experiment, session.next_text
    session.editing.edit_script(OTHER)
    assert session.runs.run() is None
    requests = engine.take_requests()
    session.editing.edit_script(text)
    for request in requests:
        session.on_run_ended(request, run(request.index, draw("x", 1)))
    session.on_plan_ended(BatchEnd.COMPLETED)
    lane = session.arrangement.lane
    assert (lane.chosen, len(lane.column.runs)) == (experiment, 2)
    assert (lane.column.experiment, lane.column.script, lane.is_stale) == (None, OTHER, True)


def test_undo_and_redo_keep_the_runs_of_an_edited_text(session: Session, engine: StandingEngine) -> None:
    session.editing.edit_script(OTHER)
    make_runs(session, engine)
    session.undo()
    assert len(column_of(session).runs) == 2
    session.redo()
    lane = session.arrangement.lane
    assert (len(lane.column.runs), session.next_text, lane.is_stale) == (2, OTHER, False)


def test_what_is_typed_before_and_after_a_run_is_undone_step_by_step(session: Session, engine: StandingEngine) -> None:
    session.editing.edit_script(OTHER)
    make_runs(session, engine)
    session.editing.edit_script(TEXT)
    session.undo()
    assert session.next_text == OTHER


def test_a_file_that_is_chosen_takes_the_place_of_an_edited_text(
    session: Session, engine: StandingEngine, tmp_path: Path
) -> None:
    path = tmp_path / "train.py"
    path.write_text(TEXT)
    make_runs(session, engine)
    session.editing.edit_script(OTHER)
    session.editing.change_program(Program(path=str(path), name=str(path), folder=str(tmp_path)))
    assert (session.next_text, session.arrangement.lane.is_edited) == (TEXT, False)
    assert make_runs(session, engine) == [TEXT, TEXT]


def test_a_file_that_was_edited_alike_on_disk_is_followed_again(program_session: Session) -> None:
    session = program_session
    session.editing.edit_script(OTHER)
    program = session.arrangement.lane.program
    assert program is not None
    Path(program.path).write_text(OTHER)
    session.editing.on_text_found(program.path, OTHER)
    session.editing.undo_edits()
    program = session.arrangement.lane.program
    assert program is not None
    assert program.changes == ()


def test_what_was_typed_last_can_be_brought_back_after_all_edits_were_undone(session: Session) -> None:
    session.editing.edit_script(OTHER)
    session.editing.undo_edits()
    session.undo()
    assert session.next_text == OTHER


def test_an_edit_made_here_is_no_change_on_disk(program_session: Session, engine: StandingEngine) -> None:
    make_runs(program_session, engine)
    program_session.editing.edit_script(OTHER)
    make_runs(program_session, engine)
    assert program_session.message == ""


def test_the_name_is_that_of_the_choice_that_was_edited(engine: StandingEngine) -> None:
    first = session_of(engine)
    first.editing.choose_library("python-random")
    session = Session(first.settings_to_save(), engine)
    session.on_interpreter_found(PYTHON)
    session.editing.edit_script(OTHER)
    assert session.arrangement.names == ("again, half way, edited",)


def test_an_edited_text_is_unsaved_until_it_is_saved(program_session: Session, engine: StandingEngine) -> None:
    session = program_session
    document = OpenDocument(session.lab, None)
    document.let_go()
    found = []
    session.editing.edit_script(OTHER)
    found.append(document.is_dirty)
    document.let_go()
    found.append(document.is_dirty)
    make_runs(session, engine)
    document.let_go()
    session.editing.edit_script("#\n")
    found.append(document.is_dirty)
    assert found == [True, False, True]


@pytest.mark.parametrize("is_trusted", [True, False])
def test_the_file_of_a_column_is_never_written_however_it_is_named(
    program_session: Session, tmp_path: Path, is_trusted: bool
) -> None:
    lane = program_session.arrangement.lane
    column = replace(lane.column, trusted=is_trusted)
    program_session.arrangement = program_session.arrangement.update(lane.key, column)
    (tmp_path / "link.py").symlink_to(tmp_path / "train.py")
    for name in ("train.py", "link.py", f"../{tmp_path.name}/train.py"):
        assert not program_session.editing.save_script(tmp_path / name)
        assert "is never written" in program_session.message
    assert (tmp_path / "link.py").is_symlink()
    assert program_session.editing.save_script(tmp_path / "other.py")
    assert (tmp_path / "other.py").read_text() == TEXT


def test_a_script_whose_modules_were_changed_too_is_saved_beside_them_alone(
    program_session: Session, tmp_path: Path
) -> None:
    lane = program_session.arrangement.lane
    assert lane.program is not None
    changes = (ChangedFile(file="helper.py", text="a = 1"),)
    program_session.arrangement = program_session.arrangement.update(
        lane.key, replace(lane.column, program=replace(lane.program, changes=changes))
    )
    (tmp_path / "elsewhere").mkdir()
    assert not program_session.editing.save_script(tmp_path / "elsewhere" / "other.py")
    assert "Modules beside the script were changed" in program_session.message
    assert not (tmp_path / "elsewhere" / "other.py").exists()
    assert program_session.editing.save_script(tmp_path / "other.py")
    program = program_session.arrangement.lane.program
    assert program is not None
    assert program.changes == changes
