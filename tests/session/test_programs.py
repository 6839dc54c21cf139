"""Persons' own programs in the session: what they are given changes, can be undone, and is kept with the columns."""

import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from seedlab.documents.programs import column_of_script
from seedlab.documents.reading import from_json
from seedlab.documents.writing import to_json
from seedlab.engine.batch import BatchEnd
from seedlab.errors import ChoiceError
from seedlab.results.effects import Effects
from seedlab.results.environment import Interpreter
from seedlab.session.arrangement import Arrangement
from seedlab.session.change import Change
from seedlab.session.kept_lab import LabWriter, read_kept
from seedlab.session.program_text import text_of_variables, text_of_words, variables_of, words_of
from seedlab.session.recovery import as_trusted_on_disk
from seedlab.session.session import Session
from seedlab.session.settings import Settings
from seedlab.session.shown import Earlier, shown_columns
from seedlab.session.texts_on_disk import TextState
from seedlab.study.lab import Lab
from seedlab.study.program import Program
from tests.helpers.engines import StandingEngine
from tests.helpers.values import draw, run

PYTHON = Interpreter(executable=sys.executable, python="3")
TEXT = "import numpy\nprint('x:', 1)\n"


@pytest.fixture
def engine() -> StandingEngine:
    return StandingEngine()


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "train.py"
    path.write_text(TEXT)
    return path


@pytest.fixture
def session(engine: StandingEngine, script: Path) -> Session:
    column = column_of_script(str(script), folder=str(script.parent))
    made = Session(Settings(runs=2, jobs=2), engine, arrangement=Arrangement.of_columns([column]))
    made.on_interpreter_found(PYTHON)
    return made


def make_runs(session: Session, engine: StandingEngine) -> tuple[Program | None, str]:
    """Run the current column; gives what the engine was asked to execute."""
    assert session.runs.run() is None
    script = ""
    while session.is_busy:
        for request in engine.take_requests():
            script = request.script
            ended = run(request.index, draw("x", 1))
            session.on_run_ended(request, replace(ended, effects=Effects() if request.audits else None))
        session.on_plan_ended(BatchEnd.COMPLETED)
    assert script, session.message
    return session.arrangement.lane.column.program, script


def program_of(session: Session) -> Program:
    program = session.arrangement.lane.program
    assert program is not None
    return program


def give(session: Session, *arguments: str, step: str = "") -> None:
    session.editing.change_program(replace(program_of(session), arguments=arguments), step=step)


def prepared_with(engine: StandingEngine) -> tuple[tuple[str, str | None], ...]:
    assert engine.prepared is not None
    return engine.prepared.environment


def shown(session: Session) -> tuple[bool, Earlier]:
    (column,) = shown_columns(session)
    return column.is_stale, column.earlier


def test_what_a_program_is_given_marks_its_runs_until_it_runs_again(session: Session, engine: StandingEngine) -> None:
    make_runs(session, engine)
    assert shown(session)[0] is False
    before = session.arrangement.lane.column
    give(session, "--epochs", "2")
    assert shown(session) == (True, Earlier.SETTINGS)
    assert session.arrangement.lane.column.runs is before.runs
    assert session.arrangement.lane.column.program == before.program, "they were given that"
    give(session)
    assert shown(session)[0] is False, "changing it back makes them current again"
    give(session, "--epochs", "2")
    program, _ = make_runs(session, engine)
    assert program is not None
    assert program.arguments == ("--epochs", "2")
    assert shown(session)[0] is False


def test_a_change_can_be_undone_and_what_is_typed_is_one(session: Session, engine: StandingEngine) -> None:
    for count in (1, 2, 3):
        give(session, "x" * count, step="arguments")
    session.end_step()
    give(session, "xxxy", step="arguments")
    session.undo()
    assert program_of(session).arguments == ("xxx",)
    session.undo()
    assert program_of(session).arguments == ()
    session.redo()
    make_runs(session, engine)
    session.undo()
    assert program_of(session).arguments == ()
    assert shown(session) == (True, Earlier.SETTINGS)
    assert len(session.arrangement.lane.column.runs) == 2, "runs are not undone"
    session.redo()
    assert shown(session)[0] is False


def test_a_process_is_prepared_once_a_field_is_left(session: Session, engine: StandingEngine) -> None:
    session.editing.change_program(replace(program_of(session), environment=(("A", "1"),)), step="environment")
    assert prepared_with(engine) == ()
    session.end_step()
    assert prepared_with(engine) == (("A", "1"),)


def test_another_file_is_read_named_and_undone(session: Session, engine: StandingEngine, script: Path) -> None:
    other = script.with_name("other.py")
    other.write_text("print('other:', 1)\n")
    session.editing.change_program(replace(program_of(session), path=str(other), name=str(other)))
    assert session.arrangement.names == ("other.py",)
    assert session.arrangement.lane.column.script == other.read_text()
    session.undo()
    assert session.arrangement.names == ("train.py",)
    assert session.arrangement.lane.column.script == TEXT
    make_runs(session, engine)
    session.editing.change_program(replace(program_of(session), path=str(other), name=str(other)))
    assert session.arrangement.names == ("train.py",), "its runs are there"
    assert shown_columns(session)[0].script.text == other.read_text(), "and this would run"
    assert session.watched_paths == (str(other),)
    _, executed = make_runs(session, engine)
    assert executed == other.read_text()
    assert session.message == "", "it is not the file that has changed"
    assert session.arrangement.names == ("other.py",)


def test_a_file_that_cannot_be_read_is_refused(session: Session, script: Path) -> None:
    session.editing.change_program(replace(program_of(session), path=str(script.with_name("none.py"))))
    assert "none.py cannot be read" in session.message
    assert program_of(session).path == str(script)


def test_what_is_changed_while_runs_are_made_is_of_the_next_ones(session: Session, engine: StandingEngine) -> None:
    session.runs.run()
    give(session, "late")
    (first,) = engine.take_requests()
    assert first.arguments == ()
    session.on_run_ended(first, replace(run(1, draw("x", 1)), effects=Effects()))
    column = session.arrangement.lane.column
    assert column.program is not None
    assert column.program.arguments == ()
    assert shown(session) == (True, Earlier.SETTINGS)


def test_a_text_that_has_changed_marks_the_runs_and_is_told_once(session: Session, engine: StandingEngine) -> None:
    path = program_of(session).path
    make_runs(session, engine)
    heard: list[Change] = []
    session.listeners.append(heard.append)
    session.editing.on_text_found(path, TEXT)
    assert not any(Change.NEWS in change for change in heard)
    session.editing.on_text_found(path, "print('x:', 2)\n")
    assert session.news == "train.py has changed on disk: the results are of the earlier text"
    assert shown(session) == (True, Earlier.TEXT)
    assert shown_columns(session)[0].script.text == "print('x:', 2)\n"
    session.editing.on_text_found(path, "print('x:', 3)\n")
    assert sum(Change.NEWS in change for change in heard) == 1
    session.editing.on_text_found(path, TEXT)
    assert session.news == "train.py is on disk as it is shown again"
    assert shown(session)[0] is False
    session.editing.on_text_found(path, None)
    assert session.news == "train.py is not there any more, or cannot be read"
    assert session.texts.state(session.arrangement.lane) is TextState.MISSING
    assert shown(session)[0] is False, "its runs are what they were"


def test_the_new_text_runs_and_is_no_news_any_more(session: Session, engine: StandingEngine, script: Path) -> None:
    make_runs(session, engine)
    script.write_text("print('x:', 2)\n")
    session.editing.on_text_found(str(script), script.read_text())
    _, executed = make_runs(session, engine)
    assert executed == script.read_text()
    assert session.message == "train.py has changed on disk: the new text runs."
    assert shown(session)[0] is False


def test_without_runs_the_new_text_is_shown_at_once(session: Session, engine: StandingEngine, script: Path) -> None:
    session.editing.on_text_found(str(script), "print('x:', 2)\n")
    assert session.arrangement.lane.column.script == "print('x:', 2)\n"
    assert session.news == "train.py has changed on disk: the new text is shown"
    assert engine.prepared is not None
    assert engine.prepared.script == "print('x:', 2)\n"


# --- what came with a document -----------------------------------------------------------------


def as_opened(session: Session) -> Lab:
    """What somebody finds who opens the session's document."""
    return from_json(to_json(session.lab()), "lab.seedlab")


def test_what_the_next_runs_are_given_is_in_the_document(session: Session, engine: StandingEngine) -> None:
    make_runs(session, engine)
    give(session, "--epochs", "2")
    lab = as_opened(session)
    read, written = lab.columns[0], session.lab().columns[0]
    assert (read.program, read.next_program) == (written.program, written.next_program)
    session.show_lab(lab)
    assert shown(session) == (True, Earlier.SETTINGS)
    assert program_of(session).arguments == ("--epochs", "2")


def test_a_document_s_program_is_looked_at_only_when_it_is_to_run(
    session: Session, engine: StandingEngine, script: Path
) -> None:
    session.editing.change_program(replace(program_of(session), environment=(("PYTHONPATH", "/elsewhere"),)))
    session.show_lab(as_opened(session))
    assert not session.watched_paths
    assert engine.prepared is not None
    assert (engine.prepared.path, engine.prepared.folder, engine.prepared.environment) == (None, None, ())
    needed = session.runs.run()
    assert needed is not None
    assert (needed.script, needed.is_as_in_document, needed.problem) == (TEXT, True, "")
    script.write_text("print('x:', 2)\n")
    again = session.runs.trust(needed)
    assert again is not None, "what was seen is not what would run"
    assert (again.script, again.is_as_in_document) == ("print('x:', 2)\n", False)
    assert session.arrangement.lane.column.script == TEXT, "nothing was changed"
    script.unlink()
    gone = session.runs.trust(again)
    assert gone is not None
    assert "cannot be read" in gone.problem
    assert session.runs.trust(gone) == gone
    assert engine.plan is None
    script.write_text(TEXT)
    assert session.runs.trust(needed) is None
    assert session.is_busy
    assert session.watched_paths == (str(script),)


def test_what_is_changed_in_a_document_s_program_does_not_make_it_trusted(session: Session, script: Path) -> None:
    session.show_lab(as_opened(session))
    other = script.with_name("other.py")
    other.write_text(TEXT)
    session.editing.change_program(replace(program_of(session), path=str(other), name=str(other)))
    assert session.runs.run() is not None


def test_a_program_that_comes_back_is_trusted_only_with_the_text_of_its_runs(
    session: Session, engine: StandingEngine, script: Path, tmp_path: Path
) -> None:
    make_runs(session, engine)
    give(session, "--epochs", "2")
    writer = LabWriter(tmp_path)
    writer.write(session.lab())
    writer.close()
    kept = read_kept(tmp_path)
    assert kept == session.lab()
    assert as_trusted_on_disk(kept) == kept
    strange = replace(kept, columns=(replace(kept.columns[0], trusted=False),))
    assert as_trusted_on_disk(strange) == strange
    script.write_text("print('x:', 2)\n")
    assert not as_trusted_on_disk(kept).columns[0].trusted
    script.unlink()
    assert not as_trusted_on_disk(kept).columns[0].trusted


# --- as it is typed ----------------------------------------------------------------------------


@pytest.mark.parametrize("words", [(), ("a", "b c", ""), ("*.npy", "it's", "back\\slash", '"', "#x", "$HOME", "a;b")])
def test_words_come_back_as_they_were_typed(words: tuple[str, ...]) -> None:
    assert words_of(text_of_words(words)) == words


@pytest.mark.parametrize("text", ["'", 'a "b', "a\\"])
def test_a_quotation_that_is_not_closed_is_refused(text: str) -> None:
    with pytest.raises(ChoiceError):
        words_of(text)


def test_variables_come_back_as_they_were_typed() -> None:
    variables = (("A", "1 2"), ("B", ""), ("C", "a=b"))
    assert variables_of(text_of_variables(variables)) == variables
    assert variables_of("\n A=1\n\n") == (("A", "1"),)
    for wrong in ("A", "=1", "1A=1", "A=1\nA B=2"):
        with pytest.raises(ChoiceError):
            variables_of(wrong)
