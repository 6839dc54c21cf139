"""Runs columns on the command line: a session for each Python, with progress, Ctrl+C and questions about effects."""

import asyncio
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace

from seedlab.cli.clusters import check_sent
from seedlab.cli.interruption import Interruption
from seedlab.engine.clusters import Cluster
from seedlab.engine.engine import Engine
from seedlab.engine.executors.executor import Start
from seedlab.engine.executors.outcome import runs_at_once
from seedlab.engine.hosts import address_of, is_on_host
from seedlab.errors import ChoiceError
from seedlab.messages.influence import inquiry_notes
from seedlab.phrases import enumerated, sentence
from seedlab.session.arrangement import Arrangement, numbered
from seedlab.session.change import Change
from seedlab.session.running import lacking, request_of
from seedlab.session.session import Session
from seedlab.session.settings import Settings
from seedlab.session.stages import EffectsQuestion
from seedlab.study.lab import Column, Lab

T = TypeVar("T")


class Inquired(msgspec.Struct, frozen=True):
    """What is to be said of an inquiry beside what it has found."""

    problem: str = ""
    """Why it found no more, as a clause; empty where it is complete."""
    notes: tuple[str, ...] = ()
    """What a reader must know, as sentences."""


class Made(msgspec.Struct, frozen=True):
    """What came of running columns."""

    lab: Lab
    questions: tuple[EffectsQuestion, ...] = ()
    """What a person has to see and agree to before more runs are made."""
    inquiries: tuple[Inquired, ...] = ()
    """One for each column of the lab, where inquiries were asked for."""


async def run_columns(
    columns: Sequence[Column],
    settings: Settings,
    pythons: Sequence[str] | str | None,
    interruption: Interruption,
    *,
    agrees: bool,
    is_private: bool = False,
    inquires: Sequence[str] | None = None,
    cluster: Cluster | None = None,
) -> Made:
    """Run ``columns`` with each of ``pythons``, and return what came of it.

    Ctrl+C ends the current runs of all columns; what has finished until then is kept. Unless somebody ``agrees`` to
    whatever the first runs do outside their folders, such programs get no more runs, and no folder is sent to another
    host. With ``is_private``, all runs see their folders privately. With ``inquires``, labels of draws or none for all,
    what moves them is found too. With ``cluster``, all runs are made there, by each of ``pythons`` of its workers.
    """
    names = [pythons] if pythons is None or isinstance(pythons, str) else list(pythons)
    made: list[Column] = []
    asked: list[EffectsQuestion] = []
    inquired: list[Inquired] = []
    created = None
    for number, python in enumerate(names):
        shown = [replace(column, name=f"{column.name} {_short(python)}") for column in columns]
        numbers = numbered(column.name for column in (columns if len(names) == 1 else shown))
        named = [replace(column, name=name) for column, name in zip(columns, numbers, strict=True)]
        engine = Engine(Start(settings.start), spares=settings.jobs or runs_at_once(), may_send=agrees, cluster=cluster)
        arrangement = Arrangement.of_columns(named)
        session = Session(settings, engine, arrangement=arrangement, keeps_cancelled=True, is_private=is_private)
        session.runs.agrees = agrees
        engine.listener = session
        try:
            await _run(session, engine, python, interruption, asked, is_inquiry=inquires is not None, cluster=cluster)
            if inquires is not None and session.has_runs and not asked:
                inquired += await _inquire(session, engine, interruption, inquires)
        finally:
            await engine.close()
        lab = session.lab()
        made += lab.columns
        created = lab.created
        if interruption.times and number + 1 < len(names):
            break
    assert created is not None
    return Made(Lab(columns=tuple(made), created=created), tuple(asked), tuple(inquired))


async def _run(
    session: Session,
    engine: Engine,
    python: str | None,
    interruption: Interruption,
    asked: list[EffectsQuestion],
    *,
    is_inquiry: bool,
    cluster: Cluster | None,
) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()

    def stop() -> None:
        stopped.set()
        session.runs.stop()

    def on_change(change: Change) -> None:
        if Change.QUESTION in change and session.runs.question is not None:
            asked.append(session.runs.question)
            session.runs.answer(goes_on=False)

    session.listeners.append(on_change)
    with interruption.calling(lambda: loop.call_soon_threadsafe(stop)):
        session.runs.check()
        executable = engine.find_executable(python)
        # Before anybody is asked there.
        _check_sent(session, executable, cluster)
        # The import begins now and goes on while the interpreter is asked for its versions.
        session.preparing.prepare(executable)
        interpreter = await _unless(stopped, engine.ask_versions(executable))
        if interpreter is None or stopped.is_set():
            return
        session.on_interpreter_found(interpreter)
        # A window leaves such columns out and says so in their place; here a status would speak for what never ran.
        for error in lacking(session.arrangement.lanes, interpreter).values():
            raise error
        if is_inquiry:
            session.inquiring.prepare(session.arrangement.lane)
        with _progress(session, engine):
            session.runs.run_all()
            if session.problem is not None:
                raise session.problem
            await engine.until_idle()


async def _inquire(
    session: Session, engine: Engine, interruption: Interruption, labels: Sequence[str]
) -> list[Inquired]:
    """Find what moves the draws of each column, and return what is to be said of it."""
    loop = asyncio.get_running_loop()
    found: list[Inquired] = []
    with interruption.calling(lambda: loop.call_soon_threadsafe(session.runs.stop)):
        for position, lane in enumerate(session.arrangement.lanes):
            _check_labels(lane.column, labels)
            if interruption.times:
                break
            session.select(position)
            with _inquiry_progress(session, lane.column):
                session.causes.inquire(labels)
                inquiry = session.inquiring.inquiry
                await engine.until_idle()
            if inquiry is not None:
                notes = inquiry_notes(inquiry.problem, inquiry.could_not_be_tried, inquiry.problem_after)
                found.append(Inquired(inquiry.problem, notes))
    return found


def _check_sent(session: Session, executable: str, cluster: Cluster | None) -> None:
    """Raise `RunRefusedError` where a folder would be sent elsewhere that is too large, or nobody agrees to."""
    for lane in session.arrangement.lanes:
        request = request_of(lane, lane.cleared(), executable, session.settings)
        check_sent(request, cluster, is_agreed=session.runs.agrees)


def _check_labels(column: Column, labels: Sequence[str]) -> None:
    """Raise `ChoiceError` where the runs of ``column`` have no draw with one of ``labels``."""
    known = dict.fromkeys(draw.label for run in column.runs for draw in run.draws)
    missing = next((label for label in labels if label not in known), None)
    if missing is not None:
        advice = (
            sentence("Choose from: {known}.", known=enumerated(known))
            if known
            else sentence("The script has printed no value.")
        )
        raise ChoiceError(
            "draw", sentence("There is no draw “{missing}” in {name}.", missing=missing, name=column.name), advice
        )


@contextmanager
def _inquiry_progress(session: Session, column: Column) -> Iterator[None]:
    """Show the progress of an inquiry on standard error while the block lasts, after what it will take."""
    from seedlab.cli.terminal import InquiryBar

    with InquiryBar(column.name) as bar:

        def on_change(change: Change) -> None:
            if Change.MESSAGE in change and session.message:
                bar.say(session.message)
            if Change.PROGRESS in change:
                bar.show(session.progress.done, session.progress.asked)

        session.listeners.append(on_change)
        yield
        session.listeners.remove(on_change)


def _short(python: str | None) -> str:
    """Return a name that tells an interpreter from others: its host, its file, and the folder above ``bin``."""
    path = Path(python or "python")
    if is_on_host(python):
        address = address_of(str(python))
        path = Path(address.python)
        place = path.parent.parent if path.parent.name == "bin" else path.parent
        return f"{address.host}: {place.name}/{path.name}"
    return f"{path.parent.parent.name}/{path.name}" if path.parent.name == "bin" else path.name


async def _unless(stopped: asyncio.Event, work: Coroutine[Any, Any, T]) -> T | None:
    """Return the result of ``work``; or None when ``stopped`` is set first, once what ``work`` started has ended."""
    working = asyncio.ensure_future(work)
    stopping = asyncio.ensure_future(stopped.wait())
    await asyncio.wait((working, stopping), return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    working.cancel()
    await asyncio.wait((working, stopping))
    return None if working.cancelled() else working.result()


@contextmanager
def _progress(session: Session, engine: Engine) -> Iterator[None]:
    """Show the progress of each column on standard error while the block lasts, and the workers of a cluster."""
    from seedlab.cli.terminal import ProgressBars

    lanes = session.arrangement.lanes
    names = {lane.key: name for lane, name in zip(lanes, session.arrangement.names, strict=True)}
    with ProgressBars(names, session.settings.runs, engine.describe_workers) as bars:

        def on_change(change: Change) -> None:
            if Change.RUNS in change:
                bars.show({lane.key: len(lane.column.runs) for lane in session.arrangement.lanes})

        session.listeners.append(on_change)
        yield
        session.listeners.remove(on_change)
