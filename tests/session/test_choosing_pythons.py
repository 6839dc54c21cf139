"""The Pythons of a session: which column has which, what is remembered, and what a column lacks."""

import sys

import pytest
from msgspec.structs import replace

from seedlab.engine.batch import BatchEnd
from seedlab.engine.survey import Seen
from seedlab.errors import InterpreterError
from seedlab.results.environment import Device, Interpreter
from seedlab.session.arrangement import Arrangement
from seedlab.session.session import Session
from seedlab.session.settings import Settings
from seedlab.session.shown import shown_columns
from tests.helpers.engines import StandingEngine
from tests.helpers.interpreters import interpreter
from tests.helpers.values import draw, run

USUAL = interpreter(sys.executable, "3.11.7", numpy="2.4.6", tensorflow="2.21.0")
OLD = interpreter("/old/bin/python3", "3.7.16", numpy="1.21.6", tensorflow="1.15.5")
BARE = interpreter("/bare/bin/python3", "3.12.1")


@pytest.fixture
def engine() -> StandingEngine:
    return StandingEngine()


@pytest.fixture
def session(engine: StandingEngine) -> Session:
    made = Session(Settings(runs=1), engine)
    made.on_interpreter_found(USUAL)
    made.arrange(Arrangement.of([made.experiment] * 2))
    return made


def seen(found: Interpreter | None, path: str = "", stamp: tuple[int, ...] = (1,)) -> Seen:
    return Seen(found.executable if found is not None else path, stamp, found)


def requested(session: Session, engine: StandingEngine) -> list[str]:
    """Run all columns; return the Pythons that the engine was asked to execute."""
    assert session.runs.run_all() is None
    asked = []
    while session.is_busy:
        for request in engine.take_requests():
            asked.append(request.executable)
            session.on_run_ended(request, run(request.index, draw("x", 1)))
        session.on_plan_ended(BatchEnd.COMPLETED)
    return asked


def test_one_that_is_found_makes_the_runs_of_one_column(session: Session, engine: StandingEngine) -> None:
    session.pythons.look()
    session.on_python_seen(seen(OLD))
    assert [each.executable for each in session.pythons.usable] == [USUAL.executable, OLD.executable]
    session.select(1)
    session.pythons.choose(OLD.executable)
    assert [lane.interpreter for lane in session.arrangement.lanes] == [None, session.pythons.usable[1]]
    assert requested(session, engine) == [USUAL.executable, OLD.executable]
    assert "Python 3.7.16" in session.arrangement.names[1]
    assert "Python 3.11.7" in session.arrangement.names[0]
    session.pythons.choose(USUAL.executable)
    assert [lane.interpreter for lane in session.arrangement.lanes] == [None, None]
    session.undo()
    assert session.arrangement.lanes[1].interpreter is not None


def test_one_that_a_person_names_is_asked_first_and_its_column_gets_it_then(
    session: Session, engine: StandingEngine
) -> None:
    session.select(1)
    session.pythons.choose("/bin/sh")
    assert [lane.interpreter for lane in session.arrangement.lanes] == [None, None]
    assert "/bin/sh" in engine.surveys[-1][1]
    session.on_python_seen(seen(interpreter("/bin/sh", "3.9.1")))
    assert session.arrangement.lanes[1].interpreter == interpreter("/bin/sh", "3.9.1")


def test_what_is_no_python_is_refused_and_the_column_keeps_its_own(session: Session) -> None:
    session.pythons.choose("/no/such/python")
    assert "There is no Python called" in session.message
    session.pythons.choose("/bin/sh")
    session.on_python_seen(seen(None, "/bin/sh"))
    assert "/bin/sh is not a Python" in session.message
    assert [each.executable for each in session.pythons.usable] == [USUAL.executable]
    assert session.arrangement.lane.interpreter is None


def test_what_was_found_and_chosen_is_known_at_the_next_start(session: Session, engine: StandingEngine) -> None:
    session.on_python_seen(seen(OLD, stamp=(7, 8)))
    session.on_python_seen(seen(None, "/broken/python"))
    session.pythons.choose("/bin/sh")
    session.on_python_seen(seen(interpreter("/bin/sh", "3.9.1")))
    again = Session(session.settings_to_save(), engine)
    assert {each.executable: each.python for each in again.pythons.usable} == {
        OLD.executable: "3.7.16",
        "/bin/sh": "3.9.1",
    }
    assert next(each for each in again.pythons.usable if each.python == "3.7.16").version("tensorflow") == "1.15.5"
    again.pythons.look()
    _, chosen, known = engine.surveys[-1]
    assert chosen == ("/bin/sh",)
    assert known == {OLD.executable: (7, 8), "/broken/python": (1,), "/bin/sh": (1,)}


def test_devices_that_were_found_are_remembered(session: Session, engine: StandingEngine) -> None:
    session.on_python_seen(seen(USUAL))
    session.on_interpreter_found(replace(USUAL, devices=(Device("CPU:0", "AMD EPYC"), Device("GPU:0"))))
    again = Session(session.settings_to_save(), engine)
    assert again.pythons.known.devices(USUAL.executable) == ("CPU:0 AMD EPYC", "GPU:0")
    again.on_python_seen(seen(USUAL, stamp=(9,)))
    assert again.pythons.known.devices(USUAL.executable) == ("CPU:0 AMD EPYC", "GPU:0")
    assert again.pythons.known.devices(OLD.executable) == ()


def test_one_that_is_gone_is_offered_no_more(session: Session, engine: StandingEngine) -> None:
    session.on_python_seen(seen(OLD))
    session.on_interpreter_found(BARE)
    session.on_interpreter_found(USUAL)
    for gone in (OLD, BARE):
        session.on_python_seen(Seen(gone.executable, (), None))
    assert [each.executable for each in session.pythons.usable] == [USUAL.executable]
    assert Session(session.settings_to_save(), engine).pythons.usable == ()


@pytest.mark.parametrize("laid_out", [False, True])
def test_a_column_keeps_its_python_when_it_gets_an_experiment_or_is_laid_out(
    session: Session, engine: StandingEngine, *, laid_out: bool
) -> None:
    session.on_python_seen(seen(OLD))
    session.select(1)
    session.pythons.choose(OLD.executable)
    if laid_out:
        session.runs.compare("placement")
    else:
        session.editing.edit_script("print('x:', 1)\n")
        session.editing.choose_library("numpy")
        assert session.runs.run() is None
    assert {request.executable for request in engine.take_requests()} == {OLD.executable}


def test_a_column_whose_python_lacks_something_says_so_and_the_others_run(
    session: Session, engine: StandingEngine
) -> None:
    session.on_python_seen(seen(BARE))
    session.select(1)
    session.pythons.choose(BARE.executable)
    assert requested(session, engine) == [USUAL.executable]
    first, second = shown_columns(session)
    assert first.lack == ""
    assert "/bare/bin/python3 (Python 3.12.1) has no tensorflow" in second.lack
    session.pythons.choose(USUAL.executable)
    assert shown_columns(session)[1].lack == "", "it has what it needs now"
    assert requested(session, engine) == [USUAL.executable] * 2


def test_where_no_python_has_what_is_needed_nothing_runs_and_that_is_said(
    session: Session, engine: StandingEngine
) -> None:
    session.on_interpreter_found(BARE)
    assert session.runs.run_all() is None
    assert not session.is_busy
    assert "has no tensorflow" in session.message
    assert engine.plan is None


def test_an_answer_of_a_python_takes_back_only_what_was_said_of_pythons() -> None:
    session = Session(Settings(), StandingEngine())
    session.say("lab.seedlab cannot be read.")
    session.on_interpreter_found(USUAL)
    assert session.message == "lab.seedlab cannot be read."
    session.on_interpreter_failed(InterpreterError("/old/bin/python3 did not answer.", "Choose another."))
    assert "did not answer" in session.message
    session.on_interpreter_found(replace(USUAL, problem="importing TensorFlow failed"))
    assert session.message == "importing TensorFlow failed."
    session.on_interpreter_found(USUAL)
    assert session.message == ""


def test_columns_are_laid_out_for_each_that_was_chosen_though_one_lacks_something(
    session: Session, engine: StandingEngine
) -> None:
    session.on_interpreter_found(BARE)
    session.on_interpreter_found(USUAL)
    assert session.runs.compare("interpreter") is None
    assert len(session.arrangement.lanes) == 2
    assert {request.executable for request in engine.take_requests()} == {USUAL.executable}


def test_the_only_column_that_is_left_gets_the_usual_python_back(session: Session) -> None:
    session.on_python_seen(seen(OLD))
    session.select(1)
    session.pythons.choose(OLD.executable)
    session.arrange(session.arrangement.remove(0))
    session.pythons.choose(USUAL.executable)
    assert session.arrangement.lane.interpreter is None


def test_another_start_leaves_each_column_its_own_python(session: Session) -> None:
    session.on_python_seen(seen(OLD))
    session.pythons.choose(OLD.executable)
    session.change_settings(start="cold")
    assert session.arrangement.lane.interpreter is not None


def test_one_that_could_not_be_used_is_asked_again_when_a_person_chooses_it(
    session: Session, engine: StandingEngine
) -> None:
    session.on_python_seen(seen(None, "/bin/sh", stamp=(7,)))
    session.pythons.choose("/bin/sh")
    assert engine.surveys[-1][2]["/bin/sh"] != (7,)


def test_what_was_left_out_is_still_said_after_another_column_has_run(session: Session, engine: StandingEngine) -> None:
    session.on_python_seen(seen(BARE))
    session.select(1)
    session.pythons.choose(BARE.executable)
    requested(session, engine)
    session.select(0)
    assert session.runs.run() is None
    assert shown_columns(session)[1].lack


# --- a Python without what the experiment needs ----------------------------------------------------


@pytest.fixture
def without(engine: StandingEngine) -> Session:
    """As after the first start, where seedlab was installed without TensorFlow."""
    made = Session(Settings(runs=1), engine)
    made.on_interpreter_found(interpreter("/new/bin/python3", "3.14.0", numpy="2.4.6"))
    return made


def test_what_is_missing_is_said_before_anybody_asks_for_runs(without: Session) -> None:
    assert "/new/bin/python3 (Python 3.14.0) has no tensorflow" in without.message
    assert "is made for Python up to 3.13" in without.message
    assert "pip install" not in without.message, "there is nothing to be installed"


def test_a_python_that_has_it_is_named_as_soon_as_it_is_found(without: Session) -> None:
    without.on_python_seen(seen(BARE))
    assert "/bare" not in without.message
    without.on_python_seen(seen(OLD))
    assert without.message.endswith("/old/bin/python3 has TensorFlow 1.15.5.")
    without.pythons.choose(OLD.executable)
    without.on_interpreter_found(OLD)
    assert without.message == ""


def test_what_is_said_of_it_goes_with_an_experiment_that_needs_less(without: Session) -> None:
    without.editing.choose_library("numpy")
    assert without.message == ""
    without.on_python_seen(seen(OLD))
    assert without.message == ""


def test_another_message_stays_when_pythons_are_found(without: Session) -> None:
    without.say("Something else.")
    without.on_python_seen(seen(OLD))
    assert without.message == "Something else."


def test_nothing_is_imported_where_it_cannot_be_and_the_reason_is_given(
    without: Session, engine: StandingEngine
) -> None:
    assert engine.prepared is not None
    assert engine.prepared.cold_reason == "this Python has no tensorflow"
    without.editing.choose_library("numpy")
    assert engine.prepared.cold_reason == ""
