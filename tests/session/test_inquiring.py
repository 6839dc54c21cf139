"""Inquiries of a session: those that are asked for, and those that follow experiments and give way to everything."""

import sys
from pathlib import Path

import pytest

from seedlab.documents.programs import column_of_script
from seedlab.engine.batch import BatchEnd
from seedlab.libraries.registry import experiment_of
from seedlab.results.environment import Interpreter
from seedlab.results.influence import Influence
from seedlab.results.run import Outcome, unfinished
from seedlab.session.arrangement import Arrangement
from seedlab.session.change import Change
from seedlab.session.session import Session
from seedlab.session.settings import Settings
from seedlab.study.lab import Column, Lab, now
from tests.helpers.engines import StandingEngine, UntilIdle, run_of, with_engine
from tests.helpers.values import draw
from tests.helpers.values import run as made_run

RANDOM = experiment_of("python-random", draws_per_op=1)
UNSEEDED = experiment_of("python-random", draws_per_op=1, placement="none")
PYTHON = Interpreter(executable=sys.executable, python="3")


@pytest.fixture
def engine() -> StandingEngine:
    return StandingEngine()


@pytest.fixture
def session(engine: StandingEngine) -> Session:
    made = Session(Settings(runs=2, jobs=1), engine, arrangement=Arrangement.of([RANDOM]), tries_causes=True)
    made.on_interpreter_found(PYTHON)
    return made


def finish(session: Session, engine: StandingEngine, end: BatchEnd = BatchEnd.COMPLETED) -> None:
    """Have the engine end each run of its plan, and the plan."""
    for request in engine.take_requests():
        session.on_run_ended(request, run_of(request))
    session.on_plan_ended(end)
    while engine.is_over:
        engine.is_over = False
        session.on_plan_ended(BatchEnd.COMPLETED)


def is_asked(engine: StandingEngine) -> bool:
    return engine.plan is not None


def test_an_experiment_is_inquired_into_by_itself_and_nothing_shows_that(
    session: Session, engine: StandingEngine
) -> None:
    session.runs.run()
    finish(session, engine)
    changes: list[Change] = []
    session.listeners.append(changes.append)
    assert engine.plan is not None
    assert engine.plan.requests[0].holds == ("sources",)
    assert not session.is_busy
    finish(session, engine)
    # No source was seen in these runs, so that nothing is turned.
    assert not is_asked(engine)
    assert session.arrangement.lane.column.influence is not None
    assert changes == [Change.RUNS]


def test_what_was_found_is_used_again(session: Session, engine: StandingEngine) -> None:
    session.runs.run()
    finish(session, engine)
    finish(session, engine)
    found = session.arrangement.lane.column.influence
    session.runs.run()
    finish(session, engine)
    assert not is_asked(engine)
    assert session.arrangement.lane.column.influence == found


def test_it_gives_way_to_a_run(session: Session, engine: StandingEngine) -> None:
    session.runs.run()
    finish(session, engine)
    session.runs.run()
    assert (engine.was_stopped, session.is_busy) == (True, True)
    finish(session, engine, BatchEnd.CANCELLED)
    assert engine.plan is not None
    assert (engine.plan.requests[0].holds, len(session.arrangement.lane.column.runs)) == ((), 0)
    finish(session, engine)
    assert len(session.arrangement.lane.column.runs) == 2


def test_a_run_that_waits_for_it_can_be_stopped(session: Session, engine: StandingEngine) -> None:
    session.runs.run()
    finish(session, engine)
    session.runs.run()
    session.runs.stop()
    finish(session, engine, BatchEnd.CANCELLED)
    assert not is_asked(engine)
    assert (session.is_busy, session.progress.last_end) == (False, BatchEnd.CANCELLED)


def test_it_gives_way_to_an_inquiry_that_is_asked_for(session: Session, engine: StandingEngine) -> None:
    session.runs.run()
    finish(session, engine)
    session.causes.inquire()
    assert [session.is_busy] == [True]
    finish(session, engine, BatchEnd.CANCELLED)
    assert is_asked(engine)
    finish(session, engine)
    assert [session.is_busy] == [False]
    assert session.arrangement.lane.column.influence is not None


def test_after_stop_nothing_is_tried(session: Session, engine: StandingEngine) -> None:
    session.runs.run()
    finish(session, engine, BatchEnd.CANCELLED)
    assert not is_asked(engine)


def test_an_engine_that_takes_no_more_plans_is_not_asked_for_ever(session: Session, engine: StandingEngine) -> None:
    session.arrange(Arrangement.of([RANDOM, UNSEEDED]))
    session.runs.run_all()
    engine.plan, requests = None, engine.take_requests()
    for request in requests:
        session.on_run_ended(request, run_of(request))
    engine.refuses = True
    session.on_plan_ended(BatchEnd.COMPLETED)
    assert session.inquiring.inquiry is None
    assert not session.is_busy
    engine.refuses = False
    session.runs.run_all()
    finish(session, engine)
    assert is_asked(engine), "new runs are inquired into"


def test_of_an_inquiry_by_itself_in_which_a_run_did_not_finish_nothing_is_told(
    session: Session, engine: StandingEngine
) -> None:
    session.runs.run()
    finish(session, engine)
    for request in engine.take_requests():
        assert request.holds == ("sources",)
        session.on_run_ended(request, unfinished(request.index, Outcome.TIMED_OUT, "it took too long"))
    session.on_plan_ended(BatchEnd.COMPLETED)
    while engine.is_over:
        engine.is_over = False
        session.on_plan_ended(BatchEnd.COMPLETED)
    assert session.inquiring.inquiry is None
    assert session.arrangement.lane.column.influence is None


def test_a_column_that_is_removed_is_no_longer_inquired_into(session: Session, engine: StandingEngine) -> None:
    session.runs.lay_out([UNSEEDED, RANDOM])
    finish(session, engine)
    assert is_asked(engine)
    session.arrange(session.arrangement.remove(0))
    finish(session, engine)
    # The other one is next.
    assert is_asked(engine)
    finish(session, engine)
    assert [lane.column.influence is not None for lane in session.arrangement.lanes] == [True]


def test_real_experiments_are_explained_by_what_was_tried() -> None:
    async def work(session: Session, until_idle: UntilIdle) -> None:
        session.runs.run_all()
        await until_idle()
        unseeded, seeded = (lane.column.influence for lane in session.arrangement.lanes)
        assert unseeded is not None
        assert seeded is not None
        assert [(source.kind, source.door) for source in unseeded.sources] == [("taken", "random")]
        assert not any(draw.repeats for draw in unseeded.draws)
        assert all(draw.moved_by for draw in (*unseeded.draws, *seeded.draws))
        assert all(draw.repeats for draw in seeded.draws)

    with_engine(work, Settings(runs=3), Arrangement.of([UNSEEDED, RANDOM]), tries_causes=True)


def test_what_was_found_of_an_own_script_holds_while_its_modules_are_the_same(tmp_path: Path) -> None:
    (tmp_path / "helper.py").write_text("SEED = 1\n", encoding="utf-8")
    (tmp_path / "mine.py").write_text(
        "import random\nimport helper\nrandom.seed(helper.SEED)\nprint('a:', random.random())\n", encoding="utf-8"
    )

    async def work(session: Session, until_idle: UntilIdle) -> None:
        async def run() -> Influence | None:
            session.runs.run()
            await until_idle()
            return session.arrangement.lane.column.influence

        assert await run() is None
        session.causes.inquire()
        await until_idle()
        found = session.arrangement.lane.column.influence
        assert found is not None
        assert found.draws[0].moved_by == (found.sources[0].id,)
        assert await run() == found
        (tmp_path / "helper.py").write_text("SEED = 22\n", encoding="utf-8")
        assert await run() is None

    column = column_of_script(str(tmp_path / "mine.py"))
    with_engine(work, Settings(runs=2), Arrangement.of_columns([column]))


def test_why_needs_runs(session: Session, engine: StandingEngine) -> None:
    session.causes.inquire()
    assert not is_asked(engine)
    assert session.message.startswith("Run it at least twice first")


def test_effects_outside_are_asked_about_before_an_inquiry(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    log = tmp_path_factory.mktemp("outside") / "log"
    text = f"import random\nopen({str(log)!r}, 'a').write('x')\nprint('a:', random.random())\n"
    (tmp_path / "mine.py").write_text(text, encoding="utf-8")

    async def work(session: Session, until_idle: UntilIdle) -> None:
        session.runs.run()
        await until_idle()
        session.runs.answer(goes_on=True)
        await until_idle()
        assert log.read_text(encoding="utf-8") == "xx"
        session.causes.inquire()
        assert session.runs.question is not None
        assert session.runs.question.runs == 2 + 3 + 5
        session.runs.answer(goes_on=False)
        assert (session.is_busy, session.message) == (False, "10 more runs were not made.")
        assert log.read_text(encoding="utf-8") == "xx"
        session.causes.inquire()
        session.runs.answer(goes_on=True)
        await until_idle()
        influence = session.arrangement.lane.column.influence
        assert influence is not None
        assert influence.draws[0].moved_by == ("s1",)
        assert log.read_text(encoding="utf-8") == "x" * (2 + 10)

    # In a folder of its own, in which nobody else writes.
    column = column_of_script(str(tmp_path / "mine.py"), folder=str(tmp_path))
    with_engine(work, Settings(runs=2), Arrangement.of_columns([column]))


def test_runs_that_find_what_others_have_left_are_counted_before_they_are_made(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    log = tmp_path_factory.mktemp("outside") / "log"
    text = (
        f"import random\nopen({str(log)!r}, 'a').write('x')\nopen('inside', 'a').write('x')\n"
        "print('a:', random.random())\n"
    )
    (tmp_path / "mine.py").write_text(text, encoding="utf-8")

    async def work(session: Session, until_idle: UntilIdle) -> None:
        session.runs.run()
        await until_idle()
        session.runs.answer(goes_on=True)
        await until_idle()
        session.causes.inquire()
        assert session.runs.question is not None
        assert session.runs.question.runs == 2 + 3 + 5 + 2 + 4
        session.runs.answer(goes_on=True)
        await until_idle()
        assert log.read_text(encoding="utf-8") == "x" * (2 + 16)

    column = column_of_script(str(tmp_path / "mine.py"), folder=str(tmp_path))
    with_engine(work, Settings(runs=2), Arrangement.of_columns([column]))


def test_why_runs_a_column_without_runs_first(session: Session, engine: StandingEngine) -> None:
    session.causes.why()
    assert engine.plan is not None
    assert (len(engine.plan.requests), engine.plan.requests[0].holds) == (2, ())
    finish(session, engine)
    assert session.inquiring.inquiry is not None
    assert [session.is_busy] == [True]
    finish(session, engine)
    assert [session.is_busy] == [False]
    assert session.arrangement.lane.column.influence is not None


def test_why_that_is_stopped_while_it_runs_a_column_finds_nothing(session: Session, engine: StandingEngine) -> None:
    session.causes.why()
    session.runs.stop()
    finish(session, engine, BatchEnd.CANCELLED)
    assert (session.inquiring.inquiry, session.is_busy) == (None, False)
    # Nor do the next runs that are asked for ask why.
    session.runs.run()
    finish(session, engine)
    assert not session.is_busy


def test_a_single_run_is_not_enough_to_ask_why(session: Session, engine: StandingEngine) -> None:
    session.change_settings(runs=1)
    session.causes.why()
    assert not is_asked(engine)
    assert session.message.startswith("Run it at least twice first")


def test_why_that_was_declined_does_not_follow_a_later_run(session: Session, engine: StandingEngine) -> None:
    # As one that a document brought, with runs.
    strange = Column(
        name="strange.py",
        experiment=None,
        script="print('x:', 1)\n",
        trusted=False,
        runs=(made_run(1, draw("x", 1.0, "float64")),),
    )
    session.show_lab(Lab(columns=(strange,), created=now()))
    assert session.causes.why() is not None
    # Declined, and one more run agreed to a while later.
    needed = session.runs.once_more()
    assert needed is not None
    assert session.runs.trust(needed) is None
    for request in engine.take_requests():
        session.on_run_ended(request, run_of(request))
    session.on_plan_ended(BatchEnd.COMPLETED)
    assert session.inquiring.inquiry is None
    assert not session.is_busy


def test_why_follows_a_run_that_was_agreed_to(session: Session, engine: StandingEngine) -> None:
    strange = Column(name="strange.py", experiment=None, script="print('x:', 1)\n", trusted=False)
    session.show_lab(Lab(columns=(strange,), created=now()))
    needed = session.causes.why()
    assert needed is not None
    assert session.runs.trust(needed) is None
    for request in engine.take_requests():
        session.on_run_ended(request, run_of(request))
    session.on_plan_ended(BatchEnd.COMPLETED)
    assert session.inquiring.inquiry is not None
