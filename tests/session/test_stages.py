"""The order of runs of persons' own programs: the first one alone and watched, then what it allows, then witnesses."""

import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from seedlab.documents.programs import column_of_script
from seedlab.engine.batch import BatchEnd
from seedlab.engine.request import RunRequest
from seedlab.results.effects import Effect, Effects
from seedlab.results.environment import Interpreter
from seedlab.results.run import Run
from seedlab.session.arrangement import Arrangement
from seedlab.session.session import Session
from seedlab.session.settings import Settings
from seedlab.session.stages import FEW, WITNESS
from tests.helpers.engines import StandingEngine
from tests.helpers.values import draw, run

PYTHON = Interpreter(executable=sys.executable, python="3")
OUTSIDE = Effects(outside=(Effect("written", "/elsewhere/log"), Effect("connected", "127.0.0.1:80")))


@pytest.fixture
def engine() -> StandingEngine:
    return StandingEngine()


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "train.py"
    path.write_text("import numpy\nprint('x:', 1)\n")
    return path


def session_of(engine: StandingEngine, script: Path, runs: int = 6) -> Session:
    column = column_of_script(str(script), folder=str(script.parent))
    session = Session(Settings(runs=runs, jobs=2), engine, arrangement=Arrangement.of_columns([column]))
    session.on_interpreter_found(PYTHON)
    return session


def end(session: Session, engine: StandingEngine, value: float = 1, effects: Effects | None = None) -> list[RunRequest]:
    """Have the engine end the runs of its plan, cold where that was asked for, and the plan."""
    requests = engine.take_requests()
    for request in requests:
        made = run(request.index, draw("x", value))
        made = replace(made, start="cold" if request.cold_reason else "fork", start_reason=request.cold_reason)
        session.on_run_ended(request, replace(made, effects=(effects or Effects()) if request.audits else None))
    session.on_plan_ended(BatchEnd.COMPLETED)
    return list(requests)


def runs_of(session: Session) -> tuple[Run, ...]:
    return session.arrangement.lane.column.runs


def is_busy(session: Session) -> bool:
    return session.is_busy


def is_asking(session: Session) -> bool:
    return session.runs.question is not None


def jobs_of(engine: StandingEngine) -> int | None:
    assert engine.plan is not None
    return engine.plan.jobs


def test_the_first_run_is_watched_alone_and_two_are_witnesses(engine: StandingEngine, script: Path) -> None:
    session = session_of(engine, script)
    session.runs.run()
    assert jobs_of(engine) == 1
    (first,) = end(session, engine)
    assert first.audits
    assert is_busy(session)
    assert jobs_of(engine) == 2
    rest = end(session, engine)
    assert [request.cold_reason for request in (first, *rest)] == [WITNESS, WITNESS, "", "", "", ""]
    assert not any(request.audits for request in rest)
    assert [made.index for made in runs_of(session)] == [1, 2, 3, 4, 5, 6]
    assert not is_busy(session)
    assert session.progress.done == session.progress.asked == 6


def test_fewer_than_five_are_all_cold(engine: StandingEngine, script: Path) -> None:
    session = session_of(engine, script, 4)
    assert engine.prepared is not None
    assert engine.prepared.cold_reason == FEW
    session.runs.run()
    assert [request.cold_reason for request in (*end(session, engine), *end(session, engine))] == [FEW] * 4


def test_runs_that_change_their_folder_are_made_one_at_a_time(engine: StandingEngine, script: Path) -> None:
    session = session_of(engine, script)
    session.runs.run()
    end(session, engine, effects=Effects(changed_folder=True))
    assert jobs_of(engine) == 1
    end(session, engine)
    session.runs.once_more()
    assert jobs_of(engine) == 1, "it is known by now"
    (more,) = end(session, engine)
    assert (more.index, more.audits, more.cold_reason) == (7, False, "")


def test_effects_outside_are_asked_about_once(engine: StandingEngine, script: Path) -> None:
    session = session_of(engine, script)
    session.runs.run()
    end(session, engine, effects=OUTSIDE)
    assert engine.plan is None
    assert session.runs.question is not None
    assert session.runs.question.effects == OUTSIDE.outside
    assert session.runs.question.runs == 5
    session.runs.answer(goes_on=True)
    assert len(end(session, engine)) == 5
    session.runs.run()
    assert not is_asking(session)
    assert len(end(session, engine)) == 6, "it is known, and was agreed to"


def test_who_declines_keeps_the_first_run(engine: StandingEngine, script: Path) -> None:
    session = session_of(engine, script)
    session.runs.run()
    end(session, engine, effects=OUTSIDE)
    session.runs.answer(goes_on=False)
    assert engine.plan is None
    assert not session.is_busy
    assert len(runs_of(session)) == 1
    assert session.message == "5 more runs were not made."
    session.runs.once_more()
    assert engine.plan is None
    assert session.runs.question is not None, "it is asked before any more"
    session.runs.stop()
    assert not is_busy(session)
    assert not is_asking(session)


def test_runs_that_the_witnesses_disagree_with_are_discarded_and_made_again_cold(
    engine: StandingEngine, script: Path
) -> None:
    session = session_of(engine, script)
    session.runs.run()
    end(session, engine)
    requests = engine.take_requests()
    for request in requests:
        made = run(request.index, draw("x", 1 if request.cold_reason else 5))
        session.on_run_ended(request, replace(made, start="cold" if request.cold_reason else "fork"))
    session.on_plan_ended(BatchEnd.COMPLETED)
    assert [made.index for made in runs_of(session)] == [1, 2]
    again = end(session, engine)
    reason = "runs that were not started cold showed another “x” than those that were"
    assert [(request.index, request.cold_reason, request.is_private) for request in again] == [
        (index, reason, True) for index in (3, 4, 5, 6)
    ]
    assert [made.start_reason for made in runs_of(session)][2:] == [reason] * 4
    assert not session.is_busy
    session.runs.run()
    assert {request.cold_reason for request in end(session, engine)} == {reason}, "it is remembered"


def end_with(session: Session, engine: StandingEngine, *values: float) -> list[RunRequest]:
    """Have the engine end the runs of its plan with these values, and the plan."""
    requests = engine.take_requests()
    for request, value in zip(requests, values, strict=True):
        made = replace(run(request.index, draw("accuracy", value)), start="cold" if request.cold_reason else "fork")
        session.on_run_ended(request, replace(made, effects=Effects() if request.audits else None))
    session.on_plan_ended(BatchEnd.COMPLETED)
    return list(requests)


def test_where_witnesses_may_be_equal_by_chance_two_more_are_asked(engine: StandingEngine, script: Path) -> None:
    session = session_of(engine, script, 8)
    session.runs.run()
    end_with(session, engine, 0.75)
    end_with(session, engine, 0.75, 0.75, 0.5, 0.25, 0.75, 0.5, 0.25)
    assert [made.index for made in runs_of(session)] == [1, 2], "until it is known, the others are not shown"
    more = end_with(session, engine, 0.75, 0.25)
    assert [(request.index, request.cold_reason, request.is_private) for request in more] == [
        (3, WITNESS, True), (4, WITNESS, True),
    ]  # fmt: skip
    assert not session.is_busy
    assert [(made.index, made.start) for made in runs_of(session)] == [
        *((index, "cold") for index in (1, 2, 3, 4)), *((index, "fork") for index in (5, 6, 7, 8)),
    ]  # fmt: skip
    assert (session.progress.done, session.progress.asked) == (10, 10)
    session.runs.run()
    forks = end_with(session, engine, 0.75, 0.5, 0.25, 0.75, 0.5, 0.25, 0.75, 0.5)
    assert {request.cold_reason for request in forks} == {""}
    assert not session.is_busy, "all four are remembered"


def test_where_more_witnesses_are_equal_too_all_are_made_again_cold(engine: StandingEngine, script: Path) -> None:
    session = session_of(engine, script, 8)
    session.runs.run()
    end_with(session, engine, 0.75)
    end_with(session, engine, 0.75, 0.75, 0.5, 0.25, 0.75, 0.5, 0.25)
    end_with(session, engine, 0.75, 0.75)
    assert [made.index for made in runs_of(session)] == [1, 2, 3, 4]
    again = end_with(session, engine, 0.75, 0.75, 0.75, 0.75)
    reason = "runs that were not started cold showed another “accuracy” than those that were"
    assert [(request.index, request.cold_reason) for request in again] == [(index, reason) for index in (5, 6, 7, 8)]
    assert {made.start for made in runs_of(session)} == {"cold"}
    assert len(runs_of(session)) == 8
    assert not session.is_busy
    assert (session.progress.done, session.progress.asked) == (14, 14)


def test_the_text_on_disk_is_what_runs(engine: StandingEngine, script: Path) -> None:
    session = session_of(engine, script, 2)
    session.runs.run()
    end(session, engine)
    end(session, engine)
    script.write_text("import numpy\nprint('x:', 2)\n")
    session.runs.once_more()
    assert engine.plan is None
    assert session.message.startswith("“train.py” has changed on disk since its runs.")
    session.runs.run()
    assert session.message == "train.py has changed on disk: the new text runs."
    assert end(session, engine)[0].script.endswith("2)\n")
    script.unlink()
    end(session, engine)
    session.runs.run()
    assert "cannot be read" in session.message
    assert len(runs_of(session)) == 2, "nothing is lost"


def test_witnesses_count_until_the_script_or_a_module_changes(engine: StandingEngine, script: Path) -> None:
    (script.parent / "helper.py").write_text("VALUE = 1\n")
    script.write_text("import numpy, helper\nprint('x:', 1)\n")
    session = session_of(engine, script)
    session.runs.run()
    end(session, engine)
    end(session, engine)
    session.runs.run()
    assert [request.cold_reason for request in end(session, engine)] == [""] * 6
    assert not is_busy(session)
    (script.parent / "helper.py").write_text("VALUE = 2\n")
    session.runs.run()
    assert [request.cold_reason for request in end(session, engine)] == [WITNESS]


def test_what_the_world_has_changed_is_not_held_against_the_forks(engine: StandingEngine, script: Path) -> None:
    session = session_of(engine, script)
    session.runs.run()
    end(session, engine)
    end(session, engine)
    session.runs.run()
    end(session, engine, value=2)
    assert runs_of(session) == (), "something that it reads has changed since the witnesses were made"
    again = end(session, engine, value=2)
    assert all(request.cold_reason for request in again)
    session.runs.run()
    assert [request.cold_reason for request in end(session, engine, value=2)] == [""] * 6
    assert len(runs_of(session)) == 6


def test_what_is_prepared_depends_on_the_number_of_runs(engine: StandingEngine, script: Path) -> None:
    session = session_of(engine, script, 4)
    session.change_settings(runs=6)
    assert engine.prepared is not None
    assert engine.prepared.cold_reason == ""
    session.change_settings(runs=3)
    assert engine.prepared.cold_reason == FEW


def test_runs_whose_files_are_compared_are_made_one_at_a_time(engine: StandingEngine, script: Path) -> None:
    column = column_of_script(str(script), folder=str(script.parent), compares=("out.npy",))
    for is_private, jobs in ((False, 1), (True, 2)):
        session = Session(
            Settings(runs=6, jobs=2), engine, arrangement=Arrangement.of_columns([column]), is_private=is_private
        )
        session.on_interpreter_found(PYTHON)
        session.runs.run()
        (first,) = end(session, engine)
        assert first.compares == ("out.npy",)
        assert jobs_of(engine) == jobs
