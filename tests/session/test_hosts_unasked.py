"""A host that stands in a document or is remembered is never contacted before a person has chosen it."""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from seedlab.documents.files import read_lab
from seedlab.documents.writing import to_json
from seedlab.engine.batch import BatchEnd
from seedlab.engine.engine import Engine
from seedlab.engine.pythons import ask_versions
from seedlab.engine.survey import Seen
from seedlab.session.arrangement import Arrangement
from seedlab.session.session import Session
from seedlab.session.settings import SavedPython, Settings
from seedlab.study.lab import Lab
from seedlab.study.program import Program
from tests.helpers.documents import whole_lab
from tests.helpers.engines import StandingEngine
from tests.helpers.interpreters import interpreter
from tests.helpers.values import draw, run

HOST = "ssh://lab/opt/py/bin/python"
THERE = interpreter(HOST, "3.11.7", numpy="2.4.6", tensorflow="2.21.0")
USUAL = interpreter(sys.executable, "3.11.7", numpy="2.4.6", tensorflow="2.21.0")
PACKAGES = {"numpy": "2.4.6", "tensorflow": "2.21.0"}
REMEMBERED = SavedPython(executable=HOST, python="3.11.7", packages=PACKAGES, stamp=(1,), is_chosen=True)
FAILED = SavedPython(executable=HOST, is_chosen=True)


@pytest.fixture
def contacted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """Puts an ssh on the path that notes how it was called; returns these notes."""
    notes, program = tmp_path / "notes", tmp_path / "bin" / "ssh"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\necho "$@" >> {notes}\necho no >&2\nexit 255\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent))
    return lambda: notes.read_text().splitlines() if notes.exists() else []


def foreign_lab() -> Lab:
    """A lab whose every column, and every scene's, was drawn by a Python on a host, with a program that lies there."""
    lab = whole_lab()
    columns = tuple(replace(column, interpreter=THERE) for column in lab.columns)
    program = Program(path="/x/own.py", name="own.py", folder="/x", host_folder="/there")
    columns = (*columns, replace(columns[0], experiment=None, program=program, runs=()))
    return replace(lab, columns=columns, scenes=tuple(replace(scene, columns=columns) for scene in lab.scenes))


def test_a_document_keeps_the_folder_on_a_host(tmp_path: Path) -> None:
    path = tmp_path / "lab.seedlab"
    path.write_bytes(to_json(foreign_lab()))
    program = read_lab(path).columns[-1].program
    assert program is not None
    assert program.host_folder == "/there"


@pytest.mark.parametrize("saved", [REMEMBERED, FAILED])
def test_nobody_contacts_it_when_a_document_is_opened_and_pythons_are_looked_for(
    tmp_path: Path, contacted: Callable[[], list[str]], saved: SavedPython
) -> None:
    path = tmp_path / "lab.seedlab"
    path.write_bytes(to_json(foreign_lab()))

    async def work() -> None:
        engine = Engine()
        session = Session(Settings(runs=1, pythons=(saved,)), engine)
        engine.listener = session
        try:
            session.on_interpreter_found(await ask_versions(sys.executable))
            session.show_lab(read_lab(path))
            for position in range(len(session.arrangement.lanes)):
                session.select(position)
                session.preparing.prepare()
            session.pythons.look()
            await asyncio.gather(*engine._tasks)
            assert [each.executable for each in session.pythons.usable if each.executable == HOST] == (
                [HOST] if saved.python else []
            )
        finally:
            await engine.close()

    asyncio.run(work())
    assert contacted() == []


def test_it_is_contacted_when_a_person_chooses_it(contacted: Callable[[], list[str]]) -> None:
    async def work() -> None:
        engine = Engine()
        session = Session(Settings(runs=1, pythons=(FAILED,)), engine)
        engine.listener = session
        try:
            session.on_interpreter_found(USUAL)
            session.arrange(Arrangement.of([session.experiment] * 2))
            session.select(1)
            session.pythons.choose(HOST)
            await asyncio.gather(*engine._tasks)
            assert f"{HOST} is not a Python that can be used" in session.message
        finally:
            await engine.close()

    asyncio.run(work())
    assert len(contacted()) == 1
    assert "-- lab exec /opt/py/bin/python" in contacted()[0]


def test_a_survey_names_it_only_while_a_person_waits_for_it() -> None:
    engine = StandingEngine()
    session = Session(Settings(runs=1, pythons=(REMEMBERED,)), engine)
    session.on_interpreter_found(USUAL)
    session.arrange(Arrangement.of([session.experiment] * 2))
    session.pythons.look()
    assert engine.surveys[-1][1:] == ((), {})
    other = "ssh://lab/opt/other"
    session.pythons.choose(other)
    assert engine.surveys[-1][1] == (other,)
    session.on_python_seen(Seen(other, (1,), replace(THERE, executable=other)))
    session.pythons.look()
    assert engine.surveys[-1][1:] == ((), {})
    assert session.arrangement.lane.interpreter == replace(THERE, executable=other)


def test_a_remembered_one_makes_the_runs_of_a_column_once_it_is_chosen() -> None:
    engine = StandingEngine()
    session = Session(Settings(runs=1, pythons=(REMEMBERED,)), engine)
    session.on_interpreter_found(USUAL)
    session.arrange(Arrangement.of([session.experiment] * 2))
    assert engine.prepared is not None
    assert engine.prepared.executable == sys.executable
    session.select(1)
    session.pythons.choose(HOST)
    session.runs.run_all()
    asked = []
    while session.is_busy:
        for request in engine.take_requests():
            asked.append(request.executable)
            session.on_run_ended(request, run(request.index, draw("x", 1)))
        session.on_plan_ended(BatchEnd.COMPLETED)
    assert asked == [sys.executable, HOST]
