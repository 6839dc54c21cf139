"""What is imported before anybody asks for runs, so that these start at once, and how soon they could."""

from typing import Protocol

from msgspec.structs import replace

from seedlab.engine.executors.executor import Readiness
from seedlab.engine.pythons import missing_package
from seedlab.engine.request import RunRequest
from seedlab.libraries.registry import LIBRARIES
from seedlab.messages.session import lacking_reason
from seedlab.results.environment import Interpreter
from seedlab.session.arrangement import Arrangement, Lane
from seedlab.session.running import request_of
from seedlab.session.session_engine import SessionEngine
from seedlab.session.settings import Settings
from seedlab.session.stages import why_cold
from seedlab.session.talk import Talk


class Host(Protocol):
    """The session, as far as what is prepared follows from it."""

    arrangement: Arrangement
    interpreter: Interpreter | None
    settings: Settings
    is_busy: bool
    talk: Talk


class Preparing:
    """Has processes prepared for the current column and for the next scene."""

    def __init__(self, host: Host, engine: SessionEngine) -> None:
        self.readiness = Readiness.COLD
        self.readiness_detail = ""
        """The way that a run would start, or the reason why it would be cold."""
        self.ahead: Readiness | None = None
        """How soon the runs of the next scene could start; None where it has its runs."""
        self._host = host
        self._engine = engine

    def prepare(self, executable: str | None = None) -> None:
        """Begin to import what the current column's script will import, so that Run starts at once.

        ``executable`` is the Python to prepare; None takes the chosen one, and does nothing until it has answered.
        """
        if executable is None and self._host.interpreter is not None:
            executable = self._host.interpreter.executable
        if executable is not None:
            self._engine.prepare(self._request(self._host.arrangement.lane, executable))
            self.prepare_ahead()

    def prepare_ahead(self) -> None:
        """Begin to import what the next scene will, unless runs go on, which would be slower for it."""
        interpreter = self._host.interpreter
        if interpreter is not None:
            lanes = () if self._host.is_busy else self._host.talk.lanes_ahead
            self._engine.prepare_ahead([self._request(lane, interpreter.executable) for lane in lanes])

    def _request(self, lane: Lane, executable: str) -> RunRequest:
        column, settings = lane.cleared(), self._host.settings
        if not column.trusted:
            # Variables and folders decide on what a Python executes when it starts.
            column = replace(column, program=None)
        request = request_of(lane, column, executable, settings)
        return replace(request, cold_reason=self._lack(lane) or why_cold(lane.column, settings))

    def _lack(self, lane: Lane) -> str:
        """Return what the Python of ``lane`` does not have, so that it need not be imported there."""
        interpreter = lane.interpreter or self._host.interpreter
        if lane.chosen is None or interpreter is None:
            return ""
        missing = missing_package(interpreter, LIBRARIES.family_of(lane.chosen), lane.chosen)
        return "" if missing is None else lacking_reason(missing)
