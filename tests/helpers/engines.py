"""Engines for sessions in tests: one that only takes notes, and the real one in an event loop of its own."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence

from seedlab.engine.engine import Engine
from seedlab.engine.executors.executor import Start
from seedlab.engine.pythons import ask_versions
from seedlab.engine.request import MakePlan, Plan, RunRequest
from seedlab.results.run import Run
from seedlab.session.arrangement import Arrangement
from seedlab.session.session import Session
from seedlab.session.settings import Settings
from tests.helpers.values import draw, run

UntilIdle = Callable[[], Awaitable[None]]


class StandingEngine:
    """Takes what it is asked for and does nothing: the test says what happens."""

    def __init__(self) -> None:
        self.plan: Plan | None = None
        self.prepared: RunRequest | None = None
        self.ahead: tuple[RunRequest, ...] = ()
        self.skipped: list[int] = []
        self.sent: list[RunRequest] = []
        self.is_over = False
        """Whether the plan that was begun last had nothing to execute, which is to be reported."""
        self.was_stopped = False
        self.refuses = False
        """Whether plans are refused, as by an engine that is being closed."""
        self.start = Start.AUTO
        self.surveys: list[tuple[tuple[str, ...], tuple[str, ...], dict[str, tuple[int, ...]]]] = []

    def start_plan(self, plan: Plan | MakePlan) -> bool:
        if self.refuses:
            return False
        self.plan = plan if isinstance(plan, Plan) else plan()
        self.is_over = self.plan is None
        return True

    def stop_plan(self) -> None:
        self.was_stopped = True

    def skip(self, key: int) -> None:
        self.skipped.append(key)

    def prepare(self, request: RunRequest) -> None:
        self.prepared = request

    def prepare_ahead(self, requests: Sequence[RunRequest]) -> None:
        self.ahead = tuple(requests)

    def agree_to_send(self, request: RunRequest) -> None:
        self.sent.append(request)

    def set_start(self, start: Start) -> None:
        self.start = start

    def survey(self, near: Sequence[str], chosen: Sequence[str], known: Mapping[str, tuple[int, ...]]) -> None:
        self.surveys.append((tuple(near), tuple(chosen), dict(known)))

    def ask(self, executable: str | None) -> None:
        """Nobody answers here."""

    def take_requests(self) -> tuple[RunRequest, ...]:
        """Return the requests of the plan, which is forgotten."""
        assert self.plan is not None
        requests, self.plan = self.plan.requests, None
        return requests


def run_of(request: RunRequest) -> Run:
    """A finished run, as the engine would deliver it for ``request``."""
    return run(request.index, draw("1", 0.5, "float64"))


def with_engine(
    work: Callable[[Session, UntilIdle], Awaitable[None]],
    settings: Settings,
    arrangement: Arrangement,
    *,
    tries_causes: bool = False,
) -> None:
    """Carry out ``work`` with a session on a real engine, whose interpreter is this one."""

    async def run_work() -> None:
        engine = Engine(Start(settings.start))
        session = Session(settings, engine, arrangement=arrangement, tries_causes=tries_causes)
        engine.listener = session
        try:
            session.on_interpreter_found(await ask_versions(sys.executable))
            await work(session, engine.until_idle)
        finally:
            await engine.close()

    asyncio.run(run_work())
